"""What is no longer listed. Nothing is concluded from a list alone: the document's own file is asked, and nights are counted.

Absence is counted by the page that named a document: one that was read to its end and names it no more, or to which nothing leads
any more. Of what a page named that could not be read, or what may have slid onto it, nothing is concluded but from its own file, where that
is gone.

    the file is gone, so many nights         removed; held when that is sooner than the policy
    the file is there, the list rolls over   unlisted, shown
    the file is there, sooner than the       unlisted, and held: a site keeps the file of a report that was taken off its
    policy while its neighbours stay         list because it identifies a child; a person decides, once
    the file is there, in any other case     unlisted, shown
    the file could not be asked              nothing, that night
    the file is there, and the page that     nothing, that night; the source counts it as unchecked
    named it could not be read
    the list is judged broken                nothing

A list is judged broken when it is empty, or so much would vanish at once; not for what stood on a page that says in words that there
is nothing on it now.

A list rolls over when its entry says so, or for what fell off one of its ends while new documents came at the other, once it
did so several times.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, func, select

from casereviews.repository.identity import fold
from casereviews.repository.model import Sighting
from casereviews.repository.nights import newest_of_nights, same_night
from casereviews.repository.record import holds, runs, tombstones
from casereviews.repository.record.availability import STATED, availability_of, gone_early
from casereviews.repository.record.outcome import Event, Unlisted
from casereviews.repository.record.pages import UNREAD
from casereviews.repository.record.sightings import (
    HEALTHY,
    READ_IN_FULL,
    on_address,
    sighting_from,
    sightings_of,
)
from casereviews.repository.record.source_night import (
    GONE,
    GONE_STATUS,
    OTHER_BYTES,
    THERE,
    SourceNight,
)
from casereviews.repository.record.tables import (
    document,
    document_address,
    sighting,
    version,
)

ROLLS = 3
"""On so many nights documents must have fallen off a list's end before it is taken to roll over."""

MOST_IN_DOUBT = 10
"""Listed files of a source that are asked again in a night because their last answer did not say that they are there."""

VANISH, EMPTY = "would vanish at once", "the list is empty where documents were"
"""Why a list that was read is called broken, where a person may say that it has truly shrunk."""

NEW_DAYS = 31
"""Days during which a document counts as new at the top of a list."""


# ---- is the list to be believed


def judge(now: SourceNight) -> tuple[str, str]:
    """The run's result, with what only the record can know: too much vanished at once."""
    outcome, rules = now.outcome, now.rules
    if not may_count(now) or outcome.accept_shrink:
        return outcome.result, outcome.reason
    fresh = [
        row
        for row in now.absent()
        if row.missing_nights == 0
        and not now.is_said_gone(row)
        and (now.silence(row) is None or now.answers.get(row.id) == GONE)
        and now.twin_of(row) is None
    ]
    also = f"; {outcome.reason}" if outcome.reason else ""
    if fresh and not now.places:
        return "broken", zero_reason(len(fresh)) + also
    stay = sum(now.known[key].missing_nights == 0 and now.known[key].told for key in now.sighted)
    standing = len(fresh) + stay
    many = len(fresh) >= rules.vanish_least and len(fresh) > rules.vanish_share * standing
    if not now.rolling and (many or (len(fresh) > 1 and not stay)):
        return "broken", (
            f"{len(fresh)} of {standing} documents {VANISH}: look at the list; "
            f"nothing was counted as missing{also}"
        )
    return outcome.result, outcome.reason


def may_count(now: SourceNight) -> bool:
    """True for a run that read its list whole, or some of its pages, in good health."""
    whole = now.outcome.listing_complete and now.outcome.result in HEALTHY
    return whole or (now.pages.noted and now.outcome.result in READ_IN_FULL)


def unchecked(now: SourceNight, *, counted: bool) -> list[Row[Any]]:
    """Documents that were not sighted and of whose absence nothing could be said; all of them where nothing was `counted`.

    Their page could not be read, or their file could not be asked.
    """
    return [
        row
        for row in now.absent()
        if row.availability not in ("removed", "unlisted")
        and not _is_stated(now, row)
        and now.answers.get(row.id) != GONE
        and (not counted or now.silence(row) is not None or _answer(now, row) is None)
    ]


def zero_reason(there: int) -> str:
    """Why a list without documents is broken."""
    return f"{EMPTY} ({there}): look at the site"


# ---- what is asked


def to_ask(now: SourceNight) -> tuple[Unlisted, ...]:
    """Documents that no page names tonight and whose own file would tell more, and witnesses; none while the list is judged broken."""
    if judge(now)[0] == "broken":
        return ()
    absent = tuple(
        _unlisted(now, row)
        for row in now.absent()
        if row.file_url is not None
        and row.id not in now.places
        and row.id not in now.answers
        and not _is_stated(now, row)
        and not _may_have_moved(now, row)
        and now.moved_to(row) is None
        and now.has_file(row.id)
        and not _is_withdrawn(now, row)
    )
    return absent + _witnesses(now)


def _witnesses(now: SourceNight) -> tuple[Unlisted, ...]:
    """Listed documents that were not due, where listed files are gone: by their files it is known whether the server of all fails.

    As many as it takes for what is gone to be no more than `failing_share` of all that answered.
    """
    if not now.newly_gone:
        return ()
    answers = sum(now.answers.get(key) == THERE for key in now.sighted)
    lacking = int(len(now.newly_gone) / now.rules.failing_share) + 1 - len(now.newly_gone) - answers
    rows = (now.known[key] for key in sorted(now.sighted))
    witnesses = (
        _unlisted(now, row)
        for row in rows
        if row.kind == "file"
        and row.file_url is not None
        and row.id not in now.answers
        and row.id not in now.newly_gone
        and now.has_file(row.id)
        and not _is_withdrawn(now, row)
    )
    return tuple(islice(witnesses, max(lacking, 0)))


def in_doubt(c: Connection, source_id: str) -> frozenset[str]:
    """Addresses of a source's listed files, as `UrlState` spells them, that are held and whose last answer did not say that they are there.

    Nothing is concluded of them yet, and by their age they might not be due for a month. Those that were asked longest ago; and all that
    was found gone when it was off its list, for the night on which it is listed again.
    """
    listed = select(document.c.file_url).where(
        document.c.source_id == source_id,
        document.c.file_url.is_not(None),
        document.c.availability.in_(("available", "missing")),
        document.c.visibility != "withdrawn",
    )
    states = runs.url_states_of(c, c.execute(listed).scalars().all(), source_id)
    doubted = sorted(
        (one.checked_at, key)
        for key, one in states.items()
        if one.sha256 and (one.status in GONE_STATUS or one.error not in (None, OTHER_BYTES))
    )
    return frozenset(key for _, key in doubted[:MOST_IN_DOUBT]) | _gone_off_list(c, source_id)


def _gone_off_list(c: Connection, source_id: str) -> frozenset[str]:
    """Addresses of removed documents whose files were asked for on a later night than that on which a page last named them."""
    removed = (
        select(
            document.c.file_url,
            func.coalesce(func.max(sighting.c.last_seen), document.c.last_seen).label("named_at"),
        )
        .select_from(document.outerjoin(document_address.join(sighting, on_address())))
        .where(
            document.c.source_id == source_id,
            document.c.file_url.is_not(None),
            document.c.availability == "removed",
            document.c.visibility != "withdrawn",
        )
        .group_by(document.c.id, document.c.file_url, document.c.last_seen)
    )
    found = set()
    for row in c.execute(removed).all():
        state = runs.url_state_of(c, row.file_url, source_id)
        if state is None or state.checked_at <= row.named_at:
            continue
        if not same_night(row.named_at, state.checked_at):
            found.add(state.url)
    return frozenset(found)


def _unlisted(now: SourceNight, row: Row[Any]) -> Unlisted:
    unread = (
        now.silence(row) == UNREAD
        and row.id not in now.slid
        and not row.gone_nights
        and now.twin_of(row) is None
    )
    newest = now.c.execute(
        select(version.c.sha256, version.c.media_type).where(
            version.c.document_id == row.id, version.c.state == "current"
        )
    ).first()
    sha256, media_type = newest or (None, None)
    return Unlisted(
        row.id, row.file_url, row.kind, sha256, media_type, unread or row.availability == "removed"
    )


def _is_withdrawn(now: SourceNight, row: Row[Any]) -> bool:
    addresses = now.c.execute(
        select(document_address.c.address).where(document_address.c.document_id == row.id)
    ).scalars()
    return row.visibility == "withdrawn" or any(
        tombstones.refuses_address(now.c, row.source_id, address) for address in addresses
    )


def _is_stated(now: SourceNight, row: Row[Any]) -> bool:
    """True when its publisher says in its place what became of it: nothing is left to ask."""
    return row.availability in STATED and row.missing_nights >= now.rules.missing_nights


def _may_have_moved(now: SourceNight, row: Row[Any]) -> bool:
    """True while what is listed since it vanished, and whose file cannot be had yet, may be this document elsewhere.

    It bears the same title, or there are several and as many as vanished: a site was built anew and its files fail.
    """
    since = [one for one in now.not_had if one.first_run > row.last_run]
    if any(one.title == fold(row.title or "") for one in since):
        return True
    return len(since) > 1 and len(since) >= sum(one.missing_nights == 0 for one in now.absent())


# ---- what is concluded


def count(now: SourceNight) -> list[Event]:
    """Count a healthy night for what was not sighted, and conclude what may be concluded."""
    rolled = _rolled_off(now)
    entries = [one for seen in now.sighted.values() for one in seen if one.kind == "entry"]
    told = [event for row in now.absent() for event in _one(now, row, entries, rolled)]
    return told + _release_rolled(now, rolled)


def _one(now: SourceNight, row: Row[Any], entries: list[Sighting], rolled: set[str]) -> list[Event]:
    need = now.rules.missing_nights
    if _is_stated(now, row):
        return []
    stated = row.missing_nights < need and _stated_instead(now, entries, row)
    if stated:
        now.set(row.id, missing_nights=need, gone_nights=need, counted_on=now.outcome.started)
        return _removed(now, row, stated)
    answer = _answer(now, row)
    if answer is None:
        return []
    if now.silence(row) is not None and now.answers.get(row.id) != GONE:
        if answer == THERE and row.gone_nights:
            now.set(row.id, gone_nights=0)
        return []
    night = row.counted_on is None or not same_night(row.counted_on, now.outcome.started)
    missing = min(row.missing_nights + night, need)
    gone = min(row.gone_nights + night, need) if answer == GONE else 0
    if answer == THERE and now.rolling:
        missing = need
    if night:
        now.set(row.id, counted_on=now.outcome.started)
    now.set(row.id, missing_nights=missing, gone_nights=gone)
    if gone >= need:
        return _removed(now, row, None)
    if answer == THERE and missing >= need:
        return _no_longer_listed(now, row, rolled)
    if row.availability in ("removed", "unlisted") or missing == row.missing_nights:
        return []
    now.set(row.id, availability="missing")
    return now.tell("missing", row.id, count=missing, of=need)


def _answer(now: SourceNight, row: Row[Any]) -> str | None:
    """What a document's file said tonight; where there is none to ask, its absence is all that can be known."""
    if row.file_url is None:
        return THERE if now.rolling else GONE
    if not now.has_file(row.id):
        # A page that could not be read and now was: nothing was ever had that could be gone.
        return None if row.kind == "page" and now.is_read(row.file_url) else GONE
    return None if _may_have_moved(now, row) else now.answers.get(row.id)


def _removed(now: SourceNight, row: Row[Any], stated: str | None) -> list[Event]:
    became = stated or "removed"
    if row.availability == became:
        return []
    need = now.rules.missing_nights
    now.set(row.id, availability=became)
    told = now.tell("removed", row.id, count=need, of=need, became=stated)
    had = row.kind == "entry" or now.has_file(row.id)
    if had and row.visibility == "shown" and gone_early(row.first_seen, now.at, now.months):
        told.append(_hold(now, row, holds.GONE_EARLY))
    return told


def _no_longer_listed(now: SourceNight, row: Row[Any], rolled: set[str]) -> list[Event]:
    if row.availability == "unlisted":
        return []
    now.set(row.id, availability="unlisted")
    if row.availability == "removed":
        return now.tell("returned", row.id, became="unlisted")
    told = now.tell("unlisted", row.id)
    may_be_retracted = (
        not now.rolling
        and row.id not in rolled
        and gone_early(row.first_seen, now.at, now.months)
        and _neighbours_stay(now, row)
    )
    if (
        may_be_retracted
        and row.visibility == "shown"
        and not holds.was_released(now.c, row.id, holds.OFF_LIST)
    ):
        told.append(_hold(now, row, holds.OFF_LIST))
    return told


def _hold(now: SourceNight, row: Row[Any], reason: str) -> Event:
    now.set(row.id, visibility="held", held_since=now.at)
    return now.record_event("held", row.id, became=reason)


def _neighbours_stay(now: SourceNight, row: Row[Any]) -> bool:
    """True while what was listed beside a document still is: on its list's page, else anywhere in its source.

    A page goes as a whole when several reviews stood on it; one review's own page is no list.
    """
    said = select(document_address.c.document_id, sighting.c.listing_url, sighting.c.payload).join(
        sighting, on_address()
    )
    mine = now.c.execute(
        said.where(
            document_address.c.document_id == row.id,
            sighting.c.last_run >= row.last_run,
            sighting.c.detail_url.is_(None),
        )
    )
    for page in {one.listing_url for one in mine}:
        beside = now.c.execute(
            said.where(
                sighting.c.source_id == row.source_id,
                sighting.c.listing_url == page,
                sighting.c.last_run >= row.last_run,
            )
        ).all()
        ids = {one.document_id for one in beside}
        reviews = {
            found.group or found.file_url
            for found in (sighting_from(one.payload) for one in beside)
        }
        if len(ids) >= now.rules.vanish_least and len(reviews) > 1:
            return any(key in now.places for key in ids - {row.id})
    return any(now.known[key].told for key in now.places)


def _stated_instead(now: SourceNight, entries: list[Sighting], gone: Row[Any]) -> str | None:
    """The availability that a row without a link states in the place where a document stood; None when none does.

    The place is the same row (the key that a row's files share) and, where the table has headings, the same column.
    """
    for one in entries:
        said = availability_of(one.status_words)
        if said is None or one.group is None:
            continue
        for before in sightings_of(now.c, gone.id):
            same_column = not one.headings or one.headings[-1] in before.headings
            if before.group == one.group and before.kind != "entry" and same_column:
                return said
    return None


# ---- lists that roll over


def _rolled_off(now: SourceNight) -> set[str]:
    """Documents that fell off an end of a list which is known by now to do so; tonight's are noted."""
    whole = now.outcome.listing_complete
    fell = _fell_tonight(now) if whole else set()
    for row in now.absent():
        if (
            whole
            and now.silence(row) is None
            and row.place is not None
            and row.id not in now.places
        ):
            now.set(row.id, place=None, rolled_off=row.id in fell)
    rolled = now.c.execute(
        select(document.c.id, document.c.last_seen).where(
            document.c.source_id == now.outcome.source_id,
            document.c.rolled_off,
            document.c.availability != "removed",
        )
    ).all()
    newest_first = sorted((row.last_seen for row in rolled), reverse=True)
    often = sum(1 for _ in newest_of_nights(newest_first, str)) >= ROLLS
    return {row.id for row in rolled} if often else set()


def _fell_tonight(now: SourceNight) -> set[str]:
    """Documents that stood at one end of the list and are not listed now, while new ones stand at the other."""
    first_run = min((row.first_run for row in now.known.values()), default=0)
    recent = now.days_ago(NEW_DAYS)
    new: list[tuple[int, int | None]] = []
    old: list[tuple[int, int | None]] = []
    for key, place in now.places.items():
        row = now.known[key]
        is_new = row.first_run > first_run and row.first_seen >= recent
        (new if is_new else old).append((place, row.place))
    before = [place for _, place in old if place is not None]
    if not new or not before:
        return set()
    fell = [row for row in now.absent() if row.place is not None and row.id not in now.places]
    above = min(new)[0] < min(old)[0]
    below = max(place for place, _ in new) > max(place for place, _ in old)
    return {
        row.id
        for row in fell
        if (above and row.place > max(before)) or (below and row.place < min(before))
    }


def _release_rolled(now: SourceNight, rolled: set[str]) -> list[Event]:
    """Show what was held when it fell, before its list was known to roll over."""
    told = []
    for row in now.absent():
        if (
            row.id in rolled
            and (row.visibility, row.availability) == ("held", "unlisted")
            and holds.reason_of(now.c, row.id) == holds.OFF_LIST
        ):
            now.set(row.id, visibility="shown", held_since=None)
            told.append(now.record_event("released", row.id, became="its list rolls over"))
    return told
