"""Searching a generation: hits grouped by review with their best pages, exact counts, facets."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from heapq import nsmallest
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Self

from casereviews.index.analysis import spans as word_spans
from casereviews.index.concordance import Occurrence
from casereviews.index.errors import IndexChanged, IndexDamaged, QueryError, damage_named
from casereviews.index.folder import Built, current, is_changing
from casereviews.index.positions import BODY, page_of
from casereviews.index.query import plan
from casereviews.index.query.advice import advice
from casereviews.index.query.engine import Engine as WordEngine
from casereviews.index.query.engine import Leaf, Span, leaves_of
from casereviews.index.query.proximity import least_gap
from casereviews.index.query.understand import Understood, understand
from casereviews.index.results import Hit, MarkedPage, PageHit, Results, published_fields
from casereviews.index.snippets import is_contents, marks_of, snippet
from casereviews.index.storage.codec import MappedStorage
from casereviews.index.storage.columns import Column, Grouped
from casereviews.index.storage.lexicon import ColumnLexicon, Kept, StoreLexicon
from casereviews.index.storage.store import Store as FolderStore
from casereviews.index.storage.store import StoredDocument
from casereviews.repository.fields import FACETS
from casereviews.repository.model import Fields, Page
from casereviews.repository.vocabulary import PACKAGED, Vocabulary
from casereviews.repository.vocabulary.codes import REPORT_FIRST

if TYPE_CHECKING:
    from casereviews.index.protocol import Engine, Store

PAGES_A_HIT = 3
# Words of a query that stand close together say more than the same words far apart: the best reviews get up to this share more.
CLOSENESS = 0.35
RERANKED = 150
SORTS = ("relevance", "date")
# Parts that name what a review does not tell of: words there count so much for a page.
BOILERPLATE_PARTS = ("terms_of_reference", "glossary", "appendix")
BOILERPLATE = 0.1
Mark = tuple[int, int, int]  # first word of a page, last + 1, which leaf
_NEARLY_ALL = 4  # times as many are found as are not: then what is not found is counted
_WHITE = re.compile(r"\s+")


def open_index(index_dir: Path, home_id: str, vocabulary: Vocabulary = PACKAGED) -> Searcher:
    """The current generation, opened for searching with the words of a vocabulary.

    Raises NoIndex when there is none, ForeignIndex when another home built it (nothing of it is opened).
    """
    folder, built = current(index_dir, home_id)
    return open_generation(folder, built, vocabulary)


def open_generation(
    folder: Path, built: Built, vocabulary: Vocabulary = PACKAGED, kept: Kept | None = None
) -> Searcher:
    """A generation in a folder, opened for searching. It keeps answering from what it opened while a newer one is built.

    `kept` gives fields that people keep beside the index, such as their marks.
    """
    with ExitStack() as opening, damage_named(folder):
        store = FolderStore(folder / "pages.db")
        opening.callback(store.close)
        lexicon = StoreLexicon(store, kept)
        engine = WordEngine(MappedStorage(str(folder)), lexicon)
        opening.callback(engine.close)
        _compare_counts(folder, built, store.count(), len(lexicon.live))
        return Searcher(folder, built, vocabulary, store, lexicon, engine, opening.pop_all())
    raise AssertionError  # what is opened is given, or its damage raised


def _compare_counts(folder: Path, built: Built, documents: int, live: int) -> None:
    """There are as many documents as index.json says, and room for all of them in the columns; not while a writer changes them."""
    if (documents, live) != (built.documents,) * 2:
        if is_changing(folder) or current(folder.parent, built.home)[1] != built:
            return
        raise IndexDamaged(folder, f"holds {documents:,} documents instead of {built.documents:,}")


class Searcher:
    """One state of an index, wherever it is kept; close it, or open it by `with`.

    `folder` has what compares cases (`casereviews.index.similar`), and of an index in a folder all the rest too.
    """

    def __init__(
        self,
        folder: Path,
        built: Built,
        vocabulary: Vocabulary,
        store: Store,
        lexicon: ColumnLexicon,
        engine: Engine,
        files: ExitStack,
    ) -> None:
        self.folder = folder
        self.vocabulary = vocabulary
        self.built = built
        self.store = store
        self.lexicon = lexicon
        self.engine = engine
        self._files = files
        self._of_all: dict[str, Counter[str | None]] = {}
        self._nearly_all_before = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._files.close()

    # ------------------------------------------------------------ searching

    def search(
        self,
        text: str,
        *,
        filters: Mapping[str, Sequence[str]] | None = None,
        sort: str = "relevance",
        limit: int = 10,
        offset: int = 0,
        exact: bool = False,
        facets: bool = True,
        pages: bool = True,
        all_words: bool = False,
    ) -> Results:
        """Reviews that match `text` and `filters` (filter name -> values, any of which may hold).

        `sort` is relevance or date (newest first, undated last). Words typed plainly are read as people mean them, with
        `all_words` each of them is looked for. Raises QueryError, which points at the character.
        """
        started = time.perf_counter()
        if sort not in SORTS:
            raise QueryError(f"Results are sorted by {' or '.join(SORTS)}", sort, 0)
        with damage_named(self.folder):
            return self._found(
                text, filters or {}, sort, limit, offset, exact, facets, pages, all_words, started
            )

    def _found(
        self,
        text: str,
        filters: Mapping[str, Sequence[str]],
        sort: str,
        limit: int,
        offset: int,
        exact: bool,
        facets: bool,
        pages: bool,
        all_words: bool,
        started: float,
    ) -> Results:
        self.expect_text(text)
        understood = understand(
            text,
            self.lexicon,
            filters=filters,
            exact=exact,
            all_words=all_words,
            vocabulary=self.vocabulary,
        )
        leaves = [leaf for one in understood.asked for leaf in one.leaves] or list(
            leaves_of(understood.plan)
        )
        scores = self.engine.ranked(understood.plan, leaves)
        best = self._best_documents(scores)
        order = self._ordered(best, scores, leaves, sort, offset + limit)
        shown = order[offset : offset + limit]
        self.expect(shown, leaves if pages else [])
        hits = tuple(
            self.hit(offset + rank, number, scores[number], leaves if pages else [])
            for rank, number in enumerate(shown, 1)
        )
        return Results(
            query=text,
            understood=understood.text,
            total=len(best),
            documents=len(scores),
            took_ms=(time.perf_counter() - started) * 1000,
            index=self.built,
            hits=hits,
            facets=self.facets(scores) if facets else {},
            did_you_mean=self._meant(understood),
            advice=advice(text, understood.missing),
        )

    def _best_documents(self, scores: Mapping[int, float]) -> dict[int, int]:
        """Of each review the document that scores best, of equals its report before a briefing: copies never crowd out others."""
        reviews = self.lexicon.reviews
        places = self._places_of_roles
        best: dict[int, int] = {}
        for number, score in scores.items():
            review = reviews[number]
            other = best.setdefault(review, number)
            if other == number:
                continue
            over = score - scores[other]
            if over > 0 or (over == 0 and (places[number], number) < (places[other], other)):
                best[review] = number
        return best

    @cached_property
    def _places_of_roles(self) -> Sequence[int]:
        """For every document number the place of its role among those that stand for a review, the report first."""
        roles = self.lexicon.column("role")
        place = {role: at for at, role in enumerate(REPORT_FIRST)}
        by_code = [place.get(each[0] if each else None, len(place)) for each in roles.values]
        return [by_code[code] for code in roles.codes]

    def _ordered(
        self,
        best: Mapping[int, int],
        scores: dict[int, float],
        leaves: Sequence[Leaf],
        sort: str,
        wanted: int,
    ) -> list[int]:
        ranked = [(-scores[number], number) for number in best.values()]
        if sort == "date":
            dates = self.lexicon.column("published")
            ranked.sort()
            ranked.sort(key=lambda each: _newest_first(dates, each[1]), reverse=True)
            return [number for _, number in ranked]
        if wanted <= RERANKED:
            ranked = nsmallest(RERANKED, ranked)
        else:
            ranked.sort()
        numbers = [number for _, number in ranked]
        words = [leaf for leaf, _ in leaves if isinstance(leaf, plan.Terms | plan.Sequence)]
        if len(words) < 2:
            return numbers
        self.expect_words(numbers[:RERANKED], [(word, 1.0) for word in words])
        for number in numbers[:RERANKED]:
            scores[number] *= 1 + CLOSENESS * self._closeness(words, number)
        return sorted(numbers[:RERANKED], key=lambda n: (-scores[n], n)) + numbers[RERANKED:]

    def _closeness(self, words: Sequence[plan.Plan], number: int) -> float:
        """1 when the words of the query stand side by side somewhere, towards 0 the further apart their closest pairs are."""
        found = [each for word in words if (each := self.engine.first_places(word, number))]
        if len(found) < 2:
            return 0.0
        gaps = [least_gap(one, other) - 1 for one, other in pairwise(found)]
        return sum(1 / (1 + gap / 4) for gap in gaps) / len(gaps)

    def _meant(self, understood: Understood) -> tuple[str, ...]:
        return tuple(
            f"{word} → {', '.join(near)}"
            for word in understood.missing
            if (near := self.lexicon.suggest(word))
        )

    def unchanged(self) -> None:
        """Raises IndexChanged where what was answered since this was opened may be of two states. A generation in a folder stays as it
        was opened, but for rows and pages, which say themselves that they went."""

    # ------------------------------------------------------------ hits

    def expect_text(self, text: str) -> None:
        """Says that a text is understood next: forms of its words will be asked for."""

    def expect(self, numbers: Sequence[int], leaves: Sequence[Leaf]) -> None:
        """Says of which documents hits with their best pages are asked next; an engine that is far away fetches them together."""

    def expect_words(self, numbers: Sequence[int], leaves: Sequence[Leaf]) -> None:
        """Says in which documents the places of these words are asked next."""

    def hit(self, rank: int, number: int, score: float, leaves: Sequence[Leaf]) -> Hit:
        """A document as the hit of its review, with its best pages by these leaves."""
        row = self.store.document(number)
        if row is None:
            raise IndexChanged("the index was changed while it was searched: search again")
        others = len(self.store.documents_of(row.review_id)) - 1
        return Hit(
            rank,
            score,
            row.review_id,
            row.document_id,
            published_fields(row.fields),
            others,
            self.pages_of(row, leaves),
        )

    def pages_of(self, row: StoredDocument, leaves: Sequence[Leaf]) -> tuple[PageHit, ...]:
        """The pages of a document that hold most of what was asked for, best first, each with a snippet."""
        best, marks = self.best_pages(row, leaves)
        best = self._contents_last(row, best)[:PAGES_A_HIT]
        return tuple(hit for page in best if (hit := self._page_hit(row, page, marks[page])))

    def best_pages(
        self, row: StoredDocument, leaves: Sequence[Leaf]
    ) -> tuple[list[int], dict[int, list[Mark]]]:
        """The indexes of the pages that hold most, some more than are shown, and the marks of all pages that have any."""
        starts = row.layout["starts"]
        if not starts:
            return [], {}
        boilerplate = [
            place for kind in BOILERPLATE_PARTS for place in self.lexicon.ranges_of(kind, row.n)
        ]
        gains: dict[int, dict[int, float]] = {}
        marks: dict[int, list[Mark]] = {}
        for at, (leaf, boost) in enumerate(leaves):
            ordinary = boost * (1 + self.engine.idf(1) / 2)
            for start, end in self.engine.spans(leaf, row.n):
                if start < BODY:
                    continue
                if any(low <= start < high for low, high in boilerplate):
                    value = ordinary * BOILERPLATE
                else:
                    value = ordinary
                page = page_of(starts, start)
                each = gains.setdefault(page, {})
                each[at] = min(each.get(at, 0.0) + value / 4, value * 1.5) if at in each else value
                marks.setdefault(page, []).append((start - starts[page], end - starts[page], at))
        best = sorted(gains, key=lambda page: (-sum(gains[page].values()), page))
        return best[: PAGES_A_HIT + 2], marks

    def _contents_last(self, row: StoredDocument, pages: Sequence[int]) -> list[int]:
        """Pages in their order, a table of contents after all others."""
        texts = {at: self.store.page(row.n, at) for at in pages}
        return sorted(
            pages, key=lambda at: (page := texts[at]) is not None and is_contents(page.text)
        )

    def _page_hit(self, row: StoredDocument, at: int, marks: Sequence[Mark]) -> PageHit | None:
        page = self.store.page(row.n, at)
        if page is None:
            return None
        ordered = sorted(marks)
        made = snippet(
            page.text,
            [(start, end) for start, end, _ in ordered],
            of=[leaf for _, _, leaf in ordered],
        )
        return PageHit(page.number, page.label, made.text, made.matches)

    # ------------------------------------------------------------ facets

    def facets(self, found: Collection[int]) -> dict[str, list[tuple[str | None, int]]]:
        """For every facet field, (value, number of reviews), most first; None counts the unknown and comes last."""
        missing = self.lexicon.live.difference(found)
        nearly_all = len(missing) * _NEARLY_ALL < len(found)
        # All are counted once a second question finds nearly all: a process that asks one has nothing of it.
        by_missing = nearly_all and self._nearly_all_before
        self._nearly_all_before |= nearly_all
        count = self._counted_by_missing(missing) if by_missing else self._counted(found)
        facets = {}
        for field in FACETS:
            counts = count(field.query)
            facets[field.query] = sorted(
                counts.items(), key=lambda pair: (pair[0] is None, -pair[1], pair[0] or "")
            )
        return facets

    def _counted(self, found: Collection[int]) -> Callable[[str], Counter[str | None]]:
        """How many of the reviews found have each value of a field."""
        grouped = Grouped.of(found, self.lexicon.reviews)
        return lambda name: self.lexicon.column(name).count(grouped)

    def _counted_by_missing(self, missing: Collection[int]) -> Callable[[str], Counter[str | None]]:
        """As `_counted` of all but the `missing`: all reviews, counted once, without those that lack a document, and with what is found of these."""
        reviews = self.lexicon.reviews
        touched = {reviews[number] for number in missing}
        whole = [number for number in self.lexicon.live if reviews[number] in touched]
        less = self._counted(whole)
        more = self._counted(set(whole).difference(missing))

        def count(name: str) -> Counter[str | None]:
            if name not in self._of_all:
                self._of_all[name] = self._counted(self.lexicon.live)(name)
            counts = self._of_all[name].copy()
            counts.subtract(less(name))
            counts.update(more(name))
            return +counts

        return count

    def values_of(self, name: str) -> set[str]:
        """Every value that some document has in a facet field, by the field's name in queries."""
        column = self.lexicon.column(name)
        return {value for values in column.values for value in values}

    # ------------------------------------------------------------ reading

    def shown_ids(self) -> set[str]:
        """Ids of all reviews and documents."""
        return self.store.shown_ids()

    def all_ids(self) -> Iterator[str]:
        """Ids of all documents."""
        with damage_named(self.folder):
            yield from (document_id for _, document_id in self.store.ids())

    def documents_of(self, review_id: str) -> list[str]:
        """Ids of a review's documents."""
        with damage_named(self.folder):
            return self.store.documents_of(review_id)

    def fields_of(self, document_id: str) -> Fields | None:
        """The fields of a document, None when it is not here."""
        with damage_named(self.folder):
            number = self.store.number_of(document_id)
            row = self.store.document(number) if number is not None else None
            return published_fields(row.fields) if row else None

    def page(self, document_id: str, page: int) -> Page | None:
        """A page of a document by its number in the file, None when there is none."""
        with damage_named(self.folder):
            number = self.store.number_of(document_id)
            pages = self.store.pages(number) if number is not None else ()
        return next((one for one in pages if one.number == page), None)

    def marked_page(
        self, document_id: str, page: int, query: str = "", *, exact: bool = False
    ) -> MarkedPage | None:
        """A page of a document with the places that a query finds, the same that snippets mark; None when there is no such page.

        A place that runs over a page's end is marked on both. Raises QueryError, IndexChanged when a writer replaces it meanwhile.
        """
        with damage_named(self.folder):
            number = self.store.number_of(document_id)
            if number is None:
                return None
            row, pages = self.store.document(number), self.store.pages(number)
            # Of a document that is newer than the words, or gone between two looks, nothing is said.
            if row is None or number not in self.lexicon.live or len(pages) < len(row.starts):
                raise IndexChanged("the index was changed while it was read: ask again")
            at = next((at for at, one in enumerate(pages) if one.number == page), None)
            if at is None:
                return None
            marks = self._marks_of(row, query, exact) if query.strip() else {}
            return MarkedPage(
                page,
                pages[at].label,
                pages[at].text,
                tuple(marks_of(pages[at].text, sorted(marks.get(at, ())))),
                tuple(pages[each].number for each in sorted(marks) if each < len(pages)),
            )

    def _marks_of(self, row: StoredDocument, query: str, exact: bool) -> dict[int, list[Span]]:
        """What a query finds in a document: spans of words of a page, by the page's index."""
        understood = understand(
            query, self.lexicon, filters={}, exact=exact, vocabulary=self.vocabulary
        )
        starts = row.layout["starts"]
        ends = [*starts[1:], BODY + row.layout["words"]]
        marks: dict[int, list[Span]] = {}
        for leaf, _ in leaves_of(understood.plan):
            for start, end in self.engine.spans(leaf, row.n):
                if start < BODY:
                    continue
                for page in range(page_of(starts, start), page_of(starts, end - 1) + 1):
                    first = max(start, starts[page]) - starts[page]
                    last = min(end, ends[page]) - starts[page]
                    if last > first:
                        marks.setdefault(page, []).append((first, last))
        return marks

    def suggest(self, word: str) -> Sequence[str]:
        """Words of the index that were probably meant."""
        return self.lexicon.suggest(word)

    def concordance(
        self, phrase: str, *, filters: Mapping[str, Sequence[str]] | None = None, width: int = 48
    ) -> Iterator[Occurrence]:
        """Every occurrence of an exact phrase in the pages, newest reviews first, with `width` characters on both sides."""
        with damage_named(self.folder):
            yield from self._occurrences(phrase, filters or {}, width)

    def _occurrences(
        self, phrase: str, filters: Mapping[str, Sequence[str]], width: int
    ) -> Iterator[Occurrence]:
        quoted = '"' + phrase.replace('"', " ") + '"'
        understood = understand(quoted, self.lexicon, filters=filters, vocabulary=self.vocabulary)
        found = self.engine.matching(understood.plan)
        dates = self.lexicon.column("published")
        order = sorted(found)
        order.sort(key=lambda n: (dates.values[dates.codes[n]] or ("",))[0], reverse=True)
        leaves = list(leaves_of(understood.plan))
        for number in order:
            row = self.store.document(number)
            spans = [span for leaf, _ in leaves for span in self.engine.spans(leaf, number)]
            if row is not None:
                yield from self._lines(row, [span for span in spans if span[0] >= BODY], width)

    def _lines(
        self, row: StoredDocument, spans: Sequence[Span], width: int
    ) -> Iterator[Occurrence]:
        starts = row.layout["starts"]
        for start, end in spans:
            at = page_of(starts, start)
            page = self.store.page(row.n, at)
            if page is None:
                continue
            words = list(word_spans(page.text))
            first, last = start - starts[at], min(end - starts[at], len(words)) - 1
            low, high = words[first][0], words[last][1]
            yield Occurrence(
                review_id=row.review_id,
                document_id=row.document_id,
                title=row.fields.get("title"),
                page=page.number,
                label=page.label,
                before=_WHITE.sub(" ", page.text[max(0, low - width) : low]),
                match=" ".join(page.text[low:high].split()),
                after=_WHITE.sub(" ", page.text[high : high + width]),
                file_url=row.fields.get("file_url"),
            )


def _newest_first(dates: Column, number: int) -> tuple[bool, str]:
    """For sorting in reverse: dated before undated, later before earlier, more exact before less."""
    values = dates.values[dates.codes[number]]
    return (True, values[0]) if values else (False, "")
