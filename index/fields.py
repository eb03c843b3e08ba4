"""The one table of searchable fields: what may stand before a colon, and what may follow it.

A text field is searched by words and phrases (`title:"child q"`), a code by its exact value in any case
(`nation:wales`), a number and a date by value or range (`year:2015..2020`). `source_field` is the name in
`PublishedDocument.fields`.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One searchable field. `codes` names its list in `casereviews.repository.vocabulary.codes`, when it has one."""

    name: str
    source_field: str
    kind: str
    aliases: tuple[str, ...] = ()
    facet: bool = True
    codes: str | None = None
    help: str = ""


FIELDS: tuple[Field, ...] = (
    Field("title", "title", "text", facet=False, help="words of the title"),
    Field("subject", "subjects", "text", ("label", "child"), False, help="the label of the child"),
    Field("publisher", "publisher", "text", ("board",), help="the board or partnership"),
    Field("area", "areas", "text", ("council",), help="council areas covered"),
    Field("region", "regions", "code", help="region of England, or the nation"),
    Field("nation", "nation", "code", ("country",), codes="nation"),
    Field("type", "review_type", "code", ("review_type",), codes="review_type"),
    Field("role", "document_role", "code", ("document",), codes="document_role"),
    Field("year", "year", "number", help="year of publication"),
    Field("published", "published", "date", ("date",), False, help="2021, 2021-03 or 2021-03-17"),
    Field("theme", "themes", "code", ("topic",), codes="theme"),
    Field(
        "age", "age_bands", "code", ("age_band",), codes="age_band", help="a band, or years: age:7"
    ),
    Field("outcome", "outcome", "code", codes="outcome"),
    Field("harm", "harms", "code", codes="harm"),
    Field("agency", "agencies", "code", codes="agency"),
    Field("language", "language", "code", ("lang",), codes="language"),
    Field(
        "scope", "scope", "code", codes="scope", help="adult reviews are hidden unless asked for"
    ),
    Field("source", "source", "code", help="id of the source it was collected from"),
    Field("availability", "availability", "code", ("status",), codes="availability"),
    Field("sex", "sex", "code", ("gender",), codes="sex"),
    Field("plan", "plan_status", "code", ("plan_status",)),
)

SECTIONS: tuple[str, ...] = (
    "summary",
    "facts",
    "analysis",
    "findings",
    "good_practice",
    "recommendations",
    "terms_of_reference",
    "glossary",
    "appendix",
)

BY_NAME = {name: field for field in FIELDS for name in (field.name, *field.aliases)}
BY_SOURCE_FIELD = {field.source_field: field for field in FIELDS}
COLUMNS = tuple(field for field in FIELDS if field.facet or field.kind == "date")

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
