"""Which harm befell the child, and from whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import lru_cache

from casereviews.repository.describing.case.sentences import SELF_DIRECTED, CaseSentence, owner
from casereviews.repository.describing.text.boilerplate import HARMS_OF_A_LIST, is_negated
from casereviews.repository.describing.text.phrases import PhraseFinder
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

# A harm of the case needs more than a mention: a telling sentence in the abstract, summary, facts or opening.
LEAST = 2.0
SHARE = 0.3  # of the score of the strongest harm

_WHO = {
    "both_parents": r"(?:both (?:his |her |their )?parents|(?:his|her|their|the) parents|parents|mother and (?:his |her |the )?father|father and (?:his |her |the )?mother)",
    "mothers_partner": r"(?:(?:his |her |their |the )?mother's (?:new |then |ex |male |former )?(?:partner|boyfriend)|step ?father|stepfather|step dad)",
    "fathers_partner": r"(?:(?:his |her |their |the )?father's (?:new |then |ex |former )?(?:partner|girlfriend)|step ?mother)",
    "mother": r"(?:(?:his|her|their|the|baby's|child's|a) )?(?:own |birth )?(?:mother|mum)(?!'s)",
    "father": r"(?:(?:his|her|their|the|baby's|child's|a) )?(?:own |birth )?(?:father|dad)(?!'s)",
    "sibling": r"(?:(?:his|her|their|an?|the) )?(?:older |younger |half |step |elder )*(?:brother|sister|sibling)",
    "relative": r"(?:(?:his|her|their|an?|the) )?(?:maternal |paternal )?(?:uncle|aunt|grandfather|grandmother|grandparents?|cousin|relative|family member)",
    "carer_adopter": r"(?:(?:his|her|their|an?|the) )?(?:prospective )?(?:foster (?:carer|father|mother|parent)s?|adopt(?:er|ive (?:parent|mother|father))s?|carers?|special guardians?|childminder)",
    "position_of_trust": r"(?:(?:his|her|their|an?|the) )?(?:nursery worker|teacher|teaching assistant|coach|priest|vicar|youth worker|care worker|residential worker|member of staff|staff member|nurse|tutor|head ?teacher|scout leader)",
    "peer": r"(?:(?:an?|the|other|another|his|her|their) )?(?:peers?|pupils?|school friend|another (?:child|young person|boy|girl|resident)|other (?:children|young people|boys|girls)|fellow (?:pupil|resident)|classmates?)",
    "gang": r"(?:(?:an?|the|rival|other) )?(?:gangs?|gang members?|organised (?:crime )?groups?|county lines (?:gang|network)|group of (?:men|males|youths|adults|young people)|older (?:males|men)|drug dealers)",
    "stranger": r"(?:an? )?(?:stranger|unknown (?:man|male|person|assailant))",
    "animal": r"(?:(?:an?|the|his|her|their|family) )?(?:\w+ )?(?:dog|dogs)",
}
_DID = r"(?:murdered|killed|assaulted|injured|abused|shaken|neglected|harmed|poisoned|smothered|suffocated|drowned|beaten|raped|exploited|groomed|stabbed|attacked|bitten|mauled|strangled|starved|hit|punched|thrown|trafficked|inflicted|caused|perpetrated|committed|administered|burned|burnt|scalded|overlain|fabricated|induced)"
_GUILT = r"(?:(?:was|were|has been|have been|is|later|subsequently|being|had been) ?(?:also |both |later |subsequently |since )?(?:convicted|found guilty|charged|sentenced|imprisoned|jailed|arrested|prosecuted)|pleaded guilty|admitted|confessed|(?:had )?(?:killed|murdered|assaulted|shook|shaken|injured|smothered|stabbed|abused|poisoned|attacked|beat|strangled|drowned|raped|starved|exaggerated|fabricated|induced))"
_BY = {
    code: re.compile(rf"\b{_DID}(?: \w+){{0,4}}? by (?:[\w']+ ){{0,2}}?{who}\b")
    for code, who in _WHO.items()
}
_GUILTY = {
    code: re.compile(
        rf"\b{who}(?:,? (?:who|and|then|had|has|later|both|of|from|\w+)){{0,3}}? {_GUILT}\b"
    )
    for code, who in _WHO.items()
}
_GUILT_WORDS = re.compile(rf"\b{_GUILT}\b")
_JOINT = re.compile(
    r"\bby (?:his |her |their |the )?mother (?:and|or) (?:her|his|the|mother's) (?:new |then )?(?:partner|boyfriend)\b|\bmother and (?:her|stepfather|mother's) (?:\w+ )?(?:partner|boyfriend)?\b[^.]{0,30}\b(?:convicted|guilty|charged|sentenced)"
)
_SELF = re.compile(
    r"\b(?:suicide|took (?:his|her|their) own li(?:fe|ves)|hanged (?:himself|herself)|self inflicted|ended (?:his|her|their) (?:own )?li(?:fe|ves)|(?:his|her|their) own hand)\b"
)
_ANIMAL = re.compile(
    r"\b(?:dog (?:attack|bite)|(?:attacked|killed|bitten|mauled) by (?:\w+ ){0,5}dogs?|dangerous dog|pit ?bull)\b"
)
_UNKNOWN = re.compile(
    r"\b(?:perpetrator|person responsible|who (?:caused|inflicted)|cause of the injur\w+)[^.]{0,40}\b(?:not (?:been )?(?:identified|known|established|determined)|unknown|could not be)\b|\b(?:nobody|no one|no person|no individual) (?:has been|was) (?:charged|convicted|prosecuted)\b"
)


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
    for sentence in sentences:
        if sentence.general:
            continue
        hits = finder.find(sentence.folded, sentence.printed, _same)
        kinds = {hit.theme for hit in hits if not hit.faint}
        if len(kinds) >= HARMS_OF_A_LIST and sentence.place != "abstract":
            continue
        for hit in hits:
            if is_negated(sentence.folded, hit.start, hit.end):
                continue
            if ids[hit.theme] in SELF_DIRECTED and owner(sentence.folded, hit.start) == "other":
                continue
            weight = sentence.weight * (0.5 if hit.weak else 1.0)
            harm = ids[hit.theme]
            scores[harm] += weight / (1 + 0.5 * scores[harm])
            if harm not in best or weight > best[harm][0]:
                best[harm] = (weight, sentence, sentence.folded[hit.start : hit.end])
    if not scores:
        return ()
    needed = max(LEAST, SHARE * max(scores.values()))
    told = sorted(
        (harm for harm in scores if scores[harm] >= needed), key=lambda harm: -scores[harm]
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
        if is_negated(sentence.folded, match.start(), match.end()):
            return
        weight = sentence.weight * factor
        if code not in found or weight > found[code][0]:
            found[code] = (weight, sentence, match[0])

    for sentence in sentences:
        folded = sentence.folded
        if match := _JOINT.search(folded):
            note("mother", sentence, match, 1.0)
            note("mothers_partner", sentence, match, 1.0)
            continue
        for patterns, factor in ((_BY, 1.0), (_GUILTY, 0.8)):
            if (" by " not in folded) if patterns is _BY else not _GUILT_WORDS.search(folded):
                continue
            for code, pattern in patterns.items():
                if match := pattern.search(folded):
                    note(code, sentence, match, factor)
                    break
        for code, pattern in (("self", _SELF), ("animal", _ANIMAL), ("unknown", _UNKNOWN)):
            if match := pattern.search(folded):
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
    """Fact `fatal_class` or `serious_harm_class` (VOCABULARY 3.4) where the one strongest harm settles it, derived."""
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
