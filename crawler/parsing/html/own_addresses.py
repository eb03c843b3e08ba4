"""Which addresses that a page gives as its own are evidence that it is one document: rel=canonical and rel=shortlink.

Both are often wrong: templates name the home page or the list on every page, and a page that was made as a copy of another goes on
to name that one. To take another child's report for this one is the worst that can happen, so an address that may be another
page's counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import SplitResult, parse_qsl, urlsplit

_SPELLING = re.compile(r"/index\.php(?=/)|/(?:print|index\.html?)$")
_NUMBERED = re.compile(r"/(?:\?(?:p|page_id)=\d+|node/\d+)")
_TELLS_APART = re.compile(r"(?:.*id|p|page|item|ref|doc|no|number|article|node)", re.I)
"""Names of parameters that tell the pages of one script apart; `contrast` or `print` do not."""


def own_addresses(
    url: str, canonical: str | None, shortlink: str | None, lists: Collection[str] = ()
) -> tuple[tuple[str, str], ...]:
    """(address, "canonical" or "shortlink") that the page at `url` gives for itself and that can be taken for its own.

    On the same site; of a canonical address its last part must be the page's own ("child-sparrow"), which no home page, folder
    above or list has, nor a page of another name; a shortlink must be a number of WordPress or Drupal. `lists` are
    addresses of lists, which are no page's own.
    """
    found = []
    if canonical and not _is_any(canonical, (url, *lists)) and _has_its_name(canonical, url):
        found.append((canonical, "canonical"))
    if shortlink and not _is_any(shortlink, (url, *lists)) and _is_its_number(shortlink, url):
        found.append((shortlink, "shortlink"))
    return tuple(found)


def is_other_spelling(canonical: str | None, url: str) -> bool:
    """True when a page's rel=canonical spells its own address in another way (www, /index.php, /print, `?contrast=1`)."""
    if canonical is None:
        return False
    named, own = urlsplit(canonical), urlsplit(url)
    path = _path(named)
    return (
        bool(path)
        and _site(named) == _site(own)
        and path == _path(own)
        and _same_number(named, own)
    )


def _has_its_name(canonical: str, url: str) -> bool:
    named, own = urlsplit(canonical), urlsplit(url)
    name = _path(named).rpartition("/")[2]
    same = bool(name) and name == _path(own).rpartition("/")[2]
    return same and _site(named) == _site(own) and _same_number(named, own)


def _is_its_number(shortlink: str, url: str) -> bool:
    named = urlsplit(shortlink)
    rest = named.path + (f"?{named.query}" if named.query else "")
    return _site(named) == _site(urlsplit(url)) and bool(_NUMBERED.fullmatch(rest))


def _same_number(named: SplitResult, own: SplitResult) -> bool:
    """True when no parameter that tells pages apart was lost, or is another one."""
    return _numbers(named) == _numbers(own)


def _numbers(parts: SplitResult) -> set[tuple[str, str]]:
    return {pair for pair in parse_qsl(parts.query) if _TELLS_APART.fullmatch(pair[0])}


def _site(parts: SplitResult) -> str:
    return parts.netloc.lower().removeprefix("www.")


def _path(parts: SplitResult) -> str:
    return _SPELLING.sub("", parts.path).rstrip("/")


def _is_any(address: str, others: Collection[str]) -> bool:
    return address.rstrip("/") in {one.rstrip("/") for one in others}
