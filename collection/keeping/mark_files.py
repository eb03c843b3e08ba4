"""Files of which many reviews are marked at once: results and exports of this program, marks of others, and what screening tools give back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import CLEAR, TITLE, Mark, csv_rows

# ASReview's own column, by version 2 and by version 1 (its documentation, "Data labeling"): 1 relevant, 0 not, empty not seen.
_LABELS = ("asreview_label", "included")
_RIS = re.compile(r"\s*TY  - ")
_RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)")


@dataclass(frozen=True, slots=True)
class MarksOfFile:
    """The marks that a file asks for, and how many of its rows say no decision."""

    marks: tuple[Mark, ...]
    undecided: int = 0


def marks_of_file(text: str, where: str, like: Mark) -> MarksOfFile:
    """The marks of a file: CSV with a column `review_id`, JSON or JSON lines of this program, RIS whose `AN` or `ID` is the review's, or ids, one a line.

    `like` gives decision, reason, note, stage and reader to every review; where its decision is "" each row says its own: `decision`, or
    ASReview's label (on title and abstract). Of several rows for one review, stage and reader the last counts. Raises RequestError
    naming `where` and the line.
    """
    rows = list(_rows(text, where))
    if not rows:
        raise RequestError(f"{where} names no review")
    found: dict[tuple[str, str, str], Mark] = {}
    undecided = 0
    for row in rows:
        mark = _mark(row, like)
        if mark is None:
            undecided += 1
        elif mark.decision == CLEAR:
            found.pop(mark.place, None)
        else:
            found[mark.place] = mark
    if undecided == len(rows):
        raise RequestError(f"{where} says no decision: casereviews mark include --from {where}")
    return MarksOfFile(tuple(found.values()), undecided)


def _mark(row: Mapping[str, str], like: Mark) -> Mark | None:
    """The mark of a row, None where neither it nor the command says what it is."""
    review_id = row["review_id"].strip()
    if like.decision:
        return Mark(review_id, like.decision, like.reason, like.note, "", like.stage, like.reader)
    decision, stage = row.get("decision", "").strip().lower(), row.get("stage", "").strip()
    label = next((row[name].strip() for name in _LABELS if row.get(name, "").strip()), "")
    if not decision and label:
        decision = {"1": "include", "1.0": "include", "0": "exclude", "0.0": "exclude"}.get(
            label, ""
        )
        stage = stage or TITLE
    if not decision:
        return None
    return Mark(
        review_id,
        decision,
        row.get("reason", "").strip() or like.reason,
        row.get("note", "").strip() or like.note,
        "",
        like.stage or stage,
        like.reader or row.get("reader", "").strip(),
    )


def _rows(text: str, where: str) -> Iterator[dict[str, str]]:
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] in ("{", "["):
        yield from _json_rows(text, where)
    elif _RIS.match(text):
        yield from _ris_rows(text, where)
    elif "review_id" in re.split(
        r"[,;\t]", text.partition("\n")[0].lower().replace('"', "").strip()
    ):
        names, rows = csv_rows(where, text)
        key = next(name for name in names if name.strip().lower() == "review_id")
        for number, row in rows:
            if not row.get(key, "").strip():
                raise RequestError(f"{where}: line {number}: no review_id")
            yield {**row, "review_id": row[key]}
    else:
        for number, line in enumerate(text.split("\n"), 1):
            one = line.strip()
            if one and not one.startswith("#"):
                if not re.fullmatch(r"[\w-]+", one):
                    raise RequestError(
                        f"{where}: line {number} is no review's id: give ids, one a line, or a CSV file with a column review_id"
                    )
                yield {"review_id": one}


def _json_rows(text: str, where: str) -> Iterator[dict[str, str]]:
    try:
        whole = json.loads(text)
    except ValueError:
        whole = []
        for number, line in enumerate(text.split("\n"), 1):
            try:
                whole += [json.loads(line)] if line.strip() else []
            except ValueError:
                raise RequestError(f"{where}: line {number} is no JSON") from None
    except RecursionError:
        raise RequestError(f"{where} is no JSON of this program") from None
    if isinstance(whole, dict):
        whole = whole.get("hits", [whole])
    for number, one in enumerate(whole if isinstance(whole, list) else [], 1):
        if not isinstance(one, dict) or not one.get("review_id"):
            raise RequestError(f"{where}: record {number} has no review_id")
        yield {key: _told(value) for key, value in one.items()}


def _told(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _ris_rows(text: str, where: str) -> Iterator[dict[str, str]]:
    said: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        found = _RIS_LINE.match(line)
        if not found:
            continue
        said.setdefault(found[1], found[2].strip())
        if found[1] == "ER":
            review_id = said.get("AN") or said.get("ID")
            if not review_id:
                raise RequestError(f"{where}: line {number}: the reference has neither AN nor ID")
            yield {"review_id": review_id}
            said = {}
