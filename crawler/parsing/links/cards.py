"""The card of a link: the smallest block that describes it, and the files that belong to the same review.

A row of a table, an item of a list, a card among cards, a paragraph. Where the block says nothing but the link, its heading
speaks for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import INLINE, several, text_of, texts_in_parts
from casereviews.crawler.parsing.links.wording import LABEL, year_of
from casereviews.repository.vocabulary.decoys import names_review

LONGEST_CARD = 1500
_CONTAINERS = frozenset(["ul", "ol", "div", "section", "table", "tbody", "dl", "main", "article"])


@dataclass(frozen=True, slots=True)
class Card:
    """`block` describes the link; `unit` holds all files of the same review (None: nothing says which); `row` is set in tables,
    `line` where a block is broken into lines with a link each."""

    block: HtmlElement
    unit: HtmlElement | None
    text: str
    row: HtmlElement | None = None
    cell: HtmlElement | None = None
    line: str | None = None


def card_of(anchor: HtmlElement, root: HtmlElement) -> Card:
    """The card of a link of a page; `root` is the page's content."""
    row = _data_row(anchor)
    cell = next((up for up in anchor.iterancestors() if up.tag in ("td", "th")), None)
    if row is not None and cell is not None:
        return Card(row, row, text_of(row), row, cell)
    block = _block(anchor, root)
    unit = _unit(block, root)
    line = line_of(anchor, block)
    text = line if line is not None else text_of(_describing(anchor, block, root))
    return Card(block, unit, text[:LONGEST_CARD], line=line)


def line_of(anchor: HtmlElement, block: HtmlElement) -> str | None:
    """The link's line in a block that `<br>` breaks into lines with links of their own; None in any other block."""
    breaks = [one for one in block if one.tag == "br"]
    if not breaks or sum(one.tag == "a" for one in block.iter()) < 2:
        return None
    lines: list[list[str]] = [[block.text or ""]]
    linked: list[int] = []
    mine: int | None = None
    for child in block:
        if child.tag == "br":
            lines.append([child.tail or ""])
            continue
        if not isinstance(child.tag, str):
            continue
        inside = list(child.iter("a"))
        linked += [len(lines) - 1] * bool(inside)
        if anchor in inside:
            mine = len(lines) - 1
        lines[-1] += [text_of(child), child.tail or ""]
    if mine is None or len(set(linked)) < 2:
        return None
    return " ".join("".join(lines[mine]).split())


def _describing(anchor: HtmlElement, block: HtmlElement, root: HtmlElement) -> HtmlElement:
    """The smallest block that says more than the link does and holds no other link; the link's own block without one."""
    said, address = text_of(anchor), anchor.get("href")
    element = block
    while element is not root:
        # Other links first: in a block of many the second one is found at once, its text is long.
        if element is not block and any(one.get("href") != address for one in element.iter("a")):
            break
        text = text_of(element)
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
            if up.find(".//table") is None and up.find(".//h2") is None and several(rows):
                return up
    return None


def _block(anchor: HtmlElement, root: HtmlElement) -> HtmlElement:
    """The nearest element around the link that breaks lines."""
    for up in anchor.iterancestors():
        if up.tag not in INLINE or up is root:
            return up
    return root


def _unit(block: HtmlElement, root: HtmlElement) -> HtmlElement | None:
    """The largest block around the link that still tells of one review only."""
    unit: HtmlElement | None = None
    element = block
    while element is not root and element is not None:
        if _tells_of_one(element):
            unit = element
        if _is_repeated(element) and _names_something(element):
            return element
        if element.tag in ("article", "details", "figure"):
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
        and one.get("class") == element.get("class")
        and one.find(".//a") is not None
    )


def _names_something(element: HtmlElement) -> bool:
    """True when a block says which review it is of."""
    text = text_of(element)
    if LABEL.search(text) or names_review(text):
        return True
    return any(True for _ in element.iter("h2", "h3", "h4", "h5", "h6", "summary", "dt", "strong"))


def table_words(card: Card) -> tuple[list[str], str]:
    """What a table says of a cell: its column's heading and its row's first cell; and the words of the cell itself."""
    assert card.row is not None
    assert card.cell is not None
    cells = [cell for cell in card.row if cell.tag in ("td", "th")]
    at = cells.index(card.cell) if card.cell in cells else 0
    said = [column_heading(card.row, at)]
    first = text_of(cells[0]) if cells else ""
    if at > 0 and first:
        said.append(first)
    return [one for one in said if one], text_of(card.cell)


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
    return ""


def _is_bold(cell: HtmlElement) -> bool:
    """True for a cell that is wholly bold and no link: what a table without header cells has for a heading."""
    bold = cell.find(".//strong") if cell.find(".//strong") is not None else cell.find(".//b")
    return bold is not None and cell.find(".//a") is None and text_of(bold) == text_of(cell)
