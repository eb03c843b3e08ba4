"""Files of the working directory never stand in for modules in our child processes, whatever they are called."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.faults import LIST, healthy
from tests.crawler.server import serving

pytestmark = pytest.mark.slow

NAMES = (
    "bs4", "casereviews", "collection", "crawler", "demo", "index", "json", "lxml", "msgspec", "multiprocessing", "pebble",
    "repository", "scrapy", "search_cli", "selectors", "signal", "socket", "sqlalchemy", "struct", "twisted", "whoosh",
)  # fmt: skip
TRAP = "from pathlib import Path\nPath(__file__).with_suffix('.ran').touch()\nraise SystemExit('run')\n"

CRAWL = """
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.process.preview import preview
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record

def main(place, url):
    home, at = Home(place / "home").create(), "2027-03-01T02:00:00Z"
    source = Source("a", "a", "England", "listing", (url + "/reviews/",), (url.removeprefix("http://"),))
    with Record.open(home, write=True) as record:
        run = record.begin_run("refresh", at)
        record.put_source(source.info)
    outcomes = run_crawl(home, [source], run_id=run, options=CrawlOptions(now=at), progress=lambda _: None)
    ended = [event["outcome"]["ended"] for event in preview([source], CrawlOptions(now=at)) if event["event"] == "done"]
    print(outcomes["a"].ended, outcomes["a"].files_new, *ended)
"""
READING = """
from casereviews.repository.reading import ReadJob, read_files

def main(place, url):
    page = place / "page.html"
    page.write_text("<main><p>A made-up report.</p></main>")
    (reading,) = read_files([ReadJob("a" * 64, page, "text/html")], workers=2)
    print(reading.status, [page.text for page in reading.pages], reading.detail)
"""
DESCRIBING = """
from casereviews.repository.processing.describing_children import FEW
from tests.repository.test_describing_processes import described, job

def main(place, url):
    found = described([job(name) for name in "abc"], FEW + 1)
    print(sorted(found), {one.error for one in found.values()})
"""
INDEX = """
import casereviews.index.build as b, casereviews.index.storage.crew as c
from tests.index.made import HOME, document

def main(place, url):
    b.SEGMENT_WORDS, b.PARALLEL_FROM, c.BATCH = 60, 20, 80
    documents = (document(f"d{n}", f"number {n} of many words here") for n in range(60))
    built = b.build(place / "index", HOME, documents, revision=2, processes=2)
    print(built.documents, built.words)
"""
ENDING = """
if __name__ == "__main__":
    import sys
    from pathlib import Path
    main(Path(sys.argv[1]), sys.argv[2])
"""


@pytest.mark.parametrize(
    ("script", "says"),
    [
        pytest.param(CRAWL, "finished 3 finished", marks=pytest.mark.slow),
        (READING, "ok ['A made-up report.']"),
        (DESCRIBING, "['a', 'b', 'c'] {None}"),
        (INDEX, "60 360"),
    ],
    ids=["crawl and preview", "reading", "describing", "index"],
)
def test_a_file_of_the_working_directory_is_never_run(
    script: str, says: str, tmp_path: Path
) -> None:
    trap, elsewhere = tmp_path / "trap", tmp_path / "elsewhere"
    trap.mkdir()
    elsewhere.mkdir()
    for name in NAMES:
        (trap / f"{name}.py").write_text(TRAP, "utf-8")
    at = elsewhere / "script.py"
    at.write_text(script + ENDING, "utf-8")
    with serving(dict(healthy("a"))) as site:
        assert LIST == "/reviews/"
        done = subprocess.run(
            [sys.executable, str(at), str(elsewhere), site.url],
            cwd=trap,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert sorted(path.name for path in trap.glob("*.ran")) == []
    assert done.stdout.strip() == says, done.stderr
