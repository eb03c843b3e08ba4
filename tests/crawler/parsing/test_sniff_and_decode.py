"""What bytes are, and what text they hold, whatever is claimed."""

import io
import zipfile

import pytest

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.decoding import decode
from casereviews.crawler.parsing.html.sniff import (
    EXTENSIONS,
    claims_document,
    extension,
    is_document,
    media_type,
)
from casereviews.crawler.parsing.html.visible import visible_text


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "made up")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "claim", "url", "kind"),
    [
        (b"%PDF-1.7\n", "text/html", "/a", "application/pdf"),
        (b"\n\n  %PDF-1.4\n", "", "/a.doc", "application/pdf"),
        (
            zipped("[Content_Types].xml", "word/document.xml"),
            "application/octet-stream",
            "/a",
            EXTENSIONS["docx"],
        ),
        (zipped("[Content_Types].xml", "ppt/presentation.xml"), "", "/a", EXTENSIONS["pptx"]),
        (zipped("a.txt"), "application/zip", "/a.zip", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "", "/a.doc", "application/msword"),
        (b"{\\rtf1 made up}", "application/msword", "/a.doc", "application/rtf"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "application/pdf", "/a.pdf", "text/html"),
        (b"  <div>not found</div>", "application/pdf", "/a.pdf", "text/html"),
        (b"Sorry, not found", "application/pdf", "/a.pdf", "application/octet-stream"),
        (b'{"a": 1}', "application/json", "/a", "application/json"),
        (b"  \n ", "application/pdf", "/a.pdf", ""),
    ],
)
def test_bytes_tell_more_than_names_and_headers(
    body: bytes, claim: str, url: str, kind: str
) -> None:
    assert media_type(body, claim, "https://a.example" + url) == kind


def test_documents_are_known_by_type_and_addresses_by_their_ending() -> None:
    assert is_document("application/pdf")
    assert not is_document("application/zip")
    assert extension("https://a.example/x/Report%20One.PDF?v=1") == "pdf"
    assert extension("https://a.example/x.y/report") == ""
    assert claims_document("https://a.example/get?file=Report.docx")
    assert not claims_document("https://a.example/reports/")


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("Ŵyn Môn".encode(), "text/html; charset=iso-8859-1", "Ŵyn Môn"),
        ("Môn – “x”".encode("cp1252"), "text/html; charset=iso-8859-1", "Môn – “x”"),
        ("Môn".encode("cp1252"), "text/html; charset=utf-8", "M�n"),
        ("Môn".encode("cp1252"), "text/html", "Môn"),
        (
            b"<meta charset='iso-8859-14'>" + "Ŵy".encode("iso-8859-14"),
            "",
            "<meta charset='iso-8859-14'>Ŵy",
        ),
        ("Môn".encode("utf-16"), "text/html; charset=utf-8", "Môn"),
        ("Môn".encode("cp1252"), "text/html; charset=nonsense", "Môn"),
    ],
)
def test_a_wrong_charset_does_not_garble_a_page(body: bytes, content_type: str, text: str) -> None:
    assert decode(body, content_type) == text


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("./2026/A & B report.pdf", "https://a.example/l/2026/A%20&%20B%20report.pdf"),
        (" /x.pdf#page=2 ", "https://a.example/x.pdf"),
        ("\\docs\\x.pdf", "https://a.example/docs/x.pdf"),
        ("//b.example/x", "https://b.example/x"),
        ("x.php;jsessionid=12AB?id=1", "https://a.example/l/x.php?id=1"),
        ("/d/?wpdmdl=9&refresh=65a1", "https://a.example/d/?wpdmdl=9"),
        ("/d/?refresh=1", "https://a.example/d/?refresh=1"),
        ("#top", None),
        ("mailto:a@b.example", None),
        ("javascript:void(0)", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_hrefs_as_people_type_them_become_addresses(href: str, address: str | None) -> None:
    assert resolve("https://a.example/l/", href) == address


def test_a_nonce_is_not_seen() -> None:
    page = "<p>A report</p><script>n='{0}'</script><form><input value='{0}'></form><!-- {0} -->"
    assert visible_text(page.format(1)) == visible_text(page.format(2)) == "A report"
