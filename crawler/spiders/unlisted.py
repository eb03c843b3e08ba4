"""Documents that no list names any more: each is asked for itself, once a night, and what came says whether it is still there.

A file shows with its first bytes what it is, so that no more of it is fetched. Other bytes than those that are held are not kept:
nothing new is shown of what its publisher took off its list; they come when it is listed again.
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlsplit

from scrapy.http import Response

from casereviews.crawler.network import walls
from casereviews.crawler.network.fetching import header
from casereviews.crawler.parsing.html import sniff
from casereviews.crawler.parsing.html.content import content_text
from casereviews.crawler.parsing.html.decoding import decode
from casereviews.repository.record.outcome import Unlisted
from casereviews.repository.record.source_night import GENERAL_PAGE, OTHER_BYTES

FIRST_BYTES = (("Range", "bytes=0-4095"), ("Accept-Encoding", "identity"))
"""Headers that ask for the beginning of a file; a server that knows no ranges sends it all, and is not listened to for long."""

SAME_PAGE = 0.5
"""Share of a page's words that must still be there for it to be that page: what answers "not found" shares the furniture only."""


def is_page(one: Unlisted) -> bool:
    """True for a document that is a web page itself."""
    return one.media_type == sniff.HTML or (one.media_type is None and one.kind == "page")


def trouble_of(
    response: Response, one: Unlisted, *, lists: Collection[str], kept: bytes | None, same: bool
) -> str | None:
    """What an answer says of a document: None where it is still there, OTHER_BYTES where it is too and has changed.

    http_404, http_410 and GENERAL_PAGE say that it is gone; any other name says nothing of it. `lists` are the addresses of the
    source's lists, `kept` the bytes that are held, `same` says that size or validators are those of the bytes held.
    """
    if response.status == 304:
        return None
    if walls.is_bot_wall(response):
        return "bot_wall"
    if walls.is_login(response):
        return "login"
    if response.status >= 400:
        return f"http_{response.status}"
    if not response.body:
        return None if same else "empty_file"
    content_type = header(response, "Content-Type") or ""
    kind = sniff.media_type(response.body, content_type, response.url)
    if not is_page(one):
        return GENERAL_PAGE if kind == sniff.HTML else None if same else OTHER_BYTES
    if _is_general(response, lists) or (
        kept is not None and not _still_says(kept, response.body, content_type)
    ):
        return GENERAL_PAGE
    return None


def _is_general(response: Response, lists: Collection[str]) -> bool:
    """True where a redirect led to a site's home page or to a list."""
    request = response.request
    came_from = request.meta.get("redirect_urls", ()) if request is not None else ()
    where = response.url.rstrip("/")
    home = not urlsplit(where).path
    return bool(came_from) and (home or where in {one.rstrip("/") for one in lists})


def _still_says(kept: bytes, body: bytes, content_type: str) -> bool:
    words = set(content_text(decode(kept)).split())
    now = set(content_text(decode(body, content_type)).split())
    return len(words & now) >= SAME_PAGE * len(words)
