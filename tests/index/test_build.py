"""Building: full, in place, resumed after a kill, and purged."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from made import HOME, document, found, indexed, opened

import casereviews.index.build
from casereviews.index.build import build, update
from casereviews.index.folder import current


def test_an_update_adds_replaces_and_removes_in_place(tmp_path):
    indexed(tmp_path, [document("a", "old words"), document("b", "badger"), document("c", "cat")])
    built = update(
        tmp_path, HOME, [document("a", "new words"), document("d", "dog")], ["b"], revision=2
    )
    searcher = opened(tmp_path)
    assert (built.documents, built.revision) == (3, 2)
    assert found(searcher, "new") == ["a"]
    assert found(searcher, "old") == []
    assert found(searcher, "badger") == []
    assert found(searcher, "dog") == ["d"]
    assert set(searcher.all_ids()) == {"a", "c", "d"}


@pytest.mark.parametrize("seed", range(4))
def test_facets_after_updates_are_those_of_a_whole_build(seed, tmp_path):
    chance = random.Random(seed)

    def some(name):
        fields = {
            "nation": chance.choice(["Wales", "England", None]),
            "themes": tuple(chance.sample(["harm_neglect", "practice_voice", "x"], 2)),
            "year": chance.choice([2019, 2020]),
        }
        known = {field: value for field, value in fields.items() if value is not None}
        return document(name, "words", review=f"r{chance.randrange(8)}", **known)

    kept = {f"d{n}": some(f"d{n}") for n in range(6)}
    indexed(tmp_path / "night", list(kept.values()))
    for night in range(5):
        changed = [some(f"d{n}") for n in range(6 + 3 * night, 9 + 3 * night)]
        gone = [chance.choice(sorted(kept))] if night == 2 else []
        changed += [some(chance.choice(sorted(kept)))] if night == 3 else []
        kept = {name: one for name, one in kept.items() if name not in gone}
        kept |= {one.document_id: one for one in changed}
        update(tmp_path / "night", HOME, changed, gone, revision=night + 2)
        nightly = opened(tmp_path / "night").search("words", limit=50)
        whole = indexed(tmp_path / f"whole{night}", list(kept.values())).search("words", limit=50)
        assert (nightly.facets, nightly.total) == (whole.facets, whole.total)


def test_an_unchanged_document_is_not_indexed_again(tmp_path):
    same = document("a", "some words")
    indexed(tmp_path, [same])
    before = opened(tmp_path).store.number_of("a")
    update(tmp_path, HOME, [same], [], revision=2)
    assert opened(tmp_path).store.number_of("a") == before


def test_a_new_build_replaces_the_generation_at_once_and_an_open_searcher_goes_on(tmp_path):
    old = indexed(tmp_path, [document("a", "zebra")])
    build(tmp_path, HOME, [document("b", "lion")], revision=2)
    assert found(old, "zebra") == ["a"]
    assert found(opened(tmp_path), "lion") == ["b"]
    assert [folder.name for folder in sorted(tmp_path.glob("g*"))] == ["g002"]


def test_sixty_nights_of_ten_documents_stay_within_twenty_segments(tmp_path):
    indexed(tmp_path, [document(f"first{n}", "a word") for n in range(30)])
    most = 0
    for night in range(60):
        fresh = [document(f"n{night}-{n}", f"night {night} word{n}") for n in range(10)]
        most = max(most, update(tmp_path, HOME, fresh, [], revision=night + 2).segments)
    searcher = opened(tmp_path)
    assert most <= 20
    assert searcher.search("night", limit=1).documents == 600
    assert found(searcher, '"night 37" word3') == ["n37-3"]


def contents(folder: Path) -> bytes:
    """Every byte under a folder, raw and with every zlib stream inflated."""
    raw = b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
    inflated = []
    start = raw.find(b"x\x9c")
    while start >= 0:
        with contextlib.suppress(zlib.error):
            inflated.append(zlib.decompressobj().decompress(raw[start : start + 100_000]))
        start = raw.find(b"x\x9c", start + 1)
    return (raw + b"".join(inflated)).lower()


def test_a_purge_leaves_no_word_on_disk(tmp_path):
    indexed(
        tmp_path,
        [
            document("a", "the secret kestrelword of one child", title="Kestreltitle"),
            document("b", "other"),
        ],
    )
    assert b"kestrelword" in contents(tmp_path)
    update(tmp_path, HOME, [], ["a"], revision=2, purge=True)
    assert b"kestrel" not in contents(tmp_path)
    assert found(opened(tmp_path), "other") == ["b"]


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from made import HOME, document
import casereviews.index.build as b
from casereviews.index.build import {verb}
b.SEGMENT_WORDS = 40
b.ROWS_PER_COMMIT = 3
def documents():
    for n in range(60):
        if n == {at}:
            os.kill(os.getpid(), signal.SIGKILL)
        yield document(f"d{{n}}", f"number {{n}} of many words here")
{call}
"""


def killed(tmp_path, verb, call, at):
    code = KILLED.format(tests=str(Path(__file__).parent), verb=verb, call=call, at=at)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], env={**os.environ}, check=False
    )
    assert done.returncode == -signal.SIGKILL


@pytest.mark.parametrize("at", [1, 17, 44, 59])
def test_a_killed_build_leaves_the_old_index_and_the_next_one_completes(tmp_path, at):
    indexed(tmp_path, [document("old", "the old one")])
    killed(tmp_path, "build", "build(Path(sys.argv[1]), HOME, documents(), revision=2)", at)
    assert found(opened(tmp_path), "old") == ["old"]
    build(
        tmp_path,
        HOME,
        [document(f"d{n}", f"number {n} of many words here") for n in range(60)],
        revision=2,
    )
    searcher = opened(tmp_path)
    assert searcher.search("number", limit=100).documents == 60
    assert found(searcher, '"number 44"') == ["d44"]
    assert found(searcher, "old") == []


@pytest.mark.parametrize("at", [1, 30])
def test_a_killed_update_is_mended_by_the_next(tmp_path, at):
    indexed(tmp_path, [document("old", "the old one")])
    killed(
        tmp_path, "update", "update(Path(sys.argv[1]), HOME, documents(), ['old'], revision=2)", at
    )
    assert current(tmp_path, HOME)[1].revision == 1
    assert found(opened(tmp_path), "old") == ["old"]
    update(
        tmp_path,
        HOME,
        [document(f"d{n}", f"number {n} of many words here") for n in range(60)],
        ["old"],
        revision=2,
    )
    searcher = opened(tmp_path)
    assert searcher.search("number", limit=100).documents == 60
    assert found(searcher, "old") == []


PARALLEL = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from made import HOME, document
import casereviews.index.build as b, casereviews.index.storage.crew as c
b.SEGMENT_WORDS, b.PARALLEL_FROM, c.BATCH = 60, 20, 80
def documents():
    for n in range(60):
        {when}
        yield document(f"d{{n}}", f"number {{n}} of many words here")
def main():
    built = b.build(Path(sys.argv[1]), HOME, documents(), revision=2, processes=2)
    print(built.documents, built.words)
if __name__ == "__main__":
    main()
"""


def in_parallel(tmp_path, when="pass"):
    script = tmp_path / "script.py"
    script.write_text(PARALLEL.format(tests=str(Path(__file__).parent), when=when), "utf-8")
    return subprocess.run(
        [sys.executable, str(script), str(tmp_path / "index")],
        env=dict(os.environ),
        check=False,
        capture_output=True,
        text=True,
    )


def everything_is_there(folder: Path) -> None:
    searcher = opened(folder)
    assert searcher.search("number", limit=100).documents == 60
    assert [found(searcher, f'"number {n}"') for n in range(60)] == [[f"d{n}"] for n in range(60)]
    assert list(folder.rglob("child-*")) == []
    searcher.close()


def test_several_processes_make_the_same_index(tmp_path):
    done = in_parallel(tmp_path)
    assert (done.stdout, done.returncode) == ("60 360\n", 0)
    everything_is_there(tmp_path / "index")


def test_a_parallel_build_that_is_killed_goes_on_where_it_stopped(tmp_path):
    done = in_parallel(tmp_path, "n == 50 and os.kill(os.getpid(), signal.SIGKILL)")
    assert done.returncode == -signal.SIGKILL
    kept = len(list((tmp_path / "index").glob("g001/_MAIN_*.toc")))
    assert kept > 0
    in_parallel(tmp_path)
    everything_is_there(tmp_path / "index")


def test_a_child_that_is_killed_ends_the_build_with_a_name_and_the_next_one_completes(tmp_path):
    killing = (
        "import multiprocessing as m; "
        "n == 40 and os.kill(m.active_children()[0].pid, signal.SIGKILL)"
    )
    done = in_parallel(tmp_path, killing)
    assert done.returncode == 1
    assert "BuildStopped: A process that was building the index ended" in done.stderr
    in_parallel(tmp_path)
    everything_is_there(tmp_path / "index")


@pytest.mark.parametrize(
    "step", ["store.add_words", "store.put_columns", "store.commit", "write_contents", "remove_stale",
             "store.settle", "write_index_json"],
)  # fmt: skip
@pytest.mark.parametrize("before", [True, False])
def test_an_update_that_fails_at_any_step_leaves_a_search_and_is_mended(
    step, before, tmp_path, monkeypatch
):
    indexed(tmp_path, [document("a", "old words"), document("b", "badger words")])

    def failing(real):
        def fail(*given, **named):
            if not before:
                real(*given, **named)
            raise OSError("disk full")

        return fail

    owner, name = (
        (casereviews.index.build.Store, step.removeprefix("store."))
        if step.startswith("store.")
        else (casereviews.index.build, step)
    )
    changes = ([document("a", "new words"), document("c", "cat words")], ["b"])
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, failing(getattr(owner, name)))
        with pytest.raises(OSError, match="disk full"):
            update(tmp_path, HOME, *changes, revision=2)
    searcher = opened(tmp_path)
    assert searcher.search("").total == 2
    assert not set(found(searcher, "words")) - {"a", "b", "c"}
    searcher.close()
    update(tmp_path, HOME, *changes, revision=2)
    mended = opened(tmp_path)
    assert [found(mended, word) for word in ("old", "badger", "new", "cat")] == [
        [],
        [],
        ["a"],
        ["c"],
    ]
    assert current(tmp_path, HOME)[1].documents == 2


def test_the_newest_document_goes_and_its_words_are_searched_all_the_same(tmp_path):
    build(tmp_path, HOME, [document("a", "visit visits"), document("b", "visit visits")], revision=1)  # fmt: skip
    update(tmp_path, HOME, [], ["b"], revision=2)
    assert found(opened(tmp_path), "visit") == ["a"]
