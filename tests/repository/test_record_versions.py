"""New bytes and new text are two things: which is a version, which is held, which is dropped again."""

import pytest

from casereviews.repository.errors import UnknownId
from casereviews.repository.record import Record
from tests.repository.nights import Nights, at

BOTH_STORES = True


def nights_of(nights: Nights, *bodies: bytes, days: tuple[int, ...] = ()) -> tuple[str, list[str]]:
    """One document whose bytes change from night to night; its id and the hashes in order."""
    hashes, document_id = [], ""
    for number, body in enumerate(bodies):
        day = days[number] if days else number + 1
        stored = nights.night(day, "a", {"a": body}).stored["a"]
        hashes.append(str(stored.sha256))
        document_id = str(stored.document_id)
    return document_id, hashes


def states(record: Record, document_id: str) -> list[tuple[int, str, bool]]:
    return [(one.number, one.state, one.settled) for one in record.versions(document_id)]


def test_bytes_wait_until_they_are_read(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"one", b"two")
    assert states(nights.record, document) == [(1, "replaced", False), (2, "current", False)]
    assert [one.sha256 for one in nights.record.unread_versions()] == hashes
    assert nights.record.settle(document, {}) == ()
    assert nights.record.settle(document, {hashes[1]: "text"}) == ()
    assert states(nights.record, document) == [(1, "replaced", False), (2, "current", False)]


def test_new_bytes_with_the_same_text_are_the_same_version(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"one", b"two")
    told = nights.record.settle(document, dict.fromkeys(hashes, "text"))
    assert [(one.kind, one.version, one.at) for one in told] == [("changed_bytes", 1, at(2))]
    assert states(nights.record, document) == [(1, "same_text", True), (1, "current", True)]
    assert nights.record.document(document).sha256 == hashes[1]


def test_new_text_is_a_new_version_and_the_young_one_it_replaced_is_held(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"one", b"two")
    told = nights.record.settle(document, {hashes[0]: "text", hashes[1]: "other"})
    assert [(one.kind, one.version) for one in told] == [("changed_text", 2), ("held", 1)]
    assert states(nights.record, document) == [(1, "held", True), (2, "current", True)]
    assert nights.record.document(document).visibility == "shown"
    (held,) = nights.record.held()
    assert (held.document_id, held.version, held.held_since) == (document, 1, at(2))
    nights.record.release(document, at=at(3), version=1)
    assert nights.record.held() == []
    assert states(nights.record, document) == [(1, "released", True), (2, "current", True)]
    with pytest.raises(UnknownId, match=f"version 1 of {document} is not held"):
        nights.record.release(document, at=at(3), version=1)


def test_a_version_that_stood_for_a_year_is_replaced_and_not_held(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"one", b"two", days=(1, 340))
    nights.record.settle(document, {hashes[0]: "text", hashes[1]: "other"})
    assert states(nights.record, document) == [(1, "replaced", True), (2, "current", True)]
    assert nights.record.held() == []


def test_without_a_text_layer_the_bytes_decide(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"scan one", b"scan two")
    told = nights.record.settle(document, dict.fromkeys(hashes))
    assert [one.kind for one in told] == ["changed_text", "held"]


def test_a_later_and_better_reading_never_makes_a_version(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"scan")
    nights.record.settle(document, {hashes[0]: None})
    assert nights.record.settle(document, {hashes[0]: "text that OCR found"}) == ()
    assert states(nights.record, document) == [(1, "current", True)]


def test_settling_twice_and_settling_late_tell_the_same_once(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"one", b"two", b"three")
    texts = {hashes[0]: "text", hashes[1]: "text", hashes[2]: "other"}
    told = nights.record.settle(document, texts)
    assert [(one.kind, one.version) for one in told] == [
        ("changed_bytes", 1), ("changed_text", 2), ("held", 1),
    ]  # fmt: skip
    assert nights.record.settle(document, texts) == ()
    assert states(nights.record, document) == [
        (1, "held", True), (1, "held", True), (2, "current", True),
    ]  # fmt: skip
    assert len(nights.record.held()) == 1


def test_bytes_that_come_back_with_the_same_text_are_no_news(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"one", b"two")
    nights.record.settle(document, dict.fromkeys(hashes, "text"))
    assert nights.night(3, "a", {"a": b"one"}).stored["a"].result == "same"
    assert states(nights.record, document) == [(1, "current", True), (1, "same_text", True)]
    assert nights.record.settle(document, dict.fromkeys(hashes, "text")) == ()


def test_a_page_with_a_nonce_a_night_leaves_no_trace(record: Record) -> None:
    nights = Nights(record, media_type="text/html")
    document, hashes = nights_of(nights, b"<p>one</p><!--1-->", b"<p>one</p><!--2-->")
    assert record.settle(document, dict.fromkeys(hashes, "text")) == ()
    assert states(record, document) == [(1, "current", True)]
    assert record.document(document).sha256 == hashes[0]
    assert list(record.archive.hashes()) == [hashes[0]]


def test_a_report_that_was_put_back_is_a_new_version_again(nights: Nights) -> None:
    document, hashes = nights_of(nights, b"one", b"two", b"one")
    texts = {hashes[0]: "text", hashes[1]: "other"}
    told = nights.record.settle(document, texts)
    assert [(one.kind, one.version) for one in told] == [
        ("changed_text", 2), ("changed_text", 3), ("held", 1), ("held", 2),
    ]  # fmt: skip
    assert nights.record.document(document).sha256 == hashes[0]
