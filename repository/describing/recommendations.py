"""The recommendations of a document as a list: number, whole text, addressee, page.

They come as labels ("Recommendation 3:"), numbered lists, bullets, tables and prose ("The Board should");
one style rules a section and the others are parts of its items. An item that runs over a page break is one
item, and a list that the action plan or the summary repeats is taken once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from repository.describing.addressees import addressee, directs, heading_addressee
from repository.describing.recommendation_tables import is_row, rows_to_items
from repository.describing.running_text import fold
from repository.describing.sentences import sentences
from repository.model import Reading, Recommendation, Section

_WORDS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
_NUMERAL = rf"\d{{1,2}}(?:\.\d{{1,2}})*|{'|'.join(_WORDS)}"
_LABEL = re.compile(
    rf"(?:(?:key |overarching |local |national )?recommendation|rec\.?|argymhelliad)\s*(?:no\.?\s*|number\s+|#\s*)?(?P<number>(?:{_NUMERAL}|[a-z])\b)"
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
_TERMINAL = re.compile(r"[.!?][\"'”’)\]]*$")
_OPEN_END = re.compile(r"(?:[:;,]|\b(?:and|or))$")
# Words that lead into the list and recommend nothing themselves.
_LEAD_IN = re.compile(
    r"following (?:\w+ )?recommendations?|recommend\w* (?:that )?the following\b|the following:?$|recommendations? (?:is|are|were|have been|below|set out)"
    r"|(?:review|panel|report) (?:has )?(?:made|makes)",
    re.IGNORECASE,
)
_PROSE_OPENING = re.compile(
    r"\b(?:it is (?:therefore )?recommended that|recommends? that)\b", re.IGNORECASE
)
_FOLLOW_ON = re.compile(
    r"(?:this|these|they|it|in (?:doing|so)|such|the (?:audit|training|work|protocol|review|plan|guidance) should)\b",
    re.IGNORECASE,
)
_NARROW = 0.72  # a line shorter than this share of the widest lines closes a paragraph


@dataclass(slots=True)
class _Line:
    page: int
    start: int
    text: str
    after_blank: bool = False
    heading: bool = False


@dataclass(slots=True)
class _Item:
    number: str | None
    page: int
    lines: list[str] = field(default_factory=list)
    addressee: str | None = None
    closed: bool = False
    list_number: int = -1

    @property
    def text(self) -> str:
        joined = ""
        for line in self.lines:
            wrapped = joined.endswith("-") and not joined.endswith(" -")
            joined += line if not joined or wrapped else f" {line}"
        return " ".join(joined.split())

    @property
    def whom(self) -> str | None:
        """The body that the item's own words name, else the one of its heading or table cell."""
        return addressee(self.text) or self.addressee


def find_recommendations(
    reading: Reading, sections: Sequence[Section]
) -> tuple[Recommendation, ...]:
    """The recommendations that a document prints, in order; () when it prints none.

    `sections` are those of `find_sections`. Looks in recommendation sections first, then at labelled ones
    elsewhere ("Recommendation 3:" after a finding), and only where both are missing at prose.
    """
    marked = {(page.number, heading.start) for page in reading.pages for heading in page.headings}
    lines = list(_all_lines(reading, marked))
    items: list[_Item] = []
    for number, section in enumerate(sections):
        if section.kind == "recommendations":
            listed = _section_items(_lines_of(lines, section), section)
            items += [replace(item, list_number=number) for item in listed]
    quiet = [part for part in sections if part.kind in ("recommendations", "appendix", "glossary")]
    elsewhere = [line for line in lines if not _within(line, quiet)]
    items += _list_items(elsewhere, "label", None)
    if not items:
        items = list(_prose_items(elsewhere, anywhere=True))
    items.sort(key=lambda item: item.page)
    return _without_repeats(items)


def _lines_of(lines: Sequence[_Line], section: Section) -> list[_Line]:
    """The lines of a section without its own heading."""
    return [line for line in lines if _within(line, (section,))][1:]


def _all_lines(reading: Reading, marked: set[tuple[int, int]]) -> Iterator[_Line]:
    for page in reading.pages:
        start, blank = 0, False
        for raw in page.text.split("\n"):
            text = raw.strip(" \r\f\v")
            if text.strip():
                indent = len(raw) - len(raw.lstrip())
                at = start + indent
                heading = (page.number, start) in marked or (page.number, at) in marked
                yield _Line(page.number, at, text, blank, heading)
                blank = False
            else:
                blank = True
            start += len(raw) + 1


def _within(line: _Line, sections: Iterable[Section]) -> bool:
    return any(
        (part.start_page, part.start) <= (line.page, line.start) < (part.end_page, part.end)
        for part in sections
    )


def _section_items(lines: list[_Line], section: Section) -> list[_Item]:
    """The items of a recommendations section, read in the style that rules it."""
    rows = [line for line in lines if is_row(line.text)]
    if len(rows) >= 2:
        return [
            _Item(row.number, row.page, [row.text], row.addressee)
            for row in rows_to_items([(row.page, row.text) for row in rows])
        ]
    style = _ruling_style(lines)
    group = heading_addressee(section.title)
    if style is None:
        return list(_prose_items(lines, anywhere=False, group=group))
    return _list_items(lines, style, group)


def _ruling_style(lines: Sequence[_Line]) -> str | None:
    """The style of the first marker in a section that opens an item (labels win wherever they stand)."""
    if any(_opens(_LABEL.fullmatch(line.text)) for line in lines):
        return "label"
    for line in lines:
        for name, pattern in _STYLES[1:]:
            match = pattern.fullmatch(line.text)
            if not match or _LEAD_IN.search(line.text):
                continue
            if name == "plain" and (match["alone"] or match["number"]) != "1":
                continue
            if name == "dotted" and not directs(match["text"]):
                continue
            if name == "letter" and match["number"] not in ("a", "i"):
                continue
            return name
    return None


def _opens(match: re.Match[str] | None) -> bool:
    """True for a label that opens a recommendation; "Recommendation 3 was accepted" does not."""
    if match is None:
        return False
    if match["short"] is not None:
        return bool(match["words"]) and match["short"][0] == "R"
    return bool(match["mark"].strip()) or not match["text"] or directs(match["text"])


def _list_items(lines: Sequence[_Line], style: str, group: str | None) -> list[_Item]:
    """The items of a list whose markers are of one style."""
    pattern = dict(_STYLES)[style]
    width = _width(lines)
    items: list[_Item] = []
    previous: _Line | None = None
    for line in lines:
        match = pattern.fullmatch(line.text)
        current = items[-1] if items else None
        if match and _is_marker(match, style, current):
            number, text = _number_and_text(match, style)
            if style == "dotted" and (not directs(text) or _LEAD_IN.search(text)):
                if len(text.split()) <= 10 and not _TERMINAL.search(text):
                    group = heading_addressee(text) or group
                if current:
                    current.closed = True
                previous = line
                continue
            items.append(_Item(number, line.page, [text] if text else [], group))
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


def _is_marker(match: re.Match[str], style: str, current: _Item | None) -> bool:
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
    if number.lower() in _WORDS:
        number = str(_WORDS.index(number.lower()) + 1)
    return number, match["text"].strip()


def _is_subheading(line: _Line, previous: _Line | None, current: _Item | None) -> bool:
    """True for a heading inside a list: "Recommendations for the Police" between two items."""
    if line.heading:
        return True
    text = line.text
    if len(text) > 80 or _TERMINAL.search(text) or not text[0].isupper() or directs(text):
        return False
    if current and current.lines and not _TERMINAL.search(current.text):
        return False
    return (line.after_blank or previous is None or bool(_TERMINAL.search(previous.text))) and (
        heading_addressee(text) is not None
    )


def _continues(item: _Item, line: _Line, previous: _Line | None, width: float) -> bool:
    """True when a line without marker goes on with the item before it."""
    text = item.text
    if not text:
        return True
    if not _TERMINAL.search(text):
        if line.after_blank and line.text[:1].isupper() and not _OPEN_END.search(text):
            return (
                previous is not None and previous.page != line.page and len(previous.text) > width
            )
        return True
    if line.after_blank or (previous is not None and previous.page != line.page):
        return False
    if any(pattern.fullmatch(line.text) for name, pattern in _STYLES[1:] if name != "plain"):
        return bool(re.search(r":\s", text)) and not line.text[:1].isdigit()
    return previous is not None and len(previous.text) >= width


def _width(lines: Sequence[_Line]) -> float:
    """The length that a line of running text has at least."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(len(lengths) * 0.9)] * _NARROW if lengths else 0.0


def _prose_items(
    lines: Sequence[_Line], *, anywhere: bool, group: str | None = None
) -> Iterator[_Item]:
    """Recommendations told in prose: sentences in which a body should, must or is asked to do something."""
    for paragraph in _paragraphs(lines):
        text = _Item(None, paragraph[0].page, [line.text for line in paragraph]).text
        ends, length = [], 0
        for line in paragraph:
            length += len(line.text) + 1
            ends.append((length, line.page))
        item: _Item | None = None
        for start, end in sentences(text):
            sentence = text[start:end]
            who = addressee(sentence)
            explicit = bool(_PROSE_OPENING.search(sentence))
            follows = bool(_FOLLOW_ON.match(sentence)) and not explicit
            wanted = explicit or (who is not None and not anywhere and directs(sentence))
            if wanted and not follows and not _LEAD_IN.search(sentence):
                if item:
                    yield item
                page = next(number for limit, number in ends if start < limit)
                item = _Item(None, page, [sentence], group)
            elif item and follows:
                item.lines.append(sentence)
            elif item:
                yield item
                item = None
        if item:
            yield item


def _paragraphs(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    width = _width(lines)
    open_lines: list[_Line] = []
    for line in lines:
        if open_lines:
            last = open_lines[-1]
            ended = bool(_TERMINAL.search(last.text) or last.text.endswith(":"))
            if (
                line.heading
                or last.heading
                or (line.after_blank and (ended or last.page == line.page))
                or (ended and len(last.text) < width)
            ):
                yield open_lines
                open_lines = []
        open_lines.append(line)
    if open_lines:
        yield open_lines


def _without_repeats(items: Iterable[_Item]) -> tuple[Recommendation, ...]:
    """Items as recommendations, those that a summary or an action plan repeats taken once."""
    found: list[Recommendation] = []
    seen: list[tuple[int, set[str]]] = []
    for item in items:
        words = set(re.findall(r"\w+", fold(item.text)))
        if not words or any(
            words == others if item.list_number == number else _alike(words, others)
            for number, others in seen
        ):
            continue
        seen.append((item.list_number, words))
        found.append(Recommendation(item.number, item.text, item.whom, item.page))
    return tuple(found)


def _alike(words: set[str], others: set[str]) -> bool:
    """True when two texts of different lists share nearly all their words."""
    return len(words & others) >= 0.92 * len(words | others)
