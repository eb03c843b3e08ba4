"""Where the evidence of a fact stands: offsets in the text of its page.

Evidence is kept as one tidy line: white space as single spaces, a word that a line broke joined, a cover's lines parted by dashes. The place is
found when it is asked for, in the pages that were read, so that no home is described again for it. From `start` to `end` stand the letters of the
evidence in their order: all of them but for white space or, of what was put together of several lines, letters and digits alone. Of evidence
that says in our words what was read ("Author: ..."), and where there is none, it is those of `raw`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from casereviews.repository.model import Fact, Page

PLACE = ("start", "end", "end_page")
PAGES = 3
"""A sentence runs over no more pages than these: what is longer is parted (`describing.text.sentences.LONGEST`)."""

TELLING = 20
"""Letters from which words are found where they were cut within a word ("...for the fir"); fewer stand somewhere by chance."""


@dataclass(frozen=True, slots=True)
class PlacedFact(Fact):
    """A fact with the place of its evidence: `start` is an offset in the text of `page`, `end` (exclusive) one in that of `end_page`, in code points.

    All three are None where it was read elsewhere than in the words of a page: `origin` says where (title, listing, derived, manual), `rule` by what.
    """

    start: int | None = None
    end: int | None = None
    end_page: int | None = None


def placed(facts: Iterable[Fact], pages: Sequence[Page]) -> Iterator[PlacedFact]:
    """The facts in their order, each with its place in the pages of its document."""
    texts = {page.number: page.text for page in pages}
    known: dict[tuple[int, Callable[[str], bool]], _Kept] = {}
    for fact in facts:
        values = {one.name: getattr(fact, one.name) for one in dataclasses.fields(Fact)}
        if fact.page in texts:
            yield PlacedFact(**{**values, **_place(fact, fact.page, texts, known)})
        else:
            yield PlacedFact(**values)


def _printed(letter: str) -> bool:
    return not letter.isspace()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What a rule keeps of the letters of some pages that follow each other, and where each stands: its page, and its offset there."""

    letters: str
    places: list[tuple[int, int]]

    @classmethod
    def of(cls, first: int, texts: dict[int, str], keep: Callable[[str], bool]) -> _Kept:
        places = [
            (number, at)
            for number in range(first, first + PAGES)
            for at, letter in enumerate(texts.get(number, ""))
            if keep(letter)
        ]
        return cls("".join(texts[number][at] for number, at in places), places)


def _place(
    fact: Fact,
    page: int,
    texts: dict[int, str],
    known: dict[tuple[int, Callable[[str], bool]], _Kept],
) -> dict[str, int]:
    for words in (fact.evidence, fact.raw):
        cut = len(words) >= TELLING
        found = _found(words, texts[page])
        if at := _whole(found, texts[page]) or (found if cut else []):
            return {"start": at[0][0], "end": at[0][1], "end_page": page}
        for keep in (_printed, str.isalnum):
            if (page, keep) not in known:
                known[page, keep] = _Kept.of(page, texts, keep)
            kept, wanted = known[page, keep], "".join(filter(keep, words))
            bounds = [(kept.places[a], kept.places[b - 1]) for a, b in _found(wanted, kept.letters)]
            on_it = [(a, b) for (first, a), (last, b) in bounds if (first, last) == (page, page)]
            inner = [(a, b + 1) for a, b in on_it]
            if at := _whole(inner, texts[page]) or (inner if cut else []):
                return {"start": at[0][0], "end": at[0][1], "end_page": page}
            over = [(a, b, last) for (first, a), (last, b) in bounds if first == page != last]
            for a, b, last in over[:cut]:
                return {"start": a, "end": b + 1, "end_page": last}
    return {}


def _found(words: str, text: str) -> list[tuple[int, int]]:
    """Every place where words stand in a text."""
    found, at = [], text.find(words) if words else -1
    while at >= 0:
        found.append((at, at + len(words)))
        at = text.find(words, at + 1)
    return found


def _whole(found: Iterable[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The places that begin and end between two words."""
    return [(a, b) for a, b in found if not (_within(text, a) or _within(text, b))]


def _within(text: str, at: int) -> bool:
    """True where an offset parts a word."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()
