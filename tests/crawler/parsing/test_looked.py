"""What stands where a list should be: error pages, logins, parked domains, walls, home pages; and the links that lead on."""

import pytest

from casereviews.crawler.parsing.looked import is_home, look_at
from casereviews.crawler.sources import Source

HOME = "https://pearvale.example/"
URL = HOME + "reviews/"
SOURCE = Source("pear-vale", "Pear Vale", "England", "listing", (URL,), ("pearvale.example",))
NAV = '<nav><a href="/">Home</a> <a href="/news/">News</a></nav>'


def page(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{NAV}<main>{body}</main></body></html>"


LONG = "<p>" + "The partnership works with families in the vale. " * 40 + "</p>"


@pytest.mark.parametrize(
    ("html", "stands_for"),
    [
        (page("Page not found", "<h1>Page not found</h1><p>Try our search.</p>"), "not_found"),
        (page("Pear Vale", "<h1>Oops! That page can&rsquo;t be found.</h1>"), "not_found"),
        (page("404 | Pear Vale Partnership", "<h1>Sorry</h1>"), "not_found"),
        (page("Pear Vale - Error 404", "<p>It may have been moved.</p>"), "not_found"),
        (page("Pear Vale", "<h1>Sorry, we cannot find that page</h1>" + LONG), "not_found"),
        (page("Pear Vale", "<h1>This page no longer exists</h1>"), "not_found"),
        (page("pearvale.example", "<p>This domain may be for sale. Related searches: tea.</p>"), "parked"),
        (page("pearvale.example", "<p>Buy this domain</p>"), "parked"),
        (page("Parked", "<p>This web page is parked free, courtesy of a registrar.</p>"), "parked"),
        (page("Hosting", "<h1>Account suspended</h1>"), "parked"),
        (page("Log in", '<h1>Log in</h1><input type="password"><p>Members only.</p>'), "login"),
        (page("Pear Vale", '<h1>Sign in to continue</h1><form><input type="password"></form>'), "login"),
        (page("Protected: Reviews", "<h1>Protected: Reviews</h1><p>This content is password protected.</p>"), "login"),
        (page("Pear Vale", "<p>Please accept cookies to continue to the site.</p>"), "cookie_wall"),
        (page("Pear Vale", "<p>Cookies must be enabled to view this site.</p>"), "cookie_wall"),
        (page("Pear Vale", "<h1>We are updating our website</h1>"), "being_rebuilt"),
        (page("Pear Vale", "<p>Down for maintenance. Back soon.</p>"), "being_rebuilt"),
        (page("We're sorry", "<p>The page you requested could not be found.</p>"), "not_found"),
        (page("Pear Vale", "<h1>Hm</h1><p>This page has been removed.</p>"), "not_found"),
        (page("vale.example", "<p>The owner is offering it for sale.</p>"), "parked"),
        (page("This website is for sale!", "<p>Sponsored listings</p>"), "parked"),
        (page("Welcome to nginx!", "<p>If you see this page, it works.</p>"), "parked"),
        # What only mentions such words is what it is.
        (page("Published reviews", "<h1>Published reviews</h1>" + LONG + "<p>Accept cookies to watch.</p>"), ""),
        (page("Published reviews", '<h1>Published reviews</h1><aside>Log in <input type="password"></aside>' + LONG), ""),
        (page("Lost and found", "<h1>A child lost and found: review</h1>" + LONG), ""),
        (page("Welcome", "<h1>Welcome</h1><p>Hello.</p>"), ""),
    ],
)  # fmt: skip
def test_a_page_is_what_it_stands_for(html: str, stands_for: str) -> None:
    assert look_at(html, URL, SOURCE).stands_for == stands_for


def test_links_that_speak_of_reviews_stand_surest_first_and_lead_to_pages_of_this_site() -> None:
    html = page(
        "Pear Vale",
        '<a href="/about/">About us</a><a href="/learn/">Learning and improvement</a>'
        '<a href="/p/">Publications</a><a href="/r/#top">Child safeguarding practice reviews</a>'
        '<a href="/r/">Reviews</a><a href="/a.pdf">Serious case reviews</a>'
        '<a href="/training/">Learning events and training</a><a href="/jobs/">Work for us</a>'
        '<a href="https://other.example/">Serious case reviews</a><a href="/reviews">Published reviews</a>',
    )
    look = look_at(html, URL, SOURCE)
    assert look.leads == (
        ("https://pearvale.example/r/", "Child safeguarding practice reviews"),
        ("https://pearvale.example/learn/", "Learning and improvement"),
        ("https://pearvale.example/p/", "Publications"),
        ("https://pearvale.example/about/", "About us"),
    )


def test_a_page_that_has_moved_names_where_to() -> None:
    words = '<p>We have moved to <a href="https://new.example/">our new website</a>.</p>'
    assert look_at(page("Vale", words), URL, SOURCE).sends_to == ("https://new.example/",)
    assert look_at(page("Vale", words + LONG), URL, SOURCE).sends_to == ()


@pytest.mark.parametrize(
    "script",
    [
        "location.href = '/new/list'",
        'window.location="/new/list"',
        "document.location.replace('/new/list')",
        "top.location.assign( '/new/list' )",
    ],
)
def test_a_script_that_only_sends_on_names_where_to(script: str) -> None:
    html = f"<html><body><script>{script};</script></body></html>"
    assert look_at(html, URL, SOURCE).sends_to == ("https://pearvale.example/new/list",)
    assert look_at(page("Vale", LONG, f"<script>{script}</script>"), URL, SOURCE).sends_to == ()


def test_an_error_page_is_known_by_its_address_and_an_empty_list_by_its_words() -> None:
    assert (
        look_at(page("Vale", "<p>Hello</p>"), HOME + "404.aspx", SOURCE).stands_for == "not_found"
    )
    none = page("Reviews", "<p>There are currently no published reviews.</p>")
    assert look_at(none, URL, SOURCE).says_none
    assert not look_at(page("Reviews", LONG), URL, SOURCE).says_none


def test_frames_are_named_unless_they_show_a_document() -> None:
    html = page(
        "Reviews", "<iframe title=x src='/list.html'></iframe><iframe src=\"/f/1.pdf\"></iframe>"
    )
    assert look_at(html, URL, SOURCE).frames == ("https://pearvale.example/list.html",)


@pytest.mark.parametrize(
    ("head", "family"),
    [
        ('<meta name="govuk:content-id" content="1">', "govuk"),
        ('<link rel="https://api.w.org/" href="/wp-json/">', "wordpress"),
        ('<link rel="stylesheet" href="/wp-content/themes/vale/style.css">', "wordpress"),
        ("", ""),
    ],
)
def test_a_page_shows_signs_of_its_family(head: str, family: str) -> None:
    assert look_at(page("Reviews", "<h1>Reviews</h1>", head), URL, SOURCE).family == family


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://pearvale.example", True),
        ("https://pearvale.example/", True),
        ("https://pearvale.example/index.php", True),
        ("https://pearvale.example/home/", True),
        ("https://pearvale.example/default.aspx", True),
        ("https://pearvale.example/en/", True),
        ("https://pearvale.example/reviews/", False),
        ("https://pearvale.example/?p=4", False),
    ],
)
def test_a_home_page_is_known_by_its_address(url: str, home: bool) -> None:
    assert is_home(url) is home
