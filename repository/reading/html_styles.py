"""What a web page's own styles hide: rules of its style sheets and what stands in style attributes; colours of letters and their ground.

Only what a page says itself is known here: a sheet of its own file may paint a ground, so that white letters are called unseen only
where their ground is told beside them, or where a page has no such sheet. Selectors of tags, classes, ids and what they stand in are
understood (CSS selectors level 3), others hide nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from casereviews.repository.reading.colours import BLACK, WHITE, alike

_HIDES = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|text-indent)\s*:\s*-\d{3,}|mso-hide\s*:\s*all"
    r"|transform\s*:\s*scale\(\s*0\s*\)|clip-path\s*:\s*(?:inset\(\s*100%\s*\)|circle\(\s*0))",
    re.IGNORECASE,
)
_DUST = re.compile(
    r"(?<![\w-])font-size\s*:\s*(?:0?\.?0+(?:px|pt|em|rem|%)?|[01](?:px|pt))\s*(?:;|$|!)",
    re.IGNORECASE,
)
_SIZED = re.compile(r"(?<![\w-])font(?:-size)?\s*:", re.IGNORECASE)
_FLAT = re.compile(r"(?<![\w-])(?:max-)?height\s*:\s*0(?:px|em)?\s*(?:;|$|!)", re.IGNORECASE)
_CUT = re.compile(r"overflow(?:-y)?\s*:\s*hidden", re.IGNORECASE)
_CLEAR = re.compile(r"(?<![\w-])opacity\s*:\s*0*(?:\.0*)?\s*(?:;|$|!)", re.IGNORECASE)
_SHOWS = re.compile(
    r"(?<![\w-])(?:display\s*:\s*(?!none)\w|visibility\s*:\s*visible|(?:max-)?height\s*:\s*(?!0(?:px|em)?\s*(?:;|$|!))\w)",
    re.IGNORECASE,
)
_INK = re.compile(r"(?<![\w-])color\s*:\s*([^;!]+)", re.IGNORECASE)
_GROUND = re.compile(r"(?<![\w-])background(?:-color|-image)?\s*:\s*([^;!]+)", re.IGNORECASE)
_THROUGH_LETTERS = re.compile(r"background-clip\s*:\s*text", re.IGNORECASE)
_HSL = re.compile(r"hsla?\([^)]*?[\s,](100|0)%\s*\)")
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})\b", re.IGNORECASE)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*\)", re.IGNORECASE)
_NAMES = {"white": WHITE, "black": BLACK, "red": "FF0000", "yellow": "FFFF00", "navy": "000080"}
_COMPOUND = re.compile(r"([a-z][a-z0-9]*|\*)?((?:[.#][A-Za-z_-][\w-]*)*)", re.IGNORECASE)
_PART = re.compile(r"([.#])([\w-]+)")
_EVERY_SCREEN = re.compile(r"@(?:media\s+(?:only\s+)?(?:all|screen)\s*$|layer\b|supports\b)")
_BY_SCRIPT = frozenset(["js", "no-js", "has-js", "jquery"])
_RULES = 5000
PAINTED = ""
"""A ground that cannot be told: a picture, a gradient, a colour that is not known here."""
CLEAR = "transparent"


@dataclass(frozen=True, slots=True)
class _Compound:
    tag: str
    classes: frozenset[str]
    identifier: str

    def is_of(self, element: Any) -> bool:
        return (
            (not self.tag or element.tag == self.tag)
            and (not self.identifier or element.get("id") == self.identifier)
            and (not self.classes or self.classes.issubset((element.get("class") or "").split()))
        )

    @property
    def names(self) -> frozenset[str]:
        return self.classes | ({self.identifier} if self.identifier else frozenset())


@dataclass(frozen=True, slots=True)
class _Rule:
    """A selector (the element last, what it stands in before it) with its declarations."""

    compounds: tuple[_Compound, ...]
    body: str

    def is_of(self, element: Any) -> bool:
        *outer, last = self.compounds
        if not last.is_of(element):
            return False
        around = element.iterancestors()
        return all(any(compound.is_of(one) for one in around) for compound in reversed(outer))


class Styles:
    """What the style sheets in a page, and its style attributes, say of its elements; made once for a page."""

    def __init__(self, root: Any) -> None:
        self._scripts = " ".join(script.text or "" for script in root.iter("script"))
        self._animated = root.find(".//script") is not None
        sheets = [sheet.text or "" for sheet in root.iter("style")]
        links = (link.get("rel") or "" for link in root.iter("link"))
        self._foreign = any("stylesheet" in rel.lower() for rel in links) or any(
            "@import" in sheet for sheet in sheets
        )
        self._hiding: dict[str, list[_Rule]] = defaultdict(list)
        self._painting: dict[str, list[_Rule]] = defaultdict(list)
        self._sizing: dict[str, list[_Rule]] = defaultdict(list)
        self._take([rule for sheet in sheets for rule in _rules_of(sheet)])

    def _take(self, rules: list[_Rule]) -> None:
        """Keep what hides (unless another rule, or a script, shows the same) and what paints, by the last name of its selector."""
        last = {
            rule.compounds: rule
            for rule in rules
            if _hides(rule.body) or _DUST.search(rule.body) or _SHOWS.search(rule.body)
        }
        shown = {
            name
            for rule in last.values()
            if not (_hides(rule.body) or _DUST.search(rule.body))
            for name in rule.compounds[-1].names
        }
        for rule in rules:
            compound = rule.compounds[-1]
            key = min(compound.names, default=compound.tag)
            if _INK.search(rule.body) or _GROUND.search(rule.body):
                self._painting[key].append(rule)
            if _SIZED.search(rule.body) and not _DUST.search(rule.body):
                self._sizing[key].append(rule)
            named = frozenset[str]().union(*(each.names for each in rule.compounds))
            if (
                last.get(rule.compounds) is rule
                and (_hides(rule.body) or _DUST.search(rule.body))
                and named
                and not named & _BY_SCRIPT
                and shown.isdisjoint(compound.names)
                and not any(name in self._scripts for name in compound.names)
            ):
                self._hiding[key].append(rule)

    def hide(self, element: Any) -> bool:
        """True when the page's own styles hide an element, whatever may show it again."""
        style = element.get("style")
        if style and (_hides(style) or (not self._animated and _CLEAR.search(style))):
            return True
        if style and _DUST.search(style) and not self._sized_within(element):
            return True
        rules = self._rules(self._hiding, element) if self._hiding else ()
        return any(
            rule.is_of(element) and (_hides(rule.body) or not self._sized_within(element))
            for rule in rules
        )

    def _sized_within(self, element: Any) -> bool:
        """True when something in an element has letters of another size: blanks between columns are given none at all."""
        return any(
            _SIZED.search(each.get("style") or "")
            or any(rule.is_of(each) for rule in self._rules(self._sizing, each))
            for each in element.iterdescendants("*")
        )

    def pale(self, element: Any) -> bool:
        """True when all words of an element have the colour of their ground."""
        if not self._painting and element.get("style") is None and element.tag != "font":
            return False
        ink = self._ink(element)
        if ink is None or not self._unseen_in(ink, element):
            return False
        return all(self._stays_pale(each) for each in element.iterchildren("*"))

    def _stays_pale(self, element: Any) -> bool:
        if element.tag == "a" or self._ground(element) is not None:
            return False
        if self._ink(element) is not None:
            return self.pale(element)
        return all(map(self._stays_pale, element.iterchildren("*")))

    def _unseen_in(self, ink: str, element: Any) -> bool:
        if ink in (CLEAR, PAINTED):
            return ink == CLEAR
        ground = self._ground(element)
        if ground is None and self._foreign:
            return False
        for outer in element.iterancestors() if ground is None else ():
            ground = self._ground(outer)
            if ground is not None:
                break
        ground = WHITE if ground is None else ground
        return ground != PAINTED and alike(ink, ground)

    def _ink(self, element: Any) -> str | None:
        """The colour that letters get at this element: six digits, CLEAR, PAINTED for another, None where it says nothing."""
        style = element.get("style") or ""
        said = _INK.search(style)
        if said is None and element.tag == "font" and element.get("color"):
            return _colour(element.get("color"))
        for rule in reversed(self._rules(self._painting, element) if said is None else []):
            said = _INK.search(rule.body) if rule.is_of(element) else None
            if said is not None:
                style = rule.body
                break
        if said is None:
            return None
        ink = _colour(said[1])
        return PAINTED if ink == CLEAR and _THROUGH_LETTERS.search(style) else ink

    def _ground(self, element: Any) -> str | None:
        """What an element paints behind its words: six digits, PAINTED, None for nothing."""
        bodies = [element.get("style") or ""]
        if element.get("bgcolor"):
            bodies.append(f"background:{element.get('bgcolor')}")
        if element.get("background"):
            return PAINTED
        bodies += [
            rule.body
            for rule in reversed(self._rules(self._painting, element))
            if rule.is_of(element)
        ]
        for body in bodies:
            for said in reversed(_GROUND.findall(body)):
                if "url(" in said or "gradient" in said:
                    return PAINTED
                if said.strip().lower() not in ("none", CLEAR, "inherit", "initial", "unset"):
                    return _colour(said)
        return None

    @staticmethod
    def _rules(kept: dict[str, list[_Rule]], element: Any) -> list[_Rule]:
        keys = [element.tag, element.get("id"), *(element.get("class") or "").split()]
        return [rule for key in keys if key in kept for rule in kept[key]]


def _hides(body: str) -> bool:
    return bool(_HIDES.search(body) or (_FLAT.search(body) and _CUT.search(body)))


def _colour(text: str) -> str:
    """Six digits of a CSS colour; CLEAR, PAINTED for one that is not known here."""
    said = text.strip().lower()
    if said.startswith(CLEAR):
        return CLEAR
    if found := _HEX.search(said):
        digits = found[1]
        return (digits if len(digits) == 6 else "".join(2 * each for each in digits)).upper()
    if shade := _HSL.search(said):
        return WHITE if shade[1] == "100" else BLACK
    if parts := _RGB.search(said):
        return "".join(f"{min(int(each), 255):02X}" for each in parts.groups())
    return next((_NAMES[word] for word in re.findall(r"[a-z]+", said) if word in _NAMES), PAINTED)


def _rules_of(css: str) -> Iterator[_Rule]:
    """The rules of a sheet that hold on every screen, a rule a selector; selectors that are not understood are left out."""
    for count, (selectors, body) in enumerate(_blocks(css)):
        if count > _RULES:
            return
        for selector in selectors.split(","):
            parts = selector.replace(">", " ").split()
            found = [_COMPOUND.fullmatch(part) for part in parts]
            if parts and all(found):
                yield _Rule(tuple(_compound(each) for each in found if each), body)


def _compound(found: re.Match[str]) -> _Compound:
    tag = (found[1] or "").lower()
    names = _PART.findall(found[2])
    return _Compound(
        "" if tag == "*" else tag,
        frozenset(name for kind, name in names if kind == "."),
        next((name for kind, name in names if kind == "#"), ""),
    )


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """(selectors, declarations) of the rules outside of any block but those that hold on every screen."""
    css = re.sub(r"/\*.*?\*/|<!--|-->", "", css, flags=re.DOTALL)
    opened: list[str] = []
    last = 0
    for brace in re.finditer("[{}]", css):
        between, last = css[last : brace.start()], brace.end()
        if brace.group() == "{":
            opened.append(between.rpartition(";")[2].strip())
        elif opened:
            prelude = opened.pop()
            if not prelude.startswith("@") and all(map(_EVERY_SCREEN.match, opened)):
                yield prelude, between
