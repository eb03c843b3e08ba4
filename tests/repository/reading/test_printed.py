"""Shapes in front of words: the printed file says what they cover; without LibreOffice the file says that they may."""

from contextlib import contextmanager

import pytest
from test_seen_in_office import NAME, STYLES, VANISH, deck, par, read, shape, whole, word

from casereviews.repository.reading import office
from casereviews.repository.reading.better import better_could_read
from casereviews.repository.reading.covered import covered_pages
from casereviews.repository.reading.formats import printed
from casereviews.repository.reading.rtf_source import may_cover
from tests.repository.reading.covered_pdfs import (
    ABOVE,
    AFTER,
    BEFORE,
    BELOW,
    HIDDEN,
    SECRET,
    SEEN,
    made,
)

BLACK = '<a:solidFill><a:srgbClr val="000000"/></a:solidFill>'


def over(inner=BLACK, wrap="<wp:wrapNone/>", behind="0"):
    drawn = f"<wps:wsp><wps:spPr>{inner}</wps:spPr></wps:wsp>"
    return f'<w:p><w:r><w:drawing><wp:anchor behindDoc="{behind}">{wrap}{drawn}</wp:anchor></w:drawing></w:r></w:p>'


def printing(monkeypatch, pdf, asked=None):
    @contextmanager
    def converted(path, **how):
        if asked is not None:
            asked.append(how["suffix"])
        result = path.with_suffix(".printed")
        result.write_bytes(pdf)
        yield result

    monkeypatch.setattr(printed, "converted", converted)


LINES = par(ABOVE) + par(f"{BEFORE} {SECRET} {AFTER}") + par(BELOW)


def test_a_word_file_whose_shape_covers_words_is_read_as_it_is_printed(monkeypatch, tmp_path):
    asked = []
    printing(monkeypatch, made(next(iter(HIDDEN.values()))), asked)
    reading = read(tmp_path, word(LINES + over()))
    assert (asked, reading.detail, reading.status) == ([".docx"], "covered text on page 1", "ok")
    assert SECRET not in repr(reading)
    seen = " ".join(whole(reading).split())
    assert [line for line in (ABOVE, BEFORE, AFTER, BELOW) if line not in seen] == []


def test_a_word_file_whose_shape_covers_nothing_stays_as_it_was_read(monkeypatch, tmp_path):
    printing(monkeypatch, made(next(iter(SEEN.values()))))
    reading = read(tmp_path, word(LINES + over()))
    assert (whole(reading).count(SECRET), reading.detail) == (1, "")


def test_without_libreoffice_the_file_says_so_and_is_read_again_when_it_is_there(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(office, "find_office", lambda: None)
    reading = read(tmp_path, word(LINES + over()))
    assert reading.detail.startswith(f"{printed.MAY_COVER}: {office.MISSING}")
    assert (SECRET in whole(reading), covered_pages(reading.detail)) == (True, None)
    monkeypatch.setattr("casereviews.repository.reading.better.find_office", lambda: "/x/soffice")
    assert better_could_read(reading)


@pytest.mark.parametrize(
    "body",
    [
        over(behind="1"),
        over(wrap="<wp:wrapSquare/>"),
        over("<a:noFill/>"),
        over(BLACK.replace("/></a:solid", '><a:alpha val="40000"/></a:srgbClr></a:solid')),
        over(f'<a:ln w="9525">{BLACK}</a:ln>'),
    ],
    ids=["behind", "flowed around", "no fill", "seen through", "thin line"],
)  # fmt: skip
def test_a_file_without_something_opaque_in_front_is_never_printed(monkeypatch, tmp_path, body):
    asked = []
    printing(monkeypatch, b"", asked)
    assert SECRET in whole(read(tmp_path, word(LINES + body)))
    assert asked == []


def test_a_slide_half_under_a_box_is_looked_at(monkeypatch, tmp_path):
    monkeypatch.setattr(office, "find_office", lambda: None)
    box = shape("", 9, (900000, 900000, 1500000, 500000), BLACK)
    assert printed.MAY_COVER in read(tmp_path, deck(shape("Shown") + box)).detail


def test_the_shapes_of_rtf_that_lie_in_front_are_told():
    assert may_cover(r"{\shp{\*\shpinst\shpwr3\shpfblwtxt0{\sp{\sn fFilled}{\sv 1}}}}")
    assert not may_cover(r"{\shp{\*\shpinst\shpwr3\shpfblwtxt1}}")
    assert not may_cover(r"{\shp{\*\shpinst\shpwr2\shpfblwtxt0}}")
    assert not may_cover(r"{\shp{\*\shpinst\shpwr3{\sp{\sn fFilled}{\sv 0}}}}")


TABLES = (
    f'<w:style w:type="table" w:styleId="Gone"><w:rPr>{VANISH}</w:rPr></w:style>'
    f'<w:style w:type="table" w:styleId="Top"><w:tblStylePr w:type="firstRow"><w:rPr>{VANISH}</w:rPr></w:tblStylePr></w:style>'
)


def styled(name, look="0000"):
    cells = "".join(f"<w:tr><w:tc>{par(text)}</w:tc></w:tr>" for text in (NAME, "Row"))
    return f'<w:tbl><w:tblPr><w:tblStyle w:val="{name}"/><w:tblLook w:val="{look}"/></w:tblPr>{cells}</w:tbl>'


@pytest.mark.parametrize(
    ("body", "text"),
    [(styled("Gone"), ""), (styled("Top", "0020"), "Row"), (styled("Top"), f"{NAME}\nRow")],
    ids=["whole table", "its first row", "first row not shown as one"],
)
def test_a_style_of_tables_hides_what_it_says(tmp_path, body, text):
    reading = read(tmp_path, word(par("Seen.") + body, styles=STYLES + TABLES))
    assert whole(reading).removeprefix("Seen.").strip() == text


def table(cells, style=""):
    row = "".join(
        f"<a:tc{mark}><a:txBody><a:p><a:r><a:rPr>{ink}</a:rPr><a:t>{text}</a:t></a:r></a:p></a:txBody><a:tcPr>{fill}</a:tcPr></a:tc>"
        for text, mark, ink, fill in cells
    )
    grid = '<a:gridCol w="1000000"/>' * len(cells)
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="T"/></p:nvGraphicFramePr><p:xfrm><a:off x="1000000" y="1000000"/>'
        f'<a:ext cx="{1000000 * len(cells)}" cy="400000"/></p:xfrm><a:graphic><a:graphicData><a:tbl><a:tblPr>{style}</a:tblPr>'
        f'<a:tblGrid>{grid}</a:tblGrid><a:tr h="400000">{row}</a:tr></a:tbl></a:graphicData></a:graphic></p:graphicFrame>'
    )


WHITE = '<a:solidFill><a:srgbClr val="FFFFFF"/></a:solidFill>'
STYLE = "<a:tableStyleId>{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}</a:tableStyleId>"


@pytest.mark.parametrize(
    ("cells", "style", "more", "hidden"),
    [
        ([("Seen", "", "", ""), (NAME, ' hMerge="1"', "", "")], "", "", True),
        ([("Seen", "", "", ""), (NAME, "", WHITE, "")], "", "", True),
        ([("Seen", "", "", ""), (NAME, "", WHITE, WHITE)], STYLE, "", True),
        ([("Seen", "", "", ""), (NAME, "", WHITE, "")], STYLE, "", False),
        ([("Seen", "", "", ""), (NAME, "", WHITE, BLACK)], "", "", False),
        ([("Seen", "", "", ""), (NAME, "", "", "")], "", shape("", 9, (1990000, 990000, 1100000, 420000), BLACK), True),
    ],
    ids=["merged away", "white", "white on white", "white in a style", "white on black", "under a box"],
)  # fmt: skip
def test_what_a_table_of_a_slide_does_not_show(monkeypatch, tmp_path, cells, style, more, hidden):
    monkeypatch.setattr(office, "find_office", lambda: None)
    reading = read(tmp_path, deck(table(cells, style) + more))
    assert ("Seen" in whole(reading), NAME in repr(reading)) == (True, not hidden)
    assert (covered_pages(reading.detail) == (1,)) == hidden
