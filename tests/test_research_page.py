"""The Python of docs/RESEARCH.md and of README's line for notebooks runs as it is printed."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import re
from pathlib import Path
from typing import Any

import pytest

import casereviews
from casereviews.repository.home import Home

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"```python\n(.*?)```\n(?:\n```text\n(.*?)```)?", re.S)
DESCRIPTION = "a baby of four months died after unsafe sleep on a sofa"


def blocks(page: str) -> list[tuple[str, str]]:
    """The Python of a page that is for notebooks, each block with its output."""
    found = BLOCK.findall((ROOT / page).read_text("utf-8"))
    return [one for one in found if "casereviews.open(" in one[0] or page != "README.md"]


def run(page: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What each block of a page prints over a home, beside what the page says; what needs the extra [data] is left out without it."""
    monkeypatch.setattr("getpass.getpass", lambda _: DESCRIPTION)
    names: dict[str, object] = {}
    compared = []
    opened: list[casereviews.Notebook] = []

    def open_kept(*said: Any, **how: Any) -> casereviews.Notebook:
        opened.append(opened_by(*said, **how))
        return opened[-1]

    opened_by = casereviews.open
    monkeypatch.setattr(casereviews, "open", open_kept, raising=False)
    try:
        for code, output in blocks(page):
            if "to_pandas" in code and not has_data():
                continue
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(code.replace('"FOLDER"', repr(str(home))), names)
            compared.append((printed.getvalue(), output))
    finally:
        # A notebook's collection stays open until its kernel ends; here it would outlive the test.
        for one in opened:
            one.close()
    return compared


def has_data() -> bool:
    """Whether the extra [data] is installed."""
    return all(map(importlib.util.find_spec, ("pandas", "pyarrow")))


def test_the_page_for_researchers_runs(built: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = [printed for printed, _ in run("docs/RESEARCH.md", built.root, monkeypatch)]
    assert len(outputs) == (5 if has_data() else 4)
    assert outputs[0].splitlines()[0] == (
        '<1 review: "professional curiosity"; adult reviews hidden (scope:all shows them)>'
    )
    assert "death | page 2 | Child Q was a baby of four months" in "".join(outputs)
    assert "3 pages, 1" in "".join(outputs)
    assert outputs[-1].startswith("A finding aid")


def test_readmes_line_for_notebooks_runs(built: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    if not has_data():
        pytest.skip("the [data] extra is not installed")
    ((printed, _),) = run("README.md", built.root, monkeypatch)
    assert "2021-03  Northmoor Safeguarding Partnership     1" in printed
