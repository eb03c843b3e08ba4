"""The markup of RTF before it is read: hidden and deleted words taken out, alternatives decided, text boxes lifted.

Source: Rich Text Format Specification 1.9.1 (character properties, track changes, `upr` and `ud`, drawing objects and shapes).
Each function goes through the markup once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from casereviews.repository.reading.colours import BLACK, WHITE, alike

_TOKEN = re.compile(
    r"\\(?P<word>[a-z]{1,32})(?P<value>-?\d{1,10})? ?|(?P<letter>\\'[0-9a-f]{2})|\\(?P<sign>[^a-z])|(?P<brace>[{}])|"
    r"[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.IGNORECASE,
)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_HIDING = re.compile(
    r"\\(?:(?:v|deleted|webhidden|mvf)(?![a-z])|fs[0-2](?!\d)|(?:highlight|chcbpat|cb)[1-9])",
    re.IGNORECASE,
)
_INK = re.compile(r"\\cf(-?\d{1,10})?(?![a-z\d])", re.IGNORECASE)
_STATES = {"v": "hidden", "deleted": "deleted", "mvf": "deleted", "webhidden": "screen"}
_NOTHING = frozenset[str]()
_GROUNDS = frozenset(["highlight", "chcbpat", "cb"])
_DUST = frozenset(["0", "1", "2"])  # half points: letters of a point or less
# Control words that put a sign into the text.
_SIGNS = frozenset(
    "u tab line emdash endash emspace enspace qmspace bullet lquote rquote ldblquote rdblquote".split()  # noqa: SIM905
)
# Groups that hold no words of the document.
_TABLES = frozenset(
    "fonttbl colortbl stylesheet info listtable listoverridetable pict fldinst generator revtbl header footer".split()  # noqa: SIM905
)
# Groups marked as ones that may be passed over, and that hold words all the same.
_WORDS = frozenset("shpinst ud do dptxbxtext shptxt footnote".split())  # noqa: SIM905
# The numbers of pages in a table of contents carry \webhidden and are printed all the same.
_PAGE_NUMBER = re.compile(r"[\s\d.ivxlcdmIVXLCDM-]*")
_COLOURS = re.compile(r"\{\\colortbl([^{}]*)\}")
_RGB = re.compile(r"\\red(\d{1,3})\\green(\d{1,3})\\blue(\d{1,3})")
# Anything that may lie under letters, as pictures in a line do not: then white ones may well be seen.
_PAINT = re.compile(
    r"\\(?:highlight|cb|chcbpat|cbpat|clcbpat|clcbpatraw|chshdng|shading|clshdng)[1-9]|\\(?:shp|do|background)(?![a-z])"
)
_BUTTON = re.compile(
    r"\{\\\*\s*\\fldinst\b\s*((?:\{[^{}]{0,200}?)?)\s*\b(?:MACRO|GOTO)BUTTON\s+[^\s{}]+[ \r\n]"
)
_OBJECT = re.compile(r"\\(?:object|result)(?![a-z]) ?")
_ALTERNATIVES = re.compile(r"\{\\upr(?![a-z])")
_SHAPES = re.compile(r"\{(?:\\\*\s*)?\\(?:shp|shpgrp|do)(?![a-z])")
_BOX = re.compile(r"\{(?:\\\*\s*)?\\(?:shptxt|dptxbxtext)(?![a-z]) ?")
_OLD_BOX = "dptxbxtext"
_INVISIBLE = re.compile(r"\{\\sn\s+fHidden\}\s*\{\\sv\s+1\}")
# A shape that text runs through.
_IN_FRONT = re.compile(r"\\shpwr3(?!\d)")
_NEAR = 200
_NO_FILL = re.compile(r"\{\\sn\s+fFilled\}\s*\{\\sv\s+0\}")
_SAID_OF_SHAPE = 10_000
BOX_MARK = re.compile("\x06(\\d+)\x06")


def group_ends(source: str, starts: Iterator[re.Match[str]]) -> dict[int, int]:
    """Where the groups end that begin at these matches, in one walk to the last of them; a group that is never closed ends with the file."""
    ends = dict.fromkeys((match.start() for match in starts), len(source))
    waiting = len(ends)
    opened: list[int] = []
    for match in _BRACE.finditer(source) if ends else ():
        sign = match.group()
        if sign == "{":
            opened.append(match.start())
        elif sign == "}" and opened:
            start = opened.pop()
            if start in ends:
                ends[start] = match.end()
                waiting -= 1
                if not waiting:
                    break
    return ends


def without_hidden(source: str) -> tuple[str, bool]:
    """The markup without the words that nobody sees, and whether there were any.

    Hidden (`v`), deleted or moved away, white on a page where nothing is painted, shown on screen only (`webhidden`, but
    for numbers of pages).
    """
    white, colours = _white_inks(source), _colours(source)
    inks = white and {given or "0" for given in _INK.findall(source)}
    if not _HIDING.search(source) and white.isdisjoint(inks):
        return source, False
    kept: list[str] = []
    stack: list[tuple[frozenset[str], bool, _Look]] = []
    state, table, look, covered = _NOTHING, False, _PLAIN_LOOK, False
    for match in _TOKEN.finditer(source):
        kind = match.lastgroup
        word = (match["word"] or "").lower()
        if kind == "brace":
            if match.group() == "{":
                stack.append((state, table, look))
            elif stack:
                state, table, look = stack.pop()
        elif word:
            table = (table or word in _TABLES) and word not in _WORDS
            look = _looking(look, word, match["value"] or "0")
            state = _changed(state, word, match["value"], white)
            state = state | {"ground"} if _alike(look, colours) else state - {"ground"}
        elif match["sign"] == "*":
            table = True
        said = match.group()
        shown = kind == "brace" or (word and word not in _SIGNS) or match["sign"] == "*"
        printed = word == "tab" or _PAGE_NUMBER.fullmatch(said)
        if not state or shown or table or (state == {"screen"} and printed):
            kept.append(said)
        elif kind in ("text", "letter") or word == "u":
            covered = covered or bool(said.strip())
    return "".join(kept), covered


def _changed(
    state: frozenset[str], word: str, given: str | None, white: frozenset[str]
) -> frozenset[str]:
    """Why letters are unseen after a control word."""
    if word == "plain":
        return _NOTHING
    if word == "cf":
        return state | {"white"} if (given or "0") in white else state - {"white"}
    if word == "fs":
        dust = (given or "24") in _DUST
        return state | {"dust"} if dust else state - {"dust"}
    reason = _STATES.get(word)
    if reason is None:
        return state
    return state - {reason} if given == "0" else state | {reason}


@dataclass(frozen=True, slots=True)
class _Look:
    """The numbers of the colours of letters and of the ground that is theirs; "0" where none is given. `marked`: by a marker."""

    ink: str = "0"
    ground: str = "0"
    marked: bool = False


_PLAIN_LOOK = _Look()


def _looking(look: _Look, word: str, given: str) -> _Look:
    if word == "plain":
        return _PLAIN_LOOK
    if word == "cf":
        return replace(look, ink=given)
    if word in _GROUNDS:
        return replace(look, ground=given, marked=word == "highlight")
    return look


def _alike(look: _Look, colours: Sequence[str | None]) -> bool:
    """True for letters of the colour of their own ground, as names are blackened; letters without one are black under a marker."""
    if look.ground == "0":
        return False
    ink, ground = (
        colours[int(each)] if each.isdigit() and int(each) < len(colours) else None
        for each in (look.ink, look.ground)
    )
    if look.ink == "0":
        ink = BLACK if look.marked else None
    return ink is not None and ground is not None and alike(ink, ground)


def _colours(source: str) -> list[str | None]:
    """The table of colours, each in six digits; None for the one that is nobody's."""
    table = _COLOURS.search(source)
    entries = table.group(1).split(";") if table else []
    found = (_RGB.search(entry) for entry in entries)
    return [
        "".join(f"{min(int(each), 255):02X}" for each in rgb.groups()) if rgb else None
        for rgb in found
    ]


def _white_inks(source: str) -> frozenset[str]:
    """The numbers of white in the table of colours, where nothing in the file could lie under letters."""
    table = _COLOURS.search(source)
    if table is None or _PAINT.search(source):
        return frozenset()
    return frozenset(
        str(place)
        for place, known in enumerate(_colours(source))
        if known is not None and alike(known, WHITE)
    )


def buttons(source: str) -> str:
    """The markup with what Word shows of fields whose words stand in their code (`MACROBUTTON NoMacro Click and type`)."""
    return _BUTTON.sub(r"{\1", source) if "BUTTON" in source else source


def objects_as_shown(source: str) -> str:
    """The markup with the words that embedded objects show (`result`) as words of the document."""
    return _OBJECT.sub(" ", source)


def unicode_alternatives(source: str) -> str:
    """The markup with the Unicode one of each pair of alternatives (`upr`)."""
    ends = group_ends(source, _ALTERNATIVES.finditer(source))
    kept: list[str] = []
    last = 0
    for start, end in sorted(ends.items()):
        if start >= last:
            place = source.rfind("\\ud", start, end)
            better = source[place + 3 : end - 1].rstrip()[:-1] if place >= 0 else ""
            kept.append(f"{source[last:start]}{{{better}}}")
            last = end
    return "".join(kept) + source[last:]


def boxes_out(source: str) -> tuple[str, list[str], bool]:
    """The markup with a mark (`BOX_MARK`) for each text box, the markup of the boxes, and whether words stand in hidden shapes.

    A shape has its text twice, for old readers in other words of the markup: the second is left out with the shape.
    """
    ends = group_ends(source, _SHAPES.finditer(source))
    kept: list[str] = []
    boxes: list[str] = []
    last, covered = 0, False
    for start, end in sorted(ends.items()):
        if start < last:
            continue
        inner = source[start:end]
        found = list(_boxes(inner))
        kept.append(source[last:start])
        last = end
        if _INVISIBLE.search(inner):
            covered = covered or bool(found)
            continue
        for box in found:
            kept.append(f"\x06{len(boxes)}\x06")
            boxes.append(box)
    return "".join(kept) + source[last:], boxes, covered


def may_cover(source: str) -> bool:
    """True where a shape floats in front of the text, which does not flow around it, and is not said to be without a fill."""
    for mark in _IN_FRONT.finditer(source):
        said = source[mark.end() : mark.end() + _SAID_OF_SHAPE].partition("\\shpinst")[0]
        around = source[max(mark.start() - _NEAR, 0) : mark.end() + _NEAR]
        if "\\shpfblwtxt1" not in around and not _NO_FILL.search(said):
            return True
    return False


def _boxes(shape: str) -> Iterator[str]:
    """The markup of the text boxes in a shape: those of Word 97 and later, or else those of Word 95."""
    ends = group_ends(shape, _BOX.finditer(shape))
    matches = [match for match in _BOX.finditer(shape) if match.start() in ends]
    newer = [match for match in matches if _OLD_BOX not in match.group()]
    last = 0
    for match in newer or matches:
        if match.start() >= last:
            last = ends[match.start()]
            yield shape[match.end() : last - 1]
