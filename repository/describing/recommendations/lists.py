"""Recommendations printed as lists: labels, numbers, letters and bullets; one style rules a section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from casereviews.repository.describing.recommendations.addressees import (
    directs,
    heading_addressee,
)
from casereviews.repository.describing.recommendations.lines import (
    FOLLOW_ON,
    LEAD_IN,
    TERMINAL,
    Item,
    Line,
    full_width,
)
from casereviews.repository.vocabulary.rules import load_rules

_WORDS = load_rules("recommendation_lists")
_NUMBERS = load_rules("numbers")["number"]
_LABEL = re.compile(
    rf"(?:{_WORDS['before_label'].words}\s+)?{_WORDS['label'].words}\s*(?:no\.?\s*|number\s+|#\s*)?(?P<number>(?:\d{{1,2}}(?:\.\d{{1,2}})*|{_NUMBERS.words}|[a-z])\b)"
    r"(?P<mark>\s*[:.)\]–—-]+\s*|\s+(?=[A-Z\"“‘(])|\s*$)(?P<text>.*)|(?P<short>R\s?\d{1,2}(?:\.\d{1,2})?)(?:\s*[:.)–—-]+\s*|\s+)(?P<words>\S.*|$)",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"\(?(?P<number>\d{1,2})(?:[.)]+|(?=\s))\s+(?P<text>\S.*)|(?P<alone>\d{1,2})[.)]"
)
_DOTTED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){1,3})[.)]?\s+(?P<text>\S.*)")
_LETTER = re.compile(r"\(?(?P<number>[a-z]|[ivx]{1,5})[.)]\s+(?P<text>\S.*)")
_BULLET = re.compile(r"(?P<number>[•▪●◦‣·*–—➢✓]|[-o](?=\s))\s*(?P<text>\S.*)")
_STYLES = (
    ("label", _LABEL),
    ("dotted", _DOTTED),
    ("plain", _PLAIN),
    ("letter", _LETTER),
    ("bullet", _BULLET),
)
_OPEN_END = re.compile(r"(?:[:;,]|\b(?:and|or))$")


def ruling_style(lines: Sequence[Line]) -> str | None:
    """The style of the first marker in a section that opens an item (labels win wherever they stand)."""
    if any(_opens(_LABEL.fullmatch(line.text)) for line in lines):
        return "label"
    for line in lines:
        for name, pattern in _STYLES[1:]:
            match = pattern.fullmatch(line.text)
            if not match or LEAD_IN.fits(line.text):
                continue
            if name == "plain" and (match["alone"] or match["number"]) != "1":
                continue
            if name == "dotted" and not directs(match["text"]):
                continue
            if name == "letter" and match["number"] not in ("a", "i"):
                continue
            return name
    return None


def list_items(lines: Sequence[Line], style: str, group: str | None) -> list[Item]:
    """The items of a list whose markers are of one style."""
    pattern = dict(_STYLES)[style]
    width = full_width(lines)
    items: list[Item] = []
    previous: Line | None = None
    for line in lines:
        match = pattern.fullmatch(line.text)
        current = items[-1] if items else None
        if match and _is_marker(match, style, current):
            number, text = _number_and_text(match, style)
            if style == "dotted" and (not directs(text) or LEAD_IN.fits(text)):
                if len(text.split()) <= 10 and not TERMINAL.search(text):
                    group = heading_addressee(text) or group
                if current:
                    current.closed = True
                previous = line
                continue
            items.append(Item(number, line.page, [text] if text else [], group))
        elif _is_subheading(line, previous, current):
            group = heading_addressee(line.text) or (group if not line.heading else None)
            if current:
                current.closed = True
        elif current and not current.closed:
            if _continues(current, line, previous, width):
                current.lines.append(line.text)
            else:
                current.closed = True
        previous = line
    return [item for item in items if item.text]


def _opens(match: re.Match[str] | None) -> bool:
    """True for a label that opens a recommendation; "Recommendation 3 was accepted" does not."""
    if match is None:
        return False
    if match["short"] is not None:
        return bool(match["words"]) and match["short"][0] == "R"
    return bool(match["mark"].strip()) or not match["text"] or directs(match["text"])


def _is_marker(match: re.Match[str], style: str, current: Item | None) -> bool:
    if style == "label":
        return _opens(match)
    if style == "plain":
        number = int(match["alone"] or match["number"])
        last = int(current.number or 0) if current else 0
        return number == last + 1 or (number == 1 and bool(current))
    return True


def _number_and_text(match: re.Match[str], style: str) -> tuple[str | None, str]:
    if style == "bullet":
        return None, match["text"].strip()
    if style == "plain" and match["alone"]:
        return match["alone"], ""
    if style == "label" and match["short"]:
        return match["short"][1:].strip(), match["words"].strip()
    number = match["number"]
    if number.lower() in _NUMBERS.phrases:
        number = str(_NUMBERS.phrases.index(number.lower()) + 1)
    return number, match["text"].strip()


def _is_subheading(line: Line, previous: Line | None, current: Item | None) -> bool:
    """True for a heading inside a list: "Recommendations for the Police" between two items."""
    if line.heading:
        return True
    text = line.text
    if len(text) > 80 or TERMINAL.search(text) or not text[0].isupper() or directs(text):
        return False
    if current and current.lines and not TERMINAL.search(current.end):
        return False
    return (line.after_blank or previous is None or bool(TERMINAL.search(previous.text))) and (
        heading_addressee(text) is not None
    )


def _continues(item: Item, line: Line, previous: Line | None, width: float) -> bool:
    """True when a line without marker goes on with the item before it."""
    text = item.text
    if not text:
        return True
    if not TERMINAL.search(item.end):
        if line.after_blank and line.text[:1].isupper() and not _OPEN_END.search(item.end):
            return (
                previous is not None and previous.page != line.page and len(previous.text) > width
            )
        return True
    if line.after_blank:
        return False
    if previous is not None and previous.page != line.page:
        return FOLLOW_ON.fits(line.text)
    if any(pattern.fullmatch(line.text) for name, pattern in _STYLES[1:] if name != "plain"):
        return bool(re.search(r":\s", text)) and not line.text[:1].isdigit()
    return previous is not None and len(previous.text) >= width
