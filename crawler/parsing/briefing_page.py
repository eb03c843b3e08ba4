"""Pages that are themselves the document, and pages that only a browser fills."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import text_of
from casereviews.crawler.parsing.links.wording import decoy_reason
from casereviews.repository.vocabulary.decoys import names_paper, names_review

FEWEST_WORDS = 120
"""A briefing says at least so much; a page with less points to something."""

FEW_WORDS = 40
_SHELL = re.compile(
    r"<(?:div|main)[^>]{1,300}?id=[\"'](?:root|app|__next|___gatsby|main-app)[\"'][^>]*>\s*</|enable javascript|javascript (?:is|must be) (?:required|enabled|disabled)"
    r"|requires javascript|ng-app=|data-reactroot",
    re.I,
)


def is_briefing(content: HtmlElement, title: str, *, is_detail: bool) -> bool:
    """True when a page reached as one review's is the text itself: long enough, in paragraphs, named as a review or a briefing."""
    if not is_detail or decoy_reason(title):
        return False
    paragraphs = [text_of(one) for one in content.iter("p", "li")]
    words = sum(len(text.split()) for text in paragraphs)
    headings = " ".join([title, *(text_of(one) for one in content.iter("h2"))])
    return words >= FEWEST_WORDS and bool(
        names_review(headings)
        or names_paper(headings)
        or re.search(r"\blearning\b", headings, re.I)
    )


def needs_javascript(html: str, content: HtmlElement) -> bool:
    """True when a page has next to no words and scripts that would fill it."""
    if len(text_of(content).split()) > FEW_WORDS:
        return False
    return bool(_SHELL.search(html)) or len(re.findall(r"<script\b", html, re.I)) >= 3
