"""The part of a page that is its own: without navigation, banners, footers, cookie notices and sidebars."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import read_html, text_of

_ROLES = {
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "complementary",
    "dialog",
    "alert",
    "menu",
    "menubar",
}
_NAMES = re.compile(
    r"(?:^|[-_ ])(?:nav(?:bar|igation)?|menu|breadcrumbs?|cookies?|consent|side-?bar|footer|masthead|site-?header|share|social|skip(?:-?link)?"
    r"|related|newsletter-signup|search(?:-?form|-?box)?|toolbar|contrast|language-?switch(?:er)?|popular|quick-?links|back-?to-?top|modal|popup)(?:$|[-_ ])",
    re.I,
)
MOST_OF_PAGE = 0.6


def own_content(tree: HtmlElement, *, sides: bool = False) -> HtmlElement:
    """The main element, or the body, with everything that every page of the site carries taken out of it.

    `sides` keeps side columns and boxes of related things, and looks beyond the main element.
    """
    root = tree.find(".//body") if sides else _main(tree)
    if root is None:
        root = tree
    whole = max(len(text_of(root)), 1)
    for element in list(root.iter()):
        if element is root or not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if sides and _is_side(element):
            continue
        if _is_furniture(element, root) and len(text_of(element)) < MOST_OF_PAGE * whole:
            element.drop_tree()
    return root


def content_text(html: str) -> str:
    """The words of a page's own content."""
    return text_of(own_content(read_html(html)))


_SIDES = re.compile(r"(?:^|[-_ ])(?:side-?bar|related)(?:$|[-_ ])", re.I)


def _is_side(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    role = (element.get("role") or "").lower()
    return element.tag == "aside" or role == "complementary" or bool(_SIDES.search(names))


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
    if element.tag in ("nav", "footer", "form", "dialog", "noscript"):
        # ASP.NET wraps whole pages in one form.
        return element.tag != "form" or element.find(".//h1") is None
    if (element.get("role") or "").lower() in _ROLES:
        return True
    if element.tag == "aside":
        return True
    if element.tag == "header":
        return root.tag == "body" and element.getparent() is root
    if element.tag in ("div", "ul", "section", "p", "button"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        return bool(_NAMES.search(names)) and element.find(".//h1") is None
    return False
