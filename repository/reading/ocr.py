"""Scans: pages without a usable text layer are rendered by pypdfium2 and recognised by rapidocr (the [ocr] extra).

The models ship inside rapidocr's wheel, so it works offline. They know no ŵ and no ŷ: recognised Welsh says so.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from statistics import median
from typing import Any

from casereviews.repository.model import Page, Reading
from casereviews.repository.reading.content import Opening
from casereviews.repository.reading.covered import covered_pages
from casereviews.repository.reading.flow import Block, page_of
from casereviews.repository.reading.languages import document_language, language
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.page_store import OcrPage, PageStore
from casereviews.repository.reading.pdf import layout, visible
from casereviews.repository.reading.pdf.furniture import furniture
from casereviews.repository.reading.pdf.lines import Line
from casereviews.repository.reading.pdf.paragraphs import Paragraphs, Sizes, words_of
from casereviews.repository.reading.pdf.quality import word_share
from casereviews.repository.reading.repair import repair
from casereviews.repository.reading.summary import summed_up, text_sha256

# Longest side of a rendered page in pixels: what the detector was made for, about 170 dots an inch of A4.
_PIXELS = 2000
_LEAST_SCORE = 0.5
_READS_WELL = 0.75  # words times confidence, from which on a page lies straight


def ocr_available() -> bool:
    """True when the [ocr] extra is installed."""
    return all(importlib.util.find_spec(name) is not None for name in ("rapidocr", "onnxruntime"))


def waiting_pages(reading: Reading) -> list[int]:
    """Numbers of the pages that have no usable text layer and were not recognised yet."""
    return [page.number for page in reading.pages if page.status == "needs_ocr"]


def recognise_pages(
    reading: Reading, opening: Opening, limits: Limits, store: PageStore | None = None
) -> Reading:
    """Recognise the waiting pages of a PDF within the budget of `limits.ocr_seconds`.

    Each page is kept in `store` as soon as it is done, and taken from there when it was done before. Pages that the budget does not
    reach stay `needs_ocr`. Native pages are left as they are, and a bad text layer is replaced, so no text is doubled.
    """
    waiting = waiting_pages(reading)
    deadline = Deadline(limits.ocr_seconds)
    done: dict[int, OcrPage] = {}
    document: Any = None
    try:
        for number in waiting:
            page = store.get(reading.sha256, number) if store is not None else None
            if page is None:
                if deadline.passed:
                    continue
                document = document or _open(opening)
                page = recognise_page(document, number)
                if store is not None:
                    store.put(reading.sha256, page)
            done[number] = page
    finally:
        if document is not None:
            document.close()
    return _merged(reading, done, deadline, limits)


def recognise_page(document: Any, number: int) -> OcrPage:
    """Render one page and recognise it; a page that was scanned lying or upside down is turned."""
    page = document[number - 1]
    try:
        width, height = page.get_size()
        scale = min(_PIXELS / max(width, height, 1.0), 20.0)
        picture = page.render(scale=scale, may_draw_forms=False).to_numpy()[:, :, :3].copy()
        _, redactions = visible.drawn_and_redacted(page)
        for left, top, right, bottom in visible.marked_for_redaction(page, redactions, scale):
            picture[top:bottom, left:right] = 0
    finally:
        page.close()
    straight = _recognised(picture, number, (width, height), scale)
    lying = sum(_is_tall(line) for line in straight.lines) > len(straight.lines) / 2
    if not lying and _worth(straight) >= _READS_WELL:
        return straight
    sides = (1, 3) if lying else (2,)
    tried = [straight]
    for quarters in sides:
        size = (height, width) if quarters % 2 else (width, height)
        turned = _turned(picture, quarters)
        found = _recognised(turned, number, size, scale)
        tried.append(replace(found, quarters=quarters))
    return max(tried, key=_worth)


def _is_tall(line: Line) -> bool:
    return line.bottom - line.top > 1.5 * line.width and len(line.text) > 2


def _worth(page: OcrPage) -> float:
    """How much of a recognised page looks like words (0..1); lying lines are read in no order."""
    text = " ".join(line.text for line in page.lines)
    lying = sum(map(_is_tall, page.lines)) > len(page.lines) / 2
    return 0.0 if lying else word_share(text) * page.confidence


def _recognised(picture: Any, number: int, size: tuple[float, float], scale: float) -> OcrPage:
    found = _engine()(picture, use_cls=False)
    if found.txts is None or found.boxes is None:
        return OcrPage(number, *size, 0.0, ())
    slope = _slope(found.boxes)
    lines = _lines(found.boxes, found.txts, found.scores, scale, slope)
    letters = sum(len(text) for text in found.txts) or 1
    weighed = zip(found.txts, found.scores, strict=True)
    confidence = sum(len(text) * float(score) for text, score in weighed) / letters
    return OcrPage(number, *size, round(confidence, 4), tuple(lines), slope=round(slope, 5))


def _turned(picture: Any, quarters: int) -> Any:
    import numpy

    return numpy.ascontiguousarray(numpy.rot90(picture, quarters))


@cache
def _engine() -> Any:
    """One engine a process, on one core, silent, and never downloading."""
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.use_cls": False,
            "Global.text_score": _LEAST_SCORE,
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _open(opening: Opening) -> Any:
    from casereviews.repository.reading.formats.pdf import open_document

    return open_document(opening)


def _slope(boxes: Any) -> float:
    """The median slope of the lines' upper edges, in radians."""
    slopes = [
        math.atan2(float(box[1][1] - box[0][1]), float(box[1][0] - box[0][0]))
        for box in boxes
        if float(box[1][0] - box[0][0]) > 200
    ]
    return median(slopes) if slopes else 0.0


def _lines(
    boxes: Any, texts: Sequence[str], scores: Sequence[float], scale: float, slope: float
) -> list[Line]:
    """Lines in points, turned straight by their slope."""
    turn, lift = math.cos(-slope), math.sin(-slope)
    lines = []
    for box, text, score in zip(boxes, texts, scores, strict=True):
        words = repair(text).strip()
        if not words or score < _LEAST_SCORE:
            continue
        points = [(float(x) / scale, float(y) / scale) for x, y in box]
        xs = [x * turn - y * lift for x, y in points]
        ys = [x * lift + y * turn for x, y in points]
        top, bottom = (ys[0] + ys[1]) / 2, (ys[2] + ys[3]) / 2
        size = round((bottom - top) * 0.8, 1)
        lines.append(Line(words, min(xs), top, max(xs), bottom, size, False))
    return lines


def _merged(
    reading: Reading, done: dict[int, OcrPage], deadline: Deadline, limits: Limits
) -> Reading:
    """The reading with its recognised pages, and statuses told anew."""
    recognised = _pages(list(done.values()))
    pages = tuple(_put_in(page, recognised.get(page.number)) for page in reading.pages)
    left = sum(page.status == "needs_ocr" for page in pages)
    details = [part for part in reading.detail.split("; ") if part and "need OCR" not in part]
    if any(page.method == "ocr" and page.language in ("cy", "bilingual") for page in pages):
        details.append("recognised Welsh lacks ŵ and ŷ")
    if left and limits.ocr_seconds:
        details.append("the budget for OCR is spent, the next run goes on")
    status = (
        "ok" if reading.status in ("needs_ocr", "partial") and not _cut(reading) else reading.status
    )
    status, detail = summed_up(pages, status, "; ".join(details))
    return replace(
        reading,
        pages=pages,
        status=status,
        detail=detail,
        language=document_language([page.language for page in pages]),
        text_sha256=text_sha256(pages, status),
        seconds=round(reading.seconds + deadline.elapsed, 3),
    )


def _cut(reading: Reading) -> bool:
    """True when something else than OCR was missing: pages over the limit, or damaged ones."""
    told = [part for part in reading.detail.split("; ") if part and "need OCR" not in part]
    return any(covered_pages(part) is None for part in told)


def _put_in(page: Page, found: Page | None) -> Page:
    if found is None:
        return page
    return replace(found, label=page.label or found.label, raw=found.raw or page.raw)


def _pages(recognised: list[OcrPage]) -> dict[int, Page]:
    """Recognised lines become pages as native ones do: furniture off, columns in order, paragraphs joined."""
    all_lines = [list(page.lines) for page in recognised]
    found = furniture(all_lines, [page.height for page in recognised])
    words = words_of(all_lines)
    pages: dict[int, Page] = {}
    for index, page in enumerate(recognised):
        dropped = found.places[index]
        lines = [line for place, line in enumerate(page.lines) if place not in dropped]
        paragraphs = Paragraphs(_sizes(lines), words, ())
        blocks = paragraphs.blocks(layout.regions(lines))
        made = page_of(map(_tidy, blocks), page.number, "ocr", label=found.labels[index])
        raw = "\n".join(line.text for line in page.lines) if dropped else ""
        pages[page.number] = replace(
            made, raw=raw, confidence=page.confidence, language=language(made.text)
        )
    return pages


def _tidy(block: Block) -> Block:
    return Block(block.kind, repair(block.text), block.level)


def _sizes(lines: Sequence[Line]) -> Sizes:
    """Heights of recognised lines vary: only much larger ones are headings."""
    body = median(line.size for line in lines) if lines else 10.0
    return Sizes(body * 1.25, (body * 2.0,))
