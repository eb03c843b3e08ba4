"""What the crawler remembers, and that it may be lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.crawler.spiders.memory import Memory, PageMemory, forget


def page(at: str, said: str = "{}") -> PageMemory:
    return PageMemory("https://a.example/", at, at, "https://a.example/", '"1"', None, said, said)


def test_a_pages_first_sight_stays_when_it_is_read_again(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m.db")
    memory.remember("a", page("2027-03-01T02:00:00Z"))
    memory.remember("a", page("2027-03-02T02:00:00Z", "new"))
    memory.close()
    with closing(Memory(tmp_path / "m.db")) as again:
        found = again.page("a", "https://a.example/")
        assert again.page("b", "https://a.example/") is None
    assert found is not None
    assert (found.first_seen[:10], found.checked_at[:10], found.said) == (
        "2027-03-01",
        "2027-03-02",
        "new",
    )


def test_robots_are_kept_for_a_day_and_requests_for_theirs() -> None:
    memory = Memory(":memory:")
    memory.remember_robots("https://a.example", "2027-03-01T02:00:00Z", b"User-agent: *")
    assert memory.robots("https://a.example", since="2027-03-01T01:00:00Z") == b"User-agent: *"
    assert memory.robots("https://a.example", since="2027-03-01T03:00:00Z") is None
    until = "2026-03-01T00:00:00Z"  # kept by a clock that was ahead
    assert memory.robots("https://a.example", since="2026-02-28T00:00:00Z", until=until) is None
    memory.add_requests([("a", 3)], "2027-03-01")
    memory.add_requests([("a", 4)], "2027-03-01")
    assert memory.requests_of("a", "2027-03-01") == 7
    memory.add_requests([("b", 1)], "2027-03-02")
    assert memory.requests_of("a", "2027-03-01") == 0
    memory.close()


def test_a_memory_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        Memory(tmp_path / "no-folder" / "m.db")


def test_a_damaged_memory_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    path.write_bytes(b"no database at all, but long enough to be taken for one" * 40)
    memory = Memory(path)
    assert memory.page("a", "https://a.example/") is None
    memory.close()
    forget(path)
    assert list(tmp_path.iterdir()) == []


def test_a_memory_whose_tables_are_no_text_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    Memory(path).close()
    path.write_bytes(path.read_bytes().replace(b"CREATE TABLE", b"CREATE T\xf3BLE"))
    with closing(Memory(path)) as memory:
        assert memory.page("a", "https://a.example/") is None


@pytest.mark.parametrize("byte", [b"?", b"\xff"])
def test_a_page_of_which_a_byte_changed_is_not_remembered(tmp_path: Path, byte: bytes) -> None:
    path = tmp_path / "m.db"
    with closing(Memory(path)) as memory:
        memory.remember("a", page("2027-03-01T02:00:00Z", "a list with Quillfeather in it"))
    path.write_bytes(path.read_bytes().replace(b"Quillf", b"Quill" + byte))
    with closing(Memory(path)) as memory:
        assert memory.page("a", "https://a.example/") is None
        memory.remember("a", page("2027-03-02T02:00:00Z", "new"))
        assert memory.page("a", "https://a.example/") is not None


def test_what_an_older_casereviews_remembered_is_kept_and_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "m.db"
    with closing(Memory(path)) as memory:
        memory.remember("a", page("2027-03-01T02:00:00Z"))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("alter table pages drop column parser")
        db.execute("alter table pages drop column read_at")
    with closing(Memory(path)) as again:
        found = again.page("a", "https://a.example/")
    assert found is not None
    assert (found.etag, found.parser, found.read_at) == ('"1"', None, None)


def test_a_memory_that_the_disk_does_not_take_stays_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.db"
    memory = Memory(path)
    memory.remember("a", page("2027-03-01T02:00:00Z"))
    memory.close()
    refused = sqlite3.OperationalError("disk I/O error")
    refused.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE

    def refuse(_: Memory) -> None:
        raise refused

    with monkeypatch.context() as patch:
        patch.setattr(Memory, "_add_columns", refuse)
        with pytest.raises(sqlite3.OperationalError, match="disk I/O"):
            Memory(path)
    with closing(Memory(path)) as again:
        assert again.page("a", "https://a.example/") is not None
