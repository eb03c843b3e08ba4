"""A report with known words made by LibreOffice in every format: columns, table, running head, footnote, Welsh, ligatures."""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.reading_made import ENGLISH, Made, prose, tokens
from casereviews.repository.reading.office import find_office

FORMATS = ("pdf", "docx", "doc", "odt", "rtf")
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("style", "style"),
        ("fo", "xsl-fo-compatible"),
    )
)
_STYLES = """<office:font-face-decls/><office:styles>
<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm" fo:text-align="justify"/>
<style:text-properties style:font-name="Liberation Serif" fo:font-size="11pt" fo:hyphenate="false" fo:language="en" fo:country="GB"/></style:style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Standard" style:default-outline-level="1">
<style:text-properties fo:font-size="16pt" fo:font-weight="bold"/></style:style></office:styles><office:automatic-styles>
<style:style style:name="Break" style:family="paragraph" style:parent-style-name="Heading_20_1"><style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>
<style:style style:name="Two" style:family="section"><style:section-properties text:dont-balance-text-columns="false"><style:columns fo:column-count="2" fo:column-gap="0.8cm"/></style:section-properties></style:style>
<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin-top="2cm" fo:margin-bottom="2cm" fo:margin-left="2.5cm" fo:margin-right="2.5cm"/>
<style:header-style><style:header-footer-properties fo:min-height="0.6cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.6cm"/></style:footer-style></style:page-layout>
</office:automatic-styles><office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4">
<style:header><text:p>Lantern Bay Safeguarding Children Partnership (fictional)</text:p></style:header>
<style:footer><text:p>Page <text:page-number/></text:p></style:footer></style:master-page></office:master-styles>"""


class _Writer:
    """Writes the body and remembers its words page by page; notes stand at the foot of their page."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.xml: list[str] = []
        self.pages: list[list[str]] = []
        self.notes: list[str] = []

    def page(self, title: str) -> None:
        self._notes_down()
        style = "Break" if self.pages else "Heading_20_1"
        self.xml.append(
            f'<text:h text:style-name="{style}" text:outline-level="1">{title}</text:h>'
        )
        self.pages.append(tokens(title))

    def _notes_down(self) -> None:
        for note in self.notes:
            self.pages[-1] += tokens(note)
        self.notes.clear()

    def paragraph(self, count: int, *, welsh: bool = False, marker: bool = True) -> str:
        text = prose(self.chance, count, welsh=welsh)
        if marker:
            text += f" MARK{self.chance.randrange(10**6):06d}."
        self.pages[-1] += tokens(text)
        return f'<text:p text:style-name="Standard">{escape(text)}</text:p>'

    def add(self, *args: int, **options: bool) -> None:
        self.xml.append(self.paragraph(*args, **options))

    def noted(self, note: str) -> None:
        self.pages[-1] += tokens("The panel heard this twice from the nurse.")
        self.notes.append(note)
        self.xml.append(
            '<text:p text:style-name="Standard">The panel heard this twice<text:note text:note-class="footnote">'
            f"<text:note-citation>1</text:note-citation><text:note-body><text:p>{note}</text:p></text:note-body></text:note>"
            " from the nurse.</text:p>"
        )

    def table(self, rows: int) -> None:
        cells = []
        for row in range(rows):
            words = [
                f"{row + 1} {self.chance.choice(ENGLISH)}",
                prose(self.chance, 9),
                prose(self.chance, 6),
            ]
            self.pages[-1] += [word for cell in words for word in tokens(cell)]
            cells.append(
                "".join(
                    f'<table:table-cell table:style-name="Cell"><text:p text:style-name="Standard">{cell}</text:p></table:table-cell>'
                    for cell in words
                )
            )
        body = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
        self.xml.append(
            f'<table:table><table:table-column table:number-columns-repeated="3"/>{body}</table:table>'
        )

    def items(self, count: int) -> None:
        texts = [prose(self.chance, 12) for _ in range(count)]
        for text in texts:
            self.pages[-1] += tokens(text)
        rows = "".join(
            f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in texts
        )
        self.xml.append(f'<text:list text:style-name="Bullets">{rows}</text:list>')

    def columns(self) -> None:
        body = "".join(self.paragraph(90) for _ in range(3))
        self.xml.append(
            f'<text:section text:style-name="Two" text:name="S{len(self.xml)}">{body}</text:section>'
        )

    def done(self) -> str:
        self._notes_down()
        return "".join(self.xml)


def source(seed: int, rounds: int) -> tuple[str, list[list[str]]]:
    """A flat ODT and its words page by page: prose, columns, a table and Welsh in turn."""
    writer = _Writer(seed)
    for number in range(1, rounds + 1):
        writer.page(f"{number}.1 First findings of the office")
        writer.add(120)
        writer.noted(f"A note on efficient conflict: {prose(writer.chance, 7)}")
        writer.items(4)
        writer.add(90)
        writer.page(f"{number}.2 Analysis in two columns")
        writer.columns()
        writer.add(50)
        writer.page(f"{number}.3 Recommendations")
        writer.add(40)
        writer.table(5)
        writer.add(40)
        writer.page(f"{number}.4 Crynodeb")
        writer.add(110, welsh=True)
        writer.add(90, welsh=True)
    body = writer.done()
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {_NAMES} office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.text">{_STYLES}<office:body><office:text>{body}'
        "</office:text></office:body></office:document>"
    )
    return text, writer.pages


def convert(path: Path, to: str, folder: Path) -> Path:
    """Convert a file by LibreOffice."""
    program = find_office()
    if program is None:
        raise FileNotFoundError("LibreOffice is not installed")
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(
            [program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--convert-to", to,
             "--outdir", str(folder), str(path)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return folder / f"{path.stem}.{to}"


def make_all(folder: Path, seed: int = 4, rounds: int = 2) -> dict[str, Made]:
    """The same report in every format."""
    text, pages = source(seed, rounds)
    flat = folder / "report.fodt"
    flat.write_text(text, "utf-8")
    return {name: Made(convert(flat, name, folder), pages) for name in FORMATS}
