"""The end of one source's run: what was sighted against what is known.

Absence means something only when the whole list was read in good health (`absence`). A new address whose bytes or text equal
those of a vanished document is a move.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, exists, select

from casereviews.repository.file_trouble import files_not_had, troubles_counted
from casereviews.repository.identity import canonical
from casereviews.repository.record import (
    absence,
    changing_parameters,
    documents,
    events,
    troubles,
    versions,
)
from casereviews.repository.record.availability import availability_of
from casereviews.repository.record.outcome import Event, Rules, SourceOutcome, Unlisted
from casereviews.repository.record.pages import GONE
from casereviews.repository.record.sightings import HEALTHY
from casereviews.repository.record.source_night import SourceNight, gather
from casereviews.repository.record.states import note_not_asked, write_state
from casereviews.repository.record.tables import (
    document,
    document_address,
    source_run,
    version,
)

PAGE_GONE = "a page that is still linked is gone"


def finish_source(
    c: Connection, run_id: int, outcome: SourceOutcome, rules: Rules
) -> tuple[Event, ...]:
    """Reconcile a source and write how it stands; returns what happened. A second call for the same run changes nothing.

    A source that was not asked stands as it stood; only what was not checked for absence is counted.
    """
    done = select(source_run).where(
        source_run.c.run_id == run_id, source_run.c.source_id == outcome.source_id
    )
    if c.execute(done).first() is not None:
        found = events.events(c, run_id=run_id)
        return tuple(one for one in found if one.source_id == outcome.source_id)
    if not outcome.asked:
        unsaid = absence.unchecked(gather(c, run_id, outcome, rules), counted=False)
        note_not_asked(c, outcome, len(unsaid))
        return ()
    failed = troubles.note_troubles(c, run_id, outcome.source_id, outcome.finished)
    now = gather(c, run_id, outcome, rules)
    result, reason = absence.judge(now)
    counting = result != "broken" and absence.may_count(now)
    told: list[Event] = []
    _find_papers(now)
    if outcome.listing_complete or counting:
        told += _find_moves(now)
    told += _record_new(now, wait=result == "broken")
    told += _update_found(now)
    if counting:
        told += absence.count(now)
    if counting and outcome.listing_complete:
        _keep_places(now)
    told += _files_arrived(now)
    if result == "ok" and not told and not _has_changes(now):
        result = "unchanged"
    if result in HEALTHY and not now.places:
        result, reason = _zero(now, reason)
    if failed and result in (*HEALTHY, "partial"):
        result, reason = "partial", _with_files(reason, failed, len(now.sighted))
    unsaid = absence.unchecked(now, counted=counting)
    gone = [
        row
        for row in now.absent()
        if row.availability not in ("removed", "unlisted") and now.silence(row) == GONE
    ]
    if gone and result in (*HEALTHY, "partial"):
        result, reason = "partial", _with(reason, _page_gone(gone))
    write_state(c, run_id, outcome, result, reason, len(now.sighted), failed, len(unsaid))
    return tuple(told)


def unlisted(
    c: Connection, run_id: int, outcome: SourceOutcome, rules: Rules
) -> tuple[Unlisted, ...]:
    """Documents that no page named which was read in good health, to be asked for themselves."""
    return absence.to_ask(gather(c, run_id, outcome, rules))


def _with_files(reason: str, failed: troubles.Counts, sighted: int) -> str:
    """Why a run is partial, with the files that could not be had."""
    number = files_not_had(failed)
    return _with(
        reason,
        f"{number} of {max(number, sighted)} files could not be had: {troubles_counted(failed)}",
    )


def _with(reason: str, said: str) -> str:
    return f"{reason}; {said}" if reason else said


def _page_gone(rows: list[Row[Any]]) -> str:
    """What a page that answers that it is gone, while its list still links it, leaves unsaid."""
    pages = sorted({row.landing_url or row.file_url or "" for row in rows})
    more = f" and {len(pages) - 1} more" if len(pages) > 1 else ""
    number = (
        "1 document asked for itself"
        if len(rows) == 1
        else f"{len(rows)} documents asked for themselves"
    )
    return f"{PAGE_GONE} ({pages[0]}{more}): {number}"


def _find_papers(now: SourceNight) -> None:
    """Replace a document that stood for a review's page, which could not be read until now, by the first paper that the page names.

    The page's address is no paper's: what it answers later says nothing of them.
    """
    for key, row in sorted(now.known.items()):
        if row.kind != "page" or key in now.sighted or now.has_file(key):
            continue
        named = [
            one
            for one in sorted(now.places, key=now.places.__getitem__)
            if now.is_named_on(one, row.file_url)
            or any(seen.detail_url == row.file_url for seen in now.sighted.get(one, ()))
        ]
        if not named:
            continue
        paper = min(named, key=lambda one: (now.known[one].told, not now.has_file(one)))
        now.c.execute(document_address.delete().where(document_address.c.document_id == key))
        documents.merge(now.c, paper, key, "moved")
        now.known.pop(key)
        if row.told and not now.known[paper].told:
            now.set(paper, told=True, first_seen=row.first_seen, first_run=row.first_run)
            now.known[paper] = documents.row_of(now.c, paper)
            if now.has_file(paper):
                now.record_event("file_arrived", paper)


def _find_moves(now: SourceNight) -> list[Event]:
    """Join what is not sighted (also what was removed before) with what came under another address.

    An address that differs only in a parameter which changes on every visit is no other one, and no move is told.
    """
    moved: list[tuple[changing_parameters.Change, str | None, str | None]] = []
    older = {key for key, row in now.known.items() if row.told}
    for _, row in sorted(now.known.items()):
        twin = now.moved_to(row)
        if twin is None:
            continue
        came = now.known[twin]
        keep, gone = sorted((row, came), key=lambda one: (one.first_run, one.id))
        if not came.told:
            keep, gone = row, came
        change = changing_parameters.Change(keep.id, row.file_url or "", came.file_url or "")
        if keep is row:
            _take_bytes(now, row.id, twin)
        documents.merge(now.c, keep.id, gone.id, "moved")
        now.sighted[keep.id] = now.sighted.pop(twin)
        now.places[keep.id] = now.places.pop(twin)
        now.known.pop(gone.id)
        moved.append((change, row.title, came.title))
    source_id = now.outcome.source_id
    alike = [change for change, title, new in moved if title == new and change.was]
    places = {
        key: [(one.file_url, one.detail_url or one.listing_url) for one in seen if one.file_url]
        for key, seen in now.sighted.items()
    }
    changing_parameters.learn(now.c, source_id, alike, places, older)
    rules = changing_parameters.rules_of(now.c, source_id)
    return [
        now.record_event("moved", one.document_id, was=one.was, became=one.became)
        for one, _, _ in moved
        if not rules or canonical(one.was, same_as=rules) != canonical(one.became, same_as=rules)
    ]


def _take_bytes(now: SourceNight, document_id: str, twin: str) -> None:
    """The file at the new address is the document's newest, also where a site made it anew with the same text."""
    newest = now.c.execute(
        select(version).where(version.c.document_id == twin, version.c.state == "current")
    ).one()
    arrival = versions.Arrival(
        newest.sha256, newest.size, newest.media_type, newest.file_name, newest.first_seen
    )
    versions.add(now.c, newest.first_run, document_id, arrival)


def _record_new(now: SourceNight, *, wait: bool) -> list[Event]:
    """Tell of what is new; `wait` a night with what came as much else vanished: once it is read, it may be the same under a new address."""
    told = []
    for key, row in sorted(now.known.items()):
        if not row.told and not (wait and row.first_run == now.run_id):
            now.set(key, told=True)
            told.append(now.record_event("new", key))
    return told


def _files_arrived(now: SourceNight) -> list[Event]:
    """Files that came tonight of documents that were told of without them; `storing` wrote it down."""
    found = events.events(now.c, run_id=now.run_id, kinds=("file_arrived",))
    return [one for one in found if one.source_id == now.outcome.source_id]


def _update_found(now: SourceNight) -> list[Event]:
    """What was sighted is there: availability, addresses and title follow what its pages say now."""
    told = []
    never_had = troubles.without_content(now.c, now.outcome.source_id)
    for key, seen in sorted(now.sighted.items()):
        row = now.known[key]
        newest = seen[0]
        said = availability_of(word for one in seen for word in one.status_words)
        there = troubles.NOT_HAD if row.trouble and key in never_had else "available"
        now.set(
            key,
            availability=said or there,
            missing_nights=0,
            gone_nights=0,
            counted_on=None,
            rolled_off=False,
            last_seen=now.at,
            last_run=now.run_id,
            file_url=newest.file_url,
            landing_url=newest.detail_url or newest.listing_url or None,
            title=documents.title_of(newest),
        )
        if row.missing_nights >= now.rules.missing_nights:
            told += now.tell("returned", key)
    return told


def _keep_places(now: SourceNight) -> None:
    """Remember the order of a list that was read whole."""
    for key, place in now.places.items():
        if key in now.known and now.known[key].place != place:
            now.set(key, place=place)


def _has_changes(now: SourceNight) -> bool:
    query = select(
        exists().where(
            version.c.first_run == now.run_id,
            version.c.document_id.in_(
                select(document.c.id).where(document.c.source_id == now.outcome.source_id)
            ),
        )
    )
    return bool(now.c.execute(query).scalar())


def _zero(now: SourceNight, reason: str) -> tuple[str, str]:
    """A healthy run that sighted nothing: never anything, no longer anything, or something is wrong."""
    if not now.known:
        return "never_yielded", reason or "the list has never named a document"
    there = [
        row for row in now.known.values() if row.missing_nights == 0 and not now.is_said_gone(row)
    ]
    if not there or now.outcome.accept_shrink:
        return "empty", reason or "the list is empty; what it held is gone"
    return "broken", absence.zero_reason(len(there))
