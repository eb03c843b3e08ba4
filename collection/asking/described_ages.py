"""The ages that a description of a case tells, in whatever form and place.

Reports tell ages in sentences; people who type tell them as they speak and note: "15 year old girl", "baby, 6 weeks", "Year 9", "8/12", "teenager", "9 oed".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.repository.vocabulary.codes import AGE_BANDS

MOST_WORDS = (
    150  # a longer text tells of many people and years: there the rules for reports are surer
)
_NUMBERS = {
    word: n
    for n, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
        ],
        1,
    )
}
_N = rf"(?:\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = (
    r"(?:days?|weeks?|wks?|months?|mths?|mnths?|years?|yrs?|y|diwrnod|wythnos|mis|mlwydd|blwydd|bl)"
)
_CHILD = (
    r"(?:baby|babies|infant|newborn|child|children|kids?|boys?|girls?|lads?|lass|sons?|daughters?|(?:half-?|step-?)?(?:brother|sister)s?|"
    r"siblings?|twins?|triplets|toddlers?|teen(?:ager)?s?|pupil|student|young person|yp|schoolgirl|schoolboy|nephew|niece|grandson|granddaughter|"
    r"step-?son|step-?daughter|male|female|plentyn|plant|babi|bachgen|merch|mab)"
)
_ADULT = (
    r"(?:(?:step-?|grand-?|god-?)?(?:mum|mother|mom|mam|dad|father|parents?)(?:my)?s?|partner|boyfriend|girlfriend|husband|wife|man|men|woman|women|adults?|"
    r"uncle|aunt|aunty|carers?|gran|granny|nan|nana|grandad|lodger|worker|teacher|offender|perpetrator|neighbour|couple|mam|tad)"
)
_MORE = rf"(?P<more>(?:(?:,| and| or| to|-| &|, and) ?{_N}(?! ?(?:times|years?|months?|weeks?|days?|{_CHILD})\b))*)"
_NO_AGE = r"(?! ?(?:ago|later|before|after|earlier|early|premature|prem|pregnant|gestation|times|in a row)\b)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # 15 year old, 5-month-old, 14yo, 12 y/o, 2 and 4 year olds; 9 oed, 6 mis oed
        rf"\b(?:(?P<first>{_N})(?: and| or| to|-|,) ?)?(?P<n>{_N})[ -]?(?P<unit>{_UNIT})?[ -]?(?:olds?|/o|o|oed)\b(?P<whose>(?:[ -](?!and\b|whose\b|when\b|but\b)[a-z'-]+){{0,3}})",
        # aged 7, age 7 weeks, ages 2, 5 and 9, turned 16
        rf"(?P<holder>(?:[a-z'-]+,? \(?){{0,3}})(?<!since )(?<!care at )(?<!child at )(?<!care from )(?<!child from )\b(?:aged?|ages|turned|turning)[ :]+(?:just |only |about |nearly |almost )?(?P<n>{_N})(?: ?(?P<unit>{_UNIT})\b)?{_MORE}",
        # girl of 12, baby, 6 weeks, boy (13), girls 4 and 6
        rf"\b{_CHILD}(?: is| are| was| were|'s)?(?: of|,|:)? ?\(?(?:just |only |about |nearly |almost |now )?(?P<n>{_N})(?: ?(?P<unit>{_UNIT})\b)?{_NO_AGE}{_MORE}(?=$|[\s,.;:)&])",
        # 7 week baby, 15 yr girl
        rf"\b(?P<n>{_N})[ -]?(?P<unit>{_UNIT})[ -](?:[a-z]+ )?(?:{_CHILD})\b",
        # she is 14, he's only 3; "since he was seven" tells of the past
        rf"(?<!since )\b(?:he|she|they)(?:'s| is| was| are| were)(?: just| only| about| nearly| almost| now| not| even| yet| quite)* (?P<n>{_N})(?: ?(?P<unit>{_UNIT})\b)?(?=$|[,.;)]| (?:and|but|when|at|now|so|with)\b)",
        # his sister, who is 6; engaged at fifteen; doesn't speak, 12.
        rf"\bwho(?:'s| is| was| has just turned) (?:just |only |now )?(?P<n>{_N})(?: ?(?P<unit>{_UNIT})\b)?(?=$|[.,;)]| (?:and|but|when|with)\b)",
        r"\bat (?P<n>thirteen|fourteen|fifteen|sixteen|seventeen)\b(?! (?:weeks|months|hundred|o'clock|stone))",
        rf"(?<=[a-z]), (?:(?P<first>{_N}) to )?(?P<n>{_N})(?: and (?:a )?half)?(?=[.,;)](?!\d)|$)",
        # 20 months. As a note by itself
        rf"(?:^|[.;!?] )(?P<n>{_N}) (?P<unit>{_UNIT})(?: old)?(?=[.,;]|$)",
        # 14. Police say ...; Fourteen and pregnant; two older ones (4, 7)
        r"(?<=[a-z] )at (?P<n>[2-9])(?=[.,;]|$)",
        r"(?:^|[.;!?] )(?P<n>1[0-7]|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen)(?=[.,]| and\b)",
        rf"[a-z\d] \((?P<n>{_N})(?: ?(?P<unit>{_UNIT})\b)?{_MORE}\)",
        # 8/12, 3/52: months and weeks as notes have them
        r"(?<![\d/])(?P<n>\d{1,2})/(?P<unit>12|52)(?![\d/])",
        # F15, 15F, 14M
        r"\b[fm](?P<n>1?\d)\b|\b(?P<also>1?\d)[fm]\b",
    )
)
_YEAR_GROUP = re.compile(
    rf"(?<!the )\b(?:school )?(?:year|yr|y|blwyddyn)[ -]?(?P<n>{_N})\b(?![ -]?(?:old|ago|of|plan))"
)
_UNBORN = re.compile(r"\b(?:unborn|pre-?birth|heb ei eni)\b")
_PREGNANT = re.compile(
    r"\b(?:\d\d? weeks? (?:of pregnancy|pregnant|gestation)|months pregnant|pregnant|expecting|the bump)\b"
)
_WORDS = (
    # What a word tells where no number does; `loose` ones are said of older children too.
    (re.compile(r"\b(?:new-?borns?|neonate|just born|newydd-anedig)\b"), ("under_1",), False),
    (re.compile(r"\b(?:toddlers?|pre-?school(?:er|ers)?|nursery age)\b"), ("1_5",), False),
    (re.compile(r"\b(?:in reception|reception (?:class|year|age|child))\b"), ("1_5",), False),
    (re.compile(r"\b(?:primary[ -](?:school|age)(?:d)?|infant school|junior school)\b"), ("6_10",), False),
    (re.compile(r"\b(?:secondary[ -](?:school|age)(?:d)?|high school|comprehensive)\b"), ("11_15",), False),
    (re.compile(r"\b(?:sixth[ -]form(?:er)?|6th form|a-?levels?)\b"), ("16_17",), False),
    (_UNBORN, ("under_1",), False),
    (re.compile(r"\b(?:(?:born|delivered) at \d\d weeks|pre-?mature|pre-?term|neonatal|nicu|nnu|scbu)\b"), ("under_1",), True),
    (_PREGNANT, ("under_1",), True),
    (
        re.compile(rf"\b(?:teen-?agers?|teen-?aged?|teens?|adolescents?|arddegau)\b(?! {_ADULT}\b| pregnan)(?<!carer's teenage)(?<!neighbour's teenage)(?<!partner's teenage)"),
        ("11_15", "16_17"),
        False,
    ),
    (re.compile(r"(?<!unborn )\b(?:baby|babies|infants?|babi)\b(?!'s (?:father|dad)| (?:brother|sister|sitter|father))"), ("under_1",), True),
)  # fmt: skip


def bands_told(text: str) -> tuple[str, ...]:
    """The age bands (codes of `age_band`) of the children in a description, youngest first; ages of adults are none."""
    lowered = " ".join(text.lower().replace("’", "'").split())
    found = {band for months in _months(lowered) if (band := _band(months))}
    for words, bands, loose in _WORDS:
        if words.search(lowered) and not found & set(bands) and not (loose and found):
            found |= set(bands)
    return tuple(band for band in AGE_BANDS if band in found)


def is_unborn(text: str) -> bool:
    """True where the only child of a description is not born yet: it is compared with infants."""
    lowered = " ".join(text.lower().replace("’", "'").split())
    if _UNBORN.search(lowered):
        return not any(True for _ in _months(lowered))
    return bool(_PREGNANT.search(lowered)) and not bands_told(_PREGNANT.sub(" ", lowered))


def _months(text: str) -> Iterator[int]:
    for form in _FORMS:
        for match in form.finditer(text):
            told = match.groupdict()
            if _of_an_adult(told.get("whose"), told.get("holder")):
                continue
            more = re.findall(_N, told.get("more") or "")
            for n in (told.get("n") or told.get("also"), told.get("first"), *more):
                if n:
                    yield _in_months(n, told.get("unit"))
    for match in _YEAR_GROUP.finditer(text):
        year = _NUMBERS.get(match["n"]) or int(match["n"])
        if 1 <= year <= 13:
            yield from ((year + 4) * 12, (year + 5) * 12)


def _of_an_adult(whose: str | None, holder: str | None) -> bool:
    """True when the noun that an age stands with names an adult: "19 year old mum", "mum's partner aged 24"."""
    after = re.search(rf"\b(?:{_ADULT}|{_CHILD})\b", whose or "")
    before = re.findall(rf"\b(?:{_ADULT}|{_CHILD})\b", holder or "")
    said = after[0] if after else before[-1] if before else ""
    return bool(said and re.fullmatch(_ADULT, said))


def _in_months(number: str, unit: str | None) -> int:
    n = _NUMBERS.get(number) or int(number)
    unit = unit or "years"
    if unit.startswith(("d", "w")):
        return 0
    return (
        n
        if unit.startswith(("mo", "mt", "mn", "mis")) or unit == "12"
        else 0
        if unit == "52"
        else n * 12
    )


def _band(months: int) -> str | None:
    years = months // 12
    return next((b for b, (first, last) in AGE_BANDS.items() if first <= years <= last), None)
