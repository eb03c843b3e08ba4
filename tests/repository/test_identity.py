"""Two addresses are one only on evidence; ids are the same everywhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.identity import (
    ALPHABET,
    address_of,
    as_typed,
    canonical,
    document_id,
    is_signed,
    review_id,
)
from casereviews.repository.model import Sighting

addresses = st.builds(
    "{}://{}{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    st.sampled_from(["northmoor.test", "WWW.Northmoor.test", "northmoor.test.", "127.0.0.1"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text("/abcé %25~'()é", max_size=20).map(lambda text: "/" + text),
    st.sampled_from(["", "?p=242", "?utm_source=x&p=1", "?a=b%20c&fbclid=1", "?", "?q=Child A"]),
    st.sampled_from(["", "#top"]),
)


@pytest.mark.parametrize(
    ("printed", "one_spelling"),
    [
        ("HTTP://Northmoor.Test:80/a.pdf#page=2", "http://northmoor.test/a.pdf"),
        ("https://northmoor.test:443", "https://northmoor.test/"),
        ("https://northmoor.test:8443/", "https://northmoor.test:8443/"),
        ("https://northmoor.test/?utm_medium=mail&p=242&gclid=9", "https://northmoor.test/?p=242"),
        ("https://northmoor.test/a?mc_cid=1&mc_eid=2&_ga=3", "https://northmoor.test/a"),
        ("https://northmoor.test/Child A é.pdf", "https://northmoor.test/Child%20A%20%C3%A9.pdf"),
        ("https://northmoor.test/50%25%2fa%", "https://northmoor.test/50%25%2Fa%25"),
        ("https://northmoor.test/\ud83d", "https://northmoor.test/?".replace("?", "%3F")),
        ("mailto:someone@northmoor.test", "mailto:someone@northmoor.test"),
        ("https://[broken/", "https://[broken/"),
    ],
)
def test_an_address_is_tidied_only_where_nothing_changes(printed: str, one_spelling: str) -> None:
    assert canonical(printed) == one_spelling


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://northmoor.test/a", "https://northmoor.test/a"),
        ("https://www.northmoor.test/a", "https://northmoor.test/a"),
        ("https://northmoor.test/a", "https://northmoor.test/a/"),
        ("https://northmoor.test/?p=242", "https://northmoor.test/?p=78"),
        ("https://northmoor.test/a?contrast=1", "https://northmoor.test/a"),
        ("https://northmoor.test/a.pdf", "https://northmoor.test/A.pdf"),
    ],
)
def test_twins_without_evidence_stay_two(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_a_source_says_which_of_its_addresses_are_twins() -> None:
    rules = ((r"[?&]contrast=1$", ""), (r"/index\.php/", "/"), (r"/print$", ""))
    assert canonical("http://northmoor.test/index.php/a/print?contrast=1", same_as=rules) == (
        "http://northmoor.test/a"
    )


@given(addresses)
def test_tidying_twice_changes_nothing(address: str) -> None:
    assert canonical(canonical(address)) == canonical(address)


@given(addresses)
def test_no_other_parameter_than_a_tracking_mark_is_lost(address: str) -> None:
    kept = re.findall(r"[?&](p|a|q)=", address.partition("#")[0])
    assert re.findall(r"[?&](p|a|q)=", canonical(address)) == kept


@given(st.text(st.characters(), max_size=60))
def test_whatever_stands_in_a_link_is_taken(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


@given(addresses, st.one_of(st.none(), st.text(max_size=8)))
def test_a_document_id_is_typable_and_the_same_each_time(address: str, edition: str | None) -> None:
    new = document_id("northmoor", address, edition)
    assert new == document_id("northmoor", address, edition)
    assert re.fullmatch(f"[{ALPHABET}]{{13}}", new)


def test_source_address_and_edition_each_make_another_document() -> None:
    ids = {
        document_id(source, address, edition)
        for source in ("northmoor", "eastvale")
        for address in ("http://a.test/1", "http://a.test/2")
        for edition in (None, "March 2023")
    }
    assert len(ids) == 8


def test_a_review_id_is_short_and_grows_when_it_is_taken() -> None:
    short, longer = review_id("northmoor", "0z5a"), review_id("northmoor", "0z5a", 7)
    assert re.fullmatch(f"northmoor-[{ALPHABET}]{{6}}", short)
    assert longer.startswith(short)
    assert len(longer) == len(short) + 1


def test_an_id_is_read_as_people_type_it() -> None:
    assert as_typed(" Isle-of-Elm-LO1KXI ") == "isle-of-elm-101kx1"


def test_signed_download_addresses_are_known() -> None:
    assert is_signed("https://files.test/a.pdf?X-Amz-Signature=1f")
    assert not is_signed("https://files.test/a.pdf?id=7")


def test_a_row_without_a_link_is_known_by_its_page_and_name() -> None:
    row = Sighting(
        "northmoor",
        "http://n.test/list",
        None,
        kind="entry",
        headings=("2021",),
        link_text="Child Z",
    )
    said_again = Sighting(
        "northmoor", "http://n.test/list", None, kind="entry", headings=("2021",), link_text=" child  z",
        card_text="Child Z no longer published",
    )  # fmt: skip
    other = Sighting(
        "northmoor",
        "http://n.test/list",
        None,
        kind="entry",
        headings=("2022",),
        link_text="Child Z",
    )
    assert address_of(row) == address_of(said_again) != address_of(other)
