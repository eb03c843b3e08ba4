"""Marks of a systematic review: include, exclude or maybe, with the reason, in `marks.csv`, which people edit and share.

The file is the history: a mark is a row at its end, and no row is changed or taken out but by a withdrawal or by hand. Of the rows for one
review, stage and reader the latest stands. A file of before stages and readers is read as it is: its marks are of nobody in particular,
made in one step.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from casereviews.collection.clock import now
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.prisma import Identified, Screened, flow_of
from casereviews.collection.keeping.sharing import changing_alone
from casereviews.collection.output.flow_diagram import FlowBox
from casereviews.repository.edited_text import edited_text
from casereviews.repository.errors import UnknownId
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.sealed_databases import has_record, refuse_lost_record
from casereviews.repository.vocabulary import load_vocabulary
from casereviews.repository.vocabulary.codes import MARK_STAGES
from casereviews.repository.whole_files import write_whole

if TYPE_CHECKING:
    from casereviews.repository.record import Record

DECISIONS = ("include", "exclude", "maybe")
CLEAR = "clear"
CONFLICT = "conflict"
STAGES = MARK_STAGES
TITLE, FULL = STAGES
MOST_LETTERS = 100_000
"""Of a reason, a note and a reader's name: no reader of CSV takes a longer cell (`csv.field_size_limit`), and all marks would be lost with it."""


@dataclass(frozen=True, slots=True)
class Mark(JsonRecord):
    """A decision on a review: one of DECISIONS (in the history also CLEAR), why, anything else, when (ISO 8601, UTC), at which of STAGES
    ("" in one step, which counts as on the full text) and by whom ("" what was agreed, or where there is one reader)."""

    review_id: str
    decision: str
    reason: str = ""
    note: str = ""
    at: str = ""
    stage: str = ""
    reader: str = ""

    def to_json(self) -> dict[str, Any]:
        """The mark as the contract of `mark --json` has it: a stage and a reader only where there is one."""
        said = asdict(self)
        return {key: said[key] for key in said if said[key] or key not in ("stage", "reader")}

    @property
    def place(self) -> tuple[str, str, str]:
        """Of the marks in one place the latest stands: review, stage and reader."""
        return self.review_id, self.stage or FULL, self.reader


FIELDS = tuple(field.name for field in fields(Mark))


@dataclass(frozen=True, slots=True)
class Decision:
    """What stands of a review at a stage: include, exclude, maybe, or conflict where its readers differ; and the marks that say so."""

    review_id: str
    stage: str
    decision: str
    marks: tuple[Mark, ...]

    @property
    def reason(self) -> str:
        """Why it was excluded: each reason of those who excluded it once, "" otherwise."""
        agreed = [one for one in self.marks if not one.reader and one.decision == self.decision]
        said = [one.reason for one in agreed or self.marks if one.decision == "exclude"]
        return "; ".join(dict.fromkeys(filter(None, said)))


@dataclass(frozen=True, slots=True)
class MarkedAtOnce:
    """Marks that were put together, and the ids of which nothing is shown, which were left out."""

    marks: tuple[Mark, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of a home; `review_of` gives the id that a review has now."""

    home: Home
    review_of: Callable[[str], str]

    # ------------------------------------------------------------ what stands

    def all(self) -> dict[str, Mark]:
        """The latest mark of each marked review, of the last stage that it reached, by the id that the review has now.

        Where readers differ `decisions` says so.
        """
        return {
            review_id: max(reversed(one.marks), key=lambda mark: mark.at)
            for review_id, one in self._last_decisions().items()
        }

    def standing(self) -> tuple[Mark, ...]:
        """Every mark that stands: one for each review, stage and reader, under the ids that reviews have now, in the order of the file."""
        found: dict[tuple[str, str, str], Mark] = {}
        for mark in self.history():
            earlier = found.get(mark.place)
            if earlier is None or _not_before(mark, earlier):
                found[mark.place] = mark
        return tuple(mark for mark in found.values() if mark.decision != CLEAR)

    def history(self, review_id: str | None = None) -> tuple[Mark, ...]:
        """Every mark that was ever put or taken away (CLEAR), in the order of the file, under the ids that reviews have now; all, or a review's.

        Raises UnknownId.
        """
        wanted = self.review_of(review_id) if review_id is not None else None
        now_named = self.marked()
        rows = (replace(mark, review_id=now_named[mark.review_id]) for mark in self.written())
        return tuple(mark for mark in rows if wanted in (None, mark.review_id))

    def decisions(self) -> tuple[Decision, ...]:
        """What stands of each review at each stage, by review, the first stage first.

        A mark without a reader is what was agreed: it settles the readers' marks up to it. One that a reader makes later, and that says
        otherwise, is a conflict anew.
        """
        by_stage: dict[tuple[str, str], list[Mark]] = {}
        for mark in self.standing():
            by_stage.setdefault(mark.place[:2], []).append(mark)
        return tuple(
            Decision(review_id, stage, _together(marks), tuple(marks))
            for (review_id, stage), marks in sorted(
                by_stage.items(), key=lambda pair: (pair[0][0], STAGES.index(pair[0][1]))
            )
        )

    def conflicts(self) -> tuple[Decision, ...]:
        """The reviews, by stage, on which readers differ and nobody has settled it."""
        return tuple(one for one in self.decisions() if one.decision == CONFLICT)

    def values(self) -> dict[str, tuple[str, ...]]:
        """Review id -> what `mark:` finds it by: its decision at the last stage, and the decision at each stage (`full_text_include`)."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self.decisions():  # the last stage comes last
            staged = [value for value in found.get(one.review_id, ()) if value.startswith(STAGES)]
            found[one.review_id] = (one.decision, *staged, f"{one.stage}_{one.decision}")
        return found

    def flow(self, searches: Sequence[Identified] = ()) -> tuple[FlowBox, ...]:
        """The boxes of the PRISMA 2020 flow diagram; those of identification where the logged `searches` are given."""
        screened: dict[str, Screened] = {}
        for one in self.decisions():
            known = screened.get(one.review_id, Screened(one.review_id))
            if one.stage == TITLE:
                known = replace(known, title=one.decision, title_reason=one.reason)
            else:
                known = replace(known, full=one.decision, full_reason=one.reason)
            screened[one.review_id] = known
        ids = {each for one in searches for each in one.reviews or ()}
        now_named = self._now_named(ids)
        named = [
            one
            if one.reviews is None
            else replace(one, reviews=frozenset(now_named[each] for each in one.reviews))
            for one in searches
        ]
        return flow_of(list(screened.values()), self._not_had(screened), named)

    # ------------------------------------------------------------ marking

    def put(
        self,
        review_id: str,
        decision: str,
        *,
        reason: str = "",
        note: str = "",
        stage: str = "",
        reader: str = "",
        once: bool = False,
    ) -> Mark:
        """Mark a review, named by any id that `Collection.review` knows. With `once` a mark that stands so already is not made again.

        Raises UnknownId, RequestError for an unknown decision or stage, or an exclusion without a reason (PRISMA 2020, item 16b; on title and
        abstract none is needed), and VocabularyError, as every change of a home does, when its own `themes.csv` is wrong.
        """
        mark = Mark(
            self.review_of(review_id),
            decision,
            reason.strip(),
            note.strip(),
            "",
            stage,
            reader.strip(),
        )
        load_vocabulary(self.home)
        check(mark)
        with self._changing():
            stands = self._stands(mark) if once else None
            if stands is not None and _says(stands) == _says(mark):
                return stands
            return self._written_after([mark])[0]

    def put_all(self, marks: Iterable[Mark]) -> MarkedAtOnce:
        """Put many marks in one change: all that can be, or none when one of them is wrong. Ids of which nothing is shown are told.

        Raises as `put` does, but for UnknownId.
        """
        asked = list(marks)
        load_vocabulary(self.home)
        for mark in asked:
            check(mark)
        from casereviews.repository.published_documents import shown_review_ids

        shown = shown_review_ids(self.home, {mark.review_id for mark in asked})
        unknown = tuple(dict.fromkeys(one.review_id for one in asked if one.review_id not in shown))
        known = [
            replace(mark, review_id=shown[mark.review_id])
            for mark in asked
            if mark.review_id in shown
        ]
        return MarkedAtOnce(tuple(self._append(known)) if known else (), unknown)

    def clear(self, review_id: str, *, stage: str = "", reader: str = "") -> Mark:
        """Take a review's mark (of a stage, by a reader) away and return it; the history keeps that it was there.

        Raises UnknownId, and RequestError when it has none, else as `put`.
        """
        wanted = Mark(self.review_of(review_id), CLEAR, stage=stage, reader=reader.strip())
        load_vocabulary(self.home)
        _check_stage(stage)
        with self._changing():
            mark = self._stands(wanted)
            if mark is None:
                whose = f" by {wanted.reader}" if wanted.reader else ""
                where = f" at {stage}" if stage else ""
                raise RequestError(
                    f"{wanted.review_id} is not marked{where}{whose}: `casereviews mark` lists the marks"
                )
            self._written_after([wanted])
        return mark

    def before(self, mark: Mark) -> Mark | None:
        """What stood before a standing mark in its place, and stands again when it is taken back; None where that was nothing."""
        return _before(self.history(), mark)

    def undo(self, mark: Mark) -> Mark:
        """Take a standing mark back: what stood before it in its place stands again, as a new row; the history keeps both.

        Raises RequestError when it stands no longer: it is taken back once, however often that is asked for. Else as `put`.
        """
        load_vocabulary(self.home)
        with self._changing():
            if self._stands(mark) != mark:
                raise RequestError(
                    f"the mark of {mark.review_id} has changed since: look at it again"
                )
            none = Mark(mark.review_id, CLEAR, stage=mark.stage, reader=mark.reader)
            return self._written_after([_before(self.history(), mark) or none])[0]

    def _stands(self, like: Mark) -> Mark | None:
        """The mark that stands in a mark's place."""
        return next((one for one in self.standing() if one.place == like.place), None)

    def marked(self) -> dict[str, str]:
        """The ids under which reviews were marked -> the ids that they have now."""
        return self._now_named({mark.review_id for mark in self.written()})

    def forget(self, review_ids: Collection[str]) -> int:
        """Take the marks of withdrawn reviews out, by the ids that stand in the file, with their history: their notes speak of what must go;
        returns of how many reviews."""
        with self._changing():
            names, rows = self._rows()
            kept = [row for row in rows if row["review_id"] not in review_ids]
            if len(kept) < len(rows):
                self._store(names, kept)
        gone = {row["review_id"] for row in rows} - {row["review_id"] for row in kept}
        return len(gone)

    # ------------------------------------------------------------ the file

    def written(self) -> tuple[Mark, ...]:
        """The rows of the file, by the ids that it names. Raises RequestError naming file and line."""
        return tuple(
            Mark(**{name: row.get(name) or "" for name in FIELDS}) for row in self._rows()[1]
        )

    def _rows(self) -> tuple[tuple[str, ...], list[dict[str, str]]]:
        """The columns of the file, ours first missing or not, and its rows: columns of people's own stay."""
        path = self.home.marks_csv
        if not path.exists():
            return FIELDS, []
        try:
            text = edited_text(path, save="save it as CSV UTF-8")
        except ValueError as error:
            raise RequestError(str(error)) from error
        names, rows = csv_rows(str(path), text)
        found = []
        for number, row in rows:
            stage = row.get("stage") or ""
            if row.get("decision") not in (*DECISIONS, CLEAR) or not row.get("review_id"):
                raise RequestError(
                    f"{path}: line {number}: a mark needs review_id and one of {', '.join(DECISIONS)}"
                )
            if stage not in ("", *STAGES):
                raise RequestError(
                    f"{path}: line {number}: a stage is {' or '.join(STAGES)}, not '{stage}'"
                )
            found.append(row)
        return (*FIELDS, *(name for name in names if name not in FIELDS)), found

    def _append(self, marks: Sequence[Mark]) -> list[Mark]:
        with self._changing():
            return self._written_after(marks)

    def _written_after(self, marks: Sequence[Mark]) -> list[Mark]:
        """Marks as rows at the end of the file, no earlier than what stands there: a clock that was put back loses no decision."""
        names, rows = self._rows()
        latest: dict[tuple[str, str], str] = {}
        for one in self.standing():
            where = one.place[:2]
            latest[where] = max(latest.get(where, ""), _instant(one.at))
        at = now()
        stamped = [replace(mark, at=max(at, latest.get(mark.place[:2], ""))) for mark in marks]
        self._store(names, [*rows, *map(asdict, stamped)])
        return stamped

    def _store(self, names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
        text = io.StringIO(newline="")
        text.write("\ufeff")  # people open it in Excel, which takes it for UTF-8 by this mark
        writer = csv.DictWriter(text, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
        write_whole(self.home.marks_csv, text.getvalue())

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Two people may mark at once: one waits for the other, and neither mark is lost."""
        with changing_alone(self.home.marks_csv):
            yield

    # ------------------------------------------------------------ of the record

    def _last_decisions(self) -> dict[str, Decision]:
        return {one.review_id: one for one in self.decisions()}

    def _now_named(self, review_ids: Collection[str]) -> dict[str, str]:
        refuse_lost_record(self.home)
        if not review_ids or not has_record(self.home):
            return {key: key for key in review_ids}
        from casereviews.repository.record import Record

        with Record.open(self.home) as record:
            return {key: _known(record, key) for key in review_ids}

    def _not_had(self, review_ids: Collection[str]) -> set[str]:
        """Those of which no file is kept."""
        if not review_ids or not has_record(self.home):
            return set()
        from casereviews.repository.published_documents import reviews_without_files

        return reviews_without_files(self.home).intersection(review_ids)


def check(mark: Mark) -> None:
    """Raise RequestError for a decision or stage that is none, or an exclusion without the reason that it needs."""
    if mark.decision not in DECISIONS:
        raise RequestError(f"a review is marked {', '.join(DECISIONS)}, not '{mark.decision}'")
    _check_stage(mark.stage)
    for name in ("reason", "note", "reader"):
        text: str = getattr(mark, name)
        if len(text) > MOST_LETTERS:
            raise RequestError(
                f"a {name} of {mark.review_id} has {len(text):,} letters: write at most {MOST_LETTERS:,}"
            )
    if mark.decision == "exclude" and mark.stage != TITLE and not mark.reason:
        raise RequestError(
            f"an exclusion needs a reason: --reason TEXT ({mark.review_id}; none is needed at {TITLE})"
        )


def _says(mark: Mark) -> tuple[str, str, str]:
    return mark.decision, mark.reason, mark.note


def _before(history: Sequence[Mark], mark: Mark) -> Mark | None:
    """The row above a mark's in its place; None where there is none, or it took a mark away."""
    rows = [one for one in history if one.place == mark.place]
    at = max((place for place, one in enumerate(rows) if one == mark), default=0)
    return rows[at - 1] if at and rows[at - 1].decision != CLEAR else None


def _check_stage(stage: str) -> None:
    if stage not in ("", *STAGES):
        raise RequestError(f"a stage is {' or '.join(STAGES)}, not '{stage}'")


def _together(marks: Sequence[Mark]) -> str:
    """What several marks of one review at one stage come to."""
    agreed = next((one for one in marks if not one.reader), None)
    open_ = {
        one.decision
        for one in marks
        if one.reader and not (agreed and _instant(agreed.at) >= _instant(one.at))
    }
    if agreed:
        open_.add(agreed.decision)
    return open_.pop() if len(open_) == 1 else CONFLICT


def _not_before(mark: Mark, earlier: Mark) -> bool:
    """True when a row stands instead of one above it. Where one of them has no time, as rows written by hand, the file's order says when."""
    one, other = _instant(mark.at), _instant(earlier.at)
    return not one or not other or one >= other


def _instant(at: str) -> str:
    """For comparing: an ISO time, "" for what is none ("31/12/2025", as spreadsheets write it)."""
    return at if at[:4].isdigit() else ""


def _known(record: Record, review_id: str) -> str:
    try:
        return record.resolve_id(review_id)
    except UnknownId:
        return review_id


def forget_marks(home: Home, review_ids: Collection[str]) -> int:
    """Take the marks of withdrawn reviews out of a home; returns of how many reviews."""
    return Marks(home, str).forget(review_ids)


def csv_rows(where: str, text: str) -> tuple[tuple[str, ...], list[tuple[int, dict[str, str]]]]:
    """The columns of a CSV file as people save it (commas, semicolons or tabs), and its rows with the lines that they end on.

    Raises RequestError naming `where` and the line.
    """
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # as some Excels save it
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = []
    try:
        for row in reader:
            told = {key: value or "" for key, value in row.items() if key is not None}
            rows.append((reader.line_num, told))
    except csv.Error as error:
        raise RequestError(f"{where}: line {reader.line_num}: {error}: mend the line") from error
    return tuple(reader.fieldnames or ()), rows
