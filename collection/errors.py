"""The tree of the collection's errors.

CollectionError                 base: what, where, and what to do next
├── RequestError                what was asked for is not possible as asked
├── NoPicture                   a page has no picture: its text is all that can be shown
├── NothingCollected            there is nothing to show yet
├── FileBusy                    a file that people share is being changed by another run
├── CannotDraw                  pictures need an extra that is not installed
├── NeedsData                   tables need an extra that is not installed
├── CannotWrite                 a library cannot write its file
├── CannotMigrate               a home cannot be brought to other stores as it stands
├── NotServed                   the demo's sites are not being served (keeping/demo_sites.py)
└── FetchError                  a model's host, or a document's, cannot be reached

`exit_code` is what a program ends with that such an error ends: 2 for what was asked wrongly, 3 for what cannot run.
"""


class CollectionError(Exception):
    """Base of all errors of the collection; its message says what to do next."""

    exit_code = 3


class RequestError(CollectionError):
    """What was asked for is not possible as it was asked."""

    exit_code = 2


class NoPicture(CollectionError):
    """A page has no picture; the message says why."""


class NothingCollected(CollectionError):
    """There is nothing to show yet."""

    def __init__(self) -> None:
        super().__init__(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )


class FileBusy(CollectionError):
    """A file that people share is being changed by another run."""


class FetchError(CollectionError):
    """A host cannot be reached."""


class CannotDraw(CollectionError):
    """Pictures need an extra that is not installed."""

    def __init__(self) -> None:
        super().__init__('pictures need the extra [charts]: pip install ".[charts]"')


class NeedsData(CollectionError):
    """Tables and data frames need an extra that is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(f'this needs {library}, of the extra [data]: pip install ".[data]"')


class CannotWrite(CollectionError):
    """A library cannot write its file; the message has its reason."""


class CannotMigrate(CollectionError):
    """A home cannot be brought to other stores as it stands, or what was brought is not the same."""
