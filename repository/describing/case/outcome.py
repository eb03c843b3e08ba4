"""What happened to the child of the review: death, serious harm, something else, or good practice to learn from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casereviews.repository.describing.case.sentences import OTHER, SUBJECT, CaseSentence
from casereviews.repository.describing.text.boilerplate import is_negated
from casereviews.repository.model import Fact

_DEATH = re.compile(
    r"\b(?:died|dies|dying|deaths?|dead|killed|killing|murder(?:ed)?|fatal(?:ly)?|took (?:his|her|their) (?:own )?(?:life|lives)"
    r"|taken (?:his|her|their) own li(?:fe|ves)|suicides?|drowned|hanged (?:himself|herself|themselves)|lost (?:his|her|their) li(?:fe|ves)|did not survive"
    r"|passed away|homicide|infanticide|filicide|neonaticide|manslaughter|sudi|sudic|stillborn|end(?:ed|ing) (?:his|her|their) (?:own )?li(?:fe|ves)"
    r"|fatality|fatalities|bereave\w+ of the child|could not be (?:revived|resuscitated)|pronounced (?:dead|life extinct)|life was pronounced extinct)\b"
)
_NOT_A_DEATH = re.compile(
    r"(?:near|non|attempted|attempt(?:s|ing)?|threat(?:s|ened|ening)?|thoughts of|risk of|potentially|not|previous|serious|earlier|attempt at|prevent(?:ion of)?|conspiracy to|wished to|wanted to) (?:be |commit |his |her |their |own |self harm and )*$"
)
_NOT_A_DEATH_AFTER = re.compile(
    r"^ (?:attempts?|ideation|threats?|risk|prevention|notes?|plans?|pacts?|thoughts|review (?:panel|process)|certificate)\b"
)
_OTHERS_DEATH = re.compile(
    rf"(?:death|suicide|murder|killing|homicide|manslaughter|loss) of (?:his|her|their|the|a|an|both|one)?(?: \w+)? ?{OTHER}\b|^(?:[^.]{{0,40}})?\b(?:{OTHER})(?:'s|s')? (?:sudden |own |recent )?(?:death|suicide|murder)\b"
)
_DIED_AFTER_OTHER = re.compile(
    rf"\b{OTHER}(?:,? \(?(?:who|had|has|also|then|later|was|were|himself|herself|suddenly|sadly|aged|\d+|years?|months?|weeks?|old|of|in))*\)?,? $"
)
_HARM = re.compile(
    r"\b(?:serious(?:ly)? (?:\w+ )?(?:harm(?:ed)?|injur\w+|ill|neglect\w*|abuse\w*)|significant(?:ly)? harm(?:ed)?|injur(?:y|ies|ed)|life (?:threatening|changing|limiting injur\w+)|near fatal|nearly died|non fatal"
    r"|fractur\w+|brain (?:injury|damage|bleed)|subdural|h(?:a)?emorrhages?|shaken|abused|exploited|neglected|assaulted|raped|trafficked|groomed|poison\w+|scalds?|scalded|burns?|burned|stabbed|shot"
    r"|survived|critically ill|critical condition|intensive care|permanent (?:disab\w+|damage)|severely (?:malnourished|underweight|injured|neglected|dehydrated)|suffered|malnourished|starv\w+|bruis\w+|attempted suicide|overdose|suicide attempt|sexual(?:ly)? (?:abuse|assault|exploit)\w*|fabricated|induced|came into care|harmed|severe (?:dehydration|malnutrition|neglect)|dehydrated|abducted|sexual relationship|kidnapped|tortured"
    r"|physical abuse|neglect|chronic neglect|emotional(?:ly)? (?:abuse|harm)\w*|female genital mutilation|witness\w* the (?:murder|killing|death|homicide))\b"
)
_OTHER = re.compile(
    rf"\bconvictions? of (?:an? |the |two )?(?:\d+ year old )?{SUBJECT}\b|\b{SUBJECT}(?: \w{{1,2}})?(?: (?:who|of|aged|\w+)){{0,4}} (?:was|were|had been) (?:later )?convicted\b"
    r"|\b(?:convicted of (?:sexual|rape|murder|manslaughter|assault|a serious)|(?:committed|perpetrated|carried out) (?:a |the |serious |sexual )?(?:\w+ )?(?:offences?|assaults?|attacks?|murder|killing)|found guilty of|posed a risk to others|harmed (?:another|others|other children)|indecent images of children on his|charged with)\b"
)
_GOOD = re.compile(
    r"\b(?:good practice review|review of good practice|appreciative inquiry(?! (?:approach|method\w*|model|principles|techniques|framework|style))|learning from good practice|example of good practice)\b"
)
_TRUSTED = 1.5  # weight of a sentence that alone may settle a death
_PARENT_GUILTY = re.compile(
    rf"\b{OTHER}\b[^.]{{0,60}}\b(?:convicted|found guilty|charged|sentenced|pleaded)\b|\b(?:convicted|found guilty|charged)\b[^.]*\b{OTHER}\b"
)


def outcome_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Fact `outcome` with its evidence; losing candidates follow with less confidence; () when nothing is told."""
    deaths = [found for sentence in sentences for found in _deaths(sentence)]
    harms = [found for sentence in sentences for found in _matches(sentence, _HARM)]
    others = [
        found
        for sentence in sentences
        for found in _matches(sentence, _OTHER)
        if not _PARENT_GUILTY.search(sentence.folded)
    ]
    good = [found for sentence in sentences for found in _matches(sentence, _GOOD)]
    facts = []
    death_score = sum(weight for weight, _, _ in deaths)
    harm_score = sum(weight for weight, _, _ in harms)
    if deaths and (
        max(weight for weight, _, _ in deaths) >= _TRUSTED or death_score >= 2 + harm_score
    ):
        facts.append(
            _fact("death", deaths, 0.6 + 0.35 * death_score / (death_score + 0.3 * harm_score))
        )
    if good and not facts and sum(weight for weight, _, _ in good) > harm_score:
        facts.append(_fact("good_practice", good, 0.6))
    if (
        others
        and not facts
        and max(weight for weight, _, _ in others) >= _TRUSTED
        and sum(weight for weight, _, _ in others) >= 0.6 * harm_score
    ):
        facts.append(_fact("other", others, 0.5))
    if harms and not facts and harm_score >= 0.9:
        facts.append(_fact("serious_harm", harms, 0.55 + 0.3 * harm_score / (harm_score + 3)))
    return tuple(facts)


def _fact(
    outcome: str, found: Sequence[tuple[float, CaseSentence, str]], confidence: float
) -> Fact:
    _, sentence, raw = max(found, key=lambda one: one[0])
    return sentence.fact("outcome", outcome, raw, confidence, "outcome words")


def _deaths(sentence: CaseSentence) -> Iterator[tuple[float, CaseSentence, str]]:
    """Words of death in a sentence that are not another person's, an attempt, a threat or denied."""
    folded = sentence.folded
    if _OTHERS_DEATH.search(folded) or _SUBJECT_CONVICTED.search(folded):
        return
    for match in _DEATH.finditer(folded):
        before, after = folded[: match.start()], folded[match.end() :]
        if before.endswith(" to ") and not match[0].startswith("death"):
            continue
        if _NOT_A_DEATH.search(before[-50:]) or _NOT_A_DEATH_AFTER.match(after):
            continue
        if _DIED_AFTER_OTHER.search(before) and not re.match(r" by\b", after):
            continue
        if is_negated(folded, match.start(), match.end()):
            continue
        yield sentence.weight, sentence, match[0]
        return


_SUBJECT_CONVICTED = re.compile(
    rf"\b{SUBJECT}\b(?:(?!\b{OTHER}\b)[^.]){{0,60}}\b(?:was|were|been) (?:later )?(?:convicted|found guilty)\b"
)


def _matches(
    sentence: CaseSentence, pattern: re.Pattern[str]
) -> Iterator[tuple[float, CaseSentence, str]]:
    match = pattern.search(sentence.folded)
    if match and not is_negated(sentence.folded, match.start(), match.end()):
        yield sentence.weight, sentence, match[0]
