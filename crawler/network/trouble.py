"""Names for what can go wrong with a request: the vocabulary of `Fetch.error`.

dns, connection, timeout, slow, tls, incomplete (fewer bytes than announced, or a reset in the middle),
too_large, too_large_unpacked, redirect_loop, off_site (redirected to a host that is not the source's),
private_address, badly_encoded (not compressed as its headers say), robots, robots_unreadable, robots_elsewhere (it redirects to a
foreign host), crawl_delay (robots.txt asks for more patience than there is time), budget, asked_to_wait (Retry-After beyond
tonight), page_too_slow (reading it takes longer than a page may), stopped (its source or the night ended: neither told nor
recorded), http_404 and the like; of what came in: bot_wall, login, html_for_file, empty_file, not_a_document, needs_javascript, odd;
and of a document that is listed no more: general_page (a home page or a list in its place), other_bytes (there, and changed).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from OpenSSL import SSL
from scrapy import exceptions
from service_identity import VerificationError

from casereviews.crawler.network import resolver
from casereviews.crawler.network.guards import Refused, host_name

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

STOPPED = "stopped"

_NAMES: tuple[tuple[type[BaseException], str], ...] = (
    (exceptions.DownloadTimeoutError, "timeout"),
    (exceptions.ResponseDataLossError, "incomplete"),
    (exceptions.DownloadConnectionRefusedError, "connection"),
    (exceptions.DownloadCancelledError, "too_large"),
    (exceptions.UnsupportedURLSchemeError, "off_site"),
    (gzip.BadGzipFile, "badly_encoded"),
    (zlib.error, "badly_encoded"),
    (exceptions.DownloadFailedError, "incomplete"),
    (ConnectionError, "connection"),
    (OSError, "connection"),
)


def error_name(error: BaseException, request: Request, crawler: Crawler | None = None) -> str:
    """The name of what ended `request`."""
    if isinstance(error, Refused):
        return error.name
    if request.meta.get("too_slow"):
        return "slow"
    if any(isinstance(cause, SSL.Error | VerificationError) for cause in _causes(error)):
        return "tls"
    if isinstance(error, exceptions.CannotResolveHostError):
        name = host_name(request.url.split("/")[2])
        return "private_address" if name in resolver.POLICY.refused else "dns"
    if isinstance(error, exceptions.IgnoreRequest) and "redirections" in str(error):
        return "redirect_loop"
    for kind, name in _NAMES:
        if isinstance(error, kind):
            return name
    if type(error).__module__.startswith("twisted.internet.error"):
        return "connection"
    return "odd"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and what Twisted keeps in `reasons`."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        if current.__cause__ is not None:
            waiting.append(current.__cause__)
        for failure in getattr(current, "reasons", None) or ():
            waiting.append(failure.value)


RETRIED = frozenset({"timeout", "incomplete", "connection", "dns", "odd"})
"""Errors after which a second try may help. A TLS failure, a loop or a refusal will be the same in a minute."""

RETRIED_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})
