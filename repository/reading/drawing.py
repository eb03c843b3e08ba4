"""DrawingML that DOCX and PPTX share: what is hidden, and the paragraphs of shapes.

Source: ECMA-376 part 1, 21.1.2 (text).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casereviews.repository.reading.repair import repair

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_ON = frozenset({"1", "true", "on"})


def is_hidden(shape: Any) -> bool:
    """True when the author hid a drawn object: by its properties, or by the style of an old VML shape."""
    style = "".join((shape.get("style") or "").split()).casefold()
    if "visibility:hidden" in style or "display:none" in style:
        return True
    for child in shape:
        name = _local(child)
        if name.startswith("nv") and len(child):
            child, name = child[0], _local(child[0])
        if name in ("cNvPr", "docPr"):
            return child.get("hidden") in _ON
    return False


def paragraph_text(paragraph: Any) -> str:
    """Text of a paragraph of DrawingML with its fields and formulas; breaks become newlines."""
    parts: list[str] = []
    for element in paragraph.iter("*"):
        name = _local(element)
        if name == "t":
            parts.append(element.text or "")
        elif name == "br":
            parts.append("\n")
    return "".join(parts)


def paragraphs(body: Any) -> Iterator[str]:
    """The texts of a text body's paragraphs, without empty ones."""
    for paragraph in body.iterchildren(A + "p"):
        text = repair(paragraph_text(paragraph)).strip()
        if text:
            yield text


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
