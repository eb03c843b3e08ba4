"""Slowing a host down while it is being asked: the only place that touches Scrapy's download slots."""

from __future__ import annotations

from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle

from casereviews.crawler.network.guards import Refused
from casereviews.crawler.network.trouble import STOPPED


def lengthen_delay(crawler: Crawler, host: str, seconds: float) -> None:
    """Ask `host` at most once in `seconds` from now on (robots.txt may say so); never shortens."""
    assert crawler.engine is not None
    downloader = crawler.engine.downloader
    throttle = crawler.get_extension(AutoThrottle)
    if throttle is not None:
        throttle.mindelay = max(throttle.mindelay, seconds)
        throttle.maxdelay = max(throttle.maxdelay, seconds)
    settings = downloader.per_slot_settings.setdefault(host, {})
    settings["delay"] = max(settings.get("delay", 0.0), seconds, downloader._delay)
    # Jitter would halve what the site asked for.
    settings["jitter"] = 0.0
    slot = downloader.slots.get(host)
    if slot is not None:
        slot.delay = max(slot.delay, seconds)
        slot.jitter = 0.0


def pause_host(crawler: Crawler, request: Request, seconds: float) -> None:
    """Send nothing more to the host of `request` for `seconds`."""
    slot = _slot_of(crawler, request)
    if slot is not None:
        # The slot waits for its delay after `lastseen`; a moment in the future makes it wait that much longer.
        slot.lastseen = max(slot.lastseen, monotonic() + seconds)


def drop_waiting(crawler: Crawler) -> None:
    """Let nothing wait for its turn any more: each such request ends as refused (STOPPED)."""
    assert crawler.engine is not None
    for slot in crawler.engine.downloader.slots.values():
        slot.close()  # its timer
        while slot.queue:
            request, answer = slot.queue.popleft()
            answer.errback(Refused(STOPPED, f"{request.url} is not asked for any more tonight"))


def _slot_of(crawler: Crawler, request: Request) -> Slot | None:
    assert crawler.engine is not None
    key = request.meta.get("download_slot")
    return crawler.engine.downloader.slots.get(key) if key else None
