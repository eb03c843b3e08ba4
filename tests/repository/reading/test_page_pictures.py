"""Pictures of pages: what is drawn, within which bounds, and that marks lie on the words."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageChops
from reportlab.pdfgen.canvas import Canvas

from casereviews.repository.reading.errors import Corrupt, Encrypted, NothingInside
from casereviews.repository.reading.page_pictures import PagePicture, PageToDraw, draw_page
from casereviews.repository.reading.page_store import OcrPage
from casereviews.repository.reading.pdf.lines import Line
from casereviews.repository.reading.recognised_lines import letters_of

LINES = (
    "The nursery wrote to the health visitor in the autumn.",
    "A bruise was seen on the arm, and nobody asked about it.",
)


def made(
    folder: Path,
    draw: Callable[[Canvas], None],
    size: tuple[float, float] = (595, 842),
    **keys: int,
) -> Path:
    path = folder / "made.pdf"
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    draw(canvas)
    canvas.save()
    if keys:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            for key, value in keys.items():
                pdf.pages[0][f"/{key}"] = value
            pdf.save(path)
    return path


def plain(canvas: Canvas) -> None:
    """The word that is looked for is red, all others black: what of a mark is on it can be counted."""
    canvas.setFont("Helvetica", 14)
    canvas.drawString(60, 700, LINES[0])
    canvas.drawString(60, 660, "A ")
    at = 60 + canvas.stringWidth("A ")
    canvas.setFillColorRGB(1, 0, 0)
    canvas.drawString(at, 660, "bruise")
    at += canvas.stringWidth("bruise")
    canvas.setFillColorRGB(0, 0, 0)
    canvas.drawString(at, 660, LINES[1].removeprefix("A bruise"))


def upwards(canvas: Canvas) -> None:
    canvas.translate(400, 100)
    canvas.rotate(90)
    canvas.translate(0, -600)
    plain(canvas)


def marked(path: Path, word: str = "bruise") -> PagePicture:
    text = "\n\n".join(LINES)
    at = text.index(word)
    return draw_page(PageToDraw(path, 1, text, ((at, at + len(word)),)))


def inks(picture: PagePicture) -> tuple[int, int, int]:
    """(red pixels in the places, red pixels in all, black pixels in the places)."""
    red, green, _ = Image.open(io.BytesIO(picture.png)).convert("RGB").split()
    dark = green.point(lambda shade: 255 * (shade < 90))
    reddish = red.point(lambda shade: 255 * (shade > 200))
    of_word = ImageChops.multiply(dark, reddish)
    of_others = ImageChops.multiply(dark, red.point(lambda shade: 255 * (shade < 60)))
    places = Image.new("L", red.size)
    for left, top, right, bottom in (box for boxes in picture.places for box in boxes):
        edges = (math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))
        places.paste(255, edges)
    inside = (ImageChops.multiply(one, places) for one in (of_word, of_others))
    word, others = (one.histogram()[255] for one in inside)
    return word, of_word.histogram()[255], others


@pytest.mark.parametrize(
    ("draw", "keys"),
    [
        pytest.param(plain, {}, id="plain"),
        pytest.param(plain, {"Rotate": 90}, id="turned page"),
        pytest.param(plain, {"Rotate": 180}, id="page upside down"),
        pytest.param(upwards, {}, id="text that runs upwards"),
    ],
)
def test_marks_lie_on_the_words_and_on_nothing_else(
    tmp_path: Path, draw: Callable[[Canvas], None], keys: dict[str, int]
) -> None:
    picture = marked(made(tmp_path, draw, **keys))

    inside, red, black = inks(picture)

    assert len(picture.places[0]) == 1
    assert red > 100
    assert inside > 0.97 * red
    assert black < 0.02 * red


def test_a_cropped_page_is_marked_where_it_is_shown(tmp_path: Path) -> None:
    path = made(tmp_path, plain)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.pages[0].cropbox = [40, 600, 500, 760]
        pdf.save(path)

    inside, red, black = inks(marked(path))

    assert (inside > 0.97 * red, black < 0.02 * red, red > 100) == (True, True, True)


def test_what_is_covered_is_not_marked(tmp_path: Path) -> None:
    def boxed(canvas: Canvas) -> None:
        plain(canvas)
        canvas.rect(50, 655, 300, 16, fill=1)

    assert marked(made(tmp_path, boxed)).places == ((),)


def test_places_alone_cost_no_picture_and_are_the_same(tmp_path: Path) -> None:
    path = made(tmp_path, plain)
    whole = marked(path)
    at = "\n\n".join(LINES).index("bruise")

    alone = draw_page(PageToDraw(path, 1, "\n\n".join(LINES), ((at, at + 6),), picture=False))

    assert alone == PagePicture(b"", whole.width, whole.height, whole.places)


@pytest.mark.parametrize("size", [(14400, 14400), (14400, 20), (3, 3), (595, 842)])
def test_a_picture_is_bounded_however_large_its_page(tmp_path: Path, size: tuple[int, int]) -> None:
    picture = draw_page(PageToDraw(made(tmp_path, Canvas.showPage, size), 1))

    assert picture.width * picture.height <= 2_600_000
    assert max(picture.width, picture.height) <= 5001
    assert Image.open(io.BytesIO(picture.png)).size == (picture.width, picture.height)


def test_what_cannot_be_drawn_is_named(tmp_path: Path) -> None:
    path = made(tmp_path, plain)
    with pytest.raises(NothingInside, match="1 pages, no page 2"):
        draw_page(PageToDraw(path, 2))
    locked = tmp_path / "locked.pdf"
    with pikepdf.open(path) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(Encrypted, match="password"):
        draw_page(PageToDraw(locked, 1))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(Corrupt):
        draw_page(PageToDraw(path, 1))


LINE = Line("A bruise was seen", 100.0, 200.0, 270.0, 212.0, 9.0, False)


@pytest.mark.parametrize(
    ("quarters", "shown"),
    [
        (0, (100.0, 200.0, 270.0, 212.0)),
        (1, (388.0, 100.0, 400.0, 270.0)),
        (2, (330.0, 388.0, 500.0, 400.0)),
        (3, (200.0, 330.0, 212.0, 500.0)),
    ],
)
def test_a_scans_lines_lie_where_the_file_has_them(
    quarters: int, shown: tuple[float, float, float, float]
) -> None:
    letters, box_of = letters_of(OcrPage(1, 600.0, 600.0, 0.9, (LINE,), quarters=quarters))

    boxes = [box_of(at) for at in range(len(letters))]

    assert letters == LINE.text
    found = tuple(
        pick(box[side] for box in boxes) for side, pick in enumerate((min, min, max, max))
    )
    assert found == pytest.approx(shown)


def test_a_scan_that_was_turned_straight_is_turned_back() -> None:
    slope = math.radians(2)
    _, box_of = letters_of(OcrPage(1, 595.0, 842.0, 0.9, (LINE,), slope=slope))

    first, last = box_of(0), box_of(16)

    rise = (last[1] + last[3] - first[1] - first[3]) / (last[0] + last[2] - first[0] - first[2])
    assert math.atan(rise) == pytest.approx(slope)


def test_what_is_marked_for_redaction_is_black_beside_a_stamp_too(tmp_path):
    """A stamp is drawn into the page, and that takes its annotations away."""
    path = made(tmp_path, plain)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        form = pdf.make_stream(b"0 1 0 rg 0 0 9 9 re f")
        form["/Type"], form["/Subtype"] = pikepdf.Name.XObject, pikepdf.Name.Form
        form["/BBox"] = pikepdf.Array([0, 0, 9, 9])
        marks = (
            {"Subtype": pikepdf.Name.Redact, "Rect": pikepdf.Array([50, 650, 400, 680])},
            {
                "Subtype": pikepdf.Name.Stamp,
                "Rect": pikepdf.Array([60, 60, 90, 90]),
                "AP": pikepdf.Dictionary(N=form),
            },
        )
        pdf.pages[0].obj["/Annots"] = pikepdf.Array(
            [
                pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.Annot, F=4, **each))
                for each in marks
            ]
        )
        pdf.save(path)

    _, red, _ = inks(draw_page(PageToDraw(path, 1, "", ())))

    assert red == 0
