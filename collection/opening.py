"""Which index a home is searched in: the one in its folder, or the one on the cluster that its config.toml names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casereviews.repository.home import Home

if TYPE_CHECKING:
    from casereviews.index.folder import Built
    from casereviews.index.opensearch.connection import Servers
    from casereviews.index.search import Searcher
    from casereviews.index.storage.lexicon import Kept
    from casereviews.repository.stores import IndexServer
    from casereviews.repository.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Standing:
    """An index as it stands now, as its maker described it; `open` opens it with a vocabulary and what people keep beside it."""

    built: Built
    open: Callable[[Vocabulary, Kept | None], Searcher]


class Opener:
    """The door to a home's index, wherever config.toml says that it is now (`casereviews migrate` moves it); threads may share it."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._connected: tuple[IndexServer, Servers] | None = None

    @property
    def servers(self) -> Servers | None:
        """The cluster that has the index, None where the home's folder has it. Raises TomlError, NeedsOpenSearch."""
        if not self.home.may_name_servers:
            return None
        from casereviews.repository.stores import Stores

        server = Stores.of(self.home).index
        if server is None:
            return None
        connected = self._connected
        if connected is None or connected[0] != server:
            from casereviews.index.opensearch.connection import connect

            connected = self._connected = server, connect(server)
        return connected[1]

    def standing(self) -> Standing:
        """The index that is searched now.

        Raises NoIndex when there is none, IndexDamaged, ForeignIndex when another home built it, IndexUnavailable and IndexRefused
        as a cluster answers.
        """
        servers = self.servers
        return self._in_folder() if servers is None else self._on(servers)

    def _in_folder(self) -> Standing:
        from casereviews.index.folder import current
        from casereviews.index.search import open_generation

        folder, built = current(self.home.index, self.home.id)
        return Standing(built, lambda words, kept: open_generation(folder, built, words, kept))

    def _on(self, servers: Servers) -> Standing:
        from casereviews.index.folder import beside
        from casereviews.index.opensearch.searcher import open_state
        from casereviews.index.opensearch.state import current

        state = current(servers, self.home.id)
        folder = beside(self.home.index)
        built = state.built
        assert built is not None  # `current` gives what is built whole
        return Standing(built, lambda words, kept: open_state(servers, state, folder, words, kept))
