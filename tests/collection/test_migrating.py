"""A home brought to another store and back: all of it is there, wherever it was stopped, and what it left is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.collection.errors import CannotMigrate
from casereviews.collection.progress import Progress
from casereviews.repository.archive import FolderArchive
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import ArchiveError, TomlError
from casereviews.repository.home import Home
from casereviews.repository.places import Places, left_elsewhere
from casereviews.repository.stores import Stores
from casereviews.repository.toml_files import changing_toml
from tests.fake_s3 import Bucket
from tests.repository.archives import bucket, keys, our_server


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


__all__ = ["bucket", "keys", "our_server"]


@pytest.fixture
def servers(bucket: Bucket, tmp_path: Path) -> Path:
    path = tmp_path / "servers.toml"
    path.write_text(
        f'# ours\n[stores]\narchive = "s3://reviews/kept"\narchive_endpoint = "{bucket.endpoint}"\n'
    )
    return path


def files(home: Home) -> dict[str, bytes]:
    """Every file of the archive, read where the home is kept."""
    archive = archive_of(home)
    return {sha256: archive.read(sha256) for sha256 in archive.hashes()}


def test_the_archive_goes_to_a_bucket_and_back_whole(
    change: Collection, servers: Path, bucket: Bucket
) -> None:
    home = change.home
    with changing_toml(home.config_toml) as document:
        document["contact"] = "ash@example.org"
    before = files(home)
    done = change.migrate(servers)
    assert (done.moved, done.files, done.lacking) == (("archive",), len(before), ())
    assert Stores.of(home).archive is not None
    assert 'contact = "ash@example.org"' in home.config_toml.read_text()
    assert {*FolderArchive(home.archive).hashes()} == {*before}, "the old place is left as it is"
    assert files(home) == before
    assert done.left == (str(home.root / "archive"),)
    assert change.migrate(servers).moved == ()
    back = change.migrate("folder")
    assert (back.moved, back.files) == (("archive",), len(before))
    assert Stores.of(home) == Stores()
    assert files(home) == before
    assert back.left == ("s3://reviews/kept",)
    assert change.remove_old().places == ("s3://reviews/kept",)
    assert bucket.bodies() == set()
    assert not home.places_json.exists()
    assert files(home) == before


class Killing(Progress):
    def __init__(self, moment: int) -> None:
        self.left = moment

    def step(self, what: str, done: int, total: int | None = None) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@pytest.mark.parametrize("moment", range(1, 8))
@pytest.mark.parametrize("way", ["there", "back"])
def test_a_kill_between_two_files_leaves_the_home_where_it_was(
    change: Collection, servers: Path, way: str, moment: int
) -> None:
    home, to = change.home, servers
    before = files(home)
    if way == "back":
        change.migrate(servers)
        change.remove_old()
        to = Path("folder")
    standing = Stores.of(home)
    with pytest.raises(Killed):
        change.migrate(to, progress=Killing(moment))
    assert Stores.of(home) == standing
    assert files(home) == before
    assert len(change.left_places()) == 1, "the copy that was begun is named"
    assert [one.until for one in left_elsewhere(home)] == [None]
    done = change.migrate(to)
    assert (done.moved, done.files) == (("archive",), len(before))
    assert files(home) == before
    change.remove_old()
    assert files(home) == before


@pytest.mark.parametrize("write", range(1, 4))
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_kill_while_config_and_places_are_written_forgets_no_place(
    change: Collection, servers: Path, monkeypatch: pytest.MonkeyPatch, write: int, when: str
) -> None:
    home = change.home
    before = files(home)
    writes, real = [0], Places.write

    def kill(places: Places, home: Home) -> None:
        writes[0] += 1
        if writes[0] == write and when == "before":
            raise Killed
        real(places, home)
        if writes[0] == write:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(Places, "write", kill)
        with pytest.raises(Killed):
            change.migrate(servers)
    assert files(home) == before
    done = change.migrate(servers)
    assert done.left == (str(home.root / "archive"),)
    assert Places.of(home).to is None
    assert files(home) == before
    change.migrate("folder")
    assert change.left_places() == ("s3://reviews/kept",)
    assert files(home) == before


def test_a_copy_that_was_begun_goes_with_what_is_removed(
    change: Collection, servers: Path, bucket: Bucket
) -> None:
    before = files(change.home)
    with pytest.raises(Killed):
        change.migrate(servers, progress=Killing(4))
    assert bucket.bodies()
    assert change.remove_old().places == ("s3://reviews/kept",)
    assert bucket.bodies() == set()
    assert Places.of(change.home) == Places()
    assert files(change.home) == before


def test_what_was_withdrawn_since_a_copy_was_begun_leaves_the_copy(
    change: Collection, servers: Path, bucket: Bucket
) -> None:
    with pytest.raises(Killed):
        change.migrate(servers, progress=Killing(7))
    review = next(one for one in change.reviews() if len(one.documents) == 2)
    shas = {one.sha256 for one in review.documents}
    done = change.withdraw(review.review_id, reason="x")
    assert any("s3://reviews/kept" in str(one) for one in done.left_behind)
    assert {one for one in shas if one and any(one in key for key in bucket.versions)}
    change.migrate(servers)
    assert not any(one and one in key for one in shas for key in bucket.versions)


def test_damaged_files_are_named_and_left_where_they_are(
    change: Collection, servers: Path, bucket: Bucket
) -> None:
    kept = FolderArchive(change.home.archive)
    lost = next(iter(kept.hashes()))
    kept.path(lost).write_bytes(b"x")
    done = change.migrate(servers)
    assert done.lacking == (lost,)
    assert not any(lost in key for key in bucket.versions)


def test_a_bucket_with_other_files_a_half_told_file_and_another_server_are_refused(
    change: Collection, servers: Path, bucket: Bucket, tmp_path: Path
) -> None:
    bucket.add(f"kept/{'ab' * 1}/{'ab' * 32}", b"of another home")
    with pytest.raises(ArchiveError, match="has no archive of this home"):
        change.migrate(servers)
    assert not change.home.places_json.exists()
    bucket.versions.clear()
    bucket.add("kept/home.json", b'{"home": "another"}')
    with pytest.raises(ArchiveError, match="has the archive of another home"):
        change.migrate(servers)
    assert not change.home.places_json.exists()
    bucket.versions.clear()
    none = tmp_path / "none.toml"
    none.write_text('contact = "a@example.org"\n')
    with pytest.raises(TomlError, match=r"has no table \[stores\]"):
        change.migrate(none)
    change.migrate(servers)
    other = tmp_path / "other.toml"
    other.write_text(servers.read_text(encoding="utf-8").replace("/kept", "/elsewhere"))
    with pytest.raises(CannotMigrate, match="on a server already"):
        change.migrate(other)
    change.migrate("folder")
    with pytest.raises(CannotMigrate, match="an older copy of the archive is still at"):
        change.migrate(other)


def test_nothing_is_begun_while_a_server_does_not_answer(
    change: Collection, servers: Path, bucket: Bucket
) -> None:
    bucket.there = False
    with pytest.raises((CannotMigrate, ArchiveError), match="bucket"):
        change.migrate(servers)
    assert not change.home.places_json.exists()
    assert Stores.of(change.home) == Stores()


def test_a_damaged_places_file_is_told(change: Collection) -> None:
    change.home.places_json.write_text(json.dumps({"left": 3}))
    with pytest.raises(Exception, match="says where copies of this home are"):
        change.left_places()
