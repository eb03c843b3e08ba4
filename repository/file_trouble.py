"""Why a listed file could not be had, in words: the names are those of `casereviews.crawler.network.trouble`, and `not_asked`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

NOT_ASKED = "not_asked"
"""The run ended before the file's turn."""

OFF_SITE = "off_site"
"""The file stands on a host, or its address leads to one, that is none of the source's: it was not asked for there."""

CLOSED = frozenset({"robots", "login", "bot_wall", "http_401", "http_403"})
"""The host asks not to be read: another night will not change it."""

_WORDS = {
    "robots": "robots.txt of {host} asks not to read it",
    "robots_unreadable": "robots.txt of {host} cannot be read, which asks to wait",
    "robots_elsewhere": "robots.txt of {host} leads to a host that is none of the source's",
    "crawl_delay": "robots.txt of {host} asks for longer pauses than a source has time",
    "html_for_file": "{host} answers with a web page instead of the file",
    "not_a_document": "{host} answers with something that is no document",
    "empty_file": "{host} answers with an empty file",
    "incomplete": "{host} breaks the file off before its end",
    "badly_encoded": "{host} does not send the file in the encoding that it states",
    "too_large": "the file of {host} is larger than any report",
    "too_large_unpacked": "the file of {host} unpacks to more than any report",
    "timeout": "{host} does not answer in time",
    "page_too_slow": "reading the page of {host} takes too long",
    "slow": "{host} sends the file too slowly",
    "connection": "{host} refuses or drops the connection",
    "dns": "the host name {host} does not exist",
    "tls": "the certificate of {host} is not valid",
    "redirect_loop": "{host} redirects in a circle",
    OFF_SITE: "host not allowed: add {host} to the source's hosts (`casereviews sources fix {source}`)",
    "private_address": "the name {host} leads to a private address",
    "bot_wall": "a bot wall of {host} stands before it",
    "login": "{host} asks for a login",
    "asked_to_wait": "{host} asked to come back later (Retry-After)",
    "budget": "the requests that {host} is asked in a night were used up; the next run asks",
    NOT_ASKED: "the run ended before its turn; the next run asks",
}


def trouble_worded(trouble: str, host: str | None, source_id: str | None = None) -> str:
    """One file's trouble in words, such as "docs.example answers with status 404"."""
    where = host or "its server"
    if trouble.startswith("http_"):
        return f"{where} answers with status {trouble.removeprefix('http_')}"
    if trouble == OFF_SITE and host and "." not in host and ":" not in host:
        return f"its address names {host}, which is no host of the web: a mistake of the page"
    words = _WORDS.get(trouble, "{host}: " + trouble.replace("_", " "))
    return words.format(host=where, source=source_id or "ID")


def troubles_counted(troubles: Mapping[str, Mapping[str, int]]) -> str:
    """How many files which trouble kept at which host: "2 http_404 at docs.example, 1 robots at old.example"."""
    return ", ".join(
        f"{number} {trouble}" + (f" at {host}" if host else "")
        for trouble, hosts in sorted(troubles.items())
        for host, number in sorted(hosts.items())
    )


def troubles_joined(
    several: Iterable[Mapping[str, Mapping[str, int]]],
) -> dict[str, dict[str, int]]:
    """The counts of several sources as one."""
    counts: dict[str, Counter[str]] = {}
    for troubles in several:
        for name, hosts in troubles.items():
            counts.setdefault(name, Counter()).update(hosts)
    return {name: dict(sorted(hosts.items())) for name, hosts in sorted(counts.items())}


def files_not_had(troubles: Mapping[str, Mapping[str, int]]) -> int:
    """How many files could not be had."""
    return sum(sum(hosts.values()) for hosts in troubles.values())
