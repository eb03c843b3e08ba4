"""What Word's formatting says about whether words are seen: hidden text, and letters of the colour of their ground.

Sources: ECMA-376 part 1, 17.3.2.41 (vanish), 17.3.2.36 (specVanish), 17.3.2.44 (webHidden), 17.3.2.15 (highlight), 17.3.5 (shading),
17.7.3 (toggle properties).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
_COLOUR = W + "color"
_VANISH, _ALWAYS, _WEB = W + "vanish", W + "specVanish", W + "webHidden"
_HIGHLIGHT, _SHADE = W + "highlight", W + "shd"
_TELLING = frozenset({_STYLE, _COLOUR, _VANISH, _ALWAYS, _WEB, _HIGHLIGHT, _SHADE})
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
        self._shades: dict[str, bool] = {}
        self._usual: str | None = None
        for style in styles.iterchildren(W + "style") if styles is not None else ():
            self._styles[style.get(W + "styleId") or ""] = style
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self._usual = style.get(W + "styleId")
        path = f"{W}docDefaults/{W}rPrDefault/{W}rPr"
        self._default = _said(styles.find(path) if styles is not None else None)

    def under(self, properties: Any | None, ground: str | None) -> Under:
        """What runs without properties of their own are like in a paragraph with these properties.

        `ground` is what lies under the paragraph: six hexadecimal digits, None for the plain page, PAINTED where it cannot be told.
        """
        style = self._letters(value(_child(properties, _PARAGRAPH_STYLE)) or self._usual)
        shade = next(
            (each for each in (shading(properties), style.ground) if each is not None), ground
        )
        look = Letters(style.hidden, style.colour or self._default.colour, shade)
        return Under(look, self._seems_unseen(look, look.hidden))

    def unseen(self, run: Any, under: Under) -> bool:
        """True when nobody sees the run's words in the document as it is printed."""
        properties = run.find(_RUN_PROPERTIES)
        marks = {} if properties is None else _telling(properties)
        if not marks:
            return under.unseen
        if _WEB in marks and _on(marks[_WEB]) and not _is_page_number(run):
            return True
        if _on(marks.get(_ALWAYS)):
            return True
        own = letters(marks)
        named = marks.get(_STYLE)
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

    def shades(self, table_style: str | None) -> bool:
        """True when a style of tables paints cells: then the ground of their words cannot be told."""
        if table_style is None:
            return False
        if table_style not in self._shades:
            self._shades[table_style] = any(
                shading(parent) is not None
                for style in self._bases(table_style)
                for parent in (each.getparent() for each in style.iter(_SHADE))
            )
        return self._shades[table_style]

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

    def _bases(self, identifier: str | None) -> Iterator[Any]:
        """A style and those that it is based on, at most a dozen."""
        for _ in range(_BASES):
            style = self._styles.get(identifier or "")
            if style is None:
                return
            yield style
            identifier = value(style.find(W + "basedOn"))


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
