"""Cases like the one described: five signals, fused, each explained.

Words say the same, concepts the same things in other words, passages the same story, coded themes and facts the same kind of case. The
text that is asked about is held in memory only. This is a finding aid for people, no assessment of risk.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar
from weakref import WeakKeyDictionary

from casereviews.index.errors import IndexChanged, IndexDamaged
from casereviews.index.fields import COLUMNS
from casereviews.index.folder import broken_of_similar
from casereviews.index.query.understand import understand
from casereviews.index.results import Hit, Likeness, PageHit, Results, published_fields
from casereviews.index.search import Searcher
from casereviews.index.similar.agreement import (
    SHOWN,
    WEIGHTS,
    Facts,
    agreement,
    facts_of,
    shared,
    themes_of,
)
from casereviews.index.similar.closeness import (
    FAIRLY,
    FLOOR,
    LEAST,
    STRONG,
    strength,
    tells_what,
)
from casereviews.index.similar.concepts import Mention, finder, singular
from casereviews.index.similar.encoders import Encoder
from casereviews.index.similar.heard import Heard
from casereviews.index.similar.key_terms import PLAIN_WORDS, telling_words
from casereviews.index.similar.matters import (
    aspects_of,
    is_one_thing,
    matters,
    matters_of_report,
)
from casereviews.index.similar.passages import (
    MAXIMUM,
    Passage,
    passages_of,
    tells_of_method,
    windows,
)
from casereviews.index.similar.vectors import Nearest, VectorStore
from casereviews.index.snippets import WIDTH
from casereviews.index.storage.store import StoredDocument
from casereviews.repository.fields import PUBLISHED_AS

# What each signal counts for, in standard deviations over the documents: one that singles a few out says more than one that finds all
# alike; agreement of facts counts as it is. Near what `benchmarks/similar_weights.py` fits on judged whole reports, and rounded so that short
# cases are ranked no worse (benchmarks/README.md); flat around these values.
SIGNALS = {"passages": 1.0, "concepts": 1.0, "words": 0.8, "themes": 0.8, "facts": 2.0}
CAUTION = "A finding aid: it says what was published that reads alike, it does not assess risk."
QUERY_WORDS = 90
Key = TypeVar("Key")
TINY = 1e-9  # of rounding, not of meaning
TELLING = 0.7  # least weight of a concept that is a reason: that both speak of a mother is none
PASSAGES_SHOWN = 2
MOST_READ = 40  # documents that are read through for what a theme joins
_OF_SOMEONE = ("child_", "parent_")
# What is a parent's by its name and a child's by its words ("low mood", "care leaver"): a reason only where both cases have the theme.
_CODED_AS = {
    "care_leaver_parent": "parent_own_history",
    "mental_ill_parent": "parent_mental_health",
    "young_parent": "child_young_parent",
}
_AGE = re.compile(r"\b(?:\d{1,2}|[a-z]+)[ -](?:year|month|week)s?[ -]old\b", re.IGNORECASE)
_COLUMN_OF = {field.published: field.query for field in COLUMNS}
# What a searcher's questions were compared with: a second question need not read it again.
_READ: WeakKeyDictionary[Searcher, VectorStore] = WeakKeyDictionary()
_CODED: WeakKeyDictionary[Searcher, Sequence[_Coded]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class DescribedCase:
    """What is asked about: plain text, the coded facts that it states (fields of published documents), and a review to leave out.

    `unsaid` are fields that rank and are no reason: an unborn child is compared with infants, and is none.
    """

    text: str
    facts: Facts = field(default_factory=dict)
    review_id: str | None = None
    unsaid: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Coded:
    """A document by its number in the store, and its coded facts."""

    n: int
    document_id: str
    facts: Facts


def _coded(searcher: Searcher) -> Sequence[_Coded]:
    """Every document of the searcher's generation, in order of number; its facts are those of the columns."""
    known = _CODED.get(searcher)
    if known is None:
        lexicon = searcher.lexicon
        columns = [(name, lexicon.column(_COLUMN_OF[name])) for name in SHOWN]
        codes = list(zip(*(column.codes for _, column in columns), strict=True))
        same: dict[tuple[int, ...], Facts] = {}
        for each in dict.fromkeys(codes):
            values = (
                (name, of.values[code]) for (name, of), code in zip(columns, each, strict=True)
            )
            same[each] = {name: said for name, said in values if said}
        known = _CODED[searcher] = tuple(
            _Coded(n, document_id, same[codes[n]]) for n, document_id in searcher.store.ids()
        )
    return known


def find_similar(
    searcher: Searcher,
    case: DescribedCase,
    *,
    encoder: Encoder | None = None,
    filters: Mapping[str, Sequence[str]] | None = None,
    limit: int = 10,
) -> Results:
    """Reviews like the case, best first, each with its strength and `why`: shared facts, shared concepts, and the passages that read alike."""
    started = time.perf_counter()
    for file, wrong in broken_of_similar(searcher.folder):
        raise IndexDamaged(file, wrong)
    allowed = searcher.engine.matching(
        understand("", searcher.lexicon, filters=filters or {}, vocabulary=searcher.vocabulary).plan
    )
    signals = Signals(searcher, case, encoder, allowed)
    totals = signals.totals()
    reviews = searcher.lexicon.reviews
    best: dict[int, int] = {}
    for number, score in sorted(totals.items()):
        review = reviews[number]
        if searcher.lexicon.review_ids[review] == case.review_id:
            continue
        if review not in best or score > totals[best[review]]:
            best[review] = number
    close = {number: signals.closeness(number) for number in best.values()}
    least = LEAST
    if signals.is_without_its_harm(close):
        close = {number: min(one, FLOOR) for number, one in close.items()}
        least = LEAST if signals.tells_more else math.inf
    elif max(close.values(), default=0.0) < FLOOR:
        least = 0.0 if signals.in_welsh else math.inf
    order = sorted(
        (number for number in close if close[number] >= least),
        key=lambda number: (-totals[number], number),
    )
    listed = {reviews[number] for number in order}
    hits = tuple(
        signals.hit(rank, number, totals[number], strength(close[number]))
        for rank, number in enumerate(order[:limit], 1)
    )
    return Results(
        query="",
        understood=signals.understood(),
        total=len(order),
        documents=sum(reviews[number] in listed for number in totals),
        took_ms=(time.perf_counter() - started) * 1000,
        index=searcher.built,
        hits=hits,
    )


def fused(
    searcher: Searcher, case: DescribedCase, encoder: Encoder | None, allowed: frozenset[int]
) -> dict[int, float]:
    """The scores by which `find_similar` ranks, of every allowed document that any signal knows; 0 is what the average document has."""
    return Signals(searcher, case, encoder, allowed).totals()


class Signals:
    """The five signals of one question over one generation."""

    def __init__(
        self,
        searcher: Searcher,
        case: DescribedCase,
        encoder: Encoder | None,
        allowed: frozenset[int],
    ) -> None:
        self.searcher = searcher
        self.case = case
        self.allowed = allowed
        self.finder = finder(searcher.vocabulary)
        # "Touching his 7 year old sister" is "touching his sister" too.
        texts = (case.text, _AGE.sub(" ", case.text))
        self.concepts = self.finder.count(texts[0]) | self.finder.count(texts[1])
        told = [(text, list(self.finder.told(text))) for text in texts]
        self.said = _surely((one for _, mentions in told for one in mentions), case.facts)
        self.coded = themes_of(case.facts)
        self.sought = self.said | self.concepts.keys()
        self.matters = {
            matter for text, mentions in told for matter in matters(text, _sure(mentions))
        }
        self.rows = {row.document_id: row for row in _coded(searcher) if row.n in allowed}
        self.by_number = {row.n: row for row in self.rows.values()}
        self.terms = telling_words(case.text, searcher)
        self.heard = Heard(case.text, searcher, self.concepts)
        self.agreements: dict[tuple[Sequence[str] | None, ...], float] = {}
        self.compared = "words and facts compared (no sentence model: `casereviews model show` says how to get one)"
        self.nearest: Nearest | None = None
        if self.known:
            self.nearest = self._nearest(encoder)
        else:
            self.compared = "so there is nothing to compare"

    @property
    def known(self) -> bool:
        """True when the text has a word of the collection or speaks of anything: of other texts all are equally far."""
        return bool(self.terms or self.concepts or any(self.case.facts.values()))

    @cached_property
    def rough(self) -> bool:
        """True where words and likeness say little of how close a report is: see `Shared`."""
        unsure = self.nearest is None or not self.nearest.centred
        return unsure or len(self.case.text.split()) > PLAIN_WORDS

    @property
    def in_welsh(self) -> bool:
        """True for a description in Welsh of which words are unheard: that English reports lack them says nothing of what they tell."""
        if not self.heard.unheard:
            return False
        from casereviews.repository.reading.languages import language_of

        return language_of(self.case.text) == "cy"

    def _nearest(self, encoder: Encoder | None) -> Nearest | None:
        if encoder is None:
            return None
        store = _READ.get(self.searcher)
        if store is None or store.folder.name != encoder.key:
            store = _READ[self.searcher] = VectorStore(self.searcher.folder, encoder.key)
        embedded = sum(key in self.rows for key in store.compared())
        self.compared = "passages compared"
        if embedded < len(self.rows):
            self.compared = (
                f"passages of {embedded} of {len(self.rows)} documents compared: embed the others with"
                " `casereviews rebuild --index`"
            )
        if not embedded:
            return None
        text = self.case.text
        parts = [text[start:end] for start, end in windows(text, QUERY_WORDS)] or [text]
        return store.nearest(encoder.encode(parts), top=MAXIMUM)

    def totals(self) -> dict[int, float]:
        """The fused score of every document that any signal knows; 0 is what the average document has."""
        values = self.values()
        return {
            number: sum(weight * values[name].get(number, 0.0) for name, weight in SIGNALS.items())
            for number in values["facts"]
        }

    def values(self) -> dict[str, dict[int, float]]:
        """The SIGNALS by document number, of every document that any knows: in standard deviations, but for the agreement of facts."""
        if not self.known:
            return {name: {} for name in SIGNALS}
        rows = self.by_number
        words = self.searcher.engine.scores(self.terms, self.allowed)
        told, whole = self.heard.by_concepts, self.heard.by_whole
        likeness = self.likeness
        known = [
            number
            for number, row in rows.items()
            if words.get(number, 0.0) > 0
            or told.get(row.document_id, 0.0) > 0
            or row.document_id in likeness
        ]
        passages = self._by_passages()
        measured = {
            "passages": {number: passages[row.document_id] for number, row in rows.items()},
            "words": {number: words.get(number, 0.0) for number in rows},
            "themes": {n: float(len(self.coded & themes_of(row.facts))) for n, row in rows.items()},
        }
        values = {name: standardised(signal) for name, signal in measured.items()}
        values["concepts"] = averaged(
            {n: told.get(row.document_id, 0.0) for n, row in rows.items()},
            {n: whole.get(row.document_id, 0.0) for n, row in rows.items()},
        )
        return values | {"facts": {number: self._agreement(rows[number]) for number in known}}

    @property
    def likeness(self) -> Mapping[str, float]:
        """How near the nearest passage of each document is."""
        return self.nearest.best if self.nearest is not None else {}

    def _agreement(self, row: _Coded) -> float:
        """As `agreement` of the coded facts; many documents have the same."""
        same = tuple(row.facts.get(field) for field in WEIGHTS)
        if same not in self.agreements:
            self.agreements[same] = agreement(self.case.facts, row.facts)
        return self.agreements[same]

    def _by_passages(self) -> dict[str, float]:
        """The nearest passage of each document; one without passages (a scan) stands with the farthest."""
        likeness = self.likeness
        known = {key: likeness[key] for key in self.rows if key in likeness}
        farthest = min(known.values(), default=0.0)
        return {key: known.get(key, farthest) for key in self.rows}

    def closeness(self, number: int) -> float:
        """0..1: how close a document is in what happened, whatever the others are."""
        row = self.by_number[number]
        return self.heard.shared(
            number,
            row.document_id,
            cosine=self.likeness.get(row.document_id, 0.0),
            themes=sum(map(tells_what, self.coded & themes_of(row.facts))),
            agreement=self._agreement(row),
            rough=self.rough,
        ).closeness

    def is_without_its_harm(self, close: Mapping[int, float]) -> bool:
        """True where what was done is one of several things that a theme joins (a dog of all accidents), and no report has the same one.

        As far as the documents that share the theme and are nearest (`close`, by number) tell: reading all would take seconds.
        """
        harms = {one for one in self.coded if one.startswith("harm_")}
        if not harms or not harms <= {theme for theme, _ in self.aspects}:
            return False
        sharing = [n for n in close if harms & themes_of(self.by_number[n].facts)]
        for number in sorted(sharing, key=lambda n: -close[n])[:MOST_READ]:
            document = self.searcher.store.indexed_document(number)
            if document is None or harms - self._differing(
                one.text for one in passages_of(document)
            ):
                return False
        return True

    @property
    def tells_more(self) -> bool:
        """True when the case has coded themes beside its harm: reports may be like it in these."""
        return any(one.startswith(("child_", "parent_", "family_")) for one in self.coded)

    def _row(self, number: int) -> StoredDocument:
        row = self.searcher.store.document(number)
        if row is None:
            raise IndexChanged("the index was changed while it was compared: ask again")
        return row

    def understood(self) -> str:
        """How the description was read."""
        words = self.searcher.vocabulary.labels_of
        facts = [
            f"{field.label}: {', '.join(words(field).get(value, value) for value in values)}"
            for field, values in (
                (PUBLISHED_AS[name], told) for name, told in self.case.facts.items()
            )
            if values
        ]
        known = distinct(
            self.finder.labels[name] for name in sorted(self.said & self.concepts.keys())
        )
        said = "; ".join([*facts, f"speaks of: {', '.join(sorted(known)) or 'nothing known'}"])
        return f"{said}; {self.compared}"

    # ------------------------------------------------------------ why

    def hit(self, rank: int, number: int, score: float, strength: str) -> Hit:
        """A hit with its reasons."""
        row = self._row(number)
        document = self.searcher.store.indexed_document(row.n)
        told = [(one, self._told(one.text)) for one in passages_of(document)] if document else []
        labels = {page.number: page.label for page in document.pages} if document else {}
        theirs = facts_of(row.fields)
        apart = self._differing(one.text for one, _ in told)
        alike = {
            name: kept
            for name, values in shared(self.case.facts, theirs).items()
            if name not in self.case.unsaid
            and (kept := [one for one in values if one not in apart])
        }
        passages = self._passages(row, told, labels)
        others = len(self.searcher.documents_of(row.review_id)) - 1
        reasons = tuple(self._reasons(row, [(one.text, mentions) for one, mentions in told], apart))
        if strength == STRONG and not alike and not reasons:
            strength = FAIRLY  # near by its words, and nothing that both tell can be named
        why = Likeness(alike, reasons, passages, strength)
        fields = published_fields(row.fields)
        return Hit(rank, score, row.review_id, row.document_id, fields, others, passages, why)

    def _differing(self, passages: Iterable[str]) -> set[str]:
        """The themes that join several things, of which the case tells one and the passages do not."""
        if not self.aspects:
            return set()
        alike = self.aspects & aspects_of("\n".join(passages))
        return {theme for theme, _ in self.aspects} - {theme for theme, _ in alike}

    @cached_property
    def aspects(self) -> set[tuple[str, int]]:
        """Of the case's themes that join several things, which it tells of."""
        themes = {one for one in self.said | self.coded if not is_one_thing(one)}
        return {one for one in aspects_of(self.case.text) if one[0] in themes} if themes else set()

    def _told(self, text: str) -> list[Mention]:
        """The mentions in a text of what the case speaks of: no other is shown or weighed."""
        return list(self.finder.told(text, self.sought))

    def _reasons(
        self,
        row: StoredDocument,
        told: Sequence[tuple[str, Sequence[Mention]]],
        apart: Collection[str],
    ) -> list[str]:
        """What both cases have, in words: told of both, as the same person's matter, or coded of both."""
        title = str(row.fields.get("title") or "")
        theirs = {
            matter
            for text, mentions in ((title, self._told(title)), *told)
            for matter in matters_of_report(text, _sure(mentions), self.said)
        }
        both = {concept for concept, _ in self.matters & theirs if not _is_of_someone(concept)}
        coded = self.coded & themes_of(facts_of(row.fields))
        both |= coded | {name for name, theme in _CODED_AS.items() if theme in coded}
        both &= self.heard.theirs.get(row.document_id, set())
        both -= set(apart)
        found = [name for name in both if self.finder.weights[name] >= TELLING]
        found.sort(key=lambda name: (-self.finder.weights[name], name))
        return distinct(self.finder.labels[name] for name in found)

    def _passages(
        self,
        row: StoredDocument,
        told: Sequence[tuple[Passage, Sequence[Mention]]],
        labels: Mapping[int, str | None],
    ) -> tuple[PageHit, ...]:
        """The passages that tell most of what was described; what tells how a review was made only where nothing else is near."""
        matches = self.nearest.get(row.document_id, []) if self.nearest is not None else []
        near = {(one.page, one.start): one.score for one in matches}
        scored = []
        for at, (one, mentions) in enumerate(told):
            worth = near.get((one.page, one.start), 0.0) + 0.1 * self._shared_weight(mentions)
            if worth > 0:
                scored.append((tells_of_method(one.text), -worth, at, one))
        best = sorted(scored)[:PASSAGES_SHOWN]
        if best and not best[0][0]:
            best = [one for one in best if not one[0]]
        return tuple(self._page_hit(one, labels.get(one.page)) for *_, one in best)

    def _shared_weight(self, mentions: Iterable[Mention]) -> float:
        found = {mention.concept for mention in mentions}
        return sum(self.finder.weights[name] for name in found if name in self.heard.what)

    def _page_hit(self, passage: Passage, label: str | None) -> PageHit:
        text = passage.text.strip()
        shown = text if len(text) <= 2 * WIDTH else text[: 2 * WIDTH].rsplit(" ", 1)[0] + "…"
        marks = sorted(
            {
                (mention.start, mention.end)
                for mention in self.finder.mentions(shown)
                if mention.concept in self.concepts
            }
        )
        return PageHit(passage.page, label, shown.replace("\n", " "), _apart(marks))


def _surely(told: Iterable[Mention], facts: Facts) -> set[str]:
    """The concepts that are told of beyond doubt: by words that mean nothing else, or as a coded fact.

    A theme of the child or of the parents must be coded: the words of both are the same ("psychosis", "cannabis").
    """
    sure = {one.concept for one in _sure(told)}
    return {one for one in sure if not _is_of_someone(one)} | themes_of(facts)


def _sure(told: Iterable[Mention]) -> Iterable[Mention]:
    """The mentions by words that mean nothing else."""
    return (one for one in told if not one.loose or one.concept.startswith("agency_"))


def _is_of_someone(concept: str) -> bool:
    return concept.startswith(_OF_SOMEONE) or concept in _CODED_AS


def _apart(marks: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Marks that do not overlap: of those that do, the longer ones stay."""
    kept: list[tuple[int, int]] = []
    for start, end in marks:
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(kept[-1][1], end))
        else:
            kept.append((start, end))
    return tuple(kept)


def distinct(labels: Iterable[str]) -> list[str]:
    """Labels, without those that only say what another says in more words: "police" beside "Police", "bruise" beside "Bruises in babies"."""
    said = list(dict.fromkeys(labels))
    words = {one: {singular(word) for word in re.findall(r"\w+", one.lower())} for one in said}
    return [
        one
        for at, one in enumerate(said)
        if not any(
            words[one] < words[other] or (words[one] == words[other] and said.index(other) < at)
            for other in said
            if other != one
        )
    ]


def averaged(one: Mapping[Key, float], other: Mapping[Key, float]) -> dict[Key, float]:
    """The mean of two signals of the same documents, each in standard deviations."""
    a, b = standardised(one), standardised(other)
    return {key: (a.get(key, 0.0) + b.get(key, 0.0)) / 2 for key in one}


def standardised(signal: Mapping[Key, float]) -> dict[Key, float]:
    """A signal in standard deviations from its mean; one that tells no document from another says nothing."""
    if not signal:
        return {}
    mean = math.fsum(signal.values()) / len(signal)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in signal.values()) / len(signal))
    if spread <= TINY:
        return {}
    return {key: (value - mean) / spread for key, value in signal.items()}
