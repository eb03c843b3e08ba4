"""Made PDFs that hide a word from their readers, or only seem to: each case draws three lines of an invented review, the secret in one.

A case is a function of the kind `(canvas) -> None`, drawn by reportlab, or `(Pdf) -> None`, which changes the plain page with pikepdf.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageDraw
from reportlab.lib.colors import Color, black, blue, grey, red, white
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

SECRET = "Quillfeather"
ABOVE = "The harvest was late and the nursery worker wrote to the health visitor in the autumn."
BEFORE = "The mother, whose name was"
AFTER = "spoke to the reviewer at length."
BELOW = "Each agency has told the partnership what it changed since the events took place."
X, Y, SIZE = 60, 640, 11
Drawer = Callable[[Canvas], None]
Changer = Callable[[pikepdf.Pdf], None]


def _canvas(size: tuple[float, float] = (595, 842)) -> tuple[Canvas, io.BytesIO]:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=size, invariant=1)
    canvas.setFont("Helvetica", SIZE)
    return canvas, made


def words(canvas: Canvas, *, secret: bool = True) -> None:
    """The lines of the page, with the secret or without."""
    canvas.drawString(X, Y + 30, ABOVE)
    canvas.drawString(X, Y, BEFORE)
    if secret:
        canvas.drawString(left_of_secret(canvas), Y, SECRET)
    canvas.drawString(right_of_secret(canvas) + 4, Y, AFTER)
    canvas.drawString(X, Y - 30, BELOW)


def left_of_secret(canvas: Canvas) -> float:
    return X + canvas.stringWidth(BEFORE + " ", "Helvetica", SIZE)


def right_of_secret(canvas: Canvas) -> float:
    return left_of_secret(canvas) + canvas.stringWidth(SECRET, "Helvetica", SIZE)


def place(canvas: Canvas, more: float = 1.0) -> tuple[float, float, float, float]:
    """x, y, width and height of the secret, with a margin."""
    left, right = left_of_secret(canvas), right_of_secret(canvas)
    return left - more, Y - 2.5 - more, right - left + 2 * more, SIZE + 1 + 2 * more


def _box(colour: Color, **how: float) -> Drawer:
    def draw(canvas: Canvas) -> None:
        words(canvas)
        canvas.setFillColor(colour)
        canvas.rect(*place(canvas), stroke=0, fill=1)

    return draw


def _strips(canvas: Canvas) -> None:
    words(canvas)
    x, y, width, height = place(canvas)
    for at in range(12):
        canvas.rect(x + at * width / 12, y, width / 12 + 0.2, height, stroke=0, fill=1)


def _thick_line(canvas: Canvas) -> None:
    words(canvas)
    x, y, width, height = place(canvas)
    canvas.setLineWidth(height)
    canvas.line(x, y + height / 2, x + width, y + height / 2)


def _polygon(canvas: Canvas) -> None:
    words(canvas)
    x, y, width, height = place(canvas, 2)
    path = canvas.beginPath()
    path.moveTo(x - 4, y + height / 2)
    for corner in (
        (x, y),
        (x + width, y),
        (x + width + 4, y + height / 2),
        (x + width, y + height),
        (x, y + height),
    ):
        path.lineTo(*corner)
    path.close()
    canvas.drawPath(path, stroke=0, fill=1)


def _picture(colour: int, mode: str = "L") -> ImageReader:
    return ImageReader(Image.new(mode, (40, 10), colour))


def _image_over(canvas: Canvas) -> None:
    words(canvas)
    canvas.drawImage(_picture(90), *place(canvas))


def _patterned_image(canvas: Canvas) -> None:
    words(canvas)
    picture = Image.new("L", (60, 12), 255)
    ImageDraw.Draw(picture).line([(0, 0), (60, 12)], fill=0, width=3)
    canvas.drawImage(ImageReader(picture), *place(canvas))


def _within_form(canvas: Canvas) -> None:
    canvas.beginForm("page")
    canvas.setFont("Helvetica", SIZE)
    words(canvas)
    canvas.rect(*place(canvas), stroke=0, fill=1)
    canvas.endForm()
    canvas.doForm("page")


def _form_over(canvas: Canvas) -> None:
    canvas.beginForm("box")
    canvas.rect(*place(canvas), stroke=0, fill=1)
    canvas.endForm()
    words(canvas)
    canvas.doForm("box")


def _colour_of_secret(colour: Color, under: Color | None = None) -> Drawer:
    def draw(canvas: Canvas) -> None:
        words(canvas, secret=False)
        if under is not None:
            canvas.setFillColor(under)
            canvas.rect(*place(canvas, 3), stroke=0, fill=1)
        canvas.setFillColor(colour)
        canvas.drawString(left_of_secret(canvas), Y, SECRET)

    return draw


def _elsewhere(x: float, y: float) -> Drawer:
    def draw(canvas: Canvas) -> None:
        words(canvas, secret=False)
        canvas.drawString(x, y, SECRET)

    return draw


def _invisible(canvas: Canvas) -> None:
    words(canvas, secret=False)
    text = canvas.beginText(left_of_secret(canvas), Y)
    text.setTextRenderMode(3)
    text.textOut(SECRET)
    canvas.drawText(text)


def _clipped(canvas: Canvas) -> None:
    canvas.beginForm("cut")
    canvas.setFont("Helvetica", SIZE)
    path = canvas.beginPath()
    path.rect(20, 20, 100, 100)
    canvas.clipPath(path, stroke=0)
    canvas.drawString(left_of_secret(canvas), Y, SECRET)
    canvas.endForm()
    words(canvas, secret=False)
    canvas.doForm("cut")


def _turned(degrees: int) -> Drawer:
    def draw(canvas: Canvas) -> None:
        canvas.translate(*{90: (595 + 200, 0), 180: (595, 842), 270: (-200, 560)}[degrees])
        canvas.rotate(degrees)
        words(canvas)
        canvas.rect(*place(canvas), stroke=0, fill=1)
        canvas.setPageRotation(degrees)

    return draw


def _skewed(canvas: Canvas) -> None:
    canvas.translate(40, -60)
    canvas.rotate(1)
    words(canvas)
    canvas.rect(*place(canvas), stroke=0, fill=1)


def _scan(bar: bool, *, secret: bool = True) -> Drawer:
    """A page as a scanner with recognition makes it: a picture of the words, and the words themselves painted with nothing."""

    def draw(canvas: Canvas) -> None:
        picture = Image.new("L", (1190, 1684), 255)
        pen = ImageDraw.Draw(picture)
        for line_x, line_y, width in [(X, Y + 30 - 30 * n, 430) for n in range(3)] + [
            (X, Y - 60 - 20 * n, 430) for n in range(4)
        ]:
            for at in range(int(line_x), int(line_x + width), 6):
                pen.rectangle(
                    [2 * at, 2 * (842 - line_y - 8), 2 * at + 7, 2 * (842 - line_y)], fill=0
                )
        if bar:
            x, y, width, height = place(canvas)
            pen.rectangle([2 * x, 2 * (842 - y - height), 2 * (x + width), 2 * (842 - y)], fill=0)
        canvas.drawImage(ImageReader(picture), 0, 0, 595, 842)
        text = canvas.beginText(X, Y + 30)
        text.setTextRenderMode(3)
        for x, y, said in (
            (X, Y + 30, ABOVE),
            (X, Y, BEFORE),
            (left_of_secret(canvas), Y, SECRET if secret else ""),
            (right_of_secret(canvas) + 4, Y, AFTER),
            (X, Y - 30, BELOW),
            *((X, Y - 60 - 20 * at, ABOVE) for at in range(4)),
        ):
            text.setTextOrigin(x, y)
            text.textOut(said)
        canvas.drawText(text)

    return draw


def _beside(canvas: Canvas) -> None:
    words(canvas)
    x, y, width, height = place(canvas)
    canvas.rect(x, y - height - 3, width, height, stroke=0, fill=1)


def _before(canvas: Canvas) -> None:
    canvas.setFillColor(Color(0.8, 0.9, 1))
    canvas.rect(*place(canvas), stroke=0, fill=1)
    canvas.setFillColor(black)
    words(canvas)


def _glass(canvas: Canvas) -> None:
    words(canvas)
    canvas.setFillColor(Color(1, 1, 0, alpha=0.4))
    canvas.rect(*place(canvas), stroke=0, fill=1)


def _underlined(canvas: Canvas) -> None:
    words(canvas)
    x, y, width, _ = place(canvas)
    canvas.line(x, y, x + width, y)
    canvas.rect(x, y, width, SIZE + 3, stroke=1, fill=0)


def _see_through_picture(canvas: Canvas) -> None:
    words(canvas)
    picture = ImageReader(Image.new("RGBA", (40, 10), (255, 0, 0, 60)))
    canvas.drawImage(picture, *place(canvas), mask="auto")


def _secret_box() -> list[float]:
    canvas, _ = _canvas()
    x, y, width, height = place(canvas)
    return [x, y, x + width, y + height]


def _annotation(subtype: str, **more: object) -> Changer:
    def change(pdf: pikepdf.Pdf) -> None:
        box = _secret_box()
        made = Dictionary(Type=Name.Annot, Subtype=Name("/" + subtype), Rect=Array(box), F=4)
        for key, value in more.items():
            made["/" + key] = value
        pdf.pages[0].obj["/Annots"] = Array([pdf.make_indirect(made)])

    return change


def _drawn_annotation(subtype: str, content: str) -> Changer:
    """An annotation with an appearance of its own; `content` draws in its box, whose sides are {w} and {h}."""

    def change(pdf: pikepdf.Pdf) -> None:
        x0, y0, x1, y1 = _secret_box()
        width, height = x1 - x0, y1 - y0
        form = pdf.make_stream(content.format(w=width, h=height).encode())
        form["/Type"], form["/Subtype"] = Name.XObject, Name.Form
        form["/BBox"] = Array([0, 0, width, height])
        form["/Resources"] = Dictionary()
        _annotation(subtype, AP=Dictionary(N=form))(pdf)

    return change


def _quads(pdf: pikepdf.Pdf) -> None:
    x0, y0, x1, y1 = _secret_box()
    _annotation("Redact", QuadPoints=Array([x0, y1, x1, y1, x0, y0, x1, y0]))(pdf)


def _layer_off(pdf: pikepdf.Pdf) -> None:
    """The secret in a layer that is off when the file is opened."""
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Draft"))
    pdf.Root["/OCProperties"] = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer])))
    page = pdf.pages[0]
    page.obj["/Resources"]["/Properties"] = Dictionary(L=layer)
    canvas, _ = _canvas()
    left = left_of_secret(canvas)
    shown = f"/OC /L BDC BT /F1 {SIZE} Tf {left} {Y} Td ({SECRET}) Tj ET EMC".encode()
    page.contents_add(pdf.make_stream(shown), prepend=False)


def _said_in_its_place(within: bool) -> Changer:
    """Other letters where the secret was, which the file still says in their place; `within` a drawing of its own."""

    def change(pdf: pikepdf.Pdf) -> None:
        canvas, _ = _canvas()
        left = left_of_secret(canvas)
        printed = f"/Span <</ActualText ({SECRET})>> BDC BT /F1 {SIZE} Tf {left} {Y} Td (------) Tj ET EMC"
        page = pdf.pages[0]
        if within:
            form = pdf.make_stream(printed.encode())
            form["/Type"], form["/Subtype"] = Name.XObject, Name.Form
            form["/BBox"] = Array([0, 0, 595, 842])
            form["/Resources"] = Dictionary(Font=page.obj["/Resources"]["/Font"])
            page.obj["/Resources"]["/XObject"] = Dictionary(Drawn=form)
            printed = "/Drawn Do"
        page.contents_add(pdf.make_stream(printed.encode()), prepend=False)

    return change


_in_place, _in_place_within = _said_in_its_place(False), _said_in_its_place(True)
_WITHOUT_ITS_LETTERS = (_layer_off, _in_place, _in_place_within)


def _cropped(pdf: pikepdf.Pdf) -> None:
    """The page shows its lower half only, and does not begin at the origin."""
    pdf.pages[0].obj["/CropBox"] = Array([20, 20, 580, Y - 12])


def _moved_origin(pdf: pikepdf.Pdf) -> None:
    """A page whose corner is not the origin, with a box over the secret."""
    pdf.pages[0].obj["/MediaBox"] = Array([-100, 50, 595, 900])
    x0, y0, x1, y1 = _secret_box()
    box = f"0 g {x0} {y0} {x1 - x0} {y1 - y0} re f".encode()
    pdf.pages[0].contents_add(pdf.make_stream(box), prepend=False)


def _hidden_annotation(pdf: pikepdf.Pdf) -> None:
    _drawn_annotation("Square", "0 g 0 0 {w} {h} re f")(pdf)
    pdf.pages[0].obj["/Annots"][0]["/F"] = 2


def _letter_by_letter(canvas: Canvas) -> None:
    words(canvas, secret=False)
    x = left_of_secret(canvas)
    for letter in SECRET:
        canvas.drawString(x, Y, letter)
        x += canvas.stringWidth(letter, "Helvetica", SIZE)
    canvas.rect(*place(canvas), stroke=0, fill=1)


def _white_in_form(canvas: Canvas) -> None:
    canvas.beginForm("white")
    canvas.setFont("Helvetica", SIZE)
    canvas.setFillColor(white)
    canvas.drawString(left_of_secret(canvas), Y, SECRET)
    canvas.endForm()
    words(canvas, secret=False)
    canvas.doForm("white")


def _form_in_form(canvas: Canvas) -> None:
    canvas.beginForm("inner")
    canvas.rect(*place(canvas), stroke=0, fill=1)
    canvas.endForm()
    canvas.beginForm("outer")
    canvas.doForm("inner")
    canvas.endForm()
    words(canvas)
    canvas.doForm("outer")


def _dark_on_dark(canvas: Canvas) -> None:
    words(canvas)
    canvas.setFillColor(black)
    canvas.rect(*place(canvas), stroke=0, fill=1)
    canvas.setFillColor(Color(0.03, 0.03, 0.03))
    canvas.drawString(left_of_secret(canvas), Y, SECRET)


def _redaction_on_turned_page(pdf: pikepdf.Pdf) -> None:
    _annotation("Redact")(pdf)
    pdf.pages[0].rotate(90, relative=False)


def _stencil(pdf: pikepdf.Pdf) -> None:
    """A picture of one bit that paints black."""
    x0, y0, x1, y1 = _secret_box()
    drawn = f"q 0 g {x1 - x0} 0 0 {y1 - y0} {x0} {y0} cm BI /W 8 /H 1 /BPC 1 /IM true ID ".encode()
    pdf.pages[0].contents_add(pdf.make_stream(drawn + b"\x00 EI Q"), prepend=False)


def _cut_on_the_page(canvas: Canvas) -> None:
    words(canvas, secret=False)
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(20, 20, 100, 100)
    canvas.clipPath(path, stroke=0)
    canvas.drawString(left_of_secret(canvas), Y, SECRET)
    canvas.restoreState()


def _within_a_clip(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(X - 2, 20, 500, 800)
    canvas.clipPath(path, stroke=0)
    words(canvas)


def _box_under_its_line(canvas: Canvas) -> None:
    """One string, of which the box that was drawn before it swallows a word of its own colour."""
    words(canvas, secret=False)
    canvas.rect(*place(canvas, 2), stroke=0, fill=1)
    canvas.drawString(X, Y, f"{BEFORE} {SECRET}")


def _speck(canvas: Canvas) -> None:
    words(canvas, secret=False)
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(left_of_secret(canvas), Y, SECRET)


def _below_the_cut(canvas: Canvas) -> None:
    words(canvas, secret=False)
    canvas.drawString(X, 24, SECRET)
    canvas.setCropBox((0, 60, 595, 842))


def _half_left_of_the_cut(canvas: Canvas) -> None:
    words(canvas, secret=False)
    canvas.drawRightString(X + 40, 24, f"{SECRET} and more words")
    canvas.setCropBox((X - 2, 0, 595, 842))


def _marker(*colour: float) -> Changer:
    x0, y0, x1, y1 = _secret_box()
    corners = Array([x0, y1, x1, y1, x0, y0, x1, y0])
    return _annotation("Highlight", C=Array(colour), QuadPoints=corners)


BOX = "0 g 0 0 {w} {h} re f"
HIDDEN: dict[str, Drawer | Changer] = {
    "black box": _box(black),
    "white box": _box(white),
    "grey box": _box(grey),
    "blue box": _box(blue),
    "box in strips": _strips,
    "thick line": _thick_line,
    "polygon": _polygon,
    "picture": _image_over,
    "picture with a pattern": _patterned_image,
    "text and box in one form": _within_form,
    "form with a box": _form_over,
    "white on white": _colour_of_secret(white),
    "nearly white on white": _colour_of_secret(Color(0.98, 0.98, 0.98)),
    "red on red": _colour_of_secret(red, under=red),
    "text without opacity": _colour_of_secret(Color(0, 0, 0, alpha=0)),
    "painted with nothing": _invisible,
    "left of the page": _elsewhere(-200, Y),
    "above the page": _elsewhere(X, 900),
    "below the page": _elsewhere(X, -40),
    "right of the page": _elsewhere(700, Y),
    "cut away": _clipped,
    "page turned by 90": _turned(90),
    "page turned by 180": _turned(180),
    "page turned by 270": _turned(270),
    "slanting": _skewed,
    "black bar in a scan": _scan(bar=True),
    "redaction by its box": _annotation("Redact"),
    "redaction by its corners": _quads,
    "redaction with a colour": _annotation("Redact", IC=Array([0, 0, 0])),
    "square without a drawing": _annotation("Square", IC=Array([0, 0, 0]), C=Array([0, 0, 0])),
    "square": _drawn_annotation("Square", BOX),
    "circle": _drawn_annotation("Circle", BOX),
    "ink": _drawn_annotation("Ink", "0 G {h} w 0 6 m {w} 6 l S"),
    "stamp": _drawn_annotation("Stamp", "1 g 0 0 {w} {h} re f"),
    "text box": _drawn_annotation("FreeText", "1 g 0 0 {w} {h} re f"),
    "layer that is off": _layer_off,
    "said in place of what is printed": _in_place,
    "said in place of what is printed in a drawing": _in_place_within,
    "page with another corner": _moved_origin,
    "letter by letter": _letter_by_letter,
    "white in a form": _white_in_form,
    "box in a form in a form": _form_in_form,
    "dark on a dark box": _dark_on_dark,
    "redaction on a page turned by 90": _redaction_on_turned_page,
    "stencil": _stencil,
    "cut away on the page": _cut_on_the_page,
    "a box of its colour under a part of its line": _box_under_its_line,
    "a speck": _speck,
    "marker in black": _marker(0, 0, 0),
    "marker in dark blue": _marker(0, 0, 0.2),
    "ink without a drawing": _annotation(
        "Ink",
        C=Array([0, 0, 0]),
        BS=Dictionary(W=24),
        InkList=Array([Array([_secret_box()[0], Y + 3, _secret_box()[2], Y + 3])]),
    ),
}
SEEN: dict[str, Drawer | Changer] = {
    "nothing": words,
    "box beside": _beside,
    "box drawn before": _before,
    "glass": _glass,
    "lines around": _underlined,
    "picture to see through": _see_through_picture,
    "white on dark": _colour_of_secret(white, under=black),
    "grey on white": _colour_of_secret(Color(0.6, 0.6, 0.6)),
    "scan": _scan(bar=False),
    "annotation that is hidden": _hidden_annotation,
    "highlight": _annotation("Highlight", C=Array([1, 1, 0])),
    "marker in green": _marker(0.5, 1, 0.5),
    "filled square that is hidden": _annotation("Square", IC=Array([0, 0, 0]), F=2),
    "filled square for print only": _annotation("Square", IC=Array([0, 0, 0]), F=36),
    "square that only borders": _annotation("Square", C=Array([1, 0, 0])),
    "a clip around all": _within_a_clip,
}
CUT: dict[str, Drawer | Changer] = {
    "page cut to its lower half": _cropped,
    "page cut above its foot": _below_the_cut,
    "page cut through a line": _half_left_of_the_cut,
}


def made(case: Drawer | Changer) -> bytes:
    """The PDF of a case."""
    canvas, drawn = _canvas()
    takes_pdf = "Pdf" in str(case.__annotations__.get("pdf", ""))
    if takes_pdf:
        words(canvas, secret=case not in _WITHOUT_ITS_LETTERS)
    else:
        case(canvas)  # type: ignore[arg-type]
    canvas.save()
    if not takes_pdf:
        return drawn.getvalue()
    with pikepdf.open(io.BytesIO(drawn.getvalue())) as pdf:
        case(pdf)  # type: ignore[arg-type]
        changed = io.BytesIO()
        pdf.save(changed, static_id=True)
    return changed.getvalue()
