"""What bytes are, whatever their name and header claim."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

PDF = "application/pdf"
HTML = "text/html"
OLE = "application/x-ole-storage"

EXTENSIONS = {
    "pdf": PDF,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "docm": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ppsx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ppt": "application/vnd.ms-powerpoint",
    "pps": "application/vnd.ms-powerpoint",
    "odt": "application/vnd.oasis.opendocument.text",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "rtf": "application/rtf",
}
"""File name extensions of documents, and their media types."""

DOCUMENT_TYPES = frozenset(EXTENSIONS.values()) | {
    "application/x-pdf",
    "text/rtf",
    "application/vnd.ms-word.document.macroenabled.12",
}

_HTML = re.compile(
    rb"^(?>\xef\xbb\xbf|\s|<\?xml[^>]*\?>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body|title|meta|script|div|p)\b",
    re.I | re.S,
)


LONGEST_NOISE = 65536
"""Bytes. How much of a script's warnings may stand before a PDF; readers look for its beginning in the first 1,024 (ISO 32000, Annex H)."""


LONGEST_NAME = 10_000  # characters of an address that may name a file


def extension(url: str) -> str:
    """The lower-case extension of the path of `url`, "" without one."""
    name = unquote(urlsplit(url).path).rstrip("/ ").rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    return ending.lower().strip() if dot and stem and len(ending) <= 5 else ""


def claims_document(url: str) -> bool:
    """True when the address, or a file name in its query, ends like a document."""
    if len(url) > LONGEST_NAME:
        return False
    try:
        query = unquote(urlsplit(url).query)
    except ValueError:  # "http://[::1/g.pdf": no address at all
        return False
    if extension(url) in EXTENSIONS:
        return True
    return any(
        extension("/" + value.rpartition("=")[2]) in EXTENSIONS for value in query.split("&")
    )


def media_type(body: bytes, content_type: str = "", url: str = "") -> str:
    """The media type that the bytes show; the header and the address only settle what bytes leave open.

    "" is an empty body; "application/octet-stream" is unknown.
    """
    if not body.strip():
        return ""
    head = body[:2048]
    claimed = content_type.partition(";")[0].strip().lower()
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(body, claimed, url)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        named = EXTENSIONS.get(extension(url), "")
        if claimed in DOCUMENT_TYPES:
            return claimed
        return named or OLE
    if head.lstrip().startswith(b"{\\rtf"):
        return EXTENSIONS["rtf"]
    if _HTML.match(head):
        return HTML
    if claimed in DOCUMENT_TYPES:
        # It claims to be a document and is none: text is a page, anything else is unknown.
        return HTML if b"<html" in head.lower() else "application/octet-stream"
    return claimed or "application/octet-stream"


def is_plain(body: bytes) -> bool:
    """True for bytes that begin like a document or a page: nothing that is compressed does."""
    head = body[:1024]
    begins = head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"))
    return (
        begins
        or head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"%PDF-")
        or bool(_HTML.match(head))
    )


def without_noise(body: bytes, content_type: str = "") -> bytes:
    """The bytes of a PDF from where it begins, when a script wrote warnings before it; any other bytes as they are."""
    claimed = content_type.partition(";")[0].strip().lower()
    at = body.find(b"%PDF-", 0, LONGEST_NOISE)
    if at < 1024 or claimed not in (PDF, "application/x-pdf", "application/octet-stream"):
        return body
    return body[at:] if b"%%EOF" in body[-2048:] else body


def _zip_kind(body: bytes, claimed: str, url: str) -> str:
    head, tail = body[:4096], body[-65536:]
    if b"mimetypeapplication/vnd.oasis.opendocument.text" in head:
        return EXTENSIONS["odt"]
    if b"mimetypeapplication/vnd.oasis.opendocument.presentation" in head:
        return EXTENSIONS["odp"]
    if b"word/" in head or b"word/" in tail:
        return EXTENSIONS["docx"]
    if b"ppt/" in head or b"ppt/" in tail:
        return EXTENSIONS["pptx"]
    named = EXTENSIONS.get(extension(url), "")
    if claimed in DOCUMENT_TYPES and "officedocument" in claimed:
        return claimed
    return named if "officedocument" in named else "application/zip"


def is_document(kind: str) -> bool:
    """True for media types of documents that are collected."""
    return kind in DOCUMENT_TYPES or kind == OLE
