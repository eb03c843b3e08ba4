"""Saved searches: a file that people may edit, and what each found when it last ran.

`saved.toml` in the home holds `[[search]]` entries: name, query, filters, exact, grammar. `grammar` is the version of the query
language that the query was written in, so that a later one can still read it. What was found stands in
`feeds/saved/<name>.json`: ids only, never a snippet. `reviews` is what the last refresh found, so that a feed misses nothing;
`shown` is what its user was last shown by `saved run`.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casereviews.repository.home import Home
from casereviews.search_cli.errors import BadRequest

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
        entries = tomllib.loads(home.saved_toml.read_text("utf-8-sig")).get("search", [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadRequest(f"{home.saved_toml}: {error}; mend the file or remove it") from error
    found = {}
    for number, item in enumerate(entries, 1):
        search = _read(item, f"{home.saved_toml}: search {number}")
        if search.name in found:
            raise BadRequest(
                f"{home.saved_toml}: search {number}: there are two searches '{search.name}': rename one"
            )
        found[search.name] = search
    return found


def _read(item: Mapping[str, Any], where: str) -> SavedSearch:
    try:
        search = SavedSearch(
            name=checked_name(str(item["name"])),
            query=str(item["query"]),
            filters={k: _values(v) for k, v in dict(item.get("filters", {})).items()},
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


def _values(value: Any) -> tuple[str, ...]:
    """A list of values; one that was written without its brackets is one value."""
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


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


def seen(home: Home, name: str, by: str = "reviews") -> set[str]:
    """Review ids that the search had found when a refresh last ran it (`reviews`) or its user did (`shown`)."""
    found = _kept(home, name).get(by, [])
    return set(found) if isinstance(found, list) else set()


def refreshed_at(home: Home, name: str) -> str | None:
    """When a refresh last ran the search."""
    at = _kept(home, name).get("at")
    return str(at) if at else None


def remember(home: Home, name: str, reviews: set[str], at: str, by: str = "reviews") -> None:
    """Keep what the search found now."""
    file = results_file(home, name)
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = {**_kept(home, name), "at" if by == "reviews" else f"{by}_at": at, by: sorted(reviews)}
    temporary = file.with_suffix(".tmp")
    temporary.write_text(json.dumps(kept, indent=1), "utf-8")
    temporary.replace(file)


def _kept(home: Home, name: str) -> dict[str, Any]:
    try:
        kept = json.loads(results_file(home, name).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
