"""PPTX and its kin straight from the XML: a page a slide, its title as heading, shapes in reading order, speaker's notes at the end.

Shows, templates, the Strict vocabulary, files with macros and one flat XML file are all the same to it. Hidden slides and shapes,
shapes off the slide or under others, and letters of the colour of their ground are left out, and the file says on which slides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from casereviews.repository.model import Page
from casereviews.repository.reading.content import Content, Format, Opening
from casereviews.repository.reading.covered import covered_detail
from casereviews.repository.reading.drawing import A, R, paragraph_text
from casereviews.repository.reading.errors import Corrupt
from casereviews.repository.reading.flow import Block, page_of
from casereviews.repository.reading.formats.printed import slides_as_printed
from casereviews.repository.reading.graphics import Graphics
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.packages import (
    Package,
    check,
    flat_package,
    office_kind,
    opened,
    parsed,
    root_tag,
)
from casereviews.repository.reading.repair import repair
from casereviews.repository.reading.slides import FRAME, GROUP, Deck, P, Shape, Slide, has_words
from casereviews.repository.reading.summary import added

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_FLAT = "{http://schemas.microsoft.com/office/2006/xmlPackage}package"
_SIZE = (9_144_000, 6_858_000)  # of a slide where the file does not say: 10 by 7.5 inches
_BODY = frozenset({"body", "obj"})  # placeholders that are bulleted by their layout
_FURNITURE = frozenset({"sldNum", "ftr", "dt"})
_BAND = 457_200  # half an inch in English Metric Units
_OFF, _ON = frozenset({"0", "false", "off"}), frozenset({"1", "true", "on"})


def looks_like(opening: Opening) -> bool:
    if opening.head.startswith(b"PK"):
        return office_kind(opening) == "presentation"
    return b"ppt/presentation" in opening.head and root_tag(opening.head) == _FLAT


def read(opening: Opening, limits: Limits, deadline: Deadline) -> Content:
    """Read a presentation, one page a slide."""
    if not opening.head.startswith(b"PK"):
        package = flat_package(parsed(opening.whole(), "presentation"))
        shown = _Presentation(package)
        content = shown.content(limits, deadline)
    else:
        check(opening.source, limits)
        with opened(opening.source) as package:
            shown = _Presentation(package)
            content = shown.content(limits, deadline)
    if not shown.may_cover:
        return content
    suffix = ".pptx" if opening.head.startswith(b"PK") else ".xml"
    return slides_as_printed(content, opening, suffix, limits, deadline, shown.seen, shown.notes)


class _Presentation:
    """Goes through the slides in the order of the presentation."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._main = package.main or ""
        root = package.root(self._main)
        if root is None:
            raise Corrupt("a presentation without its main part")
        related = package.related(self._main)
        self._slides = [
            related[identifier].target if identifier in related else ""
            for identifier in (each.get(R + "id") for each in root.iter(P + "sldId"))
        ]
        size = root.find(P + "sldSz")
        sides = (size.get("cx") or "", size.get("cy") or "") if size is not None else ("", "")
        known = (int(sides[0]), int(sides[1])) if all(map(str.isdigit, sides)) else _SIZE
        self._deck = Deck(package, known)
        self._graphics = Graphics(package)
        self._lost: list[str] = []
        self._covered: set[int] = set()
        self._feet: set[str] = set()
        self.seen: list[int] = []  # slides that are not hidden
        self.notes: dict[int, str] = {}
        self.may_cover = False

    def content(self, limits: Limits, deadline: Deadline) -> Content:
        """The pages, with the title, and what is said of the rest."""
        pages: list[Page] = []
        status, detail = "ok", ""
        for number, name in enumerate(self._slides[: limits.pages], 1):
            if deadline.passed:
                status = "timed_out"
                detail = f"read {len(pages)} of {len(self._slides)} slides in the time allowed"
                break
            pages.append(page_of(self._page(name, number), number, "pptx", label=str(number)))
        if pages and len(self._lost) == len(pages):
            raise Corrupt("a presentation of which no slide can be read")
        if status == "ok" and len(self._slides) > len(pages):
            status = "partial"
            detail = f"read the first {len(pages)} of {len(self._slides)} slides: the limit"
        if self._covered:
            detail = added(detail, covered_detail(sorted(self._covered)))
        for each in dict.fromkeys((*self._lost, *self._graphics.lost)):
            status = "partial" if status == "ok" else status
            detail = added(detail, f"{each} in it could not be read")
        title = repair(self._package.title).strip()
        title = "" if title == "PowerPoint Presentation" else title
        return Content(tuple(pages), title[:400] or None, status, detail)

    def _page(self, name: str, number: int) -> list[Block]:
        """The blocks of one slide; none for one that is hidden."""
        try:
            root = self._package.root(name)
            if root is None:
                raise Corrupt("a slide that is not there")
            if root.get("show") in _OFF:
                if has_words(root):
                    self._covered.add(number)
                return []
            self.seen.append(number)
            shapes = self._deck.slide(name, root)
            self.may_cover = self.may_cover or shapes.may_cover
            slide = _Reader(shapes, name, self._graphics)
            blocks = list(slide.blocks())
            for text in slide.feet:
                if text not in self._feet:
                    self._feet.add(text)
                    blocks.append(Block("paragraph", text))
            notes = list(self._notes(name))
            self.notes[number] = "\n\n".join(each.text for each in notes)
            blocks.extend(notes)
        except Corrupt:
            self._lost.append(f"slide {number}")
            return []
        if slide.covered:
            self._covered.add(number)
        return blocks

    def _notes(self, name: str) -> Iterator[Block]:
        """What the speaker meant to say, marked as that: it does not stand on the slide."""
        notes = self._package.root(self._package.first(name, "notesSlide"))
        for shape in notes.iter(P + "sp") if notes is not None else ():
            mark = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
            body = shape.find(P + "txBody")
            if mark is not None and mark.get("type") == "body" and body is not None:
                lines = (repair(paragraph_text(each)) for each in body.iterchildren(A + "p"))
                said = [line for line in lines if line.strip()]
                for place, line in enumerate(said):
                    yield Block("paragraph", line if place else f"Notes: {line.strip()}")
                return


class _Reader:
    """Reads the shapes of one slide; `feet` are the words at its foot that were typed there, a date among them, and `covered` says
    whether there were words that nobody sees."""

    def __init__(self, slide: Slide, name: str, graphics: Graphics) -> None:
        self._slide, self._name, self._graphics = slide, name, graphics
        self.covered = False
        self.feet: list[str] = []

    def blocks(self) -> Iterator[Block]:
        shapes = self._slide.shapes
        title = next((each for each in shapes if _is_title(each)), None)
        if title is not None and not title.unseen:
            body = title.element.find(P + "txBody")
            ground = self._slide.ground(title)
            texts = self._paragraphs(body, ground) if body is not None else []
            text = " ".join(" ".join(texts).split())
            if text:
                yield Block("heading", text, 2)
            shapes = [each for each in shapes if each is not title]
        yield from self._shapes(shapes)

    def _shapes(self, shapes: list[Shape]) -> Iterator[Block]:
        """Shapes from top to bottom and left to right; those without a place of their own keep the slide's order."""
        for shape in _ordered(shapes):
            element = shape.element
            if shape.placeholder is not None and shape.placeholder[0] in _FURNITURE:
                self._foot(shape)
            elif element.tag == GROUP:
                yield from self._shapes(shape.inner)
            elif shape.unseen:
                self._cover(element)
            elif element.tag == FRAME:
                yield from self._frame(shape)
            elif (body := element.find(P + "txBody")) is not None:
                yield from self._text(shape, body)

    def _foot(self, shape: Shape) -> None:
        """What stands at the foot of a slide but its number, and today's date, which are fields."""
        body = shape.element.find(P + "txBody")
        if shape.unseen or body is None:
            return
        for field in list(body.iter(A + "fld")):
            field.getparent().remove(field)
        if shape.placeholder is not None and shape.placeholder[0] != "sldNum":
            self.feet.extend(self._paragraphs(body, self._slide.ground(shape)))

    def _frame(self, shape: Shape) -> Iterator[Block]:
        """A table as rows; the words of a chart or a diagram."""
        for each in shape.element.iter("*"):
            if each.tag == A + "tbl":
                yield from self._table(each, shape)
            else:
                yield from self._graphics.blocks(each, self._name) or ()

    def _table(self, table: Any, shape: Shape) -> Iterator[Block]:
        covered = self._slide.covered_cells(table, shape)
        for row in table.iterchildren(A + "tr"):
            texts = []
            for cell in row.iterchildren(A + "tc"):
                # What stands in a cell that another was merged with is kept, and never shown.
                merged = cell.get("hMerge") in _ON or cell.get("vMerge") in _ON
                if merged or cell in covered:
                    self._cover(cell)
                    texts.append("")
                    continue
                ground = self._slide.ground_in(table, cell, shape)
                bodies = cell.iterchildren(A + "txBody")
                words = (text for body in bodies for text in self._paragraphs(body, ground))
                texts.append(" ".join(" ".join(words).split()))
            yield Block("row", "\t".join(texts))

    def _text(self, shape: Shape, body: Any) -> Iterator[Block]:
        listed = shape.placeholder is not None and shape.placeholder[0] in _BODY
        texts = self._paragraphs(body, self._slide.ground(shape))
        for text in texts:
            if listed and len(texts) > 1 and not text.startswith(("•", "-", "–")):
                yield Block("item", f"• {text}")
            else:
                yield Block("paragraph", text)

    def _paragraphs(self, body: Any, ground: str) -> list[str]:
        """What is seen of a text body's paragraphs on their ground, without empty ones."""
        texts = []
        for paragraph in body.iterchildren(A + "p"):
            hidden = [
                run
                for run in paragraph.iterchildren(A + "r", A + "fld")
                if self._slide.unseen(run, ground)
            ]
            for run in hidden:
                self._cover(run)
                paragraph.remove(run)
            text = repair(paragraph_text(paragraph)).strip()
            if text:
                texts.append(text)
        return texts

    def _cover(self, element: Any) -> None:
        """Remember that there are words which are not seen; never which."""
        self.covered = self.covered or has_words(element)


def _is_title(shape: Shape) -> bool:
    named = shape.placeholder
    return named is not None and named[1] == "0" and named[0] not in _FURNITURE


def _ordered(shapes: list[Shape]) -> list[Shape]:
    """Bands of shapes at about the same height are read from left to right."""
    placed = [(shape.place[1] // _BAND, shape.place[0]) for shape in shapes if shape.place]
    if len(placed) < len(shapes):
        return shapes
    order = sorted(range(len(shapes)), key=placed.__getitem__)
    return [shapes[each] for each in order]


FORMAT = Format("pptx", MEDIA_TYPE, looks_like, read, rank=20)
