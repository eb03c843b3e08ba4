"""Filters (`--nation Wales --nation Scotland`) as nodes of a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index import tree
from index.analysis import words
from index.errors import QueryError
from index.fields import BY_NAME, nearest


def filter_nodes(filters: Mapping[str, Sequence[str]]) -> list[tree.Node]:
    """One node a filter: any of its values. Raises QueryError, which shows the filter as field:value."""
    nodes: list[tree.Node] = []
    for name, values in filters.items():
        field = BY_NAME.get(name)
        if field is None:
            meant = nearest(name, list(BY_NAME))
            hint = f": did you mean {BY_NAME[meant].name}?" if meant else ""
            raise QueryError(f"There is no field “{name}”{hint}", name, 0)
        each: list[tree.Node] = []
        for value in values:
            if field.kind == "text":
                parts = tuple(words(value))
                if not parts:
                    raise QueryError(
                        f"A value is missing after {field.name}:", f"{field.name}:{value}", 0
                    )
                joined = (
                    tree.Joined(parts, value, -1)
                    if len(parts) > 1
                    else tree.Word(parts[0], value, -1)
                )
                each.append(tree.Inside(field.name, joined, -1))
            else:
                each.append(tree.Value(field.name, value, -1))
        if each:
            nodes.append(each[0] if len(each) == 1 else tree.Any(tuple(each)))
    return nodes
