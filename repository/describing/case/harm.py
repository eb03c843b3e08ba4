"""Which harm befell the child, and from whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache

from casereviews.repository.describing.case.cast import OTHER
from casereviews.repository.describing.case.sentences import SELF_DIRECTED, CaseSentence
from casereviews.repository.describing.standing import (
    HARMS_OF_A_LIST,
    is_denied,
    is_of_own_childhood,
    means_another_thing,
)
from casereviews.repository.describing.text.phrases import PhraseFinder
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary import PACKAGED, Vocabulary
from casereviews.repository.vocabulary.rules import load_rules

# A harm of the case needs more than a mention: a telling sentence in the abstract, summary, facts or opening.
LEAST = 2.0
SHARE = 0.3  # of the score of the strongest harm
SHORT = 5  # sentences of a text in which nothing is named in passing, weak words neither

# Its weak words are people ("teacher"), who are in most reports and harm nobody.
NAMED_BY_PEOPLE = frozenset({"harm_position_of_trust"})

SOURCES = load_rules("harm_sources")
_TOLD = load_rules("harm_circumstances")
_DID, _GUILT = _TOLD["did"].words, _TOLD["guilt"]


@cache
def _by() -> Mapping[str, re.Pattern[str]]:
    """What finds, for each source of harm, that it was done by it."""
    done = rf"\b{_DID}(?: \w+){{0,4}}? by (?:[\w']+ ){{0,2}}?"
    return {rule.code: re.compile(rf"{done}{rule.words}\b") for rule in SOURCES}


@cache
def _guilty() -> Mapping[str, re.Pattern[str]]:
    """What finds, for each source of harm, that it was found guilty or confessed."""
    guilt = rf"(?:,? \w+){{0,3}}? {_GUILT.words}\b"
    return {rule.code: re.compile(rf"\b{rule.words}{guilt}") for rule in SOURCES}


@lru_cache(maxsize=2)
def _harm_finder(vocabulary: Vocabulary) -> tuple[tuple[str, ...], PhraseFinder]:
    themes = [theme for theme in vocabulary.themes if theme.group == "harm_type"]
    return tuple(theme.id for theme in themes), PhraseFinder(themes, vocabulary)


def harm_facts(
    sentences: Sequence[CaseSentence], vocabulary: Vocabulary = PACKAGED
) -> tuple[Fact, ...]:
    """Facts `harm` (ids of the vocabulary's themes of the group harm_type), strongest first."""
    ids, finder = _harm_finder(vocabulary)
    scores: dict[str, float] = defaultdict(float)
    best: dict[str, tuple[float, CaseSentence, str]] = {}
    sure: set[str] = set()
    short = len(sentences) <= SHORT
    for sentence in sentences:
        if sentence.general or not sentence.of_the_case:
            continue
        hits = finder.find(sentence.folded, sentence.printed, _same)
        kinds = {hit.theme for hit in hits if not hit.faint}
        if len(kinds) >= HARMS_OF_A_LIST and sentence.place != "abstract":
            continue
        for hit in hits:
            if is_denied(sentence.folded, hit.start, hit.end) or means_another_thing(
                ids[hit.theme], sentence.folded, hit.last, hit.end
            ):
                continue
            if is_of_own_childhood(sentence.folded):
                continue
            if ids[hit.theme] in SELF_DIRECTED and sentence.owner(hit.start) == OTHER:
                continue
            weight = sentence.weight * (0.5 if hit.faint or (hit.weak and not short) else 1.0)
            harm = ids[hit.theme]
            if harm not in NAMED_BY_PEOPLE or not hit.weak or short or sentence.place == "abstract":
                sure.add(harm)
            scores[harm] += weight / (1 + 0.5 * scores[harm])
            if harm not in best or weight > best[harm][0]:
                best[harm] = (weight, sentence, sentence.folded[hit.start : hit.end])
    if not scores:
        return ()
    needed = max(LEAST, SHARE * max(scores.values()))
    told = sorted(
        (harm for harm in scores if harm in sure and scores[harm] >= needed),
        key=lambda harm: -scores[harm],
    )
    return tuple(
        best[harm][1].fact(
            "harm", harm, best[harm][2], 0.4 + 0.1 * scores[harm], "harm phrase of the case"
        )
        for harm in told
    )


def _same(offset: int) -> int:
    return offset


def source_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Facts `source_of_harm`: by whom, from "killed by", convictions and admissions; () when unsaid."""
    found: dict[str, tuple[float, CaseSentence, str]] = {}

    def note(code: str, sentence: CaseSentence, match: re.Match[str], factor: float) -> None:
        if is_denied(sentence.folded, match.start(), match.end()):
            return
        weight = sentence.weight * factor
        if code not in found or weight > found[code][0]:
            found[code] = (weight, sentence, match[0])

    for sentence in sentences:
        folded = sentence.folded
        if match := _TOLD["mother_and_partner"].search(folded):
            note("mother", sentence, match, 1.0)
            note("mothers_partner", sentence, match, 1.0)
            continue
        for patterns, factor in ((_by, 1.0), (_guilty, 0.8)):
            if (" by " not in folded) if patterns is _by else not _GUILT.fits(folded):
                continue
            for code, pattern in patterns().items():
                if match := pattern.search(folded):
                    note(code, sentence, match, factor)
                    break
        for code in ("self", "animal", "unknown"):
            if match := _TOLD[code].search(folded):
                note(code, sentence, match, 0.7)
    if not found:
        return ()
    strongest = max(weight for weight, _, _ in found.values())
    kept = [code for code in found if found[code][0] >= max(1.0, 0.5 * strongest)]
    kept.sort(key=lambda code: -found[code][0])
    return tuple(
        found[code][1].fact(
            "source_of_harm", code, found[code][2], 0.4 + 0.08 * found[code][0], "by whom"
        )
        for code in kept
    )


_SAFE_FATAL: tuple[tuple[str, Callable[[set[str]], bool]], ...] = (
    (
        "5",
        lambda harms: bool(
            harms & {"harm_suicide_self_harm", "harm_sudi", "harm_accident_ingestion"}
        ),
    ),
    ("2", lambda harms: bool(harms & {"harm_abusive_head_trauma", "harm_physical_abuse"})),
)
_SERIOUS = {
    "harm_abusive_head_trauma": "physical_abuse",
    "harm_physical_abuse": "physical_abuse",
    "harm_infant_bruising": "physical_abuse",
    "harm_neglect": "neglect",
    "harm_medical_neglect": "neglect",
    "harm_csa_family": "sexual_abuse_in_family",
    "harm_cse": "cse",
    "harm_youth_violence": "risk_taking_youth",
    "harm_hsb": "risk_taking_youth",
}


def class_facts(outcome: str | None, harms: Sequence[Fact]) -> tuple[Fact, ...]:
    """Fact `fatal_class` or `serious_harm_class` where the one strongest harm settles it, derived.

    The classes are those in which the national analyses of serious case reviews count deaths and serious harm.
    """
    if not harms:
        return ()
    first = harms[0]
    if outcome == "death":
        for code, fits in _SAFE_FATAL:
            if fits({first.value}) and len(harms) == 1:
                return (_derived("fatal_class", code, first),)
    if outcome == "serious_harm" and first.value in _SERIOUS:
        return (_derived("serious_harm_class", _SERIOUS[first.value], first),)
    return ()


def _derived(field: str, value: str, basis: Fact) -> Fact:
    return Fact(
        field, value, basis.raw, "derived", 0.5, basis.page, basis.evidence, "from outcome and harm"
    )
