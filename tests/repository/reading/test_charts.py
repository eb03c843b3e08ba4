"""What a reader of a chart reads: titles, names, and values as they are printed at their points."""

import pytest
from lxml import etree

from casereviews.repository.reading.charts import chart

NAMES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart" '
    'xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex"'
)


def points(*texts, at=None, code=""):
    places = at or range(len(texts))
    return (f"<c:formatCode>{code}</c:formatCode>" if code else "") + "".join(
        f'<c:pt idx="{place}"><c:v>{text}</c:v></c:pt>'
        for place, text in zip(places, texts, strict=True)
    )


def series(name="Referrals", cats=None, values=None, labels="", more=""):
    cats = (
        cats or f"<c:strRef><c:strCache>{points('Barnmoor', 'Pear Vale')}</c:strCache></c:strRef>"
    )
    values = values or points("0.305", "0.5", code="0%")
    return (
        f"<c:ser><c:tx><c:v>{name}</c:v></c:tx>{labels}<c:cat>{cats}</c:cat>"
        f"<c:val><c:numRef><c:numCache>{values}</c:numCache></c:numRef></c:val>{more}</c:ser>"
    )


def labels(*shown, code="", each=""):
    named = f'<c:numFmt formatCode="{code}" sourceLinked="0"/>' if code else ""
    switches = "".join(f'<c:{one} val="1"/>' for one in shown)
    return f"<c:dLbls>{each}{named}{switches}</c:dLbls>"


def said(text, look=""):
    return f"<a:p><a:r><a:rPr>{look}</a:rPr><a:t>{text}</a:t></a:r></a:p>"


def rich(text, look=""):
    return f"<c:tx><c:rich>{said(text, look)}</c:rich></c:tx>"


def read(plot, before="", after="", kind="barChart"):
    root = etree.fromstring(
        f"<c:chartSpace {NAMES}>{before}<c:chart><c:plotArea><c:{kind}>{plot}</c:{kind}>{after}</c:plotArea>"
        "<c:legend/></c:chart></c:chartSpace>"
    )
    return [block.text for block in chart(root)]


HEAD = ["\tReferrals"]
CELLS = (
    '<c:extLst><c:ext><c15:datalabelsRange><c15:dlblRangeCache><c:pt idx="1"><c:v>after winter</c:v></c:pt>'
    "</c15:dlblRangeCache></c15:datalabelsRange></c:ext></c:extLst>"
)
SWITCH = (
    '<c:dLbls><c:extLst><c:ext><c15:showDataLabelsRange val="{}"/></c:ext></c:extLst></c:dLbls>'
)
PLOTS = {
    "a value that is only drawn has all its digits": (
        series(),
        [*HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"],
    ),
    "a value that is printed stands as it is printed": (
        series(labels=labels("showVal")),
        [*HEAD, "Barnmoor\t31%", "Pear Vale\t50%"],
    ),
    "labels have a format of their own": (
        series(values=points("1234.5", "7", code="General"), labels=labels("showVal", code="£#,##0.00")),
        [*HEAD, "Barnmoor\t£1,234.50", "Pear Vale\t£7.00"],
    ),
    "labels of all series": (
        series() + labels("showVal"),
        [*HEAD, "Barnmoor\t31%", "Pear Vale\t50%"],
    ),
    "a label that was taken away": (
        series(labels=labels("showVal", each='<c:dLbl><c:idx val="0"/><c:delete val="1"/></c:dLbl>')),
        [*HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"],
    ),
    "labels that were taken away": (
        series(labels='<c:dLbls><c:delete val="1"/></c:dLbls>') + labels("showVal"),
        [*HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"],
    ),
    "shares of a pie": (
        series(values=points("1", "2", code="General"), labels=labels("showPercent")),
        [*HEAD, "Barnmoor\t1 (33%)", "Pear Vale\t2 (67%)"],
    ),
    "sizes of bubbles": (
        series(labels=labels("showBubbleSize"), more=f"<c:bubbleSize><c:numLit>{points('8', '9')}</c:numLit></c:bubbleSize>"),
        [*HEAD, "Barnmoor\t30.5% 8", "Pear Vale\t50% 9"],
    ),
    "words from other cells": (
        series(labels=SWITCH.format(1), more=CELLS),
        [*HEAD, "Barnmoor\t30.5%", "Pear Vale\t50% after winter"],
    ),
    "words from other cells that are not shown": (
        series(labels=SWITCH.format(0), more=CELLS),
        [*HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"],
    ),
    "a gap stays in its place": (
        series(values=points("3", at=[1], code="General")),
        [*HEAD, "Barnmoor\t", "Pear Vale\t3"],
    ),
    "categories of two levels": (
        series(cats="<c:multiLvlStrRef><c:multiLvlStrCache>"
               f"<c:lvl>{points('Alder', 'Birch', 'Cedar')}</c:lvl><c:lvl>{points('North', 'South', at=[0, 2])}</c:lvl>"
               "</c:multiLvlStrCache></c:multiLvlStrRef>", values=points("1", "2", "3", code="General")),
        [*HEAD, "North Alder\t1", "North Birch\t2", "South Cedar\t3"],
    ),
    "days as the cells have them": (
        series(cats=f"<c:numRef><c:numCache>{points('43466', '43497', code='mmm-yy')}</c:numCache></c:numRef>"),
        [*HEAD, "Jan-19\t30.5%", "Feb-19\t50%"],
    ),
    "words on a label, and the sign for a field's value": (
        series(labels=labels(each='<c:dLbl><c:idx val="0"/><c:tx><c:rich><a:p><a:fld type="VALUE"><a:t>[VALUE]</a:t></a:fld>'
                             "<a:r><a:t> worst of all</a:t></a:r></a:p></c:rich></c:tx></c:dLbl>")),
        ["worst of all", *HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"],
    ),
    "a line of the trend, named in the legend": (
        series(more="<c:trendline><c:name>Direction</c:name></c:trendline>"),
        ["Direction", *HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"],
    ),
    "a series that was filtered out": (
        f"{series()}<c:extLst><c:ext><c15:filteredBarSeries><c15:ser>{rich('Quillfeather')}</c15:ser></c15:filteredBarSeries></c:ext></c:extLst>",
        [*HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("plot", "texts"), PLOTS.values(), ids=PLOTS.keys())
def test_a_chart_is_read_as_it_is_shown(plot, texts):
    assert read(plot) == texts


def test_values_of_a_table_under_the_chart_are_printed_there():
    assert read(series(), after="<c:dTable/>")[1] == "Barnmoor\t31%"


def test_an_axis_may_have_its_own_format_and_days_may_count_from_1904():
    cats = f"<c:numRef><c:numCache>{points('42004', code='General')}</c:numCache></c:numRef>"
    axis = (
        '<c:dateAx><c:axId val="7"/><c:numFmt formatCode="d mmm yyyy" sourceLinked="0"/></c:dateAx>'
    )
    plot = f'{series(cats=cats)}<c:axId val="7"/>'

    assert read(plot, '<c:date1904 val="1"/>', axis)[1].startswith("1 Jan 2019\t")


AXES = {
    "its title": (f"<c:valAx><c:title>{rich('Days waited')}</c:title></c:valAx>", ["Days waited"]),
    "a title without ink": (
        f"<c:valAx><c:title>{rich('Quillfeather', '<a:noFill/>')}</c:title></c:valAx>",
        [],
    ),
    "its units": (
        '<c:valAx><c:dispUnits><c:builtInUnit val="thousands"/><c:dispUnitsLbl/></c:dispUnits></c:valAx>',
        ["Thousands"],
    ),
    "its units in words": (
        f"<c:valAx><c:dispUnits><c:dispUnitsLbl>{rich('Pounds')}</c:dispUnitsLbl></c:dispUnits></c:valAx>",
        ["Pounds"],
    ),
    "units that are not said": (
        '<c:valAx><c:dispUnits><c:builtInUnit val="thousands"/></c:dispUnits></c:valAx>',
        [],
    ),
}


@pytest.mark.parametrize(("axis", "texts"), AXES.values(), ids=AXES.keys())
def test_what_an_axis_says_is_read(axis, texts):
    assert read(series(), after=axis) == [*texts, *HEAD, "Barnmoor\t30.5%", "Pear Vale\t50%"]


def test_a_chart_of_2016_is_read_with_its_title_and_names_without_hidden_series():
    def data(number, *words):
        points = "".join(f'<cx:pt idx="{place}">{word}</cx:pt>' for place, word in enumerate(words))
        return f'<cx:data id="{number}"><cx:strDim type="cat"><cx:lvl>{points}</cx:lvl></cx:strDim></cx:data>'

    root = etree.fromstring(
        f"<cx:chartSpace {NAMES}><cx:chartData>{data(0, 'Referral')}{data(1, 'Quillfeather')}</cx:chartData><cx:chart>"
        "<cx:title><cx:tx><cx:txData><cx:v>Where delay arose</cx:v></cx:txData></cx:tx></cx:title><cx:plotArea>"
        '<cx:series><cx:tx><cx:txData><cx:v>Days</cx:v></cx:txData></cx:tx><cx:dataId val="0"/></cx:series>'
        '<cx:series hidden="1"><cx:dataId val="1"/></cx:series></cx:plotArea></cx:chart></cx:chartSpace>'
    )

    assert [block.text for block in chart(root)] == ["Where delay arose", "\tDays", "Referral"]
