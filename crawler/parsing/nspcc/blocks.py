"""A page of prose as a flat sequence of headings and texts, whatever wraps them (accordion, table, plain headings)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import Comment, NavigableString, PageElement

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.repository.html_bounds import bounded

_HEADINGS = {
    "h1": 1,
    "h2": 2,
    "h3": 3,
    "h4": 4,
    "h5": 5,
    "h6": 6,
    "summary": 6,
    "button": 6,
    "dt": 6,
}
_BLOCKS = frozenset(
    {
        *_HEADINGS,
        *("p", "div", "section", "article", "main", "header", "details", "blockquote"),
        *("ul", "ol", "li", "dl", "dd", "table", "thead", "tbody", "tr", "td", "th"),
    }
)
_SPACE = re.compile(r"\s+")
_UNSEEN = ("script", "style", "noscript", "template", "nav", "footer", "form", "svg")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link inside a block: its text as printed and its absolute address."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (`level` 1-6), a wholly bold paragraph (`level` 7) or a text (`level` 0); lines stay apart."""

    text: str
    level: int = 0
    item: bool = False
    anchors: tuple[Anchor, ...] = ()


def read_blocks(html: str, url: str) -> list[Block]:
    """The page's blocks in reading order, without navigation, footer, forms and scripts."""
    soup = BeautifulSoup(bounded(html).text, "lxml")
    for tag in soup.find_all(list(_UNSEEN)):
        tag.decompose()
    main = soup.select_one("main, [role=main]") or soup.body
    return list(_walk(main, url)) if main is not None else []


def _walk(tag: Tag, url: str) -> Iterator[Block]:
    run: list[PageElement] = []
    for child in tag.children:
        if isinstance(child, Tag) and _is_block(child):
            yield from _block(run, tag, url)
            run = []
            yield from _walk(child, url)
        elif not isinstance(child, Comment):
            run.append(child)
    yield from _block(run, tag, url)


def _is_block(tag: Tag) -> bool:
    return tag.name in _BLOCKS or tag.find(list(_BLOCKS)) is not None


def _block(run: list[PageElement], owner: Tag, url: str) -> Iterator[Block]:
    text = _lines("".join(map(_printed, run)))
    if not text:
        return
    anchors: list[Anchor] = []
    bold = 0
    for element in run:
        if isinstance(element, Tag):
            found = [element] if element.name == "a" else element.find_all("a")
            anchors += anchors_of(found, url)
            if element.name in ("strong", "b"):
                bold += len(_lines(_printed(element)))
    level = _HEADINGS.get(owner.name, 7 if bold >= len(text) else 0)
    yield Block(text, level, owner.name == "li", tuple(anchors))


def anchors_of(tags: Iterable[Tag], url: str) -> list[Anchor]:
    """The links of <a> elements to pages and files; mail addresses, scripts and nonsense are none."""
    resolved = ((tag, resolve(url, str(tag.get("href") or ""))) for tag in tags)
    return [Anchor(_lines(_printed(tag)), address) for tag, address in resolved if address]


def _printed(element: PageElement) -> str:
    if isinstance(element, NavigableString):
        return "" if isinstance(element, Comment) else _SPACE.sub(" ", str(element))
    if isinstance(element, Tag):
        return "\n" if element.name == "br" else "".join(map(_printed, element.children))
    return ""


def _lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
