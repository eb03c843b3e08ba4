from pathlib import Path

import pytest
from reading_made import LAYOUTS, PdfMaker, agreement, make_pdf, plain, tokens
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from casereviews.repository.model import Heading
from casereviews.repository.reading import Limits, read_file

NATIVE = Limits(ocr=False)


def canvas(path: Path, **options) -> Canvas:
    return Canvas(str(path), invariant=1, **options)


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_words_of_every_layout_are_read_in_order_with_each_marker_on_its_page(tmp_path, layout):
    made = make_pdf(tmp_path / "made.pdf", layout, 6, seed=11)

    reading = read_file(made.path, limits=NATIVE)

    found = [tokens(page.text) for page in reading.pages]
    scores = [agreement(truth, words) for truth, words in zip(made.pages, found, strict=True)]
    right, truth = sum(score[0] for score in scores), sum(map(len, made.pages))
    assert reading.status == "ok"
    assert right / truth >= 0.995
    assert sum(score[1] for score in scores) / truth <= 0.005
    assert [[word for word in words if word.startswith("MARK")] for words in found] == made.markers


def test_running_heads_and_page_numbers_leave_the_text_but_stay_in_raw(tmp_path):
    made = make_pdf(tmp_path / "made.pdf", "plain", 4)

    pages = read_file(made.path, limits=NATIVE).pages

    assert [page.label for page in pages] == ["1", "2", "3", "4"]
    assert not any("Lantern Bay" in page.text or "of 40" in page.text for page in pages)
    assert all(
        "Lantern Bay" in page.raw and f"Page {page.number} of 40" in page.raw for page in pages
    )


def test_headings_are_marked_where_they_stand_in_the_text(tmp_path):
    made = make_pdf(tmp_path / "made.pdf", "plain", 3)

    pages = read_file(made.path, limits=NATIVE).pages

    for page in pages:
        (heading,) = page.headings
        assert page.text[heading.start :].startswith(heading.text)
        assert heading.text.startswith(f"{page.number}. Findings on")
        assert heading.level == 1


def test_the_outline_tells_headings_that_look_like_body_text(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    drawn.bookmarkPage("first")
    drawn.bookmarkPage("second")
    drawn.addOutlineEntry("Terms of reference", "first", 0)
    drawn.addOutlineEntry("What was asked", "second", 1)
    for place, line in enumerate(
        ("Terms of reference", "What was asked", "The panel met in spring.")
    ):
        drawn.drawString(72, 700 - 30 * place, line)
    drawn.save()

    (page,) = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert page.headings == (
        Heading(0, "Terms of reference", 1),
        Heading(20, "What was asked", 2),
    )


def test_soft_breaks_are_joined_and_broken_words_made_whole_where_compounds_keep_their_hyphen(
    tmp_path,
):
    drawn = canvas(tmp_path / "a.pdf")
    for place, line in enumerate(
        (
            "The partnership asked for a review of how safe-",
            "guarding was understood, and whether multi-",
            "agency meetings were held when the school wrote",
            "about the child.",
        )
    ):
        drawn.drawString(72, 700 - 14 * place, line)
    drawn.save()

    (page,) = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert page.text == (
        "The partnership asked for a review of how safeguarding was understood, and whether multi-agency "
        "meetings were held when the school wrote about the child."
    )


def test_tables_are_rows_with_a_tab_between_cells_and_their_wrapped_lines_joined(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    for y in (720, 690, 650):
        drawn.line(70, y, 500, y)
    for x in (70, 200, 500):
        drawn.line(x, 720, x, 650)
    drawn.drawString(75, 700, "Agency")
    drawn.drawString(205, 700, "Action")
    drawn.drawString(75, 675, "Health visiting")
    drawn.drawString(205, 675, "Write the visit down")
    drawn.drawString(205, 660, "on the same day")
    drawn.save()

    (page,) = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert page.text == "Agency\tAction\nHealth visiting\tWrite the visit down on the same day"


def test_a_page_shown_turned_is_read_as_it_is_shown(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    drawn.setPageRotation(90)
    drawn.translate(595, 0)
    drawn.rotate(90)
    for place, line in enumerate(
        ("First line of the wide page", "Second line of it", "Third line")
    ):
        drawn.drawString(72, 500 - 40 * place, line)
    drawn.save()

    (page,) = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert page.text.split("\n\n") == [
        "First line of the wide page",
        "Second line of it",
        "Third line",
    ]


def test_printed_labels_of_the_file_win_over_counted_numbers(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    drawn.addPageLabel(0, style="ROMAN_LOWER")
    drawn.addPageLabel(2, style="ARABIC")
    for word in ("Foreword", "Contents", "Introduction"):
        drawn.drawString(72, 700, f"{word} of the overview report")
        drawn.showPage()
    drawn.save()

    pages = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert [(page.number, page.label) for page in pages] == [(1, "i"), (2, "ii"), (3, "1")]


@pytest.mark.parametrize(("password", "status"), [("", "ok"), ("secret", "encrypted")])
def test_an_encrypted_file_is_read_when_its_user_password_is_empty(tmp_path, password, status):
    drawn = canvas(tmp_path / "a.pdf", encrypt=StandardEncryption(password, ownerPassword="owner"))
    drawn.drawString(72, 700, "Open to all who read")
    drawn.save()

    reading = read_file(tmp_path / "a.pdf", limits=NATIVE)

    assert reading.status == status
    assert [page.text for page in reading.pages] == (
        ["Open to all who read"] if status == "ok" else []
    )


def picture(grey: int = 200):
    from PIL import Image

    return ImageReader(Image.new("L", (400, 560), grey))


def test_scanned_pages_wait_for_ocr_and_a_stamp_over_a_scan_is_no_text_layer(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    drawn.drawImage(picture(), 0, 0, 595, 842)
    drawn.showPage()
    drawn.drawImage(picture(), 0, 0, 595, 842)
    drawn.drawString(72, 20, "Received 3 March")
    drawn.showPage()
    drawn.drawString(72, 700, "A page with words of its own about the child and the family.")
    drawn.showPage()
    drawn.showPage()
    drawn.save()

    reading = read_file(tmp_path / "a.pdf", limits=NATIVE)

    assert [page.status for page in reading.pages] == ["needs_ocr", "needs_ocr", "ok", "empty"]
    assert [page.raw for page in reading.pages[:2]] == ["", "Received 3 March"]
    assert (reading.status, reading.detail) == ("partial", "2 of 4 pages need OCR")
    assert reading.text_sha256 is None


def test_a_text_layer_of_nonsense_counts_as_none(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    for place in range(30):
        drawn.drawString(
            72, 780 - 20 * place, "Xq#zk vvtR&p qqJx wRtz Bk%nm zxcv ppLKj hgQzt nmbvX"
        )
    drawn.save()

    reading = read_file(tmp_path / "a.pdf", limits=NATIVE)

    assert reading.status == "needs_ocr"
    assert reading.pages[0].text == ""


def test_a_picture_on_a_page_of_prose_does_not_make_it_a_scan(tmp_path):
    maker = PdfMaker(tmp_path / "a.pdf", 3)
    maker.canvas.drawImage(picture(), 0, 0, 595, 842)
    maker.page(plain)
    made = maker.save()

    reading = read_file(made.path, limits=NATIVE)

    assert reading.status == "ok"


def test_two_files_with_the_same_text_have_one_text_hash_whatever_their_bytes(tmp_path):
    hashes = []
    for name, title, y in (("a", "One", 700), ("b", "Two", 640)):
        drawn = canvas(tmp_path / f"{name}.pdf")
        drawn.setTitle(title)
        drawn.drawString(72, y, "The panel heard the family and the school.")
        drawn.save()
        reading = read_file(tmp_path / f"{name}.pdf", limits=NATIVE)
        hashes.append((reading.text_sha256, reading.title))

    assert hashes[0][0] == hashes[1][0] is not None
    assert [title for _, title in hashes] == ["One", "Two"]


def test_pages_past_the_limit_are_left_out_and_said(tmp_path):
    made = make_pdf(tmp_path / "made.pdf", "plain", 5)

    reading = read_file(made.path, limits=Limits(pages=3, ocr=False))

    assert (reading.status, len(reading.pages)) == ("partial", 3)
    assert reading.detail == "read the first 3 of 5 pages: the limit"


def test_text_past_the_limit_is_cut_and_said(tmp_path):
    made = make_pdf(tmp_path / "made.pdf", "plain", 5)

    reading = read_file(made.path, limits=Limits(characters=3000, ocr=False))

    assert reading.status == "partial"
    assert sum(len(page.text) for page in reading.pages) <= 3000
    assert "limit" in reading.detail


def test_a_file_without_time_says_so(tmp_path):
    made = make_pdf(tmp_path / "made.pdf", "plain", 2)

    reading = read_file(made.path, limits=Limits(seconds=0.0, ocr=False))

    assert (reading.status, reading.detail) == (
        "timed_out",
        "read 0 of 2 pages in the time allowed",
    )


def test_lines_of_a_title_page_stay_apart_unless_the_title_is_wrapped(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    for size, y, words in (
        (20, 650, "Partnership for the Safeguarding of"),
        (20, 625, "Children in Lantern Bay"),
        (14, 560, "Child Safeguarding Practice Review"),
        (14, 540, "Child Larch"),
        (11, 400, "Author: Jo Rowan"),
        (11, 385, "Date of publication: March 2021"),
    ):
        drawn.setFont("Helvetica", size)
        drawn.drawCentredString(297, y, words)
    drawn.save()

    (page,) = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert page.text.split("\n\n") == [
        "Partnership for the Safeguarding of Children in Lantern Bay",
        "Child Safeguarding Practice Review",
        "Child Larch",
        "Author: Jo Rowan",
        "Date of publication: March 2021",
    ]


def test_a_list_number_apart_from_its_words_is_put_before_them(tmp_path):
    drawn = canvas(tmp_path / "a.pdf")
    for number, y, rows in (
        (
            "3.2.1",
            560,
            (
                "The panel met on many occasions and it was decided that all of the",
                "agencies write.",
            ),
        ),
        (
            "3.2.2",
            520,
            ("The family were invited to meet the author of the report, and they", "were glad."),
        ),
    ):
        drawn.drawString(72, y, number)
        for row, words in enumerate(rows):
            drawn.drawString(110, y - 14 * row, words)
    drawn.save()

    (page,) = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert page.text == (
        "3.2.1 The panel met on many occasions and it was decided that all of the agencies write.\n"
        "3.2.2 The family were invited to meet the author of the report, and they were glad."
    )


def test_a_table_without_rules_whose_cells_all_wrap_is_read_row_by_row(tmp_path):
    rows = (
        ("The visits were not written down by", "anybody.", "The partnership should ask how visits", "are written down."),
        ("The school did not know of the plan", "for the child.", "The board should share all of its plans", "with schools."),
        ("The family was not asked about the", "move at all.", "All agencies should hear the families", "that they help."),
    )  # fmt: skip
    drawn = canvas(tmp_path / "a.pdf")
    for place, (first, second, third, fourth) in enumerate(rows):
        y = 700 - 45 * place
        for x, words in ((72, (first, second)), (320, (third, fourth))):
            drawn.drawString(x, y, words[0])
            drawn.drawString(x, y - 14, words[1])
    drawn.save()

    (page,) = read_file(tmp_path / "a.pdf", limits=NATIVE).pages

    assert page.text == "\n".join(f"{a} {b}\t{c} {d}" for a, b, c, d in rows)
