"""The numbers that OpenDocument shows before headings but does not write into their text.

Source: OASIS OpenDocument 1.3 part 3, 16.34 (text:outline-style), 5.1.2 (text:h).
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from casereviews.repository.reading.numbering import written

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_KINDS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}


@dataclass(frozen=True, slots=True)
class _Level:
    kind: str
    before: str
    after: str
    shown: int
    start: int


class Outline:
    """Counts a document's headings while they pass by in order."""

    def __init__(self) -> None:
        self._levels: dict[int, _Level] = {}
        self._plain: set[str] = set()
        self._counts: list[int] = []

    def learn(self, root: Element) -> None:
        """Remember how levels are numbered, and which styles take their headings out of the count."""
        for level in root.iterfind(f".//{_TEXT}outline-style/{_TEXT}outline-level-style"):
            kind = _KINDS.get(level.get(_STYLE + "num-format") or "")
            if kind:
                self._levels[_number(level.get(_TEXT + "level"))] = _Level(
                    kind,
                    level.get(_STYLE + "num-prefix") or "",
                    level.get(_STYLE + "num-suffix") or "",
                    _number(level.get(_TEXT + "display-levels")),
                    _number(level.get(_TEXT + "start-value")),
                )
        for style in root.iter(_STYLE + "style"):
            if style.get(_STYLE + "list-style-name") == "":
                self._plain.add(style.get(_STYLE + "name") or "")

    def number(self, heading: Element) -> str:
        """What is shown before a heading ("2.1"); "" for those that are not numbered."""
        place = _number(heading.get(_TEXT + "outline-level") or "2")
        level = self._levels.get(place)
        if level is None or heading.get(_TEXT + "is-list-header") == "true":
            return ""
        if heading.get(_TEXT + "style-name") in self._plain:
            return ""
        for above in range(len(self._counts) + 1, place + 1):
            known = self._levels.get(above)
            self._counts.append(known.start - 1 if known and above == place else 1)
        self._counts[place - 1] += 1
        del self._counts[place:]
        shown = range(max(place - level.shown, 0), place)
        numbers = [
            written(max(self._counts[each], 1), self._levels[each + 1].kind)
            for each in shown
            if each + 1 in self._levels
        ]
        return f"{level.before}{'.'.join(numbers)}{level.after}".strip()


def _number(text: str | None) -> int:
    """A small whole number, 1 where none is given."""
    return min(int(text), 10_000) if text is not None and text.isdigit() and len(text) < 6 else 1
