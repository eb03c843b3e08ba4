"""Files that are listed and cannot be had: each is a document from its first sight, with the reason in place of its content."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, exists, select

from casereviews.repository.file_trouble import NOT_ASKED
from casereviews.repository.identity import canonical
from casereviews.repository.model import Sighting
from casereviews.repository.record import documents, runs, tombstones
from casereviews.repository.record.outcome import UrlState
from casereviews.repository.record.sightings import sighting_from
from casereviews.repository.record.tables import document, document_address, sighting, version

NOT_HAD = "not_had"
Counts = dict[str, dict[str, int]]


def note_troubles(c: Connection, run_id: int, source_id: str, at: str) -> Counts:
    """Say of every file that a source's pages named in this run whether it could be had; returns how many could not, by name and host.

    A file without a document becomes one. What was asked last counts, in this run or before: a file that is not due tonight is
    in the trouble that it was in. Of a document's several addresses one that is well is enough.
    """
    named = _named(c, run_id, source_id)
    never_had = without_content(c, source_id)
    found: Counter[tuple[str, str]] = Counter()
    for one in named.values():
        if one.document_id is None and not _make(c, run_id, one, at):
            continue
        had = one.document_id is not None and one.document_id not in never_had
        trouble, host = _trouble_of(one, had)
        here = (document_address.c.document_id == document.c.id) & (
            document_address.c.source_id == source_id
        )
        mine = here & (document_address.c.address == one.address)
        mine &= document_address.c.edition == one.edition
        c.execute(
            document.update().where(exists().where(mine)).values(trouble=trouble, trouble_host=host)
        )
        if trouble:
            found[trouble, host or ""] += 1
    counts: Counts = {}
    for (name, host), number in sorted(found.items()):
        counts.setdefault(name, {})[host] = number
    return counts


@dataclass
class _Named:
    """A file as the pages named it in this run: its document, None when it has none yet, and what is known of its addresses."""

    address: str
    edition: str
    document_id: str | None
    first: Sighting
    states: list[UrlState] = field(default_factory=list)


def _named(c: Connection, run_id: int, source_id: str) -> dict[str, _Named]:
    """The files of a run by document, or by address and edition where there is none."""
    rows = c.execute(
        select(
            sighting.c.address,
            sighting.c.edition,
            sighting.c.payload,
            document_address.c.document_id,
        )
        .select_from(
            sighting.outerjoin(
                document_address,
                (document_address.c.source_id == sighting.c.source_id)
                & (document_address.c.address == sighting.c.address)
                & (document_address.c.edition == sighting.c.edition),
            )
        )
        .where(sighting.c.source_id == source_id, sighting.c.last_run == run_id)
        .order_by(sighting.c.id)
    )
    files = [(row, seen) for row in rows if (seen := sighting_from(row.payload)).file_url]
    states = runs.url_states_of(c, {seen.file_url or "" for _, seen in files})
    found: dict[str, _Named] = {}
    for row, seen in files:
        key = row.document_id or f"{row.address} {row.edition}"
        one = found.setdefault(key, _Named(row.address, row.edition, row.document_id, seen))
        state = states.get(seen.file_url or "")
        if state is not None:
            one.states.append(state)
    return found


def _trouble_of(one: _Named, had: bool) -> tuple[str | None, str | None]:
    """(name, host) of what keeps a file away; (None, None) when it came, or nothing speaks against what is kept."""
    if any(state.error is None and (had or state.sha256) for state in one.states):
        return None, None
    failed = [state for state in one.states if state.error is not None]
    if failed:
        last = max(failed, key=lambda state: state.checked_at)
        return last.error, urlsplit(last.final_url).netloc.lower() or None
    return (None, None) if had else (NOT_ASKED, None)


def _make(c: Connection, run_id: int, one: _Named, at: str) -> bool:
    """Make the document of a file that never came, or of a review's page; False for what was withdrawn, there or where it leads, or is known by its papers."""
    source_id = one.first.source_id
    rules = runs.same_as(c, source_id)
    led = {canonical(state.final_url, same_as=rules) for state in one.states}
    if any(state.final_url == runs.LED_TO_WITHDRAWN for state in one.states) or any(
        tombstones.refuses_address(c, source_id, where) for where in {one.address, *led}
    ):
        return False
    if one.first.kind == "page" and _is_known_page(c, one.first):
        return False
    documents.make(c, run_id, one.first, one.address, at, origin="crawl")
    return True


def _is_known_page(c: Connection, seen: Sighting) -> bool:
    """True for a review's page whose papers are documents: each is asked for itself."""
    here = (document.c.source_id == seen.source_id) & (document.c.landing_url == seen.file_url)
    return bool(
        c.execute(select(exists().where(here, document.c.file_url != seen.file_url))).scalar()
    )


def without_content(c: Connection, source_id: str) -> set[str]:
    """Documents of a source of whose file nothing was ever kept; rows without a link have none and are not among them."""
    query = select(document.c.id).where(
        document.c.source_id == source_id,
        document.c.kind != "entry",
        ~exists().where(version.c.document_id == document.c.id),
    )
    return set(c.execute(query).scalars())


def has_content(c: Connection, row: Any) -> bool:
    """True when some bytes of a document are kept."""
    query = select(exists().where(version.c.document_id == row.id))
    return bool(c.execute(query).scalar())
