"""Records as pages: the templates, and what they may say of a record."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from casereviews import Hit, Vocabulary
from casereviews.collection.output.addresses import address, web_address
from casereviews.collection.output.citations import cited_page
from casereviews.collection.output.hostile import flat, for_line, for_snippet
from casereviews.collection.output.wording import counted, said_of_what_follows
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.file_trouble import trouble_worded
from casereviews.web.menu import CHANGES, MENU
from casereviews.web.style_files import STAMP

FACTS = ("publisher", "published", "review_type", "document_role")
AROUND = 300
"""So many characters of a query are shown on either side of where it is wrong."""
TEMPLATES = Path(__file__).parent / "templates"


def marked(text: str, matches: Sequence[tuple[int, int]]) -> Markup:
    """A text with the spans of its matches marked; all else is escaped, and harmless."""
    text = for_snippet(text)
    parts = []
    at = 0
    for start, end in matches:
        parts += [escape(text[at:start]), Markup("<mark>{}</mark>").format(text[start:end])]
        at = end
    return Markup("").join([*parts, escape(text[at:])])


def worded(vocabulary: Vocabulary, name: str, value: object) -> str:
    """The value of a described field as people read it, on one line."""
    return for_line(flat(vocabulary.worded(DESCRIBED[name], value)))


def as_typed(text: str, position: int) -> Markup:
    """What was typed, with the character at a position marked; past its end the place after it is."""
    text = for_snippet(text)
    begin = max(position - AROUND, 0)
    end = position + AROUND
    return Markup("{}{}<mark>{}</mark>{}{}").format(
        "…" if begin else "",
        text[begin:position],
        text[position : position + 1] or "\u00a0",
        text[position + 1 : end],
        "…" if len(text) > end else "",
    )


def facts(hit: Hit, vocabulary: Vocabulary) -> str:
    """Who published a hit, when, and what it is, with dots between."""
    said = {
        name: worded(vocabulary, name, hit.fields.get(DESCRIBED[name].published)) for name in FACTS
    }
    said["published"] = day(said["published"])
    return " · ".join(one for one in said.values() if one)


def near(number: int, last: int) -> list[int | None]:
    """The pages to offer beside page `number` of `last`: the ends and its neighbours, None where some are left out."""
    wanted = sorted({1, last, *range(max(number - 2, 1), min(number + 2, last) + 1)})
    offered: list[int | None] = []
    for before, one in zip([0, *wanted], wanted, strict=False):
        offered += [None, one] if one > before + 1 else [one]
    return offered


def day(date: str) -> str:
    """A date or an instant (ISO) as people read it: "28 November 2026", "November 2026", "2026"; what is no date as it stands."""
    year, _, rest = date[:10].partition("-")
    month, _, number = rest.partition("-")
    if not (month.isdigit() and 1 <= int(month) <= 12):
        return year if not rest else date
    words = f"{calendar.month_name[int(month)]} {year}"
    return f"{int(number)} {words}" if number.isdigit() else words


ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters |= {
    "line": lambda value: for_line(flat(value)),
    "web_address": web_address,
}
ENVIRONMENT.globals |= {
    "STAMP": STAMP,
    "address": address,
    "as_typed": as_typed,
    "cited_page": cited_page,
    "counted": counted,
    "day": day,
    "facts": facts,
    "marked": marked,
    "near": near,
    "said_of_what_follows": said_of_what_follows,
    "trouble_worded": trouble_worded,
    "worded": worded,
}


def shown(request: Request, template: str, status: int = 200, **said: Any) -> HTMLResponse:
    """A page. Its template extends `layout.html`; what may be said in it is `said`, the globals of this module, and `changes`: whether the operator
    allows them."""
    changes: bool = request.app.state.access.allow_changes
    menu = (*MENU, *CHANGES) if changes else MENU
    page = ENVIRONMENT.get_template(template).render(
        request=request, menu=menu, changes=changes, **said
    )
    return HTMLResponse(page, status)
