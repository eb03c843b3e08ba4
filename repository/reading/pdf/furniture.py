"""Running heads, running feet and page numbers: found by repeating from page to page, and taken off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casereviews.repository.reading.pdf.lines import Line

# How much of a page's height at its top and bottom may hold furniture, and how many lines of it.
ZONE = 0.14
DEPTH = 4
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"^(?:page|tudalen|p\.?)?\s*[-–—|\[(]?\s*(\d{1,4}|[ivxl]{1,7})\s*[-–—|\])]?(?:\s*(?:of|o|/)\s*\d{1,4})?$",
    re.IGNORECASE,
)
_WITH_NUMBER = re.compile(
    r"(?:\b(?:page|tudalen)\s+|\|\s*|^)(\d{1,4})(?:\s*(?:of|o|/)\s*\d{1,4})?$|^(\d{1,4})(?=\s*\||\s{2,}|\s+[A-Z])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Furniture:
    """For each page: the places of its lines that are furniture, and its printed number when it has one."""

    places: tuple[frozenset[int], ...]
    labels: tuple[str | None, ...]


def furniture(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> Furniture:
    """Find the furniture of all pages of a document; a line counts by where it stands, never by its words alone."""
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    body = _body_size(pages)
    counts: Counter[tuple[str, int]] = Counter()
    for lines, places, height in zip(pages, edges, heights, strict=True):
        here = {_signature(lines[place], height, body) for place in places}
        counts.update(here | {(text, band + step) for text, band in here for step in (-1, 1)})
    readable = sum(1 for lines in pages if lines)
    needed = max(2, min(8, round(0.3 * readable)))
    numbers = _numbers(pages, edges, heights)
    taken: list[frozenset[int]] = []
    labels: list[str | None] = []
    for index, (lines, candidates, height) in enumerate(zip(pages, edges, heights, strict=True)):
        repeated = {
            place
            for place in candidates
            if _repeats(counts, _signature(lines[place], height, body)) >= needed
            and _outermost(lines, candidates, place, height)
        }
        place, label = numbers[index]
        if place is not None:
            repeated.add(place)
        elif label is None:
            label = _label_in(lines[each].text for each in sorted(repeated))
        taken.append(frozenset(repeated))
        labels.append(label)
    return Furniture(tuple(taken), _consistent(labels))


def _edges(lines: Sequence[Line], height: float) -> list[int]:
    """Places of the lines in the top and bottom zones, at most DEPTH in each."""
    order = sorted(range(len(lines)), key=lambda place: lines[place].bottom)
    top = [place for place in order[: DEPTH * 2] if lines[place].bottom < ZONE * height][:DEPTH]
    low = [place for place in order[-DEPTH * 2 :] if lines[place].top > (1 - ZONE) * height]
    return top + [place for place in low[-DEPTH:] if place not in top]


def _signature(line: Line, height: float, body: float) -> tuple[str, int]:
    """What a line says, and in which band of 6 points from its edge of the page (even; negative for feet).

    Digits are masked, but not in the larger type of headings: "1. Findings" and "2. Findings" are two headings.
    """
    text = line.text.casefold()
    if line.size < 1.12 * body:
        text = _DIGITS.sub("#", text)
    if line.bottom < height / 2:
        return text, 2 * int(line.bottom // 6)
    return text, -2 * int((height - line.bottom) // 6) - 2


def _repeats(counts: Counter[tuple[str, int]], signature: tuple[str, int]) -> int:
    """On how many pages a line stands, give or take a band."""
    text, band = signature
    return max(counts[signature], counts[text, band + 1], counts[text, band - 1])


def _body_size(pages: Sequence[Sequence[Line]]) -> float:
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 10.0


def _outermost(lines: Sequence[Line], candidates: Sequence[int], place: int, height: float) -> bool:
    """A repeated line that says nothing but a number or a word is furniture only at the edge of what is printed."""
    line = lines[place]
    if len(line.text) > 3:
        return True
    same_half = [
        lines[each]
        for each in candidates
        if (lines[each].bottom < height / 2) == (line.bottom < height / 2)
    ]
    if line.bottom < height / 2:
        return line.top <= min(each.top for each in same_half) + 1
    return line.bottom >= max(each.bottom for each in same_half) - 1


def _numbers(
    pages: Sequence[Sequence[Line]], edges: Sequence[list[int]], heights: Sequence[float]
) -> list[tuple[int | None, str | None]]:
    """For each page the place and text of a line that is only a page number: the outermost line of its edge."""
    found: list[tuple[int | None, str | None]] = []
    for lines, places, height in zip(pages, edges, heights, strict=True):
        best: tuple[int | None, str | None] = (None, None)
        for place in places:
            match = _NUMBER.match(lines[place].text)
            if match and _outermost_of_half(lines, place, height):
                best = (place, match.group(1))
        found.append(best)
    return found


def _outermost_of_half(lines: Sequence[Line], place: int, height: float) -> bool:
    line = lines[place]
    if line.bottom < height / 2:
        return all(other.bottom >= line.top for other in lines)
    return all(other.top <= line.bottom for other in lines)


def _label_in(texts: Iterable[str]) -> str | None:
    for text in texts:
        match = _WITH_NUMBER.search(text)
        if match:
            return match.group(1) or match.group(2)
    return None


def _consistent(labels: list[str | None]) -> tuple[str | None, ...]:
    """Printed numbers that run on with the pages; others (years, paragraph numbers) are no labels."""
    offsets = Counter(
        int(label) - index for index, label in enumerate(labels) if label and label.isdigit()
    )
    if not offsets:
        return tuple(label if label and not label.isdigit() else None for label in labels)
    offset, _ = offsets.most_common(1)[0]
    return tuple(
        label if label and (not label.isdigit() or int(label) - index == offset) else None
        for index, label in enumerate(labels)
    )
