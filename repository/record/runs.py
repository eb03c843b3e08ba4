"""Runs, sources, the log of fetches and what is known of each address."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select

from casereviews.repository.identity import canonical
from casereviews.repository.model import Fetch, SourceInfo
from casereviews.repository.nights import newest_of_nights
from casereviews.repository.record import changing_parameters, dialects, tombstones
from casereviews.repository.record.outcome import Run, SourceState, UrlState
from casereviews.repository.record.tables import (
    fetch,
    meta,
    run,
    source,
    source_run,
    source_state,
    url_state,
)

LED_TO_WITHDRAWN = "withdrawn:"
"""Stands for the final address of a request that led to what was withdrawn: that address is kept nowhere."""


def begin_run(c: Connection, verb: str, at: str) -> int:
    """Write that a run of `verb` starts; returns its number."""
    result = c.execute(run.insert().values(verb=verb, started=at, report="{}"))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def end_run(c: Connection, run_id: int, at: str, status: str, report: Any) -> None:
    """Write how a run ended, and its report."""
    c.execute(
        run.update()
        .where(run.c.id == run_id)
        .values(ended=at, status=status, report=json.dumps(report, ensure_ascii=False))
    )


def runs(c: Connection, *, limit: int, verb: str | None = None) -> list[Run]:
    """The newest runs first; only those of a verb when it is named."""
    query = select(run).order_by(run.c.id.desc()).limit(limit)
    rows = c.execute(query if verb is None else query.where(run.c.verb == verb))
    return [
        Run(row.id, row.verb, row.started, row.ended, row.status, json.loads(row.report))
        for row in rows
    ]


def span_of_runs(c: Connection, verb: str) -> tuple[str | None, str | None, int]:
    """When the first run of a verb started, when the last one ended (None while it goes on or where there is none), and how many there were."""
    first, many = c.execute(
        select(func.min(run.c.started), func.count()).where(run.c.verb == verb)
    ).one()
    last = runs(c, limit=1, verb=verb)
    return first, last[0].ended if last else None, int(many)


def run_started(c: Connection, run_id: int) -> str:
    """When a run started."""
    return str(c.execute(select(run.c.started).where(run.c.id == run_id)).scalar_one())


def put_source(c: Connection, info: SourceInfo, same_as: Iterable[tuple[str, str]]) -> None:
    """Keep what the registry says of a source, and its rules of identity."""
    values = {
        "info": json.dumps(msgspec.to_builtins(info), ensure_ascii=False, sort_keys=True),
        "same_as": json.dumps(list(same_as)),
    }
    dialects.put(c, source, {"id": info.id, **values})


def sources(c: Connection) -> dict[str, SourceInfo]:
    """Every source that was ever crawled or added to, by id."""
    rows = c.execute(select(source).order_by(source.c.id))
    return {row.id: msgspec.json.decode(row.info, type=SourceInfo) for row in rows}


def same_as(c: Connection, source_id: str) -> tuple[tuple[str, str], ...]:
    """A source's rules of identity, the registry's and those found out: pairs of pattern and replacement."""
    found = c.execute(select(source.c.same_as).where(source.c.id == source_id)).scalar()
    given = msgspec.json.decode(found or "[]", type=tuple[tuple[str, str], ...])
    return (*given, *changing_parameters.rules_of(c, source_id))


def record_fetch(c: Connection, run_id: int, done: Fetch) -> None:
    """Log one request and keep what it teaches of its address; nothing of an address whose document was withdrawn, of one that led there only
    that it did (LED_TO_WITHDRAWN).

    Validators and hash survive whatever brings no body (a failure, a 304, an answer to HEAD), so that the next request can
    still ask for changes only.
    """
    rules = same_as(c, done.source_id)

    def is_refused(url: str) -> bool:
        address = canonical(url, same_as=rules)
        return tombstones.refuses_address(c, done.source_id, address) or tombstones.refuses_page(
            c, done.source_id, address
        )

    if is_refused(done.url):
        return
    if done.final_url != done.url and is_refused(done.final_url):
        done = replace(done, final_url=LED_TO_WITHDRAWN)
    c.execute(
        fetch.insert().values(
            run_id=run_id,
            **{
                name: getattr(done, name)
                for name in [
                    "source_id",
                    "url",
                    "final_url",
                    "fetched_at",
                    "status",
                    "error",
                    "media_type",
                    "size",
                    "sha256",
                    "seconds",
                ]
            },
        )
    )
    url = _state_key(c, done.source_id, done.url)
    known = c.execute(select(url_state).where(url_state.c.url == url)).one_or_none()
    values: dict[str, Any] = {
        "final_url": done.final_url,
        "status": done.status,
        "error": done.error,
        "checked_at": done.fetched_at,
    }
    if known is None or done.sha256 is not None:
        values |= {
            "etag": done.etag,
            "last_modified": done.last_modified,
            "sha256": done.sha256,
            "media_type": done.media_type,
            "file_name": done.file_name,
            "read_at": done.sha256 and done.fetched_at,
            "changed_at": known.changed_at
            if known is not None and known.sha256 == done.sha256
            else done.sha256 and done.fetched_at,
        }
    if known is None:
        c.execute(url_state.insert().values(url=url, first_seen=done.fetched_at, **values))
    else:
        c.execute(url_state.update().where(url_state.c.url == url).values(**values))


def url_state_of(c: Connection, url: str, source_id: str = "") -> UrlState | None:
    """What is known of an address, spelled as it was asked for; None when it never was.

    Of a source's address with a parameter that changes on every visit, what is known of it under any value.
    """
    key = _state_key(c, source_id, url)
    row = c.execute(select(url_state).where(url_state.c.url == key)).one_or_none()
    return None if row is None else UrlState(**row._mapping)


def url_states_of(c: Connection, urls: Collection[str], source_id: str = "") -> dict[str, UrlState]:
    """What is known of addresses, spelled as they were asked for, by the address that the record keeps it under; those that never were are absent."""
    found: dict[str, UrlState] = {}
    rules = changing_parameters.rules_of(c, source_id)
    wanted = sorted({_without_changing(url, rules) for url in urls})
    for start in range(0, len(wanted), 500):
        some = url_state.c.url.in_(wanted[start : start + 500])
        for row in c.execute(select(url_state).where(some)):
            found[row.url] = UrlState(**row._mapping)
    return found


def _state_key(c: Connection, source_id: str, url: str) -> str:
    return _without_changing(url, changing_parameters.rules_of(c, source_id))


def _without_changing(url: str, rules: tuple[tuple[str, str], ...]) -> str:
    without = canonical(url, same_as=rules)
    return url if not rules or without == canonical(url) else without


def source_states(c: Connection) -> dict[str, SourceState]:
    """How every source stood after its last run."""
    rows = c.execute(select(source_state).order_by(source_state.c.source_id))
    return {row.source_id: _state(row) for row in rows}


def source_state_of(c: Connection, source_id: str) -> SourceState | None:
    """How one source stood after its last run; None before its first."""
    row = c.execute(select(source_state).where(source_state.c.source_id == source_id)).one_or_none()
    return None if row is None else _state(row)


def _state(row: Row[Any]) -> SourceState:
    values = dict(row._mapping)
    for name in ("counts", "left_alone", "file_troubles"):
        values[name] = json.loads(values[name] or "{}")
    values["list_read"] = bool(values["list_read"])
    values["unchecked"] = values["unchecked"] or 0
    return SourceState(**values)


def yields(c: Connection, source_id: str, *, limit: int) -> list[tuple[str, str, int]]:
    """(finished, result, documents sighted) of a source's last nights, newest first: of each what its last run said."""
    rows = c.execute(
        select(source_run.c.finished, source_run.c.result, source_run.c.documents)
        .where(source_run.c.source_id == source_id)
        .order_by(source_run.c.run_id.desc())
    )
    nights = islice(newest_of_nights(rows, lambda row: row.finished), limit)
    return [(row.finished, row.result, row.documents) for row in nights]


def revision(c: Connection) -> int:
    """A number that grows whenever anything visible changed."""
    found = c.execute(select(meta.c.value).where(meta.c.key == "revision")).scalar()
    return int(found or 0)


def raise_revision(c: Connection) -> int:
    """Say that something visible changed; returns the new number."""
    number = revision(c) + 1
    dialects.put(c, meta, {"key": "revision", "value": str(number)})
    return number


def forget_fetches(c: Connection, before: str) -> int:
    """Drop log lines of fetches made before a time (ISO 8601); returns how many. What is known of addresses stays."""
    return c.execute(fetch.delete().where(fetch.c.fetched_at < before)).rowcount
