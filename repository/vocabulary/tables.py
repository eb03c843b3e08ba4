"""The vocabulary's CSV files, packaged or from a home: rows with their line, or what is wrong with the file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from casereviews.repository.errors import VocabularyError

# What no text holds on purpose: control characters (a NUL is a sign of UTF-16), and the mark of a letter that was lost.
_BAD = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_SAVE = "save the file as “CSV UTF-8”, with commas between the columns"


def read_table(
    path: Path, columns: Sequence[str], may_stand: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file that are not empty, stripped: (line, column -> cell); a cell that a short row lacks is "".

    `columns` must stand in the first line; those of `may_stand` that do not are "" in every row. Other columns are left out. A byte-order mark, the line ends of any system and quoted cells are read as a spreadsheet
    writes them. Raises VocabularyError naming file, line and what to write: bytes that are no UTF-8, bad characters, other
    separators, missing columns, an open quotation mark, more cells than columns.
    """
    text = _text(path)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [name.strip() for name in next(rows, [])]
        missing = [name for name in columns if name not in header]
        if missing:
            raise VocabularyError(
                f"{path}, line 1: no column {', '.join(missing)}{_separator(text)}; the first line must name "
                f"{', '.join(columns)}; {_SAVE}"
            )
        _check_characters(path, text)
        line = rows.line_num + 1
        for given in rows:
            cells = [" ".join(cell.split()) for cell in given]
            where = f"{path}, line {line}"
            if len(cells) == 1 < len(columns) and cells[0]:
                raise VocabularyError(
                    f"{where}: one cell instead of {len(header)}{_separator(cells[0])}; {_SAVE}"
                )
            if any(cells[len(header) :]):
                raise VocabularyError(
                    f"{where}: {len(cells)} cells, but {len(header)} columns; part words within a cell by |, or put "
                    'a cell that holds a comma in quotation marks: "one, two"'
                )
            if any(cells):
                row = dict(zip(header, cells, strict=False))
                yield line, {name: row.get(name, "") for name in (*columns, *may_stand)}
            line = rows.line_num + 1
    except csv.Error as error:
        raise VocabularyError(
            f"{path}, line {line}: {error}; close every quotation mark, and write one inside a cell twice"
        ) from error


def _text(path: Path) -> str:
    try:
        given = path.read_bytes()
    except OSError as error:
        raise VocabularyError(
            f"{path}: cannot be read ({error.strerror}); let the file be read, or take it out"
        ) from error
    try:
        return given.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = given.count(b"\n", 0, error.start) + 1
        raise VocabularyError(f"{path}, line {line}: not UTF-8 text; {_SAVE}") from error


def _check_characters(path: Path, text: str) -> None:
    found = _BAD.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        name = "a tab" if found[0] == "\t" else f"the character U+{ord(found[0]):04X}"
        raise VocabularyError(
            f"{path}, line {line}: {name} stands here; write it anew, and {_SAVE}"
        )


def _separator(text: str) -> str:
    """What parts the cells of a line instead of commas, as a remark; "" when nothing shows it."""
    line = text.partition("\n")[0]
    for sign, name in ((";", "semicolons"), ("\t", "tabs")):
        if line.count(sign) > line.count(","):
            return f" (its cells are parted by {name})"
    return ""
