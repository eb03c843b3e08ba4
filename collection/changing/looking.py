"""Looking for what was withdrawn in every place of a home's servers that can be looked into; in the folder `canary` does."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from casereviews.collection.changing.indexing import sought_in_index
from casereviews.repository.archives import archive_of
from casereviews.repository.home import Home
from casereviews.repository.left_behind import Sought
from casereviews.repository.stores import Stores


def sought(
    home: Home, sha256s: Collection[str], phrases: Collection[str], words: Collection[str] = ()
) -> Iterator[Sought]:
    """Each place of the home's servers, with what of withdrawn files, phrases and single words was found there, or why nobody can tell.

    Single words are not looked for in the files of other reports, whose text was compared. Nothing of a home in its folder. Raises the errors
    of a server that cannot be asked.
    """
    stores = Stores.of(home)
    yield from archive_of(home).sought(sha256s, phrases)
    every = (*phrases, *words)
    if (
        stores.record is not None and not every
    ):  # it has no files, and hashes stand there as tombstones
        yield Sought(
            "record",
            "rows and files",
            (),
            "no words of it are known: `casereviews doctor --for FILE` looks for some",
        )
    elif stores.record is not None:
        from casereviews.repository.servers.postgresql_purging import seek

        yield from seek(stores.record, every)
    yield from sought_in_index(home, every, sha256s)
