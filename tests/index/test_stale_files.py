"""Files of segments that are no longer named."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.index.storage.codec import MappedStorage
from casereviews.index.storage.segments import INDEX_NAME, remove_stale


def test_a_file_that_somebody_searches_in_is_left_to_the_next_writer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = [tmp_path / f"{INDEX_NAME}_{letter * 16}.trm" for letter in "ab"]
    for file in stale:
        file.touch()
    refused = PermissionError(13, "Permission denied")
    refused.winerror = 32  # type: ignore[attr-defined] # as on Windows
    delete = MappedStorage.delete_file

    def in_use(storage: MappedStorage, name: str) -> None:
        if name == stale[0].name:
            raise refused
        delete(storage, name)

    monkeypatch.setattr(MappedStorage, "delete_file", in_use)
    remove_stale(MappedStorage(str(tmp_path)), 1, [])
    assert [*tmp_path.iterdir()] == [stale[0]]
    monkeypatch.setattr(MappedStorage, "delete_file", delete)
    remove_stale(MappedStorage(str(tmp_path)), 2, [])
    assert [*tmp_path.iterdir()] == []
