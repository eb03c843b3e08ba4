"""What a link is beside what stands around it: national papers, papers on any subject, the report among its papers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casereviews.crawler.parsing.links.in_context import SIBLINGS
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources.source import Source

SITE = "https://www.larkmoor.test"
SOURCE = Source("larkmoor", "Larkmoor Safeguarding Partnership", "England", "listing", (f"{SITE}/",), ("www.larkmoor.test",))  # fmt: skip


def read(
    body: str, *, title: str = "Published reviews", role: str = "list", national: bool = False
) -> Parsed:
    html = f"<html><body><main><h1>{title}</h1>{body}</main></body></html>"
    url = f"{SITE}/reviews/"
    return parse_listing(html, url, replace(SOURCE, national=national), link=Link(url, role))


def links(*texts: str) -> str:
    return "".join(f'<p><a href="/d/{at}.pdf">{text}</a></p>' for at, text in enumerate(texts))


def taken(parsed: Parsed) -> list[str]:
    return [one.link_text for one in parsed.sightings]


@pytest.mark.parametrize(
    "text",
    [
        "National Panel report: children with disabilities",
        "Safeguarding Practice Review Panel briefing: babies in winter",
        "National child safeguarding practice review into residential homes",
        "NSPCC learning briefing: neglect",
    ],
)
@pytest.mark.parametrize("role", ["list", "detail"])
def test_a_paper_of_a_national_body_is_left_on_a_boards_page_and_counted(text, role):
    parsed = read(links("Child Fern serious case review", text), role=role)
    assert taken(parsed) == ["Child Fern serious case review"]
    assert dict(parsed.left_alone) == {"national": 1}


@pytest.mark.parametrize(
    "heading", ["National Panel", "National reviews", "Reports of the national panel"]
)
def test_what_stands_under_a_national_heading_is_left_whatever_its_name(heading):
    body = f"<h2>Our reviews</h2>{links('Child Fern')}<h2>{heading}</h2><p><a href='/d/n.pdf'>Six themes for practice</a></p>"
    parsed = read(body)
    assert taken(parsed) == ["Child Fern"]
    assert dict(parsed.left_alone) == {"national": 1}


def test_a_short_sentence_that_names_the_panel_says_whose_paper_its_link_is():
    parsed = read(
        "<p><a href='/d/n.pdf'>Six steps for winter</a> (by the National Panel).</p>"
        + links("Child Fern")
    )
    assert taken(parsed) == ["Child Fern"]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Local and national reviews", links("Child Fern")),
        ("Reviews", "<h2>Local and national reviews</h2>" + links("Child Fern")),
        ("Reviews", "<h2>National reviews</h2>" + links("Child Fern – Larkmoor's response")),
        ("Learning", links("Learning from national reviews briefing")),
    ],
)
def test_a_boards_own_paper_is_taken_where_national_reviews_are_spoken_of(title, body):
    assert len(taken(read(body, title=title))) == 1


def test_a_national_publisher_lists_its_own():
    text = "National child safeguarding practice review into residential homes"
    assert taken(read(links(text), national=True)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Practice briefing: bruising in babies",
        "Information sharing – practitioner briefing",
        "Briefing note on private fostering",
        "Multi-agency briefing: winter pressures",
        "Winter fire safety poster",
        "Hoarding fact sheet",
        "Hidden harm leaflet",
    ],
)
@pytest.mark.parametrize(
    ("title", "role"), [("Learning from reviews", "list"), ("Child Fern", "detail")]
)
def test_a_paper_on_a_subject_of_practice_is_left_on_a_page_of_reviews_and_counted(
    text, title, role
):
    parsed = read(links("Child Fern overview report", text), title=title, role=role)
    assert taken(parsed) == ["Child Fern overview report"]
    assert sum(parsed.left_alone.values()) == 1


@pytest.mark.parametrize(
    "heading", ["Briefing notes", "Practitioner briefings", "Leaflets and posters", "Fact sheets"]
)
def test_what_stands_under_a_heading_of_such_papers_is_left(heading):
    parsed = read(
        f"<p><strong>{heading}</strong></p>{links('Sharing information', 'Working with fathers')}"
    )
    assert taken(parsed) == []
    assert dict(parsed.left_alone) == {"general_paper": 2}


@pytest.mark.parametrize(
    ("body", "title", "role"),
    [
        # its own review's: a label, a pseudonym of the heading, of a neighbour, no subject at all
        (links("Practitioner briefing: Child Fern"), "Reviews", "list"),
        ("<h2>Rowan</h2>" + links("Rowan: practice briefing"), "Published reviews", "list"),
        (
            links("Rowan overview report", "Rowan – practitioner briefing"),
            "Published reviews",
            "list",
        ),
        (links("Briefing for practitioners"), "Child Fern", "detail"),
        (links("LMSP2020-02 briefing note"), "Reviews", "list"),
        (
            "<p><strong>Child Fern</strong>: read the <a href='/d/1.pdf'>improvements briefing</a>.</p>",
            "Reviews",
            "list",
        ),
        (
            "<h2>Child Fern</h2><h3>Practitioner briefing</h3>" + links("Download"),
            "Reviews",
            "list",
        ),
        # learning from reviews on a theme
        (links("7 minute briefing: neglect"), "Learning from reviews", "list"),
        (links("Neglect briefing", "Briefing: coercion"), "Themed briefings", "list"),
        (
            "<h2>Learning briefings</h2>" + links("Neglect", "Coercion"),
            "Learning from reviews",
            "list",
        ),
        (links("Briefing: learning from serious case reviews"), "Learning", "list"),
    ],
)
def test_a_reviews_own_briefing_and_a_themed_one_are_taken(body, title, role):
    parsed = read(body, title=title, role=role)
    assert len(taken(parsed)) == body.count("<a ")


@pytest.mark.parametrize(
    "text",
    ["Guidelines on smoking in care homes", "Fire risk assessment toolkit", "Hoarding protocol"],
)
def test_a_guideline_under_a_mans_name_is_none_of_his_papers(text):
    body = f"<h2>Mr Arthur Hedge</h2>{links('Safeguarding Adults Review – Mr Arthur Hedge', text)}"
    assert taken(read(body)) == ["Safeguarding Adults Review – Mr Arthur Hedge"]


def says(parsed: Parsed) -> dict[str, str | None]:
    return {one.link_text: one.extra.get(SIBLINGS) for one in parsed.sightings}


def test_a_link_of_only_a_label_is_the_report_among_the_papers_of_its_review():
    body = "<ul>" + "".join(
        f'<li><a href="/d/{name}.pdf">{name}</a> <a href="/d/{name}7.pdf">{name} 7 minute briefing</a></li>'
        for name in ("Child Fern", "Child Gorse (May 2021)")
    )
    said = says(read(body + "</ul>"))
    assert said["Child Fern"] == said["Child Gorse (May 2021)"] == "overview report"
    assert said["Child Fern 7 minute briefing"] is None


def test_a_link_of_only_a_label_is_a_report_among_reports():
    said = says(
        read(links("Child Fern overview report", "Child Gorse", "Child Heath overview report"))
    )
    assert said == {
        "Child Fern overview report": None,
        "Child Gorse": "overview report",
        "Child Heath overview report": None,
    }


@pytest.mark.parametrize(
    "texts",
    [
        ("Child Fern", "Child Fern overview report"),  # the report is there
        ("Child Fern", "Child Gorse"),  # nobody says anything
        ("Child Fern statement", "Child Gorse overview report"),  # it says what it is
        ("Child Fern", "Child Gorse 7 minute briefing"),  # a neighbour's briefing
    ],
)
def test_nothing_is_said_of_a_link_whose_siblings_say_nothing(texts):
    assert set(says(read(links(*texts))).values()) == {None}


@pytest.mark.parametrize(
    "heading",
    [
        "Learning resources",
        "Resources for practitioners",
        "Further reading",
        "Useful tools and guides",
    ],
)
def test_under_a_heading_of_resources_only_what_names_a_review_is_taken(heading):
    body = f"<h2>Child Fern</h2>{links('Overview report')}<h2>{heading}</h2>" + "".join(
        f'<p><a href="/r/{at}.pdf">{text}</a></p>'
        for at, text in enumerate(
            ["7 minute briefing: safer sleep", "7 minute briefing: Child Fern"]
        )
    )
    assert taken(read(body, title="Learning from reviews")) == [
        "Overview report",
        "7 minute briefing: Child Fern",
    ]
