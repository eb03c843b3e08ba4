"""What a demo's home may ask: the demo's own sites on this machine, and no others, while they are served."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from casereviews.collection.errors import CollectionError, RequestError
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home

DOMAIN = ".casereviews.test"
"""The demo's sites are under this name, which no name server knows (RFC 6761)."""

LOOPBACK = "127.0.0.1"
SECONDS = 5.0
"""A server on this machine that has not answered by then is not there."""


class NotServed(CollectionError):
    """The demo's sites are not being served."""


def demo_options(home: Home, sources: Iterable[Source], options: CrawlOptions) -> CrawlOptions:
    """Options with which a demo's home asks `sources`: their names lead to this machine; those of any other home are left as they are.

    Raises RequestError for a source that is not the demo's, NotServed when nothing answers at the address of one.
    """
    if not home.is_demo:
        return options
    sources = tuple(sources)
    addresses = [
        urlsplit(f"//{host}") for source in sources for host in (*source.hosts, *_hosts_of(source))
    ]
    for address in addresses:
        if not (address.hostname or "").endswith(DOMAIN):
            raise RequestError(
                f"{home.root} is a demo's home and asks no site but the demo's own, not {address.netloc}:"
                " use a home of your own (--home DIR)"
            )
    for port in sorted({address.port or 80 for address in addresses}):
        _require_served(home, port)
    return replace(options, resolve={f"*{DOMAIN}": LOOPBACK})


def _hosts_of(source: Source) -> list[str]:
    return [urlsplit(url).netloc for url in source.start_urls]


def _require_served(home: Home, port: int) -> None:
    try:
        socket.create_connection((LOOPBACK, port), timeout=SECONDS).close()
    except OSError:
        raise NotServed(
            "the demo's sites are not being served, so nothing was asked: run"
            f" `casereviews --home {home.root} demo --keep-serving` in another terminal, then try again"
        ) from None
