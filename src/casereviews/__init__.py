"""Collects, keeps and searches the case reviews that UK safeguarding bodies publish.

    from casereviews import Collection

    with Collection("~/reviews") as collection:
        results = collection.search('"unsafe sleep"', filters={"nation": ["Wales"]})

For notebooks, `casereviews.open("~/reviews")` gives the same as records, data frames and tables.

Everything is imported when it is first used, so that importing this costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casereviews.collection.asking.areas import AreaCounts as AreaCounts
    from casereviews.collection.asking.areas import AreaOfReviews as AreaOfReviews
    from casereviews.collection.asking.counts import Counts as Counts
    from casereviews.collection.asking.counts import CrossTable as CrossTable
    from casereviews.collection.asking.listed_themes import ListedTheme as ListedTheme
    from casereviews.collection.asking.listed_themes import ListedThemes as ListedThemes
    from casereviews.collection.asking.news import News as News
    from casereviews.collection.asking.reasons import Reason as Reason
    from casereviews.collection.asking.search_record import LoggedSearch as LoggedSearch
    from casereviews.collection.asking.search_record import SearchRecord as SearchRecord
    from casereviews.collection.asking.status import SourceStatus as SourceStatus
    from casereviews.collection.asking.status import Status as Status
    from casereviews.collection.asking.timeline import Timeline as Timeline
    from casereviews.collection.asking.timeline import YearOfReviews as YearOfReviews
    from casereviews.collection.briefing.records import Briefing as Briefing
    from casereviews.collection.briefing.records import Quotation as Quotation
    from casereviews.collection.changing.adding import Added as Added
    from casereviews.collection.changing.coming_back import CameBack as CameBack
    from casereviews.collection.changing.coming_back import LeftOut as LeftOut
    from casereviews.collection.changing.doctor import Finding as Finding
    from casereviews.collection.changing.refreshing import Refreshed as Refreshed
    from casereviews.collection.changing.withdrawing import Withdrawn as Withdrawn
    from casereviews.collection.collection import Collection as Collection
    from casereviews.collection.collection import DocumentPage as DocumentPage
    from casereviews.collection.collection import Rebuilt as Rebuilt
    from casereviews.collection.collection import Similar as Similar
    from casereviews.collection.errors import CollectionError as CollectionError
    from casereviews.collection.errors import NeedsData as NeedsData
    from casereviews.collection.keeping.exports import KnownExport as KnownExport
    from casereviews.collection.keeping.mark_import import Imported as Imported
    from casereviews.collection.keeping.marks import Decision as Decision
    from casereviews.collection.keeping.marks import Mark as Mark
    from casereviews.collection.keeping.marks import MarkedAtOnce as MarkedAtOnce
    from casereviews.collection.keeping.registry import Fix as Fix
    from casereviews.collection.keeping.registry import KnownSource as KnownSource
    from casereviews.collection.keeping.saved_searches import CountedQuery as CountedQuery
    from casereviews.collection.keeping.saved_searches import SavedNews as SavedNews
    from casereviews.collection.keeping.saved_searches import SavedRun as SavedRun
    from casereviews.collection.keeping.saved_searches import SavedSearch as SavedSearch
    from casereviews.collection.output.flow_diagram import FlowBox as FlowBox
    from casereviews.collection.output.pictures import Picture as Picture
    from casereviews.collection.output.tables.writing import Written as Written
    from casereviews.collection.output.withholding import CitedPage as CitedPage
    from casereviews.collection.output.withholding import ExportedReview as ExportedReview
    from casereviews.collection.progress import Progress as Progress
    from casereviews.collection.reliability.agreement import Agreement as Agreement
    from casereviews.collection.reliability.methods import Methods as Methods
    from casereviews.collection.reliability.sampling import Sample as Sample
    from casereviews.crawler.check_report import CheckReport as CheckReport
    from casereviews.crawler.check_report import Remedy as Remedy
    from casereviews.crawler.errors import CrawlerError as CrawlerError
    from casereviews.crawler.errors import NoContact as NoContact
    from casereviews.crawler.outcome import CrawlOutcome as CrawlOutcome
    from casereviews.crawler.probe import Probe as Probe
    from casereviews.crawler.process.crawl import CrawlEvent as CrawlEvent
    from casereviews.crawler.refresh import RefreshReport as RefreshReport
    from casereviews.crawler.sources.coverage import Coverage as Coverage
    from casereviews.index.concordance import Occurrence as Occurrence
    from casereviews.index.errors import NoIndex as NoIndex
    from casereviews.index.errors import QueryError as QueryError
    from casereviews.index.errors import SearchError as SearchError
    from casereviews.index.folder import Built as Built
    from casereviews.index.results import Hit as Hit
    from casereviews.index.results import Likeness as Likeness
    from casereviews.index.results import PageHit as PageHit
    from casereviews.index.results import Results as Results
    from casereviews.notebook.answers import CountedRecords as CountedRecords
    from casereviews.notebook.answers import Hits as Hits
    from casereviews.notebook.answers import Records as Records
    from casereviews.notebook.opened import Notebook as Notebook
    from casereviews.notebook.opened import open as open
    from casereviews.notebook.records import DocumentOfReview as DocumentOfReview
    from casereviews.notebook.records import FactOfDocument as FactOfDocument
    from casereviews.notebook.records import RecommendationOfDocument as RecommendationOfDocument
    from casereviews.repository.describing.corrections import Correction as Correction
    from casereviews.repository.errors import CorrectionError as CorrectionError
    from casereviews.repository.errors import HomeLocked as HomeLocked
    from casereviews.repository.errors import RepositoryError as RepositoryError
    from casereviews.repository.errors import UnknownId as UnknownId
    from casereviews.repository.errors import VocabularyError as VocabularyError
    from casereviews.repository.evidence_places import PlacedFact as PlacedFact
    from casereviews.repository.home import Home as Home
    from casereviews.repository.model import Fact as Fact
    from casereviews.repository.model import Recommendation as Recommendation
    from casereviews.repository.model import Section as Section
    from casereviews.repository.published_documents import Review as Review
    from casereviews.repository.published_documents import ReviewDocument as ReviewDocument
    from casereviews.repository.quality import FieldQuality as FieldQuality
    from casereviews.repository.record.outcome import Held as Held
    from casereviews.repository.vocabulary import Vocabulary as Vocabulary
    from casereviews.repository.withdrawals import Withdrawal as Withdrawal

_PLACES = {
    "collection.collection": ("Collection", "DocumentPage", "Rebuilt", "Similar"),
    "collection.briefing.records": ("Briefing", "Quotation"),
    "collection.changing.withdrawing": ("Withdrawn",),
    "collection.asking.areas": ("AreaCounts", "AreaOfReviews"),
    "collection.asking.counts": ("Counts", "CrossTable"),
    "collection.asking.timeline": ("Timeline", "YearOfReviews"),
    "collection.output.pictures": ("Picture",),
    "collection.changing.adding": ("Added",),
    "collection.changing.coming_back": ("CameBack", "LeftOut"),
    "collection.changing.doctor": ("Finding",),
    "collection.errors": ("CollectionError", "NeedsData"),
    "crawler.errors": ("CrawlerError", "NoContact"),
    "index.errors": ("NoIndex", "QueryError", "SearchError"),
    "repository.errors": (
        "CorrectionError",
        "HomeLocked",
        "RepositoryError",
        "UnknownId",
        "VocabularyError",
    ),
    "collection.keeping.mark_import": ("Imported",),
    "collection.keeping.exports": ("KnownExport",),
    "collection.keeping.marks": ("Decision", "Mark", "MarkedAtOnce"),
    "collection.output.flow_diagram": ("FlowBox",),
    "collection.asking.listed_themes": ("ListedTheme", "ListedThemes"),
    "collection.asking.news": ("News",),
    "collection.progress": ("Progress",),
    "collection.asking.reasons": ("Reason",),
    "collection.changing.refreshing": ("Refreshed",),
    "collection.keeping.registry": ("Fix", "KnownSource"),
    "collection.keeping.saved_searches": ("CountedQuery", "SavedNews", "SavedRun", "SavedSearch"),
    "collection.asking.search_record": ("LoggedSearch", "SearchRecord"),
    "collection.asking.status": ("SourceStatus", "Status"),
    "collection.output.tables.writing": ("Written",),
    "collection.output.withholding": ("CitedPage", "ExportedReview"),
    "collection.reliability.agreement": ("Agreement",),
    "collection.reliability.methods": ("Methods",),
    "collection.reliability.sampling": ("Sample",),
    "crawler.check_report": ("CheckReport", "Remedy"),
    "crawler.outcome": ("CrawlOutcome",),
    "crawler.probe": ("Probe",),
    "crawler.process.crawl": ("CrawlEvent",),
    "crawler.refresh": ("RefreshReport",),
    "crawler.sources.coverage": ("Coverage",),
    "index.concordance": ("Occurrence",),
    "index.folder": ("Built",),
    "index.results": ("Hit", "Likeness", "PageHit", "Results"),
    "notebook.opened": ("Notebook", "open"),
    "notebook.answers": ("CountedRecords", "Hits", "Records"),
    "notebook.records": ("DocumentOfReview", "FactOfDocument", "RecommendationOfDocument"),
    "repository.describing.corrections": ("Correction",),
    "repository.evidence_places": ("PlacedFact",),
    "repository.home": ("Home",),
    "repository.model": ("Fact", "Recommendation", "Section"),
    "repository.published_documents": ("Review", "ReviewDocument"),
    "repository.quality": ("FieldQuality",),
    "repository.record.outcome": ("Held",),
    "repository.vocabulary": ("Vocabulary",),
    "repository.withdrawals": ("Withdrawal",),
}
_PLACE_OF = {name: module for module, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _PLACE_OF:
        raise AttributeError(f"module 'casereviews' has no attribute '{name}'")
    return getattr(importlib.import_module(f"casereviews.{_PLACE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(_PLACE_OF)
