"""Verbs know the collection, the command line, and lists of fields and codes; no other room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMANDS = Path(__file__).parents[2] / "search_cli" / "commands"
KNOWN = ("casereviews.collection", "casereviews.search_cli")
# Data: the table of fields, codes, and the text that explains the query language.
DATA = (
    "casereviews.index.query.help",
    "casereviews.repository.fields",
    "casereviews.repository.model",
    "casereviews.repository.vocabulary.codes",
)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module in ("casereviews.repository", "casereviews.index", "casereviews.crawler"):
                yield from (f"{module}.{alias.name}" for alias in node.names)
            else:
                yield module


@pytest.mark.parametrize("path", sorted(COMMANDS.glob("*.py")), ids=lambda path: path.stem)
def test_a_verb_imports_no_room_but_the_collection(path: Path) -> None:
    ours = {name for name in imported(path) if name.startswith("casereviews.")}
    beyond = {name for name in ours if not name.startswith(KNOWN) and name not in DATA}
    if path.stem == "demo":
        beyond = {name for name in beyond if not name.startswith("casereviews.demo")}
    assert beyond == set()


@pytest.mark.parametrize("path", sorted(COMMANDS.glob("*.py")), ids=lambda path: path.stem)
def test_a_verb_imports_no_other_verb(path: Path) -> None:
    assert not {one for one in imported(path) if one.startswith("casereviews.search_cli.commands")}
