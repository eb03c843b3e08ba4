"""Labels that are letters or a code without a noun: "EN12", "AB3 – briefing", "Review K".

What letters mean depends on where they stand: beside a type any letter but an acronym of the field may be a case, beside a role or
after "review" only what is no everyday abbreviation, and alone only letters with a number.
"""

from __future__ import annotations

import re

from casereviews.repository.describing.titles.case_names import acronyms, first_names
from casereviews.repository.describing.titles.label_nouns import kind_of
from casereviews.repository.describing.titles.labels import MASK, LabelMention
from casereviews.repository.vocabulary.rules import load_rules

_RULES = load_rules("label_words")
_SMALL = frozenset(_RULES["small"].phrases)
_NUMBERED = frozenset(_RULES["numbered"].phrases)
_NO_CODE = _RULES["abbreviation"]
_ALNUM_CODE = re.compile(r"(?<![\w/-])(?![VQST]\d{1,2}\b)[A-Z]{1,4}\d{2}(?:\(\d{1,2}\))?(?![\w/-])")
_SHORT_CODE = re.compile(r"(?!V\d)[A-Z]{1,3}\d{0,2}|[B-DF-HJ-NP-TV-Z][b-df-hj-np-tv-z]")
_CODES = r"[A-Z]{1,2}\d{0,2}"
# "Review K", "The case review of K and L": what a review is called that says no type.
_OF_REVIEW = re.compile(
    rf"(?:^|[{MASK}–:;|(])\s*(?:(?i:{_RULES['review_before'].words})\s+)*(?i:review)(?:\s+of\s+|\s*[–:]\s*|\s+)"
    rf"(?P<codes>{_CODES}(?:\s*(?:,|&|/|\band\b)\s*{_CODES})*)(?=\s*(?:$|[{MASK}–:;|,()]))"
)
# The papers of a review that nothing else has.
_PAPERS_OF_REVIEWS = frozenset({"overview_report", "executive_summary", "action_plan"})


def find_codes(text: str) -> list[LabelMention]:
    """Codes that letters and two digits make ("EN12", "SOT12(1)"), wherever they stand."""
    found = []
    for match in _ALNUM_CODE.finditer(text):
        code = match.group(0)
        if re.sub(r"\d.*", "", code) not in _NUMBERED:
            found.append(LabelMention(match.start(), match.end(), code, "code"))
    return found


def find_codes_before(text: str, first: LabelMention) -> list[LabelMention]:
    """Codes in one list with a label that follows them: the AG and AI of "AG / AI / Case R"."""
    run = re.search(r"(?<![\w/])(?:[A-Z]{1,3}\d?\s*(?:,|/|&|\band\b)\s*)+$", text[: first.start])
    if run is None:
        return []
    codes = list(re.finditer(r"[A-Z]{1,3}\d?(?![\w])", run.group(0)))
    return [
        LabelMention(
            run.start() + match.start(), run.start() + match.end(), match.group(0), "letter"
        )
        for match in codes
        if match.group(0) not in acronyms() and len(match.group(0)) <= 2
    ]


def find_codes_of_reviews(text: str) -> list[LabelMention]:
    """The letters after a bare "review": the K of "Review K", the K and L of "Case review: K and L"."""
    said = _OF_REVIEW.search(text)
    codes = list(re.finditer(_CODES, said["codes"])) if said else []
    if said is None or any(not _is_no_abbreviation(code[0]) for code in codes):
        return []
    at = said.start("codes")
    return [
        LabelMention(at + code.start(), at + code.end(), code[0], kind_of(code[0]))
        for code in codes
    ]


def find_short_code(text: str) -> list[LabelMention]:
    """A title that is nothing but a code: "Bk", "AB3"."""
    match = re.fullmatch(r"\s*([B-DF-HJ-NP-TV-Z][b-df-hj-np-tv-z]|[A-Z]{2}\d?)\s*", text)
    if match is None or not _is_no_abbreviation(match.group(1)):
        return []
    return [LabelMention(match.start(1), match.end(1), match.group(1), kind_of(match.group(1)))]


def is_short_code(word: str) -> bool:
    """True for up to three capitals, with or without a number, and for two consonants: "AB3", "Bk"."""
    return bool(_SHORT_CODE.fullmatch(word))


def is_sure_code(code: str, role: str | None) -> bool:
    """True when a code beside a document's `role` is a case where no type is named: "AB3 – briefing", "RB overview report".

    A letter with a number counts (questions, quarters, school years) and is sure beside a review's own papers alone.
    """
    if role is None or not _is_no_abbreviation(code):
        return False
    return not re.fullmatch(r"[A-Z]\d+", code) or role in _PAPERS_OF_REVIEWS


def _is_no_abbreviation(code: str) -> bool:
    return not (
        code.upper() in acronyms()
        or code.lower() in _SMALL - {"a", "o", "y"}
        or code.lower() in first_names()
        or re.sub(r"\d.*", "", code) in _NUMBERED
        or _NO_CODE.fits(code)
    )
