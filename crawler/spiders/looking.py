"""What `sources check` looks at beyond what a night reads: robots.txt for every file, a few of the files themselves, what stands where
a list should be, and the home page when there is nothing. Nothing is stored.

What was seen is told as events: "look" (asked, url, start, `look` as built-in types), "failed" (asked, final, error, start, cookies,
leads_to, seconds), "tried" (url, final, error: None when the file can be had).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, Protocol
from urllib.parse import urljoin, urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from casereviews.crawler.network.fetching import header
from casereviews.crawler.network.guards import Refused
from casereviews.crawler.network.trouble import error_name
from casereviews.crawler.parsing.html import sniff
from casereviews.crawler.parsing.html.decoding import decode
from casereviews.crawler.parsing.looked import is_home, look_at
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.session import Session

FIRST_BYTES = 4096
FILES_A_HOST = 3
"""A file of each folder of a host, so that one that is closed or was moved shows, and no more than this many."""

_NUMBER = re.compile(r"\d+")
_NO_LIST = frozenset({"http_404", "http_410", "login", "empty_page"})
_ELSEWHERE = frozenset({"not_found", "login", "being_rebuilt"})
_HEAD_SAYS_LITTLE = frozenset({400, 401, 403, 404, 405, 406, 410, 500, 501})


class Looker(Protocol):
    """The spider that looks (`SourceSpider`, which stands above)."""

    source: Source
    session: Session
    crawler: Crawler

    def on_page(self, response: Response) -> Iterator[Any]: ...

    def _file_trouble(self, response: Response, kind: str) -> str | None: ...

    def _request(self, link: Link, depth: int, start: bool, callback: Any) -> Request: ...


class Looking:
    """The looks of one spider."""

    def __init__(self, spider: Looker) -> None:
        self.spider = spider
        self.folders: set[tuple[str, str]] = set()
        self.asked: Counter[str] = Counter()
        self.homes: set[str] = set()

    # ---- pages

    def page(self, response: Response) -> Iterator[Request]:
        """A page was read: tell what it is, where it is a start page, and look at the home page where it stands for none."""
        if response.meta.get("start"):
            stands_for = self._tell(response)
            if stands_for in _ELSEWHERE:
                yield from self._ask_home(response.meta["asked"])

    def failed(
        self, request: Request, trouble: str, response: Response | None
    ) -> Iterator[Request]:
        """A page or file could not be had: tell all that is known of it."""
        meta = request.meta
        self._told(
            "failed",
            asked=meta["asked"],
            final=response.url if response is not None else request.url,
            error=trouble,
            start=bool(meta.get("start")),
            cookies=bool(meta.get("sets_cookie")),
            leads_to=meta.get("leads_to"),
            seconds=meta.get("seconds"),
        )
        if not meta.get("start"):
            return
        if response is not None and "html" in (header(response, "Content-Type") or "html"):
            self._tell(response)
        if trouble in _NO_LIST:
            yield from self._ask_home(meta["asked"])

    def _tell(self, response: Response) -> str:
        text = decode(response.body, header(response, "Content-Type") or "")
        link = header(response, "Link") or ""
        look = look_at(text, response.url, self.spider.source, link)
        start = bool(response.meta.get("start"))
        self._told("look", asked=response.meta["asked"], url=response.url, start=start, look=look)
        return look.stands_for

    def _ask_home(self, asked: str) -> Iterator[Request]:
        """The home page of what was asked in vain; the start page itself where that was an API's address."""
        starts = self.spider.source.start_urls
        url = urljoin(asked, "/") if asked in starts else starts[0]
        if url in self.homes or (asked in starts and is_home(asked)):
            return
        self.homes.add(url)
        yield self._request(Link(url, "list"), self._home)

    def _home(self, response: Response) -> None:
        if response.status < 400:
            self._tell(response)

    # ---- files

    def file(self, link: Link) -> Iterator[Request]:
        """Ask whether a file can be had; robots.txt is asked for each, the file only for the first of its host and folder."""
        request = self._request(link, self._tried, method="HEAD")
        request.priority = -100
        yield request

    def enough(self, url: str) -> bool:
        """True when no further file like this one need be tried; else it is counted."""
        parts = urlsplit(url)
        host, folder = parts.netloc.lower(), _NUMBER.sub("", parts.path.rpartition("/")[0])
        if (host, folder) in self.folders or self.asked[host] >= FILES_A_HOST:
            return True
        self.folders.add((host, folder))
        self.asked[host] += 1
        return False

    def _tried(self, response: Response) -> Iterator[Request]:
        request = response.request
        assert request is not None
        kind = header(response, "Content-Type") or ""
        if request.method == "HEAD":
            if response.status in _HEAD_SAYS_LITTLE or (response.status < 300 and "html" in kind):
                yield self._first_bytes(response.meta["link"])
                return
            trouble = None if response.status < 300 else f"http_{response.status}"
        else:
            sniffed = sniff.media_type(response.body, kind, response.url)
            trouble = self.spider._file_trouble(response, sniffed)
            if trouble == "html_for_file" and not sniff.claims_document(response.meta["asked"]):
                # A link that did not say what it is turned out to be a page: a night reads it as one.
                yield self.spider._request(response.meta["link"], 1, False, self.spider.on_page)
                return
        self._told_file(response.meta["asked"], response.url, trouble)

    def _first_bytes(self, link: Link) -> Request:
        request = self._request(link, self._tried)
        request.headers["Range"] = f"bytes=0-{FIRST_BYTES - 1}"
        request.meta["download_maxsize"] = 8 * FIRST_BYTES
        request.meta["tried"] = True
        return request

    def _file_failed(self, failure: Any) -> None:
        request: Request = failure.request
        trouble = error_name(failure.value, request, self.spider.crawler)
        if trouble == "not_tried":
            return
        had = trouble == "too_large"  # it sends the whole, which we do not want
        leads_to = getattr(failure.value, "leads_to", None)
        self._told_file(request.meta["asked"], leads_to or request.url, None if had else trouble)

    def _told_file(self, url: str, final: str, error: str | None) -> None:
        self._told("tried", url=url, final=final, error=error)

    # ---- asking and telling

    def _request(self, link: Link, callback: Any, method: str = "GET") -> Request:
        is_file = callback == self._tried
        return Request(
            link.url,
            method=method,
            callback=callback,
            errback=self._file_failed if is_file else self._nothing,
            dont_filter=True,
            meta={
                "link": link,
                "asked": link.url,
                "looks_at_file": is_file,
                "download_timeout": self.spider.session.options.page_timeout,
            },
        )

    def _nothing(self, failure: Any) -> None:
        """The home page cannot be had either: what is known of the start page stands."""

    def _told(self, event: str, **said: Any) -> None:
        progress = self.spider.session.progress
        progress({"event": event, "source": self.spider.source.id, **said})


class FewFilesMiddleware:
    """Behind robots.txt: lets the first file of a host's folder through, and no other look at a file."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FewFilesMiddleware:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        meta = request.meta
        if not meta.get("looks_at_file") or meta.get("tried") or meta.get("redirect_urls"):
            return
        looking: Looking = getattr(self.crawler.spider, "looking")  # noqa: B009 - Scrapy knows no such spider
        if not meta.get("tries") and looking.enough(request.url):
            raise Refused("not_tried", "another file like it was tried")
