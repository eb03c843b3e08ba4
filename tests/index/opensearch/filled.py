"""An index of a few documents on a cluster, filled at once and opened."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from pathlib import Path

from casereviews.index.folder import Built
from casereviews.index.opensearch import documents, mapping
from casereviews.index.opensearch.connection import Servers
from casereviews.index.opensearch.searcher import ClusterSearcher, open_view
from casereviews.index.opensearch.store import View
from casereviews.index.storage.lexicon import Kept
from casereviews.repository.model import PublishedDocument
from casereviews.repository.vocabulary import PACKAGED, Vocabulary

_NUMBERS = itertools.count(1)


def filled(
    servers: Servers,
    published: Iterable[PublishedDocument],
    folder: Path,
    *,
    shards: int = 1,
    vocabulary: Vocabulary = PACKAGED,
    kept: Kept | None = None,
) -> ClusterSearcher:
    """An index of the documents in their order, under a name of its own."""
    name = f"{servers.server.prefix}-{next(_NUMBERS)}"
    names = {kind: f"{name}-{kind}" for kind in mapping.indexes()}
    for kind, body in mapping.indexes(shards=shards, replicas=0).items():
        servers.ask("PUT", f"/{names[kind]}", body)
    taken = [documents.taken(n, one) for n, one in enumerate(published, 1)]
    words = sorted(set().union(*(one.words for one in taken)))
    keep(servers, names, (kept for one in taken for kept in one.kept))
    keep(servers, names, map(documents.word, words))
    keep(servers, names, documents.columns([one.row for one in taken], "1"))
    servers.ask("POST", f"/{name}-*/_refresh")
    reviews = len({one.row.review_id for one in taken})
    built = Built("g001", "a-home", 1, len(taken), reviews, 0, 0, "2026-03-01T00:00:00Z")
    return open_view(View(servers, names, "1"), built, folder, vocabulary, kept)


def emptied(searcher: ClusterSearcher) -> None:
    """Take an index that `filled` made away."""
    for name in searcher.view.names.values():
        searcher.view.servers.ask("DELETE", f"/{name}")


def keep(servers: Servers, names: Mapping[str, str], kept: Iterable[documents.Kept]) -> None:
    """Send what is to be kept, some at a time."""
    coming = iter(kept)
    while some := list(itertools.islice(coming, 500)):
        lines = []
        for one in some:
            said = {"_index": names[one.index], "_id": one.id}
            lines.append(
                {"index": said if one.routing is None else {**said, "routing": one.routing}}
            )
            lines.append(one.source)
        answer = servers.ask("POST", "/_bulk", lines)
        assert not answer["errors"], answer
