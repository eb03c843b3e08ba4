"""What a demonstration document holds before it becomes PDF, Word or HTML."""

from __future__ import annotations

from dataclasses import dataclass, field

MARK = "Fictional demonstration document"
MARK_LONG = (
    "Fictional demonstration document. Every area, board, service, person and event in it is "
    "invented; it describes nobody."
)
MARK_WELSH = "Dogfen ddychmygol at ddibenion arddangos"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a section of the report."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """A list of short texts under each other, with bullets."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a row of column heads."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Points | Grid


@dataclass(frozen=True, slots=True)
class Paper:
    """A document before it has a file format.

    `cover` are the lines of the first page under the title (role, date, author), `role` a code of
    `document_role`, `house` the look of the board that publishes it (a key of `pdf.HOUSES`).
    `revision` goes into the file's metadata only: another value gives other bytes with the same text.
    """

    title: str
    board: str
    cover: tuple[str, ...]
    blocks: tuple[Block, ...]
    role: str = "overview_report"
    language: str = "en"
    house: str = "plain"
    revision: str = ""
    keywords: tuple[str, ...] = field(default_factory=tuple)

    @property
    def text(self) -> str:
        """All the words of the document, in reading order."""
        lines = [self.title, self.board, *self.cover]
        for block in self.blocks:
            match block:
                case Heading(text) | Paragraph(text):
                    lines.append(text)
                case Points(items):
                    lines.extend(items)
                case Grid(head, rows):
                    lines.extend((*head, *(cell for row in rows for cell in row)))
        return "\n".join(lines)

    @property
    def marked(self) -> str:
        """The line that says, in the document's own language, that it is fictional."""
        return f"{MARK_WELSH} – {MARK}" if self.language == "cy" else MARK
