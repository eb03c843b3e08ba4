"""Code lists: the values a field may take, with the words people read for each.

docs/DATA.md lists them. Form says what kind of paper it is, content what the case is about. A field that is not listed here holds free text, a date or a number.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping

from casereviews.repository.model import AVAILABILITY

_MARKS = re.compile("['’]")
_WORDS = re.compile(r"[^\W_]+")

REVIEW_TYPES: Mapping[str, str] = {
    "scr": "Serious Case Review",
    "lcspr": "Local Child Safeguarding Practice Review",
    "national_review": "National review (Panel)",
    "rapid_review": "Rapid review",
    "cpr": "Child Practice Review (Wales)",
    "cpr_concise": "Concise Child Practice Review (Wales)",
    "cpr_extended": "Extended Child Practice Review (Wales)",
    "susr": "Single Unified Safeguarding Review (Wales)",
    "scr_scotland": "Significant Case Review (Scotland)",
    "icr": "Initial Case Review (Scotland)",
    "learning_review_scotland": "Learning Review (Scotland)",
    "cmr": "Case Management Review (Northern Ireland)",
    "learning_review": "Learning review (non-statutory)",
    "thematic_review": "Thematic review",
    "part8": "Part 8 review",
    "inquiry": "Independent inquiry",
    "dhr": "Domestic Homicide Review",
    "sar": "Safeguarding Adults Review",
    "apr": "Adult Practice Review (Wales)",
}

ADULT_TYPES = frozenset({"dhr", "sar", "apr"})

# Reviews a law or statutory guidance requires; learning_review is every kind that boards hold of their own will.
STATUTORY_TYPES = frozenset(
    {
        "scr",
        "lcspr",
        "national_review",
        "rapid_review",
        "cpr",
        "cpr_concise",
        "cpr_extended",
        "susr",
        "cmr",
        "part8",
        "dhr",
        "sar",
        "apr",
    }
)

DOCUMENT_ROLES: Mapping[str, str] = {
    "overview_report": "Overview report",
    "executive_summary": "Executive summary",
    "briefing": "Briefing",
    "learning_summary": "Learning summary",
    "action_plan": "Action plan",
    "response": "Board response",
    "poster": "Poster or infographic",
    "easy_read": "Easy read",
    "appendix": "Appendix",
    "statement": "Press or media statement",
    "other": "Other",
}
# A file whose role nobody says is mostly the report itself: summaries and briefings say what they are.
REPORT_FIRST = ("overview_report", None, "executive_summary", "learning_summary", "briefing")

LABEL_KINDS: Mapping[str, str] = {
    "letter": "Letter",
    "code": "Code",
    "pseudonym": "Pseudonym",
    "real_name": "Real name",
    "family": "Family",
    "siblings": "Siblings",
    "group": "Group",
    "setting": "Setting",
    "operation": "Operation",
    "quotation": "Quotation or theme",
    "none": "None",
}

NATIONS = (
    "England",
    "Wales",
    "Scotland",
    "Northern Ireland",
    "Jersey",
    "Guernsey",
    "Isle of Man",
    "UK-wide",
)

# Bands of age as Panel reports have them, with their first and last year.
AGE_BANDS: Mapping[str, tuple[int, int]] = {
    "under_1": (0, 0),
    "1_5": (1, 5),
    "6_10": (6, 10),
    "11_15": (11, 15),
    "16_17": (16, 17),
}

MARK_STAGES = ("title_abstract", "full_text")
_MARK_DECISIONS = ("include", "exclude", "maybe", "conflict")

CODES: Mapping[str, tuple[str, ...]] = {
    "review_type": tuple(REVIEW_TYPES),
    "document_role": tuple(DOCUMENT_ROLES),
    "label_kind": tuple(LABEL_KINDS),
    "nation": NATIONS,
    "scope": ("child", "adult", "both", "not_a_review"),
    "statutory": ("yes", "no", "unknown"),
    "precision": ("day", "month", "year"),
    "language": ("en", "cy", "bilingual"),
    "outcome": ("death", "serious_harm", "other", "good_practice"),
    "age_band": tuple(AGE_BANDS),
    "sex": ("girl", "boy", "mixed", "other", "not_stated"),
    "known_to_services": (
        "universal_only",
        "early_help",
        "social_care",
        "closed",
        "unknown",
    ),
    "availability": AVAILABILITY,
    "parallel_process": (
        "criminal_trial",
        "inquest",
        "care_proceedings",
        "dhr",
        "sar",
        "other",
    ),
    "mark": (
        *_MARK_DECISIONS,
        *(f"{stage}_{decision}" for stage in MARK_STAGES for decision in _MARK_DECISIONS),
    ),
}

_LABELS: Mapping[str, Mapping[str, str]] = {
    "review_type": REVIEW_TYPES,
    "document_role": DOCUMENT_ROLES,
    "label_kind": LABEL_KINDS,
    "language": {"en": "English", "cy": "Welsh", "bilingual": "bilingual"},
    "age_band": {
        code: "under 1" if last == 0 else f"{first}–{last}"
        for code, (first, last) in AGE_BANDS.items()
    },
    "known_to_services": {
        "universal_only": "universal services only",
        "early_help": "early help",
        "social_care": "social care",
        "closed": "closed to social care",
        "unknown": "unknown",
    },
    "parallel_process": {
        "criminal_trial": "criminal trial",
        "inquest": "inquest",
        "care_proceedings": "care proceedings",
        "dhr": REVIEW_TYPES["dhr"],
        "sar": REVIEW_TYPES["sar"],
        "other": "other",
    },
}

# Fields of free text for which the rules write these words; a correction may write others, which are read as they stand.
TEXT_LABELS: Mapping[str, Mapping[str, str]] = {
    "plan_status": {
        "none": "no plan",
        "early_help": "early help",
        "child_in_need": "child in need",
        "enquiry": "section 47 enquiry",
        "child_protection_plan": "child protection plan",
        "public_law_outline": "public law outline",
        "s20": "section 20",
        "care_order": "care order",
        "looked_after": "looked after",
        "compulsory_supervision": "compulsory supervision",
        "special_guardianship": "special guardianship",
        "adoption": "adoption",
        "care_leaver": "care leaver",
    },
    "living_where": {
        "with_parents": "with parents",
        "one_parent": "with one parent",
        "relatives": "with relatives",
        "foster_care": "foster care",
        "residential": "residential care",
        "semi_independent": "semi-independent",
        "custody": "custody",
        "hospital": "hospital",
        "adoptive_home": "adoptive home",
        "temporary_housing": "temporary housing",
        "own_home": "own home",
    },
    "school_status": {
        "in_school": "in school",
        "irregular_attendance": "irregular attendance",
        "excluded": "excluded",
        "part_time_timetable": "part-time timetable",
        "alternative_provision": "alternative provision",
        "home_educated": "home educated",
        "missing_education": "missing education",
        "below_school_age": "below school age",
        "post_16": "post-16",
    },
    "source_of_harm": {
        "mother": "mother",
        "father": "father",
        "both_parents": "both parents",
        "mothers_partner": "mother's partner",
        "fathers_partner": "father's partner",
        "sibling": "sibling",
        "relative": "other relative",
        "carer_adopter": "carer or adopter",
        "position_of_trust": "person in a position of trust",
        "peer": "peer",
        "gang": "gang or group",
        "stranger": "stranger",
        "self": "the child",
        "animal": "animal",
        "unknown": "unknown",
    },
    "fatal_class": {
        "2": "2 (severe physical assault)",
        "5": "5 (death related to maltreatment)",
    },
    "serious_harm_class": {
        "physical_abuse": "physical abuse",
        "neglect": "neglect",
        "sexual_abuse_in_family": "sexual abuse in the family",
        "cse": "child sexual exploitation",
        "risk_taking_youth": "risk-taking young person",
    },
    "circumstance": {
        "licence": "a driving licence",
        "parent": "a parent",
        "employed": "at work",
        "university": "at university",
        "adult": "an adult's life",
        "alive": "lives on",
    }
    | {f"school_year_{year}": f"in Year {year}" for year in range(1, 14)},
    "methodology": {
        "scie_learning_together": "SCIE Learning Together",
        "silp": "SILP",
        "welsh_model": "Welsh model",
        "root_cause_analysis": "root cause analysis",
        "appreciative_inquiry": "appreciative inquiry",
        "hybrid_systems": "hybrid systems",
        "imr_chronology": "IMRs and chronology",
        "part8": "Part 8",
    },
}


def labels_of(codes: str) -> Mapping[str, str]:
    """The codes of a list and what people call them. Raises KeyError for a list that there is not."""
    return _LABELS.get(codes) or {code: code.replace("_", " ") for code in CODES[codes]}


def plain_name(text: str) -> str:
    """A code or label without differences of case, accents, apostrophes and what parts words: "A child’s fear" is `a_childs_fear`."""
    letters = unicodedata.normalize("NFKD", _MARKS.sub("", text)).casefold()
    return "_".join(
        _WORDS.findall("".join(one for one in letters if not unicodedata.combining(one)))
    )


def nearest(word: str, choices: tuple[str, ...] | list[str]) -> str | None:
    """The choice most like `word`, for error messages; None when nothing is near."""
    return next(iter(close_to(word, choices)), None)


def close_to(word: str, choices: tuple[str, ...] | list[str], most: int = 1) -> list[str]:
    """Up to `most` choices like `word`, the most like first; a choice that is `word` but for case and spaces alone."""
    folded = word.strip().lower().replace("-", "_").replace(" ", "_")
    lowered = {choice.lower().replace(" ", "_"): choice for choice in choices}
    if folded in lowered:
        return [lowered[folded]]
    close = difflib.get_close_matches(folded, list(lowered), n=most, cutoff=0.5)
    return [lowered[one] for one in close]
