"""Which addresses are on a publisher's own hosts: the one rule for parsing and for asking."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

DEFAULT_PORTS = {"http": 80, "https": 443}


def host_name(netloc: str) -> str:
    """The name of "name", "name:port" or "[::1]:port", in lower case."""
    return (urlsplit("//" + netloc).hostname or "").lower()


def allowed_host(url: str, hosts: Iterable[str]) -> bool:
    """True when `url` is http(s) and its host is one of `hosts` ("name" or "name:port").

    A name without a port stands for the standard ports. "www.name" and "name" are one publisher's host, whichever
    of the two the entry lists.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:
        return False
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username:
        return False
    wanted = _bare(parts.hostname.lower())
    for host in hosts:
        name = host_name(host)
        given = urlsplit("//" + host).port
        if _bare(name) == wanted and (
            port == given if given is not None else port in DEFAULT_PORTS.values()
        ):
            return True
    return False


def _bare(name: str) -> str:
    return name.removeprefix("www.")


def same_page(one: str, other: str) -> bool:
    """True for two spellings of one page: http or https, with or without "www.", the standard port, a last slash, a fragment."""
    return _place(one) == _place(other)


def same_host(one: str, other: str) -> bool:
    """True when two addresses are on one publisher's host."""
    return _place(one)[:2] == _place(other)[:2]


def _place(url: str) -> tuple[str, int | None, str, str]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url, None, "", ""
    given = port if port not in DEFAULT_PORTS.values() else None
    return _bare((parts.hostname or "").lower()), given, parts.path.rstrip("/"), parts.query
