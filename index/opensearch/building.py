"""Building the index on a cluster: a whole new generation, or the night's changes in place.

A build can be stopped at any moment: the aliases still name the old generation, and the next build goes on with what the new one has. An update
adds what came under new numbers, writes the columns of the new state, has every copy show both, and then writes the state: readers see whole
old or whole new documents. What went is deleted after that, and so is what a stopped run left.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from casereviews.index.errors import ForeignIndex, IndexUnavailable, NoIndex
from casereviews.index.folder import Built
from casereviews.index.opensearch import bulk, state
from casereviews.index.opensearch.connection import WRITING, Servers, one_line
from casereviews.index.opensearch.documents import (
    Kept,
    column_id,
    columns,
    key,
    taken,
    word,
    word_id,
    words_of,
)
from casereviews.index.opensearch.mapping import (
    COLUMNS_KEPT,
    DOCUMENTS,
    PAGES,
    WEIGHTS,
    WORDS,
    indexes,
)
from casereviews.index.opensearch.state import KINDS, Names, State
from casereviews.index.storage.segment_builder import digest_of
from casereviews.index.storage.store import StoredDocument
from casereviews.repository.model import Page, PublishedDocument, Recommendation, Section

Progress = Callable[[int], None]
T = TypeVar("T")

KEEPING: dict[str, Any] = {
    # What was deleted is let go of by the next merge, not after 12 hours: copies that were away are filled anew, of whole files.
    "soft_deletes.retention_lease.period": "1m",
    # A merge that is asked to leave out deleted documents leaves out the last one, too, not only from a tenth on.
    "merge.policy.expunge_deletes_allowed": 0,
    # A request that a stalled node sends on late finds out that it is too late.
    "gc_deletes": "1h",
}
"""Settings of every index beside those of its mapping, for withdrawals that end soon and writes that stay in order."""
ROWS = 1_000  # documents read at once
ASKED = 500  # words asked for at once
STILL = 30.0
"""Seconds without a copy being made, after which a new generation is searched without those that lack."""


def build(
    servers: Servers,
    home_id: str,
    documents: Iterable[PublishedDocument],
    *,
    revision: int,
    withdrawals: str = "",
    progress: Progress | None = None,
) -> Built:
    """Makes a new generation of all documents, then has the aliases name it and removes the others; goes on with an unfinished one.

    Parameters as those of `casereviews.index.build.build`. Searches go on in the old generation meanwhile. Raises ForeignIndex when the
    indexes of this prefix are another home's, IndexUnavailable and IndexRefused; the next build goes on then.
    """
    known = state.generations(servers, home_id)
    _refuse_foreign_alias(servers)
    standing = _unfinished(known) or _new_generation(servers, home_id, known)
    with _Work.open(servers, standing) as work:
        for done, document in enumerate(documents, 1):
            work.take(document)
            if progress is not None:
                progress(done)
        work.keep_only_taken()
        built = work.finish(revision, withdrawals)
    _copy(servers, standing.generation)
    _switch(servers, standing.generation)
    remove_others(servers, home_id, standing.generation)
    return built


def update(
    servers: Servers,
    home_id: str,
    changed: Iterable[PublishedDocument],
    gone: Collection[str],
    *,
    revision: int,
    withdrawals: str = "",
) -> Built:
    """Adds, replaces and removes documents in the current generation; searches go on meanwhile.

    Parameters as those of `casereviews.index.build.update`. A word that no document has any more leaves the lexicon before this returns; the
    bytes of what went stay until the cluster merges (`casereviews.index.opensearch.purging`). Raises NoIndex, ForeignIndex,
    IndexUnavailable and IndexRefused.
    """
    standing = state.current(servers, home_id)
    with _Work.open(servers, standing) as work:
        for document in changed:
            work.take(document)
        work.remove(gone)
        return work.finish(revision, withdrawals)


def remove(servers: Servers, home_id: str) -> bool:
    """Remove every index of this home from the cluster; whether there was any. Raises ForeignIndex."""
    known = state.generations(servers, home_id)
    for generation in known:
        _delete(servers, generation)
    return bool(known)


def remove_others(servers: Servers, home_id: str, but: str) -> bool:
    """Remove all generations but one, which a stopped run left or a build replaced; whether there was any."""
    others = [one for one in state.generations(servers, home_id) if one != but]
    for generation in others:
        _delete(servers, generation)
    return bool(others)


def indexed_ids(servers: Servers, home_id: str) -> set[str]:
    """Ids of the documents that are searched. Raises NoIndex and ForeignIndex."""
    with _Work.open(servers, state.current(servers, home_id)) as work:
        return set(work.numbers)


# ---------------------------------------------------------------- generations


def _unfinished(known: Mapping[str, State | None]) -> State | None:
    """The newest generation that a build of this home and version left unfinished."""
    open_ones = [one for _, one in sorted(known.items()) if one is not None and one.built is None]
    return open_ones[-1] if open_ones else None


def _new_generation(servers: Servers, home_id: str, known: Collection[str]) -> State:
    """Indexes for a new generation, numbered after all there are. Copies are made once all is in: that costs the cluster half."""
    number = max((int(one[1:]) for one in known), default=0) + 1
    new = State(f"g{number:03d}", home_id, nodes=state.data_nodes(servers))
    ours = state.names(servers)
    made = indexes(replicas=0)
    marks = state.marked({"home": home_id})
    for kind in KINDS:  # that of the columns last: what a generation is stands there
        body = made[kind]
        settings = {**KEEPING, **body["settings"]}
        answer = servers.ask(
            "PUT",
            f"/{ours.index(kind, new.generation)}",
            {"settings": settings, "mappings": {**body["mappings"], **marks}},
            timeout=WRITING,
            params={"wait_for_active_shards": 1},
        )
        state.acknowledged(servers, answer)
        if not answer.get("shards_acknowledged"):
            raise IndexUnavailable(
                f"no node of {servers.named()} has room for a new index: look at the cluster's health, and run the same again"
            )
    state.write(servers, new)
    return new


def _refuse_foreign_alias(servers: Servers) -> None:
    """Raise ForeignIndex when something that is not ours has one of our names."""
    ours = state.names(servers)
    for kind in KINDS:
        alias = ours.alias(kind)
        for index in servers.ask("GET", f"/{alias}/_alias", absent=True):
            if ours.generation(index) is None:
                raise ForeignIndex(
                    f"{index} at {servers.named()} is not of casereviews and has the name {alias}: name another index_prefix in config.toml."
                )


def _copy(servers: Servers, generation: str) -> None:
    """Have the cluster make as many copies as the configuration says and there are nodes for, and wait while it does."""
    listed = ",".join(state.names(servers).indexes(generation))
    wanted = {"index": {"number_of_replicas": servers.server.replicas}}
    answer = servers.ask("PUT", f"/{listed}/_settings", wanted, timeout=WRITING)
    state.acknowledged(servers, answer)
    possible = min(servers.server.replicas, len(state.data_nodes(servers)) - 1)
    moved = time.monotonic()
    while True:
        health = servers.ask("GET", f"/_cluster/health/{listed}", timeout=WRITING)
        if health["active_shards"] >= health["active_primary_shards"] * (1 + possible):
            return
        if health["initializing_shards"]:
            moved = time.monotonic()
        if time.monotonic() > moved + STILL:
            return  # the nodes have no room for copies; the cluster's health says so
        time.sleep(0.2)


def _switch(servers: Servers, generation: str) -> None:
    """All aliases at once: searches that begin from now on see this generation."""
    ours = state.names(servers)
    actions: list[dict[str, Any]] = []
    for kind in KINDS:
        every = {"index": f"{ours.prefix}-{kind}-g*", "alias": ours.alias(kind), "must_exist": False}  # fmt: skip
        actions.append({"remove": every})
    for kind in KINDS:
        index = ours.index(kind, generation)
        actions.append({"add": {"index": index, "alias": ours.alias(kind)}})
    answer = servers.ask("POST", "/_aliases", {"actions": actions}, timeout=WRITING)
    state.acknowledged(servers, answer)


def _delete(servers: Servers, generation: str) -> None:
    """Remove a generation. What it is goes last, so that a stopped removal is gone on with."""
    ours = state.names(servers)
    for kind in KINDS:
        path = f"/{ours.index(kind, generation)}"
        answer = servers.ask("DELETE", path, timeout=WRITING, absent=True)
        if answer:
            state.acknowledged(servers, answer)


# ---------------------------------------------------------------- documents


@dataclass(slots=True)
class _Work:
    """A generation that is being written.

    `rows` and `digests` are of the documents that count, by number; `numbers` by id. `sender` has the last batch on its way while the next
    is made ready.
    """

    servers: Servers
    state: State
    ours: Names
    sender: ThreadPoolExecutor
    rows: dict[int, StoredDocument] = field(default_factory=dict)
    digests: dict[int, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    """Words of documents of this run: the lexicon has them, or is about to."""
    next_number: int = 1
    serial: int = 1
    changed: bool = False
    parts: list[Kept] = field(default_factory=list)
    whole: list[Kept] = field(default_factory=list)
    size: int = 0
    on_its_way: Future[None] | None = None

    @classmethod
    def open(cls, servers: Servers, standing: State) -> _Work:
        work = cls(servers, standing, state.names(servers), ThreadPoolExecutor(1))
        work.next_number = standing.next_number
        work.serial = int(standing.next_columns())
        live = None if standing.built is None else _live(servers, standing)
        for number, digest, row in _rows(servers, work._index(DOCUMENTS)):
            if live is None or (number < len(live) and live[number]):
                work.rows[number], work.digests[number] = row, digest
                work.numbers[row.document_id] = number
        return work

    def __enter__(self) -> _Work:
        return self

    def __exit__(self, *_: object) -> None:
        self.sender.shutdown(wait=True, cancel_futures=True)

    def _index(self, kind: str) -> str:
        return self.ours.index(kind, self.state.generation)

    def take(self, document: PublishedDocument) -> None:
        """Keeps a document unless exactly this one is kept already."""
        self.seen.add(document.document_id)
        number = self.numbers.get(document.document_id)
        digest = digest_of(document).hex()
        if number is not None and self.digests[number] == digest:
            return
        self.remove([document.document_id])
        number, self.next_number = self.next_number, self.next_number + 1
        new = taken(number, document)
        self.rows[number], self.digests[number] = new.row, digest
        self.numbers[document.document_id] = number
        self.changed = True
        for one in new.kept:
            (self.whole if one.index == DOCUMENTS else self.parts).append(one)
        fresh = new.words - self.words
        self.words |= fresh
        self.parts += map(word, fresh)
        self.size += sum(len(page.text) for page in document.pages)
        if self.size * 3 >= bulk.MOST_BYTES:  # its words are sent thrice
            self.flush()

    def remove(self, document_ids: Iterable[str]) -> None:
        """Documents that count no more."""
        for document_id in document_ids:
            number = self.numbers.pop(document_id, None)
            if number is not None:
                del self.rows[number], self.digests[number]
                self.changed = True

    def keep_only_taken(self) -> None:
        self.remove(set(self.numbers) - self.seen)

    def flush(self) -> None:
        """Send what is ready, once what is on its way has arrived."""
        self.arrived()
        parts, whole, upto = self.parts, self.whole, self.next_number
        self.parts, self.whole, self.size = [], [], 0
        if parts or whole:
            self.on_its_way = self.sender.submit(self._send, parts, whole, upto)

    def arrived(self) -> None:
        """Wait for the last batch; what befell it is raised here."""
        if self.on_its_way is not None:
            self.on_its_way.result()
        self.on_its_way = None

    def _send(self, parts: Sequence[Kept], whole: Sequence[Kept], upto: int) -> None:
        """A batch: first its numbers are taken for ever, then pages and words, and with a document's own part it is there."""
        self.state = replace(self.state, next_number=upto)
        state.write(self.servers, self.state)
        missing = self._not_there(one for one in parts if one.index == WORDS)
        parts = [one for one in parts if one.index != WORDS] + missing
        for some in (parts, whole):
            bulk.send(self.servers, bulk.puts(some, self.ours, self.state.generation, self.serial))

    def _not_there(self, words: Iterable[Kept]) -> list[Kept]:
        """Those words that the lexicon has not yet."""
        missing: list[Kept] = []
        for some in _batches(words, ROWS * 5):
            path = f"/{self._index(WORDS)}/_mget"
            asked = {"ids": [one.id for one in some]}
            said = self.servers.ask("POST", path, asked, params={"_source": False}, timeout=WRITING)
            for one, there in zip(some, said["docs"], strict=True):
                if not there["found"]:
                    missing.append(one)
        return missing

    # ------------------------------------------------------------ the state

    def finish(self, revision: int, withdrawals: str) -> Built:
        """Have all copies show what is kept, write the state, and delete what does not count in it."""
        self.flush()
        self.arrived()
        version = self.state.columns
        if self.changed or not version:
            version = self.state.next_columns()
            made = columns(self.rows.values(), version)
            bulk.send(self.servers, bulk.puts(made, self.ours, self.state.generation, self.serial))
        self._refresh()
        built = self._describe(revision, withdrawals)
        self.state = replace(self.state, built=built, columns=version, next_number=self.next_number)
        state.write(self.servers, self.state)
        self._tidy()
        return built

    def _describe(self, revision: int, withdrawals: str) -> Built:
        return state.described(
            self.state.generation,
            self.state.home,
            revision=revision,
            documents=len(self.rows),
            reviews=len({row.review_id for row in self.rows.values()}),
            words=sum(row.layout["words"] for row in self.rows.values()),
            shards=sum(one["settings"]["number_of_shards"] for one in indexes().values()),
            built=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            withdrawals=withdrawals,
        )

    def _refresh(self) -> None:
        """Every copy shows what was written."""
        listed = ",".join(self.ours.indexes(self.state.generation))
        self.servers.ask("POST", f"/{listed}/_refresh", timeout=WRITING)

    def _tidy(self) -> None:
        """Delete what does not count: documents and pages that went or that a stopped run left, their words, older columns.

        The words go first: once the documents are gone, nobody knows which they were.
        """
        others = {"bool": {"must_not": [{"terms": {"n": list(self.rows)}}]}}
        self._forget_words(others)
        for kind in (DOCUMENTS, PAGES):
            _delete_all(self.servers, self._index(kind), others, self.serial)
        kept = {column_id(self.state.columns, name) for name in _column_names(self.rows.values())}
        old = {"bool": {"must_not": [{"ids": {"values": sorted(kept)}}]}}
        _delete_all(self.servers, self._index(COLUMNS_KEPT), old, self.serial)

    def _forget_words(self, others: Mapping[str, Any]) -> None:
        """Take words out of the lexicon that only documents have which do not count."""
        lost: set[str] = set()
        for document in self._documents(others):
            lost |= words_of(document)
        lost -= self.words
        unheard = [form for some in _batches(sorted(lost), ASKED) for form in self._unheard(some)]
        ids = ((word_id(form), None) for form in unheard)
        if bulk.send(self.servers, bulk.deletes(self._index(WORDS), ids, self.serial)):
            self._refresh()

    def _unheard(self, forms: Sequence[str]) -> Iterator[str]:
        """Those of these words that no document has that counts."""
        counting = {"terms": {"n": list(self.rows)}}
        lines: list[object] = []
        for form in forms:
            lines.append({})
            having = [{"term": {WEIGHTS: key(form)}}, counting]
            lines.append({"size": 0, "terminate_after": 1, "query": {"bool": {"filter": having}}})
        body = "".join(f"{one_line(line)}\n" for line in lines)
        path = f"/{self._index(DOCUMENTS)}/_msearch"
        said = self.servers.ask("POST", path, body, timeout=WRITING)
        for form, one in zip(forms, said["responses"], strict=True):
            if not one["hits"]["total"]["value"]:
                yield form

    def _documents(self, which: Mapping[str, Any]) -> Iterator[PublishedDocument]:
        """Documents as they were given to the index, and what is there of those that never came whole."""
        known: dict[int, tuple[Any, ...]] = {}
        for one in _scan(self.servers, self._index(DOCUMENTS), which, ["n", "row", "parts"]):
            document_id, review_id, fields, _ = json.loads(one["row"])
            known[one["n"]] = (document_id, review_id, fields, json.loads(one["parts"]))
        pages: dict[int, list[Page]] = {number: [] for number in known}
        for one in _scan(self.servers, self._index(PAGES), which, ["n", "page"]):
            number, label, text = json.loads(one["page"])
            pages.setdefault(one["n"], []).append(Page(number, text, label))
        nothing: tuple[Any, ...] = ("", "", {}, {"sections": [], "recommendations": []})
        for at, some in pages.items():
            document_id, review_id, fields, parts = known.get(at, nothing)
            yield PublishedDocument(
                document_id,
                review_id,
                {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()},
                tuple(sorted(some, key=lambda page: page.number)),
                tuple(Section(**each) for each in parts["sections"]),
                tuple(Recommendation(**each) for each in parts["recommendations"]),
            )


# ---------------------------------------------------------------- reading what is kept


def _live(servers: Servers, standing: State) -> bytes:
    """Of each number whether it counts in this state."""
    index = state.names(servers).index(COLUMNS_KEPT, standing.generation)
    said = servers.ask("GET", f"/{index}/_doc/{column_id(standing.columns, 'live')}", absent=True)
    if not said:
        raise NoIndex(
            f"{index} at {servers.named()} lacks the columns of its own state, as when a stalled node wrote an older one late: "
            "run `casereviews rebuild --index` (the next refresh makes it anew as well)."
        )
    return base64.b64decode(said["_source"]["data"])


def _rows(servers: Servers, index: str) -> Iterator[tuple[int, str, StoredDocument]]:
    """Number, digest and row of every document there is."""
    servers.ask("POST", f"/{index}/_refresh", timeout=WRITING)
    for one in _scan(servers, index, {"match_all": {}}, ["n", "digest", "row"]):
        document_id, review_id, fields, layout = json.loads(one["row"])
        row = StoredDocument(one["n"], document_id, review_id, fields, layout)
        yield one["n"], one["digest"], row


def _scan(
    servers: Servers, index: str, which: Mapping[str, Any], wanted: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """The sources of all that match, each with a number `n`, a thousand at a time. Nothing is written meanwhile."""
    order = [{"n": "asc"}, {"at": {"order": "asc", "unmapped_type": "integer"}}]
    asked = {"size": ROWS, "query": which, "_source": list(wanted), "sort": order}
    after: list[Any] | None = None
    while True:
        body = asked if after is None else {**asked, "search_after": after}
        hits = servers.search(index, body, wait=WRITING)["hits"]["hits"]
        for hit in hits:
            yield hit["_source"]
        if len(hits) < ROWS:
            return
        after = hits[-1]["sort"]


def _delete_all(servers: Servers, index: str, which: Mapping[str, Any], serial: int) -> None:
    """Delete all that match, until there is none. Raises IndexUnavailable."""
    while True:
        servers.ask("POST", f"/{index}/_refresh", timeout=WRITING)
        asked = {"size": ROWS * 5, "query": which, "_source": False}
        hits = servers.search(index, asked, wait=WRITING)["hits"]["hits"]
        if not hits:
            return
        each = ((hit["_id"], hit.get("_routing")) for hit in hits)
        bulk.send(servers, bulk.deletes(index, each, serial))


def _column_names(rows: Iterable[StoredDocument]) -> list[str]:
    return [one.id.removeprefix(".") for one in columns(islice(rows, 1), "")]


def _batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    each = iter(things)
    while some := list(islice(each, size)):
        yield some
