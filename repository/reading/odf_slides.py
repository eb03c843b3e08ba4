"""Where the shapes of an OpenDocument slide stand, and which of them nobody sees.

Source: OASIS OpenDocument 1.3 part 3, 10.3 (drawing shapes), 16.5 (page layouts), 20.118 (draw:fill); lengths are 18.3.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from casereviews.repository.reading.slides import Box, holds, meet, overlap

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_DRAW = f"{{{_NAMES}drawing:1.0}}"
_PLACE = f"{{{_NAMES}svg-compatible:1.0}}"
_STYLE = f"{{{_NAMES}style:1.0}}"
_FORMAT = f"{{{_NAMES}xsl-fo-compatible:1.0}}"
_TARGET = f"{{{_NAMES}smil-compatible:1.0}}targetElement"
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LENGTH = re.compile(r"(-?\d{1,6}(?:\.\d{1,8})?)(cm|mm|in|pt|pc|px)")
# English Metric Units in each.
_UNITS = {"cm": 360_000, "mm": 36_000, "in": 914_400, "pt": 12_700, "pc": 152_400, "px": 9_525}
_BOXES = frozenset(_DRAW + name for name in ("rect", "custom-shape"))
_FILLED = _BOXES | {_DRAW + name for name in ("ellipse", "circle", "polygon", "path")}
_MOST_COVERS = 100
_USUAL = (33.867 * _UNITS["cm"], 21 * _UNITS["cm"])  # of slides that do not say how large they are


class SlideLayouts:
    """The sizes of slides and the fills of shapes, by the names of their styles."""

    def __init__(self, roots: Iterable[Element]) -> None:
        sizes: dict[str, tuple[float, float]] = {}
        self._sizes: dict[str, tuple[float, float]] = {}
        self._solid: set[str] = set()
        for root in roots:
            for layout in root.iter(_STYLE + "page-layout"):
                for properties in layout.iter(_STYLE + "page-layout-properties"):
                    size = [
                        _length(properties.get(_FORMAT + f"page-{one}"))
                        for one in ("width", "height")
                    ]
                    if size[0] is not None and size[1] is not None:
                        sizes[layout.get(_STYLE + "name") or ""] = (size[0], size[1])
            for style in root.iter(_STYLE + "style"):
                for properties in style:
                    clear = properties.get(_DRAW + "opacity") not in (None, "100%")
                    if properties.get(_DRAW + "fill") == "solid" and not clear:
                        self._solid.add(style.get(_STYLE + "name") or "")
            for master in root.iter(_STYLE + "master-page"):
                size_of = sizes.get(master.get(_STYLE + "page-layout-name") or "")
                if size_of:
                    self._sizes[master.get(_STYLE + "name") or ""] = size_of

    def unseen(self, slide: Element) -> tuple[set[Element], bool]:
        """The shapes off the slide and those wholly under an opaque box drawn later, unless either is animated; and whether some of
        the words of another may be covered."""
        size = self._sizes.get(slide.get(_DRAW + "master-page-name") or "", _USUAL)
        moving = {each.get(_TARGET) for each in slide.iter()} - {None}
        found: set[Element] = set()
        covers: list[Box] = []
        painted: list[Box] = []
        doubtful = False
        for shape in reversed(list(_shapes(slide))):
            box = _box(shape)
            if box is None or {shape.get(_ID), shape.get(_DRAW + "id")} & moving:
                continue
            if not meet(box, (0, 0, *size)) or any(holds(cover, box) for cover in covers):
                found.add(shape)
                continue
            if not doubtful and any(overlap(one, box) for one in painted):
                doubtful = any(text.strip() for text in shape.itertext())
            if len(painted) < _MOST_COVERS and self._is_painted(shape):
                painted.append(box)
            if len(covers) < _MOST_COVERS and self._is_opaque(shape):
                covers.append(box)
        return found, doubtful

    def _is_painted(self, shape: Element) -> bool:
        if shape.find(_DRAW + "image") is not None:
            return True
        return shape.tag in _FILLED and shape.get(_DRAW + "style-name") in self._solid

    def _is_opaque(self, shape: Element) -> bool:
        if shape.tag not in _BOXES or shape.get(_DRAW + "style-name") not in self._solid:
            return False
        outline = shape.find(_DRAW + "enhanced-geometry")
        return outline is None or outline.get(_DRAW + "type") == "rectangle"


def _shapes(parent: Element) -> Iterator[Element]:
    """Shapes without their groups, from the bottom to the top."""
    for child in parent:
        if child.tag == _DRAW + "g":
            yield from _shapes(child)
        elif child.tag.startswith(_DRAW):
            yield child


def _box(shape: Element) -> Box | None:
    """The box of a shape in English Metric Units; None for one that is turned or not placed."""
    if shape.get(_DRAW + "transform"):
        return None
    sides = [_length(shape.get(_PLACE + name)) for name in ("x", "y", "width", "height")]
    left, top, width, height = sides
    if left is None or top is None or width is None or height is None:
        return None
    return left, top, left + width, top + height


def _length(text: str | None) -> float | None:
    found = _LENGTH.fullmatch(text or "")
    return float(found.group(1)) * _UNITS[found.group(2)] if found else None
