"""What leaves for a file is written down in the home, so that a withdrawal can name it: by a verb's own option, or by the shell (`> reviews.jsonl`).

What goes to a terminal or through a pipe is not: nobody can say where it ends.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from casereviews.collection.output import Answer
from casereviews.repository.this_system import path_of_file
from casereviews.search_cli.edge import tell

if TYPE_CHECKING:
    from casereviews.collection.collection import Collection


def file_of_stdout() -> str:
    """The file that the shell sends the standard output to; "" where it is a terminal, a pipe or nothing."""
    try:
        descriptor = sys.stdout.fileno()
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return ""
    except (OSError, ValueError):  # a test's, or a closed one
        return ""
    return path_of_file(descriptor) or "a file that the shell wrote"


@dataclass(slots=True)
class Taken:
    """The reviews that pass, each with the documents of it that do (none named: all)."""

    held: dict[str, set[str]] = field(default_factory=dict)

    def watching(self, answer: Answer) -> Answer:
        """The same answer, whose rows and records are seen as they pass."""
        if isinstance(answer.payload, Mapping):
            self._see(answer.payload)
        return replace(
            answer, rows=self._passing(answer.rows), records=self._passing(answer.records)
        )

    def _passing(self, records: Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
        if not isinstance(records, (list, tuple)):
            return self._as_they_come(records)
        for one in records:
            self._see(one)
        return records

    def _as_they_come(self, records: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        for one in records:
            self._see(one)
            yield one

    def _see(self, record: Mapping[str, Any]) -> None:
        documents = record.get("documents")
        ids = [record.get("document_id")]
        if isinstance(documents, list):
            ids += [one.get("document_id") for one in documents if isinstance(one, Mapping)]
        named = [one for one in ids if isinstance(one, str)]
        review_id = record.get("review_id") or next(iter(named), None)
        if isinstance(review_id, str):
            self.held.setdefault(review_id, set()).update(named)


def write_down(
    collection: Collection,
    form: str,
    place: object,
    held: Iterable[tuple[str, Iterable[str]]],
    *,
    texts: bool = False,
) -> None:
    """Write an export down, or say why that cannot be."""
    if trouble := collection.note_export(form, str(place), held, texts=texts):
        tell(trouble)
