"""A home on a small disk that fills up during a refresh: a clear error, nothing damaged, and the next run goes on."""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.server import Answer, Route, Site, serving

pytestmark = pytest.mark.live
FILES = 40
FILE_BYTES = 250_000
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


def routes() -> dict[str, Route]:
    chance = random.Random(5)
    items = "".join(
        f'<li><a href="/f/{n}.pdf">Child A{n} overview report</a></li>' for n in range(FILES)
    )
    found: dict[str, Route] = {
        "/reviews/": Answer(f"<main><h1>Serious case reviews</h1><ul>{items}</ul></main>")
    }
    for number in range(FILES):
        body = b"%PDF-1.4\n" + chance.randbytes(FILE_BYTES) + b"\n%%EOF\n"
        found[f"/f/{number}.pdf"] = Answer(body, media_type="application/pdf")
    return found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of five megabytes in memory."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def casereviews(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "casereviews.search_cli.main", "--home", str(home), *arguments],
        env={**os.environ, "CASEREVIEWS_NOW": "2026-03-01T02:00:00Z"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def begin(place: Path, site: Site) -> Path:
    root = place / "home"
    root.mkdir()
    (root / "sources.toml").write_text(ENTRY.format(url=site.url, host=site.host), "utf-8")
    return root


def test_a_full_disk_is_told_damages_nothing_and_the_next_run_goes_on(
    small_disk: Path, tmp_path: Path
) -> None:
    with serving(routes()) as site:
        root = begin(small_disk, site)
        full = casereviews(root, "refresh", "--source", "made-up", "--delay", "0.01")
        whole_after_full = [sound(path) for path in root.glob("*.db")]
        kept = check_archive(root)
        subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
        again = casereviews(root, "refresh", "--source", "made-up", "--delay", "0.01")
        other = begin(tmp_path, site)
        undisturbed = casereviews(other, "refresh", "--source", "made-up", "--delay", "0.01")

    assert full.returncode == 3, full.stderr
    assert "the disk is full: free some space and run the same command again" in full.stderr
    assert "Traceback" not in full.stderr
    assert 0 < kept < FILES
    assert set(whole_after_full) == {"ok"}
    assert again.returncode == undisturbed.returncode
    assert check_archive(root) == FILES
    assert documents(root) == documents(other)


def sound(path: Path) -> str:
    with sqlite3.connect(path) as database:
        told = str(database.execute("PRAGMA integrity_check").fetchone()[0])
    database.close()
    return told


def check_archive(root: Path) -> int:
    """How many files the archive holds; each must be the one that its name says."""
    files = [path for path in (root / "archive").rglob("*") if path.is_file()]
    for path in files:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name
    return len(files)


def documents(root: Path) -> list[tuple[str, str | None, str | None]]:
    with Record.open(Home(root)) as record:
        return sorted((one.id, one.file_url, one.sha256) for one in record.documents())
