"""`casereviews.open`: a home as notebooks and computing programs ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, TypeAlias, TypeVar

from casereviews.collection.collection import Collection, DocumentPage, Filters, why_no_page
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import Mark
from casereviews.collection.output.addresses import web_address
from casereviews.collection.output.withholding import REAL_NAME, name_words_withheld, shared
from casereviews.collection.output.wording import counted
from casereviews.index.results import Hit, Results
from casereviews.notebook import kinds
from casereviews.notebook.answers import ROWS, CountedRecords, Hits, Kind, Records
from casereviews.notebook.drawing import Drawing
from casereviews.notebook.records import DocumentOfReview, FactOfDocument, RecommendationOfDocument
from casereviews.repository.home import Home
from casereviews.repository.published_documents import Review, ReviewDocument

T = TypeVar("T")
Reviews: TypeAlias = str | Hit | Review | Iterable[str | Hit | Review]
"""A review, or several: their ids (older ones too, and those of documents), or records of them."""
AT_ONCE = ROWS + 1
"""So many hits are looked up when a search is asked, as many as its table needs; the others when they are read."""
SERVED = "http://127.0.0.1:8000"
"""Where tables look for the pages: `casereviews serve --port 8000`."""


def open(home: Home | Path | str, *, names: bool = False, served: str = SERVED) -> Notebook:
    """A home for notebooks and programs that compute: what it holds as records, data frames and tables.

    `home` is the folder of a collection. Notebooks are shared with what they show, so the labels that are real persons' names are
    left out of all that it gives, as `export` leaves them out; `names` keeps them. `served` is where `casereviews serve` answers: tables link
    to its pages. Nothing is read or opened yet, so no home is an error of what is asked next. Raises RequestError where `served` is no web address.

        with casereviews.open("~/reviews") as cases:
            frame = cases.search('"unsafe sleep"').to_pandas()
    """
    if not web_address(served):
        raise RequestError(f"served is a web address such as {SERVED}, not {served}")
    return Notebook(Collection(home), names=names, served=served.rstrip("/"))


class Notebook:
    """What a home holds, as records that are read when they are iterated, drawn or made a data frame.

    Every error is the collection's own and says what to do: NothingCollected and NoIndex before the first refresh, QueryError,
    UnknownId, RequestError. Threads may share one; what is being iterated belongs to the thread that asked.
    `collection` is the home's Collection, for counts, pictures and all else that the verbs do: it withholds nothing.
    """

    def __init__(
        self, collection: Collection, *, names: bool = False, served: str = SERVED
    ) -> None:
        self.collection = collection
        self.names = names
        self._served = served

    def __enter__(self) -> Notebook:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files that this thread opened; what is asked next opens them again."""
        self.collection.close()

    def __repr__(self) -> str:
        built = self.collection.state()
        if built is None:
            return "<case reviews: no index yet>"
        documents = counted(built.documents, "document")
        return f"<case reviews: {counted(built.reviews, 'review')}, {documents}, indexed {built.built[:10]}>"

    # ------------------------------------------------------------ finding

    def search(
        self,
        query: str = "",
        *,
        filters: Filters | None = None,
        sort: str = "relevance",
        exact: bool = False,
        all_words: bool = False,
        limit: int | None = None,
    ) -> Hits:
        """All reviews that match a query and filters (name -> values, any of which may hold), best first, each with its best pages.

        The query language is that of docs/QUERY-LANGUAGE.md. `len` of it is what `casereviews search` counts, or `limit`: reviews that have only
        most of the words are not among them. It is of the index that was asked; when that changed, what is iterated is found anew. `sort` is relevance or date (newest first). Its columns are those of `reviews`, and rank (from 1), score,
        and the best page (of the file, from 1) with its snippet. Raises QueryError, which points at the character, NoIndex, RequestError.
        """
        asked: Mapping[str, Any] = {
            "filters": filters,
            "sort": sort,
            "exact": exact,
            "all_words": all_words,
        }
        at_once = AT_ONCE if limit is None else min(limit, AT_ONCE)
        ask = partial(self.collection.search, query, **asked, limit=at_once)
        results = self._shared(ask())
        count = results.total if limit is None else min(results.total, limit)
        meant = [f"did you mean: {one}" for one in results.did_you_mean]

        def read() -> Iterator[Hit]:
            # What comes after hits of another index may lack some of it, or have them twice.
            first = results if self.collection.state() == results.index else ask()
            every = self.collection.every_hit(first, **asked)
            return map(self._sharing(), islice(every, limit))

        return Hits(
            kinds.FOUND,
            read,
            replace(self._drawing(), query=query, exact=exact),
            results,
            count=count,
            told="; ".join((results.understood, *meant, *results.advice)),
        )

    def similar(
        self,
        text: str | None = None,
        *,
        review_id: str | None = None,
        filters: Filters | None = None,
        limit: int = 10,
    ) -> Hits:
        """Reviews that read like a case described in plain words, or like a review, the closest first; each says why (`hit.why`).

        The description is neither kept nor sent by this; a notebook keeps what is typed in its cells (docs/RESEARCH.md says how to avoid that).
        `caution` is to be read beside them. Its columns are those of `search`, and strength (strong, fair, weak), same (codes of facts that both
        have), speaks_of. Raises RequestError when there is nothing to compare, or no such review, NoIndex.
        """
        found = self.collection.similar(text, review_id=review_id, filters=filters, limit=limit)
        results = self._shared(found.results)
        return Hits(
            kinds.ALIKE,
            lambda: iter(results.hits),
            self._drawing(),
            results,
            count=len(results.hits),
            told="nothing here is close: these come nearest" if found.all_weak else "",
            caution=found.caution,
            left_out=found.left_out,
        )

    # ------------------------------------------------------------ what is held

    def reviews(self, of: Reviews | None = None) -> Records[Review]:
        """All shown reviews by id, or those of a search, records or ids; adult reviews are among them.

        Each has its published fields and its documents with all facts. The data frame has a row a review, whose columns are the fields
        of docs/DATA.md, those of its best document and what all documents say. Raises NothingCollected, UnknownId.
        """
        return self._records(kinds.REVIEWS, of)

    def documents(self, of: Reviews | None = None) -> Records[DocumentOfReview]:
        """The documents of all shown reviews, or of some: the report, its summary, a briefing; each with its review's id. `pages` counts
        those of the file. Raises NothingCollected, UnknownId."""
        return self._records(kinds.DOCUMENTS, of)

    def facts(self, of: Reviews | None = None) -> Records[FactOfDocument]:
        """All candidates for the fields of all shown reviews, or of some, with the sentence and the page (of the file, from 1) that say so.

        More than one may be told of a field: the value that stands is in `reviews` or `documents`. `confidence` is 0 to 1 by the rule that found it, no
        measured share; benchmarks/README.md has what was measured. No sentence of a library's abstract is among them. Raises NothingCollected, UnknownId.
        """
        return self._records(kinds.FACTS, of)

    def recommendations(self, of: Reviews | None = None) -> Records[RecommendationOfDocument]:
        """The recommendations of all shown reviews, or of some, as printed, with the page (of the file, from 1) that each begins on.

        Raises NothingCollected, UnknownId.
        """
        return self._records(kinds.RECOMMENDATIONS, of)

    def pages(self, review: str | Hit | Review | ReviewDocument) -> CountedRecords[DocumentPage]:
        """All pages of a document, in order: of the one that an id or a record names, of a hit that which was found, of a review its best one.

        `page` counts the file's pages from 1, `label` is the printed number, `text` all that can be read on it. None where the file could not be read, or
        is a library's own: the table says why. Copyright stays with the board. Raises UnknownId, NoIndex, NothingCollected.
        """
        one = (
            review
            if isinstance(review, str)
            else review.review_id
            if isinstance(review, Review)
            else review.document_id
        )
        found = self.collection.exported_pages(one, names=self.names)
        told = (
            found[0].document.title or ""
            if found
            else _without_pages(self.collection.document(one))
        )
        return CountedRecords(
            kinds.PAGES, lambda: iter(found), self._drawing(), told, count=len(found)
        )

    def marks(self) -> CountedRecords[Mark]:
        """The decisions of a systematic review that stand: one for each review, stage and reader, in the order in which they were made, under the ids that
        reviews have now. Reasons and notes are as people typed them. Raises RequestError where `marks.csv` cannot be read."""
        found = self.collection.marks.standing()
        return CountedRecords(kinds.MARKS, lambda: iter(found), self._drawing(), count=len(found))

    # ------------------------------------------------------------ how it is given

    def _records(self, kind: Kind[T], of: Reviews | None) -> Records[T]:
        ids = None
        if of is not None:
            several = (of,) if isinstance(of, (str, Hit, Review)) else of
            ids = {one if isinstance(one, str) else one.review_id for one in several}
        read = partial(
            self.collection.exported,
            review_ids=ids,
            names=self.names,
            summaries=kind is kinds.REVIEWS,
        )
        read()  # an error is told where it is asked, not in the middle of a table
        return Records(kind, read, self._drawing())

    def _drawing(self) -> Drawing:
        return Drawing(self.collection.vocabulary, self._served)

    def _sharing(self) -> Callable[[Hit], Hit]:
        return partial(shared, libraries=self.collection.libraries(), names=self.names)

    def _shared(self, results: Results) -> Results:
        hits = tuple(map(self._sharing(), results.hits))
        return replace(results, hits=hits, did_you_mean=self._meant(results.did_you_mean))

    def _meant(self, suggested: tuple[str, ...]) -> tuple[str, ...]:
        """Suggestions are words of the index: without those that are of a name that is withheld."""
        if self.names or not suggested:
            return suggested
        every = self.collection.search(
            filters={"scope": ["all"]}, limit=None, facets=False, pages=False
        )
        named = (hit for hit in every.hits if hit.fields.get("label_kind") == REAL_NAME)
        hidden = {label for hit in named for label in hit.subjects}
        return tuple(one for one in suggested if name_words_withheld(one, hidden) == one)


def _without_pages(document: ReviewDocument) -> str:
    """Why no page of a document is given."""
    return (why_no_page(document) or ": a library's own text is not handed on").removeprefix(": ")
