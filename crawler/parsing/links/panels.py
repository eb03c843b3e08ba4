"""Panels and what names them: the tabs, buttons and titles of a page whose words stand over a part of it, wherever that part is.

A part says by what it is named (`aria-labelledby`), or a control says which part it shows (`aria-controls`, `data-bs-target`,
`data-target`, `href="#id"`...): WAI-ARIA Authoring Practices, patterns "Tabs", "Accordion" and "Disclosure". Where neither does, a
row of tabs names as many parts beside it, by an attribute that they share or in their order; and the title of an accordion's item
names what follows it there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import (
    HEADINGS,
    INLINE,
    elements_of,
    kind_of,
    leads_on,
    says_something,
    text_of,
    widest_saying,
)
from casereviews.crawler.parsing.links.wording import LABEL, LINK_WORDS, only_dates
from casereviews.repository.vocabulary.decoys import names_paper

LONGEST_NAME = 200
LONGEST_LINE = 100  # of a title that only its place tells
SIGNS = "+▸►▶▼▾⌄ "
"""What an accordion draws beside its headings."""

MOST_ATTRIBUTES = 100
_POINTING = ("aria-controls", "onclick", "href", "rel")
MOST_LEVELS = 3  # from a row of tabs up to the element whose neighbours are its panels
_CONTROLS = frozenset(["a", "button", "li", "div", "span", "label", "p", "dt", *HEADINGS])
_CONTAINERS = frozenset(["div", "section", "ul", "ol", "dl", "table", "article", "dd", "li"])
_PARTS = _CONTAINERS | {"details", "dialog", "aside", "fieldset"}
_CARDS = frozenset(["div", "li", "section", "article"])
_LINES = frozenset(["p", "div", "span", "li", "button", "label", "a"])
_OF_DATES = LINK_WORDS["of_dates"]
_OPENS = re.compile(r"accord|collaps|toggle|expand|disclos|trigger|\btabs?\b|faq", re.I)
_TABS = re.compile(r"\b(?:tabs?|tablist|pills|switcher)\b", re.I)
_TITLE = re.compile(r"\b(?:title|heading|header|head|label|question|trigger|button|btn)\b", re.I)
_SHOWN = re.compile(r"\b(?:panes?|panels?|contents?|body|inner|wrapper)\b", re.I)
_QUOTED = re.compile(r"[\"']#?([^\"'\s]+)[\"']")
_ROLES = ("tabpanel", "region")
_SAYS_NOTHING = tuple(LINK_WORDS[code] for code in ("more", "empty", "opens", "onward"))
Kind = tuple[str, frozenset[str]]


class Panels:
    """The panels of a tree: `names` has the words that name each part; `controls` every element that does no more than that, and
    so is no heading of what happens to follow it."""

    def __init__(self, root: HtmlElement) -> None:
        self.names: dict[HtmlElement, str] = {}
        self.controls: set[HtmlElement] = set()
        self._root = root
        elements = [one for one in root.iter() if isinstance(one.tag, str)]
        self._ids: dict[str, list[HtmlElement]] = defaultdict(list)
        for element in elements:
            if element.get("id"):
                self._ids[element.get("id")].append(element)
        self._with_role = [one for one in elements if one.get("role") == "tabpanel"]
        self._by_controls(elements)
        unsure = self._by_labels(elements)
        self._by_rows(elements)
        for element in elements:
            if element not in self.controls and opens_next(element):
                self._by_place(element)
        linked = _with_links(elements)
        for element in elements:
            self._by_turns(element, linked)
            self._by_first_lines(element, linked)
        for part, label in unsure:
            if part not in self.names:
                self._name(part, label)

    # ---- id references

    def _by_controls(self, elements: Sequence[HtmlElement]) -> None:
        pointing: dict[str, list[HtmlElement]] = defaultdict(list)
        for element in elements:
            if element.tag in _CONTROLS:
                for target in set(self._targets(element)):
                    pointing[target].append(element)
        for target, controls in pointing.items():
            different = {name_of(one): one for one in reversed(controls) if name_of(one)}
            named, parts = list(different.values())[::-1], self._ids[target]
            if len(named) == len(parts):  # ids that an editor copied stand in order
                for part, control in zip(parts, named, strict=True):
                    self._name(part, control)
            elif named:
                tabs = [one for one in named if one.get("role") == "tab"]
                self._name(parts[0], (tabs or named)[0])

    def _targets(self, element: HtmlElement) -> Iterator[str]:
        """The ids of parts that a control shows. A link of a table of contents only leads there."""
        for name, value in _attributes(element):
            if name == "aria-controls":
                yield from (one for one in value.split() if one in self._ids)
            elif name == "onclick":
                yield from (one for one in _QUOTED.findall(value) if one in self._ids)
            elif name == "href" and "#" in value:
                target = value.strip().rpartition("#")[2]
                inside = value.strip().startswith("#")
                if target in self._ids and (
                    is_control(element) or (inside and self._shows(element, target))
                ):
                    yield target
            elif name.startswith("data-") or name == "rel":
                target = value.strip().removeprefix("#")
                if target in self._ids and (target != value.strip() or is_control(element)):
                    yield target

    def _shows(self, link: HtmlElement, target: str) -> bool:
        part = self._ids[target][0]
        around = [link, *list(link.iterancestors())[:2]]
        return bool(
            any(_OPENS.search(_class_of(one)) for one in around)
            or part.get("role") in ("tabpanel", "region")
            or _OPENS.search(_class_of(part))
        )

    def _by_labels(
        self, elements: Sequence[HtmlElement]
    ) -> list[tuple[HtmlElement, HtmlElement | str]]:
        """Name parts by their own word; what is given back are those whose label is that of other parts too."""
        labelled: dict[str, list[HtmlElement]] = defaultdict(list)
        unsure: list[tuple[HtmlElement, HtmlElement | str]] = []
        for element in elements:
            if element.tag not in _PARTS:
                continue
            labels = [
                one for one in (element.get("aria-labelledby") or "").split() if one in self._ids
            ]
            for label in labels:
                labelled[label].append(element)
            if not labels and element.get("aria-label") and element.get("role") in _ROLES:
                unsure.append((element, " ".join(element.get("aria-label").split())))
        for label, parts in labelled.items():
            labels = self._ids[label]
            if len(parts) == len(labels):
                for part, one in zip(parts, labels, strict=True):
                    self._name(part, one)
            else:
                unsure += [(part, labels[0]) for part in parts]
        return unsure

    # ---- rows of tabs

    def _by_rows(self, elements: Sequence[HtmlElement]) -> None:
        shared: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
        rows: dict[HtmlElement, dict[HtmlElement, None]] = defaultdict(dict)
        for element in elements:
            for name, value in _attributes(element):
                if name.startswith("data-"):
                    shared[name, value].append(element)
            if element in self.controls or not is_control(element) or not name_of(element):
                continue
            item = widest_saying(element, self._root)
            row = item.getparent()
            if item is not self._root and row is not None:
                rows[row][item] = None
        for row, found in rows.items():
            items = list(found)
            if len(items) > 1 and _side_by_side(row, items):
                parts = self._sharing(row, items, shared) or self._beside(row, items)
                for at, item in enumerate(items):
                    if parts:
                        self._name(parts[at], item)
                    self.controls.update(item.iter())

    def _sharing(
        self,
        row: HtmlElement,
        items: Sequence[HtmlElement],
        shared: dict[tuple[str, str], list[HtmlElement]],
    ) -> list[HtmlElement]:
        """Parts that have the value of their tab in an attribute of the same name: `data-tab="2"`."""
        names = {name for one in items[0].iter() for name in one.attrib if name.startswith("data-")}
        around = _above(row, self._root)
        for name in sorted(names):
            values = [next((v for e in one.iter() if (v := e.get(name))), None) for one in items]
            if None in values or len(set(values)) < len(items):
                continue
            found = [
                next((e for e in shared[name, str(v)] if _is_beside(e, row, items, around)), None)
                for v in values
            ]
            if all(one is not None for one in found):
                return [one for one in found if one is not None]
        return []

    def _beside(self, row: HtmlElement, items: Sequence[HtmlElement]) -> list[HtmlElement]:
        """As many parts of one kind as there are tabs, near the row: after it, before it, in a box or not."""
        if parts := self._tabpanels(row, len(items)):
            return parts
        first, last = items[0], items[-1]
        tabs = any(_TABS.search(_class_of(one)) for one in (row, row.getparent(), *items[:1])) or (
            row.get("role") == "tablist" or any(one.get("role") == "tab" for one in first.iter())
        )
        for _ in range(MOST_LEVELS):
            after = _next_to(last, len(items) + 1)
            before = _next_to(first, len(items) + 1, preceding=True)
            boxes = [elements_of(one) for one in (*after[:2], *before[:2])]
            inner = [elements_of(one[0]) for one in boxes if len(one) == 1]
            for candidates in (*boxes, *inner, after, before[::-1]):
                parts = _alike(candidates, len(items))
                if parts and (tabs or _SHOWN.search(_class_of(parts[0]))):
                    return parts
            if last.getparent() is self._root or last.getparent() is None:
                break
            first = last = last.getparent()
        return []

    def _tabpanels(self, row: HtmlElement, count: int) -> list[HtmlElement]:
        """The panels around a row of tabs that have the role of panels, where they are as many."""
        left = [one for one in self._with_role if one not in self.names]
        for up in row.iterancestors() if left and row is not self._root else ():
            found = [one for one in left if up in one.iterancestors()]
            outer = [one for one in found if not any(over in found for over in one.iterancestors())]
            if len(outer) >= count or up is self._root:
                return outer if len(outer) == count else []
        return []

    # ---- items of accordions

    def _by_place(self, element: HtmlElement) -> None:
        item = widest_saying(element, self._root)
        part = item.getnext() if item is not self._root and item.tag != "dt" else None
        if part is None or part.tag not in _CONTAINERS or part in self.names:
            return
        if opens_next(part) or not any(map(leads_on, part.iter("a"))):
            return
        self._name(part, element)

    # ---- what repeats

    def _by_turns(self, parent: HtmlElement, linked: set[HtmlElement]) -> None:
        """Name parts that take turns with short lines: a line, a part with links, a line like the first, a part like the first."""
        children = [one for one in elements_of(parent) if one in linked or says_something(one)]
        pairs = [
            (line, part)
            for line, part in pairwise(children)
            if part in linked and part.tag in _CONTAINERS and line not in linked
        ]
        turns: dict[tuple[Kind, Kind], list[tuple[HtmlElement, HtmlElement]]] = {}
        for line, part in pairs:
            turns.setdefault((kind_of(line), kind_of(part)), []).append((line, part))
        for (line_kind, part_kind), found in turns.items():
            if len(found) < 2 or line_kind[0] not in _LINES or part_kind == line_kind:
                continue
            if 2 * len(found) < len(children) or any(line in self.controls for line, _ in found):
                continue
            for line, part in found:
                if part not in self.names and names_something(line):
                    self._name(part, line)

    def _by_first_lines(self, parent: HtmlElement, linked: set[HtmlElement]) -> None:
        """Name cards without headings by their first line, where their links only name papers."""
        kinds: dict[object, list[HtmlElement]] = defaultdict(list)
        for one in elements_of(parent):
            if one in linked and one.tag in _CARDS and one not in self.names:
                kinds[kind_of(one)].append(one)
        for cards in kinds.values():
            if len(cards) < 2:
                continue
            for one in cards:
                line = _first_line(one, linked)
                if line is not None and line not in self.controls and _only_papers(one):
                    self._name(one, text_of(line))

    def _name(self, part: HtmlElement, control: HtmlElement | str) -> None:
        if part is self._root or part.tag in HEADINGS or part.tag in ("a", "button", "input"):
            return
        if isinstance(control, str):
            self.names[part] = control
            return
        words = name_of(control)
        if not words or part is control or part in control.iterancestors():
            return  # what stands in a part names it as its heading
        if control in part.iterancestors():
            return
        self.names[part] = words
        said = widest_saying(control, self._root)
        if said is not self._root:
            self.controls.update(said.iter())


def _attributes(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """What an element says of the parts that it shows; of more than MOST_ATTRIBUTES lxml finds each by a search."""
    names = (one for one in element.attrib if one.startswith("data-") or one in _POINTING)
    yield from ((one, element.get(one) or "") for one in islice(names, MOST_ATTRIBUTES))


def name_of(control: HtmlElement) -> str:
    """The words by which a control names its part; "" where it only says that it opens something, or says too much."""
    words = text_of(control).strip(SIGNS) or " ".join((control.get("aria-label") or "").split())
    if len(words) > LONGEST_NAME or any(rules.search(words) for rules in _SAYS_NOTHING):
        return ""
    return words


def names_something(line: HtmlElement) -> bool:
    """True for a short line that may be a title: no date, no "Published in", no sentence."""
    words = name_of(line)
    if not words or len(words) > LONGEST_LINE or only_dates(words) or words.endswith("."):
        return False
    return bool(re.search(r"[^\W\d_]{2}", words)) and not _OF_DATES.search(words)


def _with_links(elements: Sequence[HtmlElement]) -> set[HtmlElement]:
    """The elements that hold links to follow."""
    found: set[HtmlElement] = set()
    for element in elements:
        if element.tag == "a" and leads_on(element):
            for up in (element, *element.iterancestors()):
                if up in found:
                    break
                found.add(up)
    return found


def _first_line(card: HtmlElement, linked: set[HtmlElement]) -> HtmlElement | None:
    """The first line of a card where that is a title and stands before its links."""
    if (card.text or "").strip() or any(True for _ in card.iter(*HEADINGS, "summary", "dt", "tr")):
        return None
    element = card
    while True:
        first = next((one for one in elements_of(element) if says_something(one)), None)
        if first is None or (first in linked and first.tag in ("a", "p", "ul", "ol")):
            return None
        blocks = [one for one in elements_of(first) if one.tag not in INLINE and one.tag != "br"]
        if not blocks:
            return first if first not in linked and names_something(first) else None
        element = first


def _only_papers(card: HtmlElement) -> bool:
    """True where the links of a card name no review themselves, but its papers or nothing."""
    for one in card.iter("a"):
        text = text_of(one)
        said = names_paper(text) or any(rules.search(text) for rules in _SAYS_NOTHING)
        if leads_on(one) and (not said or LABEL.search(text)):
            return False
    return True


def is_control(element: HtmlElement) -> bool:
    """True for what shows and hides parts of a page: a tab, a button, a label of a choice, a link that leads nowhere."""
    if element.tag not in _CONTROLS:
        return False
    if element.get("role") in ("tab", "button") or element.tag == "button":
        return True
    if element.get("aria-expanded") or element.get("aria-selected"):
        return True
    if any(name.startswith("data-") and "toggle" in name for name in element.attrib):
        return True
    if element.tag == "a":
        return not leads_on(element) and not re.match(r"\s*#.", element.get("href") or "")
    if element.tag == "label":
        return element.get("for") is not None
    if element.tag in ("li", "div", "span", "p"):
        own, above = _class_of(element), _class_of(element.getparent())
        tabs = _TABS.search(own) or (element.tag == "li" and _TABS.search(above))
        return bool(tabs) and not _SHOWN.search(own) and element.find(".//a") is None
    return False


def opens_next(element: HtmlElement) -> bool:
    """True for the title of an accordion's item, whose part follows it."""
    if element.tag not in _CONTROLS or element.get("role") == "tablist" or not name_of(element):
        return False
    if element.find(".//button") is not None or element.find(".//li") is not None:
        return False
    own = _class_of(element)
    if element.tag != "a" or not leads_on(element):
        if element.get("role") == "button" or element.get("aria-expanded"):
            return True
        if element.tag == "button":
            return True
        if element.tag == "label":
            return element.get("for") is not None
        if element.tag == "a":
            return is_control(element)
        around = f"{own} {_class_of(element.getparent())}"
        return bool(_OPENS.search(around) and _TITLE.search(own))
    return False


def _class_of(element: HtmlElement | None) -> str:
    """The class and id of an element, with spaces for what joins words."""
    if element is None:
        return ""
    return re.sub(r"[-_]+", " ", f"{element.get('class') or ''} {element.get('id') or ''}")


def _side_by_side(row: HtmlElement, items: Sequence[HtmlElement]) -> bool:
    """True when nothing stands between the tabs of a row."""
    inside = False
    left = len(items)
    wanted = set(items)
    for child in elements_of(row):
        if child in wanted:
            inside, left = True, left - 1
        elif inside and left and says_something(child):
            return False
    return True


def _next_to(element: HtmlElement, count: int, *, preceding: bool = False) -> list[HtmlElement]:
    """The next `count` elements beside an element: one more than there are tabs tells whether they are as many."""
    beside = (one for one in element.itersiblings(preceding=preceding) if isinstance(one.tag, str))
    return list(islice(beside, count))


def _above(row: HtmlElement, root: HtmlElement) -> set[HtmlElement]:
    above = {row}
    for up in row.iterancestors():
        if len(above) > MOST_LEVELS or row is root:
            break
        above.add(up)
        if up is root:
            break
    return above


def _is_beside(
    element: HtmlElement,
    row: HtmlElement,
    items: Sequence[HtmlElement],
    around: set[HtmlElement],
) -> bool:
    if element.tag not in _PARTS or any(element is one or element in one.iter() for one in items):
        return False
    return any(up in around for up in element.iterancestors())


def _alike(candidates: Sequence[HtmlElement], count: int) -> list[HtmlElement]:
    """The `count` parts of one kind among `candidates` that hold links; () when there are more or fewer of each kind."""
    kinds: dict[object, list[HtmlElement]] = defaultdict(list)
    for one in candidates:
        if one.tag in _CONTAINERS:
            kinds[kind_of(one)].append(one)
    for parts in kinds.values():
        if len(parts) == count and any(leads_on(link) for one in parts for link in one.iter("a")):
            return parts
    return []
