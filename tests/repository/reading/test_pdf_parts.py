"""What a PDF carries beside plain pages: forms, text boxes, stamps, attached files, XFA, junk, spaced headings, tables of codes."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pikepdf
import pytest
from docx import Document as Word
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from casereviews.repository.model import Reading
from casereviews.repository.reading.limits import Limits
from casereviews.repository.reading.reader import read_file

NATIVE = dataclasses.replace(Limits(), ocr=False)
TEXT = (
    "The nursery worker wrote to the health visitor in the autumn.",
    "Each agency has told the partnership what it changed since.",
)


def read(folder: Path, body: bytes, name: str = "made.pdf") -> Reading:
    path = folder / name
    path.write_bytes(body)
    return read_file(path, limits=NATIVE)


def words(reading: Reading) -> str:
    return " ".join(" ".join(page.text.split()) for page in reading.pages)


def drawn(draw: Callable[[Canvas], None]) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842), invariant=1)
    draw(canvas)
    canvas.save()
    return made.getvalue()


def plain(canvas: Canvas, lines: Sequence[str] = TEXT) -> None:
    for at, line in enumerate(lines):
        canvas.drawString(60, 760 - 16 * at, line)


def changed(body: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(body)) as pdf:
        change(pdf)
        pdf.save(made, static_id=True)
    return made.getvalue()


# ---- forms, text boxes, stamps

ASKED = {
    "Name of the agency": "Barnmoor Primary Trust",
    "Date of the briefing": "3 May 2024",
    "What will change": "Minutes are kept for every strategy meeting",
}


def _beside(canvas: Canvas) -> None:
    plain(canvas)
    for at, (label, value) in enumerate(ASKED.items()):
        y = 650 - 40 * at
        canvas.drawString(60, y + 6, label)
        canvas.acroForm.textfield(name=f"f{at}", value=value, x=220, y=y, width=300, height=22)


def _below(canvas: Canvas) -> None:
    plain(canvas)
    for at, (label, value) in enumerate(ASKED.items()):
        y = 650 - 60 * at
        canvas.drawString(60, y + 30, label)
        canvas.acroForm.textfield(name=f"f{at}", value=value, x=60, y=y, width=400, height=22)


def _many_lines(canvas: Canvas) -> None:
    plain(canvas)
    for at, (label, value) in enumerate(ASKED.items()):
        y = 620 - 90 * at
        canvas.drawString(60, y + 50, label)
        canvas.acroForm.textfield(
            name=f"f{at}",
            value=value,
            x=60,
            y=y,
            width=420,
            height=46,
            fieldFlags="multiline",
            maxlen=400,
        )


@pytest.mark.parametrize("form", [_beside, _below, _many_lines])
def test_what_was_filled_in_is_read_after_its_label(
    tmp_path: Path, form: Callable[[Canvas], None]
) -> None:
    said = words(read(tmp_path, drawn(form)))
    places = [said.find(part) for pair in ASKED.items() for part in pair]
    assert -1 not in places
    assert places == sorted(places)
    assert said.startswith(TEXT[0])


def _form_of_fields(*fields: dict[str, object]) -> bytes:
    """A page with fields that have values and no drawing."""
    with pikepdf.open(io.BytesIO(drawn(plain))) as pdf:
        made = []
        for at, keys in enumerate(fields):
            place = Array([60, 500 - 40 * at, 400, 522 - 40 * at])
            kid = pdf.make_indirect(
                Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=place, F=keys.pop("F", 4))
            )
            field = pdf.make_indirect(Dictionary(T=f"f{at}", Kids=Array([kid])))
            for key, value in keys.items():
                field[f"/{key}"] = value
            kid["/Parent"] = field
            made.append((field, kid))
        pdf.pages[0].obj["/Annots"] = Array([kid for _, kid in made])
        font = pdf.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        )
        pdf.Root["/AcroForm"] = Dictionary(
            Fields=Array([field for field, _ in made]),
            DA="/Helv 10 Tf 0 g",
            DR=Dictionary(Font=Dictionary(Helv=font)),
        )
        changed = io.BytesIO()
        pdf.save(changed)
    return changed.getvalue()


def test_fields_that_the_file_does_not_draw_are_read_as_viewers_show_them(tmp_path: Path) -> None:
    choice = Array([Array(["pv", "Pear Vale North"]), Array(["bm", "Barnmoor South"])])
    said = words(
        read(
            tmp_path,
            _form_of_fields(
                {"FT": Name.Tx, "V": "Barnmoor Primary Trust"},
                {"FT": Name.Ch, "V": "pv", "Ff": 131072, "Opt": choice},
                {"FT": Name.Tx, "V": "Quillfeather", "F": 2},
                {"FT": Name.Tx, "V": "Quillfeather", "F": 36},
            ),
        )
    )
    assert "Barnmoor Primary Trust" in said
    assert "Pear Vale North" in said
    assert "Barnmoor South" not in said
    assert "Quillfeather" not in said


def test_a_chosen_entry_is_read_and_the_others_are_not(tmp_path: Path) -> None:
    def form(canvas: Canvas) -> None:
        plain(canvas)
        canvas.drawString(60, 656, "Outcome")
        canvas.acroForm.choice(
            name="c",
            value="Accepted in part",
            options=["Accepted", "Accepted in part", "Refused"],
            x=220,
            y=650,
            width=200,
            height=22,
        )

    said = words(read(tmp_path, drawn(form)))
    assert "Outcome Accepted in part" in said
    assert "Refused" not in said


def _with_drawing(pdf: pikepdf.Pdf, subtype: str, text: str, **more: object) -> None:
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    shown = pdf.make_stream(f"BT /F 11 Tf 4 8 Td ({text}) Tj ET".encode())
    shown["/Type"], shown["/Subtype"] = Name.XObject, Name.Form
    shown["/BBox"] = Array([0, 0, 300, 24])
    shown["/Resources"] = Dictionary(Font=Dictionary(F=font))
    made = Dictionary(
        Type=Name.Annot,
        Subtype=Name("/" + subtype),
        Rect=Array([60, 560, 360, 584]),
        F=4,
        Contents=String(text),
        AP=Dictionary(N=shown),
    )
    for key, value in more.items():
        made["/" + key] = value
    pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(made)])


@pytest.mark.parametrize(
    ("subtype", "text"),
    [
        ("FreeText", "Appendix B was added in June"),
        ("FreeText", "See also the action plan"),
        ("Stamp", "FINAL VERSION"),
        ("Stamp", "APPROVED by the board"),
    ],
)
def test_a_text_box_and_a_stamp_are_text(tmp_path: Path, subtype: str, text: str) -> None:
    body = changed(drawn(plain), lambda pdf: _with_drawing(pdf, subtype, text))
    said = words(read(tmp_path, body))
    assert said.count(text) == 1
    assert said.startswith(" ".join(TEXT))


def test_a_note_that_is_closed_and_a_hidden_box_are_no_text(tmp_path: Path) -> None:
    hidden = changed(drawn(plain), lambda pdf: _with_drawing(pdf, "FreeText", "Draft", F=2))
    assert words(read(tmp_path, hidden)) == " ".join(TEXT)

    def note(pdf: pikepdf.Pdf) -> None:
        made = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([10, 10, 30, 30]), Contents=String("Ask legal"))  # fmt: skip
        pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(made)])

    assert words(read(tmp_path, changed(drawn(plain), note))) == " ".join(TEXT)


# ---- portfolios and attached files

COVER = "For the best experience, open this PDF portfolio in Acrobat X or Adobe Reader X, or later."


def portfolio(files: dict[str, bytes], cover: str = COVER) -> bytes:
    def attach(pdf: pikepdf.Pdf) -> None:
        for name, content in files.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        pdf.Root["/Collection"] = Dictionary(Type=Name.Collection, View=Name.D)

    def page(canvas: Canvas) -> None:
        canvas.rect(40, 40, 515, 762)
        plain(canvas, [cover])

    return changed(drawn(page), attach)


def word_file(*paragraphs: str) -> bytes:
    made, document = io.BytesIO(), Word()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(made)
    return made.getvalue()


def test_a_portfolio_gives_its_files_and_not_a_word_of_its_cover(tmp_path: Path) -> None:
    files = {
        "overview report.pdf": drawn(plain),
        "action plan.docx": word_file("Each school names one person for Pear Vale."),
    }
    reading = read(tmp_path, portfolio(files))
    assert (reading.status, reading.pages, reading.text_sha256) == ("empty", (), None)
    assert {one.name: one.content for one in reading.enclosed} == files
    assert "attached files:" in reading.detail
    assert "documents of its review are 2 of 2 files" in reading.detail


def test_a_portfolio_names_what_is_no_document(tmp_path: Path) -> None:
    files = {"c photo.bin": b"\x00\x01\x02" * 400, "d report.pdf": drawn(plain)}
    reading = read(tmp_path, portfolio(files))
    assert [one.name for one in reading.enclosed] == ["d report.pdf"]
    assert "c photo.bin: bytes of no format that holds text" in reading.detail
    assert "documents of its review are 1 of 2 files" in reading.detail


def test_a_portfolio_without_a_file_that_holds_text_is_no_document(tmp_path: Path) -> None:
    reading = read(tmp_path, portfolio({"a photo.bin": b"\x00\x01\x02" * 400}))
    assert (reading.status, reading.pages, reading.enclosed) == ("not_a_document", (), ())
    assert "portfolio" in reading.detail


def test_a_cover_without_a_word_is_one_and_a_report_keeps_its_own_pages(
    tmp_path: Path,
) -> None:
    plan = {"plan.pdf": drawn(lambda canvas: plain(canvas, ["One person is named in Barnmoor."]))}
    blank = read(tmp_path, portfolio(plan, cover=""))
    assert [(one.name, one.media_type) for one in blank.enclosed] == [("plan.pdf", "application/pdf")]  # fmt: skip
    report = changed(
        drawn(plain),
        lambda pdf: pdf.attachments.__setitem__(
            "plan.pdf", pikepdf.AttachedFileSpec(pdf, plan["plan.pdf"], filename="plan.pdf")
        ),
    )
    reading = read(tmp_path, report)
    assert (words(reading), reading.detail) == (" ".join(TEXT), "attached files: plan.pdf")
    assert reading.enclosed == ()


# ---- XFA

WAIT = (
    "Please wait... If this message is not eventually replaced by the proper contents of the document, "
    "your PDF viewer may not be able to display this type of document."
)


def xfa(template: str, data: str = "") -> bytes:
    packet = (
        '<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/">'
        f'{template}</template><xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data>{data}'
        "</xfa:data></xfa:datasets></xdp:xdp>"
    )

    def put(pdf: pikepdf.Pdf) -> None:
        pdf.Root["/AcroForm"] = Dictionary(
            Fields=Array([]), XFA=Array([String("x"), pdf.make_stream(packet.encode())])
        )

    lines = [WAIT[:90], WAIT[90:]]
    return changed(drawn(lambda canvas: plain(canvas, lines)), put)


def test_an_xfa_form_says_what_it_prints_and_what_was_filled_in(tmp_path: Path) -> None:
    template = (
        "<subform><draw><value><text>Response of the agency</text></value></draw>"
        '<draw><value><exData contentType="text/html"><body xmlns="http://www.w3.org/1999/xhtml"><p>What did you '
        "<b>learn</b> from it?</p></body></exData></value></draw><script>app.alert(1)</script></subform>"
    )
    reading = read(
        tmp_path, xfa(template, "<form><answer>We keep minutes in Pear Vale.</answer></form>")
    )
    said = words(reading)
    assert reading.status == "ok"
    for part in ("Response of the agency", "What did you learn from it?", "We keep minutes"):
        assert part in said
    assert "Please wait" not in said
    assert "alert" not in said


def test_an_empty_xfa_form_is_a_named_result(tmp_path: Path) -> None:
    reading = read(tmp_path, xfa(""))
    assert (reading.status, reading.pages) == ("not_a_document", ())
    assert "ask the publisher for a plain PDF" in reading.detail


# ---- junk, cut files

JUNK = {
    "a warning of PHP": b"<br />\n<b>Warning</b>: Cannot modify header information in <b>/x.php</b><br />\n",
    "many warnings": b"<br />\n<b>Notice</b>: Undefined index: file in <b>/var/x.php</b> on line 7<br />\n"
    * 40,
    "blank lines": b"\r\n" * 900,
    "a byte order mark": b"\xef\xbb\xbf",
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK)
def test_what_a_site_writes_before_the_file_does_not_matter(tmp_path: Path, junk: bytes) -> None:
    reading = read(tmp_path, junk + drawn(plain))
    assert (reading.status, words(reading)) == ("ok", " ".join(TEXT))


def test_a_page_that_only_names_the_format_is_no_pdf(tmp_path: Path) -> None:
    page = f"<html><body><p>A file that begins with %PDF-1.4 is one. {TEXT[0]}</p></body></html>"
    assert read(tmp_path, page.encode(), "page.html").media_type == "text/html"


def test_another_fetch_is_advised_only_for_a_file_that_was_cut_short(tmp_path: Path) -> None:
    body = drawn(plain)
    cut, wrong = body[:300], b"%PDF-1.4\n" + b"nothing " * 60 + b"\n%%EOF\n"
    assert "fetch it again" in read(tmp_path, cut).detail
    detail = read(tmp_path, wrong).detail
    assert "fetch it again" not in detail
    assert "ask the publisher for a sound copy" in detail


# ---- headings and tables


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("F I N D I N G S", "FINDINGS"),
        ("K e y  L e a r n i n g", "Key Learning"),
        ("S E R I O U S   C A S E   R E V I E W", "SERIOUS CASE REVIEW"),
        ("1 .  I N T R O D U C T I O N", "INTRODUCTION"),
    ],
)
def test_letters_set_apart_are_words(tmp_path: Path, printed: str, said: str) -> None:
    def heading(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(60, 800, printed)
        canvas.setFont("Helvetica", 11)
        plain(canvas)

    assert said in words(read(tmp_path, drawn(heading)))


@pytest.mark.parametrize(
    "line",
    ["Options A B C D were weighed", "I a m b", "Child A, B and C", "x y z", "Class 4 B and 5 C"],
)
def test_single_letters_that_are_meant_stay(tmp_path: Path, line: str) -> None:
    said = words(read(tmp_path, drawn(lambda canvas: plain(canvas, [*TEXT, line]))))
    assert said.endswith(line) or line in ("I a m b", "x y z")


def test_a_table_of_codes_is_text_where_no_picture_covers_the_page(tmp_path: Path) -> None:
    codes = [f"E{10000001 + at}  {at * 7 % 90}.{at % 10}%  QX{at}  {2000 + at % 24}" for at in range(40)]  # fmt: skip

    def table(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for at, line in enumerate(codes):
            canvas.drawString(60, 780 - 14 * at, line)

    reading = read(tmp_path, drawn(table))
    assert reading.status == "ok"
    assert [code for code in ("E10000001", "QX39", "2023") if code not in words(reading)] == []

    def no_map(canvas: Canvas) -> None:
        consonants = "BCDFGHJKLMNPQRSTVXZ"
        shifted = "".join(consonants[ord(one) % 19] if one.isalpha() else one for one in TEXT[0])
        for at in range(30):
            canvas.drawString(60, 780 - 14 * at, shifted)

    assert read(tmp_path, drawn(no_map)).status == "needs_ocr"

    def scan(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(Image.new("L", (600, 800), 250)), 0, 0, 595, 842)
        for at in range(30):
            canvas.drawString(60, 780 - 14 * at, "~]#. |;:_^ \\}{ ,.;'")

    assert read(tmp_path, drawn(scan)).status == "needs_ocr"
