"""What is said of an answer: the name of its file, and whether it is whole."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response

from casereviews.crawler.network.fetching import file_name, is_part_only
from casereviews.crawler.network.middlewares import CharsetMiddleware


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("attachment; filename*=utf-8''Adroddiad%20Tr%C3%B4n.pdf", "Adroddiad Trôn.pdf"),
        ("attachment; filename*=iso-8859-1'en'caf%E9.pdf", "café.pdf"),
        *(
            (f"attachment; filename*={odd}''wren.pdf", "wren.pdf")
            for odd in ("rot13", "base64", "zip", "idna", "undefined", "unicode_escape", "punycode", "none", "", "hex")
        ),
    ],
)  # fmt: skip
def test_the_name_of_a_file_is_read_whatever_set_it_claims(given: str, name: str) -> None:
    response = Response("https://board.example/x", headers={"Content-Disposition": given})
    assert file_name(response) == name


@pytest.mark.parametrize(
    ("status", "told", "part"),
    [
        (200, None, False), (206, None, True), (206, "bytes 0-9/10", False), (206, "bytes 0-8/10", True), (206, "bytes 1-9/10", True),
        (206, "bytes 0-9/*", True), (206, "nonsense", True), (206, "bytes 0-9/" + "9" * 40, True), (200, "bytes 0-8/10", False),
    ],
)  # fmt: skip
def test_a_part_that_nobody_asked_for_is_no_file(status: int, told: str | None, part: bool) -> None:
    headers = {"Content-Range": told} if told else {}
    assert is_part_only(Response("https://board.example/x", status, headers=headers)) is part


@pytest.mark.parametrize("odd", ["hex", "base64", "zip", "rot13", "idna", "undefined", "utf-8"])
def test_a_page_that_claims_no_set_of_text_has_text(odd: str) -> None:
    """Scrapy's own middlewares look into the text, and its codecs would fail there."""
    url, page = "https://board.example/", "<html><body>Tr\u00f4n</body></html>"
    headers = {"Content-Type": f"text/html; charset={odd}"}
    response = HtmlResponse(url, headers=headers, body=page.encode())
    middleware = CharsetMiddleware(SimpleNamespace(spider=None))  # type: ignore[arg-type]
    passed = middleware.process_response(Request(url), response)
    assert isinstance(passed, HtmlResponse)
    assert passed.text == page
    assert (passed is response) == (odd == "utf-8")
