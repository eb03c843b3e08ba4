"""Whose a paper is by its own words against the heading's, and by the order of the page where no heading says it."""

from __future__ import annotations

import pytest

from casereviews.crawler.parsing.links.whose import is_nameless_paper, is_only_name, names_another
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.sources import Source
from casereviews.repository.model import Sighting

URL = "https://www.barnmoor.test/reviews/"
SOURCE = Source("barnmoor", "Barnmoor", "England", "listing", (URL,), ("www.barnmoor.test",))


def read(body: str) -> Parsed:
    return parse_listing(f"<main><h1>Safeguarding adult reviews</h1>{body}</main>", URL, SOURCE)


def by_name(body: str) -> dict[str, Sighting]:
    return {(one.file_url or "").rpartition("/")[2][:-4]: one for one in read(body).sightings}


def link(name: str, words: str) -> str:
    return f'<a href="/f/{name}.pdf">{words}</a>'


def groups(body: str) -> dict[str, str | None]:
    return {name: one.group for name, one in by_name(body).items()}


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Mr Oliver Sedge: full report", "12 June 2020 – Mr Edwin Thrift"),
        ("Child B overview report", "Child A"),
        ("Child Wren", "Serious case review: Child Heron"),
        ("Case 15", "Case 14"),
        ("FD18 overview report", "FD17"),
        ("Plentyn B: adroddiad", "Child A"),
        ("Child LR02", "Child LR01"),
        ("Child C overview report", "Child A and Child B"),
        ("Adult Z", "Mrs A &amp; Miss G"),
    ],
)
def test_two_texts_name_different_cases(text: str, heading: str) -> None:
    assert names_another(text, heading)


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Child Ash: overview report", "Ash &amp; Birch"),
        ("Child B overview report", "Child A and Child B"),
        ("Child Birch", "Children Ash and Birch"),
        ("Miss G: summary", "Mrs A &amp; Miss G"),
        ("Child T1", "Child T"),
        ("Child A", "Family T"),
        ("Child Heron", "Child H"),
        ("Child Heron", "Case 14"),
        ("Child Heron", "FD17"),
        ("Baby C", "Child C"),
        ("Plentyn A", "Child A"),
        ("Mr Thrift", "Mr Edwin Thrift"),
        ("Foreword by Mr Sedge", "Mr Edwin Thrift"),
        ("Overview report", "Child A"),
        ("Child B overview report", "Learning from reviews"),
    ],
)
def test_two_texts_may_name_one_case(text: str, heading: str) -> None:
    assert not names_another(text, heading)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("Board response", True),
        ("Easy read version", True),
        ("Statement from the family", True),
        ("Action Plan (March 2021)", True),
        ("Crynodeb gweithredol", True),
        ("Wren action plan", False),
        ("Neglect: 7 minute briefing", False),
        ("Media statement", False),
        ("Safeguarding adult review", False),
    ],
)
def test_the_name_of_a_paper_names_no_case(words: str, said: bool) -> None:
    assert is_nameless_paper(words) is said


def test_a_line_is_nothing_but_a_name() -> None:
    assert is_only_name("Safeguarding Adult Review: Mr Sedge, May 2021")
    assert not is_only_name("Practice changed after Child B died")
    assert not is_only_name("Published in May 2021")


REPORT, OTHER, PLAN = (
    link("a", "Overview report"),
    link("b", "Child B overview report"),
    link("c", "Action plan"),
)
UNDER_A = {
    "paragraphs": f"<h3>Child A</h3><p>Published 3 May 2020</p><p>{REPORT}</p><p>{OTHER}</p><p>{PLAN}</p>",
    "one list": f"<h3>Child A</h3><p>Published 3 May 2020</p><ul><li>{REPORT}</li><li>{OTHER}</li><li>{PLAN}</li></ul>",
    "lines": f"<h3>Child A, 3 May 2020</h3><p>{REPORT}<br>{OTHER}<br>{PLAN}</p>",
    "the paragraph names it": (
        f"<h3>Child A</h3><p>Published 3 May 2020</p><p>{REPORT}</p><p>Child B: {link('b', 'Overview report')}</p><p>{PLAN}</p>"
    ),
    "a table": (
        f"<h3>Child A, 3 May 2020</h3><table><tr><td>Child A</td><td>{REPORT}</td></tr>"
        f"<tr><td>Child B</td><td>{link('b', 'Overview report')}</td></tr><tr><td></td><td>{PLAN}</td></tr></table>"
    ),
    "an accordion": (
        f"<details><summary>Child A – 3 May 2020</summary><p>{REPORT}</p><p>{OTHER}</p><p>{PLAN}</p></details>"
        f"<details><summary>Child C</summary><p>{link('d', 'Action plan')}</p></details>"
    ),
    "a bold line": f"<p><strong>3 May 2020 – Child A</strong></p><p>{REPORT}</p><p>{OTHER}</p><p>{PLAN}</p>",
    "a line of its own": (
        f"<h3>Child A, 3 May 2020</h3><p>{REPORT}</p><p>Serious case review: Child B</p><p>{link('b', 'Overview report')}</p><p>{PLAN}</p>"
    ),
}


@pytest.mark.parametrize("form", UNDER_A)
def test_a_heading_of_another_case_is_none_of_a_links_nor_its_date_nor_its_group(form: str) -> None:
    found = by_name(UNDER_A[form])
    assert "Child A" in " ".join(found["a"].headings)
    assert found["a"].dates == ("3 May 2020",)
    for name in ("b", "c"):
        assert "Child A" not in " ".join(found[name].headings)
        assert found[name].dates == ()
    assert found["b"].group is not None
    assert found["b"].group == found["c"].group != found["a"].group
    if "d" in found:
        assert found["d"].headings[-1:] == ("Child C",)


def test_a_link_to_another_review_beside_this_one_ends_nothing() -> None:
    found = by_name(f"<h3>Child A, 3 May 2020</h3><p>{REPORT}</p><p>See also: {OTHER}</p><p>{PLAN}</p>")  # fmt: skip
    assert found["b"].headings == ("Safeguarding adult reviews",)
    assert found["c"].headings == found["a"].headings
    assert found["c"].group == found["a"].group != found["b"].group


IN_ORDER = [
    ("k", "SAR Adult K"),
    ("k2", "Board response"),
    ("k3", "Action plan"),
    ("k4", "Easy read"),
    ("d", "SAR Mr D"),
    ("d2", "Family statement"),
    ("d3", "Executive summary"),
]
ORDERS = {
    "paragraphs": "".join(f"<p>{link(*one)}</p>" for one in IN_ORDER),
    "one list": "<ul>" + "".join(f"<li>{link(*one)}</li>" for one in IN_ORDER) + "</ul>",
    "lines": "<p>" + "<br>".join(link(*one) for one in IN_ORDER) + "</p>",
    "one line": "<p>" + " | ".join(link(*one) for one in IN_ORDER) + "</p>",
    "boxes": "".join(f'<div class="file">{link(*one)}</div>' for one in IN_ORDER),
    "dates between": "".join(f"<p>{link(*one)}</p><p>March 2021</p>" for one in IN_ORDER),
    "rows": (
        "<table><tr><th>Name</th><th>Paper</th></tr>"
        + "".join(
            f"<tr><td>{words if words.startswith('SAR') else ''}</td><td>{link(name, 'Report' if words.startswith('SAR') else words)}</td></tr>"
            for name, words in IN_ORDER
        )
        + "</table>"
    ),
    "buttons": "".join(f"<p>{words} {link(name, 'Download')}</p>" for name, words in IN_ORDER),
}


@pytest.mark.parametrize("form", ORDERS)
def test_papers_without_a_name_are_of_the_report_before_them(form: str) -> None:
    found = groups(ORDERS[form])
    assert list(found) == [name for name, _ in IN_ORDER]
    assert len({found[name] for name in ("k", "k2", "k3", "k4")}) == 1
    assert len({found[name] for name in ("d", "d2", "d3")}) == 1
    assert found["k"] != found["d"]
    assert None not in found.values()


@pytest.mark.parametrize(
    "between",
    [
        "<h2>Other papers</h2>",
        "<p><strong>Other papers</strong></p>",
        "<p>Papers of the board:</p>",
        '<p><a href="/f/t.pdf">Annual report 2020</a></p>',
        f"<p>{link('w', 'Wren overview report')}</p>",
    ],
)
def test_what_stands_between_ends_the_papers_of_a_report(between: str) -> None:
    found = groups(f"<p>{link('k', 'SAR Adult K')}</p>{between}<p>{link('x', 'Action plan')}</p>")
    assert found["x"] is None or found["x"] != found["k"]


def test_where_papers_stand_before_their_reports_the_order_tells_nothing() -> None:
    words = ["Executive summary", "SAR Adult K", "Executive summary", "SAR Mr D"]
    found = groups("".join(f"<p>{link(str(at), one)}</p>" for at, one in enumerate(words)))
    assert (found["0"], found["2"]) == (None, None)


def test_papers_do_not_follow_from_one_panel_or_card_into_the_next() -> None:
    found = groups(
        '<ul role="tablist"><li><a role="tab" href="#p1">Child Ash</a></li><li><a role="tab" href="#p2">Child Birch</a></li></ul>'
        f'<div role="tabpanel" id="p1"><p>{link("a", "Child Ash report")}</p></div>'
        f'<div role="tabpanel" id="p2"><p>{link("b", "Action plan")}</p></div>'
    )
    assert found["a"] != found["b"]


ASH_PANEL, BIRCH_PANEL = link("a", "Overview report"), link("b", "Overview report")
DATED = "<p>Published 3 May 2020</p>"
PANELS = {
    "the same boxes": f'<div id="p1" role="tabpanel">{DATED}<p>{ASH_PANEL}</p></div><div id="p2" role="tabpanel"><p>{BIRCH_PANEL}</p></div>',
    "other boxes": f'<div id="p1" role="tabpanel">{DATED}<p>{ASH_PANEL}</p></div><section id="p2" class="x"><p>{BIRCH_PANEL}</p></section>',
    "a list": f'<div id="p1" role="tabpanel">{DATED}<p>{ASH_PANEL}</p></div><ul id="p2"><li>{BIRCH_PANEL}</li></ul>',
    "the second first": f'<section id="p2"><p>{BIRCH_PANEL}</p></section><div class="y" id="p1">{DATED}<p>{ASH_PANEL}</p></div>',
    "the date below": f'<section id="p2"><p>{BIRCH_PANEL}</p></section><div class="y" id="p1"><p>{ASH_PANEL}</p>{DATED}</div>',
}


@pytest.mark.parametrize("form", PANELS)
def test_the_date_of_one_panel_is_none_of_the_next(form: str) -> None:
    found = by_name(
        '<ul role="tablist"><li><a role="tab" href="#p1" aria-controls="p1">Child Ash</a></li>'
        f'<li><a role="tab" href="#p2" aria-controls="p2">Child Birch</a></li></ul>{PANELS[form]}'
    )
    assert (found["a"].headings[-1], found["a"].dates) == ("Child Ash", ("3 May 2020",))
    assert (found["b"].headings[-1], found["b"].dates) == ("Child Birch", ())


@pytest.mark.parametrize(
    "body",
    [
        f"{link('a', 'Child Ash overview report')}<div><p>The board met.</p><p>Published: 4 June 2021</p></div>",
        f"<p>Published: 4 June 2021</p><p>The board met.</p><p>Then it met again.</p>{link('a', 'Child Ash overview report')}",
        f"{link('a', 'Child Ash overview report')}<p>About us</p>{link('b', 'Child Birch overview report')}<p>The board met.</p><p>4 June 2021</p>",
    ],
)
def test_a_link_loose_in_the_page_has_no_date_from_far_off(body: str) -> None:
    assert by_name(body)["a"].dates == ()


def test_a_link_loose_in_the_page_has_the_status_and_the_words_of_its_own_line() -> None:
    found = by_name(
        f"{link('a', 'Child Ash overview report')}<p>Child Elm: no longer published</p>{link('b', 'Child Birch overview report')}<p>See us</p>"
    )
    assert (found["a"].status_words, found["b"].status_words) == ((), ())
    assert (found["a"].card_text, found["b"].card_text) == (
        "Child Ash overview report",
        "Child Birch overview report",
    )


@pytest.mark.parametrize("around", ["<div>{}</div>", "<section>{}</section>", "{}"])
def test_a_link_loose_between_two_headings_has_its_own_headings_words_and_date(around: str) -> None:
    body = f"<h2>Maple</h2>{ASH_PANEL}<h2>Rowan, May 2020</h2><p>A girl of 12.</p>{BIRCH_PANEL}"
    found = by_name(around.format(body))
    assert (found["a"].headings[-1], found["a"].dates) == ("Maple", ())
    assert (found["b"].headings[-1], found["b"].dates) == ("Rowan, May 2020", ("May 2020",))
    assert (found["a"].card_text, found["b"].card_text) == (
        "Overview report",
        "A girl of 12. Overview report",
    )


def row(*words: str) -> str:
    cells = "".join(f"<td>{link(chr(97 + at), one)}</td>" for at, one in enumerate(words))
    return f"<table><tr>{cells}</tr></table>"


@pytest.mark.parametrize(
    ("words", "together"),
    [
        (("SAR Ella Report", "Ella action plan", "Ella 7 minute briefing", "SAR Ella executive summary"), True),
        (("SAR Mr T overview report", "Action plan", "Learning briefing"), True),
        (("BSAB SAR 4", "Action plan", "7 minute briefing"), True),
        (("SCR Child A report", "SCR Child B action plan"), False),
        (("Ella report", "Rowan report", "Heron report"), False),
        (("Ella report", "Easy read version", "Rowan report"), False),
    ],
)  # fmt: skip
def test_the_only_row_of_a_table_is_one_case_when_its_cells_are_other_papers(
    words: tuple[str, ...], together: bool
) -> None:
    found = set(groups(row(*words)).values())
    assert (len(found) == 1 and found != {None}) == together


def test_a_row_that_lays_out_a_page_is_no_row_of_papers() -> None:
    sides = f"<td><ul><li>{link('a', 'SCR Child A report')}</li></ul></td><td>{link('b', 'Child B action plan')}</td>"
    found = groups(f"<table><tr>{sides}</tr></table>")
    assert len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("text", "nameless"),
    [
        ("SCR 04 7 minute briefing", False),
        ("SCR No. 3 action plan", False),
        ("LCSPR12 briefing", False),
        ("SCR 7 minute briefing", True),
        ("SAR 7-minute briefing", True),
    ],
)
def test_an_acronym_with_a_number_names_a_case(text: str, nameless: bool) -> None:
    assert is_nameless_paper(text) == nameless
