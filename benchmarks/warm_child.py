"""Crawling processes that are forked from one which has loaded Scrapy once: 400 nights need not load it 400 times.

Each night still has a process of its own, with the pipes that the launcher made; only its start is cheaper. POSIX alone.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import socket
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHIM = """
import json, os, resource, socket, sys
with socket.socket(socket.AF_UNIX) as door:
    door.connect(sys.argv[1])
    said = {"job": sys.argv[2], "environment": dict(os.environ), "limit": resource.getrlimit(resource.RLIMIT_FSIZE)[0]}
    socket.send_fds(door, [json.dumps(said).encode()], [0, 1, 2])
    os.close(0), os.close(1)
    code = door.recv(8)
os._exit(int(code or b"1"))
"""
"""Stands where the launcher's child would: hands its pipes on, and ends as the forked child does."""


def serve(place: str) -> None:
    """Fork a child for each job that comes, one after the other, until the input closes."""
    for name in ("process.child", "spiders.govuk", "spiders.listing", "spiders.wordpress"):
        importlib.import_module(f"casereviews.crawler.{name}")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(place)
        door.listen()
        print("ready", flush=True)
        while True:
            asked, _ = door.accept()
            with asked:
                message, files, _, _ = socket.recv_fds(asked, 1 << 20, 3)
                pid = os.fork()
                if not pid:
                    os._exit(_crawl(json.loads(message), files))
                for one in files:
                    os.close(one)
                _, status = os.waitpid(pid, 0)
                with contextlib.suppress(OSError):
                    asked.send(str(os.waitstatus_to_exitcode(status) % 256).encode())


def _crawl(said: dict[str, Any], files: list[int]) -> int:
    from casereviews.crawler.process import child

    for number, one in enumerate(files):
        os.dup2(one, number)
        os.close(one)
    os.environ.clear()
    os.environ.update(said["environment"])
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (said["limit"], hard))
    try:
        return child.main([said["job"]])
    except BaseException as error:  # noqa: BLE001 - nothing of a fork may return to its parent
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        sys.stdout.flush()


@contextlib.contextmanager
def warm_children(folder: Path) -> Iterator[None]:
    """For the block, crawls of this process have forked children."""
    from casereviews.crawler.process import launcher

    place = str(folder / "door")
    real = launcher.subprocess

    def popen(command: list[str], **settings: Any) -> subprocess.Popen[str]:
        return subprocess.Popen([sys.executable, "-S", "-c", SHIM, place, command[-1]], **settings)

    stand_in = types.SimpleNamespace(**{**vars(real), "Popen": popen})
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.warm_child", place],
        stdin=subprocess.DEVNULL,
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            if process.stdout.readline() != "ready\n":
                raise RuntimeError("the process that loads Scrapy did not come up")
            launcher.subprocess = stand_in  # type: ignore[assignment]
            yield
        finally:
            launcher.subprocess = real
            process.kill()


if __name__ == "__main__":
    serve(sys.argv[1])
