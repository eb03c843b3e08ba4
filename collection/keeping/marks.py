"""Marks of a systematic review: include, exclude or maybe, with the reason, in `marks.csv`, which people edit and share."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from casereviews.collection.clock import now
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.sharing import changing_alone
from casereviews.repository.edited_text import edited_text
from casereviews.repository.errors import UnknownId
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.sealed_databases import refuse_lost_record
from casereviews.repository.vocabulary import load_vocabulary
from casereviews.repository.whole_files import write_whole

if TYPE_CHECKING:
    from casereviews.repository.record import Record

DECISIONS = ("include", "exclude", "maybe")


@dataclass(frozen=True, slots=True)
class Mark(JsonRecord):
    """A decision on a review: one of DECISIONS, why, anything else, and when (ISO 8601, UTC)."""

    review_id: str
    decision: str
    reason: str = ""
    note: str = ""
    at: str = ""


FIELDS = tuple(field.name for field in fields(Mark))


@dataclass(frozen=True, slots=True)
class FlowBox(JsonRecord):
    """A box of the PRISMA 2020 flow diagram: screened, included, undecided, or excluded for a reason."""

    box: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a home; `review_of` gives the id that a review has now."""

    home: Home
    review_of: Callable[[str], str]

    def all(self) -> dict[str, Mark]:
        """The marks by the ids that reviews have now: of two that lead to one review since a merge, the later mark stands."""
        marks = self.written()
        refuse_lost_record(self.home)
        if not marks or not self.home.record_db.exists():
            return marks
        from casereviews.repository.record import Record

        found: dict[str, Mark] = {}
        with Record.open(self.home) as record:
            for review_id, mark in marks.items():
                now_named = _known(record, review_id)
                earlier = found.get(now_named)
                if earlier is None or mark.at >= earlier.at:
                    found[now_named] = replace(mark, review_id=now_named)
        return found

    def put(self, review_id: str, decision: str, *, reason: str = "", note: str = "") -> Mark:
        """Mark a review, named by any id that `Collection.review` knows.

        Raises UnknownId, RequestError for an unknown decision, or an exclusion without a reason (PRISMA 2020, item 16b), and
        VocabularyError, as every change of a home does, when its own `themes.csv` is wrong.
        """
        review_id = self.review_of(review_id)
        load_vocabulary(self.home)
        if decision not in DECISIONS:
            raise RequestError(f"a review is marked {', '.join(DECISIONS)}, not '{decision}'")
        if decision == "exclude" and not reason.strip():
            raise RequestError("an exclusion needs a reason: --reason TEXT")
        mark = Mark(review_id, decision, reason.strip(), note.strip(), now())
        with self._changing():
            self._store({**self.all(), review_id: mark})
        return mark

    def clear(self, review_id: str) -> Mark:
        """Take a review's mark away and return it. Raises UnknownId, and RequestError when it has none, else as `put`."""
        review_id = self.review_of(review_id)
        load_vocabulary(self.home)
        with self._changing():
            marks = self.all()
            mark = marks.pop(review_id, None)
            if mark is None:
                raise RequestError(f"{review_id} is not marked")
            self._store(marks)
        return mark

    def marked(self) -> dict[str, str]:
        """The ids under which reviews were marked -> the ids that they have now."""
        marks = self.written()
        if not marks or not self.home.record_db.exists():
            return {key: key for key in marks}
        from casereviews.repository.record import Record

        with Record.open(self.home) as record:
            return {key: _known(record, key) for key in marks}

    def forget(self, review_ids: Collection[str]) -> int:
        """Take the marks of withdrawn reviews out, by the ids that stand in the file: their notes speak of what must go; returns
        how many."""
        with self._changing():
            marks = self.written()
            kept = {key: mark for key, mark in marks.items() if key not in review_ids}
            if len(kept) < len(marks):
                self._store(kept)
        return len(marks) - len(kept)

    def flow(self) -> tuple[FlowBox, ...]:
        """Screened, included, undecided, and excluded by reason: the boxes of the PRISMA 2020 flow diagram."""
        marks = self.all().values()
        decisions = Counter(mark.decision for mark in marks)
        reasons = Counter(mark.reason for mark in marks if mark.decision == "exclude")
        return (
            FlowBox("screened", "", len(marks)),
            FlowBox("included", "", decisions["include"]),
            FlowBox("undecided", "", decisions["maybe"]),
            *(FlowBox("excluded", why, count) for why, count in reasons.most_common()),
        )

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Two people may mark at once: one waits for the other, and neither mark is lost."""
        with changing_alone(self.home.marks_csv):
            yield

    def written(self) -> dict[str, Mark]:
        """The marks as the file has them, by the ids that it names. Raises RequestError naming file and line."""
        path = self.home.marks_csv
        if not path.exists():
            return {}
        try:
            text = edited_text(path, save="save it as CSV UTF-8")
        except ValueError as error:
            raise RequestError(str(error)) from error
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)  # as some Excels save it
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
        marks: dict[str, Mark] = {}
        for row in _rows(path, reader):
            if row.get("decision") not in DECISIONS or not row.get("review_id"):
                raise RequestError(
                    f"{path}: line {reader.line_num}: a mark needs review_id and one of {', '.join(DECISIONS)}"
                )
            marks[row["review_id"]] = Mark(**{name: row.get(name) or "" for name in FIELDS})
        return marks

    def _store(self, marks: Mapping[str, Mark]) -> None:
        text = io.StringIO(newline="")
        text.write("\ufeff")  # people open it in Excel, which takes it for UTF-8 by this mark
        writer = csv.DictWriter(text, FIELDS)
        writer.writeheader()
        writer.writerows(mark.to_json() for mark in marks.values())
        write_whole(self.home.marks_csv, text.getvalue())


def _known(record: Record, review_id: str) -> str:
    try:
        return record.resolve_id(review_id)
    except UnknownId:
        return review_id


def forget_marks(home: Home, review_ids: Collection[str]) -> int:
    """Take the marks of withdrawn reviews out of a home; returns how many."""
    return Marks(home, str).forget(review_ids)


def _rows(path: Path, reader: csv.DictReader[str]) -> Iterator[dict[str, str]]:
    try:
        yield from reader
    except csv.Error as error:
        raise RequestError(f"{path}: line {reader.line_num}: {error}: mend the line") from error
