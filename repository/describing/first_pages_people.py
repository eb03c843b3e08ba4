"""Who stands on the first pages: the board on the cover, authors and chairs; and the marks of drafts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from casereviews.repository.describing.titles.case_names import everyday_words, first_names
from casereviews.repository.model import Fact, Page
from casereviews.repository.vocabulary.authorities import authorities, find_areas, nation_of

_BOARD = re.compile(
    r"(?P<name>(?:[A-Z][\w'&’.-]*,?\s+|(?:and|of|the|upon|with|&|in)\s+){1,7}(?:Local\s+|Regional\s+)?"
    r"(?:Safeguarding\s+(?:Children(?:['’]?s)?|Adults?|Child|People|Vulnerable\s+People)(?:\s+Multi-?Agency)?\s+(?:Board|Partnership)s?|"
    r"Safeguarding\s+(?:Board|Partnership)|Child\s+Protection\s+Committee|Public\s+Protection\s+(?:Committee|Partnership)|"
    r"Community\s+Safety\s+Partnership|Area\s+Child\s+Protection\s+Committee)(?:\s+for\s+[A-Z][\w]*(?:\s+[A-Z]\w+)?)?)"
)
_PERSON = r"(?:(?:Dr|Prof(?:essor)?|Mr|Mrs|Ms|Miss|Sir|Dame)\.?[ ]+)?[A-Z][\w'’-]+(?:[ ]+[A-Z]\.)?(?:[ ]+(?:(?:van|de|von|le)[ ]+)?[A-Z][\w'’-]+){1,2}"
_REVIEWER = re.compile(
    r"(?i:(?:(?:independent|lead|joint|overview|report|review|main)\s+)*(?:reviewers?|authors?|report writers?|overview writers?)|written by|prepared by|author(?:ed)? by)"
    rf"\s*(?:\([^)]{{1,20}}\)\s*)?[:–-]?\s*(?P<names>{_PERSON}(?:\s*(?:,|&|\band\b)\s*{_PERSON})*)"
)
_REVIEWER_AFTER = re.compile(
    rf"(?P<names>{_PERSON})\s*[,–-]?\s*\n?\s*(?i:independent|lead|overview)\s+(?i:(?:lead\s+|overview\s+)?(?:reviewer|author))"
)
_CHAIR = re.compile(
    r"(?i:(?:independent\s+)?(?:chair(?:person|man|woman)?)(?:\s+of\s+the\s+(?:review|panel|board|review panel))?)"
    rf"\s*[:–-]\s*(?P<names>{_PERSON})"
)
_NOT_PERSON = re.compile(
    r"\b(?:Safeguarding|Review|Report|Board|Partnership|Panel|Children|Child|Council|Overview|Executive|Summary|Date|Serious|Local|Independent|Author|Chair|Contents|Introduction|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|Consultan\w+|Social|Health|Service|Services)\b"
)
_DRAFTS = (
    ("draft", re.compile(r"\bDRAFT\b|\bdraft (?:report|version|v?\d)", re.MULTILINE)),
    ("final", re.compile(r"\bFINALM?\b|\bfinal (?:report|version|draft)\b", re.IGNORECASE)),
    ("revised for publication", re.compile(r"revised for publication|publication version|version for publication", re.IGNORECASE)),
    ("redacted", re.compile(r"\bredacted\b", re.IGNORECASE)),
    ("not for publication", re.compile(r"not for (?:publication|circulation|distribution)|strictly confidential", re.IGNORECASE)),
)  # fmt: skip
_VERSION = re.compile(r"\b(?:version|v)\s?(\d{1,2}(?:\.\d{1,2})?)\b", re.IGNORECASE)


def board_facts(lines: Sequence[str], page: int) -> Iterator[Fact]:
    text = "\n".join(lines)
    for match in list(_BOARD.finditer(text))[:2]:
        name = " ".join(match.group("name").split())
        name = re.sub(r"^(?:of|and|the|with|in|for|by)\s+", "", name, flags=re.IGNORECASE)
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
            if match and not _NOT_PERSON.search(match.group("names")):
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
    for mark, pattern in _DRAFTS:
        match = pattern.search(text)
        if match:
            yield Fact(
                "draft_mark",
                mark,
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
