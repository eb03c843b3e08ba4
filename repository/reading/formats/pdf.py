"""PDF by pypdfium2: real pages with their printed labels; the slower layout path only where it is needed."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium_c

from casereviews.repository.model import Page
from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.covered import covered_detail
from casereviews.repository.reading.errors import Corrupt, Encrypted, NothingInside
from casereviews.repository.reading.flow import Block, page_of, sections
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.pdf import layout, ligatures, lines, quality, tables, visible
from casereviews.repository.reading.pdf.attached import attached_files, xfa_words
from casereviews.repository.reading.pdf.furniture import furniture
from casereviews.repository.reading.pdf.lines import Line
from casereviews.repository.reading.pdf.paragraphs import Paragraphs, sizes, words_of
from casereviews.repository.reading.placeholders import placeholder_of
from casereviews.repository.reading.repair import repair

MEDIA_TYPE = "application/pdf"
# After this many damaged pages in a row the page count is a false claim.
_HOPELESS = 50
# A page with so many words (at least, and of all) whose letters nothing proves has no text layer of use.
_BROKEN_WORDS, _BROKEN_SHARE = 3, 0.03
# pdfium looks for a PDF's mark in the first kilobyte only.
_FAR = 1024
_END = 2048
_MARK = re.compile(rb"\A\s*%PDF-|%PDF-(?!\d\.\d[ ,.;<)]*[\w<])")
_JUNK_BEFORE = re.compile(rb"(?:^|[\r\n>])%PDF-[12]\.\d[\r\n%]")
# What programs write where nobody gave a title; "Microsoft Word - name.docx" is a file's name.
_NO_TITLE = re.compile(
    r"^(?:untitled|\(anonymous\)|microsoft (?:word|powerpoint)\b.*|.*\.(?:docx?|pdf|pptx?|indd))$",
    re.IGNORECASE,
)
# pdfium keeps every decoded picture and font of a page until it is closed; outlines are cut at this many entries.
_OUTLINE_ENTRIES = 5000


@dataclass(slots=True)
class _Raw:
    """One page between the two passes: before furniture is known."""

    number: int
    lines: list[Line]
    text: str
    height: float
    grids: list[tables.Grid] | None = None
    damaged: bool = False
    needs_ocr: bool = False
    covered: bool = False


def looks_like(opening: Opening) -> bool:
    """The mark of a PDF may stand anywhere in the first kilobyte (ISO 32000, annex H), or after what a website wrote before it.

    A page that names the mark in its words is none.
    """
    return (
        _MARK.search(opening.head[:1024]) is not None
        or _JUNK_BEFORE.search(opening.head) is not None
    )


def open_document(opening: Opening) -> pypdfium2.PdfDocument:
    """Open a PDF, with the empty user password where it has one; raises Encrypted or Corrupt.

    Its form, if it has one, is made ready: pdfium then draws what was filled in where the file has no drawing of it.
    """
    begin = max(opening.head.find(b"%PDF-"), 0)
    try:
        source = opening.whole()[begin:] if begin >= _FAR else opening.path
        document = pypdfium2.PdfDocument(source)
        if document.get_formtype() == pdfium_c.FORMTYPE_ACRO_FORM:
            document.init_forms()
        return document
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD or "assword" in str(
            error
        ):
            raise Encrypted("a PDF with a password: ask the publisher for an open copy") from error
        if "ecurity" in str(error):
            raise Encrypted("a PDF locked by a scheme that pdfium does not know") from error
        raise Corrupt(f"a damaged PDF ({error}): {_what_to_do(opening)}") from error


def _what_to_do(opening: Opening) -> str:
    """Another fetch helps where the file was cut short: its end mark is not among its last bytes (ISO 32000-1, 7.5.5, annex H)."""
    with opening.path.open("rb") as file:
        file.seek(max(opening.size - _END, 0))
        whole = b"%%EOF" in file.read()
    if whole:
        return "another fetch gives the same, ask the publisher for a sound copy"
    return "its end is missing, fetch it again"


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read all pages natively; pages without a usable text layer say needs_ocr."""
    document = open_document(opening)
    try:
        claimed = len(document)
        if claimed == 0:
            raise NothingInside("a PDF without pages")
        layers = visible.has_layers(opening.path)
        raws, stopped = _pages(document, layers, min(claimed, limits.pages), limits, deadline)
        if raws and all(raw.damaged for raw in raws):
            raise Corrupt(f"none of {claimed} claimed pages could be read: {_what_to_do(opening)}")
        _mend_ligatures(raws)
        labels = _labels(document, len(raws))
        outline = _outline(document)
        title = _title(document)
        pages = tuple(_finish(raws, labels, outline))
        if placeholder_of(pages) == "form":
            pages = _form_pages(document, limits) or pages
        attached = attached_files(document)
    finally:
        document.close()
    status, detail = _status_of(raws, claimed, stopped)
    slow = sum(raw.grids is not None for raw in raws)
    return Content(pages, title, status, detail, slow, attached)


def _form_pages(document: pypdfium2.PdfDocument, limits: Limits) -> tuple[Page, ...]:
    """The words of a form that no PDF program but Adobe's shows; () without any."""
    blocks = [Block("paragraph", words) for words in xfa_words(document)]
    return sections(blocks, "native", limit=limits.pages) if blocks else ()


def _mend_ligatures(raws: list[_Raw]) -> None:
    """Repair words with glyphs of no meaning; a page of which many cannot be repaired is read from its picture."""
    mender = ligatures.mender_of(line.text for raw in raws for line in raw.lines)
    for raw in raws:
        if mender:
            raw.lines = [line._replace(text=mender.mend(line.text)) for line in raw.lines]
            raw.text = mender.mend(raw.text)
        wrong = ligatures.unproven(raw.text)
        if wrong >= _BROKEN_WORDS and wrong > _BROKEN_SHARE * len(raw.text.split()):
            raw.needs_ocr, raw.lines = True, []


def _status_of(raws: list[_Raw], claimed: int, stopped: str) -> tuple[str, str]:
    damaged = sum(raw.damaged for raw in raws)
    if stopped == "time":
        return "timed_out", f"read {len(raws)} of {claimed} pages in the time allowed"
    parts = []
    if stopped == "claim":
        parts.append(f"claims {claimed} pages, the last that can be read is {len(raws)}")
    elif len(raws) < claimed:
        parts.append(f"read the first {len(raws)} of {claimed} pages: the limit")
    if damaged:
        parts.append(f"{damaged} damaged pages")
    status = "partial" if parts else "ok"
    if covered := [raw.number for raw in raws if raw.covered]:
        parts.append(covered_detail(covered))
    return status, "; ".join(parts)


def _pages(
    document: pypdfium2.PdfDocument, layers: bool, count: int, limits: Limits, deadline: Deadline
) -> tuple[list[_Raw], str]:
    raws: list[_Raw] = []
    characters = 0
    for number in range(1, count + 1):
        if deadline.passed:
            return raws, "time"
        raw = _page(document, layers, number)
        raws.append(raw)
        characters += len(raw.text)
        if characters > limits.characters:
            return raws, "characters"
        if len(raws) >= _HOPELESS and all(each.damaged for each in raws[-_HOPELESS:]):
            while len(raws) > 1 and raws[-1].damaged:
                raws.pop()
            return raws, "claim"
    return raws, ""


def _page(document: pypdfium2.PdfDocument, layers: bool, number: int) -> _Raw:
    """Read one page; a damaged one is marked, never raised."""
    try:
        page, redactions, composed, unsaid = visible.as_shown(document, number)
    except (pypdfium2.PdfiumError, IndexError):
        return _Raw(number, [], "", 0.0, damaged=True)
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        page.close()
        return _Raw(number, [], "", 0.0, damaged=True)
    try:
        raw = _read_page(page, textpage, number, layers, redactions, composed)
        said = " ".join(raw.text.split())
        raw.covered |= any(" ".join(one.split()) not in said for one in unsaid)
        return raw
    finally:
        textpage.close()
        page.close()


def _read_page(
    page: Any,
    textpage: Any,
    number: int,
    layers: bool,
    redactions: list[visible.Bounds],
    composed: bool,
) -> _Raw:
    width, height = page.get_size()
    reach = lines.Reach(page, textpage)
    text, hidden = visible.seen_text(page, textpage, reach, layers, redactions)
    text = lines.despaced(lines.lost_within_lines(text, reach), reach)
    found = lines.whole_lines(text, reach)
    if not _usable(page, text, width, height):
        picture = quality.picture_cover(page, width, height)
        needs_ocr = picture > 0.02 or quality.letters(text) > 0 or _drawn(page)
        return _Raw(number, [], text, height, needs_ocr=needs_ocr, covered=hidden)
    if not (composed or lines.has_gaps(reach, height) or lines.climbs(found, height)):
        found.sort(key=lambda line: line.bottom)
        return _Raw(number, found, text, height, covered=hidden)
    # What was typed into a form comes after all of its labels: their places tell what belongs together.
    parts = lines.line_parts(text, reach)
    grids = tables.grids(page)
    return _Raw(number, parts, text, height, grids, covered=hidden)


def _usable(page: Any, text: str, width: float, height: float) -> bool:
    """Pictures are only measured where the text alone does not settle it."""
    if quality.good(text):
        return True
    return quality.usable(text, quality.picture_cover(page, width, height))


def _drawn(page: Any) -> bool:
    """True when a page without text has many drawn shapes: letters turned to outlines."""
    return bool(pdfium_c.FPDFPage_CountObjects(page.raw) > 40)


def _finish(
    raws: list[_Raw], labels: list[str | None], outline: dict[int, list[tuple[int, str]]]
) -> Iterator[Page]:
    """Second pass: take off furniture, build paragraphs, mark headings."""
    all_lines = [raw.lines for raw in raws]
    found = furniture(all_lines, [raw.height for raw in raws])
    measure = sizes(all_lines)
    words = words_of(all_lines)
    for index, raw in enumerate(raws):
        label = labels[index] or found.labels[index]
        if raw.damaged:
            yield Page(raw.number, "", label=label, status="empty")
            continue
        if raw.needs_ocr:
            kept = repair(raw.text.replace(lines.HYPHEN, "-\n")).strip()
            yield Page(raw.number, "", label=label, raw=kept, status="needs_ocr")
            continue
        dropped = found.places[index]
        kept_lines = [line for place, line in enumerate(raw.lines) if place not in dropped]
        regions = _regions(kept_lines, raw.grids)
        paragraphs = Paragraphs(measure, words, outline.get(index, ()))
        page = page_of(
            (_repaired(block) for block in paragraphs.blocks(regions)),
            raw.number,
            "native",
            label=label,
        )
        if dropped:
            whole = "\n".join(line.text for line in raw.lines)
            page = _with_raw(page, repair(whole))
        yield page


def _with_raw(page: Page, raw: str) -> Page:
    return Page(
        page.number, page.text, page.label, raw, page.method, page.status, headings=page.headings
    )


def _repaired(block: Any) -> Any:
    return type(block)(block.kind, repair(block.text), block.level)


def _regions(found: list[Line], grids: list[tables.Grid] | None) -> list[layout.Region]:
    """Lines in reading order; `grids` is None where the layout is plain."""
    if grids is None:
        return [layout.Region(lines=found)]
    rest, ready = tables.ruled(found, grids)
    return layout.regions(rest, ready)


def _labels(document: pypdfium2.PdfDocument, count: int) -> list[str | None]:
    """Printed labels of the PDF's own label tree; where it has none, None (printed numbers are used)."""
    labels: list[str | None] = []
    for index in range(count):
        with contextlib.suppress(pypdfium2.PdfiumError, UnicodeError, ValueError):
            labels.append(document.get_page_label(index).strip()[:40] or None)
            continue
        labels.append(None)
    return labels


def _outline(document: pypdfium2.PdfDocument) -> dict[int, list[tuple[int, str]]]:
    """Titles of the outline by the index of their page, with levels from 1."""
    found: dict[int, list[tuple[int, str]]] = {}
    with contextlib.suppress(pypdfium2.PdfiumError, UnicodeError, RecursionError, ValueError):
        for count, entry in enumerate(document.get_toc(max_depth=6)):
            if count >= _OUTLINE_ENTRIES:
                break
            target = entry.get_dest()
            index = target.get_index() if target else None
            if index is not None:
                title = repair(entry.get_title())
                found.setdefault(index, []).append((min(entry.level + 1, 6), title))
    return found


def _title(document: pypdfium2.PdfDocument) -> str | None:
    """The title that the file states of itself."""
    with contextlib.suppress(pypdfium2.PdfiumError, UnicodeError):
        title = " ".join(repair(document.get_metadata_value("Title")).split())[:400]
        return title if title and not _NO_TITLE.match(title) else None
    return None


FORMAT = Format("pdf", MEDIA_TYPE, looks_like, read, rank=10)
