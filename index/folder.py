"""The index folder: generations `gNNN/`, and `CURRENT`, which names the one to search.

index/
  CURRENT           one line: g007
  g007/index.json   engine, schema version, table of fields, home, counts, record revision, built at; the seal of every file
  g007/changing     there while a writer changes the files (or was killed doing so): their seals do not hold then
  g007/pages.db     see `casereviews.index.storage.store`
  g007/MAIN_*.trm … Whoosh's files

Of an index on a cluster only what compares cases is here, and there is no generation:

  beside/index.json, similar.db, vectors/
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from casereviews.index.errors import ForeignIndex, IndexDamaged, NoIndex
from casereviews.index.fields import TABLE
from casereviews.repository.seals import Seals, broken, read_seals, seal
from casereviews.repository.whole_files import write_whole

ENGINE = "whoosh 2.7.4"
SCHEMA = 3
UNKNOWN = "unknown"
"""Of an index whose maker did not say which withdrawals it knows, nor took the words of what is held out of its word list."""
_GENERATION = re.compile(r"g(\d{3,})")
_NEXT = "run `casereviews refresh` or `casereviews rebuild`"
_CURRENT, _BESIDE = "CURRENT", "beside"
_INDEX_JSON, _CHANGING, _BUILDING = "index.json", "changing", "building.json"
_UNSEALED = {_INDEX_JSON, _CHANGING, _BUILDING}
_NOT_AS_WRITTEN = "is not as it was written"
VECTORS = "vectors/"
SIMILAR = ("similar.db", VECTORS)
"""What only `similar` reads of a generation, and what is made anew by itself when it is damaged."""
_PASSING = (".part", ".tmp", "-journal", "-shm")


@dataclass(frozen=True, slots=True)
class Built:
    """What index.json says: `revision` is the record's, `words` counts all words of all pages, `withdrawals` which withdrawals
    it knows of (the digest of `casereviews.repository.tombstone_file`)."""

    generation: str
    home: str
    revision: int
    documents: int
    reviews: int
    words: int
    segments: int
    built: str
    engine: str = ENGINE
    schema: int = SCHEMA
    fields: str = TABLE
    withdrawals: str = UNKNOWN


def current(index_dir: Path, home_id: str) -> tuple[Path, Built]:
    """The folder of the current generation and its index.json, checked before anything in it is opened.

    Raises NoIndex when there is none or another version or table of fields made it, IndexDamaged when one of its files is not as
    it was written, ForeignIndex when another home built it.
    """
    folder = _named(index_dir)
    try:
        said = _index_json(folder)
    except IndexDamaged:
        if _named(index_dir) != folder:
            return current(
                index_dir, home_id
            )  # a newer generation came between, and the old one went
        raise
    ours = said.get("schema") == SCHEMA and said.get("engine") == ENGINE
    if "home" not in said or (ours and said.get("fields") == TABLE and not _is_whole(said)):
        raise IndexDamaged(folder / _INDEX_JSON, _NOT_AS_WRITTEN)
    if said.get("home") != home_id:
        raise ForeignIndex(
            f"The index in {index_dir} was built by another home ({said.get('home')}) and is not opened: "
            "run `casereviews rebuild` in this one."
        )
    if not ours:
        raise NoIndex(
            f"The index in {index_dir} is of another version ({said.get('engine')}, schema "
            f"{said.get('schema')}; this one makes {ENGINE}, schema {SCHEMA}): run `casereviews rebuild`."
        )
    if said.get("fields") != TABLE:
        how = (
            "with other abbreviations or another"
            if "fields" in said
            else "by an earlier version, with another"
        )
        raise NoIndex(
            f"The index in {index_dir} was made {how} table of fields: run `casereviews rebuild` "
            "(the next refresh makes it anew as well)."
        )
    try:
        built = Built(**{one.name: said[one.name] for one in fields(Built) if one.name in said})
        seals = read_seals(said.get("files", {}))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise IndexDamaged(folder / _INDEX_JSON, f"lacks or garbles {error}") from error
    searched = {name: one for name, one in seals.items() if not _is_of_similar(name)}
    for name, wrong in () if is_changing(folder) else broken(folder, searched):
        if is_changing(folder) or _named(index_dir) != folder or _index_json(folder) != said:
            return current(index_dir, home_id)  # a writer came between
        raise IndexDamaged(folder / name, wrong)
    return folder, built


def broken_of_similar(folder: Path) -> list[tuple[Path, str]]:
    """(file, what is wrong with it) of what `similar` reads of a generation: profiles and vectors, which searches do without.

    Vectors that are gone as a whole are no damage: `similar` does without them and says so, and the next refresh makes them anew.
    """
    if not (folder / _INDEX_JSON).exists() and folder.name == _BESIDE:
        return []  # an index on a cluster, and nothing was compared on this machine
    said = _index_json(folder)
    seals = read_seals(said.get("files", {}))
    asked = {
        name: one
        for name, one in seals.items()
        if _is_of_similar(name)
        and not (name.startswith(VECTORS) and not (folder / name).parent.exists())
    }
    found = [] if is_changing(folder) else list(broken(folder, asked))
    if found and (is_changing(folder) or _index_json(folder) != said):
        return broken_of_similar(folder)  # a writer came between
    return [(folder / name, wrong) for name, wrong in found]


def read_through(index_dir: Path, home_id: str) -> list[tuple[Path, str]]:
    """(file, what is wrong with it) of the current generation, every byte of it read. Raises as `current` does."""
    folder, _ = current(index_dir, home_id)
    if is_changing(folder):
        return []
    seals = read_seals(_index_json(folder).get("files", {}))
    return [(folder / name, wrong) for name, wrong in broken(folder, seals, read=True)]


def beside(index_dir: Path) -> Path:
    """The folder of what compares cases where the index is on a cluster; it need not be there."""
    return index_dir / _BESIDE


def describe_beside(index_dir: Path, built: Built) -> Path:
    """From now on the index is on a cluster, in this state: of one in the folder nothing stays. Gives the folder of what compares cases."""
    folder = beside(index_dir)
    folder.mkdir(parents=True, exist_ok=True)
    with changing(folder):
        write_index_json(folder, built)
    (index_dir / _CURRENT).unlink(missing_ok=True)
    for generation in generations(index_dir):
        shutil.rmtree(generation, ignore_errors=True)
    return folder


def compared_in(index_dir: Path, home_id: str) -> Path:
    """The folder that has what compares cases: the current generation, or what is `beside` a cluster. Raises as `current` does."""
    folder = beside(index_dir)
    return folder if (folder / _INDEX_JSON).exists() else current(index_dir, home_id)[0]


def _is_of_similar(name: str) -> bool:
    return name.startswith(SIMILAR)


def _named(index_dir: Path) -> Path:
    """The folder that CURRENT names: a generation in this index, and nothing else."""
    pointer = index_dir / _CURRENT
    try:
        name = pointer.read_text("utf-8").strip()
    except FileNotFoundError:
        if any((folder / _INDEX_JSON).exists() for folder in generations(index_dir)):
            raise IndexDamaged(pointer, "is missing") from None
        raise NoIndex(f"There is no index in {index_dir} yet: {_NEXT}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(pointer, _why(error)) from error
    if not _GENERATION.fullmatch(name):
        raise IndexDamaged(pointer, "names no generation")
    if not (index_dir / name).is_dir():
        with suppress(OSError, UnicodeDecodeError):
            if pointer.read_text("utf-8").strip() != name:  # a run went on between the two looks
                return _named(index_dir)
        raise IndexDamaged(pointer, f"names {name}, which is not there")
    return index_dir / name


def _index_json(folder: Path) -> dict[str, Any]:
    """What a generation's index.json says. Raises IndexDamaged when it is no table in JSON."""
    path = folder / _INDEX_JSON
    try:
        said = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise IndexDamaged(path, _why(error)) from error
    if not isinstance(said, dict):
        raise IndexDamaged(path, _NOT_AS_WRITTEN)
    return said


def _is_whole(said: Mapping[str, Any]) -> bool:
    """Whether an index.json is as it was written, by its own digest; those of earlier versions have none."""
    if "digest" not in said and "files" not in said:
        return True
    return said.get("digest") == _digest(said)


def _digest(said: Mapping[str, Any]) -> str:
    rest = {name: value for name, value in said.items() if name != "digest"}
    return hashlib.blake2b(json.dumps(rest, sort_keys=True).encode(), digest_size=16).hexdigest()


def _why(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "is missing"
    if isinstance(error, OSError):
        return f"cannot be read ({error.strerror})"
    return _NOT_AS_WRITTEN


def is_changing(folder: Path) -> bool:
    """True while a writer changes a generation, and after one was killed doing so, until the next."""
    return (folder / _CHANGING).exists()


@contextmanager
def changing(folder: Path) -> Iterator[None]:
    """A generation while its files are changed: unsealed in the block, sealed when it ends well."""
    write_whole(folder / _CHANGING, "")
    yield
    _seal(folder)
    (folder / _CHANGING).unlink(missing_ok=True)


def unfinished(index_dir: Path, home_id: str) -> Path | None:
    """The newest generation that a build of this home and version left unfinished."""
    for folder in sorted(generations(index_dir), reverse=True):
        marker = folder / _BUILDING
        if not marker.is_file() or (folder / _INDEX_JSON).exists():
            continue
        with contextlib.suppress(OSError, ValueError):
            if json.loads(marker.read_text("utf-8")) == _marker(home_id):
                return folder
    return None


def new_generation(index_dir: Path, home_id: str) -> Path:
    """A new folder, numbered after all there are."""
    numbers = [int(folder.name[1:]) for folder in generations(index_dir)]
    folder = index_dir / f"g{max(numbers, default=0) + 1:03d}"
    folder.mkdir(parents=True)
    write_whole(folder / _BUILDING, json.dumps(_marker(home_id)))
    return folder


def publish(index_dir: Path, folder: Path, built: Built) -> None:
    """Writes index.json, points CURRENT to the generation, and removes all others."""
    write_index_json(folder, built)
    _seal(folder)
    pointer = index_dir / _CURRENT
    if pointer.is_dir():  # not ours: a name that stands in the way
        shutil.rmtree(pointer)
    write_whole(pointer, folder.name + "\n")
    (folder / _BUILDING).unlink(missing_ok=True)
    shutil.rmtree(beside(index_dir), ignore_errors=True)
    for other in generations(index_dir):
        if other != folder:
            # Where open files cannot be deleted (Windows), the next build tries again.
            shutil.rmtree(other, ignore_errors=True)


def write_index_json(folder: Path, built: Built) -> None:
    """What a generation is, while its files change: the seals that stood stay till it is sealed anew."""
    with contextlib.suppress(IndexDamaged):
        _write(folder, {"files": _index_json(folder).get("files", {}), **asdict(built)})
        return
    _write(folder, asdict(built))


def _seal(folder: Path) -> None:
    """Write the seal of every file of a generation into its index.json."""
    said = _index_json(folder)
    names = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file()
        and file.name not in _UNSEALED
        and not file.name.endswith(_PASSING)
        and not (file.name.endswith("-wal") and not file.stat().st_size)
    }
    before: Seals = read_seals(said.get("files", {}))
    _write(folder, {**said, "files": seal(folder, names, before)})


def _write(folder: Path, said: dict[str, Any]) -> None:
    said = json.loads(json.dumps(said))  # as it is read again
    text = json.dumps({**said, "digest": _digest(said)}, indent=2)
    write_whole(folder / _INDEX_JSON, text + "\n")


def generations(index_dir: Path) -> list[Path]:
    if not index_dir.is_dir():
        return []
    return [entry for entry in index_dir.iterdir() if _GENERATION.fullmatch(entry.name)]


def _marker(home_id: str) -> dict[str, object]:
    return {"home": home_id, "engine": ENGINE, "schema": SCHEMA, "fields": TABLE}
