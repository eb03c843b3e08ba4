"""A page that stands before a file and leads on to it: by a refresh, by a script, or by "If your download does not begin, click here"."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.addresses import is_handler, resolve
from casereviews.crawler.parsing.html.dom import read_html, text_of, whole_tree
from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.repository.vocabulary.rules import load_rules

_WORDS = load_rules("link_words")
_REFRESH = re.compile(
    r"^\s*\d*(?:\.\d+)?\s*[;,]\s*(?:url\s*=\s*)?[\"']?(?P<address>[^\"'\s]+)", re.I
)
_SCRIPT = re.compile(
    r"(?:(?:window|document|self|top|parent)\s*\.\s*)?location(?:\s*\.\s*(?:href|assign|replace))?\s*(?:=(?!=)|\()\s*([\"'])(?P<address>[^\"'\s]+)\1",
    re.I,
)
LONGEST_REFRESH = 2000
LONGEST_NOTICE = 600
"""Characters. A page that says more has something to say of itself, and is no doorway."""


def leads_on(html: str, url: str, *, by_link: bool = True) -> str | None:
    """Where the page at `url` sends its reader on to; None for a page that only stands there ("not found", a list, an article).

    With `by_link` a link counts too, when it says nothing but "click here" or "download", and is the only one of the page to a document: what a notice names
    beside may be another child's report.
    """
    tree = whole_tree(html)
    little = len(text_of(read_html(html).find(".//body"))) <= LONGEST_NOTICE
    if not little:
        return None
    for found in (*_refreshed(tree), *_scripted(tree)):
        target = resolve(url, found.replace("\\/", "/"))
        if target and target != url:
            return target
    if not by_link:
        return None
    linked = {
        target: text_of(one)
        for one in tree.iter("a")
        if (target := resolve(url, one.get("href")))
        and (claims_document(target) or is_handler(target))
    }
    linked.pop(url, None)
    if len(linked) != 1:
        return None
    (target, said), *_ = linked.items()
    return target if _WORDS["empty"].fits(said) or _WORDS["the_report"].fits(said) else None


def _refreshed(tree: HtmlElement) -> list[str]:
    metas = (one for one in tree.iter("meta") if (one.get("http-equiv") or "").lower() == "refresh")
    found = (_REFRESH.match((one.get("content") or "")[:LONGEST_REFRESH]) for one in metas)
    return [match["address"] for match in found if match]


def _scripted(tree: HtmlElement) -> list[str]:
    """The addresses that scripts send the reader to, once the page is there; what a script does when something is pressed is none."""
    scripts = (one.text or "" for one in tree.iter("script") if not one.get("src"))
    bodies = (one.get("onload") or "" for one in tree.iter("body"))
    found = [list(_SCRIPT.finditer(text)) for text in (*scripts, *bodies)]
    return [matches[0]["address"] for matches in found if len(matches) == 1]
