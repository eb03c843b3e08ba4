"""Why a file could not be read; each becomes a status of `Reading`, never a stop.

UnreadableFile          base: `status` is one of READING_STATUS
├── NotADocument        the bytes are of no format that holds text for people
├── Encrypted           a password is needed
├── Corrupt             the bytes break the format's own rules
├── TooLarge            it would cost more than the limits allow
├── NothingInside       it is sound but holds no text
├── OutOfTime           it took longer than the limits allow
└── ProgramMissing      a program that reads this format is not installed
"""

from __future__ import annotations

from typing import ClassVar

from casereviews.repository.errors import RepositoryError


class UnreadableFile(RepositoryError):
    """A file that cannot be read; the message says why and what to do."""

    status: ClassVar[str] = "corrupt"


class NotADocument(UnreadableFile):
    """The bytes are of no format that holds text for people."""

    status = "not_a_document"


class Encrypted(UnreadableFile):
    """A password is needed."""

    status = "encrypted"


class Corrupt(UnreadableFile):
    """The bytes break the format's own rules."""

    status = "corrupt"


class TooLarge(UnreadableFile):
    """Reading would cost more than the limits allow."""

    status = "too_large"


class NothingInside(UnreadableFile):
    """The file is sound but holds no text."""

    status = "empty"


class OutOfTime(UnreadableFile):
    """Reading took longer than the limits allow."""

    status = "timed_out"


class ProgramMissing(UnreadableFile):
    """A program that reads this format is not installed; with it the file could be read."""

    status = "partial"
