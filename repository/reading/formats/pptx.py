"""PPTX by python-pptx: a page a slide, its title as heading, shapes in reading order, speaker's notes at the end."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

import pptx
from lxml import etree
from pptx.exc import PackageNotFoundError, PythonPptxError

from casereviews.repository.model import Page
from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.errors import Corrupt
from casereviews.repository.reading.flow import Block, page_of
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.packages import check
from casereviews.repository.reading.repair import repair

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_GROUP = 6  # MSO_SHAPE_TYPE.GROUP
_DEPTH = 12
_BODY = frozenset({2, 7})  # PP_PLACEHOLDER.BODY, OBJECT: bulleted by their layout
_FURNITURE = frozenset({13, 15, 16})  # PP_PLACEHOLDER: SLIDE_NUMBER, FOOTER, DATE


def looks_like(opening: Opening) -> bool:
    return "ppt/presentation.xml" in opening.members


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read a presentation, one page a slide."""
    check(opening.path, limits)
    try:
        presentation = pptx.Presentation(str(opening.path))
        pages: list[Page] = []
        slides = list(presentation.slides)
        for number, slide in enumerate(slides[: limits.pages], 1):
            if deadline.passed:
                told = f"read {len(pages)} of {len(slides)} slides in the time allowed"
                return Content(tuple(pages), _title(presentation), "timed_out", told)
            pages.append(page_of(_slide(slide), number, "pptx", label=str(number)))
    except (
        PackageNotFoundError,
        PythonPptxError,
        etree.XMLSyntaxError,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
    ) as error:
        raise Corrupt(f"a damaged PPTX ({str(error)[:120]}): fetch it again") from error
    cut = len(slides) > len(pages)
    detail = f"read the first {len(pages)} of {len(slides)} slides: the limit" if cut else ""
    return Content(tuple(pages), _title(presentation), "partial" if cut else "ok", detail)


def _title(presentation: Any) -> str | None:
    title = repair(presentation.core_properties.title or "").strip()
    return None if title in ("", "PowerPoint Presentation") else title[:400]


def _slide(slide: Any) -> Iterator[Block]:
    title = slide.shapes.title
    if title is not None and title.has_text_frame:
        text = " ".join(repair(title.text_frame.text.replace("\v", " ")).split())
        if text:
            yield Block("heading", text, 2)
    known = title.shape_id if title is not None else None
    yield from _shapes([shape for shape in slide.shapes if shape.shape_id != known], 0)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            yield Block("paragraph", repair(_text(paragraph)))


def _shapes(shapes: list[Any], depth: int) -> Iterator[Block]:
    """Shapes from top to bottom and left to right; those without a place of their own keep the slide's order."""
    if depth > _DEPTH:
        raise Corrupt("a presentation nested too deeply")
    for shape in _ordered(shapes):
        if shape.is_placeholder and int(shape.placeholder_format.type or 0) in _FURNITURE:
            continue
        if shape.shape_type == _GROUP:
            yield from _shapes(list(shape.shapes), depth + 1)
        elif getattr(shape, "has_table", False) and shape.has_table:
            for row in shape.table.rows:
                cells = (" ".join(cell.text_frame.text.split()) for cell in row.cells)
                yield Block("row", repair("\t".join(cells)))
        elif shape.has_text_frame:
            yield from _frame(shape)


def _ordered(shapes: list[Any]) -> list[Any]:
    """Bands of shapes at about the same height are read from left to right."""
    if any(shape.top is None or shape.left is None for shape in shapes):
        return shapes
    band = 457_200  # half an inch in English Metric Units
    return sorted(shapes, key=lambda shape: (shape.top // band, shape.left))


def _frame(shape: Any) -> Iterator[Block]:
    listed = shape.is_placeholder and int(shape.placeholder_format.type or 0) in _BODY
    paragraphs = [each for each in shape.text_frame.paragraphs if _text(each).strip()]
    for paragraph in paragraphs:
        text = repair(_text(paragraph)).strip()
        if listed and len(paragraphs) > 1 and not text.startswith(("•", "-", "–")):
            yield Block("item", f"• {text}")
        else:
            yield Block("paragraph", text)


def _text(paragraph: Any) -> str:
    """Text of a paragraph with its fields (links, dates); line breaks inside become newlines."""
    return str(paragraph.text).replace("\v", "\n")


FORMAT = Format("pptx", MEDIA_TYPE, looks_like, read, rank=20)
