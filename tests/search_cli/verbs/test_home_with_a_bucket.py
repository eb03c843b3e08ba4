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
from casereviews.repository.record import Record
from casereviews.repository.servers.s3_archive import s3_archive
from casereviews.repository.temporary_folders import PREFIX
from casereviews.web.application import Access, application
from casereviews.web.guard.sessions import ENTER, Sessions
from tests.crawler.faults import healthy
from tests.crawler.server import serving
from tests.fake_s3 import SECRET, Bucket
from tests.repository.archives import bucket, keys, our_server
from tests.search_cli.verbs.conftest import Runner

SAYS = (
    '[stores]\narchive = "s3://reviews/kept"\narchive_endpoint = "{}"\narchive_keeps_deleted = 7\n'
)
ENTRY = """[[source]]
id = "made-up"
publisher = "Made-up Board"
nation = "England"
family = "listing"
kind = "single-page"
status = "verified"
national = true
start_urls = ["{url}/reviews/"]
hosts = ["{host}"]
"""
HOST = "127.0.0.1:8000"
__all__ = ["bucket", "keys", "our_server"]


@pytest.fixture
def moved(change: Runner, bucket: Bucket) -> Runner:
    """The built home with its files in a bucket, and none in its folder."""
    folder = FolderArchive(change.home.archive)
    change.home.config_toml.write_text(SAYS.format(bucket.endpoint), "utf-8")
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
    said = moved.ok("withdraw", review, "--reason", "it identifies a child", "--yes")
    assert "goes by itself: archive: the disks, copies and backups of the server" in said
    held = {hashlib.sha256(one).hexdigest() for one in bucket.bodies()}
    assert held
    assert not set(gone) & held


def test_a_withdrawal_that_the_server_broke_off_is_finished_by_the_next(
    moved: Runner, bucket: Bucket
) -> None:
    review = moved.review("Child Q (March 2021)")
    gone = {one["sha256"] for one in moved.json("show", review)["documents"]}
    withdraw = ("withdraw", review, "--reason", "it identifies a child", "--yes")
    bucket.refuse["DELETE"] = [(403, "AccessDenied")] * 100
    refused = moved(*withdraw)
    assert refused.exit_code == 3
    assert "cannot delete" in refused.stderr
    assert moved("search", "child").exit_code == 3  # nothing is read meanwhile
    bucket.refuse.clear()
    moved.ok(*withdraw)
    assert not gone & {hashlib.sha256(one).hexdigest() for one in bucket.bodies()}
    moved.ok("search", "child", "--scope", "all")


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


@pytest.mark.slow
def test_a_night_whose_files_cannot_be_kept_says_so_and_the_next_gets_them(
    bucket: Bucket, tmp_path: Path
) -> None:
    run = Runner(Home(tmp_path / "home").create())
    with serving(healthy("board", 3)) as site:
        run.home.sources_toml.write_text(ENTRY.format(url=site.url, host=site.host), "utf-8")
        run.home.config_toml.write_text(SAYS.format(bucket.endpoint), "utf-8")
        refresh = ("refresh", "--source", "made-up", "--delay", "0.01")
        bucket.refuse["PUT"] = [(507, "InsufficientStorage")] * 100
        full = run(*refresh)
        assert full.exit_code == 1, full.output
        assert "make room on the server, then run the same command again" in full.stdout
        assert SECRET not in full.output
        assert bucket.bodies() == set()
        bucket.refuse.clear()
        run(*refresh)
    held = {hashlib.sha256(one).hexdigest() for one in bucket.bodies()}
    with Record.open(run.home) as record:
        assert {one.sha256 for one in record.documents()} == held
    assert len(held) == 3
