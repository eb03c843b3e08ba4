"""Scrapy's own commands work from the project's folder: families are spiders, a source is an argument."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crawler.server import Answer, pdf, serving

ROOT = Path(__file__).parents[2]
ENTRY = """[[source]]
id = "made-up"
publisher = "Made-up Board"
nation = "England"
family = "listing"
scope = "child"
kind = "single-page"
status = "verified"
national = true
start_urls = ["{url}/reviews/"]
hosts = ["{host}"]
"""
PAGE = """<main><h1>Serious case reviews</h1><ul><li><a href="/f/heron.pdf">Child Heron overview report</a></li>
<li><a href="/f/news.pdf">Newsletter</a></li></ul></main>"""


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    if not (ROOT / "scrapy.cfg").is_file():
        pytest.skip("scrapy.cfg is not beside the tests: they run from an installed package")
    environment = {key: value for key, value in os.environ.items() if key != "CASEREVIEWS_CONTACT"}
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_scrapy_list_names_the_families() -> None:
    done = scrapy("list")
    assert done.stdout.split() == [
        "dhr_library", "govuk", "listing", "nspcc", "sar_library", "wordpress",
    ]  # fmt: skip


@pytest.mark.slow
def test_scrapy_crawl_reads_one_source_of_the_home_and_stores_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    out = tmp_path / "items.jsonl"
    with serving({"/reviews/": Answer(PAGE), "/f/heron.pdf": Answer(pdf("heron"))}) as site:
        (home / "sources.toml").write_text(ENTRY.format(url=site.url, host=site.host), "utf-8")
        done = scrapy(
            "crawl", "listing", "-a", "source=made-up", "-a", f"home={home}", "-O", str(out)
        )
        asked = site.paths()
    assert done.returncode == 0, done.stderr
    assert asked == ["/robots.txt", "/reviews/"]
    (page,) = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [one["link_text"] for one in page["said"]["sightings"]] == [
        "Child Heron overview report"
    ]
    assert [path.name for path in home.iterdir()] == ["sources.toml"]


def test_scrapy_crawl_of_an_unknown_source_says_how_to_list_them() -> None:
    done = scrapy("crawl", "listing", "-a", "source=nowhere")
    assert "there is no source 'nowhere': `casereviews sources list` shows them all" in done.stderr
