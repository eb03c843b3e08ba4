"""What a store still holds of what was taken out of it, and what a look for withdrawn words found there.

Files under the home are gone when they are deleted. Servers keep what was deleted for a while, each in its own way: segments until they
are merged, a write-ahead log until it is recycled, volumes until they are vacuumed, snapshots until somebody deletes them. So each store
says after a purge what is left, until when, and what ends it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Bytes of what was taken out that are still somewhere in a store.

    `place` is where, in words; `until` an ISO 8601 time (UTC) by which it is gone by itself, None when nobody can tell; `what_to_do` ends it sooner.
    """

    store: str
    place: str
    until: str | None
    what_to_do: str

    def __str__(self) -> str:
        until = f"until {self.until} at the latest" if self.until else "for how long is not known"
        return f"{self.store}: {self.place}, {until}: {self.what_to_do}"


@dataclass(frozen=True, slots=True)
class Sought:
    """A place of a store that was looked into for withdrawn words or hashes.

    `found` are those that are there; `unread` says why nothing is proven of it, "" when it was read whole.
    """

    store: str
    place: str
    found: tuple[str, ...] = ()
    unread: str = ""
