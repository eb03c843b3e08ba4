"""A title as it is shown: without what a site adds about the file or itself, a file's name as words; what was printed stays the raw value."""

from __future__ import annotations

import re

from casereviews.repository.describing.titles.form import file_name_in_words
from casereviews.repository.vocabulary.link_titles import is_informative, without_file_notes
from casereviews.repository.vocabulary.rules import load_rules

_LEADING_VERB = load_rules("links")["leading_verb"].pattern
_CRUMBS = re.compile(r"\s*[>›»]\s*")
_MARKS = " \t•·▪■►▸»›–—-*"


def shown_title(printed: str, publisher: str | None = None, labels: tuple[str, ...] = ()) -> str:
    """What `printed` (a link's words, a heading, a file's name) is shown as; the same words when it holds no clutter.

    `publisher` is whose site it stands on: its name beside a title is the site's. `labels` are those that the title was read to
    name: a file's name in small letters shows them as they are written. Never "" for words that say something.
    """
    words = " ".join(printed.split())
    text = without_file_notes(_LEADING_VERB.sub("", words)).strip(_MARKS)
    text = _without_site(text, publisher)
    text = file_name_in_words(words if " " not in words else text, labels)
    if not is_informative(text):
        return words
    return text if words.startswith(text[:1]) else text[:1].upper() + text[1:]


def _without_site(text: str, publisher: str | None) -> str:
    """`text` without the publisher's own name at an end and without the way to the page ("Home > Reviews > Child Q")."""
    crumbs = _CRUMBS.split(text)
    if len(crumbs) > 2 and crumbs[0].lower() in ("home", "hafan") and is_informative(crumbs[-1]):
        text = crumbs[-1]
    if not publisher:
        return text
    own = re.escape(publisher)
    for pattern in (rf"\s*(?:[|»›]|::|\s[-–—])\s*{own}\s*$", rf"^\s*{own}\s*(?:[|»›]|::)\s*"):
        rest = re.sub(pattern, "", text, flags=re.IGNORECASE)
        if rest != text and is_informative(rest):
            return rest
    return text
