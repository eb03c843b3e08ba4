"""What is remembered of a page has one text, which homes hold from earlier versions: it must not change by itself."""

from __future__ import annotations

from dataclasses import replace

from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import canonical_text, parsed_from
from casereviews.repository.model import Sighting

LIST = "https://www.kestrelvale.example/reviews/"
ENTRY = Sighting("a", LIST, None, kind="entry", headings=("2019",), link_text="No longer published")
REPORT = Sighting(
    "a",
    LIST,
    LIST + "a.pdf",
    detail_url=LIST + "a/",
    link_text="Adroddiad Plentyn Môn",
    dates=("March 2021",),
    group="card 1",
    anonymous=True,
    extra={"author": "A. Reviewer"},
)
PAGE = Parsed(
    sightings=(REPORT, ENTRY),
    follow=(Link(LIST + "b/", "detail", "Child B", ENTRY), Link(LIST + "?page=2", "next")),
    announced=12,
    canonical=LIST,
    title="Reviews",
)
WRITTEN_BEFORE = (
    '{"announced":12,"canonical":"https://www.kestrelvale.example/reviews/","follow":[{"role":"detail","sighting":'
    '{"file_url":null,"headings":["2019"],"kind":"entry","link_text":"No longer published","listing_url":'
    '"https://www.kestrelvale.example/reviews/","source_id":"a"},"text":"Child B","url":'
    '"https://www.kestrelvale.example/reviews/b/"},{"role":"next","text":"","url":'
    '"https://www.kestrelvale.example/reviews/?page=2"}],"page_kind":"list","sightings":[{"anonymous":true,"dates":'
    '["March 2021"],"detail_url":"https://www.kestrelvale.example/reviews/a/","extra":{"author":"A. Reviewer"},'
    '"file_url":"https://www.kestrelvale.example/reviews/a.pdf","group":"card 1","link_text":"Adroddiad Plentyn Môn",'
    '"listing_url":"https://www.kestrelvale.example/reviews/","source_id":"a"},{"file_url":null,"headings":["2019"],'
    '"kind":"entry","link_text":"No longer published","listing_url":"https://www.kestrelvale.example/reviews/",'
    '"source_id":"a"}],"title":"Reviews"}'
)
"""As the first version wrote `PAGE`."""


def test_a_page_is_remembered_as_it_always_was_and_comes_back_whole() -> None:
    assert canonical_text(PAGE) == WRITTEN_BEFORE
    assert parsed_from(WRITTEN_BEFORE) == PAGE


def test_what_was_left_alone_and_a_shortlink_are_no_change() -> None:
    other = replace(
        PAGE, left_alone={"news": 2}, left_links=(("u", "News", "news"),), shortlink=LIST + "?p=7"
    )
    assert canonical_text(other) == canonical_text(PAGE)


def test_half_a_character_is_remembered_as_a_question_mark() -> None:
    broken = replace(PAGE, title="Reviews \ud800")
    assert parsed_from(canonical_text(broken)) == replace(PAGE, title="Reviews ?")
