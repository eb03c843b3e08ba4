"""A document as a source of a project: its text, and where on it each code lies.

Without report text a source is the title, the links and the evidence sentences with their pages. With it, it is every page, one after another,
each after a line that says which it is. Positions count code points of the text from 0, the end is exclusive (REFI-QDA 1.5, 8.1.2 and 9.2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from casereviews.collection.output.coding.codebook import CODED_FIELDS, OF_THEMES
from casereviews.collection.output.coding.names import named, plain
from casereviews.collection.output.withholding import name_words_withheld
from casereviews.repository.evidence_places import placed
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.model import Fact, Page
from casereviews.repository.published_documents import Review, ReviewDocument

MARKER = "[page"
CODED = OF_THEMES | {field.name for field in CODED_FIELDS}


@dataclass(frozen=True, slots=True)
class Coded:
    """A code on a passage: which value of which field, where in the text, and the page (None: a title or a list says it)."""

    field: str
    value: str
    start: int
    end: int
    page: int | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where words of a page stand in a text: from `start`, so many letters, which stand from `at` in the page where that is known."""

    start: int
    length: int
    page: int | None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A document as a source; `coded` are the codes that lie on it, `unplaced` those whose evidence does not stand in its text.

    `found` is where rules saw a code, also one that people took out; `fixed` is how long the part of the text is that no correction changes.
    """

    document_id: str
    name: str
    text: str
    coded: tuple[Coded, ...]
    unplaced: int
    stretches: tuple[Stretch, ...]
    found: frozenset[Coded]
    fixed: int

    @property
    def whole(self) -> bool:
        """True when its text is that of the report's pages."""
        return any(one.at is not None for one in self.stretches)


def is_whole(text: str) -> bool:
    """True of a text that begins as the pages of a report do."""
    return text.lstrip("\ufeff\r\n ").startswith(MARKER)


def source_of(
    review: Review,
    document: ReviewDocument,
    pages: Sequence[Page] | None,
    hidden: Collection[str] = (),
) -> Source:
    """A document of a review as it may leave (`withholding.exported`); with `pages` those are its text, `hidden` are the names that are not in it."""
    facts = [
        fact
        for fact in document.facts
        if fact.field in CODED and fact.value and (fact.origin != "manual" or fact.page is not None)
    ]
    text, found, stretches, fixed = (
        _short(document, facts) if pages is None else _whole(pages, facts, hidden)
    )
    lying = {id(fact): place for fact, *place in found}
    standing = [fact for fact in facts if _stands(review, fact)]
    return Source(
        document.document_id,
        named(document.title, document.document_id),
        text,
        tuple(dict.fromkeys(one for fact in standing for one in _coded(fact, lying))),
        sum(id(fact) not in lying for fact in standing),
        stretches,
        frozenset(one for fact in facts if fact.origin != "manual" for one in _coded(fact, lying)),
        fixed,
    )


def _coded(fact: Fact, lying: Mapping[int, Sequence[int]]) -> Iterator[Coded]:
    if id(fact) in lying:
        start, end = lying[id(fact)]
        for value in fact.value.split("|"):
            yield Coded(fact.field, value, start, end, fact.page)


def _stands(review: Review, fact: Fact) -> bool:
    """True where a fact says what its review is coded as."""
    stands = review.field(DESCRIBED[fact.field].published)
    values = stands if isinstance(stands, tuple) else str(stands).split("|")
    return set(fact.value.split("|")) <= set(values)


Made = tuple[str, list[tuple[Fact, int, int]], tuple[Stretch, ...], int]


def _short(document: ReviewDocument, facts: Iterable[Fact]) -> Made:
    """Title, links and evidence, each sentence once; what people gave as evidence comes last, so that all before it stays."""
    lines = [document.title or "Untitled"]
    lines += [f"Report: {document.url}"] if document.url else []
    lines += [f"Listed at: {document.landing_url}"] if document.landing_url else []
    text = "\n".join(plain(" ".join(line.split())) for line in lines) + "\n"
    told: dict[tuple[bool, int | None, str, str], list[Fact]] = {}
    for fact in facts:
        said = plain(" ".join(fact.evidence.split()))
        if said:
            where = "" if fact.page is not None else fact.origin
            told.setdefault((fact.origin == "manual", fact.page, where, said), []).append(fact)
    found, stretches, fixed = [], [], len(text)
    order = sorted(
        told, key=lambda one: (one[0], one[1] is None, one[1] or 0, _start(told[one]), one[2:])
    )
    for manual, page, where, said in order:
        text += f"\n{where or f'p. {page}'}: "
        place = (len(text), len(text) + len(said))
        found += [(fact, *place) for fact in told[manual, page, where, said]]
        stretches.append(Stretch(len(text), len(said), page))
        text += said + "\n"
        fixed = fixed if manual else len(text)
    return text, found, tuple(stretches), fixed


def _start(facts: Iterable[Fact]) -> int:
    return min(getattr(fact, "start", None) or 0 for fact in facts)


def _whole(pages: Sequence[Page], facts: Iterable[Fact], hidden: Collection[str]) -> Made:
    """Every page; the places of the evidence are found anew, in the text as it leaves."""

    def leaving(text: str) -> str:
        return plain(name_words_withheld(text, hidden)) if hidden else plain(text)

    cleaned = [Page(page.number, leaving(page.text).rstrip("\n")) for page in pages]
    text, starts, stretches = "", {}, []
    for page in cleaned:
        text += f"{MARKER} {page.number}]\n"
        starts[page.number] = len(text)
        stretches.append(Stretch(len(text), len(page.text), page.number, 0))
        text += page.text + "\n\n"
    facts = list(facts)
    left = [replace(fact, evidence=leaving(fact.evidence), raw=leaving(fact.raw)) for fact in facts]
    found: list[tuple[Fact, int, int]] = [
        (fact, starts[one.page] + one.start, starts[one.end_page] + one.end)
        for fact, one in zip(facts, placed(left, cleaned), strict=True)
        if one.page is not None
        and one.start is not None
        and one.end is not None
        and one.end_page is not None
    ]
    return text, found, tuple(stretches), len(text)
