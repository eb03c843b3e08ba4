from collections import Counter

import pytest
from misbehaving import grown
from pebble import ProcessPool
from reading_hostile import HOSTILE, flate_bomb, mutations, text_pdf, zip_bomb

from casereviews.repository.model import READING_STATUS
from casereviews.repository.reading import Limits, ReadJob, read_files
from casereviews.repository.reading.processes import bound_memory
from casereviews.repository.this_system import context_for_children

LIMITS = Limits(memory_mb=500, seconds=8.0, ocr=False)


@pytest.mark.slow
def test_every_hostile_file_becomes_a_named_result_and_the_sound_one_among_them_is_read(tmp_path):
    jobs = []
    for number, (name, (make, _)) in enumerate(HOSTILE.items()):
        path = tmp_path / str(number)
        path.write_bytes(make())
        jobs.append(ReadJob(name, path))
    sound = tmp_path / "sound"
    sound.write_bytes(text_pdf())
    jobs.append(ReadJob("sound", sound))

    found = {reading.sha256: reading for reading in read_files(jobs, workers=2, limits=LIMITS)}

    wrong = {
        name: found[name].status
        for name, (_, right) in HOSTILE.items()
        if found[name].status not in right
    }
    assert wrong == {}
    assert [page.text for page in found["sound"].pages] == ["Learning from the life of Child Larch"]
    assert not any("root:" in page.text for page in found["file entity in DOCX"].pages)


def test_three_hundred_mutated_files_are_each_read_once_and_named(tmp_path):
    readings = list(read_files(mutations(tmp_path, 300), workers=2, limits=LIMITS))

    assert len({reading.sha256 for reading in readings}) == 300
    assert {reading.status for reading in readings} <= set(READING_STATUS)
    assert Counter(reading.status for reading in readings)["ok"] > 30
    assert max(reading.seconds for reading in readings) < LIMITS.seconds + 5


@pytest.mark.parametrize("make", [flate_bomb, zip_bomb])
def test_no_child_grows_past_its_memory_limit(tmp_path, make):
    path = tmp_path / "bomb"
    path.write_bytes(make())

    with ProcessPool(
        max_workers=1,
        initializer=bound_memory,
        initargs=(300,),
        context=context_for_children(("casereviews.repository.reading.preload",)),
    ) as pool:
        future = pool.schedule(grown, args=(path,))
        error = future.exception()

    if error is None:
        status, growth = future.result()
        assert status == "too_large"
        assert growth <= 300 * 1_000_000 + 10_000_000
    else:
        assert "ProcessExpired" in type(error).__name__
