"""Pages of a source: which were read in full on a run, and which of those that named documents could not be read.

A page is known by a hash of its address, so that nothing of what was withdrawn stays in a name. What a page led to when it was
last read in full is remembered: where a page cannot be read, all that only it leads to is unread as well.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from casereviews.repository.identity import canonical
from casereviews.repository.record import dialects
from casereviews.repository.record.outcome import PageNote
from casereviews.repository.record.tables import document_address, page, sighting, source

GONE, IN_PART, UNREAD = "gone", "in_part", "unread"
"""Why a page says nothing of absence: it answers that it is gone and is still linked, it was not read to its end, or not at all."""

NONE_NOW = "none_now"
"""What stands in place of a trouble where there is none: the page was read to its end, and says in words that there is nothing on its list now."""

GONE_PAGES = frozenset({"http_404", "http_410"})


@lru_cache(maxsize=4096)
def key_of(url: str, rules: tuple[tuple[str, str], ...] = ()) -> str:
    """How a page is known without naming it; a slash at its end makes no other page."""
    address = canonical(url, same_as=rules).rstrip("/")
    return hashlib.sha256(address.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def rules_of(c: Connection, source_id: str) -> tuple[tuple[str, str], ...]:
    """The registry's rules of identity, by which pages are the same."""
    given = c.execute(select(source.c.same_as).where(source.c.id == source_id)).scalar()
    return msgspec.json.decode(given or "[]", type=tuple[tuple[str, str], ...])


FORGOTTEN_AFTER = 400
"""Runs after which a page that was not asked for any more is forgotten: some sites have new addresses every night."""


def note(c: Connection, run_id: int, source_id: str, notes: Iterable[PageNote]) -> None:
    """Keep which pages were read on a run and what they lead to, and which could not be.

    Of several notes on one page trouble counts, and what it leads to is joined. A page that was read in part leads on to what it led to.
    """
    rules = rules_of(c, source_id)
    trouble: dict[str, str | None] = {}
    leads: dict[str, set[str]] = defaultdict(set)
    says_none: dict[str, bool] = {}
    for one in notes:
        key = key_of(one.url, rules)
        trouble[key] = trouble.get(key) or one.trouble
        says_none[key] = says_none.get(key, True) and one.says_none
        leads[key].update(key_of(url, rules) for url in one.leads)
    before = {row.page: row for row in c.execute(select(page).where(page.c.source_id == source_id))}
    rows = []
    for key, why in trouble.items():
        known = before.get(key)
        led = set() if known is None or why is None else set(known.leads.split())
        rows.append(
            {
                "source_id": source_id,
                "page": key,
                "leads": " ".join(sorted(led | (leads[key] - {key}))),
                "last_run": run_id if why is None else known.last_run if known is not None else 0,
                "asked_run": run_id,
                "trouble": NONE_NOW if why is None and says_none[key] else why,
            }
        )
    c.execute(
        page.delete().where(
            page.c.source_id == source_id, page.c.asked_run < run_id - FORGOTTEN_AFTER
        )
    )
    if rows:
        dialects.put(c, page, rows)


@dataclass(frozen=True)
class PagesOfNight:
    """What a run says of a source's pages. `silent` has why each page that a document may stand on says nothing of its absence.

    `noted` is False where nothing is known of the run's pages: then only a list that was read whole tells. `read` were read to their end,
    and of these `none_now` say in words that there is nothing on them.
    """

    noted: bool
    known: Set[str]
    silent: Mapping[str, str]
    read: Set[str] = frozenset()
    none_now: Set[str] = frozenset()


def of_night(c: Connection, run_id: int, source_id: str, start_urls: Iterable[str]) -> PagesOfNight:
    """The pages of a run: what was to be read and was not, and all that only leads on from there."""
    rows = {row.page: row for row in c.execute(select(page).where(page.c.source_id == source_id))}
    tonight = {key for key, row in rows.items() if row.asked_run == run_id}
    if not tonight:
        return PagesOfNight(False, frozenset(rows), {})
    none_now = {key for key in tonight if rows[key].trouble == NONE_NOW}
    read = none_now | {key for key in tonight if rows[key].trouble is None}
    rules = rules_of(c, source_id)
    due = {key_of(url, rules) for url in start_urls}
    for key in tonight:
        if key in read:
            due.update(rows[key].leads.split())
    why: dict[str, str] = {}
    for key in due | (tonight - read):
        if key not in read:
            why[key] = _why(rows[key].trouble if key in tonight else None)
    silent: dict[str, str] = {}
    # What is unread outweighs: all that is beneath it may be linked from there.
    for wanted in (GONE, UNREAD, IN_PART):
        stack = [(key, reason) for key, reason in why.items() if reason == wanted]
        while stack:
            key, reason = stack.pop()
            if key in read or key in silent:
                continue
            silent[key] = why.get(key, reason)
            beneath = UNREAD if reason == GONE else reason
            if key in rows:
                stack += [(other, beneath) for other in rows[key].leads.split()]
    return PagesOfNight(True, frozenset(rows), silent, frozenset(read), none_now)


def _why(trouble: str | None) -> str:
    if trouble == IN_PART:
        return IN_PART
    return GONE if trouble in GONE_PAGES else UNREAD


def naming(c: Connection, source_id: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Document id -> the pages that named it when they were last read (none where each has been read since and names it no more), and
    document id -> the pages that named it last, whatever they say since.

    What an older casereviews kept does not say which page it was: the one that a reader would go to is taken.
    """
    rows = c.execute(select(page.c.page, page.c.last_run).where(page.c.source_id == source_id))
    last = {row.page: row.last_run for row in rows}
    rules = rules_of(c, source_id)
    rows = c.execute(
        select(
            document_address.c.document_id,
            sighting.c.page,
            sighting.c.listing_url,
            sighting.c.detail_url,
            sighting.c.last_run,
        )
        .select_from(sighting.join(document_address, _same_address()))
        .where(sighting.c.source_id == source_id)
    )
    found: dict[str, set[str]] = defaultdict(set)
    latest: dict[str, tuple[int, set[str]]] = {}
    for row in rows:
        key = row.page or key_of(row.detail_url or row.listing_url, rules)
        still = found[row.document_id]
        if row.last_run >= last.get(key, 0):
            still.add(key)
        run, pages = latest.get(row.document_id, (0, set()))
        if row.last_run > run:
            latest[row.document_id] = (row.last_run, {key})
        elif row.last_run == run:
            pages.add(key)
    return found, {document: pages for document, (_, pages) in latest.items()}


def listing(c: Connection, source_id: str) -> dict[str, set[str]]:
    """Document id -> the pages of the list on which it, or the page of its review, stood when it was last sighted."""
    rules = rules_of(c, source_id)
    rows = c.execute(
        select(document_address.c.document_id, sighting.c.listing_url, sighting.c.last_run)
        .select_from(sighting.join(document_address, _same_address()))
        .where(sighting.c.source_id == source_id)
        .order_by(sighting.c.last_run.desc())
    )
    found: dict[str, set[str]] = {}
    last: dict[str, int] = {}
    for row in rows:
        if last.setdefault(row.document_id, row.last_run) == row.last_run:
            found.setdefault(row.document_id, set()).add(key_of(row.listing_url, rules))
    return found


def _same_address() -> Any:
    return (
        (sighting.c.source_id == document_address.c.source_id)
        & (sighting.c.address == document_address.c.address)
        & (sighting.c.edition == document_address.c.edition)
    )
