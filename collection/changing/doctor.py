"""Comparing record, archive and index, repairing what can be, and warning of what will hurt later."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sized
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from casereviews.collection.changing.indexing import bring_up_to_date, build_anew, indexed_ids
from casereviews.collection.changing.withdrawing import finish_withdrawal, unfinished
from casereviews.crawler.errors import CrawlerError
from casereviews.crawler.sources import load_sources
from casereviews.index.errors import SearchError
from casereviews.repository.archive import Archive
from casereviews.repository.describing.corrections import load_corrections
from casereviews.repository.errors import RepositoryError
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.lock import writing
from casereviews.repository.published_documents import published_ids
from casereviews.repository.reading.covered import covered_detail, covered_pages
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.toml_files import read_toml
from casereviews.repository.vocabulary import Vocabulary, load_vocabulary, wrong_themes

NETWORK_DRIVES = {
    "nfs",
    "nfs4",
    "cifs",
    "smbfs",
    "smb3",
    "afpfs",
    "fuse.sshfs",
    "9p",
    "davfs",
    "ceph",
}
OLD_LOG_DAYS = 90
LOW_SPACE = 2_000_000_000  # bytes: a first night of 200 sources needs about this


@dataclass(frozen=True, slots=True)
class Finding(JsonRecord):
    """One thing that was looked at: `state` is well, repaired, wrong or warning."""

    check: str
    state: str
    detail: str = ""


def examine(home: Home, *, repair: bool, deep: bool) -> tuple[Finding, ...]:
    """Every check in turn; with `repair` under the home's lock. Raises HomeError when there is no home."""
    _ = home.id
    if not repair:
        return tuple(_examined(home, repair=False, deep=deep))
    with writing(home, "doctor") as vocabulary:
        finished = finish_withdrawal(home, vocabulary)
        repaired = (
            [Finding("withdrawal", "wrong" if finished.remains else "repaired", "finished now")]
            if finished
            else []
        )
        found = _examined(home, repair=True, deep=deep, vocabulary=vocabulary)
        return (*repaired, *found)


def _examined(
    home: Home, *, repair: bool, deep: bool, vocabulary: Vocabulary | None = None
) -> Iterator[Finding]:
    found = list(_databases(home))
    yield from found
    if not repair and (trouble := unfinished(home)):
        yield Finding("withdrawal", "wrong", trouble)
    yield from _edited_files(home)
    well = {finding.check for finding in found if finding.state == "well"}
    if home.record_db.name in well:
        yield from _archive(home, repair=repair, deep=deep)
        if home.derived_db.name in well:
            yield from _index(home, repair=repair, vocabulary=vocabulary)
            yield from _covered_text(home)
    yield from _drives(home)
    yield from _old_logs(home, repair=repair)


def _databases(home: Home) -> Iterator[Finding]:
    """SQLite's own word on the databases."""
    for path, cure in (
        (home.record_db, "restore record.db from a backup"),
        (home.derived_db, "run `casereviews rebuild --everything`"),
    ):
        if not path.exists():
            yield Finding(path.name, "warning", "not there yet")
            continue
        try:
            with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
                said = database.execute("PRAGMA quick_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            said = str(error)
        well = said == "ok"
        yield Finding(path.name, "well" if well else "wrong", "" if well else f"{said}: {cure}")


def _edited_files(home: Home) -> Iterator[Finding]:
    """The files that people edit can be read; what is wrong with some of them stops every verb that writes."""
    wrong = {home.themes_csv: wrong_themes(home)}
    readers: list[tuple[Path, Callable[[Path], object]]] = [
        (home.saved_toml, read_toml),
        (home.config_toml, read_toml),
        (home.sources_toml, load_sources),
    ]
    if not wrong[home.themes_csv]:  # corrections may name the home's own themes
        vocabulary = load_vocabulary(home)
        readers.append((home.corrections_toml, lambda path: load_corrections(path, vocabulary)))
    for path, load in readers:
        try:
            load(path)
            wrong[path] = ""
        except (RepositoryError, CrawlerError) as error:
            wrong[path] = str(error)
    for path, said in wrong.items():
        if path.exists():
            yield Finding(path.name, "wrong" if said else "well", said)


def _archive(home: Home, *, repair: bool, deep: bool) -> Iterator[Finding]:
    """Every file that the record names is there (and whole); what nothing names is swept."""
    if not home.record_db.exists():
        return
    kept = Archive(home.archive)
    with Record.open(home, unfinished=True) as record:
        wanted = record.kept_hashes()
    there = set(kept.hashes())
    missing = sorted(wanted - there)
    broken = sorted(h for h in wanted & there if deep and not kept.is_whole(h))
    for hashes, word in ((missing, "missing"), (broken, "damaged")):
        if hashes:
            what = f"{_counted(hashes, 'file')} {word} ({hashes[0][:12]}…)"
            advice = "restore from a backup, or fetch again: refresh --recheck"
            yield Finding("archive", "wrong", f"{what}: {advice}")
    stray = there - wanted
    if stray and repair:
        for sha256 in stray:
            kept.delete(sha256)
    if stray:
        state = "repaired" if repair else "warning"
        yield Finding(
            "archive",
            state,
            f"{_counted(stray, 'file')} that no document names" + _cure(repair),
        )
    if repair:
        kept.sweep()
    if not (missing or broken or stray):
        yield Finding("archive", "well", _counted(there, "file"))


def _index(home: Home, *, repair: bool, vocabulary: Vocabulary | None) -> Iterator[Finding]:
    """The index holds what is shown, no more and no less."""
    if not home.derived_db.exists():
        return
    shown = published_ids(home)
    try:
        indexed = indexed_ids(home)
    except SearchError as error:
        if repair:
            build_anew(home, vocabulary=vocabulary)
        yield Finding("index", "repaired" if repair else "wrong", str(error) + _cure(repair))
        return
    if shown == indexed:
        yield Finding("index", "well", _counted(indexed, "document"))
        return
    if repair:
        bring_up_to_date(home, vocabulary=vocabulary)
    state = "repaired" if repair else "wrong"
    detail = f"{len(shown - indexed)} documents not indexed, {len(indexed - shown)} too many"
    yield Finding("index", state, detail + _cure(repair))


def _covered_text(home: Home) -> Iterator[Finding]:
    """Files that cover or hide text, by title and page: never the words, which are kept nowhere but in the published file."""
    with Record.open(home, unfinished=True) as record, Derived.open(home) as derived:
        covering = {
            one.sha256: one.detail
            for one in derived.readings()
            if covered_pages(one.detail) is not None
        }
        for document in record.documents(visibility="shown"):
            pages = covered_pages(covering.get(document.sha256 or "", ""))
            if pages is not None:
                what = f"{document.id} ({document.source_id}): {covered_detail(pages)}"
                yield Finding("covered text", "warning", f"{what}: the publisher may want to know")


def _drives(home: Home) -> Iterator[Finding]:
    """A local disk with room."""
    kind = drive_of(home.root)
    if kind in NETWORK_DRIVES:
        yield Finding(
            "drive",
            "warning",
            f"{home.root} is on a network drive ({kind}): SQLite can be damaged there",
        )
    free = shutil.disk_usage(home.root).free
    size = sum(file.stat().st_size for file in home.root.rglob("*") if file.is_file())
    state = "warning" if free < LOW_SPACE else "well"
    yield Finding("space", state, f"{size / 1e6:.0f} MB used, {free / 1e9:.1f} GB free")


def drive_of(path: Path, partitions: Callable[[], list[tuple[str, str]]] | None = None) -> str:
    """The kind of file system that holds a path; "" when the machine does not say."""
    mounts = (partitions or _partitions)()
    resolved = path.resolve()
    holding = [(len(point), kind) for point, kind in mounts if resolved.is_relative_to(point)]
    return max(holding)[1] if holding else ""


def _partitions() -> list[tuple[str, str]]:
    import psutil

    return [(part.mountpoint, part.fstype) for part in psutil.disk_partitions(all=True)]


def _old_logs(home: Home, *, repair: bool) -> Iterator[Finding]:
    """Logs and reports of more than OLD_LOG_DAYS days."""
    limit = time.time() - OLD_LOG_DAYS * 86_400
    files = [
        file
        for folder in (home.logs, home.reports)
        for file in folder.rglob("*")
        if file.is_file() and file.stat().st_mtime < limit
    ]
    if files and repair:
        for file in files:
            file.unlink()
    if files:
        state = "repaired" if repair else "warning"
        yield Finding("logs", state, f"{len(files)} older than {OLD_LOG_DAYS} days" + _cure(repair))


def _cure(repair: bool) -> str:
    return "" if repair else " (doctor --repair)"


def _counted(those: Sized, thing: str) -> str:
    return f"{len(those):,} {thing}" + ("" if len(those) == 1 else "s")
