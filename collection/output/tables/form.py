"""What a form of tables says of itself, and what it is written by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from casereviews.collection.output.tables.rows import Row
from casereviews.repository.vocabulary import Vocabulary

About = Mapping[str, object]
"""Where tables come from, as `datapackage.json` has it without its resources (`provenance.Tally.about`)."""
Unlisted = Mapping[tuple[str, str], Collection[str]]
"""(table, column) -> codes that were written and are in no list of the vocabulary: described before it was changed."""


class TablesWriter(Protocol):
    """Takes the rows of all tables, mixed; `finish` comes last."""

    def write(self, table: str, row: Row) -> None:
        """One row of a table."""

    def finish(self, about: About, unlisted: Unlisted) -> None:
        """All rows were written: write what is left, and where the tables come from."""


Opener = Callable[[Path, str, Vocabulary], AbstractContextManager[TablesWriter]]
"""(an empty folder, the name of what is to stand in the end, the vocabulary) -> a writer of files in the folder."""


@dataclass(frozen=True, slots=True)
class TableForm:
    """A form of tables, asked for by `--name`. `help` ends "Write ..."; `folder` says that it is one, of the files `files`; else a
    file, written under its name with others that begin with it. `stale` are endings of what a program may have left beside such a file."""

    name: str
    help: str
    open: Opener
    folder: bool = False
    files: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
