"""What a program ends with is said by the errors themselves."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest

import casereviews
from casereviews.collection.errors import CollectionError
from casereviews.crawler.errors import CrawlerError
from casereviews.index.errors import SearchError
from casereviews.repository.errors import RepositoryError
from casereviews.search_cli.errors import as_click_exception

BASES = (CollectionError, CrawlerError, RepositoryError, SearchError)
ASKED_WRONGLY = {
    "CorrectionError",
    "QueryError",
    "RegistryError",
    "RequestError",
    "TomlError",
    "UnknownId",
    "UnknownSource",
    "VocabularyError",
}


def errors_of_the_rooms() -> dict[str, type[BaseException]]:
    found: dict[str, type[BaseException]] = {}
    for module in pkgutil.walk_packages(casereviews.__path__, "casereviews."):
        if module.name.rpartition(".")[2] == "errors" and "search_cli" not in module.name:
            for name, kind in inspect.getmembers(importlib.import_module(module.name)):
                if inspect.isclass(kind) and issubclass(kind, BASES):
                    found[name] = kind
    return found


def test_every_error_of_the_rooms_carries_its_exit_code() -> None:
    codes = {name: getattr(kind, "exit_code", None) for name, kind in errors_of_the_rooms().items()}
    wrong = {name for name, code in codes.items() if code == 2}
    assert {name for name in wrong if name in codes} >= ASKED_WRONGLY & codes.keys()
    assert {code for name, code in codes.items() if name not in wrong} == {3}
    assert codes.keys() >= ASKED_WRONGLY


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("code", [2, 3])
def test_a_new_error_leaves_with_the_code_that_it_carries(base: type[Exception], code: int) -> None:
    made = type("MadeInATest", (base,), {"exit_code": code})
    told = as_click_exception(made("what to do"))
    assert told is not None
    assert (told.exit_code, told.message) == (code, "what to do")


def test_the_edge_knows_no_names_of_errors() -> None:
    text = (Path(__file__).parents[2] / "search_cli" / "errors.py").read_text("utf-8")
    assert not [name for name in errors_of_the_rooms() if f'"{name}"' in text]
    assert "casereviews." not in text


def test_a_file_that_another_program_has_open_is_no_matter_of_another_folder() -> None:
    error = PermissionError(13, "Permission denied", "report.pdf")
    error.winerror = 32  # type: ignore[attr-defined] # as on Windows
    told = as_click_exception(error)
    assert told is not None
    assert told.exit_code == 3
    assert "another program has it open" in told.message
    assert "run the same command again" in told.message
