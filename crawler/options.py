"""How a crawl behaves: limits, delays, and what a test or the demo may bend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

LIVE_DELAY = 2.0
"""Seconds between two requests to one public host, before AutoThrottle lengthens them."""

LOOPBACK_DELAY = 0.05
"""Seconds between two requests to this machine: there is nobody to be polite to, but the order is kept."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Limits of one run. Times are seconds, sizes bytes.

    `delay` None means LIVE_DELAY, or LOOPBACK_DELAY for sources whose hosts are all on this machine. `resolve` maps a
    host name ("northmoor.casereviews.test", or "*.casereviews.test") to a loopback "ip" or "ip:port": only such names, and
    entries that name a loopback address themselves, may lead to this machine. `seconds` is the time budget of
    the whole run (None: none). `recheck_all` asks for every file and page again, whatever its age. `now` fixes the clock
    ("2026-03-01T02:00:00Z"). `store` False reads pages and stores nothing (`sources check`); `max_depth` then bounds it, and
    `look` asks robots.txt for the files too, tries a few of them (spiders/looking.py), and tells what stands where a list should be.
    `page_seconds` is what reading one page may take of the processor; pages at the addresses `too_slow` were tried and are not asked for.
    `workers` is in how many processes the sources are crawled, each with hosts of its own. `accept_shrink` asks for what is listed no more also where so much is missing that the list would be called broken.
    """

    delay: float | None = None
    hosts_at_once: int = 8
    requests_per_host: int = 1500
    requests_per_night: int = 20_000
    seconds: float | None = None
    seconds_per_source: float = 3600.0
    page_timeout: float = 30.0
    file_timeout: float = 120.0
    slow_after: float = 20.0
    slow_rate: float = 512.0
    page_bytes: int = 8_000_000
    file_bytes: int = 100_000_000
    retries: int = 2
    backoff: float = 5.0
    longest_wait: float = 120.0
    recheck_all: bool = False
    resolve: Mapping[str, str] = field(default_factory=dict)
    contact: str | None = None
    ca_bundle: str | None = None
    now: str | None = None
    store: bool = True
    max_depth: int | None = None
    look: bool = False
    accept_shrink: bool = False
    page_seconds: float = 20.0
    too_slow: tuple[str, ...] = ()
    workers: int = 1
