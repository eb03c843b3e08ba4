import signal
from dataclasses import replace
from itertools import count

import pytest
from misbehaving import by_name
from reading_hostile import text_pdf

from casereviews.repository import children
from casereviews.repository.reading import Limits, ReadJob, processes, read_files

SMALL = Limits(memory_mb=200, ocr=False)


def jobs(tmp_path, *names):
    path = tmp_path / "file"
    path.write_bytes(text_pdf())
    return [ReadJob(f"{place} {name}", path, file_name=name) for place, name in enumerate(names)]


def readings_of(tmp_path, *names, limits):
    return {
        reading.sha256: reading
        for reading in read_files(jobs(tmp_path, *names), workers=2, limits=limits)
    }


def test_a_child_that_dies_crashes_or_grows_costs_its_own_document_only(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "read_job", by_name)
    names = ("fine", "die", "fine", "crash", "fine", "greedy", "fine")

    readings = readings_of(tmp_path, *names, limits=SMALL)

    assert {name: reading.status for name, reading in readings.items()} == {
        "0 fine": "empty",
        "1 die": "too_large",
        "2 fine": "empty",
        "3 crash": "corrupt",
        "4 fine": "empty",
        "5 greedy": "too_large",
        "6 fine": "empty",
    }
    assert (
        readings["1 die"].detail
        == f"its reader died at the limit of 200 MB (signal {signal.SIGKILL.value})"
    )
    assert readings["3 crash"].detail == f"its reader crashed (exit -{signal.SIGSEGV.value})"


def test_a_child_that_hangs_is_killed_and_costs_its_own_document_only(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "read_job", by_name)
    monkeypatch.setattr(processes, "GRACE_SECONDS", 1.0)
    names = ("fine", "hang", "fine", "die", "fine", "hang", "fine")

    readings = readings_of(tmp_path, *names, limits=replace(SMALL, seconds=2.0))

    assert {name: reading.status for name, reading in readings.items()} == {
        "0 fine": "empty",
        "1 hang": "timed_out",
        "2 fine": "empty",
        "3 die": "too_large",
        "4 fine": "empty",
        "5 hang": "timed_out",
        "6 fine": "empty",
    }
    assert readings["1 hang"].detail == "killed after 3 seconds"


def test_jobs_are_taken_only_as_children_become_free(tmp_path):
    taken = count()
    last = 0

    def endless():
        nonlocal last
        for job in jobs(tmp_path, *["fine"] * 40):
            last = next(taken)
            yield job

    readings = read_files(endless(), workers=1, limits=Limits(ocr=False))
    next(readings)

    assert last < 4
    readings.close()


def test_every_job_has_a_reading(tmp_path):
    readings = list(read_files(jobs(tmp_path, "a", "b", "c"), workers=2, limits=Limits(ocr=False)))

    assert sorted(reading.sha256 for reading in readings) == ["0 a", "1 b", "2 c"]
    assert {reading.status for reading in readings} == {"ok"}


def test_a_file_that_is_gone_is_named(tmp_path):
    (reading,) = read_files(
        [ReadJob("x", tmp_path / "gone.pdf")], workers=1, limits=Limits(ocr=False)
    )

    assert reading.status == "corrupt"
    assert "No such file" in reading.detail


def test_no_jobs_start_no_children(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "ProcessPool", pytest.fail)

    assert list(read_files([], workers=2)) == []
