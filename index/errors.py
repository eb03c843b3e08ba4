"""The tree of the index's errors.

SearchError          base: what, where, and what to do next
├── NoIndex          there is no index yet, or another version of casereviews made it
│   └── IndexDamaged a file of the index is not as it was written (which, and the remedy)
├── ForeignIndex     the index folder was built by another home, and is not opened
├── IndexChanged     a document was replaced while a search was on its way
├── BuildStopped     a process that builds the index ended
├── IndexUnavailable the servers of the index cannot be reached, answer too late or in part, or have no room
├── IndexRefused     the servers of the index refuse: user, certificate, right, or what they were asked
├── NeedsOpenSearch  an index on servers needs an extra that is not installed
└── QueryError       the query cannot be understood (the text, the position, what was probably meant)

A sentence model that cannot be used is the repository's ModelError, and known by that name here too.

`exit_code` is what a program ends with that such an error ends: 2 for what was asked wrongly, 3 for what cannot run.
"""

import sqlite3
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError

from casereviews.repository.errors import ModelError as ModelError
from casereviews.repository.sqlite_files import is_not_taken

AROUND = 70  # of a long query so many characters are shown before and after the trouble
ELLIPSIS = "…"


class SearchError(Exception):
    """Base of all errors of the index; its message says what to do next."""

    exit_code = 3


class NoIndex(SearchError):
    """There is no index that this version can open."""


class IndexDamaged(NoIndex):
    """A file of the index is gone or not as it was written: nothing is answered from it."""

    def __init__(self, file: Path, wrong: str) -> None:
        self.file, self.wrong = file, wrong
        super().__init__(
            f"The index is damaged: {file} {wrong}: run `casereviews rebuild --index` "
            "(the next refresh makes it anew as well)."
        )


class ForeignIndex(SearchError):
    """Another home built this index: what it holds is not this home's, so it is refused."""


class IndexChanged(SearchError):
    """A document was replaced while a search was on its way: what it found is of no one state. The same search again is right."""


class BuildStopped(SearchError):
    """A child process of a build ended; the next build goes on where this one stopped."""


class IndexUnavailable(SearchError):
    """The servers of the index did not answer, or not whole: nothing of such an answer is used, and the same may go well later."""


class IndexRefused(SearchError):
    """The servers of the index refuse, and will until somebody changes what the message names."""


class NeedsOpenSearch(SearchError):
    """An index on OpenSearch needs an extra that is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "an index on OpenSearch needs opensearch-py, of the extra [opensearch]: "
            'pip install ".[opensearch]"'
        )


class QueryError(SearchError):
    """The query cannot be understood.

    `query` is the text as typed, `position` the character (from 0) where the trouble is; the message shows
    both on lines of their own. What could move a terminal's cursor is shown as a blank or a mark.
    """

    exit_code = 2

    def __init__(self, reason: str, query: str, position: int) -> None:
        self.reason = reason
        self.query = query
        self.position = position
        first = max(position - AROUND, 0)
        before = (ELLIPSIS if first else "") + _harmless(query[first:position])
        after = _harmless(query[position : position + AROUND])
        more = ELLIPSIS if len(query) > position + AROUND else ""
        mark = " " * sum(map(_columns, before)) + "^"
        super().__init__(f"{_harmless(reason)}\n  {before}{after}{more}\n  {mark}")


def _harmless(text: str) -> str:
    """One line without characters that control a terminal."""
    return "".join(
        " " if char.isspace() else "\ufffd" if unicodedata.category(char)[0] == "C" else char
        for char in text
    )


def _columns(char: str) -> int:
    """How many columns of a terminal a character takes (Unicode Standard Annex 11; marks stand on the letter before)."""
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


# What reading files raises that are not as they were written. What is wrong in our own code raises others too.
DAMAGE = (
    sqlite3.DatabaseError,
    EOFError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    OverflowError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
    UnpicklingError,
)


@contextmanager
def damage_named(folder: Path) -> Iterator[None]:
    """What reading a generation raises as IndexDamaged, for files whose seals do not tell (a writer was killed, or an older version
    made them). A busy database, an interrupted search and a full disk are no damage."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY or is_not_taken(error):
            raise
        raise IndexDamaged(folder, f"cannot be read ({error})") from error
    except sqlite3.ProgrammingError:
        raise  # closed meanwhile
    except OSError as error:
        if not isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
            raise  # a full disk, a missing right
        raise IndexDamaged(folder, f"cannot be read ({error})") from error
    except DAMAGE as error:
        raise IndexDamaged(folder, f"cannot be read ({type(error).__name__}: {error})") from error


_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_INTERRUPT)
