"""The PRISMA 2020 flow diagram as SVG: what was found on the left, what was left out on the right, downwards in the order of the work.

The boxes and their order are those of Page et al. 2021 (The PRISMA 2020 statement, figure 1), for databases and registers; reviews that
no logged search found stand in a box of their own.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from casereviews.collection.output.hostile import for_line
from casereviews.repository.json_record import JsonRecord

WORDS = {
    "identified": "Records identified by logged searches",
    "duplicates": "Found again by another search, removed before screening",
    "identified_otherwise": "Records identified by other ways",
    "unscreened": "Not screened yet",
    "screened": "Records screened",
    "screened_out": "Records excluded on title and abstract",
    "sought": "Reports sought for retrieval",
    "not_retrieved": "Reports not retrieved",
    "assessed": "Reports assessed for eligibility",
    "excluded": "Reports excluded",
    "undecided": "Not decided yet",
    "included": "Reviews included",
}
"""Every box, in the order of the work, with what people read."""

_LEFT = ("identified", "identified_otherwise", "screened", "sought", "assessed", "included")
_BESIDE = {
    "identified": ("duplicates", "unscreened"),
    "screened": ("screened_out", "undecided_on_title"),
    "sought": ("not_retrieved",),
    "assessed": ("excluded", "undecided_on_text"),
}
ON_TITLE = "title and abstract"
"""What of the undecided ends so stands beside the records screened, the rest beside the reports assessed."""
_SPACE = "\u00a0"
_LETTERS, _LINE, _PAD = 42, 17, 9
_WIDTH, _GAP, _TOP = 320, 60, 48


@dataclass(frozen=True, slots=True)
class FlowBox(JsonRecord):
    """A box of the PRISMA 2020 flow diagram: one of WORDS, how many reviews, and, where a part of the box is told, of which reason or search."""

    box: str
    reason: str
    count: int


def flow_svg(boxes: Iterable[FlowBox], *, said: str = "") -> str:
    """The diagram as the text of an SVG file; `said` is a line under the title (of when, of what)."""
    of_box: dict[str, list[FlowBox]] = {}
    for one in boxes:
        of_box.setdefault(_place(one), []).append(one)
    drawn: list[str] = []
    y = _TOP
    above: int | None = None
    for name in _LEFT:
        if name not in of_box:
            continue
        left = _words(name, of_box[name])
        right = [
            line
            for beside in _BESIDE.get(name, ())
            if beside in of_box and _tells(of_box[beside])
            for line in _words(beside, of_box[beside])
        ]
        if above is not None and name != "identified_otherwise":
            drawn.append(_arrow(_PAD + _WIDTH // 2, above, _PAD + _WIDTH // 2, y))
        drawn.append(_box(_PAD, y, left))
        height = _height(left)
        if right:
            middle = y + min(height, _height(right)) // 2
            drawn.append(_arrow(_PAD + _WIDTH, middle, _PAD + _WIDTH + _GAP, middle))
            drawn.append(_box(_PAD + _WIDTH + _GAP, y, right))
        above = y + height
        y += max(height, _height(right)) + 36
    width, height = 2 * (_WIDTH + _PAD) + _GAP, y
    title = _text(_PAD, 20, "PRISMA 2020 flow of reviews", "font-weight='bold'")
    under = _text(_PAD, 38, for_line(said)[:110]) if said else ""
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' "
        "font-family='sans-serif' font-size='13' role='img' aria-label='PRISMA 2020 flow of reviews'>\n"
        f"<rect width='{width}' height='{height}' fill='white'/>\n"
        f"{title}\n{under}\n" + "\n".join(drawn) + "\n</svg>\n"
    )


def _tells(boxes: Sequence[FlowBox]) -> bool:
    """What nobody is waiting for needs no box; what was left out has one even of none."""
    return boxes[0].box not in ("unscreened", "undecided") or any(one.count for one in boxes)


def _place(one: FlowBox) -> str:
    if one.box != "undecided" or not one.reason:
        return one.box
    return "undecided_on_title" if one.reason.endswith(ON_TITLE) else "undecided_on_text"


def _words(name: str, boxes: Sequence[FlowBox]) -> list[str]:
    """The lines of a box: its name and number, then its parts."""
    total = next((one.count for one in boxes if not one.reason), None)
    parts = [one for one in boxes if one.reason]
    if total is None:
        total = sum(one.count for one in parts)
    words = WORDS["undecided" if name.startswith("undecided") else name]
    lines = textwrap.wrap(f"{words} {_counted(total)}", _LETTERS)
    for one in parts:
        told = f"{textwrap.shorten(for_line(one.reason), 2 * _LETTERS, placeholder=' …')} {_counted(one.count)}"
        lines += textwrap.wrap(
            told, _LETTERS, initial_indent="– ", subsequent_indent="   ", break_long_words=True
        )
    return [line.replace(_SPACE, " ") for line in lines]


def _counted(count: int) -> str:
    """A number that no line end parts from what it is."""
    return f"(n{_SPACE}={_SPACE}{count:,})"


def _height(lines: Sequence[str]) -> int:
    return len(lines) * _LINE + 2 * _PAD if lines else 0


def _box(x: int, y: int, lines: Sequence[str]) -> str:
    told = "\n".join(
        _text(x + _PAD, y + _PAD + 12 + at * _LINE, line) for at, line in enumerate(lines)
    )
    shape = f"<rect x='{x}' y='{y}' width='{_WIDTH}' height='{_height(lines)}' fill='none' stroke='black'/>"
    return f"{shape}\n{told}"


def _text(x: int, y: int, line: str, more: str = "") -> str:
    indent = len(line) - len(line.lstrip())
    return f"<text x='{x + 4 * indent}' y='{y}' {more}>{escape(line.strip())}</text>"


def _arrow(x1: int, y1: int, x2: int, y2: int) -> str:
    """A line with a head at its end; it goes down or to the right."""
    head = (
        f"{x2 - 4},{y2 - 7} {x2 + 4},{y2 - 7}"
        if x1 == x2
        else f"{x2 - 7},{y2 - 4} {x2 - 7},{y2 + 4}"
    )
    return (
        f"<line x1='{x1}' y1='{y1}' x2='{x2}' y2='{y2}' stroke='black'/>"
        f"<polygon points='{head} {x2},{y2}'/>"
    )
