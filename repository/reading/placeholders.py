"""Files that hold a placeholder instead of a report: "Please wait...", "open this portfolio in Acrobat", a page that asks to log in."""

from __future__ import annotations

from collections.abc import Sequence

from casereviews.repository.model import Page
from casereviews.repository.reading.errors import NotADocument
from casereviews.repository.vocabulary.rules import load_rules

_RULES = load_rules("placeholders")
LONGEST = 1500
"""Letters. A text that is longer says more than that something else should stand there."""
_WHAT_TO_DO = {
    "portfolio": "the cover of a PDF portfolio whose files cannot be read: open it in a PDF program and `casereviews add` its files",
    "form": "a form that only Adobe's programs show: ask the publisher for a plain PDF",
    "browser": "a page that says that the browser cannot show the report: open its address and `casereviews add` the file",
    "viewer": "a page that asks for another PDF program: open the file in Adobe's and ask the publisher for a plain PDF",
    "wall": "a check for robots instead of the report: open its address in a browser and `casereviews add` the file",
    "missing": "a page that says that the report is not there: look for it on the site, or ask the publisher for it",
    "login": "a page that asks to log in: ask the publisher for the report itself",
}


def placeholder_of(pages: Sequence[Page]) -> str | None:
    """A code of `rules/placeholders.toml` for a text that is no more than a placeholder; None for any other."""
    if len(pages) > 3:
        return None
    text = " ".join(" ".join((page.text or page.raw).split()) for page in pages)
    if len(text) > LONGEST:
        return None
    hit = _RULES.first(text)
    return hit.code if hit else None


def refuse_placeholder(pages: Sequence[Page]) -> None:
    """Raise NotADocument for pages that are a placeholder; what to do is in its message."""
    code = placeholder_of(pages)
    if code is not None:
        raise NotADocument(_WHAT_TO_DO[code])
