"""Whose review it is on a site that an adults' and a children's board share: the board that the report or its page names.

A joint site has one entry of the registry and one publisher there. A Safeguarding Adults Review on the children's partnership's
site is the adults board's, where its cover or a heading above it says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from casereviews.repository.describing.first_pages_people import boards_in
from casereviews.repository.model import DocumentInput, Fact
from casereviews.repository.vocabulary.rules import load_rules

JOINT = "board of a joint site"
"""The rule of the fact that `joint_publisher` gives."""
_BELIEF = 0.92  # just above the registry's publisher (context._source_facts)
_KINDS = load_rules("people_named").of("of_adults", "of_children")
_OF = {"adult": "of_adults", "child": "of_children"}
_BOARD_WORDS = load_rules("people_named").of("board", "board_word", "of_adults", "of_children")
_OF_THE = re.compile(r"^.*\b(?:of|by|from) the ")  # "Reviews of the Larkmoor..."
_WORD = re.compile(r"[^\W\d_]{3,}")


def joint_publisher(
    document: DocumentInput, facts: Iterable[Fact], scope: str | None
) -> tuple[Fact, ...]:
    """The publisher of a review of `scope` ("adult" or "child") on a site of both; () where the registry's is right or none is named."""
    source = document.source
    if source.national or source.scope != "both" or scope not in _OF:
        return ()
    wanted = {_OF[scope]}
    if _kinds(source.publisher) == wanted:
        return ()
    covers = [
        fact for fact in facts if fact.rule == "board on the cover" and fact.field == "publisher"
    ]
    for fact in covers:
        if _fits(fact.value, wanted, source.publisher):
            return (
                Fact(
                    "publisher",
                    fact.value,
                    fact.raw,
                    "page",
                    _BELIEF,
                    fact.page,
                    fact.evidence,
                    JOINT,
                ),
            )
    for sighting in document.sightings:
        for heading in (*reversed(sighting.headings), sighting.link_text):
            for name in (_OF_THE.sub("", one) for one in boards_in(heading)):
                if _fits(name, wanted, source.publisher):
                    return (
                        Fact("publisher", name, heading, "listing", _BELIEF, None, heading, JOINT),
                    )
    return ()


def _fits(name: str, wanted: set[str], publisher: str) -> bool:
    """True for a board of the wanted kind and of the site's own place: a neighbour's board is no joint one."""
    return _kinds(name) == wanted and bool(_places(name) & _places(publisher))


def _kinds(name: str) -> set[str]:
    return {rule.code for rule in _KINDS if rule.fits(name)}


def _places(name: str) -> set[str]:
    rest = name
    for rule in _BOARD_WORDS:
        rest = rule.pattern.sub(" ", rest)
    return {word.casefold() for word in _WORD.findall(rest)} - {
        "safeguarding",
        "local",
        "regional",
        "board",
        "partnership",
    }
