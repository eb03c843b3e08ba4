"""A link that is a document of a review, as a sighting: its words, headings, dates, status, and what it belongs to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import leads_on, several, text_of, text_of_block
from casereviews.crawler.parsing.html.own_addresses import is_other_spelling
from casereviews.crawler.parsing.links.cards import Card, name_of_row, table_words
from casereviews.crawler.parsing.links.dates_and_status import (
    DatedLines,
    dates_of_headings,
    status_of_link,
)
from casereviews.crawler.parsing.links.following import Seen, names_list
from casereviews.crawler.parsing.links.headings import HeadingPaths
from casereviews.crawler.parsing.links.in_context import CaseNames
from casereviews.crawler.parsing.links.said_dates import Said, said_in_title
from casereviews.crawler.parsing.links.wording import (
    LABEL,
    LINK_WORDS,
    only_dates,
    says_nothing,
    year_of,
)
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.decoys import names_paper

EMPTY_WORDS = LINK_WORDS["empty"]
"""Link texts that say nothing of what they lead to."""

_NAMES_MANY = LINK_WORDS["names_many"]


@dataclass(slots=True)
class Reading:
    """What one page gives while it is read."""

    url: str
    source: Source
    link: Link | None
    title: str
    paths: HeadingPaths
    lines: DatedLines
    paging: Collection[str] = ()
    canonical: str | None = None
    named: CaseNames = field(default_factory=CaseNames)
    addresses: dict[HtmlElement, str] = field(default_factory=dict)
    sightings: dict[str, Sighting] = field(default_factory=dict)
    elsewhere: dict[str, Sighting] = field(default_factory=dict)
    entries: list[Sighting] = field(default_factory=list)
    follow: dict[str, Link] = field(default_factory=dict)
    left: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def is_detail(self) -> bool:
        """True for the page of one review; where a link to a file led to a page, its words tell whether that is a list."""
        if self.link is None or self.link.role not in ("detail", "file"):
            return False
        return self.link.role == "detail" or not names_list(self.link.text)

    @property
    def listed(self) -> Sighting | None:
        """What the list said of this review's page."""
        return self.link.sighting if self.link is not None and self.is_detail else None

    def look_at(self, part: HtmlElement) -> None:
        """Turn to another part of the page."""
        self.paths = HeadingPaths(part)
        self.lines = DatedLines(part, self.paths.is_heading, self.paths.panels.names)

    def leave(self, url: str, text: str, reason: str) -> None:
        """Count a link that is left alone, unless it turns out to be wanted elsewhere on the page."""
        before = self.sightings.get(url)
        if before is not None and says_nothing(before.link_text):
            del self.sightings[url]  # its icon stood first and said nothing
            before = None
        if before is None and url not in self.follow:
            self.left.setdefault(url, (url, text, reason))


def headings_of(anchor: HtmlElement, card: Card, now: Reading) -> tuple[str, ...]:
    """The headings above a link; in a table its column's and its row's too. A heading that is the link itself is none."""
    path = now.paths.of(anchor)
    if path and path[-1] == text_of(anchor):
        path = path[:-1]
    if card.row is None:
        return path
    said, _ = table_words(card)
    return (*path, *(one for one in said if one not in path))


def _words_around(anchor: HtmlElement, card: Card, now: Reading) -> str:
    """The words that may say what became of a link's file: its cell's, those under its own heading, those beside it, its block's."""
    if card.cell is not None:
        return text_of_block(card.cell)
    under = now.lines.beneath_heading(anchor, card.block)
    if under is not None:
        return under
    of_one = card.beside is None or not several(card.block.iter("a"))
    return text_of_block(card.block) if of_one else card.beside or ""


def sighting_of(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> Sighting:
    """The sighting of a link; on a review's own page together with what the list said of the review."""
    listed = now.listed
    dates, named = _dates(_said(anchor, seen, card, now), listed)
    return Sighting(
        source_id=now.source.id,
        listing_url=listed.listing_url if listed is not None else now.url,
        file_url=seen.url,
        detail_url=now.url if now.is_detail else None,
        link_text=seen.text,
        headings=_with_list(seen.headings, listed),
        card_text=_said_of(anchor, card),
        dates=dates,
        status_words=status_of_link(
            _words_around(anchor, card, now),
            seen.text,
        ),
        group=_group(anchor, seen, card, now),
        extra=named,
    )


def _said(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> Said | None:
    """The nearest date that is the document's: of the link, its line, its row, the lines around it, its headings."""
    said = said_in_title(seen.text) or now.lines.beside(anchor)
    if said is None:
        said = now.lines.row(card) if card.row is not None else now.lines.around(anchor)
    if said is None and card.row is not None:
        years = [year for cell in _undated_row(card) if (year := year_of(cell))]
        said = Said(years[0]) if years else None
    if said is None:
        said = dates_of_headings(now.paths.of(anchor))
    if said is None and now.is_detail:
        said = now.lines.first()
    return said


def _dates(said: Said | None, listed: Sighting | None) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The dates of a sighting and, where words of publication name them, those by name; what the list said, without a date here."""
    if said is not None:
        return (said.date,), {said.name: said.date} if said.name else {}
    return (listed.dates, listed.extra) if listed is not None else ((), {})


def _undated_row(card: Card) -> list[str]:
    """Cells of a link's row that hold no link: a "Date published" column dates every file of the row."""
    assert card.row is not None
    cells = [cell for cell in card.row if cell.tag in ("td", "th")]
    return [text_of(cell) for cell in cells if cell.find(".//a") is None]


def _with_list(headings: tuple[str, ...], listed: Sighting | None) -> tuple[str, ...]:
    """The headings of a review's page, after the words by which its list named it."""
    if listed is None:
        return headings
    named = [listed.link_text] if not EMPTY_WORDS.search(listed.link_text) else []
    before = [one for one in (*listed.headings[-1:], *named) if one not in headings]
    return (*before, *headings)


def _group(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> str | None:
    """A key that files of one review share: their row, card or heading; on a review's own page the page."""
    path = now.paths.of(anchor)
    if now.is_detail:
        labelled = [one for one in path[1:] if LABEL.search(one)]
        return f"{now.url} {labelled[-1]}" if labelled else now.url
    if card.row is not None:
        name = name_of_row(card.row)
        named = case_heading(path, now)
        if named and not LABEL.search(name) and (_is_paper(name) or LABEL.search(named)):
            name = named
        if not name:
            first = next(filter(leads_on, card.row.iter("a")), anchor)
            name = resolve(now.url, first.get("href")) or ""
        return f"{now.url} {name}"[:400]
    named = case_heading(path, now)
    if named:
        return f"{now.url} {named}"
    own = LABEL.search(card.line or seen.text)
    if own and card.block.tag != "li" and _has_others(anchor, card):
        return f"{now.url} {own.group(0)}"
    if card.line is not None and not _is_led(card.block):
        return None
    if card.unit is not None:
        first = card.unit.find(".//a")
        key = resolve(now.url, first.get("href")) if first is not None else None
        return f"{now.url} {key}" if key else None
    return None


def _said_of(anchor: HtmlElement, card: Card) -> str:
    """The words of a link's card; the whole page is none."""
    loose = card.beside is not None and card.block.tag in ("main", "body")
    return card.beside or "" if loose and _has_others(anchor, card) else card.text


def _has_others(anchor: HtmlElement, card: Card) -> bool:
    """True when a link's block holds links to other things too."""
    return any(one != anchor.get("href") for one in _two_addresses(card.block))


@lru_cache(maxsize=32)
def _two_addresses(block: HtmlElement) -> tuple[str | None, ...]:
    """The first two different addresses of a block's links: enough to tell whether there are others than one."""
    found: dict[str | None, None] = {}
    for one in block.iter("a"):
        found.setdefault(one.get("href"))
        if len(found) == 2:
            break
    return tuple(found)


@lru_cache(maxsize=32)
def _is_led(block: HtmlElement) -> bool:
    """False for a block that names reviews but does not begin with the name of the one that all its lines belong to."""
    if not LABEL.search(text_of_block(block)):
        return True
    before: list[str] = [block.text or ""]
    for child in block:
        if child.tag == "a" or child.find(".//a") is not None:
            break
        before += [text_of(child), child.tail or ""]
    return bool(LABEL.search(" ".join(before)))


def case_heading(path: tuple[str, ...], now: Reading) -> str | None:
    """The nearest heading that names one review: by its label, or because it names no list, period or kind of paper."""
    labelled = [one for one in path if LABEL.search(one)]
    if labelled:
        return labelled[-1]
    for heading in reversed(path):
        if heading == now.title or _NAMES_MANY.search(heading) or only_dates(heading):
            return None
        if not _is_paper(heading):
            return heading
    return None


def _is_paper(text: str) -> bool:
    """True for words that name a paper of a review and not whose it is."""
    return names_paper(text) or bool(EMPTY_WORDS.search(text))


def page_as_document(now: Reading) -> Sighting:
    """The page itself, where it is the briefing."""
    listed = now.listed
    dates, named = _dates(now.lines.first(), listed)
    return Sighting(
        source_id=now.source.id,
        listing_url=listed.listing_url if listed else now.url,
        file_url=now.canonical if is_other_spelling(now.canonical, now.url) else now.url,
        kind="page",
        detail_url=now.url,
        link_text=now.title,
        headings=(*listed.headings, listed.link_text) if listed and listed.link_text else (),
        card_text=listed.card_text if listed else "",
        dates=dates,
        status_words=(),
        group=now.url,
        extra=named,
    )
