"""The query language in twenty lines: `search --help-query`. The names are those of the table of fields."""

from __future__ import annotations

import textwrap

from casereviews.index.fields import SECTIONS
from casereviews.repository.fields import SEARCHED

_MARGIN, _WIDTH = 25, 100


def _line(query: str, says: str) -> str:
    """A query, and beside it what it finds."""
    lines = textwrap.wrap(says, _WIDTH - _MARGIN)
    return f"{query:<{_MARGIN}}" + ("\n" + " " * _MARGIN).join(lines)


def _named(kinds: str, *but: str, facets: bool = False) -> str:
    """The fields of some kinds, without those that stand in the line already."""
    return ", ".join(
        field.query
        for field in SEARCHED
        if field.kind in kinds.split() and field.query not in but and (field.facet or not facets)
    )


_RANGES = f"a range; also published:2019-04..2020, year:..2012, year:2021, {_named('number date', 'year', 'published')}"

HELP = f"""\
neglect infant           both words, in any form (neglected, infants); best matches first
"child q"                these exact words, side by side; no other forms, no synonyms
neglect OR abuse         either;  OR binds less than AND, which is the same as a space
neglect NOT police       without;  also -police
(a OR b) c               brackets group
non-accidental           words joined by a hyphen stand side by side (or as one word)
safeguard*               words that begin so;  also inside a phrase: "child protect*"
haematoma~               within one letter of it;  ~2 for two
"bed sharing" NEAR/5 alcohol    at most 5 words apart, in either order
{_line("title:neglect", f"in one field; also {_named('text', 'title')}")}
{_line("nation:wales", f"a code, in any case; also {_named('code', 'nation')}")}
type:(scr OR cpr)        several values
{_line("nation:unknown", f"where it is not known; so for every code and date, and for {_named('text', facets=True)}")}
{_line("year:2015..2020", _RANGES.removesuffix(", "))}
in:recommendations (training OR supervision)
{_line("", f"in one part of a report: {', '.join(SECTIONS)}")}
AND, OR, NOT and NEAR are operators in capitals only. Abbreviations and equivalents of the field
(LAC, looked after child) are searched for one another, and shown; quotes or --exact switch that off.
Adult reviews are hidden unless the query or a filter names scope; scope:all shows everything.
"""
