"""Files without a byte are evidence of nothing: such a file is the same as no other."""

from __future__ import annotations

from casereviews.repository.describing.grouping import GroupingInput, group
from casereviews.repository.model import (
    NOTHING,
    Description,
    Document,
    DocumentInput,
    SourceInfo,
)
from casereviews.repository.record import withdrawing
from tests.repository.nights import Nights, at, fetched, link

BOTH_STORES = True


def test_an_empty_file_is_not_where_another_one_moved_to(nights: Nights) -> None:
    nights.night(1, "ab", {"a": b"", "b": b"b" * 9})
    night = nights.night(2, "bc", {"c": b""})
    assert ("moved", None) not in night.told()
    assert len(nights.record.documents()) == 3


def test_an_address_that_leads_to_another_empty_file_joins_nothing(nights: Nights) -> None:
    nights.night(1, "ab", {"a": b"", "b": b""})
    seen = link("a")
    led = fetched(seen, 2, final_url="http://northmoor.test/b.pdf")
    run_id = nights.record.begin_run("refresh", at(2))
    nights.record.record_sightings(run_id, "northmoor", [seen])
    nights.record.store_file(run_id, seen, led, b"")
    assert len(nights.record.documents()) == 2


def test_withdrawing_an_empty_file_takes_no_other_and_refuses_no_other(nights: Nights) -> None:
    first = nights.night(1, "ab", {"a": b"", "b": b""})
    gone, stays = (str(first.stored[name].document_id) for name in "ab")
    with nights.record.transaction() as c:
        withdrawing.take_documents(c, [gone], remaining=(), reason="asked", at=at(2))
    assert [version.document_id for version in nights.record.versions(stays)] == [stays]
    assert nights.night(3, "bc", {"c": b""}).stored["c"].result == "new"


def test_two_empty_files_are_not_one_review() -> None:
    source = SourceInfo("northmoor", "Northmoor Safeguarding Partnership")
    inputs = []
    for name, sha256 in (("d1", NOTHING), ("d2", NOTHING), ("d3", "ab" * 32), ("d4", "ab" * 32)):
        document = Document(name, source.id, f"https://northmoor.test/{name}.pdf", None, "file", "listing", at(1), at(1), "available", 0, "shown", sha256, None, None)  # fmt: skip
        inputs.append(GroupingInput.of(DocumentInput(document, source, ()), Description()))
    groups = group(inputs, same=(), apart=())
    assert sorted(sorted(one.members) for one in groups) == [["d1"], ["d2"], ["d3", "d4"]]
