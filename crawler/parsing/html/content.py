"""The part of a page that is its own, and what stands beside it: navigation, banners, footers, cookie notices, side columns.

What stands beside is known by what it is: a landmark of HTML or ARIA (HTML Standard, "Sections"; WAI-ARIA, "Landmark roles"), or a block
whose name says so and that is so: a menu that is little but links, a notice that speaks of cookies, a box to search with. A word within
a class name alone makes no furniture: "social-care" is no box of social networks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import leads_to_document
from casereviews.crawler.parsing.html.dom import leads_on, read_html, text_of

MOST_OF_PAGE = 0.6
MOST_OF_MENU = 0.7  # of a menu's words are links
_ROLES = {
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "complementary",
    "alert",
    "menu",
    "menubar",
}


def _named(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[-_ ])(?:{words})(?:$|[-_ ])", re.I)


_LINKS = _named(
    r"nav(?:bar|igation)?|menu|breadcrumbs?|skip(?:-?link)?|share|social|quick-?links|back-?to-?top|toolbar|contrast|language-?switch(?:er)?"
)
_OTHERS = _named("related|popular|footer|masthead|site-?header")
_OF_A_CARD = re.compile(
    r"(?:^|[-_ ])(?:card|panel|item|tile|entry|post|box|media|teaser|article|listing|block|result)s?[-_](?:[-\w]{0,200}[-_])?footer\b",
    re.I,
)
_COOKIES = _named("cookies?|consent")
_SEARCH = _named("search(?:-?form|-?box)?|newsletter-signup")
_POPUP = _named("modal|popup")
_SIDE = _named("side-?bar")
_RELATED = _named("side-?bar|related")
_TABS = ("tab", "tablist", "tabpanel")


@dataclass(frozen=True, slots=True)
class Content:
    """`own` is the page's own part; `beside` are the blocks with links to documents that stand beside it, in the page's order."""

    own: HtmlElement
    beside: tuple[HtmlElement, ...] = ()


def parted(tree: HtmlElement, *, sides: bool = False) -> Content:
    """The main element, or the body, with everything that every page of the site carries taken out of it.

    `sides` keeps side columns and boxes of related things, and looks beyond the main element. The tree is changed.
    """
    root = tree.find(".//body") if sides else _main(tree)
    if root is None:
        root = tree
    beside = _outside(root)
    whole = max(len(text_of(root)), 1)
    gone: set[HtmlElement] = set()
    for element in list(root.iter()):
        if element is root or not isinstance(element.tag, str) or element in gone:
            continue
        if sides and _is_side(element):
            continue
        if _is_furniture(element, root) and len(text_of(element)) < MOST_OF_PAGE * whole:
            gone.update(element.iter())
            element.drop_tree()
            if _documents(element):
                beside.append(element)
    return Content(root, tuple(beside))


def own_content(tree: HtmlElement) -> HtmlElement:
    """The page's own part."""
    return parted(tree).own


def content_text(html: str) -> str:
    """The words of a page's own content."""
    return text_of(own_content(read_html(html)))


def _outside(root: HtmlElement) -> list[HtmlElement]:
    """Blocks around the main element that hold links to documents."""
    found: list[HtmlElement] = []
    inner = root
    for up in root.iterancestors():
        found += [one for one in up if one is not inner and one.tag != "head" and _documents(one)]
        inner = up
    return found


def _documents(element: HtmlElement) -> bool:
    return any(map(leads_to_document, element.iter("a")))


def _is_side(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    role = (element.get("role") or "").lower()
    return element.tag == "aside" or role == "complementary" or bool(_RELATED.search(names))


def _main(tree: HtmlElement) -> HtmlElement:
    for path in (
        ".//main",
        ".//*[@role='main']",
        ".//*[@id='main-content']",
        ".//*[@id='content']",
        ".//*[@id='main']",
    ):
        found = tree.find(path)
        if found is not None and (len(text_of(found)) > 60 or found.find(".//a") is not None):
            return found
    body = tree.find(".//body")
    return body if body is not None else tree


def _is_furniture(element: HtmlElement, root: HtmlElement) -> bool:
    role = (element.get("role") or "").lower()
    if element.tag == "nav" or role in _ROLES:
        return not _shows_panels(element)
    if element.tag in ("aside", "noscript"):
        return True
    if element.tag == "footer":
        # HTML Standard: the footer of an article is part of it.
        return not any(up.tag in ("article", "li", "td") for up in element.iterancestors())
    if element.tag == "form":
        # ASP.NET wraps whole pages in one form, others a list and what filters it.
        return _links(element) < 2 and not _documents(element) and element.find(".//h1") is None
    if element.tag == "dialog" or role == "dialog":
        return not _documents(element)
    if element.tag == "header":
        return root.tag == "body" and element.getparent() is root
    if element.tag in ("div", "ul", "section", "p"):
        return element.find(".//h1") is None and _is_named_furniture(element)
    return False


def _is_named_furniture(element: HtmlElement) -> bool:
    """True for a block that is named as furniture and is it."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
    if not names or _shows_panels(element):
        return False
    if _COOKIES.search(names):
        return "cookie" in text_of(element).lower()
    if _SIDE.search(names):
        return True
    if _OTHERS.search(names) and not _OF_A_CARD.search(names):
        return _is_menu(element) or _documents(element)
    if _documents(element):
        return False
    if _POPUP.search(names):
        return True
    if _SEARCH.search(names):
        return element.find(".//input") is not None or not _links(element)
    return bool(_LINKS.search(names)) and _is_menu(element)


def _is_menu(element: HtmlElement) -> bool:
    """True for a block that says little but its links, or has none."""
    said = len(text_of(element))
    linked = sum(len(text_of(one)) for one in element.iter("a", "button"))
    return not _links(element) or linked >= MOST_OF_MENU * said


def _links(element: HtmlElement) -> int:
    return sum(map(leads_on, element.iter("a")))


def _shows_panels(element: HtmlElement) -> bool:
    """True for tabs: Bootstrap's are classed "nav", and its example has them in `<nav>`."""
    if any(one.get("role") in _TABS for one in element.iter()):
        return True
    links = list(element.iter("a"))
    inside = [one for one in links if (one.get("href") or "").strip().startswith("#")]
    return len(inside) > 1 and len(inside) == len(links)
