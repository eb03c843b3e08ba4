"""Whether the facts of one case can be true together: a care leaver of ten, an infant in Year 9 cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casereviews.repository.model import Fact

TWO_SEXES = "two sexes are told alike"
"""The rule of a fact `sex` that tells none, because the sentences tell two."""
_CARE_LEAVER_FROM = 16 * 12  # months; Children (Leaving Care) Act 2000: from 16
_SCHOOL_FROM = 48
_POST_16_FROM = 15 * 12
_ALONE_FROM = 15 * 12  # a home of one's own, custody of the young


def clashes(winners: Mapping[str, tuple[Fact, ...]]) -> Iterator[tuple[Fact, Fact]]:
    """Pairs of facts that exclude each other, from the winning facts by field (`age_months_max` with `school_status`...)."""
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
        ):
            for fact in winners.get(field, ()):
                if fact.value in values and months < least:
                    yield oldest, fact


_AT_SCHOOL = (
    "in_school",
    "excluded",
    "part_time_timetable",
    "alternative_provision",
    "irregular_attendance",
    "missing_education",
)
