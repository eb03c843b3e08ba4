"""What screening tools give back: the decisions of Rayyan, Covidence and ASReview on each record of a file, and what names its review.

Rayyan writes into the notes of a record (help.rayyan.ai, "Understanding your Rayyan export files"): `RAYYAN-INCLUSION: {"Ash"=>"Included", "Ben"=>"Excluded"} |
RAYYAN-EXCLUSION-REASONS: adult,no child | USER-NOTES: {"Ash"=>["..."]}`, after what stood there, and keeps notes and address of what was imported. ASReview writes `asreview_label`
(version 1: `included`), `asreview_note` and `asreview_user_name` as columns, in RIS as notes, and keeps what was imported (its documentation, "Progress and results", and `asreview/data/ris.py`).
Covidence writes one file a list, which its name tells and no column, with `Accession Number`, `Covidence #` and `Notes`, where an excluded record has "Exclusion reason: ...;".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.marks import csv_rows
from casereviews.collection.output.citations import ID_NOTE
from casereviews.repository.vocabulary.codes import plain_name

RAYYAN, COVIDENCE, ASREVIEW = "Rayyan", "Covidence", "ASReview"
_OUR_ID = re.compile(re.escape(ID_NOTE) + r"\s*([\w-]+)")
_SECTION = re.compile(
    r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES)\s*:\s*"
)
_SAID = re.compile(
    r'"((?:[^"\\]|\\.)*)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\])'
)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_COVIDENCE_REASON = re.compile(r"Exclusion reason:\s*([^;]+)")
_COVIDENCE_LIST = re.compile(r"_(screen|select|irrelevant|included|excluded)_")
_LISTS = {
    "select": "include --stage title_abstract",
    "irrelevant": "exclude --stage title_abstract",
    "included": "include --stage full_text",
    "excluded": "exclude --stage full_text",
}
"""Covidence's lists by the name in the file's name: what each is as a mark."""
_DECISIONS = {"included": "include", "excluded": "exclude", "maybe": "maybe"}
_LABELS = {"1": "include", "1.0": "include", "0": "exclude", "0.0": "exclude"}
_SEEN = {"ASReview_relevant": "1", "ASReview_irrelevant": "0"}
_RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)")
_RIS = re.compile(r"^TY  - ", re.MULTILINE)
_IDS = ("review_id", "accession_number", "id", "an")
_ADDRESSES = (
    "url",
    "urls",
    "ur",
    "lk",
    "l1",
    "file_attachments1",
    "link",
    "file_url",
    "landing_url",
)
_TITLES = ("title", "primary_title", "ti", "t1")
_NOTES = ("notes", "note", "n1", "rn")


@dataclass(frozen=True, slots=True)
class Decided:
    """What one reader ("" where the file names none) decided on a record."""

    decision: str
    reader: str = ""
    reason: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ScreenedRecord:
    """A record of a file: its `row` as a spreadsheet counts it (of RIS the number of the reference), what may be its review's id, its addresses and
    title, the decisions, what was said in place of one and is none (`unread`), and the `reason` that Covidence's notes give."""

    row: int
    ids: tuple[str, ...]
    addresses: tuple[str, ...]
    title: str
    decided: tuple[Decided, ...]
    unread: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ScreeningFile:
    """A file that a screening tool gave back, and the tool whose it is ("" where nothing tells)."""

    tool: str
    records: tuple[ScreenedRecord, ...]


def screening_file(text: str, where: str) -> ScreeningFile:
    """Read CSV (commas, semicolons or tabs) or RIS of a screening tool. Raises RequestError naming `where`, and the line, when it is neither."""
    text = text.removeprefix("\ufeff")
    fields = list(_references(text) if _RIS.search(text) else _rows(text, where))
    if not fields:
        raise RequestError(f"{where} has no record")
    records = tuple(_record(row, said) for row, said in fields)
    return ScreeningFile(_tool(said for _, said in fields), records)


def list_of_covidence(where: str) -> str:
    """The words of `mark import` for the list that a file of Covidence's own name is; "" for another name."""
    found = _COVIDENCE_LIST.search(where)
    return _LISTS.get(found[1], "") if found else ""


def _rows(text: str, where: str) -> Iterator[tuple[int, dict[str, list[str]]]]:
    names, rows = csv_rows(where, text)
    if len(names) < 2:
        raise RequestError(f"{where} is neither CSV nor RIS: export either from the screening tool")
    for number, (_, row) in enumerate(rows, 2):
        said = {plain_name(name): [value.strip()] for name, value in row.items() if value.strip()}
        if said:
            yield number, said


def _references(text: str) -> Iterator[tuple[int, dict[str, list[str]]]]:
    said: dict[str, list[str]] = {}
    last, number = "", 0
    for line in text.splitlines():
        found = _RIS_LINE.match(line)
        if not found:
            if last and line.strip():  # a long note that a tool broke into lines
                said[last][-1] += " " + line.strip()
        elif found[1] == "ER":
            number += 1
            yield number, said
            said, last = {}, ""
        else:
            last = found[1].lower()
            said.setdefault(last, []).append(found[2].strip())


def _record(row: int, said: Mapping[str, list[str]]) -> ScreenedRecord:
    notes = [one for name in _NOTES for one in said.get(name, ())]
    # A line break or a comma too many moves what Rayyan says into another column.
    elsewhere = [
        one
        for name, values in said.items()
        if name not in _NOTES
        for one in values
        if "RAYYAN-" in one
    ]
    whole = " | ".join((*notes, *elsewhere))
    ids = [*_OUR_ID.findall(whole), *(one for name in _IDS for one in said.get(name, ()))]
    decided, unread = _decided(said, whole)
    return ScreenedRecord(
        row,
        tuple(dict.fromkeys(one.removeprefix(ID_NOTE).strip() for one in ids)),
        tuple(dict.fromkeys(_addresses(said))),
        next((said[name][0] for name in _TITLES if name in said), ""),
        tuple(decided),
        tuple(unread),
        _covidence_reason(whole),
    )


def _addresses(said: Mapping[str, list[str]]) -> Iterator[str]:
    """Addresses of a record; several in a cell stand as a list does in Python, or parted by white space or semicolons."""
    for name in _ADDRESSES:
        for value in said.get(name, ()):
            if re.fullmatch(r"https?://\S+", value):
                yield value
            else:
                yield from re.findall(r"https?://[^\s;'\"\[\]<>]+", value)


def _decided(said: Mapping[str, list[str]], notes: str) -> tuple[list[Decided], list[str]]:
    if "RAYYAN-" in notes:
        return _by_rayyan(notes)
    labels = [*said.get("asreview_label", ()), *said.get("included", ())]
    labels += [label for name, label in _SEEN.items() if re.search(rf"\b{name}\b", notes)]
    if not labels:
        return [], []
    decision = _LABELS.get(labels[0])
    if decision is None:
        return [], [] if labels[0].lower() in ("", "nan", "-1") else [labels[0]]
    reader = _told(said, notes, "asreview_user_name")
    return [Decided(decision, reader, "", _told(said, notes, "asreview_note"))], []


def _told(said: Mapping[str, list[str]], notes: str, name: str) -> str:
    """A variable of ASReview: a column, or in RIS a note with its value as JSON."""
    if name in said:
        return said[name][0]
    found = re.search(rf'\b{name}: ("(?:[^"\\]|\\.)*")', notes)
    try:
        return str(json.loads(found[1])) if found else ""
    except ValueError:
        return ""


def _by_rayyan(notes: str) -> tuple[list[Decided], list[str]]:
    """Each member's decision; the reasons stand once for a record, and go to each who excluded it."""
    parts = _SECTION.split(notes)
    sections = {
        name: text.strip().rstrip("|").strip()
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }
    reasons = "; ".join(
        one.strip()
        for one in sections.get("RAYYAN-EXCLUSION-REASONS", "").split(",")
        if one.strip()
    )
    own = {
        _plain(reader): "; ".join(_plain(one) for one in _QUOTED.findall(several or f'"{single}"'))
        for reader, single, several in _SAID.findall(sections.get("USER-NOTES", ""))
    }
    decided, unread = [], []
    said = _SAID.findall(sections.get("RAYYAN-INCLUSION", ""))
    for reader, word, _ in said:
        decision = _DECISIONS.get(word.strip().lower())
        name = _plain(reader)
        if decision is None:
            unread.append(f"{name}: {word}")
        else:
            reason = reasons if decision == "exclude" else ""
            decided.append(Decided(decision, name, reason, own.get(name, "")))
    if sections.get("RAYYAN-INCLUSION", "").strip("{} ") and not said:
        unread.append(sections["RAYYAN-INCLUSION"])
    return decided, unread


def _covidence_reason(said: str) -> str:
    found = _COVIDENCE_REASON.search(said)
    return found[1].strip() if found else ""


def _plain(quoted: str) -> str:
    return re.sub(r"\\(.)", r"\1", quoted).strip()


def _tool(fields: Iterable[Mapping[str, list[str]]]) -> str:
    for said in fields:
        notes = " ".join(one for values in said.values() for one in values)
        if "RAYYAN-" in notes or any(one.startswith("rayyan-") for one in said.get("key", ())):
            return RAYYAN
        if "covidence" in said:
            return COVIDENCE
        if "asreview_label" in said or "included" in said or "ASReview_" in notes:
            return ASREVIEW
    return ""
