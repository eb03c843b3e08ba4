"""BibTeX (@techreport) as JabRef and LaTeX read it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from casereviews.collection.output.answer import Answer
from casereviews.collection.output.citations import Citation, cited
from casereviews.collection.output.form import Form

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

_IN_ADDRESSES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def render(answer: Answer) -> Iterator[str]:
    """One entry a record; keys are review ids and never change."""
    for record in answer.records:
        yield _entry(cited(record, answer.accessed, answer.vocabulary))


def escaped(text: str) -> str:
    """Text in which LaTeX's own characters mean themselves.

    BibTeX counts braces whether escaped or not: where they do not pair, they are written as words.
    """
    latex = _LATEX if _paired(text) else {**_LATEX, **_BRACES}
    return "".join(latex.get(character, character) for character in text)


def _paired(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _one(keyword: str) -> str:
    """A keyword that commas and semicolons do not part in two."""
    return re.sub(r"\s*[,;]\s*", " / ", keyword)


def _entry(citation: Citation) -> str:
    lines = [f"@techreport{{{citation.key},"]
    for name, value in _fields(citation):
        lines.append(f"  {name} = {value},")
    return "\n".join([*lines, "}", ""])


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    yield "title", f"{{{{{escaped(citation.title)}}}}}"
    if citation.publisher:
        yield "author", f"{{{{{escaped(citation.publisher)}}}}}"
        yield (
            "institution",
            f"{{{{{escaped(citation.publisher)}}}}}",
        )  # one body, whatever "and" is in it
    if citation.date:
        yield "year", f"{{{citation.date[0]}}}"
    if len(citation.date) > 1:
        yield "month", _MONTHS[int(citation.date[1]) - 1]
    if len(citation.date) > 2:
        yield "date", f"{{{'-'.join(citation.date)}}}"
    if citation.kind:
        yield "type", f"{{{escaped(citation.kind)}}}"
    if citation.keywords:
        yield "keywords", f"{{{escaped(', '.join(_one(word) for word in citation.keywords))}}}"
    if citation.abstract:
        yield "abstract", f"{{{escaped(citation.abstract)}}}"
    if citation.url:
        yield "url", f"{{{citation.url.translate(_IN_ADDRESSES)}}}"
    if citation.accessed:
        yield "urldate", f"{{{citation.accessed}}}"
    if citation.listed_at:
        yield "annote", f"{{Listed at {escaped(citation.listed_at)}}}"
    notes = "; ".join((*citation.pages, citation.note)).strip("; ")
    if notes:
        yield "note", f"{{{escaped(notes)}}}"


FORM = Form(
    "bibtex",
    "BibTeX, for JabRef and LaTeX",
    "records",
    "bib",
    render,
    streamed=True,
    cites=True,
    abstracts=True,
)
