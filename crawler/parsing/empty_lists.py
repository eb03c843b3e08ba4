"""Whether a page says in words that there is nothing on its list now (`rules/empty_lists.toml`); one that is merely empty says nothing."""

from __future__ import annotations

from casereviews.repository.vocabulary.rules import load_rules

_WORDS = load_rules("empty_lists")


def says_none(text: str) -> bool:
    """True when the words of a page say so, and none of them speaks of a passing trouble or of a search."""
    return _WORDS["none_now"].fits(text) and not _WORDS["passing"].fits(text)
