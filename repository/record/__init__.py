"""The precious record of what was collected: `Record` is its one door."""

from casereviews.repository.record.outcome import (
    EVENTS,
    RESULTS,
    Event,
    Held,
    Rules,
    SourceOutcome,
    SourceState,
    Stored,
    UrlState,
    Version,
)
from casereviews.repository.record.record import Record

__all__ = [
    "EVENTS",
    "RESULTS",
    "Event",
    "Held",
    "Record",
    "Rules",
    "SourceOutcome",
    "SourceState",
    "Stored",
    "UrlState",
    "Version",
]
