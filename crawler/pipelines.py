"""Records what the spiders yield; the spiders never touch the record's tables."""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

from casereviews.crawler.parsing.html import sniff
from casereviews.crawler.parsing.html.content import content_text
from casereviews.crawler.parsing.html.decoding import decode
from casereviews.crawler.spiders.base import SourceSpider
from casereviews.crawler.spiders.items import AskedInVain, FileArrived, PageRead, UnlistedAsked
from casereviews.repository.errors import FileLost
from casereviews.repository.record import Record


class RecordPipeline:
    """One item, one transaction of the record; without a record it only counts."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RecordPipeline:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.not_recorded, signal=signals.item_error)
        return pipeline

    def not_recorded(self, failure: Any) -> None:
        """What came could not be kept (a full disk): Scrapy only logs it, we end the source and say why."""
        if self.spider.tally.crash:
            return
        self.spider.tally.crash = str(failure.value) or type(failure.value).__name__
        # Asking on would cost the site requests for files that cannot be kept either.
        assert self.crawler.engine is not None
        self._closing = asyncio.ensure_future(
            self.crawler.engine.close_spider_async(reason="not_recorded")
        )

    @property
    def spider(self) -> SourceSpider:
        assert isinstance(self.crawler.spider, SourceSpider)
        return self.crawler.spider

    def process_item(self, item: Any) -> Any:
        if isinstance(item, PageRead):
            return self._page(item)
        if isinstance(item, FileArrived):
            return self._file(item)
        if isinstance(item, UnlistedAsked):
            return self._unlisted(item)
        assert isinstance(item, AskedInVain)
        return self._in_vain(item)

    def _page(self, item: PageRead) -> dict[str, Any]:
        session, spider = self.spider.session, self.spider
        if item.fetch is not None:
            spider.tally.counts["received"] += item.fetch.size or 0
        if session.record is not None:
            if item.fetch is not None:
                session.record.record_fetch(session.run_id, item.fetch)
            if item.parsed.sighted:
                session.record.record_sightings(
                    session.run_id,
                    spider.source.id,
                    list(item.parsed.sighted),
                    page_url=item.asked,
                )
        if session.record is None:
            self._report("page", url=item.asked, parsed=item.parsed)
        elif item.fetch is not None:
            self._report("page", url=item.asked, sighted=len(item.parsed.sighted))
        return {"page": item.asked, "said": item.parsed}

    def _file(self, item: FileArrived) -> dict[str, Any]:
        session, tally = self.spider.session, self.spider.tally
        tally.counts["received"] += len(item.body or b"")
        result = "same" if item.body is None else "new"
        if session.record is not None:
            # The file first: a kill in between then asks once more instead of believing that it is kept.
            if item.body is not None:
                result = self._store(session.record, item, item.body)
            session.record.record_fetch(session.run_id, item.fetch)
        tally.counts[f"files_{result}"] += 1
        self._report("file", url=item.fetch.url, result=result)
        return {"file": item.fetch, "sighting": item.sighting, "result": result}

    def _store(self, record: Record, item: FileArrived, body: bytes) -> str:
        """Store a file: as another's where that is a page with the same text, and one names the other as its canonical address."""
        url = item.sighting.file_url or item.fetch.url
        source_id, at = self.spider.source.id, item.fetch.fetched_at
        for other, evidence in item.twins:
            if evidence == "canonical" and self._says_the_same(record, other, body):
                record.link_addresses(source_id, other, [url], evidence, at)
        stored = record.store_file(self.spider.session.run_id, item.sighting, item.fetch, body)
        for other, evidence in item.twins:
            if evidence == "shortlink":
                record.link_addresses(source_id, url, [other], evidence, at)
        return stored.result

    def _says_the_same(self, record: Record, url: str, body: bytes) -> bool:
        """True when the document at an address holds a page with the text of this one."""
        held = record.document_at(self.spider.source.id, url)
        if held is None or held.sha256 is None or held.media_type != sniff.HTML:
            return False
        try:
            return _words(record.archive.read(held.sha256)) == _words(body)
        except FileLost:
            return False

    def _unlisted(self, item: UnlistedAsked) -> dict[str, Any]:
        session, tally = self.spider.session, self.spider.tally
        tally.counts["unlisted_asked"] += 1
        if session.record is not None:
            session.record.record_fetch(session.run_id, item.fetch)
        return {"unlisted": item.fetch}

    def _in_vain(self, item: AskedInVain) -> dict[str, Any]:
        session, tally = self.spider.session, self.spider.tally
        tally.errors[item.fetch.error or "odd"] += 1
        if session.record is not None:
            session.record.record_fetch(session.run_id, item.fetch)
        self._report("in_vain", url=item.fetch.url, error=item.fetch.error)
        return {"in_vain": item.fetch}

    def _report(self, event: str, **said: Any) -> None:
        self.spider.session.progress({"event": event, "source": self.spider.source.id, **said})


def _words(body: bytes) -> str:
    return content_text(decode(body))
