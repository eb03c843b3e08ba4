"""Sources shared out over crawling processes by their hosts, so that no two processes have a host in common."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from casereviews.crawler.sources.hosts import DEFAULT_PORTS, host_name
from casereviews.crawler.sources.source import Source


def occupied(source: Source) -> set[str]:
    """The hosts that a source occupies, those of its files included: no other is asked for it. www or not, it is one server."""
    return {_name(host) for host in source.hosts}


def _name(host: str) -> str:
    port = urlsplit(f"//{host}").port
    said = "" if port is None or port in DEFAULT_PORTS.values() else str(port)
    return f"{host_name(host).removeprefix('www.')}:{said}"


def by_host(sources: Sequence[Source], workers: int) -> list[tuple[Source, ...]]:
    """`sources` in as many parts as there are workers, or fewer: sources that share a host, or are joined by others that do, stay together.

    The largest of such families are given out first, each to the part that has least. Each part keeps the order of `sources`.
    """
    families: list[tuple[set[str], set[str]]] = []  # hosts, ids of sources
    for source in sources:
        hosts, ids = occupied(source), {source.id}
        apart = []
        for family in families:
            if family[0] & hosts:
                hosts, ids = hosts | family[0], ids | family[1]
            else:
                apart.append(family)
        families = [*apart, (hosts, ids)]
    parts: list[set[str]] = [set() for _ in range(workers)]
    for _, ids in sorted(families, key=lambda one: (-len(one[1]), min(one[1]))):
        min(parts, key=len).update(ids)
    return [tuple(one for one in sources if one.id in part) for part in parts if part]
