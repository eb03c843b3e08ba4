"""How the bucket of an archive is, for `status`."""

from __future__ import annotations

from casereviews.repository.errors import ArchiveError
from casereviews.repository.home import Home
from casereviews.repository.servers.s3_archive import s3_archive
from casereviews.repository.servers.store_health import StoreHealth
from casereviews.repository.stores import ArchiveServer

_NONE = "0" * 64
"""A hash that no file has."""


def health_of(server: ArchiveServer, home: Home) -> StoreHealth:
    """How many files of a home are kept there, and their size. A server that cannot be asked is told as wrong, not raised."""
    address = f"s3://{server.bucket}/{server.prefix}".rstrip("/")
    if server.endpoint:
        address += f" at {server.endpoint}"
    try:
        archive = s3_archive(server, home)
        archive.among([_NONE])  # raises where it is no archive of this home
        sizes = dict(archive.sizes())
    except ArchiveError as error:
        return StoreHealth("archive", "S3", address, "wrong", trouble=str(error))
    return StoreHealth(
        "archive", "S3", address, "well", size=sum(sizes.values()), details={"files": len(sizes)}
    )
