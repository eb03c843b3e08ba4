"""What both databases have in common: an engine, its transactions, and letting go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine


class Transactions:
    """One database behind a context manager; what a method of a subclass changes, it changes in one transaction."""

    engine: Engine

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: all of the block is kept, or none."""
        with self.engine.begin() as connection:
            yield connection
