"""Which stretch of a document is its summary, its findings, its recommendations..."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from casereviews.repository.model import Page, Reading, Section
from casereviews.repository.vocabulary.rules import load_rules

_KINDS = load_rules("sections")
_WORDS = load_rules("headings")
_NUMBER = rf"(?:{_WORDS['numbered'].words}\s+)?(?P<number>\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})[.):]?"
_NUMBERED = re.compile(rf"{_NUMBER}(?:\s*[-–—:]\s*|\s+)(?P<title>\S.*)", re.IGNORECASE)
_LETTERED = re.compile(
    rf"(?P<number>{_WORDS['appendix'].words}\s+\w{{1,3}})\b[.:)]?\s*[-–—:]?\s*(?P<title>.*)",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"(?P<number>[IVX]{1,5})[.)]\s+(?P<title>\S.*)")
_LEADER = re.compile(r"(?:\.\s?){3,}\s*\d{0,3}\s*$|…+\s*\d{0,3}\s*$|\t\s*\d{1,3}\s*$")
_TRAILING_PAGE = re.compile(r"\s{1,}\d{1,3}\s*$")
_ENDING = _WORDS["ending"]
# "Recommendation 3" labels an item; it opens no section.
_ITEM_LABEL = re.compile(rf"{_WORDS['item'].words}\s+(?:no\.?\s*)?\d", re.IGNORECASE)
_LONGEST_HEADING = 90
_LINE_END = 200  # characters in which a page number and the dots before it stand
_MOST_WORDS = 13


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page that may be a heading."""

    page: int
    start: int
    text: str
    title: str
    number: tuple[int, ...]
    level: int
    typographic: bool
    kind: str | None


def heading_kind(title: str) -> str | None:
    """What a heading announces ("Key findings" is findings), None when the field has no name for it."""
    plain = " ".join(title.lower().replace("’", "'").strip(" .:–-?").split())
    if _ENDING.fits(plain):
        return None
    found = _KINDS.first(plain)
    return found.code if found else None


def find_sections(reading: Reading) -> tuple[Section, ...]:
    """The sections of a document in order, from outline, typography, numbering and the field's heading words.

    Contents lists and running heads make no section. A section ends where the next heading of its level or
    above stands, classified or not; subsections of another kind interrupt it.
    """
    lines = [line for page in reading.pages for line in _candidates(page)]
    headings = _repeated_away(list(_accepted(lines)), len(reading.pages))
    if not headings:
        return ()
    last = reading.pages[-1]
    sections = []
    for position, heading in enumerate(headings):
        if heading.kind is None:
            continue
        after = _end_of(heading, headings[position + 1 :])
        end_page, end = (after.page, after.start) if after else (last.number, len(last.text))
        sections.append(
            Section(heading.kind, heading.title, heading.page, heading.start, end_page, end)
        )
    return _without_nested(sections)


def _candidates(page: Page) -> Iterator[_Line]:
    """The lines of a page that look like headings; none of a contents list."""
    marked = {heading.start: heading.level for heading in page.headings}
    spans = list(_lines(page.text))
    if _is_contents(page.text, [text for _, text in spans]):
        return
    previous = ""
    listed = _contents_list([text.strip() for _, text in spans])
    for at, (start, text) in enumerate(spans):
        stripped = text.strip()
        if not stripped or at in listed:
            previous = ""
            continue
        offset = start + len(text) - len(text.lstrip())
        level = marked.get(start, marked.get(offset))
        if level is None and _is_running_text(stripped):
            previous = stripped
            continue
        following = spans[at + 1][1].strip() if at + 1 < len(spans) else ""
        line = _read_line(page.number, offset, stripped, level)
        if line and (level is not None or _stands_alone(line, previous, following)):
            yield line
        previous = stripped


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _is_contents(text: str, lines: list[str]) -> bool:
    """True for a page that is a list of contents."""
    filled = [line.strip() for line in lines if line.strip()]
    leaders = sum(1 for line in filled if _LEADER.search(line[-_LINE_END:]))
    if leaders >= 3 and leaders * 2 >= len(filled):
        return True
    titled = any(_WORDS["contents"].fits(line.strip(" .:")) for line in filled[:6])
    paged = sum(1 for line in filled if _TRAILING_PAGE.search(line[-_LINE_END:]))
    short = sum(1 for line in filled if len(line) <= _LONGEST_HEADING)
    return titled and (
        paged * 2 >= len(filled) or (short >= 0.9 * len(filled) and len(text) < 2500)
    )


def _contents_list(lines: list[str]) -> range:
    """The lines of a list of contents with text after it on its page; the heading of that text, in the list too, is none of them."""
    titles = (
        at for at, line in enumerate(lines) if line and _WORDS["contents"].fits(line.strip(" .:"))
    )
    first = next(titles, None)
    if first is None:
        return range(0)
    prose = (at for at in range(first, len(lines)) if len(lines[at]) > _LONGEST_HEADING)
    end = next(prose, len(lines))
    again, seen = first, set()
    for at in range(first, end):
        if lines[at] and lines[at] in seen:
            again = at
        seen.add(lines[at])
    return range(first, again)


def _is_running_text(text: str) -> bool:
    """True for a line that cannot be a heading by its look alone; most lines are."""
    return (
        len(text) > _LONGEST_HEADING
        or text[-1] in ".,;"
        or text[0].islower()
        or text.count(" ") > _MOST_WORDS + 1
    )


def _read_line(page: int, start: int, text: str, level: int | None) -> _Line | None:
    """A line taken apart into number and title; None when it cannot be a heading."""
    if len(text) > _LONGEST_HEADING * 2 or _LEADER.search(text) or _ITEM_LABEL.match(text):
        return None
    match = _NUMBERED.fullmatch(text) or _LETTERED.fullmatch(text) or _ROMAN.fullmatch(text)
    title = (match["title"].strip() or text) if match else text
    number: tuple[int, ...] = ()
    if match and match["number"][0].isdigit():
        number = tuple(int(part) for part in match["number"].split("."))
    if match and match.re is _LETTERED:
        kind: str | None = "appendix"
        title = text
    else:
        kind = heading_kind(title)
    title = title.rstrip(" :")
    return _Line(
        page, start, text, title, number, level or len(number) or 1, level is not None, kind
    )


def _stands_alone(line: _Line, previous: str, following: str) -> bool:
    """True when a line without typographic mark reads as a heading: short, no sentence, not a wrapped line."""
    title = line.title
    words = title.split()
    if not words or len(words) > _MOST_WORDS or title[-1] in ".,;" or not title[0].isupper():
        return False
    if _WORDS["telling"].fits(title) or title.count(",") > 3 or "|" in title or "\t" in title:
        return False
    if line.number or title.isupper():
        return line.kind is not None or _capitalised(words) or title.isupper() or len(words) <= 8
    if line.kind is None and not _ENDING.pattern.fullmatch(title):
        return False
    wrapped = len(previous) > 60 and previous[-1] not in '.:;!?)”"' and "\t" not in previous
    return not wrapped and not following[:1].islower() and (len(words) <= 8 or _capitalised(words))


def _capitalised(words: list[str]) -> bool:
    long = [word for word in words if len(word) > 3]
    return sum(1 for word in long if word[0].isupper()) >= 0.6 * len(long)


def _accepted(lines: Iterable[_Line]) -> Iterator[_Line]:
    """Headings without the numbered items of lists, whose numbers do not follow the headings' own."""
    open_heading: _Line | None = None
    top = 0
    for line in lines:
        if line.number and not line.typographic:
            if len(line.number) == 1:
                expected = top < line.number[0] <= (top + 2 if line.kind is None else 99)
                inside_list = (
                    open_heading is not None
                    and open_heading.kind in ("recommendations", "findings", "terms_of_reference")
                    and not open_heading.number
                )
                if not expected or (inside_list and line.kind is None):
                    continue
            elif top and line.number[0] != top and line.kind is None:
                continue
        if line.number and len(line.number) == 1:
            top = line.number[0]
        open_heading = line
        yield line


def _repeated_away(headings: list[_Line], pages: int) -> list[_Line]:
    """Headings without running heads: the same words on a third of the pages, three at least."""
    seen: dict[str, set[int]] = {}
    for heading in headings:
        seen.setdefault(heading.title.lower(), set()).add(heading.page)
    return [
        heading
        for heading in headings
        if len(seen[heading.title.lower()]) < max(3, pages / 3)
        or (heading.typographic and heading.number)
    ]


def _end_of(heading: _Line, later: list[_Line]) -> _Line | None:
    """The heading that ends a section: any of its level or above, or one of another kind."""
    for other in later:
        if other.kind is not None and other.kind != heading.kind:
            return other
        if other.level <= heading.level and (other.kind != heading.kind or other.number):
            return other
        if other.kind == heading.kind and other.level <= heading.level:
            return other
    return None


def _without_nested(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Sections with those dropped that lie inside an earlier one of the same kind."""
    kept: list[Section] = []
    for section in sections:
        if kept and kept[-1].kind == section.kind:
            outer = kept[-1]
            if (section.end_page, section.end) <= (outer.end_page, outer.end):
                continue
            if (section.start_page, section.start) < (outer.end_page, outer.end):
                kept[-1] = replace(outer, end_page=section.end_page, end=section.end)
                continue
        kept.append(section)
    return tuple(kept)
