"""Comparing record, archive and index, repairing what can be, and warning of what will hurt later."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sized
from dataclasses import dataclass
from pathlib import Path

from casereviews.collection.changing.indexing import (
    bring_up_to_date,
    broken_index,
    build_anew,
    indexed_ids,
)
from casereviews.collection.changing.looking import sought
from casereviews.collection.changing.withdrawing import finish_withdrawal, unfinished
from casereviews.collection.changing.write_cycle import WriteCycle
from casereviews.collection.errors import CollectionError
from casereviews.collection.keeping.marks import Marks
from casereviews.collection.keeping.saved_searches import SavedSearches
from casereviews.collection.progress import SILENT
from casereviews.crawler.errors import CrawlerError
from casereviews.crawler.sources import load_sources
from casereviews.crawler.spiders.memory import forget
from casereviews.index.errors import IndexDamaged, SearchError
from casereviews.index.search import Searcher
from casereviews.repository.archive import Archive
from casereviews.repository.archives import archive_of
from casereviews.repository.canary import canary, what_to_do
from casereviews.repository.describing import second_opinion
from casereviews.repository.describing.corrections import load_corrections
from casereviews.repository.errors import (
    FileLost,
    HomeDamaged,
    RecordServerError,
    RepositoryError,
    TomlError,
)
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.lock import writing
from casereviews.repository.places import REMOVE, Places
from casereviews.repository.published_documents import published_ids
from casereviews.repository.reading.covered import covered_detail, covered_pages
from casereviews.repository.record import Record, derived
from casereviews.repository.record.derived import Derived
from casereviews.repository.sealed_databases import (
    MAKE_ANEW,
    RESTORE,
    changed_since,
    damage_in,
    has_derived,
    has_record,
    is_described,
    refuse_lost_record,
)
from casereviews.repository.sqlite_files import quick_check
from casereviews.repository.stores import Stores
from casereviews.repository.this_system import rights_of
from casereviews.repository.tombstone_file import TombstoneFile
from casereviews.repository.toml_files import read_switch, read_word
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
READ_ANYWAY = 500_000_000  # bytes: a smaller archive is read whole also without --deep
LOW_SPACE = 2_000_000_000  # bytes: a first night of 200 sources needs about this


@dataclass(frozen=True, slots=True)
class Finding(JsonRecord):
    """One thing that was looked at: `state` is well, repaired, wrong or warning."""

    check: str
    state: str
    detail: str = ""


def examine(
    home: Home, *, repair: bool, deep: bool, words: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Every check in turn; with `repair` under the home's lock. `words` of withdrawn reports are looked for in every place.

    Raises HomeError when there is no home, or it may not be changed.
    """
    with contextlib.suppress(HomeDamaged):  # a finding like others
        _ = home.id
    try:
        Stores.of(home)
    except TomlError:  # where record, archive and index are nobody knows until it is mended
        return (*_edited_files(home), *_of_the_folder(home, repair=False))
    if (
        not repair or _record(home).state == "wrong"
    ):  # without its record nothing of a home is mended
        return (*_examined(home, repair=False, deep=deep), *_withdrawn(home, deep, words))
    told: list[str] = []
    spoilt = changed_since(home, home.derived_db, read=True)  # under the lock nothing is compared
    with writing(home, "doctor", tell=told.append) as vocabulary:
        mended = [Finding(home.derived_db.name, "repaired", said) for said in told]
        mended += _identity(home, repair=True)  # without an id nothing of the index is known
        finished = finish_withdrawal(home, vocabulary)
        if finished:
            state = "wrong" if finished.stays else "repaired"
            said = "; ".join(("finished now", *finished.going(), *finished.left()))
            mended.append(Finding("withdrawal", state, said))
        found = _examined(
            home, repair=True, deep=deep, vocabulary=vocabulary, spoilt="" if told else spoilt
        )
        return (*mended, *found, *_withdrawn(home, deep, words))


def damage_of(home: Home) -> str:
    """The first file of a home that is not as casereviews wrote it, and the remedy; "" when all are."""
    found = (*_looked("home.json", lambda: _identity(home, repair=False)), _record(home))
    for finding in (
        *found,
        *_looked("derived.db", lambda: _derived(home, False, None, "")),
        *_looked("index", lambda: _damaged_index(home)),
    ):
        if finding.state == "wrong":
            return f"{home.root}: {finding.check}: {finding.detail}"
    return ""


def _damaged_index(home: Home) -> Iterator[Finding]:
    for file, wrong in broken_index(home):
        yield Finding("index", "wrong", str(IndexDamaged(file, wrong)))


def _examined(
    home: Home,
    *,
    repair: bool,
    deep: bool,
    vocabulary: Vocabulary | None = None,
    spoilt: str = "",
) -> Iterator[Finding]:
    yield from _looked("home.json", lambda: _identity(home, repair=repair))
    record = _record(home)
    yield record
    of_derived = list(
        _looked(home.derived_db.name, lambda: _derived(home, repair, vocabulary, spoilt))
    )
    yield from of_derived
    yield from _looked(home.crawl_memory.name, lambda: _memory(home, repair=repair))
    if not repair and record.state == "well" and (trouble := unfinished(home)):
        yield Finding("withdrawal", "wrong", trouble)
    yield from _looked("places", lambda: _places(home))
    yield from _edited_files(home)
    if record.state == "well":
        yield from _looked("archive", lambda: _archive(home, repair=repair, deep=deep))
        if all(finding.state in ("well", "repaired") for finding in of_derived):
            yield from _looked("index", lambda: _index(home, repair=repair, vocabulary=vocabulary))
            yield from _looked("covered text", lambda: _covered_text(home))
    yield from _of_the_folder(home, repair=repair)


def _of_the_folder(home: Home, *, repair: bool) -> Iterator[Finding]:
    yield from _rights(home)
    yield from _drives(home)
    yield from _old_logs(home, repair=repair)


def _looked(check: str, look: Callable[[], Iterable[Finding]]) -> Iterator[Finding]:
    """What a check finds; that it cannot be made is a finding too."""
    try:
        yield from look()
    except (RepositoryError, SearchError, OSError) as error:
        yield Finding(check, "wrong", str(error))


def _identity(home: Home, *, repair: bool) -> Iterator[Finding]:
    """The home's id; a lost one is minted anew (the index, which bears the old one, then as well)."""
    try:
        _ = home.id
    except HomeDamaged as error:
        if not repair:
            yield Finding("home.json", "wrong", str(error))
            return
        home.give_new_id()
        yield Finding("home.json", "repaired", "a new id was given")


def _record(home: Home) -> Finding:
    """record.db: there, and sound in SQLite's own word."""
    path = home.record_db
    try:
        refuse_lost_record(home)
        if Stores.of(home).record is not None:
            return _record_on_server(home)
    except (HomeDamaged, RecordServerError) as error:
        return Finding(path.name, "wrong", str(error))
    if not path.exists():
        return Finding(path.name, "warning", "not there yet")
    said = quick_check(path)
    changed = changed_since(home, path, read=True)
    if changed and not said:
        said = damage_in(home, path)
    if said:
        return Finding(path.name, "wrong", f"{said}: {RESTORE}")
    if changed:
        said = f"{changed}, since the last run; right when it was restored from a backup"
    return Finding(path.name, "well", said)


def _record_on_server(home: Home) -> Finding:
    """The server looks after its files: what can be said is that it answers, and that the record is this home's and of this casereviews."""
    if not has_record(home):
        return Finding(home.record_db.name, "warning", "not there yet")
    with Record.open(home, unfinished=True):
        return Finding(home.record_db.name, "well")


def _derived(
    home: Home, repair: bool, vocabulary: Vocabulary | None, spoilt: str
) -> Iterator[Finding]:
    """derived.db: there, sound, and as it was left (`spoilt` says how it was not, before the lock was taken); with `repair` it is made
    anew from the archive."""
    path = home.derived_db
    if not has_record(home):
        yield Finding(path.name, "warning", "not there yet")
        return
    said = "is missing"
    if has_derived(home):
        of_file = Stores.of(home).record is None
        said = (
            (quick_check(path) or spoilt or changed_since(home, path, read=True)) if of_file else ""
        )
    if not said:
        yield Finding(path.name, "well")
    elif not repair:
        yield Finding(path.name, "wrong", f"{said}: {MAKE_ANEW} (doctor --repair does as well)")
    elif vocabulary is not None:
        derived.forget(home)
        with WriteCycle(home, SILENT, vocabulary).opened():
            pass  # what is lacking is read and described
        yield Finding(path.name, "repaired", f"{said}: it was made anew from the archive")


def _memory(home: Home, *, repair: bool) -> Iterator[Finding]:
    """What the crawler remembers; without it the next night asks for everything again."""
    path = home.crawl_memory
    if not path.exists():
        return
    said = quick_check(path)
    if said and repair:
        forget(path)
    if said:
        yield Finding(
            path.name,
            "repaired" if repair else "wrong",
            f"{said}: {'taken away' if repair else 'the next refresh makes it anew'}"
            + _cure(repair),
        )
    else:
        yield Finding(path.name, "well")


def _rights(home: Home) -> Iterator[Finding]:
    """Who else may look into the home: what was taken down elsewhere, and what is searched for, is in it."""
    mode = rights_of(home.root)
    for bits, who, fitting in (
        (0o007, "everybody on this machine", "o"),
        (0o070, "everybody of its group", "g"),
    ):
        given = mode & bits
        if given & 0o055 or given & 0o022:
            can = "read and change" if given & 0o022 else "read"
            yield Finding(
                "rights",
                "warning",
                f"{who} can {can} {home.root}: right when a team shares it, else `chmod {fitting}-rwx` it",
            )


def _edited_files(home: Home) -> Iterator[Finding]:
    """The files that people edit can be read; what is wrong with some of them stops every verb that writes."""
    wrong = {home.themes_csv: wrong_themes(home)}
    readers: list[tuple[Path, Callable[[Path], object]]] = [
        (home.saved_toml, lambda _: SavedSearches(home, _never).all()),
        (home.config_toml, _read_config),
        (home.sources_toml, load_sources),
        (home.marks_csv, lambda _: Marks(home, str).written()),
    ]
    if not wrong[home.themes_csv]:  # corrections may name the home's own themes
        vocabulary = load_vocabulary(home)
        readers.append((home.corrections_toml, lambda path: load_corrections(path, vocabulary)))
    for path, load in readers:
        try:
            load(path)
            wrong[path] = ""
        except (RepositoryError, CrawlerError, CollectionError) as error:
            wrong[path] = str(error)
    for path, said in wrong.items():
        if path.exists():
            yield Finding(path.name, "wrong" if said else "well", said)


def _read_config(path: Path) -> None:
    for name in ("contact", "model"):
        read_word(path, name)
    if read_switch(path, second_opinion.SWITCH):
        second_opinion.load_encoder()


def _never() -> Searcher:
    raise AssertionError("reading the saved searches opens no index")


def _archive(home: Home, *, repair: bool, deep: bool) -> Iterator[Finding]:
    """Every file that the record names is there (and whole); what nothing names is swept."""
    if not has_record(home):
        return
    kept = archive_of(home)
    with Record.open(home, unfinished=True) as record:
        wanted = record.kept_hashes()
    sizes = dict(kept.sizes())
    there = sizes.keys()
    gone = wanted - there
    missing = sorted(gone - kept.among(gone))  # asked for: a server may list another place
    read = deep or sum(sizes.values()) <= READ_ANYWAY
    broken = sorted(one for one in wanted & there if read and not _is_whole(kept, one))
    for hashes, word in ((missing, "missing"), (broken, "damaged")):
        if hashes:
            what = f"{_counted(hashes, 'file')} {word} ({hashes[0][:12]}…)"
            advice = "`casereviews refresh --recheck` fetches again what is still published, else restore it from a backup"
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


def _is_whole(kept: Archive, sha256: str) -> bool:
    try:
        return kept.is_whole(sha256)
    except FileLost:  # it cannot be read
        return False


def _index(home: Home, *, repair: bool, vocabulary: Vocabulary | None) -> Iterator[Finding]:
    """The index holds what is shown, no more and no less."""
    if not is_described(home):
        return
    shown = published_ids(home)
    try:
        for file, wrong in broken_index(home):
            raise IndexDamaged(file, wrong)
        indexed = indexed_ids(home)
    except SearchError as error:
        if not repair:
            yield Finding("index", "wrong", str(error) + _cure(repair))
            return
        build_anew(home, vocabulary=vocabulary)
        damage = f"{error.file} {error.wrong}" if isinstance(error, IndexDamaged) else str(error)
        yield Finding("index", "repaired", f"made anew; before: {damage}")
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


def _places(home: Home) -> Iterator[Finding]:
    """Where else the home still is; what was withdrawn since is there."""
    places = list(Places.of(home).elsewhere(home))
    withdrawn = (
        max((one.at for one in TombstoneFile.of(home).read()[1]), default="") if places else ""
    )
    for place in places:
        what = (
            f"a copy of the {place.store} of {place.since[:10]} is still there: {place.words(home)}"
        )
        if withdrawn >= place.since:
            yield Finding(
                "places", "wrong", f"{what}, and holds what was withdrawn since: {REMOVE}"
            )
        else:
            yield Finding("places", "warning", f"{what}: {REMOVE}")


def _withdrawn(home: Home, deep: bool, words: Collection[str]) -> Iterator[Finding]:
    """What was withdrawn is nowhere: by digests and ids of the tombstones, and by words of who still has the report."""
    if deep or words:
        yield from _looked("withdrawn", lambda: _sought(home, words))


def _sought(home: Home, words: Collection[str]) -> Iterator[Finding]:
    stones = TombstoneFile.of(home).read()[1]
    hashes = {one.value for one in stones if one.kind == "bytes"}
    ids = {one.value for one in stones if one.kind in ("document", "review")}
    if not hashes and not words:
        return
    with contextlib.suppress(SearchError):  # told by another check
        if still := indexed_ids(home) & ids:
            yield Finding(
                "withdrawn",
                "wrong",
                f"the index has {', '.join(sorted(still))}: run `casereviews rebuild --index`",
            )
    if still := archive_of(home).among(hashes):
        yield Finding(
            "withdrawn",
            "wrong",
            f"the archive has {', '.join(sorted(still))}: run `casereviews doctor --repair`",
        )
    if words:
        for one in canary(home, hashes, sorted(words)):
            what = f"{one.path} ({one.where}): {one.what}: {what_to_do(home, one)}"
            yield Finding("withdrawn", "wrong", what)
    for place in sought(home, hashes, sorted(words)):
        where = f"{place.store}: {place.place}"
        if place.found:
            yield Finding("withdrawn", "wrong", f"{where}: {', '.join(place.found)}")
        elif place.unread:
            yield Finding("withdrawn", "warning", f"{where}: not looked into: {place.unread}")
        else:
            yield Finding("withdrawn", "well", where)
    if Stores.of(home) == Stores():
        yield Finding(
            "withdrawn", "well", f"{_counted(hashes, 'file')} of withdrawn reports looked for"
        )


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
