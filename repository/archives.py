"""Which archive a home has: the folder in it, unless its config names a bucket."""

from __future__ import annotations

from casereviews.repository.archive import Archive, FolderArchive
from casereviews.repository.home import Home
from casereviews.repository.stores import Stores


def archive_of(home: Home) -> Archive:
    """The archive of a home. Raises TomlError where its config names a store wrongly, ArchiveError when a library for it is missing."""
    server = Stores.of(home).archive
    if server is None:
        return FolderArchive(home.archive)
    from casereviews.repository.servers.s3_archive import (
        s3_archive,  # here: its library is an extra
    )

    return s3_archive(server, home)
