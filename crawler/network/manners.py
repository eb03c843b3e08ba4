"""Who we say we are, and how patiently we ask."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from urllib.request import getproxies

from casereviews.crawler.errors import NoContact
from casereviews.crawler.network.guards import AddressPolicy, all_local, host_name
from casereviews.crawler.options import LIVE_DELAY, LOOPBACK_DELAY, CrawlOptions
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home
from casereviews.repository.toml_files import put_value, read_word

PRODUCT = "casereviews"
"""The name that a robots.txt may address."""

CONTACT_VARIABLE = "CASEREVIEWS_CONTACT"


def contact_of(home: Home | None) -> str | None:
    """The operator's contact: the environment's, else `contact` of the home's config.toml, else None."""
    given = os.environ.get(CONTACT_VARIABLE, "").strip()
    if given:
        return given
    if home is None:
        return None
    contact = read_word(home.config_toml, "contact") or ""
    return contact.strip() or None


def keep_contact(home: Home, contact: str) -> None:
    """Write `contact` into the home's config.toml, leaving its other lines as they are."""
    put_value(home.config_toml, "contact", contact.strip())


def needs_contact(sources: Iterable[Source], options: CrawlOptions) -> bool:
    """True when any of `sources` is a host on the public web."""
    sources = list(sources)
    policy = policy_for(sources, options)
    return any(not all_local(source.hosts, policy) for source in sources)


def user_agent(contact: str | None) -> str:
    """Our own name and whom to write to; never a browser's.

    A contact may hold what a header may not: line breaks and other control characters are dropped.
    """
    try:
        number = version(PRODUCT)
    except PackageNotFoundError:
        number = "0"
    clean = "".join(ch for ch in contact or "" if ch.isprintable())
    return f"{PRODUCT}/{number} (collects published case reviews; contact: {clean or 'this machine only'})"


def require_contact(sources: Iterable[Source], options: CrawlOptions) -> None:
    """Raise NoContact when a live source would be asked without one."""
    if not options.contact and needs_contact(sources, options):
        raise NoContact(
            "publishers are told whom to write to: set CASEREVIEWS_CONTACT to your e-mail address or web page, "
            'or put contact = "..." into config.toml in the home folder'
        )


def policy_for(sources: Iterable[Source], options: CrawlOptions) -> AddressPolicy:
    """The address policy of a crawl over `sources`."""
    asked = getproxies()
    # Not "no": hosts of NO_PROXY are no proxies, and what they lead to is not trusted.
    proxies = [
        host_name(url.rpartition("//")[2].rpartition("@")[2].partition("/")[0])
        for scheme in ("http", "https")
        if (url := asked.get(scheme, ""))
    ]
    hosts = [host for source in sources for host in source.hosts]
    return AddressPolicy(options.resolve, hosts, [name for name in proxies if name])


def delay_for(source: Source, options: CrawlOptions, policy: AddressPolicy) -> float:
    """Seconds between two requests to the hosts of `source`; never 0, because Scrapy then starts a burst."""
    if options.delay is not None:
        return max(options.delay, 0.001)
    return LOOPBACK_DELAY if all_local(source.hosts, policy) else LIVE_DELAY
