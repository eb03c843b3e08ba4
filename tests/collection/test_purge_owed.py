"""Covered text that an older version had read is purged, also when the run that read it anew came to no end."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from casereviews.collection.changing.write_cycle import write_cycle
from casereviews.collection.progress import SILENT
from casereviews.repository import processing
from casereviews.repository.home import Home
from casereviews.repository.model import Page
from casereviews.repository.reading import READER
from casereviews.repository.reading.covered import covered_detail
from casereviews.repository.record import Record

WORD = "Quillfeatherley"


@pytest.fixture
def shown(built, tmp_path, monkeypatch):
    """A home whose index holds what a report covers, as an older version had read it; `read_files` reads it well."""
    monkeypatch.setenv("CASEREVIEWS_NOW", "2026-03-01T08:00:00Z")
    shutil.copytree(built.root, tmp_path / "home")
    home = Home(tmp_path / "home")
    with write_cycle(home, "test", SILENT) as cycle, cycle.opened() as stores:
        well = next(
            reading
            for one in stores.record.documents(visibility="shown")
            if one.sha256 and (reading := stores.derived.reading(one.sha256)) and reading.pages
            if reading.media_type == "application/pdf"
        )
        first = Page(1, f"{well.pages[0].text} {WORD}")
        # Without a hash of its text, as of a scan: describing does not see that it changed.
        worse = replace(well, pages=(first, *well.pages[1:]), text_sha256=None, reader="reading/1")
        stores.derived.save_reading(worse)
        stores.derived.forget_documents([one.id for one in stores.record.documents()])
    assert left_in(home)
    better = replace(well, text_sha256=None, reader=READER, detail=covered_detail((1,)))
    monkeypatch.setattr(
        processing, "read_files", lambda jobs, **_: [better for one in jobs if one.sha256 == well.sha256]
    )  # fmt: skip
    return home


def left_in(home: Home) -> set[str]:
    """The files in which the word stands as it is written, or as the index writes it."""
    words = WORD.encode(), WORD.lower().encode()
    files = [home.derived_db, *(one for one in home.index.rglob("*") if one.is_file())]
    return {one.name for one in files if any(word in one.read_bytes() for word in words)}


@pytest.mark.parametrize("place", ["describe_all", "publish_documents", "scrub", "index"])
@pytest.mark.slow
def test_a_purge_that_a_kill_came_before_is_made_by_the_next_change(shown, monkeypatch, place):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if place == "index":
            patch.setattr("casereviews.collection.changing.write_cycle.bring_up_to_date", killed)
        else:
            patch.setattr(processing, place, killed)
        with (
            pytest.raises(KeyboardInterrupt),
            write_cycle(shown, "test", SILENT) as cycle,
            cycle.opened(reread=True),
        ):
            pass
    assert shown.purge_owed.exists()
    with write_cycle(shown, "test", SILENT) as cycle, cycle.opened():
        pass
    assert (left_in(shown), shown.purge_owed.exists()) == (set(), False)


def test_a_reading_that_says_the_same_owes_no_purge(shown, monkeypatch):
    with write_cycle(shown, "test", SILENT) as cycle, cycle.opened(reread=True):
        pass
    assert (left_in(shown), shown.purge_owed.exists()) == (set(), False)
    purged = []
    monkeypatch.setattr(processing, "scrub", purged.append)
    with write_cycle(shown, "test", SILENT) as cycle, cycle.opened(reread=True):
        pass
    with Record.open(shown) as record:
        assert (purged, bool(record.runs())) == ([], True)
