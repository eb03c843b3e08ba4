"""The rows of one database brought into another, whatever servers they are of: table by table, in the order of their keys.

A copy that was stopped goes on where it stopped: rows that are there already are compared, not written again. Where the other place
holds anything else, as after nights that changed what is copied, it is emptied and filled anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Engine, MetaData, Table, func, literal, select, tuple_

AT_ONCE = 500
"""Rows that are read and written at once, in one transaction."""

Key = tuple[Any, ...]
Rows = dict[Key, tuple[Any, ...]]
Done = Callable[[int], None]


class _OtherRows(Exception):
    """The other place holds a row that is not of what is copied."""


def copy_rows(source: Engine, target: Engine, metadata: MetaData, done: Done) -> bool:
    """Bring every row of the tables of `metadata` to `target`, which has those tables; whether it held others, which were deleted.

    `done` is told how many rows are there, again and again. Nobody else writes to either.
    """
    try:
        _bring_all(source, target, metadata, done)
    except _OtherRows:
        empty(target, metadata)
        _bring_all(source, target, metadata, done)
        return True
    return False


def rows_of(engine: Engine, metadata: MetaData) -> dict[str, int]:
    """How many rows each table has."""
    with engine.begin() as c:
        return {
            table.name: int(c.execute(select(func.count()).select_from(table)).scalar_one())
            for table in metadata.sorted_tables
        }


def differing(source: Engine, target: Engine, metadata: MetaData) -> Iterator[str]:
    """The names of the tables of which not every row is the same, every value compared."""
    counted, there = rows_of(source, metadata), rows_of(target, metadata)
    for table in metadata.sorted_tables:
        if counted[table.name] != there[table.name] or any(
            here != _between(target, table, after, upto)
            for after, upto, here in _portions(source, table)
        ):
            yield table.name


def empty(engine: Engine, metadata: MetaData) -> None:
    """Take every row out, in one transaction."""
    with engine.begin() as c:
        for table in reversed(metadata.sorted_tables):
            c.execute(table.delete())


def _bring_all(source: Engine, target: Engine, metadata: MetaData, done: Done) -> None:
    number = 0
    for table in metadata.sorted_tables:
        for after, upto, here in _portions(source, table):
            _bring(target, table, after, upto, here)
            number += len(here)
            done(number)


def _bring(target: Engine, table: Table, after: Key | None, upto: Key | None, here: Rows) -> None:
    there = _between(target, table, after, upto)
    if there.keys() - here.keys() or any(here[key] != row for key, row in there.items()):
        raise _OtherRows
    names = [column.name for column in table.columns]
    lacking = [dict(zip(names, row, strict=True)) for key, row in here.items() if key not in there]
    if lacking:
        with target.begin() as c:
            c.execute(table.insert(), lacking)


def _portions(engine: Engine, table: Table) -> Iterator[tuple[Key | None, Key | None, Rows]]:
    """All rows by AT_ONCE in key order: (the key before them, their last key, they); the last portion has no last key."""
    after: Key | None = None
    while True:
        here = _between(engine, table, after, None, AT_ONCE)
        upto = list(here)[-1] if len(here) == AT_ONCE else None
        yield after, upto, here
        if upto is None:
            return
        after = upto


def _between(
    engine: Engine, table: Table, after: Key | None, upto: Key | None, limit: int | None = None
) -> Rows:
    """The rows after one key up to another, in key order."""
    keys = tuple(table.primary_key.columns)
    query = select(table).order_by(*keys).limit(limit)
    if after is not None:
        query = query.where(_is_after(keys, after))
    if upto is not None:
        query = query.where(~_is_after(keys, upto))
    places = [list(table.columns).index(column) for column in keys]
    with engine.begin() as c:
        rows = [tuple(row) for row in c.execute(query)]
    return {tuple(row[place] for place in places): row for row in rows}


def _is_after(keys: tuple[Column[Any], ...], key: Key) -> ColumnElement[bool]:
    values = (literal(value, column.type) for column, value in zip(keys, key, strict=True))
    return tuple_(*keys) > tuple_(*values)
