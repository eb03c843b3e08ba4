"""A title as it is shown: without what a site adds about the file or itself, a file's name as words; what was printed stays the raw value."""

from __future__ import annotations

import re

from casereviews.repository.describing.titles.form import file_name_in_words
from casereviews.repository.describing.titles.parts import find_bodies
from casereviews.repository.vocabulary.link_titles import is_informative, without_file_notes
from casereviews.repository.vocabulary.rules import load_rules

_LEADING_VERB = load_rules("links")["leading_verb"].pattern
_CRUMBS = re.compile(r"\s*[>›»]\s*|\s+/\s+")
_HERE = re.compile(r"^\s*you are here\s*:?\s*", re.IGNORECASE)
_BARS = re.compile(r"\s+[|»]\s+")
_AVAILABILITY = load_rules("title_words")["availability_note"].pattern
_SITE_PART = load_rules("title_words")["site_part"]
# A lock, an arrow, a sheet of paper: what signs stand for beside a link.
_PICTURES = re.compile(r"^[\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\ufe0f\U0001f300-\U0001faff\s]+")
_MARKS = " \t•·▪■►▸»›–—-*"


def shown_title(printed: str, publisher: str | None = None, labels: tuple[str, ...] = ()) -> str:
    """What `printed` (a link's words, a heading, a file's name) is shown as; the same words when it holds no clutter.

    `publisher` is whose site it stands on: its name beside a title is the site's. `labels` are those that the title was read to
    name: a file's name in small letters shows them as they are written. Never "" for words that say something.
    """
    words = " ".join(printed.split())
    text = _AVAILABILITY.sub("", _PICTURES.sub("", words))
    text = without_file_notes(_LEADING_VERB.sub("", text)).strip(_MARKS)
    text = _without_site(text, publisher)
    text = file_name_in_words(words if " " not in words else text, labels)
    if not is_informative(text):
        return words
    return text if words.startswith(text[:1]) else text[:1].upper() + text[1:]


def _without_site(text: str, publisher: str | None) -> str:
    """`text` without the publisher's own name at an end and without the way to the page ("Home > Reviews > Child Q")."""
    crumbs = _CRUMBS.split(_HERE.sub("", text))
    if len(crumbs) > 2 and crumbs[0].lower() in ("home", "hafan") and is_informative(crumbs[-1]):
        text = crumbs[-1]
    if not publisher:
        return text
    own = re.escape(publisher)
    for pattern in (rf"\s*(?:[|»›]|::|\s[-–—])\s*{own}\s*$", rf"^\s*{own}\s*(?:[|»›]|::)\s*"):
        rest = re.sub(pattern, "", text, flags=re.IGNORECASE)
        if rest != text and is_informative(rest):
            return _without_parts(rest)
    name, *parts = _BARS.split(text)
    of_site = next((at for at, part in enumerate(parts) if _names_site(part, publisher)), None)
    if of_site is None or not is_informative(name):
        return text
    return _without_parts(" | ".join([name, *parts[:of_site]]))


def _without_parts(text: str) -> str:
    """`text` without the parts of a site that stand behind its bars: "Child Q | Reviews"."""
    name, *parts = _BARS.split(text)
    while parts and _SITE_PART.fits(parts[-1].strip()):
        parts.pop()
    return " | ".join([name, *parts])


def _names_site(words: str, publisher: str) -> bool:
    """True for the publisher's name in any form: "Pear Vale SCP", "PVSCP", "Pear Vale"."""
    left = list(words)
    for start, end in find_bodies(words, publisher):
        left[start:end] = " " * (end - start)
    return not re.search(r"\w", "".join(left))
