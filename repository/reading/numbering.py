"""The numbers that Word shows before list paragraphs but does not write into their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WRITTEN = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_LIST_2003 = W + "listPr"
_PROPERTIES, _STYLE, _NUMBERS, _VALUE = W + "pPr", W + "pStyle", W + "numPr", W + "val"
_PLACE = re.compile(r"%([1-9])")


class Numbering:
    """Counts a document's lists while its paragraphs pass by in order."""

    def __init__(self, styles: Any | None, numbering: Any | None) -> None:
        self._styles: dict[str, tuple[str, str | None, tuple[str, int] | None]] = {}
        for style in styles.iterchildren(W + "style") if styles is not None else ():
            based = style.find(W + "basedOn")
            self._styles[style.get(W + "styleId") or ""] = (
                value(style.find(W + "name")) or "",
                value(based),
                _numbers(style.find(f"{_PROPERTIES}/{_NUMBERS}")),
            )
        self._names: dict[str | None, str] = {}
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        if numbering is not None:
            self._load(numbering)

    def _load(self, root: Any) -> None:
        for abstract in root.iterchildren(W + "abstractNum"):
            levels: dict[int, tuple[str, str, int]] = {}
            for level in abstract.iterchildren(W + "lvl"):
                levels[_int(level.get(W + "ilvl"))] = (
                    value(level.find(W + "numFmt")) or "decimal",
                    value(level.find(W + "lvlText")) or "",
                    _int(value(level.find(W + "start")) or "1"),
                )
            self._levels[abstract.get(W + "abstractNumId") or ""] = levels
        for number in root.iterchildren(W + "num"):
            target = value(number.find(W + "abstractNumId"))
            self._abstract[number.get(W + "numId") or ""] = target or ""

    def style_name(self, identifier: str | None) -> str:
        """A paragraph style's name, or that of the nearest ancestor that is a heading or title; "" without one."""
        if identifier not in self._names:
            self._names[identifier] = self._name(identifier)
        return self._names[identifier]

    def _name(self, identifier: str | None) -> str:
        first = ""
        for _ in range(12):
            if identifier is None or identifier not in self._styles:
                break
            name, identifier, _numbers = self._styles[identifier]
            first = first or name
            if name.casefold().startswith(("heading", "title", "subtitle")):
                return name
        return first

    def number(self, properties: Mapping[str, Any]) -> str:
        """What Word shows before the paragraph with these properties (by their tags): "•", "3.", "2.1"; empty when it is in no list."""
        listed = properties.get(_LIST_2003)
        told = None if listed is None else listed.find(_WRITTEN + "t")
        if told is not None:  # Word 2003 writes what it shows
            shown = told.get(_WRITTEN + "val") or ""
            return shown if any(map(str.isalnum, shown)) else "•"
        found = _numbers(properties.get(_NUMBERS))
        if found is None:
            found = self._from_style(value(properties.get(_STYLE)))
        if found is None or found[0] in ("0", ""):
            return ""
        identifier, depth = found
        abstract = self._abstract.get(identifier, "")
        levels = self._levels.get(abstract, {})
        if depth not in levels:
            return ""
        kind, pattern, _start = levels[depth]
        if kind in ("bullet", "none"):
            return "•" if kind == "bullet" else ""
        counts = self._counts.setdefault(abstract, [])
        while len(counts) <= depth:
            counts.append(levels.get(len(counts), ("", "", 1))[2] - 1)
        counts[depth] += 1
        del counts[depth + 1 :]
        return _PLACE.sub(lambda match: self._shown(match, counts, levels), pattern).strip()

    @staticmethod
    def _shown(
        match: re.Match[str], counts: list[int], levels: dict[int, tuple[str, str, int]]
    ) -> str:
        place = int(match.group(1)) - 1
        if place >= len(counts):
            return ""
        return written(max(counts[place], 1), levels.get(place, ("decimal", "", 1))[0])

    def _from_style(self, identifier: str | None) -> tuple[str, int] | None:
        for _ in range(12):
            if identifier is None or identifier not in self._styles:
                return None
            _name, identifier, numbers = self._styles[identifier]
            if numbers is not None:
                return numbers
        return None


def _numbers(numbers: Any | None) -> tuple[str, int] | None:
    if numbers is None:
        return None
    identifier = value(numbers.find(W + "numId"))
    return (
        None if identifier is None else (identifier, _int(value(numbers.find(W + "ilvl")) or "0"))
    )


def value(element: Any | None) -> str | None:
    """The w:val of an element, None without it."""
    return None if element is None else element.get(_VALUE)


def _int(text: str | None) -> int:
    try:
        return min(max(int(text or "0"), 0), 100_000)
    except ValueError:
        return 0


def written(number: int, kind: str) -> str:
    """A number in letters, Roman or plain digits; `kind` is Word's name of it (ECMA-376 part 1, 17.18.59)."""
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 % 5 + 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    return f"{number:02d}" if kind == "decimalZero" else str(number)


def _roman(number: int) -> str:
    letters_of = ""
    for value, letters in (
        (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        letters_of += letters * (min(number, 399) // value)
        number = min(number, 399) % value
    return letters_of
