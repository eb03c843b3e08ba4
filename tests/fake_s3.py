"""An S3 server of our own on loopback, in memory: as much of the protocol as an archive asks, and what a real server does not do when it is asked to: fail.

Signatures are not checked, but the key's id is. Files are listed two a page. `Bucket` is what a test looks into and sets.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

KEY, SECRET = "made-up-key", "made-up-secret-never-shown"
BUCKET = "reviews"
A_PAGE = 2


@dataclass
class Version:
    id: str
    body: bytes | None
    """None is a mark that hides what is older."""
    locked: bool = False


@dataclass
class Bucket:
    """What the server keeps, newest version first. `refuse` maps a method, or a method and a query's name ("GET versions"), to answers (status, code) that are given first;
    `cut` downloads break off after so many bytes; `wait` is how many seconds an answer takes."""

    endpoint: str = ""
    versions: dict[str, list[Version]] = field(default_factory=dict)
    uploads: dict[str, tuple[str, dict[int, bytes]]] = field(default_factory=dict)
    versioned: bool = False
    there: bool = True
    refuse: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    cut: list[int] = field(default_factory=list)
    wait: float = 0.0
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _ids: Any = field(default_factory=count)

    def reset(self) -> None:
        """Let it be as a new one."""
        for name, value in vars(Bucket(self.endpoint)).items():
            if name not in ("lock", "endpoint"):
                setattr(self, name, value)

    def current(self, key: str) -> bytes | None:
        versions = self.versions.get(key)
        return versions[0].body if versions else None

    def add(self, key: str, body: bytes | None) -> None:
        version = Version(f"v{next(self._ids)}", body)
        self.versions[key] = [version, *(self.versions.get(key, []) if self.versioned else [])]

    def bodies(self) -> set[bytes]:
        """Every file that it holds, old versions and parts included."""
        files = (all for key, all in self.versions.items() if not key.endswith("home.json"))
        kept = {one.body for versions in files for one in versions}
        return {one for one in kept if one} | {
            part for _, parts in self.uploads.values() for part in parts.values()
        }


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Bucket]:
    """A server with one bucket, until the block ends."""
    bucket = Bucket()

    class Asked(_Asked):
        pass

    Asked.bucket = bucket
    server = ThreadingHTTPServer(("127.0.0.1", 0), Asked)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    bucket.endpoint = f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Asked(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _any(self) -> None:
        parts = urlsplit(self.path)
        self.query = {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()}
        name, _, self.key = unquote(parts.path).lstrip("/").partition("/")
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        what = next((one for one in ("versions", "uploads", "retention") if one in self.query), "")
        asked = f"{self.command} {what}".strip()
        with self.bucket.lock:
            self.bucket.asked.append(asked)
            refused = self.bucket.refuse.get(asked)
            if self.bucket.wait:
                time.sleep(self.bucket.wait)
            if KEY not in self.headers.get("Authorization", ""):
                self._refused(403, "InvalidAccessKeyId")
            elif refused:
                self._refused(*refused.pop(0))
            elif not self.bucket.there or name != BUCKET:
                self._refused(404, "NoSuchBucket")
            else:
                getattr(self, f"_{self.command.lower()}")()

    do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _any

    def _get(self) -> None:
        if not self.key:
            self._listed()
            return
        if "retention" in self.query:
            self._refused(404, "NoSuchObjectLockConfiguration")
            return
        body = self.bucket.current(self.key)
        if body is None:
            self._refused(404, "NoSuchKey")
            return
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self._answer(206 if start else 200, body[start:])

    def _head(self) -> None:
        body = self.bucket.current(self.key) if self.key else b""
        if body is None:
            self._refused(404, "NoSuchKey")
        else:
            self._answer(200, body)

    def _put(self) -> None:
        said = self.headers.get("x-amz-checksum-sha256")
        if said and said != base64.b64encode(hashlib.sha256(self.body).digest()).decode():
            self._refused(400, "BadDigest")
        elif "partNumber" in self.query:
            number = int(self.query["partNumber"])
            self.bucket.uploads[self.query["uploadId"]][1][number] = self.body
            self._answer(200, b"", ETag=f'"{number}"')
        elif self._is_there():
            self._refused(412, "PreconditionFailed")
        else:
            self.bucket.add(self.key, self.body)
            self._answer(200, b"", ETag='"whole"')

    def _post(self) -> None:
        if "uploads" in self.query:
            upload = f"u{next(self.bucket._ids)}"
            self.bucket.uploads[upload] = (self.key, {})
            self._answer(200, _xml("InitiateMultipartUploadResult", UploadId=upload))
        elif self._is_there():
            self._refused(412, "PreconditionFailed")
        else:
            _, parts = self.bucket.uploads.pop(self.query["uploadId"])
            self.bucket.add(self.key, b"".join(parts[number] for number in sorted(parts)))
            self._answer(200, _xml("CompleteMultipartUploadResult", ETag='"whole"'))

    def _is_there(self) -> bool:
        return bool(self.headers.get("If-None-Match") and self.bucket.current(self.key) is not None)

    def _delete(self) -> None:
        bucket = self.bucket
        if "uploadId" in self.query:
            bucket.uploads.pop(self.query["uploadId"], None)
        elif version := self.query.get("versionId"):
            kept = bucket.versions.get(self.key, [])
            if any(one.id == version and one.locked for one in kept):
                self._refused(403, "AccessDenied")
                return
            bucket.versions[self.key] = [one for one in kept if one.id != version]
        elif bucket.versioned:
            bucket.add(self.key, None)
        else:
            bucket.versions.pop(self.key, None)
        self._answer(204, b"")

    def _listed(self) -> None:
        prefix = self.query.get("prefix", "")
        if "uploads" in self.query:
            uploads = [
                _xml("Upload", Key=key, UploadId=upload)
                for upload, (key, _) in self.bucket.uploads.items()
                if key.startswith(prefix)
            ]
            self._answer(200, _xml("ListMultipartUploadsResult", *uploads, IsTruncated="false"))
            return
        if "versions" in self.query:
            versions = [
                _xml("Version", Key=key, VersionId=one.id, Size=str(len(one.body)))
                if one.body is not None
                else _xml("DeleteMarker", Key=key, VersionId=one.id)
                for key, versions in sorted(self.bucket.versions.items())
                for one in versions
                if key.startswith(prefix)
            ]
            self._answer(200, _xml("ListVersionsResult", *versions, IsTruncated="false"))
            return
        after = self.query.get("continuation-token", "")
        keys = [
            key
            for key in sorted(self.bucket.versions)
            if key.startswith(prefix) and key > after and self.bucket.current(key) is not None
        ]
        contents = [
            _xml("Contents", Key=key, Size=str(len(self.bucket.current(key) or b"")))
            for key in keys[:A_PAGE]
        ]
        more = {"IsTruncated": "false"}
        if len(keys) > A_PAGE:
            more = {"IsTruncated": "true", "NextContinuationToken": keys[A_PAGE - 1]}
        self._answer(200, _xml("ListBucketResult", *contents, **more))

    def _refused(self, status: int, code: str) -> None:
        self._answer(status, _xml("Error", Code=code, Message=f"{code} of {SECRET}"))

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if self.command == "GET" and self.key and status < 300 and self.bucket.cut:
            self.wfile.write(body[: self.bucket.cut.pop(0)])
            self.close_connection = True
            return
        self.wfile.write(body)


def _xml(name: str, *inside: bytes, **values: str) -> bytes:
    said = "".join(f"<{key}>{escape(value)}</{key}>" for key, value in values.items())
    return f"<{name}>{said}".encode() + b"".join(inside) + f"</{name}>".encode()
