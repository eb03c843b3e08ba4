"""Plan or legal status now and ever, where the child lived, and school."""

from __future__ import annotations

from collections.abc import Sequence

from casereviews.repository.describing.case.cast import OTHER, SUBJECT, grammatical_subject
from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.describing.standing import is_denied, is_said_of_another
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import Rules, load_rules

PLANS, LIVING, SCHOOL = load_rules("plans"), load_rules("living"), load_rules("school")
_TOLD = load_rules("plan_circumstances")
_NONE, _HELD, _PAST, _NOW = _TOLD["none"], _TOLD["held"], _TOLD["past"], _TOLD["now"]
_NOT_TAKEN, _IN_YEAR = _TOLD["not_taken"], _TOLD["in_year"]
_WANTED = "early_help"  # given with consent alone
_SCHOOL_AGE_FROM = 48  # months


def plan_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Facts plan_status_now and plan_status_ever; what is held now was also held ever."""
    now: dict[str, Fact] = {}
    ever: dict[str, Fact] = {}
    for sentence in sentences:
        folded = sentence.folded
        if not sentence.of_the_case:
            continue
        if match := _NONE.search(folded):
            now.setdefault("none", _status(sentence, "plan_status_now", "none", match[0], 0.55))
            continue
        if not PLANS.may_fit(folded) or not _HELD.fits(folded):
            continue
        for rule in PLANS:
            match = rule.search(folded)
            if not match or is_denied(folded, *match.span()):
                continue
            doer = grammatical_subject(sentence.people, folded, match.start())
            mine = (
                doer is not None and doer.whose == SUBJECT
            )  # "the child lived with an aunt under"
            if is_said_of_another(folded, match.start()) and not mine:
                continue
            if _TOLD["of_others"].fits(folded[: match.start()]):
                continue
            if rule.code == _WANTED and _NOT_TAKEN.fits(folded):
                continue
            code, past = rule.code, _PAST.fits(folded) and not _NOW.fits(folded)
            ever.setdefault(code, _status(sentence, "plan_status_ever", code, match[0], 0.6))
            if not past and sentence.weight >= 1.0:
                sure = 0.7 if _NOW.fits(folded) else 0.5
                fact = _status(sentence, "plan_status_now", code, match[0], sure)
                if code not in now or now[code].confidence < fact.confidence:
                    now[code] = fact
    if len(now) > 1:
        now.pop("none", None)
    return (*_strongest(now), *ever.values())


def _strongest(facts: dict[str, Fact]) -> tuple[Fact, ...]:
    """The statuses of now, the surest first, those that are told much less surely left out."""
    order = sorted(facts.values(), key=lambda fact: -fact.confidence)
    return tuple(fact for fact in order if fact.confidence >= order[0].confidence - 0.12)


def _status(sentence: CaseSentence, field: str, code: str, raw: str, confidence: float) -> Fact:
    return sentence.fact(field, code, raw, confidence + 0.03 * sentence.weight, "status words")


def living_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Fact living_where of the most telling sentence; () when unsaid."""
    return _first(sentences, "living_where", LIVING)


def school_facts(sentences: Sequence[CaseSentence], age_months_max: int | None) -> tuple[Fact, ...]:
    """Facts school_status; below_school_age is derived from the age when no words tell of school."""
    if age_months_max is not None and age_months_max < _SCHOOL_AGE_FROM:
        told = [one for one in sentences if one.owner(len(one.folded)) == SUBJECT]
        clashing = [one for one in told if _IN_YEAR.fits(one.folded)]
        return (
            *_first(clashing, "school_status", SCHOOL),
            Fact(
                "school_status",
                "below_school_age",
                str(age_months_max),
                "derived",
                0.8,
                rule="from the age",
            ),
        )
    return _first(sentences, "school_status", SCHOOL)


def _first(sentences: Sequence[CaseSentence], field: str, rules: Rules) -> tuple[Fact, ...]:
    """The code whose words stand in the weightiest sentence, earlier codes first."""
    best: tuple[float, CaseSentence, str, str] | None = None
    for sentence in sentences:
        if not sentence.of_the_case or (best is not None and sentence.weight <= best[0]):
            continue
        for rule in rules:
            match = rule.search(sentence.folded)
            if (
                match
                and not is_denied(sentence.folded, *match.span())
                and sentence.owner(match.start()) != OTHER
            ):
                best = (sentence.weight, sentence, rule.code, match[0])
                break
    if best is None:
        return ()
    weight, sentence, code, raw = best
    return (sentence.fact(field, code, raw, 0.45 + 0.06 * weight, "status words"),)
