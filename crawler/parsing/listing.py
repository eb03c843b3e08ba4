"""Lists in HTML of every shape: one page, list and detail pages, tables, accordions, cards, libraries behind a guidance page.

For every document link the smallest block that describes it, its heading path, the dates and status words near it, and the files of
the same review. What only looks like a review is left alone, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.parsing import following
from crawler.parsing.addresses import resolve
from crawler.parsing.briefing_page import is_briefing, needs_javascript
from crawler.parsing.cards import Card, card_of, column_heading, table_words
from crawler.parsing.content import own_content, split_paging
from crawler.parsing.dom import read_html, text_of
from crawler.parsing.following import Seen
from crawler.parsing.headings import HeadingPaths
from crawler.parsing.parsed import Link, Parsed
from crawler.parsing.sniff import claims_document
from crawler.parsing.wording import (
    LABEL,
    REVIEW,
    YEAR,
    dates_in,
    decoy_reason,
    is_reviewish,
    status_words_in,
    words_of,
)
from crawler.sources.source import Source
from repository.model import Sighting

_NOTHING_YET = re.compile(
    r"\b(?:no|not any|none)\b[^.]{0,60}\breviews?\b|\bthere are (?:currently |presently )?no\b|\bcurrently no\b",
    re.I,
)
LONGEST_ENTRY = 300
_EMPTY_WORDS = re.compile(
    r"^\W*(?:download|view|open|pdf|word|docx?|here|click here|read|link|file|report|document)?\W*$",
    re.I,
)


@dataclass(slots=True)
class _Reading:
    """What one page gives while it is read."""

    url: str
    source: Source
    link: Link | None
    title: str = ""
    sightings: dict[str, Sighting] = field(default_factory=dict)
    entries: list[Sighting] = field(default_factory=list)
    follow: dict[str, Link] = field(default_factory=dict)
    left: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def is_detail(self) -> bool:
        return self.link is not None and self.link.role in ("detail", "file")

    def leave(self, url: str, text: str, reason: str) -> None:
        if url not in self.sightings and url not in self.follow:
            self.left.setdefault(url, (url, text, reason))


def parse_listing(html: str, url: str, source: Source, *, link: Link | None = None) -> Parsed:
    """What a page says: documents sighted, pages to go on to, and what was left alone by reason.

    `link` is the link that led here: a page of role "detail" is of one review, and what its list said of it
    (`link.sighting`) is kept with its files.
    """
    tree = read_html(html)
    canonical = _canonical(tree, url)
    title = text_of(tree.find(".//h1")) or text_of(tree.find(".//title"))
    paging = following.pages_after(
        ((at, text_of(one)) for one in split_paging(tree) if (at := resolve(url, one.get("href")))),
        url,
    )
    furniture = [(resolve(url, one.get("href")), text_of(one)) for one in tree.iter("a")]
    content = own_content(tree)
    now = _Reading(url, source, link, title)
    _read_anchors(content, now)
    _read_entries(content, now)
    if not now.sightings and not now.follow and not now.is_detail:
        _read_furniture(furniture, now)
    if not now.is_detail or paging:
        for onward in paging:
            now.follow.setdefault(onward.url, onward)
    kind = _kind(html, content, now)
    if kind == "document":
        now.sightings[url] = _page_as_document(content, now)
    left = tuple(now.left.values())
    return Parsed(
        sightings=(*now.sightings.values(), *now.entries),
        follow=tuple(now.follow.values()),
        left_alone=Counter(reason for _, _, reason in left),
        left_links=left,
        canonical=canonical,
        page_kind=kind,
        title=title,
    )


def _kind(html: str, content: HtmlElement, now: _Reading) -> str:
    if not now.sightings and not now.entries:
        if not now.follow and needs_javascript(html, content):
            return "needs_javascript"
        if is_briefing(content, now.title, is_detail=now.is_detail):
            return "document"
        if not now.follow:
            return "empty"
    return "detail" if now.is_detail else "list"


def _canonical(tree: HtmlElement, url: str) -> str | None:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == "canonical":
            return resolve(url, element.get("href"))
    return None


# ---------------------------------------------------------------- links


def _read_anchors(content: HtmlElement, now: _Reading) -> None:
    paths = HeadingPaths(content)
    anchors = [(one, at) for one in content.iter("a") if (at := resolve(now.url, one.get("href")))]
    files = [one for one, at in anchors if claims_document(at)]
    for anchor, address in anchors:
        if _same_page(address, now.url):
            continue
        card = card_of(anchor, files, content)
        headings = _headings(paths.of(anchor), card)
        text = _link_text(anchor)
        seen = Seen(address, text, headings, card.text)
        if urlsplit(address).netloc.lower() not in now.source.hosts:
            _leave_elsewhere(seen, now)
        elif following.skipped(address, now.source):
            now.leave(address, text, "skip_rule")
        elif claims_document(address):
            _take_file(seen, card, now)
        else:
            _go_on(seen, card, now)


def _same_page(address: str, url: str) -> bool:
    return address.rstrip("/") == url.partition("#")[0].rstrip("/")


def _link_text(anchor: HtmlElement) -> str:
    text = text_of(anchor)
    if text:
        return text
    for name in ("aria-label", "title", "download"):
        if anchor.get(name):
            return " ".join(str(anchor.get(name)).split())
    image = anchor.find(".//img")
    return " ".join((image.get("alt") or "").split()) if image is not None else ""


def _headings(path: tuple[str, ...], card: Card) -> tuple[str, ...]:
    if card.row is None:
        return path
    said, _ = table_words(card)
    return (*path, *(one for one in said if one not in path))


def _leave_elsewhere(seen: Seen, now: _Reading) -> None:
    words = words_of(seen.text, seen.url)
    about = claims_document(seen.url) or is_reviewish(words)
    now.leave(seen.url, seen.text, "other_publisher" if about else "off_site")


def _take_file(seen: Seen, card: Card, now: _Reading) -> None:
    reason = _why_no_review(seen, now)
    if reason is not None:
        now.leave(seen.url, seen.text, reason)
        return
    made = _sighting(seen, card, now)
    before = now.sightings.get(seen.url)
    # The same file linked twice (an icon and a title): what says more stays.
    if before is None or _EMPTY_WORDS.match(before.link_text):
        now.sightings[seen.url] = made
        now.left.pop(seen.url, None)


def _why_no_review(seen: Seen, now: _Reading) -> str | None:
    """Why a file is left alone; None when it is a document of a review, by its own words or by where it stands."""
    own = words_of(seen.text, seen.url)
    reason = decoy_reason(seen.text) if not _EMPTY_WORDS.match(seen.text) else None
    if reason is None and not is_reviewish(seen.text):
        reason = decoy_reason(own)
    if reason is not None:
        return reason
    if is_reviewish(own):
        return None
    nearest = [one for one in seen.headings if not YEAR.match(one)]
    if nearest and (said := decoy_reason(nearest[-1])) and not REVIEW.search(nearest[-1]):
        return said
    around = " ".join([*seen.headings[-3:], seen.card[:400]])
    if (
        now.is_detail
        or is_reviewish(around)
        or REVIEW.search(f"{now.title} {_path_words(now.url)}")
    ):
        return None
    return "not_a_review"


def _path_words(url: str) -> str:
    return re.sub(r"[-_/]+", " ", urlsplit(url).path)


def _go_on(seen: Seen, card: Card, now: _Reading) -> None:
    role, reason = following.judged(seen, now.url, now.source)
    maybe_file = following.may_be_file(seen)
    if maybe_file and reason is None and not (role and following.ruled(seen, now.url, now.source)):
        if (why := _why_no_review(seen, now)) is not None:
            now.leave(seen.url, seen.text, why)
            return
        role = "file"
    if reason is not None:
        now.leave(seen.url, seen.text, reason)
    elif role == "list" and now.is_detail:
        return  # a review's page links back to its list
    elif role is not None and not (
        now.is_detail and role == "detail" and not following.ruled(seen, now.url, now.source)
    ):
        made = _sighting(seen, card, now)
        if role == "file":
            told: Sighting | None = replace(made, kind="file", file_url=seen.url)
        elif role == "detail":
            told = replace(made, kind="page", file_url=None, detail_url=seen.url, group=seen.url)
        else:
            told = None
        now.follow.setdefault(seen.url, Link(seen.url, role, seen.text, told))
        now.left.pop(seen.url, None)


def _read_furniture(anchors: list[tuple[str | None, str]], now: _Reading) -> None:
    """Some guidance pages link their list from the side menu only: strong words count there too."""
    for address, text in anchors:
        if not address or urlsplit(address).netloc.lower() not in now.source.hosts:
            continue
        if (
            _same_page(address, now.url)
            or claims_document(address)
            or following.skipped(address, now.source)
        ):
            continue
        seen = Seen(address, text)
        role, _ = following.judged(seen, now.url, now.source)
        if role == "list" and REVIEW.search(text):
            now.follow.setdefault(address, Link(address, "list", text))


# ---------------------------------------------------------------- sightings


def _sighting(seen: Seen, card: Card, now: _Reading) -> Sighting:
    told = now.link.sighting if now.link is not None else None
    text = card.text
    own_words = table_words(card)[1] if card.row is not None else text
    dates = dates_in(text) or _dates_of(seen.headings)
    if told is not None and now.is_detail:
        dates = dates or list(told.dates)
    return Sighting(
        source_id=now.source.id,
        listing_url=told.listing_url if told is not None and now.is_detail else now.url,
        file_url=seen.url,
        detail_url=now.url if now.is_detail else None,
        link_text=seen.text,
        headings=_with_list(seen.headings, told, now),
        card_text=text,
        dates=tuple(dates),
        status_words=tuple(status_words_in(own_words)),
        group=_group(seen, card, now),
    )


def _with_list(headings: tuple[str, ...], told: Sighting | None, now: _Reading) -> tuple[str, ...]:
    """The headings of a review's page, after the words by which its list named it."""
    if told is None or not now.is_detail:
        return headings
    named = [told.link_text] if told.link_text and not _EMPTY_WORDS.match(told.link_text) else []
    before = [one for one in (*told.headings[-1:], *named) if one not in headings]
    return (*before, *headings)


def _dates_of(headings: tuple[str, ...]) -> list[str]:
    """A date that a heading holds, or the year that it is; the nearest heading first."""
    for heading in reversed(headings):
        dates = dates_in(heading)
        if dates:
            return dates
        year = YEAR.match(heading)
        if year:
            return [year.group(1)]
    return []


def _group(seen: Seen, card: Card, now: _Reading) -> str | None:
    """A key that files of one review share: their row, card or heading; on a review's own page the page."""
    if now.is_detail:
        labelled = [one for one in seen.headings[1:] if LABEL.search(one)]
        return f"{now.url} {labelled[-1]}" if labelled else now.url
    if card.row is not None:
        said, _ = table_words(card)
        first = text_of(next(iter(card.row), None))
        return f"{now.url} {first or ' '.join(said)}"[:400]
    if card.unit is not None:
        first = card.unit.find(".//a")
        key = resolve(now.url, first.get("href")) if first is not None else None
        return f"{now.url} {key}" if key else None
    labelled = [one for one in seen.headings if LABEL.search(one)]
    return f"{now.url} {labelled[-1]}" if labelled else None


def _page_as_document(content: HtmlElement, now: _Reading) -> Sighting:
    told = now.link.sighting if now.link is not None else None
    text = text_of(content)
    dates = dates_in(text[:600]) or (list(told.dates) if told else [])
    return Sighting(
        source_id=now.source.id,
        listing_url=told.listing_url if told else now.url,
        file_url=now.url,
        kind="page",
        detail_url=now.url,
        link_text=now.title,
        headings=(*told.headings, told.link_text) if told and told.link_text else (),
        card_text=told.card_text if told else "",
        dates=tuple(dates),
        status_words=(),
        group=now.url,
    )


# ---------------------------------------------------------------- entries without a file


def _read_entries(content: HtmlElement, now: _Reading) -> None:
    """Reviews that are named and not to be had: a cell or an item that says "No longer published"."""
    paths = HeadingPaths(content)
    for row in content.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        for at, cell in enumerate(cells):
            text = text_of(cell)
            if (
                at
                and len(text) < LONGEST_ENTRY
                and status_words_in(text)
                and cell.find(".//a") is None
            ):
                _add_entry(row, cell, at, text_of(cells[0]), paths, now)
    for item in content.iter("li", "p"):
        text = text_of(item)
        if (
            len(text) < LONGEST_ENTRY
            and item.find(".//a") is None
            and _names_a_case(text, paths.of(item))
        ):
            if any(up.tag == "tr" for up in item.iterancestors()) or not status_words_in(text):
                continue
            now.entries.append(_entry(text, paths.of(item), text, now))


def _names_a_case(text: str, headings: tuple[str, ...]) -> bool:
    return (
        bool(LABEL.search(text))
        and not _NOTHING_YET.search(text)
        and bool(REVIEW.search(text) or any(REVIEW.search(one) for one in headings))
    )


def _add_entry(
    row: HtmlElement, cell: HtmlElement, at: int, name: str, paths: HeadingPaths, now: _Reading
) -> None:
    column = column_heading(row, at)
    headings = tuple(one for one in (*paths.of(row), column) if one)
    made = _entry(name, headings, text_of(cell), now)
    now.entries.append(
        replace(
            made,
            card_text=text_of(row),
            group=f"{now.url} {name}"[:400],
            dates=tuple(dates_in(text_of(row)) or _dates_of(headings)),
        )
    )


def _entry(name: str, headings: tuple[str, ...], said: str, now: _Reading) -> Sighting:
    return Sighting(
        source_id=now.source.id,
        listing_url=now.url,
        file_url=None,
        kind="entry",
        detail_url=now.url if now.is_detail else None,
        link_text=name,
        headings=headings,
        card_text=said,
        dates=tuple(dates_in(said) or _dates_of(headings)),
        status_words=tuple(status_words_in(said)),
        group=None,
    )


def sightings_by_file(parsed: Parsed) -> Iterator[tuple[str, Sighting]]:
    """(address, sighting) of every sighted file."""
    return ((one.file_url, one) for one in parsed.sightings if one.file_url)
