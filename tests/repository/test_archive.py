"""Files are whole or not there, and known by their bytes alone: in a folder and in a bucket."""

import hashlib
from pathlib import Path

import pytest

from casereviews.repository import archive as module
from casereviews.repository.archive import Archive, FolderArchive, place_of
from casereviews.repository.errors import ArchiveError, FileLost
from casereviews.repository.servers.s3_archive import S3Archive
from tests.repository.archives import KINDS, archive, bucket, keys, our_server, real_server

__all__ = ["archive", "bucket", "keys", "our_server", "real_server"]
each_archive = pytest.mark.parametrize("archive", KINDS, indirect=True)


def spoil(archive: Archive, sha256: str, body: bytes) -> None:
    """Let a kept file have other bytes."""
    if isinstance(archive, FolderArchive):
        archive.path(sha256).write_bytes(body)
    else:
        assert isinstance(archive, S3Archive)
        archive._s3.put_object(**archive._at(sha256), Body=body)


@each_archive
def test_a_file_is_kept_once_under_the_hash_of_its_bytes(archive: Archive) -> None:
    sha256 = hashlib.sha256(b"report").hexdigest()
    first, second = archive.put(b"report"), archive.put(b"report")
    assert (first.sha256, first.size, first.fresh, second.fresh) == (sha256, 6, True, False)
    assert (archive.read(sha256), archive.size(sha256)) == (b"report", 6)
    assert list(archive.hashes()) == [sha256]


def test_in_a_folder_it_stands_by_its_hash(tmp_path: Path) -> None:
    kept = FolderArchive(tmp_path).put(b"report")
    assert (tmp_path / place_of(kept.sha256)).read_bytes() == b"report"


@each_archive
def test_a_file_on_disk_is_kept_like_bytes_in_memory(archive: Archive, tmp_path: Path) -> None:
    body = tmp_path / "body"
    body.write_bytes(b"x" * 3_000_000)
    kept = archive.put(body)
    assert archive.read(kept.sha256) == b"x" * 3_000_000
    assert not archive.put(b"x" * 3_000_000).fresh


@each_archive
def test_all_files_are_told_in_order_with_their_sizes(archive: Archive) -> None:
    kept = [archive.put(b"report" * number) for number in range(1, 6)]
    assert list(archive.sizes()) == sorted((one.sha256, one.size) for one in kept)
    some = {kept[1].sha256, "0" * 64}
    many = some | {f"{number:064x}" for number in range(300)}
    assert archive.among(some) == archive.among(many) == {kept[1].sha256}


@each_archive
def test_a_kept_file_that_was_cut_short_is_written_again(archive: Archive) -> None:
    kept = archive.put(b"whole report")
    spoil(archive, kept.sha256, b"whole")
    assert not archive.is_whole(kept.sha256)
    assert archive.put(b"whole report").fresh
    assert archive.is_whole(kept.sha256)


@each_archive
def test_a_damaged_file_is_not_given(archive: Archive) -> None:
    kept = archive.put(b"whole report")
    spoil(archive, kept.sha256, b"another one")
    with pytest.raises(FileLost, match=rf"{kept.sha256} is damaged.*refresh --recheck"):
        archive.read(kept.sha256)
    with (
        pytest.raises(FileLost, match="is damaged"),
        archive.file(kept.sha256, checked=True),
    ):
        pass


@each_archive
def test_a_reader_gets_a_file_of_this_machine(archive: Archive) -> None:
    kept = archive.put(b"report")
    with archive.file(kept.sha256) as path:
        assert path.read_bytes() == b"report"
    assert path.exists() == isinstance(archive, FolderArchive)
    with pytest.raises(FileLost, match="the archive lacks 000"), archive.file("0" * 64):
        pass


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


@each_archive
@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_only_a_hash_forms_a_path(archive: Archive, name: str) -> None:
    with pytest.raises(ArchiveError, match="is not a SHA-256"):
        archive.size(name)


@each_archive
def test_a_file_is_taken_out_and_missed_by_name(archive: Archive) -> None:
    kept = archive.put(b"report")
    assert (archive.delete(kept.sha256), archive.delete(kept.sha256)) == (True, False)
    assert kept.sha256 not in archive
    assert archive.size(kept.sha256) is None
    with pytest.raises(FileLost, match=f"lacks {kept.sha256}"):
        archive.read(kept.sha256)
