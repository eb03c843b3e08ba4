"""What this room knows of the spider whose requests pass through it; the spider itself stands above (`crawler/spiders`)."""

from __future__ import annotations

from typing import Protocol, cast

from scrapy.crawler import Crawler

from casereviews.crawler.network.guards import AddressPolicy
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import Tally
from casereviews.crawler.sources.source import Source


class Shared(Protocol):
    """What all spiders of a process share: limits, the address policy, the night's budget, robots.txt of the day."""

    options: CrawlOptions
    policy: AddressPolicy
    stopped: str | None

    @property
    def seconds_left(self) -> float | None: ...

    def in_hand(self, source_id: str, url: str) -> None: ...

    def may_ask(self, host: str) -> bool: ...

    def robots(self, origin: str) -> bytes | None: ...

    def keep_robots(self, origin: str, body: bytes) -> None: ...


class Asker(Protocol):
    """A spider that asks for one source."""

    source: Source
    tally: Tally
    time_is_up: bool

    @property
    def session(self) -> Shared: ...


def asker_of(crawler: Crawler) -> Asker:
    """The spider of a crawler."""
    return cast(Asker, crawler.spider)
