"""Values that were told against values that are true: counts, precision, recall, and where they differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Tally:
    """Right, told and wanted values of one field; `errors` says where they differ."""

    right: int = 0
    told: int = 0
    wanted: int = 0
    errors: list[str] = field(default_factory=list)

    def add(self, told: Collection[Any], wanted: Collection[Any], where: str) -> None:
        """Count one reading of the field."""
        wrong, missed = set(told) - set(wanted), set(wanted) - set(told)
        self.right += len(told) - len(wrong)
        self.told += len(told)
        self.wanted += len(wanted)
        if wrong or missed:
            self.errors.append(f"{where}: wrong {sorted(wrong)} missed {sorted(missed)}")

    def row(self, digits: int = 3) -> dict[str, float]:
        """Precision and recall (1 where nothing was told or wanted), and how many values were wanted."""
        return {
            "precision": round(self.right / self.told, digits) if self.told else 1.0,
            "recall": round(self.right / self.wanted, digits) if self.wanted else 1.0,
            "n": self.wanted,
        }
