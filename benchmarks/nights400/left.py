"""What is left of words below folders, wherever a home may keep them."""

from __future__ import annotations

import contextlib
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from casereviews.repository.sqlite_files import open_reading


def left_of(words: Iterable[str], folders: Iterable[Path]) -> list[tuple[str, str]]:
    """Where any of these words stands below folders: names of files, bytes, what inflates, values of databases, whatever their case."""
    wanted = sorted({word.lower() for word in words if word})
    if not wanted:
        return []
    spelt = [(word, form) for word in wanted for form in (word, word[::-1])]
    pattern = re.compile("|".join(re.escape(form) for _, form in spelt).encode())
    wide = re.compile(b"|".join(re.escape(form.encode("utf-16-le")) for _, form in spelt))
    found: list[tuple[str, str]] = []

    def seek(data: bytes, place: str) -> None:
        low = data.lower()
        for each in (pattern, wide):
            for match in each.finditer(low):
                found.append((place, match.group().decode("latin-1")))

    for folder in folders:
        for path in folder.rglob("*"):
            seek(str(path.relative_to(folder)).encode(), f"the name of {path}")
            if not path.is_file():
                continue
            data = path.read_bytes()
            seek(data, str(path))
            for inflated in _inflated(data):
                seek(inflated, f"{path}, inflated")
            if data.startswith(b"SQLite format 3\x00"):
                for table, value in _values(path):
                    seek(value, f"{path}, {table}")
                    for inflated in _inflated(value):
                        seek(inflated, f"{path}, {table}, inflated")
    return sorted(set(found))


def _inflated(data: bytes) -> Iterator[bytes]:
    for match in re.finditer(rb"x[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(47).decompress(data[match.start() :], 1 << 22)


def _values(path: Path) -> Iterator[tuple[str, bytes]]:
    with contextlib.closing(open_reading(path)) as db:
        db.text_factory = bytes
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in db.execute(f'SELECT * FROM "{name.decode()}"'):
                yield from ((name.decode(), one) for one in row if isinstance(one, bytes))
