"""What a name of a link, a file or a title is, by its words: a review, a paper of one, or something that only looks alike.

The words are those of `rules/`: review_types, review_acronyms and review_words (reviews), document_roles (their papers),
decoys (what is none). Describing and the crawler ask here, so that neither takes what the other leaves.
"""

from __future__ import annotations

import re
from functools import lru_cache

from casereviews.repository.vocabulary.rules import Rule, load_rules

_TYPES = load_rules("review_types").lacking("beside").lacking("of_lists")
_ACRONYMS = load_rules("review_acronyms")
_IN_CAPITALS = _ACRONYMS.having("capitals_only")
_IN_ANY_CASE = _ACRONYMS.lacking("capitals_only")
_WORDS = load_rules("review_words")
_PAPERS = (load_rules("document_roles").having("alone"), _WORDS.of("paper"))
_REVIEWS = (_TYPES, _WORDS.of("review"))
_DECOYS = load_rules("decoys")
_OF_PLACES = _DECOYS.lacking("followed")
_EVENTS = _DECOYS.having("event")
_REMEMBERED = 4096  # texts: a page asks of the same headings and links again and again
_SEGMENTS = re.compile(r"\s*[:–—|]\s*|\s+-\s+|\s*\(|\)")
_CAPITALS = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}
_GRAMMAR = load_rules("name_words")
_PREPOSITION, _QUALIFIES = _GRAMMAR["preposition"], _GRAMMAR["qualifies"]
_LEARNING_FROM, _PANEL = _GRAMMAR["learning_from"], _GRAMMAR["panel"]


@lru_cache(_REMEMBERED)
def names_review(text: str) -> bool:
    """True when a text speaks of a review or of reviews; acronyms count in any case, as file names have them."""
    return (
        any(rules.fits(text) for rules in _REVIEWS)
        or _IN_CAPITALS.fits(text)
        or _IN_ANY_CASE.fits(text.translate(_CAPITALS))
    )


def beside_review(text: str) -> str:
    """What a text says beside the words that name a review: "neglect" of "Thematic review: neglect", "" of "Serious case reviews"."""
    for rules in (*_REVIEWS, _ACRONYMS):
        for rule in rules:
            text = rule.pattern.sub(" ", text)
    return " ".join(text.split())


@lru_cache(_REMEMBERED)
def names_paper(text: str) -> bool:
    """True when a text names a paper that only reviews have: "Overview report", "7 minute briefing"."""
    return any(rules.fits(text) for rules in _PAPERS)


@lru_cache(_REMEMBERED)
def decoy_reason(text: str, *, labelled: bool, place: bool = False) -> str | None:
    """Why a thing of this name is no review (a code of `rules/decoys.toml`), None when nothing says so.

    A name is what its head is: a "Serious Case Review Toolkit" is a toolkit and a "Protocol for serious case reviews" a protocol, but
    a "Thematic review of training" is a review and "Slides for team training" are slides. `labelled` says that it names a case:
    "Child A and the escalation policy" is a document of a review, unless it is an annual report, a newsletter or the
    website's own. `place` says that it names a page or a heading: one about the process of reviews may lead to them.
    """
    decoys = _OF_PLACES if place else _DECOYS
    if not decoys.fits(text):
        return None
    found = [rule for rule in decoys if rule.fits(text)]
    for rule in found:
        if rule.more.get("even_with_label") and not (rule.code == "website" and labelled):
            return rule.code
    if labelled:
        return None
    for rule in found:
        if rule.more.get("opening"):
            return rule.code
    parts = [(part, kind) for part in _SEGMENTS.split(text) if (kind := _kind_of(part, found))]
    if not parts:
        return min(rule.code for rule in found)
    called = [(part, kind) for part, kind in parts if kind not in ("review", "reviews", "role")]
    first, last = parts[0][1], parts[-1][1]
    if not called or last == "review" or first == "role":
        return None
    tells = first == "review" or (first == "reviews" and _LEARNING_FROM.fits(text))
    if tells and not any(_is_bare(_head(part, found), found) for part, _ in called):
        return None  # "Learning review: police training" is about training, "Learning review: guidance" is none
    return called[0][1]


def _kind_of(part: str, found: list[Rule]) -> str | None:
    """What one part of a name is by its head: a code of `found`, "review", "reviews" (several: a list or a subject), "role"."""
    head = _head(part, found)
    hits = [(match, rule.code) for rule in found for match in rule.find(head)]
    decoys = len(hits)
    for kind, rules, text in (
        ("review", _TYPES, head),
        ("review", _WORDS.of("review"), head),
        ("review", _ACRONYMS, head),
        ("review", _IN_ANY_CASE, head.translate(_CAPITALS)),
        ("role", _PAPERS[0], head),
        ("role", _PAPERS[1], head),
    ):
        hits += [(hit.match, kind) for hit in rules.hits(text)]
    if not hits:
        return None
    # The last word of a head says what it is; of two that end together, the longer.
    best = max(range(len(hits)), key=lambda at: (hits[at][0].end(), -hits[at][0].start(), -at))
    match, kind = hits[best]
    if best < decoys and _LEARNING_FROM.fits(part):
        # "Lessons from our audit" is an audit's, "Learning from case reviews toolkit" a toolkit; "Learning from the training
        # ship" is what a review is called, and of a review's event it is the learning.
        at_the_end = not head[match.end() :].strip(" .")
        told = len(head.split()) < 5 or len(hits) > decoys
        return kind if at_the_end and told and not _EVENTS.fits(match.group(0)) else "role"
    return _plural(head[match.start() : match.end()]) if kind == "review" else kind


def _head(part: str, found: list[Rule]) -> str:
    """A name up to its first preposition: what the thing is, without what it is about; "terms of reference" is one thing."""
    part = _PANEL.pattern.sub(" ", part)
    whole = [match.span() for rule in found for match in rule.find(part)]
    for preposition in _PREPOSITION.find(part):
        at = preposition.start()
        if any(start < at < end for start, end in whole):
            continue
        if part[:at].strip() and not _begins_learning(part, at):
            return part[:at]
    return part


def _is_bare(head: str, found: list[Rule]) -> bool:
    """True for a head that says nothing but what kind of paper it is: "guidance", "our new policy"."""
    said = _QUALIFIES.pattern.sub("", head).strip()
    papers = (rule for rule in found if not rule.more.get("subject"))
    return any(match.group(0) == said for rule in papers for match in rule.find(said))


def _begins_learning(part: str, at: int) -> bool:
    """True for the "from" of "learning from..." and the "to" of "how to", which no head ends at."""
    return _GRAMMAR["keeps_preposition"].fits(part[:at])


def _plural(said: str) -> str:
    return "reviews" if said.endswith("s") and not said.isupper() else "review"
