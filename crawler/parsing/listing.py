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
from casereviews.crawler.parsing.empty_lists import says_none
from casereviews.crawler.parsing.html.addresses import is_store, resolve
from casereviews.crawler.parsing.html.content import parted
from casereviews.crawler.parsing.html.dom import own_text_of, text_of
from casereviews.crawler.parsing.html.offers import leads_nowhere, promises_file, read_offers
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links import following
from casereviews.crawler.parsing.links.cards import (
    Card,
    card_around,
    card_of,
    is_block_link,
    title_of_card,
    title_within,
)
from casereviews.crawler.parsing.links.dates_and_status import DatedLines
from casereviews.crawler.parsing.links.document_links import (
    Reading,
    case_heading,
    headings_of,
    page_as_document,
    sighting_of,
)
from casereviews.crawler.parsing.links.elsewhere import is_of_review
from casereviews.crawler.parsing.links.entries import read_entries
from casereviews.crawler.parsing.links.following import Seen
from casereviews.crawler.parsing.links.headings import HeadingPaths
from casereviews.crawler.parsing.links.in_context import (
    CaseNames,
    among_siblings,
    is_general_paper,
    is_national,
)
from casereviews.crawler.parsing.links.page_order import join_papers_to_reports
from casereviews.crawler.parsing.links.paging import Paging, read_paging
from casereviews.crawler.parsing.links.wording import (
    LABEL,
    decoy_reason,
    is_reviewish,
    says_nothing,
    words_of,
    year_of,
)
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources.hosts import allowed_host, same_page
from casereviews.crawler.sources.source import Source
from casereviews.repository.html_bounds import bounded
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.decoys import names_paper, names_review

LONGEST_LINK_TEXT = 1000
LONGEST_TITLE = 150
"""Characters. What stands beside a link and is longer is a paragraph, no title."""


def parse_listing(html: str, url: str, source: Source, *, link: Link | None = None) -> Parsed:
    """What a page says: documents sighted, pages to go on to, and what was left alone by reason.

    `link` is the link that led here: a page of role "detail" is of one review, and what its list said of it
    (`link.sighting`) is kept with its files.
    """
    tree = read_offers(html, url)
    canonical = _linked(tree, url, "canonical")
    heading = tree.find(".//h1")
    title = own_text_of(heading) if heading is not None else text_of(tree.find(".//title"))
    title = title[:LONGEST_LINK_TEXT].strip()
    paging = read_paging(tree, url)
    furniture = [(resolve(url, one.get("href")), text_of(one)) for one in tree.iter("a")]
    parts = parted(tree)
    content = parts.own
    paths = HeadingPaths(content)
    lines = DatedLines(content, paths.is_heading, paths.panels.names)
    now = Reading(url, source, link, title, paths, lines, paging.addresses, canonical)
    _read_anchors(content, now)
    if now.is_detail and not now.sightings and not now.follow:
        # Some designs put a review's files into the side column.
        now.look_at(wide := parted(read_offers(html, url), sides=True).own)
        _read_anchors(wide, now)
    join_papers_to_reports(now)
    read_entries(content, now)
    for block in parts.beside:
        _read_beside(block, now)
    if not now.sightings and not now.follow and not now.is_detail:
        _read_furniture(furniture, now)
    for onward in paging.pages:
        now.follow.setdefault(onward.url, onward)
    kind = _kind(html, content, now)
    if kind == "document":
        made = page_as_document(now)
        now.sightings[made.file_url or url] = made
    # A review's paper on another host is told and not asked for: a record, and a link that is not followed.
    there = ((one.file_url or "", one.link_text, "off_site") for one in now.elsewhere.values())
    left = (*now.left.values(), *there)
    named = now.sightings or now.entries or now.elsewhere
    announced, shown, unread = (None, None, ()) if now.is_detail else _what_more(paging, now)
    return Parsed(
        sightings=(*among_siblings(now.sightings).values(), *now.entries),
        follow=tuple(now.follow.values()),
        left_alone=Counter(reason for _, _, reason in left),
        left_links=left,
        announced=announced,
        shown=shown,
        unread=(*unread, *bounded(html).cut),
        canonical=canonical,
        shortlink=_linked(tree, url, "shortlink"),
        page_kind=kind,
        title=title,
        elsewhere=tuple(now.elsewhere.values()),
        says_none=not named and not now.is_detail and says_none(text_of(content)),
    )


def _what_more(
    paging: Paging, now: Reading
) -> tuple[int | None, tuple[int, int] | None, tuple[str, ...]]:
    """The total that a list states and the part of it that this page shows (None without both), and what of the list is not read."""
    taken = now.follow.keys() | now.sightings.keys() | now.left.keys()
    unclear = [words for at, words in paging.unclear.items() if at not in taken]
    unread = (*paging.unread, *unclear[:1])
    if paging.announced is None:
        return None, None, unread
    # A review may have several files: items are counted, taken or left alone, not documents.
    items = {one.group or one.file_url for one in now.sightings.values()}
    items |= {at for at, onward in now.follow.items() if onward.role != "next"} | now.left.keys()
    count = len(items) + len(now.entries)
    if count >= paging.announced:
        return paging.announced, (1, paging.announced), unread  # a script shows them in parts
    if paging.shown is not None:
        return paging.announced, paging.shown, unread
    if not paging.pages:
        unread = (*unread, f"{paging.announced} are announced on {now.url} and it holds {count}")
    return None, None, unread


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
    for one in content.iter("a", "button", "input"):
        text = (text_of(one) or one.get("value") or "")[:LONGEST_LINK_TEXT]
        promised = promises_file(one) and is_reviewish(text)
        dead = names_paper(text) and leads_nowhere(one) and not now.paths.is_heading(one)
        if promised or dead:
            under = " ".join(now.paths.of(one)[-1:])
            now.leave(f"{now.url}#{under} {text}", text, "no_address")
    anchors = [(one, at) for one in content.iter("a") if (at := resolve(now.url, one.get("href")))]
    now.named = CaseNames(_link_text(one) for one, _ in anchors)
    for anchor, address in anchors:
        if same_page(address, now.url):
            continue
        now.addresses[anchor] = address
        card = card_of(anchor, content, now.paths.panels.names)
        seen = _seen(anchor, address, card, now)
        if address in now.paging:
            continue  # told apart for the whole page
        if not allowed_host(address, now.source.hosts):
            _read_elsewhere(anchor, seen, card, now)
        elif following.skipped(address, now.source):
            now.leave(address, seen.text, "skip_rule")
        elif claims_document(address):
            _take_file(anchor, seen, card, now)
        else:
            _go_on(anchor, seen, card, now)


def _read_beside(block: HtmlElement, now: Reading) -> None:
    """Documents in what stands beside the page's own part: those that name their review are taken, the others counted.

    On a review's own page they are those of other reviews, but for what has the review's label.
    """
    now.look_at(block)
    for anchor in block.iter("a"):
        address = resolve(now.url, anchor.get("href"))
        if not address or not claims_document(address) or address in now.sightings:
            continue
        if not allowed_host(address, now.source.hosts):
            continue
        card = card_of(anchor, block, now.paths.panels.names)
        seen = _seen(anchor, address, card, now)
        if following.skipped(address, now.source) or _why_no_review(seen, now) is not None:
            continue
        if _names_its_review(seen, now):
            _take_file(anchor, seen, card, now)
        else:
            now.leave(address, seen.text, "beside")


def _names_its_review(seen: Seen, now: Reading) -> bool:
    said = " ".join([*seen.headings[-1:], words_of(seen.text, seen.url)])
    if not now.is_detail:
        return is_reviewish(said)
    own = {found.group(0) for found in LABEL.finditer(now.title)}
    return any(found.group(0) in own for found in LABEL.finditer(said))


def _seen(anchor: HtmlElement, address: str, card: Card, now: Reading) -> Seen:
    """A link with its headings; where it only says "Download", its card's title is one of them."""
    headings, text = headings_of(anchor, card, now), _link_text(anchor)
    if headings and headings[-1] == text:
        headings = headings[:-1]  # it is the link itself
    if card.row is None and says_nothing(text) and not case_heading(headings, now):
        title = title_of_card(anchor, card_around(anchor))
        if title and title not in (*headings, now.title):
            headings = (*headings, title)
    return Seen(address, text, headings, card.text)


def _link_text(anchor: HtmlElement) -> str:
    """What a link is called; of more than a title can be, its beginning."""
    return _said_by_link(anchor)[:LONGEST_LINK_TEXT].strip()


def _said_by_link(anchor: HtmlElement) -> str:
    if is_block_link(anchor) and (title := title_within(anchor)):
        return title
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
        if before is None or says_nothing(before.link_text):
            now.elsewhere[seen.url] = sighting_of(anchor, seen, card, now)
        return
    words = words_of(seen.text, seen.url)
    about = claims_document(seen.url) or is_store(seen.url) or is_reviewish(words)
    now.leave(seen.url, seen.text, "other_publisher" if about else "off_site")


def _take_file(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> None:
    reason = _why_no_review(seen, now)
    if reason is not None:
        now.leave(seen.url, seen.text, reason)
        return
    made = sighting_of(anchor, seen, card, now)
    before = now.sightings.get(seen.url)
    # The same file linked twice (an icon and a title): what says more stays.
    if before is None or says_nothing(before.link_text):
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
    if not now.source.national and is_national(seen, _title_of(seen), now.title):
        return "national"
    if is_general_paper(seen, _title_of(seen), now.named):
        return "general_paper"
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
    if not says_nothing(seen.text):
        return seen.text
    beside = seen.card.replace(seen.text, " ", 1) if seen.text else seen.card
    return beside.strip(" -–—|:()[]") if len(beside) <= LONGEST_TITLE else ""


def _path_words(url: str) -> str:
    return re.sub(r"[-_/]+", " ", urlsplit(url).path)


def _judged(anchor: HtmlElement, seen: Seen, now: Reading) -> tuple[str | None, str | None]:
    """The role of a link, or why it is left alone: by its own words, or by the title of its card where they say nothing."""
    told = following.judged(seen, now.url, now.source)
    if told != (None, None) and not says_nothing(seen.text):
        return told
    item = card_around(anchor)
    title = title_of_card(anchor, item)
    if not title and says_nothing(seen.text):
        title = (*seen.headings, "")[0 if not seen.headings else -2]
    if not title or title == now.title:
        return told
    outside = tuple(one for one in (now.title, *seen.headings) if one and one != title)
    by_title = Seen(seen.url, title, outside, f"{title} {seen.card}")
    named = following.judged(by_title, now.url, now.source)
    return named if named != (None, None) else told


def _go_on(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> None:
    role, reason = _judged(anchor, seen, now)
    maybe_file = following.may_be_file(seen)
    if maybe_file and reason is None and not (role and following.ruled(seen, now.url, now.source)):
        if (why := _why_no_review(seen, now)) is not None:
            now.leave(seen.url, seen.text, why)
            return
        role = "file"
    elif reason is None and _is_paper(seen, role, now):
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
    elif not now.is_detail and seen.headings and LABEL.search(seen.headings[-1]) and seen.text:
        # Under a case's heading, and neither its words nor its address say what it is.
        now.leave(seen.url, seen.text, "not_followed")


def _is_paper(seen: Seen, role: str | None, now: Reading) -> bool:
    """True for a link that nothing in its address tells of, and whose words and place say that a review's paper is behind it."""
    if role not in (None, "detail" if now.is_detail else None):
        return False
    if following.ruled(seen, now.url, now.source):
        return False
    own, theirs = LABEL.search(seen.text), LABEL.search(now.title)
    if now.is_detail and own and theirs and own.group(0).lower() != theirs.group(0).lower():
        return False  # another review's
    here = following.names_paper_here(seen, of_one_review=now.is_detail)
    return here and _why_no_review(seen, now) is None


def _read_furniture(anchors: list[tuple[str | None, str]], now: Reading) -> None:
    """Some guidance pages link their list from the side menu only: strong words count there too."""
    for address, text in anchors:
        if not address or not allowed_host(address, now.source.hosts):
            continue
        if (
            same_page(address, now.url)
            or claims_document(address)
            or following.skipped(address, now.source)
        ):
            continue
        seen = Seen(address, text)
        role, _ = following.judged(seen, now.url, now.source)
        if role == "list" and names_review(text):
            now.follow.setdefault(address, Link(address, "list", text))
