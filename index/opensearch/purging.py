"""Having a cluster let go of what was deleted, and saying what is still somewhere, and for how long.

A deleted document stays in its segment until that is merged, in the translog until a flush, in the files of a merged segment until readers open
newer ones, and in each copy for itself. A merge keeps what a copy may still have to be told: the leases of copies say so, and a cluster looks at
them every 30 seconds (OpenSearch 2.19: `index.soft_deletes.retention_lease.*`; that interval cannot be set). So `purge` flushes, merges what has
deleted documents, flushes and refreshes, looks, and does it again until every copy is clean.

Words of what was deleted are looked for twice: in the files of nodes of this machine, byte by byte, and in what the cluster says of its segments.
The second is the proof: segments are packed, so that a word need not stand in a file as it is spelt.
"""

from __future__ import annotations

import ipaddress
import mmap
import re
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casereviews.index.errors import IndexRefused, SearchError
from casereviews.index.opensearch import state
from casereviews.index.opensearch.building import remove_others
from casereviews.index.opensearch.connection import Servers
from casereviews.index.opensearch.state import State
from casereviews.repository.left_behind import LeftBehind, Sought

STORE = "index"
PATIENCE = 180.0
"""Seconds for which a purge is repeated: six looks of the cluster at its leases."""
MERGING = 3_600.0  # seconds that one merge may take
_PAUSE = 1.0
_AGAIN = "give the same `casereviews withdraw` again"
_EVERY = {"expand_wildcards": "all"}


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a part of an index: on which `node`, how many documents it has that were `deleted`, whether something of them is only in
    its `translog`, and whether older files are held `open` by readers."""

    index: str
    part: int
    node: str
    primary: bool
    deleted: int
    translog: int
    open: bool

    @property
    def clean(self) -> bool:
        return not (self.deleted or self.translog or self.open)


def purge(
    servers: Servers, home_id: str, *, patience: float | None = None
) -> tuple[LeftBehind, ...]:
    """Have every copy let go of what was deleted, and of older generations; gives what is left, () when nothing is anywhere.

    It is repeated for `patience` seconds, PATIENCE when None. Raises NoIndex, ForeignIndex, IndexUnavailable and IndexRefused; done again it goes on.
    """
    standing = state.current(servers, home_id)
    remove_others(servers, home_id, standing.generation)
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    while True:
        _let_go(servers, standing.generation)
        if all(copy.clean for copy in copies(servers, standing.generation)):
            break
        if time.monotonic() > deadline:
            break
        time.sleep(_PAUSE)
    return left(servers, home_id)


def _let_go(servers: Servers, generation: str) -> None:
    listed = ",".join(state.names(servers).indexes(generation))
    flush = {"force": True, "wait_if_ongoing": True}
    servers.ask("POST", f"/{listed}/_flush", params=flush, timeout=MERGING)
    merge = {"only_expunge_deletes": True}
    servers.ask("POST", f"/{listed}/_forcemerge", params=merge, timeout=MERGING)
    servers.ask("POST", f"/{listed}/_flush", params=flush, timeout=MERGING)
    servers.ask("POST", f"/{listed}/_refresh", timeout=MERGING)


def copies(servers: Servers, generation: str) -> list[Copy]:
    """Every copy that a node has now."""
    listed = ",".join(state.names(servers).indexes(generation))
    stats = servers.ask("GET", f"/{listed}/_stats/translog", params={"level": "shards"})
    logged = {
        (index, int(part), one["routing"]["node"]): one["translog"]["operations"]
        for index, said in stats["indices"].items()
        for part, some in said["shards"].items()
        for one in some
    }
    found = []
    for index, said in servers.ask("GET", f"/{listed}/_segments")["indices"].items():
        for part, some in said["shards"].items():
            for one in some:
                where = one["routing"]
                segments = one["segments"].values()
                found.append(
                    Copy(
                        index,
                        int(part),
                        where["node"],
                        where["primary"],
                        sum(segment["deleted_docs"] for segment in segments),
                        logged.get((index, int(part), where["node"]), 0),
                        not all(segment["committed"] for segment in segments),
                    )
                )
    return found


# ---------------------------------------------------------------- what is left


def left(servers: Servers, home_id: str) -> tuple[LeftBehind, ...]:
    """What a cluster may still hold of what was deleted: in copies that are not clean, on nodes that are away, in snapshots, and in
    indexes that others made of ours. Raises as `purge`."""
    standing = state.current(servers, home_id)
    named = {one: said["name"] for one, said in _nodes(servers).items()}
    found: list[LeftBehind] = []
    for copy in copies(servers, standing.generation):
        if not copy.clean:
            place = f"{copy.index}, part {copy.part}, on the node {named.get(copy.node, copy.node)}"
            found.append(LeftBehind(STORE, place, None, f"{_AGAIN} when the cluster is well"))
    found += _away(servers, standing)
    found += _made_by_others(servers, home_id)
    found += _snapshots(servers)
    return tuple(found)


def _away(servers: Servers, standing: State) -> Iterator[LeftBehind]:
    """Nodes that once had documents of the home and are not in the cluster: they keep their files, and hear what was deleted when they are back."""
    present = state.data_nodes(servers)
    for node, name in sorted(standing.nodes.items(), key=lambda one: one[1]):
        if node not in present:
            yield LeftBehind(
                STORE,
                f"the data folder of the node {name}, which is away",
                None,
                f"start the node and {_AGAIN}; when its folder was deleted, `casereviews rebuild --index` forgets it",
            )


def _made_by_others(servers: Servers, home_id: str) -> Iterator[LeftBehind]:
    """Indexes that say they are ours and bear another name: clones, restored snapshots."""
    ours = state.names(servers)
    try:
        listed = servers.ask("GET", "/_all/_mapping", params=_EVERY)
    except IndexRefused:
        yield LeftBehind(
            STORE,
            "indexes of other names, which this user may not list",
            None,
            "have somebody who may look for clones and restored copies of the indexes of casereviews",
        )
        return
    for index, said in sorted(listed.items()):
        if ours.generation(index) is None and state.home_of(said) == home_id:
            yield LeftBehind(
                STORE,
                f"{index}, which was made of an index of this home",
                None,
                f"delete it: DELETE /{index}",
            )


def _snapshots(servers: Servers) -> Iterator[LeftBehind]:
    """Snapshots with indexes of this home, by repository. They are others' to delete."""
    ours = state.names(servers)
    for repository in sorted(_repositories(servers)):
        try:
            said = servers.ask("GET", f"/_snapshot/{repository}/_all", timeout=60)
        except SearchError as error:
            yield LeftBehind(
                STORE,
                f"snapshots in the repository {repository}, which could not be listed ({error})",
                None,
                "have somebody who may list them delete those with indexes of casereviews",
            )
            continue
        for one in said.get("snapshots", ()):
            if any(ours.generation(index) for index in one["indices"]):
                yield LeftBehind(
                    STORE,
                    f"snapshot {one['snapshot']} of {one['start_time']} in the repository {repository}",
                    None,
                    f"make a new one and delete it: DELETE /_snapshot/{repository}/{one['snapshot']}",
                )


def _repositories(servers: Servers) -> Collection[str]:
    try:
        return list(servers.ask("GET", "/_snapshot/_all"))
    except IndexRefused:
        return ["that this user may not see"]


# ---------------------------------------------------------------- looking


def sought(
    servers: Servers, home_id: str, words: Collection[str], hashes: Collection[str] = ()
) -> tuple[Sought, ...]:
    """Each node's files, looked into for words and hashes of what was withdrawn, as far as they can be read from this machine.

    A node is `unread` when its files are elsewhere, or when nothing was purged since something was written: then not even the cluster
    proves anything of it. Of words in several that stand side by side give the rarest alone. Raises as `purge`.
    """
    standing = state.current(servers, home_id)
    unclean = {copy.node for copy in copies(servers, standing.generation) if not copy.clean}
    wanted = {one: re.compile(_spelt(one), re.IGNORECASE) for one in (*words, *hashes)}
    found = []
    for node, said in sorted(_nodes(servers).items(), key=lambda one: str(one[1]["name"])):
        if "data" not in said["roles"]:
            continue
        held: set[str] = set()
        unread = []
        folders = _folders(said)
        for folder in folders if _is_here(said["ip"]) else []:
            try:
                held |= _in_files(folder, wanted)
            except OSError as error:
                unread.append(f"{error.filename or folder} cannot be read ({error.strerror})")
        if not folders or not _is_here(said["ip"]):
            unread.append(f"its files are on {said['host']}")
        if node in unclean:
            unread.append("parts of the index there may still have what was deleted")
        place = f"the node {said['name']} ({', '.join(map(str, folders)) or said['host']})"
        found.append(Sought(STORE, place, tuple(sorted(held)), "; ".join(unread)))
    for one in _away(servers, standing):
        found.append(Sought(STORE, one.place, (), "it is away"))
    return tuple(found)


def _nodes(servers: Servers) -> dict[str, dict[str, Any]]:
    """What each node says of itself, by its id."""
    said = servers.ask("GET", "/_nodes/settings")
    nodes: dict[str, dict[str, Any]] = said["nodes"]
    return nodes


def _folders(said: Mapping[str, Any]) -> list[Path]:
    """Where a node keeps its data."""
    path = said.get("settings", {}).get("path", {}).get("data", [])
    return [Path(one) for one in ([path] if isinstance(path, str) else path)]


def _is_here(ip: str) -> bool:
    """Whether an address is one of this machine's."""
    import psutil

    own = {each.address for some in psutil.net_if_addrs().values() for each in some}
    return ip in own or ipaddress.ip_address(ip).is_loopback


def _spelt(one: str) -> bytes:
    """A word as a file may have it: as it is, in JSON's escapes, and backwards (as the lexicon has its ends)."""
    escaped = one.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")
    spellings = {one.encode(), escaped, one[::-1].encode()}
    return b"|".join(re.escape(each) for each in sorted(spellings))


def _in_files(folder: Path, wanted: Mapping[str, re.Pattern[bytes]]) -> set[str]:
    """Those that stand in any file under a folder. Files that a merge takes away meanwhile are passed over."""
    found: set[str] = set()
    if not folder.is_dir():
        raise FileNotFoundError(2, "is not there", str(folder))
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_symlink() or not path.is_file() or not path.stat().st_size:
                continue
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:  # fmt: skip
                found |= {one for one, pattern in wanted.items() if pattern.search(data)}
        except FileNotFoundError:
            continue
    return found
