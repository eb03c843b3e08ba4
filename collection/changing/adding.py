"""Reports that were sent on request or come from a site that cannot be read, kept like all others."""

from __future__ import annotations

import mimetypes
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from casereviews.collection.changing.write_cycle import write_cycle
from casereviews.collection.clock import now
from casereviews.collection.errors import RequestError
from casereviews.collection.fetching import fetch_one, source_of
from casereviews.collection.output.wording import counted
from casereviews.collection.progress import Progress
from casereviews.crawler.sources import load_sources
from casereviews.crawler.sources.source import Source
from casereviews.repository.archive import FolderArchive
from casereviews.repository.home import Home
from casereviews.repository.model import Document, Fetch, Sighting, SourceInfo
from casereviews.repository.reading.limits import Limits
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import Stored, UrlState
from casereviews.repository.temporary_folders import temporary_folder

BY_HAND = "manual"
MOST_MB = Limits().file_mb
"""Of a file: larger ones are not read either."""
ENDINGS = frozenset(
    [
        ".pdf",
        ".docx",
        ".docm",
        ".dotx",
        ".dotm",
        ".doc",
        ".odt",
        ".fodt",
        ".odp",
        ".fodp",
        ".rtf",
        ".pptx",
        ".pptm",
        ".ppsx",
        ".ppsm",
        ".potx",
        ".potm",
        ".html",
        ".htm",
        ".mht",
        ".mhtml",
        ".txt",
    ]
)
"""Of the files that a folder's walk takes; a file that is named by itself is taken whatever its ending."""
LONGEST_TITLE = 1000
"""Characters of a title that is given by hand."""
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
    """One thing to add: how it was named, what to say of it, how it was come by, and its bytes (a file)."""

    name: str
    seen: Sighting
    fetch: Fetch
    body: Path


@dataclass(frozen=True, slots=True)
class NotGiven:
    """Something that cannot be kept: `result` is one of those of `Added` that keep nothing, `detail` says why."""

    name: str
    result: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one thing that was to be added; `name` is the file's path or the address, as it was named.

    The files of a portfolio follow it, as documents of their own. `result` is new, changed (new bytes of a known address), same (known already), withdrawn (refused for good), empty (a file
    without a byte, not kept), held (hidden until a person decides: it looks like what was withdrawn; `detail` says so), failed (an address that gave no document) or skipped (a folder's file of another ending).
    `status` is one of READING_STATUS and `detail` says what could not be read and what to do; both stand for what is kept
    only. `title` is what the document is called. `is_read`: it has text that can be found now.
    """

    name: str
    result: str
    document_id: str | None = None
    sha256: str | None = None
    title: str | None = None
    status: str | None = None
    detail: str = ""
    is_read: bool = False

    @property
    def has_failed(self) -> bool:
        """True for what was to be added and cannot be found now, though nobody decided so."""
        return not self.is_read and self.result not in ("withdrawn", "held", "skipped")


def add(
    home: Home,
    what: Iterable[str],
    said: SaidByHand,
    contact_of: ContactOf,
    progress: Progress,
    warn: Callable[[str], None] | None = None,
) -> tuple[Added, ...]:
    """Keep files, folders and addresses by hand: read, described, grouped and withdrawn like all others, of origin manual.

    What became of each is told in the order in which they were named; what is none of these, cannot be read or is too large has failed, and the rest
    goes on. Raises RequestError, before anything is kept, when nothing that was named can be added, or a title is given for a folder.
    """
    wanted = [*found(what, has_title=bool(said.title))]
    if all(isinstance(one, NotGiven) for one in wanted):
        raise RequestError(
            "; ".join(
                f"{one.name!r} {one.detail}"
                for one in wanted
                if isinstance(one, NotGiven) and one.result != "skipped"
            )
        )
    info = publisher_of(home.create(), said)
    sighting = Sighting(
        source_id=info.id,
        listing_url=said.landing_url or "",
        file_url=None,
        detail_url=said.landing_url,
        link_text=said.title[:LONGEST_TITLE],
        headings=(said.heading,) if said.heading else (),
        dates=(f"Published {said.published}",) if said.published else (),
    )
    kept: list[tuple[str, Stored | NotGiven]] = []
    with write_cycle(home, "add", progress, warn) as cycle, cycle.opened(run="add") as stores:
        record = stores.record
        record.put_source(merged(info, record.sources().get(info.id)))
        for given in givens(wanted, sighting, contact_of):
            if isinstance(given, NotGiven):
                kept.append((given.name, given))
                continue
            if given.seen.file_url is not None:
                record.record_sightings(stores.run_id, info.id, [given.seen])
            stored = record.store_file(
                stores.run_id, given.seen, given.fetch, given.body, origin="manual"
            )
            kept.append((given.name, stored))
            progress.step("kept", len(kept))
        stores.counts["added"] = sum(isinstance(one, Stored) for _, one in kept)
    with Derived.open(home) as derived, Record.open(home) as record:
        within = record.portfolios()
        held = {one.document_id: one.reason for one in record.held() if one.version is None}
        return tuple(
            told(derived, held, *each)
            for name, one in kept
            for each in ((name, one), *enclosed_in(record, within, name, one))
        )


def enclosed_in(
    record: Record, within: Mapping[str, str], name: str, one: Stored | NotGiven
) -> Iterator[tuple[str, Stored]]:
    """The files of a portfolio that was added, under its name and theirs; `within` has the portfolio of each."""
    if isinstance(one, NotGiven):
        return
    for key in sorted(within):
        if within[key] == one.document_id:
            document = record.document(key)
            inner = f"{name}: {document.file_name}", Stored(one.result, key, document.sha256)
            yield inner
            yield from enclosed_in(record, within, *inner)


def told(derived: Derived, held: Mapping[str, str], name: str, one: Stored | NotGiven) -> Added:
    """What became of one thing, with what reading it gave; `held` has why documents are."""
    if isinstance(one, NotGiven):
        return Added(name, one.result, detail=one.detail)
    ids = [one.document_id] if one.document_id else []
    published = next(derived.published_fields(ids), None)
    reading = derived.reading(one.sha256) if one.sha256 else None
    if published is None and reading is None:
        return Added(name, "withdrawn")
    if one.document_id is not None and one.document_id in held:
        return Added(name, "held", one.document_id, one.sha256, detail=held[one.document_id])
    return Added(
        name,
        one.result,
        one.document_id,
        one.sha256,
        str(published.fields["title"]) if published and "title" in published.fields else None,
        reading.status if reading else None,
        reading.detail if reading else "",
        reading is not None and any(page.text for page in reading.pages),
    )


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


def found(what: Iterable[str], *, has_title: bool) -> Iterator[str | Path | NotGiven]:
    """Addresses, and files: those that were named and those of folders, whose other files are named as skipped."""
    for named in what:
        if re.match(r"https?://", named, re.I):
            if not is_address(named):
                yield NotGiven(named, "failed", "is no address: it names no host")
            elif "@" in urlsplit(named).netloc:
                bare = f"{urlsplit(named).scheme}://{urlsplit(named).netloc.rpartition('@')[2]}"
                yield NotGiven(
                    bare,
                    "failed",
                    "was given with a name or a password, which must not be kept: leave them out",
                )
            else:
                yield named
            continue
        path = Path(named)
        kind = (
            kind_of(path)
            if named.strip()
            else "is an empty name: name a file, a folder or an address"
        )
        if kind == "folder":
            if has_title:
                raise RequestError("--title goes with one file, not with a folder: leave it out")
            yield from _in_folder(path)
        else:
            yield path if kind == "file" else NotGiven(shown_name(named), "failed", kind)


def _in_folder(folder: Path) -> Iterator[Path | NotGiven]:
    files = [
        (file, kind) for file in sorted(folder.rglob("*")) if (kind := kind_of(file)) != "folder"
    ]
    others = sum(file.suffix.lower() not in ENDINGS for file, _ in files)
    if others == len(files):
        yield NotGiven(
            shown_name(folder),
            "failed",
            f"holds no file that could be a report ({counted(others, 'other')}): name the file itself where its ending is another",
        )
        return
    for file, kind in files:
        if file.suffix.lower() not in ENDINGS:
            yield NotGiven(shown_name(file), "skipped", "another ending")
        else:
            yield file if kind == "file" else NotGiven(shown_name(file), "failed", kind)


def is_address(named: str) -> bool:
    """True for an address with a host that may be asked for."""
    try:
        parts = urlsplit(named)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # "http://[", "http://a:b"
        return False


def kind_of(path: Path) -> str:
    """ "file", "folder", or in words why `path` is neither: nothing there, a device, a pipe, a link that leads nowhere, a file too large or not readable."""
    try:
        told = path.stat()
        if stat.S_ISDIR(told.st_mode):
            return "folder"
        if not stat.S_ISREG(told.st_mode):
            return "is a device or a pipe, no document: name a file"
        if told.st_size > MOST_MB * 1_000_000:
            return f"has {told.st_size // 1_000_000:,} MB, the limit is {MOST_MB} MB: split it, or add a smaller copy"
        with path.open("rb"):
            return "file"
    except (OSError, ValueError) as error:
        if isinstance(error, PermissionError):
            return "cannot be read: you may not open it"
        return "is neither a file nor a folder nor an address"


def shown_name(path: Path | str) -> str:
    """A file's name as text; bytes of it that are none, on some systems, become signs that say so."""
    return os.fsencode(path).decode("utf-8", "replace")


def givens(
    wanted: Iterable[str | Path | NotGiven], said: Sighting, contact_of: ContactOf
) -> Iterator[Given | NotGiven]:
    """Everything that was named, one file at a time; addresses are fetched."""
    for one in wanted:
        if isinstance(one, str):
            yield from from_address(one, said, contact_of)
        elif isinstance(one, Path):
            yield from_file(one, said)
        else:
            yield one


def from_file(path: Path, said: Sighting) -> Given | NotGiven:
    """A file of this machine; without a title its first page tells, and its name where that tells nothing."""
    size = path.stat().st_size
    if size == 0:
        return NotGiven(shown_name(path), "empty", "the file has no bytes: ask for it again")
    fetch = Fetch(
        source_id=said.source_id,
        url="",
        final_url="",
        fetched_at=now(),
        media_type=mimetypes.guess_type(path.name)[0],
        file_name=shown_name(path.name),
        size=size,
    )
    return Given(shown_name(path), said, fetch, path)


def from_address(url: str, said: Sighting, contact_of: ContactOf) -> Iterator[Given | NotGiven]:
    """Fetch an address through the crawler, with all its manners and guards, into a home that is thrown away."""
    with temporary_folder("add-") as folder:
        aside = Home(folder).create()
        source = source_of(url)
        reason = fetch_one(aside, source, contact_of(source))
        with Record.open(aside) as record:
            documents = [d for d in record.documents() if d.sha256]
            if not documents:
                yield NotGiven(
                    url, "failed", f"no document: {reason or 'it is a page without one'}"
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
        link_text=said.link_text or document.title or "",
    )
    return Given(address, seen, fetch, FolderArchive(aside.archive).path(document.sha256))
