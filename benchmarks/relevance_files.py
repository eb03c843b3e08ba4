"""Queries and cases as they stand in files, whatever else stands there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class NotReadable(Exception):
    """A file is not of the form; says which line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query, its kind, and the grades (above 0) of the cases that answer it."""

    text: str
    kind: str
    relevant: Mapping[str, float]


def queries_of(file: Path) -> tuple[list[Query], int]:
    """The queries, and how many were left out because nothing relevant to them is named.

    A line is an object with `text` (or `query`), `kind` ("case" when unsaid) and `relevant`: grades by case id, or a list of ids.
    """
    found, without = [], 0
    for where, row in rows_of(file):
        text = row.get("text") or row.get("query")
        if not isinstance(text, str):
            raise NotReadable(f"{where}: a query needs `text`")
        relevant = _grades(row.get("relevant"), where)
        if relevant:
            found.append(Query(text, str(row.get("kind") or "case"), relevant))
        else:
            without += 1
    if not found:
        raise NotReadable(f"{file.name}: no query names a relevant case")
    return found, without


def judged_of(files: Iterable[Path], fold: str) -> list[Query]:
    """The queries of a fold ("dev", "final", "third", "fourth" or "all"; a line without `fold` is of each), also those that nothing answers.

    Raises NotReadable where `relevant` is missing: a query that nothing answers says so with `{}`.
    """
    found = []
    for file in files:
        for where, row in rows_of(file):
            text, relevant = row.get("text") or row.get("query"), row.get("relevant")
            if not isinstance(text, str) or relevant is None:
                raise NotReadable(f"{where}: a judged query needs `text` and `relevant`")
            if fold == "all" or row.get("fold", fold) == fold:
                kind = str(row.get("kind") or "case")
                found.append(Query(text, kind, _grades(relevant, where)))
    return found


def cases_of(file: Path) -> dict[str, str]:
    """Text by id: `facts` (or `text`) by `case_id` (or `id`); cases without a text are left out."""
    found = {}
    for where, row in rows_of(file):
        key = row.get("case_id") or row.get("id")
        if key is None:
            raise NotReadable(f"{where}: a case needs `case_id`")
        text = row.get("facts") or row.get("text")
        if isinstance(text, str) and text.strip():
            found[str(key)] = text
    if not found:
        raise NotReadable(f"{file.name}: no case has `facts`")
    return found


def rows_of(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, object) of JSON lines, or of one JSON list."""
    text = file.read_text("utf-8-sig")
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        whole = None
    if isinstance(whole, list):
        numbered = list(enumerate(whole, 1))
    else:
        numbered = [
            (at, _parsed(line, f"{file.name}, line {at}"))
            for at, line in enumerate(text.splitlines(), 1)
            if line.strip()
        ]
    for at, row in numbered:
        if not isinstance(row, dict):
            raise NotReadable(f"{file.name}, line {at}: not an object")
        yield f"{file.name}, line {at}", row


def _parsed(line: str, where: str) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise NotReadable(f"{where}: {error.msg}") from error


def _grades(given: Any, where: str) -> dict[str, float]:
    if given is None:
        return {}
    if isinstance(given, list):
        return {str(key): 1.0 for key in given}
    try:
        grades = {str(key): float(grade) for key, grade in given.items()}
    except (AttributeError, TypeError, ValueError):
        raise NotReadable(f"{where}: `relevant` is grades by case id, or a list of ids") from None
    return {key: grade for key, grade in grades.items() if grade > 0}
