"""How old the child of the review was: months, bands, and the sentence that says so.

Bands are those of the national Panel's annual reports: under 1, 1-5, 6-10, 11-15, 16-17. The ages of parents and siblings, gestation and
memories ("when he was two the family moved") are not the age at the incident.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from casereviews.repository.describing.case.age_forms import FORMS, spans_of
from casereviews.repository.describing.case.sentences import OTHER, SUBJECT, CaseSentence, owner
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.codes import AGE_BANDS
from casereviews.repository.vocabulary.rules import load_rules

BANDS = tuple(
    (band, 12 * first, 12 * last + 11) for band, (first, last) in AGE_BANDS.items()
)  # in months

_NAMED = load_rules("ages_named")
_TOLD = load_rules("age_circumstances")
_PEOPLE = load_rules("people")
_NAMED_SUBJECT = re.compile(rf"\b(?:and|,|&) (?:an? |the )?{SUBJECT}\b")
_NOT_AN_AGE_BEFORE = re.compile(rf"\b{_TOLD['not_an_age_before'].words}\W+(?:\w+\W+){{0,2}}$")
_NOT_AN_AGE_AFTER = re.compile(rf"^'?\W*(?:\w+ )?{_TOLD['not_an_age_after'].words}\b")
_COUNTED_AFTER = re.compile(rf" (?!{_TOLD['counted'].words}\b)(?:\w+ )??\w+[a-z]s\b")
_ELDER = re.compile(rf"{_PEOPLE['elder'].words} ?$")
_ELDER_OTHER = re.compile(rf"{_PEOPLE['elder_other'].words}\b[^.]*$")
_TELLING = 1.2  # weight of a sentence whose words for an age speak of the child
_AFTER_ADJECTIVE = re.compile(rf"^(?: \w+){{0,2}}? (?:(?P<subject>{SUBJECT})|(?P<other>{OTHER}))\b")


@dataclass(frozen=True, slots=True)
class _Age:
    low: int
    high: int
    bands: tuple[str, ...]
    raw: str
    score: float
    sentence: CaseSentence


def age_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Facts age_months_min, age_months_max and age_band (bands of several children joined by a bar); () when unsaid."""
    ages = [age for sentence in sentences for age in _ages(sentence)]
    if not ages:
        return ()
    best = _likeliest(ages)
    total = sum(age.score for age in ages)
    agreeing = sum(age.score for age in ages if age.low >= best.low and age.high <= best.high)
    confidence = min(0.5 + best.score / 20, 0.7) + 0.25 * agreeing / total
    said = best.sentence
    facts = [
        said.fact("age_months_min", str(best.low), best.raw, confidence, "age"),
        said.fact("age_months_max", str(best.high), best.raw, confidence, "age"),
    ]
    if best.bands:
        facts.append(said.fact("age_band", "|".join(best.bands), best.raw, confidence, "age"))
    return tuple(facts)


def bands_of(low: int, high: int) -> tuple[str, ...]:
    """The band that holds all months from low to high, () when they reach over a border."""
    return tuple(name for name, first, last in BANDS if first <= low and high <= last)


def _likeliest(ages: Iterable[_Age]) -> _Age:
    """The age with the best sentence, ages that are said again and again preferred."""
    totals: dict[tuple[int, int], float] = defaultdict(float)
    best: dict[tuple[int, int], _Age] = {}
    for age in ages:
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


def _ages(sentence: CaseSentence) -> Iterator[_Age]:
    folded = sentence.folded
    event = 1.6 if _TOLD["event"].fits(folded) else 1.0
    for said in _of_siblings_together(folded, _said(folded)):
        memory = _TOLD["memory"].pattern.search(folded, max(0, said.start - 45), said.end)
        past = 0.35 if memory and not _dies_then(folded, said.start, said.end) else 1.0
        score = sentence.weight * event * said.whose * past
        if score <= 0.3:
            continue
        spans = sorted(said.spans)
        bands = tuple(dict.fromkeys(band for low, high in spans for band in bands_of(low, high)))
        raw = folded[said.start : said.end].strip()
        yield _Age(spans[0][0], max(high for _, high in spans), bands, raw, score, sentence)
    yield from _named_ages(sentence, event)


def _said(folded: str) -> list[_Said]:
    """The age expressions of a sentence that may be the subject's, in order; earlier forms take their place first."""
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
            whose = _whose(form, folded, match)
            if whose and not _is_no_age(folded, start, end):
                found.append(_Said(start, end, form, spans, whose))
    return sorted(found, key=lambda said: said.start)


def _is_no_age(folded: str, start: int, end: int) -> bool:
    """True for weeks of gestation, years in prison, and ages that bound a time of life ("between the ages of 4 and 8 she")."""
    return bool(
        (
            _TOLD["bound"].fits(folded[max(0, start - 80) : start])
            and not _dies_then(folded, start, end)
        )
        or _NOT_AN_AGE_BEFORE.search(folded[max(0, start - 40) : start])
        or _NOT_AN_AGE_AFTER.match(folded[end : end + 30])
    )


def _of_siblings_together(folded: str, ages: Iterable[_Said]) -> list[_Said]:
    """Ages with those of several subjects joined: "Sibling 1 (aged 9) and Sibling 2 (aged 6)"."""
    joined: list[_Said] = []
    for said in ages:
        last = joined[-1] if joined else None
        if (
            last
            and last.form == said.form
            and min(last.whose, said.whose) >= 0.9
            and said.start - last.end <= 40
            and _NAMED_SUBJECT.search(folded, last.end, said.start)
        ):
            whose = min(last.whose, said.whose)
            joined[-1] = _Said(last.start, said.end, said.form, last.spans + said.spans, whose)
        else:
            joined.append(said)
    return joined


def _named_ages(sentence: CaseSentence, event: float) -> Iterator[_Age]:
    """Ages told by a word: "toddler", "teenager"; in findings such words speak of children in general."""
    if sentence.weight < _TELLING or " should " in sentence.folded:
        return
    for rule in _NAMED:
        match = rule.search(sentence.folded)
        if match and owner(sentence.folded, match.start()) != "other":
            low, high = rule.more["months_min"], rule.more["months_max"]
            score = 0.3 * sentence.weight * event
            yield _Age(low, high, bands_of(low, high), match[0], score, sentence)


def _dies_then(folded: str, start: int, end: int) -> bool:
    """True when the words around an age tell of the death or harm itself ("died at the age of two")."""
    near = folded[max(0, start - 60) : end + 45]
    return _TOLD["dies_then"].fits(near)


def _whose(form: str, folded: str, match: re.Match[str]) -> float:
    """How sure it is that an age is the subject's: 1 said so, 0 somebody else's."""
    if form == "of" and not match["unit"] and _COUNTED_AFTER.match(folded[match.end() :]):
        return 0.0  # "the first child of two young parents"
    if form in ("of", "bracket", "row"):
        before = folded[max(0, match.start() - 12) : match.start()]
        return 0.0 if _ELDER.search(before) else 1.0
    if form == "adjective":
        after = _AFTER_ADJECTIVE.match(folded[match.end() : match.end() + 60])
        if after and after["other"]:
            return 0.0
        if after and after["subject"]:
            before = folded[max(0, match.start() - 24) : match.start()]
            return 0.0 if _ELDER_OTHER.search(before) else 1.0
    if form == "at" and match[0].startswith("lived") and owner(folded, match.start()) == "other":
        return 0.0
    whose = owner(folded, match.start())
    return {"subject": 0.9, "unknown": 0.55, "other": 0.0}[whose]
