"""`Collection`: the one door to what a home holds."""

from __future__ import annotations

import contextlib
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Collection as Several
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from casereviews.collection.errors import NothingCollected, RequestError
from casereviews.collection.opening import Opener
from casereviews.collection.progress import SILENT, Progress
from casereviews.repository.home import Home

if TYPE_CHECKING:
    from casereviews.collection.asking.areas import AreaCounts
    from casereviews.collection.asking.counts import Counts, CrossTable
    from casereviews.collection.asking.listed_themes import ListedThemes
    from casereviews.collection.asking.news import News
    from casereviews.collection.asking.reader_pages import ReaderPage
    from casereviews.collection.asking.reasons import Reason
    from casereviews.collection.asking.search_record import LoggedSearch, SearchRecord
    from casereviews.collection.asking.status import SourceStanding, Status, UncheckedSource
    from casereviews.collection.asking.timeline import Timeline
    from casereviews.collection.briefing.records import Briefing
    from casereviews.collection.changing.adding import Added
    from casereviews.collection.changing.coming_back import CameBack
    from casereviews.collection.changing.doctor import Finding
    from casereviews.collection.changing.migrating import Migrated, Removed
    from casereviews.collection.changing.refreshing import Refreshed
    from casereviews.collection.changing.withdrawing import Withdrawn
    from casereviews.collection.keeping.exports import KnownExport
    from casereviews.collection.keeping.mark_import import Imported
    from casereviews.collection.keeping.marks import Mark, MarkedAtOnce, Marks
    from casereviews.collection.keeping.registry import Registry
    from casereviews.collection.keeping.saved_searches import SavedSearches
    from casereviews.collection.keeping.sentence_model import SentenceModel
    from casereviews.collection.output.coding.project import WrittenProject
    from casereviews.collection.output.pictures import Picture
    from casereviews.collection.output.tables.writing import Written
    from casereviews.collection.output.withholding import ExportedReview
    from casereviews.collection.reliability.agreement import Agreement
    from casereviews.collection.reliability.methods import Methods
    from casereviews.collection.reliability.sampling import Sample
    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.sources.source import Source
    from casereviews.index.concordance import Occurrence
    from casereviews.index.folder import Built
    from casereviews.index.results import Hit, MarkedPage, Results
    from casereviews.index.search import Searcher
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.repository.backups import Copied, Restored
    from casereviews.repository.describing.corrections import Correction
    from casereviews.repository.model import Fact, Page
    from casereviews.repository.published_documents import Review, ReviewDocument
    from casereviews.repository.quality import FieldQuality
    from casereviews.repository.reading import OcrPage
    from casereviews.repository.record.outcome import Held
    from casereviews.repository.sentence_encoder import Encoder
    from casereviews.repository.vocabulary import Vocabulary
    from casereviews.repository.withdrawals import ToWithdraw

AT_A_TIME = 200
EVERY = 1_000_000_000
CHANGE_SECONDS = 0.05
"""So long a search waits for an index that is changed under it, CHANGES_AWAITED times at most."""
CHANGES_AWAITED = 200
Filters = Mapping[str, Sequence[str]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of a document's text. `page` counts the file's pages from 1, `label` is the printed number."""

    document: ReviewDocument
    page: int
    label: str | None
    text: str

    @property
    def url(self) -> str | None:
        """The publisher's address, of a PDF that of the page."""
        address = self.document.url
        if address and self.document.media_type == "application/pdf":
            return f"{address}#page={self.page}"
        return address

    def to_json(self) -> dict[str, Any]:
        """The page as the contract of `show --page --json` has it."""
        return {
            "document_id": self.document.document_id,
            "page": self.page,
            "label": self.label,
            "text": self.text,
            "availability": self.document.availability,
            "url": self.url,
        }


@dataclass(frozen=True, slots=True)
class Similar:
    """Reviews that read like a case. `caution` must be shown beside them; `left_out` says what of the description was not read."""

    results: Results
    caution: str
    left_out: str = ""

    @property
    def all_weak(self) -> bool:
        """True when something was found and nothing of it is close."""
        hits = self.results.hits
        return bool(hits) and all(hit.why and hit.why.strength == "weak" for hit in hits)

    def to_json(self) -> dict[str, Any]:
        """The hits as the contract of `similar --json` has them."""
        return {**self.results.to_json(), "caution": self.caution}


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The index after a rebuild, and how many files were read again."""

    built: Built
    read_again: int


class Collection:
    """What a home holds: searched, read, refreshed, corrected.

    `home` is a folder or a Home; it is made when something is first written to it. `ask_contact` is called when publishers are
    to be asked and no contact is set (CASEREVIEWS_CONTACT, or `contact` in the home's config.toml); without it NoContact is raised.
    `warn` is told what is wrong with the home where that stops nothing.
    Threads may share it; what is given bit by bit (`every_hit`, `concordance`, `reviews`) is read by the thread that asked.
    Writing takes the home's lock and raises HomeLocked when another process holds it; every error says what to do next.

        with Collection("~/reviews") as collection:
            for hit in collection.search('"unsafe sleep"', filters={"nation": ["Wales"]}).hits:
                print(hit.review_id, hit.title, hit.pages)
    """

    def __init__(
        self,
        home: Home | Path | str,
        *,
        ask_contact: Callable[[], str] | None = None,
        warn: Callable[[str], None] = warnings.warn,
    ) -> None:
        self.home = home if isinstance(home, Home) else Home(_absolute(Path(home)))
        self._ask_contact = ask_contact
        self._warn = warn
        self._own = threading.local()
        self._opener = Opener(self.home)
        self._loaded: tuple[Path | None, Encoder | None] | None = None
        self._vocabulary: tuple[int, Vocabulary] | None = None

    def __enter__(self) -> Collection:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the index's files that this thread opened; its next search opens them again."""
        searcher: Searcher | None = self._own.__dict__.pop("searcher", None)
        if searcher is not None:
            searcher.close()

    # ------------------------------------------------------------ finding

    @property
    def searcher(self) -> Searcher:
        """The index as it stands now, opened again when it was built anew or brought up to date meanwhile.

        Each thread has its own: SQLite's files belong to the thread that opened them, and no thread closes another's.

        Raises NoIndex when there is none, ForeignIndex when another home built it, WithdrawalUnfinished when it is older than a
        withdrawal.
        """
        from casereviews.index.errors import IndexDamaged
        from casereviews.repository.sealed_databases import refuse_lost_record
        from casereviews.repository.withdrawal_journal import refuse_unfinished

        standing = self._opener.standing()
        refuse_unfinished(self.home, standing.built.withdrawals, "index")
        vocabulary = self.vocabulary
        searcher: Searcher | None = getattr(self._own, "searcher", None)
        if searcher is None or (searcher.built, searcher.vocabulary) != (
            standing.built,
            vocabulary,
        ):
            refuse_lost_record(self.home)
            self.close()
            try:
                self._own.searcher = searcher = standing.open(vocabulary, self._kept)
            except IndexDamaged:
                if self.state() in (None, standing.built):
                    raise
                return (
                    self.searcher
                )  # another index came while this one was opened, and its files went
        return searcher

    def refuse_damage(self) -> None:
        """Raise what a search or a look at the record would: IndexDamaged, HomeDamaged, WithdrawalUnfinished... No index yet is no damage."""
        from casereviews.index.errors import IndexDamaged, NoIndex
        from casereviews.repository.record import Record
        from casereviews.repository.sealed_databases import has_record

        try:
            if has_record(self.home):
                with Record.open(self.home):
                    pass
            _ = self.searcher
        except IndexDamaged:
            raise
        except NoIndex:
            pass
        finally:
            self.close()

    def _own_searcher(self) -> Searcher:
        """For what is read bit by bit: open until it is read, whatever is built or closed meanwhile."""
        from casereviews.repository.sealed_databases import refuse_lost_record
        from casereviews.repository.withdrawal_journal import refuse_unfinished

        refuse_lost_record(self.home)
        standing = self._opener.standing()
        refuse_unfinished(self.home, standing.built.withdrawals, "index")
        return standing.open(self.vocabulary, self._kept)

    @property
    def _kept(self) -> dict[str, Callable[[], Mapping[str, Sequence[str]]]]:
        """Fields of a query that people keep: read when a query names them."""
        return {"mark": lambda: self.marks.values()}

    def state(self) -> Built | None:
        """The index that is searched now, as its maker described it; None where there is none. What was kept of another is stale.

        A refresh, a rebuild, a correction, a release and a withdrawal all give another one.
        """
        from casereviews.index.errors import SearchError
        from casereviews.repository.errors import HomeError

        try:
            return self._opener.standing().built
        except (SearchError, HomeError):
            return None

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of the field with the home's own themes, for what only reads.

        With a wrong `themes.csv` it is the packaged one, and `warn` is told: nothing that reads is stopped by it.
        """
        from casereviews.repository.errors import VocabularyError
        from casereviews.repository.vocabulary import PACKAGED, load_vocabulary

        themes = self.home.themes_csv
        changed = themes.stat().st_mtime_ns if themes.exists() else 0
        if self._vocabulary is None or self._vocabulary[0] != changed:
            try:
                self._vocabulary = (changed, load_vocabulary(self.home))
            except VocabularyError as error:
                self._vocabulary = (changed, PACKAGED)
                self._warn(f"the home's own themes are left out: {error}")
        return self._vocabulary[1]

    def check_vocabulary(self) -> None:
        """Raise VocabularyError when the home's `themes.csv` is wrong. What writes checks it too: this is for work before that."""
        from casereviews.repository.vocabulary import load_vocabulary

        load_vocabulary(self.home)

    def search(
        self,
        query: str = "",
        *,
        filters: Filters | None = None,
        sort: str = "relevance",
        limit: int | None = 10,
        offset: int = 0,
        exact: bool = False,
        facets: bool = True,
        pages: bool = True,
        all_words: bool = False,
        most: bool = False,
    ) -> Results:
        """Reviews that match a query and filters (name -> values, any of which may hold), with their best pages.

        Words typed plainly are read as people mean them, with `all_words` each is looked for. With `most` reviews that have most
        of them follow, where fewer than a page have all: `Results.total` never counts them, and each says what it `lacks`.

        `sort` is relevance or date (newest first); `limit` None gives all. Raises QueryError, which points at the character.
        """
        if offset < 0 or (limit is not None and limit < 0):
            raise RequestError("limit and offset are 0 or more")
        from casereviews.index.search import Searcher

        ask: Callable[..., Results] = Searcher.search
        if most:
            from casereviews.index.one_box import search_plainly

            ask = partial(search_plainly, described=self._described)

        return self._of_one_index(
            lambda: ask(
                self.searcher,
                query,
                filters=filters,
                sort=sort,
                limit=EVERY if limit is None else limit,
                offset=offset,
                exact=exact,
                facets=facets,
                pages=pages,
                all_words=all_words,
            )
        )

    def _of_one_index(self, answer: Callable[[], T]) -> T:
        """What `answer` gives; asked again while a writer is between two commits, and where the files of the index that it read went."""
        from casereviews.index.errors import IndexChanged, IndexDamaged

        for _ in range(CHANGES_AWAITED):
            try:
                given = answer()
                if (used := getattr(self._own, "searcher", None)) is not None:
                    used.unchanged()
                return given
            except IndexChanged:  # the writer's last commit is index.json
                time.sleep(CHANGE_SECONDS)
            except IndexDamaged:
                searcher: Searcher | None = getattr(self._own, "searcher", None)
                if searcher is None or self.state() in (None, searcher.built):
                    raise
        raise IndexChanged("the index is being changed: search again in a minute")

    def _described(self, text: str) -> tuple[DescribedCase, Encoder | None]:
        """What was typed as a described case, and the home's sentence model."""
        from casereviews.collection.asking import described_case

        searched, _ = described_case.bounded(described_case.plain(text))
        return described_case.described(searched, self.vocabulary), self._encoder()

    def _encoder(self) -> Encoder | None:
        """The home's sentence model, loaded once, until another is chosen."""
        from casereviews.index.similar import encoders
        from casereviews.repository.toml_files import read_word

        named = read_word(self.home.config_toml, "model")
        folder = Path(named) if named else None
        if self._loaded is None or self._loaded[0] != folder:
            self._loaded = (folder, encoders.encoder_for(folder))
        return self._loaded[1]

    def every_hit(
        self,
        first: Results,
        *,
        filters: Filters | None = None,
        sort: str = "relevance",
        offset: int = 0,
        exact: bool = False,
        all_words: bool = False,
    ) -> Iterator[Hit]:
        """The hits of a search and all that come after them: some are looked up at a time, and none is kept.

        `first` is what the search gave from `offset` on.
        """
        results = first
        with self._own_searcher() as searcher:
            while results.hits:
                yield from results.hits
                offset += len(results.hits)
                results = searcher.search(
                    first.query,
                    filters=filters,
                    sort=sort,
                    exact=exact,
                    all_words=all_words,
                    limit=AT_A_TIME,
                    offset=offset,
                    facets=False,
                )
                searcher.unchanged()

    def record_of_search(
        self,
        results: Results,
        *,
        filters: Filters | None = None,
        sort: str = "relevance",
        exact: bool = False,
        all_words: bool = False,
    ) -> SearchRecord:
        """A search that was made just now as systematic reviews must report it (PRISMA-S), with the ids of all that it found."""
        from casereviews.collection.asking.search_record import search_record

        every = results
        if len(results.hits) < results.total:
            every = self.search(
                results.query,
                filters=filters,
                limit=None,
                exact=exact,
                all_words=all_words,
                facets=False,
                pages=False,
            )
        ids = [hit.review_id for hit in every.hits]
        return search_record(
            self.home,
            results,
            filters or {},
            sort=sort,
            exact=exact,
            all_words=all_words,
            review_ids=ids,
        )

    def logged_searches(self, log: Path | str) -> tuple[LoggedSearch, ...]:
        """The searches of a log that `search --log` wrote, in its order. Raises RequestError when it cannot be read."""
        from casereviews.collection.asking.search_record import logged_searches
        from casereviews.repository.edited_text import edited_text

        path = Path(log)
        try:
            lines = edited_text(path, save="save it as UTF-8").split("\n")
        except FileNotFoundError:
            raise RequestError(
                f"there is no {path}: `casereviews search --log` writes one"
            ) from None
        except (OSError, ValueError) as error:
            raise RequestError(f"{path} cannot be read: {error}") from error
        return logged_searches(lines, str(path))

    def similar(
        self,
        text: str | None = None,
        *,
        review_id: str | None = None,
        filters: Filters | None = None,
        limit: int = 10,
    ) -> Similar:
        """Reviews like a case that is described in plain words, or like a review. The description is neither stored nor sent.

        Raises RequestError when there is nothing to compare, or no such review.
        """
        from casereviews.collection.asking import described_case
        from casereviews.index.similar.finding import CAUTION, find_similar

        left_out = ""
        described: DescribedCase | None = None
        if review_id is None:
            searched, left_out = described_case.bounded(described_case.plain(text or ""))
            if not searched.strip():
                raise RequestError("there is no description to compare")
            described = described_case.described(searched, self.vocabulary)

        def found() -> Results:
            searcher = self.searcher
            case = described or described_case.case_of_review(searcher, review_id or "")
            return find_similar(
                searcher, case, encoder=self._encoder(), filters=filters, limit=limit
            )

        results = self._of_one_index(found)
        return Similar(results, CAUTION, left_out)

    def briefing(
        self, query: str = "", *, filters: Filters | None = None, exact: bool = False
    ) -> Briefing:
        """A briefing drafted of the reviews that match a query and filters: counts, and sentences that are the reports' own.

        What matches is what `search` finds, with `exact` by exact words alone; else a query that names a theme is the theme, where a
        review has it, because its words stand in many reports that are about something else. Real persons' names and library
        abstracts are in none. Raises RequestError without query and filters, QueryError.
        """
        from casereviews.collection.briefing.drafting import MOST_READ, draft
        from casereviews.collection.briefing.topic import theme_named
        from casereviews.collection.clock import today

        if not query.strip() and not filters:
            raise RequestError("say what the briefing is about: a query, or a filter such as theme")
        libraries = self.libraries()
        named = None if exact else theme_named(self.vocabulary, query)
        if named and self._all_of("", by_theme := {**(filters or {}), "theme": [named]}).total:
            query, filters = "", by_theme
        found = self._all_of(query, filters, exact=exact)
        best = self.search(query, filters=filters, limit=MOST_READ, facets=False, exact=exact)
        return draft(
            self.home,
            self.vocabulary,
            found,
            best,
            self.reviews,
            libraries,
            accessed=today(),
        )

    def concordance(
        self, phrase: str, *, filters: Filters | None = None, width: int = 48
    ) -> Iterator[Occurrence]:
        """Every occurrence of an exact phrase, newest reviews first, with `width` letters on either side."""
        with self._own_searcher() as searcher:
            yield from searcher.concordance(phrase, filters=filters, width=width)
            searcher.unchanged()

    def counts(
        self,
        by: str,
        *,
        within: str = "",
        filters: Filters | None = None,
        exact: bool = False,
        top: int = 40,
    ) -> Counts:
        """Reviews (all, or those that match a query and filters) by the values of a facet field: year, nation, theme...

        Raises RequestError for any other.
        """
        from casereviews.collection.asking.counts import checked, counts_of

        checked(by)
        return counts_of(self._all_of(within, filters, exact=exact), by, top)

    def cross_table(
        self,
        by: tuple[str, str],
        *,
        within: str = "",
        filters: Filters | None = None,
        exact: bool = False,
        top: int = 40,
    ) -> CrossTable:
        """Reviews by the values of two facet fields: theme by year. Raises RequestError for any other."""
        from casereviews.collection.asking.counts import checked, cross_table_of

        for one in by:
            checked(one)
        return cross_table_of(self._all_of(within, filters, exact=exact), by, top)

    def timeline(
        self, *, within: str = "", filters: Filters | None = None, exact: bool = False
    ) -> Timeline:
        """Reviews (all, or those that match a query and filters) by the years of publication and of what they tell of."""
        from casereviews.collection.asking.timeline import timeline_of

        return timeline_of(self._all_of(within, filters, exact=exact))

    def areas(
        self, *, within: str = "", filters: Filters | None = None, exact: bool = False
    ) -> AreaCounts:
        """Reviews (all, or those that match a query and filters) by council area, with GSS codes."""
        from casereviews.collection.asking.areas import areas_of

        return areas_of(self._all_of(within, filters, exact=exact))

    def picture(self, of: Counts | CrossTable | Timeline | AreaCounts) -> Picture:
        """What was counted as a picture: `svg()`, `png()`, `figure()`; `title` and `description` for those who hear it.

        Raises CannotDraw without the extra [charts].
        """
        from casereviews.collection.asking.pictures import picture_of

        return picture_of(of, self.vocabulary)

    def sample(
        self,
        query: str = "",
        *,
        n: int = 40,
        by: Sequence[str] = (),
        seed: int | None = None,
        fields: Sequence[str] = (),
        filters: Filters | None = None,
    ) -> Sample:
        """`n` of the reviews that match a query and filters, to be coded by hand: drawn by a seed (a new one without), stratified by facet fields.

        `fields` are what is to be coded (`reliability.coded_fields.USUAL` without). The same home, question and seed give the same reviews.
        Reviews of which no file is kept are left out, and named. Raises RequestError for a field that is none, or a number below 1; QueryError.
        """
        from casereviews.collection.asking.counts import checked
        from casereviews.collection.reliability.coded_fields import coded_fields
        from casereviews.collection.reliability.sampling import sample_of
        from casereviews.repository.published_documents import reviews_without_files

        if n < 1:
            raise RequestError("a sample has 1 review or more")
        for one in by:
            checked(one)
        return sample_of(
            self._all_of(query, filters),
            self.exported,
            coded_fields(self.vocabulary, fields),
            reviews_without_files(self.home),
            n=n,
            by=tuple(by),
            seed=seed,
        )

    def agreement(
        self,
        text: str,
        *,
        where: str = "the sheet",
        differences: bool = True,
        progress: Progress = SILENT,
    ) -> Agreement:
        """The text of a sheet that `sample` wrote and somebody filled in, compared with what the rules say of its reviews.

        With `differences` each is told with its page; for that the documents of which the coder says more are described once more.
        Raises RequestError when it is no such sheet, or no cell of it is filled; what else is wrong with it is named in the answer.
        """
        from casereviews.collection.reliability.agreement import agreement
        from casereviews.collection.reliability.sheet import filled_sheet

        self._collected()
        return agreement(
            self.home,
            filled_sheet(text, where, self.vocabulary),
            self.reviews,
            self.reasons if differences else None,
            self.libraries(),
            progress,
        )

    def methods(
        self, *, searches: Sequence[LoggedSearch] = (), agreement: Agreement | None = None
    ) -> Methods:
        """What a methods section tells of this home: sources, dates, gaps, rules, the flow of its marks; logged `searches` and a compared sheet where they are given."""
        from casereviews.collection.asking.counts import counts_of
        from casereviews.collection.reliability.methods import COUNTED_BY, methods_of

        self._collected()
        found = self._all_of("", {"scope": ["all"]})
        marks = self.marks
        return methods_of(
            self.home,
            self.vocabulary,
            self.registry.known(),
            {by: counts_of(found, by, EVERY) for by in COUNTED_BY},
            found.index.built,
            searches=tuple(searches),
            flow=marks.flow([one.identified() for one in searches]) if marks.standing() else (),
            agreement=agreement,
        )

    def themes(self, groups: Several[str] = ()) -> ListedThemes:
        """The themes and agencies of the home's vocabulary with their definitions, each with how many reviews carry it.

        `groups` are codes or names. Where nothing was collected yet no review is counted. Raises RequestError for an unknown group.
        """
        from casereviews.collection.asking.listed_themes import groups_named, listed_themes
        from casereviews.repository.sealed_databases import has_record, refuse_lost_record

        chosen = groups_named(groups)
        refuse_lost_record(self.home)
        found = self._all_of("", None) if has_record(self.home) else None
        return listed_themes(self.vocabulary, found, chosen)

    def _all_of(self, query: str, filters: Filters | None, *, exact: bool = False) -> Results:
        return self.search(
            query, filters=filters, limit=None, facets=False, pages=False, exact=exact
        )

    def values_of(self, filter_name: str) -> tuple[str, ...]:
        """The values of a filter, in order: the codes of its field, and what the index has of a facet. For what offers a choice."""
        from casereviews.index.errors import SearchError
        from casereviews.repository.errors import RepositoryError
        from casereviews.repository.fields import SEARCHED

        field = next((one for one in SEARCHED if one.query == filter_name), None)
        if field is None:
            raise RequestError(f"there is no filter {filter_name}")
        values = set(self.vocabulary.labels(field.codes)) if field.codes else set()
        if field.facet:
            # Before the first refresh the codes are all there is.
            with contextlib.suppress(SearchError, RepositoryError):
                values |= self.searcher.values_of(field.query)
        return tuple(sorted(values))

    def shown_ids(self) -> tuple[str, ...]:
        """The ids of all shown reviews and documents, in order."""
        return tuple(sorted(self.searcher.shown_ids()))

    # ------------------------------------------------------------ reading

    def review(self, identifier: str, *, placed: bool = False) -> Review:
        """A review by its id, an older one, or that of one of its documents. Raises UnknownId when it is not shown.

        `placed` reads the pages of its documents too, and its facts say where their evidence stands (`repository.evidence_places.PlacedFact`).
        """
        from casereviews.repository.published_documents import shown_review, with_places

        self._may_know(identifier)
        review = shown_review(self.home, identifier)
        return with_places(self.home, review) if placed else review

    def reviews(
        self, review_ids: Several[str] | None = None, *, placed: bool = False
    ) -> Iterator[Review]:
        """All shown reviews by id, or some, `placed` as that of `review`. Raises NothingCollected before the first refresh."""
        from casereviews.repository.published_documents import shown_reviews

        self._collected()
        return shown_reviews(self.home, review_ids, placed=placed)

    def libraries(self) -> frozenset[str]:
        """The ids of the sources whose entries and pages are texts of their own, which are not handed on (NSPCC's abstracts).

        Raises NothingCollected before the first refresh.
        """
        from casereviews.repository.record import Record

        self._collected()
        with Record.open(self.home) as record:
            return frozenset(
                key for key, info in record.sources().items() if info.family == "nspcc"
            )

    def exported(
        self,
        found: Results | None = None,
        *,
        review_ids: Several[str] | None = None,
        names: bool = False,
        summaries: bool = False,
    ) -> Iterator[ExportedReview]:
        """Reviews (all, those that a search found, with its best pages, or those that some ids name) as they may leave the home: no text,
        no abstract's sentence, and real persons' names only with `names`. With `summaries` each has its report's own first sentences, for which
        pages are read. Raises NothingCollected, UnknownId when an id names nothing that is shown."""
        hits: Mapping[str, Hit | None] | None = None
        if found is not None:
            hits = {hit.review_id: hit for hit in found.hits}
        elif review_ids is not None:
            self._collected()
            hits = dict.fromkeys(self._shown(review_ids))
        return self._exported(hits, names=names, summaries=summaries)

    def _exported(
        self, hits: Mapping[str, Hit | None] | None, *, names: bool, summaries: bool
    ) -> Iterator[ExportedReview]:
        from casereviews.collection.output.withholding import exported

        libraries = self.libraries()
        shown = self.reviews(hits, placed=True)
        reviews: Iterator[tuple[Review, str]] = (
            self._summarised(shown, libraries) if summaries else ((review, "") for review in shown)
        )
        return (
            exported(
                review,
                abstract=review.source in libraries,
                libraries=libraries,
                names=names,
                hit=hits[review.review_id] if hits else None,
                summary=summary,
            )
            for review, summary in reviews
        )

    def _shown(self, typed: Several[str]) -> set[str]:
        """The ids that reviews have now, of ids that may be older ones or those of documents. Raises UnknownId."""
        from casereviews.repository.errors import UnknownId
        from casereviews.repository.published_documents import shown_review_ids

        found = shown_review_ids(self.home, typed)
        for one in typed:
            if one not in found:
                raise UnknownId(f"{one} names nothing that is shown")
        return set(found.values())

    def exported_pages(self, identifier: str, *, names: bool = False) -> tuple[DocumentPage, ...]:
        """All pages of a document, or of a review's best one, as they may stand in what is shared: real persons' names only with `names`.

        None where its text could not be read, or is a library's own. Raises UnknownId, RequestError where the index lacks a page.
        """
        from casereviews.collection.output.withholding import (
            exported,
            is_of_library,
            labels_withheld,
            name_words_withheld,
        )

        libraries = self.libraries()

        def found() -> tuple[Review, ReviewDocument, list[Page | None]]:
            review = self.review(identifier)
            document = review.document(identifier)
            numbers = range(1, document.pages + 1)
            if is_of_library(document.source, document.media_type, libraries):
                numbers = range(0)
            searcher = self.searcher
            return review, document, [searcher.page(document.document_id, one) for one in numbers]

        review, document, pages = self._of_one_index(found)
        taken = exported(review, abstract=False, libraries=libraries, names=names)
        told = taken.review.document(document.document_id)
        hidden = labels_withheld(review, names=names)
        given = []
        for number, page in enumerate(pages, 1):
            if page is None:
                raise _no_page(document, number)
            given.append(
                DocumentPage(told, number, page.label, name_words_withheld(page.text, hidden))
            )
        return tuple(given)

    def _summarised(
        self, reviews: Iterable[Review], libraries: Several[str]
    ) -> Iterator[tuple[Review, str]]:
        from casereviews.collection.output.abstracts import summary_of
        from casereviews.repository.record.derived import Derived

        with Derived.open(self.home) as derived:
            for review in reviews:
                yield review, summary_of(derived, review, libraries)

    def write_tables(
        self,
        form: str,
        to: Path | str,
        found: Results | None = None,
        *,
        filters: Filters | None = None,
        names: bool = False,
        progress: Progress = SILENT,
    ) -> Written:
        """Write reviews (all, or those that a search by a query and `filters` finds, of which `found` has the first) as tables: `form` is
        parquet or package (a folder), duckdb or sqlite (a file). Whole or not at all; of no review nothing is written.

        Raises RequestError for another form and for a place that is not replaced, NeedsData without the extra [data].
        """
        from casereviews.collection.output.places import refuse_in_home
        from casereviews.collection.output.tables.provenance import circumstances
        from casereviews.collection.output.tables.writing import FORMS, write_tables
        from casereviews.collection.output.withholding import labels_of_hit_withheld

        if form not in FORMS:
            raise RequestError(f"there is no form {form} of tables: {', '.join(FORMS)}")
        refuse_in_home(_absolute(Path(to)), self.home.root)
        self._collected()
        hits: dict[str, None] | None = None
        hidden: set[str] = set()
        if found is not None:
            # No hit is kept: of each its review is read.
            hits = {}
            for hit in self.every_hit(found, filters=filters):
                hits[hit.review_id] = None
                hidden.update(labels_of_hit_withheld(hit, names=names))
        given = circumstances(self.home, self.vocabulary, found, filters or {}, names, hidden)
        taken = self._exported(hits, names=names, summaries=True)
        return write_tables(FORMS[form], _absolute(Path(to)), taken, given, progress)

    def with_abstracts(self, records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Hits or exported reviews of the JSON contract for a form of references: each with an abstract, of its codes in words and its report's own sentences."""
        from casereviews.collection.output.abstracts import with_abstracts

        return with_abstracts(self.home, records, self.vocabulary)

    def codebook(self) -> bytes:
        """The home's themes, agencies and coded fields as a codebook of the REFI-QDA standard (`.qdc`, XML in UTF-8)."""
        from casereviews.collection.output.coding.codebook import qdc

        return qdc(self.vocabulary)

    def write_project(
        self,
        out: BinaryIO,
        found: Results | None = None,
        *,
        texts: bool = False,
        names: bool = False,
        progress: Progress = SILENT,
    ) -> WrittenProject:
        """Write the reviews that `exported` gives as a project of the REFI-QDA standard (`.qdpx`) to a binary file.

        A case is a review, a source a document, and each theme, agency and coded field lies as a code on its evidence. `texts` puts the whole text
        of reports in, whose copyright stays with the boards. Real persons' names are in it only with `names`.
        """
        from casereviews.collection.clock import now
        from casereviews.collection.output.coding.leaving import leaving
        from casereviews.collection.output.coding.project import write_project

        def taken() -> Iterator[ExportedReview]:
            total = None if found is None else len(found.hits)
            for done, review in enumerate(self.exported(found, names=names), 1):
                yield review
                progress.step("written", done, total)

        reviews = leaving(self.home, taken(), texts=texts, names=names)
        return write_project(out, self.vocabulary, reviews, texts=texts, at=now())

    def note_export(
        self,
        form: str,
        place: Path | str,
        held: Iterable[tuple[str, Iterable[str]]],
        *,
        texts: bool = False,
    ) -> str:
        """Write down that reviews were taken away, so that a withdrawal can name the export; returns why that cannot be, "" when it was.

        `held` are the id of each review and those of its documents that were in it (none: all that it has now). `place` is a file or folder,
        `texts` says that whole reports were in it. Nothing is written down of no review.
        """
        from casereviews.collection.clock import now
        from casereviews.collection.errors import FileBusy
        from casereviews.collection.keeping.exports import Exports, KnownExport
        from casereviews.repository.errors import HomeError

        by_review: dict[str, list[str]] = {}
        for review_id, ids in held:
            by_review.setdefault(review_id, []).extend(ids)
        if not by_review:
            return ""
        if unnamed := [key for key, ids in by_review.items() if not ids]:
            for review in self.reviews(unnamed):
                by_review[review.review_id] = [one.document_id for one in review.documents]
        try:
            one = KnownExport(now(), form, str(_absolute(Path(place))), len(by_review), texts)
            Exports(self.home).note(one, (key for ids in by_review.values() for key in ids))
        except (HomeError, FileBusy) as error:
            return f"this export is not written down, and no withdrawal will name it: {error}"
        return ""

    @property
    def exports(self) -> tuple[KnownExport, ...]:
        """The exports that this home knows of, the earliest first; which documents each held is known by digests alone."""
        from casereviews.collection.keeping.exports import Exports

        return Exports(self.home).all()

    def document(self, identifier: str) -> ReviewDocument:
        """The document that an id names; of a review its best one."""
        return self.review(identifier).document(identifier)

    def page(self, identifier: str, number: int) -> DocumentPage:
        """A page of a document, or of a review's best one, by its number in the file; RequestError when there is none."""

        def found() -> tuple[ReviewDocument, Page | None]:
            document = self.document(identifier)
            return document, self.searcher.page(document.document_id, number)

        document, page = self._of_one_index(found)
        if page is None:
            raise _no_page(document, number)
        return DocumentPage(document, number, page.label, page.text)

    def reader_page(
        self, identifier: str, number: int, query: str = "", *, exact: bool = False
    ) -> ReaderPage:
        """A page of a document, or of a review's best one, with what a query finds on it: the places that snippets mark.

        Raises UnknownId, QueryError, RequestError when there is no such page.
        """
        from casereviews.collection.asking.reader_pages import reader_page

        def found() -> tuple[Review, MarkedPage | None]:
            review = self.review(identifier)
            document_id = review.document(identifier).document_id
            return review, self.searcher.marked_page(document_id, number, query, exact=exact)

        review, marked = self._of_one_index(found)
        document = review.document(identifier)
        if marked is None:
            raise _no_page(self.document(identifier), number)  # taken out meanwhile, perhaps
        return reader_page(review, document, marked)

    def citation(self, page: ReaderPage, form: str | None = None) -> str:
        """A page as a reference: `ris`, `bibtex`, or (None) in words."""
        from casereviews.collection.asking.reader_pages import citation

        return citation(page, form, self.vocabulary)

    def kept_as(self, document_id: str) -> tuple[str | None, str | None]:
        """(SHA-256, media type) of a document's kept file, by what the index says now. Raises UnknownId when the index has it not."""
        from casereviews.repository.errors import UnknownId

        fields = self._of_one_index(lambda: self.searcher.fields_of(document_id))
        if fields is None:
            raise UnknownId(f"{document_id} is not shown")
        sha256, media_type = fields.get("sha256"), fields.get("media_type")
        return (str(sha256) if sha256 else None, str(media_type) if media_type else None)

    def recognised_lines(self, sha256: str, number: int) -> OcrPage | None:
        """Where recognition found the lines of a scan's page; None of any other page."""
        from casereviews.repository.record.derived import Derived

        with Derived.open(self.home) as derived:
            return derived.lines_of(sha256, number)

    def kept_file(self, document: ReviewDocument) -> AbstractContextManager[Path]:
        """A document's kept file, for what hands it out while the block runs. Raises RequestError when none is kept, HomeDamaged, ArchiveError."""
        from casereviews.collection.output.kept_files import kept_file

        return kept_file(self.home, document)

    def reasons(self, identifier: str) -> tuple[Reason, ...]:
        """Where every field of a review came from: all candidates, winners and losers, each with its evidence; and what was seen and is no fact.

        The kept readings of its documents are described once more for it; `warn` is told where that says something else than what stands.
        """
        from casereviews.collection.asking.reasons import reasons_of
        from casereviews.repository.processing.seen_evidence import evidence_of
        from casereviews.repository.published_documents import with_places

        review = with_places(self.home, self.review(identifier))
        ids = [document.document_id for document in review.documents]
        seen = evidence_of(self.home, self.vocabulary, ids)
        for one in seen.values():
            if one.caution:
                self._warn(one.caution)
        return tuple(reasons_of(review, {key: one.pieces for key, one in seen.items()}))

    def conflicts(self, review: Review) -> tuple[tuple[Fact, Fact], ...]:
        """The pairs of facts of a review that cannot be true together."""
        from casereviews.collection.asking.reasons import conflicts_of

        return conflicts_of(review)

    def readable_copy(self, document: ReviewDocument) -> Path:
        """A copy of a document's kept file, with the ending of its type, for a program that opens it; of a web page its text."""
        from casereviews.collection.output.kept_files import readable_copy

        numbers = range(1, document.pages + 1)
        texts = (self.page(document.document_id, number).text for number in numbers)
        return readable_copy(self.home, document, texts)

    def news(
        self,
        since: str | None = None,
        *,
        sources: Several[str] = (),
        kinds: Several[str] = (),
    ) -> tuple[News, ...]:
        """What happened to documents since a day (ISO) or, without one, in the last refresh (and the stopped ones that it went on with)."""
        from casereviews.collection.asking.news import news_since

        self._collected()
        return news_since(self.home, since, sources, kinds)

    def history(self, review: Review) -> tuple[News, ...]:
        """All that happened to the documents of a review, the first first: `news` of them alone."""
        from casereviews.collection.asking.news import history_of

        return history_of(self.home, [document.document_id for document in review.documents])

    def without_names(self, news: Iterable[News]) -> tuple[News, ...]:
        """News as they are taken away: without labels that are real persons' names."""
        from casereviews.collection.asking.news import without_names

        return without_names(self.home, news)

    def held(self) -> tuple[Held, ...]:
        """What is hidden until a person decides: `release` or `withdraw` it."""
        from casereviews.repository.record import Record

        self._collected()
        with Record.open(self.home) as record:
            return tuple(record.held())

    def unchecked(self) -> tuple[UncheckedSource, ...]:
        """Sources of whose documents some were not checked for absence in their last run, and since when."""
        from casereviews.collection.asking.status import unchecked_sources

        self._collected()
        return unchecked_sources(self.home)

    def status(self, *, failing: bool = False, servers: bool = False) -> Status:
        """How every source ended its last run (or those that need a look), and what is held; with `servers` also how those of the home are."""
        from casereviews.collection.asking.status import status_of, status_with_servers

        if servers:
            return status_with_servers(self.home, self._collected, failing=failing)
        self._collected()
        return status_of(self.home, failing=failing)

    def source_standing(self) -> SourceStanding:
        """How many sources were asked, and how many need a look: what `status` says of them in two numbers."""
        from casereviews.collection.asking.status import standing_of

        self._collected()
        return standing_of(self.home)

    def quality(self) -> tuple[FieldQuality, ...]:
        """Per source and field: how much is filled, conflicting and corrected."""
        from casereviews.repository.quality import quality_of

        self._collected()
        return tuple(quality_of(self.home))

    # ------------------------------------------------------------ what people keep

    @property
    def registry(self) -> Registry:
        """The publishers: who they are, how each stands, what a night would take of them."""
        from casereviews.collection.keeping.registry import Registry

        return Registry(self.home, self._ask_contact)

    @property
    def saved(self) -> SavedSearches:
        """Searches that every refresh runs."""
        from casereviews.collection.keeping.saved_searches import SavedSearches

        return SavedSearches(self.home, lambda: self.searcher, self._of_one_index)

    @property
    def marks(self) -> Marks:
        """Decisions on reviews, for a systematic review."""
        from casereviews.collection.keeping.marks import Marks

        return Marks(self.home, lambda identifier: self.review(identifier).review_id)

    def mark_matching(
        self, query: str, like: Mark, *, filters: Filters | None = None
    ) -> MarkedAtOnce:
        """Mark every review that a query and filters find, each as `like`. Raises QueryError, and as `marks.put_all`."""
        from dataclasses import replace

        hits = self._all_of(query, filters).hits
        return self.marks.put_all(replace(like, review_id=hit.review_id) for hit in hits)

    def mark_file(
        self, text: str, like: Mark, *, where: str = "the file"
    ) -> tuple[MarkedAtOnce, int]:
        """Mark every review of the text of a file (`keeping.mark_files`), as each row says or, with a decision in `like`, all alike; with how
        many rows said no decision."""
        from casereviews.collection.keeping.mark_files import marks_of_file

        found = marks_of_file(text, where, like)
        return self.marks.put_all(found.marks), found.undecided

    def import_marks(
        self, text: str, like: Mark, *, where: str = "the file", dry_run: bool = False
    ) -> Imported:
        """Mark what a file of a screening tool decides (`keeping.screening_files`), each record matched with its review by id, else by an address that one review has.

        `like` gives stage, reader and reason where the file says none, and the decision where it says none of any record. With `dry_run` nothing
        is marked. Raises RequestError when it is no such file or its decisions are not clear, and as `marks.put_all`.
        """
        from casereviews.collection.keeping.mark_import import imported, known_of
        from casereviews.collection.keeping.screening_files import screening_file

        self._collected()
        file = screening_file(text, where)
        return imported(self.marks, file, known_of(self.home, file), like, where, dry_run=dry_run)

    @property
    def sentence_model(self) -> SentenceModel:
        """The model that `similar` compares passages with."""
        from casereviews.collection.keeping.sentence_model import SentenceModel

        return SentenceModel(self.home)

    # ------------------------------------------------------------ changing

    def refresh(
        self,
        source_ids: Sequence[str] = (),
        *,
        nation: str | None = None,
        due: bool = False,
        seconds: float | None = None,
        recheck: bool = False,
        delay: float | None = None,
        accept_shrink: bool = False,
        workers: int = 1,
        progress: Progress = SILENT,
    ) -> Refreshed:
        """Ask all sources of the registry (or some, of a nation, or those whose last run is more than 20 hours ago) what is new;
        read, describe and index it; run the saved searches; write the feeds (`feeds/new.*`, `feeds/saved/`).

        SIGTERM, Ctrl-C and a closed terminal stop it within seconds, whatever it is at: the next one goes on (`Refreshed.why_stopped`). `seconds` bounds the run, `recheck` asks for everything again, `delay` is in seconds between requests, `accept_shrink`
        confirms that a list has truly lost most of its documents, `workers` processes crawl at once, each with hosts of its own. Where nothing is `due`, and the last run was done, or `seconds` is 0, there is no run: `report.sources`
        is empty and `next_due` says when something is.
        """
        from casereviews.repository.stopping import stopping

        with stopping(seconds):
            from casereviews.collection.clock import fixed
            from casereviews.crawler.options import CrawlOptions

            options = CrawlOptions(
                seconds=seconds, recheck_all=recheck, delay=delay, now=fixed(), workers=workers
            )
            bounded = seconds is not None
            sources = self.registry.to_ask(source_ids, nation=nation, due=due, bounded=bounded)
            if seconds == 0 or (not sources and self._last_refresh_is_done()):
                from casereviews.collection.changing.refreshing import nothing_asked

                return nothing_asked(self.registry.next_due(source_ids, nation=nation))
            options = self.registry.options_for(sources, options)
            return self.refresh_from(
                sources, options, accept_shrink=accept_shrink, progress=progress
            )

    def _last_refresh_is_done(self) -> bool:
        from casereviews.repository.record import Record

        with Record.open(self.home) as record:
            return all(run.status == "done" for run in record.runs(limit=1, verb="refresh"))

    def refresh_from(
        self,
        sources: Sequence[Source],
        options: CrawlOptions,
        *,
        accept_shrink: bool = False,
        progress: Progress = SILENT,
    ) -> Refreshed:
        """`refresh` of sources that no registry need hold, with a crawl's own options."""
        from casereviews.repository.stopping import stopping

        with stopping(options.seconds):
            from casereviews.collection.changing.refreshing import refresh_home
            from casereviews.repository.sealed_databases import has_record

            if not has_record(self.home):  # without a contact no home is made
                options = self.registry.with_contact(sources, options)
            return refresh_home(
                self.home,
                sources,
                options,
                self.registry,
                self.saved,
                progress,
                accept_shrink=accept_shrink,
                warn=self._warn,
            )

    def add(
        self,
        what: Iterable[str],
        *,
        publisher: str,
        title: str = "",
        published: str = "",
        heading: str = "",
        nation: str | None = None,
        scope: str | None = None,
        landing_url: str | None = None,
        progress: Progress = SILENT,
    ) -> tuple[Added, ...]:
        """Add files, folders or addresses by hand: read, described, grouped and withdrawn like all others, of origin manual.

        Returns what became of each: what could not be read, what was skipped in a folder and files without a byte are named.
        `publisher` is a source's id or name, or any name; `title`, `published` and `heading` are what the board's page says;
        `nation` and `scope` (child, adult, both) are for a publisher that is in no registry.
        """
        from casereviews.collection.changing.adding import SaidByHand, add
        from casereviews.crawler.options import CrawlOptions

        said = SaidByHand(publisher, title, published, heading, nation, scope, landing_url)

        def contact_of(source: Source) -> str | None:
            self.registry.options_for([source], CrawlOptions())
            return self.registry.contact([source])

        return add(self.home, what, said, contact_of, progress, self._warn)

    def correct(
        self, identifier: str, field: str, value: str, *, note: str, progress: Progress = SILENT
    ) -> Correction:
        """Say what a field of a review or document really is; "" says that it is unknown. Wins over every rule.

        `theme+` adds one value to a field of several, `theme-` takes one out. `same_as` and `not_same_as` take another id: they join two
        reviews whole, or part two documents. Raises CorrectionError, UnknownId.
        """
        from casereviews.collection.changing.correcting import correct
        from casereviews.collection.changing.write_cycle import write_cycle

        self._may_know(identifier)
        with (
            write_cycle(self.home, "correct", progress, self._warn) as cycle,
            cycle.opened() as stores,
        ):
            return correct(self.home, stores, identifier, field, value, note, cycle.vocabulary)

    def corrections(self, identifier: str | None = None) -> tuple[Correction, ...]:
        """What people corrected, in the order in which it was said: all of it, or that of a review and its documents, or of a document.

        Raises CorrectionError when the file is wrong, UnknownId.
        """
        from casereviews.collection.changing.correcting import corrections_about
        from casereviews.repository.describing.corrections import corrections_of
        from casereviews.repository.record import Record
        from casereviews.repository.record.derived import Derived

        said = corrections_of(self.home).all
        if identifier is None:
            return said
        self._may_know(identifier)
        with Record.open(self.home) as record, Derived.open(self.home) as derived:
            return corrections_about(said, identifier, record, derived)

    def undo_correction(
        self, identifier: str, field: str = "", *, progress: Progress = SILENT
    ) -> Correction:
        """Take back the latest correction of a field (`outcome`, `theme+`, `theme+=VALUE`, `same_as=ID`) of a review or document, and return it.

        Without a field there must be one only. Raises CorrectionError when none is meant, or several, UnknownId.
        """
        from casereviews.collection.changing.correcting import undo
        from casereviews.collection.changing.write_cycle import write_cycle

        self._may_know(identifier)
        with (
            write_cycle(self.home, "correct", progress, self._warn) as cycle,
            cycle.opened() as stores,
        ):
            return undo(self.home, stores, identifier, field, cycle.vocabulary)

    def import_codings(
        self, path: Path | str, *, dry_run: bool = False, progress: Progress = SILENT
    ) -> CameBack:
        """Take back what a researcher changed in a coded project (`write_project`), as corrections with their evidence; with `dry_run` only say what that is.

        Themes and agencies that were added, moved or taken out, and variables of cases. What is not known again, and reviews and texts that are others now, are
        named and nothing of them is applied. Raises RequestError when the file is no project, or holds nothing of this home.
        """
        from dataclasses import replace

        from casereviews.collection.changing.coming_back import compare
        from casereviews.collection.changing.write_cycle import write_cycle
        from casereviews.collection.output.coding.returned import read_project
        from casereviews.repository.describing.corrections import add_corrections

        self._collected()
        returned = read_project(Path(path))
        if dry_run:
            return compare(self.home, self.vocabulary, returned, self.exported)
        with write_cycle(self.home, "corrections import", progress, self._warn) as cycle:
            found = compare(self.home, cycle.vocabulary, returned, self.exported)
            if not found.corrections:
                cycle.leave_index()
                return replace(found, applied=True)
            with cycle.opened():
                add_corrections(self.home.corrections_toml, found.corrections)
        return replace(found, applied=True)

    def release(
        self, identifier: str, *, version: int | None = None, progress: Progress = SILENT
    ) -> str:
        """Show a held document again (or let a replaced version rest as history); returns the document's id."""
        from casereviews.collection.changing.write_cycle import write_cycle
        from casereviews.collection.clock import now

        self._may_know(identifier)
        with (
            write_cycle(self.home, "held release", progress, self._warn) as cycle,
            cycle.opened() as stores,
        ):
            known = stores.record.resolve_document(identifier)
            stores.record.release(known, at=now(), version=version)
            return known

    def release_returned(
        self, source: str | None = None, *, progress: Progress = SILENT
    ) -> tuple[str, ...]:
        """Show every held document that its list names again, of one source or of all; returns their ids.

        Raises RequestError when the source was never asked.
        """
        from casereviews.collection.asking.news import known_source
        from casereviews.collection.changing.write_cycle import write_cycle
        from casereviews.collection.clock import now

        self._collected()
        with write_cycle(self.home, "held release", progress) as cycle, cycle.opened() as stores:
            if source is not None:
                known_source(source, stores.record.sources())
            return tuple(stores.record.release_returned(source, at=now()))

    def withdraw(
        self,
        identifier: str,
        *,
        reason: str,
        version: int | None = None,
        progress: Progress = SILENT,
    ) -> Withdrawn:
        """Take a review, a document or a version out everywhere, for good, and look whether anything of it is left.

        Raises UnknownId when nothing has this id.
        """
        from casereviews.collection.changing.write_cycle import write_cycle
        from casereviews.collection.clock import now
        from casereviews.repository.withdrawals import begin

        self._may_know(identifier)
        with write_cycle(self.home, "withdraw", progress, self._warn) as cycle:
            journal = begin(
                self.home,
                identifier,
                reason=reason,
                version=version,
                now=now(),
                vocabulary=cycle.vocabulary,
                marks=self.marks.marked(),
            )
            with self._begun_is_told():
                return cycle.withdraw(journal)

    def to_withdraw(
        self, identifier: str, *, version: int | None = None, progress: Progress = SILENT
    ) -> tuple[ToWithdraw, ...]:
        """The documents that `withdraw` would take out, copies at other publishers among them; none when it was withdrawn before.

        Raises UnknownId when nothing has this id.
        """
        from casereviews.repository.withdrawals import to_withdraw

        self._may_know(identifier)
        return to_withdraw(self.home, identifier, version)

    def rebuild(
        self,
        *,
        reading: bool = False,
        describing: bool = False,
        index: bool = False,
        everything: bool = False,
        progress: Progress = SILENT,
    ) -> Rebuilt:
        """Make derived things again from what is kept: readings that a better reader improves, descriptions, the index, or everything.

        Without any: describe every document by the rules of this version, then build the index anew.
        """
        from casereviews.collection.changing.write_cycle import write_cycle
        from casereviews.repository.record import derived

        self._collected()
        read_again = 0
        with write_cycle(self.home, "rebuild", progress, self._warn) as cycle:
            if everything:
                derived.forget(self.home)
            if everything or reading or describing or not index:
                with cycle.opened(run="rebuild", reread=reading) as stores:
                    if describing or not (reading or index):
                        stores.derived.forget_documents(list(stores.derived.described()))
                read_again = stores.read_again
            built = cycle.index(anew=index or everything or not reading)
        return Rebuilt(built, read_again)

    def backup(
        self, folder: Path | str, *, keep: int | None = None, progress: Progress = SILENT
    ) -> Copied:
        """Copy what cannot be made again to a folder of backups: record, tombstones, archive, what people edit.

        `keep` is how many copies stay there, this one included (None: `repository.backups.KEPT`). Older copies that hold what was
        withdrawn since go. Raises BackupError; the copies that were there are then as they were.
        """
        from casereviews.collection.changing.write_cycle import write_cycle
        from casereviews.collection.clock import now
        from casereviews.repository.backups import KEPT, Backup

        if keep is not None and keep < 1:
            raise RequestError("keep is 1 or more")
        self._collected()
        with write_cycle(self.home, "backup", progress, self._warn) as cycle:
            cycle.leave_index()
            return Backup(Path(folder).expanduser()).make(
                self.home, now=now(), keep=keep or KEPT, step=progress.step
            )

    def restore(
        self, folder: Path | str, *, copy: str | None = None, progress: Progress = SILENT
    ) -> tuple[Restored, Rebuilt]:
        """Bring a copy of a folder of backups (the newest, or the one of this name) back into this home, and make what is derived again.

        The home is new or empty, or one whose record was lost. What was withdrawn after the copy was made stays withdrawn. Raises
        BackupError.
        """
        from casereviews.collection.clock import now
        from casereviews.repository.backups import Backup, may_receive
        from casereviews.repository.lock import writing
        from casereviews.repository.processing import process
        from casereviews.repository.record import Record
        from casereviews.repository.record.derived import Derived

        backup = Backup(Path(folder).expanduser())
        backup.newest(copy)
        may_receive(self.home, backup)
        self.home.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with writing(self.home, "restore", to_restore=True) as vocabulary:
            restored = backup.restore(self.home, now=now(), copy=copy, step=progress.step)
            # Read before the index is made: a withdrawal that the copy does not know is finished by the words of the text.
            with (
                Record.open(self.home, write=True) as record,
                Derived.open(self.home, write=True) as derived,
            ):
                process(record, derived, now=now(), vocabulary=vocabulary, progress=progress.step)
        return restored, self.rebuild(index=True, progress=progress)

    def migrate(self, to: Path | str, *, progress: Progress = SILENT) -> Migrated:
        """Bring the home to the servers that the table [stores] of a file names, or (`to="folder"`) back into its folder.

        All is read and written where it was until everything is there and compared; a stopped migration goes on by the same call.
        Raises CannotMigrate, TomlError, and the errors of servers that cannot be used.
        """
        from casereviews.collection.changing.migrating import migrate

        self._collected()
        self.close()
        return migrate(self.home, to, progress)

    def left_places(self) -> tuple[str, ...]:
        """Where copies of the home still are that no withdrawal reaches: places that it left, and a copy that was begun."""
        from casereviews.repository.places import Places

        return tuple(one.words(self.home) for one in Places.of(self.home).elsewhere(self.home))

    def remove_old(self, *, progress: Progress = SILENT) -> Removed:
        """Take away what lies at those places. Raises CannotMigrate, and the errors of servers that cannot be used."""
        from casereviews.collection.changing.migrating import remove_old

        return remove_old(self.home, progress)

    def doctor(
        self, *, repair: bool = False, deep: bool = False, words: Several[str] = ()
    ) -> tuple[Finding, ...]:
        """Compare record, archive and index, and repair what can be; `deep` reads every kept file, and looks whether anything of what was withdrawn is left.

        `words` of withdrawn reports are looked for in every place that can be read.
        """
        from casereviews.collection.changing.doctor import examine

        return examine(self.home, repair=repair, deep=deep, words=words)

    def damage_behind(self, error: Exception) -> str:
        """The first file of the home that is not as it was written, with the remedy, for an error that nobody named.

        "" when none is, or when no reading of damaged files raises such an error (SQLAlchemy's bear SQLite's as `orig`).
        """
        from casereviews.collection.changing.doctor import damage_of
        from casereviews.index.errors import DAMAGE

        if not isinstance(error, (*DAMAGE, OSError)) and not hasattr(error, "orig"):
            return ""
        try:
            return damage_of(self.home)
        except DAMAGE:  # it is asked when something went wrong, and must not go wrong itself
            return ""

    @contextlib.contextmanager
    def _begun_is_told(self) -> Iterator[None]:
        """A withdrawal that an error interrupts is not finished: `warn` is told, and what finishes it."""
        from casereviews.index.errors import SearchError
        from casereviews.repository.errors import RepositoryError
        from casereviews.repository.withdrawal_journal import FINISH

        try:
            yield
        except (RepositoryError, SearchError):
            if self.home.withdrawal_json.exists():
                self._warn(f"the withdrawal is begun and not finished: {FINISH}")
            raise

    def _may_know(self, identifier: str) -> None:
        """Raise UnknownId before anything was collected: no home is made for what it cannot hold."""
        from casereviews.repository.errors import UnknownId
        from casereviews.repository.sealed_databases import has_record, refuse_lost_record

        refuse_lost_record(self.home)
        if not has_record(self.home):
            raise UnknownId(
                f"there is no {identifier}: nothing was collected yet (run `casereviews refresh`)"
            )

    def _collected(self) -> None:
        from casereviews.repository.sealed_databases import has_record, refuse_lost_record

        refuse_lost_record(self.home)
        if not has_record(self.home):
            raise NothingCollected


def _absolute(folder: Path) -> Path:
    """A home's folder whatever the working folder becomes; a `~` that names nobody is a letter like others."""
    with contextlib.suppress(RuntimeError):
        folder = folder.expanduser()
    return folder.absolute()


def _no_page(document: ReviewDocument, number: int) -> RequestError:
    count = f"{document.pages:,} page" + ("" if document.pages == 1 else "s")
    return RequestError(
        f"{document.document_id} has {count}, no page {number}" + why_no_page(document)
    )


def why_no_page(document: ReviewDocument) -> str:
    """Why a document has no page at all, and where its words may be; "" when it has some."""
    if document.pages:
        return ""
    if not document.sha256:
        return ": " + (document.trouble_told() or "no file of it is kept")
    status = (document.text_status or "not read yet").replace("_", " ")
    return f": its text could not be read ({status}); `casereviews open {document.document_id}` opens it"
