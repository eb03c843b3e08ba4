"""What can be wrong with the registry: every problem of a load at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casereviews.crawler.errors import CrawlerError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field of one entry, and what to write instead."""

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, entry '{self.entry}'" if self.entry else self.file
        if self.field:
            where += f", field '{self.field}'"
        return f"{where}: {self.message}"


class RegistryError(CrawlerError):
    """The registry cannot be loaded; `problems` holds everything that is wrong with it."""

    exit_code = 2

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
