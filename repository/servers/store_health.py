"""How a server of a home is: what `status` tells of record, archive and index where they are not in the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casereviews.repository.json_record import JsonRecord


@dataclass(frozen=True, slots=True)
class StoreHealth(JsonRecord):
    """One of record, archive, index: its `kind` of server ("PostgreSQL"), its address without secrets, version and size (bytes; None: not said).

    `state` is well, warning (it answers, and somebody should look), or wrong (it cannot be used): `trouble` says why and what to do.
    `details` are its own figures by name.
    """

    store: str
    kind: str
    address: str
    state: str
    version: str | None = None
    size: int | None = None
    details: Mapping[str, int | float | str] = field(default_factory=dict)
    trouble: str = ""

    def __str__(self) -> str:
        said = [f"{self.kind} {self.version or ''}".rstrip() + f" at {self.address}"]
        if self.size is not None:
            said.append(f"{self.size / 1e6:,.1f} MB")
        said += [f"{name.replace('_', ' ')} {value}" for name, value in self.details.items()]
        line = f"{self.store}: {', '.join(said)}"
        return f"{line}: {self.state.upper()}: {self.trouble}" if self.trouble else line
