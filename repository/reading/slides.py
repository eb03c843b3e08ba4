"""Where the shapes of a slide stand, what they are painted with, and which of them nobody sees.

Sources: ECMA-376 part 1, 19.3.1 (slides, shapes, placeholders), 20.1.2.3 (colours), 20.1.7 (places, in English Metric Units).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from casereviews.repository.reading.colours import WHITE, alike, colour
from casereviews.repository.reading.drawing import A, R, is_hidden
from casereviews.repository.reading.errors import Corrupt
from casereviews.repository.reading.packages import Package

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
GROUP, FRAME, PICTURE = P + "grpSp", P + "graphicFrame", P + "pic"
_PAINTS = frozenset({P + "sp", PICTURE})
_SHAPES = frozenset({P + "sp", P + "cxnSp", P + "contentPart", PICTURE, GROUP, FRAME})
_FILLS = [
    A + name for name in ("noFill", "solidFill", "gradFill", "blipFill", "pattFill", "grpFill")
]
_RECTANGLES = frozenset({"rect", "roundRect"})
# Pictures of these kinds have no transparent dots.
_OPAQUE = (".jpg", ".jpeg", ".bmp")
_DUST = 100
# A ground that is not one plain colour: a picture, a gradient, the theme's. Nothing is called unseen on it.
PAINTED = ""
# What a master calls the placeholders that those of a layout come from; others are called alike.
_IN_MASTER = {"ctrTitle": "title"} | dict.fromkeys(
    ("obj", "subTitle", "tbl", "chart", "dgm", "media", "clipArt", "pic"), "body"
)
# Styles of tables that paint nothing: "No Style, No Grid" and "No Style, Table Grid".
_UNPAINTED = frozenset(
    {"{2D5ABB26-0587-4C30-8999-92F81FD0307C}", "{5940675A-B579-460E-94D1-54222C63F5DA}"}
)
_INSET = 91_440  # a tenth of an inch: words begin this far inside their frame
_DEPTH = 12
_MOST_SHAPES = 1_000  # on fuller slides nobody asks what lies under what
_MOST_COVERS = 100  # every shape is held against each; slides have a dozen

Box = tuple[float, float, float, float]
_Measure = tuple[float, float, float, float]  # scale and shift, across and down
_SLIDE: _Measure = (1.0, 1.0, 0.0, 0.0)


@dataclass(slots=True, eq=False)
class Shape:
    """One shape: its place in its group's own measure (left, top) and its box on the slide (left, top, right, bottom), where known.

    `placeholder` is (type, idx). `fill` is six hexadecimal digits, PAINTED for what is not one plain colour, None without one.
    `solid`: nothing shines through it. `opaque`: nor through any part of its box. `unseen`: hidden, off the slide or under something opaque.
    """

    element: Any
    identifier: str
    placeholder: tuple[str, str] | None
    place: tuple[int, int] | None
    box: Box | None
    fill: str | None
    solid: bool
    opaque: bool
    unseen: bool
    inner: list[Shape] = field(default_factory=list)


class Deck:
    """A presentation's layouts and masters, each read once."""

    def __init__(self, package: Package, size: tuple[int, int]) -> None:
        self._package, self._size = package, size
        self._roots: dict[str, Any] = {}
        self._under: dict[str | None, Design] = {}

    def slide(self, name: str, root: Any) -> Slide:
        """A slide's shapes over the design that it stands on."""
        layout = self._package.first(name, "slideLayout")
        if layout not in self._under:
            master = self._package.first(layout, "slideMaster") if layout else None
            theme = self._package.first(master, "theme") if master else None
            roots = [self._root(layout), self._root(master)]
            self._under[layout] = Design(roots, self._root(theme))
        return Slide(self._package, name, root, self._under[layout], self._size)

    def _root(self, name: str | None) -> Any | None:
        """A part of the design, None when it is missing or damaged: the slide's own words stand without it."""
        if name is not None and name not in self._roots:
            try:
                self._roots[name] = self._package.root(name)
            except Corrupt:
                self._roots[name] = None
        return None if name is None else self._roots[name]


class Design:
    """What slides take from a layout and its master: places of placeholders, colours of the theme, what is painted under them."""

    def __init__(self, roots: list[Any | None], theme: Any | None) -> None:
        layout, master = roots
        self.roots = roots
        self.colours = _theme(theme, master)
        self._layout = {_placeholder(each)[1]: each for each in _placeholders(layout)}
        self._master = {_placeholder(each)[0]: each for each in _placeholders(master)}

    def bases(self, element: Any) -> Iterator[Any]:
        """A shape, and the placeholders of the layout and the master that it takes from."""
        yield element
        if element.find(f"*/{P}nvPr/{P}ph") is not None:
            kind, index = _placeholder(element)
            base = self._layout.get(index)
            if base is not None:
                yield base
                kind = _placeholder(base)[0]
            base = self._master.get(_IN_MASTER.get(kind, kind))
            if base is not None:
                yield base

    def ink(self, fill: Any) -> str | None:
        """The plain colour of a solid fill; None when it is changed by more (shade, transparency) or not known."""
        for each in fill:
            if len(each):
                return None
            if each.tag == A + "srgbClr":
                return colour(each.get("val"))
            if each.tag == A + "sysClr":
                return colour(each.get("lastClr"))
            return self.colours.get(each.get("val") or "")
        return None


class Slide:
    """The shapes of one slide, in its own order, and what lies under each."""

    def __init__(
        self, package: Package, name: str, root: Any, design: Design, size: tuple[int, int]
    ) -> None:
        self._package, self._name, self._size = package, name, size
        self._design = design
        self._roots = [root, *design.roots]
        self._moving = frozenset(each.get("spid") or "" for each in root.iter(P + "spTgt"))
        self.shapes = list(self._read(_tree(root), _SLIDE, 0))
        self._flat = list(_flat(self.shapes))
        self._under = [
            shape
            for each in design.roots
            for shape in _flat(self._read(_tree(each), _SLIDE, 0))
            if shape.placeholder is None and shape.fill is not None
        ]
        self._ground = self._background()
        self.may_cover = False  # whether something in front of words may cover a part of them
        self._hide_covered()

    def ground(self, shape: Shape) -> str:
        """What lies under a shape's words: six hexadecimal digits, or PAINTED."""
        return self._under_it(shape) if shape.fill is None else shape.fill

    def ground_in(self, table: Any, cell: Any, shape: Shape) -> str:
        """What lies under the words of a cell: its own fill, that of a style of tables (which is not looked up), or what is under the table."""
        properties, named = cell.find(A + "tcPr"), table.find(f"{A}tblPr/{A}tableStyleId")
        fill = None if properties is None else next(properties.iterchildren(*_FILLS), None)
        if fill is not None and fill.tag != A + "noFill":
            return (self._design.ink(fill) if fill.tag == A + "solidFill" else None) or PAINTED
        plain = named is None or (named.text or "").strip().upper() in _UNPAINTED
        return self._under_it(shape) if plain or fill is not None else PAINTED

    def covered_cells(self, table: Any, shape: Shape) -> set[Any]:
        """The cells of a table that something opaque drawn later lies over, where the file says how wide and high they are."""
        box = shape.box
        if box is None or len(self._flat) > _MOST_SHAPES:
            return set()
        later = self._flat[self._flat.index(shape) + 1 :]
        covers = [
            each.box
            for each in later[:_MOST_COVERS]
            if each.box is not None
            and each.opaque
            and not each.unseen
            and each.identifier not in self._moving
            and overlap(each.box, box)
        ]
        if not covers:
            return set()
        rows = [*table.iterchildren(A + "tr")]
        wide = [_size(each, "w") for each in table.iterfind(f"{A}tblGrid/{A}gridCol")]
        high = [_size(each, "h") for each in rows]
        if not _fits(sum(wide), box[2] - box[0]) or not _fits(sum(high), box[3] - box[1]):
            return set()
        found: set[Any] = set()
        for number, row in enumerate(rows):
            top = box[1] + sum(high[:number])
            for place, cell in enumerate(row.iterchildren(A + "tc")):
                left = box[0] + sum(wide[:place])
                right = left + sum(wide[place : place + max(_size(cell, "gridSpan"), 1)])
                below = top + sum(high[number : number + max(_size(cell, "rowSpan"), 1)])
                if any(holds(cover, (left, top, right, below)) for cover in covers):
                    found.add(cell)
        return found

    def _under_it(self, shape: Shape) -> str:
        if len(self._flat) > _MOST_SHAPES:
            return PAINTED
        below = self._flat[: self._flat.index(shape)]
        painted = (each for each in (*self._under, *below) if each.fill is not None)
        return PAINTED if any(meet(each.box, shape.box) for each in painted) else self._ground

    def unseen(self, run: Any, ground: str) -> bool:
        """True for letters too small to see, without ink, or with that of their ground (see `ground`)."""
        properties = run.find(A + "rPr")
        if properties is None:
            return False
        if _is_dust(properties.get("sz")):
            return True
        fill = next(properties.iterchildren(*_FILLS), None)
        outline = properties.find(A + "ln")
        if fill is None or (outline is not None and outline.find(A + "noFill") is None):
            return False
        if fill.tag == A + "noFill" or any(
            each.get("val") == "0" for each in fill.iter(A + "alpha")
        ):
            return True
        ink = self._design.ink(fill) if fill.tag == A + "solidFill" else None
        return ink is not None and ground != PAINTED and alike(ink, ground)

    def _read(
        self, tree: Any | None, measure: _Measure, depth: int, *, hidden: bool = False
    ) -> Iterator[Shape]:
        if depth > _DEPTH:
            raise Corrupt("a presentation nested too deeply")
        for element in tree if tree is not None else ():
            if element.tag not in _SHAPES:
                continue
            shape = self._shape(element, measure)
            shape.unseen = hidden or shape.unseen
            if element.tag == GROUP:
                within = _within(element, measure)
                shape.inner = list(self._read(element, within, depth + 1, hidden=shape.unseen))
            yield shape

    def _shape(self, element: Any, measure: _Measure) -> Shape:
        bases = list(self._design.bases(element))
        frame = next((each for each in map(_frame, bases) if each is not None), None)
        place, box = _placed(frame, measure)
        fill, solid, whole = self._fill(bases)
        numbered = element.find(f".//{P}cNvPr")
        identifier = "" if numbered is None else numbered.get("id") or ""
        width, height = self._size
        away = box is not None and element.tag != GROUP and not meet(box, (0, 0, width, height))
        placeholder = None if element.find(f"*/{P}nvPr/{P}ph") is None else _placeholder(element)
        unseen = is_hidden(element) or (away and identifier not in self._moving)
        turned = frame is not None and int(frame.get("rot") or 0) % 10_800_000 != 0
        opaque = solid and whole and not turned
        return Shape(element, identifier, placeholder, place, box, fill, solid, opaque, unseen)

    def _fill(self, bases: list[Any]) -> tuple[str | None, bool, bool]:
        """The fill of a shape, whether nothing shines through it, and whether it fills its box."""
        element = bases[0]
        if element.tag == FRAME:
            return PAINTED, False, False
        if element.tag == PICTURE:
            blip = element.find(f"{P}blipFill/{A}blip")
            relation = (
                None
                if blip is None
                else self._package.related(self._name).get(blip.get(R + "embed") or "")
            )
            whole = relation is not None and relation.target.lower().endswith(_OPAQUE)
            return PAINTED, True, whole
        shape = next((each for each in element.iter(A + "prstGeom")), None)
        rectangle = shape is None or shape.get("prst") in _RECTANGLES
        for base in bases:
            properties = base.find(P + "spPr")
            fill = None if properties is None else next(properties.iterchildren(*_FILLS), None)
            if fill is not None:
                if fill.tag == A + "noFill":
                    return None, False, False
                plain = self._design.ink(fill) if fill.tag == A + "solidFill" else None
                through = next(fill.iter(A + "alpha"), None) is not None
                clear = through or fill.tag not in (A + "solidFill", A + "gradFill")
                return plain or PAINTED, not clear, rectangle
        themed = element.find(f"{P}style/{A}fillRef")
        if themed is not None and themed.get("idx") != "0":
            return PAINTED, True, rectangle
        return None, False, False

    def _background(self) -> str:
        """The colour of the slide's own ground, from the slide, its layout or its master."""
        turned = f"{P}clrMapOvr/{A}overrideClrMapping"  # other colours under the same names
        if any(root is not None and root.find(turned) is not None for root in self._roots):
            return PAINTED
        for root in self._roots:
            ground = None if root is None else root.find(f"{P}cSld/{P}bg")
            if ground is not None:
                named, own = ground.find(P + "bgRef"), ground.find(f"{P}bgPr/{A}solidFill")
                if own is not None:
                    return self._design.ink(own) or PAINTED
                # The first fill of a theme's backgrounds is plain, the others are gradients and pictures.
                if named is not None and named.get("idx") == "1001":
                    return self._design.ink(named) or PAINTED
                return PAINTED
        return WHITE

    def _hide_covered(self) -> None:
        """What lies wholly under an opaque box or picture drawn later is unseen, unless either moves or comes in while shown."""
        covers: list[Box] = []
        painted: list[Box] = []
        for shape in reversed(self._flat):
            element = shape.element
            if shape.box is None or shape.identifier in self._moving:
                continue
            if any(holds(cover, shape.box) for cover in covers):
                shape.unseen = True
            if shape.unseen:
                continue
            if not self.may_cover and any(overlap(each, shape.box) for each in painted):
                self.may_cover = has_words(element)
            if len(painted) < _MOST_COVERS and shape.solid and element.tag in _PAINTS:
                painted.append(shape.box)
            if shape.opaque and len(covers) < _MOST_COVERS:
                covers.append(shape.box)


def has_words(element: Any) -> bool:
    """True when letters stand in an element; which ones is not told."""
    return any((each.text or "").strip() for each in element.iter(A + "t"))


def _tree(root: Any | None) -> Any | None:
    return None if root is None else root.find(f"{P}cSld/{P}spTree")


def _flat(shapes: Iterable[Shape]) -> Iterator[Shape]:
    """Shapes without their groups, from the bottom to the top."""
    for shape in shapes:
        if shape.element.tag == GROUP:
            yield from _flat(shape.inner)
        else:
            yield shape


def _placeholders(root: Any | None) -> list[Any]:
    """The placeholders of a layout or master, the last first: of two alike the first counts."""
    tree = _tree(root)
    found = (
        [] if tree is None else [each for each in tree if each.find(f"*/{P}nvPr/{P}ph") is not None]
    )
    return found[::-1]


def _placeholder(element: Any) -> tuple[str, str]:
    """Type and index of a placeholder (ECMA-376, 19.3.1.36: "obj" and 0 where not given)."""
    mark = element.find(f"*/{P}nvPr/{P}ph")
    return mark.get("type", "obj"), mark.get("idx", "0")


def _frame(element: Any) -> Any | None:
    for path in (f"{P}spPr/{A}xfrm", f"{P}grpSpPr/{A}xfrm", f"{P}xfrm"):
        found = element.find(path)
        if found is not None and found.find(A + "off") is not None:
            return found
    return None


def _pair(frame: Any, name: str, one: str, other: str) -> tuple[int, int]:
    found = frame.find(A + name)
    try:
        return (0, 0) if found is None else (int(found.get(one) or 0), int(found.get(other) or 0))
    except ValueError:
        return 0, 0


def _is_dust(size: str | None) -> bool:
    """True for letters of a point or less, which are a speck on a slide; sizes are in hundredths of a point."""
    return size is not None and size.isascii() and size.isdigit() and int(size) <= _DUST


def _size(element: Any, name: str) -> int:
    text = element.get(name) or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


def _fits(told: int, drawn: float) -> bool:
    """True when the sizes of rows or columns make up the frame that they stand in."""
    return told > 0 and abs(told - drawn) <= 0.02 * told


def _placed(frame: Any | None, measure: _Measure) -> tuple[tuple[int, int] | None, Box | None]:
    """A shape's place in its group and its box on the slide; a turned one's box holds it however it is turned."""
    if frame is None:
        return None, None
    (left, top), (width, height) = _pair(frame, "off", "x", "y"), _pair(frame, "ext", "cx", "cy")
    across, down, right, below = measure
    box: Box = (
        left * across + right,
        top * down + below,
        (left + width) * across + right,
        (top + height) * down + below,
    )
    if frame.get("rot") not in (None, "0"):
        reach = math.hypot(box[2] - box[0], box[3] - box[1]) / 2
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
        box = (middle[0] - reach, middle[1] - reach, middle[0] + reach, middle[1] + reach)
    return (left, top), box


def _within(group: Any, measure: _Measure) -> _Measure:
    """The measure of a group's own shapes."""
    frame = _frame(group)
    if frame is None:
        return measure
    (left, top), (width, height) = _pair(frame, "off", "x", "y"), _pair(frame, "ext", "cx", "cy")
    inner, size = _pair(frame, "chOff", "x", "y"), _pair(frame, "chExt", "cx", "cy")
    wide, high = (width / size[0] if size[0] else 1.0), (height / size[1] if size[1] else 1.0)
    across, down, right, below = measure
    return (
        across * wide,
        down * high,
        (left - inner[0] * wide) * across + right,
        (top - inner[1] * high) * down + below,
    )


def meet(one: Box | None, other: Box | None) -> bool:
    """True when two boxes share a place, or when it is not known where one of them is."""
    if one is None or other is None:
        return True
    return (
        one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ) or one[:2] == other[:2]


def overlap(cover: Box, box: Box) -> bool:
    """True when a cover lies over a part of a box that may hold words: more than its margin."""
    across = min(cover[2], box[2]) - max(cover[0], box[0])
    down = min(cover[3], box[3]) - max(cover[1], box[1])
    return across > _INSET and down > _INSET


def holds(cover: Box, box: Box) -> bool:
    """True when a cover hides all words of a box, which begin some way inside it."""
    wide, high = (min(_INSET, (box[place + 2] - box[place]) / 10) for place in (0, 1))
    return (
        cover[0] <= box[0] + wide
        and cover[1] <= box[1] + high
        and cover[2] >= box[2] - wide
        and cover[3] >= box[3] - high
    )


def _theme(theme: Any | None, master: Any | None) -> dict[str, str]:
    """Colours by the names that slides use: the theme's own, and those that the master maps to them (bg1 is lt1)."""
    found: dict[str, str] = {}
    for scheme in theme.iter(A + "clrScheme") if theme is not None else ():
        for entry in scheme:
            shown = next(
                (colour(each.get("val")) or colour(each.get("lastClr")) for each in entry), None
            )
            if shown:
                found[entry.tag.rpartition("}")[2]] = shown
    mapping = None if master is None else master.find(P + "clrMap")
    mapped = {} if mapping is None else dict(mapping.attrib)
    return found | {name: found[target] for name, target in mapped.items() if target in found}
