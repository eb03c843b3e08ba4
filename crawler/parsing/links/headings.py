"""The heading path of an element: what stands above it, from the outermost heading to the nearest.

Headings are h1 to h6 and `role="heading"`, and what serves as one: what names a panel (`panels.py`), the summary of a disclosure, an
accordion's button, a table's caption or a row that is one cell, a term in a list of terms, a line that is wholly bold, a block that is
classed as a title, the words before a list in a list. A heading counts for what follows it in its own panel, card, row or section
only; a card's only heading for all of the card. A heading of one review that has links of its own is none over panels and cards of
others behind it. A heading that names a case ends where a link, its line or a line alone names another (`whose.py`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import leads_to_document
from casereviews.crawler.parsing.html.dom import (
    HEADINGS,
    INLINE,
    elements_of,
    kind_of,
    leads_on,
    own_text_of,
    says_something,
    several,
    text_of,
    text_of_block,
    widest_saying,
)
from casereviews.crawler.parsing.links.panels import LONGEST_NAME, SIGNS, Panels
from casereviews.crawler.parsing.links.whose import cases_named, is_only_name, names_another
from casereviews.crawler.parsing.links.wording import (
    LABEL,
    LINK_WORDS,
    dates_in,
    only_dates,
    says_nothing,
    year_of,
)
from casereviews.repository.vocabulary.decoys import names_paper, names_review

_CLOSED = frozenset(["article", "li", "tr", "td", "th", "details", "section", "figure", "dd"])
_CARDS = frozenset(["div", "section", "article", "li", "a"])
_LISTS = frozenset(["ul", "ol"])
_LINES = frozenset(["p", "li", "dd", "div", "tr"])
_ACCORDION = re.compile(r"accord|collaps|toggle|expand|tab(?:s|-|$)|panel|disclos", re.I)
_TITLED = re.compile(r"(?:^|[-_ ])(?:title|heading|headline)(?:$|[-_ ])", re.I)
_LONGEST_LINE = 120
_JOINS = " :–-"
_BOLD = ("strong", "b")
_BOLD_STYLE = re.compile(r"font-weight:\s*(?:bold|[6-9]00)", re.I)
_NAMES_MANY = LINK_WORDS["names_many"]


@dataclass(slots=True)
class _Heading:
    level: int
    text: str
    scope: HtmlElement | None = None  # counts only for what is inside; None: for all that follows
    holds: bool = False  # no heading in its scope takes its place, whatever its level
    links: int = 0  # that stand right under it


class HeadingPaths:
    """The heading path of every element of a tree, found in one walk."""

    def __init__(self, root: HtmlElement) -> None:
        self.panels = Panels(root)
        self._others: set[HtmlElement] = set()  # lines and links at which a heading of another ends
        self._paths: dict[HtmlElement, tuple[str, ...]] = {}
        self._root = root
        self._headed, self._kinds = _headed(root)
        self._stack: list[_Heading] = []
        self._outside: list[tuple[HtmlElement, list[_Heading]]] = []
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._enter(element)
            else:
                self._leave(element)

    def of(self, element: HtmlElement) -> tuple[str, ...]:
        """Headings above an element, outermost first."""
        return self._paths.get(element, ())

    def is_heading(self, element: HtmlElement) -> bool:
        """True for an element that serves as a heading, only names a panel, or begins another case than its heading's."""
        if element in self.panels.controls or element in self._others:
            return True
        return _as_heading(element) is not None

    def _enter(self, element: HtmlElement) -> None:
        name = self.panels.names.get(element)
        card = name is None and self._is_card(element)
        if name is not None or card or element.tag == "details":
            self._outside.append((element, self._stack))
            first = next(headings_in(element), None) if name is None else None
            words = name if first is None else _words_of(first)
            self._stack = self._without_neighbours(words or "", element)
            if name and name not in [one.text for one in self._stack]:
                self._stack.append(_Heading(7, name, element, holds=True))
            elif card and first is not None and element.tag != "a":
                self._begin_card(element, first)
        self._end_others(element)
        self._paths[element] = tuple(one.text for one in self._stack)
        if element.tag == "a" and leads_on(element) and self._stack:
            self._stack[-1].links += 1
        made = _as_heading(element)
        if made is None:
            return
        self._stack = self._above(made)
        self._paths[element] = tuple(one.text for one in self._stack)
        said = bool(self._stack) and self._stack[-1].text == made.text  # the panel's name, in it
        if element not in self.panels.controls and not said:
            scope = made.scope if made.scope is not None else self._closed_above(element)
            self._stack.append(replace(made, scope=scope))

    def _leave(self, element: HtmlElement) -> None:
        if self._outside and self._outside[-1][0] is element:
            self._stack = self._outside.pop()[1]
        elif any(one.scope is element for one in self._stack):
            self._stack = [one for one in self._stack if one.scope is not element]

    def _end_others(self, element: HtmlElement) -> None:
        """End the headings that name other cases than a link or a line does; those that stand in them end, too."""
        named = [at for at, one in enumerate(self._stack) if cases_named(one.text)]
        words = _naming_words(element) if named else ""
        if not words:
            return
        kept = self._stack
        for at in reversed(named):
            if not names_another(words, self._stack[at].text):
                break
            kept = self._stack[:at]
        if kept is self._stack:
            return
        if LINK_WORDS["see_also"].search(words):
            self._outside.append((element, self._stack))  # only this link is not under them
            self._others.update(islice(element.itersiblings(), 1))
        if element.tag == "p" and not any(map(leads_on, element.iter("a"))):
            kept = [*kept, replace(self._stack[len(kept)], text=words, links=0)]
        self._stack = kept
        cells = (cell for cell in element if cell.tag in ("td", "th"))
        self._others.add(next(cells, element) if element.tag == "tr" else element)

    def _above(self, made: _Heading) -> list[_Heading]:
        """The headings that stay over a new one."""
        held = [
            at
            for at, one in enumerate(self._stack)
            if one.holds and (one.scope is not made.scope or not made.holds)
        ]
        fixed = held[-1] + 1 if held else 0
        return self._stack[:fixed] + [one for one in self._stack[fixed:] if one.level < made.level]

    def _without_neighbours(self, name: str, element: HtmlElement) -> list[_Heading]:
        """The headings above a panel or a card, without those of other reviews that have their links before it."""
        page = element.tag == "a" and not leads_to_document(element)
        if not (_is_of_one(name) or (page and not names_paper(name))):
            return list(self._stack)
        return [one for one in self._stack if not (one.links and _names_one(one))]

    def _is_card(self, element: HtmlElement) -> bool:
        """True for one among neighbours of a kind that have headings of their own and say more than those."""
        parent = element.getparent()
        if parent is None or element.tag not in _CARDS or element not in self._headed:
            return False
        if element.tag == "a" and not leads_on(element):
            return False
        kind = kind_of(element)
        if element.tag == "div" and not kind[1]:
            return False
        return self._kinds[parent][kind] > 1

    def _begin_card(self, card: HtmlElement, first: HtmlElement) -> None:
        """A card's only heading names what stands before it in the card, too."""
        made = _as_heading(first)
        if made is None or several(card.iter(*HEADINGS)):
            return
        self._stack = [*self._above(made), replace(made, scope=card)]

    def _closed_above(self, element: HtmlElement) -> HtmlElement | None:
        """The card, row or section that ends a heading's reach; a box that holds nothing else does not."""
        alone = widest_saying(element, self._root)
        only = element is not alone
        for up in element.iterancestors():
            closes = up.tag in _CLOSED or (up.tag == "a" and leads_on(up)) or self._is_card(up)
            if closes and not (only and up.tag in ("section", "div")):
                return up
            only = only and up is not alone
            if up is self._root:
                break
        return None


def _headed(root: HtmlElement) -> tuple[set[HtmlElement], dict[HtmlElement, Counter[object]]]:
    """The elements that have headings in them and more than one heading alone, and how many of a kind each parent has."""
    seen: set[HtmlElement] = set()
    kinds: dict[HtmlElement, Counter[object]] = defaultdict(Counter)
    for heading in headings_in(root):
        linked = next((up for up in heading.iterancestors() if up.tag == "a"), None)
        element = linked if linked is not None else widest_saying(heading, root).getparent()
        while element is not None and element is not root and element not in seen:
            seen.add(element)
            if (parent := element.getparent()) is None:
                break
            kinds[parent][kind_of(element)] += 1
            element = parent
    return seen, kinds


def headings_in(element: HtmlElement) -> Iterator[HtmlElement]:
    """What heads an element from inside it: h1 to h6, summaries, blocks classed as titles."""
    return (
        one
        for one in element.iter(*HEADINGS, "div", "p", "span", "summary")
        if one is not element and (one.tag in (*HEADINGS, "summary") or _is_titled(one))
    )


def _naming_words(element: HtmlElement) -> str:
    """What names the case of a link: its own words, or those of the line it stands in; or of a line that is nothing but a name."""
    if element.tag == "a":
        return own_text_of(element) if leads_on(element) else ""
    if element.tag not in _LINES or any(
        isinstance(one.tag, str) and one.tag not in INLINE and one.tag not in ("td", "th", "p")
        for one in element
    ):
        return ""
    if element.tag != "tr" and element.tag != "li" and element.find("p") is not None:
        return ""
    text = text_of(element)
    linked = any(map(leads_on, element.iter("a")))
    return text if linked or is_only_name(text) else ""


def _words_of(heading: HtmlElement) -> str:
    made = _as_heading(heading)
    return made.text if made is not None else ""


def _is_of_one(name: str) -> bool:
    """True when the name of a panel or a card is that of a review, by its label, its date or its type."""
    if year_of(name) or _NAMES_MANY.search(name):
        return False
    return bool(LABEL.search(name) or dates_in(name) or (names_review(name)))


def _names_one(heading: _Heading) -> bool:
    """True for a heading that names one review and no list, year or kind of paper."""
    if heading.level < 2 or year_of(heading.text) or names_paper(heading.text):
        return False
    if LABEL.search(heading.text):
        return True
    many = _NAMES_MANY.search(heading.text) or LINK_WORDS["list"].search(heading.text)
    return not many and not only_dates(heading.text)


def _as_heading(element: HtmlElement) -> _Heading | None:
    tag = str(element.tag)
    if tag in HEADINGS:
        return _made(int(tag[1]), own_text_of(element))
    if element.get("role") == "heading":
        level = element.get("aria-level") or ""
        return _made(int(level) if level.isdecimal() else 2, text_of(element))
    if tag == "summary":
        return _made(7, text_of(element), element.getparent(), holds=True)
    if tag == "dt":
        return _term(element)
    if tag == "dd":
        return _made(7, _name_in_fields(element), element.getparent(), holds=True)
    if tag in ("caption", "legend"):
        return _made(8, text_of(element), element.getparent(), holds=True)
    if tag in ("button", "a", "div", "span") and _opens_panel(element, tag):
        return _made(7, text_of(element), _with_links(element))
    if tag in _BOLD or (tag == "span" and _BOLD_STYLE.search(element.get("style") or "")):
        return _bold_line(element)
    if tag in _LISTS:
        return _made(8, _words_before(element), element, holds=True)
    if tag == "tr":
        return _made(8, _words_of_row(element), element.getparent())
    if tag in ("div", "p", "span") and _is_titled(element):
        return _made(8, text_of(element), widest_saying(element, None).getparent())
    return None


def _made(
    level: int, words: str, scope: HtmlElement | None = None, *, holds: bool = False
) -> _Heading | None:
    text = words.strip(SIGNS)
    return _Heading(level, text, scope, holds) if 0 < len(text) <= LONGEST_NAME else None


def _term(term: HtmlElement) -> _Heading | None:
    """A term in a list of terms; a second one beside it stands under the first, and is none where it is a date."""
    text, before = text_of(term), term.getprevious()
    second = before is not None and before.tag == "dt"
    if second and only_dates(text):
        return None
    return _made(9 if second else 8, text, term.getparent(), holds=True)


def _name_in_fields(value: HtmlElement) -> str:
    """The value of a field "Name" in a list of fields, which are then all of what it names."""
    term = value.getprevious()
    if term is None or term.tag != "dt" or not LINK_WORDS["name_field"].search(text_of(term)):
        return ""
    return "" if any(map(leads_on, value.iter("a"))) else text_of(value)


def _opens_panel(element: HtmlElement, tag: str) -> bool:
    if element.getparent() is not None and element.getparent().tag in HEADINGS:
        return False  # the heading around it says it
    controls = element.get("aria-expanded") is not None or element.get("aria-controls") is not None
    named = bool(_ACCORDION.search(element.get("class") or ""))
    if tag == "button":
        return controls or named
    if tag == "a":
        return controls and not leads_on(element)
    return controls


def _with_links(element: HtmlElement) -> HtmlElement | None:
    """The nearest element around a button that has links: what it opens is there."""
    for up in element.iterancestors():
        if any(map(leads_on, up.iter("a"))):
            return up
    return None


def _is_titled(element: HtmlElement) -> bool:
    """True for a block that is classed as a title and has no link of its own beside its words."""
    if not _TITLED.search(element.get("class") or ""):
        return False
    up = element.getparent()
    while up is not None and up.tag in INLINE:
        if up.tag == "a":
            return False
        up = up.getparent()
    if up is None or up.tag in (*HEADINGS, "summary", "button", "dt"):
        return False
    if any(True for _ in element.iter(*HEADINGS, "button", "li", "table")):
        return False
    if sum(one.tag not in INLINE and says_something(one) for one in elements_of(element)) > 1:
        return False  # a row of tabs or a head with more than the title
    links = [text_of(one) for one in element.iter("a") if leads_on(one)]
    return not links or links == [text_of(element)]


def _bold_line(element: HtmlElement) -> _Heading | None:
    """A paragraph that is wholly bold, or a line that begins bold in a block of several, with the links of what it names behind it."""
    parent = element.getparent()
    if parent is None or element.find(".//a") is not None:
        return None
    text = text_of(element)
    if not text or len(text) > _LONGEST_LINE:
        return None
    if parent.tag in ("p", "div") and text_of_block(parent) == text:
        bold = (_is_bold_block(one) for one in (parent.getprevious(), parent.getnext()))
        return None if any(bold) else _made(9, text)
    if parent.tag not in ("p", "div", "td", "li", "dd") or not _begins_line(element):
        return None
    line, linked = _line_led_by(element)
    below = any(leads_on(one) for after in element.itersiblings() for one in after.iter("a"))
    if linked:
        # Prose may begin bold, and a bold word before a link may name the paper: "Report: Download".
        if line.strip(_JOINS) != text.strip(_JOINS) or names_paper(text) or says_nothing(text):
            return None
        line = text.strip(_JOINS)
    return _made(9, line, parent if below else None) if len(line) <= _LONGEST_LINE else None


def _begins_line(bold: HtmlElement) -> bool:
    """True for what begins a line, where the line above is not wholly bold."""
    parent, before = bold.getparent(), bold.getprevious()
    if before is None:
        return not (parent.text or "").strip()
    if (before.tail or "").strip():
        return False
    ended = before.tag == "br" or (before.tag in _BOLD and _ends_with_break(before))
    above = before.getprevious() if before.tag == "br" else before
    wholly = above is not None and above.tag in _BOLD and not (above.tail or "").strip()
    return ended and not wholly


def _ends_with_break(element: HtmlElement) -> bool:
    last = elements_of(element)[-1:]
    return bool(last) and last[0].tag == "br" and not (last[0].tail or "").strip()


def _line_led_by(bold: HtmlElement) -> tuple[str, bool]:
    """The words of a line from `bold` on, up to its end or its first link; and whether it has one."""
    if _ends_with_break(bold):
        return text_of(bold), False
    said = [*bold.itertext(), bold.tail or ""]
    for after in bold.itersiblings():
        if after.tag == "a" or after.find(".//a") is not None:
            return " ".join("".join(said).split()), True
        if after.tag not in INLINE:
            break
        said += [*after.itertext(), after.tail or ""]
    return " ".join("".join(said).split()), False


def _is_bold_block(element: HtmlElement | None) -> bool:
    """True for a neighbour that is wholly bold too: two in a row are the head of a made-up table, no headings."""
    if element is None or element.tag not in ("p", "div"):
        return False
    bold = (
        element.find(".//strong") if element.find(".//strong") is not None else element.find(".//b")
    )
    return bold is not None and text_of(bold) == text_of(element)


def _words_before(group: HtmlElement) -> str:
    """What names a list of links: the words before it in the item of a list, or a paragraph before it that names a case."""
    parent, before = group.getparent(), group.getprevious()
    if parent is None or not any(map(leads_on, group.iter("a"))):
        return ""
    if parent.tag == "li":
        said = [parent.text or ""]
        for one in parent:
            if one is group:
                break
            if one.tag in _LISTS or one.tag in HEADINGS or any(map(leads_on, one.iter("a"))):
                return ""
            said += [text_of(one), one.tail or ""]
        return " ".join(" ".join(said).split())
    if before is not None and before.tag == "p" and not (before.tail or "").strip():
        text = text_of(before)
        short = len(text) <= _LONGEST_LINE and not any(map(leads_on, before.iter("a")))
        bold = before.find(".//strong") is not None or before.find(".//b") is not None
        return text if short and not bold and LABEL.search(text) else ""
    return ""


def _words_of_row(row: HtmlElement) -> str:
    """The words of a row that is one cell over the rows below it; "" for any other row."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) != 1 or any(map(leads_on, row.iter("a"))) or row.find(".//table") is not None:
        return ""
    after = row.getnext()
    more = after is not None and sum(cell.tag in ("td", "th") for cell in after) > 1
    wide = int(cells[0].get("colspan") or 1) if (cells[0].get("colspan") or "1").isdecimal() else 1
    return text_of(cells[0]) if more or wide > 1 else ""
