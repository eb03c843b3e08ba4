"""What Word's formatting says about whether words are seen: hidden text, and letters of the colour of their ground.

Sources: ECMA-376 part 1, 17.3.2.41 (vanish), 17.3.2.36 (specVanish), 17.3.2.44 (webHidden), 17.3.2.15 (highlight), 17.3.5 (shading),
17.7.3 (toggle properties), 17.7.6 (styles of tables).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casereviews.repository.reading.colours import BLACK, WHITE, alike, colour
from casereviews.repository.reading.numbering import W, value

# Letters that are black, or white where their ground is dark.
_AUTOMATIC = "auto"
# A ground that cannot be told: a picture, a pattern, the fill of a shape. Nothing is called unseen on it.
PAINTED = ""
_HIGHLIGHTS = {
    "black": BLACK, "white": WHITE, "red": "FF0000", "green": "00FF00", "blue": "0000FF", "cyan": "00FFFF",
    "magenta": "FF00FF", "yellow": "FFFF00", "darkRed": "800000", "darkGreen": "008000", "darkBlue": "000080",
    "darkCyan": "008080", "darkMagenta": "800080", "darkYellow": "808000", "darkGray": "808080", "lightGray": "C0C0C0",
}  # fmt: skip
_RUN_PROPERTIES, _STYLE, _PARAGRAPH_STYLE = W + "rPr", W + "rStyle", W + "pStyle"
_COLOUR, _SIZE = W + "color", W + "sz"
_FILL = "{http://schemas.microsoft.com/office/word/2010/wordml}textFill"
_VANISH, _ALWAYS, _WEB = W + "vanish", W + "specVanish", W + "webHidden"
_HIGHLIGHT, _SHADE = W + "highlight", W + "shd"
_TELLING = frozenset({_STYLE, _COLOUR, _VANISH, _ALWAYS, _WEB, _HIGHLIGHT, _SHADE, _FILL, _SIZE})
_DUST = 2
_NO_INK = "100000"  # of Word's transparency, in thousandths of a percent
_OFF = frozenset({"0", "false", "off"})
_BASES = 12
# The numbers of pages in a table of contents carry webHidden and are printed all the same.
_PAGE_NUMBER = re.compile(r"[\s\d.ivxlcdmIVXLCDM-]*")


@dataclass(frozen=True, slots=True)
class Letters:
    """What a set of run properties says: hidden or not, the letters' colour, the ground behind them; None where it says nothing."""

    hidden: bool | None = None
    colour: str | None = None
    ground: str | None = None
    black_marker: bool = False


PLAIN = Letters()


@dataclass(frozen=True, slots=True)
class Under:
    """What a paragraph gives its runs, and whether one that adds nothing is unseen."""

    letters: Letters
    unseen: bool


class Formatting:
    """The styles of a document, asked run by run."""

    def __init__(self, styles: Any | None) -> None:
        self._styles: dict[str, Any] = {}
        self._of_style: dict[str, Letters] = {}
        self._under: dict[tuple[str | None, str | None, Letters], Under] = {}
        self._tables: dict[str, TableLook] = {}
        self._usual: str | None = None
        for style in styles.iterchildren(W + "style") if styles is not None else ():
            self._styles[style.get(W + "styleId") or ""] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self._usual = style.get(W + "styleId")
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
        self._default = _said(styles.find(path) if styles is not None else None)

    def under(self, properties: Mapping[str, Any], around: Letters) -> Under:
        """What runs without properties of their own are like in a paragraph with these properties, by their tags.

        `around` is what the table, the box or the page around it gives: its ground is six hexadecimal digits, None for the plain
        page, PAINTED where it cannot be told.
        """
        named = value(properties.get(_PARAGRAPH_STYLE)) or self._usual
        key = (named, _fill(properties.get(_SHADE)), around)
        if key not in self._under:
            style = self._letters(named)
            shade = next(
                (each for each in (key[1], style.ground) if each is not None), around.ground
            )
            ink = style.colour or around.colour or self._default.colour
            look = Letters(_turned(style.hidden, around.hidden), ink, shade)
            self._under[key] = Under(look, self._seems_unseen(look, look.hidden))
        return self._under[key]

    def unseen(self, run: Any, properties: Any | None, under: Under) -> bool:
        """True when nobody sees the words of a run with these properties in the document as it is printed."""
        marks = {} if properties is None else _telling(properties)
        if not marks:
            return under.unseen
        if _WEB in marks and _on(marks[_WEB]) and not _is_page_number(run):
            return True
        if _on(marks.get(_ALWAYS)) or _has_no_ink(marks.get(_FILL)) or _is_dust(marks.get(_SIZE)):
            return True
        own = letters(marks)
        named = marks.get(_STYLE)
        if named is not None and _SIZE not in marks and _is_dust(self._size_of(value(named))):
            return True
        style = self._letters(None if named is None else value(named))
        hidden = own.hidden
        if hidden is None:  # a toggle: each style that sets it turns it
            hidden = bool(style.hidden) != bool(under.letters.hidden)
            hidden = hidden or bool(self._default.hidden)
        ground = next((each for each in (own.ground, style.ground) if each is not None), None)
        look = Letters(
            hidden,
            own.colour or style.colour or under.letters.colour,
            under.letters.ground if ground is None else ground,
            own.black_marker,
        )
        return self._seems_unseen(look, hidden)

    def _seems_unseen(self, look: Letters, hidden: bool | None) -> bool:
        if hidden or (hidden is None and self._default.hidden):
            return True
        if look.colour in (None, _AUTOMATIC):
            return look.black_marker
        return look.ground != PAINTED and alike(
            look.colour, WHITE if look.ground is None else look.ground
        )

    def table(self, style: str | None) -> TableLook:
        """What a style of tables says of its letters, and of those of its first row and the like."""
        if style is None or style not in self._styles:
            return _PLAIN_TABLE
        if style not in self._tables:
            bases = [*self._bases(style)]
            paints = any(
                shading(each.getparent()) is not None
                for base in bases
                for each in base.iter(_SHADE)
            )
            said = _joined(_said(base.find(_RUN_PROPERTIES)) for base in bases)
            parts: dict[str, Letters] = {}
            for part in (each for base in bases for each in base.iterchildren(W + "tblStylePr")):
                kind = part.get(W + "type") or ""
                parts[kind] = _joined((parts.get(kind, PLAIN), _said(part.find(_RUN_PROPERTIES))))
            ground = PAINTED if paints else None
            self._tables[style] = TableLook(
                Letters(said.hidden, said.colour, ground),
                {kind: each for kind, each in parts.items() if each != PLAIN},
            )
        return self._tables[style]

    def _letters(self, identifier: str | None) -> Letters:
        if identifier is None or identifier not in self._styles:
            return Letters()
        if identifier not in self._of_style:
            said = Letters()
            for style in self._bases(identifier):
                more, outer = (
                    _said(style.find(_RUN_PROPERTIES)),
                    shading(style.find(W + "pPr")),
                )
                said = Letters(
                    more.hidden if said.hidden is None else said.hidden,
                    said.colour or more.colour,
                    next((g for g in (said.ground, more.ground, outer) if g is not None), None),
                )
            self._of_style[identifier] = said
        return self._of_style[identifier]

    def _size_of(self, style: str | None) -> Any | None:
        sizes = (base.find(f"{_RUN_PROPERTIES}/{_SIZE}") for base in self._bases(style or ""))
        return next((size for size in sizes if size is not None), None)

    def _bases(self, identifier: str | None) -> Iterator[Any]:
        """A style and those that it is based on, at most a dozen."""
        for _ in range(_BASES):
            style = self._styles.get(identifier or "")
            if style is None:
                return
            yield style
            identifier = value(style.find(W + "basedOn"))


@dataclass(frozen=True, slots=True)
class TableLook:
    """What a style of tables gives to letters: to all, and to those of parts of the table by their names ("firstRow")."""

    letters: Letters
    parts: Mapping[str, Letters]

    def within(self, around: Letters, places: Iterable[str]) -> Letters:
        """What a cell at these places (see `cell_places`) gives, in a table that stands in `around`; the last place counts most."""
        said = [self.parts[place] for place in places if place in self.parts]
        look = _joined((*reversed(said), self.letters))
        ground = self.letters.ground
        return Letters(
            look.hidden if look.hidden is not None else around.hidden,
            look.colour or around.colour,
            around.ground if ground is None else ground,
        )


_PLAIN_TABLE = TableLook(PLAIN, {})


def cell_places(look: Mapping[str, bool], row: int, rows: int, cell: int, cells: int) -> list[str]:
    """The parts of a table that a cell is in, from the widest to the closest (ECMA-376 part 1, 17.7.6).

    `look` says which parts the table shows: "firstRow", "lastRow", "firstColumn", "lastColumn", "hBand", "vBand".
    """
    top, bottom = look["firstRow"] and row == 0, look["lastRow"] and row == rows - 1
    left, right = look["firstColumn"] and cell == 0, look["lastColumn"] and cell == cells - 1
    places = []
    if look["vBand"] and not (left or right):
        places.append(f"band{1 + (cell - look['firstColumn']) % 2}Vert")
    if look["hBand"] and not (top or bottom):
        places.append(f"band{1 + (row - look['firstRow']) % 2}Horz")
    named = (("firstCol", left), ("lastCol", right), ("firstRow", top), ("lastRow", bottom))
    corners = (("nwCell", top and left), ("neCell", top and right), ("swCell", bottom and left), ("seCell", bottom and right))  # fmt: skip
    return places + [name for name, here in (*named, *corners) if here]


def _joined(said: Iterable[Letters]) -> Letters:
    """What several sets of properties say together: the first that says something counts."""
    whole = PLAIN
    for more in said:
        whole = Letters(
            more.hidden if whole.hidden is None else whole.hidden,
            whole.colour or more.colour,
            more.ground if whole.ground is None else whole.ground,
        )
    return whole


def _turned(style: bool | None, around: bool | None) -> bool | None:
    """Hidden by a paragraph's style or by its table's: each style that sets it turns it (17.7.3)."""
    if style is None or around is None:
        return around if style is None else style
    return style != around


def _said(properties: Any | None) -> Letters:
    return Letters() if properties is None else letters(_telling(properties))


def letters(properties: Mapping[str, Any]) -> Letters:
    """What run properties themselves say, given by their tags."""
    highlight, ink = properties.get(_HIGHLIGHT), properties.get(_COLOUR)
    mark = None if highlight is None else value(highlight)
    ground = _HIGHLIGHTS.get(mark or "") or _fill(properties.get(_SHADE))
    named = None if ink is None else value(ink)
    shown = _AUTOMATIC if named == _AUTOMATIC else colour(named)
    if ink is not None and shown is None and ink.get(W + "themeColor") in ("background1", "light1"):
        shown = WHITE
    return Letters(_on(properties.get(_VANISH)), shown, ground, mark == "black")


def _telling(properties: Any) -> dict[str, Any]:
    """The properties by their tags that say whether letters are seen."""
    return {child.tag: child for child in properties if child.tag in _TELLING}


def _is_dust(size: Any | None) -> bool:
    """True for letters of a point or less; sizes are in half points."""
    given = "" if size is None else value(size) or ""
    return given.isascii() and given.isdigit() and int(given) <= _DUST


def _has_no_ink(fill: Any | None) -> bool:
    """True for letters filled with nothing, or wholly transparent ([MS-DOCX] 2.2.4, w14:textFill)."""
    return fill is not None and any(
        each.tag.endswith("}noFill")
        or (each.tag.endswith("}alpha") and each.get(each.tag.replace("alpha", "val")) == _NO_INK)
        for each in fill.iter()
    )


def _is_page_number(run: Any) -> bool:
    return (
        _PAGE_NUMBER.fullmatch("".join(each.text or "" for each in run.iter(W + "t"))) is not None
    )


def shading(properties: Any | None) -> str | None:
    """The fill that w:shd gives: a colour, PAINTED for a pattern, None where there is none."""
    return _fill(_child(properties, _SHADE))


def _fill(shade: Any | None) -> str | None:
    if shade is None:
        return None
    kind = value(shade) or "clear"
    fill = shade.get(_COLOUR) if kind == "solid" else shade.get(W + "fill")
    if kind not in ("clear", "nil", "solid"):
        return PAINTED
    plain = fill in (None, "auto") and shade.get(W + "themeFill") is None
    return None if plain or kind == "nil" else colour(fill) or PAINTED


def _child(properties: Any | None, name: str) -> Any | None:
    return None if properties is None else properties.find(name)


def _on(mark: Any | None) -> bool | None:
    return None if mark is None else value(mark) not in _OFF
