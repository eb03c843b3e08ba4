"""Reviews that a page names and that are not to be had: a cell, an item or a sentence that says "No longer published"."""

from __future__ import annotations

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import text_of
from casereviews.crawler.parsing.links.cards import column_heading
from casereviews.crawler.parsing.links.dates_and_status import dates_of_headings, sentences_of
from casereviews.crawler.parsing.links.document_links import Reading
from casereviews.crawler.parsing.links.said_dates import said_in, said_in_title
from casereviews.crawler.parsing.links.wording import (
    LABEL,
    LINK_WORDS,
    status_words_in,
)
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.decoys import names_review

LONGEST_ENTRY = 300
_NOTHING_YET = LINK_WORDS["nothing_yet"]


def read_entries(content: HtmlElement, now: Reading) -> None:
    """Add to `now.entries` what the page says of reviews without a link to them."""
    for row in content.iter("tr"):
        _read_row(row, now)
    for item in content.iter("li", "p", "dd"):
        if any(up.tag == "tr" for up in item.iterancestors()):
            continue
        if any(child.tag in ("ul", "ol", "p", "dl") for child in item):
            continue  # its own items say it
        _read_item(item, now)


def _read_row(row: HtmlElement, now: Reading) -> None:
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    for at, cell in enumerate(cells):
        text = text_of(cell)
        if not at or len(text) > LONGEST_ENTRY or _has_link(cell, now) or not status_words_in(text):
            continue
        name = text_of(cells[0])
        headings = tuple(one for one in (*now.paths.of(row), column_heading(row, at)) if one)
        group = f"{now.url} {name}"[:400]
        now.entries.append(_entry(name, headings, text, text_of(row), group, now))


def _read_item(item: HtmlElement, now: Reading) -> None:
    headings = now.paths.of(item)
    text = text_of(item)
    if not status_words_in(text):
        return
    if item.tag == "dd" and headings and not _has_link(item, now):
        if LABEL.search(headings[-1]) and len(text) <= LONGEST_ENTRY:
            now.entries.append(_entry(headings[-1], headings[:-1], text, text, None, now))
        return
    if headings and LABEL.search(headings[-1]) and _stands_alone(headings[-1], now):
        now.entries.append(_entry(headings[-1], headings[:-1], text, text, None, now))
        return
    told = [text] if not _has_link(item, now) else sentences_of(text)
    links = [text_of(one) for one in item.iter("a") if text_of(one) and _leads_on(one, now)]
    for sentence in told:
        if len(sentence) > LONGEST_ENTRY or not status_words_in(sentence):
            continue
        if _names_a_case(sentence, headings) and not any(link in sentence for link in links):
            now.entries.append(_entry(sentence, headings, sentence, sentence, None, now))


def _stands_alone(heading: str, now: Reading) -> bool:
    """True for a review's heading under which the page links nothing and nothing was said yet."""
    taken = [
        *now.sightings.values(),
        *(one.sighting for one in now.follow.values() if one.sighting),
    ]
    return not any(heading in (*one.headings, one.link_text) for one in (*taken, *now.entries))


def _has_link(element: HtmlElement, now: Reading) -> bool:
    return any(_leads_on(one, now) for one in element.iter("a"))


def _leads_on(anchor: HtmlElement, now: Reading) -> bool:
    """True for a link to a document or a page that is taken; "e-mail us" and "contact us" are none."""
    address = resolve(now.url, anchor.get("href"))
    return address is not None and (address in now.sightings or address in now.follow)


def _names_a_case(text: str, headings: tuple[str, ...]) -> bool:
    return (
        bool(LABEL.search(text))
        and not _NOTHING_YET.search(text)
        and bool(names_review(text) or any(names_review(one) for one in headings))
    )


def _entry(
    name: str,
    headings: tuple[str, ...],
    said: str,
    card: str,
    group: str | None,
    now: Reading,
) -> Sighting:
    dated = said_in(said) or said_in_title(name) or dates_of_headings(headings)
    return Sighting(
        source_id=now.source.id,
        listing_url=now.url,
        file_url=None,
        kind="entry",
        detail_url=now.url if now.is_detail else None,
        link_text=name,
        headings=headings,
        card_text=card,
        dates=(dated.date,) if dated is not None else (),
        status_words=tuple(status_words_in(said)),
        group=group,
    )
