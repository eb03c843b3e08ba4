"""A stretch of a page around what was found: whole sentences where they fit, the matches marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from casereviews.index.analysis import spans as word_spans

WIDTH = 260  # characters
ELLIPSIS = "…"
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


def snippet(text: str, found: Sequence[tuple[int, int]], *, width: int = WIDTH) -> Snippet:
    """The stretch of about `width` characters that holds most of what was found.

    `found` are spans of words of the page (first word, last word + 1), as `casereviews.index.analysis.spans` counts them, in order. Without any,
    the page's beginning is shown.
    """
    marks = marks_of(text, found)
    start, end = _window(text, marks, width)
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
    words = list(islice(word_spans(text), max((end for _, end in found), default=0)))
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
    best = max(
        range(len(marks)),
        key=lambda at: (sum(1 for a, b in marks[at:] if b <= marks[at][0] + width), -at),
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
