"""What parsing one page gives: the same shape for every family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casereviews.repository.model import Sighting


@dataclass(frozen=True, slots=True)
class Link:
    """A page to go on to. `role` is list, detail or file (a link that may be a document: its headers tell).

    `sighting` is what the page said of it, kept for the detail page or the file it leads to.
    """

    url: str
    role: str
    text: str = ""
    sighting: Sighting | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """One page read: documents sighted, links to follow, and what was left alone, counted by reason.

    `left_alone` maps a reason (policy, procedure, newsletter, annual_report, template, toolkit, training, guidance,
    other_publisher, off_site, budget, beside: a document in a side column, a footer or a box of related things that does not name its review,
    no_address: only a script knows where it leads, not_followed: under a case's heading, and neither its words nor its address say
    what it is, no_document: a review's own page that names none...) to a count; `left_links` holds (url, text, reason) of each, for `sources check`.
    `elsewhere` are sightings of a review's papers on hosts that are none of the source's: told, and not asked for.
    `announced` is the number of records that the list itself says it has, None when it does not.
    `shown` is which of the announced records the page shows, first and last number, where it says so; `unread` says in words what
    looks like more of the list and could not be followed: the run is partial then.
    `says_none`: it names nothing, and says in words that there is nothing on its list now.
    `canonical` and `shortlink` are the addresses that the page gives as its own (rel=canonical, rel=shortlink).
    `page_kind` is list, detail, document, empty, login, bot_wall, needs_javascript or error.
    """

    sightings: tuple[Sighting, ...] = ()
    follow: tuple[Link, ...] = ()
    left_alone: Mapping[str, int] = field(default_factory=dict)
    left_links: tuple[tuple[str, str, str], ...] = ()
    announced: int | None = None
    shown: tuple[int, int] | None = None
    unread: tuple[str, ...] = ()
    canonical: str | None = None
    shortlink: str | None = None
    page_kind: str = "list"
    title: str = ""
    elsewhere: tuple[Sighting, ...] = ()
    says_none: bool = False

    @property
    def sighted(self) -> tuple[Sighting, ...]:
        """All that the page names: what may be asked for, and what may not."""
        return (*self.sightings, *self.elsewhere)
