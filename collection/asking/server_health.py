"""How the servers of a home are, each asked in turn; one that does not answer does not keep the others from being told."""

from __future__ import annotations

from collections.abc import Iterator

from casereviews.repository.home import Home
from casereviews.repository.servers.store_health import StoreHealth
from casereviews.repository.stores import Stores


def healths(home: Home) -> tuple[StoreHealth, ...]:
    """How record, archive and index are, as far as they are on servers. Raises TomlError when config.toml names them wrongly."""
    return tuple(_each(home, Stores.of(home)))


def _each(home: Home, stores: Stores) -> Iterator[StoreHealth]:
    # Here: a home in its folder loads none of them.
    if stores.record is not None:
        from casereviews.repository.servers.postgresql_health import health_of

        yield health_of(stores.record)
    if stores.archive is not None:
        from casereviews.repository.servers.s3_health import health_of as archive_health

        yield archive_health(stores.archive, home)
    if stores.index is not None:
        from casereviews.index.opensearch.health import health_of as index_health

        yield index_health(stores.index)
