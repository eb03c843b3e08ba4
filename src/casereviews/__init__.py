"""Collects, keeps and searches the case reviews that UK safeguarding bodies publish.

    from casereviews import Collection

    with Collection("~/reviews") as collection:
        results = collection.search('"unsafe sleep"', filters={"nation": ["Wales"]})

Everything is imported when it is first used, so that importing this costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from casereviews.collection.collection import (
        Collection,
        DocumentPage,
        Rebuilt,
        Similar,
        Withdrawn,
    )
    from casereviews.collection.counts import Counts, CrossTable
    from casereviews.collection.doctor import Finding
    from casereviews.collection.errors import CollectionError
    from casereviews.collection.marks import FlowBox, Mark
    from casereviews.collection.news import News
    from casereviews.collection.progress import Progress
    from casereviews.collection.reasons import Reason
    from casereviews.collection.refreshing import Feeds, Refreshed
    from casereviews.collection.registry import KnownSource
    from casereviews.collection.saved_searches import (
        CountedQuery,
        SavedNews,
        SavedRun,
        SavedSearch,
    )
    from casereviews.collection.search_record import SearchRecord
    from casereviews.collection.status import SourceStatus, Status
    from casereviews.collection.withholding import ExportedReview
    from casereviews.crawler.check import CheckReport
    from casereviews.crawler.probe import Probe
    from casereviews.crawler.refresh import RefreshReport
    from casereviews.crawler.sources.coverage import Coverage
    from casereviews.index.concordance import Occurrence
    from casereviews.index.folder import Built
    from casereviews.index.results import Hit, PageHit, Results
    from casereviews.repository.describing.corrections import Correction
    from casereviews.repository.home import Home
    from casereviews.repository.model import Fact, Recommendation, Section
    from casereviews.repository.published_documents import Review, ReviewDocument
    from casereviews.repository.quality import FieldQuality
    from casereviews.repository.record.outcome import Held, Stored
    from casereviews.repository.withdrawals import Withdrawal

_PLACES = {
    "collection.collection": ("Collection", "DocumentPage", "Rebuilt", "Similar", "Withdrawn"),
    "collection.counts": ("Counts", "CrossTable"),
    "collection.doctor": ("Finding",),
    "collection.errors": ("CollectionError",),
    "collection.marks": ("FlowBox", "Mark"),
    "collection.news": ("News",),
    "collection.progress": ("Progress",),
    "collection.reasons": ("Reason",),
    "collection.refreshing": ("Feeds", "Refreshed"),
    "collection.registry": ("KnownSource",),
    "collection.saved_searches": ("CountedQuery", "SavedNews", "SavedRun", "SavedSearch"),
    "collection.search_record": ("SearchRecord",),
    "collection.status": ("SourceStatus", "Status"),
    "collection.withholding": ("ExportedReview",),
    "crawler.check": ("CheckReport",),
    "crawler.probe": ("Probe",),
    "crawler.refresh": ("RefreshReport",),
    "crawler.sources.coverage": ("Coverage",),
    "index.concordance": ("Occurrence",),
    "index.folder": ("Built",),
    "index.results": ("Hit", "PageHit", "Results"),
    "repository.describing.corrections": ("Correction",),
    "repository.home": ("Home",),
    "repository.model": ("Fact", "Recommendation", "Section"),
    "repository.published_documents": ("Review", "ReviewDocument"),
    "repository.quality": ("FieldQuality",),
    "repository.record.outcome": ("Held", "Stored"),
    "repository.withdrawals": ("Withdrawal",),
}
_PLACE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "Built",
    "CheckReport",
    "Collection",
    "CollectionError",
    "Correction",
    "CountedQuery",
    "Counts",
    "Coverage",
    "CrossTable",
    "DocumentPage",
    "ExportedReview",
    "Fact",
    "Feeds",
    "FieldQuality",
    "Finding",
    "FlowBox",
    "Held",
    "Hit",
    "Home",
    "KnownSource",
    "Mark",
    "News",
    "Occurrence",
    "PageHit",
    "Probe",
    "Progress",
    "Reason",
    "Rebuilt",
    "Recommendation",
    "RefreshReport",
    "Refreshed",
    "Results",
    "Review",
    "ReviewDocument",
    "SavedNews",
    "SavedRun",
    "SavedSearch",
    "SearchRecord",
    "Section",
    "Similar",
    "SourceStatus",
    "Status",
    "Stored",
    "Withdrawal",
    "Withdrawn",
]


def __getattr__(name: str) -> object:
    if name not in _PLACE_OF:
        raise AttributeError(f"module 'casereviews' has no attribute '{name}'")
    return getattr(importlib.import_module(f"casereviews.{_PLACE_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
