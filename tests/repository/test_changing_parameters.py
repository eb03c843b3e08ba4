"""Parameters that are others on every visit are found out, night by night; what tells documents apart is not."""

from __future__ import annotations

from typing import Any

import pytest

from casereviews.repository.model import Sighting
from casereviews.repository.record import Record, withdrawing
from casereviews.repository.record.changing_parameters import changed_only
from tests.repository.nights import Nights, fetched, link

BOTH_STORES = True

SITE = "http://northmoor.test"


@pytest.fixture
def nights(record: Record) -> Nights:
    return Nights(record)


def one_night(
    nights: Nights, day: int, files: dict[str, str], **said: Any
) -> list[tuple[str, int | None]]:
    """Sight and fetch files (address: words, which are the bytes too) on the list; what is told."""
    seen = [
        link("x", file_url=SITE + at, link_text=words, **said.get(at, {}))
        for at, words in files.items()
    ]
    run = nights.record.begin_run("refresh", f"2026-03-{day:02}T01:00:00Z")
    nights.record.put_source(nights.board)
    for one in seen:
        nights.record.store_file(run, one, fetched(one, day), one.link_text.encode() * 9)
        nights.record.record_fetch(
            run, fetched(one, day, sha256="f" * 64, etag=f'"{one.link_text}"')
        )
    return nights.night(day, seen).told()


def learnt(nights: Nights) -> int:
    return len(nights.record.changing_parameters("northmoor"))


def two(t: int, *, at: str = "/download/{}/?t={}") -> dict[str, str]:
    return {at.format(n, t): f"Child {name} report" for n, name in ((51, "Ash"), (53, "Birch"))}


def test_two_documents_whose_addresses_change_while_their_bytes_stay_are_enough(
    nights: Nights,
) -> None:
    assert one_night(nights, 1, two(1)) == [("new", None)] * 2
    assert one_night(nights, 2, two(2)) == []
    assert learnt(nights) == 1
    assert one_night(nights, 3, two(3)) == []
    # A new file of the same place is known by its address without the parameter from its first night.
    third = {**two(4), "/download/60/?t=4": "Child Cedar report"}
    assert one_night(nights, 4, third) == [("new", None)]
    assert (
        one_night(nights, 5, {at.replace("t=4", "t=5"): words for at, words in third.items()}) == []
    )
    with_state = nights.record.url_state(f"{SITE}/download/51/?t=99", "northmoor")
    assert with_state is not None
    assert with_state.etag == '"Child Ash report"'
    assert nights.record.url_state(f"{SITE}/download/51/?t=99") is None


def test_of_one_document_two_changes_are_needed(nights: Nights) -> None:
    told = [one_night(nights, day, {f"/get?v={day}": "Child Ash report"}) for day in (1, 2, 3, 4)]
    assert told == [[("new", None)], [("moved", None)], [], []]
    assert learnt(nights) == 1


NOT_LEARNT: dict[str, list[dict[str, str]]] = {
    "numbers of one script": [
        {f"/get?id={n}": f"Child {name} report" for n, name in zip(ids, ("Ash", "Birch"), strict=True)}
        for ids in ((7, 8), (17, 18), (27, 28))
    ],
    "another's bytes": [{f"/get?id={n}": f"Child {n} report"} for n in (7, 8, 9)],
    "one keeps its value": [{"/f/b.pdf?v=1": "Child Birch report", f"/f/a.pdf?v={n}": "Child Ash report"} for n in (1, 2, 3)],
    "another path": [{f"/{n}/get?t={n}": "Child Ash report"} for n in (1, 2, 3)],
    "a parameter more": [{f"/get?{'t=1&' * n}u=2": "Child Ash report"} for n in (1, 2, 3)],
}  # fmt: skip


@pytest.mark.parametrize("listed", NOT_LEARNT.values(), ids=NOT_LEARNT)
def test_what_may_tell_documents_apart_is_never_taken_for_a_changing_parameter(
    nights: Nights, listed: list[dict[str, str]]
) -> None:
    for day, files in enumerate(listed, 1):
        one_night(nights, day, files)
    assert learnt(nights) == 0


def test_a_changing_title_is_no_evidence(nights: Nights) -> None:
    for day in (1, 2, 3):
        seen = link("x", file_url=f"{SITE}/get?id={day}", link_text=f"Child {day} report")
        nights.night(day, [seen], finish=False)
        run = nights.record.begin_run("refresh", f"2026-03-{day:02}T01:00:00Z")
        nights.record.store_file(run, seen, fetched(seen, day), b"the same")
        nights.night(day, [seen])
    assert learnt(nights) == 0


def test_a_file_on_two_pages_with_two_values_is_learnt_and_two_on_one_page_are_not(
    nights: Nights,
) -> None:
    def listed(day: int, page: str | None) -> list[Sighting]:
        seen = []
        for n in (1, 2):
            for value, where in ((day, None), (day + 50, page)):
                at = f"{SITE}/d/{n}/?t={value}"
                seen.append(link("x", file_url=at, link_text=f"Child {n} report", detail_url=where))
        return seen

    def night(day: int, page: str | None) -> None:
        run = nights.record.begin_run("refresh", f"2026-03-{day:02}T01:00:00Z")
        nights.record.put_source(nights.board)
        seen = listed(day, page)
        for one in seen:
            nights.record.store_file(run, one, fetched(one, day), one.link_text.encode())
        nights.night(day, seen)

    for day in (1, 2):
        night(day, None)
    assert learnt(nights) == 0
    for day in (3, 4):
        night(day, f"{SITE}/reviews/page")
    assert learnt(nights) == 1


def test_what_was_found_out_can_be_taken_back(nights: Nights) -> None:
    one_night(nights, 1, two(1))
    one_night(nights, 2, two(2))
    nights.record.forget_changing_parameters("northmoor")
    assert learnt(nights) == 0
    assert one_night(nights, 3, two(2)) == []


@pytest.mark.parametrize(
    ("was", "became", "names"),
    [
        ("/a?t=1", "/a?t=2", {"t"}),
        ("/a?id=7&t=1&u=x", "/a?id=7&t=2&u=y", {"t", "u"}),
        ("/a?t=1", "/a?t=1", set()),
        ("/a?t=1", "/b?t=2", set()),
        ("/a?t=1", "/a?t=1&u=2", set()),
        ("/a", "/a", set()),
    ],
)
def test_what_differs_between_two_addresses(was: str, became: str, names: set[str]) -> None:
    assert {one.name for one in changed_only(SITE + was, SITE + became)} == names


def test_of_a_withdrawn_document_no_path_is_kept_and_its_new_addresses_stay_refused(
    nights: Nights,
) -> None:
    for day in (1, 2, 3):
        one_night(nights, day, {f"/wren-smith?t={day}": "Child Wren report"})
    assert learnt(nights) == 1
    (document,) = nights.record.documents()
    with nights.record.transaction() as c:
        withdrawing.take_documents(
            c, [document.id], remaining=(), reason="asked", at="2026-03-04T01:00:00Z"
        )
    ((pattern, _),) = nights.record.changing_parameters("northmoor")
    assert "wren" not in pattern
    assert nights.record.refuses(link("x", file_url=f"{SITE}/wren-smith?t=5"))
    assert one_night(nights, 5, {"/wren-smith?t=5": "Child Wren report"}) == []
