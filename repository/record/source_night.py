"""One source at the end of a run: what is known, what its pages named tonight and where, and what its files answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, and_, exists, or_, select

from casereviews.repository.identity import canonical, fold
from casereviews.repository.model import NOTHING, Sighting, SourceInfo
from casereviews.repository.record import documents, events, flips, pages, runs
from casereviews.repository.record.outcome import Event, Rules, SourceOutcome
from casereviews.repository.record.pages import PagesOfNight
from casereviews.repository.record.sightings import on_address, sighting_from
from casereviews.repository.record.tables import (
    document,
    document_address,
    fetch,
    sighting,
    version,
)

THERE, GONE = "there", "gone"
"""What a document's own file said tonight."""

GONE_STATUS = (404, 410)
"""A file that answers so is gone although a page still links to it (RFC 9110, 15.5.5 and 15.5.11)."""

GENERAL_PAGE = "general_page"
"""`Fetch.error` of a file in whose place a page came that is not its own: a home page, a list, words of "not found"."""

OTHER_BYTES = "other_bytes"
"""`Fetch.error` of a file that is there and has changed since nobody lists it: it is fetched when somebody does again."""

_ANSWERED = (200, 206, 304)


@dataclass(frozen=True)
class NotHad:
    """An address that a page names and whose file never came: since which run and day, and what the page calls it."""

    first_run: int
    day: str
    title: str


@dataclass
class SourceNight:
    """A source's documents at the end of a run: all known by id, those that were sighted, and their order in the lists.

    `places` has the order of what the pages named (0 first), also where the file behind the link is gone. `answers` says of
    documents whose own file answered tonight that it is THERE or GONE. `pages` says which pages tell nothing of what they named.
    `newly_gone` are listed documents whose file is gone and was not known to be: where they are many, their server may fail.
    """

    c: Connection
    run_id: int
    outcome: SourceOutcome
    rules: Rules
    info: SourceInfo | None
    known: dict[str, Row[Any]]
    sighted: dict[str, list[Sighting]]
    places: dict[str, int] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    not_had: tuple[NotHad, ...] = ()
    pages: PagesOfNight = field(default_factory=lambda: PagesOfNight(False, frozenset(), {}))
    newly_gone: frozenset[str] = frozenset()

    @cached_property
    def _naming(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        return pages.naming(self.c, self.outcome.source_id)

    def is_read(self, url: str) -> bool:
        """True when the page at an address was read to its end tonight."""
        return pages.key_of(url, self._page_rules) in self.pages.read

    def is_named_on(self, document_id: str, url: str) -> bool:
        """True when the page at an address named a document when it was last read."""
        return pages.key_of(url, self._page_rules) in self._naming[0].get(document_id, ())

    @cached_property
    def _page_rules(self) -> tuple[tuple[str, str], ...]:
        return pages.rules_of(self.c, self.outcome.source_id)

    def silence(self, row: Row[Any]) -> str | None:
        """Why a document's absence tonight means nothing: what became of the page that named it; None where it does.

        A page that was read and names it no more, and one to which no page that was read leads any more, tell of it; but not of what
        may have slid onto a page that was not read.
        """
        said = self._silence_of_pages(row)
        return pages.UNREAD if said is None and row.id in self.slid else said

    def _silence_of_pages(self, row: Row[Any]) -> str | None:
        still, latest = self._naming
        named_by = still.get(row.id)
        # Of a page that was read without it and is silent tonight nobody knows whether it names it again.
        asked = named_by or latest.get(row.id, set())
        why = [self.pages.silent[one] for one in asked if one in self.pages.silent]
        if why:
            return min(why, key=(pages.UNREAD, pages.IN_PART, pages.GONE).index)
        known = self.pages.noted and named_by is not None and named_by <= self.pages.known
        return None if known or self.outcome.listing_complete else pages.UNREAD

    def moved_to(self, row: Row[Any]) -> str | None:
        """The sighted document that a document which is not sighted has become under another address; None when there is none.

        What a page that was not read may name still has moved only when its old address is gone. What was merely pushed to the end of a
        page that was read, and does not stand there any more, may have slid on: but not what came tonight at another address.
        """
        if row.id in self.sighted:
            return None
        twin = self.twin_of(row)
        if twin is None or self.answers.get(row.id) == GONE:
            return twin
        came_tonight = not self.known[twin].told
        silence = self._silence_of_pages(row) if came_tonight else self.silence(row)
        return twin if silence in (None, pages.GONE) else None

    @cached_property
    def _listed_on(self) -> dict[str, set[str]]:
        return pages.listing(self.c, self.outcome.source_id)

    def is_said_gone(self, row: Row[Any]) -> bool:
        """True when every list that a document stood on was read tonight and says in words that there is nothing on it now."""
        if not self.pages.none_now:
            return False
        lists = self._listed_on.get(row.id, set())
        return bool(lists) and lists <= self.pages.none_now

    @cached_property
    def slid(self) -> frozenset[str]:
        """Documents that may stand on a page of the list that was not read: absent for the first time, and beside what it named.

        What is new at the top of a list pushes off the end of each page what stood there, and the page is as full as it was; what is taken
        off draws the first of the next page onto it. Of a list that was put into another order anything may stand anywhere.
        """
        unread = {key for key, why in self.pages.silent.items() if why != pages.GONE}
        if not unread:
            return frozenset()
        on_unread = {key for key, listed_on in self._listed_on.items() if listed_on & unread}
        read = [
            (self.known[key].place, place)
            for key, place in self.places.items()
            if self.known[key].place is not None
        ]
        absent = [
            row for row in self.absent() if row.place is not None and row.id not in self.places
        ]
        silent = [row.place for row in absent if row.id in on_unread]
        resorted = self._resorted(silent)
        found = set()
        for row in absent:
            if row.id in on_unread or row.missing_nights or not silent:
                continue
            after = min((one for one in silent if one > row.place), default=None)
            before = max((one for one in silent if one < row.place), default=None)
            is_last = after is not None and not any(row.place < was < after for was, _ in read)
            is_full = max((now for was, now in read if was <= row.place), default=-1) >= row.place
            is_first = before is not None and not any(before < was < row.place for was, _ in read)
            is_elsewhere = bool(self._listed_on.get(row.id, set()) & resorted)
            if (is_last and is_full) or is_first or is_elsewhere:
                found.add(row.id)
        return frozenset(found)

    def _resorted(self, silent: list[int]) -> set[str]:
        """Pages of the list that name what they named in another order, or what stood beyond places (`silent`) that were not read."""
        stood: dict[str, list[int]] = defaultdict(list)
        for key in sorted(self.places, key=self.places.__getitem__):
            place = self.known[key].place
            for one in self._listed_on.get(key, ()) if place is not None else ():
                stood[one].append(place)
        return {
            one
            for one, places in stood.items()
            if places != sorted(places) or any(places[0] < gap < places[-1] for gap in silent)
        }

    @property
    def at(self) -> str:
        return self.outcome.finished

    @property
    def day(self) -> str:
        """The date by which nights are told apart: a second run on it is the same night."""
        return self.outcome.started[:10]

    @property
    def months(self) -> int:
        return self.rules.months_of(self.info)

    @property
    def rolling(self) -> bool:
        """True when the registry says that the list's content is replaced."""
        return self.info is not None and self.info.rolling

    def record_event(self, kind: str, document_id: str, **details: Any) -> Event:
        return events.write(
            self.c,
            kind=kind,
            run_id=self.run_id,
            at=self.at,
            source_id=self.outcome.source_id,
            document_id=document_id,
            **details,
        )

    def tell(self, kind: str, document_id: str, **details: Any) -> list[Event]:
        """Write an event of absence or return, unless the same was told often lately: the document comes and goes."""
        count = details.get("count")
        if flips.is_told_enough(self.c, document_id, kind, self.at, count=count):
            return []
        return [self.record_event(kind, document_id, **details)]

    def set(self, document_id: str, **values: Any) -> None:
        self.c.execute(document.update().where(document.c.id == document_id).values(**values))

    def absent(self) -> list[Row[Any]]:
        """Documents that are not sighted, by id."""
        return [row for key, row in sorted(self.known.items()) if key not in self.sighted]

    def days_ago(self, days: int) -> str:
        """The date so many days before this night."""
        return str(date.fromisoformat(self.day) - timedelta(days=days))

    def has_file(self, document_id: str) -> bool:
        """True when anything was ever had of a document."""
        return bool(
            self.c.execute(select(exists().where(version.c.document_id == document_id))).scalar()
        )

    def twin_of(self, gone: Row[Any]) -> str | None:
        """A sighted document of the source with the same newest bytes, or the same text: the one known longest."""
        same = [
            or_(
                version.c.sha256 == row.sha256,
                and_(version.c.text_sha256.is_not(None), version.c.text_sha256 == row.text_sha256),
            )
            for row in self.c.execute(
                select(version.c.sha256, version.c.text_sha256).where(
                    version.c.document_id == gone.id,
                    version.c.state == "current",
                    version.c.sha256 != NOTHING,
                )
            )
        ]
        if not same:
            return None
        rows = self.c.execute(
            select(document.c.id)
            .join(version, version.c.document_id == document.c.id)
            .where(
                document.c.source_id == self.outcome.source_id,
                document.c.id != gone.id,
                version.c.state == "current",
                or_(*same),
            )
            .order_by(document.c.first_run, document.c.id)
        ).scalars()
        return next((found for found in rows if found in self.sighted), None)


def gather(c: Connection, run_id: int, outcome: SourceOutcome, rules: Rules) -> SourceNight:
    """A source's night, from the sightings and the fetches of a run."""
    source_id = outcome.source_id
    known = {
        row.id: row
        for row in c.execute(
            select(document).where(document.c.source_id == source_id, document.c.origin == "crawl")
        )
    }
    now = SourceNight(c, run_id, outcome, rules, runs.sources(c).get(source_id), known, {})
    _gather_sighted(now)
    owners = _owners(now)
    gone, came = _answered(now, owners)
    listed_gone = {key for key in gone & now.sighted.keys() if now.has_file(key)}
    now.newly_gone = frozenset(key for key in listed_gone if not known[key].gone_nights)
    if _files_fail(now, now.newly_gone, came):
        gone, listed_gone = set(), set()
    now.answers |= dict.fromkeys(gone, GONE) | dict.fromkeys(came, THERE)
    still_gone = {
        key
        for key in now.sighted
        if known[key].gone_nights and known[key].place is not None and key not in came
    }
    for key in listed_gone | still_gone:
        del now.sighted[key]
    now.answers |= dict.fromkeys(_replaced(now, owners), GONE)
    now.not_had = _not_had(now)
    now.pages = pages.of_night(c, run_id, source_id, now.info.start_urls if now.info else ())
    return now


def _gather_sighted(now: SourceNight) -> None:
    rows = now.c.execute(
        select(document_address.c.document_id, sighting.c.payload, sighting.c.position)
        .select_from(sighting.join(document_address, on_address()))
        .where(sighting.c.source_id == now.outcome.source_id, sighting.c.last_run == now.run_id)
        .order_by(sighting.c.id)
    ).all()
    first: dict[str, int] = {}
    for row in rows:
        key = row.document_id
        if key in now.known:
            now.sighted.setdefault(key, []).append(sighting_from(row.payload))
            first[key] = min(row.position, first.get(key, row.position))
    now.places = {
        key: place for place, key in enumerate(sorted(first, key=lambda key: (first[key], key)))
    }


def _owners(now: SourceNight) -> dict[str, list[str]]:
    """Canonical address -> ids of the documents at it: several where an address is reused for new editions."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in now.c.execute(
        select(document_address.c.address, document_address.c.document_id).where(
            document_address.c.source_id == now.outcome.source_id
        )
    ):
        if row.document_id in now.known:
            found[row.address].append(row.document_id)
    return found


def _answered(now: SourceNight, owners: dict[str, list[str]]) -> tuple[set[str], set[str]]:
    """Documents whose file answered that it is gone, and those whose file came or is as it was, at any address of theirs."""
    rules = runs.same_as(now.c, now.outcome.source_id)
    gone: set[str] = set()
    came: set[str] = set()
    for row in now.c.execute(
        select(fetch.c.url, fetch.c.status, fetch.c.error)
        .where(fetch.c.run_id == now.run_id, fetch.c.source_id == now.outcome.source_id)
        .order_by(fetch.c.id)
    ):
        ids = owners.get(canonical(row.url, same_as=rules), ())
        if row.status in GONE_STATUS or row.error == GENERAL_PAGE:
            gone.update(ids)
        elif row.status in _ANSWERED and row.error in (None, OTHER_BYTES):
            came.update(ids)
    return gone - came, came


def _files_fail(now: SourceNight, gone: frozenset[str], came: set[str]) -> bool:
    """True when so many listed files are gone at once that their server fails: none of them was taken off."""
    share = now.rules.failing_share
    return len(gone) > 1 and len(gone) >= share * len(gone | (came & now.sighted.keys()))


def _replaced(now: SourceNight, owners: dict[str, list[str]]) -> Iterable[str]:
    """Editions at whose address another edition is listed now."""
    for ids in owners.values():
        if any(key in now.sighted for key in ids):
            yield from (key for key in ids if key not in now.sighted and key not in now.places)


def _not_had(now: SourceNight) -> tuple[NotHad, ...]:
    """What is listed tonight, has been for `move_nights` at most, and has no file: it may be what vanished elsewhere."""
    owner = document_address.c.document_id
    rows = now.c.execute(
        select(sighting.c.first_run, sighting.c.first_seen, sighting.c.payload)
        .select_from(sighting.outerjoin(document_address, on_address()))
        .where(
            sighting.c.source_id == now.outcome.source_id,
            sighting.c.last_run == now.run_id,
            sighting.c.first_seen >= now.days_ago(now.rules.move_nights),
            ~exists().where(version.c.document_id == owner),
        )
        .order_by(sighting.c.id)
    )
    found = ((row, sighting_from(row.payload)) for row in rows)
    return tuple(
        NotHad(row.first_run, row.first_seen, fold(documents.title_of(one) or ""))
        for row, one in found
        if one.file_url is not None and one.kind != "page"  # a review's page is none of its papers
    )
