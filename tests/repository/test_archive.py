"""Files are whole or not there, and known by their bytes alone."""

import hashlib
from pathlib import Path

import pytest

from casereviews.repository import archive as module
from casereviews.repository.archive import FolderArchive
from casereviews.repository.errors import ArchiveError


def test_a_file_is_kept_once_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    archive, sha256 = FolderArchive(tmp_path), hashlib.sha256(b"report").hexdigest()
    first, second = archive.put(b"report"), archive.put(b"report")
    assert (first.sha256, first.size, first.fresh, second.fresh) == (sha256, 6, True, False)
    assert archive.path(sha256) == tmp_path / sha256[:2] / sha256
    assert archive.read(sha256) == b"report"
    assert list(archive.hashes()) == [sha256]


def test_a_file_on_disk_is_kept_like_bytes_in_memory(tmp_path: Path) -> None:
    archive, body = FolderArchive(tmp_path / "archive"), tmp_path / "body"
    body.write_bytes(b"x" * 3_000_000)
    kept = archive.put(body)
    assert archive.read(kept.sha256) == b"x" * 3_000_000
    assert not archive.put(b"x" * 3_000_000).fresh


def test_a_kept_file_that_was_cut_short_is_written_again(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path)
    kept = archive.put(b"whole report")
    archive.path(kept.sha256).write_bytes(b"whole")
    assert not archive.is_whole(kept.sha256)
    archive.put(b"whole report")
    assert archive.is_whole(kept.sha256)


def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(ArchiveError, match=r"No space left on device.*make room"):
        FolderArchive(tmp_path).put(b"report")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_killed_process_left_is_swept_away(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path)
    kept = archive.put(b"report")
    (archive.path(kept.sha256).parent / ".incoming-x1").write_bytes(b"rep")
    assert (archive.sweep(), archive.sweep(), list(archive.hashes())) == (1, 0, [kept.sha256])


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_hash_forms_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ArchiveError, match="is not a SHA-256"):
        FolderArchive(tmp_path).path(name)


def test_a_file_is_taken_out_and_missed_by_name(tmp_path: Path) -> None:
    archive = FolderArchive(tmp_path)
    kept = archive.put(b"report")
    assert (archive.delete(kept.sha256), archive.delete(kept.sha256)) == (True, False)
    with pytest.raises(ArchiveError, match=f"lacks {kept.sha256}"):
        archive.read(kept.sha256)
