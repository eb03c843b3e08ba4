"""What a document shows by parts of their own: the words of SmartArt and of charts.

Source: ECMA-376 part 1, 21.2 (charts), 21.3 (what is drawn on a chart), 21.4 (diagrams).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casereviews.repository.reading.charts import C_2016, C, chart
from casereviews.repository.reading.drawing import R, is_hidden, paragraphs
from casereviews.repository.reading.flow import Block
from casereviews.repository.reading.packages import Package

_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DRAWN = "{http://schemas.microsoft.com/office/drawing/2008/diagram}dataModelExt"
# Points of a diagram that stand for its layout, not for words (ST_PtType).
_LAYOUT = frozenset({"doc", "pres"})


class Graphics:
    """SmartArt and charts that a part of a package shows by parts of their own; `lost` names those that could not be read."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.lost: list[str] = []

    def blocks(self, element: Any, part: str) -> list[Block] | None:
        """The blocks of a reference to a chart or a diagram; None for any other element."""
        if element.tag in (C + "chart", C_2016 + "chart"):
            identifier, kind, read = element.get(R + "id"), "a chart", chart
        elif element.tag == _DIAGRAM + "relIds":
            identifier, kind, read = element.get(R + "dm"), "a diagram", _diagram
        else:
            return None
        relation = self._package.related(part).get(identifier or "")
        root = None if relation is None else self._package.root(relation.target)
        found = [] if root is None else list(read(root))
        if not found and read is _diagram:
            found = self._as_drawn(root, part)
        if relation is not None and read is chart:
            found.extend(self._drawn_on(relation.target))
        if root is None and not found:
            self.lost.append(kind)
        return found

    def _drawn_on(self, part: str) -> Iterator[Block]:
        """The words of boxes that were drawn on a chart."""
        root = self._package.root(self._package.first(part, "chartUserShapes"))
        for body in root.iter("{*}txBody") if root is not None else ():
            if not is_hidden(body.getparent()):
                yield from (Block("paragraph", each) for each in paragraphs(body))

    def _as_drawn(self, data: Any | None, part: str) -> list[Block]:
        """The words of a diagram from the drawing that Office keeps of it, where its data have none."""
        related = self._package.related(part)
        named = (
            None if data is None else next((each.get("relId") for each in data.iter(_DRAWN)), None)
        )
        drawn = [each.target for each in related.values() if each.kind == "diagramDrawing"]
        target = (
            related[named].target if named in related else drawn[0] if len(drawn) == 1 else None
        )
        root = self._package.root(target)
        bodies = () if root is None else root.iter("{*}txBody")
        return [Block("item", text) for body in bodies for text in paragraphs(body)]


def _diagram(root: Any) -> Iterator[Block]:
    """The words of a diagram in the order of its tree; those that no connection reaches come last, in the file's order."""
    points = {
        point.get("modelId") or "": point
        for point in root.iterfind(f"{_DIAGRAM}ptLst/{_DIAGRAM}pt")
        if point.get("type") != "pres"
    }
    below: dict[str, list[tuple[int, str]]] = {}
    for link in root.iterfind(f"{_DIAGRAM}cxnLst/{_DIAGRAM}cxn"):
        order = link.get("srcOrd") or "0"
        if link.get("type", "parOf") == "parOf":
            place = int(order) if order.isdigit() else 0
            below.setdefault(link.get("srcId") or "", []).append((place, link.get("destId") or ""))
    waiting = list(reversed([*_tops(points), *points]))
    told: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in told or name not in points:
            continue
        told.add(name)
        waiting.extend(child for _place, child in sorted(below.get(name, ()), reverse=True))
        body = points[name].find(_DIAGRAM + "t")
        if points[name].get("type") not in _LAYOUT and body is not None:
            for text in paragraphs(body):
                yield Block("item", text)


def _tops(points: dict[str, Any]) -> Iterator[str]:
    return (name for name, point in points.items() if point.get("type") == "doc")
