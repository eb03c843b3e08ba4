"""What the index takes from the one table of fields (`casereviews.repository.fields`): what may stand before a colon.

A text field is searched by words and phrases (`title:"child q"`), a code by its exact value in any case
(`nation:wales`), a number and a date by value or range (`year:2015..2020`).
"""

from __future__ import annotations

import difflib

from casereviews.index.analysis import forms_digested, plurals_of_abbreviations
from casereviews.repository.fields import PUBLISHED, SEARCHED, STORED, digest_of

SECTIONS: tuple[str, ...] = (
    "summary",
    "facts",
    "analysis",
    "findings",
    "good_practice",
    "recommendations",
    "known_at_large",
    "ruled_out",
    "changes",
    "terms_of_reference",
    "glossary",
    "appendix",
)

BY_NAME = {name: field for field in SEARCHED for name in (field.query, *field.aliases)}
COLUMNS = tuple(field for field in STORED if field.facet or field.kind != "text")
WORDED = tuple(field for field in PUBLISHED if field.room)


def made_with() -> str:
    """A hash of what an index is made of beside its documents: columns, texts and parts, the abbreviations whose plurals are
    forms of theirs, and which forms and spellings are one family. An index of another one must be made anew; names and help may change."""
    return digest_of(
        (
            sorted((field.query, field.published) for field in COLUMNS),
            [(field.query, field.published, field.room, field.weight) for field in WORDED],
            SECTIONS,
            sorted(plurals_of_abbreviations()),
            forms_digested(),
        )
    )


TABLE = made_with()

UNKNOWN = "unknown"  # `nation:unknown` finds documents of which the field is not known
ALL = "all"  # `scope:all` lifts the default filter


def nearest(word: str, choices: tuple[str, ...] | list[str]) -> str | None:
    """The choice that was probably meant: one that starts or ends like `word`, else the most alike; or None."""
    lowered = {choice.lower(): choice for choice in choices}
    wanted = word.lower()
    for part in (str.startswith, str.endswith):
        found = [choice for choice in lowered if len(wanted) > 1 and part(choice, wanted)]
        if len(found) == 1:
            return lowered[found[0]]
    close = difflib.get_close_matches(wanted, list(lowered), n=1, cutoff=0.5)
    return lowered[close[0]] if close else None
