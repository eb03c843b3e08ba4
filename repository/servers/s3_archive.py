"""The archive in a bucket of an S3 server (the extra `[s3]`): `PREFIXab/abcdef…`, an object a file; `PREFIXhome.json` says of which home.

The server checks each upload against its SHA-256, and an object is there whole or not at all, so a kill leaves a whole file or none; of a
large file it may leave parts, which `sweep` ends. What is read is checked against its name. A call is tried three times in all, with some
seconds between, and a download that breaks is begun anew as often; then it is an ArchiveError, and the run that met it is run again.

Kept versions of a deleted object are deleted too; what a lock keeps is told, and so is what no client can see: a server's own files.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, TypedDict

from casereviews.repository.archive import Kept, damaged, lacking, place_of, sha256_of
from casereviews.repository.canary import found_in
from casereviews.repository.errors import ArchiveError, FileLost
from casereviews.repository.home import Home
from casereviews.repository.left_behind import LeftBehind, Sought
from casereviews.repository.stores import ArchiveServer
from casereviews.repository.temporary_folders import temporary_folder

try:
    from boto3.session import Session
    from botocore.config import Config
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        HTTPClientError,
        IncompleteReadError,
        NoCredentialsError,
        NoRegionError,
        PartialCredentialsError,
        SSLError,
    )
    from botocore.exceptions import ConnectionError as NotReached
except ImportError as error:
    raise ArchiveError(
        'an archive on S3 needs boto3, of the extra [s3]: pip install ".[s3]"'
    ) from error

TRIES = 3
CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
"""A crawl that waits for its archive longer than it may be silent is taken for hung: three tries stay within that (`crawler/process/launcher.py`)."""

IN_PARTS = 64 << 20
"""Bytes from which on a file goes up in parts: few reports are so large, and a single request may hold five gigabytes."""
_PART = 16 << 20
_CHUNK = 1 << 20
_MANY = 200
"""From so many on it is cheaper to list all objects, a thousand a request, than to ask for each."""

_KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
_MISSING = frozenset(["404", "NoSuchKey", "NotFound"])
_REFUSED = frozenset(
    ["401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken"]
)
_UNKNOWN = frozenset(["NotImplemented", "501", "MethodNotAllowed", "405"])
_LOCKED = frozenset(["ObjectLocked", "InvalidRequest"])
_ELSEWHERE = frozenset(["301", "PermanentRedirect", "AuthorizationHeaderMalformed"])
_FULL = frozenset(["507", "InsufficientStorage", "QuotaExceeded", "XMinioStorageFull"])
_MARK = "home.json"
_PLACE = re.compile(r"([0-9a-f]{2})/\1[0-9a-f]{62}")

STORE = "archive"
_UNLOCK = "the keys may not delete versions, or a lock of the bucket keeps them: let them (s3:DeleteObjectVersion), and "
_LET_LIST = "let the keys list versions (s3:ListBucketVersions), and withdraw again"
_RECLAIM = (
    "a server frees deleted bytes in its own time: let it do so now (SeaweedFS: volume.vacuum in `weed shell`), and see to its replicas, "
    "snapshots and backups"
)
_SAY = "whoever knows how long that takes says so by archive_keeps_deleted = DAYS in config.toml"
_NO_CLIENT = "no client of S3 can read them: ask whoever runs the server"


class _At(TypedDict):
    """Where an object is."""

    Bucket: str
    Key: str


@lru_cache(maxsize=8)
def s3_archive(server: ArchiveServer, home: Home) -> S3Archive:
    """The archive of a home on this server; one a process, for its connections are kept and threads may share it."""
    return S3Archive(server, lambda: home.id)


@dataclass(eq=False)
class S3Archive:
    """An archive in a bucket; see `Archive` for what is said of each method there.

    `owner` gives the id of the home: a place that is another's, or nobody's, is neither read as one that lost its files nor deleted from.
    `in_parts` is from how many bytes on a file goes up in parts.
    """

    server: ArchiveServer
    owner: Callable[[], str]
    in_parts: int = IN_PARTS
    _s3: Any = field(init=False)
    _owned: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        server = self.server
        config = Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            retries={"mode": "standard", "total_max_attempts": TRIES},
            s3={"addressing_style": "path" if server.endpoint else "auto"},
            # Ours is sent and compared; a second checksum in a trailer is more than some servers read.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        try:
            self._s3 = Session().client(
                "s3",
                endpoint_url=server.endpoint,
                # A server of one's own has no regions, but a request is signed with one.
                region_name=server.region or ("us-east-1" if server.endpoint else None),
                verify=str(server.ca) if server.ca else None,
                config=config,
            )
        except (BotoCoreError, ValueError) as error:
            raise self._trouble(error) from error

    # ---- keeping and reading

    def __contains__(self, sha256: str) -> bool:
        return self.size(sha256) is not None

    def size(self, sha256: str) -> int | None:
        try:
            return int(self._s3.head_object(**self._at(sha256))["ContentLength"])
        except ClientError as error:
            if _code(error) not in _MISSING:
                raise self._trouble(error) from error
        except BotoCoreError as error:
            raise self._trouble(error) from error
        self._see_owner()
        return None

    def among(self, sha256s: Collection[str]) -> set[str]:
        if len(sha256s) < _MANY:
            return {one for one in sha256s if one in self}
        found = set(sha256s).intersection(self.hashes())
        if len(found) < len(sha256s):
            self._see_owner()
        return found

    def put(self, body: bytes | Path) -> Kept:
        sha256, size = sha256_of(body)
        self._see_owner(claim=True)
        there = sha256 in self
        if there and self.is_whole(sha256):
            return Kept(sha256, size, fresh=False)
        try:
            self._upload(sha256, size, body, replace=there)
        except ClientError as error:
            # Another process kept it meanwhile.
            if _code(error) not in ("PreconditionFailed", "412") or not self.is_whole(sha256):
                raise self._trouble(error, f"cannot keep a file of {size} bytes") from error
            return Kept(sha256, size, fresh=False)
        except BotoCoreError as error:
            raise self._trouble(error, f"cannot keep a file of {size} bytes") from error
        return Kept(sha256, size, fresh=True)

    def _upload(self, sha256: str, size: int, body: bytes | Path, *, replace: bool) -> None:
        """Send a body; the server refuses bytes that have another hash, and without `replace` to write over an object."""
        condition = {} if replace else {"IfNoneMatch": "*"}
        with io.BytesIO(body) if isinstance(body, bytes) else body.open("rb") as file:
            if size >= self.in_parts:
                self._upload_in_parts(self._at(sha256), file, condition)
            else:
                checksum = _checksum(bytes.fromhex(sha256))
                self._s3.put_object(**self._at(sha256), Body=file, **checksum, **condition)

    def _upload_in_parts(self, at: _At, file: BinaryIO, condition: dict[str, str]) -> None:
        begun = self._s3.create_multipart_upload(**at, ChecksumAlgorithm="SHA256")
        upload = {**at, "UploadId": begun["UploadId"]}
        parts: list[dict[str, Any]] = []
        try:
            while piece := file.read(_PART):
                number, checksum = len(parts) + 1, _checksum(hashlib.sha256(piece).digest())
                sent = self._s3.upload_part(**upload, PartNumber=number, Body=piece, **checksum)
                parts.append({"PartNumber": number, "ETag": sent["ETag"], **checksum})
            whole = {"Parts": parts}
            self._s3.complete_multipart_upload(**upload, MultipartUpload=whole, **condition)
        except BaseException:
            with suppress(BotoCoreError, ClientError):  # then `sweep` ends it
                self._s3.abort_multipart_upload(**upload)
            raise

    def read(self, sha256: str) -> bytes:
        return b"".join(self._pieces(sha256))

    @contextmanager
    def file(self, sha256: str, *, checked: bool = False) -> Iterator[Path]:
        """A copy in a temporary folder, always checked; it goes with the block, and after a kill when another process makes such a folder."""
        with temporary_folder("archive-") as folder:
            path = folder / sha256
            with path.open("wb") as out:
                out.writelines(self._pieces(sha256))
            yield path

    def is_whole(self, sha256: str) -> bool:
        try:
            for _ in self._pieces(sha256):
                pass
        except FileLost:
            return False
        return True

    def _pieces(self, sha256: str) -> Iterator[bytes]:
        """The bytes, whose hash is compared at their end; a download that breaks off goes on where it broke."""
        digest, got = hashlib.sha256(), 0
        for tried in range(1, TRIES + 1):
            body = self._body(sha256, got)
            try:
                with closing(body):
                    for piece in body.iter_chunks(_CHUNK):
                        digest.update(piece)
                        got += len(piece)
                        yield piece
            except BotoCoreError as error:
                if tried == TRIES:
                    raise self._trouble(error) from error
            else:
                break
        if digest.hexdigest() != sha256:
            raise FileLost(damaged(sha256))

    def _body(self, sha256: str, start: int) -> Any:
        rest = {"Range": f"bytes={start}-"} if start else {}
        try:
            return self._s3.get_object(**self._at(sha256), **rest)["Body"]
        except ClientError as error:
            if _code(error) in _MISSING:
                self._see_owner()
                raise FileLost(lacking(sha256, "no such object")) from error
            raise self._trouble(error) from error
        except BotoCoreError as error:
            raise self._trouble(error) from error

    def sizes(self) -> Iterator[tuple[str, int]]:
        prefix = self.server.prefix
        for one in self._listed("list_objects_v2", "Contents"):
            place = one["Key"].removeprefix(prefix)
            if _PLACE.fullmatch(place):
                self._see_owner()
                yield place[3:], int(one["Size"])

    def hashes(self) -> Iterator[str]:
        return (sha256 for sha256, _ in self.sizes())

    # ---- taking out

    def delete(self, sha256: str) -> bool:
        """Take a file out with all its versions; those that a lock of the bucket keeps are hidden, and `left_behind` tells of them.

        False when there was neither file nor version. Raises ArchiveError when the server refuses to delete it.
        """
        self._see_owner()
        found = sha256 in self
        try:
            if found:
                self._s3.delete_object(**self._at(sha256))
            found |= self._delete_versions(sha256)
            self._end_uploads(self._at(sha256)["Key"])
        except (ClientError, BotoCoreError) as error:
            raise self._trouble(error, f"cannot delete {sha256}") from error
        if sha256 in self:
            raise ArchiveError(
                f"{self._name} still has {sha256} after it was deleted: let the keys delete objects there, and run the same command again"
            )
        return found

    def _delete_versions(self, sha256: str) -> bool:
        """Delete what a bucket with versions still has; the marks that hide a version go last, and only when none is kept."""
        try:
            versions = self._versions(sha256)
        except _Unlisted:
            return False
        for version in sorted(versions, key=lambda one: one.is_mark):
            if version.is_mark and any(not one.is_mark for one in self._versions(sha256)):
                break
            try:
                self._s3.delete_object(**self._at(sha256), VersionId=version.id)
            except ClientError as error:
                if _code(error) not in _REFUSED | _LOCKED:
                    raise
        return bool(versions)

    def sweep(self) -> int:
        try:
            return self._end_uploads(self.server.prefix)
        except (ClientError, BotoCoreError) as error:
            raise self._trouble(error) from error

    def _end_uploads(self, prefix: str) -> int:
        """End the uploads in parts that nobody completed; how many there were, 0 where a server does not list them."""
        try:
            uploads = list(self._uploads(prefix))
        except _Unlisted:
            return 0
        if uploads:
            self._see_owner()
        for one in uploads:
            try:
                self._s3.abort_multipart_upload(
                    Bucket=self.server.bucket, Key=one["Key"], UploadId=one["UploadId"]
                )
            except ClientError as error:
                if _code(error) not in _MISSING | {"NoSuchUpload"}:
                    raise
        return len(uploads)

    def claim(self) -> None:
        self._see_owner(claim=True)

    def give_up(self) -> None:
        """Delete the mark that says whose the place is."""
        self._see_owner()
        try:
            self._s3.delete_object(Bucket=self.server.bucket, Key=self.server.prefix + _MARK)
        except (ClientError, BotoCoreError) as error:
            raise self._trouble(error) from error
        self._owned = False

    # ---- what is left of what was taken out

    def left_behind(self, sha256s: Collection[str]) -> tuple[LeftBehind, ...]:
        if not sha256s:
            return ()
        found = []
        try:
            for sha256 in sorted(sha256s):
                kept = [one for one in self._versions(sha256) if not one.is_mark]
                if kept:
                    until = max(self._locked_until(sha256, one.id) for one in kept)
                    number = f"{len(kept)} version{'s' * (len(kept) > 1)}"
                    place = f"{number} of {self._at(sha256)['Key']} in {self._name}"
                    what_to_do = f"a lock of the bucket ends {until}: then " if until else _UNLOCK
                    found.append(LeftBehind(STORE, place, None, what_to_do + "withdraw again"))
        except _Unlisted as error:
            place = f"older versions in {self._name}, if it keeps any"
            found.append(LeftBehind(STORE, place, None, f"{error}: {_LET_LIST}"))
        place = f"the disks, copies and backups of the server of {self._name}"
        days = self.server.keeps_deleted
        if days is None:
            return (*found, LeftBehind(STORE, place, None, f"{_RECLAIM}; {_SAY}"))
        until = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
        return (*found, LeftBehind(STORE, place, until, f"{_RECLAIM} to end it sooner"))

    def _locked_until(self, sha256: str, version: str) -> str:
        """When a lock of the bucket lets go of a version, ISO 8601; "" when nobody can tell."""
        try:
            said = self._s3.get_object_retention(**self._at(sha256), VersionId=version)
            until: datetime = said["Retention"]["RetainUntilDate"]
        except (ClientError, BotoCoreError, KeyError):
            return ""
        return until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def sought(self, sha256s: Collection[str], words: Collection[str] = ()) -> tuple[Sought, ...]:
        wanted = set(sha256s)
        there = Sought(STORE, f"objects in {self._name}", tuple(sorted(self.among(wanted))))
        found = [there, self._sought("versions", self._all_versions(), wanted)]
        found.append(self._sought("unfinished uploads", self._uploads(), wanted))
        if words:
            found.append(self._sought_in_files(words))
        return (*found, Sought(STORE, f"the disks of the server of {self._name}", (), _NO_CLIENT))

    def _sought(self, what: str, listed: Iterable[dict[str, Any]], wanted: set[str]) -> Sought:
        place = f"{what} in {self._name}"
        try:
            held = {one["Key"].rpartition("/")[2] for one in listed}
        except _Unlisted as error:
            return Sought(STORE, place, (), str(error))
        return Sought(STORE, place, tuple(sorted(wanted & held)))

    def _sought_in_files(self, words: Collection[str]) -> Sought:
        found: set[str] = set()
        lost = 0
        for sha256 in self.hashes():
            try:
                with self.file(sha256) as path:
                    found |= found_in(path, words)
            except FileLost:
                lost += 1
        unread = f"{lost} of its files are damaged: run `casereviews doctor`" if lost else ""
        return Sought(STORE, f"the files in {self._name}", tuple(sorted(found)), unread)

    def _versions(self, sha256: str) -> list[_Version]:
        """All versions of a file, and the marks that hide them. Raises _Unlisted."""
        key = self._at(sha256)["Key"]
        return [
            _Version(one["VersionId"], "Size" not in one)
            for one in self._all_versions(key)
            if one["Key"] == key
        ]

    def _all_versions(self, prefix: str | None = None) -> Iterator[dict[str, Any]]:
        yield from self._listed_at_all(
            "list_object_versions", ("Versions", "DeleteMarkers"), prefix
        )

    def _uploads(self, prefix: str | None = None) -> Iterator[dict[str, Any]]:
        yield from self._listed_at_all("list_multipart_uploads", ("Uploads",), prefix)

    def _listed_at_all(
        self, what: str, names: tuple[str, ...], prefix: str | None
    ) -> Iterator[dict[str, Any]]:
        """What a listing gives that not every server has or allows: then _Unlisted, which says so."""
        try:
            yield from self._listed(what, *names, prefix=prefix)
        except ArchiveError as error:
            code = _code(error.__cause__) if isinstance(error.__cause__, ClientError) else ""
            if code in _UNKNOWN | _REFUSED:
                raise _Unlisted(f"{what} is not to be had ({code})") from error
            raise

    def _listed(
        self, what: str, *names: str, prefix: str | None = None
    ) -> Iterator[dict[str, Any]]:
        pages = self._s3.get_paginator(what).paginate(
            Bucket=self.server.bucket, Prefix=self.server.prefix if prefix is None else prefix
        )
        try:
            for page in pages:
                for name in names:
                    yield from page.get(name, ())
        except (ClientError, BotoCoreError) as error:
            raise self._trouble(error) from error

    # ---- what is asked, and what went wrong

    def _at(self, sha256: str) -> _At:
        return {"Bucket": self.server.bucket, "Key": self.server.prefix + place_of(sha256)}

    @property
    def _name(self) -> str:
        return f"s3://{self.server.bucket}/{self.server.prefix}"

    def _see_owner(self, *, claim: bool = False) -> None:
        """Look once whether the bucket is there and this home's; `claim` makes a place its that is nobody's."""
        if self._owned:
            return
        at = {"Bucket": self.server.bucket, "Key": f"{self.server.prefix}{_MARK}"}
        own = json.dumps({"home": self.owner()}).encode()
        try:
            said = self._s3.get_object(**at)["Body"].read()
        except ClientError as error:
            if _code(error) not in _MISSING:
                raise self._trouble(error) from error
            if not claim:
                raise ArchiveError(
                    f"{self._name} has no archive of this home: see `archive` in config.toml"
                ) from error
            said = own
            try:
                self._s3.put_object(**at, Body=own)
            except (ClientError, BotoCoreError) as error:
                raise self._trouble(error) from error
        except BotoCoreError as error:
            raise self._trouble(error) from error
        if said != own:
            raise ArchiveError(
                f"{self._name} has the archive of another home: name another place as `archive` in config.toml (where home.json was lost and "
                f"made anew, delete the object {at['Key']})"
            )
        self._owned = True

    def _trouble(self, error: Exception, what: str = "cannot be used") -> ArchiveError:
        """What a server or its library says, in our words: theirs may repeat what was sent."""
        at = self.server.endpoint or "Amazon S3"
        said = f"the archive {self._name} at {at} {what}"
        if isinstance(error, ClientError):
            return ArchiveError(f"{said} ({_code(error)}): {_advice(_code(error))}")
        name = type(error).__name__
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return ArchiveError(f"{said}: no keys are known: set {_KEYS} in the environment")
        if isinstance(error, NoRegionError):
            return ArchiveError(f'{said}: write archive_region = "..." in config.toml')
        if isinstance(error, SSLError):
            return ArchiveError(
                f"{said}: its certificate is not trusted: name the authority that signed it as archive_ca in config.toml"
            )
        if isinstance(error, HTTPClientError | NotReached | IncompleteReadError):
            return ArchiveError(
                f"{said}: it does not answer, or not to the end ({name}): see that the server runs and can be reached, then run the same command again; "
                "what was kept stays"
            )
        return ArchiveError(f"{said} ({name}): see archive_endpoint and the AWS_ variables")


@dataclass(frozen=True, slots=True)
class _Version:
    id: str
    is_mark: bool


class _Unlisted(Exception):
    """A listing that a server has not, or does not allow."""


def _code(error: BaseException | None) -> str:
    """The name of what a server refused with, which is its own text: letters and digits of it."""
    said = error.response.get("Error", {}).get("Code", "") if isinstance(error, ClientError) else ""
    return re.sub(r"[^\w.-]", "", str(said))[:40] or "no reason given"


def _advice(code: str) -> str:
    if code == "NoSuchBucket":
        return "there is no such bucket: make it, or name another in config.toml"
    if code in _REFUSED:
        return f"check {_KEYS}, and that they may list, read, write and delete in the bucket"
    if code in _ELSEWHERE:
        return "the bucket is in another region: write archive_region in config.toml"
    if code == "RequestTimeTooSkewed":
        return "the clock of this machine is wrong: set it"
    if code in _FULL:
        return "make room on the server, then run the same command again"
    return "run the same command again; if it stays so, ask whoever runs the server"


def _checksum(digest: bytes) -> dict[str, str]:
    return {"ChecksumSHA256": base64.b64encode(digest).decode()}
