"""Reading HTML as it comes, and the text of its elements as a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from casereviews.repository.html_bounds import bounded

LONGEST_PART = 2000
UNSEEN = ("script", "style", "template", "svg", "iframe", "object")
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
"""Elements that do not break a line; every other element does."""

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BEGINS_ANOTHER = ("h1", "h2", "h3", "h4", "ul", "ol", "li", "table", "p")


_OF_ONE = re.compile(
    r"\d|(?:^|[-_])(?:first|last|odd|even|active|inactive|current|selected|open|opened|closed|show|shown|hide|hidden|in|fade|collapsed)(?:[-_]|$)"
    r"|^(?:tag|category)-",
    re.I,
)
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]"
    r"|&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|7f|fff[ef])(?![0-9a-f])|0*(?:[0-8]|1[1245-9]|2\d|3[01]|127|6553[45])(?!\d));?",
    re.I,
)
"""Signs, and references to them, that lxml reads but takes none of back."""


def read_html(html: str) -> HtmlElement:
    """The tree of a page, however broken; scripts, styles and comments are taken out. An empty page is an empty tree."""
    return without_unseen(whole_tree(html))


def whole_tree(html: str) -> HtmlElement:
    """The tree of a page with what no reader sees still in it: see `read_html`."""
    parser = lxml.html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    tree: HtmlElement | None = None
    if html.strip():
        try:
            text = _CONTROL.sub(" ", bounded(html).text).encode("utf-8", "replace")
            tree = lxml.html.document_fromstring(text, parser=parser)
        except etree.ParserError:
            tree = None
    if tree is None:
        tree = lxml.html.document_fromstring("<html><body></body></html>")
    return tree


def without_unseen(tree: HtmlElement) -> HtmlElement:
    """The tree, with the elements UNSEEN taken out of it."""
    etree.strip_elements(tree, *UNSEEN, with_tail=False)
    return tree


def text_of(element: HtmlElement | None) -> str:
    """The element's words with single spaces; words of neighbouring blocks are kept apart, those of inline elements not."""
    if element is None:
        return ""
    return " ".join("".join(_pieces(element)).split())


@lru_cache(maxsize=32)
def text_of_block(element: HtmlElement) -> str:
    """`text_of` an element of a tree that is changed no more: a block of many links is read once for all of them."""
    return text_of(element)


def several(things: Iterable[object]) -> bool:
    """True when there are two different things among `things`; the rest is not looked at."""
    first = next(iterator := iter(things), None)
    return first is not None and any(one is not first and one != first for one in iterator)


def texts_in_parts(element: HtmlElement) -> Iterator[str]:
    """The element's text in parts, so that a search need not read a long list to its end.

    Each part ends between two blocks and holds what is inline in one piece.
    """
    said: list[str] = []
    size = 0
    for piece in _pieces(element):
        if piece == " " and size > LONGEST_PART:
            yield "".join(said)
            said, size = [], 0
        said.append(piece)
        size += len(piece)
    yield "".join(said)


def own_text_of(element: HtmlElement) -> str:
    """The words of a link or heading up to where another begins in it: an unclosed tag swallows what follows."""
    if not any(element.find(f".//{tag}") is not None for tag in _BEGINS_ANOTHER):
        return text_of(element)
    pieces = [element.text or ""]
    for child in element:
        if child.tag in _BEGINS_ANOTHER or any(
            child.find(f".//{tag}") is not None for tag in _BEGINS_ANOTHER
        ):
            break
        pieces += [text_of(child), child.tail or ""]
    return " ".join("".join(pieces).split()) or text_of(element)


def elements_of(element: HtmlElement) -> list[HtmlElement]:
    """The children of an element that are elements."""
    return [one for one in element if isinstance(one.tag, str)]


def leads_on(anchor: HtmlElement) -> bool:
    """True for a link to another page or to a file."""
    href = (anchor.get("href") or "").strip()
    return bool(href) and not href.startswith("#") and not href.lower().startswith("javascript:")


def says_something(element: HtmlElement) -> bool:
    """True for an element with words, or a picture in a link."""
    if any(piece.strip() for piece in element.itertext()):
        return True
    return any(one.find(".//img") is not None for one in element.iter("a"))


def widest_saying(element: HtmlElement, root: HtmlElement | None) -> HtmlElement:
    """The widest element below `root` (None: of the tree) that says no more than `element` does."""
    while (up := element.getparent()) is not None and up is not root:
        if (up.text or "").strip() or (element.tail or "").strip():
            break
        others = (one for one in up if one is not element)
        if any((one.tail or "").strip() or says_something(one) for one in others):
            break
        element = up
    return element


def kind_of(element: HtmlElement) -> tuple[str, frozenset[str]]:
    """What neighbours of one kind share: their tag and classes, but for numbers and for which is first, odd or open."""
    classes = (element.get("class") or "").split()
    return str(element.tag), frozenset(one for one in classes if not _OF_ONE.search(one))


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The words of an element in order, a blank where a block begins or ends; however deep they stand, each costs the same."""
    if element.tag == "br":
        yield " "
        return
    block = _breaks_line(element)
    if block:
        yield " "
    yield element.text or ""
    opened = [(iter(element), block, "")]
    while opened:
        children, block, tail = opened[-1]
        for child in children:
            if not isinstance(child.tag, str):
                yield child.tail or ""
            elif child.tag == "br":
                yield " "
                yield child.tail or ""
            else:
                inner = _breaks_line(child)
                if inner:
                    yield " "
                yield child.text or ""
                opened.append((iter(child), inner, child.tail or ""))
                break
        else:
            opened.pop()
            if block:
                yield " "
            yield tail


def _breaks_line(element: HtmlElement) -> bool:
    return element.tag not in INLINE or element.tag == "time"  # two dates side by side are two
