"""The other pages of a list, and what shows that there is more of it.

A link is paging when its address is the page's own but for one number, or one part that counts pages, and it stands in a block
of paging, says so by its words (rules, "page_of_list"), or has `rel=next`. Nothing is asked of the plugin that made it. What looks
like paging and cannot be followed (a button without an address, a block whose links lead nowhere) is told in words, so that a
list that was read in part is never taken for the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import resolve
from casereviews.crawler.parsing.html.dom import INLINE, text_of
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.wording import LINK_WORDS
from casereviews.crawler.parsing.parsed import Link

_WORDS, _MORE, _SIGNS = (
    LINK_WORDS[code] for code in ("page_of_list", "more_of_list", "paging_sign")
)
_BACK, _RANGE, _TOTAL, _PAGES = (
    LINK_WORDS[code] for code in ("back_in_list", "range_of_total", "total", "page_of_pages")
)
_BLOCK = re.compile(
    r"(?:^|[-_\s])(?:pag(?:er|ers|ing|inat(?:ion|or|e)s?)|page-?(?:numbers?|nav(?:igation|i)?|links?|list)|wp-?pagenavi|nav-?links|load-?more\w*|show-?more"
    r"|infinite-?scroll\w*|older-posts|posts-(?:nav(?:igation)?|pagination)|tudalennau)|pagination|\bresults? pages?\b|pagination__",
    re.I,
)
_NO_LIST = re.compile(
    r"carousel|slider|slick|swiper|slideshow|gallery|calendar|date-?picker|testimonial|lightbox|(?:^|[-_\s])(?:cal|comments?|post-navigation)(?:$|[-_\s])",
    re.I,
)
_PAGE_NAME = re.compile(
    r"(?:^|[-_\[\]]|(?<=[a-z])(?=[A-Z]))(?:paged?|pg|pno|pn|pageno|page_?(?:no|num(?:ber)?|index)|p|start(?:row|index|at)?|offset|from|skip|limitstart|first|cursor)(?:$|[-_\]\[]|[a-f0-9]{5,})"
    r"|page(?:no|num(?:ber)?|index|d)?\]?$",
    re.I,
)
"""Names of parameters that count pages or records."""
_OTHER_NAME = re.compile(
    r"(?:^|[-_\[])(?:limit|size|per[-_]?page|perpage|count|items|length|sort|order\w*|view|display|years?|months?|days?|date\w*|weeks?|letter|cat\w*|tags?|type|topic|lang\w*|id|\w+id|ref|version|v|ver)\]?$",
    re.I,
)
"""Names of parameters whose numbers count something else: a page's size, a year, a record."""
_NUMBER = re.compile(r"\d{1,6}")
_PAGE_PART = re.compile(r"(?:page|pg|paged|p|offset|start|tudalen)[-_,:=]?\d{1,6}", re.I)
_PAGE_FOLDER = re.compile(r"page|pages|p|pg|paged|offset|start|tudalen", re.I)
_INACTIVE = re.compile(r"(?:^|[-_\s])(?:disabled|current|active|inactive)(?:$|[-_\s])", re.I)
_COUNTED_NAME = re.compile(r"^(?:index|default|page|pg)?[-_,]?(?:\d{1,4})?$|[-_,]\d{1,3}$", re.I)
_SCRIPTED = re.compile(r"page\$|\bpag(?:e|ing|er|inate)", re.I)
_ADDRESS_ATTRIBUTES = (
    "data-href",
    "data-url",
    "data-next",
    "data-next-url",
    "data-next-page",
    "hx-get",
    "formaction",
)
LONGEST_LINE = 150
_LINE_TAGS = (
    "p",
    "div",
    "span",
    "h2",
    "h3",
    "h4",
    "strong",
    "b",
    "output",
    "li",
    "td",
    "small",
    "caption",
)
MOST_UP = 4
"""How far above a link its block of paging may stand."""


@dataclass(frozen=True, slots=True)
class Paging:
    """`pages` are links to the list's other pages, each once; `addresses` all that turn pages, the page's own and
    those that are not understood among them.

    `announced` is the total that the page states, `shown` the first and last number of what it shows of that, where it says so.
    `unread` says in words what looks like more of the list and has no address; `unclear` maps addresses that look like more of it
    and are not understood to such words.
    """

    pages: tuple[Link, ...] = ()
    addresses: frozenset[str] = frozenset()
    announced: int | None = None
    shown: tuple[int, int] | None = None
    unread: tuple[str, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)


def read_paging(tree: HtmlElement, url: str) -> Paging:
    """The paging of a whole page, before furniture is taken out of it."""
    blocks = _Blocks()
    pages: dict[str, Link] = {}
    addresses: set[str] = set()
    unclear: dict[str, str] = {}
    more: dict[str, str] = {}
    unread: list[str] = []
    numbered: list[str] = []
    for element in _candidates(tree):
        text = _words_of(element)
        target = _address_of(element, url)
        if (
            target is not None
            and is_page_of(target, url)
            and _speaks_of_paging(element, text, target, url, blocks)
        ):
            addresses.add(target)
            if not _same(target, url):
                pages.setdefault(target, Link(target, "next", text))
                continue
        if blocks.is_elsewhere(element) or _is_inactive(element):
            continue
        nowhere = _leads_nowhere(element, target, url)
        if _MORE.fits(text) and (nowhere or target is not None):
            if nowhere or target is None:
                unread.append(f"“{text}” has no address on {url}")
            elif _on_one_site(target, url):
                more[target] = f"“{text}” on {url} was not followed"
        elif blocks.names_another_page(element, text):
            if nowhere:
                numbered.append(text)
            elif target is not None and _on_one_site(target, url) and not _same(target, url):
                unclear[target] = f"“{text}” in the paging of {url} was not followed"
    numbered += [one for select in tree.iter("select") for one in _numbers_of(select)]
    announced, shown, cut = _announced(tree)
    if not pages:
        if numbered:
            unread.append(f"the paging of {url} ({' '.join(numbered[:5])}) has no addresses")
        elif cut:
            unread.append(f"“{cut}” on {url}, and no link to the next")
    return Paging(
        tuple(pages.values()),
        frozenset(addresses | unclear.keys()),
        announced,
        shown,
        tuple(dict.fromkeys(unread)),
        {at: words for at, words in {**more, **unclear}.items() if at not in addresses},
    )


def is_page_of(target: str, url: str) -> bool:
    """True when `target` is the address `url` but for one number or one part that counts pages."""
    here, there = urlsplit(url), urlsplit(target)
    if not _on_one_site(target, url) or claims_document(target):
        return False
    same_path = there.path.rstrip("/") == here.path.rstrip("/")
    same_query = there.query == here.query
    if same_path:
        return same_query or _counts_pages(here.query, there.query)
    return (here.query == there.query or not here.query or not there.query) and _stem(
        here.path
    ) == _stem(there.path)


def _counts_pages(here: str, there: str) -> bool:
    """True when two queries differ in one number that counts pages; others may be added beside it, none changed."""
    mine, other = dict(parse_qsl(here, keep_blank_values=True)), dict(parse_qsl(there, keep_blank_values=True))  # fmt: skip
    changed = {name for name in mine.keys() | other.keys() if mine.get(name) != other.get(name)}
    values = {name: (mine.get(name), other.get(name)) for name in changed}
    counting = [
        name
        for name, pair in values.items()
        if all(value is None or _NUMBER.fullmatch(value) for value in pair) and not _OTHER_NAME.search(name)
    ]  # fmt: skip
    named = [name for name in counting if _PAGE_NAME.search(name)]
    if len(changed) == 1:
        return len(counting) == 1
    altered = [name for name, (before, after) in values.items() if before is not None and after is not None]  # fmt: skip
    return len(named) == 1 and set(altered) <= set(named)


def _stem(path: str) -> str:
    """A path without the part that counts pages at its end: "/page/2", "/page-2", "/P10", "/2", "/page2.html", "/list_2.aspx"."""
    parts = path.rstrip("/").split("/")
    name, dot, ending = parts[-1].rpartition(".")
    if dot and ending.isalnum() and not ending.isdigit():
        name = _COUNTED_NAME.sub("", name)
        return "/".join([*parts[:-1], f"{name}.{ending}"] if name else parts[:-1])
    if len(parts) > 1 and (_PAGE_PART.fullmatch(parts[-1]) or _is_number(parts[-1])):
        number = parts.pop()
        if _NUMBER.fullmatch(number) and _PAGE_FOLDER.fullmatch(parts[-1]):
            parts.pop()
    return "/".join(parts)


def _is_number(part: str) -> bool:
    """True for a number that may be a page's; the last part of a path may be a year."""
    return bool(_NUMBER.fullmatch(part)) and not re.fullmatch(r"(?:19|20)\d\d", part)


def _is_certain(target: str) -> bool:
    """True for an address that counts pages by a name of its own: its link needs no block around it."""
    parts = urlsplit(target)
    if any(_PAGE_NAME.search(name) and _NUMBER.fullmatch(value) for name, value in parse_qsl(parts.query)):  # fmt: skip
        return True
    path = parts.path.rstrip("/").split("/")
    return bool(_PAGE_PART.fullmatch(path[-1])) or (
        len(path) > 1 and bool(_NUMBER.fullmatch(path[-1]) and _PAGE_FOLDER.fullmatch(path[-2]))
    )


def _candidates(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Anchors, buttons and what serves as one, and `<link rel=next>`."""
    for element in tree.iter("a", "button", "input", "link", "div", "span", "li"):
        tag = element.tag
        if tag == "link":
            wanted = bool(_relation(element))
        elif tag == "input":
            wanted = (element.get("type") or "").lower() in ("button", "submit")
        else:
            wanted = tag in ("a", "button") or any(
                element.get(name) for name in ("data-page", "onclick")
            )
            wanted = wanted or element.get("role") == "button"
        if wanted:
            yield element


def _relation(element: HtmlElement) -> str:
    words = (element.get("rel") or "").lower().split()
    return "next" if "next" in words else "prev" if {"prev", "previous"} & set(words) else ""


def _words_of(element: HtmlElement) -> str:
    if element.tag == "input":
        return " ".join((element.get("value") or "").split())
    text = text_of(element)
    image = element.find(".//img") if not text else None
    return text or " ".join(((image.get("alt") if image is not None else "") or "").split())


def _address_of(element: HtmlElement, url: str) -> str | None:
    given = element.get("href") if element.tag in ("a", "link") else None
    if given is None or given.strip() in ("", "#") or given.strip().lower().startswith("javascript:"):  # fmt: skip
        told = (element.get(name) for name in _ADDRESS_ATTRIBUTES)
        given = next((one for one in told if one and not one.isdigit()), given)
    return resolve(url, given)


def _speaks_of_paging(
    element: HtmlElement, text: str, target: str, url: str, blocks: _Blocks
) -> bool:
    if _relation(element):
        return True
    if blocks.is_elsewhere(element):
        return False
    said = [text, element.get("aria-label") or "", element.get("title") or ""]
    by_words = any(_WORDS.fits(one) or _MORE.fits(one) for one in said if one)
    by_sign = _SIGNS.fits(text)
    if _same(target, url):
        return (by_words or by_sign) and blocks.is_paging(element)
    if blocks.is_paging(element):
        return by_words or by_sign or not any(said)
    if not any(said):
        return _is_certain(target)
    return (by_words and (_is_certain(target) or not text.isdigit())) or (by_sign and _is_certain(target))  # fmt: skip


def _leads_nowhere(element: HtmlElement, target: str | None, url: str) -> bool:
    """True for a button, or a link without an address of its own."""
    if element.tag != "a":
        return target is None and not any(up.tag == "a" for up in element.iterancestors())
    href = (element.get("href") or "").strip()
    return target is None or href.startswith("#") or ("#" in href and _same(target, url))


def _is_inactive(element: HtmlElement) -> bool:
    """True for what cannot be pressed, names the page one is on, or opens what is on the page."""
    if element.get("aria-disabled") == "true" or element.get("disabled") is not None:
        return True
    if element.get("aria-current") or element.get("aria-expanded") is not None:
        return True
    parent = element.getparent()
    above = parent.get("class") or "" if parent is not None and parent.tag in ("li", "span") else ""
    return bool(_INACTIVE.search(f"{element.get('class') or ''} {above}"))


class _Blocks:
    """Which elements stand in a block of paging, and which in something else that is turned over; each is looked at once."""

    def __init__(self) -> None:
        self._paging: dict[HtmlElement, bool] = {}
        self._elsewhere: dict[HtmlElement, bool] = {}
        self._numbers: dict[HtmlElement, bool] = {}
        self._numbers_in: dict[HtmlElement, set[str]] = {}

    def is_paging(self, element: HtmlElement) -> bool:
        """True when the element, or one not far above it, says by its name or by what it holds that it turns pages."""
        for distance, up in enumerate((element, *element.iterancestors())):
            if distance > MOST_UP or up.tag in ("body", "main"):
                return False
            if up not in self._paging:
                self._paging[up] = bool(_BLOCK.search(_names(up)))
            if self._paging[up] or (0 < distance <= 3 and self._is_row_of_numbers(up)):
                return True
        return False

    def is_elsewhere(self, element: HtmlElement) -> bool:
        """True in a carousel, a calendar, a gallery: what is turned over there is no list."""
        for distance, up in enumerate((element, *element.iterancestors())):
            if up.tag == "body" or distance > 2 * MOST_UP:
                return False
            if up not in self._elsewhere:
                self._elsewhere[up] = bool(_NO_LIST.search(_names(up)))
            if self._elsewhere[up]:
                return True
        return False

    def names_another_page(self, element: HtmlElement, text: str) -> bool:
        """True for a number from 2 on or a word like "Next" in a block of paging, or whose script turns pages."""
        if not (_WORDS.fits(text) or _SIGNS.fits(text)) or _BACK.fits(text):
            return False
        if _SCRIPTED.search(f"{element.get('href') or ''} {element.get('onclick') or ''}") and (
            (element.get("href") or "javascript:").lower().startswith("javascript:")
        ):
            return True
        return self.is_paging(element) and (text.isdigit() or not self._is_of_one_page(element))

    def _is_of_one_page(self, element: HtmlElement) -> bool:
        """True when the only number in the block around an element is 1."""
        for distance, up in enumerate(element.iterancestors()):
            if distance > MOST_UP or up.tag in ("body", "main"):
                return False
            if up not in self._numbers_in:
                said = (one.strip() for one in up.itertext())
                self._numbers_in[up] = {one for one in said if one.isdigit()}
            if self._numbers_in[up] or self._paging.get(up):
                return self._numbers_in[up] == {"1"}
        return False

    def _is_row_of_numbers(self, element: HtmlElement) -> bool:
        """True for a block that holds nothing but numbers, one after the other, and words of paging."""
        if element not in self._numbers:
            pieces = [one.strip(" |·,…[]") for one in element.itertext()] if len(element) <= 60 else []  # fmt: skip
            said = [one for one in pieces if one]
            numbers = [int(one) for one in said if one.isdigit() and len(one) <= 3]
            rest = [one for one in said if not one.isdigit()]
            self._numbers[element] = (
                1 <= len(said) <= 60
                and bool({1, 2} <= set(numbers) or (len(numbers) > 1 and numbers == sorted(numbers) and numbers[-1] - numbers[0] < 2 * len(numbers)))
                and all(_WORDS.fits(one) or _SIGNS.fits(one) or one in ("...", ".") for one in rest)
            )  # fmt: skip
        return self._numbers[element]


def _names(element: HtmlElement) -> str:
    return " ".join(
        element.get(name) or "" for name in ("class", "id", "aria-label", "data-role", "data-component")
    )  # fmt: skip


def _numbers_of(select: HtmlElement) -> list[str]:
    """The pages from 2 on that a box of choices offers."""
    if not _PAGE_NAME.search(select.get("name") or select.get("id") or ""):
        return []
    offered = [text_of(one) for one in select.iter("option")]
    return (
        [one for one in offered if _WORDS.fits(one) and not _BACK.fits(one)]
        if "1" in offered
        else []
    )


def _on_one_site(target: str, url: str) -> bool:
    one, other = (urlsplit(at).netloc.lower().removeprefix("www.") for at in (target, url))
    return one == other


def _same(target: str, url: str) -> bool:
    return target.rstrip("/") == url.partition("#")[0].rstrip("/")


def _announced(tree: HtmlElement) -> tuple[int | None, tuple[int, int] | None, str]:
    """The total that a page states, the part of it that it says it shows, and the words by which it says that it is a part."""
    announced, cut = None, ""
    for line in _short_lines(tree):
        for found in _RANGE.find(line):
            first, last, total = (
                int(found[name].replace(",", "")) for name in ("first", "last", "total")
            )
            if (found["lead"] or found["noun"]) and 1 <= first <= last <= total:
                return total, (first, last), ""
        if announced is None and (told := _TOTAL.search(line)):
            announced = int(told["total"].replace(",", ""))
        if (told := _PAGES.search(line)) and int(told["page"]) < int(told["pages"]):
            cut = line
    return announced, None, cut


def _short_lines(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter(*_LINE_TAGS):
        if all(
            not isinstance(one.tag, str) or one.tag in INLINE or one.tag == "br" for one in element
        ):
            text = text_of(element)
            if len(text) <= LONGEST_LINE and any(one.isdigit() for one in text):
                yield text
