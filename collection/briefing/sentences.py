"""The sentences of a report that may be quoted: whole, short, of one page, told of its case; and what each speaks of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from casereviews.repository.describing.evidence import CARRIES, SUPPORTS, Evidence
from casereviews.repository.describing.recommendations.addressees import directs
from casereviews.repository.describing.standing import (
    CASE,
    SILENT_SECTIONS,
    general_places,
    standing_of,
)
from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.describing.text.sentences import sentences, tidy
from casereviews.repository.model import Fact, Page, Reading, Section
from casereviews.repository.vocabulary.rules import load_rules

LONGEST, SHORTEST = 260, 28
"""Characters of a sentence that is quoted: a longer one is not read in a briefing, a shorter one says nothing."""
FEWEST_WORDS = 5
OPENING_PAGES = 3
_RULES = load_rules("briefing")
_UNQUOTABLE = _RULES.of("points_elsewhere", "method", "row")
_NUMBER = re.compile(
    r"^(?:\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,4})[.)]|\d{1,2}(?:\.\d{1,2}){1,3})\s+"
)
_BULLET = re.compile(r"^[•▪●◦‣·*\uf0b7–-]\s+")
_ENDS = re.compile(r"[.!][\"'”’)\]]?$")
_BEGINS = re.compile(r"[\"'“‘(]?[A-ZÀ-ÝŴŶ]")
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))
_PASSIVE = re.compile(r"\b(?:is|are|be|being|to be|can be|may be) (?:\w+ )?\w+ed\b")
_PAST = re.compile(
    r"\b(?:was|were|had|did|made|kept|gave|took|went|saw|wrote|told|stood|sought|held|built|spoke|knew|brought|led|drove|rang|sent|found"
    r"|met|said|left|began|became|lost|felt|thought|came|(?!need|inde)\w{3,}ed)\b"
)
_LABELLED = re.compile(r"(?:[\w-]+ ){0,4}[\w-]+\s*[:–—]\s")
_SHORT_LINE = 0.6  # of the longest line of its page: a line that ends so early was not wrapped


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands on `page`, on one line. `themes` are those that it tells of this case, `facts` (field, value) what the review's
    facts rest on it, `place` the part of the report, `number` its place among all sentences."""

    text: str
    folded: str
    page: int
    place: str
    number: int
    themes: frozenset[str]
    supports: frozenset[str]
    facts: frozenset[tuple[str, str]]

    @property
    def hangs(self) -> bool:
        """True when it cannot be read without the sentence before it."""
        return _RULES["dangling"].fits(self.folded)

    @property
    def begins_with_pronoun(self) -> bool:
        """True when it can, but does not say of whom it is told."""
        return _RULES["pronoun"].fits(self.folded)

    @property
    def is_vague(self) -> bool:
        """True when it does not say who did it, but that several did."""
        return _RULES["vague"].fits(self.folded)

    @property
    def is_past(self) -> bool:
        """True when it tells what was or was done, not what is or is to be."""
        return bool(_PAST.search(_PASSIVE.sub("", self.folded)))

    @property
    def tells_of_want(self) -> bool:
        """True when some of its words say that something was wanting."""
        return _RULES["wanting"].fits(self.folded)

    @property
    def is_wanting(self) -> bool:
        """True when it says that practice was wanting, and neither praises nor excuses."""
        return (
            self.tells_of_want and not _RULES["no_fault"].fits(self.folded) and not self.is_praise
        )

    @property
    def is_praise(self) -> bool:
        """True when it praises what was done, and neither wishes for it nor finds it missing."""
        return _RULES["praised"].fits(self.folded) and not _RULES["praise_wanting"].fits(
            self.folded
        )


def quotable(
    reading: Reading,
    sections: Sequence[Section],
    pieces: Iterable[Evidence],
    facts: Iterable[Fact],
    hidden: Collection[str] = (),
) -> Iterator[Sentence]:
    """The sentences of a report that may be quoted, in order.

    `pieces` are what was seen of its themes, `facts` those of the document; `hidden` are labels that are a real person's name: no sentence
    with a word of them is given. None is given of what is asked, denied, wished for, told of others or of the method, none that runs over a page.
    """
    told = _told(pieces)
    resting = _resting(facts)
    names = _naming(hidden)
    text = RunningText.of(reading, sections)
    general = {text.sentence(text.original(at)) for at in general_places(text.folded)}
    widths = {page.number: _width(page) for page in reading.pages}
    for number, (start, end) in enumerate(text.sentences):
        place = text.kind(start)
        page = text.page(start)
        if (
            start in text.headings
            or number in general
            or place in SILENT_SECTIONS
            or text.page(end - 1) != page
        ):
            continue
        printed = as_quoted(text.text[start:end], widths[page])
        if printed is None or (names and names.search(printed)):
            continue
        folded = fold(printed)
        if standing_of(folded) != CASE:
            continue
        if place is None:
            place = "opening" if page < text.numbers[0] + OPENING_PAGES else "body"
        key = (page, text.quote(start, end))
        themes, supports, refused = told.get(key, ((), (), False))
        if refused and not themes:
            continue
        yield Sentence(
            printed,
            folded,
            page,
            place,
            number,
            frozenset(themes),
            frozenset(supports),
            frozenset(resting.get(key, ())),
        )


def as_quoted(raw: str, width: int) -> str | None:
    """A sentence as it is quoted: on one line, without bullet, number or a heading that stands before it; None when it is not whole or no prose.

    `width` is the number of characters of a full line of its page.
    """
    raw = _after_heading(raw.strip(), width)
    if "\t" in raw or "|" in raw or "…" in raw or "..." in raw:
        return None
    printed = _NUMBER.sub("", _BULLET.sub("", tidy(raw)))
    words = printed.split()
    if not SHORTEST <= len(printed) <= LONGEST or len(words) < FEWEST_WORDS:
        return None
    if not _BEGINS.match(printed) or not _ENDS.search(printed):
        return None
    if any(printed.count(one) != printed.count(other) for one, other in _PAIRS):
        return None
    if printed.count('"') % 2 or _LABELLED.match(printed) or _is_titled(words):
        return None
    folded = fold(printed)
    return None if any(rule.fits(folded) for rule in _UNQUOTABLE) else printed


def as_recommended(text: str, longest: int) -> str | None:
    """The first whole sentences of a recommendation that direct somebody, no longer together than `longest` characters; None without."""
    taken = ""
    for start, end in sentences(text):
        one = " ".join(text[start:end].split())
        if not _ENDS.search(one) or not directs(one) or _RULES["pledged"].fits(fold(one)):
            break
        longer = f"{taken} {one}".strip()
        if len(longer) > longest:
            break
        taken = longer
    return taken if taken and _BEGINS.match(taken) else None


def stands_on(quoted: str, page: str) -> bool:
    """Whether quoted words stand on a page, white space aside."""
    return "".join(quoted.split()) in "".join(page.split())


def _told(
    pieces: Iterable[Evidence],
) -> dict[tuple[int, str], tuple[set[str], set[str], bool]]:
    """Page and sentence -> the themes that it carries, those that it supports, and whether something in it does not count."""
    found: dict[tuple[int, str], tuple[set[str], set[str], bool]] = {}
    for piece in pieces:
        if piece.page is None or piece.field == "agency":
            continue
        carries, supports, refused = found.get((piece.page, piece.sentence), (set(), set(), False))
        if piece.standing != CASE:
            refused = True
        elif piece.counts == CARRIES:
            carries.add(piece.value)
        elif piece.counts == SUPPORTS:
            supports.add(piece.value)
        found[piece.page, piece.sentence] = (carries, supports, refused)
    return found


def _resting(facts: Iterable[Fact]) -> dict[tuple[int, str], set[tuple[str, str]]]:
    found: dict[tuple[int, str], set[tuple[str, str]]] = {}
    for fact in facts:
        if fact.page is not None and fact.standing in ("", CASE):
            found.setdefault((fact.page, fact.evidence), set()).add((fact.field, fact.value))
    return found


def _naming(labels: Iterable[str]) -> re.Pattern[str] | None:
    """What finds any word of labels; None without any."""
    words = {word for label in labels for word in re.findall(r"[^\W\d_]{2,}", label)}
    if not words:
        return None
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})", re.IGNORECASE)


def _width(page: Page) -> int:
    return max((len(line) for line in page.text.split("\n")), default=0)


def _after_heading(raw: str, width: int) -> str:
    """Text without first lines that end early, without a stop, before a capital: a heading that no mark tells."""
    lines = raw.split("\n")
    while len(lines) > 1:
        first, then = lines[0].strip(), lines[1].strip()
        short = len(first) < _SHORT_LINE * width
        if not (short and then[:1].isupper() and first[-1:] not in ",;-"):
            break
        del lines[0]
    return "\n".join(lines)


def _is_titled(words: Sequence[str]) -> bool:
    """True for words that are nearly all capitalised: a title, a list of names."""
    long = [word for word in words if len(word) > 3]
    return sum(word[0].isupper() for word in long) > 0.6 * len(long)
