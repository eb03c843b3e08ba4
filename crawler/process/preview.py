"""What sources say without anything being stored: `sources check` and `sources probe` ask through it, with every guard of a crawl."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from casereviews.crawler.errors import ChildDied
from casereviews.crawler.network.manners import require_contact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.job import Job
from casereviews.crawler.process.launcher import ending, running
from casereviews.crawler.sources.source import Source
from casereviews.crawler.sources.validate import is_private
from casereviews.repository.stopping import Switch

ONE_LEVEL = 1
"""How many links deep a preview goes: start pages and what they lead to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered; `error` is a name of `casereviews.crawler.network.trouble`, None when the page could be read."""

    url: str
    text: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None


def preview(sources: Iterable[Source], options: CrawlOptions) -> Iterator[dict[str, Any]]:
    """What the start pages of `sources` and one level of links say, as events; files are not fetched.

    Events: "started" (source), "page" (source, url, `parsed` as built-in types), "in_vain" (source, url, error), "done" (source,
    outcome), and those of `casereviews.crawler.spiders.looking`. `options.max_depth` may allow more levels. Raises NoContact for
    a live source without a contact, ChildDied when the process ends before its time.
    """
    wanted = tuple(source for source in sources if source.start_urls)
    require_contact(wanted, options)
    if wanted:
        yield from _events(
            wanted,
            replace(options, store=False, look=True, max_depth=options.max_depth or ONE_LEVEL),
        )


def ask(url: str, options: CrawlOptions) -> Answer:
    """One page, asked for with the guards and manners of a crawl. Loopback is asked when `url` names it."""
    source = Source("probe", "probe", None, "one_page", (url,), site_hosts(url))
    require_contact([source], options)
    found = Answer(url, error="odd")
    for event in _events((source,), replace(options, store=False, max_depth=0)):
        if event["event"] == "text":
            found = Answer(event["url"], event["text"], event["status"], event["headers"])
        elif event["event"] == "in_vain":
            found = Answer(event["url"], error=event["error"])
    return found


def site_hosts(url: str) -> tuple[str, ...]:
    """The host of `url` and its twin with or without www., which sites use as one."""
    host = urlsplit(url).netloc.lower()
    if ":" in host or is_private(host):
        return (host,)
    return (host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")


def _events(sources: tuple[Source, ...], options: CrawlOptions) -> Iterator[dict[str, Any]]:
    with running(Job(None, 0, sources, options), Switch(options.seconds)) as child:
        yield from child.events()
        code = child.wait()
        if child.hung and child.in_hand is not None:
            raise ChildDied(
                f"reading {child.in_hand[1]} took longer than {options.page_seconds:.0f} seconds and was ended"
            )
        if code:
            raise ChildDied(f"the looking process ended ({ending(code)}): {child.last_words()}")
