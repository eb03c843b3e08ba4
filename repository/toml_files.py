"""TOML files of the home that people edit and programs change: comments, order and other entries stay as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.repository.edited_text import edited_text
from casereviews.repository.errors import TomlError
from casereviews.repository.whole_files import write_whole

if TYPE_CHECKING:
    from tomlkit import TOMLDocument


def read_toml(path: Path) -> dict[str, Any]:
    """What a file says; empty when it is not there. Raises TomlError when it cannot be read."""
    try:
        return tomllib.loads(edited_text(path))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TomlError(f"{path} is no valid TOML ({error}): mend the file or remove it") from error
    except ValueError as error:
        raise TomlError(str(error)) from error


def read_entries(path: Path, name: str) -> list[dict[str, Any]]:
    """The `[[name]]` tables of a file; none when it is not there. Raises TomlError when it cannot be read or holds something else."""
    said = read_toml(path).get(name, [])
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise TomlError(f"{path}{_line_of(path, name)}: write each {name} under a line [[{name}]]")
    return said


def read_word(path: Path, name: str) -> str | None:
    """A text at the top of a file; None when it is not said, or empty. Raises TomlError when it is no text in one line."""
    said = read_toml(path).get(name)
    if said is None or said == "":
        return None
    if not isinstance(said, str) or not said.isprintable():
        raise TomlError(
            f'{path}{_line_of(path, name)}: write {name} = "..." with a text in one line'
        )
    return said


def read_switch(path: Path, name: str) -> bool | None:
    """A `true` or `false` at the top of a file; None when it is not said. Raises TomlError when it is something else."""
    said = read_toml(path).get(name)
    if said is None or isinstance(said, bool):
        return said
    raise TomlError(f"{path}{_line_of(path, name)}: write {name} = true or {name} = false")


def _line_of(path: Path, name: str) -> str:
    """Where a name first stands at the beginning of a line, in words; "" when nothing shows it."""
    found = re.search(rf"^[ \t]*\[*[ \t]*{re.escape(name)}\b", edited_text(path), re.MULTILINE)
    return f", line {edited_text(path).count(chr(10), 0, found.start()) + 1}" if found else ""


@contextmanager
def changing_toml(path: Path, *, opening: str = "") -> Iterator[TOMLDocument]:
    """The file as a document to change; it is written when the block ends well.

    `opening` is the text that a new file starts with. Raises TomlError, and writes nothing, when the file cannot be read.
    """
    import tomlkit

    read_toml(path)
    document = tomlkit.parse(edited_text(path) if path.exists() else opening)
    yield document
    changed = document.as_string()
    tomllib.loads(changed)  # what could not be read again is never written
    write_whole(path, changed)


def put_value(path: Path, name: str, value: str | None) -> None:
    """Set one key at the top of a file; None removes it."""
    with changing_toml(path) as document:
        if value is None:
            document.pop(name, None)
        else:
            document[name] = value


def add_entry(path: Path, name: str, entry: Mapping[str, Any], *, opening: str = "") -> None:
    """Add one `[[name]]` at the end of its like."""
    add_entries(path, name, [entry], opening=opening)


def add_entries(
    path: Path, name: str, entries: Iterable[Mapping[str, Any]], *, opening: str = ""
) -> None:
    """Add `[[name]]` entries at the end of their like, all or none."""
    with changing_toml(path, opening=opening) as document:
        for entry in entries:
            _add(document, name, entry)


def _add(document: TOMLDocument, name: str, entry: Mapping[str, Any]) -> None:
    import tomlkit

    if not document.get(name):
        document.pop(name, None)
        document[name] = tomlkit.aot()
    listed = isinstance(document[name], tomlkit.items.Array)  # name = [{...}, {...}]
    table: Any = tomlkit.inline_table() if listed else tomlkit.table()
    for key, value in entry.items():
        if isinstance(value, Mapping):
            table[key] = tomlkit.inline_table()
            table[key].update(value)
        else:
            table[key] = value
    if not listed and document.as_string().strip():
        table.trivia.indent = "\n"
    document[name].append(table)


def with_entry_changed(
    path: Path, name: str, entry_id: str, changes: Mapping[str, Any], *, opening: str = ""
) -> tuple[str, str]:
    """The file's text as it is, and with `changes` in the `[[name]]` of this id, which is added when there is none. Writes nothing.

    Raises TomlError when the file cannot be read.
    """
    import tomlkit

    read_toml(path)
    text = edited_text(path) if path.exists() else ""
    document = tomlkit.parse(text or opening)
    listed: Any = document.get(name) or tomlkit.aot()
    entry = next((one for one in listed if one.get("id") == entry_id), None)
    if entry is None:
        inline = isinstance(listed, tomlkit.items.Array)  # name = [{...}, {...}]
        entry = tomlkit.inline_table() if inline else tomlkit.table()
        entry["id"] = entry_id
        if not inline and document.as_string().strip():
            entry.trivia.indent = "\n"
        listed.append(entry)
        entry = listed[-1]
    for key, value in changes.items():
        entry[key] = _plain(value)
    if name not in document:
        document[name] = listed
    return text, document.as_string()


def _plain(value: Any) -> Any:
    """A value as people would write it: tables in a list inline, a list of more than one a line each."""
    import tomlkit

    if isinstance(value, Mapping):
        table = tomlkit.inline_table()
        table.update(value)
        return table
    if isinstance(value, list):
        array = tomlkit.array().multiline(len(value) > 1)
        array.extend(_plain(one) for one in value)
        return array
    return value


def write_toml(path: Path, text: str) -> None:
    """Replace a file by `text`, whole; raises tomllib.TOMLDecodeError, and writes nothing, when it could not be read again."""
    tomllib.loads(text)
    write_whole(path, text)


def remove_entries(path: Path, name: str, gone: Callable[[Mapping[str, Any]], bool]) -> None:
    """Take out every `[[name]]` for which `gone` says so; without one the file is not touched."""
    entries = read_entries(path, name)
    remove_places(path, name, [place for place, entry in enumerate(entries) if gone(entry)])


def remove_places(path: Path, name: str, places: Iterable[int]) -> None:
    """Take out the `[[name]]` at these places, counted from 0; without one the file is not touched."""
    if not (last_first := sorted(places, reverse=True)):
        return
    with changing_toml(path) as document:
        for place in last_first:
            del document[name][place]
        if not document[name]:
            del document[name]
