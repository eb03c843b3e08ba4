"""What a briefing is about, and which reviews tell most of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from casereviews.repository.describing.evidence import Evidence
from casereviews.repository.describing.text.phrases import PhraseFinder
from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.model import Reading
from casereviews.repository.vocabulary.rules import load_rules

if TYPE_CHECKING:
    from casereviews.index.results import Hit, Results
    from casereviews.repository.vocabulary import Theme, Vocabulary

_PEOPLE = load_rules("people")
_PLAIN = re.compile(r"[\w'’ -]+")
_REPORTS = ("overview_report", "executive_summary", "learning_summary")


@dataclass(frozen=True, slots=True)
class Topic:
    """What the briefing is about: themes by id, and words that were asked for, as the pages have them."""

    themes: frozenset[str]
    words: frozenset[str]
    finder: PhraseFinder

    def is_named(self, folded: str) -> bool:
        """Whether a folded text speaks of it."""
        text = RunningText.of_words(folded)
        return bool(self.words & set(re.findall(r"\w+", folded))) or any(
            not hit.weak for hit in self.finder.find(text.folded, text.text, text.original)
        )


def topic_of(vocabulary: Vocabulary, found: Results, best: Results) -> Topic:
    """The themes that were filtered by or named in the query; where it names none, the words that pages matched."""
    known = {one.id: one for one in vocabulary.themes if one.group != "agency"}
    ids = set(re.findall(r"\w+", re.sub(r"(?:NOT |-)\S+", "", found.understood))) & set(known)
    pieces: list[Evidence] = []
    nothing = Reading("", "ok", "text/plain")
    theme_finder(vocabulary).find(nothing, (), title=found.query, evidence=pieces)
    ids |= {one.value for one in pieces} & set(known)
    words = {
        word
        for hit in best.hits
        for page in hit.pages
        for start, end in page.matches
        for word in fold(page.snippet[start:end]).split()
        if not ids
    }
    telling = {word for word in words if not _PEOPLE["of_a_child"].fits(word)}
    themes = tuple(known[one] for one in sorted(ids))
    return Topic(frozenset(ids), frozenset(telling or words), PhraseFinder(themes, vocabulary))


def theme_named(vocabulary: Vocabulary, query: str) -> str | None:
    """The theme whose name, or a strong phrase of it, the whole query is; None for any other query.

    Words of a theme stand in the legal basis, the lists of harms and the denials of reports that are about something else.
    """
    typed = query.strip()
    if not _PLAIN.fullmatch(typed):
        return None
    themes, finder = _themes_and_phrases(vocabulary)
    text = RunningText.of_words(typed)
    for hit in finder.find(text.folded, text.text, text.original):
        if not hit.weak and (hit.start, hit.end) == (0, len(text.text)):
            return themes[hit.theme].id
    return next((one.id for one in themes if one.label.lower() == typed.lower()), None)


@lru_cache(maxsize=2)
def _themes_and_phrases(vocabulary: Vocabulary) -> tuple[tuple[Theme, ...], PhraseFinder]:
    themes = tuple(one for one in vocabulary.themes if one.group != "agency")
    return themes, PhraseFinder(themes, vocabulary)


def telling(hit: Hit, found: Results, topic: Topic) -> tuple[object, ...]:
    """The most telling first: about the theme, a report, well ranked by a query, new."""
    central = topic.themes & set(of_hit(hit, "central_themes"))
    carried = topic.themes & themes_of(hit)
    report = hit.document_role in (*_REPORTS, None)
    newest = tuple(-ord(sign) for sign in hit.published or "")
    ranked = hit.rank if found.query.strip() else 0
    return (not central, not carried, not report, ranked, newest, hit.review_id)


def themes_of(hit: Hit) -> set[str]:
    """The themes that a review is about, tells of, or touches."""
    named = ("central_themes", "themes", "touched_themes")
    return {theme for name in named for theme in of_hit(hit, name)}


def of_hit(hit: Hit, name: str) -> tuple[str, ...]:
    value = hit.fields.get(name)
    return value if isinstance(value, tuple) else (str(value),) if value else ()
