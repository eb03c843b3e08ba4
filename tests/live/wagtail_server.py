"""A real Wagtail on loopback: a Python that has it (CASEREVIEWS_WAGTAIL_PYTHON), SQLite, Django's own server; all of it in one folder."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.search_cli.small_home import pdf

PYTHON = os.environ.get("CASEREVIEWS_WAGTAIL_PYTHON", "")
PAPERS = {
    "overview": "Overview report",
    "briefing": "Practitioner briefing",
    "response": "Response of the partnership",
    "report": "Annual report",
    "form": "Form",
}
WORDS = (  # noqa: SIM905
    """agencies records visits health school home parents workers meetings plans risks support listening
 questions injuries neglect decisions histories supervision thresholds assessments information curiosity
 relatives nurseries midwives police housing courts reviewers practice learning change time care"""
).split()


def missing() -> str:
    """What this machine lacks for a real Wagtail, "" when it has all."""
    if not PYTHON:
        return "CASEREVIEWS_WAGTAIL_PYTHON names no Python that has Wagtail (pip install wagtail)"
    done = subprocess.run([PYTHON, "-c", "import wagtail"], capture_output=True, check=False)
    return f"{PYTHON} has no Wagtail (pip install wagtail)" if done.returncode else ""


@dataclass(frozen=True)
class Wagtail:
    """The running site."""

    root: Path
    url: str
    log: Path

    def step(self, name: str) -> None:
        """What editors did: first, changed, replaced."""
        _manage(self.root, "night", name)

    def requests(self) -> list[tuple[str, str, int]]:
        """(method, path, status) of the requests so far."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        asked = [line.split('"') for line in lines if ' HTTP/1.1" ' in line]
        return [(*one[1].split(" ")[:2], int(one[2].split()[0])) for one in asked]  # type: ignore[misc]


@contextmanager
def wagtail(folder: Path) -> Iterator[Wagtail]:
    """Install and serve the board's site in `folder`; it is stopped at the end."""
    root = folder / "site"
    shutil.copytree(
        Path(__file__).parent / "wagtail_site", root, ignore=shutil.ignore_patterns("__pycache__")
    )
    _write_papers(root / "papers")
    _manage(root, "makemigrations", "board")
    _manage(root, "migrate")
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    log = folder / "access.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [PYTHON, "-u", "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=root,
            env=_surroundings(),
            stdout=out,
            stderr=out,
        )
        try:
            site = Wagtail(root, f"http://127.0.0.1:{port}", log)
            _wait_for(f"{site.url}/", server)
            yield site
        finally:
            server.terminate()
            server.wait(timeout=10)


def _surroundings() -> dict[str, str]:
    """This process's, without the path by which the tested code is found."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def _manage(root: Path, *words: str) -> None:
    done = subprocess.run(
        [PYTHON, "manage.py", *words],
        cwd=root,
        env=_surroundings(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout


def _write_papers(folder: Path) -> None:
    """Readable papers that name nobody and bear no date: what is known of them is what the pages say."""
    folder.mkdir()
    for name in (Path(__file__).parent / "wagtail_papers.txt").read_text("utf-8").split():
        role = next((title for word, title in PAPERS.items() if name.endswith(word)), "Report")
        chance = random.Random(name)
        lines = [" ".join(chance.choices(WORDS, k=11)).capitalize() + "." for _ in range(25)]
        (folder / f"{name}.pdf").write_bytes(pdf([[role, *lines], lines[::-1]]))


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(url, timeout=10).close()
            return
        except (urllib.error.URLError, ConnectionError):
            assert server.poll() is None, "Wagtail's server ended"
            assert time.monotonic() < deadline, "Wagtail's server did not start"
            time.sleep(0.1)
