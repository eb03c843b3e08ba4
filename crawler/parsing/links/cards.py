"""The card of a link: the smallest block that describes it, and the files that belong to the same review.

A row of a table, an item of a list, a card among cards, a paragraph. Where the block says nothing but the link, its heading
speaks for it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree
from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import (
    HEADINGS,
    INLINE,
    elements_of,
    kind_of,
    leads_on,
    several,
    text_of,
    text_of_block,
    texts_in_parts,
)
from casereviews.crawler.parsing.links.headings import headings_in
from casereviews.crawler.parsing.links.wording import (
    LABEL,
    LINK_WORDS,
    only_dates,
    says_nothing,
    year_of,
)
from casereviews.repository.vocabulary.decoys import names_paper, names_review
from casereviews.repository.vocabulary.rules import load_rules

LONGEST_CARD = 1500
LONGEST_FIRST_LINE = 80  # of a card, where that is its title
MOST_SPANNED = 12  # rows that one cell reaches over
_NUMBER = re.compile(r"\W*\d*\W*")
_UNSHOWN = re.compile(r"(?:^|[-_ ])(?:sr-only|visually-?hidden|screen-reader)", re.I)
_NAMED = re.compile(r"(?:^|[-_ ])(?:title|heading|headline|name)(?:$|[-_ ])", re.I)
_COLUMN = LINK_WORDS["column"]
_ROLES = load_rules("document_roles")
_IN_LINES = INLINE | {"br", "img", "picture", "source"}
_CONTAINERS = frozenset(["ul", "ol", "div", "section", "table", "tbody", "dl", "main", "article"])


@dataclass(frozen=True, slots=True)
class Card:
    """`block` describes the link; `unit` holds all files of the same review (None: nothing says which); `row` is set in tables,
    `line` where a block is broken into lines with a link each, `beside` what is said of a link loose among other blocks."""

    block: HtmlElement
    unit: HtmlElement | None
    text: str
    row: HtmlElement | None = None
    cell: HtmlElement | None = None
    line: str | None = None
    beside: str | None = None


DEEPEST = 256
"""Elements within one another, as deep as a page goes: every link of a nest asks all of them in turn."""


def card_of(anchor: HtmlElement, root: HtmlElement, panels: Container[HtmlElement] = ()) -> Card:
    """The card of a link of a page; `root` is the page's content. No unit is wider than one of its named `panels`."""
    row = _data_row(anchor)
    cell = next((up for up in anchor.iterancestors() if up.tag in ("td", "th")), None)
    if row is not None and cell is not None:
        return Card(row, row, text_of_block(row), row, cell)
    block = _block(anchor, root)
    unit = _unit(block, root, panels)
    line = line_of(anchor, block)
    beside = stretch_of(anchor, block) if line is None else None
    if beside is not None and _several_headings(block):
        return Card(block, unit, beside[:LONGEST_CARD], beside=beside)
    text = line if line is not None else text_of_block(_describing(anchor, block, root))
    return Card(block, unit, text[:LONGEST_CARD], line=line, beside=beside)


@lru_cache(maxsize=32)
def _several_headings(block: HtmlElement) -> bool:
    return several(one for one in block if one.tag in HEADINGS and text_of(one))


def line_of(anchor: HtmlElement, block: HtmlElement) -> str | None:
    """The link's line in a block that `<br>` breaks into lines with links of their own; None in any other block."""
    return _lines_of(block).get(anchor)


@lru_cache(maxsize=32)
def _lines_of(block: HtmlElement) -> Mapping[HtmlElement, str]:
    """The line of each link of a block that `<br>` breaks into lines with links of their own."""
    if not any(one.tag == "br" for one in block):
        return {}
    lines: list[list[str]] = [[block.text or ""]]
    place: dict[HtmlElement, int] = {}
    for child in block:
        if child.tag == "br":
            lines.append([child.tail or ""])
            continue
        if not isinstance(child.tag, str):
            continue
        place.update((one, len(lines) - 1) for one in child.iter("a"))
        lines[-1] += [text_of(child), child.tail or ""]
    if len(set(place.values())) < 2:
        return {}
    said = [" ".join("".join(line).split()) for line in lines]
    return {anchor: said[at] for anchor, at in place.items()}


def stretch_of(anchor: HtmlElement, block: HtmlElement) -> str | None:
    """What is said of a link that stands loose among paragraphs, headings and other blocks; None where no block stands beside it.

    Its own line; the paragraphs before it where it is the first link under its heading, those after it where it is the only one.
    """
    if block is anchor or not _holds_blocks(block):
        return None
    top = anchor
    while (up := top.getparent()) is not block and up is not None:
        top = up
    line, before, first = _said_beside(top, preceding=True)
    rest, after, last = _said_beside(top)
    said = [*(before[::-1] if first else ()), *line[::-1], text_of(top), top.tail or "", *rest]
    return " ".join(" ".join([*said, *(after if first and last else ())]).split())


@lru_cache(maxsize=32)
def _holds_blocks(block: HtmlElement) -> bool:
    return any(one.tag not in _IN_LINES for one in elements_of(block))


def _said_beside(top: HtmlElement, *, preceding: bool = False) -> tuple[list[str], list[str], bool]:
    """The words of the line of `top` before or after it, those of the blocks beyond, up to a heading; and whether no link stands there."""
    line: list[str] = []
    beyond: list[str] = []
    said, long = line, 0
    parent = top.getparent()
    for one in top.itersiblings(preceding=preceding):
        if not isinstance(one.tag, str):
            continue
        inside = one.tag in _IN_LINES and one.tag != "br"
        if one.tag in HEADINGS or next(headings_in(one), None) is not None:
            if preceding:
                line += [one.tail or ""] if said is line else []
            return line, beyond, True
        if any(map(leads_on, one.iter("a"))) or long > LONGEST_CARD:
            return line, beyond, False
        words = [one.tail or "", text_of(one)] if preceding else [text_of(one), one.tail or ""]
        if not inside and said is line:
            if preceding:
                line.append(one.tail or "")
                words = [text_of(one)]
            said, long = beyond, 0
        said += words
        long += sum(map(len, words))
    if preceding and parent is not None:
        said.append(parent.text or "")
    return line, beyond, True


def _describing(anchor: HtmlElement, block: HtmlElement, root: HtmlElement) -> HtmlElement:
    """The smallest block that says more than the link does and holds no other link; the link's own block without one."""
    said, address = text_of(anchor), anchor.get("href")
    element = block
    while element is not root:
        # Other links first: in a block of many the second one is found at once, its text is long.
        if element is not block and any(one.get("href") != address for one in element.iter("a")):
            break
        text = text_of_block(element)
        if len(text) > LONGEST_CARD:
            break
        if text != said:
            return element
        parent = element.getparent()
        if parent is None:
            break
        element = parent
    return block


def _data_row(anchor: HtmlElement) -> HtmlElement | None:
    """The row of a table of data; a table that only lays the page out is none."""
    for up in anchor.iterancestors():
        if up.tag == "tr":
            table = next((one for one in up.iterancestors() if one.tag == "table"), None)
            rows = table.iter("tr") if table is not None else iter(())
            alone = up.find(".//table") is None and up.find(".//h2") is None
            if alone and (several(rows) or _is_row_of_papers(up)):
                return up
    return None


def _is_row_of_papers(row: HtmlElement) -> bool:
    """True for the only row of a table when it holds the papers of one case: a link a cell, each but one another kind of paper, one label at most."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    if len(cells) < 2 or row.find(".//li") is not None or _several_subjects(row):
        return False
    links = [list(filter(leads_on, cell.iter("a"))) for cell in cells]
    if any(len(one) > 1 for one in links) or sum(map(bool, links)) < max(2, len(cells) - 1):
        return False
    text = text_of_block(row)
    labels = (" ".join(found.group(0).lower().split()) for found in LABEL.finditer(text))
    if len(text) > LONGEST_CARD or several(labels):
        return False
    kinds = [kind.code for cell in cells if (kind := _ROLES.first(text_of(cell))) is not None]
    return len(kinds) >= len(cells) - 1 and len(kinds) == len(set(kinds))


def is_block_link(anchor: HtmlElement) -> bool:
    """True for a link that is a whole card: it has lines of its own, and no words before them (a link left open has)."""
    if (anchor.text or "").strip() or anchor.find(".//a") is not None:
        return False
    inside = [one for one in anchor.iter(etree.Element) if one is not anchor]
    if any(one.tag not in _IN_LINES or _NAMED.search(one.get("class") or "") for one in inside):
        return True
    return len(_spans_as_lines(anchor)) > 1


def _spans_as_lines(anchor: HtmlElement) -> list[HtmlElement]:
    """The classed parts of a link that says nothing outside them: style sheets make lines of those."""
    if (anchor.text or "").strip() or any((one.tail or "").strip() for one in anchor):
        return []
    parts = [one for one in elements_of(anchor) if text_of(one)]
    if len(parts) == 1:
        return _spans_as_lines(parts[0])
    if not all(one.get("class") or one.tag in ("small", "time") for one in parts[1:]):
        return []
    if any(_UNSHOWN.search(one.get("class") or "") for one in parts):
        return []
    return parts if any(_may_name_one(text_of(one)) for one in parts) else []


def _may_name_one(text: str) -> bool:
    """False for a date, a kind of paper, "Download" and "PDF 1.4MB"."""
    told = only_dates(text) or says_nothing(text) or names_paper(text)
    return not (told or LINK_WORDS["file"].search(f"{text} "))


def _block(anchor: HtmlElement, root: HtmlElement) -> HtmlElement:
    """The nearest element around the link that breaks lines; a link that is a whole card is its own."""
    if is_block_link(anchor):
        return anchor
    for up in anchor.iterancestors():
        if up.tag not in INLINE or up is root:
            return up
    return root


def _unit(
    block: HtmlElement, root: HtmlElement, panels: Container[HtmlElement]
) -> HtmlElement | None:
    """The largest block around the link that still tells of one review only."""
    unit: HtmlElement | None = None
    element = block
    while element is not root and element is not None:
        if _tells_of_one(element):
            unit = element
        if _is_repeated(element) and _names_something(element):
            return element
        if element.tag in ("article", "details", "figure") or element in panels:
            return element if _tells_of_one(element) else unit
        parent = element.getparent()
        if parent is None or parent is root:
            break
        if _several_subjects(parent) or _is_mixed_list(parent):
            break
        element = parent
    return unit if unit is not None and _names_something(unit) else None


def _tells_of_one(element: HtmlElement) -> bool:
    return not _several_subjects(element)


@lru_cache(maxsize=DEEPEST)
def _several_subjects(element: HtmlElement) -> bool:
    """True when an element has several headings that name reviews, or is a list of items with files of their own."""
    headings = map(text_of, element.iter("h2", "h3", "h4", "h5", "h6", "summary", "dt"))
    if several(text for text in headings if text and not year_of(text)):
        return True
    bold = map(text_of, element.iter("strong", "b"))
    if several(text for text in bold if LABEL.search(text)):
        return True
    return element.tag in _CONTAINERS and several(
        " ".join(found.group(0).lower().split())
        for text in texts_in_parts(element)
        for found in LABEL.finditer(text)
    )


@lru_cache(maxsize=32)
def _is_mixed_list(element: HtmlElement) -> bool:
    """True for a list some of whose items name a case and some do not: they are not of one review."""
    if element.tag not in ("ul", "ol"):
        return False
    return several(bool(LABEL.search(text_of(item))) for item in element.iterchildren("li"))


def _is_repeated(element: HtmlElement) -> bool:
    """True for an item among like items that have links too."""
    parent = element.getparent()
    if parent is None or element.tag in ("p", "span"):
        return False
    return several(
        one
        for one in parent
        if one.tag == element.tag
        and (one.get("class") == element.get("class") or kind_of(one) == kind_of(element))
        and (one.tag == "a" or one.find(".//a") is not None)
    )


@lru_cache(maxsize=32)
def _names_something(element: HtmlElement) -> bool:
    """True when a block says which review it is of."""
    text = text_of_block(element)
    if LABEL.search(text) or names_review(text):
        return True
    return any(True for _ in element.iter("h2", "h3", "h4", "h5", "h6", "summary", "dt", "strong"))


def card_around(anchor: HtmlElement) -> HtmlElement:
    """The card that a link is the only one of: the widest element without links to other addresses."""
    item, address = anchor, anchor.get("href")
    while (up := item.getparent()) is not None and up.tag not in ("main", "body", "html"):
        # Other links first: where there are many, one of them is found at once.
        if any(leads_on(one) and one.get("href") != address for one in up.iter("a")):
            break
        if up.find(".//h1") is not None or len(text_of_block(up)) > LONGEST_CARD:
            break
        item = up
    return item


def title_of_card(anchor: HtmlElement, item: HtmlElement) -> str:
    """The title of the card `item` around a link; "" where nothing names it."""
    if item is anchor and not is_block_link(anchor):
        return ""
    said = text_of(anchor)
    return next((one for one in _titles_in(item) if one != said or item is anchor), "")


def title_within(anchor: HtmlElement) -> str:
    """The title of a link that is a whole card."""
    return next(_titles_in(anchor), "")


def _titles_in(item: HtmlElement) -> Iterator[str]:
    """What may name a card: its headings, else its first line where that is short and no date."""
    headings = [text for one in headings_in(item) if (text := text_of(one))]
    if item.tag == "a" and not headings:
        named = [one for one in item.iter("span") if _NAMED.search(one.get("class") or "")]
        bold = [one for one in item.iter("strong", "b") if text_of(item).startswith(text_of(one))]
        said = [text_of(one) for one in (*named, *bold[:1], *_spans_as_lines(item))]
        headings = [text for text in said if text and _may_name_one(text)]
    yield from headings
    if headings or item.tag in ("p", "td"):
        return
    for one in item.iter():
        if not isinstance(one.tag, str) or one.tag in _IN_LINES or is_block_link(one):
            continue
        if any(child.tag not in _IN_LINES for child in elements_of(one)):
            continue
        text = text_of(one)
        if not text or only_dates(text) or LINK_WORDS["of_dates"].search(text):
            continue
        if len(text) <= LONGEST_FIRST_LINE and (one.find(".//a") is None or item.tag == "a"):
            yield text
        return


def table_words(card: Card) -> tuple[list[str], str]:
    """What a table says of a cell: its column's heading and what its row is of; and the words of the cell itself."""
    assert card.row is not None
    assert card.cell is not None
    cells = [cell for cell in card.row if cell.tag in ("td", "th")]
    at = cells.index(card.cell) if card.cell in cells else 0
    named = _naming_cell(card.row)
    column = column_heading(card.row, at + len(spanning_cells(card.row, cells)))
    said = ["" if _COLUMN.search(column) else column]
    if named is not None and named is not card.cell:
        said.append(text_of(named))
    return [one for one in said if one], text_of_block(card.cell)


def name_of_row(row: HtmlElement) -> str:
    """The words of the cell that says what a row is of; "" without one."""
    return text_of(_naming_cell(row))


@lru_cache(maxsize=32)
def _naming_cell(row: HtmlElement) -> HtmlElement | None:
    """The first cell of a row that has words, and not only a number, a date or "Download"."""
    cells = [cell for cell in row if cell.tag in ("td", "th")]
    for cell in (*spanning_cells(row, cells), *cells):
        text = text_of(cell)
        opens = cell.find(".//a") is not None and LINK_WORDS["empty"].search(text)
        if not (_NUMBER.fullmatch(text) or _COLUMN.search(text) or opens or only_dates(text)):
            return cell
    return None


def spanning_cells(row: HtmlElement, cells: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Cells of a row above that reach down over this one."""
    above = row
    for distance in range(1, MOST_SPANNED):
        above = above.getprevious()
        if above is None or above.tag != "tr":
            return []
        beside = [cell for cell in above if cell.tag in ("td", "th")]
        if len(beside) > len(cells):
            return [cell for cell in beside if _span(cell) > distance]
    return []


def _span(cell: HtmlElement) -> int:
    said = (cell.get("rowspan") or "1").strip()
    return int(said) if said.isdecimal() else 1


def column_heading(row: HtmlElement, at: int) -> str:
    """The heading of a table's column, "" when it has none."""
    table = next((one for one in row.iterancestors() if one.tag == "table"), None)
    if table is None:
        return ""
    for other in table.iter("tr"):
        heads = [cell for cell in other if cell.tag in ("td", "th")]
        if heads and (
            all(cell.tag == "th" or _is_bold(cell) for cell in heads)
            or other.getparent().tag == "thead"
        ):
            return text_of(heads[at]) if at < len(heads) and other is not row else ""
        if any(map(leads_on, other.iter("a"))):
            break  # rows of links have begun
    return ""


def _is_bold(cell: HtmlElement) -> bool:
    """True for a cell that is wholly bold and no link: what a table without header cells has for a heading."""
    bold = cell.find(".//strong") if cell.find(".//strong") is not None else cell.find(".//b")
    return bold is not None and cell.find(".//a") is None and text_of(bold) == text_of(cell)
