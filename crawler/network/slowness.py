"""Cuts off bodies that drip: a server that sends a byte a second would hold its host's only place until the timeout."""

from __future__ import annotations

from time import monotonic
from typing import Any
from weakref import WeakKeyDictionary

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload


class SlownessExtension:
    """Stops a download whose rate stays under `slow_rate` bytes a second once it has run for `slow_after` seconds."""

    def __init__(self, after: float, rate: float) -> None:
        self.after = after
        self.rate = rate
        self.seen: WeakKeyDictionary[Request, tuple[float, int]] = WeakKeyDictionary()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> SlownessExtension:
        after = crawler.settings.getfloat("SLOW_AFTER", 20.0)
        if not after:
            raise NotConfigured
        extension = cls(after, crawler.settings.getfloat("SLOW_RATE", 512.0))
        crawler.signals.connect(extension.bytes_received, signal=signals.bytes_received)
        return extension

    def bytes_received(self, data: bytes, request: Request, **_: Any) -> None:
        started, received = self.seen.get(request, (monotonic(), 0))
        received += len(data)
        self.seen[request] = (started, received)
        elapsed = monotonic() - started
        if elapsed > self.after and received < elapsed * self.rate:
            request.meta["too_slow"] = True
            raise StopDownload(fail=True)
