"""The heading path of an element: what stands above it, from the outermost heading to the nearest.

Headings are h1 to h6, and what serves as one: the summary of a disclosure, an accordion's button, a table's caption, a term in a list
of terms, a paragraph that is wholly bold. A heading counts for what follows it in its own card, row or section only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import own_text_of, several, text_of

_CLOSED = frozenset(["article", "li", "tr", "td", "th", "details", "section", "figure", "dd"])
_ACCORDION = re.compile(r"accord|collaps|toggle|expand|tab(?:s|-|$)|panel|disclos", re.I)
LONGEST = 200
_SIGNS = "+▸►▶▼▾⌄ "
"""What an accordion draws beside its headings."""


@dataclass(frozen=True, slots=True)
class _Heading:
    level: int
    text: str
    scope: HtmlElement | None  # counts only for what is inside; None: for all that follows


class HeadingPaths:
    """The heading path of every element of a tree, found in one walk."""

    def __init__(self, root: HtmlElement) -> None:
        self._paths: dict[HtmlElement, tuple[str, ...]] = {}
        stack: list[_Heading] = []
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            inside = None
            made = _as_heading(element)
            while stack and stack[-1].scope is not None and not _within(element, stack[-1].scope):
                stack.pop()
            if made is not None and made.text:
                stack = [one for one in stack if one.level < made.level]
                inside = stack
                stack = [*stack, made]
            shown = inside if inside is not None else stack
            self._paths[element] = tuple(
                one.text for one in shown if one.scope is None or _within(element, one.scope)
            )

    def of(self, element: HtmlElement) -> tuple[str, ...]:
        """Headings above an element, outermost first."""
        return self._paths.get(element, ())


def is_heading(element: HtmlElement) -> bool:
    """True for an element that serves as a heading."""
    return _as_heading(element) is not None


def _within(element: HtmlElement, scope: HtmlElement) -> bool:
    return element is scope or any(up is scope for up in element.iterancestors())


def _as_heading(element: HtmlElement) -> _Heading | None:
    tag = str(element.tag)
    text = own_text_of(element) if re.fullmatch(r"h[1-6]", tag) else text_of(element)
    text = text.strip(_SIGNS)
    if len(text) > LONGEST:
        return None
    if re.fullmatch(r"h[1-6]", tag):
        return _Heading(int(tag[1]), text, _closed_above(element))
    if tag == "summary":
        return _Heading(7, text, element.getparent())
    if tag == "caption":
        return _Heading(8, text, element.getparent())
    if tag == "dt":
        return _Heading(8, text, element.getparent())
    if tag in ("button", "a", "div", "span") and _opens_panel(element, tag):
        return _Heading(7, text, None)
    if tag in ("strong", "b") and _is_whole_paragraph(element, text):
        return _Heading(9, text, _closed_above(element))
    return None


def _opens_panel(element: HtmlElement, tag: str) -> bool:
    if element.getparent() is not None and re.fullmatch(r"h[1-6]", str(element.getparent().tag)):
        return False  # the heading around it says it
    controls = element.get("aria-expanded") is not None or element.get("aria-controls") is not None
    named = bool(_ACCORDION.search(element.get("class") or ""))
    if tag == "button":
        return controls or named
    if tag == "a":
        return controls and (element.get("href") or "#").startswith("#")
    return controls


def _is_whole_paragraph(element: HtmlElement, text: str) -> bool:
    parent = element.getparent()
    if parent is None or parent.tag not in ("p", "div") or len(text) > 120:
        return False
    if text_of(parent) != text or element.find(".//a") is not None:
        return False
    return not any(_is_bold_block(one) for one in (parent.getprevious(), parent.getnext()))


def _is_bold_block(element: HtmlElement | None) -> bool:
    """True for a neighbour that is wholly bold too: two in a row are the head of a made-up table, no headings."""
    if element is None or element.tag not in ("p", "div"):
        return False
    bold = (
        element.find(".//strong") if element.find(".//strong") is not None else element.find(".//b")
    )
    return bold is not None and text_of(bold) == text_of(element)


def _closed_above(element: HtmlElement) -> HtmlElement | None:
    """The card, row or section that ends a heading's reach."""
    for up in element.iterancestors():
        if up.tag in _CLOSED:
            return up
        if up.tag == "div" and _is_card(up):
            return up
    return None


def _is_card(element: HtmlElement) -> bool:
    """A div among neighbours of the same kind that have headings of their own."""
    parent, kind = element.getparent(), element.get("class")
    if parent is None or not kind:
        return False
    return several(
        one for one in parent if one.tag == "div" and one.get("class") == kind and _has_heading(one)
    )


def _has_heading(element: HtmlElement) -> bool:
    return any(element.find(f".//h{level}") is not None for level in range(1, 7))
