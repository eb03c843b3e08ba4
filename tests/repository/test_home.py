"""A home folder is made for its owner."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from casereviews.repository.home import Home


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_a_new_home_is_for_its_owner_only_and_one_that_is_there_keeps_its_mode(
    tmp_path: Path,
) -> None:
    assert Home(tmp_path / "new").create().root.stat().st_mode & 0o777 == 0o700
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o750)
    assert Home(shared).create().root.stat().st_mode & 0o777 == 0o750
