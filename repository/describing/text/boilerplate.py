"""Text that speaks of the law, the method or the world rather than of this case; and negation.

Every report names neglect and abuse in its legal basis, its terms of reference, its glossary (VOCABULARY
section 9): such mentions say nothing of the child.
"""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick

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
    "is known or suspected",
    "known or suspected",
    "are defined as",
    "is defined as",
    "is defined in",
    "defined by",
    "definition of",
    "defines",
    "statutory duty",
    "statutory definition",
    "have been affected by",
    "are affected by",
    "criteria for a",
    "criteria for the",
    "criteria for serious",
    "criteria are",
    "criteria set",
    "criteria in",
    "criteria cover",
    "statutory criteria",
    "when a child dies",
    "when a child has",
    "when a child is",
    "a child dies",
    "child has died or",
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
    "is the persistent",
    "is a form of",
    "are forms of",
    "is when someone",
    "is when a",
    "occurs when a",
    "involves forcing",
    "this can be",
    "every type of",
    "all types of",
    "for example physical",
    "abuse includes",
    "abuse may be",
    "neglect may",
    "harm includes",
    "is the term",
    "is a term",
    "for information only",
)

_GENERAL_FINDER = AhoCorasick(list(_GENERAL))

# A sentence that names this many kinds of harm is a list of definitions, not an account.
HARMS_OF_A_LIST = 4

# "no evidence of a, b or c" denies the whole list; a bare "no a, b and c" denies its first member only.
_LIST_DENIAL = (
    r"no (?:\w+ ){0,3}?(?:evidence|histor(?:y|ies)|records?|concerns?|signs?|indications?|indicators?|suggestions?|disclosures?|reports?"
    r"|allegations?|suspicions?|knowledge|mention)|without (?:any )?(?:evidence|signs?|history|suggestion)|nothing (?:to suggest|to indicate|suggest\w*|indicat\w*|point\w*)"
    r"|(?:not|never)(?: \w+)? (?:find|found|identify|identified|see|seen|show|shown|experience|experienced|involve|involved|exposed to|known (?:for|to)"
    r"|subject to|a (?:case|feature|victim) of|due to|caused by|related to|linked to|about|concern\w*|considered to be|thought to|believed to"
    r"|because of|any (?:\w+ )?(?:evidence|history|indication|sign|record|suggestion)|suspect\w*|suggest\w*|indicat\w*)"
    r"|(?:ruled|ruling) out|excluded (?!from)|(?:is|was|were|are) not(?: about)?|did not(?: \w+)? (?:feature|involve|include|suffer)"
)
_BARE_DENIAL = (
    r"no|never|without(?: any)?|absence of|free (?:of|from)|rather than|instead of|neither|nor"
)
_STEP = r"(?!but\b|however\b|although\b|though\b|yet\b|until\b|despite\b|except\b|and (?:the|his|her|she|he|it)\b)[\w'/]+"
_NEGATED_BEFORE = re.compile(
    rf"\b(?:(?:{_LIST_DENIAL})(?:\W+{_STEP}){{0,12}}\W*|(?:{_BARE_DENIAL})(?: {_STEP}){{0,5}} *)$"
)
_VERDICT = (
    r"(?:(?:was|were|is|are|has|have|had)(?: been)?(?: then| later| also| subsequently| formally| quickly| soon)?"
    r"(?: (?:considered|investigated|explored|suspected|looked into|queried|raised)(?:,? and| but)?(?: then| later| was| were| had been)*)?"
    r" (?:ruled out|excluded|discounted|dismissed|unfounded|disproved|not (?:found|identified|substantiated|a (?:feature|factor|concern)|features?"
    r"|factors?|present|suspected|evident|known|recorded|indicated|relevant|in question|the cause|considered to))"
    r"|(?:did|does|do) not (?:feature|arise|apply|occur|play))"
)
_NEGATED_AFTER = re.compile(rf"^(?:\W+(?!but\b|which\b|however\b)[\w']+){{0,6}}?\W+{_VERDICT}\b")

# A weak word before one of these names a service ("housing department"), not a circumstance.
_SERVICE = re.compile(
    r" (?:services?|departments?|teams?|associations?|officers?|providers?|staff|professionals|trust|directorate|colleagues)\b"
)


def names_a_service(folded: str, end: int) -> bool:
    """True when the word that ends at folded[end] is part of the name of a service."""
    return bool(_SERVICE.match(folded, end))


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
