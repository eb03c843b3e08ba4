"""`doctor`: compare record, archive and index; repair what can be; warn of what will hurt later."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from casereviews.repository.home import Home
from casereviews.repository.vocabulary import Vocabulary
from casereviews.search_cli.options import home_of, output_options
from casereviews.search_cli.output import ROWS, Answer, Column
from casereviews.search_cli.output.wording import counted

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
COLUMNS = (
    Column("check", "Check"),
    Column("state", "State"),
    Column("detail", "Detail"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `state` is well, repaired, wrong or warning."""

    check: str
    state: str
    detail: str = ""


@click.command("doctor")
@click.option("--repair", is_flag=True, help="Repair what can be: takes the home's lock.")
@click.option("--deep", is_flag=True, help="Read every kept file and compare its hash.")
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context, repair: bool, deep: bool) -> Answer:
    """Look the home over. Exit code 3 when something is wrong that was not repaired."""
    from casereviews.repository.lock import writing

    home = home_of(ctx)
    home_id = home.id
    assert home_id
    if repair:
        with writing(home, "doctor") as vocabulary:
            findings = list(examined(home, repair=True, deep=deep, vocabulary=vocabulary))
    else:
        findings = list(examined(home, repair=False, deep=deep))
    rows = [asdict(finding) for finding in findings]
    if any(finding.state == "wrong" for finding in findings):
        ctx.call_on_close(lambda: ctx.exit(3))
    return Answer(payload=rows, columns=COLUMNS, rows=rows)


def examined(
    home: Home, *, repair: bool, deep: bool, vocabulary: Vocabulary | None = None
) -> Iterator[Finding]:
    """Every check in turn."""
    found = list(databases(home))
    yield from found
    well = {finding.check for finding in found if finding.state == "well"}
    if home.record_db.name in well:
        yield from archive(home, repair=repair, deep=deep)
        if home.derived_db.name in well:
            yield from index(home, repair=repair, vocabulary=vocabulary)
    yield from drives(home)
    yield from old_logs(home, repair=repair)


def databases(home: Home) -> Iterator[Finding]:
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


def archive(home: Home, *, repair: bool, deep: bool) -> Iterator[Finding]:
    """Every file that the record names is there (and whole); what nothing names is swept."""
    from casereviews.repository.archive import Archive
    from casereviews.repository.record import Record

    if not home.record_db.exists():
        return
    kept = Archive(home.archive)
    with Record.open(home) as record:
        wanted = record.kept_hashes()
    there = set(kept.hashes())
    missing = sorted(wanted - there)
    broken = sorted(h for h in wanted & there if deep and not kept.is_whole(h))
    for hashes, word in ((missing, "missing"), (broken, "damaged")):
        if hashes:
            what = f"{counted(len(hashes), 'file')} {word} ({hashes[0][:12]}…)"
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
            f"{counted(len(stray), 'file')} that no document names" + _cure(repair),
        )
    if repair:
        kept.sweep()
    if not (missing or broken or stray):
        yield Finding("archive", "well", counted(len(there), "file"))


def index(home: Home, *, repair: bool, vocabulary: Vocabulary | None = None) -> Iterator[Finding]:
    """The index holds what is shown, no more and no less."""
    from casereviews.index.errors import SearchError
    from casereviews.repository.published_documents import published_ids
    from casereviews.search_cli.indexing import bring_up_to_date, build_anew, indexed_ids

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
        yield Finding("index", "well", counted(len(indexed), "document"))
        return
    if repair:
        bring_up_to_date(home, vocabulary=vocabulary)
    state = "repaired" if repair else "wrong"
    detail = f"{len(shown - indexed)} documents not indexed, {len(indexed - shown)} too many"
    yield Finding("index", state, detail + _cure(repair))


def drives(home: Home) -> Iterator[Finding]:
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


def old_logs(home: Home, *, repair: bool) -> Iterator[Finding]:
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
