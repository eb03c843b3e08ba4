"""Recommendations printed as tables: rows whose cells are parted by tabs or bars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from casereviews.repository.describing.recommendations.addressees import addressee, named_body
from casereviews.repository.vocabulary.rules import load_rules

_CELL = re.compile(r"(?<!\s)\s*(?:\t+|\s\|\s|^\||\|$)\s*")
_COLUMNS = load_rules("table_columns")
_NUMBER = re.compile(
    r"(?:recommendation|rec\.?|r)?\s*(\d{1,2}(?:\.\d{1,2})*|[a-z])[.):]?", re.IGNORECASE
)
_SHORTEST = 15


@dataclass(frozen=True, slots=True)
class Row:
    """One recommendation of a table."""

    number: str | None
    text: str
    addressee: str | None
    page: int


def is_row(line: str) -> bool:
    """True for a line of two or more table cells."""
    return len(_cells(line)) >= 2


def rows_to_items(lines: Sequence[tuple[int, str]]) -> list[Row]:
    """The recommendations of a table given as (page, line) pairs; its header, when there is one, names the columns."""
    columns: dict[str, int] = {}
    found: list[Row] = []
    for page, line in lines:
        cells = _cells(line)
        header = _header(cells)
        if header:
            columns = header
            continue
        row = _row(cells, columns, page)
        if row is not None:
            found.append(row)
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELL.split(line.strip()) if cell and cell.strip()]


def _header(cells: Iterable[str]) -> dict[str, int]:
    """The place of each known column when the cells are column names."""
    columns: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if len(cell) > 40 or cell.endswith("."):
            return {}
        for rule in _COLUMNS:
            if rule.code not in columns and rule.fits(cell) and not _NUMBER.fullmatch(cell):
                columns[rule.code] = place
                break
    return columns if "text" in columns or len(columns) >= 2 else {}


def _row(cells: Sequence[str], columns: dict[str, int], page: int) -> Row | None:
    text_at = columns.get("text")
    if text_at is None or text_at >= len(cells):
        text_at = max(range(len(cells)), key=lambda place: len(cells[place]))
    text = cells[text_at]
    number_at = columns.get("number", 0)
    number = None
    if number_at != text_at and (match := _NUMBER.fullmatch(cells[number_at])):
        number = match[1]
    if len(text) < _SHORTEST:
        return None
    who = columns.get("addressee")
    named = None
    if who is not None and who < len(cells) and who != text_at:
        named = cells[who]
    elif who is None:
        others = [cell for place, cell in enumerate(cells) if place not in (text_at, number_at)]
        named = next((body for cell in others if (body := named_body(cell))), None)
    return Row(number, text, addressee(text) or named, page)
