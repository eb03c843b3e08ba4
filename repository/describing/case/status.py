"""Plan or legal status now and ever, where the child lived, and school."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.describing.text.boilerplate import is_negated
from casereviews.repository.model import Fact

_PLAN = (
    ("child_protection_plan", r"child protection (?:plans?|register)|cp plans?|cpp|(?:neglect|protection) plans?|(?:on|to|under|off) the (?:child protection )?register|registered under the category|were on plans|was on a plan"),
    ("care_order", r"(?:interim|full|final)? ?care orders?|\bico\b"),
    ("public_law_outline", r"public law outline|pre proceedings|\bplo\b"),
    ("s20", r"section 20|\bs20\b|section 76|voluntar(?:ily|y) accommodat\w+"),
    ("special_guardianship", r"special guardianship"),
    ("adoption", r"(?:been |was |were )adopted|adoption order|adoptive placement|placed for adoption"),
    ("care_leaver", r"care leavers?|left care"),
    ("compulsory_supervision", r"compulsory supervision|supervision requirement"),
    ("looked_after", r"looked after (?:child\w*|boy|girl|teenager|young person)?|(?:was|were|been|being|is) (?:a )?(?:looked after|in (?:local authority |foster |residential )?care)|child in care|children in care|in the care of the local authority|came into care|taken into care|foster care|foster placement"),
    ("child_in_need", r"child(?:ren)? in need|\bcin\b|section 17|\bs17\b|care and support plan"),
    ("enquiry", r"section 47|\bs47\b|child protection (?:enquir|investigat|inquir)\w+"),
    ("early_help", r"early help|common assessment framework|team around the (?:family|child)|\bcaf\b|\btaf\b"),
)  # fmt: skip
_PLANS = tuple((code, re.compile(rf"\b(?:{words})\b")) for code, words in _PLAN)
# One of these is in every sentence that a plan's words can fit: a cheap look before the patterns.
_PLAN_SIGNS = ("plan", "regist", "order", "cpp", "ico", "outline", "proceedings", "plo", "20", "76", "accommodat", "guardianship",
               "adopt", "care", "supervision", "foster", "need", "cin", "17", "47", "enquir", "investigat", "inquir", "early help",
               "framework", "team around", "caf", "taf", "looked after")  # fmt: skip
_NONE = re.compile(
    r"\b(?:not (?:previously )?known to (?:children's |the )?(?:social (?:care|services|work)|services)|no (?:previous |prior )?(?:involvement|contact) (?:with|from|of) (?:children's )?social (?:care|services)|(?:only )?universal services only|only (?:known to|received|by) universal services|neither on the (?:child protection )?register nor looked after|not on the (?:child protection )?register(?: (?:and|or|nor) (?:not )?(?:a )?looked after)?|not (?:subject to|on) (?:a|any) (?:child protection )?plan)\b"
)
_HELD = re.compile(
    r"\b(?:subject (?:to|of)|on (?:an?|the)?|on \w+ plans?|under|made (?:subject )?|placed|was|were|became|remained|had an?|had been|received|receiving|open to|supported (?:by|through)|accommodated|granted|in place|on plans|listed|register(?:ed)?|looked after|came into|taken into|had)\b"
)
_PAST = re.compile(
    r"\b(?:previous(?:ly)?|in the past|had (?:been|previously|once)|formerly|earlier|until|closed|ended|ceased|removed from|stepped (?:down|out)|no longer|discharged|history|before (?:this|that|then|the (?:birth|incident|death))|years? (?:before|earlier)|as a (?:child|baby|toddler|teenager)|for a (?:time|period)|came off|de registered|deregistered|at one (?:time|point)|once)\b"
)
_NOW = re.compile(
    r"\b(?:at the time|at the date|when (?:he|she|they|the (?:baby|child|boy|girl)|child \w|baby \w) (?:died|was (?:injured|harmed|killed|found))|at the point|when the (?:incident|death|injur\w+) (?:occurred|happened)|currently|was still|were still|remained|remains|current)\b"
)
_OTHERS_STATUS = re.compile(
    r"\b(?:mother|father|parents?|mum|partner)(?: (?:herself|himself|had|was|were|is|who|also|as))* (?:(?:been|a|in|subject to|on|looked|under|the) )*$|\b(?:older|younger|half|other|elder|previous) (?:brothers?|sisters?|siblings?|children|child)(?: (?:had|was|were|who|all|both|also))* (?:(?:been|a|in|subject to|on|looked|under|the|placed) )*$"
)

_LIVING = (
    ("foster_care", r"(?:lived|living|placed|placement|was|were|remained|moved) (?:with|in|to)? ?(?:\w+ ){0,3}(?:foster (?:care|carers?|family|placement|parents?|home))|in foster care"),
    ("residential", r"(?:lived|living|placed|placement|was|were|moved|resident) (?:in|at|to) (?:an? |the )?(?:\w+ ){0,3}(?:residential (?:home|unit|placement|care|school)|children's home)|residential (?:home|care)\b"),
    ("semi_independent", r"semi independent|supported (?:accommodation|lodgings|living)|unregulated placement|independent living unit"),
    ("custody", r"(?:in|to|from) (?:custody|a young offenders? institution|a secure training centre)|remanded (?:to|in)|was in prison aged"),
    ("hospital", r"(?:inpatient|in patient) (?:unit|ward|in)|was (?:still )?(?:in|on) (?:the )?(?:neonatal|special care|hospital|psychiatric)|never left hospital|in neonatal care|still in hospital"),
    ("adoptive_home", r"adoptive (?:home|parents|family|placement|mother|father)|prospective adopters|placed for adoption"),
    ("temporary_housing", r"temporary (?:accommodation|housing)|hostel|refuge|bed and breakfast|homeless(?:ness)? accommodation|hotel accommodation"),
    ("relatives", r"(?:lived|living|stayed|placed|cared for|was|were) (?:with|by) (?:(?:his|her|their|the|an?) )?(?:maternal |paternal )?(?:grandparents?|grandmother|grandfather|aunt|uncle|relatives?|extended family|older (?:brother|sister))|kinship care"),
    ("one_parent", r"(?:lived|living|lives) (?:alone |mainly |only )?(?:at home )?with (?:(?:his|her|their|the) )?(?:mother|father|mum|dad)(?! and (?:his |her |their |the )?(?:father|mother|dad|mum|step))|(?:mother|father) lived alone with (?:him|her|them)|single (?:mother|parent|father)"),
    ("with_parents", r"(?:lived|living|lives) (?:at home )?with (?:(?:his|her|their|both|the) )*(?:(?:birth )?parents|mother and (?:his |her |their |the )?(?:father|stepfather|step father|her partner)|family)"),
    ("own_home", r"(?:lived|living) (?:alone|independently|in (?:his|her|their) own (?:flat|home|tenancy))|own tenancy"),
)  # fmt: skip
_LIVINGS = tuple((code, re.compile(rf"\b(?:{words})\b")) for code, words in _LIVING)

_SCHOOL = (
    ("home_educated", r"home (?:educated|schooled|education|schooling)|educated at home|electively home|deregistered from school|taken out of school to be (?:taught|educated)|\behe\b"),
    ("excluded", r"excluded from (?:\w+ )?(?:school|college|education)|(?:permanent(?:ly)?|fixed term) exclu\w+|school exclusions?|was excluded|been excluded|expelled"),
    ("part_time_timetable", r"(?:part time|reduced) (?:school )?(?:time ?table|hours)"),
    ("alternative_provision", r"alternative (?:education )?provision|pupil referral unit|\bpru\b|short stay school"),
    ("missing_education", r"missing (?:from )?education|without a school place|no school place|not (?:on (?:a |the )?school roll|enrolled)|out of (?:school|education)|off rolled|not in (?:any )?(?:education|school)"),
    ("irregular_attendance", r"(?:poor|low|irregular|erratic|falling|declining|sporadic|persistent\w*) (?:school )?(?:attendance|absen\w+)|attendance (?:fell|was (?:poor|low|\d\d?%|below)|dropped|declined)|school refus\w+|stopped (?:going to|attending) school|rarely (?:attended|went to) school|truan\w+|persistently absent"),
    ("post_16", r"sixth form|further education college|(?:attended|at|started|enrolled at) (?:a |the )?(?:local )?college|apprentic\w+|not in education,? employment or training|\bneet\b"),
    ("in_school", r"(?:attended|attends|attending|pupil at|went to|good attendance at|enjoyed) (?:an? |the |his |her |their )?(?:\w+ ){0,3}(?:school|academy)|good (?:school )?attendance|in year \d+"),
)  # fmt: skip
_SCHOOLS = tuple((code, re.compile(rf"\b(?:{words})\b")) for code, words in _SCHOOL)
_SCHOOL_AGE_FROM = 48  # months


def plan_facts(sentences: Sequence[CaseSentence]) -> tuple[Fact, ...]:
    """Facts plan_status_now and plan_status_ever; what is held now was also held ever."""
    now: dict[str, Fact] = {}
    ever: dict[str, Fact] = {}
    for sentence in sentences:
        folded = sentence.folded
        if match := _NONE.search(folded):
            now.setdefault("none", _status(sentence, "plan_status_now", "none", match[0], 0.55))
            continue
        if not any(word in folded for word in _PLAN_SIGNS) or not _HELD.search(folded):
            continue
        for code, pattern in _PLANS:
            match = pattern.search(folded)
            if not match or is_negated(folded, *match.span()):
                continue
            if _OTHERS_STATUS.search(folded[: match.start()]):
                continue
            past = bool(_PAST.search(folded)) and not _NOW.search(folded)
            ever.setdefault(code, _status(sentence, "plan_status_ever", code, match[0], 0.6))
            if not past and sentence.weight >= 1.0:
                sure = 0.7 if _NOW.search(folded) else 0.5
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
    return _first(sentences, "living_where", _LIVINGS)


def school_facts(sentences: Sequence[CaseSentence], age_months_max: int | None) -> tuple[Fact, ...]:
    """Facts school_status; below_school_age is derived from the age when no words tell of school."""
    if age_months_max is not None and age_months_max < _SCHOOL_AGE_FROM:
        return (
            Fact(
                "school_status",
                "below_school_age",
                str(age_months_max),
                "derived",
                0.8,
                rule="from the age",
            ),
        )
    return _first(sentences, "school_status", _SCHOOLS)


def _first(
    sentences: Sequence[CaseSentence], field: str, patterns: Sequence[tuple[str, re.Pattern[str]]]
) -> tuple[Fact, ...]:
    """The code whose words stand in the weightiest sentence, earlier codes first."""
    best: tuple[float, CaseSentence, str, str] | None = None
    for sentence in sentences:
        if best is not None and sentence.weight <= best[0]:
            continue
        for code, pattern in patterns:
            match = pattern.search(sentence.folded)
            if match and not is_negated(sentence.folded, *match.span()):
                best = (sentence.weight, sentence, code, match[0])
                break
    if best is None:
        return ()
    weight, sentence, code, raw = best
    return (sentence.fact(field, code, raw, 0.45 + 0.06 * weight, "status words"),)
