"""Where a sentence begins and ends in text read from a page: wrapped lines, bullets and headings included."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.repository.vocabulary.rules import load_rules

_WORDS = load_rules("sentences")
_NOT_AN_END = re.compile(
    rf"(?:\b{_WORDS['abbreviation'].words}|\b[A-Z]|^\s*\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})\.$",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    r"[.!?][\"'”’)\]]{0,2}(?=\s+[\"'“‘(\[]{0,2}[A-ZÀ-Ý0-9ŴŶ•])"  # a stop before a new start
    r"|[.!?][\"'”’)\]]{0,2}(?=\s*$)"
    r"|\n[ \t]*\n"  # a blank line
    r"|\n(?=[ \t]*(?:[•▪●◦‣·*]|[-–][ ]|\(?[a-z0-9]{1,3}[.)][ ]|\d+(?:\.\d+)+[ ]"
    rf"|{_WORDS['item'].words}[ ]\d))"  # a list item
)

LONGEST = 6000
"""Characters. What goes on for longer without an end is a table or a list: it is parted between two words, because who reads a sentence
looks at all of it for much that it names."""


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The bounds of every sentence in text[start:end]; none is longer than LONGEST."""
    end = len(text) if end is None else end
    found, begin = [], start
    for stop in _END.finditer(text, start, end):
        if _is_end(text, stop):
            found.append((begin, stop.end()))
            begin = stop.end()
    found.append((begin, end))
    return [
        (first + _blank(piece), first + len(piece.rstrip()))
        for bounds in found
        for first, last in _parts(text, *bounds)
        if (piece := text[first:last]).strip()
    ]


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        half, whole = start + LONGEST // 2, start + LONGEST
        space = max(text.rfind(" ", half, whole), text.rfind("\n", half, whole))
        cut = space if space > 0 else whole
        yield start, cut
        start = cut
    yield start, end


def tidy(sentence: str) -> str:
    """One line of text: white space as single spaces, no bullet in front."""
    joined = re.sub(r"(?<=\w-)\s*\n\s*", "", sentence)
    return re.sub(r"^[•▪●◦‣·*–-]\s+", "", " ".join(joined.split()))


def _is_end(text: str, stop: re.Match[str]) -> bool:
    if not stop[0].startswith("."):
        return True
    last = text[stop.start() - 6 : stop.start()]
    if len(last) == 6 and last.isalpha() and last.lower() != "approx":
        return True  # a long word: no abbreviation
    line = text.rfind("\n", 0, stop.start()) + 1
    return not _NOT_AN_END.search(text[max(line, stop.start() - 12) : stop.start() + 1])


def _blank(piece: str) -> int:
    return len(piece) - len(piece.lstrip())
