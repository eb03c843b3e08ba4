"""Records as pages: the templates, and what they may say of a record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from casereviews.collection.output.citations import cited_page
from casereviews.collection.output.hostile import flat, for_line, for_snippet
from casereviews.collection.output.wording import counted
from casereviews.repository.fields import DESCRIBED
from casereviews.repository.file_trouble import trouble_worded
from casereviews.repository.vocabulary import Vocabulary
from casereviews.web.menu import MENU
from casereviews.web.style_files import STAMP

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


def address(path: str, *parts: object, **asked: object) -> str:
    """An address of ours: `/read` with parts between slashes and what is asked after a question mark; what is empty is left out."""
    where = "/".join([path.rstrip("/"), *(quote(str(part), safe="") for part in parts)]) or "/"
    said = urlencode([pair for name, value in asked.items() for pair in _pairs(name, value)])
    return f"{where}?{said}" if said else where


def _pairs(name: str, value: object) -> list[tuple[str, str]]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return [(name, str(one)) for one in values if one not in ("", None)]


def web_address(text: object) -> str:
    """A publisher's address for a link; "" for what is no web address (a `javascript:` of a hostile page)."""
    line = for_line(str(text or ""))
    return line if line.startswith(("https://", "http://")) else ""


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
    "MENU": MENU,
    "STAMP": STAMP,
    "address": address,
    "cited_page": cited_page,
    "counted": counted,
    "marked": marked,
    "trouble_worded": trouble_worded,
    "worded": worded,
}


def shown(request: Request, template: str, status: int = 200, **said: Any) -> HTMLResponse:
    """A page. Its template extends `layout.html`; what may be said in it is `said` and the globals of this module."""
    page = ENVIRONMENT.get_template(template).render(request=request, **said)
    return HTMLResponse(page, status)
