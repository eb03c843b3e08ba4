"""WordPress sites by their REST API and by their pages, or as an HTML list where the API is closed.

A night asks: the start pages and the lists that they lead to, as on any site; the content types, an index of ids and times of
change for each type, and then the content of what is new or changed only (`modified_after`, or `include` where that would bring
more). What has not changed says again what it said. An index tells of deletions, which `modified_after` alone never does.

A type that is not in the API is found on the lists. What a theme prints or a shortcode makes stands on a post's own page only: that of
a post of interest is read when the post is new or changed, and then seldom, for the API tells of changes.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
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
from casereviews.crawler.parsing.wordpress import (
    beyond,
    completed,
    is_filled_by_scripts,
    page_of_post,
    parse_attachment,
    parse_linked_page,
    parse_post,
)
from casereviews.crawler.parsing.wordpress.api import (
    PER_CONTENT,
    Listed,
    Post,
    api_url,
    bare,
    content_url,
    find_root,
    index_url,
    is_past_the_end,
    may_go_on,
    page_of,
    read_index,
    read_json,
    read_pages,
    read_posts,
    read_types,
    split_url,
    types_url,
)
from casereviews.crawler.spiders.base import Output, SourceSpider
from casereviews.crawler.spiders.items import PageRead
from casereviews.crawler.spiders.memory import PageMemory
from casereviews.repository.model import Sighting
from casereviews.repository.record.pages import IN_PART

TYPES = "wp/v2/types"
MEDIA = "wp/v2/media/"
CLOSED = frozenset(
    {"http_400", "http_401", "http_403", "http_404", "http_410", "login", "robots", "off_site"}
)
"""Answers that say that there is no API for us; a bot wall or a failing server says nothing of the kind."""

POST_PAGE_DAYS = 7.0
"""The fewest days between two looks at the page of a post that the API calls unchanged: only what its theme or a block takes from
elsewhere can be new on it."""


@dataclass(slots=True)
class Api:
    """One site's API tonight: its root, index answers still out, what they listed, and whether it has refused.

    `links` are the addresses of all its posts, `known` and `changed` bare ones (see `bare`) of all and of those that are not as
    they were. `waiting` holds the links to single reviews, `held` the lists that say that there is more of them, until the
    indexes have told (`ready`). `awaited` are the posts whose content was asked for and has not come, `brought` counts those that
    came, by route.
    """

    root: str = ""
    asked: bool = False
    ready: bool = False
    refused: bool = False
    indexes_out: int = 0
    index: dict[str, dict[int, Listed]] = field(default_factory=lambda: defaultdict(dict))
    links: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    waiting: list[tuple[Link, int]] = field(default_factory=list)
    held: list[tuple[str, Parsed]] = field(default_factory=list)
    contents_out: Counter[str] = field(default_factory=Counter)
    awaited: dict[str, set[int]] = field(default_factory=dict)
    brought: Counter[str] = field(default_factory=Counter)


class WordpressSpider(SourceSpider):
    """Reads WordPress sites (an entry's generations may be several); one whose API refuses is read like any list."""

    name = "wordpress"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.apis: dict[str, Api] = defaultdict(Api)
        self.said: dict[str, Parsed] = {}
        """What the first reading of a page said tonight, the API's content or the page itself; the other one only adds to it."""
        self.posts: dict[str, Sighting] = {}
        """What posts of interest say of themselves, by the address of their page."""

    def api_of(self, url: str) -> Api:
        """The API of the site that `url` is on."""
        return self.apis[urlsplit(url).netloc.lower().removeprefix("www.")]

    # ---- pages

    def go_to(self, link: Link, *, depth: int, start: bool = False) -> Iterator[Output]:
        api = self.api_of(link.url)
        if link.role == "detail" and not start and api.asked and not api.ready:
            api.waiting.append((link, depth))
            return
        for output in super().go_to(link, depth=depth, start=start):
            api.asked |= _is_types(link.url)
            yield output

    def is_page_due(self, link: Link, memory: PageMemory) -> bool:
        api = self.api_of(link.url)
        if api.refused or bare(link.url) not in api.known:
            return super().is_page_due(link, memory)
        return bare(link.url) in api.changed or self.frontier.is_page_due(
            memory, at_least=POST_PAGE_DAYS
        )

    def read_page(self, page: Page) -> Parsed:
        api = self.api_of(page.url)
        if not page.start and not api.refused:
            return parse_linked_page(page.text, page.url, self.source, page.link)
        listed = parse_listing(page.text, page.url, self.source, link=page.link)
        root = find_root(page.text, page.url, page.headers.get("link", ""))
        if api.refused or root is None or not allowed_host(root, self.source.hosts):
            return listed
        filled = is_filled_by_scripts(page.text, page.url, listed)
        kind = "needs_javascript" if filled else "list"
        return replace(
            listed, follow=(Link(types_url(root), "list"), *listed.follow), page_kind=kind
        )

    def _go_on(self, depth: int, page: PageRead) -> Iterator[Output]:
        if split_url(page.asked) is None:
            told = self.posts.get(bare(page.asked))
            parsed = page.parsed if told is None else completed(page.parsed, told)
            parsed = self._unread_told(self.api_of(page.asked), page.asked, parsed)
            page = replace(page, parsed=self._added(page.asked, parsed))
            if parsed.page_kind == "needs_javascript" and page.asked in self.source.start_urls:
                # Its list may be of a type that the API does not show.
                self.tally.incomplete.add(f"filled by JavaScript: {page.asked}")
                self.frontier.note_unread(page.asked, IN_PART)
        yield from super()._go_on(depth, page)

    def _unread_told(self, api: Api, asked: str, parsed: Parsed) -> Parsed:
        """A page without its word on more that could not be followed, where it lists posts of the API: the API has the others too.

        Until the indexes have told which are posts, the word is held.
        """
        told = parsed.unread or parsed.announced is not None
        leads = api.asked or any(_is_types(onward.url) for onward in parsed.follow)
        if not told or api.refused or not leads:
            return parsed
        if not api.ready:
            api.held.append((asked, parsed))
        elif not _are_posts(api, parsed):
            return parsed
        return replace(parsed, unread=(), announced=None, shown=None)

    def _added(self, url: str, parsed: Parsed) -> Parsed:
        """What a reading of the page at `url` adds to the other one, where that came first."""
        before = self.said.setdefault(bare(url), parsed)
        return parsed if before is parsed else beyond(parsed, before)

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
        yield from self._asked(response, kind)
        if route == TYPES:
            yield from self._ask_indexes(api, root, read_types(answer))
        elif route.startswith(MEDIA):
            yield from self._take_attachment(answer, response)
        elif response.meta.get("wordpress") == "index":
            yield from self._take_index(api, answer, route, response)
        else:
            posts = read_posts(answer)
            for post in posts:
                yield from self._take_post(api, post, route)
            yield from self._content_came(api, route, {post.id for post in posts})

    def _asked(self, response: Response, kind: str) -> Iterator[Output]:
        link: Link = response.meta["link"]
        asked = PageRead(link.url, self._fetch(response, kind), Parsed(page_kind="list"), True)
        yield from self._go_on(1, asked)

    def _in_vain(
        self, request: Request | None, trouble: str, response: Response | None
    ) -> Iterator[Output]:
        place = split_url(request.meta["asked"]) if request is not None else None
        if request is None or place is None or place[1].startswith(MEDIA):
            yield from super()._in_vain(request, trouble, response)
            return
        root, route = place
        api = self.api_of(root)
        stage = request.meta.get("wordpress", "")
        first = stage != "content" and page_of(request.url) == 1
        if trouble in CLOSED and first:
            yield from self._refused(api, root, route)
            return
        if stage == "index" and _is_past_the_end(trouble, response):
            assert response is not None
            yield from self._asked(response, "application/json")
            yield from self._index_came(api)
            return
        yield from super()._in_vain(request, trouble, response)
        if stage == "index":
            yield from self._index_came(api)
        elif stage == "content":
            api.awaited.pop(route, None)  # told already
        else:
            yield from self._release(api)

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
        urls = [index_url(root, route, 1) for route in routes]
        self.frontier.note_read(types_url(root), Parsed(), urls)
        for route in routes:
            yield from self._ask(index_url(root, route, 1), "index")

    def _take_index(
        self, api: Api, answer: Any, route: str, response: Response
    ) -> Iterator[Output]:
        index = api.index[route]
        before = len(index)
        posts = read_index(answer)
        index.update((one.id, one) for one in posts)
        number = page_of(response.meta["asked"])
        stated = ("X-WP-TotalPages", "X-WP-Total")
        pages = read_pages({name.lower(): header(response, name) or "" for name in stated})
        further = range(2, pages + 1) if pages is not None and number == 1 else range(0)
        if pages is None and may_go_on(answer) and len(index) > before:
            further = range(number + 1, number + 2)
        api.indexes_out += len(further)
        onwards = [index_url(api.root, route, onward) for onward in further]
        asked = response.meta["asked"]
        self.frontier.note_read(asked, Parsed(), [*(one.link for one in posts), *onwards])
        for onward in further:
            yield from self._ask(index_url(api.root, route, onward), "index")
        yield from self._index_came(api)

    def _index_came(self, api: Api) -> Iterator[Output]:
        """When the last index is in: repeat what is as it was, ask for what is not."""
        api.indexes_out -= 1
        if api.indexes_out or api.refused:
            return
        listed = [one for index in api.index.values() for one in index.values()]
        api.links = {one.link for one in listed}
        api.known = set(map(bare, api.links))
        unchanged: list[tuple[Listed, PageMemory]] = []
        for route, index in api.index.items():
            changed = []
            for one in index.values():
                memory = self.session.memory.page(self.source.id, _key(api, route, one.id))
                again = self.session.options.recheck_all
                if memory and one.modified and memory.last_modified == one.modified and not again:
                    unchanged.append((one, memory))
                else:
                    changed.append(one)
            api.changed.update(bare(one.link) for one in changed)
            api.awaited[route] = {one.id for one in changed}
            yield from self._ask_contents(api, route, content_urls(api, route, changed))
        for one, memory in unchanged:
            yield from self._go_on_from_post(one.link, parsed_from(memory.said), same=True)
        yield from self._release(api)

    def _release(self, api: Api) -> Iterator[Output]:
        """Go on to the single reviews that waited for the indexes."""
        api.ready = True
        for asked, held in api.held:
            if api.refused or not _are_posts(api, held):
                self.tally.count_more(held)
                self.frontier.note_read(asked, held)
        waiting, api.waiting = api.waiting, []
        for link, depth in waiting:
            yield from self.go_to(link, depth=depth)

    def _ask_contents(self, api: Api, route: str, urls: list[str]) -> Iterator[Request]:
        api.contents_out[route] += len(urls)
        for url in urls:
            yield from self._ask(url, "content")

    def _content_came(self, api: Api, route: str, came: set[int]) -> Iterator[Output]:
        """When the last content of a type is in: ask by id for what was asked for and did not come, as long as that brings any.

        A server may give less at once than it was asked for, or know no `modified_after`.
        """
        awaited = api.awaited.get(route, set())
        api.brought[route] += len(awaited & came)
        awaited -= came
        api.contents_out[route] -= 1
        if api.contents_out[route] or not awaited:
            return
        if not api.brought.pop(route, 0):
            self.tally.incomplete.add(f"{len(awaited)} posts that its API lists did not come")
            return
        yield from self._ask_contents(api, route, contents_by_id(api, route, sorted(awaited)))

    def _take_post(self, api: Api, post: Post, route: str) -> Iterator[Output]:
        parsed = parse_post(post, api.root, self.source, api.links)
        own = page_of_post(post, self.source, parsed)
        if own is not None:
            parsed = replace(parsed, follow=(*parsed.follow, own))
        parsed = self._without_withdrawn(parsed)
        key = _key(api, route, post.id)
        same = self.frontier.remember(key, parsed, final_url=post.link, last_modified=post.modified)
        yield from self._go_on_from_post(post.link, parsed, same=same)

    def _take_attachment(self, answer: Any, response: Response) -> Iterator[Output]:
        link: Link = response.meta["link"]
        parsed = self._without_withdrawn(parse_attachment(answer, link))
        same = self.frontier.remember(link.url, parsed, final_url=response.url)
        page = PageRead(link.url, None, parsed, same)
        yield from self._go_on(response.meta["depth"], page)

    def _go_on_from_post(self, link: str, parsed: Parsed, *, same: bool) -> Iterator[Output]:
        for onward in parsed.follow:
            if onward.url == link and onward.sighting is not None:
                self.posts[bare(link)] = onward.sighting
        if parsed.sighted or parsed.follow or parsed.left_alone:
            page = PageRead(link, None, self._added(link, parsed), same)
            yield from super()._go_on(1, page)
        else:
            self.frontier.note_read(link, parsed)

    def _refused(self, api: Api, root: str, route: str) -> Iterator[Output]:
        """The API is closed: the site's pages say what there is. One closed custom type is only left alone."""
        url = types_url(root) if route == TYPES else index_url(root, route, 1)
        self.frontier.note_unread(url, "closed")
        if route not in (TYPES, "wp/v2/posts", "wp/v2/pages"):
            self.tally.left_alone["closed_type"] += 1
            yield from self._index_came(api)
        elif not api.refused:
            api.refused = True
            if self.session.memory.page(self.source.id, types_url(root)) is not None:
                # What only the API showed is not gone: a list never tells of all that it does.
                self.tally.incomplete.add("its API has closed; read as a list instead")
            yield from self._release(api)


def _is_types(url: str) -> bool:
    place = split_url(url)
    return place is not None and place[1] == TYPES


def _are_posts(api: Api, parsed: Parsed) -> bool:
    """True for a list of nothing but posts that the API lists."""
    items = [onward.url for onward in parsed.follow if onward.role == "detail"]
    return bool(items) and not parsed.sightings and all(bare(one) in api.known for one in items)


def _is_past_the_end(trouble: str, response: Response | None) -> bool:
    """True for the answer to a page after the last one of an index without totals."""
    if trouble != "http_400" or response is None:
        return False
    return is_past_the_end(read_json(decode(response.body, header(response, "Content-Type") or "")))


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
    return contents_by_id(api, route, [one.id for one in changed])


def contents_by_id(api: Api, route: str, ids: list[int]) -> list[str]:
    """The requests that bring the content of the posts with these ids."""
    chunks = (ids[start : start + PER_CONTENT] for start in range(0, len(ids), PER_CONTENT))
    return [content_url(api.root, route, include=",".join(map(str, chunk))) for chunk in chunks]


def _just_before(modified: str) -> str | None:
    """A second earlier: `modified_after` leaves out the second itself. None for what is no time."""
    try:
        return (datetime.fromisoformat(modified) - timedelta(seconds=1)).isoformat()
    except ValueError:
        return None
