"""How a source is asked: bounds, what is due, and the cheapest question that tells whether something changed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from casereviews.crawler.errors import UnknownSource
from casereviews.crawler.network.fetching import fetch_of
from casereviews.crawler.network.guards import allowed_host
from casereviews.crawler.network.manners import (
    contact_of,
    delay_for,
    require_contact,
    user_agent,
)
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import Tally
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import unsay
from casereviews.crawler.process.session import Session
from casereviews.crawler.sources import load_sources
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.items import AskedInVain, FileArrived, PageRead
from casereviews.crawler.spiders.memory import PageMemory
from casereviews.crawler.spiders.schedule import is_due, size_tells
from casereviews.repository.home import Home
from casereviews.repository.identity import canonical
from casereviews.repository.model import Sighting

Output = Request | PageRead | FileArrived | AskedInVain

PRIORITY = {"list": 300, "next": 300, "detail": 200, "file": 100}
"""Lists before reviews before files: when time runs out, what is listed is known."""


class Asking(Spider):
    """Asks for the pages and files of one source; what comes in is its heirs' to read."""

    reads_statuses: ClassVar[frozenset[int]] = frozenset()
    # Everything but redirects comes to our own callbacks, which name it.
    handle_httpstatus_list: ClassVar[list[int]] = [304, *range(400, 600)]

    def __init__(
        self,
        source: Source | str = "",
        session: Session | None = None,
        home: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        place = home or os.environ.get("CASEREVIEWS_HOME", "")
        its_home = Home(Path(place)) if place else None
        self.source = source if isinstance(source, Source) else _entry(source, its_home)
        if session is None:
            options = CrawlOptions(contact=contact_of(its_home), store=False)
            require_contact([self.source], options)
            session = Session.begin([self.source], options)
        self.session = session
        self.tally = Tally(self.source.id)
        self.asked: set[str] = set()
        self.pages_asked = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = cls(*args, **kwargs)
        spider._set_crawler(crawler)
        crawler.settings.setdict(spider.settings_of_source(), priority="spider")
        crawler.signals.connect(spider._failed, signal=signals.spider_error)
        return spider

    def settings_of_source(self) -> dict[str, Any]:
        """The settings that depend on the run and the source."""
        options = self.session.options
        delay = delay_for(self.source, options, self.session.policy)
        return {
            "USER_AGENT": user_agent(options.contact),
            "DOWNLOAD_DELAY": delay,
            "AUTOTHROTTLE_START_DELAY": delay,
            "DOWNLOAD_TIMEOUT": options.page_timeout,
            "DOWNLOAD_MAXSIZE": options.page_bytes,
            "SLOW_AFTER": options.slow_after,
            "SLOW_RATE": options.slow_rate,
            "CLOSESPIDER_TIMEOUT": options.seconds_per_source,
        }

    def go_to(self, link: Link, *, depth: int, start: bool = False) -> Iterator[Output]:
        """Ask for the target of `link`, or tell again what it said when it is not due."""
        key = canonical(link.url, same_as=self.source.same_as)
        if key in self.asked or not self._within_bounds(link, depth, start):
            return
        self.asked.add(key)
        memory = self.session.memory.page(self.source.id, link.url)
        if memory and self._owes_itself(memory):
            memory = None
        if memory is None and (
            link.role == "file" or (link.role == "detail" and self._is_kept(link.url))
        ):
            yield from self._ask_file(link, depth)
            return
        if link.role in ("detail", "file") and memory and not start and not self._due(memory):
            self.tally.counts["pages_not_due"] += 1
            yield from self._tell(link, depth, PageRead(link.url, None, unsay(memory.said), True))
            return
        if self.pages_asked >= self.source.max_pages:
            self.tally.incomplete.add(f"more than {self.source.max_pages} pages (max_pages)")
            return
        self.pages_asked += 1
        yield self._request(link, depth, start, self.on_page, _validators(memory))

    def _within_bounds(self, link: Link, depth: int, start: bool) -> bool:
        if not allowed_host(link.url, self.source.hosts):
            if start:
                self.tally.start_errors.append("off_site")
            self.tally.left_alone["off_site"] += 1
            return False
        limit = self.session.options.max_depth
        if depth > (self.source.max_depth if limit is None else min(limit, self.source.max_depth)):
            self.tally.left_alone["depth"] += 1
            return False
        return True

    def _due(self, memory: PageMemory) -> bool:
        return self.session.options.recheck_all or is_due(
            first_seen=memory.first_seen,
            checked_at=memory.checked_at,
            now=self.session.now(),
            key=memory.url,
        )

    def _request(
        self,
        link: Link,
        depth: int,
        start: bool,
        callback: Any,
        headers: dict[str, str],
        method: str = "GET",
    ) -> Request:
        options = self.session.options
        is_file = callback == self.on_file
        return Request(
            link.url,
            method=method,
            callback=callback,
            errback=self.on_failure,
            headers=headers,
            priority=PRIORITY[link.role],
            dont_filter=True,  # `asked` is our own filter; Scrapy's would merge addresses that differ in a fragment
            meta={
                "link": link,
                "depth": depth,
                "start": start,
                "asked": link.url,
                "download_timeout": options.file_timeout if is_file else options.page_timeout,
                # A detail link may turn out to be the report itself.
                "download_maxsize": options.file_bytes
                if is_file or link.role == "detail"
                else options.page_bytes,
            },
        )

    def _ask_file(self, link: Link, depth: int) -> Iterator[Output]:
        """Ask for a file in the cheapest way that tells whether it changed, or not at all when it is not due."""
        if not self.session.options.store:
            return
        record = self.session.record
        state = record.url_state(link.url) if record is not None else None
        headers: dict[str, str] = {}
        method = "GET"
        if state is not None:
            now = self.session.now()
            if not self.session.options.recheck_all and not is_due(
                first_seen=state.first_seen, checked_at=state.checked_at, now=now, key=link.url
            ):
                self.tally.counts["files_not_due"] += 1
                if state.sha256 and link.sighting:
                    yield self._sight_again(link.sighting)
                return
            if state.sha256 and (state.etag or state.last_modified):
                headers = _conditions(state.etag, state.last_modified)
            elif state.sha256 and size_tells(first_seen=state.first_seen, now=now):
                method = "HEAD"
        request = self._request(link, depth, False, self.on_file, headers, method)
        request.meta["sha256"] = state.sha256 if state is not None else None
        yield request

    def _owes_itself(self, memory: PageMemory) -> bool:
        """True when a page is a publication itself and the record lacks it: a run was killed between the two."""
        if self.session.record is None or self._is_kept(memory.url):
            return False
        parsed = unsay(memory.said)
        itself = (memory.url, memory.final_url, parsed.canonical)
        return any(one.kind == "page" and one.file_url in itself for one in parsed.sightings)

    def _is_kept(self, url: str) -> bool:
        record = self.session.record
        state = record.url_state(url) if record is not None else None
        return state is not None and state.sha256 is not None

    def _sight_again(self, sighting: Sighting) -> PageRead:
        """The sighting of a link whose headers showed it to be a document."""
        self.tally.sighted.add(identity_of(sighting))
        return PageRead(sighting.listing_url, None, Parsed(sightings=(sighting,)), True)

    def _fetch(
        self, response: Response, kind: str | None = None, *, with_file: bool = False
    ) -> Any:
        assert response.request is not None
        return fetch_of(
            self.source.id,
            response.request,
            response,
            at=self.session.now(),
            media_type=kind,
            with_file=with_file,
        )

    def _failed(self, failure: Any, response: Response, spider: Spider) -> None:
        """A page could not be read: the source is broken, the other sources are not (one source's edge)."""
        where = getattr(response, "url", "")
        self.tally.crash = f"{type(failure.value).__name__} at {where}: {failure.value}"

    def closed(self, reason: str) -> None:
        """Scrapy's word on how it ended."""
        if self.tally.ended == "not_started":
            ended = {"finished": "finished", "closespider_timeout": "budget"}
            self.tally.ended = ended.get(reason, "stopped")

    # ---- what the heirs do with what comes in

    def on_page(self, response: Response) -> Iterator[Output]:
        """A page came in."""
        raise NotImplementedError

    def on_file(self, response: Response) -> Iterator[Output]:
        """A file came in, or the answer to whether it changed."""
        raise NotImplementedError

    def on_failure(self, failure: Any) -> Iterator[Output]:
        """No response came."""
        raise NotImplementedError

    def _tell(self, link: Link, depth: int, page: PageRead) -> Iterator[Output]:
        """Yield what a page said and go on from it."""
        raise NotImplementedError


def _entry(source_id: str, home: Home | None) -> Source:
    overlay = home.sources_toml if home is not None else None
    sources = load_sources(overlay)
    if source_id not in sources:
        raise UnknownSource(
            f"there is no source {source_id!r}: `casereviews sources list` shows them all"
        )
    return sources[source_id]


def identity_of(sighting: Sighting) -> tuple[str, ...]:
    """What makes two sightings one document or entry, for counting."""
    if sighting.file_url:
        return (sighting.file_url, sighting.edition or "")
    return (sighting.listing_url, *sighting.headings, sighting.link_text, sighting.card_text)


def _validators(memory: PageMemory | None) -> dict[str, str]:
    return _conditions(memory.etag, memory.last_modified) if memory else {}


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return headers
