"""A link that is a document of a review, as a sighting: its words, headings, dates, status, and what it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import text_of
from casereviews.crawler.parsing.html.own_addresses import is_other_spelling
from casereviews.crawler.parsing.links.cards import Card, table_words
from casereviews.crawler.parsing.links.dates_and_status import (
    Lines,
    dates_of_headings,
    status_of_link,
)
from casereviews.crawler.parsing.links.following import Seen
from casereviews.crawler.parsing.links.headings import HeadingPaths
from casereviews.crawler.parsing.links.wording import LABEL, LINK_WORDS, dates_in, year_of
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources.source import Source
from casereviews.repository.model import Sighting

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
    lines: Lines
    canonical: str | None = None
    sightings: dict[str, Sighting] = field(default_factory=dict)
    elsewhere: dict[str, Sighting] = field(default_factory=dict)
    entries: list[Sighting] = field(default_factory=list)
    follow: dict[str, Link] = field(default_factory=dict)
    left: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def is_detail(self) -> bool:
        """True for the page of one review."""
        return self.link is not None and self.link.role in ("detail", "file")

    @property
    def listed(self) -> Sighting | None:
        """What the list said of this review's page."""
        return self.link.sighting if self.link is not None and self.is_detail else None

    def leave(self, url: str, text: str, reason: str) -> None:
        """Count a link that is left alone, unless it turns out to be wanted elsewhere on the page."""
        before = self.sightings.get(url)
        if before is not None and EMPTY_WORDS.search(before.link_text):
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


def sighting_of(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> Sighting:
    """The sighting of a link; on a review's own page together with what the list said of the review."""
    listed = now.listed
    return Sighting(
        source_id=now.source.id,
        listing_url=listed.listing_url if listed is not None else now.url,
        file_url=seen.url,
        detail_url=now.url if now.is_detail else None,
        link_text=seen.text,
        headings=_with_list(seen.headings, listed),
        card_text=card.text,
        dates=_dates(anchor, seen, card, now),
        status_words=status_of_link(
            text_of(card.cell if card.cell is not None else card.block), seen.text
        ),
        group=_group(anchor, seen, card, now),
    )


def _dates(anchor: HtmlElement, seen: Seen, card: Card, now: Reading) -> tuple[str, ...]:
    """The nearest dates: of the link, its cell or line, the lines around it, its card, its headings, its list."""
    own = dates_in(seen.text)
    if own:
        return tuple(own)
    if card.row is not None:
        said = (text_of(card.cell), *_undated_row(card))
        for text in said:
            if dates := dates_in(text):
                return tuple(dates)
        if years := [year for text in said if (year := year_of(text))]:
            return tuple(years[:1])
    elif dates := dates_in(card.line if card.line is not None else text_of(card.block)):
        return tuple(dates)
    elif around := now.lines.dates_around(anchor):
        return around
    elif card.unit is not None and (dates := dates_in(card.text)):
        return tuple(dates)
    found = dates_of_headings(now.paths.of(anchor))
    if not found and now.is_detail:
        found = now.lines.first_dates() or (now.listed.dates if now.listed is not None else ())
    return found


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
        said, _ = table_words(card)
        first = text_of(next(iter(card.row), None))
        return f"{now.url} {first or ' '.join(said)}"[:400]
    named = _case_heading(path, now)
    if named:
        return f"{now.url} {named}"
    own = LABEL.search(card.line or seen.text)
    if own and card.block.tag != "li" and _has_others(anchor, card):
        return f"{now.url} {own.group(0)}"
    if card.line is not None and LABEL.search(text_of(card.block)) and not _lead(card):
        return None
    if card.unit is not None:
        first = card.unit.find(".//a")
        key = resolve(now.url, first.get("href")) if first is not None else None
        return f"{now.url} {key}" if key else None
    return None


def _has_others(anchor: HtmlElement, card: Card) -> bool:
    """True when a link's block holds links to other things too."""
    return any(one.get("href") != anchor.get("href") for one in card.block.iter("a"))


def _lead(card: Card) -> bool:
    """True when a block begins with the name of the review that all its lines belong to."""
    before: list[str] = [card.block.text or ""]
    for child in card.block:
        if child.tag == "a" or child.find(".//a") is not None:
            break
        before += [text_of(child), child.tail or ""]
    return bool(LABEL.search(" ".join(before)))


def _case_heading(path: tuple[str, ...], now: Reading) -> str | None:
    """The nearest heading that names one review: by its label, or because it names no list, period or kind of paper."""
    labelled = [one for one in path if LABEL.search(one)]
    if labelled:
        return labelled[-1]
    if not path or path[-1] == now.title or year_of(path[-1]) or _NAMES_MANY.search(path[-1]):
        return None
    return None if _only_a_date(path[-1]) else path[-1]


def _only_a_date(text: str) -> bool:
    return any(text.replace(date, "").strip(" ,.:-–()") == "" for date in dates_in(text))


def page_as_document(content: HtmlElement, now: Reading) -> Sighting:
    """The page itself, where it is the briefing."""
    listed = now.listed
    dates = dates_in(text_of(content)[:600]) or (list(listed.dates) if listed else [])
    return Sighting(
        source_id=now.source.id,
        listing_url=listed.listing_url if listed else now.url,
        file_url=now.canonical if is_other_spelling(now.canonical, now.url) else now.url,
        kind="page",
        detail_url=now.url,
        link_text=now.title,
        headings=(*listed.headings, listed.link_text) if listed and listed.link_text else (),
        card_text=listed.card_text if listed else "",
        dates=tuple(dates),
        status_words=(),
        group=now.url,
    )
