"""The tree of the index's errors.

SearchError          base: what, where, and what to do next
├── NoIndex          there is no index yet, or another version of casereviews made it
├── ForeignIndex     the index folder was built by another home, and is not opened
├── BuildStopped     a process that builds the index ended
├── ModelError       a sentence model cannot be used
└── QueryError       the query cannot be understood (the text, the position, what was probably meant)
"""


class SearchError(Exception):
    """Base of all errors of the index; its message says what to do next."""


class NoIndex(SearchError):
    """There is no index that this version can open."""


class ForeignIndex(SearchError):
    """Another home built this index. Whoosh unpickles what it opens, so a stranger's index is refused."""


class BuildStopped(SearchError):
    """A child process of a build ended; the next build goes on where this one stopped."""


class ModelError(SearchError):
    """A sentence model is missing, damaged or needs the extra [semantic]."""


class QueryError(SearchError):
    """The query cannot be understood.

    `query` is the text as typed, `position` the character (from 0) where the trouble is; the message shows
    both on lines of their own.
    """

    def __init__(self, reason: str, query: str, position: int) -> None:
        self.reason = reason
        self.query = query
        self.position = position
        shown = "".join(" " if char.isspace() else char for char in query)
        super().__init__(f"{reason}\n  {shown}\n  {' ' * position}^")
