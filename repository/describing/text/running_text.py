"""A reading as one running text, folded for matching, with the way back to page, offset and sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from casereviews.repository.describing.text.sentences import sentences, tidy
from casereviews.repository.model import Reading, Section

# One character for one, so that offsets stay: hyphens and dashes are spaces, quotes are straight.
_FOLD = {ord(mark): " " for mark in "-\u2010\u2011\u2012\u2013\u2014\u2212\t\r\n\u00a0\u2007\u202f"}
_FOLD |= {ord(mark): "'" for mark in "\u2018\u2019\u02bc`\u00b4"}
_FOLD |= {ord(mark): '"' for mark in "\u201c\u201d"}
_FOLD |= {ord("\u00ad"): " ", ord("\u0130"): "I", 0: "\n"}
_PARAGRAPH = re.compile(r"\n(?=[ \t]*\n)|\n(?=[ \t]*[•▪●◦‣])")
_SPACES = re.compile(r" {2,}")


def fold(text: str) -> str:
    """Text for matching: lower case, hyphens as spaces, straight quotes, single spaces; `\\n` parts paragraphs."""
    return _SPACES.sub(" ", _lower(text))


def _lower(text: str) -> str:
    text = _PARAGRAPH.sub("\0", text.replace("\0", " ")).translate(_FOLD)
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter whose small form is longer
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    return lowered


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of the running text that belongs to a section; offsets of the running text."""

    start: int
    end: int
    kind: str


@dataclass(slots=True)
class RunningText:
    """Pages joined into `text`; `folded` is what rules match; offsets of either lead to the page."""

    text: str
    folded: str
    numbers: list[int]
    starts: list[int]
    zones: list[Zone]
    headings: set[int]
    _offsets: list[int]
    _lost: list[int]
    _bounds: list[tuple[int, int]] | None = None
    _firsts: list[int] | None = None

    @classmethod
    def of_words(cls, words: str) -> RunningText:
        """A title, a keyword list or an abstract as running text."""
        folded, offsets, lost = _squeeze(_lower(words))
        return cls(words, folded, [0], [0], [], set(), offsets, lost)

    @classmethod
    def of(cls, reading: Reading, sections: Iterable[Section] = ()) -> RunningText:
        """The running text of all pages of a reading that have text."""
        parts: list[str] = []
        numbers: list[int] = []
        starts: list[int] = []
        headings: set[int] = set()
        length = 0
        for page in reading.pages:
            numbers.append(page.number)
            starts.append(length)
            headings.update(length + heading.start for heading in page.headings)
            parts.append(page.text)
            length += len(page.text) + 1
        text = "\n".join(parts)
        folded, offsets, lost = _squeeze(_lower(text))
        made = cls(text, folded, numbers, starts, [], headings, offsets, lost)
        start_of = dict(zip(numbers, starts, strict=True))
        for section in sections:
            start = start_of[section.start_page] + section.start
            headings.add(start)
            made.zones.append(Zone(start, start_of[section.end_page] + section.end, section.kind))
        made.zones.sort(key=lambda zone: zone.start)
        return made

    def original(self, offset: int) -> int:
        """The offset in `text` of an offset in `folded`."""
        return offset + self._lost[bisect_right(self._offsets, offset) - 1]

    def in_folded(self, offset: int) -> int:
        """The offset in `folded` of an offset in `text`."""
        low = bisect_right(
            range(len(self._offsets)), offset, key=lambda at: self._offsets[at] + self._lost[at]
        )
        return offset - self._lost[low - 1]

    def page(self, offset: int) -> int:
        """The page number of an offset in `text`."""
        return self.numbers[bisect_right(self.starts, offset) - 1]

    def kind(self, offset: int) -> str | None:
        """The kind of the innermost section at an offset in `text`."""
        found = None
        for zone in self.zones:
            if zone.start > offset:
                break
            if offset < zone.end:
                found = zone.kind
        return found

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """The bounds in `text` of all sentences; a heading is a sentence of its own."""
        if self._bounds is None:
            self._bounds = []
            start = 0
            for heading in sorted(self.headings):
                if heading >= start:
                    line_end = self.text.find("\n", heading)
                    line_end = len(self.text) if line_end < 0 else line_end
                    self._bounds += sentences(self.text, start, heading)
                    self._bounds += [(heading, line_end)]
                    start = line_end
            self._bounds += sentences(self.text, start)
        return self._bounds

    def sentence(self, offset: int) -> int:
        """The place in `sentences` of the one at an offset in `text`."""
        if self._firsts is None:
            self._firsts = [start for start, _ in self.sentences]
        return max(0, bisect_right(self._firsts, offset) - 1)

    def quote(self, start: int, end: int) -> str:
        """text[start:end] on one line, for evidence."""
        return tidy(self.text[start:end])


@lru_cache(maxsize=1)
def running_text(reading: Reading, sections: tuple[Section, ...]) -> RunningText:
    """The running text of a reading; the last one made is kept, because themes and facts ask for the same."""
    return RunningText.of(reading, sections)


def _squeeze(text: str) -> tuple[str, list[int], list[int]]:
    """Runs of spaces as one; returns the text and, per run, the offset after it and the characters lost by then."""
    parts: list[str] = []
    offsets, lost = [0], [0]
    last = gone = 0
    for run in _SPACES.finditer(text):
        parts.append(text[last : run.start() + 1])
        last = run.end()
        gone += run.end() - run.start() - 1
        offsets.append(last - gone)
        lost.append(gone)
    parts.append(text[last:])
    return "".join(parts), offsets, lost
