"""The proof of a withdrawal: no file under the home holds the bytes or the words of what was withdrawn.

Every file is looked at raw, and with everything inflated that can be: rows of SQLite databases (raw pages too, so that freed
ones count), zlib and gzip streams wherever they start, members of ZIP files (DOCX, PPTX, ODT), streams of PDFs.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from casereviews.repository.home import Home
from casereviews.repository.places import REMOVE, left_in_folder
from casereviews.repository.sqlite_files import open_reading

_PIECE = 8 << 20
_INFLATED_AT_MOST = 64 << 20
_DEEPEST = 3
_SQLITE = b"SQLite format 3\x00"
# How deflated data starts: zlib at its usual window (RFC 1950) and gzip (RFC 1952).
_STREAM = re.compile(rb"x[\x01\x5e\x9c\xda]|\x1f\x8b\x08")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something of what was withdrawn is still there: the file, where in it, and the hash or word that was found.

    Of a file that could not be looked into, `what` says why: nothing is proven of it.
    """

    path: Path
    where: str
    what: str


WHAT_TO_DO = {
    "record.db": "a page says it of another document too: withdraw that one as well, or report this as a fault",
    "derived.db": "run `casereviews rebuild --everything`",
    "index": "run `casereviews rebuild --index`",
    "archive": "another document's file holds it: withdraw that one too; a file that no document names goes by `casereviews doctor --repair`",
    "crawl-memory.db": "delete the file: the next refresh asks for all pages again",
    "ocr": "delete the folder: scans are recognised again",
    "models": "choose the model again: `casereviews model`",
    "logs": "delete the file",
    "reports": "delete the file",
    "feeds": "delete the file: the next refresh writes it again",
    "saved.toml": "a saved search names it: `casereviews saved remove NAME`",
    "marks.csv": "take the words out of the note of another mark",
    "corrections.toml": "take the words out of another correction",
    "exports.jsonl": "take the words out of the place of an export",
    "themes.csv": "take the words out of it",
    "sources.toml": "take the words out of it",
    "config.toml": "take the words out of it",
    "home.json": "report this as a fault",
    "lock": "report this as a fault",
    "lock.json": "report this as a fault",
    "exports.lock": "report this as a fault",
    "marks.lock": "report this as a fault",
    "saved.lock": "report this as a fault",
    "seals.json": "report this as a fault",
    "places.json": "report this as a fault",
    "purge-owed": "run `casereviews rebuild --index`",
}
"""Every file and folder that a home may have, and what to do where something of a withdrawal is left in it."""


MAY_NOT_BE_READ = "may not be read"
ADDRESS_THAT_STAYS = "its address is that of what stays"
"""Where an address is found that names what only a withdrawn version said."""


def what_to_do(home: Home, one: Finding) -> str:
    """What to do about what was found; a file that is none of the home's is the user's own."""
    if one.where == ADDRESS_THAT_STAYS:
        return "withdraw the whole document, or ask its publisher for another address"
    if one.where == MAY_NOT_BE_READ:
        return "let yourself read it, and take out what names the child"
    first = one.path.relative_to(home.root).parts[0]
    if any(first.startswith(name) for name in left_in_folder(home)):
        return REMOVE
    for name, advice in WHAT_TO_DO.items():
        if first == name or first.startswith((f"{name}-", f"{name}.before-")):
            return advice
    return "no file of casereviews: delete it, or take the words out"


@dataclass(frozen=True, slots=True)
class Needles:
    """What is looked for: hashes of files, and words in every spelling in which they may stand somewhere."""

    hashes: frozenset[str]
    spellings: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, sha256s: Collection[str], words: Sequence[str]) -> Needles:
        return cls(frozenset(sha256s), tuple(_spellings(words)))

    def in_bytes(self, data: bytes) -> set[str]:
        low = data.lower()
        return {word for word, spelling in self.spellings if spelling in low}

    def in_value(self, value: object) -> set[str]:
        """What a value of a database's row holds, packed or plain."""
        data = value.encode() if isinstance(value, str) else value
        if not isinstance(data, bytes):
            return set()
        found = self.in_bytes(data) | {what for _, what in _in_streams(data, self, 0)}
        return found | {one for one in self.hashes if one.encode() in data}

    def in_file(self, path: Path) -> set[str]:
        """What a file holds, packed or plain; its name counts as well. Raises OSError."""
        return {what for _, what in _in_file(path, self)}


def canary(
    home: Home, sha256s: Collection[str], words: Sequence[str], *, but: Collection[Path] = ()
) -> list[Finding]:
    """Look for withdrawn files (`sha256s`), words, names and addresses in everything under the home folder, `but` some of its folders.

    A word is found in UTF-8, UTF-16, JSON's escapes, an address's escapes and backwards, as the word list has it, whatever its
    case; give words that only the withdrawn text has. An empty list is the proof. Files that vanish meanwhile are passed over, and so
    are the tombstones and the journal of the withdrawal itself.
    """
    needles = Needles.of(sha256s, words)
    found: list[Finding] = []
    own = (home.tombstones, home.withdrawal_json)
    for path in sorted(home.root.rglob("*")):
        if path.is_symlink() or not path.is_file() or path in own:
            continue
        if any(folder in path.parents for folder in but):
            continue
        try:
            for where, what in _in_file(path, needles):
                found.append(Finding(path, where, what))
        except FileNotFoundError:
            continue
        except (OSError, sqlite3.Error) as error:
            denied = isinstance(error, PermissionError)
            where = MAY_NOT_BE_READ if denied else "not looked into"
            found.append(Finding(path, where, str(error)))
    return sorted(set(found), key=lambda one: (str(one.path), one.where, one.what))


def found_in(path: Path, words: Collection[str]) -> set[str]:
    """Those of these words that stand in a file, looked for as `canary` does."""
    return Needles.of((), list(words)).in_file(path)


def _spellings(words: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for word in words:
        folded = word.lower()
        yield word, folded.encode()
        yield word, folded.encode("utf-16-le")
        yield word, folded.encode("utf-16-be")
        yield word, folded[::-1].encode()
        yield word, quote(folded).lower().encode()
        escaped = json.dumps(folded)[1:-1].lower()
        if escaped != folded:
            yield word, escaped.encode()


def _in_file(path: Path, needles: Needles) -> Iterator[tuple[str, str]]:
    for sha256 in needles.hashes:
        if sha256 in path.name:
            yield "name", sha256
    for word in needles.in_bytes(str(path.name).encode("utf-8", "surrogateescape")):
        yield "name", word
    digest = hashlib.sha256()
    tail = b""
    overlap = max((len(spelling) for _, spelling in needles.spellings), default=1)
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(0)
        while piece := file.read(_PIECE):
            digest.update(piece)
            for word in needles.in_bytes(tail + piece):
                yield "raw", word
            tail = (tail + piece)[-overlap:]
    if digest.hexdigest() in needles.hashes:
        yield "raw", digest.hexdigest()
    yield from _in_streams(path.read_bytes(), needles, 0)
    if head == _SQLITE:
        yield from _in_database(path, needles)


def _in_database(path: Path, needles: Needles) -> Iterator[tuple[str, str]]:
    """Every value of every row: a long value's bytes lie on several pages and only make sense together."""
    with closing(open_reading(path)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (name,) in tables.fetchall():
            table = name.decode().replace('"', '""')
            try:
                rows = connection.execute(f'SELECT * FROM "{table}"')
            except sqlite3.OperationalError:
                continue  # a virtual table whose module is not here; its data lies in real tables
            for row in rows:
                for value in row:
                    if isinstance(value, bytes):
                        for word in needles.in_bytes(value):
                            yield f"table {table}", word
                        for where, what in _in_streams(value, needles, 0):
                            yield f"table {table}, {where}", what


def _in_streams(data: bytes, needles: Needles, depth: int) -> Iterator[tuple[str, str]]:
    """Whatever in the data inflates, and what inflates in that again."""
    if depth == _DEEPEST:
        return
    if data[:4] == b"PK\x03\x04":
        yield from _in_zip(data, needles, depth)
    position = 0
    while match := _STREAM.search(data, position):
        position = match.start() + 1
        inflated, used = _inflate(data, match.start(), gzipped=match.group()[0] == 0x1F)
        if len(inflated) < 8:
            continue
        position = max(position, match.start() + used)
        yield from _inside("inflated", inflated, needles, depth)


def _in_zip(data: bytes, needles: Needles, depth: int) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                with archive.open(member) as file:
                    inside = file.read(_INFLATED_AT_MOST)
                yield from _inside(f"member {member.filename}", inside, needles, depth)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError):
        return  # damaged or encrypted: nothing that anyone could read


def _inside(where: str, data: bytes, needles: Needles, depth: int) -> Iterator[tuple[str, str]]:
    if hashlib.sha256(data).hexdigest() in needles.hashes:
        yield where, hashlib.sha256(data).hexdigest()
    for word in needles.in_bytes(data):
        yield where, word
    for _, what in _in_streams(data, needles, depth + 1):
        yield where, what


def _inflate(data: bytes, start: int, *, gzipped: bool) -> tuple[bytes, int]:
    """What inflates from here, as far as it goes, and how many bytes it took."""
    inflater = zlib.decompressobj(31 if gzipped else 15)
    out = io.BytesIO()
    position = start
    try:
        while not inflater.eof and position < len(data) and out.tell() < _INFLATED_AT_MOST:
            piece = data[position : position + 65536]
            position += len(piece)
            out.write(inflater.decompress(piece, _INFLATED_AT_MOST))
    except zlib.error:
        pass
    used = position - start - len(inflater.unused_data)
    return out.getvalue(), used if inflater.eof else 0
