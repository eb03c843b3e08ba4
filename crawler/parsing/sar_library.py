"""The National SAR Library's page: a collapsible table for each year, a row for each report."""

from __future__ import annotations

import re
from collections import Counter

from bs4 import BeautifulSoup, Tag

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.sources.hosts import allowed_host
from casereviews.crawler.sources.source import Source
from casereviews.repository.html_bounds import bounded
from casereviews.repository.model import Sighting

_DOWNLOAD = re.compile(r"\s*(download|view|open)?\s*", re.I)


def parse_sar_library(html: str, url: str, source: Source) -> Parsed:
    """Every report of the library's one long page, each file once.

    The heading is the button over the table ("SARs 2026": the year a report was added, not of its publication), the
    link text is the title cell, often a file name. Addresses hold raw spaces and ampersands: they come out encoded.
    """
    soup = BeautifulSoup((page := bounded(html)).text, "lxml")
    heading_of = _headings(soup)
    said: dict[int, tuple[str, str]] = {}  # a row's title and text, once however many links it has
    found: dict[str, Sighting] = {}
    elsewhere: dict[str, Sighting] = {}
    left: list[tuple[str, str, str]] = []
    for anchor in soup.select("tr a[href]"):
        row = anchor.find_parent("tr")
        if not isinstance(row, Tag):
            continue
        address = resolve(url, str(anchor["href"]))
        if address is None:
            continue
        if id(row) not in said:
            said[id(row)] = _title(row), _text(row)
        title, text = said[id(row)]
        title = title or _text(anchor)
        place = found if allowed_host(address, source.hosts) else elsewhere
        if not claims_document(address):
            reason = "not_a_document" if place is found else "off_site"
            left.append((address, title, reason))
        elif address not in place:
            heading = heading_of[id(row.find_parent("table") or row)]
            place[address] = Sighting(
                source_id=source.id,
                listing_url=url,
                file_url=address,
                link_text=title,
                headings=(heading,) if heading else (),
                card_text=text,
            )
    return Parsed(
        sightings=tuple(found.values()),
        left_alone=Counter(reason for _, _, reason in left),
        left_links=tuple(left),
        unread=page.cut,
        page_kind="list" if found or elsewhere else "empty",
        title=_text(soup.title) if soup.title else "",
        elsewhere=tuple(elsewhere.values()),
    )


def _title(row: Tag) -> str:
    """The text of the first cell that says more than "Download"."""
    cells = (_text(cell) for cell in row.find_all(["td", "th"]))
    return next((cell for cell in cells if not _DOWNLOAD.fullmatch(cell)), "")


def _headings(soup: BeautifulSoup) -> dict[int, str]:
    """The nearest button or heading before each table and row, which are named by their `id()`."""
    found: dict[int, str] = {}
    heading = ""
    for tag in soup.find_all(["table", "tr", "button", "summary", "h1", "h2", "h3", "h4"]):
        if tag.name in ("table", "tr"):
            found[id(tag)] = heading
        else:
            heading = _text(tag)
    return found


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
