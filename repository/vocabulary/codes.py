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
}

_LABELS: Mapping[str, Mapping[str, str]] = {
    "review_type": REVIEW_TYPES,
    "document_role": DOCUMENT_ROLES,
    "label_kind": LABEL_KINDS,
    "language": {"en": "English", "cy": "Welsh", "bilingual": "bilingual"},
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
