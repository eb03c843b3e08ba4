"""Dates and status words near a link: in its own words, its row or item, the lines around it, at last its headings.

A report's date is printed in its link, behind it, in the line above ("Date of publication: ...", sometimes over several links),
or in the line below. Which of the last two a list does is seen from what comes first under its heading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import INLINE, text_of
from casereviews.crawler.parsing.links.wording import dates_in, status_words_in, year_of

LONGEST_DATE_LINE = 200
_HEADING_TAGS = frozenset(
    ["h1", "h2", "h3", "h4", "h5", "h6", "summary", "caption", "dt", "button", "legend"]
)
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+(?=[A-Z“\"'‘])")


class Lines:
    """The lines of a page in order, each a heading, a line with links, a line with a date, or something else."""

    def __init__(self, root: HtmlElement, is_heading: Callable[[HtmlElement], bool]) -> None:
        self.kinds: list[str] = []
        self.dates: list[tuple[str, ...]] = []
        self._line_of: dict[HtmlElement, int] = {}
        for element in root.iter():
            if not isinstance(element.tag, str) or not _is_line(element):
                continue
            if any(up in self._line_of for up in element.iterancestors()):
                continue
            text = text_of(element)
            if not text and element.find(".//img") is None:
                continue
            heading = element.tag in _HEADING_TAGS or any(map(is_heading, element.iter()))
            linked = element.find(".//a") is not None or element.tag == "a"
            said = tuple(dates_in(text)) if len(text) <= LONGEST_DATE_LINE else ()
            self._line_of[element] = len(self.kinds)
            self.kinds.append(
                "heading" if heading else "link" if linked else "date" if said else "text"
            )
            self.dates.append(said)

    def dates_around(self, element: HtmlElement) -> tuple[str, ...]:
        """The dates of the nearest date line that belongs to the link at `element`; () without one."""
        at = self._position(element)
        if at is None:
            return ()
        first, last = self._section(at)
        before = [n for n in range(first, at) if self.kinds[n] == "date"]
        after = [n for n in range(at + 1, last) if self.kinds[n] == "date"]
        links = [n for n in range(first, last) if self.kinds[n] == "link"]
        dates_first = bool(before) and (not links or before[0] < links[0])
        if dates_first:
            return self.dates[before[-1]]
        if after and not any(at < n < after[0] for n in links):
            return self.dates[after[0]]
        return self.dates[before[-1]] if before and not after else ()

    def first_dates(self) -> tuple[str, ...]:
        """The dates of the page's first date line: on a review's own page they are the review's."""
        return next(
            (dates for kind, dates in zip(self.kinds, self.dates, strict=True) if kind == "date"),
            (),
        )

    def _position(self, element: HtmlElement) -> int | None:
        for up in (element, *element.iterancestors()):
            if up in self._line_of:
                return self._line_of[up]
        return None

    def _section(self, at: int) -> tuple[int, int]:
        """The lines that stand under the same heading as line `at`; a heading that is itself the link begins its own."""
        first = at
        while first > 0 and self.kinds[first] != "heading":
            first -= 1
        last = at + 1
        while last < len(self.kinds) and self.kinds[last] != "heading":
            last += 1
        return (first if self.kinds[first] != "heading" else first + 1 if first != at else at), last


def _is_line(element: HtmlElement) -> bool:
    """True for an element that breaks lines and holds no other that does, or text of its own beside them."""
    if element.tag in INLINE or element.tag in ("br", "img", "hr"):
        return False
    blocks = [one for one in element if isinstance(one.tag, str) and not _is_inline(one)]
    if not blocks:
        return True
    own = [element.text or "", *(one.tail or "" for one in element)]
    return element.tag in ("p", "dd", "h1", "h2", "h3", "h4") and any(
        piece.strip() for piece in own
    )


def _is_inline(element: HtmlElement) -> bool:
    return element.tag in INLINE or element.tag in ("br", "img")


def dates_of_headings(headings: Iterable[str]) -> tuple[str, ...]:
    """A date that a heading holds, or the year that it is; the nearest heading first."""
    for heading in reversed(list(headings)):
        dates = dates_in(heading)
        if dates:
            return tuple(dates)
        if year := year_of(heading):
            return (year,)
    return ()


def status_of_link(block_text: str, link_text: str) -> tuple[str, ...]:
    """Status words of the sentence that holds the link: the next sentence may tell of another report."""
    sentences = sentences_of(block_text)
    if len(sentences) > 1 and link_text:
        sentences = [one for one in sentences if link_text in one] or sentences[:1]
    return tuple(word for one in sentences for word in status_words_in(one))


def sentences_of(text: str) -> list[str]:
    """The sentences of a line."""
    return [one for one in _SENTENCE_END.split(text) if one.strip()]
