"""WordPress's API: found in every way it announces itself, addressed in both forms, read whatever it answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.crawler.parsing.wordpress.api import (
    Listed,
    Post,
    content_url,
    find_root,
    index_url,
    is_past_the_end,
    may_go_on,
    media_url,
    page_of,
    read_index,
    read_json,
    read_pages,
    read_posts,
    read_types,
    split_url,
    types_url,
)

URL = "https://www.kestrelvale.example/learning/"


@pytest.mark.parametrize(
    ("html", "link_header", "root"),
    [
        (
            "<p>Any page</p>",
            '<https://www.kestrelvale.example/wp-json/>; rel="https://api.w.org/", '
            "<https://www.kestrelvale.example/?p=7>; rel=shortlink",
            "https://www.kestrelvale.example/wp-json/",
        ),
        (
            "<p>Any page</p>",
            '<https://www.kestrelvale.example/index.php?rest_route=/>; rel="https://api.w.org/"',
            "https://www.kestrelvale.example/index.php?rest_route=/",
        ),
        (
            '<link rel="https://api.w.org/" href="/board/wp-json/" />',
            "",
            "https://www.kestrelvale.example/board/wp-json/",
        ),
        (
            '<img src="/wp-content/uploads/logo.png">',
            "",
            "https://www.kestrelvale.example/?rest_route=/",
        ),
        ("<p>No WordPress</p>", '<https://www.kestrelvale.example/>; rel="canonical"', None),
    ],
)
def test_the_api_is_found_in_every_way_it_announces_itself(
    html: str, link_header: str, root: str | None
) -> None:
    assert find_root(html, URL, link_header) == root


@pytest.mark.parametrize(
    "root",
    [
        "https://www.kestrelvale.example/wp-json/",
        "https://www.kestrelvale.example/board/wp-json/",
        "http://127.0.0.1:8080/?rest_route=/",
        "http://127.0.0.1:8080/index.php?rest_route=/",
    ],
)
def test_an_address_of_the_api_tells_its_root_and_route(root: str) -> None:
    urls = [
        types_url(root),
        index_url(root, "wp/v2/pages", 2),
        content_url(root, "wp/v2/posts", include="1,2"),
        media_url(root, 7),
    ]
    assert [split_url(url) for url in urls] == [
        (root, "wp/v2/types"),
        (root, "wp/v2/pages"),
        (root, "wp/v2/posts"),
        (root, "wp/v2/media/7"),
    ]


def test_addresses_ask_for_named_fields_only() -> None:
    root = "https://www.kestrelvale.example/wp-json/"
    assert index_url(root, "wp/v2/posts", 1) == (
        "https://www.kestrelvale.example/wp-json/wp/v2/posts"
        "?_fields=id,link,modified&per_page=100&page=1&orderby=id&order=asc"
    )
    assert content_url(root, "wp/v2/posts", modified_after="2026-03-01T02:00:00") == (
        "https://www.kestrelvale.example/wp-json/wp/v2/posts?_fields=id,link,type,date,modified,title,content"
        "&per_page=50&orderby=id&order=asc&modified_after=2026-03-01T02:00:00"
    )


@pytest.mark.parametrize(
    "url", [URL, "https://www.kestrelvale.example/?p=242", "https://x.example/a.pdf"]
)
def test_other_addresses_are_not_of_the_api(url: str) -> None:
    assert split_url(url) is None


def test_types_of_the_machinery_are_left_out() -> None:
    answer = {
        "post": {"slug": "post", "rest_base": "posts", "rest_namespace": "wp/v2"},
        "page": {"slug": "page", "rest_base": "pages"},
        "attachment": {"slug": "attachment", "rest_base": "media"},
        "nav_menu_item": {"slug": "nav_menu_item", "rest_base": "menu-items"},
        "wp_block": {"slug": "wp_block", "rest_base": "blocks"},
        "elementor_library": {"slug": "elementor_library", "rest_base": "elementor_library"},
        "document": {"slug": "document", "rest_base": "documents", "rest_namespace": "wp/v2"},
        "review": {"slug": "review", "rest_base": "reviews", "rest_namespace": "board/v1"},
        "odd": {"slug": "odd", "rest_base": "o/(?P<id>[d]+)"},
    }
    assert read_types(answer) == [
        "wp/v2/posts",
        "wp/v2/pages",
        "wp/v2/documents",
        "board/v1/reviews",
    ]


def test_an_empty_answer_about_types_leaves_posts_and_pages() -> None:
    assert read_types([]) == ["wp/v2/posts", "wp/v2/pages"]


def test_posts_are_read_with_their_protection() -> None:
    answer = [
        {
            "id": 7,
            "link": URL,
            "date": "2024-05-01T09:00:00",
            "modified": "2024-05-02T09:00:00",
            "title": {"rendered": "A &amp; B"},
            "content": {"rendered": "<p>x</p>", "protected": True},
        },
        {"id": 8},
        "odd",
    ]
    assert read_posts(answer) == [
        Post(7, URL, "2024-05-02T09:00:00", "2024-05-01T09:00:00", "A &amp; B", "<p>x</p>", True),
        Post(8, "", "", "", "", "", False),
    ]
    assert read_index(answer) == [Listed(7, URL, "2024-05-02T09:00:00"), Listed(8, "", "")]


@pytest.mark.parametrize(
    ("headers", "pages"),
    [
        ({"x-wp-totalpages": "3", "x-wp-total": "201"}, 3),
        ({"x-wp-total": "201"}, 3),
        ({"x-wp-totalpages": "0", "x-wp-total": "0"}, 0),
        ({"x-wp-totalpages": ""}, None),
        ({}, None),
    ],
)
def test_the_pages_of_an_index_are_told_by_either_header(
    headers: dict[str, str], pages: int | None
) -> None:
    assert read_pages(headers) == pages


@pytest.mark.parametrize(
    ("count", "more"), [(100, True), (50, True), (10, True), (37, False), (0, False)]
)
def test_only_a_short_page_is_the_end_of_an_index_without_totals(count: int, more: bool) -> None:
    assert may_go_on([{"id": number} for number in range(count)]) is more


def test_the_answer_after_the_last_page_is_known() -> None:
    assert is_past_the_end({"code": "rest_post_invalid_page_number"})
    assert not is_past_the_end({"code": "rest_forbidden"})
    assert page_of(index_url("https://x.example/wp-json/", "wp/v2/posts", 7)) == 7
    assert page_of(URL) == 1


def test_a_page_instead_of_json_is_no_answer() -> None:
    assert read_json("<html>Sign in</html>") is None


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "link", "title", "content", "rendered", "rest_base", "modified"])
            | st.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_no_answer_breaks_the_reading(answer: object) -> None:
    assert read_types(answer)[:2] == ["wp/v2/posts", "wp/v2/pages"]
    assert all(isinstance(one, Listed) for one in read_index(answer))
    assert all(isinstance(one, Post) for one in read_posts(answer))
    assert not may_go_on(answer) or isinstance(answer, list)
    assert not is_past_the_end(answer)
