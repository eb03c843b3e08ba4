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

import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Response

from casereviews.crawler.errors import UnknownSource
from casereviews.crawler.network import walls
from casereviews.crawler.network.fetching import fetch_of, header, is_part_only
from casereviews.crawler.network.manners import (
    contact_of,
    delay_for,
    require_contact,
    user_agent,
)
from casereviews.crawler.network.trouble import STOPPED, error_name
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import Tally
from casereviews.crawler.parsing.html import sniff
from casereviews.crawler.parsing.html.decoding import decode
from casereviews.crawler.parsing.html.leading_on import leads_on
from casereviews.crawler.parsing.html.visible import visible_text
from casereviews.crawler.parsing.links.following import is_page_of_a_case
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import parsed_from
from casereviews.crawler.sources import load_sources, sources_of_home
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.frontier import Frontier, Question
from casereviews.crawler.spiders.items import AskedInVain, FileArrived, PageRead, UnlistedAsked
from casereviews.crawler.spiders.looking import Looking
from casereviews.crawler.spiders.memory import PageMemory
from casereviews.crawler.spiders.session import Session
from casereviews.crawler.spiders.unlisted import is_page, trouble_of
from casereviews.repository.home import Home
from casereviews.repository.model import Fetch, Sighting
from casereviews.repository.record.outcome import Unlisted
from casereviews.repository.this_system import TookTooLong, time_limit

Output = Request | PageRead | FileArrived | AskedInVain | UnlistedAsked

PRIORITY = {"list": 300, "next": 300, "detail": 200, "file": 100}
"""Lists before reviews before files: when time runs out, what is listed is known."""

IN_FULL = Question()


Answered = Callable[["SourceSpider", Response], Iterator[Output]]


def _within_limits(answered: Answered) -> Answered:
    """Give each step of reading an answer `page_seconds`: what takes longer is a page that could not be had (`page_too_slow`).

    The page is told before it is read, so that a parent that hears no more of us knows which one it was.
    """

    @wraps(answered)
    def in_steps(spider: SourceSpider, response: Response) -> Iterator[Output]:
        request = response.request
        assert request is not None
        steps = answered(spider, response)
        while True:
            spider.session.in_hand(spider.source.id, request.meta["asked"])
            try:
                with time_limit(spider.session.options.page_seconds):
                    output = next(steps)
            except StopIteration:
                return
            except TookTooLong:
                yield from spider.too_slow(request)
                return
            yield output

    return in_steps


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
        self.frontier = Frontier(self.source, session)
        self.tally = Tally(self.source.id)
        self.looking = Looking(self) if session.options.look else None
        self._asked_unlisted = False
        self.time_is_up = False
        self._noted = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = cls(*args, **kwargs)
        spider._set_crawler(crawler)
        crawler.settings.setdict(spider.settings_of_source(), priority="spider")
        crawler.signals.connect(spider._crashed, signal=signals.spider_error)
        crawler.signals.connect(spider._list_is_read, signal=signals.spider_idle)
        crawler.signals.connect(spider._first_bytes_came, signal=signals.bytes_received)
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
        """Ask for the target of `link`, or repeat what it said when it is not due."""
        frontier = self.frontier
        file = link.role == "file"
        if frontier.is_taken(link.url, file=file):
            return
        outside = frontier.outside(link.url, depth)
        if outside:
            self.tally.left_alone[outside] += 1
            if start and outside == "off_site":
                self.tally.start_errors.append(outside)
            return
        frontier.take(link.url, file=file)
        memory = frontier.remembered(link.url)
        if memory is None and frontier.is_file(link):
            yield from self._ask_file(link, depth)
            return
        may_wait = link.role in ("detail", "file") and not start
        if memory and may_wait and not self.is_page_due(link, memory):
            self.tally.counts["pages_not_due"] += 1
            yield from self._again(link, depth, memory.said)
        elif frontier.has_room():
            yield self._request(
                link, depth, start, self.on_page, Question("GET", frontier.page_conditions(memory))
            )
        else:
            self.tally.incomplete.add(f"more than {self.source.max_pages} pages (max_pages)")

    def is_page_due(self, link: Link, memory: PageMemory) -> bool:
        """True when a remembered page that `link` leads to is asked for again; a family may know of its changes."""
        return self.frontier.is_page_due(memory)

    def _ask_file(self, link: Link, depth: int, *, certain: bool = False) -> Iterator[Output]:
        """Ask for a file, or repeat its sighting when it is not due. `certain`: a page said that it is a document."""
        if not self.session.options.store:
            if self.looking is not None:
                yield from self.looking.file(link)
            return
        question = self.frontier.question(link.url)
        if question.method is None:
            self.tally.counts["files_not_due"] += 1
            said_before = question.sha256 or self._is_told(question.trouble)
            if said_before and not certain:
                yield self._confirmed_document(self._document_behind(link))
            return
        request = self._request(link, depth, False, self.on_file, question)
        request.meta["sha256"] = question.sha256
        request.meta["certain"] = certain
        yield request

    def _ask_file_of(self, sighting: Sighting, depth: int) -> Iterator[Output]:
        assert sighting.file_url is not None
        url = sighting.file_url
        if self.frontier.is_taken(url, file=True):
            return
        if self.frontier.outside(url, 0):
            yield from self._not_asked(sighting)
            return
        self.frontier.take(url, file=True)
        link = Link(url, "file", sighting.link_text, sighting)
        yield from self._ask_file(link, depth, certain=True)

    def _not_asked(self, sighting: Sighting) -> Iterator[Output]:
        """Tell of a file that a page names as a paper of a review, and that may not be asked for: its host is none of the source's."""
        url = sighting.file_url
        if url is None or self.frontier.is_taken(url):
            return
        self.frontier.take(url)
        self.tally.counts["files_failed"] += 1
        at = self.session.now()
        yield AskedInVain(Fetch(self.source.id, url, url, at, error="off_site"), "file")

    def _request(
        self, link: Link, depth: int, start: bool, callback: Any, question: Question = IN_FULL
    ) -> Request:
        options = self.session.options
        is_file = callback == self.on_file
        return Request(
            link.url,
            method=question.method or "GET",
            callback=callback,
            errback=self.on_failure,
            headers=dict(question.headers),
            priority=PRIORITY[link.role],
            dont_filter=True,  # the frontier filters; Scrapy's would merge addresses that differ in a fragment
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

    # ---- pages

    @_within_limits
    def on_page(self, response: Response) -> Iterator[Output]:
        """A page came in: recognise what stands in for it, read it, remember it, go on."""
        meta = response.meta
        link: Link = meta["link"]
        if response.status == 304:
            memory = self.session.memory.page(self.source.id, meta["asked"])
            if memory is not None:
                yield from self._again(link, meta["depth"], memory.said, self._fetch(response))
                return
        kind = sniff.media_type(response.body, header(response, "Content-Type") or "", response.url)
        trouble = self._page_trouble(response, kind)
        if trouble:
            yield from self._in_vain(response.request, trouble, response)
        elif sniff.is_document(kind):
            self.frontier.note_read(meta["asked"], Parsed())
            yield from self._arrived(response, kind)
        else:
            yield from self._read(response, kind)
            if self.looking is not None:
                yield from self.looking.page(response)

    def _page_trouble(self, response: Response, kind: str) -> str | None:
        if walls.is_bot_wall(response):
            return "bot_wall"
        if walls.is_login(response):
            return "login"
        if response.status >= 400 or response.status == 304:
            return None if response.status in self.reads_statuses else f"http_{response.status}"
        if is_part_only(response):
            return "incomplete"
        if not kind:
            return "empty_page"
        readable = kind.startswith("text/") or "json" in kind or "xml" in kind
        return None if readable or sniff.is_document(kind) else "not_a_document"

    def _read(self, response: Response, kind: str) -> Iterator[Output]:
        """Read a page, remember it, and go on from it; where it is a publication itself, hand it over."""
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
        parsed = _counted(self._without_withdrawn(self.read_page(page)), link)
        itself = [
            one
            for one in parsed.sightings
            if one.kind == "page" and one.file_url in (page.url, page.asked, parsed.canonical)
        ]
        same = self.frontier.remember(
            page.asked,
            parsed,
            final_url=page.url,
            etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"),
            text=visible_text(page.text)
            if any(one.kind == "page" for one in parsed.sightings)
            else "",
        )
        read = PageRead(page.asked, self._fetch(response, kind), parsed, same)
        yield from self._go_on(meta["depth"], read)
        for sighting in itself:
            known = same and self.frontier.is_kept(page.asked)
            fetch = self._fetch(response, kind, with_file=True)
            twins = self.frontier.twins(page.url, parsed, sighting.listing_url)
            yield FileArrived(fetch, sighting, None if known else response.body, twins)

    def _without_withdrawn(self, parsed: Parsed) -> Parsed:
        """What a page said, but for reports that were withdrawn: a board may list them on, nothing of them is remembered.

        Links to pages that name such a case are not followed, and its names stand in nothing that is said of others.
        """
        record = self.session.record
        if record is None or not record.buried_hashes():
            return parsed
        kept = record.without_withdrawn(parsed.sightings)
        elsewhere = record.without_withdrawn(parsed.elsewhere)
        named = record.names_withdrawn(
            self.source.id, [f"{link.url} {link.text}" for link in parsed.follow]
        )
        follow = tuple(
            link for link, hidden in zip(parsed.follow, named, strict=True) if not hidden
        )
        left_named = record.names_withdrawn(
            self.source.id, [f"{url} {text}" for url, text, _ in parsed.left_links]
        )
        left_links = tuple(
            one for one, hidden in zip(parsed.left_links, left_named, strict=True) if not hidden
        )
        gone = len(parsed.sighted) - len(kept) - len(elsewhere)
        gone += len(parsed.follow) - len(follow)
        left = {**parsed.left_alone, "withdrawn": gone} if gone else parsed.left_alone
        return replace(
            parsed,
            sightings=kept,
            elsewhere=elsewhere,
            follow=follow,
            left_links=left_links,
            left_alone=left,
            title=""
            if any(record.names_withdrawn(self.source.id, [parsed.title]))
            else parsed.title,
        )

    def _again(
        self, link: Link, depth: int, said: str, fetch: Fetch | None = None
    ) -> Iterator[Output]:
        """Repeat what a page said last time: it was not due, or is as it was."""
        yield from self._go_on(depth, PageRead(link.url, fetch, parsed_from(said), True))

    def _go_on(self, depth: int, page: PageRead) -> Iterator[Output]:
        """Yield a page, then ask for its files and go on to its links."""
        parsed = page.parsed
        self.frontier.look_at(parsed)
        self.frontier.note_read(page.asked, parsed)
        self.tally.count_page(page.parsed, fetched=page.fetch is not None, same=page.same)
        yield page
        for sighting in parsed.sightings:
            if sighting.kind == "file" and sighting.file_url:
                yield from self._ask_file_of(sighting, depth)
        for sighting in parsed.elsewhere:
            if self.frontier.outside(sighting.file_url or "", 0):
                yield from self._not_asked(sighting)
            else:
                yield from self._ask_file_of(sighting, depth)  # its host was added since
        for onward in parsed.follow:
            yield from self.go_to(onward, depth=depth + (onward.role != "next"))

    # ---- files

    @_within_limits
    def on_file(self, response: Response) -> Iterator[Output]:
        """A file came in, or the answer to whether it changed."""
        meta = response.meta
        request = response.request
        assert request is not None
        if response.status == 304:
            yield from self._unchanged(response)
            return
        if request.method == "HEAD":
            stated = header(response, "Content-Length") or ""
            same = response.status == 200 and self.frontier.has_size(meta["sha256"], stated)
            if same:
                yield from self._unchanged(response)
            else:
                yield request.replace(method="GET", dont_filter=True)
            return
        stated = header(response, "Content-Type") or ""
        body = sniff.without_noise(response.body, stated)
        if body is not response.body:
            response = response.replace(body=body)
        kind = sniff.media_type(body, stated, response.url)
        trouble = self._file_trouble(response, kind)
        if trouble == "html_for_file" and not meta.get("led_on"):
            # A doorway, as a person would go through: once, and by the same guards as any request.
            by_link = sniff.claims_document(meta["asked"])
            target = leads_on(decode(body, stated), response.url, by_link=by_link)
            if target is not None:
                came_by = [*meta.get("redirect_urls", ()), response.url]
                meta = {**request.meta, "led_on": True, "redirect_urls": came_by}
                yield request.replace(url=target, meta=meta, dont_filter=True)
                return
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
        if is_part_only(response):
            return "incomplete"
        if not response.body:
            return "empty_file"
        if sniff.is_document(kind):
            return None
        return "html_for_file" if kind == sniff.HTML else "not_a_document"

    def _arrived(self, response: Response, kind: str) -> Iterator[Output]:
        sighting = self._document_behind(response.meta["link"])
        if not response.meta.get("certain"):
            yield self._confirmed_document(sighting)
        yield FileArrived(self._fetch(response, kind, with_file=True), sighting, response.body)

    def _unchanged(self, response: Response) -> Iterator[Output]:
        sighting = self._document_behind(response.meta["link"])
        if not response.meta.get("certain"):
            yield self._confirmed_document(sighting)
        yield FileArrived(self._fetch(response), sighting, None)

    def _document_behind(self, link: Link) -> Sighting:
        """The sighting of a file that a link led to, known by the link's address also where the page took it for a review's page."""
        seen = link.sighting or Sighting(self.source.id, link.url, None, link_text=link.text)
        if seen.file_url is not None:
            return seen
        # The file is no page that a reader could go to: its list is.
        page = seen.detail_url if seen.detail_url != link.url else None
        return replace(seen, file_url=link.url, kind="file", detail_url=page)

    def _confirmed_document(self, sighting: Sighting) -> PageRead:
        """The sighting of a link whose headers showed it to be a document."""
        self.tally.count_sightings([sighting])
        return PageRead(sighting.listing_url, None, Parsed(sightings=(sighting,)), True)

    def _fetch(
        self, response: Response, kind: str | None = None, *, with_file: bool = False
    ) -> Fetch:
        assert response.request is not None
        return fetch_of(
            self.source.id,
            response.request,
            response,
            at=self.session.now(),
            media_type=kind,
            with_file=with_file,
        )

    # ---- what is listed no more

    def _list_is_read(self) -> None:
        """Nothing is left to ask: ask for each document that no page names which was read in good health."""
        session = self.session
        if self._asked_unlisted or session.record is None or not session.options.store:
            return
        self._asked_unlisted = True
        self._note_pages()
        tally = self.tally
        all_failed = len(tally.start_errors) >= tally.counts["start_pages"]
        if tally.crash or tally.ended != "not_started" or all_failed:
            return
        engine = self.crawler.engine
        assert engine is not None
        for one in session.record.unlisted(
            session.run_id,
            self.source.id,
            session.now(),
            complete=tally.is_whole,
            accept_shrink=session.options.accept_shrink,
        ):
            question = self.frontier.question_of_unlisted(one)
            if question is not None:
                self.frontier.take(one.url)
                engine.crawl(self._request_of_unlisted(one, question))

    def _note_pages(self) -> None:
        """Tell the record which pages were read: by them absence is counted."""
        session = self.session
        if self._noted or session.record is None or not session.options.store:
            return
        self._noted = True
        notes = self.frontier.notes(all_found=self.tally.outcome().all_found)
        session.record.note_pages(session.run_id, self.source.id, notes)

    def _request_of_unlisted(self, one: Unlisted, question: Question) -> Request:
        options = self.session.options
        return Request(
            one.url,
            callback=self.on_unlisted,
            errback=self.on_unlisted_failure,
            headers=dict(question.headers),
            dont_filter=True,
            meta={
                "unlisted": one,
                "first_bytes": not is_page(one),
                "asked": one.url,
                "download_timeout": options.page_timeout,
                # One request a night; what fails says nothing, and is asked for again tomorrow.
                "tries": options.retries,
            },
        )

    def _first_bytes_came(self, request: Request) -> None:
        if request.meta.get("first_bytes"):
            raise StopDownload(fail=False)

    @_within_limits
    def on_unlisted(self, response: Response) -> Iterator[Output]:
        """A document that is listed no more answered."""
        request = response.request
        assert request is not None
        one: Unlisted = request.meta["unlisted"]
        frontier = self.frontier
        stated = header(response, "Content-Range") or header(response, "Content-Length") or ""
        same = frontier.same_validators(
            one.url, header(response, "ETag"), header(response, "Last-Modified")
        ) or frontier.has_size(one.sha256, stated.rpartition("/")[2])
        trouble = trouble_of(
            response,
            one,
            lists=self.source.start_urls,
            kept=frontier.kept(one.sha256) if is_page(one) else None,
            same=same,
        )
        yield self._unlisted_asked(request, trouble, response)

    def on_unlisted_failure(self, failure: Any) -> Iterator[Output]:
        """A document that is listed no more could not be asked for: nothing is said of it tonight."""
        request: Request = failure.request
        trouble = error_name(failure.value, request, self.crawler)
        if trouble == STOPPED:
            self._cut_short()
        else:
            yield self._unlisted_asked(request, trouble, None)

    def _unlisted_asked(
        self, request: Request, trouble: str | None, response: Response | None
    ) -> UnlistedAsked:
        at = self.session.now()
        return UnlistedAsked(fetch_of(self.source.id, request, response, at=at, error=trouble))

    # ---- trouble

    def too_slow(self, request: Request) -> Iterator[Output]:
        """Reading an answer took longer than a page may."""
        if "unlisted" in request.meta:
            yield self._unlisted_asked(request, "page_too_slow", None)
        else:
            yield from self._in_vain(request, "page_too_slow", None)

    def _cut_short(self) -> None:
        """Something was not asked any more: from here on this crawl is not whole, however it closes."""
        self.tally.ended = self.session.stopped or "budget"

    def on_failure(self, failure: Any) -> Iterator[Output]:
        """No response came: name why."""
        request: Request = failure.request
        if error_name(failure.value, request, self.crawler) == STOPPED:
            self._cut_short()
            return
        response = getattr(failure.value, "response", None)
        for known in ("leads_to", "seconds"):
            request.meta[known] = getattr(failure.value, known, None)
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
        if not meta.get("certain"):
            self.frontier.note_unread(meta["asked"], trouble)
        if meta.get("certain") or request.callback == self.on_file:
            self.tally.counts["files_failed"] += 1
        elif meta["start"]:
            self.tally.start_errors.append(trouble)
            if trouble == "off_site":
                self.tally.moved_to = request.url
        elif not (gone and link.role == "detail"):
            self.tally.incomplete.add(f"a {link.role} page: {trouble}")
        page_not_had = (
            request.callback == self.on_page
            and not meta["start"]
            and self._is_told(trouble)
            and is_page_of_a_case(link)
            and self.session.memory.page(self.source.id, meta["asked"]) is None
        )
        if gone and link.role == "detail":
            self.session.memory.forget_page(self.source.id, meta["asked"])
        # Still linked, and known or said to be a document.
        stands = not gone if meta.get("sha256") else self._is_told(trouble)
        is_file = request.callback == self.on_file and not meta.get("certain")
        if is_file and stands:
            yield self._confirmed_document(self._document_behind(link))
        elif page_not_had and link.sighting is not None:
            # Nothing else tells of this review: its page stands for the papers that it would name.
            self.tally.counts["files_failed"] += 1
            yield self._confirmed_document(replace(link.sighting, kind="page", file_url=link.url))
        if self.looking is not None:
            yield from self.looking.failed(request, trouble, response)
        fetch = fetch_of(self.source.id, request, response, at=self.session.now(), error=trouble)
        yield AskedInVain(fetch, link.role)

    @staticmethod
    def _is_told(trouble: str | None) -> bool:
        """True when a link that may be a document, and of which nothing is kept, is told as one that could not be had: it was asked for."""
        return trouble is not None and trouble != "budget"

    def _crashed(self, failure: Any, response: Response, spider: Spider) -> None:
        """A page could not be read: the source is broken, the other sources are not (one source's edge)."""
        where = getattr(response, "url", "")
        self.tally.crash = f"{type(failure.value).__name__} at {where}: {failure.value}"

    def closed(self, reason: str) -> None:
        """Scrapy's word on how it ended."""
        if self.tally.ended == "not_started":
            ended = {"finished": "finished", "closespider_timeout": "budget"}
            self.tally.ended = ended.get(reason, "stopped")
        self._note_pages()


def _counted(parsed: Parsed, link: Link) -> Parsed:
    """What a page said; a review's own page without any document is counted as such (`no_document`)."""
    if parsed.sighted or parsed.follow or parsed.left_alone or not is_page_of_a_case(link):
        return parsed
    left = (*parsed.left_links, (link.url, link.text, "no_document"))
    return replace(parsed, left_alone={"no_document": 1}, left_links=left)


def _entry(source_id: str, home: Home | None) -> Source:
    sources = sources_of_home(home) if home is not None else load_sources()
    if source_id not in sources:
        raise UnknownSource(
            f"there is no source {source_id!r}: `casereviews sources list` shows them all"
        )
    return sources[source_id]
