"""A sheet that boxes and lines of text are put on, in points from its top left corner: SVG and PNG of it, by matplotlib (`[charts]`).

Text is measured before it is placed, so that a picture grows with its words and nothing lies over anything else. No state of
matplotlib but the font cache is shared: a lock keeps threads apart.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import IO, Any, Literal
from xml.sax.saxutils import escape

from casereviews.collection.errors import CannotDraw
from casereviews.collection.output.hostile import for_line

INK = "#14323d"
QUIET = "#4d5a60"
"""Words of less weight: 7:1 on white (WCAG 2.2, 1.4.6)."""
BAR = "#1d5c72"
UNKNOWN_FILL = "#78858b"
"""3.8:1 on white (WCAG 2.2, 1.4.11: 3:1 for what a picture is understood by)."""
LINE = 1.35
SPARE = 1.08
"""Room for a viewer's own font where DejaVu Sans is missing: Verdana is as wide, the others narrower."""
MOST_PIXELS = 12_000
DOTS = 144
_DRAWING = threading.RLock()


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: its base line begins, ends or has its middle at (x, y); `upright` reads from bottom to top."""

    x: float
    y: float
    said: str
    size: float = 10.0
    colour: str = INK
    bold: bool = False
    align: Literal["left", "center", "right"] = "left"
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle by its top left corner; `told` is what a pointer over it is told (SVG's title)."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = "none"
    told: str = ""


@dataclass(slots=True)
class Sheet:
    """Boxes and words, as wide and high as they are said to be."""

    width: float = 0.0
    height: float = 0.0
    boxes: list[Box] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)

    def take(self, other: Sheet, x: float, y: float) -> None:
        """Put all of another sheet here, its corner at (x, y)."""
        self.boxes += [replace(one, x=one.x + x, y=one.y + y) for one in other.boxes]
        self.words += [replace(one, x=one.x + x, y=one.y + y) for one in other.words]

    def lines(
        self, x: float, y: float, said: Sequence[str], size: float, colour: str = INK, **how: Any
    ) -> float:
        """Lines one below the other, the first one's top at y; gives where they end."""
        for at, line in enumerate(said):
            self.words.append(
                Words(x, y + size * (1.0 + LINE * at), line, size=size, colour=colour, **how)
            )
        return y + size * LINE * len(said)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a sheet, with its title and, for those who hear it, all that it shows in words."""

    title: str
    description: str
    sheet: Sheet

    def figure(self) -> Any:
        """matplotlib's Figure of it, of which `savefig` makes what it can (PDF for print)."""
        with _DRAWING:
            return _figure(self.sheet)

    def svg(self) -> str:
        """SVG 1.1, its text as text. The same picture gives the same letters."""
        drawn = io.StringIO()
        with _DRAWING:
            _saved(self.sheet, drawn, format="svg", metadata={"Date": None})
        return _read_aloud(drawn.getvalue(), self)

    def png(self) -> bytes:
        """PNG of 144 dots an inch, of fewer where a side would have more than MOST_PIXELS; title and description are in its text."""
        drawn = io.BytesIO()
        longest = max(self.sheet.width, self.sheet.height) / 72
        words = {"Title": self.title, "Description": self.description, "Software": "casereviews"}
        with _DRAWING:
            dots = min(DOTS, MOST_PIXELS / longest)
            _saved(self.sheet, drawn, format="png", dpi=dots, metadata=words)
        return drawn.getvalue()


def wide(said: str, size: float, bold: bool = False) -> float:
    """Points that a line of text takes across."""
    if not said:
        return 0.0
    with _DRAWING:
        return _measured(said, bold) * size * SPARE


def wrapped(said: str, size: float, width: float, bold: bool = False) -> list[str]:
    """The words of a text in lines no wider than `width` points; a word that is wider is cut."""
    lines = [""]
    for word in for_line(said).split():
        for piece in _pieces(word, size, width, bold):
            longer = f"{lines[-1]} {piece}".strip()
            if lines[-1] and wide(longer, size, bold) > width:
                lines.append(piece)
            else:
                lines[-1] = longer
    return lines


def legible_on(fill: str) -> str:
    """Black or white, whichever stands out more (at least 4.5:1 on any colour; WCAG 2.2, 1.4.3)."""
    return "#000000" if contrast("#000000", fill) >= contrast("#ffffff", fill) else "#ffffff"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def shade(number: int, largest: int) -> str:
    """White for nought, else the darker the nearer to `largest`."""
    if not number:
        return "#ffffff"
    part = number / max(largest, 1)
    pale, dark = (0xDC, 0xEE, 0xF3), (0x0F, 0x45, 0x59)
    return "#" + "".join(
        f"{round(a + (b - a) * part):02x}" for a, b in zip(pale, dark, strict=True)
    )


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _pieces(word: str, size: float, width: float, bold: bool) -> list[str]:
    pieces = []
    while wide(word, size, bold) > width and len(word) > 1:
        end = next(
            (n for n in range(len(word) - 1, 1, -1) if wide(word[:n], size, bold) <= width), 1
        )
        pieces.append(word[:end])
        word = word[end:]
    return [*pieces, word]


@cache
def _matplotlib() -> Any:
    try:
        import matplotlib
    except ImportError:
        raise CannotDraw from None
    matplotlib.rcParams["svg.hashsalt"] = "casereviews"  # the same counts give the same file
    matplotlib.rcParams["svg.fonttype"] = "none"  # text stays text: searchable, and read aloud
    return matplotlib


@cache
def _measured(said: str, bold: bool) -> float:
    _matplotlib()
    from matplotlib.textpath import text_to_path

    prop = _font(10.0, bold)
    width: float = _quietly(
        lambda: text_to_path.get_text_width_height_descent(said, prop, ismath=False)[0]
    )
    return width / 10.0


@cache
def _font(size: float, bold: bool) -> Any:
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")


def _quietly(work: Callable[[], Any]) -> Any:
    """Do it; a letter that the font lacks is drawn as a box, and no warning of it."""
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        return work()


def _saved(sheet: Sheet, file: IO[Any], **how: Any) -> None:
    _quietly(lambda: _figure(sheet).savefig(file, **how))


def _figure(sheet: Sheet) -> Any:
    _matplotlib()
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

    width, height = sheet.width, sheet.height
    figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor="white")
    for at, box in enumerate(sheet.boxes):
        patch = Rectangle(
            (box.x / width, 1 - (box.y + box.height) / height),
            box.width / width,
            box.height / height,
            facecolor=box.fill,
            edgecolor=box.edge,
            linewidth=0.8,
            transform=figure.transFigure,
        )
        if box.told:
            patch.set_gid(f"told-{at}")
        figure.add_artist(patch)
    for line in sheet.words:
        figure.add_artist(
            Text(
                line.x / width,
                1 - line.y / height,
                line.said,
                color=line.colour,
                fontproperties=_font(line.size, line.bold),
                horizontalalignment=line.align,
                verticalalignment="baseline",
                rotation=90 if line.upright else 0,
                rotation_mode="anchor",
                parse_math=False,
                transform=figure.transFigure,
            )
        )
    return figure


def _read_aloud(svg: str, picture: Picture) -> str:
    """The SVG with a title and a description for those who hear it (SVG 2, section 5.8; WCAG 2.2, 1.1.1), and what its boxes tell."""
    before, opening, after = svg.partition("<svg ")
    tag, _, inside = after.partition(">")
    for at, box in enumerate(picture.sheet.boxes):
        if box.told:
            group = f'<g id="told-{at}">'
            inside = inside.replace(group, f"{group}<title>{escape(box.told)}</title>", 1)
    words = (
        f'<title id="title">{escape(picture.title)}</title>\n'
        f' <desc id="desc">{escape(picture.description)}</desc>'
    )
    return f'{before}{opening}role="img" aria-labelledby="title desc" {tag}>\n {words}{inside}'
