"""Fetching one address through the crawler: robots, delays, allowed hosts, limits and all."""

from __future__ import annotations

from urllib.parse import urlsplit

from casereviews.collection.clock import now
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.record import Record

BY_HAND = "by-hand"


def source_of(url: str) -> Source:
    """An entry for one address that no registry holds."""
    return Source(
        id=BY_HAND,
        publisher="Added by hand",
        nation=None,
        family="listing",
        start_urls=(url,),
        hosts=(urlsplit(url).netloc.lower(),),
        max_depth=0,
    )


def fetch_one(aside: Home, source: Source, contact: str | None) -> str:
    """Crawl the address of a source into the home `aside` and nothing that it links to; returns why nothing came, or ""."""
    options = CrawlOptions(now=now(), max_depth=0, contact=contact)
    with writing(aside, "add"):
        with Record.open(aside, write=True) as record:
            run_id = record.begin_run("add", now())
            record.put_source(source.info)
        outcome = run_crawl(
            aside, [source], run_id=run_id, options=options, progress=lambda event: None
        )[source.id]
    problems = [*outcome.start_errors, *outcome.errors, outcome.detail]
    return ", ".join(dict.fromkeys(problem for problem in problems if problem))
