"""The vocabulary's CSV files: what spreadsheets write is read, and what is wrong is named with its line and its cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.repository.errors import VocabularyError
from casereviews.repository.vocabulary.tables import read_table

COLUMNS = ("name", "words")


def rows(folder: Path, content: bytes) -> list[tuple[int, dict[str, str]]]:
    path = folder / "table.csv"
    path.write_bytes(content)
    return list(read_table(path, COLUMNS))


@pytest.mark.parametrize(
    "content",
    [
        b"name,words\none,two three\n",
        b"\xef\xbb\xbfname,words\r\none,two three\r\n",  # Excel's "CSV UTF-8"
        b"name,words\rone,two three\r",  # Excel's "CSV (Macintosh)"
        b"words,other,name\ntwo three,4,one\n",
        b'name,words,,\n" one ","two\n three",,\n',
        b"name , words\none,two\xc2\xa0three",
    ],
)
def test_a_row_is_read_as_any_program_wrote_it(tmp_path: Path, content: bytes) -> None:
    assert rows(tmp_path, content) == [(2, {"name": "one", "words": "two three"})]


def test_lines_count_through_empty_rows_and_cells_of_several_lines(tmp_path: Path) -> None:
    found = rows(tmp_path, b'name,words\na,"x\ny"\n,\n\nb,z\nc,\n')
    assert [(line, row["name"], row["words"]) for line, row in found] == [
        (2, "a", "x y"),
        (6, "b", "z"),
        (7, "c", ""),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name;words\na;b\n", "line 1: no column name, words (its cells are parted by semicolons)"),
        (b"name\twords\na\tb\n", "line 1: no column name, words (its cells are parted by tabs)"),
        (b"name\na\n", "line 1: no column words; the first line must name name, words"),
        (b"", "line 1: no column name, words; "),
        (b"name,words\na,b\nc;d\n", "line 3: one cell instead of 2 (its cells are parted by semicolons)"),
        (b"name,words\na,b,c\n", "line 2: 3 cells, but 2 columns; part words within a cell by |"),
        (b"name,words\na,b\nc,caf\xe9\n", "line 3: not UTF-8 text; save the file as"),
        ("name,words\na,b\n".encode("utf-16"), "line 1: not UTF-8 text"),
        ("name,words\na,b\n".encode("utf-16-le"), "line 1: no column name, words"),
        (b"name,words\na,b\0\n", "line 2: the character U+0000 stands here"),
        (b"name,words\n\na,caf\xef\xbf\xbd\n", "line 3: the character U+FFFD stands here"),
        (b"name,words\na,b\tc\n", "line 2: a tab stands here"),
        (b'name,words\na,"b\nc,d\n', "line 2: unexpected end of data; close every quotation mark"),
        (b'name,words\na,"b" c\n', "line 2: "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(VocabularyError) as caught:
        rows(tmp_path, content)
    assert str(caught.value).startswith(f"{tmp_path / 'table.csv'}, {message}")


def test_what_cannot_be_read_at_all_is_named(tmp_path: Path) -> None:
    (tmp_path / "table.csv").mkdir()
    with pytest.raises(VocabularyError, match=r"table\.csv: cannot be read \("):
        list(read_table(tmp_path / "table.csv", COLUMNS))
