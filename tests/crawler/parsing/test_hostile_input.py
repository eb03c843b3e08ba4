"""Whatever a site sends, the structured families read it or say that they cannot; none of them breaks."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from casereviews.crawler.parsing.govuk import first_link, parse_govuk
from casereviews.crawler.parsing.nspcc import parse_nspcc
from casereviews.crawler.parsing.nspcc.heading import read_entry_heading
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.parsing.remembered import canonical_text, parsed_from
from casereviews.crawler.parsing.sar_library import parse_sar_library
from casereviews.crawler.sources import Source

HOST = "www.gov.example"
API = f"https://{HOST}/api/content/government/publications/one"
SOURCE = Source("made-up", "Made up", "England", "govuk", hosts=(HOST,), national=True)
KEYS = [
    *("schema_name", "base_path", "title", "details", "links", "attachments", "documents", "body"),
    *("url", "attachment_type", "withdrawn_notice", "organisations", "collection_groups"),
    *("redirects", "path", "destination", "results", "link", "total", "content_id", "parent"),
]
SCHEMAS = ["publication", "document_collection", "redirect", "gone", "html_publication"]
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from(["file", "html", "/a", *SCHEMAS])
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=15,
)
TAGS = [
    "h1",
    "h3",
    "p",
    "li",
    "ul",
    "table",
    "tr",
    "td",
    "button",
    "strong",
    "br",
    "main",
    "a href='x.pdf'",
    "a href='//['",
]
markup = st.lists(
    st.sampled_from(
        [f"<{tag}>" for tag in TAGS]
        + ["</p>", "</a>", "</td>", "2017 - Anonymous - X", "Learning:", "&amp;"]
    )
    | st.text(max_size=10),
    max_size=30,
).map("".join)


def is_remembered_whole(parsed: Parsed) -> None:
    text = canonical_text(parsed)
    assert canonical_text(parsed_from(text)) == text


@given(anything, st.sampled_from(SCHEMAS))
@settings(max_examples=150)
def test_any_json_is_read_or_is_an_error(answer: object, schema: str) -> None:
    if isinstance(answer, dict):
        answer = {**answer, "schema_name": schema}
    for url in (API, first_link(f"https://{HOST}/government/organisations/made-up").url):
        parsed = parse_govuk(Page(url, json.dumps(answer), Link(url, "detail")), SOURCE)
        assert isinstance(parsed, Parsed)
        is_remembered_whole(parsed)


@given(markup)
@settings(max_examples=150)
def test_any_markup_is_read(html: str) -> None:
    url = f"https://{HOST}/list"
    parsed = [parse_nspcc(html, url, SOURCE), parse_sar_library(html, url, SOURCE)]
    library = Source(
        "made-up", "Made up", "England", "nspcc", hosts=(HOST,), options=(("library", "on"),)
    )
    parsed.append(parse_nspcc(html, url, library))
    assert all(
        (one.file_url is None) == (one.kind == "entry") for each in parsed for one in each.sightings
    )
    for each in parsed:
        is_remembered_whole(each)


@given(st.text(max_size=60))
def test_a_heading_is_read_with_all_its_words_or_not_at_all(text: str) -> None:
    heading = read_entry_heading(text)
    assert heading is None or (heading.date in heading.text and heading.title in heading.text)
