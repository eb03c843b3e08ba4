"""Where what leaves may be written: nowhere in the home, and in place of nothing but an earlier export of its form."""

from __future__ import annotations

from pathlib import Path

from casereviews.collection.errors import RequestError

BEGINS = {
    "sqlite": (0, b"SQLite format 3\0"),
    "duckdb": (8, b"DUCK"),
    "qdpx": (0, b"PK"),
    "qdc": (0, b"<?xml"),
}
"""Form -> (offset, bytes) by which a file of it is known: of SQLite, DuckDB, ZIP and XML."""


def refuse_in_home(path: Path, home: Path) -> None:
    """Raise RequestError for a place in the home: it might be the record itself, and a withdrawal would take it for the home's own."""
    place, root = path.resolve(), home.resolve()
    if place == root or root in place.parents:
        raise RequestError(
            f"{path} lies in the home, which holds the collection: name a place outside {home}"
        )


def refuse_other_file(path: Path, form: str) -> None:
    """Raise RequestError where a file of another kind stands; an empty one is replaced."""
    if not path.is_file() or form not in BEGINS:
        return
    at, begins = BEGINS[form]
    with path.open("rb") as file:
        head = file.read(at + len(begins))
    if head and head[at:] != begins:
        raise RequestError(f"{path} holds something else than an earlier --{form}: name a new file")
