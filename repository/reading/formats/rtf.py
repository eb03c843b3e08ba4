"""RTF by striprtf, with headings, table cells, footnotes and text boxes kept by marks put in before it runs.

Hidden and deleted words are taken out before, and the file says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.covered import covered_detail
from casereviews.repository.reading.errors import Corrupt, TooLarge
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.formats.printed import as_printed
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.repair import repair
from casereviews.repository.reading.rtf_source import (
    BOX_MARK,
    boxes_out,
    buttons,
    group_ends,
    may_cover,
    objects_as_shown,
    unicode_alternatives,
    without_hidden,
)

MEDIA_TYPE = "application/rtf"
# striprtf walks the file in Python, about 2 MB of markup a second; pictures in it are hexadecimal and taken out first.
_MOST_MB = 30
_PICTURE = re.compile(r"\\(?:pict|objdata)\b[^{}]{2000,}")
_OUTLINE = re.compile(r"\\outlinelevel([0-8])(?!\d) ?")
_STYLE = re.compile(r"\{\\s(\d+)\b([^{}]*)\}")
_NAMED = re.compile(r"\s(?:title|heading ([1-9]));$", re.IGNORECASE)
_USED = re.compile(r"\\s(\d+)(?!\d) ?")
_FEED = re.compile(r"\\page(?![a-z]) ?")
_BEFORE = re.compile(r"\\pagebb(?![a-z]) ?")
_STYLES = re.compile(r"\{\\stylesheet")
_CELL = re.compile(r"\\(?:nest)?cell(?![a-z]) ?")
_NOTE = re.compile(r"\{(?:\\\*)?\\footnote(?![a-z])")
_NOTE_WORD = re.compile(r"\\(?:footnote|ftnalt|chftn|\*)(?![a-z]) ?")
_FONTS = re.compile(r"\{\\fonttbl")
_TITLE = re.compile(r"\{\\title\s+((?:[^{}\\]|\\['u*][^{}]{0,6}?)*)\}")
_HEADING = re.compile("\x01([0-8])\x02")
_MARKS = re.compile("\x06\\d+\x06|[\x01-\x06]")
_CODE_PAGE = re.compile(r"\\ansicpg\d{1,5}")
_ITEM = re.compile(r"^(?:[•·▪o\uf0b7]|\d{1,3}[.)]|[a-z][.)])\t")


def looks_like(opening: Opening) -> bool:
    return opening.head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf")


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read an RTF file as sections of about a page."""
    source = _PICTURE.sub("", opening.whole().decode("latin-1"))
    if len(source) > _MOST_MB * 1_000_000:
        raise TooLarge(f"an RTF file with {len(source) // 1_000_000} MB of markup")
    title = _TITLE.search(source[:100_000])
    source, hidden = without_hidden(buttons(_MARKS.sub("", source)))
    over = may_cover(source)
    source, boxes, invisible = boxes_out(unicode_alternatives(objects_as_shown(source)))
    try:
        marked, notes, boxes = _marked(source, boxes)
        text = _plain(marked)
        name = _plain("{\\rtf1 " + title.group(1) + "}") if title else ""
    except (ValueError, IndexError, KeyError, LookupError, TypeError) as error:
        raise Corrupt(f"a damaged RTF file ({str(error)[:120]})") from error
    pages = sections(_blocks(text, notes, boxes), "rtf", limit=limits.pages)
    detail = covered_detail(()) if hidden or invisible else ""
    content = Content(pages, repair(name).strip()[:400] or None, detail=detail)
    return as_printed(content, opening, ".rtf", limits, deadline) if over else content


def _plain(source: str) -> str:
    return str(rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]


def _marked(source: str, boxes: list[str]) -> tuple[str, list[str], list[str]]:
    """Put marks that striprtf passes through (heading levels, ends of cells, notes); returns the texts of notes and boxes too."""
    styles = _STYLES.search(source)
    ends = group_ends(source, _STYLES.finditer(source, 0, styles.end())) if styles else {}
    start = ends[styles.start()] if styles else 0
    levels = _levels(source[:start])

    def mark(body: str) -> str:
        body = _OUTLINE.sub(" ", body)
        body = _USED.sub(lambda match: levels.get(match.group(1), " "), body)
        return _CELL.sub("\x03", _FEED.sub("\\\\par \x04", _BEFORE.sub("\x04", body)))

    body, notes = _notes_out(source[start:])
    told = [" ".join(_MARKS.sub("", note).split()) for note in _apart(source, notes)]
    return source[:start] + mark(body), told, _apart(source, [mark(box) for box in boxes])


def _notes_out(body: str) -> tuple[str, list[str]]:
    """Take the groups of footnotes out of the body and leave their numbers and a mark."""
    kept: list[str] = []
    notes: list[str] = []
    last = 0
    for start, end in sorted(group_ends(body, _NOTE.finditer(body)).items()):
        if start >= last:
            notes.append(_NOTE_WORD.sub(" ", body[start:end]))
            kept.append(f"{body[last:start]}[{len(notes)}]\x05")
            last = end
    return "".join(kept) + body[last:], notes


def _apart(source: str, pieces: list[str]) -> list[str]:
    """The texts of pieces of markup in one go, with the fonts that say how their letters are coded."""
    if not pieces:
        return []
    fonts, page = _FONTS.search(source), _CODE_PAGE.search(source)
    table = ""
    if fonts:
        ends = group_ends(source, _FONTS.finditer(source, 0, fonts.end()))
        table = source[fonts.start() : ends[fonts.start()]]
    head = "{\\rtf1\\ansi" + (page.group() if page else "") + " " + table
    return _plain(head + "\x05".join(f"{{{piece}}}" for piece in pieces) + "}").split("\x05")


def _levels(styles: str) -> dict[str, str]:
    """The mark of each paragraph style that is a heading's or the title's."""
    found: dict[str, str] = {}
    for number, words in _STYLE.findall(styles):
        outline, named = _OUTLINE.search(words), _NAMED.search(words)
        if outline:
            found[number] = f"\x01{outline.group(1)}\x02"
        elif named:
            found[number] = f"\x01{int(named.group(1) or 1) - 1}\x02"
    return found


def _blocks(text: str, notes: list[str], boxes: list[str]) -> Iterator[Block]:
    made = 0
    for line in text.split("\n"):
        if "\x04" in line:
            yield Block("break", "")
        if "\x03" in line:
            cells = line.rstrip("\x03").split("\x03")
            tidy = (" ".join(_MARKS.sub("", cell).split()) for cell in cells)
            yield Block("row", repair("\t".join(tidy)))
        else:
            yield from _paragraph(line)
        for _ in range(min(line.count("\x05"), len(notes) - made)):
            made += 1
            yield Block("note", f"[{made}] {repair(notes[made - 1])}")
        for mark in BOX_MARK.finditer(line):
            place = int(mark.group(1))
            yield from _blocks(boxes[place] if place < len(boxes) else "", [], [])


def _paragraph(line: str) -> Iterator[Block]:
    heading = _HEADING.search(line)
    content = repair(_MARKS.sub("", _HEADING.sub("", line))).strip()
    if heading:
        yield Block("heading", content, int(heading.group(1)) + 1)
    elif content:
        item = _ITEM.match(content)
        kind = "item" if item else "paragraph"
        yield Block(kind, content.replace("\t", " ", 1) if item else content)


FORMAT = Format("rtf", MEDIA_TYPE, looks_like, read, rank=20)
