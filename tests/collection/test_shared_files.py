"""Saved searches and marks are changed by one at a time, and read in any encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from filelock import FileLock

from casereviews import Collection
from casereviews.collection.errors import FileBusy
from casereviews.collection.keeping import sharing


@pytest.mark.parametrize("name", ["saved.lock", "marks.lock"])
def test_who_changes_saved_searches_or_marks_waits_for_the_other(change, monkeypatch, name):
    monkeypatch.setattr(sharing, "SECONDS", 0)
    (hit,) = change.search("sofa").hits
    saved, marks = change.saved, change.marks
    write = {
        "saved.lock": lambda: saved.add("sofas", "sofa"),
        "marks.lock": lambda: marks.put(hit.review_id, "include"),
    }[name]
    with FileLock(change.home.root / name), pytest.raises(FileBusy, match="try again"):
        write()
    change.saved.add("sofas", "sofa")
    change.marks.put(hit.review_id, "include")
    assert (list(change.saved.all()), list(change.marks.all())) == (["sofas"], [hit.review_id])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_marks_are_read_as_spreadsheets_write_them(change, encoding, separator):
    (hit,) = change.search("sofa").hits
    rows = ("review_id", "decision", "note"), (hit.review_id, "include", "Ü")
    text = "\n".join(separator.join(row) for row in rows)
    change.home.marks_csv.write_bytes(text.encode(encoding))
    assert change.marks.all()[hit.review_id].note == "Ü"


def test_doctor_examines_a_relative_home(built, monkeypatch):
    monkeypatch.chdir(built.root.parent)
    with Collection(Path("home")) as collection:
        assert {one.state for one in collection.doctor() if one.check == "record.db"} == {"well"}
