"""Who stands on the first pages: the board on the cover, authors and chairs; and the marks of drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casereviews.repository.describing.titles.case_names import everyday_words, first_names
from casereviews.repository.model import Fact, Page
from casereviews.repository.vocabulary.authorities import authorities, find_areas, nation_of
from casereviews.repository.vocabulary.rules import load_rules

_WORDS = load_rules("people_named")
_DRAFTS = load_rules("drafts")
_BOARD = re.compile(
    rf"(?P<name>(?:[A-Z][\w'&’.-]{{0,40}},?\s+|{_WORDS['board_word'].words}\s+){{1,7}}(?:Local\s+|Regional\s+)?"
    rf"{_WORDS['board'].words}(?:\s+for\s+[A-Z][\w]*(?:\s+[A-Z]\w+)?)?)"
)
_BEFORE_BOARD = re.compile(rf"^{_WORDS['before_board'].words}\s+", re.IGNORECASE)
_PERSON = (
    rf"(?:{_WORDS['title'].words}\.?[ ]{{1,20}})?[A-Z][\w'’-]{{1,40}}(?:[ ]{{1,20}}[A-Z]\.)?"
    rf"(?:[ ]{{1,20}}(?:{_WORDS['particle'].words}[ ]{{1,20}})?[A-Z][\w'’-]{{1,40}}){{1,2}}"
)
_REVIEWER = re.compile(
    rf"(?i:{_WORDS['reviewer'].words})\s{{0,20}}(?:\([^)]{{1,20}}\)\s{{0,20}})?(?:[:–-]\s{{0,20}})?"
    rf"(?P<names>{_PERSON}(?:\s{{0,20}}(?:,|&|\band\b)\s{{0,20}}{_PERSON})*)"
)
_REVIEWER_AFTER = re.compile(
    rf"(?P<names>{_PERSON})\s{{0,20}}(?:[,–-]\s{{0,20}})?(?i:{_WORDS['reviewer_after'].words})"
)
_CHAIR = re.compile(rf"(?i:{_WORDS['chair'].words})\s{{0,20}}[:–-]\s{{0,20}}(?P<names>{_PERSON})")
_VERSION = re.compile(
    rf"\b{load_rules('first_pages')['version'].words}\s?(\d{{1,2}}(?:\.\d{{1,2}})?)\b",
    re.IGNORECASE,
)


def boards_in(text: str) -> list[str]:
    """The names of boards that a text holds, in order."""
    names = (" ".join(match.group("name").split()) for match in _BOARD.finditer(text))
    return [_BEFORE_BOARD.sub("", name) for name in names]


def board_facts(lines: Sequence[str], page: int) -> Iterator[Fact]:
    for name in boards_in("\n".join(lines))[:2]:
        yield Fact("publisher", name, name, "page", 0.7, page, name, "board on the cover")
        mentions = find_areas(name)
        codes = [code for mention in mentions for code in mention.area.gss if code in authorities()]
        if codes:
            areas = "|".join(dict.fromkeys(authorities()[code].name for code in codes))
            yield Fact("areas", areas, name, "page", 0.65, page, name, "board on the cover")
        nation = nation_of(name)
        if nation:
            yield Fact("nation", nation, name, "page", 0.65, page, name, "board on the cover")


def people_facts(pages: Sequence[Page]) -> Iterator[Fact]:
    for page in pages:
        text = page.text[:4000]
        for field, pattern, belief in (
            ("lead_reviewer", _REVIEWER, 0.8),
            ("lead_reviewer", _REVIEWER_AFTER, 0.7),
            ("chair", _CHAIR, 0.75),
        ):
            match = pattern.search(text)
            if match and not _WORDS["no_person"].fits(match.group("names")):
                names = _whole_names(match.group("names"))
                evidence = " ".join(match.group(0).split())
                yield Fact(
                    field,
                    names,
                    names,
                    "page",
                    belief,
                    page.number,
                    evidence,
                    "name beside the role",
                )


def _whole_names(words: str) -> str:
    """The names without a word of the next paragraph that stood against them ("Miriam Hallett Introduction")."""
    names = words.split()
    while (
        len(names) > 2
        and names[-1].lower() in everyday_words()
        and names[-1].lower() not in first_names()
    ):
        names.pop()
    return " ".join(names)


def draft_facts(lines: Sequence[str], page: int) -> Iterator[Fact]:
    text = "\n".join(lines)
    for rule in _DRAFTS:
        if match := rule.search(text):
            yield Fact(
                "draft_mark",
                rule.code,
                match.group(0),
                "page",
                0.8,
                page,
                match.group(0),
                "mark on the cover",
            )
    version = _VERSION.search(text)
    if version:
        yield Fact(
            "draft_mark",
            f"v{version.group(1)}",
            version.group(0),
            "page",
            0.8,
            page,
            version.group(0),
            "mark on the cover",
        )
