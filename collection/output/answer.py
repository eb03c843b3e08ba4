"""What a verb answers, before it is given a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casereviews.repository.vocabulary import PACKAGED, Vocabulary


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the flat forms (table, CSV, Markdown): the key in a row and the heading people read.

    `wide` columns are left out of a terminal's table, where room is short.
    """

    key: str
    heading: str
    wide: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A verb's result in all its shapes.

    `payload` is the JSON contract; `rows` are flat mappings for table, CSV and Markdown; `records` are hits or reviews
    in the JSON contract's shape for reference formats (RIS, BibTeX) and JSON lines; `accessed` is the ISO date that
    citations give, `at` the instant at which a feed was made and `address` where it stands, as itself would write it; `caution` is what must be read beside the rows, wherever they are taken. `empty` is what to say of no rows, which for a search is exit 1 and, where `empty_is_done`, no failure; `vocabulary` has
    the labels that references give instead of codes. `table` is a rich renderable (or a callable giving one) when a verb draws its own.
    """

    payload: Any
    columns: tuple[Column, ...] = ()
    rows: Iterable[Mapping[str, Any]] = ()
    records: Iterable[Mapping[str, Any]] = ()
    title: str = ""
    empty: str = "nothing found"
    empty_is_done: bool = False
    accessed: str = ""
    at: str = ""
    address: str = ""
    caution: str = ""
    table: Any = None
    vocabulary: Vocabulary = PACKAGED
    notes: tuple[str, ...] = field(default=())
