"""What the spiders of one process share: options, clock, record, memory, the night's budget, the progress line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from casereviews.crawler.network import resolver
from casereviews.crawler.network.guards import AddressPolicy
from casereviews.crawler.network.manners import policy_for
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import Source
from casereviews.crawler.spiders.memory import Memory
from casereviews.crawler.spiders.schedule import CLOCKS_DIFFER, parse_time, stamp
from casereviews.repository.record import Record

ROBOTS_DAY = timedelta(hours=24)
"""robots.txt is asked for at most once a day (RFC 9309, section 2.4: not used longer than 24 hours)."""


def _silent(_: Mapping[str, Any]) -> None:
    return None


def _nothing(_: str, __: str) -> None:
    return None


@dataclass(slots=True)
class Session:
    """One process's crawl. `record` None reads and records nothing (`scrapy crawl`, `sources check`).

    `stopped` ("stopped" or "budget") asks nothing more; `page_in_hand` is called with the source and the address of each page before it is read.
    """

    options: CrawlOptions
    policy: AddressPolicy
    memory: Memory
    record: Record | None = None
    run_id: int = 0
    progress: Callable[[Mapping[str, Any]], None] = _silent
    requests: Counter[str] = field(default_factory=Counter)
    stopped: str | None = None
    page_in_hand: Callable[[str, str], None] = _nothing
    _in_hand: tuple[str, str] = ("", "")
    _begun: float = field(default_factory=monotonic)

    @classmethod
    def begin(
        cls,
        sources: Iterable[Source],
        options: CrawlOptions,
        *,
        memory: Memory | None = None,
        record: Record | None = None,
        run_id: int = 0,
        progress: Callable[[Mapping[str, Any]], None] = _silent,
    ) -> Session:
        """Start a session over `sources`; from here on this process resolves names by its policy."""
        policy = policy_for(sources, options)
        resolver.use_policy(policy)
        return cls(options, policy, memory or Memory(":memory:"), record, run_id, progress)

    def now(self) -> str:
        """The current time as an ISO stamp, or the fixed one."""
        return self.options.now or stamp(datetime.now(UTC))

    @property
    def today(self) -> str:
        return self.now()[:10]

    @property
    def seconds_left(self) -> float | None:
        """Seconds of the night's budget that are left; None without a budget."""
        seconds = self.options.seconds
        return None if seconds is None else max(0.0, seconds - (monotonic() - self._begun))

    def in_hand(self, source_id: str, url: str) -> None:
        """Tell which page is read from now on, once."""
        if (source_id, url) != self._in_hand:
            self._in_hand = (source_id, url)
            self.page_in_hand(source_id, url)

    def robots(self, origin: str) -> bytes | None:
        """The robots.txt of "scheme://host" when it was read within a day."""
        return self.memory.robots(
            origin,
            since=stamp(parse_time(self.now()) - ROBOTS_DAY),
            until=stamp(parse_time(self.now()) + CLOCKS_DIFFER),
        )

    def keep_robots(self, origin: str, body: bytes) -> None:
        """Remember a robots.txt that was read now."""
        self.memory.remember_robots(origin, self.now(), body)

    def may_ask(self, host: str) -> bool:
        """True while neither the host's nor the night's budget is used up; counts the request when it is."""
        spent = self.requests[host] + self.memory.requests_of(host, self.today)
        if spent >= self.options.requests_per_host:
            return False
        if self.requests.total() >= self.options.requests_per_night:
            return False
        self.requests[host] += 1
        return True

    def close(self) -> None:
        """Keep the day's counts and close the memory."""
        with closing(self.memory):
            self.memory.add_requests(self.requests.items(), self.today)
