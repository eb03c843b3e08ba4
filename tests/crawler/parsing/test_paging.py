"""The other pages of a list, by whatever turns them; and what of a list is told to be unread."""

import pytest

from casereviews.crawler.health import judge
from casereviews.crawler.outcome import Tally
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import canonical_text, parsed_from
from casereviews.crawler.sources import Source

SITE = "https://site.test"
URL = SITE + "/reviews/"
SOURCE = Source("made-up", "Made up", "England", "listing", (URL,), ("site.test",))
ITEM = '<ul><li><a href="/f/a.pdf">Child A serious case review</a></li></ul>'


def read(body: str, url: str = URL, head: str = "", role: str = "list", items: str = ITEM) -> Parsed:  # fmt: skip
    html = f"<html><head>{head}</head><body><main><h1>Serious case reviews</h1>{items}{body}</main></body></html>"  # fmt: skip
    return parse_listing(html, url, SOURCE, link=Link(url, role))


def onward(body: str, url: str = URL, head: str = "") -> list[str]:
    """The other pages that a page leads to, without the site's name."""
    followed = read(body, url, head).follow
    return [one.url.removeprefix(SITE) for one in followed if one.role == "next"]


@pytest.mark.parametrize(
    "address",
    [
        "?page=2", "?e-page-7f3a1b=2", "?query-12-page=2", "?sf_paged=2", "?_paged=2", "?wpv_paged=2", "?tx_news%5BcurrentPage%5D=2", "?tx_list[page]=2", "?_page=2", "?page_no=2",
        "?pageNo=2", "?currentPage=2", "?pno=2", "?limitstart=10", "?skip=10", "?start=10&limit=10", "?pageNumber=2&pageSize=10", "?lcp_page0=2", "?foo=2", "?bar[baz]=2", "?tudalen=2",
        "/reviews/page-2", "/reviews/P10", "/reviews/2/", "/reviews/page/2/", "/reviews/p/2", "/reviews/page2.html", "/reviews/index_2.aspx", "/reviews/offset/10",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "block",
    [
        '<nav class="pagination"><a href="{0}">2</a> <a href="{0}">Next »</a></nav>',
        '<ul class="pager__items"><li><a href="{0}"><span>2</span></a></li></ul>',
        '<div class="x"><span>1</span> <a href="{0}">2</a> <span>…</span> <a href="{0}">›</a></div>',
        '<a rel="next" href="{0}"><img alt="" src="n.png"></a>',
        '<p><a href="{0}" aria-label="Next page">&rarr;</a></p>',
        '<div role="navigation" aria-label="Pagination"><a href="#" data-url="{0}">Load more</a></div>',
    ],
)  # fmt: skip
def test_a_link_of_the_pages_own_address_but_for_one_number_turns_pages(
    block: str, address: str
) -> None:
    wanted = address if address.startswith("/") else "/reviews/" + address
    wanted = wanted.replace("[", "%5B").replace("]", "%5D")
    assert onward(block.format(address)) == [wanted]


@pytest.mark.parametrize(
    "words",
    [
        "2", "Next", "Next page", "Page 2 of 5", "Older reviews", "Load more reviews", "View more", "Go to page 2", "Next page of results", "Next 10", "Show more", "Older posts",
        "Nesaf", "Tudalen nesaf", "Llwytho mwy", "»", "›", ">", "→", "More results", "See more reports", "Last »",
    ],
)  # fmt: skip
def test_words_and_signs_of_paging_are_known_without_a_block(words: str) -> None:
    assert onward(f'<p><a href="?page=2">{words}</a></p>') == ["/reviews/?page=2"]


def test_a_link_element_in_the_head_turns_pages() -> None:
    assert onward("", head='<link rel="next" href="/reviews/?any=2">') == ["/reviews/?any=2"]


def test_what_the_page_is_asked_with_stays_and_other_pages_are_told_from_it() -> None:
    body = '<div class="pagination"><a href="?cat=5&page=3">3</a><a href="?cat=6&page=2">2</a><a href="/reviews/?cat=5">1</a></div>'
    assert onward(body, URL + "?cat=5&page=2") == ["/reviews/?cat=5&page=3", "/reviews/?cat=5"]
    back = '<div class="pagination"><a href="/reviews/">1</a><a href="/reviews/page/3/">3</a></div>'
    assert onward(back, URL + "page/2/") == ["/reviews/", "/reviews/page/3/"]


@pytest.mark.parametrize(
    "body",
    [
        '<p><a href="?step=2">Next steps</a></p>',
        '<ul><li><a href="?year=2019">2019</a></li><li><a href="?year=2020">2020</a></li></ul>',
        '<ul class="pagination"><li><a href="/reviews/2019/">2019</a></li><li><a href="/reviews/2020/">2020</a></li></ul>',
        '<ul class="pagination"><li><a href="?limit=20">20</a></li><li><a href="?limit=50">50</a></li></ul>',
        '<div class="calendar-nav"><a href="?m=202406">»</a><a href="?month=6">Next</a></div>',
        '<p><a href="?month=2024-06">Next</a> <a href="?day=12">Next</a></p>',
        '<div class="pagination az"><a href="?letter=A">A</a><a href="?letter=B">B</a></div>',
        '<div class="comments-pagination"><a href="/reviews/comment-page-2/#comments">Older comments</a></div>',
        '<nav class="pagination"><a href="/f/child-2.pdf">2</a></nav>',
        '<p><a href="?id=2">View</a> <a href="?p=2">Anya</a></p>',
        '<div class="carousel"><a href="?slide=2">Next</a></div>',
    ],
)  # fmt: skip
def test_calendars_years_sizes_letters_and_galleries_are_no_pages_of_a_list(body: str) -> None:
    assert onward(body) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('<button class="btn">Load more</button>', "“Load more” has no address"),
        ('<a href="#" class="more">Show more results</a>', "“Show more results” has no address"),
        ('<button data-next-page="2">Load 10 more</button>', "“Load 10 more” has no address"),
        ('<input type="button" value="Load more reviews">', "“Load more reviews” has no address"),
        ('<a href="/ajax.php?action=more&page=2">Load more</a>', "“Load more” on"),
        ('<div class="pagination"><a href="#">1</a><a href="#">2</a><a href="#">3</a></div>', "(2 3) has no addresses"),
        ("<td><span>1</span> <a href=\"javascript:__doPostBack('grid','Page$2')\">2</a></td>", "(2) has no addresses"),
        ('<ul class="pager"><li data-page="1">1</li><li data-page="2">2</li></ul>', "(2) has no addresses"),
        ('<div class="pagination"><button>Previous</button><button>Next</button></div>', "(Next) has no addresses"),
        ('<form><select name="page"><option>1</option><option>2</option></select></form>', "(2) has no addresses"),
        ('<div class="pagination"><a href="/search?q=x&page=2">2</a></div>', "“2” in the paging"),
        ("<p>Page 1 of 5</p>", "“Page 1 of 5”"),
        ("<p>34 results</p>", "34 are announced on https://site.test/reviews/ and it holds 1"),
        ("<p>Showing 10 of 34 results</p>", "34 are announced"),
    ],
)  # fmt: skip
def test_what_looks_like_more_of_the_list_and_leads_nowhere_makes_the_run_partial(
    body: str, words: str
) -> None:
    parsed = read(body)
    assert [words in one for one in parsed.unread] == [True]
    tally = Tally("made-up")
    tally.counts["start_pages"], tally.ended = 1, "finished"
    tally.count_page(parsed_from(canonical_text(parsed)), fetched=False, same=True)
    result, why = judge(tally.outcome())
    assert (result, words in why, tally.outcome().complete) == ("partial", True, False)


@pytest.mark.parametrize(
    "body",
    [
        '<nav class="pagination"><span class="current">1</span><a href="#">Next</a></nav>',
        '<nav class="pagination"><a href="?page=1" class="active">1</a></nav>',
        '<nav class="pagination"><a class="next disabled" href="#">Next</a></nav>',
        '<nav class="pagination"><a href="#">2</a></nav><a href="?page=2">Next</a>',
        '<div class="carousel slide"><a href="#c" role="button">Next</a></div>',
        '<button aria-expanded="false">Show more</button> <a href="#">Read more</a> <button>Next</button>',
        '<nav class="post-navigation"><a href="/reviews/child-b/">Next: Child B</a></nav>',
        "<p>There were 3 to 5 of 12 children in the home; 34 reviews were published.</p>",
        '<p>34 results</p><a href="?page=2">Next</a>',
        "<p>1 result</p>",
        '<p><a href="https://other.test/all">More reviews</a></p>',
    ],
)  # fmt: skip
def test_what_turns_nothing_over_is_not_told(body: str) -> None:
    assert read(body).unread == ()


def test_a_page_of_one_review_has_no_list_to_be_read_in_part() -> None:
    assert read("<p>34 results</p><button>Load more</button>", role="detail").unread == ()


@pytest.mark.parametrize(
    ("said", "announced", "shown"),
    [
        ("Showing 1 to 10 of 34", 34, (1, 10)),
        ("Showing results 11 – 20 of 1,034", 1034, (11, 20)),
        ("<b>1</b>-<b>10</b> of <b>34</b> items", 34, (1, 10)),
        ("Dangos 1 i 10 o 34", 34, (1, 10)),
        ("Displaying 31 to 34 out of 34 reviews", 34, (31, 34)),
        ("Showing 20 to 10 of 34", None, None),
        ("Children aged 3 to 5 of 12 families", None, None),
    ],
)
def test_a_list_says_how_many_it_holds_and_which_it_shows(
    said: str, announced: int | None, shown: tuple[int, int] | None
) -> None:
    parsed = read(f"<p>{said}</p>")
    assert (parsed.announced, parsed.shown) == (announced, shown)


def _night(*pages: Parsed) -> tuple[str, str]:
    tally = Tally("made-up")
    tally.counts["start_pages"], tally.ended = 1, "finished"
    for page in pages:
        tally.count_page(page, fetched=True, same=False)
    return judge(tally.outcome())


def test_an_announced_total_is_reached_by_the_pages_that_show_it_not_by_counting_files() -> None:
    several = "".join(f'<p><a href="/f/{n}.pdf">Child A paper {n} SCR</a></p>' for n in range(9))
    first = read("<p>Showing 1 to 3 of 5 results</p>", items=f"<article>{several}</article>")
    last = read("<p>Showing 4 to 5 of 5 results</p>", URL + "?page=2", items="<p>A policy</p>")
    assert len(first.sightings) == 9
    assert _night(first) == ("partial", "3 of 5 announced records were found")
    assert _night(first, first) == ("partial", "3 of 5 announced records were found")
    assert _night(first, last) == ("ok", "")


def test_of_several_lists_the_one_that_is_short_is_told() -> None:
    whole, short = read("<p>Showing 1 to 1 of 1</p>"), read("<p>Showing 1 to 10 of 34</p>")
    assert _night(whole, short) == ("partial", "10 of 34 announced records were found")


def test_a_list_that_a_script_shows_in_parts_is_whole_when_the_page_holds_it() -> None:
    items = "".join(f'<p><a href="/f/{n}.pdf">Child {n} SCR</a></p>' for n in range(12, 46))
    parsed = read("<p>Showing 1 to 10 of 34 entries</p>", items=items)
    assert (parsed.announced, parsed.shown) == (34, (1, 34))


def test_a_page_that_says_nothing_of_more_is_remembered_as_before() -> None:
    assert not {"shown", "unread"} & set(canonical_text(read("")).split('"'))
