"""What the first pages of a document say of it: type, label, role, board, author, dates with their meanings, draft marks.

The cover is the first page's opening lines (a cover sheet of the national repository is read by its own labels, and the
cover is then the page after it). A line of a cover is read like a title; running text of the next two pages only gives
dates with a word that says what they are, the author and, where the cover is silent, the type named most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from casereviews.repository.describing.dates import find_dates
from casereviews.repository.describing.first_pages_people import (
    board_facts,
    draft_facts,
    people_facts,
)
from casereviews.repository.describing.stated import (
    COVER_DATE,
    PUBLISHED_WORD,
    title_facts_as_facts,
)
from casereviews.repository.describing.titles import read_title
from casereviews.repository.describing.titles.form import plain
from casereviews.repository.describing.titles.roles import find_roles
from casereviews.repository.describing.titles.types import find_types
from casereviews.repository.model import DocumentInput, Fact, Page
from casereviews.repository.vocabulary.authorities import authorities, find_areas, nation_of
from casereviews.repository.vocabulary.rules import load_rules

COVER_LINES = 24
COVER_LETTERS = 1400
PAGES = 3
COVER, RUNNING = 0.82, 0.55

_WORDS = load_rules("first_pages")
_DATED = re.compile(r"\b(?:19|20)\d\d\b|\d[./]\d\d?[./]\d\d\b")
_DATE_FIELDS = {
    "published": ("published", PUBLISHED_WORD - 0.05),
    "report_date": ("report_date", 0.85),
    "agreed": ("agreed_date", 0.85),
    "revised": ("revised", 0.8),
    "presented": ("presented", 0.8),
    "death": ("death_date", 0.8),
    "incident": ("incident_from", 0.7),
}
# What stands in for a date of publication when neither the word nor a listing tells one: a report often is agreed
# and dated months before it is published.
_STAND_INS = {"report_date": 0.5, "agreed_date": 0.42, "revised": 0.45}


@dataclass(frozen=True, slots=True)
class _Cover:
    """The lines of a cover and the page they stand on."""

    lines: tuple[str, ...]
    page: Page


def first_page_facts(document: DocumentInput) -> tuple[Fact, ...]:
    """The candidate facts of a document's first pages; () without pages of text."""
    pages = [
        page for page in (document.reading.pages if document.reading else ()) if page.text.strip()
    ]
    if not pages:
        return ()
    facts: list[Fact] = []
    if sheet := _WORDS["cover_sheet"].search(pages[0].text[:3000]):
        facts += _sheet_facts(sheet, pages[0], document)
        pages = pages[1:]
    if pages:
        source = document.source
        publisher = None if source.national else source.publisher
        nation = source.nation if not source.national else nation_of(pages[0].text[:COVER_LETTERS])
        cover = _cover(pages[0])
        facts += _cover_facts(cover, publisher, nation)
        if document.document.origin == "manual":
            facts += _opening_title(cover)
        facts += _running_facts(
            pages[:PAGES], nation, silent=not any(f.field == "review_type" for f in facts)
        )
        facts += board_facts(cover.lines, cover.page.number)
        facts += people_facts(pages[:PAGES])
        facts += draft_facts(cover.lines, cover.page.number)
    if document.reading is not None and document.reading.language in ("en", "cy"):
        language = document.reading.language
        facts.append(Fact("language", language, language, "text", 0.9, rule="language of the text"))
    return tuple(dict.fromkeys(facts))


def _cover(page: Page) -> _Cover:
    lines = [" ".join(line.split()) for line in page.text[:COVER_LETTERS].splitlines()]
    return _Cover(tuple(line for line in lines if line)[:COVER_LINES], page)


def _cover_facts(cover: _Cover, publisher: str | None, nation: str | None) -> Iterator[Fact]:
    """Type, label, role and a bare date from the cover: its short lines alone and in pairs, for a title may run over two."""
    number = cover.page.number
    short = _title_block(cover.lines)
    whole = " – ".join(short)
    block = read_title(" ".join(short), publisher=publisher, nation=nation)
    if block.review_type or block.subject_labels:
        title = " – ".join(short[:5])[:200]
        yield Fact("title", title, title, "page", 0.5, number, rule="cover")
    facts = list(title_facts_as_facts(block, whole[:300], "page", COVER, "cover", dates=None))
    if not block.subject_labels:
        for line in (line for line in short[:8] if len(line) <= 60):
            reading = read_title(line, publisher=publisher, nation=nation)
            if reading.subject_labels:
                facts += [
                    fact
                    for fact in title_facts_as_facts(
                        reading, line, "page", COVER - 0.02, "cover line", dates=None
                    )
                    if fact.field in ("subject_labels", "label_kind")
                ]
                break
    for fact in facts:
        if fact.field != "scope":
            yield replace(fact, page=number)
    yield from _cover_dates(short, number)


def _opening_title(cover: _Cover) -> Iterator[Fact]:
    """What a file that came without a list calls itself: the largest heading of its first page, else its first line."""
    headings = [
        heading for heading in cover.page.headings if _says_something(heading.text.split("\n")[0])
    ]
    largest = min(headings, key=lambda one: (one.level, one.start), default=None)
    lines = [largest.text] if largest else [*filter(_says_something, _title_block(cover.lines))]
    for line in lines[:1]:
        title = " ".join(line.split())[:200]
        yield Fact("title", title, title, "page", 0.4, cover.page.number, rule="first line")


def _says_something(line: str) -> bool:
    return len(re.findall(r"[^\W\d_]{2,}", line)) >= 2


def _title_block(lines: Sequence[str]) -> list[str]:
    """The opening lines of a cover up to where running text begins."""
    block: list[str] = []
    for line in lines:
        if (
            len(line) > 110
            or (len(line) > 70 and line.endswith("."))
            or _WORDS["contents"].fits(line)
        ):
            break
        block.append(line)
    return block[:14]


def _cover_dates(lines: Sequence[str], number: int) -> Iterator[Fact]:
    """An unlabelled date that fills a line of the cover is the date of the report."""
    for line in lines:
        for date in find_dates(line):
            rest = line.replace(date.raw, "").strip(" .,:;–-()")
            if date.iso and date.meaning is None and (len(rest) <= 24 or find_roles(line)):
                yield Fact(
                    "report_date",
                    date.iso,
                    date.raw,
                    "page",
                    0.75,
                    number,
                    line,
                    COVER_DATE,
                )
                yield Fact(
                    "published",
                    date.iso,
                    date.raw,
                    "page",
                    _STAND_INS["report_date"],
                    number,
                    line,
                    COVER_DATE,
                )


def _running_facts(pages: Sequence[Page], nation: str | None, *, silent: bool) -> Iterator[Fact]:
    types: Counter[str] = Counter()
    for page in pages:
        text = page.text[:3500]
        for line in _sentences(text):
            yield from _labelled_dates(line, page.number)
        if silent:
            types.update(
                mention.code for mention in find_types(plain(text), nation=nation) if mention.code
            )
    if types:
        code, count = min(types.items(), key=lambda item: (-item[1], item[0]))
        if count >= 2 and count > 0.6 * sum(types.values()):
            yield Fact(
                "review_type",
                code,
                code,
                "page",
                RUNNING,
                pages[0].number,
                rule="type named most on the first pages",
            )


def _sentences(text: str) -> list[str]:
    """Lines, and sentences over broken lines; a date's label may stand on the line above it."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    joined = " ".join(lines)
    sentences = re.split(r"(?<=[a-z)]\.)\s+(?=[A-Z])", joined)
    return [sentence for sentence in sentences if _DATED.search(sentence)][:40]


def _labelled_dates(sentence: str, number: int) -> Iterator[Fact]:
    for date in find_dates(sentence):
        if not date.iso or date.meaning not in _DATE_FIELDS:
            continue
        field, confidence = _DATE_FIELDS[date.meaning]
        lead = sentence[max(0, date.start - 140) : date.start]
        if date.meaning == "published" and not _publishes_this(lead):
            continue
        if date.meaning in ("death", "incident"):
            if not _WORDS["subject"].fits(lead):
                continue
            if not _WORDS["dated"].fits(lead[-40:]):
                confidence -= 0.15
        evidence = sentence[max(0, date.start - 120) : date.end + 40].strip()
        yield Fact(
            field,
            date.iso,
            date.raw,
            "page",
            confidence,
            number,
            evidence,
            f"labelled {date.meaning}",
        )
        if field in _STAND_INS:
            yield Fact(
                "published",
                date.iso,
                date.raw,
                "page",
                _STAND_INS[field],
                number,
                evidence,
                f"labelled {date.meaning}",
            )


def _publishes_this(lead: str) -> bool:
    """True for "Date of publication:", "Published", "This report was published on"; not for guidance that was published."""
    return _WORDS["publishes"].fits(lead) and not _WORDS["publishes_other"].fits(lead)


def _sheet_facts(sheet: re.Match[str], page: Page, document: DocumentInput) -> Iterator[Fact]:
    """The national repository's cover sheet; `LSCB:` stands before partnerships too."""
    board = " ".join(sheet.group("board").split())
    title = " ".join(sheet.group("title").split()).rstrip(".")
    reading = read_title(title, publisher=board, nation=nation_of(board))
    yield Fact("title", title, title, "page", 0.9, page.number, title, "national cover sheet")
    for fact in title_facts_as_facts(
        reading, title, "page", 0.9, "national cover sheet", dates=None
    ):
        if fact.field != "scope":
            yield replace(fact, page=page.number)
    for date in find_dates(sheet.group("date"))[:1]:
        yield Fact(
            "published",
            date.iso,
            date.raw,
            "page",
            PUBLISHED_WORD - 0.05,
            page.number,
            f"Date of publication: {date.raw}",
            "national cover sheet",
        )
    if sheet.group("author"):
        author = " ".join(sheet.group("author").split()).rstrip(".")
        yield Fact(
            "lead_reviewer",
            author,
            author,
            "page",
            0.85,
            page.number,
            f"Author: {author}",
            "national cover sheet",
        )
    if load_rules("title_words")["withheld"].fits(board):
        return
    yield Fact("publisher", board, board, "page", 0.85, page.number, board, "national cover sheet")
    codes = [
        code for mention in find_areas(board) for code in mention.area.gss if code in authorities()
    ]
    if codes:
        areas = "|".join(dict.fromkeys(authorities()[code].name for code in codes))
        yield Fact("areas", areas, board, "page", 0.8, page.number, board, "national cover sheet")
    if nation := nation_of(board):
        yield Fact("nation", nation, board, "page", 0.8, page.number, board, "national cover sheet")
