"""The spider that every family inherits: it asks, recognises trouble, remembers and follows; a family only reads pages.

How to inherit, in full::

    class CardsSpider(SourceSpider):
        name = "cards"                                  # the family's name in the registry

        def read_page(self, page: Page) -> Parsed:      # pure: no network, no clock
            return parse_cards(page.text, page.url, self.source)

`Parsed.sightings` with a `file_url` are fetched when due; `Parsed.follow` links are asked next: role "list" (one level deeper),
"next" (another page of the same list), "detail" (one review), "file" (a link that may be a document: its headers tell; a page is
then read as a detail page). Override when needed:

- `first_links()`: other first addresses than the entry's `start_urls` (an API root derived from them);
- `reads_statuses`: error statuses whose body the family reads itself (GOV.UK's 410 with JSON).

Run one source by hand, recording nothing: `scrapy crawl FAMILY -a source=ID [-a home=DIR] [-O items.jsonl]`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler import walls
from crawler.errors import UnknownSource
from crawler.fetching import fetch_of, header
from crawler.guards import allowed_host
from crawler.items import AskedInVain, FileArrived, PageRead
from crawler.manners import contact_of, delay_for, require_contact, user_agent
from crawler.memory import PageMemory
from crawler.options import CrawlOptions
from crawler.outcome import Tally
from crawler.parsing import sniff
from crawler.parsing.decoding import decode
from crawler.parsing.page import Page
from crawler.parsing.parsed import Link, Parsed
from crawler.parsing.saying import say, unsay
from crawler.parsing.visible import visible_text
from crawler.schedule import is_due, size_tells
from crawler.session import Session
from crawler.sources import load_sources
from crawler.sources.source import Source
from crawler.trouble import error_name
from repository.home import Home
from repository.identity import canonical
from repository.model import Sighting

Output = Request | PageRead | FileArrived | AskedInVain

PRIORITY = {"list": 300, "next": 300, "detail": 200, "file": 100}
"""Lists before reviews before files: when time runs out, what is listed is known."""


class SourceSpider(Spider):
    """Crawls one source. `session` is what it shares with the other spiders of the process; None runs it alone."""

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
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
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

    # ---- what a family says

    def read_page(self, page: Page) -> Parsed:
        """What `page` says; pure. Every family overrides this."""
        raise NotImplementedError(f"{type(self).__name__} must say how its pages are read")

    def first_links(self) -> Iterable[Link]:
        """Where the crawl begins: the entry's start pages, newest generation first."""
        return [Link(url, "list") for url in self.source.start_urls]

    # ---- asking

    async def start(self) -> AsyncIterator[Any]:
        for link in self.first_links():
            self.tally.counts["start_pages"] += 1
            for output in self.go_to(link, depth=0, start=True):
                yield output

    def go_to(self, link: Link, *, depth: int, start: bool = False) -> Iterator[Output]:
        """Ask for the target of `link`, or tell again what it said when it is not due."""
        key = canonical(link.url, same_as=self.source.same_as)
        if key in self.asked or not self._within_bounds(link, depth, start):
            return
        self.asked.add(key)
        memory = self.session.memory.page(self.source.id, link.url)
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

    # ---- pages

    def on_page(self, response: Response) -> Iterator[Output]:
        """A page came in: recognise what stands in for it, read it, remember it, go on."""
        meta = response.meta
        link: Link = meta["link"]
        if response.status == 304:
            memory = self.session.memory.page(self.source.id, meta["asked"])
            if memory is not None:
                fetch = self._fetch(response)
                yield from self._tell(
                    link, meta["depth"], PageRead(link.url, fetch, unsay(memory.said), True)
                )
                return
        kind = sniff.media_type(response.body, header(response, "Content-Type") or "", response.url)
        trouble = self._page_trouble(response, kind)
        if trouble:
            yield from self._in_vain(response.request, trouble, response)
        elif sniff.is_document(kind):
            yield from self._arrived(response, kind)
        else:
            yield from self._read(response, kind)

    def _page_trouble(self, response: Response, kind: str) -> str | None:
        if walls.is_bot_wall(response):
            return "bot_wall"
        if walls.is_login(response):
            return "login"
        if response.status >= 400 or response.status == 304:
            return None if response.status in self.reads_statuses else f"http_{response.status}"
        if not kind:
            return "empty_page"
        readable = kind.startswith("text/") or "json" in kind or "xml" in kind
        return None if readable or sniff.is_document(kind) else "not_a_document"

    def _read(self, response: Response, kind: str) -> Iterator[Output]:
        meta = response.meta
        link: Link = meta["link"]
        page = Page(
            url=response.url,
            text=decode(response.body, header(response, "Content-Type") or ""),
            link=link,
            asked=meta["asked"],
            status=response.status,
            media_type=kind,
            headers={
                name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            },
            start=meta["start"],
            depth=meta["depth"],
        )
        parsed = self.read_page(page)
        same = self._remember(page, parsed, response)
        yield from self._tell(
            link, meta["depth"], PageRead(page.asked, self._fetch(response, kind), parsed, same)
        )
        for sighting in parsed.sightings:
            if sighting.kind == "page" and sighting.file_url in (page.url, page.asked):
                known = same and self._is_kept(page.asked)
                fetch = self._fetch(response, kind, with_file=True)
                yield FileArrived(fetch, sighting, None if known else response.body)

    def _is_kept(self, url: str) -> bool:
        record = self.session.record
        state = record.url_state(url) if record is not None else None
        return state is not None and state.sha256 is not None

    def _remember(self, page: Page, parsed: Parsed, response: Response) -> bool:
        """Keep what the page said; True when it is what it said before."""
        said = say(parsed)
        digest = hashlib.sha256(said.encode())
        if any(sighting.kind == "page" for sighting in parsed.sightings):
            digest.update(visible_text(page.text).encode())
        before = self.session.memory.page(self.source.id, page.asked)
        now = self.session.now()
        self.session.memory.remember(
            self.source.id,
            PageMemory(
                url=page.asked,
                first_seen=before.first_seen if before else now,
                checked_at=now,
                final_url=page.url,
                etag=header(response, "ETag"),
                last_modified=header(response, "Last-Modified"),
                said=said,
                said_sha256=digest.hexdigest(),
            ),
        )
        return before is not None and before.said_sha256 == digest.hexdigest()

    def _tell(self, link: Link, depth: int, page: PageRead) -> Iterator[Output]:
        """Yield what a page said, then ask for its files and go on to its links."""
        parsed = page.parsed
        self.tally.counts["pages"] += page.fetch is not None
        self.tally.counts["pages_same"] += page.fetch is not None and page.same
        self.tally.page_kinds[parsed.page_kind] += 1
        self.tally.left_alone.update(parsed.left_alone)
        if parsed.announced is not None:
            self.tally.announced = max(self.tally.announced or 0, parsed.announced)
        self.tally.sighted.update(map(_identity, parsed.sightings))
        yield page
        for sighting in parsed.sightings:
            if sighting.kind == "file" and sighting.file_url:
                yield from self._file_of(sighting, depth)
        for onward in parsed.follow:
            yield from self.go_to(onward, depth=depth + (onward.role != "next"))

    def _file_of(self, sighting: Sighting, depth: int) -> Iterator[Output]:
        assert sighting.file_url is not None
        key = canonical(sighting.file_url, same_as=self.source.same_as)
        if key in self.asked:
            return
        if not allowed_host(sighting.file_url, self.source.hosts):
            self.tally.left_alone["off_site"] += 1
            return
        self.asked.add(key)
        link = Link(sighting.file_url, "file", sighting.link_text, sighting)
        for output in self._ask_file(link, depth):
            if isinstance(output, Request):
                output.meta["certain"] = True  # a page said that it is a document
                yield output

    # ---- files

    def on_file(self, response: Response) -> Iterator[Output]:
        """A file came in, or the answer to whether it changed."""
        meta = response.meta
        link: Link = meta["link"]
        request = response.request
        assert request is not None
        if response.status == 304 and link.sighting:
            yield from self._unchanged(response, link.sighting)
            return
        if request.method == "HEAD":
            if self._size_is_same(response) and link.sighting:
                yield from self._unchanged(response, link.sighting)
            else:
                yield request.replace(method="GET", dont_filter=True)
            return
        kind = sniff.media_type(response.body, header(response, "Content-Type") or "", response.url)
        trouble = self._file_trouble(response, kind)
        if trouble is None:
            yield from self._arrived(response, kind)
        elif trouble == "empty_file" and meta.get("certain") and not meta.get("sha256"):
            # A page names it as a document and it never had content: kept as it is, reading says "empty".
            yield from self._arrived(response, header(response, "Content-Type") or "")
        elif trouble == "html_for_file" and not sniff.claims_document(meta["asked"]):
            # A link that did not say what it is turned out to be a page.
            yield from self._read(response, kind)
        else:
            yield from self._in_vain(request, trouble, response)

    def _file_trouble(self, response: Response, kind: str) -> str | None:
        if walls.is_bot_wall(response):
            return "bot_wall"
        if walls.is_login(response):
            return "login"
        if response.status >= 300:
            return f"http_{response.status}"
        if not response.body:
            return "empty_file"
        if sniff.is_document(kind):
            return None
        return "html_for_file" if kind == sniff.HTML else "not_a_document"

    def _arrived(self, response: Response, kind: str) -> Iterator[Output]:
        link: Link = response.meta["link"]
        sighting = link.sighting or Sighting(
            self.source.id, link.url, link.url, link_text=link.text
        )
        if not sighting.file_url:
            sighting = replace(sighting, file_url=link.url)
        if not response.meta.get("certain"):
            yield self._sight_again(sighting)
        yield FileArrived(self._fetch(response, kind, with_file=True), sighting, response.body)

    def _unchanged(self, response: Response, sighting: Sighting) -> Iterator[Output]:
        if not response.meta.get("certain"):
            yield self._sight_again(sighting)
        yield FileArrived(self._fetch(response), sighting, None)

    def _sight_again(self, sighting: Sighting) -> PageRead:
        """The sighting of a link whose headers showed it to be a document."""
        self.tally.sighted.add(_identity(sighting))
        return PageRead(sighting.listing_url, None, Parsed(sightings=(sighting,)), True)

    def _size_is_same(self, response: Response) -> bool:
        stated = header(response, "Content-Length") or ""
        sha256 = response.meta.get("sha256")
        record = self.session.record
        if response.status != 200 or not stated.isdigit() or not sha256 or record is None:
            return False
        kept: Path = record.archive.path(sha256)
        return kept.is_file() and kept.stat().st_size == int(stated)

    # ---- trouble

    def on_failure(self, failure: Any) -> Iterator[Output]:
        """No response came: name why."""
        request: Request = failure.request
        response = getattr(failure.value, "response", None)
        yield from self._in_vain(
            request, error_name(failure.value, request, self.crawler), response
        )

    def _in_vain(
        self, request: Request | None, trouble: str, response: Response | None
    ) -> Iterator[Output]:
        assert request is not None
        meta = request.meta
        link: Link = meta["link"]
        gone = trouble in ("http_404", "http_410")
        if trouble == "budget":
            self.tally.ended = "budget"
        if meta.get("certain") or request.callback == self.on_file:
            self.tally.counts["files_failed"] += 1
        elif meta["start"]:
            self.tally.start_errors.append(trouble)
            if trouble == "off_site":
                self.tally.moved_to = request.url
        elif not (gone and link.role == "detail"):
            self.tally.incomplete.add(f"a {link.role} page: {trouble}")
        if gone and link.role == "detail":
            self.session.memory.forget_page(self.source.id, meta["asked"])
        if not gone and meta.get("sha256") and link.sighting and not meta.get("certain"):
            yield self._sight_again(link.sighting)  # still linked, and known to be a document
        fetch = fetch_of(self.source.id, request, response, at=self.session.now(), error=trouble)
        yield AskedInVain(fetch, link.role)

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


def _entry(source_id: str, home: Home | None) -> Source:
    overlay = home.sources_toml if home is not None else None
    sources = load_sources(overlay)
    if source_id not in sources:
        raise UnknownSource(
            f"there is no source {source_id!r}: `casereviews sources list` shows them all"
        )
    return sources[source_id]


def _identity(sighting: Sighting) -> tuple[str, ...]:
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
