"""When two documents cannot be of one case, and when two labels mean the same."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from casereviews.repository.describing.grouping.input import GroupingInput
from casereviews.repository.describing.titles import read_title
from casereviews.repository.describing.titles.form import plain
from casereviews.repository.vocabulary.rules import load_rules

YEARS_APART = 2  # a briefing can be a year older than its report
SURE = 0.97  # evidence of the text itself: dates and types that were read do not outweigh it
SAME = 0.98  # the very text: nor do labels that its lists gave it

_RULES = load_rules("labels_compared")
_NOUN, _WELSH = _RULES["noun"].pattern, _RULES.of(*set(_RULES.codes) - {"noun"})
_CPR = frozenset({"cpr", "cpr_concise", "cpr_extended"})


@lru_cache(maxsize=100_000)
def label_keys(labels: tuple[str, ...]) -> frozenset[str]:
    """Labels in a form that can be compared: "Plentyn A" is "child a"; a pseudonym or a code stands without its noun."""
    return frozenset(_label_key(label) for label in labels)


def _label_key(label: str) -> str:
    folded = plain(label).text.lower().strip(" .'“”")
    welsh = _WELSH.first(folded)
    if welsh:
        folded = welsh.code + folded[welsh.match.end() :]
    bare = _NOUN.sub("", folded)
    if len(bare) >= 4 or re.fullmatch(r"[a-z]{1,4}\d{2}\S*", bare):
        return bare
    return folded


def is_name_or_code(key: str) -> bool:
    """True for a label that is more than a letter after a noun: "heron", "en12", "child ab"; "child q" is given again and again."""
    return (" " not in key and len(key) >= 3) or bool(re.fullmatch(r"(?:.* )?[a-z]{2}", key))


def labels_said(texts: Iterable[str]) -> frozenset[str]:
    """The labels in titles, link texts and cards, in the form of `label_keys`."""
    return label_keys(tuple(label for text in texts for label in read_title(text).subject_labels))


def same_labels(one: frozenset[str], other: frozenset[str]) -> bool:
    """True when one set of label keys holds the other: "Child M / Vamp" and "Vamp"."""
    return bool(one and other) and (one <= other or other <= one)


def same_types(one: str | None, other: str | None) -> bool:
    """True when two types do not exclude each other: one unsaid, or shared, or two kinds of Child Practice Review."""
    if not one or not other:
        return True
    mine, others = set(one.split("|")), set(other.split("|"))
    if mine & _CPR and others & _CPR:
        return not {"cpr_concise", "cpr_extended"} <= mine | others
    return bool(mine & others)


def years_between(one: str | None, other: str | None) -> float:
    """Years between two ISO dates, as little as their precision allows; 0 where one is unknown."""
    if not one or not other:
        return 0.0
    if len(one) == 4 or len(other) == 4:
        return max(0.0, abs(int(one[:4]) - int(other[:4])) - 0.0)
    return abs(_months(one) - _months(other)) / 12


def contradiction(one: GroupingInput, other: GroupingInput, confidence: float) -> str | None:
    """Why two documents cannot be of one case, None when nothing speaks against it.

    `confidence` is that of the link: where the texts are nearly the same, only labels and anonymity count, for boards fill one form
    for child after child; where they are the same, only labels on one list.
    """
    if one.anonymous != other.anonymous or (one.anonymous and one.source_id != other.source_id):
        return "an anonymous entry is joined with nothing elsewhere"
    if one.anonymous and not set(one.keys) & set(other.keys):
        return "two anonymous entries"
    mine, others = label_keys(one.labels), label_keys(other.labels)
    if mine and others and not mine & others and confidence < SAME:
        return "other labels"
    if one.source_id == other.source_id and mine and others and not mine & others:
        return "other labels on one list"
    if confidence >= SURE:
        return None
    numbers = [_digits(each.case_ref) for each in (one, other) if each.case_ref]
    of_one_label = is_running_number(one.case_ref) and mine & others
    numbered = len(numbers) == 2 and not of_one_label and _other_numbers(*numbers)
    if numbered and one.publisher == other.publisher:
        return "other case numbers"
    if not same_types(one.review_type, other.review_type):
        return "other types of review"
    if years_between(one.published, other.published) > YEARS_APART:
        return "published years apart"
    if years_between(one.death_date, other.death_date) > 1:
        return "other dates of death"
    return None


def _other_numbers(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """True for two numbers of one kind that differ; a board's running number tells nothing of a reference with a year."""
    return one != other and (len(one) == 1) == (len(other) == 1)


def is_running_number(reference: str | None) -> bool:
    """True for the "04" of "SCR 04": it says which review only together with its type."""
    return bool(reference and reference.isdigit())


def _digits(reference: str) -> tuple[int, ...]:
    """The numbers of a case reference: 08/2020, 8-2020 and 8/2020 are one."""
    return tuple(int(number) for number in re.findall(r"\d+", reference))


def _months(iso: str) -> int:
    return 12 * int(iso[:4]) + int(iso[5:7])
