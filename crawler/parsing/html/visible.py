"""The words of a page that a reader sees, for telling whether it changed."""

from __future__ import annotations

import lxml.html
from lxml import etree

from casereviews.repository.html_bounds import bounded

_UNSEEN = ("script", "style", "noscript", "template", "svg", "head", "form", "iframe")


def visible_text(html: str) -> str:
    """The visible words, separated by single spaces; nonces in scripts, forms and attributes do not show."""
    if not html.strip():
        return ""
    try:
        tree = lxml.html.fromstring(bounded(html).text.encode("utf-8", "replace"), parser=_parser())
    except etree.ParserError:
        return ""
    etree.strip_elements(tree, *_UNSEEN, etree.Comment, with_tail=False)
    return " ".join(" ".join(tree.itertext()).split())


def _parser() -> lxml.html.HTMLParser:
    return lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)
