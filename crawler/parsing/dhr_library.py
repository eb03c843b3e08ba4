"""The Home Office's Domestic Homicide Review Library: cards in sections, a stated total, numbered pages from 0.

Markup as served in 2026: `section[aria-label^="DHR result"]`, in it captions ("CSP", "Uploaded on") each followed by a value,
and buttons to `/download/<id>`, whose type only the response headers tell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import read_html, text_of
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources.source import Source
from casereviews.repository.html_bounds import bounded
from casereviews.repository.model import Sighting

PAGE_NUMBER = "pagination[pageNumber]"
PAGE_SIZE = "pagination[pageSize]"
DEFAULT_SIZE = 100
"""The largest page that the site offers."""

_TOTAL = re.compile(r"Showing results?\s+[\d,]+\s+to\s+[\d,]+\s+of\s+([\d,]+)", re.I)
_CAPTION = "govuk-caption-m"
_VALUE = "dhrr-results-card--detail-value"


def page_size(source: Source) -> int:
    """Records a page: the entry's option `page_size`, else DEFAULT_SIZE."""
    stated = source.option("page_size")
    return int(stated) if stated.isdigit() and int(stated) > 0 else DEFAULT_SIZE


def page_url(url: str, number: int, size: int) -> str:
    """The address of page `number` (from 0) of the library that `url` is a page of; its other parameters stay."""
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in (PAGE_NUMBER, PAGE_SIZE)
    ]
    query = urlencode([*kept, (PAGE_NUMBER, str(number)), (PAGE_SIZE, str(size))])
    return urlunsplit(parts._replace(query=query, fragment=""))


def first_page(url: str, source: Source) -> str:
    """The first page of the library at `url`."""
    return page_url(url, 0, page_size(source))


def parse_dhr_library(html: str, url: str, source: Source) -> Parsed:
    """Cards of one page, the announced total, and on the first page links to all others.

    `Parsed.announced` is the total that the page states; the pages are ceil(total / size), with the size that was asked for,
    or what the page in fact holds when the server gives fewer. A page without cards and total is of kind "empty".
    """
    tree = read_html(html)
    cards = [
        section
        for section in tree.iter("section")
        if (section.get("aria-label") or "").startswith("DHR result")
    ]
    sightings = [sighting for card in cards for sighting in _sightings(card, url, source)]
    total = _TOTAL.search(text_of(tree))
    announced = int(total.group(1).replace(",", "")) if total else (0 if cards else None)
    if total is None and cards:
        announced = None
    return Parsed(
        sightings=tuple(sightings),
        follow=tuple(_other_pages(url, source, announced, len(cards))),
        announced=announced,
        unread=bounded(html).cut,
        page_kind="list" if cards else "empty",
        title=text_of(tree.find(".//h1")),
    )


def _other_pages(url: str, source: Source, announced: int | None, cards: int) -> Iterator[Link]:
    query = dict(parse_qsl(urlsplit(url).query))
    if query.get(PAGE_NUMBER, "0") != "0" or not announced or not cards:
        return
    asked = query.get(PAGE_SIZE, "")
    size = int(asked) if asked.isdigit() else page_size(source)
    if cards < min(size, announced):
        # The server gives smaller pages than asked for: ask for what it gives, or the rest would be skipped.
        size = cards
    for number in range(1, math.ceil(announced / size)):
        yield Link(page_url(url, number, size), "next", f"page {number + 1}")


def _sightings(card: HtmlElement, url: str, source: Source) -> Iterator[Sighting]:
    label = re.sub(r"^DHR result\s*", "", card.get("aria-label") or "").strip()
    extra = dict(_details(card))
    title = _title(card) or label
    text = text_of(card)
    seen: set[str] = set()
    for anchor in card.iter("a"):
        address = resolve(url, anchor.get("href"))
        if address is None or address in seen or "/download/" not in urlsplit(address).path:
            continue
        seen.add(address)
        yield Sighting(
            source_id=source.id,
            listing_url=url,
            file_url=address,
            link_text=anchor.get("download") or label or title,
            headings=(title,),
            card_text=text,
            dates=tuple(value for name, value in extra.items() if name == "Uploaded on"),
            group=label or address,
            extra={"Title": title, **extra},
        )


def _title(card: HtmlElement) -> str:
    heading = next(iter(card.iter("h2", "h3", "h4")), None)
    if heading is None:
        return ""
    caption = next((span for span in heading.iter("span") if _CAPTION in _classes(span)), None)
    text = text_of(heading)
    return text.removeprefix(text_of(caption)).strip() if caption is not None else text


def _details(card: HtmlElement) -> Iterator[tuple[str, str]]:
    """(caption, value) pairs as printed: CSP, CSP Region, Uploaded on, Date of death."""
    caption_of: dict[HtmlElement, HtmlElement | None] = {}
    for value in card.iter("span"):
        if _VALUE not in _classes(value):
            continue
        parent = value.getparent()
        if parent not in caption_of:
            captions = (span for span in parent.iter("span") if _CAPTION in _classes(span))
            caption_of[parent] = next(captions, None)
        caption = caption_of[parent]
        if caption is not None:
            yield text_of(caption), text_of(value)


def _classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()
