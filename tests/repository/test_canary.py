"""The canary finds withdrawn bytes and words wherever and however they are kept, and nothing else."""

import gzip
import hashlib
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.repository.canary import Finding, canary
from casereviews.repository.home import Home

WORDS = "the heron child of Brackenfield Lane"
REPORT = f"A fictional report speaks of {WORDS} and no other.".encode()
SHA = hashlib.sha256(REPORT).hexdigest()


def zipped(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", REPORT)


def in_pdf(path: Path) -> None:
    stream = zlib.compress(b"BT (" + REPORT + b") Tj ET")
    path.write_bytes(b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + stream + b"\nendstream")


def in_database(path: Path) -> None:
    """A compressed value that is longer than a page of the database."""
    noise = b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(900))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE page (body BLOB)")
        connection.execute("INSERT INTO page VALUES (?)", (zlib.compress(noise + REPORT),))


def in_a_wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE page (body TEXT)")
        with connection:
            connection.execute("INSERT INTO page VALUES (?)", (REPORT.decode(),))
        kept = {end: Path(f"{path}{end}").read_bytes() for end in ("-wal", "-shm")}
    path.unlink()
    Path(f"{path}-wal").write_bytes(kept["-wal"])


def in_a_freed_page(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute("CREATE TABLE page (body TEXT)")
        connection.execute("INSERT INTO page VALUES (?)", (REPORT.decode() * 200,))
        connection.execute("DELETE FROM page")
        connection.commit()


def twice_compressed(path: Path) -> None:
    outer = io.BytesIO()
    with gzip.open(outer, "wb") as file:
        file.write(b"header" + zlib.compress(REPORT))
    path.write_bytes(b"\x00" * 100 + outer.getvalue())


PLACES: list[tuple[Callable[[Path], object], str, str]] = [
    (lambda path: path.write_bytes(REPORT.upper()), "raw", WORDS),
    (lambda path: path.write_text(REPORT.decode(), "utf-16-le"), "raw", WORDS),
    (lambda path: path.write_bytes(b"." * (8 << 20) + b"\n" + REPORT), "raw", WORDS),
    (lambda path: path.write_bytes(gzip.compress(REPORT + b".")), "inflated", WORDS),
    (zipped, "member word/document.xml", WORDS),
    (zipped, "member word/document.xml", SHA),
    (in_pdf, "inflated", WORDS),
    (in_database, "table page, inflated", WORDS),
    (in_a_freed_page, "raw", WORDS),
    (twice_compressed, "inflated", WORDS),
    (lambda path: path.write_bytes(REPORT), "raw", SHA),
]


@pytest.mark.parametrize(("plant", "where", "what"), PLACES)
def test_what_was_planted_is_found(
    home: Home, plant: Callable[[Path], object], where: str, what: str
) -> None:
    path = home.logs / "planted"
    plant(path)
    assert Finding(path, where, what) in canary(home, [SHA], [WORDS])


@pytest.mark.parametrize("name", ["a#b", "a?b", "a%23b", "a?mode=memory", "a%b"])
def test_a_database_is_looked_into_whatever_its_path_and_nothing_is_made_beside_it(
    tmp_path: Path, name: str
) -> None:
    home = Home(tmp_path / name)
    home.logs.mkdir(parents=True)
    path = home.logs / "planted"
    in_database(path)
    where = "table page, inflated"
    assert Finding(path, where, WORDS) in canary(home, [], [WORDS])
    assert sorted(one.name for one in tmp_path.iterdir()) == [name]


def test_a_database_that_cannot_be_read_is_named_and_ends_nothing(home: Home) -> None:
    damaged = home.root / "crawl-memory.db"
    damaged.write_bytes(b"SQLite format 3\x00" + REPORT * 9)
    (home.logs / "planted").write_bytes(REPORT)
    assert canary(home, [], [WORDS]) == [
        Finding(damaged, "not looked into", "file is not a database"),
        Finding(damaged, "raw", WORDS),
        Finding(home.logs / "planted", "raw", WORDS),
    ]


def test_words_in_a_write_ahead_log_are_found(home: Home) -> None:
    path = home.root / "derived.db"
    in_a_wal(path)
    assert Finding(Path(f"{path}-wal"), "raw", WORDS) in canary(home, [], [WORDS])


def test_accents_are_found_as_json_writes_them(home: Home) -> None:
    path = home.reports / "run.json"
    path.write_text(json.dumps({"title": "Plentyn Ynys Môn"}), "ascii")
    assert canary(home, [], ["Plentyn Ynys Môn"]) == [Finding(path, "raw", "Plentyn Ynys Môn")]


def test_a_file_that_bears_the_name_of_withdrawn_bytes_is_found(home: Home) -> None:
    path = home.root / f"{SHA}.part"
    path.write_bytes(b"cut short")
    assert canary(home, [SHA], []) == [Finding(path, "name", SHA)]


def test_a_home_without_them_gives_no_finding(home: Home) -> None:
    other = b"A fictional report speaks of the heron child of Fernhill Lane and no other."
    (home.logs / "log").write_bytes(other)
    (home.archive / "log.gz").write_bytes(gzip.compress(other))
    with closing(sqlite3.connect(home.record_db)) as connection, connection:
        connection.execute("CREATE TABLE page (body BLOB)")
        connection.execute("INSERT INTO page VALUES (?)", (zlib.compress(other),))
    assert canary(home, [SHA], [WORDS]) == []


def test_damaged_and_misleading_files_are_passed_over(home: Home) -> None:
    (home.archive / "a.zip").write_bytes(b"PK\x03\x04 is not an archive")
    (home.archive / "b").write_bytes(b"x\x9c" * 500 + b"\x1f\x8b\x08\x00")
    (home.archive / "c").symlink_to(home.root / "nowhere")
    assert canary(home, [SHA], [WORDS]) == []


def test_a_bomb_does_not_fill_the_memory(home: Home) -> None:
    bomb = zlib.compressobj()
    packed = b"".join(bomb.compress(b"\0" * (8 << 20)) for _ in range(40)) + bomb.flush()
    (home.archive / "bomb").write_bytes(packed)
    assert canary(home, [SHA], [WORDS]) == []
