"""Review ids: minted once, never lost, whatever is joined and parted later."""

from dataclasses import replace

import pytest

from casereviews.repository.errors import UnknownId
from casereviews.repository.identity import review_id
from casereviews.repository.record import Record
from tests.repository.nights import BOARD, Nights, at, fetched, link

BOTH_STORES = True


def test_an_id_is_minted_once_and_kept(nights: Nights) -> None:
    ids = nights.first("ab")
    minted = nights.record.assign_reviews([[ids["a"]], [ids["b"]]], at(1))
    assert minted == {key: review_id("northmoor", key) for key in ids.values()}
    assert nights.record.assign_reviews([[ids["b"]], [ids["a"]]], at(9)) == minted


def test_a_merge_keeps_the_older_id_and_leaves_an_alias(nights: Nights) -> None:
    ids = nights.first("a")
    (older,) = nights.record.assign_reviews([[ids["a"]]], at(1)).values()
    new = str(nights.night(2, "ab", {"b": b"b"}).stored["b"].document_id)
    younger = nights.record.assign_reviews([[ids["a"]], [new]], at(2))[new]
    joined = nights.record.assign_reviews([[new, ids["a"]]], at(3))
    assert joined == {ids["a"]: older, new: older}
    assert nights.record.resolve_id(younger) == older
    assert nights.record.aliases_of(older) == [younger]


def test_a_split_keeps_the_id_with_its_first_document_and_old_ids_resolve(nights: Nights) -> None:
    ids = nights.first("ab")
    groups = [[ids["a"], ids["b"]]]
    first = min(ids.values())
    other = max(ids.values())
    (one,) = set(nights.record.assign_reviews(groups, at(1)).values())
    assert one == review_id("northmoor", first)
    parted = nights.record.assign_reviews([[first], [other]], at(2))
    assert parted == {first: one, other: review_id("northmoor", other)}
    again = nights.record.assign_reviews(groups, at(3))
    assert set(again.values()) == {one}
    assert nights.record.resolve_id(parted[other]) == one
    assert nights.record.assign_reviews([[first], [other]], at(4)) == parted
    assert nights.record.aliases_of(one) == []


def test_an_id_that_is_taken_is_minted_longer(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casereviews.repository.record import review_ids

    def always_the_same(source_id: str, first_document: str, length: int = 6) -> str:
        return f"{source_id}-{'0' * length}"

    monkeypatch.setattr(review_ids.identity, "review_id", always_the_same)
    ids = nights.first("abc")
    minted = nights.record.assign_reviews([[key] for key in ids.values()], at(1))
    assert sorted(minted.values()) == [
        "northmoor-000000",
        "northmoor-0000000",
        "northmoor-00000000",
    ]


def test_the_publishers_own_document_names_the_review_before_a_national_list(
    record: Record,
) -> None:
    national = replace(BOARD, id="national", national=True)
    here = str(Nights(record).night(1, "a", {"a": b"1"}).stored["a"].document_id)
    there = str(Nights(record, national).night(1, "a", {"a": b"1"}).stored["a"].document_id)
    assert set(record.assign_reviews([[here, there]], at(1)).values()) == {
        review_id("northmoor", here)
    }


def test_the_review_of_a_document_that_moved_keeps_its_id(nights: Nights) -> None:
    ids = nights.first("abc")
    minted = nights.record.assign_reviews([[key] for key in ids.values()], at(1))
    nights.night(2, "abx", {"x": b"c" * 9})
    again = nights.record.assign_reviews([[one.id] for one in nights.record.documents()], at(2))
    assert again == minted


def test_typed_ids_are_forgiven_and_unknown_ones_answered_with_the_nearest(nights: Nights) -> None:
    ids = nights.first("a")
    (review,) = nights.record.assign_reviews([[ids["a"]]], at(1)).values()
    assert nights.record.resolve_id(f" {review.upper()} ") == review
    assert nights.record.resolve_id(ids["a"]) == ids["a"]
    with pytest.raises(UnknownId, match=f"did you mean {review}"):
        nights.record.resolve_id(review[:-1] + "z" if review[-1] != "z" else review[:-1] + "y")
    with pytest.raises(UnknownId, match="`casereviews search` shows ids"):
        nights.record.resolve_id("§")
    with pytest.raises(UnknownId, match="no document '§'"):
        nights.record.document("§")


def test_a_document_that_was_added_by_hand_gets_a_review_like_any_other(nights: Nights) -> None:
    nights.night(1, "")
    seen = link("sent", file_url=None)
    run_id = nights.record.begin_run("add", at(1))
    stored = nights.record.store_file(run_id, seen, fetched(seen, 1), b"by post", origin="manual")
    document = str(stored.document_id)
    assert nights.record.assign_reviews([[document]], at(1)) == {
        document: review_id("northmoor", document)
    }
