"""Lines become paragraphs: soft breaks and hyphens joined, list items and headings apart."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from casereviews.repository.reading.flow import Block
from casereviews.repository.reading.pdf.layout import Region
from casereviews.repository.reading.pdf.lines import Line

ITEM = re.compile(
    r"^(?:[•●○◦▪■□‣➢❖✓\uf000-\uf0ff]\s*|[-–—*o]\s+|"
    r"\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]\s+|\d{1,2}(?:\.\d{1,3}){1,3}\.?\s+)\S"
)
_BULLETS = re.compile(r"^([•●○◦▪■□‣➢❖✓]|[\uf000-\uf0ff])\s*")
_ENDS = (".", "!", "?", ":", ";", ".”", ".’", '."', ".)")
_LINKS = (" of", " and", " the", " for", " in", " to", " on", " with", ",", "&", "–", "-")
_WORDS = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST = re.compile(r"(?<![^\W\d_])([^\W\d_]+(?:-[^\W\d_]+)*)$")
_LONGEST_WORD = 200
_FIRST = re.compile(r"^([^\W\d_]+(?:-[^\W\d_]+)*)")
# Words before a hyphen that stays when the line breaks after it.
_PREFIXES = frozenset(
    """
    multi non co self well inter cross half step long short one two three four five six seven eight
    nine ten twenty thirty forty fifty sixty mid ex post pre semi anti all high low face child
    family school evidence trauma decision problem full part strengths risk
    """.split()  # noqa: SIM905 - readable
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """The document's type sizes: `body` is the commonest, `larger` those of headings, largest first."""

    body: float
    larger: tuple[float, ...]

    def level(self, size: float) -> int | None:
        """The level (1 largest) of a size that is a heading's, None for the body's and smaller."""
        if size < self.body * 1.12:
            return None
        return min(1 + sum(other > size + 0.4 for other in self.larger), 6)


def sizes(pages: Sequence[Sequence[Line]]) -> Sizes:
    """Measure the type sizes of a whole document."""
    letters: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            letters[round(line.size * 2) / 2] += len(line.text)
    if not letters:
        return Sizes(10.0, ())
    body = letters.most_common(1)[0][0]
    larger = sorted((size for size in letters if size >= body * 1.12), reverse=True)
    distinct: list[float] = []
    for size in larger:
        if not distinct or distinct[-1] - size > 0.9:
            distinct.append(size)
    return Sizes(body, tuple(distinct))


def words_of(pages: Sequence[Sequence[Line]]) -> Collection[str]:
    """All whole words of a document in lower case, to decide how a broken word is joined."""
    words: set[str] = set()
    for lines in pages:
        for line in lines:
            found = _WORDS.findall(line.text.lower())
            words.update(found[1:-1] if line.broken else found[1:])
    return words


def join(first: str, second: str, broken: bool, words: Collection[str]) -> str:
    """Put two lines of a paragraph together; `broken` says that the first ends within a word.

    A hyphen goes when the joined word is known or nothing speaks for it; it stays in compounds that the document has, before
    a capital or a digit, and after prefixes such as multi-.
    """
    if not broken and not (first.endswith("-") and len(first) > 1 and first[-2].isalpha()):
        return f"{first} {second}"
    head = first.rstrip("-‐\u00ad")
    left, right = _LAST.search(head[-_LONGEST_WORD:]), _FIRST.match(second)
    if left is None or right is None or second[:1].isupper():
        return f"{head}-{second}"
    before, after = left.group(1).lower(), right.group(1).lower()
    if before + after in words:
        return head + second
    if f"{before}-{after}" in words or before.rpartition("-")[2] in _PREFIXES or "-" in before:
        return f"{head}-{second}"
    return head + second


class Paragraphs:
    """Turns the regions of one page into blocks of text."""

    def __init__(
        self, measure: Sizes, words: Collection[str], outline: Sequence[tuple[int, str]]
    ) -> None:
        self._sizes = measure
        self._words = words
        self._outline = {_key(title): level for level, title in outline}

    def blocks(self, regions: Sequence[Region]) -> list[Block]:
        """Blocks of a page in reading order."""
        found: list[Block] = []
        for region in regions:
            if region.rows:
                found.extend(Block("row", text) for text in map(self._row, region.rows) if text)
            else:
                self._go_on(found, self._prose(region.lines))
        return found

    def _go_on(self, found: list[Block], blocks: list[Block]) -> None:
        """Add a column's blocks; a sentence that runs on from the column before stays one paragraph."""
        if found and blocks and _runs_on(found[-1], blocks[0]):
            last = found.pop()
            broken = last.text.endswith("-")
            text = join(last.text.rstrip("-"), blocks[0].text, broken, self._words)
            blocks = [Block(last.kind, text, last.level), *blocks[1:]]
        found.extend(blocks)

    def _row(self, row: list[list[Line]]) -> str:
        return "\t".join(self._joined(cell) for cell in row).strip()

    def _joined(self, lines: Sequence[Line]) -> str:
        text = ""
        broken = False
        for line in lines:
            text = join(text, line.text, broken, self._words) if text else line.text
            broken = line.broken
        return text + "-" if broken and not text.endswith("-") else text

    def _prose(self, lines: Sequence[Line]) -> list[Block]:
        if not lines:
            return []
        measure = _Measure(lines)
        groups: list[list[Line]] = [[lines[0]]]
        for above, below in itertools.pairwise(lines):
            if self._new(groups[-1], above, below, measure):
                groups.append([below])
            else:
                groups[-1].append(below)
        return [self._block(group) for group in groups]

    def _new(self, group: list[Line], above: Line, below: Line, measure: _Measure) -> bool:
        """True when a new paragraph begins at `below`."""
        if above.broken:
            return False
        if below.bottom - above.bottom > measure.pitch(below) * 1.3:
            return True
        if abs(below.size - above.size) > 0.15 * max(above.size, 6.0) and len(below.text) > 3:
            return True
        if ITEM.match(below.text) and not _wrapped(above, measure):
            return True
        if above.bold != below.bold and not _wrapped(above, measure):
            return True
        if self._heading_text(above.text) and len(group) == 1:
            return True
        first = group[0]
        if ITEM.match(first.text) and below.x0 < first.x0 + 1.0 and len(group) > 1:
            # Back at the mark's own edge after hanging lines: the item is over.
            return group[1].x0 > first.x0 + 1.0
        if below.x0 > above.x0 + 1.2 * below.size and len(group) > 1:
            return True
        return not _wrapped(above, measure, below)

    def _heading_text(self, text: str) -> bool:
        return bool(self._outline) and _key(text) in self._outline

    def _block(self, group: list[Line]) -> Block:
        text = _BULLETS.sub(_bullet, self._joined(group))
        level = self._level(group, text)
        if level is not None:
            return Block("heading", text, level)
        return Block("item" if ITEM.match(text) else "paragraph", text)

    def _level(self, group: list[Line], text: str) -> int | None:
        """The level of a heading, None when the block is none."""
        if len(text) > 160 or len(group) > 3 or not any(letter.isalpha() for letter in text):
            return None
        known = self._outline.get(_key(text))
        if known is not None:
            return known
        if text.endswith((",", ";")) or text[:1] in "•●○◦▪■□‣➢❖✓":
            return None
        level = self._sizes.level(group[0].size)
        if level is not None and len(text) > 1:
            return level
        whole = all(line.bold for line in group)
        if whole and len(text) < 110 and not text.endswith(".") and len(text.split()) <= 16:
            return min(len(self._sizes.larger) + 1, 6)
        return None


def _key(text: str) -> str:
    """A heading's letters and digits only: outlines leave out or add blanks and dots."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _bullet(match: re.Match[str]) -> str:
    """A bullet and a blank; signs of symbol fonts (private codes) become the common bullet."""
    sign = match.group(1)
    return "• " if 0xF000 <= ord(sign) <= 0xF0FF else f"{sign} "


def _runs_on(above: Block, below: Block) -> bool:
    return (
        above.kind in ("paragraph", "item")
        and below.kind == "paragraph"
        and len(above.text) > 60
        and not above.text.endswith(_ENDS)
        and below.text[:1].islower()
    )


class _Measure:
    """Line distance and right edge of a region."""

    def __init__(self, lines: Sequence[Line]) -> None:
        steps = [
            below.bottom - above.bottom
            for above, below in itertools.pairwise(lines)
            if below.bottom > above.bottom
        ]
        self._step = median(steps) if steps else 0.0
        self.right = max(line.x1 for line in lines)
        # Double spacing is a matter of running text; short lines far apart are a title page.
        self._running = len(lines) >= 5 and median(len(line.text) for line in lines) >= 45

    def pitch(self, line: Line) -> float:
        """The usual distance of baselines; headings of a larger size have their own."""
        natural = 1.25 * max(line.size, line.bottom - line.top)
        most = 2.6 * max(line.size, 6.0) if self._running else 1.25 * natural
        if self._step > most:
            return natural
        return max(self._step, natural * 0.8)


def _wrapped(above: Line, measure: _Measure, below: Line | None = None) -> bool:
    """True when the line above ran to the right edge: the next word would not have fitted on it.

    A long line without an end before a small letter goes on, whatever room it left.
    """
    letter = above.width / max(len(above.text), 1)
    room = measure.right - above.x1
    if below is None:
        return room < 6 * letter and not above.text.endswith(_ENDS)
    if len(above.text) >= 40 and below.text[:1].islower() and not above.text.endswith(_ENDS):
        return True
    if _centred(above, below):
        # The middle of centred lines is the page's: its margins are taken as a seventh of it on each side.
        room = 0.72 * (above.x0 + above.x1) - above.width
        if above.text.lower().endswith(_LINKS):
            return True
    word = below.text.split(" ", 1)[0]
    return room < (len(word) + 1) * letter + 1.2 * above.size


def _centred(above: Line, below: Line) -> bool:
    apart = abs((above.x0 + above.x1) - (below.x0 + below.x1)) / 2
    return apart < 3.0 and abs(above.x0 - below.x0) > above.size
