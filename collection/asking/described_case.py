"""A described case: its text held in memory, never written, and harmless to what reads it; and the facts that it states."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from casereviews.collection.errors import RequestError

if TYPE_CHECKING:
    from casereviews.index.search import Searcher
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.repository.vocabulary import Vocabulary

# About 10,000 words, a long report's telling part; more costs seconds and tells nothing new.
MOST_CHARACTERS = 60_000
_UNSEEN = re.compile(r"[^\S\n\t ]|[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LEGACY_OFFICE = b"\xd0\xcf\x11\xe0"  # .doc, .ppt: read by another program through files on disk
_PACKED = (b"%PDF", b"PK\x03\x04", b"{\\rtf", _LEGACY_OFFICE)


def of_file(file: Path) -> str:
    """The text of a file: plain text, or PDF, Word (.docx), ODT, RTF, PowerPoint read without a copy on disk."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise RequestError(f"{file} cannot be read: {error.strerror}") from error
    if not raw.startswith(_PACKED):
        return plain(decoded(raw))
    if raw.startswith(_LEGACY_OFFICE):
        raise RequestError(
            f"{file} is of an old Office format, which is read through a copy on disk: save it as .docx"
            " or as text"
        )
    from casereviews.repository.reading import Limits, read_file

    reading = read_file(file, limits=Limits(ocr=False))
    if not reading.pages:
        raise RequestError(
            f"{file} has no text that can be read ({reading.detail or reading.status})"
        )
    return plain("\n".join(page.text for page in reading.pages))


def decoded(raw: bytes) -> str:
    """Bytes as text: UTF-8, UTF-16 with its mark, else the old Windows code page that Notepad wrote."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def plain(text: str) -> str:
    """The text without control characters and halves of characters."""
    return _UNSEEN.sub(" ", text)


def bounded(text: str) -> tuple[str, str]:
    """The text as far as it is read, and a note when that is not all of it."""
    if len(text) <= MOST_CHARACTERS:
        return text, ""
    cut = text[:MOST_CHARACTERS].rpartition(" ")[0] or text[:MOST_CHARACTERS]
    return cut, f"only the first {len(cut.split()):,} words are compared: describe the case shorter"


UNSAID = "not_stated"
_SERIOUS = re.compile(
    r"\b(?:serious(?:ly)?|life[- ](?:changing|threatening)|critical|intensive care|permanent|brain damage|nearly died|survived)\b",
    re.IGNORECASE,
)
_FATAL = re.compile(
    r"\b(?:kill(?!\w* (?:him|her|them|my|your)sel)|murder|manslaughter|homicide|d[iy]ed|dies|dead|death|fatal|stabb|shot|smother|suffocat|drown|body|bodies|hang)",
    re.IGNORECASE,
)
FIELDS = {
    "age_band": "age_bands",
    "sex": "sex",
    "outcome": "outcome",
    "plan_status_now": "plan_status",
    "harm": "harms",
}


def described(text: str, vocabulary: Vocabulary) -> DescribedCase:
    """The case with the facts that its description states: by the rules that read reports, and ages in every form that people type."""
    from casereviews.collection.asking.described_ages import MOST_WORDS, bands_told, is_unborn
    from casereviews.collection.asking.described_sex import sex_told
    from casereviews.collection.asking.described_themes import (
        is_a_carers,
        is_an_adults_matter,
        is_between_adults,
        is_no_familys,
        is_of_others,
        is_the_mothers,
        is_told_apart,
        lacks_its_people,
        possible,
        themes_told,
        without_pretended,
    )
    from casereviews.collection.asking.shorthand import spelled_out
    from casereviews.index.similar.concepts import finder, singular
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.repository.describing.case import find_case_facts
    from casereviews.repository.describing.case.cast import SAID_FOR_NAMES
    from casereviews.repository.describing.case.harm import NAMED_BY_PEOPLE
    from casereviews.repository.describing.text.running_text import fold
    from casereviews.repository.describing.themes import theme_finder
    from casereviews.repository.model import Page, Reading
    from casereviews.repository.theme_weights import FIELD, ThemeShares, weighed

    text = spelled_out(text)
    meant = without_pretended(text)
    reading = Reading("", "ok", "text/plain", pages=(Page(1, meant),))
    facts: dict[str, list[str]] = {}
    # Of 17,000 phrases few may stand in it: the others need not be made ready.
    spoken = vocabulary.within(f"{fold(meant)} {SAID_FOR_NAMES}")
    faint = {
        theme.id: {
            singular(fold(phrase))
            for phrase in theme.faint + (theme.weak if theme.id in NAMED_BY_PEOPLE else ())
        }
        for theme in spoken.themes
    }

    def is_guessed(code: str, raw: str) -> bool:
        return (
            # Every reviewed harm is serious; of a described one that is read only where it is said.
            (code == "serious_harm" and not _SERIOUS.search(text))
            # Who came is no harm: "the foster carer rang".
            or (code in NAMED_BY_PEOPLE and singular(fold(raw)) in faint[code])
            or is_of_others(code, raw, text)
            or is_the_mothers(code, raw, text)
            or is_told_apart(code, raw)
            or is_no_familys(code, text)
            or is_between_adults(code, raw, text)
            or is_an_adults_matter(code, raw, text)
            or is_a_carers(code, raw, text)
            or (code == "harm_homicide" and not _FATAL.search(text))
        )

    for fact in find_case_facts(reading, (), summary=meant, vocabulary=spoken, compared=True):
        told_faintly = fact.field == "harm" and singular(fact.raw) in faint.get(fact.value, ())
        if (
            fact.field in FIELDS
            and fact.value != UNSAID
            and not told_faintly
            and not is_guessed(fact.value, fact.raw)
        ):
            facts.setdefault(FIELDS[fact.field], []).extend(fact.value.split("|"))
    ages = bands_told(meant)
    if ages and (len(text.split()) <= MOST_WORDS or "age_bands" not in facts):
        facts["age_bands"] = list(ages)
    if len(text.split()) <= MOST_WORDS:
        facts.pop("sex", None)
        if sex := sex_told(meant):
            facts["sex"] = [sex]
    told = theme_finder(spoken).find(reading, (), summary=meant)
    # "Parents did not tell anybody" is no finding on practice: of a described case one needs words that mean nothing else.
    sure = {one.concept for one in finder(vocabulary).told(text) if not one.loose}
    for fact in weighed(told, ThemeShares()):
        if is_guessed(fact.value, fact.raw) or lacks_its_people(fact.value, text):
            continue
        if fact.field == FIELD and (not fact.value.startswith("practice_") or fact.value in sure):
            facts.setdefault("themes", []).append(fact.value)
    if len(text.split()) <= MOST_WORDS:
        everyday = themes_told(meant, facts.get("age_bands", ()))
        themes = [*facts.get("themes", ()), *everyday]
        harms = [*facts.get("harms", ()), *(one for one in everyday if one.startswith("harm_"))]
        fit = possible({*themes, *harms}, facts.get("age_bands", ()))
        facts["themes"] = [one for one in themes if one in fit]
        facts["harms"] = [one for one in harms if one in fit]
    told_once = {
        name: tuple(dict.fromkeys(facts[name]))
        for name in (*FIELDS.values(), "themes")
        if name in facts
    }
    unsaid = frozenset({"age_bands"} if is_unborn(meant) else ())
    return DescribedCase(text, told_once, unsaid=unsaid)


def case_of_review(searcher: Searcher, typed: str) -> DescribedCase:
    """A collected review as a case: its telling passages and coded facts; RequestError when it is not in the index."""
    from casereviews.index.similar.agreement import facts_of
    from casereviews.index.similar.finding import DescribedCase
    from casereviews.index.similar.passages import passages_of

    ids = searcher.documents_of(typed)
    if not ids and searcher.fields_of(typed) is not None:
        ids = [typed]
    numbers = [number for one in ids if (number := searcher.store.number_of(one)) is not None]
    documents = [one for number in numbers if (one := searcher.store.indexed_document(number))]
    if not documents:
        raise RequestError(
            f"there is no review {typed} in the index: `casereviews search` shows ids; to describe a case, type it at the"
            " prompt of `casereviews similar`"
        )
    document = max(documents, key=lambda one: len(one.pages))
    title = str(document.fields.get("title") or "")
    text = "\n".join([title, *(passage.text for passage in passages_of(document)[:8])])
    return DescribedCase(text, facts_of(document.fields), document.review_id)
