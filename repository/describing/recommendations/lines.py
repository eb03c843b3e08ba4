"""The lines that recommendations are read from, and the items that grow out of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from casereviews.repository.describing.recommendations.addressees import addressee
from casereviews.repository.model import Reading, Section
from casereviews.repository.vocabulary.rules import load_rules

TERMINAL = re.compile(r"[.!?][\"'”’)\]]*$")
_WORDS = load_rules("recommendation_lists")
LEAD_IN, FOLLOW_ON = _WORDS["lead_in"], _WORDS["follow_on"]
_END = 40  # characters: more than closing signs are
_NARROW = 0.72  # a line shorter than this share of the widest lines closes a paragraph


@dataclass(slots=True)
class Line:
    """A line of a page: `after_blank` follows an empty line, `heading` was marked by the reader."""

    page: int
    start: int
    text: str
    after_blank: bool = False
    heading: bool = False


@dataclass(slots=True)
class Item:
    """A recommendation while it is read: its lines so far, and the body that its heading or cell addresses."""

    number: str | None
    page: int
    lines: list[str] = field(default_factory=list)
    addressee: str | None = None
    closed: bool = False
    list_number: int = -1
    _joined: str = ""
    _count: int = 0

    @property
    def text(self) -> str:
        """Its lines as one; each is joined once, because every further line asks for all before it."""
        for line in self.lines[self._count :]:
            words = " ".join(line.split())
            wrapped = self._joined.endswith("-") and not self._joined.endswith(" -")
            self._joined += words if not self._joined or wrapped else f" {words}"
        self._count = len(self.lines)
        return self._joined

    @property
    def end(self) -> str:
        """The last characters of its text: enough to tell how it ends."""
        return self.text[-_END:]

    @property
    def whom(self) -> str | None:
        """The body that the item's own words name, else the one of its heading or table cell."""
        return addressee(self.text) or self.addressee


def lines_of(reading: Reading, marked: set[tuple[int, int]]) -> Iterator[Line]:
    """The filled lines of all pages; `marked` are the (page, offset) of the reader's headings."""
    for page in reading.pages:
        start, blank = 0, False
        for raw in page.text.split("\n"):
            text = raw.strip(" \r\f\v")
            if text.strip():
                indent = len(raw) - len(raw.lstrip())
                at = start + indent
                heading = (page.number, start) in marked or (page.number, at) in marked
                yield Line(page.number, at, text, blank, heading)
                blank = False
            else:
                blank = True
            start += len(raw) + 1


def within(line: Line, sections: Iterable[Section]) -> bool:
    """True when a line stands in one of the sections."""
    return any(
        (part.start_page, part.start) <= (line.page, line.start) < (part.end_page, part.end)
        for part in sections
    )


def full_width(lines: Sequence[Line]) -> float:
    """The length that a line of running text has at least."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(len(lengths) * 0.9)] * _NARROW if lengths else 0.0
