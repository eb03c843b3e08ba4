"""Decisions of screening tools brought home: each record is matched with its review by id, and what cannot be matched or read is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import TITLE, Decision, Mark, Marks, check
from casereviews.collection.keeping.screening_files import (
    ASREVIEW,
    COVIDENCE,
    RAYYAN,
    Decided,
    ScreenedRecord,
    ScreeningFile,
    list_of_covidence,
)
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.vocabulary.codes import plain_name

if TYPE_CHECKING:
    from casereviews.repository.home import Home

_SAYS = (RAYYAN, ASREVIEW)
"""Tools whose files say the decision of each record."""


@dataclass(frozen=True, slots=True)
class NotImported(JsonRecord):
    """A record of which nothing was marked, and why. `proposed` is the review that has its title, for a person to look at; "" where none or several have it."""

    row: int
    title: str
    why: str
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file's records. `marks` were made (or would be, `dry_run`), `standing` stood so already; `by_address` records had no id that is known
    here, and an address of one review. `undecided` records say no decision; `left_out` could not be matched or read. `conflicts` are the
    reviews of the file on which readers now differ."""

    tool: str
    records: int
    marks: tuple[Mark, ...]
    standing: int
    by_address: int
    undecided: int
    left_out: tuple[NotImported, ...]
    conflicts: tuple[Decision, ...] = ()
    dry_run: bool = False

    def to_json(self) -> dict[str, Any]:
        """The import as the contract of `mark import --json` has it."""
        return {
            "tool": self.tool or None,
            "dry_run": self.dry_run,
            "records": self.records,
            "marks": [mark.to_json() for mark in self.marks],
            "standing": self.standing,
            "by_address": self.by_address,
            "undecided": self.undecided,
            "left_out": [asdict(one) for one in self.left_out],
            "conflicts": [
                {"review_id": one.review_id, "stage": one.stage} for one in self.conflicts
            ],
        }


@dataclass(frozen=True, slots=True)
class Known:
    """What records are matched with: any id -> the review's id now, an address or a title (`plain_name`) -> the reviews that have it."""

    ids: Mapping[str, str]
    addresses: Mapping[str, frozenset[str]]
    titles: Mapping[str, frozenset[str]]


def known_of(home: Home, file: ScreeningFile) -> Known:
    """What the records of a file are matched with: all that is shown in a home."""
    from casereviews.repository.published_documents import reviews_by, shown_review_ids

    titles: dict[str, frozenset[str]] = {}
    for title, reviews in reviews_by(home, "title").items():
        titles[plain_name(title)] = titles.get(plain_name(title), frozenset()) | reviews
    return Known(
        shown_review_ids(home, {one for record in file.records for one in record.ids}),
        {key: frozenset(ids) for key, ids in reviews_by(home, "file_url", "landing_url").items()},
        titles,
    )


def imported(
    marks: Marks, file: ScreeningFile, known: Known, like: Mark, where: str, *, dry_run: bool
) -> Imported:
    """Mark what the file's records decide. `like` gives stage (TITLE without), reader and reason where the file says none, and the decision where
    no record says one. All that match are marked, or none where one of them may not be.

    Raises RequestError when the file says no decision and `like` neither, or both do, and as `Marks.put_all`.
    """
    _refuse_unclear(file, like, where)
    by_address = undecided = 0
    left_out: list[NotImported] = []
    asked: dict[tuple[str, str, str], tuple[Mark, ScreenedRecord]] = {}
    contradicted: set[tuple[str, str, str]] = set()
    for record in file.records:
        left_out += [_left(record, f"'{said}' is no decision") for said in record.unread]
        decided = record.decided
        if like.decision:
            decided = (Decided(like.decision, reason=record.reason),)
        if not decided:
            undecided += not record.unread
            continue
        review_id, why, addressed = _review_of(record, known)
        if not review_id:
            left_out.append(_left(record, why, _proposed(record, known)))
            continue
        by_address += addressed
        for one in decided:
            mark = Mark(
                review_id,
                one.decision,
                one.reason or (like.reason if one.decision == "exclude" or like.decision else ""),
                one.note or like.note,
                "",
                like.stage or TITLE,
                one.reader or like.reader,
            )
            before = asked.get(mark.place)
            if before is None:
                asked[mark.place] = (mark, record)
            elif before[0].decision != mark.decision:
                contradicted.add(mark.place)
                left_out.append(
                    _left(
                        record,
                        f"{_who(mark)} decided otherwise on {review_id} in row {before[1].row}: neither is marked",
                    )
                )
    wanted = [mark for place, (mark, _) in asked.items() if place not in contradicted]
    for mark in wanted:
        check(mark)
    stand = {(one.place, one.decision, one.reason, one.note) for one in marks.standing()}
    fresh = [
        mark for mark in wanted if (mark.place, mark.decision, mark.reason, mark.note) not in stand
    ]
    made = tuple(fresh) if dry_run or not fresh else marks.put_all(fresh).marks
    reviews = {mark.review_id for mark in wanted}
    return Imported(
        tool=file.tool,
        records=len(file.records),
        marks=made,
        standing=len(wanted) - len(fresh),
        by_address=by_address,
        undecided=undecided,
        left_out=tuple(left_out),
        conflicts=()
        if dry_run
        else tuple(one for one in marks.conflicts() if one.review_id in reviews),
        dry_run=dry_run,
    )


def _refuse_unclear(file: ScreeningFile, like: Mark, where: str) -> None:
    says = file.tool in _SAYS or any(one.decided or one.unread for one in file.records)
    if says and like.decision:
        raise RequestError(
            f"{where} says the decision of each record: leave out '{like.decision}' (`mark {like.decision} --from` marks all of a file alike)"
        )
    if says or like.decision:
        return
    if file.tool == COVIDENCE:
        words = list_of_covidence(where) or "include, or exclude, with --stage"
        raise RequestError(
            f"{where}: Covidence gives a file a list, and says in its name alone which: casereviews mark import {where} {words}"
        )
    raise RequestError(
        f"{where} says no decision that is known here: casereviews mark import {where} include (or exclude, maybe)"
    )


def _review_of(record: ScreenedRecord, known: Known) -> tuple[str, str, bool]:
    """The review of a record, "" where it has none; why not; and whether its address told it."""
    by_id = dict.fromkeys(known.ids[one] for one in record.ids if one in known.ids)
    by_address = {
        review
        for one in record.addresses
        for review in known.addresses.get(one, ())
        if len(known.addresses[one]) == 1
    }
    if len(by_id) > 1:
        return "", f"its ids are of several reviews: {', '.join(by_id)}", False
    if by_id:
        review_id = next(iter(by_id))
        if by_address and review_id not in by_address:
            others = ", ".join(sorted(by_address))
            return "", f"its id is of {review_id}, its address of {others}", False
        return review_id, "", False
    if len(by_address) == 1:
        return by_address.pop(), "", True
    if by_address:
        return "", f"its addresses are of several reviews: {', '.join(sorted(by_address))}", False
    return "", "nothing here has its id or its address", False


def _proposed(record: ScreenedRecord, known: Known) -> str:
    found = known.titles.get(plain_name(record.title), frozenset())
    return next(iter(found)) if len(found) == 1 else ""


def _left(record: ScreenedRecord, why: str, proposed: str = "") -> NotImported:
    return NotImported(record.row, record.title, why, proposed)


def _who(mark: Mark) -> str:
    return mark.reader or "the file"
