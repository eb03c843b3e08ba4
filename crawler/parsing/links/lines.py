"""The lines of a page as a reader sees them, and the items that hold them: rows, list items, cards.

A line ends where a block does or at a `<br>`. An item is an element that holds links and is one of several of its kind, or
says by its name that it stands for itself, or a panel; what an item says is said of its own links only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import INLINE
from casereviews.crawler.parsing.links.said_dates import LINK
from casereviews.repository.describing.dates import find_dates

_HEADINGS = frozenset(
    ["h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "dt", "button", "legend"]
)
_ITEMS = frozenset(["li", "tr", "td", "article", "details", "figure", "dd", "p"])
_OF_A_KIND = frozenset(["div", "section"])
_DATE_NAME = re.compile(r"(?:^|[-_\s])(?:date|datetime|published|posted-on|datepublished)(?:$|[-_\s])", re.I)  # fmt: skip
_OTHER_NAME = re.compile(r"death|birth|incident|updated|modified|revised", re.I)


@dataclass(slots=True)
class Line:
    """Words up to the next break: `text` as read, `beside` with `LINK` for each link, `links` its anchors in order.

    `marked` are words that the page marks up as a date. `item` is the innermost item that holds the line.
    """

    item: Item | None
    heading: HtmlElement | None = None
    text: str = ""
    beside: str = ""
    links: list[HtmlElement] = field(default_factory=list)
    marked: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Item:
    """An element of several links or lines; its lines are `first` to `last`, without `last`."""

    element: HtmlElement
    above: Item | None
    first: int
    last: int = 0


class Lines:
    """The lines of a page in order, found in one walk; `of(anchor)` is a link's place."""

    def __init__(
        self,
        root: HtmlElement,
        is_heading: Callable[[HtmlElement], bool],
        panels: Container[HtmlElement] = (),
    ) -> None:
        self._panels = panels
        self.all: list[Line] = []
        self._is_heading = is_heading
        self._place_of: dict[HtmlElement, tuple[int, int]] = {}
        self._holders = _holders_of_links(root)
        self._kinds: dict[HtmlElement, Counter[tuple[str, str | None]]] = {}
        self._text: list[str] = []
        self._beside: list[str] = []
        self._links: list[HtmlElement] = []
        self._marked: list[str] = []
        self._items: dict[HtmlElement, Item] = {}
        self._spans: dict[HtmlElement, tuple[int, int]] = {}
        self._item: Item | None = None
        self._heading: HtmlElement | None = None
        self._lines_heading: HtmlElement | None = None
        self._read(root, None)
        self._end()

    def of(self, anchor: HtmlElement) -> tuple[int, int] | None:
        """The number of the line that a link stands in, and which of the line's links it is."""
        return self._place_of.get(anchor)

    def span_of(self, block: HtmlElement) -> tuple[int, int] | None:
        """The numbers of a block's first line and of the one after its last; None for what is within a line."""
        return self._spans.get(block)

    def in_item(self, element: HtmlElement) -> list[Line]:
        """The lines of an item; none of what is no item."""
        item = self._items.get(element)
        return self.all[item.first : item.last] if item is not None else []

    def _read(self, element: HtmlElement, anchor: HtmlElement | None) -> None:
        tag = element.tag
        breaks = tag not in INLINE and tag not in ("img", "br")
        if breaks:
            self._end()
        begun = len(self.all)
        outer_item, outer_heading = self._item, self._heading
        if self._is_item(element, tag):
            self._item = self._items[element] = Item(element, outer_item, len(self.all))
        if self._heading is None and self._serves_as_heading(element, tag):
            self._heading = self._lines_heading = element
        if tag == "a" and element.get("href"):
            anchor = element
            self._links.append(element)
            self._beside.append(LINK)
            self._place_of[element] = len(self.all), len(self._links) - 1
        begins = len(self._text) if _marks_date(element, tag) else -1
        if tag == "time":
            self._add(" ", anchor)
            if _OTHER_NAME.search(element.get("class") or ""):
                return  # "updated", which sites print beside the date of publication and hide
        self._add(element.text, anchor)
        for child in element:
            if isinstance(child.tag, str):
                if child.tag == "br":
                    self._end()
                self._read(child, anchor)
            self._add(child.tail, anchor)
        if begins >= 0:
            self._mark(element, begins, anchor)
        if breaks:
            self._end()
            self._spans[element] = begun, len(self.all)
        if self._item is not outer_item and self._item is not None:
            self._end()
            self._item.last = len(self.all)
        self._item, self._heading = outer_item, outer_heading

    def _mark(self, element: HtmlElement, begins: int, anchor: HtmlElement | None) -> None:
        words = "".join(self._text[begins:]).strip()
        stated = (element.get("datetime") or "")[:10]
        if stated and not any(one.iso for one in find_dates(words)):
            self._add(f" {stated} ", anchor)  # "3 years ago"
            words = stated
        if words:
            self._marked.append(words)

    def _add(self, words: str | None, anchor: HtmlElement | None) -> None:
        if not words:
            return
        self._text.append(words)
        # The words of a card that is one link are not its name alone: only its first line is the link's.
        if anchor is None or self._place_of[anchor][0] != len(self.all):
            self._beside.append(words)

    def _end(self) -> None:
        text = " ".join("".join(self._text).split())
        if text or self._links:
            self.all.append(
                Line(
                    self._item,
                    self._heading if self._heading is not None else self._lines_heading,
                    text,
                    " ".join("".join(self._beside).split()),
                    self._links,
                    tuple(self._marked),
                )
            )
        self._text, self._beside, self._links, self._marked = [], [], [], []
        self._lines_heading = None

    def _is_item(self, element: HtmlElement, tag: str) -> bool:
        if element not in self._holders and tag != "a":
            return False
        if tag in _ITEMS or element in self._panels:
            return True
        if tag == "a":
            return any(isinstance(one.tag, str) and one.tag not in INLINE and one.tag not in ("img", "br") for one in element)  # fmt: skip
        parent = element.getparent()
        if tag not in _OF_A_KIND or parent is None:
            return False
        kinds = self._kinds.get(parent)
        if kinds is None:
            kinds = Counter(_kind(one) for one in parent if one in self._holders)
            self._kinds[parent] = kinds
        return kinds[_kind(element)] > 1

    def _serves_as_heading(self, element: HtmlElement, tag: str) -> bool:
        if tag in _HEADINGS:
            return True
        # Whoever holds many blocks is no heading, and its text is long to read.
        return all(not isinstance(one.tag, str) or one.tag in INLINE or one.tag in ("img", "br") for one in element) and self._is_heading(element)  # fmt: skip


def _holders_of_links(root: HtmlElement) -> set[HtmlElement]:
    holders: set[HtmlElement] = set()
    for anchor in root.iter("a"):
        if not anchor.get("href"):
            continue
        for up in anchor.iterancestors():
            if up in holders:
                break
            holders.add(up)
    return holders


def _kind(element: HtmlElement) -> tuple[str, str | None]:
    return str(element.tag), element.get("class")


def _marks_date(element: HtmlElement, tag: str) -> bool:
    if tag == "time":
        return not _OTHER_NAME.search(element.get("class") or "")
    names = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
    return tag in INLINE and bool(_DATE_NAME.search(names)) and not _OTHER_NAME.search(names)
