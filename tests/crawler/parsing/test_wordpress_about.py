"""What a post is about: of one review its title speaks for its files, of several each file for itself; all of it made up."""

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.wordpress import (
    beyond,
    completed,
    is_filled_by_scripts,
    page_of_post,
    parse_linked_page,
    parse_post,
)
from casereviews.crawler.parsing.wordpress.api import Post
from casereviews.crawler.parsing.wordpress.shortcodes import said_by_shortcodes, without_shortcodes
from casereviews.crawler.sources import Source
from casereviews.repository.model import Sighting

SITE = "https://www.pearvale.example"
SOURCE = Source(
    "pear-vale",
    "Pear Vale Safeguarding Children Partnership",
    "England",
    "wordpress",
    (SITE + "/reviews/",),
    ("www.pearvale.example",),
)
FILE = '<p><a href="/u/overview.pdf">Overview report</a></p>'


def post(title: str, content: str = FILE, path: str = "/a-post/") -> Post:
    return Post(3, SITE + path, "2024-05-02T09:00:00", "2024-05-01T09:00:00", title, content, False)


def read(one: Post, known: frozenset[str] = frozenset()) -> Parsed:
    return parse_post(one, SITE + "/wp-json/", SOURCE, known)


def own_page(one: Post) -> Link | None:
    return page_of_post(one, SOURCE, read(one))


def titles(parsed: Parsed) -> dict[str, str]:
    return {
        (one.file_url or "").rpartition("/")[2]: one.extra.get("post_title", "")
        for one in parsed.sightings
    }


@pytest.mark.parametrize(
    "title",
    [
        "Child Alder: serious case review",
        "Local child safeguarding practice review – Rowan",
        "Bramble: serious case review",
        "Thematic review of neglect",
        "Safeguarding Adult Review: Mr T",
        "Child Alder: 7 minute briefing",
        "7 minute briefing: online grooming",
        "Serious Case Review 2019/1",
        "Adolygiad Ymarfer Plant – Plentyn T",
    ],
)
def test_a_post_of_one_review_gives_its_title_and_date_to_its_files(title: str) -> None:
    (one,) = read(post(title)).sightings
    assert (one.extra["post_title"], one.extra["post_date"], one.detail_url) == (
        title,
        "2024-05-01T09:00:00",
        SITE + "/a-post/",
    )


@pytest.mark.parametrize(
    "title",
    [
        "Published reviews",
        "Serious case reviews",
        "Serious case review",
        "Child safeguarding practice reviews (CSPRs)",
        "Learning from local reviews",
        "Two serious case reviews published",
        "Child A and Child B serious case reviews",
        "SCRs",
        "Reviews and briefings",
        "Child safeguarding practice review",
        "Pear Vale local child safeguarding practice review",
        "Learning review published",
        "LCSPR 2021",
        "Adolygiadau Ymarfer Plant",
        "News",
    ],
)
def test_a_post_of_several_or_of_no_review_names_and_dates_no_file(title: str) -> None:
    (one,) = read(post(title)).sightings
    assert (one.extra, one.detail_url) == ({}, None)


def test_a_title_without_a_case_names_nothing_where_the_content_names_several() -> None:
    content = "".join(
        f'<h2>Child {name}</h2><p><a href="/u/{name}.pdf">Overview report</a></p>'
        for name in ("Alder", "Bramble")
    )
    assert titles(read(post("Thematic review of neglect", content))) == {
        "Alder.pdf": "",
        "Bramble.pdf": "",
    }


def test_a_file_of_another_case_than_the_titles_keeps_its_own_name() -> None:
    content = FILE + '<h2>See also</h2><p><a href="/u/b.pdf">Child Bramble overview report</a></p>'
    assert titles(read(post("Child Alder: serious case review", content))) == {
        "overview.pdf": "Child Alder: serious case review",
        "b.pdf": "",
    }


def test_a_date_that_a_reading_named_stays_what_it_was_named() -> None:
    told = own_page(post("Child Alder: serious case review", ""))
    assert told is not None
    assert told.sighting is not None
    page = told.url
    files = [
        Sighting(
            "pear-vale", page, f"{page}{number}.pdf", detail_url=page, dates=(date,), extra=extra
        )
        for number, (date, extra) in enumerate(
            [
                ("May 2021", {"published": "May 2021"}),
                ("June 2022", {"uploaded_on": "June 2022"}),
                ("July 2023", {}),
            ]
        )
    ]
    once = completed(Parsed(sightings=tuple(files)), told.sighting)
    own = {"post_title": "Child Alder: serious case review", "post_date": "2024-05-01T09:00:00"}
    assert [dict(one.extra) for one in once.sightings] == [
        {**own, "printed_date": "May 2021"},
        {**own, "uploaded_on": "June 2022"},
        {**own, "printed_date": "July 2023"},
    ]
    assert completed(once, told.sighting) == once


def test_a_post_of_several_is_read_as_a_list_is() -> None:
    content = (
        "<table><tr><th>Review</th><th>Published</th></tr>"
        '<tr><td><a href="/u/alder.pdf">Child Alder</a></td><td>March 2021</td></tr>'
        '<tr><td><a href="/u/bramble.pdf">Child Bramble</a></td><td>May 2022</td></tr></table>'
    )
    found = read(post("Serious case reviews", content)).sightings
    assert [(one.link_text, one.dates, one.group) for one in found] == [
        ("Child Alder", ("March 2021",), SITE + "/a-post/ Child Alder"),
        ("Child Bramble", ("May 2022",), SITE + "/a-post/ Child Bramble"),
    ]


def test_a_list_leads_to_pages_that_the_api_does_not_show_and_to_no_other() -> None:
    content = (
        '<h2>Published reviews</h2><ul><li><a href="/case-review/child-alder/">Child Alder</a></li>'
        '<li><a href="/child-bramble/">Child Bramble: serious case review</a></li></ul>'
    )
    parsed = read(post("Published reviews", content), frozenset({SITE + "/child-bramble/"}))
    assert [(link.url, link.role) for link in parsed.follow] == [
        (SITE + "/case-review/child-alder/", "detail")
    ]


def test_a_type_named_after_reviews_makes_a_labelled_post_one_of_interest() -> None:
    named = post("Child Alder", '<p><a href="/u/a.pdf">Report</a></p>', "/case-review/child-alder/")
    unnamed = post("Child Alder", '<p><a href="/u/a.pdf">Report</a></p>', "/people/child-alder/")
    assert (titles(read(named)), titles(read(unnamed))) == ({"a.pdf": "Child Alder"}, {})


SCRIPTS = "<script>fill()</script>" * 3


@pytest.mark.parametrize(
    ("html", "filled"),
    [
        (
            '<nav><a href="/reviews/">Published reviews</a></nav>'
            f"<main><h1>What Pear Vale has learnt, for all who work with children here</h1>{SCRIPTS}</main>",
            True,
        ),
        (f"<main><div id='app'></div>{SCRIPTS}</main>", True),
        (f'<main><h2><a href="/r/">Published reviews</a></h2>{SCRIPTS}</main>', False),
        (f"<main>{FILE}{SCRIPTS}<h1>Child Alder: serious case review</h1></main>", False),
        (f"<main><p>There are currently no published reviews.</p>{SCRIPTS}</main>", False),
        (f"<main>{'Words of a page. ' * 20}{SCRIPTS}</main>", False),
    ],
)
def test_a_list_that_scripts_fill_is_known_whatever_the_menu_links(html: str, filled: bool) -> None:
    url = SITE + "/hub/"
    assert is_filled_by_scripts(html, url, parse_listing(html, url, SOURCE)) is filled


# ---- its own page

RAW = {
    "a button of WPBakery": '[vc_row][vc_btn title="Child Alder serious case review" link="url:https%3A%2F%2Fx%2Fa.pdf||"][/vc_row]',
    "a button of Divi": '[et_pb_button button_url="https://x/a.pdf" button_text="Child Alder SCR"][/et_pb_button]',
    "a viewer": '[pdf-embedder url="https://x/child-alder-serious-case-review.pdf"]',
    "curled quotes": "[gview file=&#8221;https://x/child-alder-serious-case-review.pdf&#8221;]",
}


@pytest.mark.parametrize("content", RAW.values(), ids=RAW)
def test_raw_shortcodes_that_name_a_review_lead_to_the_page(content: str) -> None:
    link = own_page(post("Two documents", content))
    assert link is not None
    assert (link.url, link.role) == (SITE + "/a-post/", "detail")


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("Child Alder: serious case review", ""),
        ("Child Alder: serious case review", '[download id="77"]'),
        ("Child Alder: serious case review", FILE),  # a theme may print more
        ("Published reviews", ""),
        ("New documents", '<a href="/u/child-alder-scr.pdf">Child Alder SCR</a>'),
    ],
)
def test_the_page_of_a_post_of_interest_is_read(title: str, content: str) -> None:
    assert own_page(post(title, content)) is not None


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("Spring newsletter", ""),
        ("Spring newsletter", '[download id="77"]'),
        ("Serious case review toolkit", ""),
        ("Contact [us]", "Words [of no interest] about a serious case review [sic]"),
    ],
)
def test_the_page_of_any_other_post_is_not_asked_for(title: str, content: str) -> None:
    assert own_page(post(title, content)) is None


def test_a_posts_page_gives_what_the_api_lacks_with_the_posts_title_and_date() -> None:
    empty = post("Child Alder: serious case review", "")
    link = own_page(empty)
    assert link is not None
    html = f"<main><h1>Child Alder: serious case review</h1>{FILE}</main>"
    parsed = parse_linked_page(html, link.url, SOURCE, link)
    assert [(one.link_text, one.extra, one.listing_url) for one in parsed.sightings] == [
        (
            "Overview report",
            {
                "post_title": "Child Alder: serious case review",
                "post_date": "2024-05-01T09:00:00",
            },
            empty.link,
        )
    ]
    filled = read(post("Child Alder: serious case review"))
    assert beyond(parsed, filled).sightings == ()


def test_a_post_whose_address_leads_elsewhere_names_nothing_there() -> None:
    link = own_page(post("Child Alder: serious case review", ""))
    assert link is not None
    assert link.sighting is not None
    html = (
        '<main><h1>Welcome</h1><p><a href="/u/map.pdf">Where we are</a></p>'
        '<h2>Child Bramble</h2><p><a href="/u/b.pdf">Overview report</a></p></main>'
    )
    home = parse_linked_page(html, SITE + "/", SOURCE, link)
    assert titles(home) == {"b.pdf": ""}
    assert completed(home, link.sighting) == home


def test_the_page_of_a_list_is_read_as_a_list() -> None:
    link = own_page(post("Published reviews", ""))
    assert link is not None
    html = (
        '<main><h1>Published reviews</h1><h2><a href="/case-review/alder/">Child Alder</a></h2>'
        '<h2>Child Bramble</h2><p><a href="/u/b.pdf">Report</a></p></main>'
    )
    parsed = parse_linked_page(html, link.url, SOURCE, link)
    assert [(one.link_text, one.extra) for one in parsed.sightings] == [("Report", {})]
    assert [one.role for one in parsed.follow] == ["detail"]


def test_a_page_that_a_list_led_to_gets_the_posts_title_and_date_too() -> None:
    told = own_page(post("Child Alder: serious case review", ""))
    assert told is not None
    assert told.sighting is not None
    card = Sighting("pear-vale", SITE + "/reviews/", None, kind="page", link_text="Child Alder")
    link = Link(told.url, "detail", "Child Alder", card)
    html = f"<main><h1>Child Alder: serious case review</h1>{FILE}</main>"
    (one,) = completed(parse_linked_page(html, told.url, SOURCE, link), told.sighting).sightings
    assert (one.listing_url, one.extra["post_date"]) == (SITE + "/reviews/", "2024-05-01T09:00:00")


def test_a_posts_page_does_not_repeat_a_download_whose_address_is_new_at_every_visit() -> None:
    def handlers(stamp: int) -> Parsed:
        html = "".join(
            f'<h2>Child {name}</h2><p><a href="/download/{name}/?tmstv={stamp}">Download the report</a></p>'
            for name in ("Alder", "Bramble")
        )
        return read(post("Serious case reviews", html))

    content, page = handlers(1), handlers(2)
    more = Link(SITE + "/download/Clover/?tmstv=2", "file", "Download the report")
    assert len(content.follow) == 2
    assert beyond(Parsed(follow=(*page.follow, more)), content).follow == (more,)


def test_a_second_link_of_the_same_place_and_words_is_not_taken_for_the_first() -> None:
    first, second = (
        Link(f"{SITE}/get.php?download={number}", "file", "Download") for number in (5, 6)
    )
    assert beyond(Parsed(follow=(first, second)), Parsed(follow=(first,))).follow == (first, second)


def test_what_both_readings_leave_alone_is_counted_once() -> None:
    one, other = ("https://x/a.pdf", "A", "policy"), ("https://x/b.pdf", "B", "policy")
    first = Parsed(left_alone={"policy": 1}, left_links=(one,))
    second = Parsed(left_alone={"policy": 2, "withdrawn": 1}, left_links=(one, other))
    more = beyond(second, first)
    assert (dict(more.left_alone), more.left_links) == ({"policy": 1, "withdrawn": 1}, (other,))


# ---- shortcodes


def test_words_in_brackets_are_no_shortcodes() -> None:
    said = "The father [redacted] said [sic] that [Child A] was [...] well"
    assert (without_shortcodes(said), said_by_shortcodes(said)) == (said, "")


def test_what_shortcodes_enclose_stays() -> None:
    content = '[vc_row][vc_column width="1/2"]<p>Words</p>[/vc_column][/vc_row]'
    assert without_shortcodes(content).split() == ["<p>Words</p>"]
    assert said_by_shortcodes('[vc_btn link="url:https%3A%2F%2Fx%2Fchild-a.pdf|"]') == (
        "vc btn link url https x child a pdf"
    )
