"""From candidate facts to one value per field: the winner, and who disagrees with it.

The winner is the candidate with the best origin and confidence: a manual correction before all else, then the highest
confidence, then the order of ORIGINS. `published` has an order of its own, built into the confidences
that `context` and `first_pages` give (a date with the word published, a listing date, the report month, an upload date); but the
date on a report's cover comes before a listing date that no word of publication names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from casereviews.repository.describing.agreement import TWO_SEXES, clashes
from casereviews.repository.describing.dates import EARLIEST, before
from casereviews.repository.describing.stated import COVER_DATE, LOOSE_DATE
from casereviews.repository.describing.titles.label_nouns import label_kind
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.model import ORIGINS, Fact
from casereviews.repository.theme_weights import CENTRAL_FIELD, FIELD, TOUCHED_FIELD

# Below this a candidate of `published` is another date that only stands in for it: no conflict with a better one.
STAND_IN = 0.6
_WEAK = 0.5
# What an age excludes it takes with it: a fact's field -> the fields that lose its value.
GIVE_WAY = {
    FIELD: (FIELD, CENTRAL_FIELD),
    "plan_status_now": ("plan_status_now",),
    "plan_status_ever": ("plan_status_ever",),
}
ADDED, TAKEN_OUT = "correction, added", "correction, taken out"
"""Rules of manual facts that change one value of a field and leave the others as they are found; of TAKEN_OUT the value is in `raw`."""
_EXACT = 0.4  # a candidate of `published` this sure may make a month or a year more exact


@dataclass(frozen=True, slots=True)
class Resolved:
    """The value of one field: `value` (a bar joins several; None when every candidate is impossible), the `fact` it comes from,
    and the `conflicting` candidates that say otherwise, impossible ones among them, with facts of other fields that it excludes."""

    value: str | None
    fact: Fact
    conflicting: tuple[Fact, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """The single values of a field that joins several by a bar."""
        return tuple(self.value.split("|")) if self.value else ()

    @property
    def corrected(self) -> bool:
        """True when a person said it."""
        return self.fact.origin == "manual"


def resolve(facts: Iterable[Fact]) -> dict[str, Resolved]:
    """The resolved value of every field that `facts` speak of, by field name; the order of facts does not matter.

    A theme or a plan that the child's age excludes gives way to the age: it stays among the `conflicting` alone.
    """
    facts = tuple(facts)
    resolved = _resolved(facts)
    found = tuple(clashes(_winners(resolved, facts)))
    manual = (fact for fact in facts if fact.origin == "manual")
    said = {(fact.field, value) for fact in manual for value in fact.value.split("|")}
    return _without_excluded(_with_clashes(resolved, found), found, said)


def _resolved(facts: Iterable[Fact]) -> dict[str, Resolved]:
    """Field by field, before any is compared with another for what they exclude."""
    by_field: dict[str, list[Fact]] = {}
    for fact in facts:
        by_field.setdefault(fact.field, []).append(fact)
    resolved = {name: _resolve_field(name, _ranked(found)) for name, found in by_field.items()}
    if said := [fact for fact in _ranked(by_field.get(FIELD, ())) if fact.origin == "manual"]:
        _weigh_as_said(resolved, said)
    if (
        FIELD in resolved and TOUCHED_FIELD in resolved
    ):  # one document may touch what another is about
        touched, themes = resolved[TOUCHED_FIELD], resolved[FIELD].values
        left = "|".join(value for value in touched.values if value not in themes)
        resolved[TOUCHED_FIELD] = replace(touched, value=left or None)
    labels = resolved.get("subject_labels")
    if labels and "label_kind" in resolved and not resolved["label_kind"].corrected:
        kind = replace(resolved["label_kind"].fact, value=label_kind(labels.values))
        resolved["label_kind"] = Resolved(kind.value, kind)
    if "published" in resolved:
        resolved["published"] = _possible_date(_ranked(by_field["published"]), resolved)
    return resolved


def clashing(facts: Sequence[Fact]) -> tuple[tuple[Fact, Fact], ...]:
    """The pairs of winning facts that cannot be true together; of a sex that two are told of, those two."""
    resolved = _resolved(facts)
    sex = resolved.get("sex")
    undecided = sex.conflicting if sex and sex.fact.rule == TWO_SEXES else ()
    pairs = [*clashes(_winners(resolved, facts)), *combinations(undecided, 2)]
    return tuple(dict.fromkeys(pairs))


def _winners(
    resolved: Mapping[str, Resolved], facts: Iterable[Fact]
) -> dict[str, tuple[Fact, ...]]:
    """The facts that say what won, by field."""
    won: dict[str, tuple[Fact, ...]] = {}
    for fact in facts:
        one = resolved.get(fact.field)
        if one is not None and fact.value in (one.value, *one.values):
            won[fact.field] = (*won.get(fact.field, ()), fact)
    return won


def _with_clashes(
    resolved: dict[str, Resolved], pairs: Iterable[tuple[Fact, Fact]]
) -> dict[str, Resolved]:
    """The resolved fields, each with the facts of other fields that it excludes among its `conflicting`."""
    for one, other in pairs:
        for name, against in ((one.field, other), (other.field, one)):
            if against not in resolved[name].conflicting:
                conflicting = (*resolved[name].conflicting, against)
                resolved[name] = replace(resolved[name], conflicting=conflicting)
    return resolved


def _without_excluded(
    resolved: dict[str, Resolved],
    pairs: Iterable[tuple[Fact, Fact]],
    said: Collection[tuple[str, str]],
) -> dict[str, Resolved]:
    """The resolved fields without the themes and plans that an age excludes; `said` are the (field, value) that people said, which
    stay. A correction of another value of the field keeps none."""
    for age, other in pairs:
        if age.field != "age_months_max" or other.field not in GIVE_WAY:
            continue
        if (other.field, other.value) in said:
            continue
        for name in GIVE_WAY[other.field]:
            one = resolved.get(name)
            if one is not None:
                left = "|".join(value for value in one.values if value != other.value)
                resolved[name] = replace(one, value=left or None)
    return resolved


def resolve_review(members: Sequence[Iterable[Fact]]) -> dict[str, Resolved]:
    """The fields of a review from the facts of its documents (the overview report's first in `members`).

    Every document's review-level facts compete, so that a briefing that names the type helps a report that does not;
    of `published` the review takes that of the earliest-listed member which has one.
    """
    facts: list[Fact] = []
    for member in members:
        facts.extend(fact for fact in member if _level(fact.field) == "review")
    resolved = resolve(facts)
    for member in members:
        dates = resolve(member)
        if "published" in dates and dates["published"].value:
            resolved["published"] = dates["published"]
            break
    return resolved


def impossible(value: str, *, seen: str | None, not_before: Iterable[str]) -> str | None:
    """Why `value` cannot be a date of publication, None when it can.

    `seen` is the day the document was last seen, `not_before` the days of incident and death.
    """
    if not value[:4].isdigit() or int(value[:4]) < EARLIEST:
        return f"before {EARLIEST}"
    if seen and before(seen, value):
        return "later than the day it was seen"
    for day in not_before:
        if before(value, day):
            return f"before the incident or death ({day})"
    return None


def _resolve_field(name: str, ranked: list[Fact]) -> Resolved:
    if changes := [fact for fact in ranked if fact.rule in (ADDED, TAKEN_OUT)]:
        return _changed(name, changes, [fact for fact in ranked if fact not in changes])
    winner = ranked[0]
    field = DESCRIBED.get(name)
    if winner.origin == "manual":
        return Resolved(winner.value or None, winner, _disagreeing(name, winner, ranked))
    if field is not None and field.several:
        return Resolved("|".join(dict.fromkeys(fact.value for fact in ranked)), winner)
    winner = _fuller(name, winner, ranked)
    return Resolved(winner.value, winner, _disagreeing(name, winner, ranked))


def _changed(name: str, changes: Sequence[Fact], found: list[Fact]) -> Resolved:
    """What was found, without the values that people took out and with those that they added, which come first."""
    before = _resolve_field(name, found) if found else None
    out = {fact.raw for fact in changes if fact.rule == TAKEN_OUT}
    added = [fact.value for fact in changes if fact.rule == ADDED]
    stays = (value for value in (before.values if before else ()) if value not in out)
    values = "|".join(dict.fromkeys([*added, *stays]))
    return Resolved(values or None, changes[0], before.conflicting if before else ())


def _weigh_as_said(resolved: dict[str, Resolved], said: Sequence[Fact]) -> None:
    """Themes that people said are central; those that they took out, or left out of what they said, have no weight."""
    themes = resolved[FIELD].values
    changed = any(fact.rule in (ADDED, TAKEN_OUT) for fact in said)
    out = {fact.raw for fact in said if fact.rule == TAKEN_OUT}
    kept = {CENTRAL_FIELD: set(themes), TOUCHED_FIELD: set()}
    if changed:
        found = {name: set(resolved[name].values) if name in resolved else set() for name in kept}
        added = {fact.value for fact in said if fact.rule == ADDED}
        kept[CENTRAL_FIELD] = added | (found[CENTRAL_FIELD] & set(themes))
        kept[TOUCHED_FIELD] = found[TOUCHED_FIELD] - set(themes) - out
    for name, values in kept.items():
        order = (*themes, *(resolved[name].values if name in resolved else ()))
        joined = "|".join(value for value in dict.fromkeys(order) if value in values)
        resolved[name] = Resolved(joined or None, replace(said[0], field=name))


def _fuller(name: str, winner: Fact, ranked: Sequence[Fact]) -> Fact:
    """A candidate that says the same as the winner and more: the kind of a Child Practice Review, a second label on the cover."""
    if name == "review_type" and winner.value == "cpr":
        kinds = (fact for fact in ranked if fact.value in ("cpr_concise", "cpr_extended"))
        return next((fact for fact in kinds if fact.confidence >= _WEAK), winner)
    if name == "subject_labels" and "|" not in winner.value:
        for fact in ranked:
            labels = fact.value.split("|")
            if (
                fact.rule in ("cover", "cover line", "national cover sheet")
                and len(labels) == 2
                and labels[0] == winner.value
            ):
                return fact
    return winner


def _ranked(facts: Iterable[Fact]) -> list[Fact]:
    return sorted(
        facts,
        key=lambda fact: (
            fact.origin != "manual",
            -fact.confidence,
            ORIGINS.index(fact.origin),
            -len(fact.value),
            fact.page or 0,
            fact.value,
            fact.raw,
            fact.rule,
        ),
    )


def _disagreeing(name: str, winner: Fact, ranked: Sequence[Fact]) -> tuple[Fact, ...]:
    losers = [fact for fact in ranked if fact is not winner and not _agree(name, winner, fact)]
    return tuple(fact for fact in losers if fact.confidence >= _WEAK or fact.origin == "manual")


def _agree(name: str, winner: Fact, other: Fact) -> bool:
    """True when two candidates do not exclude each other: one is the shorter or the less exact form of the other."""
    field = DESCRIBED.get(name)
    if winner.value == other.value:
        return True
    if field is None or field.form == "text" or name == "seen":
        return True
    if field.form == "date":
        stand_in = name == "published" and other.confidence < STAND_IN <= winner.confidence
        return (
            stand_in or winner.value.startswith(other.value) or other.value.startswith(winner.value)
        )
    mine, others = set(winner.value.lower().split("|")), set(other.value.lower().split("|"))
    if field.form == "list":
        if mine <= others or others <= mine:
            return True
        return name == "review_type" and any(
            a.startswith(f"{b}_") or b.startswith(f"{a}_")
            for a in mine
            for b in others
            if "scotland" not in a + b
        )
    return False


def _possible_date(ranked: list[Fact], resolved: Mapping[str, Resolved]) -> Resolved:
    """`published` without impossible dates, which stay as conflicts."""
    seen = resolved["seen"].value if "seen" in resolved else None
    events = [
        resolved[name].value or ""
        for name in ("death_date", "incident_from")
        if name in resolved and resolved[name].value
    ]
    wrong = [
        fact
        for fact in ranked
        if fact.origin != "manual" and impossible(fact.value, seen=seen, not_before=events)
    ]
    fine = [fact for fact in ranked if fact not in wrong]
    if not fine:
        return Resolved(None, wrong[0], tuple(wrong))
    result = _resolve_field("published", _exactest_first(_cover_before_loose(fine)))
    return Resolved(result.value, result.fact, (*result.conflicting, *wrong))


def _cover_before_loose(ranked: list[Fact]) -> list[Fact]:
    """`ranked` led by the date on the report's cover where the winner is a date of its list without words of publication.

    Such a date may be of anything, unless a heading, title or file name says it too. A cover's year alone is no better.
    """
    winner = ranked[0]
    others = [fact for fact in ranked if fact.rule not in (LOOSE_DATE, COVER_DATE)]
    if winner.rule != LOOSE_DATE or any(
        fact.confidence >= _WEAK
        and (winner.value.startswith(fact.value) or fact.value.startswith(winner.value))
        for fact in others
    ):
        return ranked
    cover = [fact for fact in ranked if fact.rule == COVER_DATE and len(fact.value) > len("2019")]
    return [*cover, *(fact for fact in ranked if fact not in cover)]


def _exactest_first(ranked: list[Fact]) -> list[Fact]:
    """`ranked` led by a candidate that says the winner's date more exactly ("2024-02-20" for "2024-02"), if there is one."""
    winner = ranked[0]
    exact = [
        fact
        for fact in ranked
        if fact.value.startswith(winner.value + "-") and fact.confidence >= _EXACT
    ]
    if winner.origin == "manual" or not exact:
        return ranked
    best = max(exact, key=lambda fact: (len(fact.value), fact.confidence))
    return [best, *(fact for fact in ranked if fact is not best)]


def _level(name: str) -> str:
    field = DESCRIBED.get(name)
    return field.level if field else "review"
