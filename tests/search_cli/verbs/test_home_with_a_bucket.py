"""A home whose archive is a bucket: every verb that opens kept files does as with a folder, and says so when the server is away."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from casereviews import Collection
from casereviews.collection.page_pictures import PDF, Pictures
from casereviews.repository.archive import FolderArchive
from casereviews.repository.archives import archive_of
from casereviews.repository.home import Home
from casereviews.repository.s3_archive import s3_archive
from casereviews.repository.temporary_folders import PREFIX
from casereviews.web.application import Access, application
from casereviews.web.guard.sessions import ENTER, Sessions
from tests.fake_s3 import BUCKET, SECRET, Bucket
from tests.repository.archives import bucket, keys, our_server
from tests.search_cli.verbs.conftest import Runner

HOST = "127.0.0.1:8000"
__all__ = ["bucket", "keys", "our_server"]


@pytest.fixture
def moved(change: Runner, bucket: Bucket) -> Runner:
    """The built home with its files in a bucket, and none in its folder."""
    folder = FolderArchive(change.home.archive)
    said = f'[stores]\narchive = "s3://{BUCKET}/kept"\narchive_endpoint = "{bucket.endpoint}"\n'
    change.home.config_toml.write_text(said, "utf-8")
    for sha256 in folder.hashes():
        archive_of(change.home).put(folder.path(sha256))
    shutil.rmtree(change.home.archive)
    return change


def shown(run: Runner) -> list[dict[str, object]]:
    hits = run.json("search", "child", "--scope", "all")["hits"]
    return [{name: hit[name] for name in ("review_id", "title", "themes")} for hit in hits]


def test_everything_is_read_again_from_the_bucket(moved: Runner) -> None:
    before = shown(moved)
    moved.ok("rebuild", "--everything")
    assert shown(moved) == before
    assert not moved.home.archive.exists() or not any(moved.home.archive.iterdir())


def test_doctor_looks_at_the_bucket(moved: Runner, bucket: Bucket) -> None:
    archive = archive_of(moved.home)
    lost, damaged, *_ = archive.hashes()
    archive.delete(lost)
    bucket.add(f"kept/{damaged[:2]}/{damaged}", b"other bytes")
    stray = archive.put(b"nobody names this").sha256
    told = moved("doctor", "--deep").stdout
    assert f"1 file missing ({lost[:12]}" in told
    assert f"1 file damaged ({damaged[:12]}" in told
    assert "1 file that no document names" in told
    moved("doctor", "--repair")
    assert stray not in archive


def test_a_server_that_is_away_is_told_and_nothing_else_is_concluded(
    moved: Runner, bucket: Bucket
) -> None:
    bucket.there = False
    s3_archive.cache_clear()  # as in a new process
    looked = moved("doctor", "--deep")
    assert "there is no such bucket: make it" in looked.stdout
    assert "missing" not in looked.stdout
    again = moved("rebuild", "--everything")
    assert again.exit_code == 3
    assert "the archive s3://reviews/kept/" in again.stderr
    assert SECRET not in again.stderr + looked.stdout
    bucket.there = True
    moved.ok("rebuild", "--everything")


def test_a_backup_has_the_files_of_the_bucket_and_comes_back_to_it_or_to_a_folder(
    moved: Runner, bucket: Bucket, tmp_path: Path
) -> None:
    before, backups = shown(moved), str(tmp_path / "backups")
    kept = {one: bucket.current(one) for one in bucket.versions}
    moved.ok("backup", backups)
    asked = bucket.asked.count("GET")
    moved.ok("backup", backups)
    assert bucket.asked.count("GET") < asked + len(kept)  # only listed: nothing is new

    shutil.rmtree(moved.home.root)
    bucket.versions.clear()
    s3_archive.cache_clear()  # as in a new process
    moved.ok("restore", backups)
    assert {one: bucket.current(one) for one in bucket.versions} == kept
    assert shown(moved) == before

    elsewhere = Runner(Home(tmp_path / "elsewhere"))
    elsewhere.home.root.mkdir()
    elsewhere.home.config_toml.write_text("# no servers here\n", "utf-8")
    elsewhere.ok("restore", backups)
    assert isinstance(archive_of(elsewhere.home), FolderArchive)
    assert len(list(archive_of(elsewhere.home).hashes())) == len(kept) - 1  # home.json
    assert shown(elsewhere) == before


def test_what_is_withdrawn_leaves_the_bucket_with_all_its_versions(
    moved: Runner, bucket: Bucket
) -> None:
    bucket.versioned = True
    review = moved.review("Child Q (March 2021)")
    gone = [one["sha256"] for one in moved.json("show", review)["documents"]]
    held = {hashlib.sha256(one).hexdigest() for one in bucket.bodies()}
    assert set(gone) <= held
    moved.ok("withdraw", review, "--reason", "it identifies a child", "--yes")
    held = {hashlib.sha256(one).hexdigest() for one in bucket.bodies()}
    assert held
    assert not set(gone) & held


def test_kept_files_are_handed_out_from_the_bucket(
    moved: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To programs, to a browser, and as the picture of a page."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Collection(moved.home.root) as collection:
        review = collection.review(moved.review("Child Q (March 2021)"))
        document = next(one for one in review.documents if one.media_type == PDF)
        copy = collection.readable_copy(document)
        assert hashlib.sha256(copy.read_bytes()).hexdigest() == document.sha256
        pictures = Pictures(1)
        try:
            assert pictures.png(collection, document.document_id, 1).startswith(b"\x89PNG")
        finally:
            pictures.close()
        app = application(
            collection, Access([HOST], Sessions("token", once=True, name="s")), readers=1
        )
        with TestClient(app, base_url=f"http://{HOST}") as page:
            page.get(ENTER, params={"token": "token"})
            given = page.get(f"/original/{document.document_id}")
        assert hashlib.sha256(given.content).hexdigest() == document.sha256
    assert not [*tmp_path.glob(f"{PREFIX}archive-*/{document.sha256}")]
