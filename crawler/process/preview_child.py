"""The child of `casereviews.crawler.process.preview`: crawls sources, tells what their pages say, records nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.utils.project import get_project_settings

from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.parsing.remembered import say
from casereviews.crawler.process.child import Night, run_reactor, tell
from casereviews.crawler.process.job import Job, read_job
from casereviews.crawler.process.session import Session
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.base import SourceSpider


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


class Look(Night):
    """Looks at many sources as a night crawls them: hosts in parallel, never two sources of one host at once."""

    async def _crawl(self, source: Source) -> None:
        outcome = CrawlOutcome(source.id, ended="crashed")
        try:
            if source.family == OnePageSpider.name:
                spider_class: type[Any] = OnePageSpider
            else:
                spider_class = self.process.spider_loader.load(source.family)
            crawler = Crawler(spider_class, self.process.settings.copy())

            def scraped(item: Any) -> None:
                _tell_item(source.id, item)

            crawler.signals.connect(scraped, signal=signals.item_scraped)
            await self.process.crawl(crawler, source=source, session=self.session)
            if isinstance(crawler.spider, SourceSpider):
                outcome = crawler.spider.tally.outcome()
        except Exception as error:  # noqa: BLE001 - one source's edge: the others are looked at
            outcome = replace(outcome, detail=f"{type(error).__name__}: {error}")
        tell({"event": "done", "source": source.id, "outcome": outcome.as_json()})


def run(job: Job) -> None:
    """Look at the job's sources in this process, which can do so once."""
    if job.options.ca_bundle:
        os.environ["SSL_CERT_FILE"] = job.options.ca_bundle
    session = Session.begin(job.sources, job.options)
    process = AsyncCrawlerProcess(get_project_settings())
    run_reactor(Look(job, session, process), process)
    session.close()


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


if __name__ == "__main__":
    run(read_job(Path(sys.argv[1])))
