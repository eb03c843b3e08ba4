"""How old the child of the review was: months, bands, and the sentence that says so.

Bands are those of the national Panel's annual reports: under 1, 1-5, 6-10, 11-15, 16-17. The ages of parents and siblings, gestation and
memories ("when he was two the family moved") are not the age at the incident.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from casereviews.repository.describing.case.age_forms import FORMS, spans_of
from casereviews.repository.describing.case.cast import (
    OTHER,
    SUBJECT,
    UNCLEAR,
    Mention,
    grammatical_subject,
)
from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.codes import AGE_BANDS
from casereviews.repository.vocabulary.rules import load_rules

BANDS = tuple(
    (band, 12 * first, 12 * last + 11) for band, (first, last) in AGE_BANDS.items()
)  # in months

_NAMED = load_rules("ages_named")
_TOLD = load_rules("age_circumstances")
_NOT_AN_AGE_BEFORE = re.compile(rf"\b{_TOLD['not_an_age_before'].words}\W+(?:\w+\W+){{0,2}}$")
_NOT_AN_AGE_AFTER = re.compile(rf"^'?\W*(?:\w+ )?{_TOLD['not_an_age_after'].words}\b")
_COUNTED_AFTER = re.compile(rf" (?!{_TOLD['counted'].words}\b)(?:\w+ )??\w+[a-z]s\b")
_ONE_THING = re.compile(rf" one (?!{_TOLD['goes_on'].words}\b)\w")
_TELLING = 1.2  # weight of a sentence whose words for an age speak of the child
_NOBODYS = 0.5  # an age beside which no person is named
_SURE = 0.9  # an age that is surely the child's
_HEAD = 26  # characters between "a 14 year old" and its noun
_YEAR_BEGINS_AT = 4  # years of the youngest in the year before Year 1, in England and Wales; each year holds two ages
_FIRM = 0.9  # an age that is said of now, not of earlier life


@dataclass(frozen=True, slots=True)
class _Age:
    low: int
    high: int
    bands: tuple[str, ...]
    raw: str
    score: float
    sentence: CaseSentence
    firm: bool = True
    key: str = ""


def age_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Facts age_months_min, age_months_max and age_band (bands of several children joined by a bar); () when unsaid.

    The age is that of the child of the review at what happened: an age in a memory ("at four she moved") stands back behind one of now,
    and of memories alone the latest counts. A report that keeps the age back has none.
    """
    told = [sentence for sentence in sentences if sentence.of_the_case]
    if any(_TOLD["withheld"].fits(sentence.folded) for sentence in told):
        return ()
    ages = [age for sentence in told for age in _ages(sentence)]
    if not any(age.firm for age in ages):
        ages += _by_dates(told)
    if not ages:
        return ()
    best = _likeliest(ages)
    total = sum(age.score for age in ages)
    agreeing = sum(age.score for age in ages if age.low >= best.low and age.high <= best.high)
    confidence = min(0.5 + best.score / 20, 0.7) + 0.25 * agreeing / total
    best = _with_siblings(best, ages)
    said = best.sentence
    facts = [
        said.fact("age_months_min", str(best.low), best.raw, confidence, "age"),
        said.fact("age_months_max", str(best.high), best.raw, confidence, "age"),
    ]
    if best.bands:
        facts.append(said.fact("age_band", "|".join(best.bands), best.raw, confidence, "age"))
    return tuple(facts)


def _by_dates(told: Sequence[CaseSentence]) -> list[_Age]:
    """The age between the child's date of birth and the first date of what happened; [] where either is not told."""
    born = [day for one in told for day in _days(one, "birth")]
    happened = [day for one in told for code in ("death", "incident") for day in _days(one, code)]
    for birth, sentence, raw in born[:1]:
        spans = [span for day, *_ in happened if (span := _months_between(birth, day))]
        if spans:
            low, high = min(spans)
            score = sentence.weight
            return [_Age(low, high, bands_of(low, high), raw, score, sentence, firm=True)]
    return []


def _days(sentence: CaseSentence, meaning: str) -> Iterator[tuple[str, CaseSentence, str]]:
    """The dates with a year that a sentence gives of the child's birth, or of its death or harm."""
    told = _TOLD["born" if meaning == "birth" else "event"]
    if not any(sign in sentence.folded for sign in ("19", "20")) or not told.fits(sentence.folded):
        return
    for match in told.pattern.finditer(sentence.folded):
        doer = grammatical_subject(sentence.people, sentence.folded, match.start())
        if doer is not None and doer.whose == OTHER:
            return
    from casereviews.repository.describing.dates import find_dates  # costly to load

    for date in find_dates(sentence.printed):
        if (
            date.iso
            and date.meaning in (meaning, None, "incident", "death")
            and (meaning == "birth") == (date.meaning == "birth")
        ):
            yield date.iso, sentence, date.raw


def _months_between(birth: str, day: str) -> tuple[int, int] | None:
    """The months from..to between two ISO dates of any precision; None beyond childhood."""
    first, last = ([int(part) for part in iso.split("-")] for iso in (birth, day))
    years = last[0] - first[0]
    if len(first) > 1 and len(last) > 1:
        high = low = 12 * years + last[1] - first[1]
        if len(first) > 2 and len(last) > 2:
            high = low = high - (last[2] < first[2])
        else:
            low = max(0, low - 1)
    else:
        low, high = max(0, 12 * years - 12), 12 * years + 11
    return (low, high) if 0 <= high < BANDS[-1][2] + 1 else None


def _with_siblings(best: _Age, ages: Iterable[_Age]) -> _Age:
    """The age with those of the other children of the case, where each child has its own."""
    if not best.key:
        return best
    each = [best]
    others = {age.key for age in ages if age.key and age.key != best.key and age.firm}
    for key in sorted(others):
        each.append(_likeliest([age for age in ages if age.key == key and age.firm]))
    bands = [band for age in sorted(each, key=lambda age: age.low) for band in age.bands]
    low, high = min(age.low for age in each), max(age.high for age in each)
    return replace(best, low=low, high=high, bands=tuple(dict.fromkeys(bands)))


def bands_of(low: int, high: int) -> tuple[str, ...]:
    """The band that holds all months from low to high, () when they reach over a border."""
    return tuple(name for name, first, last in BANDS if first <= low and high <= last)


def _likeliest(ages: Iterable[_Age]) -> _Age:
    """The age with the best sentence, ages that are said again and again preferred; of memories alone the latest in life."""
    firm = [age for age in ages if age.firm]
    if not firm:
        return max(ages, key=lambda age: (age.high, age.score))
    totals: dict[tuple[int, int], float] = defaultdict(float)
    best: dict[tuple[int, int], _Age] = {}
    for age in firm:
        key = (age.low, age.high)
        totals[key] += 0.25 * age.score
        if key not in best or age.score > best[key].score:
            best[key] = age
    return max(best.values(), key=lambda age: (age.score + totals[(age.low, age.high)], -age.low))


@dataclass(frozen=True, slots=True)
class _Said:
    """One age expression of a sentence: where it stands, the months it may mean, how surely it is the subject's."""

    start: int
    end: int
    form: str
    spans: tuple[tuple[int, int], ...]
    whose: float
    key: str = ""


def _ages(sentence: CaseSentence) -> Iterator[_Age]:
    folded = sentence.folded
    event = 1.6 if _TOLD["event"].fits(folded) else 1.0
    ages = _said(sentence)
    ends = [0, *(said.end for said in ages)]
    starts = [*(said.start for said in ages), len(folded)]
    near = {said.start: (ends[at], starts[at + 1]) for at, said in enumerate(ages)}
    for said in _of_siblings_together(ages):
        memory = _TOLD["memory"].pattern.search(folded, max(0, said.start - 45), said.end)
        then = _dies_then(sentence, said.start, said.end, *near[said.start])
        past = bool(memory) and not then
        loose = said.form in ("at", "birthday", "to_come") and not then
        score = sentence.weight * event * said.whose * (0.35 if past else 1.0)
        if score <= 0.3 or (said.whose <= _NOBODYS and sentence.weight < _TELLING):
            continue
        spans = sorted(said.spans)
        bands = tuple(dict.fromkeys(band for low, high in spans for band in bands_of(low, high)))
        raw = folded[said.start : said.end].strip()
        high = max(high for _, high in spans)
        firm = not past and not loose and said.whose >= _FIRM
        yield _Age(spans[0][0], high, bands, raw, score, sentence, firm, said.key)
    yield from _named_ages(sentence, event)


def _said(sentence: CaseSentence) -> list[_Said]:
    """The age expressions of a sentence that may be the subject's, in order; earlier forms take their place first."""
    folded = sentence.folded
    taken = bytearray(len(folded))
    found: list[_Said] = []
    for rule in FORMS:
        form = rule.code
        for match in rule.find(folded):
            start, end = match.span()
            if any(taken[start:end]):
                continue
            spans = tuple(spans_of(match))
            if not spans:
                continue
            taken[start:end] = b"\1" * (end - start)
            whose, key = _whose(form, sentence, match)
            if whose and not _is_no_age(sentence, start, end):
                found.append(_Said(start, end, form, spans, whose, key))
    return sorted(found, key=lambda said: said.start)


def _is_no_age(sentence: CaseSentence, start: int, end: int) -> bool:
    """True for weeks of gestation, years in prison, and ages that bound a time of life ("between the ages of 4 and 8 she")."""
    folded = sentence.folded
    return bool(
        (
            _TOLD["bound"].fits(folded[max(0, start - 80) : start])
            and not _dies_then(sentence, start, end)
        )
        or _NOT_AN_AGE_BEFORE.search(folded[max(0, start - 40) : start])
        or _NOT_AN_AGE_AFTER.match(folded[end : end + 30])
    )


def _of_siblings_together(ages: Iterable[_Said]) -> list[_Said]:
    """Ages with those of several subjects joined: "Sibling 1 (aged 9) and Sibling 2 (aged 6)"."""
    joined: list[_Said] = []
    for said in ages:
        last = joined[-1] if joined else None
        if (
            last
            and last.form == said.form
            and min(last.whose, said.whose) >= _SURE
            and said.start - last.end <= 60
            and last.key != said.key
        ):
            whose = min(last.whose, said.whose)
            joined[-1] = _Said(last.start, said.end, said.form, last.spans + said.spans, whose)
        else:
            joined.append(said)
    return joined


def _named_ages(sentence: CaseSentence, event: float) -> Iterator[_Age]:
    """Ages told by a word for the child: "toddler", "teenager"; in findings such words speak of children in general."""
    if sentence.weight < _TELLING:
        return
    for rule in _NAMED:
        match = rule.search(sentence.folded)
        if match and _is_childs(sentence, match):
            low, high = rule.more["months_min"], rule.more["months_max"]
            score = 0.3 * sentence.weight * event
            yield _Age(low, high, bands_of(low, high), match[0], score, sentence, firm=False)
    year = _TOLD["school_year"].search(sentence.folded)
    if year and _is_childs(sentence, year):
        low = 12 * (_YEAR_BEGINS_AT + int(year["n"] or 0))
        high = low + 23
        score = 0.3 * sentence.weight * event
        yield _Age(low, high, bands_of(low, high), year[0], score, sentence, firm=False)


def _is_childs(sentence: CaseSentence, match: re.Match[str]) -> bool:
    """True when a word for an age names the child, or tells of nobody else."""
    for one in sentence.people:
        if one.start <= match.end() + 1 and match.start() < one.end:
            return one.whose == SUBJECT and not one.plural
    doer = grammatical_subject(sentence.people, sentence.folded, match.start())
    if doer is None and not sentence.people:
        return sentence.folded[: match.start()].endswith(("death in ", "deaths in "))
    return doer is not None and doer.whose == SUBJECT


def _dies_then(
    sentence: CaseSentence, start: int, end: int, low: int = 0, high: int | None = None
) -> bool:
    """True when the words around an age tell of the child's death or harm itself ("died at the age of two").

    They lie between `low` and `high`: beyond the next age they are of that one ("excluded at 13, he was 16 when he died").
    """
    folded = sentence.folded
    low, high = max(low, start - 60), min(end + 45, len(folded) if high is None else high)
    for match in _TOLD["dies_then"].pattern.finditer(folded, max(0, low), high):
        doer = grammatical_subject(sentence.people, folded, match.start())
        if doer is None or doer.whose != OTHER:
            return True
    return False


def _whose(form: str, sentence: CaseSentence, match: re.Match[str]) -> tuple[float, str]:
    """How sure it is that an age is the child's (1 said so, 0 somebody else's), and which child's of several."""
    folded, people = sentence.folded, sentence.people
    if form == "of" and not match["unit"] and _COUNTED_AFTER.match(folded[match.end() :]):
        return 0.0, ""  # "the first child of two young parents"
    if form == "of" and not match["unit"] and _ONE_THING.match(folded[match.end() - 4 :]):
        return 0.0, ""  # "two children of one family"
    within = [one for one in people if one.start < match.end() and match.start() < one.end]
    if form == "range":
        before = grammatical_subject(people, folded, match.start())
        return (0.0, "") if before and before.whose == OTHER and not within else (1.0, "")
    if form == "birthday":
        whose = [one for one in within if one.pronoun or one.possessor] or within
        return _worth(whose[0] if whose else _beside(people, folded, match.start()))
    if form in ("of", "bracket", "row"):
        return _worth(within[-1] if within else None)
    if form == "adjective":
        after = [one for one in people if match.end() <= one.start <= match.end() + _HEAD]
        if after and not folded[match.end() : after[0].start].strip().startswith(
            (",", ".", "when", "and")
        ):
            return _worth(after[0])
    if form == "at" and within:
        return _worth(within[0])
    doer = _beside(people, folded, match.start())
    if doer is None and form == "at":
        later = [one for one in people if one.start >= match.end()]
        return _worth(later[0] if later else None)
    return _worth(doer)


def _beside(people: Sequence[Mention], folded: str, at: int) -> Mention | None:
    """The person whom an age at folded[at:] follows: the one right before it ("his father, 26"), else who does what is said."""
    earlier = [one for one in people if one.end <= at and not one.possessor]
    if earlier and _TOLD["right_before"].pattern.fullmatch(folded[earlier[-1].end : at]):
        return earlier[-1]
    return grammatical_subject(people, folded, at)


def _worth(one: Mention | None) -> tuple[float, str]:
    if one is None:
        return _NOBODYS, ""
    if one.whose == OTHER:
        return 0.0, ""
    if one.whose == UNCLEAR:
        return _NOBODYS, ""
    return (1.0 if one.sure else 0.6), one.key
