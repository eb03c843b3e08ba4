"""A document as a source of a project: its text, and where on it each code lies.

Without report text a source is the title, the links and the evidence sentences with their pages. With it, it is every page, one after another,
each after a line that says which it is. Positions count code points of the text from 0, the end is exclusive (REFI-QDA 1.5, 8.1.2 and 9.2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from casereviews.collection.output.coding.codebook import CODED_FIELDS, OF_THEMES
from casereviews.collection.output.coding.names import named, plain
from casereviews.collection.output.withholding import name_words_withheld
from casereviews.repository.evidence_places import placed
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.model import Fact, Page
from casereviews.repository.published_documents import Review, ReviewDocument

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
    """A document as a source; `unplaced` are codes whose evidence does not stand in its text."""

    document_id: str
    name: str
    text: str
    coded: tuple[Coded, ...]
    unplaced: int
    stretches: tuple[Stretch, ...]


def source_of(
    review: Review,
    document: ReviewDocument,
    pages: Sequence[Page] | None,
    hidden: Collection[str] = (),
) -> Source:
    """A document of a review as it may leave (`withholding.exported`); with `pages` those are its text, `hidden` are the names that are not in it."""
    stands = list(_standing(review, document))
    made = _short(document, stands) if pages is None else _whole(pages, stands, hidden)
    text, found, stretches = made
    coded = tuple(
        dict.fromkeys(
            Coded(fact.field, value, start, end, fact.page)
            for fact, start, end in found
            for value in fact.value.split("|")
        )
    )
    name = named(document.title, document.document_id)
    unplaced = len(stands) - len(found)
    return Source(document.document_id, name, text, coded, unplaced, stretches)


def _standing(review: Review, document: ReviewDocument) -> Iterator[Fact]:
    """The facts of a document that say what its review is coded as; a note of a person who corrected a field is no passage."""
    for fact in document.facts:
        if fact.field not in CODED or (fact.origin == "manual" and fact.page is None):
            continue
        stands = review.field(DESCRIBED[fact.field].published)
        values = stands if isinstance(stands, tuple) else str(stands).split("|")
        if fact.value and set(fact.value.split("|")) <= set(values):
            yield fact


Made = tuple[str, list[tuple[Fact, int, int]], tuple[Stretch, ...]]


def _short(document: ReviewDocument, facts: Iterable[Fact]) -> Made:
    """Title, links and evidence, each sentence once."""
    lines = [document.title or "Untitled"]
    lines += [f"Report: {document.url}"] if document.url else []
    lines += [f"Listed at: {document.landing_url}"] if document.landing_url else []
    text = "\n".join(plain(" ".join(line.split())) for line in lines) + "\n"
    told: dict[tuple[int | None, str, str], list[Fact]] = {}
    for fact in facts:
        said = plain(" ".join(fact.evidence.split()))
        if said:
            where = "" if fact.page is not None else fact.origin
            told.setdefault((fact.page, where, said), []).append(fact)
    found, stretches = [], []
    order = sorted(told, key=lambda one: (one[0] is None, one[0] or 0, _start(told[one]), one[1:]))
    for page, where, said in order:
        text += f"\n{where or f'p. {page}'}: "
        found += [(fact, len(text), len(text) + len(said)) for fact in told[page, where, said]]
        stretches.append(Stretch(len(text), len(said), page))
        text += said + "\n"
    return text, found, tuple(stretches)


def _start(facts: Iterable[Fact]) -> int:
    return min(getattr(fact, "start", None) or 0 for fact in facts)


def _whole(pages: Sequence[Page], facts: Iterable[Fact], hidden: Collection[str]) -> Made:
    """Every page; the places of the evidence are found anew, in the text as it leaves."""

    def leaving(text: str) -> str:
        return plain(name_words_withheld(text, hidden)) if hidden else plain(text)

    cleaned = [Page(page.number, leaving(page.text).rstrip("\n")) for page in pages]
    text, starts, stretches = "", {}, []
    for page in cleaned:
        text += f"[page {page.number}]\n"
        starts[page.number] = len(text)
        stretches.append(Stretch(len(text), len(page.text), page.number, 0))
        text += page.text + "\n\n"
    facts = [
        replace(fact, evidence=leaving(fact.evidence), raw=leaving(fact.raw)) for fact in facts
    ]
    found: list[tuple[Fact, int, int]] = [
        (one, starts[one.page] + one.start, starts[one.end_page] + one.end)
        for one in placed(facts, cleaned)
        if one.page is not None
        and one.start is not None
        and one.end is not None
        and one.end_page is not None
    ]
    return text, found, tuple(stretches)
