"""Posts as WordPress's API gives them: what they link or embed, once, with what the post says of it; all of it made up."""

from dataclasses import replace

import pytest

from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.wordpress import parse_attachment, parse_linked_page, parse_post
from casereviews.crawler.parsing.wordpress.api import Post
from casereviews.crawler.sources import Source
from casereviews.repository.model import Sighting

SITE = "https://www.kestrelvale.example"
ROOT = SITE + "/wp-json/"
LINK = SITE + "/child-heron/"
MEDIA = ROOT + "wp/v2/media/7?_fields=id,link,title,mime_type,source_url"
SOURCE = Source(
    "kestrel-vale",
    "Kestrel Vale",
    "England",
    "wordpress",
    (SITE + "/",),
    ("www.kestrelvale.example",),
)
TITLE = "Child Heron: serious case review"


def post(content: str, title: str = TITLE, *, protected: bool = False) -> Post:
    return Post(3, LINK, "2024-05-02T09:00:00", "2024-05-01T09:00:00", title, content, protected)


def read(content: str, title: str = TITLE, known: frozenset[str] = frozenset()) -> Parsed:
    return parse_post(post(content, title), ROOT, SOURCE, known)


def files(parsed: Parsed) -> list[tuple[str, str]]:
    return [((one.file_url or "").removeprefix(SITE), one.link_text) for one in parsed.sightings]


def test_a_post_gives_its_files_with_its_own_title_and_date() -> None:
    content = (
        '<p>Published 12 March 2021.</p><p><a href="/u/a.pdf">Child Heron overview report</a></p>'
    )
    report = Sighting(
        source_id="kestrel-vale",
        listing_url=LINK,
        file_url=SITE + "/u/a.pdf",
        detail_url=LINK,
        link_text="Child Heron overview report",
        headings=(TITLE,),
        card_text="Child Heron overview report",
        dates=("12 March 2021",),
        group=LINK,
        extra={
            "post_title": TITLE,
            "post_date": "2024-05-01T09:00:00",
            "printed_date": "12 March 2021",
        },
    )
    assert read(content) == Parsed(sightings=(report,), page_kind="detail", title=TITLE)


def test_the_date_nearest_to_a_file_wins_over_the_posts() -> None:
    content = '<p>Published 12 March 2021.</p><ul><li><a href="/u/a.pdf">Briefing</a> - June 2022</li></ul>'
    assert [one.extra["printed_date"] for one in read(content).sightings] == ["June 2022"]


def test_the_two_links_of_a_file_block_are_one_sighting() -> None:
    content = (
        '<div class="wp-block-file"><object class="wp-block-file__embed" data="/u/a.pdf"></object>'
        '<a href="/u/a.pdf">Overview report</a>'
        '<a href="/u/a.pdf" class="wp-block-file__button" download>Download</a></div>'
    )
    assert files(read(content)) == [("/u/a.pdf", "Overview report")]


@pytest.mark.parametrize(
    "content",
    [
        '<object data="/u/a.pdf" type="application/pdf" aria-label="Overview report"></object>',
        '<iframe src="/u/a.pdf" title="Overview report"></iframe>',
        '<iframe src="/viewer.html?file=/u/a.pdf" title="Overview report"></iframe>',
        '<embed src="/u/a.pdf" title="Overview report">',
    ],
)
def test_an_embedded_document_is_a_file(content: str) -> None:
    assert files(read(content)) == [("/u/a.pdf", "Overview report")]


@pytest.mark.parametrize(
    ("anchor", "asked"),
    [
        ('<a href="/report/" rel="attachment wp-att-7">Overview report</a>', MEDIA),
        ('<a href="/?attachment_id=7">Overview report</a>', MEDIA),
        ('<a href="/child-heron/report/">Overview report</a>', LINK + "report/"),
        ('<a href="/report/">Overview report</a>', SITE + "/report/"),
    ],
)
def test_a_link_to_an_attachments_page_leads_to_its_file(anchor: str, asked: str) -> None:
    parsed = read(f"<p>{anchor}</p>")
    assert parsed.sightings == ()
    (link,) = parsed.follow
    assert (link.url, link.role, link.text) == (asked, "detail", "Overview report")
    said = link.sighting
    assert said is not None
    answer = {"source_url": SITE + "/u/report.pdf", "mime_type": "application/pdf"}
    taken = replace(said, file_url=SITE + "/u/report.pdf")
    assert (said.extra["post_title"], taken.kind) == (TITLE, "file")
    assert parse_attachment(answer, link).sightings == (taken,)
    page = '<body class="attachment"><main><h1>report</h1><p><a href="/u/report.pdf">report</a></p></main></body>'
    assert parse_linked_page(page, asked, SOURCE, link).sightings == (taken,)


@pytest.mark.parametrize("answer", [None, {}, {"source_url": "/u/photo.jpg"}, []])
def test_an_attachment_that_is_no_document_gives_nothing(answer: object) -> None:
    link = Link(MEDIA, "detail", "x", Sighting("kestrel-vale", LINK, None))
    assert parse_attachment(answer, link).sightings == ()


def test_a_link_to_another_post_is_not_followed() -> None:
    parsed = read(
        '<p><a href="/child-wren/">Child Wren review</a></p>',
        known=frozenset({SITE + "/child-wren/"}),
    )
    assert (parsed.sightings, parsed.follow) == ((), ())


def test_a_protected_post_is_left_alone_whatever_it_holds() -> None:
    content = '<a href="/u/a.pdf">Overview report</a>'
    assert parse_post(post(content, protected=True), ROOT, SOURCE) == Parsed(
        left_alone={"protected": 1},
        left_links=((LINK, TITLE, "protected"),),
        page_kind="empty",
        title=TITLE,
    )


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Spring newsletter", '<a href="/u/spring.pdf">Read it</a>'),
        ("Apr 2021 update", '<a href="/u/update.pdf">Update Apr 2021</a>'),
        ("Child protection conferences", '<a href="/u/leaflet.pdf">Leaflet for parents</a>'),
    ],
)
def test_a_post_about_something_else_gives_nothing(title: str, anchor: str) -> None:
    assert files(read(f"<p>{anchor}</p>", title)) == []


def test_a_report_in_a_general_post_is_known_by_its_own_words() -> None:
    content = (
        '<ul><li><a href="/u/plan.pdf">Annual plan</a></li>'
        '<li><a href="/u/child-tern-scr-report.pdf">Read it here</a></li></ul>'
    )
    parsed = read(content, "Two new documents")
    assert files(parsed) == [("/u/child-tern-scr-report.pdf", "Read it here")]
    assert sum(parsed.left_alone.values()) == 1


def test_a_title_with_entities_is_read_as_printed() -> None:
    parsed = read('<a href="/u/a.pdf">Report</a>', "Carl &amp; Max &#8211; practice review")
    assert parsed.title == "Carl & Max – practice review"


def test_two_reviews_in_one_post_are_two_groups() -> None:
    content = (
        '<h2>Child AG</h2><p><a href="/u/ag.pdf">Overview report</a></p>'
        '<h2>Child AI</h2><p><a href="/u/ai.pdf">Overview report</a></p>'
    )
    groups = [one.group for one in read(content, "Two serious case reviews published").sightings]
    assert len(groups) == len(set(groups)) == 2


def test_a_post_that_is_itself_a_briefing_is_asked_for_as_a_page() -> None:
    text = (
        "<h2>Learning</h2>"
        + "<p>"
        + "Made-up words about a made-up family and those who visited. " * 25
        + "</p>"
    )
    parsed = read(text, "Child Heron: 7 minute briefing")
    assert (parsed.sightings, [(link.url, link.role) for link in parsed.follow]) == (
        (),
        [(LINK, "detail")],
    )
    html = f"<main><h1>Child Heron: 7 minute briefing</h1>{text}</main>"
    (page,) = parse_linked_page(html, LINK, SOURCE, parsed.follow[0]).sightings
    assert (page.kind, page.file_url, page.extra["post_date"]) == (
        "page",
        LINK,
        "2024-05-01T09:00:00",
    )
