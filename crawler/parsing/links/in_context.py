"""What a link is beside what stands around it: a national paper on a board's page, a paper on any subject of practice, the report among
a review's papers.

A name alone does not tell: "Rowan" among "Rowan: 7 minute briefing" and "Rowan: action plan" is the report, "Information sharing" under
"Briefing notes" no review's paper at all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from casereviews.crawler.parsing.links.following import Seen
from casereviews.crawler.parsing.links.wording import (
    DATE,
    LABEL,
    LINK_WORDS,
    is_reviewish,
    year_of,
)
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.decoys import names_paper, names_review
from casereviews.repository.vocabulary.rules import load_rules

_NATIONAL, _BODY, _LOCAL, _GENERAL, _PLACE, _SAYS, _THEMED = (
    LINK_WORDS[code]
    for code in (
        *("national", "national_body", "local"),
        *("general_paper", "general_place", "paper_says", "themed"),
    )
)
_ROLES = load_rules("document_roles")
_CASE_NUMBER = re.compile(r"\b(?!COVID)[A-Z]{2,}\d{2,}")  # "LMSP2020-02"
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
SHORT_CARD = 300
"""Characters. A card no longer than this speaks of its one link."""
SIBLINGS = "siblings_say"
"""The field of `Sighting.extra` that holds the role which a link's siblings give it, in words."""
_PAPERS = frozenset(
    [
        "executive_summary",
        "learning_summary",
        "briefing",
        "response",
        "action_plan",
        "statement",
        "easy_read",
        "appendix",
        "poster",
    ]
)


def is_national(seen: Seen, title: str, page_title: str) -> bool:
    """True for a paper of a national body on a board's page: by its own words, its heading's, or those of its short card."""
    if LABEL.search(title):
        return False
    if _NATIONAL.search(title):
        return bool(_BODY.search(title)) or not names_paper(title)
    nearest = [one for one in seen.headings if not year_of(one) and one != page_title][-1:]
    if any(_speaks_of_nation(one) for one in nearest):
        return True
    beside = seen.card if len(seen.card) <= SHORT_CARD else ""
    return not is_reviewish(title) and _speaks_of_nation(beside)


def _speaks_of_nation(text: str) -> bool:
    return bool(_NATIONAL.search(text)) and not (_LOCAL.search(text) or LABEL.search(text))


class CaseNames:
    """The links of a page that speak of a case: what stands in one of them may be a pseudonym."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._by_word: dict[str, list[frozenset[str]]] = defaultdict(list)
        for text in dict.fromkeys(texts):
            if is_reviewish(text) and not _says_general(text):
                words = _words(text)
                for word in words:
                    self._by_word[word].append(words)

    def hold(self, subject: frozenset[str], title: str) -> bool:
        """True when one of the links, other than that of `title`, has all words of `subject`."""
        own = _words(title)
        rarest = min((self._by_word.get(word, []) for word in subject), key=len, default=[])
        return any(words >= subject and words != own for words in rarest)


def _is_of_case(title: str) -> bool:
    return bool(LABEL.search(title) or _CASE_NUMBER.search(title) or names_review(title))


def _says_general(title: str) -> bool:
    return bool(_GENERAL.search(title)) and not _is_of_case(title)


def is_general_paper(seen: Seen, title: str, named: CaseNames) -> bool:
    """True for a paper on a subject of practice that no review is named with.

    It says so itself ("Practice briefing: bruising in babies"), or its heading does ("Briefing notes" over "Information sharing").
    A subject that stands in a heading or in `named` is a case's pseudonym, and what stands in a card of a case is of that case.
    """
    if LABEL.search(seen.card):
        return False
    if any(_THEMED.search(one) for one in seen.headings[-3:]):
        return False
    if seen.headings and _PLACE.search(seen.headings[-1].strip()) and not _is_of_case(title):
        return not named.hold(_subject(title), title)
    if _says_general(title):
        subject = _subject(title)
        return bool(subject) and not (
            any(_words(one) >= subject for one in seen.headings) or named.hold(subject, title)
        )
    if is_reviewish(title) or any(LABEL.search(one) for one in seen.headings):
        return False
    nearest = seen.headings[-1] if seen.headings else ""
    return bool(_GENERAL.search(nearest)) and not names_review(nearest)


def _subject(title: str) -> frozenset[str]:
    """What a general paper is about: its words without those of its kind."""
    return _words(_SAYS.pattern.sub(" ", DATE.sub(" ", _GENERAL.pattern.sub(" ", title))))


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text))


def among_siblings(sightings: Mapping[str, Sighting]) -> dict[str, Sighting]:
    """`sightings` by address, a link that says nothing but a label told to be the report where its siblings say so.

    They do when all others of its review are papers of one and none is the report, or when its neighbours under the same
    heading are labels with the words of a report.
    """
    made = dict(sightings)
    groups: dict[str, Counter[str | None]] = defaultdict(Counter)
    places: dict[object, Counter[str | None]] = defaultdict(Counter)
    for one in sightings.values():
        role, place = _role_of(one), _place_of(one)
        if one.group:
            groups[one.group][role] += 1
        places[place][role] += 1
        places[place, _label_of(one)][role] += 1
    for url, one in sightings.items():
        if not is_only_label(one.link_text):
            continue
        place = _place_of(one)
        alone = Counter({_role_of(one): 1})
        of_review = set(groups.get(one.group or "", alone) - alone)
        of_review |= set(places[place, _label_of(one)] - alone)
        among_reports = not of_review and places[place]["overview_report"] > 0
        if among_reports or (of_review and of_review <= _PAPERS):
            made[url] = replace(one, extra={**one.extra, SIBLINGS: "overview report"})
    return made


def _place_of(one: Sighting) -> tuple[str, tuple[str, ...]]:
    return one.detail_url or one.listing_url, one.headings


def is_only_label(text: str) -> bool:
    """True for a link that says a case's label, perhaps a date, and nothing else: "Child Heron", "Child Heron (March 2021)"."""
    found = LABEL.search(text)
    if found is None:
        return False
    rest = DATE.sub(" ", text[: found.start()] + " " + text[found.end() :])
    return not [word for word in _WORD.findall(rest) if not _SAYS.fits(word)]


def _label_of(one: Sighting) -> str:
    found = LABEL.search(one.link_text)
    return " ".join(found.group(0).casefold().split()) if found else ""


def _role_of(one: Sighting) -> str | None:
    said = _ROLES.first(one.link_text)
    return said.code if said else None
