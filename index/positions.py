"""Where each word of a document stands: one line of positions for its title, labels, publisher, areas and pages.

The positions below `BODY` belong to the short texts, each to a window of its own; the pages follow one
another from `BODY` on, so that a phrase may run over a page's end. Two values of one field, and the
windows, lie further apart than NEAR reaches. Fields and sections are then nothing but ranges of positions.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate, pairwise

from casereviews.index.analysis import (
    BEGINNING,
    BEGINNING_LENGTH,
    CASED,
    COMMON,
    cased,
    fold,
    raw_words,
)
from casereviews.index.fields import SECTIONS, WORDED
from casereviews.repository.fields import Field
from casereviews.repository.model import Page, PublishedDocument

GAP = 128
NEAR_LIMIT = 100
WEIGHT_UNIT = 4  # weights are stored as whole quarters
# The window of each worded field, by its name in queries; that of keywords has none there.
_ENDS = tuple(accumulate(field.room for field in WORDED))
WINDOWS: dict[str, tuple[int, int]] = {
    field.query or field.name: (end - field.room, end)
    for field, end in zip(WORDED, _ENDS, strict=True)
}
BODY = _ENDS[-1] + GAP
SECTION_WEIGHTS = {
    "summary": 2.0,
    "facts": 1.5,
    "findings": 1.5,
    "recommendations": 1.5,
    "known_at_large": 0.5,
    "ruled_out": 0.5,
    "changes": 0.5,
    "terms_of_reference": 0.5,
    "glossary": 0.25,
    "appendix": 0.5,
}

# The windows of the worded fields: first position, last + 1, and what a word counts for there beyond plain text.
PLACES = tuple(
    (*WINDOWS[field.query or field.name], field.weight - 1.0)
    for field in WORDED
    if field.weight != 1
)

Range = tuple[int, int]  # first position, last position + 1


@dataclass(slots=True)
class Positioned:
    """A document taken to words.

    `terms` maps a term to its rising positions, `weights` to its weight in quarters. Words are terms; so are short words in
    capitals (`^CP`), pairs of common words (`of the`) and beginnings (`*neg`, without positions). `page_starts` is the first
    position of each page, `sections` the ranges of each kind, `length` the weighted number of words.
    """

    terms: dict[str, list[int]]
    weights: dict[str, int]
    page_starts: list[int]
    sections: dict[str, list[Range]]
    length: float
    words: int


def position(document: PublishedDocument) -> Positioned:
    """Gives every word of the document its position and every term its weight."""
    raw: list[str] = []
    starts: list[int] = []
    for page in document.pages:
        starts.append(BODY + len(raw))
        raw.extend(raw_words(page.text))
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at, word in enumerate(raw, BODY):
        places[word].append(at)
    terms = _folded(places)
    weights = {term: len(found) * WEIGHT_UNIT for term, found in terms.items()}
    length = float(len(raw))
    sections = section_ranges(document, starts)
    for kind, ranges in sections.items():
        length += _weigh(raw, ranges, SECTION_WEIGHTS.get(kind, 1.0), weights)
    _add_pairs(raw, terms, weights)
    length += _head(document, terms, weights)
    _add_beginnings(terms, weights)
    floor = 1
    return Positioned(
        terms,
        {term: min(max(weight, floor), 0xFFFF) for term, weight in weights.items()},
        starts,
        sections,
        max(length, 1.0),
        len(raw),
    )


def _folded(places: dict[str, list[int]]) -> dict[str, list[int]]:
    """Positions by folded term, plus the capitals-only terms."""
    terms: dict[str, list[int]] = {}
    mixed = set()
    for word, found in places.items():
        term = fold(word)
        known = terms.get(term)
        if known is None:
            terms[term] = found
        else:
            terms[term] = known + found
            mixed.add(term)
        if len(word) < 6 and word[:2].isupper() and (capitals := cased(word)):
            known = terms.get(capitals)
            terms[capitals] = found if known is None else known + found
            mixed.add(capitals)
    for term in mixed:
        terms[term].sort()
    return terms


def _weigh(
    raw: list[str], ranges: Iterable[Range], weight: float, weights: dict[str, int]
) -> float:
    """Adds what a section's words count for beyond plain text; returns what the length gains."""
    extra = round((weight - 1) * WEIGHT_UNIT)
    if not extra:
        return 0.0
    gained = 0
    for start, end in ranges:
        for word, count in Counter(raw[start - BODY : end - BODY]).items():
            weights[fold(word)] += extra * count
            gained += extra * count
    return gained / WEIGHT_UNIT


def _head(
    document: PublishedDocument, terms: dict[str, list[int]], weights: dict[str, int]
) -> float:
    """Puts the short texts into their windows, before the pages; returns what the length gains."""
    gained = 0.0
    before: defaultdict[str, list[int]] = defaultdict(list)
    for field, (start, end) in zip(WORDED, WINDOWS.values(), strict=True):
        at = start
        # BM25F: what a word counts for is added before saturation.
        weight = round(field.weight * WEIGHT_UNIT)
        for value in values_of(document, field):
            last = ""
            for word in raw_words(value):
                if at >= end - GAP:
                    break
                term = fold(word)
                before[term].append(at)
                if capitals := cased(word):
                    before[capitals].append(at)
                if last in COMMON and term in COMMON:
                    before[f"{last} {term}"].append(at - 1)
                last = term
                at += 1
                gained += field.weight
            at += GAP
        for term, found in before.items():
            weights[term] = weights.get(term, 0) + weight * sum(start <= at for at in found)
    for term, found in before.items():
        terms[term] = found + terms.get(term, [])
    return gained


def _add_pairs(raw: list[str], terms: dict[str, list[int]], weights: dict[str, int]) -> None:
    """Adds the common words that stand side by side in the pages."""
    folded = {word: fold(word) for word in set(raw)}
    known = {word: term if term in COMMON else None for word, term in folded.items()}
    pairs: defaultdict[str, list[int]] = defaultdict(list)
    for at, (one, other) in enumerate(pairwise(map(known.__getitem__, raw)), BODY):
        if one is not None and other is not None:
            pairs[f"{one} {other}"].append(at)
    terms.update(pairs)
    weights.update((pair, len(found) * WEIGHT_UNIT) for pair, found in pairs.items())


def _add_beginnings(terms: dict[str, list[int]], weights: dict[str, int]) -> None:
    """Adds what all words with the same beginning weigh together."""
    sums: defaultdict[str, int] = defaultdict(int)
    for term in terms:
        if len(term) >= BEGINNING_LENGTH and term[0] != CASED and " " not in term:
            sums[term[:BEGINNING_LENGTH]] += weights[term]
    for beginning, weight in sums.items():
        terms[BEGINNING + beginning] = []
        weights[BEGINNING + beginning] = weight


def values_of(document: PublishedDocument, field: Field) -> tuple[str, ...]:
    """The texts of a worded field, in order."""
    value = document.fields.get(field.published)
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (str(value),)


def section_ranges(document: PublishedDocument, starts: list[int]) -> dict[str, list[Range]]:
    """The ranges of positions of each kind of section, in order, overlaps joined.

    Recommendations that lie outside any recommendations section are found by their text on their page.
    """
    by_number = {
        page.number: (page, start) for page, start in zip(document.pages, starts, strict=True)
    }
    found: dict[str, list[Range]] = {}
    for section in document.sections:
        if section.kind in SECTIONS and {section.start_page, section.end_page} <= set(by_number):
            first = _position_at(*by_number[section.start_page], section.start)
            last = _position_at(*by_number[section.end_page], section.end)
            if last > first:
                found.setdefault(section.kind, []).append((first, last))
    for advice in document.recommendations:
        if advice.page in by_number:
            page, start = by_number[advice.page]
            offset = page.text.find(advice.text)
            if offset >= 0 and advice.text:
                first = _position_at(page, start, offset)
                last = _position_at(page, start, offset + len(advice.text))
                if last > first:
                    found.setdefault("recommendations", []).append((first, last))
    return {kind: _joined(ranges) for kind, ranges in found.items()}


def _position_at(page: Page, start: int, offset: int) -> int:
    """The position of the first word that begins at or after a character of the page."""
    return start + len(raw_words(page.text[:offset]))


def _joined(ranges: list[Range]) -> list[Range]:
    """Ranges in order; those that overlap become one (neighbours stay apart: a phrase must not cross)."""
    joined: list[Range] = []
    for start, end in sorted(set(ranges)):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def page_of(starts: list[int], at: int) -> int:
    """The index in `starts` of the page on which a position of the body lies."""
    return bisect_right(starts, at) - 1
