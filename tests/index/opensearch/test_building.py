"""An index on a cluster is built beside the old one, kept up by what changed, and gone on with when it was stopped."""

from __future__ import annotations

import dataclasses
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from casereviews.index.errors import ForeignIndex, IndexChanged, IndexRefused, NoIndex
from casereviews.repository.model import Page, PublishedDocument
from casereviews.repository.stores import IndexServer
from tests.opensearch_nodes import Cluster

pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")

from casereviews.index.opensearch import building, bulk, mapping, state
from casereviews.index.opensearch.connection import Servers, connect

pytestmark = pytest.mark.live
HOME = "a-home"


def made(name: str, *pages: str, review: str = "", **fields: object) -> PublishedDocument:
    said = {"title": f"Review {name}", "source": "s", "scope": "child", **fields}
    leaves = tuple(Page(number, text, None) for number, text in enumerate(pages, 1))
    return PublishedDocument(name, review or f"r-{name}", said, leaves)


@pytest.fixture
def servers(server: IndexServer) -> Iterator[Servers]:
    with closing(connect(server)) as asked:
        yield asked


def built(
    servers: Servers, *documents: PublishedDocument, home: str = HOME, revision: int = 1
) -> Any:
    return building.build(servers, home, documents, revision=revision)


def updated(servers: Servers, *documents: PublishedDocument, gone: Sequence[str] = ()) -> Any:
    return building.update(servers, HOME, documents, gone, revision=2)


def kept(servers: Servers) -> dict[str, set[str]]:
    """All that the searched generation has, counted or not: documents, pages by their first word, words."""
    generation = state.current(servers, HOME).generation
    found: dict[str, set[str]] = {}
    for kind in (mapping.DOCUMENTS, mapping.PAGES, mapping.WORDS):
        index = state.names(servers).index(kind, generation)
        servers.ask("POST", f"/{index}/_refresh")
        hits = servers.search(index, {"size": 9_000, "query": {"match_all": {}}})["hits"]["hits"]
        found[kind] = {hit["_source"].get("id", hit["_id"]) for hit in hits}
    return found


def indexes(cluster: Cluster, prefix: str) -> set[str]:
    listed = cluster.ask("GET", f"/_cat/indices/{prefix}-*?format=json&expand_wildcards=all")
    return {one["index"] for one in listed}


# ---------------------------------------------------------------- building


def test_a_build_says_what_it_has_and_the_aliases_name_it(
    servers: Servers, cluster: Cluster
) -> None:
    with pytest.raises(NoIndex, match="casereviews refresh"):
        state.current(servers, HOME)
    done = built(servers, made("a", "the dog barked", "at night"), made("b", "a cat", review="r-a"))
    standing = state.current(servers, HOME)
    assert standing.built == done
    assert (done.generation, done.home, done.revision) == ("g001", HOME, 1)
    assert (done.documents, done.reviews, done.words) == (2, 1, 7)
    assert building.indexed_ids(servers, HOME) == {"a", "b"}
    prefix = servers.server.prefix
    aliases = cluster.ask("GET", f"/_cat/aliases/{prefix}-*?format=json")
    assert {one["alias"]: one["index"] for one in aliases} == {
        f"{prefix}-{kind}": f"{prefix}-{kind}-g001" for kind in state.KINDS
    }


def test_a_second_build_takes_the_place_of_the_first(servers: Servers, cluster: Cluster) -> None:
    built(servers, made("a", "the dog barked"))
    assert built(servers, made("b", "a cat")).generation == "g002"
    assert building.indexed_ids(servers, HOME) == {"b"}
    prefix = servers.server.prefix
    assert indexes(cluster, prefix) == {f"{prefix}-{kind}-g002" for kind in state.KINDS}


def test_an_index_of_nothing_can_be_built_and_added_to(servers: Servers) -> None:
    assert built(servers).documents == 0
    assert updated(servers, made("a", "the dog barked")).documents == 1
    assert updated(servers, gone=["a"]).documents == 0
    assert kept(servers) == {"documents": set(), "pages": set(), "words": set()}


def stopped(documents: Iterable[PublishedDocument], after: int) -> Iterator[PublishedDocument]:
    for number, document in enumerate(documents):
        if number == after:
            raise KeyboardInterrupt
        yield document


def test_a_stopped_build_is_gone_on_with(
    servers: Servers, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(servers, made("old", "an older report"))
    monkeypatch.setattr(bulk, "MOST_BYTES", 100)
    documents = [made(f"d{number}", f"page of word{number}") for number in range(8)]
    with pytest.raises(KeyboardInterrupt):
        building.build(servers, HOME, stopped(documents, 5), revision=2)
    assert building.indexed_ids(servers, HOME) == {"old"}
    begun = state.generations(servers, HOME)["g002"]
    assert begun is not None
    assert begun.built is None
    sent: list[str] = []
    taken = building.taken
    monkeypatch.setattr(building, "taken", lambda n, d: sent.append(d.document_id) or taken(n, d))
    # One went meanwhile, one is said otherwise.
    last = [documents[0], made("d1", "another page"), *documents[3:]]
    done = building.build(servers, HOME, last, revision=3)
    assert (done.generation, done.documents) == ("g002", 7)
    assert "d0" not in sent
    assert {"d1", "d5", "d6", "d7"} <= set(sent)
    left = kept(servers)
    assert left["documents"] == {"d0", "d1", "d3", "d4", "d5", "d6", "d7"}
    assert "word2" not in left["words"]
    assert "another" in left["words"]
    assert len(left["pages"]) == 7


def test_indexes_of_another_home_are_let_be(servers: Servers, cluster: Cluster) -> None:
    built(servers, made("a", "the dog barked"), home="another")
    before = indexes(cluster, servers.server.prefix)
    for attempt in (
        lambda: state.current(servers, HOME),
        lambda: built(servers, made("b", "a cat")),
        lambda: updated(servers, made("b", "a cat")),
        lambda: building.remove(servers, HOME),
    ):
        with pytest.raises(ForeignIndex, match="index_prefix"):
            attempt()
    assert indexes(cluster, servers.server.prefix) == before
    assert building.indexed_ids(servers, "another") == {"a"}


def test_an_index_that_is_nobodys_is_let_be(servers: Servers, cluster: Cluster) -> None:
    name = state.names(servers).alias(mapping.COLUMNS_KEPT)
    cluster.ask("PUT", f"/{name}", {"settings": {"number_of_replicas": 0}})
    with pytest.raises(ForeignIndex, match="index_prefix"):
        built(servers, made("b", "a cat"))
    assert indexes(cluster, servers.server.prefix) == {name}


def test_an_index_of_another_version_is_built_anew(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(servers, made("a", "the dog barked"))
    monkeypatch.setattr(state, "made_with", lambda: "of-tomorrow")
    with pytest.raises(NoIndex, match="rebuild"):
        state.current(servers, HOME)
    assert built(servers, made("a", "the dog barked")).generation == "g002"
    assert state.current(servers, HOME).generation == "g002"


def test_removing_an_index_leaves_nothing(servers: Servers, cluster: Cluster) -> None:
    built(servers, made("a", "the dog barked"))
    assert building.remove(servers, HOME)
    assert indexes(cluster, servers.server.prefix) == set()
    assert not building.remove(servers, HOME)


# ---------------------------------------------------------------- updating


def test_an_update_sends_only_what_changed(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c = made("a", "the dog"), made("b", "a cat"), made("c", "an owl")
    built(servers, a, b, c)
    sent: list[str] = []
    taken = building.taken
    monkeypatch.setattr(building, "taken", lambda n, d: sent.append(d.document_id) or taken(n, d))
    changed = dataclasses.replace(b, fields={**b.fields, "year": 2021})
    done = updated(servers, a, changed, made("d", "a fox"), gone=["c"])
    assert sent == ["b", "d"]
    assert (done.documents, done.revision) == (3, 2)
    assert building.indexed_ids(servers, HOME) == {"a", "b", "d"}


def test_an_update_that_changes_nothing_leaves_the_columns(servers: Servers) -> None:
    built(servers, made("a", "the dog"))
    before = state.current(servers, HOME)
    updated(servers, made("a", "the dog"))
    after = state.current(servers, HOME)
    assert (after.columns, after.next_number) == (before.columns, before.next_number)
    assert after.built is not None
    assert after.built.revision == 2


def test_words_that_no_document_has_any_more_leave_at_once(servers: Servers) -> None:
    built(servers, made("a", "the zebra barked"), made("b", "the dog barked"), made("c", "an owl"))
    updated(servers, made("c", "an eagle"), gone=["a"])
    words = kept(servers)["words"]
    assert {"dog", "barked", "eagle"} <= words
    assert not {"zebra", "owl"} & words


def test_numbers_are_never_used_twice(servers: Servers) -> None:
    built(servers, made("a", "the dog"), made("b", "a cat"))
    for turn in range(3):
        updated(servers, made("b", f"a cat {turn}"))
    assert state.current(servers, HOME).next_number == 6


def test_a_reader_of_the_state_before_is_told_to_look_again(servers: Servers) -> None:
    built(servers, made("a", "the dog"))
    before = state.view(servers, state.current(servers, HOME))
    updated(servers, made("a", "the cat"))
    from casereviews.index.opensearch.store import ClusterStore

    with pytest.raises(IndexChanged):
        ClusterStore(before).count()


def test_what_a_stalled_node_sends_on_late_changes_nothing_of_a_later_run(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    ask = servers.transport.perform_request

    def heard(method: str, path: str, **given: Any) -> Any:
        if path == "/_bulk":
            sent.append(given["body"])
        return ask(method, path, **given)

    monkeypatch.setattr(servers.transport, "perform_request", heard)
    built(servers, made("a", "the zebra"), made("b", "an owl"))
    first = list(sent)
    updated(servers, gone=["a"])  # its words go with it
    second = sent[len(first) :]
    updated(servers, made("c", "a zebra"))
    monkeypatch.undo()
    for late in (first, second):
        for body in late:
            ask("POST", "/_bulk", body=body)
        agree(servers, [made("b", "an owl"), made("c", "a zebra")])


def test_an_older_state_that_a_stalled_node_writes_late_is_built_anew(servers: Servers) -> None:
    built(servers, made("a", "the dog"))
    before = state.current(servers, HOME)
    updated(servers, made("a", "the cat"))
    state.write(servers, before)
    with pytest.raises(NoIndex, match="rebuild --index"):
        updated(servers, made("a", "the cow"))
    built(servers, made("a", "the cow"))
    agree(servers, [made("a", "the cow")])


# ---------------------------------------------------------------- a writer that is stopped anywhere


class Stopped(BaseException):
    """As a kill: nothing of ours runs after it."""


def stop_at(servers: Servers, monkeypatch: pytest.MonkeyPatch, step: int, *, sent: bool) -> None:
    """The writer ends at a request: before it is sent, or after the cluster took it."""
    count = 0
    ask = servers.transport.perform_request

    def perform(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        count += 1
        if count < step:
            return ask(*args, **kwargs)
        if count == step and sent:
            ask(*args, **kwargs)
        raise Stopped

    monkeypatch.setattr(servers.transport, "perform_request", perform)


def agree(servers: Servers, documents: Sequence[PublishedDocument]) -> None:
    """What is kept is what these documents are, and nothing else."""
    from casereviews.index.opensearch.documents import words_of
    from casereviews.index.opensearch.store import ClusterStore

    store = ClusterStore(state.view(servers, state.current(servers, HOME)))
    numbers = {document_id: number for number, document_id in store.ids()}
    assert set(numbers) == {one.document_id for one in documents}
    for one in documents:
        assert store.indexed_document(numbers[one.document_id]) == one
    left = kept(servers)
    assert len(left["documents"]) == len(documents)
    assert len(left["pages"]) == sum(len(one.pages) for one in documents)
    assert left["words"] == {word for one in documents for word in words_of(one)}


@pytest.mark.parametrize("steps", [range(3, 40, 9), pytest.param(range(1, 60), marks=pytest.mark.long)])  # fmt: skip
def test_a_writer_killed_anywhere_loses_nothing_and_leaves_nothing(
    server: IndexServer, monkeypatch: pytest.MonkeyPatch, steps: range
) -> None:
    monkeypatch.setattr(bulk, "MOST_BYTES", 120)
    before = [made(f"d{n}", f"page word{n} of", f"another shared{n % 3}") for n in range(5)]
    after = [*before[:2], made("d3", "now otherwise"), before[4], made("new", "came tonight")]
    ended = 0
    for step in steps:
        for sent in (False, True) if len(steps) > 9 else (bool(step % 2),):
            own = dataclasses.replace(server, prefix=f"{server.prefix}_{step}_{sent:d}")
            with closing(connect(own)) as servers:
                built(servers, *before)
                with monkeypatch.context() as patch:
                    stop_at(servers, patch, step, sent=sent)
                    try:
                        updated(servers, *after[2:], gone=["d2"])
                    except Stopped:
                        ended += 1
                # Whoever reads sees all of the night before, or all of this one.
                seen = building.indexed_ids(servers, HOME)
                assert seen in ({one.document_id for one in some} for some in (before, after))
                updated(servers, *after, gone=seen - {one.document_id for one in after})
                agree(servers, after)
                building.remove(servers, HOME)
    assert ended > len(steps) // 2


@pytest.mark.parametrize("steps", [range(3, 40, 12), pytest.param(range(1, 60), marks=pytest.mark.long)])  # fmt: skip
def test_a_build_killed_anywhere_leaves_the_old_index_or_the_new(
    server: IndexServer, monkeypatch: pytest.MonkeyPatch, steps: range
) -> None:
    monkeypatch.setattr(bulk, "MOST_BYTES", 120)
    before = [made(f"d{n}", f"page word{n} of") for n in range(3)]
    after = [*before[1:], made("new", "came tonight"), made("more", "and more")]
    for step in steps:
        own = dataclasses.replace(server, prefix=f"{server.prefix}_{step}")
        with closing(connect(own)) as servers:
            built(servers, *before)
            with monkeypatch.context() as patch:
                stop_at(servers, patch, step, sent=bool(step % 2))
                with suppress(Stopped):
                    built(servers, *after)
            seen = building.indexed_ids(servers, HOME)
            assert seen in ({one.document_id for one in some} for some in (before, after))
            built(servers, *after)
            agree(servers, after)
            assert len(state.generations(servers, HOME)) == 1
            building.remove(servers, HOME)


WRITER = """
import sys
from pathlib import Path
from casereviews.index.opensearch import building, bulk
from casereviews.index.opensearch.connection import connect
from casereviews.repository.stores import IndexServer
from tests.index.opensearch.test_building import HOME, many
bulk.MOST_BYTES = 2_000
servers = connect(IndexServer((sys.argv[1],), prefix=sys.argv[2], replicas=0, timeout=30.0))
print("begun", flush=True)
if sys.argv[3] == "build":
    building.build(servers, HOME, many(2), revision=2)
else:
    building.update(servers, HOME, many(2), ["d0"], revision=2)
"""


def many(night: int) -> list[PublishedDocument]:
    """Documents of two nights: some the same, some said otherwise, one that went."""
    return [
        made(f"d{n}", f"page of word{n} {night if n % 4 == 0 else ''}", f"another shared{n % 7}")
        for n in range(night - 1, 60)
    ]


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 20))])  # fmt: skip
@pytest.mark.parametrize("work", ["build", "update"])
def test_a_writing_process_is_killed_at_a_random_moment(
    servers: Servers, work: str, seed: int
) -> None:
    built(servers, *many(1))
    place = Path(__file__).parents[3]
    command = [sys.executable, "-c", WRITER, *servers.server.nodes, servers.server.prefix, work]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(place / "src"), str(place)])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=place, env=paths) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        try:
            process.wait(random.Random(seed).uniform(0.05, 1.0))
        except subprocess.TimeoutExpired:
            process.kill()
    seen = building.indexed_ids(servers, HOME)
    assert seen in ({one.document_id for one in many(night)} for night in (1, 2))
    if work == "build":
        built(servers, *many(2))
    else:
        updated(servers, *many(2), gone=["d0"])
    agree(servers, many(2))


# ---------------------------------------------------------------- what a cluster refuses


def test_what_the_cluster_refuses_for_good_is_told(servers: Servers) -> None:
    built(servers, made("a", "the dog"))
    index = state.names(servers).index(mapping.DOCUMENTS, "g001")
    with pytest.raises(IndexRefused, match="refused to keep x"):
        bulk.send(servers, [[bulk.one_line({"index": {"_index": index, "_id": "x"}}), '{"n": "no number"}']])  # fmt: skip


def test_letters_of_every_kind_come_back(servers: Servers) -> None:
    odd = made("a", "caf\u00e9 \U0001f98a half \ud83d a pair", "", title="D\u0175r \x00 null")
    built(servers, odd)
    agree(servers, [odd])


def test_many_documents_of_random_nights_are_kept_exactly(servers: Servers) -> None:
    chance = random.Random(4)
    now = {f"d{n}": made(f"d{n}", f"word{n} {n % 5}") for n in range(30)}
    built(servers, *now.values())
    for night in range(6):
        gone = chance.sample(sorted(now), 3)
        changed = [made(name, f"night{night} {name}") for name in chance.sample(sorted(now), 4)]
        changed.append(made(f"n{night}", f"new {night}"))
        changed = [one for one in changed if one.document_id not in gone]
        updated(servers, *changed, gone=gone)
        now = {name: one for name, one in now.items() if name not in gone}
        now |= {one.document_id: one for one in changed}
        agree(servers, list(now.values()))
