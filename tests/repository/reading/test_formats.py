"""Each format other than PDF: known words, headings, lists and rows, told from what stands around them."""

import io
import zipfile

import docx
import pptx
import pytest
from docx.enum.text import WD_BREAK
from pptx.util import Inches
from reading_hostile import docx as bare_docx
from reading_hostile import odt, package, text_pdf

from casereviews.repository.model import Heading
from casereviews.repository.reading import Limits, read_file
from casereviews.repository.reading.formats.text import decode

NATIVE = Limits(ocr=False)


def read(tmp_path, data, name="file"):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_file(path, limits=NATIVE)


def texts(reading):
    return [page.text for page in reading.pages]


def test_docx_gives_headings_numbered_and_bulleted_items_rows_and_a_section_a_page_break(tmp_path):
    document = docx.Document()
    document.core_properties.title = "Child Larch: overview report"
    document.add_heading("Overview report", 0)
    document.add_heading("1 Introduction", 1)
    document.add_paragraph("The panel met on Ynys Môn.\tThree times.")
    for words in ("Hear the child", "Write it down"):
        document.add_paragraph(words, style="List Number")
    document.add_paragraph("A bullet", style="List Bullet")
    table = document.add_table(2, 2)
    for place, words in enumerate(("Agency", "Action", "Health", "Visit")):
        table.cell(place // 2, place % 2).text = words
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    document.add_paragraph("Second page", style="Heading 2")
    document.sections[0].header.paragraphs[0].text = "RUNNING HEAD"
    document.save(str(tmp_path / "a.docx"))

    reading = read_file(tmp_path / "a.docx", limits=NATIVE)

    assert texts(reading) == [
        "Overview report\n\n1 Introduction\n\nThe panel met on Ynys Môn.\tThree times.\n\n"
        "1. Hear the child\n2. Write it down\n• A bullet\n\nAgency\tAction\nHealth\tVisit",
        "Second page",
    ]
    assert [page.headings for page in reading.pages] == [
        (Heading(0, "Overview report", 1), Heading(17, "1 Introduction", 1)),
        (Heading(0, "Second page", 2),),
    ]
    assert (reading.status, reading.title) == ("ok", "Child Larch: overview report")
    assert {page.method for page in reading.pages} == {"docx"}


def test_docx_leaves_out_what_was_deleted_and_reads_what_was_inserted_and_boxes_once(tmp_path):
    body = (
        "<w:p><w:r><w:t>kept </w:t></w:r><w:del><w:r><w:delText>gone </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>added</w:t></w:r></w:ins></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>in a box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )

    assert texts(read(tmp_path, bare_docx(body))) == ["kept added\n\nin a control\n\nin a box"]


def test_docx_notes_stand_at_the_end_of_the_section_they_are_made_in(tmp_path):
    note = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = (
        '<w:p><w:r><w:t>As told before</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        '<w:p><w:r><w:t>More words</w:t><w:br w:type="page"/><w:t>Next page</w:t></w:r></w:p>'
    )
    with zipfile.ZipFile(io.BytesIO(bare_docx(body))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["[Content_Types].xml"] = members["[Content_Types].xml"].replace(
        b"</Types>",
        f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'.encode(),
    )
    members["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="n" Type="{note}" Target="footnotes.xml"/></Relationships>'
    ).encode()
    members["word/footnotes.xml"] = (
        f'<w:footnotes xmlns:w="{w}"><w:footnote w:id="2"><w:p><w:r><w:t>In 2019</w:t></w:r></w:p></w:footnote>'
        "</w:footnotes>"
    ).encode()

    reading = read(tmp_path, package(members))

    assert texts(reading) == ["As told before[1]\n\nMore words\n\n[1] In 2019", "Next page"]


def test_odt_gives_headings_lists_rows_notes_and_breaks(tmp_path):
    body = (
        "<text:h text:outline-level='2'>Findings</text:h>"
        "<text:p>Words<text:tab/>of the<text:s/>plan<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>A note</text:p></text:note-body></text:note></text:p>"
        "<text:list><text:list-item><text:p>one</text:p></text:list-item><text:list-item><text:p>two</text:p>"
        "</text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell>"
        "<text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )

    reading = read(tmp_path, odt(body))

    assert texts(reading) == [
        "Findings\n\nWords\tof the plan[1]\n\n• one\n• two\n\na\tb\n\n[1] A note"
    ]
    assert reading.pages[0].headings == (Heading(0, "Findings", 2),)
    assert reading.media_type == "application/vnd.oasis.opendocument.text"


def test_rtf_gives_headings_of_its_styles_rows_notes_and_welsh_letters(tmp_path):
    source = (
        r"{\rtf1\ansi\ansicpg1252{\info{\title Child Larch}}{\stylesheet{\s0 Normal;}{\s1\b heading 1;}}"
        r"\pard\s1\b Findings\par\pard\s0 T\u375?  a caf\'e9{\footnote a note}.\par"
        r"\trowd\cellx1000\cellx2000 a\cell b\cell\row\pard Next{\header HEAD}\page After\par}"
    )

    reading = read(tmp_path, source)

    assert texts(reading) == ["Findings\n\nTŷ a café[1].\n\na\tb\n\nNext\n\n[1] a note", "After"]
    assert reading.pages[0].headings == (Heading(0, "Findings", 1),)
    assert reading.title == "Child Larch"


def test_pptx_is_a_page_a_slide_with_its_title_as_heading(tmp_path):
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Seven points"
    slide.placeholders[1].text = "one\ntwo"
    cells = slide.shapes.add_table(1, 2, Inches(1), Inches(5), Inches(4), Inches(1)).table
    cells.cell(0, 0).text, cells.cell(0, 1).text = "a", "b"
    slide.notes_slide.notes_text_frame.text = "said aloud"
    deck.slides.add_slide(deck.slide_layouts[6])
    deck.save(str(tmp_path / "a.pptx"))

    reading = read_file(tmp_path / "a.pptx", limits=NATIVE)

    assert texts(reading) == ["Seven points\n\n• one\n• two\n\na\tb\n\nNotes: said aloud", ""]
    assert [(page.number, page.label, page.status) for page in reading.pages] == [
        (1, "1", "ok"),
        (2, "2", "empty"),
    ]
    assert reading.pages[0].headings == (Heading(0, "Seven points", 2),)


PAGE = """<!DOCTYPE html><html><head><title>Seven minute briefing: Child Larch</title><style>p{}</style></head><body>
<div class="cookie-banner">We use cookies</div><nav><ul><li>Home</li></ul></nav>
<header class="site-header"><a href="/">Lantern Bay</a></header>
<main><h1>Child Larch</h1><p>Lines of the source
are <b>one</b> paragraph,<br>a break is a line.</p><h2>What happened</h2><ol start="3"><li>three</li><li>four<ul><li>inner</li></ul></li></ol>
<table><tr><th>Agency</th><th>Action</th></tr><tr><td>Health</td><td>Visit</td></tr></table>
<details><summary>More</summary><p>Within</p></details><div class="share-links">Share this</div><script>x()</script></main>
<aside>Related pages</aside><footer>Contact us</footer></body></html>"""


def test_html_keeps_the_briefing_and_leaves_out_what_stands_around_it(tmp_path):
    reading = read(tmp_path, PAGE)

    assert texts(reading) == [
        "Child Larch\n\nLines of the source are one paragraph,\na break is a line.\n\nWhat happened\n\n"
        "3. three\n4. four\n• inner\n\nAgency\tAction\nHealth\tVisit\n\nMore\n\nWithin"
    ]
    assert [(heading.text, heading.level) for heading in reading.pages[0].headings] == [
        ("Child Larch", 1),
        ("What happened", 2),
        ("More", 4),
    ]
    assert reading.title == "Seven minute briefing: Child Larch"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("iso-8859-1", "windows-1252"), ("utf-8", "utf-8"), ("windows-1252", "windows-1252")],
)
def test_html_is_decoded_as_browsers_do(tmp_path, declared, encoding):
    page = f'<html><head><meta charset="{declared}"></head><body><p>“Môn” – café</p></body></html>'

    assert texts(read(tmp_path, page.encode(encoding))) == ["“Môn” – café"]


@pytest.mark.parametrize(
    "data",
    [
        "Tŷ ar Ynys Môn – “plant”".encode(),
        "Tŷ ar Ynys Môn – “plant”".encode("utf-8-sig"),
        "Tŷ ar Ynys Môn – “plant”".encode("utf-16"),
        "Tŷ ar Ynys Môn – “plant”".encode("utf-16-le"),
    ],
)
def test_plain_text_is_decoded_whatever_its_encoding(data):
    assert decode(data) == "Tŷ ar Ynys Môn – “plant”"


def test_plain_text_joins_soft_breaks_keeps_lists_and_begins_a_section_at_a_form_feed(tmp_path):
    wide = "The panel heard the family and the school, and was told of the\nvisits that were not made.\n\n"

    reading = read(
        tmp_path,
        wide + "Actions:\n- hear\n- write\n\fNext page caf\xe9".encode("cp1252").decode("cp1252"),
    )

    assert texts(reading) == [
        "The panel heard the family and the school, and was told of the visits that were not made.\n\n"
        "Actions:\n\n- hear\n- write",
        "Next page café",
    ]


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("report.pdf", PAGE.encode(), "text/html"),
        ("report.docx", text_pdf(), "application/pdf"),
        (
            "report.html",
            bare_docx("<w:p/>"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("report.doc", rb"{\rtf1 words}", "application/rtf"),
        ("report", b"plain words of no kind\n", "text/plain"),
    ],
)
def test_a_format_is_known_by_its_content_never_by_its_name(tmp_path, name, data, media_type):
    assert read(tmp_path, data, name).media_type == media_type


def test_a_spreadsheet_is_no_document(tmp_path):
    reading = read(tmp_path, package({"xl/workbook.xml": b"<workbook/>"}))

    assert (reading.status, reading.detail) == (
        "not_a_document",
        "a zip archive that is no document",
    )


def test_a_package_with_a_locked_member_is_encrypted(tmp_path):
    data = bytearray(bare_docx("<w:p/>"))
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1

    assert read(tmp_path, bytes(data)).status == "encrypted"


def test_an_office_file_with_a_password_is_encrypted(tmp_path):
    ole = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\x00" * 1000
        + "EncryptedPackage".encode("utf-16-le")
    )

    assert read(tmp_path, ole).status == "encrypted"


def test_a_legacy_word_file_says_what_to_install_where_libreoffice_is_missing(
    tmp_path, monkeypatch
):
    monkeypatch.setattr("casereviews.repository.reading.office.find_office", lambda: None)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000 + "WordDocument".encode("utf-16-le")

    reading = read(tmp_path, ole)

    assert reading.status == "partial"
    assert reading.detail.startswith("install LibreOffice (package libreoffice-writer)")
    assert reading.pages == ()


def test_a_legacy_word_file_says_what_to_install_where_libreoffice_has_no_writer(
    tmp_path, monkeypatch
):
    (tmp_path / "soffice.bin").touch()
    program = str(tmp_path / "soffice")
    monkeypatch.setattr("casereviews.repository.reading.office.find_office", lambda: program)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1000 + "WordDocument".encode("utf-16-le")

    reading = read(tmp_path, ole)

    assert reading.status == "partial"
    assert reading.detail.startswith("LibreOffice has no Writer: install libreoffice-writer")


@pytest.mark.parametrize(
    "data",
    [
        package({"word/document.xml": b"<w:document"}),
        package(
            {"content.xml": b"<a><b></a>", "mimetype": b"application/vnd.oasis.opendocument.text"}
        ),
        package({"xl/workbook.xml": b"<workbook/>"}),
    ],
    ids=["broken Word", "broken ODT", "a spreadsheet"],
)
def test_what_came_whole_and_cannot_be_read_is_not_to_be_fetched_again(tmp_path, data):
    reading = read(tmp_path, data)

    assert reading.status in ("corrupt", "not_a_document")
    assert "fetch it again" not in reading.detail


def test_what_was_cut_off_is_to_be_fetched_again(tmp_path):
    data = bare_docx("<w:p><w:r><w:t>words</w:t></w:r></w:p>")

    assert "fetch it again" in read(tmp_path, data[: len(data) // 2]).detail


def test_a_package_with_all_members_locked_is_encrypted(tmp_path):
    data = bytearray(bare_docx("<w:p/>"))
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 8] |= 1
        place = data.find(b"PK\x01\x02", place + 1)

    assert read(tmp_path, bytes(data)).status == "encrypted"


def test_a_damaged_package_is_corrupt(tmp_path):
    buffer = io.BytesIO(bare_docx("<w:p><w:r><w:t>words</w:t></w:r></w:p>"))
    with zipfile.ZipFile(buffer) as archive:
        place = archive.getinfo("word/document.xml").header_offset + 60
    data = bytearray(buffer.getvalue())
    data[place : place + 20] = b"\xff" * 20

    assert read(tmp_path, bytes(data)).status == "corrupt"


def test_a_file_served_as_another_kind_says_so(tmp_path):
    path = tmp_path / "report.pdf"
    path.write_text(PAGE, "utf-8")

    reading = read_file(path, media_type="application/pdf", limits=NATIVE)

    assert (reading.status, reading.media_type) == ("ok", "text/html")
    assert reading.detail == "served as application/pdf"
