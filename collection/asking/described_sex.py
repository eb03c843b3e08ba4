"""The sex of the child or children in the description of a case, by the words for them, else by what "he" and "she" can mean.

Reports name their child at the beginning; descriptions say "lad", "my niece", "two sisters, 5 and 3", or only "he". Words are in
`rules/described_people.toml`.
"""

from __future__ import annotations

import re

from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.vocabulary.rules import Hit, load_rules

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_NOUNS = {"a_girl": "girl", "sister": "girl", "a_boy": "boy", "brother": "boy"}
_CLAUSE_BEGINS = re.compile(
    r"(?:^|[,;:] |\b(?:while|when|as|that|because|and|if|after|but|since) )(?:(?:the|his|her|their|my) )?$"
)
_CLAUSE_ENDS = re.compile(r"[,;:]|\b(?:that|who|which|when|if|because|and|but|as)\b")
_SUBJECTS = {"he": "boy", "she": "girl"}
_OBJECTS = {"him": "boy", "her": "girl"}
_TOLD_TO = re.compile(
    r"\b(?:told|tells?|telling|asked|asks|said to|says to)(?: (?:the|a|his|her|their|my))? $"
)
_ADULTS = {"a_man": "boy", "a_woman": "girl"}
_NAMED = frozenset({*_ADULTS, "the_child", "somebody"})


def sex_told(text: str) -> str:
    """`girl`, `boy`, `mixed` where there are children of both, or nothing."""
    sentences = [_people(fold(sentence)) for sentence in _SENTENCE_END.split(text)]
    named = [hit for people in sentences for hit in people if hit.code in _NOUNS]
    if any(
        "grand" in hit.match[0] for hit in named
    ):  # told by grandparents, whose children are the parents
        named = [hit for hit in named if hit.match[0] not in ("son", "daughter")]
    return _one_of({_NOUNS[hit.code] for hit in named} or _by_pronouns(sentences))


def _people(sentence: str) -> list[Hit]:
    """Who is spoken of, in order; words of an earlier rule are none of a later one."""
    found: list[Hit] = []
    for rule in load_rules("described_people"):
        for match in rule.find(sentence):
            start, end = match.span()
            if all(end <= one.match.start() or one.match.end() <= start for one in found):
                found.append(Hit(rule, match))
    return sorted(found, key=lambda hit: hit.match.start())


def _by_pronouns(sentences: list[list[Hit]]) -> set[str]:
    """The sexes of the pronouns that can only mean the child, by whom the sentence named last: a subject is the one named, an object another."""
    adults = {_ADULTS[hit.code] for people in sentences for hit in people if hit.code in _ADULTS}
    sure: set[str] = set()
    likely: set[str] = set()
    for people in sentences:
        last, named = "", None
        for hit in people:
            if hit.code in _SUBJECTS:
                sex = _SUBJECTS[hit.code]
                if last == "the_child":
                    sure.add(sex)
                elif sex not in adults and last != "somebody":
                    likely.add(sex)
            elif hit.code in _OBJECTS:
                sex = _OBJECTS[hit.code]
                subject = _ADULTS.get(last) == sex and _is_subject(named, hit)
                if subject or (sex not in adults and last != "the_child"):
                    likely.add(sex)
            elif hit.code in _NAMED and not _TOLD_TO.search(hit.match.string[: hit.match.start()]):
                last, named = hit.code, hit
    return sure or likely if len(sure or likely) == 1 else set()


def _is_subject(named: Hit | None, pronoun: Hit) -> bool:
    """True when who was named begins the clause that the pronoun is in."""
    if named is None:
        return False
    sentence = named.match.string
    between = sentence[named.match.end() : pronoun.match.start()]
    return bool(_CLAUSE_BEGINS.search(sentence[: named.match.start()])) and not _CLAUSE_ENDS.search(
        between
    )


def _one_of(sexes: set[str]) -> str:
    return "mixed" if len(sexes) > 1 else next(iter(sexes), "")
