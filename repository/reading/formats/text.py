"""Plain text, in whatever encoding it is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.repair import repair

MEDIA_TYPE = "text/plain"
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_FEED = "\ue00c"  # stands for a form feed while text is repaired
_ITEM = re.compile(r"^\s*(?:[•*–-]\s|\d{1,3}[.)]\s|\(?[a-z]\)\s)")


def looks_like(opening: Opening) -> bool:
    """Text has letters, hardly any control characters, and is no known binary: asked last of all formats."""
    head = opening.head
    if is_xml(head):
        return False
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return True
    if head.startswith(
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"%PDF", b"\x1f\x8b")
    ):
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    if control > 0.01 * len(head) and _sixteen(head) is None:
        return False
    readable = decode(head)
    letters = sum(map(str.isalpha, readable))
    strange = sum("\x80" <= sign <= "\x9f" or sign == "\ufffd" for sign in readable)
    return letters >= 0.4 * max(len(readable.strip()), 1) and strange <= 0.02 * len(readable)


def is_xml(head: bytes) -> bool:
    """True for data in XML: its tags are not for people."""
    return decode(head).lstrip("\ufeff \r\n\t").startswith("<?xml")


def decode(data: bytes) -> str:
    """Text of bytes: a byte order mark, then UTF-8, UTF-16 by its zeros, then Windows-1252 (what UK offices write)."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    sixteen = _sixteen(data)
    if sixteen:
        return data.decode(sixteen, "replace")
    for cut in range(4):  # an opening may end within a character
        try:
            return data[: len(data) - cut].decode("utf-8")
        except UnicodeDecodeError as error:
            if error.start < len(data) - 4:
                break
    try:
        return data.decode("windows-1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _sixteen(data: bytes) -> str | None:
    sample = data[:2000]
    if len(sample) < 8:
        return None
    if sample[1::2].count(0) > 0.4 * len(sample[1::2]) and sample[::2].count(0) == 0:
        return "utf-16-le"
    if sample[::2].count(0) > 0.4 * len(sample[::2]) and sample[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read plain text as sections of about a page; a form feed begins one."""
    text = repair(
        decode(opening.whole())
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\f", f"\n\n{_FEED}\n\n")
    )
    pages = sections(blocks(text), "text", limit=limits.pages)
    return Content(pages)


def blocks(text: str) -> Iterator[Block]:
    """Paragraphs are apart by an empty line; lines of about the same length within one are soft breaks."""
    for paragraph in re.split(r"\n\s*\n", text):
        rows = [row.strip() for row in paragraph.split("\n") if row.strip()]
        if rows == [_FEED]:
            yield Block("break", "")
            continue
        if not rows:
            continue
        longest = max(map(len, rows))
        held = rows[0]
        for above, row in itertools.pairwise(rows):
            wrapped = longest > 50 and len(above) + len(row.split(" ", 1)[0]) + 1 > 0.85 * longest
            if wrapped and not _ITEM.match(row):
                held = f"{held} {row}"
            else:
                yield Block("item" if _ITEM.match(held) else "paragraph", held)
                held = row
        yield Block("item" if _ITEM.match(held) else "paragraph", held)


FORMAT = Format("text", MEDIA_TYPE, looks_like, read, rank=99)
