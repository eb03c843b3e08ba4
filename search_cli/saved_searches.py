"""Saved searches: a file that people may edit, and what each found when it last ran.

`saved.toml` in the home holds `[[search]]` entries: name, query, filters, exact, grammar. `grammar` is the version of the query
language that the query was written in, so that a later one can still read it. What was found stands in
`feeds/saved/<name>.json`: ids only, never a snippet.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from repository.home import Home
from search_cli.errors import BadRequest

GRAMMAR = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A named search. `filters` maps filter names to values, as the options of `search` do."""

    name: str
    query: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exact: bool = False
    grammar: int = GRAMMAR


def load(home: Home) -> dict[str, SavedSearch]:
    """The saved searches by name; raises BadRequest naming file and entry when one cannot be read."""
    if not home.saved_toml.exists():
        return {}
    try:
        entries = tomllib.loads(home.saved_toml.read_text("utf-8")).get("search", [])
    except tomllib.TOMLDecodeError as error:
        raise BadRequest(f"{home.saved_toml}: {error}; mend the file or remove it") from error
    found = {}
    for number, item in enumerate(entries, 1):
        search = _read(item, f"{home.saved_toml}: search {number}")
        found[search.name] = search
    return found


def _read(item: Mapping[str, Any], where: str) -> SavedSearch:
    try:
        search = SavedSearch(
            name=checked_name(str(item["name"])),
            query=str(item["query"]),
            filters={k: tuple(map(str, v)) for k, v in dict(item.get("filters", {})).items()},
            exact=bool(item.get("exact", False)),
            grammar=int(item.get("grammar", GRAMMAR)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest(f"{where} needs a name and a query ({error})") from error
    if search.grammar > GRAMMAR:
        raise BadRequest(
            f"{where} is written in query language {search.grammar}, this casereviews knows {GRAMMAR}: upgrade it"
        )
    return search


def checked_name(name: str) -> str:
    """A name that can be a file's name: small letters, digits and hyphens."""
    if not _NAME.fullmatch(name):
        raise BadRequest(f"'{name}' is no name for a search: use small letters, digits and hyphens")
    return name


def store(home: Home, searches: Mapping[str, SavedSearch]) -> None:
    """Write all saved searches back, in the order of the mapping."""
    lines = ["# Saved searches of casereviews; edit freely.", ""]
    for search in searches.values():
        lines += ["[[search]]", f"name = {_toml(search.name)}", f"query = {_toml(search.query)}"]
        lines += [f"exact = {str(search.exact).lower()}", f"grammar = {search.grammar}"]
        pairs = ", ".join(
            f"{_toml(name)} = [{', '.join(map(_toml, values))}]"
            for name, values in search.filters.items()
        )
        lines += [f"filters = {{ {pairs} }}" if pairs else "filters = {}", ""]
    temporary = home.saved_toml.with_suffix(".tmp")
    temporary.write_text("\n".join(lines), "utf-8")
    temporary.replace(home.saved_toml)


def _toml(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def results_file(home: Home, name: str) -> Path:
    """Where the ids of a search's last run stand."""
    return home.feeds / "saved" / f"{name}.json"


def seen(home: Home, name: str) -> set[str]:
    """Review ids that the search had found when it last ran."""
    try:
        return set(json.loads(results_file(home, name).read_text("utf-8"))["reviews"])
    except (FileNotFoundError, json.JSONDecodeError, KeyError):
        return set()


def remember(home: Home, name: str, reviews: set[str], at: str) -> None:
    """Keep what the search found now."""
    file = results_file(home, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps({"at": at, "reviews": sorted(reviews)}, indent=1), "utf-8")
    temporary.replace(file)
