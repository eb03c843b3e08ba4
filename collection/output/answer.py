"""What a verb answers, before it is given a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from casereviews.repository.fields import Field
from casereviews.repository.file_trouble import trouble_worded
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

Words = Callable[[Mapping[str, Any], Vocabulary], object]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the flat forms (table, CSV, Markdown): the key in a row and the heading people read.

    `wide` columns are left out of a terminal's table, where room is short. `words` gives what people read instead of a row's code;
    CSV keeps codes.
    """

    key: str
    heading: str
    wide: bool = False
    right: bool = False
    words: Words | None = None

    def read(self, row: Mapping[str, Any], vocabulary: Vocabulary) -> object:
        """The value of a row as people read it."""
        return self.words(row, vocabulary) if self.words else row.get(self.key)


def in_words(field: Field, key: str) -> Words:
    """The words of a column that holds the values of a field: labels instead of codes."""
    if field.name == "trouble":
        return _trouble_in_words
    return lambda row, vocabulary: vocabulary.worded(field, row.get(key))


def _trouble_in_words(row: Mapping[str, Any], _: Vocabulary) -> str:
    host, source = row.get("trouble_host"), row.get("source")
    return trouble_worded(str(row["trouble"]), host, source) if row.get("trouble") else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A verb's result in all its shapes.

    `payload` is the JSON contract; `rows` are flat mappings for table, CSV and Markdown; `records` are hits or reviews
    in the JSON contract's shape for reference formats (RIS, BibTeX) and JSON lines; `accessed` is the ISO date that
    citations give, `at` the instant at which a feed was made and `address` where it stands, as itself would write it; `caution` is what must be read beside the rows, wherever they are taken. `empty` is what to say of no rows, which for a search is exit 1 and, where `empty_is_done`, no failure; `vocabulary` has
    the labels that people and references get instead of codes. `table` is a rich renderable (or a callable giving one) when a verb draws its own.
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
