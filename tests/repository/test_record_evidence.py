"""Which document a file belongs to: redirects, canonical links, a source's rules, editions."""

from typing import Any

from casereviews.repository.record import Record, Stored
from casereviews.repository.record.withdrawing import take_documents
from tests.repository.nights import LIST, Nights, at, fetched, link

BOTH_STORES = True


def store(record: Record, day: int, name: str, body: bytes, **said: Any) -> Stored:
    run_id = record.begin_run("refresh", at(day))
    seen = link(name)
    return record.store_file(run_id, seen, fetched(seen, day, **said), body)


def test_a_redirect_makes_two_addresses_one(nights: Nights) -> None:
    nights.night(1, "")
    one = store(
        nights.record, 1, "a", b"report", final_url="https://www.northmoor.test/files/a.pdf"
    )
    run_id = nights.record.begin_run("refresh", at(2))
    direct = link("a", file_url="https://www.northmoor.test/files/a.pdf")
    other = nights.record.store_file(run_id, direct, fetched(direct, 2), b"report")
    assert (other.result, other.document_id) == ("same", one.document_id)
    assert nights.record.addresses_of(str(one.document_id)) == [
        ("http://northmoor.test/a.pdf", "sighted"),
        ("https://www.northmoor.test/files/a.pdf", "redirect"),
    ]


def test_a_redirect_to_the_list_or_to_a_signed_address_is_no_evidence(nights: Nights) -> None:
    nights.night(1, "")
    gone = store(nights.record, 1, "a", b"one", final_url=LIST)
    signed = store(nights.record, 1, "b", b"two", final_url="https://s3.test/b?X-Amz-Signature=1")
    assert nights.record.addresses_of(str(gone.document_id)) == [
        ("http://northmoor.test/a.pdf", "sighted")
    ]
    assert nights.record.addresses_of(str(signed.document_id)) == [
        ("http://northmoor.test/b.pdf", "sighted")
    ]


def test_a_known_document_that_redirects_somewhere_new_has_moved(nights: Nights) -> None:
    ids = nights.first("a")
    store(nights.record, 2, "a", b"a" * 9, final_url="http://northmoor.test/new/a.pdf")
    (moved,) = nights.record.events(kinds=("moved",))
    assert (moved.document_id, moved.was, moved.became) == (
        ids["a"], "http://northmoor.test/a.pdf", "http://northmoor.test/new/a.pdf",
    )  # fmt: skip
    store(nights.record, 3, "a", b"a" * 9, final_url="http://northmoor.test/new/a.pdf")
    assert len(nights.record.events(kinds=("moved",))) == 1


def test_two_documents_with_the_same_bytes_become_one_when_one_leads_to_the_other(
    nights: Nights,
) -> None:
    night = nights.night(1, "ab", {"a": b"same", "b": b"same"})
    ids = {str(stored.document_id) for stored in night.stored.values()}
    joined = store(nights.record, 2, "a", b"same", final_url="http://northmoor.test/b.pdf")
    assert joined.document_id == min(ids)
    assert [one.id for one in nights.record.documents()] == [min(ids)]
    assert nights.record.resolve_id(max(ids)) == min(ids)


def test_a_link_that_leads_to_another_report_belongs_to_that_one_from_now_on(
    nights: Nights,
) -> None:
    ids = nights.first("ab")
    led = store(nights.record, 2, "a", b"b" * 9, final_url="http://northmoor.test/b.pdf")
    assert (led.result, led.document_id) == ("same", ids["b"])
    assert nights.record.addresses_of(ids["a"]) == []
    assert len(nights.record.documents()) == 2


def test_the_same_bytes_at_two_addresses_stay_two_documents(nights: Nights) -> None:
    night = nights.night(1, "ab", {"a": b"same", "b": b"same"})
    assert len({stored.document_id for stored in night.stored.values()}) == 2


def test_one_file_linked_twice_is_one_document(nights: Nights) -> None:
    twice = [
        link("a"),
        link(
            "a", link_text="Read the report", file_url="http://northmoor.test/a.pdf?utm_source=x#p"
        ),
    ]
    nights.night(1, twice, {"a": b"report"})
    run_id = nights.record.begin_run("refresh", at(1))
    stored = nights.record.store_file(run_id, twice[1], fetched(twice[1], 1), b"report")
    assert stored.result == "same"
    (found,) = nights.record.documents()
    assert {one.link_text for one in nights.record.sightings_of(found.id)} == {
        "Child A: Serious Case Review", "Read the report",
    }  # fmt: skip


def test_canonical_links_add_addresses_and_never_take_another_documents(nights: Nights) -> None:
    ids = nights.first("ab")
    twins = ["http://northmoor.test/?p=7", "http://northmoor.test/b.pdf"]
    nights.record.link_addresses(
        "northmoor", "http://northmoor.test/a.pdf", twins, "shortlink", at(1)
    )
    assert nights.record.addresses_of(ids["a"]) == [
        ("http://northmoor.test/?p=7", "shortlink"),
        ("http://northmoor.test/a.pdf", "sighted"),
    ]
    assert nights.record.addresses_of(ids["b"]) == [("http://northmoor.test/b.pdf", "sighted")]
    nights.record.link_addresses(
        "northmoor", "http://northmoor.test/zz.pdf", [], "canonical", at(1)
    )
    assert len(nights.record.documents()) == 2


def test_an_address_that_was_withdrawn_is_no_twin(nights: Nights) -> None:
    ids = nights.first("ab")
    with nights.record.transaction() as c:
        take_documents(c, [ids["b"]], remaining=[], reason="names a family", at=at(1))
    twins = ["http://northmoor.test/b.pdf", "http://northmoor.test/?p=7"]
    nights.record.link_addresses(
        "northmoor", "http://northmoor.test/a.pdf", twins, "shortlink", at(1)
    )
    assert [url for url, _ in nights.record.addresses_of(ids["a"])] == [
        "http://northmoor.test/?p=7",
        "http://northmoor.test/a.pdf",
    ]


def test_a_sources_rule_makes_twins_one(record: Record) -> None:
    nights = Nights(record, same_as=((r"[?&]contrast=1$", ""),))
    nights.night(1, "a", {"a": b"report"})
    run_id = record.begin_run("refresh", at(2))
    seen = link("a", file_url="http://northmoor.test/a.pdf?contrast=1")
    assert record.store_file(run_id, seen, fetched(seen, 2), b"report").result == "same"


def test_an_edition_is_part_of_the_identity(nights: Nights) -> None:
    old, new = link("a", edition="December 2022"), link("a", edition="March 2023")
    nights.night(1, [old])
    run_id = nights.record.begin_run("refresh", at(2))
    first = nights.record.store_file(run_id, old, fetched(old, 2), b"old")
    second = nights.record.store_file(run_id, new, fetched(new, 2), b"new")
    assert (first.result, second.result) == ("new", "new")
    assert first.document_id != second.document_id
