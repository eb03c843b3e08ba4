"""What comes and cannot be kept ends its source and says why."""

from __future__ import annotations

from pathlib import Path

from casereviews.crawler.health import judge
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.server import Answer, Route, Site, pdf, serving

NOW = "2027-03-01T02:00:00Z"
LIST = "<main><h1>Serious case reviews</h1><ul>{}</ul></main>"


def routes(name: str, count: int) -> dict[str, Route]:
    items = "".join(
        f'<li><a href="/{n}.pdf">Child A{n} overview report</a></li>' for n in range(count)
    )
    found: dict[str, Route] = {"/reviews/": Answer(LIST.format(items))}
    for number in range(count):
        body = pdf(f"{name} {number}")
        found[f"/{number}.pdf"] = Answer(body, media_type="application/pdf")
    return found


def source(name: str, site: Site) -> Source:
    return Source(name, name, "England", "listing", (f"{site.url}/reviews/",), (site.host,))


def test_a_file_that_cannot_be_kept_ends_its_source_with_the_reason(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    # A place that takes no file, for root neither: a file stands where the archive's folder should be.
    if home.archive.is_dir():
        home.archive.rmdir()
    home.archive.write_text("in the way", "utf-8")
    with serving(routes("a", 30)) as site:
        wanted = [source("a", site)]
        with Record.open(home, write=True) as record:
            run = record.begin_run("refresh", NOW)
            record.put_source(wanted[0].info)
        told = run_crawl(
            home, wanted, run_id=run, options=CrawlOptions(now=NOW), progress=lambda _: None
        )["a"]
        asked = site.paths()
    result, reason = judge(told)
    assert (told.ended, told.complete, told.sighted, told.files_new) == ("crashed", False, 30, 0)
    assert result == "broken"
    assert reason.startswith("cannot keep a file of ")
    assert reason.endswith(": make room on the disk and run again")
    # It does not go on to ask for files that cannot be kept either.
    assert len(asked) < 15
