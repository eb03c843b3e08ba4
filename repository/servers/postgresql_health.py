"""How the server of a record is, for `status`."""

from __future__ import annotations

from typing import Any

from casereviews.repository.errors import RepositoryError
from casereviews.repository.servers.postgresql import DERIVED, connect, place_of, telling
from casereviews.repository.servers.store_health import StoreHealth
from casereviews.repository.stores import RecordServer

LATE = 300
"""Seconds: a copy of the server that is further behind is told."""

_SIZE = """
SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN (%s, %s)"""
# Of other sessions only who may see all (pg_monitor) is told more than that they are there.
_COPIES = """
SELECT count(*), extract(epoch FROM max(replay_lag)) FROM pg_stat_replication"""
_SLOTS = "SELECT count(*) FROM pg_replication_slots WHERE NOT active"
_BEHIND = "SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())"
_CONNECTIONS = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'), current_setting('max_connections')::int"""


def health_of(server: RecordServer) -> StoreHealth:
    """Its version, the size of both schemas, how many sign on, and how far copies of it are behind.

    A server that cannot be asked is told as wrong, not raised.
    """
    address = f"{place_of(server)} (schema {server.schema})"
    try:
        with connect(server) as connection, telling(server):

            def said(query: str, *values: object) -> Any:
                return connection.execute(query, values).fetchone()

            version = str(said("SHOW server_version")[0]).split()[0]
            size = int(said(_SIZE, server.schema, server.schema + DERIVED)[0])
            signed_on, at_most = said(_CONNECTIONS)
            copies, lag = said(_COPIES)
            details: dict[str, int | float | str] = {"connections": f"{signed_on} of {at_most}"}
            if said("SELECT pg_is_in_recovery()")[0]:
                lag = said(_BEHIND)[0]
                details["standby"] = "yes"
            if copies:
                details["copies"] = int(copies)
            if lag is not None:
                details["seconds_behind"] = round(float(lag), 1)
            trouble = _trouble(float(lag or 0), int(said(_SLOTS)[0]), "standby" in details)
    except RepositoryError as error:
        return StoreHealth("record", "PostgreSQL", address, "wrong", trouble=str(error))
    state = "warning" if trouble else "well"
    return StoreHealth("record", "PostgreSQL", address, state, version, size, details, trouble)


def _trouble(lag: float, slots: int, standby: bool) -> str:
    if lag > LATE:
        return f"a copy of it is {lag:.0f} s behind, and tells of an older state: let its operator look at the replication"
    if slots and not standby:
        return (
            f"{slots} replication slots are used by nobody, and keep the write-ahead log, with what was withdrawn: let its operator "
            "drop them"
        )
    return ""
