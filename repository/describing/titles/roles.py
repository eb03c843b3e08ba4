"""The role of a document by the words of its title, and titles that are no review at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casereviews.repository.describing.titles.labels import MASK
from casereviews.repository.describing.titles.types import TypeMention
from casereviews.repository.vocabulary.decoys import decoy_reason
from casereviews.repository.vocabulary.rules import load_rules


@dataclass(frozen=True, slots=True)
class RoleMention:
    """Words that tell a role; a bare "Summary" or "Final" tells one only beside others."""

    start: int
    end: int
    role: str


_ROLES = load_rules("document_roles").lacking("bare")
_OF_REVIEWS = frozenset(rule.where for rule in load_rules("document_roles").having("of_reviews"))
_BARE = load_rules("document_roles").having("bare")
_WORDS = load_rules("title_words")
_OVER_MANY, _TELLS = _WORDS["over_many"], _WORDS["headline_verb"]
_STATEMENT, _CASE_REVIEWS_BRIEFING = _WORDS["statement_about"], _WORDS["case_reviews_briefing"]


def not_a_review(text: str, *, labels: Sequence[str]) -> bool:
    """True for toolkits, procedures, events, newsletters...: then neither type nor role is given.

    A title that names its case ("Child Q: policy into practice") stays a review's paper, an opening "Learning from
    the ... event" its summary.
    """
    return decoy_reason(text, labelled=bool(labels)) is not None


def is_event(text: str) -> bool:
    """True for a course, a conference or another day that people may book."""
    return decoy_reason(text, labelled=False) == "training"


def find_roles(
    text: str, *, taken: Sequence[tuple[int, int]] = (), of_reviews: bool = False
) -> list[RoleMention]:
    """All words that tell a role, in order of precedence, without those inside `taken` spans.

    `of_reviews` says that the text names a type of review and no case.
    """
    found: list[RoleMention] = []
    letters = list(text)
    for start, end in taken:
        letters[start:end] = MASK * (end - start)
    for hit in _ROLES.hits("".join(letters)):
        if hit.rule.where in _OF_REVIEWS and not of_reviews:
            continue
        if not _overlaps(hit.match, [(m.start, m.end) for m in found]):
            found.append(RoleMention(hit.match.start(), hit.match.end(), hit.code))
    return found


def read_role(
    text: str,
    *,
    types: Sequence[TypeMention],
    labels: Sequence[str],
    taken: Sequence[tuple[int, int]] = (),
    case_ref: bool = False,
) -> tuple[str | None, list[RoleMention]]:
    """The role a title tells, None when it tells none, and the words that any role took.

    A bare "Report" of a case is the overview report, a bare "Summary" of a statutory review its executive
    summary, of a learning review its learning summary; FINAL beside a type and a label marks the report itself.
    """
    mentions = find_roles(text, taken=taken, of_reviews=bool(types) and not labels)
    bare = _bare_words(text, [*taken, *((m.start, m.end) for m in mentions)])
    words = mentions + bare
    if _CASE_REVIEWS_BRIEFING.search(text):
        return "briefing", words
    if not types and _STATEMENT.search(text):
        return "statement", words
    if _is_headline(text):
        bare = [
            mention
            for mention in bare
            if mention.role == "summary"
            or (re.search(r"[:–]\s*$", text[: mention.start]) and mention.end == len(text))
        ]
    told = {mention.role for mention in mentions}
    for pair in (
        ("overview_report", "action_plan"),
        ("executive_summary", "action_plan"),
        ("response", "action_plan"),
        ("executive_summary", "response"),
        ("overview_report", "response"),
    ):
        if told >= set(pair) and _first(mentions, pair[0]) < _first(mentions, pair[1]):
            told.discard(pair[1])
    first_summary = next((m.start for m in bare if m.role == "summary"), None)
    if (
        "response" in told
        and first_summary is not None
        and first_summary < _first(mentions, "response")
    ):
        told.discard("response")
    many = bool(types) and all(mention.plural for mention in types) and not labels
    for role in _ROLES.codes:
        if role not in told:
            continue
        if role == "overview_report" and many and _OVER_MANY.search(text):
            return "learning_summary", words
        if role == "learning_summary" and "overview_report" in told and labels and not many:
            return "overview_report", words
        return role, words
    if any(mention.role == "summary" for mention in bare):
        return _summary_role(types), words
    if many and _OVER_MANY.search(text):
        return "learning_summary", words
    of_a_case = bool(types or labels or case_ref) or len(text.split()) <= 3
    if of_a_case and any(mention.role == "overview_report" for mention in bare):
        return ("learning_summary" if many and not case_ref else "overview_report"), words
    if (labels or case_ref) and types and any(mention.role == "final" for mention in bare):
        return "overview_report", words
    return None, words


def _is_headline(text: str) -> bool:
    """True for a sentence of a newspaper or a news page: a verb that tells, and mostly small letters."""
    words = re.findall(r"[A-Za-z]+", text)
    small = sum(word[0].islower() for word in words)
    return bool(_TELLS.search(text)) and len(words) >= 6 and small >= 0.55 * len(words)


def _bare_words(text: str, taken: list[tuple[int, int]]) -> list[RoleMention]:
    return [
        RoleMention(hit.match.start(), hit.match.end(), hit.code)
        for hit in _BARE.hits(text)
        if not _overlaps(hit.match, taken)
    ]


def _summary_role(types: Sequence[TypeMention]) -> str:
    if any(
        mention.code in ("learning_review", "learning_review_scotland", "rapid_review")
        for mention in types
    ):
        return "learning_summary"
    return "executive_summary"


def _first(mentions: Sequence[RoleMention], role: str) -> int:
    return min(mention.start for mention in mentions if mention.role == role)


def _overlaps(match: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in spans)
