"""Papers as PDF files in the looks of several boards, with the same bytes for the same paper.

reportlab comes with the extra `demo`; without it `DemoNeedsReportlab` says how to get it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from casereviews.demo.papers import MARK_LONG, Block, Grid, Heading, Paper, Paragraph, Points

try:
    import reportlab
    from reportlab.lib import colors, pagesizes
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.platypus import (
        BaseDocTemplate,
        Frame,
        NextPageTemplate,
        PageBreak,
        PageTemplate,
        Spacer,
        Table,
        TableStyle,
    )
    from reportlab.platypus import Paragraph as Flowing
except ImportError as error:  # pragma: no cover - depends on the installation
    raise ImportError(
        'The demo makes PDF files with reportlab: install it with pip install ".[demo]".'
    ) from error


@dataclass(frozen=True, slots=True)
class House:
    """The look of a board's documents. `numbered` says how pages are numbered: "Page 3", "3" or "3 | board"."""

    body: str
    bold: str
    colour: str
    size: float = 11.0
    leading: float = 16.0
    cover_page: bool = True
    contents: bool = False
    numbered: str = "Page {n}"
    first_number: int = 1
    margin_mm: float = 25.0


HOUSES = {
    "partnership": House("Helvetica", "Helvetica-Bold", "#1d5b6b", contents=True),
    "council": House("Times-Roman", "Times-Bold", "#222222", 12, 17, numbered="{n}"),
    "classic": House(
        "Times-Roman", "Times-Bold", "#5a2a3c", 11.5, 16.5, contents=True, first_number=0
    ),
    "modern": House("Vera", "VeraBd", "#2b4a7f", 9.5, 15, numbered="{n} | {board}"),
    "home_office": House(
        "Helvetica", "Helvetica-Bold", "#1d1d1d", 11, 15.5, contents=True, numbered="{n}"
    ),
    "plain": House("Helvetica", "Helvetica-Bold", "#333333", 11, 15.5, cover_page=False),
    "leaflet": House(
        "Helvetica", "Helvetica-Bold", "#00695c", 10, 14, cover_page=False, margin_mm=18
    ),
}


def _fonts() -> None:
    for name in ("Vera", "VeraBd"):
        if name not in pdfmetrics.getRegisteredFontNames():
            folder = Path(reportlab.__file__).parent / "fonts"
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))


def pdf_bytes(paper: Paper, *, password: str | None = None) -> bytes:
    """The paper as a PDF file with a text layer. `password` locks it: nobody can read its words without."""
    _fonts()
    house = HOUSES[paper.house]
    target = io.BytesIO()
    margin = house.margin_mm * mm
    width, height = pagesizes.A4
    document = BaseDocTemplate(
        target,
        pagesize=pagesizes.A4,
        title=paper.title,
        author=paper.board,
        subject=paper.marked,
        keywords=", ".join((*paper.keywords, *filter(None, [paper.revision]))),
        creator="casereviews demo",
        invariant=1,
        encrypt=StandardEncryption(password, ownerPassword=password) if password else None,
    )
    frame = Frame(margin, margin, width - 2 * margin, height - 2 * margin, id="text")
    document.addPageTemplates(
        [
            PageTemplate("cover", [frame], onPage=lambda c, d: _dress_cover(c, paper, house)),
            PageTemplate("body", [frame], onPage=lambda c, d: _dress_page(c, d.page, paper, house)),
        ]
    )
    document.build(_flow(paper, house))
    return target.getvalue()


def _dress_cover(canvas: Any, paper: Paper, house: House) -> None:
    width, height = pagesizes.A4
    canvas.saveState()
    canvas.setFillColor(colors.HexColor(house.colour))
    band = 32 * mm if house.cover_page else 12 * mm
    canvas.rect(0, height - band, width, band, stroke=0, fill=1)
    canvas.setFillColor(colors.white)
    canvas.setFont(house.bold, 15 if house.cover_page else 9)
    canvas.drawString(house.margin_mm * mm, height - band / 2 - 3, paper.board)
    canvas.setFillColor(colors.HexColor("#9b1c1c"))
    canvas.setFont(house.bold, 9)
    canvas.drawString(house.margin_mm * mm, 12 * mm, paper.marked)
    canvas.restoreState()


def _dress_page(canvas: Any, page: int, paper: Paper, house: House) -> None:
    width, height = pagesizes.A4
    canvas.saveState()
    canvas.setFillColor(colors.HexColor("#666666"))
    canvas.setFont(house.body, 8)
    canvas.drawString(house.margin_mm * mm, height - 13 * mm, paper.title)
    canvas.drawString(house.margin_mm * mm, 8 * mm, paper.marked)
    number = house.numbered.format(n=page - 1 + house.first_number, board=paper.board)
    canvas.drawRightString(width - house.margin_mm * mm, 12 * mm, number)
    canvas.restoreState()


def _styles(house: House) -> dict[str, Any]:
    colour = colors.HexColor(house.colour)
    body = ParagraphStyle(
        "body", fontName=house.body, fontSize=house.size, leading=house.leading, spaceAfter=8
    )

    def bold(name: str, size: float, **more: Any) -> Any:
        return ParagraphStyle(
            name, fontName=house.bold, fontSize=size, leading=size * 1.3, textColor=colour, **more
        )

    return {
        "body": body,
        "small": ParagraphStyle("small", body, fontSize=house.size - 1.5, leading=house.size + 2),
        "mark": ParagraphStyle("mark", body, textColor=colors.HexColor("#9b1c1c"), fontSize=9),
        "cell": ParagraphStyle("cell", body, fontSize=house.size - 1.5, leading=house.size + 2),
        "point": ParagraphStyle("point", body, leftIndent=16, bulletIndent=4),
        "title": bold("title", 22 if house.cover_page else 17, spaceAfter=12),
        "cover": bold("cover", 13, spaceAfter=6),
        "h1": bold("h1", 15, spaceBefore=14, spaceAfter=7, keepWithNext=1),
        "h2": bold("h2", 12.5, spaceBefore=9, spaceAfter=5, keepWithNext=1),
        "h3": bold("h3", house.size, spaceBefore=6, spaceAfter=3, keepWithNext=1),
    }


def _flow(paper: Paper, house: House) -> list[Any]:
    styles = _styles(house)
    story: list[Any] = [NextPageTemplate("body")]
    story.append(Spacer(1, 45 * mm if house.cover_page else 4 * mm))
    story.append(Flowing(escape(paper.title), styles["title"]))
    story.extend(Flowing(escape(line), styles["cover"]) for line in paper.cover)
    if house.cover_page:
        story.append(Spacer(1, 14 * mm))
    story.append(Flowing(escape(_mark(paper)), styles["mark"]))
    if house.cover_page:
        story.append(PageBreak())
    if house.contents:
        story.extend(_contents(paper, styles))
    for block in paper.blocks:
        story.extend(_flowing(block, styles, house))
    return story


def _mark(paper: Paper) -> str:
    return f"{paper.marked}. {MARK_LONG}" if paper.language == "cy" else MARK_LONG


def _contents(paper: Paper, styles: dict[str, Any]) -> list[Any]:
    heads = [
        block.text for block in paper.blocks if isinstance(block, Heading) and block.level == 1
    ]
    lines = [Flowing(escape(text), styles["small"]) for text in heads]
    return [Flowing("Contents", styles["h2"]), *lines, PageBreak()]


def _flowing(block: Block, styles: dict[str, Any], house: House) -> list[Any]:
    match block:
        case Heading(text, level):
            return [Flowing(escape(text), styles[f"h{min(level, 3)}"])]
        case Paragraph(text):
            return [Flowing(escape(text), styles["body"])]
        case Points(items):
            return [Flowing(escape(item), styles["point"], bulletText="•") for item in items]
        case Grid(head, rows):
            return [_table(head, rows, styles, house), Spacer(1, 10)]


def _table(
    head: tuple[str, ...], rows: tuple[tuple[str, ...], ...], styles: dict[str, Any], house: House
) -> Any:
    width = pagesizes.A4[0] - 2 * house.margin_mm * mm
    first = 0.22 if len(head) == 2 else 1 / len(head)
    widths = [width * first] + [width * (1 - first) / (len(head) - 1)] * (len(head) - 1)
    cells = [[Flowing(f"<b>{escape(cell)}</b>", styles["cell"]) for cell in head]]
    cells += [[Flowing(escape(cell), styles["cell"]) for cell in row] for row in rows]
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#999999")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#e6e6e6")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def scanned_bytes(paper: Paper, *, dpi: int = 110) -> bytes:
    """The paper as it leaves an office scanner: pictures of its pages, a little askew, without a text layer."""
    import pypdfium2
    from PIL import Image

    target = io.BytesIO()
    width, height = pagesizes.A4
    canvas = Canvas(target, pagesize=pagesizes.A4, invariant=1, pageCompression=1)
    canvas.setTitle("scan0001")
    source = pypdfium2.PdfDocument(pdf_bytes(paper))
    try:
        for number in range(len(source)):
            picture = source[number].render(scale=dpi / 72).to_pil().convert("L")
            tilted = picture.rotate(
                0.4 if number % 2 else -0.3, resample=Image.Resampling.BICUBIC, fillcolor=255
            )
            canvas.drawImage(ImageReader(tilted), 0, 0, width, height)
            canvas.showPage()
    finally:
        source.close()
    canvas.save()
    return target.getvalue()
