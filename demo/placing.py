"""Where the documents of a site lie: addresses, file names, bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace

from casereviews.demo import pdf, word
from casereviews.demo.cases import Case, DocumentPlan
from casereviews.demo.compose import compose
from casereviews.demo.desk import Banks
from casereviews.demo.papers import Paper, Paragraph

PASSWORD = "lapwing"
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A document at its address. `path` is as people write it (raw spaces and all), `words` its full text.

    `disposition` is the file name that its server sends, for addresses without an extension.
    """

    case: Case
    plan: DocumentPlan
    path: str
    body: bytes
    media_type: str
    paper: Paper
    disposition: str = ""

    @property
    def html(self) -> bool:
        """True when the document is a web page and not a file."""
        return self.plan.form == "html"


def slug(text: str) -> str:
    """Words for a path: lower case, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def path_of(case: Case, plan: DocumentPlan) -> str:
    """The address of a document in the manner of its site's platform."""
    if plan.path:
        return plan.path
    number = int(hashlib.sha256(f"{case.id}/{plan.text}".encode()).hexdigest()[:4], 16)
    end = "docx" if plan.form == "docx" else "pdf"
    name = re.sub(r"[^A-Za-z0-9]+", "-", plan.text).strip("-")
    year, month = f"{case.published}-06".split("-")[:2]
    if plan.form == "html":
        return f"/briefings/{slug(plan.text)}/"
    match case.site:
        case "hallowshire":
            return f"/wp-content/uploads/{year}/{month}/{name}.{end}"
        case "marlsea":
            return f"/assets/clients/7/{slug(case.title)}-{slug(plan.role)}.{end}"
        case "wennol":
            return f"/media/{number:04x}/{slug(plan.text)}.{end}"
        case "eastermere":
            return f"/documents/{number}/{name.lower()}.{end}"
        case _:
            return f"/media/{number}/{slug(plan.text)}.{end}"


def place(case: Case, plan: DocumentPlan, banks: Banks, seed: int, edit: str = "") -> Placed:
    """Make one document. `edit` is "text" for changed words, "bytes" for other bytes with the same words."""
    paper = compose(case, plan, banks, seed)
    if edit == "text":
        note = (
            "Corrected edition. After publication two dates in this report were found to be wrong and "
            "the third recommendation was made clearer: the agencies will report within ninety days."
        )
        paper = replace(paper, blocks=(*paper.blocks, Paragraph(note)))
    if edit == "bytes":
        paper = replace(paper, revision="second printing")
    path = path_of(case, plan)
    extension = path.rsplit(".", 1)[-1] if "." in path.rsplit("/", 1)[-1] else ""
    form = {"scan": "pdf", "locked": "pdf", "empty": "pdf"}.get(plan.form, plan.form)
    disposition = "" if extension or form == "html" else f"{slug(plan.text)}.{form}"
    return Placed(case, plan, path, _body(paper, plan), MEDIA_TYPES[form], paper, disposition)


def _body(paper: Paper, plan: DocumentPlan) -> bytes:
    match plan.form:
        case "docx":
            return word.docx_bytes(paper)
        case "html":
            return word.article_html(paper).encode()
        case "scan":
            return pdf.scanned_bytes(paper)
        case "locked":
            return pdf.pdf_bytes(paper, password=PASSWORD)
        case "empty":
            return b""
        case _:
            return pdf.pdf_bytes(paper)
