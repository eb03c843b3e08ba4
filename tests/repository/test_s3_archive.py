"""A bucket as the archive: what servers do that disks do not, each told with what to do, and nothing lost or left unsaid."""

from __future__ import annotations

import hashlib
import ssl
import subprocess
import sys
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.repository.archive import FolderArchive, place_of
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import ArchiveError, FileLost
from casereviews.repository.home import Home
from casereviews.repository.reading import Limits, ReadJob, read_files
from casereviews.repository.servers import s3_archive as module
from casereviews.repository.servers.s3_archive import S3Archive
from casereviews.repository.stores import ArchiveServer
from casereviews.repository.temporary_folders import PREFIX
from tests import fake_s3
from tests.crawler.certificates import authority, leaf
from tests.fake_s3 import BUCKET, KEY, SECRET, Bucket, Version
from tests.repository.archives import OWNER, bucket, in_bucket, keys, nobodys, our_server

__all__ = ["bucket", "keys", "our_server"]
REPORT = b"a report of a made-up review"
SHA = hashlib.sha256(REPORT).hexdigest()
AT = f"kept/{place_of(SHA)}"


def home_at(tmp_path: Path, bucket: Bucket) -> Home:
    home = Home(tmp_path / "home").create()
    said = f'[stores]\narchive = "s3://{BUCKET}/kept"\narchive_endpoint = "{bucket.endpoint}"\n'
    home.config_toml.write_text(said, "utf-8")
    return home


# ---- which archive a home has


def test_a_home_has_the_archive_that_its_config_names(tmp_path: Path, bucket: Bucket) -> None:
    home = Home(tmp_path / "plain").create()
    assert archive_of(home) == FolderArchive(home.archive)
    archive_of(home_at(tmp_path, bucket)).put(REPORT)
    assert bucket.current(AT) == REPORT


_SAYS = """
import sys
from pathlib import Path
from casereviews.repository.archives import archive_of
from casereviews.repository.home import Home
from casereviews.repository.record import Record
home = Home(Path(sys.argv[1])).create()
with Record.open(home, write=True) as record:
    record.archive.put(b"report")
print([one for one in ("boto3", "botocore", "casereviews.repository.servers.s3_archive") if one in sys.modules])
"""


def test_a_folder_loads_nothing_of_the_extra(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", _SAYS, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"


_WITHOUT = """
import sys
from pathlib import Path
sys.modules["boto3"] = sys.modules["boto3.session"] = None
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import ArchiveError
from casereviews.repository.home import Home
try:
    archive_of(Home(Path(sys.argv[1])))
except ArchiveError as error:
    print(error)
"""


def test_a_missing_extra_is_named(tmp_path: Path, bucket: Bucket) -> None:
    home = home_at(tmp_path, bucket)
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT, str(home.root)],
        capture_output=True,
        text=True,
        check=True,
    )
    said = 'an archive on S3 needs boto3, of the extra [s3]: pip install ".[s3]"\n'
    assert told.stdout == said


# ---- keeping


def test_the_server_compares_what_it_was_sent(bucket: Bucket, monkeypatch) -> None:
    monkeypatch.setattr(module, "_checksum", lambda _: {"ChecksumSHA256": "A" * 43 + "="})
    with pytest.raises(ArchiveError, match=r"cannot keep a file of 28 bytes \(BadDigest\)"):
        in_bucket(bucket).put(REPORT)
    assert bucket.bodies() == set()


def test_two_that_keep_a_file_at_once_both_have_it(bucket: Bucket, monkeypatch) -> None:
    archive = in_bucket(bucket)
    bucket.add(AT, REPORT)
    asked = iter([False])
    monkeypatch.setattr(S3Archive, "__contains__", lambda *_: next(asked))
    assert not archive.put(REPORT).fresh
    assert "PUT" in bucket.asked


def test_a_large_file_goes_up_in_parts(bucket: Bucket, tmp_path: Path, monkeypatch) -> None:
    archive, body = in_bucket(bucket), tmp_path / "large"
    monkeypatch.setattr(module, "_PART", 1000)
    monkeypatch.setattr(archive, "in_parts", 2500)
    body.write_bytes(b"abc" * 1000)
    kept = archive.put(body)
    assert archive.read(kept.sha256) == b"abc" * 1000
    assert (bucket.asked.count("PUT"), bucket.uploads) == (3, {})


def test_an_upload_in_parts_that_fails_leaves_nothing(bucket: Bucket, monkeypatch) -> None:
    archive = in_bucket(bucket)
    monkeypatch.setattr(module, "_PART", 1000)
    monkeypatch.setattr(archive, "in_parts", 2500)
    bucket.refuse["PUT"] = [(507, "InsufficientStorage")]
    with pytest.raises(ArchiveError, match="make room on the server"):
        archive.put(b"abc" * 1000)
    assert (bucket.bodies(), bucket.uploads) == (set(), {})


def test_what_a_killed_process_left_of_a_large_file_is_swept_away(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    bucket.uploads = {"u1": (AT, {1: b"a rep"}), "u2": ("another/home", {1: b"x"})}
    assert (archive.sweep(), archive.sweep(), list(bucket.uploads)) == (1, 0, ["u2"])


# ---- reading


def test_a_download_that_breaks_off_goes_on_where_it_broke(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    archive.put(REPORT)
    bucket.cut = [10, 5]
    assert archive.read(SHA) == REPORT
    bucket.cut = [10, 5, 3]
    with pytest.raises(ArchiveError, match="does not answer") as told:
        archive.read(SHA)
    assert not isinstance(told.value, FileLost)


def test_a_fetched_file_goes_with_its_block_whatever_happens_in_it(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    archive.put(REPORT)
    with pytest.raises(ValueError, match="of the reader"), archive.file(SHA) as path:
        raise ValueError("of the reader")
    assert not path.parent.exists()


_HOLDS = """
import sys
from casereviews.repository.servers.s3_archive import S3Archive
from casereviews.repository.stores import ArchiveServer
with S3Archive(ArchiveServer(sys.argv[1], "kept/", sys.argv[2]), lambda: "a-made-up-home").file(sys.argv[3]) as path:
    print(path, flush=True)
    sys.stdin.read()
"""


def test_a_fetched_file_of_a_killed_process_is_removed_by_the_next(
    bucket: Bucket, tmp_path: Path, monkeypatch
) -> None:
    in_bucket(bucket).put(REPORT)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDS, BUCKET, bucket.endpoint, SHA],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as reader:
        assert reader.stdout is not None
        path = Path(reader.stdout.readline().strip())
        reader.kill()
    assert path.read_bytes() == REPORT
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with in_bucket(bucket).file(SHA):
        assert not path.exists()
    assert list(tmp_path.glob(f"{PREFIX}*")) == []


def test_files_are_read_from_a_bucket_and_a_lost_one_waits(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    there, damaged = archive.put(b"The panel met twice."), archive.put(b"Another text.")
    bucket.versions[f"kept/{place_of(damaged.sha256)}"] = [Version("x", b"other bytes")]
    jobs = [
        ReadJob(one, archive, "text/plain", "a.txt")
        for one in ("0" * 64, damaged.sha256, there.sha256)
    ]
    (reading,) = read_files(jobs, workers=1, limits=Limits(ocr=False))
    assert (reading.sha256, reading.status) == (there.sha256, "ok")


def test_reading_stops_where_the_archive_cannot_be_had(bucket: Bucket) -> None:
    archive = nobodys(bucket)
    bucket.there = False
    with pytest.raises(ArchiveError, match="there is no such bucket"):
        list(read_files([ReadJob(SHA, archive)], workers=1, limits=Limits(ocr=False)))


# ---- trouble


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([(403, "AccessDenied")], r"\(403\): check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ([(503, "SlowDown")] * 3, r"\(503\): run the same command again"),
        ([(301, "PermanentRedirect")] * 2, r"archive_region in config.toml"),
    ],
)
def test_a_refusal_is_told_with_what_to_do(bucket: Bucket, answers, said) -> None:
    bucket.refuse["HEAD"] = answers
    with pytest.raises(ArchiveError, match=said):
        in_bucket(bucket).size(SHA)


def test_a_busy_server_is_asked_again(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    bucket.refuse["PUT"] = [(503, "SlowDown"), (500, "InternalError")]
    assert archive.put(REPORT).fresh
    assert (bucket.current(AT), bucket.asked.count("PUT")) == (REPORT, 3)


def test_a_missing_bucket_is_no_missing_file(bucket: Bucket) -> None:
    archive = nobodys(bucket)
    bucket.there = False
    for ask in (
        lambda: SHA in archive,
        lambda: list(archive.hashes()),
        lambda: archive.put(REPORT),
        lambda: archive.delete(SHA),
    ):
        with pytest.raises(ArchiveError, match="there is no such bucket: make it"):
            ask()


def test_a_place_of_another_home_or_of_none_is_not_taken_for_one_that_lost_its_files(
    bucket: Bucket,
) -> None:
    archive = nobodys(bucket)
    for ask in (
        lambda: SHA in archive,
        lambda: archive.among([SHA] * 300),
        lambda: archive.read(SHA),
        lambda: archive.delete(SHA),
    ):
        with pytest.raises(ArchiveError, match="has no archive of this home") as told:
            ask()
        assert not isinstance(told.value, FileLost)
    archive.put(REPORT)
    other = S3Archive(archive.server, lambda: "another-home")
    for ask in (
        lambda: other.put(b"x"),
        lambda: other.delete(SHA),
        lambda: "0" * 64 in other,
        lambda: list(other.hashes()),
    ):
        with pytest.raises(ArchiveError, match="has the archive of another home"):
            ask()
    assert bucket.bodies() == {REPORT}


def test_a_server_that_is_down_or_slow_is_told(bucket: Bucket, monkeypatch) -> None:
    monkeypatch.setattr(module, "ANSWER_SECONDS", 0.05)
    slow = S3Archive(ArchiveServer(BUCKET, "kept/", bucket.endpoint), lambda: OWNER)
    bucket.wait = 0.2
    with pytest.raises(ArchiveError, match=r"not to the end \(ReadTimeoutError\).*what was kept"):
        slow.size(SHA)
    down = S3Archive(ArchiveServer(BUCKET, "kept/", "http://127.0.0.1:1"), lambda: OWNER)
    with pytest.raises(ArchiveError, match=r"not to the end \(EndpointConnectionError\)"):
        down.put(REPORT)


def test_a_server_is_trusted_by_the_authority_that_the_config_names(
    keys: None, tmp_path: Path
) -> None:
    signed_by, certificate, key = authority(tmp_path, "one")
    pair = leaf(tmp_path, "one", certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    with fake_s3.serving(context) as served:
        place = ArchiveServer(BUCKET, "kept/", served.endpoint, None, signed_by.certificate)
        assert S3Archive(place, lambda: OWNER).put(REPORT).fresh
        other, _, _ = authority(tmp_path, "another")
        for ca in (None, other.certificate):
            stranger = S3Archive(replace(place, ca=ca), lambda: OWNER)
            with pytest.raises(
                ArchiveError, match=r"not trusted: name the authority .* archive_ca"
            ):
                stranger.size(SHA)


def test_keys_that_are_wrong_or_missing_are_told_and_no_secret_is(
    bucket: Bucket, monkeypatch, capfd, caplog
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "another")
    wrong = S3Archive(ArchiveServer(BUCKET, "kept/", bucket.endpoint), lambda: OWNER)
    said = []
    for ask in (lambda: wrong.size(SHA), lambda: wrong.put(REPORT), lambda: list(wrong.hashes())):
        with pytest.raises(ArchiveError, match="check AWS_ACCESS_KEY_ID") as told:
            ask()
        said.append(f"{told.value}{told.value!r}")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    without = S3Archive(ArchiveServer(BUCKET, "kept/", bucket.endpoint), lambda: OWNER)
    with pytest.raises(ArchiveError, match="no keys are known: set AWS_ACCESS_KEY_ID") as told:
        without.size(SHA)
    out, err = capfd.readouterr()
    for text in (*said, str(told.value), repr(wrong), out, err, caplog.text):
        assert SECRET not in text
        assert KEY not in text


# ---- withdrawal


def test_every_version_of_a_file_goes(bucket: Bucket) -> None:
    archive, bucket.versioned = in_bucket(bucket), True
    archive.put(REPORT)
    bucket.add(AT, b"cut short")
    archive.put(REPORT)
    archive.put(b"another")
    assert archive.delete(SHA)
    assert bucket.bodies() == {b"another"}
    assert not archive.delete(SHA)


def test_a_version_that_somebody_hid_goes_too(bucket: Bucket) -> None:
    archive, bucket.versioned = in_bucket(bucket), True
    archive.put(REPORT)
    bucket.add(AT, None)
    assert SHA not in archive
    assert archive.delete(SHA)
    assert bucket.bodies() == set()


def test_parts_of_a_file_go_with_it(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    archive.put(REPORT)
    bucket.uploads = {"u1": (AT, {1: REPORT})}
    assert archive.sought([SHA])[2].found == (SHA,)
    archive.delete(SHA)
    assert bucket.bodies() == set()


def test_a_locked_version_is_hidden_and_told(bucket: Bucket) -> None:
    archive, bucket.versioned = in_bucket(bucket), True
    archive.put(REPORT)
    bucket.versions[AT][0].locked = True
    assert archive.delete(SHA)
    assert SHA not in archive
    left, disks = archive.left_behind([SHA])
    assert str(left) == (
        f"archive: 1 version of {AT} in s3://{BUCKET}/kept/, for how long is not known: the keys may not delete versions, or a lock of "
        "the bucket keeps them: let them (s3:DeleteObjectVersion), and withdraw again"
    )
    assert "frees deleted bytes in its own time" in disks.what_to_do
    objects, versions, *_ = archive.sought([SHA])
    assert (objects.found, versions.found) == ((), (SHA,))
    bucket.versions[AT][-1].locked = False
    assert archive.delete(SHA)
    assert bucket.bodies() == set()


@pytest.mark.parametrize(("status", "code"), [(501, "NotImplemented"), (403, "AccessDenied")])
def test_versions_that_cannot_be_listed_are_told_as_not_looked_into(
    bucket: Bucket, status: int, code: str
) -> None:
    archive = in_bucket(bucket)
    archive.put(REPORT)
    bucket.refuse["GET versions"] = [(status, code)] * 20
    bucket.refuse["GET uploads"] = [(status, code)] * 20
    assert archive.delete(SHA)
    assert archive.sweep() == 0
    left, _ = archive.left_behind([SHA])
    assert left.place == f"older versions in s3://{BUCKET}/kept/, if it keeps any"
    assert left.what_to_do.startswith(f"list_object_versions is not to be had ({code}): let")
    objects, versions, uploads, disks = archive.sought([SHA])
    assert (objects.found, objects.unread) == ((), "")
    assert versions.unread
    assert uploads.unread
    assert disks.unread


def test_a_server_that_keeps_what_was_deleted_is_no_deletion(bucket: Bucket, monkeypatch) -> None:
    archive = in_bucket(bucket)
    archive.put(REPORT)
    monkeypatch.setattr(archive._s3, "delete_object", lambda **_: {})
    with pytest.raises(ArchiveError, match=f"still has {SHA} after it was deleted"):
        archive.delete(SHA)


def test_nothing_is_left_of_nothing(bucket: Bucket) -> None:
    assert in_bucket(bucket).left_behind([]) == ()


def test_words_are_looked_for_in_the_files_that_stay(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    archive.put(b"The family of Wrenfield lived in a boat.")
    lost = archive.put(REPORT)
    bucket.versions[f"kept/{place_of(lost.sha256)}"] = [Version("x", b"other bytes")]
    files = archive.sought([], ["wrenfield", "narrowboat"])[3]
    assert (files.found, files.unread) == (
        ("wrenfield",),
        "1 of its files are damaged: run `casereviews doctor`",
    )
    assert len(archive.sought([])) == 4


def test_readers_may_read_at_once(bucket: Bucket) -> None:
    archive = in_bucket(bucket)
    kept = [archive.put(b"report" * number) for number in range(1, 9)]
    whole: list[bool] = []
    threads = [
        threading.Thread(target=lambda one=one: whole.append(archive.is_whole(one.sha256)))
        for one in kept
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert whole == [True] * len(kept)
