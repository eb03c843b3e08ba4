"""Twenty kills at random moments of refreshes: what is there in the end is what an undisturbed run makes."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from casereviews.crawler.spiders.memory import FILE_NAME
from casereviews.repository.home import Home
from casereviews.repository.published_documents import published_documents
from casereviews.repository.record import Record
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Route, Site

KILLS = 20
SEED = 3
SCRIPT = """
import sys
from pathlib import Path
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import refresh
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.lock import writing

def main():
    home = Home(Path(sys.argv[1])).create()
    sources = [
        Source(name, name, "England", "listing", (url + "{list}",), (url.removeprefix("http://"),))
        for name, url in (pair.split("=") for pair in sys.argv[2:])
    ]
    now = "2027-03-01T02:00:00Z"
    with writing(home, "refresh"):
        refresh(home, sources=sources, options=CrawlOptions(delay=0.01, now=now), now=lambda: now,
                progress=lambda _: None, step=lambda *_: None)

if __name__ == "__main__":
    main()
""".replace("{list}", LIST)


def briefing(name: str, number: int) -> str:
    return (
        f"<main><h1>Learning briefing: Child {name}{number}</h1><p>Published {number + 1} March 2021</p>"
        + "<p>This made-up briefing tells what agencies learned about working together with a family in difficulty. </p>"
        * 9
        + f"<p>The child was aged {number + 2} years and lived with both parents.</p></main>"
    )


def routes(name: str) -> dict[str, Route]:
    links = [(f"/reviews/b{n}/", f"Learning briefing: Child {name}{n}") for n in range(8)]
    found: dict[str, Route] = {LIST: Answer(list_page(links))}
    for n, (path, _) in enumerate(links):
        found[path] = Answer(briefing(name, n))
    return found


def state(home: Home) -> dict[str, Any]:
    """Everything that must not depend on kills: ids, versions, facts, groups and texts."""
    with Record.open(home) as record:
        documents = record.documents()
        kept = {
            one.id: (
                one.file_url,
                one.sha256,
                one.availability,
                [
                    (version.number, version.sha256, version.text_sha256)
                    for version in record.versions(one.id)
                ],
            )
            for one in documents
        }
    shown = {
        one.document_id: (one.review_id, dict(one.fields), [page.text for page in one.pages])
        for one in published_documents(home)
    }
    return {"documents": kept, "published": shown}


def start(script: Path, home: Path, sites: dict[str, Site]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [
            sys.executable,
            str(script),
            str(home),
            *(f"{name}={site.url}" for name, site in sites.items()),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        start_new_session=True,
    )


@pytest.mark.slow
def test_a_page_that_is_remembered_but_was_never_recorded_is_asked_for_again(
    tmp_path: Path,
) -> None:
    script = tmp_path / "night.py"
    script.write_text(SCRIPT)
    sites = {"a": Site(routes("A"))}
    whole, killed = Home(tmp_path / "whole"), Home(tmp_path / "killed")
    try:
        assert start(script, whole.root, sites).wait() == 0
        # As a kill leaves it between the two: the memory knows all pages, the record none.
        killed.create()
        shutil.copy(whole.root / FILE_NAME, killed.root / FILE_NAME)
        assert start(script, killed.root, sites).wait() == 0
    finally:
        sites["a"].close()
    assert len(state(whole)["published"]) == 8
    assert state(killed) == state(whole)


@pytest.mark.slow
def test_twenty_kills_leave_what_an_undisturbed_run_makes(tmp_path: Path) -> None:
    script = tmp_path / "night.py"
    script.write_text(SCRIPT)
    sites = {name: Site(routes(name.upper()), pause=0.03) for name in ("a", "b")}
    try:
        begun = time.monotonic()
        assert start(script, tmp_path / "whole", sites).wait() == 0
        length = time.monotonic() - begun
        moments = random.Random(SEED)
        killed = 0
        while killed < KILLS:
            run = start(script, tmp_path / "killed", sites)
            try:
                run.wait(moments.uniform(0.1, length))
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
                killed += 1
            run.wait()
        assert start(script, tmp_path / "killed", sites).wait() == 0
    finally:
        for site in sites.values():
            site.close()
    whole = state(Home(tmp_path / "whole"))
    assert len(whole["published"]) == 16
    assert state(Home(tmp_path / "killed")) == whole
