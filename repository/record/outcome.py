"""What the record is told of a source's crawl, and what it tells back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from casereviews.repository.json_record import JsonRecord
from casereviews.repository.model import SourceInfo

RESULTS = (
    "ok",
    "unchanged",
    "partial",
    "empty",
    "never_yielded",
    "needs_javascript",
    "blocked",
    "moved",
    "broken",
)
"""How a source can end a run: no failure is quiet, and nothing where there was something is `broken`."""

EVENTS = (
    "new",
    "file_arrived",
    "changed_text",
    "changed_bytes",
    "moved",
    "missing",
    "removed",
    "unlisted",
    "returned",
    "held",
    "released",
    "withdrawn",
)


@dataclass(frozen=True, slots=True)
class Rules:
    """When absence means something.

    After `missing_nights` complete, healthy nights without a document it is concluded what became of it; two runs on one
    date, or less than six hours apart, are one night (`repository/nights.py`). Nothing is counted when more than `vanish_share` (and at least `vanish_least`), or all of several, of a
    source's documents would vanish at once; and a link whose file is gone means nothing where `failing_share` of the files that
    were asked are. For `move_nights` a new address whose file cannot be had may be that of a vanished document. `policy_months` is
    how long a report is taken to stay where its source states nothing (Working Together 2013: at least 12 months).
    """

    missing_nights: int = 3
    vanish_share: float = 0.5
    vanish_least: int = 3
    failing_share: float = 0.33
    move_nights: int = 14
    policy_months: int = 12

    def months_of(self, info: SourceInfo | None) -> int:
        """How long a report of this source is taken to stay; a source that states 0 may take it down at any time."""
        stated = info.policy_months if info is not None else None
        return self.policy_months if stated is None else stated


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """One source's part of a run, as the crawl judged it.

    `result` is one of RESULTS (the record turns "ok" into unchanged, empty, never_yielded or broken where its own
    knowledge says so), `reason` says why in words. `listing_complete` is True when the whole list was read in good health, so
    that absence means something. `counts` and `left_alone` are shown as they are. `newest` is the newest published date
    that was seen. `accept_shrink` lets a person confirm that a list has truly shrunk. A source that is not `asked`, because the run ended before its turn,
    stands as it stood. Times are ISO 8601, UTC.
    """

    source_id: str
    result: str
    started: str
    finished: str
    reason: str = ""
    asked: bool = True
    listing_complete: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    announced: int | None = None
    left_alone: Mapping[str, int] = field(default_factory=dict)
    newest: str | None = None
    accept_shrink: bool = False


@dataclass(frozen=True, slots=True)
class PageNote:
    """A page on a run: where it leads, and why it was not read in full (`trouble`, "in_part" or a name of what went wrong; None when it was).

    `says_none`: it was, names nothing, and says in words that there is nothing on its list now.
    """

    url: str
    leads: tuple[str, ...] = ()
    trouble: str | None = None
    says_none: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one document: `kind` is one of EVENTS.

    `count` and `of` belong to missing ("1 of 3"), `version` to changes; `was` and `became` are addresses of a move or reasons.
    """

    id: int
    run_id: int | None
    at: str
    source_id: str
    document_id: str
    kind: str
    count: int | None = None
    of: int | None = None
    version: int | None = None
    was: str | None = None
    became: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a fetched file: `result` is new, changed (new bytes), same or withdrawn (refused for good).

    `sha256` is None when it was refused.
    """

    result: str
    document_id: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A document that no page of its source names, or that one names and nobody asked for tonight: what is held of it, and where it is asked for.

    `seldom`: it is asked for only as often as any file of its age. It was gone before, or the page that names it could not be read.
    """

    document_id: str
    url: str
    kind: str
    sha256: str | None
    media_type: str | None
    seldom: bool


@dataclass(frozen=True, slots=True)
class UrlState:
    """What is known of one address since it was last asked: validators, hash, status, times (ISO 8601, UTC)."""

    url: str
    final_url: str
    status: int | None
    error: str | None
    etag: str | None
    last_modified: str | None
    sha256: str | None
    media_type: str | None
    file_name: str | None
    first_seen: str
    checked_at: str
    changed_at: str | None
    read_at: str | None = None


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source stands: its last run, its last success, and its yield now and before.

    `file_troubles` counts the listed files that could not be had: name of the trouble -> host -> number. `list_read` says
    that its whole list was read in good health, so that a partial run lacks files only. `unchecked` documents were not sighted
    and nothing could be said of their absence; without a break so since `unchecked_since`.
    """

    source_id: str
    result: str
    reason: str
    last_run: int
    checked_at: str
    last_success: str | None
    failing_since: str | None
    newest: str | None
    documents: int
    most_documents: int
    announced: int | None
    counts: Mapping[str, int]
    left_alone: Mapping[str, int]
    file_troubles: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    list_read: bool = False
    unchecked: int = 0
    unchecked_since: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a document's content. Bytes that say the same text share their `number`; `sequence` counts bytes.

    `state` is current, pending (newer bytes came before they were read), same_text, replaced, held or withdrawn.
    """

    document_id: str
    sequence: int
    number: int
    sha256: str
    text_sha256: str | None
    state: str
    settled: bool
    media_type: str | None
    file_name: str | None
    size: int
    first_seen: str


@dataclass(frozen=True, slots=True)
class Held(JsonRecord):
    """What is hidden until a person decides: a document (`version` None) or one replaced version of it.

    `listed_again` is when a document that was held for its absence came back to its list; None while it is off it.
    """

    document_id: str
    version: int | None
    review_id: str | None
    source_id: str
    publisher: str
    title: str | None
    file_url: str | None
    first_seen: str
    held_since: str
    reason: str
    listed_again: str | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a withdrawal takes out of the record: documents, and versions (document id, number); `remaining` are documents of their reviews
    that stay, `heirs` pairs of a document that goes and the one of them that its review's ids go to ("" for none)."""

    documents: Sequence[str]
    versions: tuple[tuple[str, int], ...]
    remaining: Sequence[str]
    reason: str
    at: str
    heirs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a writing verb; `status` is None while it goes on or when it was killed."""

    id: int
    verb: str
    started: str
    ended: str | None
    status: str | None
    report: Mapping[str, object]
