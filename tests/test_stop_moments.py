"""Stops at moments of every kind: the home is sound after each, and the next run makes what an undisturbed one makes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.collection.changing.refreshing import Refreshed
from casereviews.collection.progress import Progress
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import CrawlEvent
from casereviews.crawler.sources import Source
from casereviews.index.search import open_index
from casereviews.repository.home import Home
from casereviews.repository.stopping import Stopped, Switch, stopping
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Route, Site, pdf
from tests.crawler.test_kills import briefing, state
from tests.sampling import every

NOW = "2027-03-01T02:00:00Z"
SEED = 13
MOMENTS = 30
SIGNALS = 6


def routes() -> dict[str, Route]:
    links = [(f"/reviews/b{n}/", f"Learning briefing: Child E{n}") for n in range(3)]
    links += [(f"/f/{n}.pdf", f"Child F{n} overview report") for n in range(2)]
    found: dict[str, Route] = {LIST: Answer(list_page(links))}
    for n in range(3):
        found[f"/reviews/b{n}/"] = Answer(briefing("E", n))
    for n in range(2):
        found[f"/f/{n}.pdf"] = Answer(pdf(f"barnmoor {n}"), media_type="application/pdf")
    return found


class Counting(Switch, Progress):
    """A switch that counts the steps that look at it and the events of the crawl, and stops the run at one of them."""

    def __init__(self, moment: int | None = None) -> None:
        super().__init__()
        self.moment = moment
        self.count = 0

    def _passed(self) -> None:
        self.count += 1
        if self.count == self.moment:
            self.ask("stopped")

    def check(self) -> None:
        self._passed()
        super().check()

    def crawl(self, event: CrawlEvent) -> None:
        self._passed()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    running = Site(routes())
    yield running
    running.close()


def night(home: Home, site: Site, moment: int | None = None) -> tuple[Refreshed | None, Counting]:
    """A whole refresh, stopped at a moment; None when it was stopped before it had begun."""
    source = Source("barnmoor", "Barnmoor", "England", "listing", (site.url + LIST,), (site.host,))
    switch = Counting(moment)
    with stopping(switch=switch), Collection(home) as collection, suppress(Stopped):
        options = CrawlOptions(delay=0.01, now=NOW)
        return collection.refresh_from([source], options, progress=switch), switch
    return None, switch


def wrong(home: Home) -> list[str]:
    """What `doctor` finds wrong; that the index does not stand where the record does is no damage, and the next run's work."""
    with Collection(home) as collection:
        return [
            f"{one.check}: {one.detail}"
            for one in collection.doctor(deep=True)
            if one.state == "wrong" and not (one.check == "index" and "refresh" in one.detail)
        ]


def indexed(home: Home) -> set[str]:
    with open_index(home.index, home.id) as searcher:
        return set(searcher.all_ids())


def whole(home: Home) -> dict[str, Any]:
    return {**state(home), "indexed": indexed(home)}


@pytest.fixture(scope="module")
def undisturbed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], int]:
    home = Home(tmp_path_factory.mktemp("whole") / "home")
    done, switch = night(home, site)
    assert done is not None
    assert not done.report.stopped
    assert len(indexed(home)) == 5
    return whole(home), switch.count


@pytest.mark.slow
@pytest.mark.parametrize("number", every(4, range(MOMENTS)))
def test_a_night_that_is_stopped_at_any_step_is_completed_by_the_next(
    number: int, site: Site, undisturbed: tuple[dict[str, Any], int], tmp_path: Path
) -> None:
    made, steps = undisturbed
    moment = 1 + random.Random(SEED).sample(range(steps), min(steps, MOMENTS))[number % steps]
    home = Home(tmp_path / "home")
    stopped, switch = night(home, site, moment)
    assert switch.why == "stopped"
    if stopped is not None and stopped.report.stopped:
        assert stopped.built is None
        assert "It was stopped; the next run goes on." in (home.reports / "latest.txt").read_text()
    if home.record_db.exists():
        assert wrong(home) == []
    done, _ = night(home, site)
    assert done is not None
    assert not done.report.stopped
    assert whole(home) == made
    assert wrong(home) == []


SCRIPT = """
import sys
from pathlib import Path
from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home

def main():
    url = sys.argv[2]
    source = Source("barnmoor", "Barnmoor", "England", "listing", (url + "LIST",), (url.removeprefix("http://"),))
    options = CrawlOptions(delay=0.01, now="2027-03-01T02:00:00Z")
    print("begun", flush=True)
    done = Collection(Home(Path(sys.argv[1]))).refresh_from([source], options)
    sys.exit(7 if done.why_stopped else 0)

if __name__ == "__main__":
    main()
""".replace("LIST", LIST)


@pytest.mark.slow
@pytest.mark.parametrize("number", every(3, range(SIGNALS)))
def test_a_night_that_a_signal_stops_is_completed_by_the_next(
    number: int, site: Site, undisturbed: tuple[dict[str, Any], int], tmp_path: Path
) -> None:
    script = tmp_path / "night.py"
    script.write_text(SCRIPT)
    moments = random.Random(SEED + number)
    home = Home(tmp_path / "home")
    run = subprocess.Popen(
        [sys.executable, str(script), str(home.root), site.url],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert run.stdout is not None
    assert run.stdout.readline() == b"begun\n"
    try:
        run.wait(moments.uniform(0.0, 6.0))
    except subprocess.TimeoutExpired:
        run.send_signal(moments.choice([signal.SIGTERM, signal.SIGINT]))
    run.communicate()
    # As it went; told as stopped; ended at once, because something took too long; or before anything of ours ran.
    assert run.returncode in (0, 7, 1, 3, 130, -signal.SIGTERM)
    if home.record_db.exists():
        assert wrong(home) == []
    night(home, site)
    assert whole(home) == undisturbed[0]
