"""How the cluster of an index is, for `status`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from casereviews.index.errors import SearchError
from casereviews.index.opensearch.connection import Servers, connect
from casereviews.repository.servers.store_health import StoreHealth
from casereviews.repository.stores import IndexServer

_WATERMARKS = "cluster.routing.allocation.disk.watermark"


def health_of(server: IndexServer) -> StoreHealth:
    """The cluster's own word of its health, its nodes, copies of parts that no node holds, and its fullest disk against the watermarks.

    A cluster that cannot be asked is told as wrong, not raised.
    """
    address = f"{', '.join(server.nodes)} (prefix {server.prefix})"
    try:
        with closing(connect(server)) as servers:
            return _asked(servers, address)
    except SearchError as error:
        return StoreHealth("index", "OpenSearch", address, "wrong", trouble=str(error))


def _asked(servers: Servers, address: str) -> StoreHealth:
    ours = f"{servers.server.prefix}-*"
    health = servers.ask("GET", f"/_cluster/health/{ours}")
    stats = servers.ask("GET", f"/{ours}/_stats/store")
    nodes = servers.ask("GET", "/_nodes/stats/fs")["nodes"]
    fullest = max(_used(node["fs"]["total"]) for node in nodes.values())
    marks = _watermarks(servers)
    details: dict[str, int | float | str] = {
        "health": str(health["status"]),
        "nodes": int(health["number_of_nodes"]),
        "copies_without_a_node": int(health["unassigned_shards"]),
        "fullest_disk_percent": round(fullest, 1),
        "disk_watermarks": "/".join(marks),
    }
    trouble = _trouble(health, fullest, marks[0])
    return StoreHealth(
        "index",
        "OpenSearch",
        address,
        "wrong" if health["status"] == "red" else "warning" if trouble else "well",
        str(servers.ask("GET", "/")["version"]["number"]),
        int(
            stats["_all"]["total"].get("store", {}).get("size_in_bytes", 0)
        ),  # no index has no store
        details,
        trouble,
    )


def _trouble(health: Mapping[str, Any], fullest: float, low: str) -> str:
    if health["status"] == "red":
        return (
            "parts of the index are on no node, and searches are refused: bring back the node that held them, or run "
            "`casereviews rebuild --index`"
        )
    if health["unassigned_shards"]:
        return (
            f"{health['unassigned_shards']} copies are on no node, so that the loss of one more may stop searches: bring the node "
            "back or add one, or set index_replicas in config.toml to what the nodes can hold and run `casereviews rebuild --index`"
        )
    share = re.fullmatch(r"([\d.]+)%", low)
    if share and fullest >= float(share[1]):
        return f"a node's disk is {fullest:.0f} % full: free space or add a node; from the last of the disk watermarks on nothing is written"
    return ""


def _used(disk: Mapping[str, int]) -> float:
    """How full a node's disk is, in per cent."""
    whole = disk.get("total_in_bytes", 0)
    return 100 * (1 - disk["available_in_bytes"] / whole) if whole else 0.0


def _watermarks(servers: Servers) -> list[str]:
    """From where on a disk gets no more parts, loses some, and is written to no more."""
    params = {"include_defaults": True, "flat_settings": True}
    said = servers.ask("GET", "/_cluster/settings", params=params)
    settings = said.get("defaults", {}) | said.get("persistent", {}) | said.get("transient", {})
    return [
        str(settings.get(f"{_WATERMARKS}.{name}", "")) for name in ("low", "high", "flood_stage")
    ]
