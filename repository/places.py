"""Where else than at its stores a home still is: `places.json`, there from the first `migrate` until nothing is left elsewhere.

A copy that was begun and a place that was left hold reports, and no withdrawal reaches them: so they are named until they are taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from casereviews.repository.errors import HomeDamaged
from casereviews.repository.home import Home
from casereviews.repository.left_behind import LeftBehind
from casereviews.repository.stores import ARRIVING, NAMES, HomeAt, Stores
from casereviews.repository.whole_files import write_whole

REMOVE = "`casereviews migrate --remove-old` takes it away"
IN_THE_FOLDER = {
    "record": ("record.db", "derived.db"),
    "archive": ("archive",),
    "index": ("index",),
}
"""What of the home's folder is which store; beside each database may stand its log."""


class Place(msgspec.Struct, frozen=True):
    """Where one of the stores was: `lines` as [stores] has them, none for the folder, and `since` when (ISO 8601, UTC)."""

    store: str
    lines: dict[str, Any]
    since: str

    def home(self, home: Home) -> HomeAt:
        """The home as it is at that place."""
        return HomeAt(home.root, Stores.said(home.config_toml, self.lines))

    def words(self, home: Home) -> str:
        """Where it is, for people."""
        if not self.lines:
            return " and ".join(str(home.root / name) for name in IN_THE_FOLDER[self.store])
        said = self.lines[self.store]
        where = said if isinstance(said, str) else ", ".join(said)
        inside = {"record": "record_schema", "index": "index_prefix"}.get(self.store, "")
        name = self.lines.get(inside, "casereviews")
        return f"{where} ({inside.partition('_')[2]} {name})" if inside else where


class Places(msgspec.Struct, frozen=True):
    """A home's places: `to` are the lines of the stores to which it is being brought, None when it is not, `begun` when that was begun;
    `left` are places that it left."""

    to: dict[str, Any] | None = None
    begun: str = ""
    left: tuple[Place, ...] = ()

    @classmethod
    def of(cls, home: Home) -> Places:
        """What places.json says. Raises HomeDamaged when it cannot be read."""
        path = home.places_json
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except FileNotFoundError:
            return cls()
        except (OSError, ValueError) as error:
            raise HomeDamaged(
                f"{path} cannot be read ({error}): it says where copies of this home are; restore it from a backup, or remove "
                "the file and take those copies away yourself"
            ) from None

    def write(self, home: Home) -> None:
        """Keep it, on the disk; without a place there is no file."""
        if self == Places():
            home.places_json.unlink(missing_ok=True)
        else:
            write_whole(home.places_json, msgspec.json.encode(self))

    def elsewhere(self, home: Home) -> Iterator[Place]:
        """Every place but those of the home's stores: of a copy that was begun, then those that were left."""
        standing = Stores.of(home)
        if self.to is not None:
            there = Stores.said(home.config_toml, self.to)
            for store in NAMES:
                if there.store(store) != standing.store(store):
                    yield Place(store, lines_of(self.to, store), self.begun)
        for place in self.left:
            if place.home(home).stores.store(place.store) != standing.store(place.store):
                yield place


def lines_of(table: Mapping[str, Any], store: str) -> dict[str, Any]:
    """The lines of a table [stores] that speak of one store."""
    return {name: value for name, value in table.items() if name in NAMES[store]}


def left_in_folder(home: Home) -> Iterator[str]:
    """The files and folders of record and archive that lie in a home whose record or archive is on a server; what a move left half made."""
    stores = Stores.of(home)
    for store in ("record", "archive"):
        if stores.store(store) is not None:
            yield from IN_THE_FOLDER[store]
    yield ARRIVING


def left_elsewhere(home: Home) -> tuple[LeftBehind, ...]:
    """What a withdrawal says of the home's other places: they hold what is withdrawn until they are taken away."""
    return tuple(
        LeftBehind(place.store, f"a copy of before, {place.words(home)}", None, REMOVE)
        for place in Places.of(home).elsewhere(home)
    )
