"""The tree of the repository's errors.

RepositoryError                 base: what, where, and what to do next
├── HomeError                   the home folder cannot be used
│   ├── HomeLocked              another writer holds it (pid, host)
│   ├── HomeDamaged             a file of it is not as it was written (which, and the remedy)
│   ├── HomeTooNew              a newer casereviews wrote it
│   ├── WithdrawalUnfinished    a withdrawal was begun and must be finished before anything is read
│   └── RecordServerError       the PostgreSQL server of the record does not answer, or refuses
├── ArchiveError                the archive cannot be had, or a file cannot be kept
│   └── FileLost                a kept file is missing, damaged or cannot be read
├── BackupError                 a backup cannot be made or brought back
├── UnknownId                   no such review, document or version
├── VocabularyError             a vocabulary data file is wrong (file, row, nearest right value)
├── ModelError                  a sentence model cannot be used
├── TomlError                   a TOML file of the home cannot be read
└── CorrectionError             a correction cannot be applied

`exit_code` is what a program ends with that such an error ends: 2 for what was asked or written wrongly, 3 for what cannot run.
"""


class RepositoryError(Exception):
    """Base of all errors of the repository; its message says what to do next."""

    exit_code = 3


class HomeError(RepositoryError):
    """The home folder cannot be used."""


class HomeLocked(HomeError):
    """Another process is writing to this home."""


class HomeDamaged(HomeError):
    """A file of the home is gone, or is not as it was written."""


class HomeTooNew(HomeError):
    """This home was written by a newer version of casereviews."""


class WithdrawalUnfinished(HomeError):
    """A withdrawal was begun and is not finished: nothing is read before it is."""


class RecordServerError(HomeError):
    """The server that holds the record does not answer, refuses, or lost the connection."""


class ArchiveError(RepositoryError):
    """The archive cannot be had, or a file cannot be kept."""


class FileLost(ArchiveError):
    """One kept file is missing, damaged or cannot be read; the archive can be."""


class BackupError(RepositoryError):
    """A backup cannot be made, or cannot be brought back."""


class UnknownId(RepositoryError):
    """No review, document or version has this id."""

    exit_code = 2


class VocabularyError(RepositoryError):
    """A data file of the vocabulary is wrong."""

    exit_code = 2


class ModelError(RepositoryError):
    """A sentence model is missing, damaged or needs the extra [semantic]."""


class TomlError(RepositoryError):
    """A TOML file that people edit cannot be read."""

    exit_code = 2


class CorrectionError(RepositoryError):
    """A correction names an unknown field, value or id."""

    exit_code = 2
