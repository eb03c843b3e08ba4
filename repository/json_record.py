"""Records that are told as they stand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any


class JsonRecord:
    """A frozen dataclass whose JSON contract is its fields under their own names."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        """The record as its contract has it."""
        return asdict(self)  # type: ignore[call-overload,no-any-return] # every heir is a dataclass
