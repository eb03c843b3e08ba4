"""Coded facts of two cases compared: what they share, and what speaks against their being alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casereviews.repository.vocabulary.codes import AGE_BANDS

Facts = Mapping[str, Sequence[str]]

BANDS = tuple(AGE_BANDS)
# Field -> what agreeing adds and disagreeing takes away. Age tells most: what happens to infants does not happen to adolescents.
WEIGHTS = {
    "age_bands": (1.0, -1.0),
    "outcome": (0.2, -0.2),
    "sex": (0.1, -0.1),
    "plan_status": (0.2, 0.0),
}
NEIGHBOURS = 0.5  # adolescents a band apart are near; younger children are not
SHOWN = ("age_bands", "outcome", "sex", "plan_status", "harms", "themes")


def agreement(one: Facts, other: Facts) -> float:
    """-1 to 1: how well the coded facts of two cases agree; 0 where either is silent."""
    total = 0.0
    for field, (gain, loss) in WEIGHTS.items():
        mine, theirs = set(one.get(field, ())), set(other.get(field, ()))
        if not mine or not theirs or "not_stated" in mine | theirs:
            continue
        if mine & theirs:
            total += gain
        elif field == "age_bands" and _adolescents_apart(mine, theirs):
            total += gain * NEIGHBOURS
        else:
            total += loss
    most = sum(gain for gain, _ in WEIGHTS.values())
    return max(-1.0, total / most)


def _adolescents_apart(one: set[str], other: set[str]) -> bool:
    places = [BANDS.index(band) for band in one | other if band in BANDS]
    return bool(places) and min(places) >= 3


def shared(one: Facts, other: Facts) -> dict[str, list[str]]:
    """The values that both have, by field."""
    found = {}
    for field in SHOWN:
        both = [value for value in other.get(field, ()) if value in set(one.get(field, ()))]
        if both:
            found[field] = both
    return found


def themes_of(facts: Facts) -> set[str]:
    """The coded themes and harms."""
    return {one for field in ("themes", "harms") for one in facts.get(field, ())}


def facts_of(fields: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """The coded facts in a document's published fields."""
    found: dict[str, tuple[str, ...]] = {}
    for field in SHOWN:
        value = fields.get(field)
        if isinstance(value, (list, tuple)):
            found[field] = tuple(str(one) for one in value)
        elif value:
            found[field] = tuple(str(value).split("|"))
    return found
