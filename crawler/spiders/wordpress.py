"""WordPress sites by their REST API, or as an HTML list where the API is closed.

A night asks: the start pages, the content types, an index of ids and times of change for each type, and then the content of
what is new or changed only (`modified_after`, or `include` where that would bring more). What has not changed says again what
it said. An index tells of deletions, which `modified_after` alone never does.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from casereviews.crawler.network.fetching import header
from casereviews.crawler.network.guards import allowed_host
from casereviews.crawler.parsing.html.decoding import decode
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import parsed_from
from casereviews.crawler.parsing.wordpress import parse_attachment, parse_linked_page, parse_post
from casereviews.crawler.parsing.wordpress.api import (
    PER_CONTENT,
    Listed,
    Post,
    api_url,
    content_url,
    find_root,
    index_url,
    read_index,
    read_json,
    read_posts,
    read_types,
    split_url,
    types_url,
)
from casereviews.crawler.spiders.base import Output, SourceSpider
from casereviews.crawler.spiders.items import PageRead

TYPES = "wp/v2/types"
MEDIA = "wp/v2/media/"
CLOSED = frozenset(
    {"http_400", "http_401", "http_403", "http_404", "http_410", "login", "robots", "off_site"}
)
"""Answers that say that there is no API for us; a bot wall or a failing server says nothing of the kind."""


@dataclass(slots=True)
class Api:
    """One site's API tonight: its root, index answers still out, what they listed, and whether it has refused."""

    root: str = ""
    indexes_out: int = 0
    index: dict[str, dict[int, Listed]] = field(default_factory=lambda: defaultdict(dict))
    known: set[str] = field(default_factory=set)
    refused: bool = False


class WordpressSpider(SourceSpider):
    """Reads WordPress sites (an entry's generations may be several); one whose API refuses is read like any list."""

    name = "wordpress"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.apis: dict[str, Api] = defaultdict(Api)

    def api_of(self, url: str) -> Api:
        """The API of the site that `url` is on."""
        return self.apis[urlsplit(url).netloc.lower().removeprefix("www.")]

    # ---- pages

    def read_page(self, page: Page) -> Parsed:
        if self.api_of(page.url).refused:
            return parse_listing(page.text, page.url, self.source, link=page.link)
        if not page.start:
            return parse_linked_page(page.text, page.url, self.source, page.link)
        listed = parse_listing(page.text, page.url, self.source, link=page.link)
        root = find_root(page.text, page.url, page.headers.get("link", ""))
        if root is None or not allowed_host(root, self.source.hosts):
            return listed
        # What the page itself links is kept (a theme may print files that no content holds); the API leads on.
        return replace(listed, follow=(Link(types_url(root), "list"),), page_kind="list")

    def _read(self, response: Response, kind: str) -> Iterator[Output]:
        place = split_url(response.meta["asked"])
        if place is None:
            yield from super()._read(response, kind)
            return
        root, route = place
        api = self.api_of(root)
        answer = read_json(decode(response.body, header(response, "Content-Type") or ""))
        if answer is None:
            yield from self._refused(api, root, route)
            return
        link: Link = response.meta["link"]
        asked = PageRead(link.url, self._fetch(response, kind), Parsed(page_kind="list"), True)
        yield from self._go_on(1, asked)
        if route == TYPES:
            yield from self._ask_indexes(api, root, read_types(answer))
        elif route.startswith(MEDIA):
            yield from self._take_attachment(answer, response)
        elif response.meta.get("wordpress") == "index":
            yield from self._take_index(api, answer, route, response)
        else:
            for post in read_posts(answer):
                yield from self._take_post(api, post, route)

    def _in_vain(
        self, request: Request | None, trouble: str, response: Response | None
    ) -> Iterator[Output]:
        place = split_url(request.meta["asked"]) if request is not None else None
        if request is None or place is None or place[1].startswith(MEDIA):
            yield from super()._in_vain(request, trouble, response)
            return
        root, route = place
        stage = request.meta.get("wordpress", "")
        if trouble in CLOSED and stage != "content":
            yield from self._refused(self.api_of(root), root, route)
            return
        yield from super()._in_vain(request, trouble, response)
        if stage == "index":
            yield from self._index_came(self.api_of(root))

    # ---- the API

    def _ask(self, url: str, stage: str) -> Iterator[Request]:
        request = self._request(Link(url, "next"), 1, False, self.on_page)
        request.meta["wordpress"] = stage
        yield request

    def _ask_indexes(self, api: Api, root: str, routes: list[str]) -> Iterator[Request]:
        if api.root:
            return
        api.root = root
        api.indexes_out = len(routes)
        self.frontier.remember(types_url(root), Parsed(), final_url=root)
        for route in routes:
            yield from self._ask(index_url(root, route, 1), "index")

    def _take_index(
        self, api: Api, answer: Any, route: str, response: Response
    ) -> Iterator[Output]:
        api.index[route].update((one.id, one) for one in read_index(answer))
        pages = header(response, "X-WP-TotalPages") or "1"
        if response.meta["asked"] == index_url(api.root, route, 1) and pages.isdigit():
            api.indexes_out += max(int(pages) - 1, 0)
            for number in range(2, int(pages) + 1):
                yield from self._ask(index_url(api.root, route, number), "index")
        yield from self._index_came(api)

    def _index_came(self, api: Api) -> Iterator[Output]:
        """When the last index is in: repeat what is as it was, ask for what is not."""
        api.indexes_out -= 1
        if api.indexes_out or api.refused:
            return
        api.known = {one.link for listed in api.index.values() for one in listed.values()}
        for route, listed in api.index.items():
            changed = []
            for one in listed.values():
                memory = self.session.memory.page(self.source.id, _key(api, route, one.id))
                again = self.session.options.recheck_all
                if memory and one.modified and memory.last_modified == one.modified and not again:
                    yield from self._go_on_from_post(one.link, parsed_from(memory.said), same=True)
                else:
                    changed.append(one)
            for url in content_urls(api, route, changed):
                yield from self._ask(url, "content")

    def _take_post(self, api: Api, post: Post, route: str) -> Iterator[Output]:
        parsed = parse_post(post, api.root, self.source, api.known)
        key = _key(api, route, post.id)
        same = self.frontier.remember(key, parsed, final_url=post.link, last_modified=post.modified)
        yield from self._go_on_from_post(post.link, parsed, same=same)

    def _take_attachment(self, answer: Any, response: Response) -> Iterator[Output]:
        link: Link = response.meta["link"]
        parsed = parse_attachment(answer, link)
        same = self.frontier.remember(link.url, parsed, final_url=response.url)
        page = PageRead(link.url, None, parsed, same)
        yield from self._go_on(response.meta["depth"], page)

    def _go_on_from_post(self, link: str, parsed: Parsed, *, same: bool) -> Iterator[Output]:
        if parsed.sighted or parsed.follow or parsed.left_alone:
            page = PageRead(link, None, parsed, same)
            yield from self._go_on(1, page)

    def _refused(self, api: Api, root: str, route: str) -> Iterator[Output]:
        """The API is closed: read the site's start pages as lists. One closed custom type is only left alone."""
        if route not in (TYPES, "wp/v2/posts", "wp/v2/pages"):
            self.tally.left_alone["closed_type"] += 1
            yield from self._index_came(api)
        elif not api.refused:
            api.refused = True
            if self.session.memory.page(self.source.id, types_url(root)) is not None:
                # What only the API showed is not gone: a list never tells of all that it does.
                self.tally.incomplete.add("its API has closed; read as a list instead")
            for url in self.source.start_urls:
                if self.api_of(url) is api:
                    yield self._request(Link(url, "list"), 0, True, self.on_page)


def _key(api: Api, route: str, post_id: int) -> str:
    """The address under which a post is remembered: its id's, which no change of slug moves."""
    return api_url(api.root, f"{route}/{post_id}")


def content_urls(api: Api, route: str, changed: list[Listed]) -> list[str]:
    """The fewest requests that bring the content of `changed`."""
    if not changed:
        return []
    listed = api.index[route].values()
    if len(changed) == len(listed):
        pages = math.ceil(len(listed) / PER_CONTENT)
        return [content_url(api.root, route, page=number + 1) for number in range(pages)]
    since = min(one.modified for one in changed)
    before = _just_before(since)
    if before and sum(one.modified >= since for one in listed) <= PER_CONTENT:
        return [content_url(api.root, route, modified_after=before)]
    ids = [str(one.id) for one in changed]
    chunks = (ids[start : start + PER_CONTENT] for start in range(0, len(ids), PER_CONTENT))
    return [content_url(api.root, route, include=",".join(chunk)) for chunk in chunks]


def _just_before(modified: str) -> str | None:
    """A second earlier: `modified_after` leaves out the second itself. None for what is no time."""
    try:
        return (datetime.fromisoformat(modified) - timedelta(seconds=1)).isoformat()
    except ValueError:
        return None
