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
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request
from scrapy.http import Response

from casereviews.crawler.network import walls
from casereviews.crawler.network.fetching import fetch_of, header
from casereviews.crawler.network.trouble import error_name
from casereviews.crawler.parsing.html import sniff
from casereviews.crawler.parsing.html.decoding import decode
from casereviews.crawler.parsing.html.visible import visible_text
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import say, unsay
from casereviews.crawler.spiders.asking import Output, identity_of
from casereviews.crawler.spiders.items import AskedInVain, FileArrived, PageRead
from casereviews.crawler.spiders.memory import PageMemory
from casereviews.crawler.spiders.receiving import Receiving

__all__ = ["Output", "SourceSpider"]


class SourceSpider(Receiving):
    """Crawls one source. `session` is what it shares with the other spiders of the process; None runs it alone."""

    # ---- what a family says

    def read_page(self, page: Page) -> Parsed:
        """What `page` says; pure. Every family overrides this."""
        raise NotImplementedError(f"{type(self).__name__} must say how its pages are read")

    def first_links(self) -> Iterable[Link]:
        """Where the crawl begins: the entry's start pages, newest generation first."""
        return [Link(url, "list") for url in self.source.start_urls]

    async def start(self) -> AsyncIterator[Any]:
        for link in self.first_links():
            self.tally.counts["start_pages"] += 1
            for output in self.go_to(link, depth=0, start=True):
                yield output

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
        parsed = self._without_withdrawn(self.read_page(page))
        same = self._remember(page, parsed, response)
        yield from self._tell(
            link, meta["depth"], PageRead(page.asked, self._fetch(response, kind), parsed, same)
        )
        for sighting in parsed.sightings:
            if sighting.kind == "page" and sighting.file_url in (
                page.url,
                page.asked,
                parsed.canonical,
            ):
                known = same and self._is_kept(page.asked)
                fetch = self._fetch(response, kind, with_file=True)
                yield FileArrived(fetch, sighting, None if known else response.body)

    def _without_withdrawn(self, parsed: Parsed) -> Parsed:
        """What a page said, but for reports that were withdrawn: a board may list them on, nothing of them is remembered."""
        record = self.session.record
        if record is None or not record.buried_hashes():
            return parsed
        kept = tuple(one for one in parsed.sightings if not record.refuses(one))
        gone = len(parsed.sightings) - len(kept)
        if not gone:
            return parsed
        left = {**parsed.left_alone, "withdrawn": gone}
        return replace(parsed, sightings=kept, left_alone=left)

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
        self.tally.sighted.update(map(identity_of, parsed.sightings))
        yield page
        for sighting in parsed.sightings:
            if sighting.kind == "file" and sighting.file_url:
                yield from self._file_of(sighting, depth)
        for onward in parsed.follow:
            yield from self.go_to(onward, depth=depth + (onward.role != "next"))

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
