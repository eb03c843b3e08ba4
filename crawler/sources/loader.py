"""Reads the registry: a TOML file per nation, then the home's own `sources.toml` over it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from casereviews.crawler.sources.errors import Problem, RegistryError
from casereviews.crawler.sources.source import FollowRule, Source, Sources
from casereviews.crawler.sources.validate import (
    area_codes,
    check_form,
    check_source,
    check_together,
    nearest,
)
from casereviews.repository.edited_text import edited_text
from casereviews.repository.home import Home

PACKAGED = (
    "england.toml",
    "scotland.toml",
    "wales.toml",
    "northern_ireland.toml",
    "uk.toml",
    "crown_dependencies.toml",
)
RawEntry = dict[str, Any]


def load_sources(overlay: Path | None = None, *, packaged: bool = True) -> Sources:
    """The whole registry, id to entry, in the order of its files.

    `overlay` is a file of the same form (a home's `sources.toml`; a missing one is no error). An entry of it with a new
    id is added at the end; with a known id it changes the fields it gives and keeps the others. Raises `RegistryError`
    with every problem found: file, entry, field, and the nearest right value. Without `packaged` it is the overlay alone.
    """
    own = []
    if overlay is not None and overlay.exists():
        try:
            own = [(str(overlay), edited_text(overlay))]
        except ValueError as error:
            raise RegistryError([Problem(str(overlay), "", "", str(error))]) from error
    return read_sources(packaged_files() if packaged else (), own)


def sources_of_home(home: Home) -> Sources:
    """The registry as a home has it: the packaged one with the home's `sources.toml` over it; of a demo's home that file alone, so that
    it never asks a live site. Raises `RegistryError`."""
    return load_sources(home.sources_toml, packaged=not home.is_demo)


def packaged_files() -> list[tuple[str, str]]:
    """The registry's own files, (file name, TOML) each."""
    folder = files("casereviews.crawler.sources")
    return [(name, (folder / name).read_text(encoding="utf-8")) for name in PACKAGED]


def read_sources(
    packaged: Iterable[tuple[str, str]], own: Iterable[tuple[str, str]] = ()
) -> Sources:
    """The registry from the text of its files, (file name, TOML) each; raises `RegistryError`."""
    problems: list[Problem] = []
    raw: dict[str, tuple[str, RawEntry]] = {}
    for name, text in packaged:
        for entry in _entries(name, text, problems):
            problems += check_form(name, entry, whole=True)
            key = str(entry.get("id", ""))
            if key in raw:
                problems.append(Problem(name, key, "id", f"is already used in {raw[key][0]}"))
            raw[key] = (name, entry)
    for name, text in own:
        _overlay(name, text, raw, problems)
    if problems:
        raise RegistryError(problems)
    sources: dict[str, Source] = {}
    for key, (name, entry) in raw.items():
        source = make_source(entry)
        problems += [
            Problem(name, key, field, message)
            for field, message in check_source(source, entry.get("hosts", ()))
        ]
        sources[key] = source
    problems += [
        Problem(raw[key][0], key, field, message) for key, field, message in check_together(sources)
    ]
    if problems:
        raise RegistryError(problems)
    return sources


def _entries(name: str, text: str, problems: list[Problem]) -> list[RawEntry]:
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(
            Problem(name, "", "", f"is not valid TOML: {error}; mend the file or remove it")
        )
        return []
    problems += [
        Problem(name, "", key, f"unknown; {nearest(key, ['source'])} Entries start with [[source]]")
        for key in content
        if key != "source"
    ]
    entries = content.get("source", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.append(Problem(name, "", "source", "entries start with [[source]]"))
        return []
    return entries


def _overlay(
    name: str, text: str, raw: dict[str, tuple[str, RawEntry]], problems: list[Problem]
) -> None:
    seen: set[str] = set()
    for entry in _entries(name, text, problems):
        key = str(entry.get("id", ""))
        known = raw.get(key)
        found = check_form(name, entry, whole=known is None)
        if known is None and any(problem.message == "is missing" for problem in found) and raw:
            hint = f"'{key}' is no entry of the registry; {nearest(key, raw)}"
            found.insert(0, Problem(name, key, "id", hint))
        if key in seen:
            found.append(Problem(name, key, "id", "stands twice in this file"))
        seen.add(key)
        problems += found
        raw[key] = (name, {**(known[1] if known else {}), **entry})


def make_source(entry: Mapping[str, Any]) -> Source:
    """The entry as a `Source`; the form must have been checked. Start hosts become allowed hosts."""
    values: dict[str, Any] = dict(entry)
    for field in ("skip", "start_urls"):
        values[field] = tuple(values.get(field, ()))
    codes = [code for area in values.get("areas", ()) for code in area_codes(area)]
    values["areas"] = tuple(dict.fromkeys(codes))
    start_hosts = [urlsplit(url).netloc.lower() for url in values["start_urls"]]
    named = [host.lower() for host in values.get("hosts", ())]
    values["hosts"] = tuple(dict.fromkeys([*named, *start_hosts]))
    values["follow"] = tuple(FollowRule(**rule) for rule in values.get("follow", ()))
    values["same_as"] = tuple((a, b) for a, b in values.get("same_as", ()))
    options: Mapping[str, object] = values.get("options", {})
    values["options"] = tuple((key, _as_text(value)) for key, value in options.items())
    return Source(**values)


def with_changes(source: Source, change: Mapping[str, Any]) -> Source:
    """`source` with the fields of a raw entry in `change`; their form is taken as right."""
    values: dict[str, Any] = dict(change)
    if "follow" in values:
        values["follow"] = tuple(FollowRule(**rule) for rule in values["follow"])
    for field in ("start_urls", "hosts"):
        if field in values:
            values[field] = tuple(values[field])
    made = replace(source, **values)
    start_hosts = [urlsplit(url).netloc.lower() for url in made.start_urls]
    return replace(made, hosts=tuple(dict.fromkeys([*made.hosts, *start_hosts])))


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return " ".join(str(item) for item in value)
    return str(value)
