"""A stretch of a page around what was found: whole sentences where they fit, the matches marked."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from casereviews.index.analysis import spans as word_spans

WIDTH = 260  # characters
ELLIPSIS = "…"
PIECE, MORE_PIECES = (
    100,
    3,
)  # characters around a word that the stretch leaves out, and how many such pieces
_ENTRY = re.compile(r"(?:\.{3,}|…|\s{3,}|\t)\s*\d{1,3}$")
_CONTENTS = re.compile(r"(?:table of )?contents(?: page)?:?|cynnwys", re.I)
# A full stop after these ends no sentence: Dr. Smith, No. 5, s. 47. After a single letter it does: Child Q.
_ABBREVIATED = (
    r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bProf\.)(?<!\bRev\.)(?<!\bSt\.)(?<!\bNo\.)"
    r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bp\.)(?<!\bpp\.)(?<!\bs\.)(?<!\bpara\.)(?<!\bparas\.)(?<!\bcf\.)"
)
_SENTENCE = re.compile(
    rf"(?<=[.!?]){_ABBREVIATED}[\"”’)]*\s+(?=[\"“‘(]?[^\W_a-zß-öø-ÿ])|\n{{2,}}|\n(?=[•\-–]|\d+[.)])"
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text of a page; `matches` are (start, end) offsets in `text`, end exclusive."""

    text: str
    matches: tuple[tuple[int, int], ...] = ()


def snippet(
    text: str,
    found: Sequence[tuple[int, int]],
    *,
    of: Sequence[int] = (),
    width: int = WIDTH,
) -> Snippet:
    """The stretch of about `width` characters that holds most of what was found.

    `found` are spans of words of the page (first word, last word + 1), as `casereviews.index.analysis.spans` counts them, in order. Without any,
    the page's beginning is shown. `of` says of what each is: where the stretch leaves something out, further pieces show it.
    """
    words = _words_of(text, found)
    marks = _marks(words, found)
    start, end = _window(text, marks, width)
    pieces = [_piece(text, marks, start, end)]
    places: dict[int, tuple[int, int]] = {}
    inside = set()
    for (first, last), what in zip(found, of, strict=False):
        if first < last <= len(words):
            low, high = words[first][0], words[last - 1][1]
            places.setdefault(what, (low, high))
            if start <= low and high <= end:
                inside.add(what)
    ends = [(start, end)]
    for what, (low, high) in sorted(places.items(), key=lambda one: one[1]):
        if what in inside or len(ends) > MORE_PIECES:
            continue
        if any(a <= low and high <= b for a, b in ends):
            continue
        before = max(low - PIECE // 2, max((b for _, b in ends if b <= low), default=0))
        after = min(high + PIECE // 2, min((a for a, _ in ends if a >= high), default=len(text)))
        ends.append(_to_words(text, before, after, keep=(low, high)))
    if len(ends) == 1:
        return pieces[0]
    return _together([_piece(text, marks, a, b) for a, b in sorted(ends)])


def is_contents(text: str) -> bool:
    """Whether a page is a table of contents: many of its lines end in dots and a page's number, or it is headed so."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    numbered = sum(1 for line in lines if line[-1].isdigit() and _ENTRY.search(line))
    headed = any(_CONTENTS.fullmatch(line) for line in lines[:4])
    return numbered >= 4 and (headed or numbered * 2 >= len(lines))


def _together(pieces: Sequence[Snippet]) -> Snippet:
    """Pieces of a page as one snippet, with … between them."""
    text, matches = "", []
    for piece in pieces:
        if text:
            text = f"{text.rstrip(ELLIPSIS)} {ELLIPSIS} "
        told = piece.text.lstrip(ELLIPSIS) if text else piece.text
        shift = len(text) - (len(piece.text) - len(told))
        matches += [(a + shift, b + shift) for a, b in piece.matches]
        text += told
    return Snippet(text, tuple(matches))


def _piece(text: str, marks: Sequence[tuple[int, int]], start: int, end: int) -> Snippet:
    """A stretch with its marks, and … where it begins or ends within a sentence."""
    shown = [(max(a, start), min(b, end)) for a, b in marks if a < end and b > start]
    head = ELLIPSIS if start > 0 and not _begins_sentence(text, start) else ""
    tail = ELLIPSIS if end < len(text.rstrip()) and text[end - 1 : end] not in '.!?”"' else ""
    shift = len(head) - start
    return Snippet(
        head + text[start:end].replace("\n", " ") + tail,
        tuple((a + shift, b + shift) for a, b in shown),
    )


def marks_of(text: str, found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of words of a page as offsets in its text, in order; those that touch or overlap are one."""
    return _marks(_words_of(text, found), found)


def _words_of(text: str, found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the words of a page are, as far as anything was found."""
    return list(islice(word_spans(text), max((end for _, end in found), default=0)))


def _marks(
    words: Sequence[tuple[int, int]], found: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    return _joined(
        (words[start][0], words[end - 1][1])
        for start, end in found
        if end <= len(words) and end > start
    )


def _joined(marks: object) -> list[tuple[int, int]]:
    """Marks in order; those that touch or overlap become one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):  # type: ignore[call-overload]
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _window(text: str, marks: Sequence[tuple[int, int]], width: int) -> tuple[int, int]:
    """The best stretch, widened to sentence borders where that keeps it within `width`."""
    if not marks:
        first = len(text) - len(text.lstrip())
        return _to_words(text, first, min(len(text), first + width))
    lasts = [end for _, end in marks]
    best = max(
        range(len(marks)),
        key=lambda at: (bisect_right(lasts, marks[at][0] + width) - at, -at),
    )
    inside = [mark for mark in marks[best:] if mark[1] <= marks[best][0] + width] or [marks[best]]
    low, high = inside[0][0], inside[-1][1]
    roomy = round(width * 1.3)
    first, last = max(low - roomy, 0), min(high + roomy, len(text))
    borders = [first, *(found.end() for found in _SENTENCE.finditer(text, first, last)), last]
    start = max(border for border in borders if border <= low)
    end = min(border for border in borders if border >= high)
    if end - start <= roomy:
        return start, start + len(text[start:end].rstrip())
    room = max(width - (high - low), 0)
    start = max(start, low - room // 2)
    end = min(end, start + max(width, high - low))
    return _to_words(text, start, end, keep=(low, high))


def _to_words(
    text: str, start: int, end: int, keep: tuple[int, int] | None = None
) -> tuple[int, int]:
    """Move the ends of a stretch inward to the borders of words."""
    low, high = keep or (end, start)
    while 0 < start < low and not text[start - 1].isspace():
        start += 1
    while high < end < len(text) and not text[end].isspace():
        end -= 1
    stretch = text[start:end]
    return start + len(stretch) - len(stretch.lstrip()), start + len(stretch.rstrip())


def _begins_sentence(text: str, start: int) -> bool:
    before = text[:start].rstrip()
    return not before or before[-1] in '.!?:”"' or "\n" in text[len(before) : start]
