"""Archives for tests: a folder, a bucket of our own server in memory, and one of a real server (live)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from casereviews.repository.archive import Archive, FolderArchive
from casereviews.repository.servers.s3_archive import S3Archive
from casereviews.repository.stores import ArchiveServer
from tests import fake_s3, s3_server

OWNER = "a-made-up-home"
KINDS = ["folder", "bucket", pytest.param("real bucket", marks=pytest.mark.live)]


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment names the keys of both servers, and nothing of this machine's own does."""
    assert (fake_s3.KEY, fake_s3.SECRET) == (s3_server.KEY, s3_server.SECRET)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", fake_s3.KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", fake_s3.SECRET)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))


@pytest.fixture(scope="module")
def our_server() -> Iterator[fake_s3.Bucket]:
    with fake_s3.serving() as served:
        yield served


@pytest.fixture
def bucket(our_server: fake_s3.Bucket, keys: None) -> fake_s3.Bucket:
    """A made-up bucket, empty."""
    our_server.reset()
    return our_server


@pytest.fixture(scope="module")
def real_server() -> Iterator[s3_server.S3Server]:
    """A server with one bucket: each takes volumes of its own."""
    if why := s3_server.missing():
        pytest.skip(why)
    with s3_server.serving() as server:
        server.make_bucket("reviews")
        yield server


@cache
def _connected(endpoint: str) -> S3Archive:
    return S3Archive(ArchiveServer(fake_s3.BUCKET, "kept/", endpoint), lambda: OWNER)


def in_bucket(bucket: fake_s3.Bucket) -> S3Archive:
    """The archive of a made-up bucket, under a prefix; to connect takes half a second, so that is done once."""
    archive = nobodys(bucket)
    archive._see_owner(claim=True)
    bucket.asked.clear()
    return archive


def nobodys(bucket: fake_s3.Bucket) -> S3Archive:
    """The same, before anything was kept in it."""
    archive = _connected(bucket.endpoint)
    archive._owned = False
    return archive


@pytest.fixture
def archive(request: pytest.FixtureRequest, tmp_path: Path, keys: None) -> Archive:
    if request.param == "folder":
        return FolderArchive(tmp_path / "archive")
    if request.param == "bucket":
        return in_bucket(request.getfixturevalue("bucket"))
    server = request.getfixturevalue("real_server")
    prefix = hashlib.sha256(request.node.name.encode()).hexdigest()[:12]
    return S3Archive(ArchiveServer("reviews", f"{prefix}/", server.endpoint), lambda: OWNER)
