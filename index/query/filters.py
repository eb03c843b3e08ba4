"""Filters (`--nation Wales --nation Scotland`) as nodes of a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from casereviews.index.analysis import fold, raw_words
from casereviews.index.errors import QueryError
from casereviews.index.fields import BY_NAME, nearest
from casereviews.index.query import tree
from casereviews.repository.fields import Field


def filter_nodes(filters: Mapping[str, Sequence[str]]) -> list[tree.Node]:
    """One node a filter: any of its values (a text is one value). Raises QueryError, which shows the filter as field:value."""
    nodes: list[tree.Node] = []
    for name, values in filters.items():
        field = BY_NAME.get(name)
        if field is None:
            meant = nearest(name, list(BY_NAME))
            hint = f": did you mean {BY_NAME[meant].query}?" if meant else ""
            raise QueryError(f"There is no field “{name}”{hint}", name, 0)
        each = [
            _words(field, value) if field.kind == "text" else tree.Value(field.query, value, -1)
            for value in ([values] if isinstance(values, str) else values)
        ]
        if each:
            nodes.append(each[0] if len(each) == 1 else tree.Any(tuple(each)))
    return nodes


def _words(field: Field, value: str) -> tree.Node:
    """The words of a text filter: of a name or title wherever they stand in it, of a label or area side by side."""
    each = tuple(tree.Word(fold(word), word, -1) for word in raw_words(value))
    if not each:
        raise QueryError(f"A value is missing after {field.query}:", f"{field.query}:{value}", 0)
    if len(each) == 1:
        return tree.Inside(field.query, each[0], -1)
    if field.form != "list":
        return tree.Inside(field.query, tree.Run(each), -1)
    joined = tree.Joined(tuple(word.text for word in each), f'"{" ".join(raw_words(value))}"', -1)
    return tree.Inside(field.query, joined, -1)
