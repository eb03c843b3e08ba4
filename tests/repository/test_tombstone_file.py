"""Tombstones outside the record: only added to, flushed, without a word; damage is named, an unfinished line is passed over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casereviews.repository.errors import HomeDamaged, HomeError
from casereviews.repository.tombstone_file import Tombstone, TombstoneFile

ONE = Tombstone("bytes", "a" * 64, "northmoor", "d1", "2026-03-01T02:00:00Z")
OTHER = Tombstone("document", "d1", "northmoor", "d1", "2026-03-01T02:00:00Z")


def test_tombstones_are_added_once_and_the_digest_grows(tmp_path: Path) -> None:
    file = TombstoneFile(tmp_path / "tombstones.jsonl")
    assert (file.digest(), file.read()) == ("", ("", ()))
    file.add("k1", [ONE])
    first = file.digest()
    file.add("another", [ONE])
    assert file.digest() == first
    file.add("k1", [ONE, OTHER])
    assert file.read() == ("k1", (ONE, OTHER))
    assert file.digest() != first


@pytest.mark.parametrize("torn", ['{"kind":"by', "{", '"'])
def test_what_a_power_cut_left_of_a_line_is_written_over(tmp_path: Path, torn: str) -> None:
    file = TombstoneFile(tmp_path / "tombstones.jsonl")
    file.add("k1", [ONE])
    with file.path.open("a") as out:
        out.write(torn)
    assert file.read() == ("k1", (ONE,))
    file.add("k1", [OTHER])
    assert file.read() == ("k1", (ONE, OTHER))


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    file = TombstoneFile(tmp_path / "tombstones.jsonl")
    file.add("k1", [ONE, OTHER])
    lines = file.path.read_text().splitlines()
    file.path.write_text("\n".join([lines[0], "\0\0", lines[2]]) + "\n")
    with pytest.raises(HomeError, match="line 2 is damaged: restore the file"):
        file.read()


@pytest.mark.parametrize("ask", [TombstoneFile.digest, TombstoneFile.read])
def test_what_cannot_be_read_is_no_empty_file(
    tmp_path: Path, ask: Callable[[TombstoneFile], object]
) -> None:
    file = TombstoneFile(tmp_path / "tombstones.jsonl")
    file.path.mkdir()
    with pytest.raises(HomeDamaged, match=r"tombstones.jsonl cannot be read .*restore the file"):
        ask(file)
