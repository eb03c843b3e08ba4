"""What became of documents that are listed no more, as `new` and `status` say it."""

from pathlib import Path

import pytest

from casereviews.collection.asking.news import news_since
from casereviews.collection.asking.status import status_of
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.repository.nights import Nights


def test_each_state_of_absence_is_said_in_words(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    with Record.open(home, write=True) as record:
        nights = Nights(record)
        nights.first("abcdefgh")
        for day in (2, 3, 4):
            nights.night(day, "abcdef", there="h")
        for day in (401, 402, 403):
            nights.night(day, "abcd", there="fh")
        nights.night(404, "abcdf")
    assert {one.what for one in news_since(home, "2026-03-02", (), ())} == {
        "missing from the list, night 1 of 3",
        "missing from the list, night 2 of 3",
        "no longer listed, its file is still public",
        "removed from the list, its file is gone",
        "held back: taken off the list, file still public",
        "held back: gone sooner than the source's policy",
        "returned to the list",
    }
    totals = status_of(home).totals
    assert {name: totals[name] for name in ("held", "removed", "unlisted")} == {
        "held": 2,
        "removed": 2,
        "unlisted": 1,
    }


@pytest.mark.parametrize("left", ["", "ab"])
def test_a_list_that_may_have_shrunk_is_told_with_what_confirms_it(
    tmp_path: Path, left: str
) -> None:
    home = Home(tmp_path / "home").create()
    with Record.open(home, write=True) as record:
        nights = Nights(record)
        nights.first("abcdefgh")
        nights.night(2, left)
    (source,) = status_of(home).sources
    assert source.result == "broken"
    assert source.advice == (
        "so much is missing at once that nothing of it was counted: sources check northmoor; where the list has truly shrunk:"
        f" refresh --source northmoor --accept-shrink; {8 - len(left)} of its documents not checked for absence since 2026-03-02"
    )
