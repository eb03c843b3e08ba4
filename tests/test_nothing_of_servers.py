"""A home in its folder loads nothing of what speaks to servers: no verb, and no child process of one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from tests.crawler.faults import LIST
from tests.crawler.server import Site
from tests.search_cli.small_home import NOW
from tests.test_stop_moments import routes

ROOT = Path(__file__).parent.parent
LIBRARIES = ("opensearchpy", "psycopg", "boto3", "botocore")
# Of every Python that is started, children too.
WATCH = f"""
import importlib.abc, os, sys
class Watch(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in {LIBRARIES!r} or name.startswith("casereviews.index.opensearch"):
            with open(os.environ["WATCHED"], "a", encoding="utf-8") as told:
                print(name, os.path.basename(sys.argv[0]) if hasattr(sys, "argv") else "", file=told)
sys.meta_path.insert(0, Watch())
"""
REFRESH = """
import sys
from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources import Source
home, url, host = sys.argv[1:]
source = Source("barnmoor", "Barnmoor", "England", "listing", (url,), (host,))
with Collection(home) as collection:
    done = collection.refresh_from([source], CrawlOptions(delay=0.01))
    (night,) = done.report.sources
    assert night.result == "ok", night
    assert done.built is not None
"""


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is told what was loaded."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "watch"), *filter(None, sys.path)])
    monkeypatch.setenv("PYTHONPATH", path)
    monkeypatch.setenv("CASEREVIEWS_NOW", NOW)
    monkeypatch.setenv("WATCHED", str(tmp_path / "loaded.txt"))
    return tmp_path / "loaded.txt"


def run(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        input="A baby died on a sofa beside a parent.\n" * (words[-2:] == ("similar", "--json")),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_watch_sees_what_is_loaded(watched: Path) -> None:
    run("-c", "import botocore")
    assert watched.read_text(encoding="utf-8").startswith("botocore")


@pytest.mark.parametrize(
    "words",
    [
        ("search", "unsafe sleep"),
        ("similar", "--json"),
        ("stats", "--by", "year"),
        ("export", "--jsonl"),
        ("status",),
        ("doctor", "--deep"),
        ("rebuild",),
    ],
    ids=lambda words: words[0],
)
def test_no_verb_loads_any_of_it(
    watched: Path, built: Home, tmp_path: Path, words: tuple[str, ...]
) -> None:
    shutil.copytree(built.root, tmp_path / "home")
    run("-m", "casereviews.search_cli.main", "--home", str(tmp_path / "home"), *words)
    assert not watched.exists(), watched.read_text(encoding="utf-8")


def test_showing_and_withdrawing_load_none_of_it(
    watched: Path, built: Home, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(built.root, home)
    program = ("-m", "casereviews.search_cli.main", "--home", str(home))
    found = run(*program, "search", "unsafe sleep", "--csv").splitlines()
    review = found[1].split(",")[found[0].lstrip("\ufeff").split(",").index("review_id")]
    run(*program, "show", review)
    run(*program, "withdraw", review, "--reason", "x", "--yes")
    assert not watched.exists(), watched.read_text(encoding="utf-8")


def test_a_night_loads_none_of_it_in_any_of_its_processes(watched: Path, tmp_path: Path) -> None:
    site = Site(routes())
    try:
        run("-c", REFRESH, str(tmp_path / "home"), site.url + LIST, site.host)
    finally:
        site.close()
    assert site.asked
    assert not watched.exists(), watched.read_text(encoding="utf-8")
