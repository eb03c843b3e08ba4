"""The index folder: generations `gNNN/`, and `CURRENT`, which names the one to search.

index/
  CURRENT           one line: g007
  g007/index.json   engine, schema version, table of fields, home, counts, record revision, built at
  g007/pages.db     see `casereviews.index.storage.store`
  g007/MAIN_*.trm … Whoosh's files
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from casereviews.index.errors import ForeignIndex, NoIndex
from casereviews.index.fields import TABLE
from casereviews.repository.whole_files import write_whole

ENGINE = "whoosh 2.7.4"
SCHEMA = 3
UNKNOWN = "unknown"
"""Of an index whose maker did not say which withdrawals it knows, nor took the words of what is held out of its word list."""
_GENERATION = re.compile(r"g(\d{3,})")
_NEXT = "run `casereviews refresh` or `casereviews rebuild`"


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

    Raises NoIndex when there is none or another version or table of fields made it, ForeignIndex when another home did.
    """
    try:
        folder = index_dir / (index_dir / "CURRENT").read_text("utf-8").strip()
        said = json.loads((folder / "index.json").read_text("utf-8"))
    except FileNotFoundError:
        raise NoIndex(f"There is no index in {index_dir} yet: {_NEXT}.") from None
    except (json.JSONDecodeError, NotADirectoryError):
        raise NoIndex(f"The index in {index_dir} is damaged: run `casereviews rebuild`.") from None
    if said.get("home") != home_id:
        raise ForeignIndex(
            f"The index in {index_dir} was built by another home ({said.get('home')}) and is not opened: "
            "run `casereviews rebuild` in this one."
        )
    if said.get("schema") != SCHEMA or said.get("engine") != ENGINE:
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
    return folder, Built(**said)


def unfinished(index_dir: Path, home_id: str) -> Path | None:
    """The newest generation that a build of this home and version left unfinished."""
    for folder in sorted(generations(index_dir), reverse=True):
        marker = folder / "building.json"
        if not marker.exists() or (folder / "index.json").exists():
            continue
        with contextlib.suppress(json.JSONDecodeError):
            if json.loads(marker.read_text("utf-8")) == _marker(home_id):
                return folder
    return None


def new_generation(index_dir: Path, home_id: str) -> Path:
    """A new folder, numbered after all there are."""
    numbers = [int(folder.name[1:]) for folder in generations(index_dir)]
    folder = index_dir / f"g{max(numbers, default=0) + 1:03d}"
    folder.mkdir(parents=True)
    write_whole(folder / "building.json", json.dumps(_marker(home_id)))
    return folder


def publish(index_dir: Path, folder: Path, built: Built) -> None:
    """Writes index.json, points CURRENT to the generation, and removes all others."""
    write_index_json(folder, built)
    write_whole(index_dir / "CURRENT", folder.name + "\n")
    (folder / "building.json").unlink(missing_ok=True)
    for other in generations(index_dir):
        if other != folder:
            # Where open files cannot be deleted (Windows), the next build tries again.
            shutil.rmtree(other, ignore_errors=True)


def write_index_json(folder: Path, built: Built) -> None:
    write_whole(folder / "index.json", json.dumps(asdict(built), indent=2) + "\n")


def generations(index_dir: Path) -> list[Path]:
    if not index_dir.is_dir():
        return []
    return [entry for entry in index_dir.iterdir() if _GENERATION.fullmatch(entry.name)]


def _marker(home_id: str) -> dict[str, object]:
    return {"home": home_id, "engine": ENGINE, "schema": SCHEMA, "fields": TABLE}
