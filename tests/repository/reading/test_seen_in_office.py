"""What readers of Word, PowerPoint, OpenDocument and RTF files see is read once, and what they cannot see is nowhere.

The hidden name in every file is Quillfeather.
"""

import io
import zipfile

import pytest
from reading_hostile import W, package

from casereviews.repository.reading import Limits, office, read_file

NATIVE = Limits(ocr=False)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
NAMES = {
    "w": W,
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "r": OFFICE,
    "a": A,
    "p": P,
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "v": "urn:schemas-microsoft-com:vml",
    "dgm": "http://schemas.openxmlformats.org/drawingml/2006/diagram",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
}
ALL = " ".join(f'xmlns:{short}="{name}"' for short, name in NAMES.items())


@pytest.fixture(autouse=True)
def no_office(monkeypatch):
    """As if LibreOffice were not installed: nothing is printed, what only a layout tells is said to be unknown."""
    monkeypatch.setattr(office, "find_office", lambda: None)


def relations(*each):
    """The XML of relationships (id, kind, target)."""
    rows = "".join(f'<Relationship Id="{i}" Type="{OFFICE}/{k}" Target="{t}"/>' for i, k, t in each)
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def word(body, *related, parts=None, styles="", name="word/document.xml"):
    """A Word file around a body; `related` are relationships of the main part, `parts` its other parts."""
    folder, _, last = name.rpartition("/")
    related = (*related, ("s", "styles", "styles.xml"))
    members = {
        "_rels/.rels": relations(("r", "officeDocument", name)),
        name: f"<w:document {ALL}><w:body>{body}</w:body></w:document>",
        f"{folder}/_rels/{last}.rels": relations(*related),
        f"{folder}/styles.xml": f"<w:styles {ALL}>{styles}</w:styles>",
        **(parts or {}),
    }
    return package(
        {name: data.encode() if isinstance(data, str) else data for name, data in members.items()}
    )


def par(text, properties="", run=""):
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def shape(text, identifier=2, box=(914400, 914400, 3000000, 400000), fill="", run="", extra=""):
    """A shape of a slide: its box is left, top, width, height."""
    left, top, width, height = box
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identifier}" name="S"{extra}/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm><a:prstGeom prst="rect"/>{fill}</p:spPr>'
        f"<p:txBody><a:bodyPr/><a:p><a:r><a:rPr>{run}</a:rPr><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def deck(*slides, related=(), parts=None, timing="", main="ppt/presentation.xml"):
    """A presentation of slides, each given by its shapes; a slide that begins with "HIDE" is hidden."""
    numbers = range(1, len(slides) + 1)
    listed = "".join(f'<p:sldId id="{255 + n}" r:id="s{n}"/>' for n in numbers)
    members = {
        "_rels/.rels": relations(("r", "officeDocument", main)),
        main: f'<p:presentation {ALL}><p:sldIdLst>{listed}</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>',
        main.replace("ppt/", "ppt/_rels/") + ".rels": relations(
            *((f"s{n}", "slide", f"slides/slide{n}.xml") for n in numbers)
        ),
        **(parts or {}),
    }
    for number, shapes in zip(numbers, slides, strict=True):
        hidden = ' show="0"' if shapes.startswith("HIDE") else ""
        members[f"ppt/slides/slide{number}.xml"] = (
            f"<p:sld {ALL}{hidden}><p:cSld><p:spTree>{shapes.removeprefix('HIDE')}</p:spTree></p:cSld>{timing}</p:sld>"
        )
        members[f"ppt/slides/_rels/slide{number}.xml.rels"] = relations(*related)
    return package({name: data.encode() for name, data in members.items()})


def odf(body, styles="", kind="text"):
    """A flat OpenDocument file."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (
            ("office", "office"), ("text", "text"), ("table", "table"), ("style", "style"), ("draw", "drawing"),
            ("presentation", "presentation"), ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
            ("smil", "smil-compatible"),
        )
    )  # fmt: skip
    return (
        f'<?xml version="1.0"?><office:document {names} office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document>"
    ).encode()


def rtf(body):
    return (
        r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\colortbl;\red255\green255\blue255;\red0\green0\blue0;}"
        r"{\stylesheet{\s0 Normal;}{\s1\v heading 1;}}" + body + "}"
    ).encode()


def read(tmp_path, data, name="file"):
    path = tmp_path / name
    path.write_bytes(data)
    return read_file(path, limits=NATIVE)


def whole(reading):
    return "\n\f".join(page.text for page in reading.pages)


def diagram(*texts, links=""):
    points = "".join(
        f'<dgm:pt modelId="{n}"><dgm:t><a:bodyPr/><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>'
        for n, text in enumerate(texts, 1)
    )
    return (
        f'<dgm:dataModel {ALL}><dgm:ptLst><dgm:pt modelId="0" type="doc"/>{points}</dgm:ptLst>'
        f"<dgm:cxnLst>{links}</dgm:cxnLst></dgm:dataModel>"
    )


CHART = (
    f"<c:chartSpace {ALL}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Reviews by year</a:t></a:r></a:p></c:rich></c:tx></c:title>"
    "<c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt><c:v>Barnmoor</c:v></c:pt></c:strCache></c:strRef></c:tx>"
    "<c:cat><c:strRef><c:strCache><c:pt><c:v>Neglect</c:v></c:pt><c:pt><c:v>Bruising</c:v></c:pt></c:strCache></c:strRef></c:cat>"
    "<c:val><c:numRef><c:numCache><c:formatCode>0%</c:formatCode><c:pt><c:v>0.28999999999999998</c:v></c:pt><c:pt><c:v>0.5</c:v></c:pt>"
    "</c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"
)
DIAGRAM_FRAME = '<a:graphic><a:graphicData><dgm:relIds r:dm="d"/></a:graphicData></a:graphic>'
CHART_FRAME = '<a:graphic><a:graphicData><c:chart r:id="c"/></a:graphicData></a:graphic>'
VANISH = "<w:vanish/>"
WHITE = '<w:color w:val="FFFFFF"/>'
FILL = '<a:solidFill><a:srgbClr val="{}"/></a:solidFill>'
NAME = "Quillfeather"
STYLES = (
    f'<w:style w:type="paragraph" w:styleId="Secret"><w:rPr>{VANISH}</w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Below"><w:basedOn w:val="Secret"/></w:style>'
    f'<w:style w:type="character" w:styleId="Quiet"><w:rPr>{VANISH}</w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Dust"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>'
    f'<w:style w:type="paragraph" w:styleId="Pale"><w:rPr>{WHITE}</w:rPr></w:style>'
    '<w:style w:type="table" w:styleId="Banded"><w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:fill="1F3864"/>'
    "</w:tcPr></w:tblStylePr></w:style>"
)

HIDDEN_IN_WORD = {
    "hidden by the style of its paragraph": par(NAME, '<w:pStyle w:val="Secret"/>'),
    "hidden by a style that is based on one": par(NAME, '<w:pStyle w:val="Below"/>'),
    "hidden by the style of its letters": par(NAME, run='<w:rStyle w:val="Quiet"/>'),
    "always hidden": par(NAME, run="<w:specVanish/>"),
    "letters without ink": par(NAME, run="<w14:textFill><w14:noFill/></w14:textFill>"),
    "letters of a point by their style": par(NAME, run='<w:rStyle w:val="Dust"/>'),
    "letters of a point": par(NAME, run='<w:sz w:val="2"/>'),
    "words hidden on screen": par(NAME, run="<w:webHidden/>"),
    "deleted": f"<w:p><w:del><w:r><w:delText>{NAME}</w:delText></w:r></w:del></w:p>",
    "moved away": f"<w:p><w:moveFrom><w:r><w:t>{NAME}</w:t></w:r></w:moveFrom></w:p>",
    "a deleted row": f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{par(NAME)}</w:tc></w:tr></w:tbl>",
    "a deleted cell": f"<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr>{par(NAME)}</w:tc></w:tr></w:tbl>",
    "white on white": par(NAME, run=WHITE),
    "white by its style": par(NAME, '<w:pStyle w:val="Pale"/>'),
    "white in a table without shading": f"<w:tbl><w:tr><w:tc>{par(NAME, run=WHITE)}</w:tc></w:tr></w:tbl>",
    "black under a black marker": par(NAME, run='<w:highlight w:val="black"/>'),
    "the colour of its shading": par(
        NAME, run='<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>'
    ),
    "white beside a picture that words flow around": par(NAME, run=WHITE)
    + '<w:p><w:r><w:drawing><wp:anchor behindDoc="1"><wp:wrapSquare/><a:blip/></wp:anchor></w:drawing></w:r></w:p>',
    "white in a white box": "<w:p><w:r><w:drawing><wp:inline><wps:wsp><wps:spPr><a:solidFill><a:srgbClr val='FFFFFF'/></a:solidFill>"
    f"</wps:spPr><wps:txbx><w:txbxContent>{par(NAME, run=WHITE)}</w:txbxContent></wps:txbx></wps:wsp></wp:inline></w:drawing></w:r></w:p>",
    "in a hidden shape": "<w:p><w:r><w:drawing><wp:anchor><wp:docPr hidden='1'/><wps:txbx><w:txbxContent>"
    f"{par(NAME)}</w:txbxContent></wps:txbx></wp:anchor></w:drawing></w:r></w:p>",
    "in an old hidden shape": "<w:p><w:r><w:pict><v:shape style='width:9pt; visibility: hidden'><v:textbox><w:txbxContent>"
    f"{par(NAME)}</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>",
    "in a box that hangs in hidden words": f"<w:p><w:r><w:rPr>{VANISH}</w:rPr><w:pict><w:txbxContent>{par(NAME)}"
    "</w:txbxContent></w:pict></w:r></w:p>",
}


@pytest.mark.parametrize("body", HIDDEN_IN_WORD.values(), ids=HIDDEN_IN_WORD.keys())
def test_words_that_word_does_not_show_are_nowhere_and_the_file_says_so(tmp_path, body):
    reading = read(tmp_path, word(par("The baby was seen.") + body, styles=STYLES))

    assert (whole(reading), reading.status, reading.detail) == (
        "The baby was seen.",
        "ok",
        "covered text",
    )
    assert NAME not in repr(reading)


def test_comments_are_no_text_and_cover_nothing(tmp_path):
    comments = f'<w:comments {ALL}><w:comment w:id="1">{par(NAME)}</w:comment></w:comments>'
    notes = f"<p:cmLst {ALL}><p:cm><p:text>{NAME}</p:text></p:cm></p:cmLst>"
    body = '<w:p><w:commentRangeStart w:id="1"/><w:r><w:t>Seen</w:t><w:commentReference w:id="1"/></w:r></w:p>'
    files = (
        word(body, ("k", "comments", "k.xml"), parts={"word/k.xml": comments}),
        deck(
            shape("Seen"), related=(("k", "comments", "k.xml"),), parts={"ppt/slides/k.xml": notes}
        ),
    )

    for data in files:
        reading = read(tmp_path, data)
        assert (whole(reading), reading.detail) == ("Seen", "")


def test_words_of_the_usual_style_are_hidden_where_it_hides(tmp_path):
    usual = (
        f'<w:style w:type="paragraph" w:default="1" w:styleId="N"><w:rPr>{VANISH}</w:rPr></w:style>'
    )

    reading = read(
        tmp_path, word(par("Seen", run='<w:vanish w:val="0"/>') + par(NAME), styles=usual)
    )

    assert (whole(reading), reading.detail) == ("Seen", "covered text")


def test_a_hidden_footnote_is_nowhere(tmp_path):
    notes = f'<w:footnotes {ALL}><w:footnote w:id="2">{par("Seen.")}{par(NAME, run=VANISH)}</w:footnote></w:footnotes>'
    body = '<w:p><w:r><w:t>Words</w:t><w:footnoteReference w:id="2"/></w:r></w:p>'

    reading = read(
        tmp_path, word(body, ("n", "footnotes", "notes.xml"), parts={"word/notes.xml": notes})
    )

    assert (whole(reading), reading.detail) == ("Words[1]\n\n[1] Seen.", "covered text")


SHADED = '<w:shd w:val="clear" w:fill="1F3864"/>'
SEEN_IN_WORD = {
    "vanish that is off": par("Shown", run='<w:vanish w:val="0"/>'),
    "vanish turned twice": par("Shown", '<w:pStyle w:val="Secret"/>', '<w:rStyle w:val="Quiet"/>'),
    "white on a dark cell": f"<w:tbl><w:tr><w:tc><w:tcPr>{SHADED}</w:tcPr>{par('Shown', run=WHITE)}</w:tc></w:tr></w:tbl>",
    "white in a table whose style paints": "<w:tbl><w:tblPr><w:tblStyle w:val='Banded'/></w:tblPr><w:tr><w:tc>"
    f"{par('Shown', run=WHITE)}</w:tc></w:tr></w:tbl>",
    "white on a dark paragraph": par("Shown", SHADED, WHITE),
    "automatic letters in a white style": par(
        "Shown", '<w:pStyle w:val="Pale"/>', '<w:color w:val="auto"/>'
    ),
    "white in a box": f"<w:p><w:r><w:pict><w:txbxContent>{par('Shown', run=WHITE)}</w:txbxContent></w:pict></w:r></w:p>",
    "white over a picture of the cover": par("Shown", run=WHITE)
    + '<w:p><w:r><w:drawing><wp:anchor behindDoc="1"><wp:wrapNone/><a:blip/></wp:anchor></w:drawing></w:r></w:p>',
    "inserted": "<w:p><w:ins><w:r><w:t>Shown</w:t></w:r></w:ins></w:p>",
    "black on white by name": par(
        "Shown", run='<w:color w:val="000000"/><w:highlight w:val="yellow"/>'
    ),
    "dark shading with automatic letters": par(
        "Shown", run='<w:shd w:val="clear" w:fill="000000"/>'
    ),
    "the page of a table of contents": par("12", run="<w:webHidden/>"),
}


@pytest.mark.parametrize("body", SEEN_IN_WORD.values(), ids=SEEN_IN_WORD.keys())
def test_words_that_word_shows_are_read(tmp_path, body):
    reading = read(tmp_path, word(body, styles=STYLES))

    assert (whole(reading), reading.detail) in (("Shown", ""), ("12", ""))


def alternatives(choice, fallback):
    return (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{choice}</mc:Choice>'
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


WRAPPED_IN_WORD = {
    "a choice with words": alternatives(par("Shown"), par("old")),
    "a choice without words": alternatives("<w:p/>", par("Shown")),
    "choices within choices": alternatives(alternatives(par("Shown"), par("old")), par("older")),
    "block of another direction": f"<w:dir>{par('Shown')}</w:dir>",
    "custom XML": f"<w:customXml><w:smartTag>{par('Shown')}</w:smartTag></w:customXml>",
    "a control": f"<w:sdt><w:sdtContent>{par('Shown')}</w:sdtContent></w:sdt>",
    "a simple field": "<w:p><w:fldSimple w:instr='DATE'><w:r><w:t>Shown</w:t></w:r></w:fldSimple></w:p>",
    "a formula": "<w:p><m:oMath><m:r><m:t>Shown</m:t></m:r></m:oMath></w:p>",
    "a drawing's own letters": "<w:p><w:r><w:drawing><a:txBody><a:p><a:r><a:t>Shown</a:t></a:r></a:p></a:txBody></w:drawing></w:r></w:p>",
    "letters as a picture": '<w:p><w:r><w:pict><v:shape><v:textpath string="Shown"/></v:shape></w:pict></w:r></w:p>',
    "a box in a choice": "<w:p><w:r>"
    + alternatives(
        f"<w:drawing><wp:inline><wps:txbx><w:txbxContent>{par('Shown')}</w:txbxContent></wps:txbx></wp:inline></w:drawing>",
        f"<w:pict><v:textbox><w:txbxContent>{par('Shown')}</w:txbxContent></v:textbox></w:pict>",
    )
    + "</w:r></w:p>",
    "the result of a field within the code of another": "<w:p>"
    + "".join(
        f"<w:r><w:fldChar w:fldCharType='{each}'/></w:r>"
        if each.isalpha()
        else f"<w:r><w:t>{each[1:]}</w:t></w:r>"
        for each in (
            "begin",
            "begin",
            "separate",
            "!Quillfeather",
            "end",
            "separate",
            "!Shown",
            "end",
        )
    )
    + "</w:p>",
    "a field whose words stand in its code": "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r>"
    "<w:r><w:instrText xml:space='preserve'> MACROBUTTON NoMacro </w:instrText></w:r><w:r><w:instrText>Shown</w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
    "a field whose code has no words": "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>XE Quillfeather</w:instrText></w:r>"
    "<w:r><w:fldChar w:fldCharType='end'/></w:r><w:r><w:t>Shown</w:t></w:r></w:p>",
    "a capital over several lines": par("S", '<w:framePr w:dropCap="drop"/>') + par("hown"),
    "a choice that no Office knows": f"<mc:AlternateContent><mc:Choice Requires='zz'>{par(NAME)}</mc:Choice>"
    f"<mc:Fallback>{par('Shown')}</mc:Fallback></mc:AlternateContent>",
    "a list of choices": "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='No'/>"
    "<w:listEntry w:val='Shown'/></w:ddList></w:ffData></w:fldChar></w:r></w:p>",
}


@pytest.mark.parametrize("body", WRAPPED_IN_WORD.values(), ids=WRAPPED_IN_WORD.keys())
def test_words_in_whatever_wraps_them_are_read_once(tmp_path, body):
    assert whole(read(tmp_path, word(body))) == "Shown"


ENDLESS = "<w:rPr><w:del/></w:rPr>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (par("One ", ENDLESS) + par("sentence."), "One sentence."),
        (par("The last.", ENDLESS), "The last."),
        (
            f"<w:tbl><w:tr><w:tc>{par('a', ENDLESS)}</w:tc><w:tc>{par('b')}</w:tc></w:tr></w:tbl>",
            "a\tb",
        ),
        (
            par("One ", ENDLESS).replace(
                "</w:p>",
                f"<w:r><w:pict><w:txbxContent>{par('box')}</w:txbxContent></w:pict></w:r></w:p>",
            )
            + par("sentence."),
            "box\n\nOne sentence.",
        ),
    ],
    ids=["in the next", "none follows", "in a cell", "with a box"],
)
def test_a_paragraph_whose_end_was_deleted_goes_on(tmp_path, body, text):
    assert whole(read(tmp_path, word(body))) == text


def test_diagrams_are_read_in_the_order_of_their_tree_and_charts_as_rows(tmp_path):
    links = "".join(
        f'<dgm:cxn srcId="{source}" destId="{target}" srcOrd="{order}"/>'
        for source, target, order in ((0, 2, 1), (0, 3, 0), (3, 1, 0))
    )
    body = f"<w:p><w:r><w:t>Before</w:t><w:drawing>{DIAGRAM_FRAME}</w:drawing><w:drawing>{CHART_FRAME}</w:drawing></w:r></w:p>"
    parts = {
        "word/d.xml": diagram("Ring the paediatrician", "Last", "What to do", links=links),
        "word/c.xml": CHART,
    }

    reading = read(
        tmp_path, word(body, ("d", "diagramData", "d.xml"), ("c", "chart", "c.xml"), parts=parts)
    )

    assert whole(reading) == (
        "Before\n\nWhat to do\nRing the paediatrician\nLast\n\nReviews by year\n\nBarnmoor\nNeglect\t29%\nBruising\t50%"
    )


def test_words_at_a_point_of_a_chart_are_read(tmp_path):
    said = "<a:p><a:r><a:t>after the new guidance</a:t></a:r></a:p>"
    labels = (
        f"<c:dLbls><c:dLbl><c:idx val='1'/><c:tx><c:rich>{said}</c:rich></c:tx></c:dLbl>"
        "<c:dLbl><c:idx val='0'/><c:showVal val='1'/></c:dLbl></c:dLbls>"
    )
    body = f"<w:p><w:r><w:drawing>{CHART_FRAME}</w:drawing></w:r></w:p>"
    parts = {"word/c.xml": CHART.replace("<c:cat>", f"{labels}<c:cat>")}

    reading = read(tmp_path, word(body, ("c", "chart", "c.xml"), parts=parts))

    assert whole(reading).startswith("Reviews by year\n\nafter the new guidance\n\nBarnmoor\n")


def test_boxes_drawn_on_a_chart_are_read_unless_hidden(tmp_path):
    boxes = "".join(
        f"<d:sp><d:nvSpPr><d:cNvPr id='2' hidden='{hidden}'/></d:nvSpPr><d:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:txBody></d:sp>"
        for hidden, text in ((0, "Lockdown began"), (1, NAME))
    )
    body = f"<w:p><w:r><w:drawing>{CHART_FRAME}</w:drawing></w:r></w:p>"
    relation = (
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
        "<Relationship Id='u' Type='http://x/chartUserShapes' Target='u.xml'/></Relationships>"
    )
    parts = {
        "word/c.xml": CHART,
        "word/_rels/c.xml.rels": relation,
        "word/u.xml": f"<c:userShapes {ALL} xmlns:d='urn:x'>{boxes}</c:userShapes>",
    }

    text = whole(read(tmp_path, word(body, ("c", "chart", "c.xml"), parts=parts)))

    assert text.endswith("Bruising\t50%\n\nLockdown began")


def test_a_diagram_without_data_is_read_as_it_was_drawn(tmp_path):
    text = "<a:p><a:r><a:t>Ring</a:t></a:r></a:p>"
    drawn = f'<d:drawing {ALL} xmlns:d="urn:x"><d:sp><d:txBody>{text}</d:txBody></d:sp></d:drawing>'
    body = f"<w:p><w:r><w:drawing>{DIAGRAM_FRAME}</w:drawing></w:r></w:p>"

    reading = read(
        tmp_path, word(body, ("e", "diagramDrawing", "e.xml"), parts={"word/e.xml": drawn})
    )

    assert (whole(reading), reading.status) == ("Ring", "ok")


def test_a_diagram_that_is_not_there_is_said_to_be_lost(tmp_path):
    reading = read(
        tmp_path,
        word(f"<w:p><w:r><w:t>Words</w:t><w:drawing>{DIAGRAM_FRAME}</w:drawing></w:r></w:p>"),
    )

    assert (reading.status, reading.detail) == ("partial", "a diagram in it could not be read")


INNER = {
    "html": b"<html><body><h2>Inner</h2><p>merged words</p></body></html>",
    "rtf": rb"{\rtf1\ansi{\stylesheet{\s1\outlinelevel1 heading 2;}}\pard\s1 Inner\par\pard merged words\par}",
    "mht": b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"<html><body><h2>Inner</h2><p>merged =\r\nwords</p></body></html>",
    "docx": word(
        par("Inner", '<w:pStyle w:val="H"/>') + par("merged words"),
        styles='<w:style w:styleId="H"><w:name w:val="heading 2"/></w:style>',
    ),
}


@pytest.mark.parametrize("data", INNER.values(), ids=INNER.keys())
def test_a_file_merged_into_a_word_file_is_read_in_its_place(tmp_path, data):
    body = par("Before") + '<w:altChunk r:id="x"/>' + par("After")

    reading = read(
        tmp_path, word(body, ("x", "aFChunk", "/word/in.dat"), parts={"word/in.dat": data})
    )

    assert whole(reading) == "Before\n\nInner\n\nmerged words\n\nAfter"
    assert [(each.text, each.level) for each in reading.pages[0].headings] == [("Inner", 2)]


def test_a_merged_file_that_hides_words_or_cannot_be_read_is_told_of(tmp_path):
    body = par("Before") + '<w:altChunk r:id="x"/><w:altChunk r:id="y"/>'
    parts = {"word/x.dat": rtf(rf"Shown {{\v {NAME}}}\par"), "word/y.dat": b"\x00\x01\x02" * 50}

    reading = read(
        tmp_path, word(body, ("x", "aFChunk", "x.dat"), ("y", "aFChunk", "y.dat"), parts=parts)
    )

    assert whole(reading) == "Before\n\nShown"
    assert (reading.status, reading.detail) == (
        "partial",
        "covered text; a file in it could not be read",
    )


def renamed(data, change):
    """The same package with its members' names changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return package({change(name): archive.read(name) for name in archive.namelist()})


STRICT = (
    ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main"),
    ("http://schemas.openxmlformats.org/officeDocument/2006/relationships", "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)  # fmt: skip


def strict(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for old, new in STRICT:
        members = {name: text.replace(old.encode(), new.encode()) for name, text in members.items()}
    return package(members)


H1 = '<w:style w:styleId="H"><w:name w:val="heading 1"/></w:style>'
PLAIN = par("Findings", '<w:pStyle w:val="H"/>') + par("The baby was seen.")
EVERYDAY = {
    "main part elsewhere": word(PLAIN, styles=H1, name="word/document2.xml"),
    "main part in another folder": word(PLAIN, styles=H1, name="content/main.part"),
    "Strict names": strict(word(PLAIN, styles=H1)),
    "slashes of Windows": renamed(word(PLAIN, styles=H1), lambda name: name.replace("/", "\\")),
    "capitals": renamed(word(PLAIN, styles=H1), lambda name: name.replace("word/", "Word/")),
    "links to nowhere": word(
        PLAIN, ("a", "image", "NULL"), ("b", "hyperlink", "#_top"), ("c", "image", "../media/gone.png"), styles=H1
    ),
    "a harmless document type": word(
        PLAIN, styles=H1, parts={"docProps/app.xml": '<!DOCTYPE p SYSTEM "p.dtd"><p/>'}
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", EVERYDAY.values(), ids=EVERYDAY.keys())
def test_everyday_word_files_are_read_whole(tmp_path, data):
    reading = read(tmp_path, data)

    assert (reading.status, whole(reading)) == ("ok", "Findings\n\nThe baby was seen.")
    assert [each.level for each in reading.pages[0].headings] == [1]


PKG = "http://schemas.microsoft.com/office/2006/xmlPackage"
MHT = (
    b'From: "Saved by a browser"\r\nSubject: Pear Vale\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="=x"\r\n\r\n'
    b"--=x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n"
    b'--=x\r\nContent-Type: text/html; charset="windows-1252"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    b"<html><body><h1>Findings</h1><p>The baby=92s visit was not =\r\nwritten down.</p></body></html>\r\n--=x--\r\n"
)
IN_DISGUISE = {
    "a saved page": (MHT, "Findings\n\nThe baby’s visit was not written down."),
    "Word 2003's XML": (
        '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'
        ' xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint"><w:styles><w:style w:type="paragraph" w:styleId="H">'
        '<w:name w:val="heading 1"/></w:style></w:styles><w:body><wx:sect>'
        '<w:p><w:pPr><w:pStyle w:val="H"/></w:pPr><w:r><w:t>Findings</w:t></w:r></w:p>'
        f'<w:p><w:r><w:t>Seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>{NAME}</w:t></w:r><aml:annotation w:type="Word.Deletion">'
        f"<aml:content><w:r><w:delText>{NAME}</w:delText></w:r></aml:content></aml:annotation><w:r><w:footnote><w:p><w:r><w:t>A note</w:t></w:r></w:p>"
        '</w:footnote></w:r></w:p><w:p><w:pPr><w:listPr><wx:t wx:val="1."/></w:listPr></w:pPr><w:r><w:t>Train midwives</w:t></w:r></w:p>'
        "</wx:sect></w:body></w:wordDocument>".encode(),
        "Findings\n\nSeen[1]\n\n1. Train midwives\n\n[1] A note",
    ),
    "a package in one XML file": (
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="{PKG}"><pkg:part pkg:name="/_rels/.rels"><pkg:xmlData>'
        f'{relations(("r", "officeDocument", "word/main.xml"))}</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/main.xml"><pkg:xmlData>'
        f"<w:document {ALL}><w:body>{par('Findings')}</w:body></w:document></pkg:xmlData></pkg:part></pkg:package>".encode(),
        "Findings",
    ),
    "a presentation in one XML file": (
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="{PKG}"><pkg:part pkg:name="/ppt/presentation.xml"><pkg:xmlData>'
        f'<p:presentation {ALL}><p:sldIdLst><p:sldId r:id="s"/></p:sldIdLst></p:presentation></pkg:xmlData></pkg:part>'
        f'<pkg:part pkg:name="/ppt/_rels/presentation.xml.rels"><pkg:xmlData>{relations(("s", "slide", "s.xml"))}</pkg:xmlData></pkg:part>'
        f'<pkg:part pkg:name="/ppt/s.xml"><pkg:xmlData><p:sld {ALL}><p:cSld><p:spTree>{shape("Findings")}</p:spTree></p:cSld></p:sld>'
        "</pkg:xmlData></pkg:part></pkg:package>".encode(),
        "Findings",
    ),
    "a flat text": (
        odf("<text:h text:outline-level='1'>Findings</text:h><text:p>Seen</text:p>"),
        "Findings\n\nSeen",
    ),
    "a flat presentation": (
        odf(
            "<draw:page><draw:frame presentation:class='title'><draw:text-box><text:p>Findings</text:p></draw:text-box></draw:frame>"
            "<draw:frame><draw:text-box><text:p>Seen</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box>"
            "<text:p>said aloud</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>",
            kind="presentation",
        ),
        "Findings\n\nSeen\n\nNotes: said aloud",
    ),
    "RTF": (rtf(r"Findings\par"), "Findings"),
    "HTML": (
        b"<html xmlns:o='urn:x'><body><p class=MsoNormal>Findings</p></body></html>",
        "Findings",
    ),
}


@pytest.mark.parametrize(("data", "text"), IN_DISGUISE.values(), ids=IN_DISGUISE.keys())
def test_a_file_called_doc_is_read_for_what_it_is(tmp_path, data, text):
    reading = read(tmp_path, data, "report.doc")

    assert (reading.status, whole(reading)) == ("ok", text)


def test_xml_that_is_no_document_is_no_text(tmp_path):
    reading = read(
        tmp_path, b"<?xml version='1.0'?><rss><channel><title>Reviews</title></channel></rss>"
    )

    assert (reading.status, reading.detail) == (
        "not_a_document",
        "XML of a kind that is no document",
    )


BLACK = FILL.format("000000")
COVER = shape("", 9, (900000, 900000, 3200000, 500000), BLACK)
GROUPED = (
    '<p:grpSp><p:nvGrpSpPr><p:cNvPr id="7" name="G"{}/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="{}" y="0"/>'
    '<a:ext cx="1000" cy="1000"/><a:chOff x="0" y="0"/><a:chExt cx="1000" cy="1000"/></a:xfrm></p:grpSpPr>{}</p:grpSp>'
)
HIDDEN_ON_SLIDES = {
    "a hidden shape": shape(NAME, extra=' hidden="1"'),
    "a hidden group": GROUPED.format(' hidden="1"', 0, shape(NAME)),
    "left of the slide": shape(NAME, box=(-4000000, 100, 3000000, 400000)),
    "below the slide": shape(NAME, box=(100, 7000000, 3000000, 400000)),
    "in a group beside the slide": GROUPED.format("", 20000000, shape(NAME)),
    "under a black box": shape(NAME) + COVER,
    "under a box in the theme's colour": shape(NAME)
    + shape("", 9).replace("</p:spPr>", '</p:spPr><p:style><a:fillRef idx="1"/></p:style>'),
    "white on white": shape(NAME, run=FILL.format("FFFFFF")),
    "black on a black box": shape(NAME, fill=BLACK, run=BLACK),
    "of a point": shape(NAME).replace("<a:r>", '<a:r><a:rPr sz="100"/>'),
    "without ink": shape(NAME, run="<a:noFill/>"),
}


@pytest.mark.parametrize("shapes", HIDDEN_ON_SLIDES.values(), ids=HIDDEN_ON_SLIDES.keys())
def test_words_that_nobody_sees_on_a_slide_are_nowhere_and_the_slide_is_named(tmp_path, shapes):
    reading = read(
        tmp_path, deck(shape("First"), shape("Seen", 3, (100, 5000000, 900000, 400000)) + shapes)
    )

    assert [page.text for page in reading.pages] == ["First", "Seen"]
    assert (reading.status, reading.detail) == ("ok", "covered text on page 2")
    assert NAME not in repr(reading)


def test_hidden_slides_keep_their_numbers_and_are_named(tmp_path):
    reading = read(
        tmp_path, deck(shape("One"), f"HIDE{shape(NAME)}", shape("Three"), f"HIDE{shape(NAME)}")
    )

    assert [(page.number, page.text) for page in reading.pages] == [(1, "One"), (2, ""), (3, "Three"), (4, "")]  # fmt: skip
    assert reading.detail == "covered text on pages 2, 4"


MOVES = '<p:timing><p:spTgt spid="9"/></p:timing>'
SEEN_ON_SLIDES = {
    "white on its own dark box": (shape("Shown", fill=BLACK, run=FILL.format("FFFFFF")), ""),
    "white on a dark box below": (COVER + shape("Shown", run=FILL.format("FFFFFF")), ""),
    "under a box that comes in later": (shape("Shown") + COVER, MOVES),
    "from beside the slide by an animation": (shape("Shown", 9, (-4000000, 100, 3000000, 400000)), MOVES),
    "under a box that can be seen through": (
        shape("Shown") + COVER.replace('val="000000"/>', 'val="000000"><a:alpha val="40000"/></a:srgbClr>'),
        "",
    ),
    "under a box without a fill": (shape("Shown") + shape("", 9, fill="<a:noFill/>"), ""),
    "in a group": (GROUPED.format("", 0, shape("Shown")), ""),
    "in a choice": (alternatives(shape("Shown"), shape("old")), ""),
}  # fmt: skip


@pytest.mark.parametrize(("shapes", "timing"), SEEN_ON_SLIDES.values(), ids=SEEN_ON_SLIDES.keys())
def test_words_that_are_seen_on_a_slide_are_read(tmp_path, shapes, timing):
    reading = read(tmp_path, deck(shapes, timing=timing))

    assert (whole(reading), reading.detail) == ("Shown", "")


def test_diagrams_charts_and_tables_of_slides_are_read(tmp_path):
    frames = "".join(
        f"<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id='{n}' name='F'/><p:nvPr/></p:nvGraphicFramePr>{each}</p:graphicFrame>"
        for n, each in enumerate((DIAGRAM_FRAME, CHART_FRAME, "<a:graphic><a:tbl><a:tr><a:tc><a:txBody><a:p><a:r><a:t>cell</a:t></a:r></a:p>"
        "</a:txBody></a:tc></a:tr></a:tbl></a:graphic>"), 5)
    )  # fmt: skip
    parts = {"ppt/slides/d.xml": diagram("Ring", "Write"), "ppt/slides/c.xml": CHART}

    reading = read(
        tmp_path,
        deck(frames, related=(("d", "diagramData", "d.xml"), ("c", "chart", "c.xml")), parts=parts),
    )

    assert (
        whole(reading)
        == "Ring\nWrite\n\nReviews by year\n\nBarnmoor\nNeglect\t29%\nBruising\t50%\ncell"
    )


def test_what_was_typed_at_the_foot_of_slides_is_read_once(tmp_path):
    def foot(kind, text):
        return shape(text).replace("<p:nvPr/>", f'<p:nvPr><p:ph type="{kind}"/></p:nvPr>')

    today = foot("dt", NAME).replace("a:r>", "a:fld>")
    feet = foot("ftr", "Barnmoor Board") + foot("dt", "March 2021") + today + foot("sldNum", "7")

    reading = read(tmp_path, deck(feet + shape("One"), shape("Two") + feet))

    assert [page.text for page in reading.pages] == ["One\n\nBarnmoor Board\n\nMarch 2021", "Two"]


def test_a_slide_that_cannot_be_read_leaves_the_others(tmp_path):
    data = deck(shape("One"), "<broken", main="ppt/show.xml")

    reading = read(tmp_path, data)

    assert [page.text for page in reading.pages] == ["One", ""]
    assert (reading.status, reading.detail) == ("partial", "slide 2 in it could not be read")


def test_a_presentation_of_which_no_slide_can_be_read_is_corrupt(tmp_path):
    assert read(tmp_path, deck("<broken", "<broken")).status == "corrupt"


def test_a_damaged_design_or_title_takes_no_words_from_a_file(tmp_path):
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    parts = {
        "ppt/layout.xml": "<broken",
        "core.xml": "<broken",
        "_rels/.rels": relations(
            ("r", "officeDocument", "ppt/presentation.xml"), ("c", "core-properties", "core.xml")
        ).replace(f"{OFFICE}/core-properties", core),
    }

    reading = read(
        tmp_path,
        deck(shape("Shown"), related=(("l", "slideLayout", "../layout.xml"),), parts=parts),
    )

    assert (whole(reading), reading.status, reading.title) == ("Shown", "ok", None)


NONE = '<style:style style:name="N"><style:text-properties text:display="none"/></style:style>'
GONE = '<style:style style:name="T"><style:table-properties table:display="false"/></style:style>'
PALE = '<style:style style:name="W"><style:text-properties fo:color="#FFFFFF"/></style:style>'
NONE_BELOW = NONE + PALE + GONE + '<style:style style:name="B" style:parent-style-name="N"/>'
HIDDEN_IN_ODF = {
    "a section": f"<text:section text:display='none'><text:p>{NAME}</text:p></text:section>",
    "a section by its condition": "<text:section text:display='condition' text:is-hidden='true'><text:p>"
    f"{NAME}</text:p></text:section>",
    "a paragraph": f"<text:p><text:hidden-paragraph text:is-hidden='true'/>{NAME}</text:p>",
    "a field": f"<text:p><text:hidden-text text:is-hidden='true'>{NAME}</text:hidden-text></text:p>",
    "words by their style": f"<text:p><text:span text:style-name='N'>{NAME}</text:span></text:p>",
    "white words": f"<text:p><text:span text:style-name='W'>{NAME}</text:span></text:p>",
    "a paragraph by a style above its own": f"<text:p text:style-name='B'>{NAME}</text:p>",
    "deleted words": "<text:tracked-changes><text:changed-region><text:deletion>"
    f"<text:p>{NAME}</text:p></text:deletion></text:changed-region></text:tracked-changes>",
    "a table": "<table:table table:style-name='T'><table:table-row><table:table-cell><text:p>"
    f"{NAME}</text:p></table:table-cell></table:table-row></table:table>",
    "a row": "<table:table><table:table-row table:visibility='collapse'><table:table-cell>"
    f"<text:p>{NAME}</text:p></table:table-cell></table:table-row></table:table>",
    "a drawing": f"<text:p><draw:frame draw:display='none'><draw:text-box><text:p>{NAME}</text:p></draw:text-box></draw:frame></text:p>",
}


@pytest.mark.parametrize("body", HIDDEN_IN_ODF.values(), ids=HIDDEN_IN_ODF.keys())
def test_words_that_an_opendocument_hides_are_nowhere_and_the_file_says_so(tmp_path, body):
    reading = read(tmp_path, odf(f"<text:p>Seen</text:p>{body}", NONE_BELOW))

    assert (whole(reading), reading.detail) == ("Seen", "covered text")
    assert NAME not in repr(reading)


def test_blackened_words_of_an_opendocument_are_nowhere(tmp_path):
    black = 'fo:color="#000000" fo:background-color="#000000"'
    style = f'<style:style style:name="K"><style:text-properties {black}/></style:style>'
    body = f"<text:p>Seen<text:span text:style-name='K'>{NAME}</text:span></text:p>"

    reading = read(tmp_path, odf(body, style))

    assert (whole(reading), reading.detail) == ("Seen", "covered text")
    assert NAME not in repr(reading)


@pytest.mark.parametrize("how", ["text:anchor-type='as-char'", "draw:style-name='around'"])
def test_white_words_beside_a_picture_are_nowhere(tmp_path, how):
    style = '<style:style style:name="around"><style:graphic-properties style:wrap="parallel"/></style:style>'
    picture = f"<text:p><draw:frame {how}><draw:image/></draw:frame></text:p>"
    words = f"<text:p>Seen<text:span text:style-name='W'>{NAME}</text:span></text:p>"

    reading = read(tmp_path, odf(picture + words, PALE + style))

    assert (whole(reading), reading.detail) == ("Seen", "covered text")


def test_white_words_of_an_opendocument_that_paints_something_are_read(tmp_path):
    dark = '<style:style style:name="D"><style:table-cell-properties fo:background-color="#1f3864"/></style:style>'
    body = "<text:p><text:span text:style-name='W'>Shown</text:span></text:p>"

    assert whole(read(tmp_path, odf(body, PALE + dark))) == "Shown"


def test_headings_of_an_opendocument_have_the_numbers_that_it_shows(tmp_path):
    level = '<text:outline-level-style text:level="{}" style:num-format="{}" style:num-suffix="." text:display-levels="{}"/>'
    styles = (
        f"<text:outline-style>{level.format(1, '1', 1)}{level.format(2, 'a', 2)}{level.format(3, '', 1)}</text:outline-style>"
        '<style:style style:name="O" style:list-style-name=""/>'
    )
    body = "".join(
        f"<text:h text:outline-level='{place}' {more}>{text}</text:h>"
        for place, text, more in (
            (1, "One", ""), (2, "Two", ""), (2, "Three", ""), (3, "Four", ""), (1, "Five", "text:style-name='O'"), (1, "Six", ""),
            (2, "Seven", ""), (1, "Eight", "text:is-list-header='true'"),
        )
    )  # fmt: skip

    reading = read(tmp_path, odf(body, styles))

    assert [each.text for each in reading.pages[0].headings] == [
        "1. One", "1.a. Two", "1.b. Three", "Four", "Five", "2. Six", "2.a. Seven", "Eight",
    ]  # fmt: skip


def test_a_document_type_in_an_opendocument_is_harmless(tmp_path):
    data = odf("<text:p>Seen</text:p>").replace(
        b"?><office",
        b'?><!DOCTYPE office:document PUBLIC "-//OpenOffice.org//DTD 1.0//EN" "o.dtd"><office',
        1,
    )

    assert whole(read(tmp_path, data)) == "Seen"


def test_entities_in_a_flat_file_are_not_read(tmp_path):
    data = odf("<text:p>&x;</text:p>").replace(
        b"?><office", b'?><!DOCTYPE office:document [<!ENTITY x "y">]><office', 1
    )

    assert read(tmp_path, data).status == "corrupt"


def test_a_comment_is_no_text_and_covers_nothing(tmp_path):
    reading = read(
        tmp_path,
        odf(f"<text:p>Seen<office:annotation><text:p>{NAME}</text:p></office:annotation></text:p>"),
    )

    assert (whole(reading), reading.detail) == ("Seen", "")


def test_boxes_and_tables_within_each_other_are_read_once(tmp_path):
    box = "<draw:frame><draw:text-box>{}</draw:text-box></draw:frame>"
    inner = f"<text:p>outer{box.format('<text:p>inner</text:p>')}</text:p>"
    table = "<table:table><table:table-header-rows><table:table-row><table:table-cell>{}</table:table-cell></table:table-row></table:table-header-rows></table:table>"

    reading = read(
        tmp_path,
        odf(
            f"<text:p>{box.format(inner)}</text:p>"
            + table.format(table.format("<text:p>cell</text:p>"))
        ),
    )

    assert whole(reading) == "outer\n\ninner\n\ncell"


SOLID = (
    '<style:style style:name="K"><style:graphic-properties draw:fill="solid"/></style:style><style:page-layout style:name="L">'
    '<style:page-layout-properties fo:page-width="28cm" fo:page-height="21cm"/></style:page-layout>'
    '<style:master-page style:name="M" style:page-layout-name="L"/>'
)


def placed(text, x, y, identifier=""):
    return (
        f'<draw:frame draw:id="{identifier}" svg:x="{x}cm" svg:y="{y}cm" svg:width="8cm" svg:height="2cm"><draw:text-box>'
        f"<text:p>{text}</text:p></draw:text-box></draw:frame>"
    )


COVERING = (
    '<draw:rect draw:style-name="K" svg:x="1cm" svg:y="1cm" svg:width="10cm" svg:height="3cm"/>'
)


@pytest.mark.parametrize(
    ("shapes", "text"),
    [
        (placed(NAME, 1.5, 1.5) + COVERING, ""),
        (placed(NAME, -20, 1), ""),
        (f"<draw:g>{placed(NAME, 3, 22)}</draw:g>", ""),
        (COVERING + placed("Shown", 1.5, 1.5), "Shown"),
        (placed("Shown", 6, 1.5) + COVERING, "Shown"),
        (placed("Shown", -20, 1, "a") + "<draw:a smil:targetElement='a'/>", "Shown"),
    ],
    ids=["under a box", "beside", "below, in a group", "on a box", "half under a box", "comes in"],
)
def test_shapes_of_an_opendocument_slide_that_nobody_sees_are_nowhere(tmp_path, shapes, text):
    slide = f"<draw:page draw:master-page-name='M'>{shapes}</draw:page>"

    reading = read(tmp_path, odf(slide, SOLID, "presentation"))

    assert whole(reading) == text
    assert ("covered text on page 1" in reading.detail) == (text == "")
    assert NAME not in repr(reading)


def test_a_slide_that_does_not_say_how_large_it_is_has_the_usual_size(tmp_path):
    slide = f"<draw:page>{placed('Seen', 2, 2)}{placed(NAME, 60, 2)}</draw:page>"

    reading = read(tmp_path, odf(slide, "", "presentation"))

    assert (whole(reading), reading.detail) == ("Seen", "covered text on page 1")


def test_a_hidden_slide_of_opendocument_is_named(tmp_path):
    style = '<style:style style:name="H"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    slides = (
        "<draw:page><draw:frame><draw:text-box><text:p>Seen</text:p></draw:text-box></draw:frame></draw:page>"
        f"<draw:page draw:style-name='H'><draw:frame><draw:text-box><text:p>{NAME}</text:p></draw:text-box></draw:frame></draw:page>"
    )

    reading = read(tmp_path, odf(slides, style, "presentation"))

    assert [page.text for page in reading.pages] == ["Seen", ""]
    assert reading.detail == "covered text on page 2"


HIDDEN_IN_RTF = {
    "hidden in a group": rf"Seen{{\v {NAME}}}\par",
    "hidden until it ends": rf"Seen\v {NAME}\v0\par",
    "hidden with letters by their codes": rf"Seen{{\v Quillf\'e9\u375?\tab {NAME}}}\par",
    "hidden words in two groups": rf"Seen{{\v {{\b {NAME}}} {NAME}}}\par",
    "deleted": rf"Seen{{\deleted {NAME}}}\par",
    "hidden on screen": rf"Seen{{\webhidden {NAME}}}\par",
    "black under a black marker": rf"Seen{{\cf2\highlight2 {NAME}}}\par",
    "under a black marker": rf"Seen{{\highlight2 {NAME}}}\par",
    "of the colour of its ground": rf"Seen{{\cf2\chcbpat2 {NAME}}}\par",
    "of a point": rf"Seen{{\fs2 {NAME}}}\par",
    "white": rf"Seen{{\cf1 {NAME}}}\par",
    "white in a file with a picture": rf"{{\pict\pngblip 00}}Seen{{\cf1 {NAME}}}\par",
    "in a hidden shape": rf"Seen{{\shp{{\*\shpinst{{\sp{{\sn fHidden}}{{\sv 1}}}}{{\shptxt {NAME}\par}}}}}}\par",
}


@pytest.mark.parametrize("body", HIDDEN_IN_RTF.values(), ids=HIDDEN_IN_RTF.keys())
def test_words_that_rtf_hides_are_nowhere_and_the_file_says_so(tmp_path, body):
    reading = read(tmp_path, rtf(body))

    assert (whole(reading), reading.detail) == ("Seen", "covered text")
    assert NAME not in repr(reading)


SEEN_IN_RTF = {
    "plain letters after hidden ones": (r"{\v\plain Shown}\par", "Shown"),
    "the page of a table of contents": (r"Shown{\webhidden \tab 3}\par", "Shown\t3"),
    "white where something is painted": (r"{\highlight2\cf1 Shown}\par", "Shown"),
    "a hidden style of the table of styles": (r"\pard\s1 Shown\par", "Shown"),
    "a vertical tab is no hiding": (r"\viewkind4\vertalt Shown\par", "Shown"),
    "a box with an older copy": (
        r"Shown{\shp{\*\shpinst{\shptxt\pard In a box.\par Second.\par}}{\shprslt{\*\do{\dptxbx{\dptxbxtext In a box.\par}}}}} on\par Next\par",
        "Shown on\n\nIn a box.\n\nSecond.\n\nNext",
    ),
    "what an object shows": (r"{\object\objemb{\*\objdata 01}{\result Shown}}\par", "Shown"),
    "black on its own": (r"{\cf2\highlight1 Shown}\par", "Shown"),
    "automatic letters on black": (r"{\chcbpat2 Shown}\par", "Shown"),
    "an old box": (
        r"Shown{\*\do\dobxpage{\dptxbx{\dptxbxtext Old \'e9.\par}}}\par",
        "Shown\n\nOld é.",
    ),
    "boxes in a group": (
        r"Shown{\shpgrp{\*\shpinst{\shp{\*\shpinst{\shptxt One\par}}}{\shp{\*\shpinst{\shptxt Two\par}}}}}\par",
        "Shown\n\nOne\n\nTwo",
    ),
    "a field whose words stand in its code": (
        r"Shown {\field{\*\fldinst MACROBUTTON  None Type here}} on {\field{\*\fldinst {\b  MACROBUTTON NoMacro [Name]}}{\fldrslt }}\par",
        "Shown Type here on [Name]",
    ),
    "a field whose code is not shown": (
        r"{\field{\*\fldinst HYPERLINK quillfeather }{\fldrslt Shown}}\par",
        "Shown",
    ),
    "alternatives": (
        r"{\upr{Ty}{\*\ud{T\u375?}}}\par {\upr{Mon}{\*\ud M\u244? n}}\par",
        "Tŷ\n\nMô n",
    ),
}


@pytest.mark.parametrize(("body", "text"), SEEN_IN_RTF.values(), ids=SEEN_IN_RTF.keys())
def test_words_that_rtf_shows_are_read_once(tmp_path, body, text):
    reading = read(tmp_path, rtf(body))

    assert (whole(reading), reading.detail) == (text, "")


@pytest.mark.parametrize("word", ["upr", "shp", "footnote", "v"])
def test_groups_that_never_end_cost_no_more_than_their_length(tmp_path, word):
    reading = read(tmp_path, rtf(rf"Seen {{\{word} x" * 10_000))

    assert reading.status in ("ok", "empty")
    assert reading.seconds < 5


def test_a_long_table_is_read_whole(tmp_path):
    rows = (
        f"<w:tr><w:tc>{par('a')}</w:tc><w:tc>{par('b', run=WHITE + SHADED)}</w:tc></w:tr>" * 2_000
    )

    reading = read(tmp_path, word(f"<w:tbl>{rows}</w:tbl>"))

    assert whole(reading).count("a\tb") == 2_000
    assert reading.seconds < 5


ODF_CHART = (
    "<chart:chart xmlns:chart='urn:oasis:names:tc:opendocument:xmlns:chart:1.0'><chart:title><text:p>Reviews by year</text:p></chart:title>"
    "<table:table><table:table-header-rows><table:table-row><table:table-cell/><table:table-cell><text:p>Barnmoor</text:p></table:table-cell>"
    "</table:table-row></table:table-header-rows><table:table-rows><table:table-row><table:table-cell><text:p>2021</text:p></table:table-cell>"
    "<table:table-cell><text:p>4</text:p></table:table-cell></table:table-row></table:table-rows></table:table></chart:chart>"
)
SHEET = "<table:table><table:table-row><table:table-cell><text:p>Quillfeather</text:p></table:table-cell></table:table-row></table:table>"


def with_objects(body, **objects):
    """An ODT with objects in it, each a document of its own."""
    return package(
        {
            "mimetype": b"application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": odf(body),
            **{f"{name}/content.xml": content for name, content in objects.items()},
        }
    )


def framed(name):
    link = f"xlink:href='./{name}' xmlns:xlink='http://www.w3.org/1999/xlink'"
    return f"<text:p>Seen<draw:frame><draw:object {link}/></draw:frame></text:p>"


def test_a_chart_of_an_open_document_is_read_as_rows(tmp_path):
    packed = read(tmp_path, with_objects(framed("One"), One=odf(ODF_CHART, kind="chart")))
    inline = f"<text:p>Seen<draw:frame><draw:object>{odf(ODF_CHART, kind='chart').decode().partition('?>')[2]}</draw:object></draw:frame></text:p>"
    flat = read(tmp_path, odf(inline))

    empty = framed("One").replace("/></draw:frame>", "><text:p/></draw:object></draw:frame>")
    assert whole(read(tmp_path, with_objects(empty, One=odf(ODF_CHART, kind="chart")))) == whole(
        flat
    )
    assert whole(packed) == whole(flat) == "Seen\n\nReviews by year\n\nBarnmoor\n2021\t4"
    assert (packed.status, packed.detail) == ("ok", "")


@pytest.mark.parametrize(
    "content", [odf(SHEET, kind="spreadsheet"), b"<broken", None], ids=["sheet", "broken", "gone"]
)
def test_an_object_of_which_a_part_is_shown_is_named_and_not_read(tmp_path, content):
    objects = {} if content is None else {"One": content}
    reading = read(tmp_path, with_objects(framed("One"), **objects))

    assert (whole(reading), reading.status) == ("Seen", "ok")
    assert reading.detail.startswith("an object in it")
