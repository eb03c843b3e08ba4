"""Dates and status words of a link: in its own words, its line, its row or item, the lines around it, at last its headings.

A report's date is printed in its link, behind it, in the line above ("Date of publication: ...", sometimes over several links),
or in the line below. Which of the last two a list does is seen from what comes first under its heading. The next item's date, the
last one's and the page's own are not the link's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import INLINE, text_of
from casereviews.crawler.parsing.links.cards import Card, spanning_cells
from casereviews.crawler.parsing.links.lines import Item, Line, Lines
from casereviews.crawler.parsing.links.said_dates import (
    LINK,
    Said,
    is_date_label,
    said_beside,
    said_in,
    said_in_cell,
    said_in_title,
)
from casereviews.crawler.parsing.links.wording import LABEL, status_words_in, year_of
from casereviews.repository.describing.dates import find_dates

LONGEST_DATE_LINE = 200
MOST_OF_ONE = 12
"""Links of one review; an item of more is a list."""

_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[A-Z“\"'‘])")


@dataclass(slots=True)
class _Part:
    """The lines among which a link's date is looked for, by number: those that say a date, those with links.

    `others`: items within say dates of their own. `of_one`: all of it is of one review.
    """

    dated: list[int]
    others: bool
    links: list[int]
    of_one: bool
    _stated: list[int] | None = None

    def stated(self, states: Callable[[int], bool]) -> list[int]:
        """The dated lines that speak for their neighbours."""
        if self._stated is None:
            self._stated = [n for n in self.dated if states(n)]
        return self._stated


class DatedLines:
    """The lines of a page, and which of them date which links."""

    def __init__(
        self,
        root: HtmlElement,
        is_heading: Callable[[HtmlElement], bool],
        panels: Container[HtmlElement] = (),
    ) -> None:
        self._root = root
        self._lines = Lines(root, is_heading, panels)
        self._all = self._lines.all
        self._words: dict[tuple[int, int], str] = {}
        self._several: dict[tuple[int, int], bool] = {}
        self._columns: dict[HtmlElement, list[str]] = {}
        self._pieces: dict[int, list[str]] = {}
        for line, after in pairwise(self._all):
            labels = line.heading is not None and not line.links and is_date_label(line.text)
            if labels and not after.links and find_dates(after.text):
                line.heading = None  # "Published" over a date parts nothing
        self._said = [self._dates_line(at) for at in range(len(self._all))]
        self._above, self._ends = self._find_sections()
        self._headings: dict[Item, int] = {}
        self._parts: dict[tuple[Item | None, int, int], _Part] = {}

    @property
    def all(self) -> list[Line]:
        """The lines of the page, in order."""
        return self._all

    def beside(self, anchor: HtmlElement) -> Said | None:
        """The date in a link's own line; None without one."""
        place = self._lines.of(anchor)
        if place is None:
            return None
        at, number = place
        line = self._all[at]
        if len(line.links) <= MOST_OF_ONE:
            return said_beside(line.beside, number, marked=line.marked)
        if at not in self._pieces:
            self._pieces[at] = line.beside.split(LINK)
        return said_in(LINK + self._pieces[at][number + 1], marked=line.marked)

    def around(self, anchor: HtmlElement) -> Said | None:
        """The date of the line that belongs to a link: in its item, else around it under its heading."""
        place = self._lines.of(anchor)
        if place is None:
            return None
        at = place[0]
        item, below = self._all[at].item, False
        while True:
            if item is not None and _is_one_line(item):
                item = item.above
                continue
            part = self._part(at, item)
            if part.dated and item is None and self._stands_loose(anchor, at):
                part = self._beside_only(at, part)
            if part.dated:
                return self._nearest(at, part, below=below)
            if part.others or item is None:
                return None  # the other items say their own
            item, below = item.above, True

    def beneath_heading(self, anchor: HtmlElement, block: HtmlElement) -> str | None:
        """The words of a link's block that stand under the link's own heading; None for a block that does not hold several."""
        place, span = self._lines.of(anchor), self._lines.span_of(block)
        if place is None or span is None:
            return None
        if span not in self._several:
            lines = self._all[slice(*span)]
            self._several[span] = len({one.heading for one in lines} - {None}) > 1
        if not self._several[span]:
            return None
        around = max(span[0], self._above[place[0]]), min(span[1], self._ends[place[0]])
        if around not in self._words:
            self._words[around] = " ".join(line.text for line in self._all[slice(*around)])
        return self._words[around]

    def _stands_loose(self, anchor: HtmlElement, at: int) -> bool:
        """True for a link that stands in no block of the page and under no heading but the page's own."""
        up = anchor.getparent()
        while up is not None and up is not self._root and up.tag in INLINE:
            up = up.getparent()
        section = self._above[at]
        heading = self._all[section].heading if section >= 0 else None
        return up is self._root and (heading is None or heading.tag == "h1")

    @staticmethod
    def _beside_only(at: int, part: _Part) -> _Part:
        """A part without the dates that do not stand right before or after the link."""
        return replace(part, dated=[n for n in part.dated if abs(n - at) == 1], _stated=None)

    def row(self, card: Card) -> Said | None:
        """The date of a link's row: of its own cell, else of a cell without links, one with words of publication first."""
        assert card.row is not None
        if card.cell is not None:
            for line in self._lines.in_item(card.cell):
                said = said_in(line.text, marked=line.marked) if not line.links else None
                if said is not None:
                    return said
        columns = self._columns_of(card.row)
        cells = [cell for cell in card.row if cell.tag in ("td", "th")]
        told: list[Said] = []
        over = spanning_cells(card.row, cells)
        for at, cell in enumerate([*over, *cells]):
            if cell is not card.cell and cell.find(".//a") is not None:
                continue
            heading = columns[at] if at < len(columns) else ""
            said = said_in_cell(heading, text_of(cell)) if cell is not card.cell else said_in(text_of(cell))  # fmt: skip
            told += [said] if said is not None else []
        told = told or self._other_rows(card.row)
        return min(told, key=lambda one: not one.published, default=None)

    def _other_rows(self, row: HtmlElement) -> list[Said]:
        """What the other rows say of a link's, in a table of one review: a name and a value a row."""
        table = next((one for one in row.iterancestors() if one.tag == "table"), None)
        rows = list(islice(table.iter("tr"), MOST_OF_ONE + 1)) if table is not None else []
        if len(rows) > MOST_OF_ONE or any(
            [one.tag for one in each] != ["th", "td"] for each in rows
        ):
            return []
        told = (said_in_cell(text_of(each[0]), text_of(each[1])) for each in rows)
        return [said for said in told if said is not None]

    def first(self) -> Said | None:
        """The page's first line that states a date of publication: on a review's own page it is the review's."""
        return next((said for said in self._said if said is not None and said.states), None)

    # ---- which lines say a date

    def _dates_line(self, at: int) -> Said | None:
        line = self._all[at]
        if line.links or line.heading is not None or len(line.text) > LONGEST_DATE_LINE:
            return None
        return said_in(line.text, lead=self._lead(at), marked=line.marked)

    def _lead(self, at: int) -> str:
        """The label on the line before: "Published:", "Date of death"."""
        before = self._all[at - 1] if at else None
        if before is None or before.links or len(before.text) > 60:
            return ""
        if before.text.endswith(":") or is_date_label(before.text):
            return before.text
        return ""

    # ---- which of them date a link

    def _find_sections(self) -> tuple[list[int], list[int]]:
        """For every line the number of the heading's line above it (its own where it is one), -1 above the first; and where that ends."""
        above: list[int] = []
        for at, line in enumerate(self._all):
            above.append(at if line.heading is not None else above[-1] if above else -1)
        ends = [len(above)] * len(above)
        for at in range(len(above) - 2, -1, -1):
            ends[at] = ends[at + 1] if above[at] == above[at + 1] else at + 1
        return above, ends

    def _part(self, at: int, item: Item | None) -> _Part:
        """The lines in which a date may stand: an item's, but not beyond the headings around the link where it has several."""
        first, last = (item.first, item.last) if item is not None else (0, len(self._all))
        if item is None or self._headings_in(item) > 1:
            section = self._above[at]
            low = (
                section
                if section == at or (section >= 0 and self._all[section].links)
                else section + 1
            )
            first, last = max(first, low), min(last, self._ends[at])
        key = (item, first, last)
        if key not in self._parts:
            said = [n for n in range(first, last) if self._said[n] is not None]
            dated = [n for n in said if self._all[n].item is item]
            links = [n for n in range(first, last) if self._all[n].links]
            of_one = self._is_of_one(at, item, links, first)
            self._parts[key] = _Part(dated, len(said) > len(dated), links, of_one)
        return self._parts[key]

    def _headings_in(self, item: Item) -> int:
        if item not in self._headings:
            lines = self._all[item.first : item.last]
            self._headings[item] = len({one.heading for one in lines} - {None})
        return self._headings[item]

    def _nearest(self, at: int, part: _Part, *, below: bool) -> Said | None:
        """Of the dated lines of a part the link's; `below`: the link stands in an item of its own there."""
        dated, links = part.dated, part.links
        if below and part.others:
            return None
        if part.of_one:
            before, after = bisect_left(dated, at), bisect_right(dated, at)
            leads = before and (after == len(dated) or dated[0] < links[0])
            return self._said[dated[before - 1] if leads else dated[after % len(dated)]]
        dated = part.stated(self._states)
        if not dated:
            return None
        if dated[0] < links[0]:
            if len(dated) == 1 and len(links) > 1 and self._is_pages_own(dated[0]):
                return None
            early = bisect_left(dated, at)
            return self._said[dated[early - 1]] if early else None
        if below:
            return self._over_list(dated, at)
        later, following = bisect_right(dated, at), bisect_right(links, at)
        if later == len(dated) or (len(links) > 1 and len(dated) == 1):
            return None
        if following < len(links) and links[following] < dated[later]:
            return None
        return self._said[dated[later]]

    def _over_list(self, dated: list[int], at: int) -> Said | None:
        """The date of the line right over a link's list, where words of publication name it."""
        early = bisect_left(dated, at)
        said = self._said[dated[early - 1]] if early else None
        if said is None or not said.published:
            return None
        between = range(dated[early - 1] + 1, at)
        # The list's other links only: they are looked at from the nearest, so a long list is left at once.
        return (
            said
            if len(between) <= MOST_OF_ONE and all(self._all[n].links for n in between)
            else None
        )

    def _states(self, at: int) -> bool:
        said = self._said[at]
        return said is not None and said.states

    def _is_of_one(self, at: int, item: Item | None, links: list[int], first: int) -> bool:
        """True when all links of these lines are of one review: its heading names it, or the item is small and names no two."""
        section = self._above[at]
        if section >= max(first - 1, 0):
            heading = self._all[section]
            if LABEL.search(heading.text) or (heading.links and heading.heading is not None):
                return True
        if item is None or len(links) > MOST_OF_ONE:
            return False
        named = {found.group(0) for n in links for found in LABEL.finditer(self._all[n].text)}
        if len(named) > 1:
            return False
        return item.element.tag not in ("div", "section") or bool(
            len(links) == 1 or named or self._headings_in(item) == 1 or self._is_headed(item)
        )

    def _is_headed(self, item: Item) -> bool:
        """True for the panel of an accordion: its heading stands right before it."""
        heading = self._all[item.first - 1].heading if item.first else None
        return heading is not None and heading.tag != "h1"

    def _is_pages_own(self, at: int) -> bool:
        """True for a date right under the page's title: it is the day of the page."""
        section = self._above[at]
        heading = self._all[section].heading if section >= 0 else None
        titled = section < 0 or (heading is not None and heading.tag == "h1")
        return titled and at == section + 1

    def _columns_of(self, row: HtmlElement) -> list[str]:
        """The headings of the columns of a row's table: its first row of header cells."""
        table = next((one for one in row.iterancestors() if one.tag == "table"), None)
        if table is None:
            return []
        if table not in self._columns:
            heads: list[str] = []
            for other in table.iter("tr"):
                cells = [cell for cell in other if cell.tag in ("td", "th")]
                bold = [cell for cell in cells if cell.tag == "th" or cell.find(".//strong") is not None or cell.find(".//b") is not None]  # fmt: skip
                if cells and len(bold) == len(cells) and len(cells) > 1:
                    heads = [text_of(cell) for cell in cells]
                break
            self._columns[table] = heads
        return self._columns[table]


def _is_one_line(item: Item) -> bool:
    """True for a block that holds nothing but the link's line: what follows it may be the link's."""
    return item.last - item.first == 1 and item.element.tag in ("p", "div", "section", "dd")


def dates_of_headings(headings: Iterable[str]) -> Said | None:
    """A date that a heading holds, or the year that it is; the nearest heading first."""
    for heading in reversed(list(headings)):
        said = said_in_title(heading)
        if said is not None:
            return said
        if year := year_of(heading):
            return Said(year)
    return None


def status_of_link(block_text: str, link_text: str) -> tuple[str, ...]:
    """Status words of the sentence that holds the link: the next sentence may tell of another report."""
    told = _status_of_sentences(block_text)
    if len(told) > 1 and link_text:
        told = tuple(one for one in told if link_text in one[0]) or told[:1]
    return tuple(word for _, words in told for word in words)


@lru_cache(maxsize=64)
def _status_of_sentences(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((one, tuple(status_words_in(one))) for one in sentences_of(text))


def sentences_of(text: str) -> list[str]:
    """The sentences of a line."""
    return [one for one in _SENTENCE_END.split(text) if one.strip()]
