"""What `sources check` reports of a source: what was seen, why, and what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.looked import Look


@dataclass(frozen=True, slots=True)
class Collected:
    """One document or entry that a night would take: its address (None for a row without a link) and where it stands."""

    url: str | None
    text: str
    headings: tuple[str, ...]
    dates: tuple[str, ...]
    page: str
    kind: str


@dataclass(frozen=True, slots=True)
class PreviewedPage:
    """One page that was read: what it is, and how much it gave."""

    url: str
    kind: str
    title: str
    collected: int
    follows: int


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A page where a list should be: asked for at `asked`, in the end at `url`. `start` is False for a site's home page that was
    looked at because there was no list."""

    asked: str
    url: str
    start: bool
    look: Look


@dataclass(frozen=True, slots=True)
class TriedFile:
    """Whether a file can be had: `final` is where it led, `error` (a name of `network/trouble.py`) None when it can."""

    url: str
    final: str
    error: str | None = None

    @property
    def had(self) -> bool:
        """True when the file can be had."""
        return self.error is None


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be read: `final` is where it led, `leads_to` the foreign address that was not asked, `seconds` the wait
    that was asked for; `cookies` is True when its redirects set some."""

    asked: str
    final: str
    error: str
    start: bool = False
    cookies: bool = False
    leads_to: str | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change of an entry that may mend it: `change` gives fields of `[[source]]` their whole new values (none: no change is needed,
    only a deeper look). `certain` proposals are made even when the trial brings no more. `narrow`: of the new start pages only those
    stay that lead to documents."""

    says: str
    change: Mapping[str, Any] = field(default_factory=dict)
    certain: bool = False
    narrow: bool = False


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is the matter with a source: a code of `diagnosis.CAUSES`, in a sentence; whether documents come all the same (`works`); what
    may mend it, the likeliest first; and what a person must do when nothing does."""

    cause: str
    says: str
    works: bool = False
    proposals: tuple[Proposal, ...] = ()
    person: str = ""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is to be done. `kind` is "works" (nothing is to be done), "command" (`command` writes `change` into the home's sources.toml) or "person".

    `after` says what a trial of the change brought.
    """

    kind: str
    says: str
    command: str = ""
    change: Mapping[str, Any] = field(default_factory=dict)
    after: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a preview of a source showed.

    `robots` is "allowed", "refused" (of some page or file), "unreadable" or "not asked". `left_alone` and `further` hold
    (address, text, reason or role); `in_vain` holds (address, error). `looked_at` are the start pages as they are, and what was looked
    at in their place; `files` are the files that were tried, and all that robots.txt refuses; `failures` tell more of `in_vain`.
    `verdict` says it in one sentence; `diagnosis` and `remedy` name the cause and what to do (None where nobody asked for them).
    """

    source_id: str
    verdict: str
    robots: str = "not asked"
    pages: tuple[PreviewedPage, ...] = ()
    collected: tuple[Collected, ...] = ()
    left_alone: tuple[tuple[str, str, str], ...] = ()
    further: tuple[tuple[str, str, str], ...] = ()
    in_vain: tuple[tuple[str, str], ...] = ()
    outcome: CrawlOutcome | None = None
    looked_at: tuple[LookedAt, ...] = ()
    files: tuple[TriedFile, ...] = ()
    failures: tuple[Failure, ...] = ()
    diagnosis: Diagnosis | None = None
    remedy: Remedy | None = None
