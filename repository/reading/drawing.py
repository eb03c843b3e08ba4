"""DrawingML that DOCX and PPTX share: paragraphs of shapes, the words of SmartArt, and charts as rows.

Sources: ECMA-376 part 1, 21.1.2 (text), 21.2 (charts), 21.4 (diagrams); [MS-ODRAWXML] 2.24 (charts of Office 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

from casereviews.repository.reading.flow import Block
from casereviews.repository.reading.packages import Package
from casereviews.repository.reading.repair import repair

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_CHART_2016 = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_DRAWN = "{http://schemas.microsoft.com/office/drawing/2008/diagram}dataModelExt"
# Points of a diagram that stand for its layout, not for words (ST_PtType).
_LAYOUT = frozenset({"doc", "pres"})
# Days count from here in spreadsheets; the last is that of the year 9999.
_FIRST_DAY, _LAST_DAY = date(1899, 12, 30), 2_958_466
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


class Graphics:
    """SmartArt and charts that a part of a package shows by parts of their own; `lost` names those that could not be read."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.lost: list[str] = []

    def blocks(self, element: Any, part: str) -> list[Block] | None:
        """The blocks of a reference to a chart or a diagram; None for any other element."""
        if element.tag in (_CHART + "chart", _CHART_2016 + "chart"):
            identifier, kind, read = element.get(R + "id"), "a chart", _chart
        elif element.tag == _DIAGRAM + "relIds":
            identifier, kind, read = element.get(R + "dm"), "a diagram", _diagram
        else:
            return None
        relation = self._package.related(part).get(identifier or "")
        root = None if relation is None else self._package.root(relation.target)
        found = [] if root is None else list(read(root))
        if not found and read is _diagram:
            found = self._as_drawn(root, part)
        if root is None and not found:
            self.lost.append(kind)
        return found

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


def _chart(root: Any) -> Iterator[Block]:
    """The titles of a chart and what is written at its points, then a row for each of its categories: the category and the value of
    each series."""
    points = (
        one
        for one in root.iter(_CHART + "dLbl")
        if one.find(f"{_CHART}tx/{_CHART}rich") is not None
    )
    for title in (*root.iter(_CHART + "title", _CHART_2016 + "title"), *points):
        text = repair(" ".join(paragraph_text(each) for each in title.iter(A + "p"))).strip()
        text = text or " ".join(each.text or "" for each in title.iter(_CHART + "v")).strip()
        if text:
            yield Block("paragraph", " ".join(text.split()))
    for plot in root.iter(_CHART + "plotArea"):
        for kind in plot:
            yield from _rows([_series(each) for each in kind.iterchildren(_CHART + "ser")])
    for data in root.iter(_CHART_2016 + "data"):
        columns = [
            [point.text or "" for point in each.iter(_CHART_2016 + "pt")]
            for each in data.iterchildren(_CHART_2016 + "strDim", _CHART_2016 + "numDim")
        ]
        yield from _lines(columns)


def _series(series: Any) -> tuple[str, list[str], list[str]]:
    """The name of a series, its categories and its values."""
    name = " ".join(
        each.text or ""
        for top in series.iterchildren(_CHART + "tx")
        for each in top.iter(_CHART + "v")
    )
    categories, values = (
        [
            _number(" ".join(each.text or "" for each in point.iter(_CHART + "v")), written)
            for top in series.iterchildren(*(_CHART + one for one in names))
            for written in [next((each.text for each in top.iter(_CHART + "formatCode")), None)]
            for point in top.iter(_CHART + "pt")
        ]
        for names in (("cat", "xVal"), ("val", "yVal"))
    )
    return name, categories, values


def _number(text: str, written: str | None) -> str:
    """A number as a chart shows it: without the noise of binary fractions; a share of 1 per cent, a day as its date."""
    try:
        number = float(text) if written is not None else None
    except ValueError:
        number = None
    if number is None:
        return text
    if "y" in (written or "").casefold() and 0 < number < _LAST_DAY:
        return (_FIRST_DAY + timedelta(days=int(number))).isoformat()
    return f"{number * 100:.10g}%" if "%" in (written or "") else f"{number:.10g}"


def _rows(series: list[tuple[str, list[str], list[str]]]) -> Iterator[Block]:
    if series:
        names = "\t".join(name for name, _categories, _values in series)
        if names.strip():
            yield Block("row", repair(f"\t{names}"))
        categories = next((each for _name, each, _values in series if each), [])
        yield from _lines([categories, *(values for _name, _categories, values in series)])


def _lines(columns: list[list[str]]) -> Iterator[Block]:
    for cells in zip_longest(*columns, fillvalue=""):
        yield Block("row", repair("\t".join(cells)))


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
