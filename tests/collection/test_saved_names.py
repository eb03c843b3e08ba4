"""Names of saved searches are names of files, on every system."""

from __future__ import annotations

import pytest

from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.saved_searches import checked_name


@pytest.mark.parametrize(
    "name", ["con", "nul", "aux", "prn", "com1", "lpt9", "Con", "a.b", "a b", ""]
)
def test_a_name_that_no_file_can_have_is_refused(name: str) -> None:
    with pytest.raises(RequestError, match="is no name for a search"):
        checked_name(name)


@pytest.mark.parametrize("name", ["conduct", "con-artist", "com10", "nulls", "bruising"])
def test_a_name_that_begins_like_one_of_a_device_is_taken(name: str) -> None:
    assert checked_name(name) == name
