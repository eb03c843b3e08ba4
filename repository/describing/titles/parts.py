"""Parts of a title that are neither type nor label: case references, boards and places, slots of a national list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casereviews.repository.describing.titles.case_names import first_names, is_name
from casereviews.repository.describing.titles.form import MONTHS
from casereviews.repository.describing.titles.labels import MASK
from casereviews.repository.vocabulary.authorities import area_named, find_areas, nation_of
from casereviews.repository.vocabulary.rules import load_rules


@dataclass(frozen=True, slots=True)
class Slots:
    """The parts of a national list's heading: `date SEP area SEP title`; SEP is a dash, or lost."""

    date: str
    area: str
    anonymous: bool
    title_start: int


_REFERENCE = re.compile(
    r"""
    (?<![\w/.-])(?:
        [A-Z]{2,8}[\s-]?(?:19|20)\d\d[-/](?:\d\d[-/])?\d{1,3}(?:[-/]\d{1,3})?   # BSCP2020-21-01
      | (?:[A-Z]{2,8}(?:\s[A-Z]{3,8})?|[Rr]ef(?:erence)?\.?|[Nn]o\.?|[Nn]umber|[Cc]ase)[\s:.-]*[A-Z]?\d{1,3}\s?[/-]\s?(?:19|20)\d\d   # CTMSB 8/2020, N16/2018
      | [A-Z]{3,8}\s[A-Z]?\d{1,3}\s(?:19|20)\d\d    # CYSUR 4 2019
      | [A-Z]{2,8}\s(?:19|20)\d\d[-/]\d{1,2}(?![\d/-])
      | [A-Z]\d{1,3}[/-](?:19|20)\d\d
    )(?![\w/]|-\d)
    """,
    re.VERBOSE,
)  # fmt: skip
_BARE_REFERENCE = re.compile(r"(?<![\w/.-])0?\d{1,2}/(?:19|20)\d\d(?![\w/])")
_RUNNING_NUMBER = re.compile(
    r"[\s:.(–-]*(?P<said>(?:no\.?|number|ref(?:erence)?\.?)[\s:.]*)?(?P<digits>\d{1,3})"
    rf"(?=[\s)]*(?:$|[{MASK}–:;|,(]))",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"(?:{'|'.join(MONTHS)})[\s.-]*\d", re.IGNORECASE)
_TYPE_PREFIX = re.compile(
    rf"^(?:{'|'.join(rule.words for rule in load_rules('review_acronyms'))}|AYO|PR|Case|Ref(?:erence)?|No|Number)\b[\s.:-]*",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"(?:[A-Z][\w'-]+|and|&|of|upon|the|with|in|,)(?:\s+(?:[A-Z][\w'-]+|and|&|of|upon|the|with|in))*"
)
_BODIES = load_rules("bodies")
_BODY, _ACRONYM_OR_PART = _BODIES.of("body"), _BODIES.of("acronym", "sheet_part")
_NO_AREA, _WITHHELD = (load_rules("title_words")[code] for code in ("no_area", "withheld"))
_LINKS = frozenset({"and", "&", "of", "the", "upon", "with", "in"})


def national_list(text: str, *, by_nspcc: bool) -> Slots | None:
    """The slots of `date SEP area SEP title`; None when the title has another shape.

    SEP is a dash or hyphen, mixed in one line, sometimes lost after the date ("2012Ceredigion – Child V"). In a heading
    of the NSPCC's own list any words with capitals that name no case are an area, known to us or not.
    """
    match = re.match(
        r"\s*(?P<date>(?:[A-Z][a-z]{2,8}\s+)?(?:19|20)\d\d)\s*(?:[–:-]\s*|\s)(?P<area>[^–]{2,60}?)\s*(?:–|\s-|-\s|(?<=Anonymous)-)\s*(?P<title>\S.*)",
        text,
    )
    if match is None:
        return None
    area = match.group("area").strip(" -")
    anonymous = _WITHHELD.fits(area)
    if not (anonymous or _is_area_slot(area, any_place=by_nspcc)):
        return None
    return Slots(match.group("date"), area, anonymous, match.start("title"))


def _is_area_slot(area: str, *, any_place: bool) -> bool:
    if _NO_AREA.fits(area):
        return False
    if any_place and _PLACE.fullmatch(area) and area.lower() not in first_names():
        return True
    return area_named(area) is not None or any(
        mention.end - mention.start > 0.4 * len(area) for mention in find_areas(area)
    )


def nation_of_slot(slots: Slots) -> str | None:
    return None if slots.anonymous else nation_of(slots.area)


def case_references(text: str, nation: str | None) -> list[tuple[tuple[int, int], str]]:
    found = []
    for match in _REFERENCE.finditer(text):
        words = match.group(0)
        if _MONTH.match(words):
            continue
        printed = _TYPE_PREFIX.sub("", words).strip()
        start = match.end() - len(printed)
        if printed:
            found.append(((start, match.end()), printed))
    if not found and nation == "Wales":
        # 06/2021 alone: Welsh boards number their reviews so; it is no month
        found = [(match.span(), match.group(0)) for match in _BARE_REFERENCE.finditer(text)]
    return found


def running_number(text: str, type_end: int) -> tuple[int, int] | None:
    """Where the number stands that a board gives its reviews one by one, right after a type that ends at `type_end`: "SCR 04 – briefing".

    `text` is the title with what else was read masked. A single digit may as well count copies or parts: it is a number of the
    case only where the word says so ("SCR No. 7").
    """
    number = _RUNNING_NUMBER.match(text, type_end)
    if number is None or not (number["said"] or len(number["digits"]) > 1):
        return None
    return number.span("digits")


def find_bodies(text: str, publisher: str) -> list[tuple[int, int]]:
    """Where boards, councils and areas are named: they hold neither type nor label."""
    spans = [(_from_place(text, hit.match.start()), hit.match.end()) for hit in _BODY.hits(text)]
    spans += [hit.match.span() for hit in _ACRONYM_OR_PART.hits(text)]
    spans += [
        (mention.start, mention.end)
        for mention in find_areas(text)
        if text[mention.start : mention.end].lower() not in first_names()
    ]
    for name in _names_of(publisher):
        spans += [
            match.span()
            for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
        ]
    return [span for span in spans if span[1] > span[0]]


def _names_of(publisher: str) -> Iterator[str]:
    """A publisher's whole name and its place alone ("Wennol" of "Wennol Safeguarding Board")."""
    if len(publisher) > 4:
        yield publisher
    initials = "".join(re.findall(r"\b[A-Z]", publisher))
    if len(initials) >= 4:
        yield initials
    place = _BODIES["own_words"].pattern.sub("", publisher).strip(" ,-–")
    if len(place) > 3 and place.lower() not in first_names() and _PLACE.fullmatch(place):
        yield place


def _from_place(text: str, start: int) -> int:
    """Where the name of a board begins: the words with capitals before it, unless they are names or everyday words."""
    for word in reversed(list(re.finditer(r"\S+", text[:start]))[-5:]):
        bare = word.group(0)
        if bare in _LINKS and start < len(text):
            if bare == "the":
                break
            continue
        if not is_name(bare) or bare.lower() in first_names():
            break
        start = word.start()
    return start
