"""Searching an index on a cluster: as one in a folder is searched, with the words, rows and pages of the cluster."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from casereviews.index.analysis import kin, words
from casereviews.index.errors import IndexChanged
from casereviews.index.folder import Built
from casereviews.index.opensearch.connection import Servers
from casereviews.index.opensearch.engine import ClusterEngine
from casereviews.index.opensearch.lexicon import ClusterLexicon
from casereviews.index.opensearch.state import State, current, view
from casereviews.index.opensearch.store import ClusterStore, View
from casereviews.index.positions import WEIGHT_UNIT
from casereviews.index.query.engine import K1, Leaf
from casereviews.index.query.synonyms import LONGEST_TERM, links
from casereviews.index.search import Searcher
from casereviews.index.storage.lexicon import Kept
from casereviews.repository.vocabulary import PACKAGED, Vocabulary


class ClusterSearcher(Searcher):
    """One state of an index on a cluster; what hits are made of is fetched together."""

    engine: ClusterEngine
    store: ClusterStore
    lexicon: ClusterLexicon

    @property
    def view(self) -> View:
        """The state of the cluster that is searched."""
        return self.store.view

    def unchanged(self) -> None:
        """Raises IndexChanged when the cluster has another state by now: what went with this one may have been missed."""
        now = current(self.view.servers, self.built.home)
        if (view(self.view.servers, now).names, now.columns) != (
            self.view.names,
            self.view.version,
        ):
            raise IndexChanged("the index was changed while it was searched: search again")

    def expect_text(self, text: str) -> None:
        """Fetch the forms of the words of a text, and of the terms that are searched for them."""
        said = [kin(word) for word in words(text)]
        known = links(self.vocabulary)
        stretches = (
            tuple(said[start:end])
            for start in range(len(said))
            for end in range(start + 1, min(start + LONGEST_TERM, len(said)) + 1)
        )
        others = (link.other.words for one in stretches for link in known.get(one, ()))
        self.lexicon.expect([*said, *(kin(word) for other in others for word in other)])

    def expect(self, numbers: Sequence[int], leaves: Sequence[Leaf]) -> None:
        """Fetch rows, places of words, and the pages that hold most of them."""
        self.store.expect(numbers)
        self.expect_words(numbers, leaves)
        rows = [row for number in numbers if (row := self.store.document(number)) is not None]
        if leaves:
            self.store.expect_pages(
                (row.n, at) for row in rows for at in self.best_pages(row, leaves)[0]
            )

    def expect_words(self, numbers: Sequence[int], leaves: Sequence[Leaf]) -> None:
        """Fetch where these words stand."""
        self.engine.expect(numbers, leaves)


def open_state(
    servers: Servers,
    state: State,
    folder: Path,
    vocabulary: Vocabulary = PACKAGED,
    kept: Kept | None = None,
) -> ClusterSearcher:
    """The state that is searched now (`casereviews.index.opensearch.state.current`), opened. Raises as `open_view` does."""
    assert state.built is not None  # what is searched was built whole
    return open_view(view(servers, state), state.built, folder, vocabulary, kept)


def open_view(
    view: View,
    built: Built,
    folder: Path,
    vocabulary: Vocabulary = PACKAGED,
    kept: Kept | None = None,
) -> ClusterSearcher:
    """A state of a cluster's index, opened for searching; `folder` has what compares cases, made from the record on this machine.

    Raises IndexChanged when the state is there no more, IndexUnavailable and IndexRefused as the cluster answers.
    """
    store = ClusterStore(view)
    lexicon = ClusterLexicon(store, kept)
    if (store.count(), len(lexicon.live)) != (built.documents,) * 2:
        raise IndexChanged("the index was changed while it was opened: search again")
    engine = ClusterEngine(store, lexicon, gain=_gain(view.servers))
    return ClusterSearcher(folder, built, vocabulary, store, lexicon, engine, ExitStack())


def _gain(servers: Servers) -> float:
    """How much more a weighed word counts for than a placed one, beside ours: before its version 3 OpenSearch multiplied all scores of
    BM25 by k1 + 1, and the k1 of weights is that of places in their unit."""
    version = str(servers.ask("GET", "/")["version"]["number"])
    old = int(version.partition(".")[0]) < 3
    return (K1 * WEIGHT_UNIT + 1) / (K1 + 1) if old else 1.0
