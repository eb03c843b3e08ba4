"""Text that speaks of the law, the method or the world rather than of this case; and negation.

Every report names neglect and abuse in its legal basis, its terms of reference, its glossary (VOCABULARY
section 9): such mentions say nothing of the child.
"""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick

from repository.describing.running_text import RunningText

# Sections whose words never count for the case.
SILENT_SECTIONS = frozenset({"terms_of_reference", "glossary", "appendix"})

# Folded phrases of sentences that define, quote the law, address the reader, or set the question.
_GENERAL = (
    "working together to safeguard",
    "working together 20",
    "working together 19",
    "working together (",
    "children act",
    "children and social work act",
    "social services and well being",
    "regulations 20",
    "regulation 5",
    "regulation 17",
    "safeguarding boards (functions",
    "statutory guidance",
    "criteria",
    "is known or suspected",
    "known or suspected",
    "are defined as",
    "is defined as",
    "is defined in",
    "defined by",
    "definition of",
    "defines",
    "under section",
    "statutory duty",
    "statutory definition",
    "a child dies",
    "child has died or",
    "when a child",
    "where a child dies",
    "dies or is seriously",
    "die or are seriously",
    "serious child safeguarding case",
    "categories of abuse",
    "categories of harm",
    "types of abuse",
    "types of harm",
    "forms of abuse",
    "forms of harm",
    "terms of reference",
    "key lines of enquiry",
    "the review will",
    "the panel will",
    "was asked to consider",
    "was asked to examine",
    "helpline",
    "affected by",
    "for support call",
    "samaritans",
    "childline",
    "further reading",
    "http",
    "www.",
    "nothing in this report",
    "for the purpose of this",
    "for the purposes of this",
    "nationally",
    "national data",
    "national statistics",
    "national panel",
    "national research",
    "research shows",
    "research suggests",
    "research has shown",
    "research tells",
    "research indicates",
    "studies show",
    "studies have",
    "responsible for investigating",
    "responsible for assessing",
    "responsible for providing",
    "other reviews",
    "reviews elsewhere",
    "to what extent",
    "were there any",
    "was there any",
    "did agencies",
    "did professionals",
    "did practitioners",
    "stands for",
    "means the",
    "means any",
    "refers to",
    "such as physical",
    "may include",
    "can include",
    "includes any",
    "may be caused",
    "local procedures for",
    "procedures cover",
    "procedures set out",
    "procedures on",
    "glossary",
    "abbreviation",
    "the types",
    "the categories",
    "the guidance",
    "guidance lists",
    "guidance names",
    "guidance says",
    "this section explains",
    "trained in",
    "training on",
    "training in",
    "training covers",
    "offers training",
    "priorities of the board",
    "priorities of the partnership",
    "business plan",
    "annual report",
    "was commissioned to",
    "is the term",
    "is a term",
    "for information only",
)

_GENERAL_FINDER = AhoCorasick(list(_GENERAL))

# A sentence that names this many kinds of harm is a list of definitions, not an account.
HARMS_OF_A_LIST = 4

_NEGATED_BEFORE = re.compile(
    r"\b(?:no|without(?: any)?|absence of|free (?:of|from)|nothing (?:to suggest|that suggested|indicating)"
    r"|not (?:been )?(?:find|found|identify|identified|see|seen|have|had|experience|experienced|involve|involved"
    r"|exposed to|known (?:for|to (?:have|be|misuse|use|experience))|subject to|a (?:case|feature|victim) of|due to"
    r"|caused by|related to|about|concern\w*|considered to be|thought to be|believed to be|because of"
    r"|any (?:evidence|history|indication|sign|record|suggestion))"
    r"|(?:ruled|ruling) out|excluded|discounted|dismissed|rather than|never (?:any|been|a|had|misused|used|experienced))"
    r"(?:\W+(?!but\b|however\b|although\b|though\b|yet\b|until\b|despite\b|and (?:the|his|her|she|he|it)\b)[\w'/]+){0,9}\W*$"
)
_NEGATED_AFTER = re.compile(
    r"^(?:\W+(?!but\b|and\b|which\b|however\b)[\w']+){0,4}?\W+(?:(?:was|were|is|are|has|have|had)(?: been)?"
    r"(?: then| later| also| subsequently| formally| quickly| soon)? (?:ruled out|excluded|discounted|"
    r"not (?:found|identified|substantiated|a (?:feature|factor|concern)|features?|factors?|present|suspected|"
    r"evident|known|recorded|indicated|relevant|in question|the cause|considered))|(?:did|does|do) not "
    r"(?:feature|arise|apply|occur|play))\b"
)


def general_places(folded: str) -> list[int]:
    """The offsets in a folded text of words that mark a sentence as general."""
    return [
        start
        for _, start, end in _GENERAL_FINDER.find_matches_as_indexes(folded)
        if not (start and folded[start - 1].isalnum())
    ]


def is_general(folded: str) -> bool:
    """True when a folded sentence speaks of law, method, definitions or the world, not of this case."""
    return bool(general_places(folded))


def is_negated(sentence: str, start: int, end: int) -> bool:
    """True when a folded sentence denies what stands at sentence[start:end]."""
    before = re.split(r"[;:]|\bbut\b|\bhowever\b|\balthough\b", sentence[:start])[-1]
    return bool(
        _NEGATED_BEFORE.search(before[-120:]) or _NEGATED_AFTER.match(sentence[end : end + 90])
    )


def is_silent(text: RunningText, offset: int) -> bool:
    """True when an offset of the text lies in a section whose words never count for the case."""
    return text.kind(offset) in SILENT_SECTIONS
