"""Pages that stand before a file are gone through as a person would; what only stands in its place is not."""

import gzip

import pytest
from scrapy import Request
from scrapy.http import Response
from scrapy.utils.test import get_crawler

from casereviews.crawler.network.middlewares import BoundedCompressionMiddleware, _retry_after
from casereviews.crawler.parsing.html import sniff
from casereviews.crawler.parsing.html.leading_on import leads_on
from tests.crawler.server import pdf

URL = "https://www.pearvale.test/f/wren.pdf"
FILE = "https://www.pearvale.test/store/wren-2.pdf"
DOORWAYS = {
    "refresh": '<meta http-equiv="refresh" content="0; url=/store/wren-2.pdf">',
    "slow refresh": """<meta http-equiv="Refresh" content="10;URL='/store/wren-2.pdf'"><p>Your download will begin shortly.</p>""",
    "window.location": '<script>window.location = "/store/wren-2.pdf";</script>Redirecting',
    "location.replace": "<script>setTimeout(function(){ location.replace('\\/store\\/wren-2.pdf') }, 500)</script>",
    "onload": """<body onload="top.location.href='/store/wren-2.pdf'">One moment</body>""",
    "click here": '<p>If your download does not begin, <a href="/store/wren-2.pdf">click here</a>.</p>',
    "download": '<h1>Thank you</h1><a href="/store/wren-2.pdf">Download the report</a> <a href="/">Home</a>',
}
NONE = {
    "soft 404": '<h1>Page not found</h1><p>Sorry.</p><a href="/">Home</a>',
    "not found, and another's report": '<h1>Page not found</h1><p>Popular: <a href="/f/heron.pdf">Child Heron overview report</a></p>',
    "two files": '<a href="/a.pdf">Download</a> <a href="/b.pdf">Download</a>',
    "pressed only": "<button onclick=\"location.href='/store/wren-2.pdf'\">Go</button>",
    "a script of several ways": '<script>if (a) location = "/a.pdf"; else location = "/b.pdf";</script>',
    "itself": '<meta http-equiv="refresh" content="30; url=/f/wren.pdf">',
    "an article": '<script>window.location="/store/wren-2.pdf"</script><p>'
    + "Words of a page. " * 60,
}


@pytest.mark.parametrize("body", DOORWAYS.values(), ids=DOORWAYS)
def test_a_doorway_leads_on_to_the_file(body: str) -> None:
    assert leads_on(f"<html>{body}</html>", URL) == FILE


@pytest.mark.parametrize("body", NONE.values(), ids=NONE)
def test_what_stands_in_a_files_place_leads_nowhere(body: str) -> None:
    assert leads_on(f"<html>{body}</html>", URL) is None


def test_where_the_link_did_not_say_that_it_is_a_file_only_what_moves_by_itself_leads_on() -> None:
    found = [name for name, body in DOORWAYS.items() if leads_on(body, URL, by_link=False)]
    assert found == [name for name in DOORWAYS if name not in ("click here", "download")]


@pytest.mark.parametrize("encoding", ["none", "utf-8", "gzip", "br", "deflate", "identity"])
@pytest.mark.parametrize("body", [pdf("wren"), b"PK\x03\x04 words", b"<!doctype html><p>A list"])
def test_a_header_that_claims_an_encoding_of_plain_bytes_is_not_believed(
    encoding: str, body: bytes
) -> None:
    middleware = BoundedCompressionMiddleware.from_crawler(get_crawler())
    came = Response(URL, headers={"Content-Encoding": encoding}, body=body)
    read = middleware.process_response(Request(URL), came)
    assert isinstance(read, Response)
    assert read.body == body
    packed = Response(URL, headers={"Content-Encoding": "gzip"}, body=gzip.compress(body))
    unpacked = middleware.process_response(Request(URL), packed)
    assert isinstance(unpacked, Response)
    assert unpacked.body == body


def test_a_pdf_after_a_scripts_warnings_is_a_pdf_from_where_it_begins() -> None:
    noise = (
        b"<br />\n<b>Warning</b>: Undefined index in <b>dl.php</b> on line <b>3</b><br />\n" * 30
    )
    assert sniff.without_noise(noise + pdf("wren"), "application/pdf") == pdf("wren")
    assert sniff.without_noise(pdf("wren"), "application/pdf") == pdf("wren")
    page = noise + b"<p>On %PDF- files</p>"
    assert sniff.without_noise(page, "text/html") == page
    assert sniff.without_noise(page, "application/pdf") == page


@pytest.mark.parametrize("value", ["²", "Wed, 99 Foo 2026", "soon", ""])
def test_an_unreadable_time_to_wait_is_none(value: str) -> None:
    headers = {"Retry-After": value.encode("latin-1")}
    assert _retry_after(Response(URL, status=503, headers=headers)) is None
