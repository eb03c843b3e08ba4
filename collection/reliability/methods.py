"""The text of a methods section: what was collected, when and from whom, what is missing, how it was described, searched and screened.

Every number is looked up in the home; what the home does not know is not said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from casereviews.collection.asking.counts import Counts
from casereviews.collection.asking.search_record import READ_WHOLE, LoggedSearch
from casereviews.collection.clock import now
from casereviews.collection.output.flow_diagram import FlowBox
from casereviews.collection.reliability.agreement import Agreement
from casereviews.repository.describing.describer import describer_of
from casereviews.repository.describing.second_opinion import can_judge, is_wanted
from casereviews.repository.file_trouble import files_not_had
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.model import SourceInfo
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import SourceState
from casereviews.repository.vocabulary import Vocabulary

if TYPE_CHECKING:
    from casereviews.collection.keeping.registry import KnownSource
    from casereviews.repository.home import Home

NOT_REGISTERED = "not_in_the_registry"
COUNTED_BY = ("scope", "nation", "year")
UNREADABLE = {
    "needs_ocr": "scans without text",
    "encrypted": "encrypted",
    "empty": "empty",
    "corrupt": "damaged",
    "too_large": "too large",
    "timed_out": "not read in time",
    "not_a_document": "no document",
    "partial": "read in part",
}
"""Statuses of a reading that lacks text, in words."""


@dataclass(frozen=True, slots=True)
class MethodsSource(JsonRecord):
    """A publisher's list as it was collected. `status` is the entry's: verified when somebody has checked the site, NOT_REGISTERED where it has none; `result` and `last_success`
    are None where it was never asked, `documents` counts its last list."""

    source: str
    publisher: str
    nation: str | None
    status: str
    asked: bool
    crawled: bool
    result: str | None
    documents: int | None
    last_success: str | None
    files_not_had: int

    @property
    def whole(self) -> bool:
        """True when its last run read all of it."""
        return self.result in READ_WHOLE


@dataclass(frozen=True, slots=True)
class Methods:
    """What a methods section tells, of one home at one instant (ISO 8601, UTC).

    `runs` counts the runs of `refresh`, from `first_run` to `last_run`. `reviews` and `documents` are those that are shown, `counted` counts
    the reviews by nation, scope and year; `by_hand` documents were added by people; `held` documents are hidden until a person decides, `withdrawn` ones were
    taken out. `unread` counts shown documents by why their file has no text, `documents_without_file` those that
    an entry names and of which no file is kept, `without_file` reviews of which none is. `rules` are the
    digests of what described the shown documents, with how many each described, `rules_today` that of this program; `undescribed` failed. `corrections` counts what people said
    against the rules, by field.
    """

    at: str
    program: str
    index_built: str
    runs: int
    first_run: str | None
    last_run: str | None
    sources: tuple[MethodsSource, ...]
    reviews: int
    documents: int
    counted: Mapping[str, Counts]
    by_hand: int
    held: int
    withdrawn: int
    unread: Mapping[str, int]
    documents_without_file: int
    without_file: int
    rules: Mapping[str, int]
    rules_today: str
    undescribed: int
    themes: int
    own_themes: bool
    second_opinion: bool
    corrections: Mapping[str, int]
    searches: tuple[LoggedSearch, ...] = ()
    flow: tuple[FlowBox, ...] = ()
    agreement: Agreement | None = None

    def to_json(self) -> dict[str, Any]:
        """The methods as the contract of `methods --json` has them."""
        own = {
            name: getattr(self, name)
            for name in self.__slots__
            if name not in ("sources", "counted", "searches", "flow", "agreement")
        }
        return {
            **own,
            "sources": [one.to_json() for one in self.sources],
            "counted": {by: dict(one.values) for by, one in self.counted.items()},
            "searches": [one.to_json() for one in self.searches],
            "flow": [asdict(one) for one in self.flow],
            "agreement": self.agreement and self.agreement.to_json(),
        }


def methods_of(
    home: Home,
    vocabulary: Vocabulary,
    known: Sequence[KnownSource],
    counted: Mapping[str, Counts],
    index_built: str,
    *,
    searches: tuple[LoggedSearch, ...] = (),
    flow: tuple[FlowBox, ...] = (),
    agreement: Agreement | None = None,
) -> Methods:
    """What the home knows of itself. `known` is the registry with how each source stands, `counted` the shown reviews by facet field."""
    from casereviews.repository.describing.corrections import corrections_of
    from casereviews.repository.published_documents import published_ids, reviews_without_files
    from casereviews.repository.vocabulary import PACKAGED

    shown = published_ids(home)
    second = is_wanted(home)
    with Record.open(home) as record, Derived.open(home) as derived:
        first, last, runs = record.span_of_runs("refresh")
        collected, states = record.sources(), record.source_states()
        documents = [one for one in record.documents() if one.id in shown]
        held = len(record.held())
        withdrawn = {one.document_id for one in record.events(kinds=("withdrawn",))}
        statuses = derived.reading_statuses()
        described = derived.described()
        failures = set(derived.failures())
    read = Counter(statuses.get(one.sha256, "") for one in documents if one.sha256)
    return Methods(
        at=now(),
        program=f"casereviews {version('casereviews')}",
        index_built=index_built,
        runs=runs,
        first_run=first,
        last_run=last,
        sources=tuple(_sources(known, collected, states)),
        reviews=next((one.reviews for one in counted.values()), 0),
        documents=len(documents),
        counted=counted,
        by_hand=sum(one.origin == "manual" for one in documents),
        held=held,
        withdrawn=len(withdrawn),
        unread={status: read[status] for status in UNREADABLE if read[status]},
        documents_without_file=sum(not one.sha256 for one in documents),
        without_file=len(reviews_without_files(home)),
        rules=dict(
            Counter(described[one.id][1] for one in documents if one.id in described).most_common()
        ),
        rules_today=describer_of(vocabulary, with_second_opinion=second and can_judge(vocabulary)),
        undescribed=len(failures & shown),
        themes=sum(theme.group != "agency" for theme in vocabulary.themes),
        own_themes=vocabulary != PACKAGED,
        second_opinion=second,
        corrections=dict(Counter(one.field for one in corrections_of(home).all).most_common()),
        searches=searches,
        flow=flow,
        agreement=agreement,
    )


def _sources(
    known: Sequence[KnownSource],
    collected: Mapping[str, SourceInfo],
    states: Mapping[str, SourceState],
) -> Iterator[MethodsSource]:
    """The entries of the registry, then what was collected from publishers that are in it no more, or were only added to by hand."""
    for one in known:
        yield _source(one.source.info, one.source.status, one.source.crawled, one.state)
    registered = {one.source.id for one in known}
    for source_id, info in collected.items():
        if source_id not in registered:
            yield _source(info, NOT_REGISTERED, False, states.get(source_id))


def _source(
    info: SourceInfo, status: str, crawled: bool, state: SourceState | None
) -> MethodsSource:
    troubles = state.file_troubles if state else {}
    return MethodsSource(
        source=info.id,
        publisher=info.publisher,
        nation=info.nation,
        status=status,
        asked=state is not None,
        crawled=crawled,
        result=state.result if state else None,
        documents=state.documents if state else None,
        last_success=state.last_success if state else None,
        files_not_had=files_not_had(troubles),
    )
