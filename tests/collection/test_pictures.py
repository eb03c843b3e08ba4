"""Pictures of counts, by their geometry and by what they say: nothing lies over anything else, and the numbers are the table's."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest

from casereviews.collection.asking.areas import areas_of
from casereviews.collection.asking.counts import counts_of, cross_table_of, without_holes
from casereviews.collection.asking.pictures import asked_in_words, picture_of
from casereviews.collection.asking.timeline import timeline_of
from casereviews.collection.errors import CannotDraw
from casereviews.index.folder import Built
from casereviews.index.results import Hit, Results
from casereviews.repository.vocabulary import PACKAGED
from casereviews.repository.vocabulary.authorities import authorities

pytest.importorskip("matplotlib")
from casereviews.collection.output.pictures import (
    Frame,
    Picture,
    bars,
    grid,
    sheet,
    tile_map,
    timeline,
)
from casereviews.collection.output.pictures.framing import NOTHING
from casereviews.collection.output.pictures.sheet import (
    BAR,
    INK,
    QUIET,
    UNKNOWN_FILL,
    contrast,
    legible_on,
    shade,
)
from casereviews.collection.output.pictures.tile_map import BLOCKS, block

LONG = (
    "The Barnmoor, Pear Vale and Hallowshire Safeguarding Children Partnership and Board of Independent"
    " Scrutiny for the Northern Moors"
)
FRAME = Frame(
    "Reviews by something that is told at length " * 3,
    (
        "Counted: everything that anybody may ask for " * 4,
        "N = 12,345 reviews; counted on 1 March 2026",
    ),
    "Counts are of what was collected, and of nothing else. " * 5,
)
COUNCILS = [one for one in authorities().values() if one.answers_for_children]
MANY_YEARS = [(str(year), year % 7, year % 11 * 400) for year in range(2005, 2027)]


def every_shape() -> Iterator[tuple[str, Picture]]:
    """Pictures of nothing, of one value, of many, of long labels, of large numbers."""
    values = {
        "none": [],
        "one": [("Pear Vale", 1)],
        "unknown alone": [("unknown", 7)],
        "many": [*((f"Value {n}", 900 - n) for n in range(14)), ("unknown", 12_345)],
        "long": [(LONG, 1_204), ("x" * 140, 3), ("unknown", 33)],
        "noughts": [("2020", 0), ("2021", 0)],
    }
    for name, pairs in values.items():
        yield f"bars, {name}", bars(pairs, FRAME)
        heads = [value for value, _ in pairs]
        for across in ("across", "years", "few"):
            crossed = {
                "across": heads,
                "years": [y for y, *_ in MANY_YEARS],
                "few": ["girl", "unknown"],
            }
            numbers = [[count + at for at, _ in enumerate(crossed[across])] for _, count in pairs]
            yield f"grid, {name}, {across}", grid(heads, crossed[across], numbers, FRAME)
    yield "timeline, none", timeline([], FRAME)
    yield "timeline, one", timeline([("2021", 1, 0)], FRAME)
    yield "timeline, unknown", timeline([("unknown", 3, 12_345)], FRAME)
    yield "timeline, many", timeline([*MANY_YEARS, ("unknown", 12_345, 3)], FRAME)
    yield "map, none", tile_map([], [], {}, FRAME)
    yield "map, one", tile_map([(COUNCILS[0].gss, 1)], [("unknown", 3)], {"Wales": 1}, FRAME)
    full = [(one.gss, 1_200 + at) for at, one in enumerate(COUNCILS)]
    yield "map, full", tile_map(full, [(LONG, 4)], dict.fromkeys(BLOCKS, 12_345), FRAME)


SHAPES = dict(every_shape())


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is drawn, in points from the lower left corner."""

    said: str
    x0: float
    y0: float
    x1: float
    y1: float

    def over(self, other: Place, across: float = 0.5, high: float = 1.5) -> bool:
        """Whether both lie on the same points; letters without strokes below the line may come that near."""
        return (
            min(self.x1, other.x1) - max(self.x0, other.x0) > across
            and min(self.y1, other.y1) - max(self.y0, other.y0) > high
        )

    def within(self, other: Place) -> bool:
        return (
            min(self.x0 - other.x0, other.x1 - self.x1) >= 0
            and min(self.y0 - other.y0, other.y1 - self.y1) >= -1
        )


@cache
def drawn(shape: str) -> tuple[Place, list[Place]]:
    """The picture, and each line of text where matplotlib draws it, from below."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    figure = SHAPES[shape].figure()
    renderer = FigureCanvasAgg(figure).get_renderer()
    lines = [
        Place(one.get_text(), *map(float, one.get_window_extent(renderer).extents))
        for one in figure.findobj(Text)
        if one.get_text()
    ]
    whole = Place("", *map(float, figure.bbox.extents))
    return whole, sorted(lines, key=lambda line: line.y0)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_words_lie_over_other_words_or_out_of_the_picture(shape: str) -> None:
    whole, lines = drawn(shape)
    assert [line.said for line in lines if not line.within(whole)] == []
    for at, line in enumerate(lines):
        for other in itertools.takewhile(lambda one, top=line.y1: one.y0 < top, lines[at + 1 :]):
            assert not line.over(other), (line.said, other.said)


@pytest.mark.parametrize("shape", [name for name in SHAPES if "many" not in name])
def test_no_words_lie_over_the_edge_of_a_bar_or_cell(shape: str) -> None:
    whole, lines = drawn(shape)
    boxes = [
        Place(box.told, box.x, whole.y1 - box.y - box.height, box.x + box.width, whole.y1 - box.y)
        for box in SHAPES[shape].sheet.boxes
        if box.told
    ]
    for line in lines:
        crossed = [box.said for box in boxes if line.over(box, 1, 1) and not line.within(box)]
        assert crossed == [], line.said


@pytest.mark.parametrize("shape", [name for name in SHAPES if "none" in name])
def test_a_picture_of_nothing_says_so(shape: str) -> None:
    picture = SHAPES[shape]
    assert NOTHING in [line.said for line in picture.sheet.words]
    assert picture.description.startswith(NOTHING.rstrip("."))


def test_what_a_picture_is_read_by_stands_out() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert min(contrast(one, "#ffffff") for one in (INK, QUIET)) >= 7
    assert min(contrast(one, "#ffffff") for one in (BAR, UNKNOWN_FILL)) >= 3
    for number in range(101):
        fill = shade(number, 100)
        assert contrast(legible_on(fill), fill) >= 4.5
    darker = [contrast(shade(number, 9), "#ffffff") for number in range(10)]
    assert darker == sorted(darker)


def test_every_authority_has_one_tile_near_those_beside_it() -> None:
    tiles = [one for region in BLOCKS for one in block(region)]
    assert sorted(one.gss for one in tiles) == sorted(one.gss for one in COUNCILS)
    for region, (_, _, across) in BLOCKS.items():
        tiles_of = block(region)
        rows = [tiles_of[at : at + across] for at in range(0, len(tiles_of), across)]
        for upper, lower in itertools.pairwise(rows):
            assert min(one.north for one in upper) >= max(one.north for one in lower)
        for row in rows:
            assert list(row) == sorted(row, key=lambda one: (one.east, one.gss))
    boxes = [box for box in SHAPES["map, full"].sheet.boxes if box.told]
    assert len({(box.x, box.y) for box in boxes}) == len(COUNCILS)
    for one, other in itertools.combinations(boxes, 2):
        assert abs(one.x - other.x) >= one.width or abs(one.y - other.y) >= one.height


def test_a_county_lies_where_its_districts_lie() -> None:
    for county in (one for one in COUNCILS if one.kind == "County"):
        districts = [
            one for one in authorities().values() if one.county == county.gss and one.current
        ]
        assert {one.region for one in districts} == {county.region}, county.name
        assert min(d.north for d in districts) <= county.north <= max(d.north for d in districts)
        assert min(d.east for d in districts) <= county.east <= max(d.east for d in districts)


# ---------------------------------------------------------------- counts


def found(*fields: dict[str, Any], understood: str = "everything") -> Results:
    hits = tuple(Hit(at, 1.0, f"r{at}", f"d{at}", one, 0) for at, one in enumerate(fields))
    built = Built("a", "h", 1, len(hits), len(hits), 0, 1, "2026-02-28T02:00:00Z")
    return Results("", understood, len(hits), len(hits), 1.0, built, hits)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEREVIEWS_NOW", "2026-03-01T08:00:00Z")


def words_of(picture: Picture) -> list[str]:
    return [line.said for line in picture.sheet.words]


@pytest.mark.parametrize(
    ("by", "values", "whole"),
    [
        ("year", ["2018", "2021"], ["2018", "2019", "2020", "2021"]),
        ("year", ["2021"], ["2021"]),
        ("year", [], []),
        ("year", ["1021", "2021"], ["1021", "2021"]),
        ("age", ["under_1", "11_15"], ["under_1", "1_5", "6_10", "11_15"]),
        ("nation", ["England", "Wales"], ["England", "Wales"]),
    ],
)
def test_between_the_first_and_the_last_nothing_is_missing(
    by: str, values: list[str], whole: list[str]
) -> None:
    assert without_holes(by, values) == whole


def test_years_without_reviews_are_counted_in_both_axes_and_leave_nothing_out() -> None:
    hits = found(
        {"year": 2018, "age_bands": ("11_15",)}, {"year": 2021, "age_bands": ("under_1",)}, {}
    )
    counts = counts_of(hits, "year", 40)
    assert counts.values == (("2018", 1), ("2019", 0), ("2020", 0), ("2021", 1), ("unknown", 1))
    assert (counts.left_out, counts_of(hits, "year", 2).left_out) == (0, 1)
    table = cross_table_of(hits, ("age", "year"), 40)
    assert table.lines == ("under_1", "1_5", "6_10", "11_15", "unknown")
    assert table.heads == ("2018", "2019", "2020", "2021", "unknown")
    assert [sum(row) for row in table.numbers] == [1, 0, 0, 1, 1]


def test_a_picture_says_what_was_counted_how_many_and_when() -> None:
    hits = found({"year": 2018}, {"year": 2020}, understood="theme:harm_neglect AND nation:Wales")
    picture = picture_of(counts_of(hits, "year", 40), PACKAGED)
    said = " ".join(words_of(picture))
    assert 'Counted: theme:"Neglect" AND nation:Wales' in said
    assert "N = 2 reviews; counted on 1 March 2026 in the index of 28 February 2026" in said
    assert 'theme:"Neglect"' in picture.description
    assert "2018: 1; 2019: 0; 2020: 1" in picture.description
    assert "1 value not drawn" in " ".join(
        words_of(picture_of(counts_of(hits, "year", 1), PACKAGED))
    )


@pytest.mark.parametrize(
    ("understood", "said"),
    [
        ("theme:harm_neglect", 'theme:"Neglect"'),
        ("(topic:harm_neglect OR age:under_1)", '(topic:"Neglect" OR age:"under 1")'),
        ("year:2015..2020 AND nothing:harm_neglect", "year:2015..2020 AND nothing:harm_neglect"),
        ('"theme:harm_neglect"', '"theme:harm_neglect"'),
    ],
)
def test_a_filter_is_told_by_label(understood: str, said: str) -> None:
    assert asked_in_words(understood, PACKAGED) == said


def test_the_numbers_of_a_heat_map_are_the_tables() -> None:
    themes = ("harm_neglect", "harm_sudi")
    hits = found(
        {"year": 2019, "themes": themes},
        {"year": 2021, "themes": themes[:1]},
        {"themes": themes[1:]},
    )
    table = cross_table_of(hits, ("theme", "year"), 40)
    picture = picture_of(table, PACKAGED)
    told = [box.told for box in picture.sheet.boxes if box.told]
    numbers = [n for row in table.numbers for n in row]
    assert [int(one.rpartition(": ")[2]) for one in told] == numbers
    assert "Neglect, 2020: 0" in told
    assert [int(one) for one in words_of(picture) if re.fullmatch(r"\d", one)] == [
        n for n in numbers if n
    ]
    inside = ElementTree.fromstring(picture.svg())
    titles = [one.text for one in inside.iter("{http://www.w3.org/2000/svg}title")]
    assert titles == [picture.title, *told]
    assert picture.svg() == picture.svg()


def test_a_timeline_counts_each_review_once_in_both_rows() -> None:
    hits = found(
        {"published": "2021-03-17", "incident_from": "2018-05"},
        {"published": "2023", "death_date": "2018-01-02", "incident_from": "2017-12"},
        {"published": "2021-04", "death_date": "2019"},
        {},
    )
    line = timeline_of(hits)
    assert [(one.year, one.published, one.happened) for one in line.years] == [
        ("2017", 0, 1),
        ("2018", 0, 1),
        ("2019", 0, 1),
        ("2020", 0, 0),
        ("2021", 2, 0),
        ("2022", 0, 0),
        ("2023", 1, 0),
        ("unknown", 1, 1),
    ]
    picture = picture_of(line, PACKAGED)
    assert "2021: 2 published, 0 happened" in picture.description
    assert [box.told for box in picture.sheet.boxes if box.told][:2] == [
        "Happened in the year, 2017: 1",
        "Happened in the year, 2018: 1",
    ]


def test_areas_are_those_of_today_that_answer_for_children() -> None:
    district = next(one for one in authorities().values() if one.county and one.current)
    county = authorities()[district.county]
    former = next(one for one in authorities().values() if not one.current and one.replaced_by)
    hits = found(
        {"areas": (district.name, county.name)},
        {"areas": (former.name,)},
        {"areas": ("Wales",)},
        {},
    )
    areas = areas_of(hits)
    counts = {area.gss: area.reviews for area in areas.areas if area.gss}
    assert counts[county.gss] == 1
    assert set(counts) == {county.gss, *former.replaced_by}
    assert [(area.area, area.nation, area.reviews) for area in areas.areas if not area.gss] == [
        ("Wales", "Wales", 1),
        ("unknown", "", 1),
    ]
    assert dict(areas.regions)[county.region] >= 1
    picture = picture_of(areas, PACKAGED)
    assert f"{county.name}: 1" in picture.description
    assert "no site kept" in picture.description


def test_a_png_carries_its_title_and_what_it_shows() -> None:
    import io

    from PIL import Image

    picture = SHAPES["bars, one"]
    with Image.open(io.BytesIO(picture.png())) as drawn:
        assert drawn.text["Title"] == picture.title
        assert "Pear Vale: 1" in drawn.text["Description"]
        assert drawn.size == tuple(
            int(side * 2) for side in (picture.sheet.width, picture.sheet.height)
        )


def test_without_the_extra_a_picture_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    sheet._matplotlib.cache_clear()
    with pytest.raises(CannotDraw, match=r"pip install \"\.\[charts\]\"") as refused:
        bars([("a value of which nobody has measured the words", 1)], Frame("Reviews"))
    assert refused.value.exit_code == 3
