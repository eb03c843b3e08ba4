"""The words of a chart: its titles, what is written at its points, and a row for each of its categories.

A value that is printed at its point stands as it is printed there; one that is only drawn stands as the file has it. The numbers
along an axis are not read: the program that draws the chart chooses them.

Sources: ECMA-376 part 1, 21.2 (charts); [MS-ODRAWXML] 2.24 (charts of Office 2016).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casereviews.repository.reading.drawing import A, paragraph_text
from casereviews.repository.reading.flow import Block
from casereviews.repository.reading.number_formats import plainly, printed
from casereviews.repository.reading.repair import repair

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
C_2016 = "{http://schemas.microsoft.com/office/drawing/2014/chartex}"
_C_2012 = "{http://schemas.microsoft.com/office/drawing/2012/chart}"
_ON = frozenset({"1", "true"})
_UNITS = {
    "hundreds": "Hundreds",
    "thousands": "Thousands",
    "tenThousands": "x 10000",
    "hundredThousands": "x 100000",
    "millions": "Millions",
    "tenMillions": "x 10000000",
    "hundredMillions": "x 100000000",
    "billions": "Billions",
    "trillions": "Trillions",
}


def chart(root: Any) -> Iterator[Block]:
    """The titles of a chart and what is written at its points, then a row for each of its categories: the category and the value of
    each series."""
    for element in root.iter(C + "title", C_2016 + "title", C + "dispUnits"):
        yield from _paragraph(_title(element))
    for label in root.iter(C + "dLbl"):
        if not _says(label, "delete"):
            yield from _paragraph(
                " ".join(_said(each) for each in label.iterfind(f"{C}tx/{C}rich"))
            )
    if root.find(f"{C}chart/{C}legend") is not None:
        for name in root.iterfind(f".//{C}trendline/{C}name"):
            yield from _paragraph(name.text or "")
    from_1904 = _says(root, "date1904")
    for plot in root.iter(C + "plotArea"):
        tabled = plot.find(C + "dTable") is not None
        for kind in plot:
            series = list(kind.iterchildren(C + "ser"))
            yield from _rows([_Series(each, kind, plot, tabled, from_1904) for each in series])
    yield from _of_2016(root)


def _paragraph(text: str) -> Iterator[Block]:
    text = " ".join(repair(text).split())
    if text:
        yield Block("paragraph", text)


def _title(element: Any) -> str:
    """The words of a title, or of what an axis says of its units."""
    if element.tag == C + "dispUnits":
        label = element.find(C + "dispUnitsLbl")
        unit = element.find(C + "builtInUnit")
        named = "" if unit is None else _UNITS.get(unit.get("val") or "", "")
        return "" if label is None else _said(label) or named
    cells = element.iter(C + "v", C_2016 + "v")
    return _said(element) or " ".join(each.text or "" for each in cells)


def _said(element: Any) -> str:
    """The words of all paragraphs in an element, without letters that have no ink and the signs that stand in for a field's value."""
    parts = []
    for paragraph in element.iter(A + "p"):
        for run in paragraph.iterchildren(A + "r", A + "fld", A + "br"):
            text = paragraph_text(run) if run.tag != A + "br" else " "
            stand_in = run.tag == A + "fld" and text.startswith("[") and text.endswith("]")
            if not stand_in and run.find(f"{A}rPr/{A}noFill") is None:
                parts.append(text)
        parts.append(" ")
    return "".join(parts).strip()


def _says(element: Any | None, name: str) -> bool:
    """Whether an element has a child that switches something on; one without a value does."""
    child = None if element is None else element.find(C + name)
    return child is not None and child.get("val", "1") in _ON


class _Series:
    """One series: its name, its categories and its values as they are shown, both by their places."""

    def __init__(self, series: Any, kind: Any, plot: Any, tabled: bool, from_1904: bool) -> None:
        self._from_1904 = from_1904
        own = series.find(C + "dLbls")
        self._labels = kind.find(C + "dLbls") if own is None else own
        self._tabled = tabled
        names = (each for top in series.iterchildren(C + "tx") for each in top.iter(C + "v"))
        self.name = " ".join(each.text or "" for each in names)
        named = _Points.of(series, "cat", "xVal")
        axes = {each.get("val") for each in kind.iterchildren(C + "axId")}
        code = _axis_code(plot, axes) or named.code
        self.categories = {
            place: self._number(text, code) or text for place, text in named.texts.items()
        }
        self._points = _Points.of(series, "val", "yVal")
        self._sizes = _Points.of(series, "bubbleSize").texts
        self._beside = _beside(series)
        numbers = (_float(each) for each in self._points.texts.values())
        self._sum = sum(abs(each) for each in numbers if each is not None)
        self._each = {
            each.get("val"): label
            for label in (() if self._labels is None else self._labels.iterchildren(C + "dLbl"))
            for each in label.iterchildren(C + "idx")
        }
        self.values = {place: self._value(place) for place in self._points.texts}

    def _value(self, place: int) -> str:
        """A value with what is written at its point besides."""
        text = self._points.texts[place]
        label = self._each.get(str(place), self._labels)
        gone = label is None or _says(label, "delete")
        source = self._points.code
        shown = None
        if not gone and _says(label, "showVal"):
            shown = self._number(text, _own_code(label) or _own_code(self._labels) or source)
        elif self._tabled:
            shown = self._number(text, source)
        number = _float(text)
        if not shown:
            shown = text if number is None or source is None else self._drawn(number, source)
        more = [] if gone else [self._sizes.get(place, "")] * _says(label, "showBubbleSize")
        if not gone and _says(label, "showPercent") and number is not None and self._sum:
            code = _own_code(label) or _own_code(self._labels) or ""
            percent = printed(abs(number) / self._sum, code if "%" in code else "0%")
            more.append(f"({percent})")
        more.append(self._beside.get(place, ""))
        return " ".join(each for each in (shown, *more) if each)

    def _drawn(self, number: float, code: str) -> str:
        """A value that is not printed: all its digits; a share of 1 per cent, a day as its format has it."""
        if "%" in code:
            return f"{plainly(number * 100)}%"
        dated = printed(number, code, from_1904=self._from_1904) if "y" in code.casefold() else None
        return dated or plainly(number)

    def _number(self, text: str, code: str | None) -> str | None:
        """A number as a format prints it; None for what is none, or has no format."""
        number = _float(text)
        if number is None or code is None:
            return None
        return printed(number, code, from_1904=self._from_1904) or plainly(number)


@dataclass(frozen=True, slots=True)
class _Points:
    """The points of a series by their places, and the format of its numbers; None for words."""

    texts: dict[int, str]
    code: str | None

    @classmethod
    def of(cls, series: Any, *names: str) -> _Points:
        tops = [top for name in names for top in series.iterchildren(C + name)]
        code = next((each.text or "" for top in tops for each in top.iter(C + "formatCode")), None)
        levels = [level for top in tops for level in top.iter(C + "lvl")]
        return cls(_joined([_by_place(each, C) for each in levels or tops]), code)


def _by_place(level: Any, name: str) -> dict[int, str]:
    """The points in an element by their places; a point that does not say its place follows the one before."""
    found: dict[int, str] = {}
    place = -1
    for point in level.iter(name + "pt"):
        said = point.get("idx") or ""
        place = int(said) if said.isdecimal() else place + 1
        words = [each.text or "" for each in point.iter(name + "v")] or [point.text or ""]
        found[place] = " ".join(words)
    return found


def _joined(levels: list[dict[int, str]]) -> dict[int, str]:
    """The names of categories of several levels, the innermost first: an outer one holds until the next begins."""
    if len(levels) < 2:
        return levels[0] if levels else {}
    inner, *outer = levels
    found: dict[int, str] = {}
    current = [""] * len(outer)
    for place in sorted(set().union(*levels)):
        current = [level.get(place, last) for level, last in zip(outer, current, strict=True)]
        if place in inner:
            found[place] = " ".join(filter(None, (*reversed(current), inner[place])))
    return found


def _axis_code(plot: Any, axes: set[str | None]) -> str | None:
    """The format that an axis of categories has of its own."""
    for axis in plot.iterchildren(C + "catAx", C + "dateAx"):
        if axis.find(C + "axId") is not None and axis.find(C + "axId").get("val") in axes:
            return _own_code(axis)
    return None


def _own_code(element: Any | None) -> str | None:
    """The format that an axis or labels have of their own, and do not take from the cells."""
    own = None if element is None else element.find(C + "numFmt")
    if own is None or own.get("sourceLinked") in _ON:
        return None
    return own.get("formatCode") or None


def _beside(series: Any) -> dict[int, str]:
    """What is written at the points from other cells, where labels show it."""
    switches = series.iter(_C_2012 + "showDataLabelsRange")
    if not any(each.get("val", "1") in _ON for each in switches):
        return {}
    caches = series.iter(_C_2012 + "dlblRangeCache")
    return next((_by_place(each, C) for each in caches), {})


def _float(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None  # neither infinite nor "nan"


def _rows(series: list[_Series]) -> Iterator[Block]:
    if series:
        yield from _header([each.name for each in series])
        categories = next((each.categories for each in series if each.categories), {})
        yield from _lines([categories, *(each.values for each in series)])


def _header(names: list[str]) -> Iterator[Block]:
    line = "\t".join(names)
    if line.strip():
        yield Block("row", repair(f"\t{line}"))


def _lines(columns: list[dict[int, str]]) -> Iterator[Block]:
    for place in sorted(set().union(*columns)):
        yield Block("row", repair("\t".join(each.get(place, "") for each in columns)))


def _of_2016(root: Any) -> Iterator[Block]:
    """The series that a chart of Office 2016 shows, each with its data."""
    shown: dict[str | None, list[str]] = {}
    series = list(root.iter(C_2016 + "series"))
    for each in series:
        if each.get("hidden") not in _ON:
            names = each.iterfind(f"{C_2016}tx//{C_2016}v")
            for identifier in each.iterchildren(C_2016 + "dataId"):
                shown.setdefault(identifier.get("val"), []).extend(one.text or "" for one in names)
    for data in root.iter(C_2016 + "data"):
        if series and data.get("id") not in shown:
            continue
        yield from _header(shown.get(data.get("id"), []))
        yield from _lines(
            [
                _joined([_by_place(level, C_2016) for level in each.iterchildren(C_2016 + "lvl")])
                for each in data.iterchildren(C_2016 + "strDim", C_2016 + "numDim")
            ]
        )
