"""Which indexes of a cluster are a home's, which generation of them is searched, and in which state that is.

    PREFIX-columns-g007, PREFIX-documents-g007...    a generation: one index a kind (`casereviews.index.opensearch.mapping`)
    PREFIX-columns, PREFIX-documents...              aliases of the generation that is searched

What index.json is in a folder stands in `_meta` of the columns' mapping, which a cluster changes whole or not at all: `State`. Readers see what it
says and nothing else, so that a night's changes are there at once, when it is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from casereviews.index.errors import ForeignIndex, IndexUnavailable, NoIndex
from casereviews.index.fields import TABLE
from casereviews.index.folder import Built
from casereviews.index.opensearch.connection import WRITING, Servers
from casereviews.index.opensearch.mapping import (
    COLUMNS_KEPT,
    DOCUMENTS,
    ENGINE,
    PAGES,
    SCHEMA,
    WORDS,
    indexes,
    made_with,
)
from casereviews.index.opensearch.store import View

KINDS = (DOCUMENTS, PAGES, WORDS, COLUMNS_KEPT)
_OURS = "casereviews"  # under which our part of `_meta` stands
_GENERATION = re.compile(r"g\d{3,}")
_NEXT = "run `casereviews refresh` or `casereviews rebuild`"


@dataclass(frozen=True, slots=True)
class State:
    """What is searched of a generation: `built` describes it, `columns` is the version by which its columns are named, and from
    `next_number` on no document's number was ever used. `nodes` (id -> name) may have had documents of the home on their disks since the last
    full build. `built` is None while the first build of a generation goes on."""

    generation: str
    home: str
    built: Built | None = None
    columns: str = ""
    next_number: int = 1
    nodes: Mapping[str, str] = field(default_factory=dict)

    def next_columns(self) -> str:
        """The version after this one."""
        return str(int(self.columns or "0") + 1)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of indexes of one home."""

    prefix: str

    def alias(self, kind: str) -> str:
        return f"{self.prefix}-{kind}"

    def index(self, kind: str, generation: str) -> str:
        return f"{self.prefix}-{kind}-{generation}"

    def indexes(self, generation: str) -> tuple[str, ...]:
        return tuple(self.index(kind, generation) for kind in KINDS)

    def generation(self, index: str) -> str | None:
        """The generation that an index of ours belongs to, None when it is not ours."""
        for kind in KINDS:
            rest = index.removeprefix(f"{self.prefix}-{kind}-")
            if rest != index and _GENERATION.fullmatch(rest):
                return rest
        return None


def names(servers: Servers) -> Names:
    return Names(servers.server.prefix)


def current(servers: Servers, home_id: str) -> State:
    """The state that is searched now, checked before anything of it is read.

    The elected manager is asked: a node that lost its cluster cannot say. Raises NoIndex when there is none or another version or
    table of fields made it, ForeignIndex when another home did, IndexUnavailable when the cluster cannot say.
    """
    alias = names(servers).alias(COLUMNS_KEPT)
    said = servers.ask("GET", f"/{alias}/_mapping", absent=True)
    if not said:
        raise NoIndex(f"There is no index at {servers.named()} yet: {_NEXT}.")
    if len(said) != 1:
        raise IndexUnavailable(
            f"{alias} at {servers.named()} names {len(said)} indexes: run `casereviews rebuild --index`"
        )
    [(index, told)] = said.items()
    meta = _meta(told)
    where = f"The index {alias} at {servers.named()}"
    if not meta:
        raise ForeignIndex(
            f"{where} is not one of casereviews and is let be: name another index_prefix in config.toml."
        )
    if meta["home"] != home_id:
        raise ForeignIndex(
            f"{where} was built by another home ({meta['home']}) and is not opened: name another index_prefix in config.toml."
        )
    if meta.get("made_with") != made_with() or "built" not in meta:
        raise NoIndex(
            f"{where} was made by another version or with another table of fields: run `casereviews rebuild` "
            "(the next refresh makes it anew as well)."
        )
    return _state(names(servers).generation(index) or "", meta)


def view(servers: Servers, standing: State) -> View:
    """What is read of a state, and of no other."""
    ours = names(servers)
    listed = {kind: ours.index(kind, standing.generation) for kind in KINDS}
    return View(servers, listed, standing.columns)


def data_nodes(servers: Servers) -> dict[str, str]:
    """The nodes that may hold documents now: id -> name."""
    said = servers.ask("GET", "/_nodes/settings", params={"filter_path": "nodes.*.name,nodes.*.roles"})  # fmt: skip
    return {one: node["name"] for one, node in said["nodes"].items() if "data" in node["roles"]}


def generations(servers: Servers, home_id: str) -> dict[str, State | None]:
    """Every generation of this home at the cluster by name, with what is said of it; None for what cannot be gone on with (another
    version's, or half removed). Raises ForeignIndex when one of another home stands in the way."""
    ours = names(servers)
    listed = servers.ask("GET", f"/{ours.prefix}-*/_mapping", params={"expand_wildcards": "all"})
    found: dict[str, State | None] = {}
    for index, told in sorted(listed.items()):
        generation = ours.generation(index)
        if generation is None:
            continue
        found.setdefault(generation, None)
        if index != ours.index(COLUMNS_KEPT, generation):
            continue
        meta = _meta(told)
        if meta and meta["home"] != home_id:
            raise ForeignIndex(
                f"{index} at {servers.named()} belongs to another home ({meta['home']}) and is let be: name another index_prefix in config.toml."
            )
        if meta.get("made_with") == made_with():
            found[generation] = _state(generation, meta)
    return found


def write(servers: Servers, state: State) -> None:
    """From now on the generation is in this state: every node that answers knows it when this returns."""
    said: dict[str, Any] = {
        "engine": ENGINE,
        "home": state.home,
        "made_with": made_with(),
        "columns": state.columns,
        "next_number": state.next_number,
        "nodes": dict(state.nodes),
    }
    if state.built is not None:
        said["built"] = asdict(state.built)
    index = names(servers).index(COLUMNS_KEPT, state.generation)
    mapping = {**indexes()[COLUMNS_KEPT]["mappings"], **marked(said)}
    acknowledged(servers, servers.ask("PUT", f"/{index}/_mapping", mapping, timeout=WRITING))


def marked(said: Mapping[str, Any]) -> dict[str, Any]:
    """What says in a mapping whose an index is."""
    return {"_meta": {_OURS: said}}


def acknowledged(servers: Servers, answer: Mapping[str, Any]) -> None:
    """Raise IndexUnavailable when not all nodes took a change of the cluster."""
    if not answer.get("acknowledged"):
        raise IndexUnavailable(
            f"not every node of {servers.named()} took a change in time: look at the cluster's health, and run the same again"
        )


def described(
    generation: str,
    home_id: str,
    *,
    revision: int,
    documents: int,
    reviews: int,
    words: int,
    shards: int,
    built: str,
    withdrawals: str,
) -> Built:
    """What is told of an index on a cluster; its segments are parts that the cluster spreads over its nodes."""
    return Built(
        generation,
        home_id,
        revision,
        documents,
        reviews,
        words,
        shards,
        built,
        engine=ENGINE,
        schema=SCHEMA,
        fields=TABLE,
        withdrawals=withdrawals,
    )


def home_of(told: Mapping[str, Any]) -> str | None:
    """The home of an index, by its mapping; None of what is not ours."""
    said = told.get("mappings", {}).get("_meta", {}).get(_OURS, {})
    return said.get("home") if isinstance(said, dict) else None


def _meta(told: Mapping[str, Any]) -> dict[str, Any]:
    said = told.get("mappings", {}).get("_meta", {}).get(_OURS, {})
    return said if isinstance(said, dict) and "home" in said else {}


def _state(generation: str, meta: Mapping[str, Any]) -> State:
    built = None
    if "built" in meta:
        known = {one.name for one in fields(Built)}
        built = Built(**{name: value for name, value in meta["built"].items() if name in known})
    return State(
        generation, meta["home"], built, meta["columns"], meta["next_number"], meta["nodes"]
    )
