"""Fetching one address through the crawler: robots, delays, allowed hosts, limits and all."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from casereviews.repository.home import Home


def fetch_one(home: Home, aside: Home, url: str) -> str:
    """Crawl one address into the home `aside` and nothing that it links to; returns why nothing came, or "".

    The contact is that of `home`.
    """
    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.process.crawl import run_crawl
    from casereviews.crawler.sources.source import Source
    from casereviews.repository.lock import writing
    from casereviews.repository.record import Record
    from casereviews.search_cli.contact import contact_for
    from casereviews.search_cli.options import now

    source = Source(
        id="by-hand",
        publisher="Added by hand",
        nation=None,
        family="listing",
        start_urls=(url,),
        hosts=(urlsplit(url).netloc.lower(),),
        max_depth=0,
    )
    options = CrawlOptions(now=now(), max_depth=0)
    options = replace(options, contact=contact_for(home, [source], options))
    with writing(aside, "add"):
        with Record.open(aside, write=True) as record:
            run_id = record.begin_run("add", now())
            record.put_source(source.info)
        outcome = run_crawl(
            aside,
            [source],
            run_id=run_id,
            options=options,
            progress=lambda event: None,
        )["by-hand"]
    problems = [*outcome.start_errors, *outcome.errors, outcome.detail]
    return ", ".join(dict.fromkeys(problem for problem in problems if problem))
