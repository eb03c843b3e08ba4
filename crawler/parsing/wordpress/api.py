"""WordPress's REST API: where it is, what to ask for, and what its answers say.

https://developer.wordpress.org/rest-api/ (discovery, pagination, global parameters). Its root stands in the Link header, in a
<link> tag, or behind `?rest_route=/` on sites without pretty addresses; every other address is derived from it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from casereviews.crawler.parsing.html.dom import read_html
from casereviews.crawler.parsing.json_parts import part, text

REL = "https://api.w.org/"
PER_INDEX = 100
"""The most that one answer gives."""
PER_CONTENT = 50
"""Posts with their content in one answer: a hundred long ones may be more than a page may weigh."""

CAPS = 10
"""Servers that give less than was asked for give a multiple of this: such a page of an index without totals may have a next one."""

PAST_THE_END = "rest_post_invalid_page_number"
"""The code of the answer to a page after the last one."""

_LINK_HEADER = re.compile(
    r"<([^<>]{1,2000})>\s*+;[^,]{0,300}\brel\s*=\s*\"?https://api\.w\.org/\"?"
)
_WORDPRESS = re.compile(r"/wp-(?:content|includes)/", re.I)
_PRETTY = re.compile(r"(.*/wp-json)/(.*)")
# Types of the machinery: menus, templates, styles, forms. Attachments are only taken when content links them.
_NO_CONTENT = re.compile(
    r"attachment|nav_menu_item|wp_.*|elementor_.*|acf-.*|custom_css|customize_changeset|oembed_cache|user_request|"
    r".*_(?:popup|template|layout|forms?)"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """One published post as the index of its type gives it; `modified` is the site's own time."""

    id: int
    link: str
    modified: str


@dataclass(frozen=True, slots=True)
class Post:
    """One published post, page or item of a custom type, with its content."""

    id: int
    link: str
    modified: str
    date: str
    title: str
    content: str
    protected: bool


def find_root(html: str, url: str, link_header: str = "") -> str | None:
    """The API's root of the site that `url` is a page of; None when the page shows no sign of WordPress."""
    stated = _LINK_HEADER.search(link_header)
    if stated:
        return urljoin(url, str(stated.group(1)))
    for link in read_html(html).iter("link"):
        if link.get("rel") == REL and link.get("href"):
            return urljoin(url, str(link.get("href")))
    return urljoin(url, "/?rest_route=/") if _WORDPRESS.search(html) else None


def api_url(root: str, route: str, **parameters: object) -> str:
    """The address of a route such as "wp/v2/posts" under the API's root, of either form."""
    parts = urlsplit(root)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    path = parts.path
    if "rest_route" in query:
        query["rest_route"] = "/" + route
    else:
        path = parts.path.rstrip("/") + "/" + route
    query.update({name: str(value) for name, value in parameters.items()})
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(query, safe="/:,"), ""))


def split_url(url: str) -> tuple[str, str] | None:
    """(root, route) of an address of the API, None for any other address."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if "rest_route" in query:
        root = urlunsplit((parts.scheme, parts.netloc, parts.path, "rest_route=/", ""))
        return root, query["rest_route"].strip("/")
    pretty = _PRETTY.fullmatch(parts.path)
    if pretty is None:
        return None
    return urlunsplit((parts.scheme, parts.netloc, pretty.group(1) + "/", "", "")), pretty.group(
        2
    ).strip("/")


def bare(url: str) -> str:
    """An address as lists and the API both give it: without scheme, www. and the last slash."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/")


def types_url(root: str) -> str:
    """The address that names the site's content types. (`_fields` would filter this answer's types, not their fields.)"""
    return api_url(root, "wp/v2/types")


def index_url(root: str, route: str, page: int) -> str:
    """A page of ids and times of change, in the order of ids so that a new post shifts none."""
    return api_url(
        root,
        route,
        _fields="id,link,modified",
        per_page=PER_INDEX,
        page=page,
        orderby="id",
        order="asc",
    )


def content_url(root: str, route: str, **which: object) -> str:
    """Posts with their content: `page=n`, `modified_after=time` or `include=ids`."""
    return api_url(
        root,
        route,
        _fields="id,link,type,date,modified,title,content",
        per_page=PER_CONTENT,
        orderby="id",
        order="asc",
        **which,
    )


def media_url(root: str, media_id: int) -> str:
    """One attachment: where its file is."""
    return api_url(root, f"wp/v2/media/{media_id}", _fields="id,link,title,mime_type,source_url")


def read_json(body: str) -> Any:
    """The answer, None when it is not JSON (a closed API often answers with a page)."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def read_types(answer: Any) -> list[str]:
    """Routes of the types that may hold reviews, posts and pages first."""
    routes = ["wp/v2/posts", "wp/v2/pages"]
    for slug, stated in answer.items() if isinstance(answer, dict) else ():
        base = stated.get("rest_base") if isinstance(stated, Mapping) else None
        if base and not _NO_CONTENT.fullmatch(str(slug)):
            route = f"{stated.get('rest_namespace') or 'wp/v2'}/{base}"
            if route not in routes and re.fullmatch(r"[\w/-]+", route):
                routes.append(route)
    return routes


def read_index(answer: Any) -> list[Listed]:
    """The posts of an index page."""
    return [
        Listed(item["id"], text(item, "link"), text(item, "modified")) for item in _items(answer)
    ]


def read_pages(headers: Mapping[str, str]) -> int | None:
    """How many pages an index says that it has (`headers` by lower-case name), None where it does not say.

    Caches and security plugins drop the headers; either of the two tells.
    """
    pages = headers.get("x-wp-totalpages", "")
    if pages.isdigit():
        return int(pages)
    total = headers.get("x-wp-total", "")
    return math.ceil(int(total) / PER_INDEX) if total.isdigit() else None


def may_go_on(answer: Any) -> bool:
    """True for a full page of an index: where no total is given, only a short page, or none, is its end."""
    count = len(answer) if isinstance(answer, list) else 0
    return count > 0 and count % CAPS == 0


def page_of(url: str) -> int:
    """The number of the page that an address asks for."""
    stated = dict(parse_qsl(urlsplit(url).query)).get("page", "1")
    return int(stated) if stated.isdigit() else 1


def is_past_the_end(answer: Any) -> bool:
    """True for the answer to a page after an index's last one."""
    return isinstance(answer, Mapping) and answer.get("code") == PAST_THE_END


def read_posts(answer: Any) -> list[Post]:
    """The posts of a content page."""
    return [
        Post(
            id=item["id"],
            link=text(item, "link"),
            modified=text(item, "modified"),
            date=text(item, "date"),
            title=text(part(item, "title"), "rendered"),
            content=text(part(item, "content"), "rendered"),
            protected=bool(part(item, "content").get("protected")),
        )
        for item in _items(answer)
    ]


def _items(answer: Any) -> list[Mapping[str, Any]]:
    items = answer if isinstance(answer, list) else ()
    return [item for item in items if isinstance(item, Mapping) and type(item.get("id")) is int]
