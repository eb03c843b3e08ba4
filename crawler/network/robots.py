"""robots.txt, obeyed: asked for once a day, and when it cannot be read nothing else is asked.

Scrapy's own middleware takes an unreadable robots.txt (a 500, a timeout) as permission. RFC 9309 (section 2.3.1.4) says to
assume complete disallow; the site is then told as blocked tonight and asked again tomorrow.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from casereviews.crawler.network.asker import asker_of
from casereviews.crawler.network.fetching import is_part_only
from casereviews.crawler.network.guards import Refused
from casereviews.crawler.network.manners import PRODUCT
from casereviews.crawler.network.pace import lengthen_delay
from casereviews.crawler.network.trouble import error_name
from casereviews.repository.this_system import TookTooLong, time_limit

LONGEST_ROBOTS = 512_000
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5)."""

_NO_SITE = frozenset({"dns", "connection", "tls", "private_address"})
"""Errors that say that there is no site to ask, rather than that its robots.txt is out of order tonight."""


class RobotsMiddleware:
    """Refuses what robots.txt disallows, and everything of a host whose robots.txt cannot be read."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.rules: dict[str, asyncio.Future[Protego | Refused]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("robots"):
            return
        rules = await self.rules_for(request.url)
        if isinstance(rules, Refused):
            raise Refused(rules.name, str(rules), leads_to=rules.leads_to, seconds=rules.seconds)
        # Protego, unlike Python's own parser, knows the wildcards that real files hold.
        session = asker_of(self.crawler).session
        try:
            asked = request.meta.get("asked", request.url)
            session.in_hand(asker_of(self.crawler).source.id, asked)
            with time_limit(session.options.page_seconds):
                allowed = rules.can_fetch(request.url, PRODUCT)
        except TookTooLong:
            parts = urlsplit(request.url)
            origin = f"{parts.scheme}://{parts.netloc}"
            refused = _unreadable(origin, "following its rules takes too long")
            self.rules[origin] = asyncio.get_running_loop().create_future()
            self.rules[origin].set_result(refused)
            raise Refused(refused.name, str(refused)) from None
        if not allowed:
            raise Refused("robots", f"robots.txt of {urlsplit(request.url).netloc} disallows it")

    async def rules_for(self, url: str) -> Protego | Refused:
        """The rules of the host of `url`, or why they could not be read."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self.rules:
            future: asyncio.Future[Protego | Refused] = asyncio.get_running_loop().create_future()
            self.rules[origin] = future
            rules: Protego | Refused = _unreadable(origin, "it was not read to its end")
            try:
                rules = await self._read(origin)
                if isinstance(rules, Protego):
                    rules = self._with_patience(origin, rules)
            except TookTooLong:
                rules = _unreadable(origin, "reading it takes too long")
            except Exception as error:  # noqa: BLE001 - one source's edge: whoever waits for the rules is told
                rules = _unreadable(origin, f"{type(error).__name__}: {error}")
            finally:
                future.set_result(rules)
        return await asyncio.shield(self.rules[origin])

    def _with_patience(self, origin: str, rules: Protego) -> Protego | Refused:
        """Keep the Crawl-delay that is asked for; one that takes all the time there is, or more, is named at once, before anything waits."""
        delay = float(rules.crawl_delay(PRODUCT) or 0)
        options = asker_of(self.crawler).session.options
        longest = options.longest_wait if options.look else options.seconds_per_source
        if options.seconds is not None:
            longest = min(longest, options.seconds)
        if delay >= longest:
            return Refused(
                "crawl_delay",
                f"{origin}/robots.txt asks for {delay:.0f} seconds between two requests",
                seconds=delay,
            )
        left = asker_of(self.crawler).session.seconds_left
        if left is not None and delay >= left:
            return Refused(
                "budget", f"{origin} is asked every {delay:.0f} seconds: {left:.0f} are left"
            )
        if delay:
            lengthen_delay(self.crawler, urlsplit(origin).hostname or "", delay)
        return rules

    async def _read(self, origin: str) -> Protego | Refused:
        session = asker_of(self.crawler).session
        body = session.robots(origin)
        if body is None:
            result = await self._ask(origin)
            if isinstance(result, Refused):
                return result
            body = result
            session.keep_robots(origin, body)
        with time_limit(session.options.page_seconds):
            return Protego.parse(body.decode("utf-8-sig", errors="ignore"))

    async def _ask(self, origin: str) -> bytes | Refused:
        assert self.crawler.engine is not None
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            priority=1000,
            meta={"robots": True, "handle_httpstatus_list": []},
        )
        try:
            response: Response = await self.crawler.engine.download_async(request)
        except Refused as refused:
            if refused.name != "off_site":
                return refused
            return Refused(
                "robots_elsewhere",
                f"{origin}/robots.txt leads to {refused.leads_to}, which is on none of the source's hosts",
                leads_to=refused.leads_to,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, robots.txt could not be read: one source's edge
            name = error_name(error, request, self.crawler)
            if name in _NO_SITE:
                return Refused(name, f"{origin} cannot be reached ({name})")
            return _unreadable(origin, name)
        if response.status == 429 or response.status >= 500:
            return _unreadable(origin, f"HTTP {response.status}")
        if is_part_only(response):
            return _unreadable(origin, "HTTP 206: a part of it, and the rest may disallow more")
        return bytes(response.body[:LONGEST_ROBOTS]) if response.status < 300 else b""


def _unreadable(origin: str, why: Any) -> Refused:
    return Refused(
        "robots_unreadable", f"{origin}/robots.txt could not be read ({why}), so nothing was asked"
    )
