"""`datapackage.json`: tables described for programs, as the Data Package standard has it (specs.frictionlessdata.io, version 1).

Written from the schema, because a program that guesses takes lists for text. The codes of a list are in `arrayItem`, which frictionless-py
reads; the standard itself says nothing of the items of an array.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

from casereviews.collection.output.tables import schema
from casereviews.collection.output.tables.form import About, Unlisted
from casereviews.collection.output.tables.schema import TABLES, Column, Table
from casereviews.repository.vocabulary import Vocabulary

DESCRIPTOR = "datapackage.json"
_TYPES = {
    schema.TEXT: "string",
    schema.INTEGER: "integer",
    schema.NUMBER: "number",
    schema.BOOLEAN: "boolean",
    schema.DATE: "date",
    schema.LIST: "array",
}


def described(
    folder: Path,
    about: About,
    vocabulary: Vocabulary,
    unlisted: Unlisted,
    ending: str,
    **said: object,
) -> dict[str, object]:
    """The descriptor of the files of a folder, one a table named by it and `ending`; `said` holds for each."""
    resources = []
    for table in TABLES:
        path = folder / f"{table.name}{ending}"
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        resources.append(
            {
                "name": table.name,
                "path": path.name,
                "title": table.name.capitalize(),
                "description": table.about,
                "profile": "tabular-data-resource",
                "format": ending[1:],
                **said,
                "bytes": path.stat().st_size,
                "hash": f"sha256:{digest}",
                "schema": _schema(table, vocabulary, unlisted),
            }
        )
    return {"profile": "tabular-data-package", **about, "resources": resources}


def _schema(table: Table, vocabulary: Vocabulary, unlisted: Unlisted) -> dict[str, object]:
    made: dict[str, object] = {
        "fields": [
            _field(one, vocabulary, unlisted.get((table.name, one.name), ()))
            for one in table.columns
        ],
        "primaryKey": list(table.key),
    }
    if table.refers:
        made["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": other, "fields": [column]}}
            for column, other in table.refers
        ]
    return made


def _field(column: Column, vocabulary: Vocabulary, unlisted: Collection[str]) -> dict[str, object]:
    made: dict[str, object] = {
        "name": column.name,
        "type": _TYPES[column.type],
        "description": column.about,
    }
    constraints: dict[str, object] = {"required": True} if column.required else {}
    if codes := [*column.codes_in(vocabulary), *sorted(unlisted)]:
        if column.type == schema.LIST:
            made["arrayItem"] = {"type": "string", "constraints": {"enum": codes}}
        else:
            constraints["enum"] = codes
    elif column.type == schema.LIST:
        made["arrayItem"] = {"type": "string"}
    if column.unit:
        made["unit"] = column.unit
    return made | ({"constraints": constraints} if constraints else {})
