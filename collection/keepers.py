"""Who keeps a home's index: its folder, or the cluster that its config.toml names.

with keeper(home) as index:
    index.update(documents, gone, revision=7, withdrawals=digest)
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from casereviews.index.errors import damage_named
from casereviews.index.folder import Built, current, generations, read_through
from casereviews.repository.home import Home
from casereviews.repository.model import PublishedDocument
from casereviews.repository.stores import Stores

if TYPE_CHECKING:
    from casereviews.index.opensearch.connection import Servers
    from casereviews.repository.left_behind import LeftBehind, Sought

Documents = Iterable[PublishedDocument]
Progress = Callable[[int], None]


class Keeper(Protocol):
    """What changing a collection asks of its index. All raise NoIndex, IndexDamaged and ForeignIndex as `index.folder.current` does; a cluster
    raises IndexUnavailable and IndexRefused too."""

    def standing(self) -> Built:
        """The index that is searched now."""

    def ids(self) -> set[str]:
        """Ids of the documents in it."""

    def build(
        self,
        documents: Documents,
        *,
        revision: int,
        withdrawals: str,
        progress: Progress | None = None,
    ) -> Built:
        """A new generation (`casereviews.index.build.build`)."""

    def update(
        self,
        changed: Documents,
        gone: Collection[str],
        *,
        revision: int,
        withdrawals: str,
        purge: bool = False,
    ) -> Built:
        """What changed, in the generation that is searched (`casereviews.index.build.update`)."""

    def drop(self, *, but_searched: bool) -> bool:
        """Remove every generation of this home, or all but the one that is searched; whether there was any to remove."""

    def broken(self) -> list[tuple[Path, str]]:
        """(file, what is wrong with it), every byte read. A cluster checks its own files."""

    def left(self) -> tuple[LeftBehind, ...]:
        """What is still somewhere of what was purged."""

    def sought(self, words: Collection[str], hashes: Collection[str]) -> tuple[Sought, ...]:
        """Places beyond the home's folder, looked into for what was withdrawn."""


@contextmanager
def keeper(home: Home) -> Iterator[Keeper]:
    """Who keeps this home's index, for the block. Raises TomlError, NeedsOpenSearch and IndexRefused when its servers are named wrongly."""
    server = Stores.of(home).index
    if server is None:
        yield InFolder(home)
        return
    from casereviews.index.opensearch.connection import connect

    with closing(connect(server)) as servers:
        yield OnServers(home, servers)


@dataclass(frozen=True, slots=True)
class InFolder:
    """The index in the home's folder."""

    home: Home

    def standing(self) -> Built:
        return current(self.home.index, self.home.id)[1]

    def ids(self) -> set[str]:
        from casereviews.index.search import open_index

        with open_index(self.home.index, self.home.id) as searcher:
            return set(searcher.all_ids())

    def build(
        self,
        documents: Documents,
        *,
        revision: int,
        withdrawals: str,
        progress: Progress | None = None,
    ) -> Built:
        from casereviews.index.build import build

        return build(
            self.home.index,
            self.home.id,
            documents,
            revision=revision,
            withdrawals=withdrawals,
            progress=progress,
        )

    def update(
        self,
        changed: Documents,
        gone: Collection[str],
        *,
        revision: int,
        withdrawals: str,
        purge: bool = False,
    ) -> Built:
        from casereviews.index.build import update

        folder, _ = current(self.home.index, self.home.id)
        with damage_named(folder):
            return update(
                self.home.index,
                self.home.id,
                changed,
                gone,
                revision=revision,
                withdrawals=withdrawals,
                purge=purge,
            )

    def drop(self, *, but_searched: bool) -> bool:
        kept = current(self.home.index, self.home.id)[0] if but_searched else None
        return _without_generations(self.home, kept)

    def broken(self) -> list[tuple[Path, str]]:
        return read_through(self.home.index, self.home.id)

    def left(self) -> tuple[LeftBehind, ...]:
        return ()

    def sought(self, words: Collection[str], hashes: Collection[str]) -> tuple[Sought, ...]:
        return ()


@dataclass(frozen=True, slots=True)
class OnServers:
    """The index on a cluster. What compares cases stays in the home's folder (`casereviews.index.folder.beside`)."""

    home: Home
    servers: Servers

    def standing(self) -> Built:
        from casereviews.index.opensearch.state import current as searched

        built = searched(self.servers, self.home.id).built
        assert built is not None  # what is searched was built whole
        return built

    def ids(self) -> set[str]:
        from casereviews.index.opensearch.building import indexed_ids

        return indexed_ids(self.servers, self.home.id)

    def build(
        self,
        documents: Documents,
        *,
        revision: int,
        withdrawals: str,
        progress: Progress | None = None,
    ) -> Built:
        from casereviews.index.opensearch.building import build

        return self._beside(
            build(
                self.servers,
                self.home.id,
                documents,
                revision=revision,
                withdrawals=withdrawals,
                progress=progress,
            )
        )

    def update(
        self,
        changed: Documents,
        gone: Collection[str],
        *,
        revision: int,
        withdrawals: str,
        purge: bool = False,
    ) -> Built:
        from casereviews.index.opensearch.building import update

        built = update(
            self.servers,
            self.home.id,
            changed,
            gone,
            revision=revision,
            withdrawals=withdrawals,
        )
        if purge:
            from casereviews.index.opensearch.purging import purge as let_go

            let_go(self.servers, self.home.id)
        return self._beside(built)

    def drop(self, *, but_searched: bool) -> bool:
        from casereviews.index.opensearch import building, state

        dropped = _without_generations(self.home, None)
        if but_searched:
            kept = state.current(self.servers, self.home.id).generation
            return building.remove_others(self.servers, self.home.id, kept) or dropped
        return building.remove(self.servers, self.home.id) or dropped

    def broken(self) -> list[tuple[Path, str]]:
        self.standing()
        return []

    def left(self) -> tuple[LeftBehind, ...]:
        from casereviews.index.opensearch.purging import left

        return left(self.servers, self.home.id)

    def sought(self, words: Collection[str], hashes: Collection[str]) -> tuple[Sought, ...]:
        from casereviews.index.opensearch.purging import sought

        return sought(self.servers, self.home.id, words, hashes)

    def _beside(self, built: Built) -> Built:
        from casereviews.index.folder import describe_beside

        describe_beside(self.home.index, built)
        return built


def _without_generations(home: Home, but: Path | None) -> bool:
    found = [folder for folder in generations(home.index) if folder != but]
    for folder in found:
        shutil.rmtree(folder)
    return bool(found)


def standing_index(home: Home) -> Built:
    """The index that is searched now; raises as `Keeper` does."""
    with keeper(home) as index:
        return index.standing()
