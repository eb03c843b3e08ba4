"""MHTML (RFC 2557): a web page saved with its pictures in one file, as Word and browsers do, often under the name .doc."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message

from casereviews.repository.charsets import charset
from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.errors import NothingInside
from casereviews.repository.reading.formats import html, text
from casereviews.repository.reading.limits import Deadline, Limits

MEDIA_TYPE = "multipart/related"
# Lines of a header (a name, a colon, lines that go on) up to one that only saved pages and letters have.
_HEADER = re.compile(
    rb"\s*(?:[\w-]{1,60}:[^\n]{0,2000}\n(?:[ \t][^\n]{0,2000}\n){0,50}){0,40}?(?:MIME-Version:|Content-Type:\s*multipart/)",
    re.IGNORECASE,
)


def looks_like(opening: Opening) -> bool:
    return bool(_HEADER.match(opening.head)) and b"content-type:" in opening.head.lower()


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read the page that the file holds; a letter without one by its plain text."""
    message = message_from_bytes(opening.whole().lstrip())
    start = message.get_param("start")
    parts = [part for part in message.walk() if not part.is_multipart()]
    parts.sort(key=lambda part: part.get("Content-ID") != start)
    for kind, reader in (("text/html", html.FORMAT), ("text/plain", text.FORMAT)):
        for part in parts:
            if part.get_content_type() == kind and (words := _decoded(part)).strip():
                return reader.read(opening.inside(words), limits, deadline)
    raise NothingInside("a saved page without words")


def _decoded(part: Message) -> bytes:
    """The bytes of a part, in UTF-8 with its mark when the part names an encoding that fits."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    known = charset(str(part.get_content_charset() or ""))
    try:
        return data.decode(known).encode("utf-8-sig") if known else data
    except UnicodeError:
        return data


FORMAT = Format("mhtml", MEDIA_TYPE, looks_like, read, rank=25)
