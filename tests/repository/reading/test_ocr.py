import importlib.util
import io
from pathlib import Path

import pytest
from misbehaving import dies_recognising
from reading_made import tokens
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from casereviews.repository.reading import (
    FolderPageStore,
    Limits,
    OcrPage,
    ReadJob,
    ocr,
    read_file,
    read_files,
)
from casereviews.repository.reading.pdf.lines import Line

SHA = "ab" * 32
HAVE_OCR = importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime")


def scan(path: Path, pages: int = 3) -> Path:
    """Pages that are one grey picture each, and a native page after them."""
    from PIL import Image

    drawn = Canvas(str(path), invariant=1)
    for _ in range(pages):
        drawn.drawImage(ImageReader(Image.new("L", (300, 420), 210)), 0, 0, 595, 842)
        drawn.showPage()
    drawn.drawString(72, 700, "A page with words of its own about the child.")
    drawn.save()
    return path


def recognised(number: int, *words: str) -> OcrPage:
    lines = [
        Line(text, 60.0, 300.0 + 14 * row, 60.0 + 5 * len(text), 311.0 + 14 * row, 9.0, False)
        for row, text in enumerate(words)
    ]
    lines.append(Line(str(number), 290.0, 800.0, 300.0, 811.0, 9.0, False))
    return OcrPage(number, 595.0, 842.0, 0.9, tuple(lines))


@pytest.fixture
def engine(monkeypatch):
    """Stands in for the engine: counts the pages it is asked for."""
    asked: list[int] = []

    def recognise_page(document, number):
        asked.append(number)
        return recognised(number, f"The panel heard the family on page {number} of the scan and")

    monkeypatch.setattr(ocr, "recognise_page", recognise_page)
    monkeypatch.setattr("casereviews.repository.reading.reader.ocr_available", lambda: True)
    return asked


def test_only_pages_without_a_text_layer_are_recognised_with_method_and_confidence(
    tmp_path, engine
):
    reading = read_file(scan(tmp_path / "a.pdf"), sha256=SHA)

    assert engine == [1, 2, 3]
    assert [(page.method, page.status, page.confidence) for page in reading.pages] == [
        ("ocr", "ok", 0.9),
        ("ocr", "ok", 0.9),
        ("ocr", "ok", 0.9),
        ("native", "ok", None),
    ]
    assert reading.pages[0].text == "The panel heard the family on page 1 of the scan and"
    assert [page.label for page in reading.pages[:3]] == ["1", "2", "3"]
    assert (reading.status, reading.detail, reading.text_sha256) == ("ok", "", None)


def test_recognition_goes_on_where_its_budget_ended(tmp_path, engine):
    store = FolderPageStore(tmp_path / "ocr")
    store.put(SHA, recognised(2, "Kept from the run before, this page is not done again"))
    path = scan(tmp_path / "a.pdf")

    first = read_file(path, sha256=SHA, limits=Limits(ocr_seconds=1e-9), store=store)
    second = read_file(path, sha256=SHA, store=store)

    assert [page.status for page in first.pages] == ["needs_ocr", "ok", "needs_ocr", "ok"]
    assert first.status == "partial"
    assert (
        first.detail == "the budget for OCR is spent, the next run goes on; 2 of 4 pages need OCR"
    )
    assert engine == [1, 3]
    assert [page.status for page in second.pages] == ["ok"] * 4
    assert second.pages[1].text == "Kept from the run before, this page is not done again"


def test_without_the_extra_pages_say_that_they_need_ocr(tmp_path, monkeypatch):
    monkeypatch.setattr("casereviews.repository.reading.reader.ocr_available", lambda: False)

    reading = read_file(scan(tmp_path / "a.pdf"))

    assert [page.status for page in reading.pages] == ["needs_ocr"] * 3 + ["ok"]
    assert reading.detail == "3 of 4 pages need OCR"


def test_a_page_store_gives_back_what_it_was_given_and_forgets(tmp_path):
    store = FolderPageStore(tmp_path / "ocr")
    page = recognised(7, "Ynys Môn")

    store.put(SHA, page)

    assert store.get(SHA, 7) == page
    assert store.get(SHA, 8) is None
    store.forget(SHA)
    assert list((tmp_path / "ocr").iterdir()) == []


@pytest.mark.parametrize("name", ["../etc", "AB" * 32, "ab", ""])
def test_a_page_store_takes_hashes_only(tmp_path, name):
    with pytest.raises(ValueError, match="SHA-256"):
        FolderPageStore(tmp_path).put(name, recognised(1, "x"))


def test_a_damaged_stored_page_is_recognised_again(tmp_path):
    store = FolderPageStore(tmp_path)
    store.put(SHA, recognised(1, "x"))
    (tmp_path / SHA / "000001.json").write_text('{"number": 1', "utf-8")

    assert store.get(SHA, 1) is None


@pytest.mark.skipif(not HAVE_OCR, reason="the [ocr] extra is not installed")
def test_a_lost_recognition_leaves_what_was_read_and_kept_and_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr("casereviews.repository.reading.processes.ocr_available", lambda: True)
    monkeypatch.setattr("casereviews.repository.reading.processes.read_job", dies_recognising)

    store = FolderPageStore(tmp_path / "ocr")
    store.put(SHA, recognised(1, "Kept before the engine died on the page after it"))

    (reading,) = read_files([ReadJob(SHA, scan(tmp_path / "a.pdf"))], workers=1, store=store)

    assert [page.status for page in reading.pages] == ["ok", "needs_ocr", "needs_ocr", "ok"]
    assert reading.detail == (
        "2 of 4 pages need OCR; recognition ended: its reader died at the limit of 3000 MB (signal 9)"
    )


@pytest.mark.slow
@pytest.mark.skipif(not HAVE_OCR, reason="the [ocr] extra is not installed")
def test_a_rendered_scan_is_recognised_by_the_real_engine(tmp_path):
    import pypdfium2

    words = "The panel heard the family and the school about the plan for the child."
    drawn = Canvas(str(tmp_path / "source.pdf"), pagesize=(420, 120))
    drawn.drawString(20, 60, words)
    drawn.save()
    with pypdfium2.PdfDocument(tmp_path / "source.pdf") as source:
        picture = source[0].render(scale=2).to_pil().rotate(1, fillcolor="white")
    scanned = Canvas(str(tmp_path / "scan.pdf"), pagesize=(420, 120))
    scanned.drawImage(ImageReader(picture), 0, 0, 420, 120)
    scanned.save()

    reading = read_file(tmp_path / "scan.pdf")

    (page,) = reading.pages
    assert tokens(page.text) == tokens(words)
    assert (page.method, page.status) == ("ocr", "ok")
    assert 0.8 < page.confidence <= 1.0


PARAGRAPH = (
    "The panel heard the family and the school about the plan.",
    "A worker had written down what the mother told her there.",
    "Each agency then looked at what it had known at the time.",
    "Nothing of this had been shared before the month of June.",
)


def picture_of(lines):
    """A page of lines, drawn at 144 dots an inch."""
    import pypdfium2

    made = io.BytesIO()
    drawn = Canvas(made, pagesize=(420, 320))
    drawn.setFont("Helvetica", 13)
    for at, line in enumerate(lines):
        drawn.drawString(24, 260 - 30 * at, line)
    drawn.save()
    with pypdfium2.PdfDocument(made.getvalue()) as source:
        return source[0].render(scale=2).to_pil()


def scanned(path, picture):
    width, height = picture.width / 2, picture.height / 2
    drawn = Canvas(str(path), pagesize=(width, height), invariant=1)
    drawn.drawImage(ImageReader(picture), 0, 0, width, height)
    drawn.save()
    return path


@pytest.mark.slow
@pytest.mark.skipif(not HAVE_OCR, reason="the [ocr] extra is not installed")
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_that_was_scanned_lying_or_upside_down_is_turned(tmp_path, degrees):
    picture = picture_of(PARAGRAPH).rotate(degrees, expand=True)

    (page,) = read_file(scanned(tmp_path / "scan.pdf", picture)).pages

    assert (page.method, page.status) == ("ocr", "ok")
    known, found = tokens(" ".join(PARAGRAPH)), tokens(page.text)
    assert sum(word in found for word in known) >= 0.95 * len(known)
    assert found[:3] == known[:3]


@pytest.mark.slow
@pytest.mark.skipif(not HAVE_OCR, reason="the [ocr] extra is not installed")
@pytest.mark.parametrize("turned", [0, 90])
def test_what_a_redaction_marks_on_a_scan_is_not_recognised(tmp_path, turned):
    import pikepdf

    secret = "Her name was Quillfeather of the lane."
    path = scanned(tmp_path / "scan.pdf", picture_of([*PARAGRAPH[:2], secret, PARAGRAPH[3]]))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        made = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Redact,
            Rect=pikepdf.Array([20, 192, 400, 218]),
        )
        pdf.pages[0].obj["/Annots"] = pikepdf.Array([pdf.make_indirect(made)])
        pdf.pages[0].rotate(turned, relative=False)
        pdf.save(path)

    reading = read_file(path)

    assert "Quillfeather" not in str(reading)
    assert "lane" not in str(reading)
    if not turned:
        found = tokens(reading.pages[0].text)
        assert sum(word in found for word in tokens(" ".join(PARAGRAPH[:2]))) >= 20


def test_where_the_lines_of_a_scan_stand_is_kept_as_long_as_its_reading(tmp_path):
    from casereviews.repository.home import Home
    from casereviews.repository.record import derived_tables as tables
    from casereviews.repository.record.derived import Derived

    pages = [recognised(1, "On the first page"), recognised(2, "On the second page")]
    store = FolderPageStore(tmp_path / "ocr")
    for page in pages:
        store.put(SHA, page)
    home = Home(tmp_path / "home")
    home.root.mkdir()

    with Derived.open(home, write=True) as derived:
        derived.save_lines(SHA, store.pages(SHA))
        assert [derived.lines_of(SHA, number) for number in (1, 2, 3)] == [*pages, None]
        derived.forget_readings([SHA])
        assert derived.lines_of(SHA, 1) is None
        tables.recognised_lines.drop(derived.engine)  # as in a home of before
        assert derived.lines_of(SHA, 1) is None


def test_pages_that_were_kept_before_slopes_were_are_read(tmp_path):
    store = FolderPageStore(tmp_path)
    store.put(SHA, recognised(1, "x"))
    file = tmp_path / SHA / "000001.json"
    file.write_text(file.read_text("utf-8").replace(',"quarters":0,"slope":0.0', ""), "utf-8")

    assert store.get(SHA, 1) == recognised(1, "x")
