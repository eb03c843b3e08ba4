"""Reports that were sent on request or come from a site that cannot be read, kept like all others."""

from __future__ import annotations

import mimetypes
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from casereviews.collection.changing.write_cycle import write_cycle
from casereviews.collection.clock import now
from casereviews.collection.errors import RequestError
from casereviews.collection.fetching import fetch_one, source_of
from casereviews.collection.progress import Progress
from casereviews.crawler.sources import load_sources
from casereviews.crawler.sources.source import Source
from casereviews.repository.archive import Archive
from casereviews.repository.home import Home
from casereviews.repository.model import Document, Fetch, Sighting, SourceInfo
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import Stored, UrlState

BY_HAND = "manual"
ENDINGS = {".pdf", ".docx", ".doc", ".odt", ".rtf", ".pptx", ".html", ".htm", ".txt"}
ContactOf = Callable[[Source], str | None]


@dataclass(frozen=True, slots=True)
class SaidByHand:
    """What a person says of what is added: the publisher's id or name, and what a board's page would have said.

    `nation` and `scope` (child, adult, both) are for a publisher that is in no registry.
    """

    publisher: str
    title: str = ""
    published: str = ""
    heading: str = ""
    nation: str | None = None
    scope: str | None = None
    landing_url: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One thing to add: what to say of it, how it was come by, and its bytes (a file)."""

    seen: Sighting
    fetch: Fetch
    body: Path


def add(
    home: Home, what: Iterable[str], said: SaidByHand, contact_of: ContactOf, progress: Progress
) -> tuple[Stored, ...]:
    """Keep files, folders and addresses by hand: read, described, grouped and withdrawn like all others, of origin manual.

    Raises RequestError when something is no file, folder or address, or holds no report.
    """
    info = publisher_of(home.create(), said)
    sighting = Sighting(
        source_id=info.id,
        listing_url=said.landing_url or "",
        file_url=None,
        detail_url=said.landing_url,
        link_text=said.title,
        headings=(said.heading,) if said.heading else (),
        dates=(f"Published {said.published}",) if said.published else (),
    )
    stored = []
    with write_cycle(home, "add", progress) as cycle, cycle.opened(run="add") as stores:
        record = stores.record
        record.put_source(merged(info, record.sources().get(info.id)))
        for given in givens(what, sighting, contact_of):
            if given.seen.file_url is not None:
                record.record_sightings(stores.run_id, info.id, [given.seen])
            stored.append(
                record.store_file(
                    stores.run_id, given.seen, given.fetch, given.body, origin="manual"
                )
            )
            progress.step("kept", len(stored))
        stores.counts["added"] = len(stored)
    if not stored:
        raise RequestError("the folder holds no file that could be a report")
    return tuple(stored)


def publisher_of(home: Home, said: SaidByHand) -> SourceInfo:
    """The source that a publisher's id or name stands for; one of its own when no registry knows it."""
    folded = said.publisher.casefold().strip()
    for source in load_sources(home.sources_toml).values():
        if folded in (source.id, source.publisher.casefold()):
            return source.info
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        raise RequestError(f"'{said.publisher}' is no publisher's name: use letters")
    return SourceInfo(
        id=f"manual-{slug[:40]}",
        publisher=said.publisher.strip(),
        nation=said.nation,
        scope=said.scope or "",
        family=BY_HAND,
    )


def merged(info: SourceInfo, known: SourceInfo | None) -> SourceInfo:
    """A publisher of one's own with what was said of it before, where this time nothing is said."""
    if info.family != BY_HAND:
        return info
    nation = info.nation or (known.nation if known else None)
    scope = info.scope or (known.scope if known else "child")
    return replace(info, nation=nation, scope=scope)


def givens(what: Iterable[str], said: Sighting, contact_of: ContactOf) -> Iterator[Given]:
    """Everything that was named, one file at a time; folders are walked, addresses fetched."""
    for named in what:
        if re.match(r"https?://", named):
            yield from from_address(named, said, contact_of)
            continue
        path = Path(named)
        if path.is_dir():
            if said.link_text:
                raise RequestError("--title goes with one file, not with a folder: leave it out")
            files = sorted(
                f for f in path.rglob("*") if f.suffix.lower() in ENDINGS and f.is_file()
            )
            yield from (from_file(file, said) for file in files)
        elif path.is_file():
            yield from_file(path, said)
        else:
            raise RequestError(f"{named} is neither a file nor a folder nor an address")


def from_file(path: Path, said: Sighting) -> Given:
    """A file of this machine; without a title its name tells."""
    fetch = Fetch(
        source_id=said.source_id,
        url="",
        final_url="",
        fetched_at=now(),
        media_type=mimetypes.guess_type(path.name)[0],
        file_name=path.name,
        size=path.stat().st_size,
    )
    return Given(replace(said, link_text=said.link_text or path.name), fetch, path)


def from_address(url: str, said: Sighting, contact_of: ContactOf) -> Iterator[Given]:
    """Fetch an address through the crawler, with all its manners and guards, into a home that is thrown away."""
    with tempfile.TemporaryDirectory(prefix="casereviews-") as folder:
        aside = Home(Path(folder)).create()
        source = source_of(url)
        reason = fetch_one(aside, source, contact_of(source))
        with Record.open(aside) as record:
            documents = [d for d in record.documents() if d.sha256]
            if not documents:
                raise RequestError(
                    f"{url} gave no document: {reason or 'it is a page without one'}"
                )
            for document in documents:
                state = record.url_state(document.file_url or url)
                yield _fetched(aside, url, said, document, state)


def _fetched(
    aside: Home, url: str, said: Sighting, document: Document, state: UrlState | None
) -> Given:
    assert document.sha256 is not None
    address = document.file_url or url
    fetch = Fetch(
        source_id=said.source_id,
        url=address,
        final_url=state.final_url if state else address,
        fetched_at=now(),
        status=state.status if state else None,
        media_type=document.media_type,
        file_name=document.file_name,
        sha256=document.sha256,
    )
    seen = replace(
        said,
        file_url=address,
        kind=document.kind,
        listing_url=said.listing_url or address,
        link_text=said.link_text or document.title or document.file_name or "",
    )
    return Given(seen, fetch, Archive(aside.archive).path(document.sha256))
