"""The archive on a real S3 server: kills at random moments leave whole files or none, locks and versions are told, deleted bytes are seen to go."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casereviews.repository.servers.s3_archive import S3Archive
from casereviews.repository.stores import ArchiveServer
from tests import s3_server
from tests.s3_server import S3Server

pytestmark = [pytest.mark.live, pytest.mark.skipif(bool(s3_server.missing()), reason=s3_server.missing() or "-")]  # fmt: skip
WORDS = b"Wrenfield Quillbrook lived aboard the Marigold"


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in S3Server(Path(), {}, []).environment().items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def server() -> Iterator[S3Server]:
    with s3_server.serving() as running:
        running.make_bucket("reviews")
        running.make_bucket("locked", locks=True)
        yield running


def archive_at(server: S3Server, bucket: str, prefix: str) -> S3Archive:
    return S3Archive(ArchiveServer(bucket, prefix, server.endpoint), lambda: "a-made-up-home")


_WRITES = """
import sys
from pathlib import Path
from casereviews.repository.servers import s3_archive
from casereviews.repository.stores import ArchiveServer
s3_archive._PART = 5 << 20  # the least that the protocol allows
archive = s3_archive.S3Archive(ArchiveServer("reviews", "killed/", sys.argv[1]), lambda: "a-made-up-home", in_parts=8 << 20)
print("begun", flush=True)
for body in sorted(Path(sys.argv[2]).iterdir()):
    print("put", archive.put(body).sha256, flush=True)
for sha256 in list(archive.hashes())[::2]:
    print("deleting", sha256, flush=True)
    archive.delete(sha256)
    print("deleted", sha256, flush=True)
print("done", flush=True)
"""


def killed_at_random(server: S3Server, bodies: Path, times: int) -> None:
    """Write and delete in a process that is killed at random moments; after each, what is there is whole, and what was told is so."""
    chance = random.Random(18)
    known = {hashlib.sha256(one.read_bytes()).hexdigest() for one in bodies.iterdir()}
    archive = archive_at(server, "reviews", "killed/")
    ended = 0
    for _ in range(times):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITES, server.endpoint, str(bodies)],
            stdout=subprocess.PIPE, text=True,
        ) as writer:  # fmt: skip
            assert writer.stdout is not None
            assert writer.stdout.readline() == "begun\n"
            dies = time.monotonic() + chance.uniform(0.0, 1.2)
            while writer.poll() is None and time.monotonic() < dies:
                time.sleep(0.002)
            writer.kill()
            told = [line.split() for line in writer.stdout.read().splitlines()]
        ended += ["done"] in told
        there = set(archive.hashes())
        last = {line[1]: line[0] for line in told if len(line) == 2}
        assert {one for one, what in last.items() if what == "put"} <= there
        assert not {one for one, what in last.items() if what == "deleted"} & there
        assert there <= known
        assert all(archive.is_whole(one) for one in there)
        archive.sweep()
        assert archive.sought(known)[2].found == ()
    assert ended < times  # some were killed before their end
    for body in bodies.iterdir():
        archive.put(body)
    assert set(archive.hashes()) == known


@pytest.fixture
def bodies(tmp_path: Path) -> Path:
    chance = random.Random(7)
    folder = tmp_path / "bodies"
    folder.mkdir()
    for number, size in enumerate((10, 4_000, 300_000, 12_000_000, 70_000, 11_000_000, 1_000)):
        (folder / str(number)).write_bytes(chance.randbytes(size))
    return folder


def test_a_kill_leaves_whole_files_or_none(server: S3Server, bodies: Path) -> None:
    killed_at_random(server, bodies, 5)


@pytest.mark.long
def test_many_kills_leave_whole_files_or_none(server: S3Server, bodies: Path) -> None:
    killed_at_random(server, bodies, 60)


def test_what_was_told_as_kept_survives_the_death_of_the_server() -> None:
    with s3_server.serving() as server:
        server.make_bucket("reviews")
        archive = archive_at(server, "reviews", "")
        kept = [archive.put(b"report %d" % number).sha256 for number in range(50)]
        gone = kept[::5]
        for sha256 in gone:
            archive.delete(sha256)
        server.kill()
        server.start()
        assert set(archive.hashes()) == set(kept) - set(gone)
        assert all(archive.is_whole(one) for one in set(kept) - set(gone))


def test_a_locked_version_is_told_with_the_day_on_which_it_may_go(server: S3Server) -> None:
    archive = archive_at(server, "locked", "")
    kept = archive.put(b"a report that a lock keeps")
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    (version,) = archive._versions(kept.sha256)
    archive._s3.put_object_retention(
        **archive._at(kept.sha256),
        VersionId=version.id,
        Retention={"Mode": "COMPLIANCE", "RetainUntilDate": until},
    )
    assert archive.delete(kept.sha256)
    assert kept.sha256 not in archive
    left, _ = archive.left_behind([kept.sha256])
    assert f"a lock of the bucket ends {until:%Y-%m-%dT%H:%M:%SZ}: then withdraw" in str(left)
    assert archive.sought([kept.sha256])[1].found == (kept.sha256,)


def test_every_version_goes_from_a_bucket_that_keeps_them(server: S3Server) -> None:
    archive = archive_at(server, "locked", "versions/")
    kept = archive.put(b"a report")
    archive._s3.put_object(**archive._at(kept.sha256), Body=b"cut short")
    archive.put(b"a report")
    assert archive.delete(kept.sha256)
    assert [one.found for one in archive.sought([kept.sha256])] == [(), (), (), ()]


def test_deleted_bytes_lie_on_the_server_until_it_frees_them(server: S3Server) -> None:
    """Why `left_behind` names the server's disks: no request of S3 reaches them."""
    archive = archive_at(server, "reviews", "withdrawn/")
    kept = archive.put(WORDS + random.Random(3).randbytes(50_000))
    others = [archive.put(random.Random(n).randbytes(50_000)).sha256 for n in range(4)]
    assert server.holding(WORDS)
    archive.delete(kept.sha256)
    assert [one.found for one in archive.sought([kept.sha256])] == [(), (), (), ()]
    assert server.holding(WORDS)  # the volume still has them
    ends = time.monotonic() + 60
    while server.holding(WORDS) and time.monotonic() < ends:
        server.vacuum()
        time.sleep(0.2)
    assert server.holding(WORDS) == []
    assert all(archive.is_whole(one) for one in others)
