"""Whose a text says it is: the cases that it names, and whether two texts name different ones.

A link "Mr Brown: full report" under the heading "Mr White" is no paper of Mr White. Only where both name a case in the same way is
that sure: "Child Heron" may be a child of "Family T", "Case 14" or "Child H", and "Heron" alone may be anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from casereviews.crawler.parsing.links.wording import DATE, LABEL, LINK_WORDS
from casereviews.repository.describing.grouping.agreement import label_keys
from casereviews.repository.describing.titles.form import plain
from casereviews.repository.describing.titles.labels import find_noun_labels
from casereviews.repository.vocabulary.rules import load_rules

_NUMBERED = re.compile(r"\b[A-Z]{2,}[ -]?(?:No\.? ?|Number )?\d+\b(?![ -]?min)")
"""An acronym with a number: "SCR 04 briefing" is the fourth review's, "SCR 7 minute briefing" anybody's."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LONGEST = 300  # characters; what is longer is prose, no name
_KINDS = load_rules("label_nouns")
_TITLES = {word for rule in _KINDS.having("title") for word in rule.phrases}
_CHILD = {"child", "baby", "infant", "young person", "boy", "girl", "yp", "youth", "teenager"}
_ADULT = _TITLES | {"adult", "young adult", "young man", "young woman", "man", "woman", "person"}
_CODE = re.compile(r"[A-Z]{1,3}\d{2,3}\b")
_COMPARED = load_rules("labels_compared")
_WELSH = _COMPARED.of(*set(_COMPARED.codes) - {"noun"})


@dataclass(frozen=True, slots=True)
class CaseName:
    """A case as it is named: `kind` is "child", "adult", "code" or the noun's own word, "" without one; `name` the rest, in small letters."""

    label: str
    kind: str
    name: str

    def is_other_than(self, other: CaseName) -> bool:
        """True when two names of one kind cannot be of one case."""
        if self.kind and other.kind and self.kind != other.kind:
            return False
        if label_keys((self.label,)) & label_keys((other.label,)):
            return False
        return not (_may_be(self.name, other.name) or _may_be(other.name, self.name))


def _may_be(short: str, long: str) -> bool:
    """True for "h" and "heron", "t" and "t1", "white" and "thomas white"."""
    words = long.split()
    if len(short) != 1:
        return short in words
    return any(
        word.startswith(short) and (not word[1:] or word[1:].isdigit() or len(word) > 2)
        for word in words
    )


@lru_cache(maxsize=20_000)
def cases_named(text: str) -> tuple[CaseName, ...]:
    """The cases that a title, a heading or a line names, in order; lists resolved: "Children B and C"."""
    if len(text) > _LONGEST or not LABEL.search(text):
        return ()
    read = plain(text)
    named: list[CaseName] = []
    for mention in find_noun_labels(read, read.text):
        noun, _, name = mention.label.rpartition(" ")
        first = mention.label.split()[0].lower()
        if first in _TITLES:
            if LINK_WORDS["wrote_it"].search(read.text[: mention.start] + "\x01"):
                continue
            noun, name = first, mention.label.partition(" ")[2]
        named.append(CaseName(mention.label, _kind(noun.lower()), name.lower()))
    if not named:
        named = [CaseName(one, "code", one.lower()) for one in _CODE.findall(text)]
    return tuple(named)


def _kind(noun: str) -> str:
    welsh = _WELSH.first(f"{noun} ")
    noun = welsh.code if welsh else noun
    if noun in _CHILD:
        return "child"
    return "adult" if noun in _ADULT else noun


def names_another(text: str, heading: str) -> bool:
    """True when a text and a heading both name cases, and none of them may be the same."""
    mine, theirs = cases_named(text), cases_named(heading)
    if not mine or not theirs:
        return False
    if any(not one.is_other_than(other) for one in mine for other in theirs):
        return False
    words = set(re.findall(r"\w{4,}", heading.lower()))
    return not any(words & set(re.findall(r"\w{4,}", one.name)) for one in mine)


def names_same(text: str, other: str) -> bool:
    """True when two texts name a case by the same label."""
    mine, theirs = (label_keys(tuple(n.label for n in cases_named(one))) for one in (text, other))
    return bool(mine & theirs)


def is_nameless_paper(text: str) -> bool:
    """True for the name of a paper that stands beside a report and names no case: "Board response", "Easy read version"."""
    text = DATE.sub(" ", text)
    if not LINK_WORDS["paper_beside"].search(text) or cases_named(text) or _NUMBERED.search(text):
        return False
    return all(says_paper(word) for word in _WORD.findall(text))


def is_only_name(text: str) -> bool:
    """True for words that are the name of a case and of its review and no more: "Safeguarding Adult Review: Mr White, May 2021"."""
    named = cases_named(text)
    if not named:
        return False
    words = {word for one in named for word in _WORD.findall(one.label.lower())}
    return all(
        word.lower() in words or says_paper(word) for word in _WORD.findall(DATE.sub(" ", text))
    )


def says_paper(word: str) -> bool:
    """True for a word that tells of papers and not whose they are."""
    return LINK_WORDS["paper_words"].fits(word) or LINK_WORDS["paper_says"].fits(word)
