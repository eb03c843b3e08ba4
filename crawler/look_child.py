"""The child of `crawler.look`: crawls sources one after the other, tells what their pages say, records nothing."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.utils.project import get_project_settings

from crawler.job import Job, read_job
from crawler.parsing.page import Page
from crawler.parsing.parsed import Parsed
from crawler.parsing.saying import say
from crawler.session import Session
from crawler.sources.source import Source
from crawler.spiders.base import SourceSpider


class OnePageSpider(SourceSpider):
    """Tells one page as it came; for `sources probe`."""

    name = "one_page"

    def read_page(self, page: Page) -> Parsed:
        tell(
            {
                "event": "text",
                "url": page.url,
                "text": page.text,
                "status": page.status,
                "headers": dict(page.headers),
            }
        )
        return Parsed()


def run(job: Job) -> None:
    """Look at the job's sources in this process, which can do so once."""
    if job.options.ca_bundle:
        os.environ["SSL_CERT_FILE"] = job.options.ca_bundle
    session = Session.begin(job.sources, job.options)
    process = AsyncCrawlerProcess(get_project_settings())
    # Importable only once the process has installed it.
    from twisted.internet import reactor as installed

    reactor: Any = installed

    async def look_at_all() -> None:
        try:
            for source in job.sources:
                await _look_at(process, source, session)
        finally:
            reactor.stop()

    reactor.callWhenRunning(lambda: asyncio.ensure_future(look_at_all()))
    process.start(stop_after_crawl=False, install_signal_handlers=False)
    session.close()


async def _look_at(process: AsyncCrawlerProcess, source: Source, session: Session) -> None:
    if source.family == OnePageSpider.name:
        spider_class: type[Any] = OnePageSpider
    else:
        spider_class = process.spider_loader.load(source.family)
    crawler = Crawler(spider_class, process.settings.copy())

    def scraped(item: Any) -> None:
        _tell_item(source.id, item)

    crawler.signals.connect(scraped, signal=signals.item_scraped)
    await process.crawl(crawler, source=source, session=session)
    if isinstance(crawler.spider, SourceSpider):
        tell(
            {
                "event": "done",
                "source": source.id,
                "outcome": crawler.spider.tally.outcome().as_json(),
            }
        )


def _tell_item(source_id: str, item: Mapping[str, Any]) -> None:
    if "page" in item:
        parsed: Parsed = item["said"]
        tell(
            {
                "event": "page",
                "source": source_id,
                "url": item["page"],
                "parsed": say(parsed),
                "left": [list(left) for left in parsed.left_links],
            }
        )
    elif "in_vain" in item:
        fetch = item["in_vain"]
        tell({"event": "in_vain", "source": source_id, "url": fetch.url, "error": fetch.error})


def tell(event: Mapping[str, Any]) -> None:
    """One line for the parent."""
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(read_job(Path(sys.argv[1])))
