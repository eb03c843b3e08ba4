"""Whether the facts of one case can be true together: a care leaver of ten, an infant in Year 9, a child who died and lives with an aunt cannot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import Rules, load_rules

TWO_SEXES = "two sexes are told alike"
"""The rule of a fact `sex` that tells none, because the sentences tell two."""

_CARE_LEAVER_FROM = 16 * 12  # months; Children (Leaving Care) Act 2000: from 16
_SCHOOL_FROM = 48
_POST_16_FROM = 15 * 12
_ALONE_FROM = 15 * 12  # a home of one's own, custody of the young
_INFANT_UNTIL = 24
_OF_NO_INFANT = ("child_mental_health", "child_substance", "child_school_exclusion")
# "In babies": what a two-year-old had before is no such bruise.
_OF_INFANTS = ("harm_infant_bruising",)
_UNBORN_UNTIL = 24  # a plan of before birth has ended or become another by then
_YEAR_1 = 5 * 12
_A_YEAR_YOUNGER = 12  # some children are taught with older ones
_AT_SCHOOL = (
    "in_school",
    "excluded",
    "part_time_timetable",
    "alternative_provision",
    "irregular_attendance",
    "missing_education",
)
_SCHOOL_YEAR = re.compile(r"school_year_(\d+)")

Winners = Mapping[str, tuple[Fact, ...]]


def clashes(winners: Winners) -> Iterator[tuple[Fact, Fact]]:
    """Pairs of facts that exclude each other, from the winning facts by field (`age_months_max` with `school_status`...)."""
    yield from _too_young(winners)
    yield from _unborn(winners)
    yield from _aged_otherwise(winners)
    yield from _lives_on(winners)
    yield from _more_labels(winners)


def _too_young(winners: Winners) -> Iterator[tuple[Fact, Fact]]:
    for oldest in winners.get("age_months_max", ()):
        if not oldest.value.isdigit():
            continue
        months = int(oldest.value)
        for field, values, least in (
            ("plan_status_now", ("care_leaver",), _CARE_LEAVER_FROM),
            ("plan_status_ever", ("care_leaver",), _CARE_LEAVER_FROM),
            ("school_status", _AT_SCHOOL, _SCHOOL_FROM),
            ("school_status", ("post_16",), _POST_16_FROM),
            ("living_where", ("own_home", "semi_independent", "custody"), _ALONE_FROM),
            ("theme", _OF_NO_INFANT, _INFANT_UNTIL),
        ):
            for fact in winners.get(field, ()):
                if fact.value in values and months < least:
                    yield oldest, fact
        for fact in winners.get("theme", ()):
            # "Leaving care" of a child of that age is its parent's.
            if months < _CARE_LEAVER_FROM and _life()["leaving_care"].fits(fold(fact.raw)):
                yield oldest, fact
        if _life()["began"].fits(fold(oldest.evidence)):
            continue
        for fact in winners.get("circumstance", ()):
            if months < _least_months(fact.value):
                yield oldest, fact


@lru_cache(maxsize=64)
def _least_months(circumstance: str) -> int:
    """The least age at which a circumstance can be, in months; 0 for any."""
    if year := _SCHOOL_YEAR.fullmatch(circumstance):
        return _YEAR_1 + 12 * (int(year[1]) - 1) - _A_YEAR_YOUNGER
    return next(
        (int(rule.more["least"]) for rule in _life().having("least") if rule.code == circumstance),
        0,
    )


def without_themes_of_infants(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without themes that only infants have, where every age that a document tells is of older children."""
    youngest = [fact.value for fact in facts if fact.field == "age_months_min"]
    if not youngest or not all(one.isdigit() and int(one) >= _INFANT_UNTIL for one in youngest):
        return list(facts)
    return [fact for fact in facts if fact.field != "theme" or fact.value not in _OF_INFANTS]


def _unborn(winners: Winners) -> Iterator[tuple[Fact, Fact]]:
    """A plan of now for an unborn child, and a child that was born long before."""
    for youngest in winners.get("age_months_min", ()):
        for plan in winners.get("plan_status_now", ()):
            if (
                youngest.value.isdigit()
                and int(youngest.value) >= _UNBORN_UNTIL
                and _life()["unborn_plan"].fits(fold(plan.evidence))
            ):
                yield youngest, plan


def _aged_otherwise(winners: Winners) -> Iterator[tuple[Fact, Fact]]:
    """The age, and the days of birth and death that are printed side by side."""
    for death in winners.get("death_date", ()):
        lived = _months_lived(death.evidence)
        if lived is None:
            continue
        for low in winners.get("age_months_min", ()):
            for high in winners.get("age_months_max", ()):
                if not (low.value.isdigit() and high.value.isdigit()):
                    continue
                if lived[1] < int(low.value) or lived[0] > int(high.value):
                    yield high, death


@lru_cache(maxsize=1024)
def _months_lived(printed: str) -> tuple[int, int] | None:
    """The least and the most months between one date of birth and one of death in a text; None where there are others or no two.

    A month is granted on both sides: the age may be told as of what happened, and a death come weeks after it.
    """
    from casereviews.repository.describing.dates import find_dates  # costly to load

    dates = [one for one in find_dates(printed) if one.iso]
    births = {one.iso for one in dates if one.meaning == "birth"}
    deaths = {one.iso for one in dates if one.meaning == "death"}
    if len(births) != 1 or len(deaths) != 1:
        return None
    (born,), (died,) = births, deaths
    first, last = _month(born), _month(died)
    return last[0] - first[1] - 2, last[1] - first[0] + 1


def _month(iso: str) -> tuple[int, int]:
    """The first and the last month that a date may mean, counted from the year 0."""
    year, month = int(iso[:4]), iso[5:7]
    return (12 * year + int(month),) * 2 if month else (12 * year + 1, 12 * year + 12)


def _lives_on(winners: Winners) -> Iterator[tuple[Fact, Fact]]:
    """A death, and the same child's life after it; of several children one may live."""
    several = any(fact.value != "1" for fact in winners.get("n_subjects", ()))
    bands = {fact.value for fact in winners.get("age_band", ())}
    labels = {
        label for fact in winners.get("subject_labels", ()) for label in fact.value.split("|")
    }
    if several or len(labels) > 1 or any("|" in band for band in bands):
        return
    for outcome in winners.get("outcome", ()):
        for fact in winners.get("circumstance", ()):
            if outcome.value == "death" and fact.value == "alive":
                yield outcome, fact


def _more_labels(winners: Winners) -> Iterator[tuple[Fact, Fact]]:
    """More children by label ("Child A", "Child B") than a report counts; that it speaks of "a baby" counts none."""
    for labels in winners.get("subject_labels", ()):
        found = (_life()["label"].search(fold(one)) for one in labels.value.split("|"))
        codes = {match["code"] for match in found if match}
        for number in winners.get("n_subjects", ()):
            if number.value.isdigit() and 1 < int(number.value) < len(codes):
                yield labels, number


def _life() -> Rules:
    return load_rules("life")
