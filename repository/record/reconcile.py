"""The end of one source's run: what was sighted against what is known.

Absence means something only when the whole list was read in good health, and then only after several runs; nothing is
counted when too much would vanish at once. A new address whose bytes equal those of a vanished document is a move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from casereviews.repository.identity import canonical
from casereviews.repository.model import NOTHING, Sighting
from casereviews.repository.record import documents, events, runs
from casereviews.repository.record.availability import availability_of, gone_early
from casereviews.repository.record.outcome import Event, Rules, SourceOutcome
from casereviews.repository.record.sightings import (
    HEALTHY,
    on_address,
    sighting_from,
    sightings_of,
)
from casereviews.repository.record.states import write_state
from casereviews.repository.record.tables import (
    document,
    document_address,
    fetch,
    sighting,
    source_run,
    version,
)

GONE_STATUS = (404, 410)
"""A file that answers so is gone although a page still links to it (RFC 9110, 15.5.5 and 15.5.11)."""


@dataclass
class _Source:
    """A source's documents at the end of a run: all known by id, and those that were sighted."""

    c: Connection
    run_id: int
    outcome: SourceOutcome
    rules: Rules
    months: int
    known: dict[str, Row[Any]]
    sighted: dict[str, list[Sighting]]

    @property
    def at(self) -> str:
        return self.outcome.finished

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

    def set(self, document_id: str, **values: Any) -> None:
        self.c.execute(document.update().where(document.c.id == document_id).values(**values))


def finish_source(
    c: Connection, run_id: int, outcome: SourceOutcome, rules: Rules
) -> tuple[Event, ...]:
    """Reconcile a source and write how it stands; returns what happened. A second call for the same run changes nothing."""
    done = select(source_run).where(
        source_run.c.run_id == run_id, source_run.c.source_id == outcome.source_id
    )
    if c.execute(done).first() is not None:
        found = events.events(c, run_id=run_id)
        return tuple(one for one in found if one.source_id == outcome.source_id)
    now = _gather(c, run_id, outcome, rules)
    result, reason = _judge(now)
    counting = outcome.listing_complete and result in HEALTHY
    told: list[Event] = []
    if outcome.listing_complete:
        told += _find_moves(now)
    told += _record_new(now)
    told += _update_found(now)
    if counting:
        told += _count_missing(now)
    if result == "ok" and not told and not _has_changes(now):
        result = "unchanged"
    if result in HEALTHY and not now.sighted:
        result, reason = _zero(now, reason)
    write_state(c, run_id, outcome, result, reason, len(now.sighted))
    return tuple(told)


def _gather(c: Connection, run_id: int, outcome: SourceOutcome, rules: Rules) -> _Source:
    source_id = outcome.source_id
    info = runs.sources(c).get(source_id)
    months = rules.months_of(info)
    known = {
        row.id: row
        for row in c.execute(
            select(document).where(document.c.source_id == source_id, document.c.origin == "crawl")
        )
    }
    rows = c.execute(
        select(document_address.c.document_id, sighting.c.payload)
        .select_from(sighting.join(document_address, on_address()))
        .where(sighting.c.source_id == source_id, sighting.c.last_run == run_id)
        .order_by(sighting.c.id)
    )
    sighted: dict[str, list[Sighting]] = {}
    for row in rows:
        if row.document_id in known:
            sighted.setdefault(row.document_id, []).append(sighting_from(row.payload))
    for gone in _gone_files(c, run_id, source_id):
        sighted.pop(gone, None)
    return _Source(c, run_id, outcome, rules, months, known, sighted)


def _gone_files(c: Connection, run_id: int, source_id: str) -> set[str]:
    """Documents whose own file answered that it is gone, and at no other address of theirs came."""
    rules = runs.same_as(c, source_id)
    gone: set[str] = set()
    came: set[str] = set()
    for row in c.execute(
        select(fetch.c.url, fetch.c.status)
        .where(fetch.c.run_id == run_id, fetch.c.source_id == source_id)
        .order_by(fetch.c.id)
    ):
        if row.status not in (*GONE_STATUS, 200, 206, 304):
            continue
        owners = c.execute(
            select(document_address.c.document_id).where(
                document_address.c.source_id == source_id,
                document_address.c.address == canonical(row.url, same_as=rules),
            )
        ).scalars()
        (gone if row.status in GONE_STATUS else came).update(owners)
    return gone - came


def _vanishing(now: _Source) -> list[Row[Any]]:
    """Documents that were not sighted and are not yet said to be removed, by id."""
    return [
        row
        for key, row in sorted(now.known.items())
        if key not in now.sighted and row.missing_runs < now.rules.missing_runs
    ]


def _judge(now: _Source) -> tuple[str, str]:
    """The run's result, with what only the record can know: too much vanished at once."""
    outcome, rules = now.outcome, now.rules
    if outcome.result not in HEALTHY or not outcome.listing_complete or outcome.accept_shrink:
        return outcome.result, outcome.reason
    vanishing = _vanishing(now)
    if not now.sighted and len(vanishing) >= rules.vanish_least:
        return "broken", _zero_reason(len(vanishing))
    fresh = [row for row in vanishing if row.missing_runs == 0 and not _lives_on(now, row)]
    standing = len(fresh) + sum(
        now.known[key].missing_runs == 0 and now.known[key].told for key in now.sighted
    )
    if len(fresh) >= rules.vanish_least and len(fresh) > rules.vanish_share * standing:
        return "broken", (
            f"{len(fresh)} of {standing} documents would vanish at once: look at the list; "
            "nothing was counted as missing"
        )
    return outcome.result, outcome.reason


def _lives_on(now: _Source, gone: Row[Any]) -> bool:
    return _twin(now, gone) is not None


def _twin(now: _Source, gone: Row[Any]) -> str | None:
    """A sighted document of the source with the same newest bytes: the one known longest."""
    newest = select(version.c.sha256).where(
        version.c.document_id == gone.id,
        version.c.state == "current",
        version.c.sha256 != NOTHING,
    )
    rows = now.c.execute(
        select(document.c.id)
        .join(version, version.c.document_id == document.c.id)
        .where(
            document.c.source_id == now.outcome.source_id,
            document.c.id != gone.id,
            version.c.state == "current",
            version.c.sha256.in_(newest),
        )
        .order_by(document.c.first_run, document.c.id)
    ).scalars()
    return next((found for found in rows if found in now.sighted), None)


def _find_moves(now: _Source) -> list[Event]:
    """Join what is not sighted (also what was removed before) with what came under another address."""
    told = []
    for key, row in sorted(now.known.items()):
        twin = None if key in now.sighted else _twin(now, row)
        if twin is None:
            continue
        keep, gone = sorted((row, now.known[twin]), key=lambda one: (one.first_run, one.id))
        if not now.known[twin].told:
            keep, gone = row, now.known[twin]
        became = now.known[twin].file_url
        documents.merge(now.c, keep.id, gone.id, "moved")
        now.sighted[keep.id] = now.sighted.pop(twin)
        now.known.pop(gone.id)
        told.append(now.record_event("moved", keep.id, was=row.file_url, became=became))
    return told


def _record_new(now: _Source) -> list[Event]:
    told = []
    for key, row in sorted(now.known.items()):
        if not row.told:
            now.set(key, told=True)
            told.append(now.record_event("new", key))
    return told


def _update_found(now: _Source) -> list[Event]:
    """What was sighted is there: availability, addresses and title follow what its pages say now."""
    told = []
    for key, seen in sorted(now.sighted.items()):
        row = now.known[key]
        newest = seen[0]
        said = availability_of(word for one in seen for word in one.status_words)
        now.set(
            key,
            availability=said or "available",
            missing_runs=0,
            last_seen=now.at,
            last_run=now.run_id,
            file_url=newest.file_url,
            landing_url=newest.detail_url or newest.listing_url or None,
            title=documents.title_of(newest),
        )
        if row.missing_runs >= now.rules.missing_runs:
            told.append(now.record_event("returned", key))
    return told


def _count_missing(now: _Source) -> list[Event]:
    """Count what was not sighted; a row that now says so in a document's place needs no counting."""
    told: list[Event] = []
    entries = [one for seen in now.sighted.values() for one in seen if one.kind == "entry"]
    for row in _vanishing(now):
        stated = _stated_instead(now, entries, row)
        count = now.rules.missing_runs if stated else row.missing_runs + 1
        if count < now.rules.missing_runs:
            now.set(row.id, availability="missing", missing_runs=count)
            told.append(now.record_event("missing", row.id, count=count, of=now.rules.missing_runs))
            continue
        now.set(row.id, availability=stated or "removed", missing_runs=count)
        told.append(
            now.record_event(
                "removed", row.id, count=count, of=now.rules.missing_runs, became=stated
            )
        )
        if row.visibility == "shown" and gone_early(row.first_seen, now.at, now.months):
            now.set(row.id, visibility="held", held_since=now.at)
            told.append(
                now.record_event("held", row.id, became="gone sooner than the source's policy")
            )
    return told


def _stated_instead(now: _Source, entries: list[Sighting], gone: Row[Any]) -> str | None:
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


def _has_changes(now: _Source) -> bool:
    query = select(
        exists().where(
            version.c.first_run == now.run_id,
            version.c.document_id.in_(
                select(document.c.id).where(document.c.source_id == now.outcome.source_id)
            ),
        )
    )
    return bool(now.c.execute(query).scalar())


def _zero(now: _Source, reason: str) -> tuple[str, str]:
    """A healthy run that sighted nothing: never anything, no longer anything, or something is wrong."""
    if not now.known:
        return "never_yielded", reason or "the list has never named a document"
    there = [row for row in now.known.values() if row.missing_runs < now.rules.missing_runs]
    if not there or now.outcome.accept_shrink:
        return "empty", reason or "the list is empty; what it held is gone"
    return "broken", _zero_reason(len(there))


def _zero_reason(there: int) -> str:
    return f"the list is empty where documents were ({there}): look at the site"
