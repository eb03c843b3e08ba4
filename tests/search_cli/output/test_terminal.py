"""How wide what rich draws may be."""

from __future__ import annotations

import pytest

from search_cli.output import terminal


@pytest.mark.parametrize(("said", "width"), [("80", 80), ("", 120), ("wide", 120), ("0", 120)])
def test_a_pipe_is_as_wide_as_columns_says(
    said: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", said)
    assert terminal.columns() == width
