"""Lists in HTML of every shape: one page, list and detail pages, tables, accordions, cards, libraries behind a guidance page.

For every document link the smallest block that describes it, its heading path, the dates and status words near it, and the files of
the same review. What only looks like a review is left alone, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from casereviews.crawler.parsing.briefing_page import is_briefing, needs_javascript
from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.content import own_content, paging_anchors
from casereviews.crawler.parsing.html.dom import own_text_of, read_html, text_of
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links import following
from casereviews.crawler.parsing.links.cards import Card, card_of
from casereviews.crawler.parsing.links.dates_and_status import Lines
from casereviews.crawler.parsing.links.document_links import (
    EMPTY_WORDS,
    Reading,
    headings_of,
    page_as_document,
    sighting_of,
)
from casereviews.crawler.parsing.links.elsewhere import is_of_review
from casereviews.crawler.parsing.links.entries import read_entries
from casereviews.crawler.parsing.links.following import Seen
from casereviews.crawler.parsing.links.headings import HeadingPaths, is_heading
from casereviews.crawler.parsing.links.wording import (
    decoy_reason,
    is_reviewish,
    words_of,
    year_of,
)
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.decoys import names_review

LONGEST_TITLE = 150
"""Characters. What stands beside a link and is longer is a paragraph, no title."""


def parse_listing(html: str, url: str, source: Source, *, link: Link | None = None) -> Parsed:
    """What a page says: documents sighted, pages to go on to, and what was left alone by reason.

    `link` is the link that led here: a page of role "detail" is of one review, and what its list said of it
    (`link.sighting`) is kept with its files.
    """
    tree = read_html(html)
    canonical = _linked(tree, url, "canonical")
    heading = tree.find(".//h1")
    title = own_text_of(heading) if heading is not None else text_of(tree.find(".//title"))
    paging = following.pages_after(
        (
            (at, text_of(one))
            for one in paging_anchors(tree)
            if (at := resolve(url, one.get("href")))
        ),
        url,
    )
    furniture = [(resolve(url, one.get("href")), text_of(one)) for one in tree.iter("a")]
    content = own_content(tree)
    now = Reading(
        url, source, link, title, HeadingPaths(content), Lines(content, is_heading), canonical
    )
    _read_anchors(content, now)
    if now.is_detail and not now.sightings and not now.follow:
        # Some designs put a review's files into the side column.
        now.lines, now.paths = Lines(wide := _with_sides(html), is_heading), HeadingPaths(wide)
        _read_anchors(wide, now)
    read_entries(content, now)
    if not now.sightings and not now.follow and not now.is_detail:
        _read_furniture(furniture, now)
    if not now.is_detail or paging:
        for onward in paging:
            now.follow.setdefault(onward.url, onward)
    kind = _kind(html, content, now)
    if kind == "document":
        made = page_as_document(content, now)
        now.sightings[made.file_url or url] = made
    left = tuple(now.left.values())
    return Parsed(
        sightings=(*now.sightings.values(), *now.entries),
        follow=tuple(now.follow.values()),
        left_alone=Counter(reason for _, _, reason in left),
        left_links=left,
        canonical=canonical,
        shortlink=_linked(tree, url, "shortlink"),
        page_kind=kind,
        title=title,
        elsewhere=tuple(now.elsewhere.values()),
    )


def _with_sides(html: str) -> HtmlElement:
    return own_content(read_html(html), sides=True)


def _kind(html: str, content: HtmlElement, now: Reading) -> str:
    if not now.sightings and not now.entries and not now.elsewhere:
        if not now.follow and needs_javascript(html, content):
            return "needs_javascript"
        if is_briefing(content, now.title, is_detail=now.is_detail):
            return "document"
        if not now.follow:
            return "empty"
    return "detail" if now.is_detail else "list"


def _linked(tree: HtmlElement, url: str, relation: str) -> str | None:
    for element in tree.iter("link"):
        if (element.get("rel") or "").lower() == relation:
            return resolve(url, element.get("href"))
    return None


# ---------------------------------------------------------------- links


def _read_anchors(content: HtmlElement, now: Reading) -> None:
    anchors = [(one, at) for one in content.iter("a") if (at := resolve(now.url, one.get("href")))]
    for anchor, address in anchors:
        if _same_page(address, now.url):
            continue
        card = card_of(anchor, content)
        headings = headings_of(anchor, card, now)
        text = _link_text(anchor)
        seen = Seen(address, text, headings, card.text)
        if following.is_paging(seen, now.url):
            continue  # told apart for the whole page
        if urlsplit(address).netloc.lower() not in now.source.hosts:
            _read_elsewhere(anchor, seen, card, now)
        elif following.skipped(address, now.source):
            now.leave(address, text, "skip_rule")
        elif claims_document(address):
            _take_file(anchor, seen, card, now)
        else:
            _go_on(anchor, seen, card, now)


def _same_page(address: str, url: str) -> bool:
    return address.rstrip("/") == url.partition("#")[0].rstrip("/")


def _link_text(anchor: HtmlElement) -> str:
    inside = [one for one in anchor.iter("h2", "h3", "h4", "h5", "h6") if text_of(one)]
    text = text_of(inside[0]) if len(inside) == 1 else own_text_of(anchor)
    if text:
        return text
    for name in ("aria-label", "title", "download"):
        if anchor.get(name):
            return " ".join(str(anchor.get(name)).split())
    image = anchor.find(".//img")
    return " ".join((image.get("alt") or "").split()) if image is not None else ""


def _read_elsewhere(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> None:
    """A link to another site: a review's own paper is sighted, though it may not be asked for there; the rest is left alone."""
    ours = is_of_review(seen, now.source, title=now.title, is_detail=now.is_detail)
    if ours and not following.skipped(seen.url, now.source) and _why_no_review(seen, now) is None:
        before = now.elsewhere.get(seen.url)
        if before is None or EMPTY_WORDS.search(before.link_text):
            now.elsewhere[seen.url] = sighting_of(anchor, seen, card, now)
        return
    words = words_of(seen.text, seen.url)
    about = claims_document(seen.url) or is_reviewish(words)
    now.leave(seen.url, seen.text, "other_publisher" if about else "off_site")


def _take_file(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> None:
    reason = _why_no_review(seen, now)
    if reason is not None:
        now.leave(seen.url, seen.text, reason)
        return
    made = sighting_of(anchor, seen, card, now)
    before = now.sightings.get(seen.url)
    # The same file linked twice (an icon and a title): what says more stays.
    if before is None or EMPTY_WORDS.search(before.link_text):
        now.sightings[seen.url] = made
        now.left.pop(seen.url, None)


def _why_no_review(seen: Seen, now: Reading) -> str | None:
    """Why a file is left alone; None when it is a document of a review, by its own words or by where it stands."""
    own = words_of(seen.text, seen.url)
    reason = decoy_reason(_title_of(seen))
    if reason is None and not is_reviewish(seen.text):
        reason = decoy_reason(own)
    if reason is not None:
        return reason
    if is_reviewish(own):
        return None
    nearest = [one for one in seen.headings if not year_of(one)]
    if (
        nearest
        and (said := decoy_reason(nearest[-1], place=True))
        and not names_review(nearest[-1])
    ):
        return said
    around = " ".join([*seen.headings[-3:], seen.card[:400]])
    if now.is_detail or is_reviewish(around) or names_review(f"{now.title} {_path_words(now.url)}"):
        return None
    return "not_a_review"


def _title_of(seen: Seen) -> str:
    """The words that name a file: its link's, or those beside a link that only says "Download"; a whole paragraph names nothing."""
    if not EMPTY_WORDS.search(seen.text):
        return seen.text
    beside = seen.card.replace(seen.text, " ", 1) if seen.text else seen.card
    return beside.strip(" -–—|:()[]") if len(beside) <= LONGEST_TITLE else ""


def _path_words(url: str) -> str:
    return re.sub(r"[-_/]+", " ", urlsplit(url).path)


def _go_on(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> None:
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
        made = sighting_of(anchor, seen, card, now)
        if role == "file":
            told: Sighting | None = replace(made, kind="file", file_url=seen.url)
        elif role == "detail":
            told = replace(made, kind="page", file_url=None, detail_url=seen.url, group=seen.url)
        else:
            told = None
        now.follow.setdefault(seen.url, Link(seen.url, role, seen.text, told))
        now.left.pop(seen.url, None)


def _read_furniture(anchors: list[tuple[str | None, str]], now: Reading) -> None:
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
        if role == "list" and names_review(text):
            now.follow.setdefault(address, Link(address, "list", text))
