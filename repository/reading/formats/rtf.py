"""RTF by striprtf, with headings, table cells and footnotes kept by marks put in before it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.errors import Corrupt, TooLarge
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.repair import repair

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
_MARKS = re.compile("[\x01-\x05]")
_ITEM = re.compile(r"^(?:[•·▪o\uf0b7]|\d{1,3}[.)]|[a-z][.)])\t")


def looks_like(opening: Opening) -> bool:
    return opening.head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{\\rtf")


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read an RTF file as sections of about a page."""
    source = _PICTURE.sub("", opening.whole().decode("latin-1"))
    if len(source) > _MOST_MB * 1_000_000:
        raise TooLarge(f"an RTF file with {len(source) // 1_000_000} MB of markup")
    title = _TITLE.search(source[:100_000])
    try:
        marked, notes = _marked(source)
        text = _plain(marked)
        name = _plain("{\\rtf1 " + title.group(1) + "}") if title else ""
    except (ValueError, IndexError, KeyError, LookupError, TypeError) as error:
        raise Corrupt(f"a damaged RTF file ({str(error)[:120]}): fetch it again") from error
    pages = sections(_blocks(text, notes), "rtf", limit=limits.pages)
    return Content(pages, repair(name).strip()[:400] or None)


def _plain(source: str) -> str:
    return str(rtf_to_text(source, errors="replace"))  # type: ignore[no-untyped-call]


def _marked(source: str) -> tuple[str, list[str]]:
    """Put marks that striprtf passes through (heading levels, ends of cells, notes); returns the notes' own texts too."""
    source = _MARKS.sub("", source)
    styles = _STYLES.search(source)
    start = _group_end(source, styles.start()) if styles else 0
    levels = _levels(source[:start])
    body, notes = _notes_out(source[start:])
    body = _OUTLINE.sub(" ", body)
    body = _USED.sub(lambda match: levels.get(match.group(1), " "), body)
    body = _FEED.sub("\\\\par \x04", _BEFORE.sub("\x04", body))
    return source[:start] + _CELL.sub("\x03", body), _note_texts(source, notes)


def _notes_out(body: str) -> tuple[str, list[str]]:
    """Take the groups of footnotes out of the body and leave their numbers and a mark."""
    kept: list[str] = []
    notes: list[str] = []
    last = 0
    for match in _NOTE.finditer(body):
        if match.start() < last:
            continue
        end = _group_end(body, match.start())
        notes.append(_NOTE_WORD.sub(" ", body[match.start() : end]))
        kept.append(f"{body[last : match.start()]}[{len(notes)}]\x05")
        last = end
    return "".join(kept) + body[last:], notes


def _note_texts(source: str, notes: list[str]) -> list[str]:
    """All notes in one go, with the fonts that say how their letters are coded."""
    if not notes:
        return []
    fonts = _FONTS.search(source)
    table = source[fonts.start() : _group_end(source, fonts.start())] if fonts else ""
    text = _plain("{\\rtf1\\ansi " + table + "\x05".join(notes) + "}")
    return [" ".join(_MARKS.sub("", note).split()) for note in text.split("\x05")]


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


def _group_end(source: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(source, start):
        sign = match.group()
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign == "}":
            return match.end()
    return start


def _blocks(text: str, notes: list[str]) -> Iterator[Block]:
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
