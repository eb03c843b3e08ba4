"""Every file of a home, damaged in every way, under every verb: the right answer or one line with the remedy, never less and no traceback."""

from __future__ import annotations

import ctypes
import json
import os
import random
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Site, serving
from tests.sampling import every
from tests.search_cli.small_home import pdf
from tests.search_cli.verbs.conftest import Runner

FILES = (
    "record.db",
    "derived.db",
    "home.json",
    "index/CURRENT",
    "index/g*/index.json",
    "index/g*/pages.db",
    "index/g*/similar.db",
    "index/g*/*.trm",
    "index/g*/*.pst",
    "index/g*/*.toc",
    "index/g*/*.ordinal.col",
    "index/g*/vectors/*/vectors.json",
    "saved.toml",
    "marks.csv",
    "archive/??/*",
)
DAMAGES = (
    "gone",
    "empty",
    "half",
    "flip",
    "zeros",
    "noise",
    "folder",
    "link",
    "nowhere",
    "unreadable",
)
READING = {
    "search": ("search", "sofa", "--json"),
    "show": ("show", "{review}", "--json"),
    "page": ("show", "{document}", "--page", "1"),
    "similar": ("similar", "--text", "a baby died on a sofa", "--json"),
    "export": ("export", "--jsonl"),
    "new": ("new", "--since", "2020-01-01"),
    "status": ("status", "--json"),
    "stats": ("stats", "--by", "nation", "--json"),
    "kwic": ("kwic", "sofa"),
    "held": ("held", "--json"),
    "saved": ("saved", "run", "sofas"),
    "open": ("open", "{review}", "--print"),
    "mark": ("mark", "--json"),
    "sources": ("sources", "list"),
}
WRITING = {
    "mark": ("mark", "{review}", "exclude", "--reason", "outcome"),
    "saved": ("saved", "add", "prams", "pram"),
    "correct": ("correct", "{review}", "outcome=death", "--note", "as published"),
    "release": ("held", "release", "--source", "northmoor"),
    "add": ("add", "{file}", "--publisher", "northmoor"),
    "rebuild": ("rebuild",),
    "index": ("rebuild", "--index"),
    "refresh": ("refresh", "--source", "pear-vale", "--delay", "0"),
    "withdraw": ("withdraw", "{document}", "--reason", "asked", "--yes"),
    "backup": ("backup", "{backup}"),
    "doctor": ("doctor",),
    "repair": ("doctor", "--repair"),
}
ENDS = {"release": (0, 1, 3)}
"""1: nothing that is held came back."""
REMEDY = re.compile(
    r"backup|rebuild|refresh|doctor|seals\.json|take it away|let (it|yourself|its owner)|line \d+|save "
)
NOT_ASKED = {"saved.toml": {"saved"}, "marks.csv": {"mark"}}
"""What people write is theirs: an emptied list of searches is an empty list."""


@pytest.fixture(scope="module")
def home(built, tmp_path_factory):
    """The small home with a saved search and a mark."""
    root = tmp_path_factory.mktemp("whole") / "home"
    shutil.copytree(built.root, root)
    run = Runner(Home(root))
    run.ok("saved", "add", "sofas", "sofa")
    run.ok("mark", run.review("Child Q"), "include")
    return run


@contextmanager
def without_override() -> Iterator[None]:
    """As root, who may read everything: without that right for the block (capabilities(7), of this thread)."""
    if not sys.platform.startswith("linux") or os.geteuid():
        yield
        return
    libc = ctypes.CDLL(None)
    head = (ctypes.c_uint32 * 2)(0x20080522, 0)
    had = (ctypes.c_uint32 * 6)()
    assert libc.capget(head, had) == 0
    lessened = (ctypes.c_uint32 * 6)(*had)
    lessened[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, of those in effect
    assert libc.capset(head, lessened) == 0
    try:
        yield
    finally:
        assert libc.capset(head, had) == 0


def words_of(home: Runner) -> dict[str, tuple[str, ...]]:
    (hit,) = home.json("search", "sofa")["hits"]
    names = {"review": hit["review_id"], "document": hit["document_id"]}
    return {
        verb: tuple(word.format(**names) if word.startswith("{") else word for word in words)
        for verb, words in READING.items()
    }


def answer(run: Runner, words: tuple[str, ...]) -> tuple[int, str]:
    with without_override():
        result = run(*words)
    assert result.exception is None or isinstance(result.exception, SystemExit), (
        words,
        result.exc_info,
    )
    alone = words[0] not in ("status", "doctor")  # these tell of more than one thing
    assert not (alone and result.exit_code == 3 and result.stderr.count("\n") > 2), result.stderr
    text = result.stderr if result.exit_code == 3 and words[0] != "doctor" else result.stdout
    text = text.replace(str(run.home.root), "HOME")
    return result.exit_code, re.sub(r'"took_ms": [\d.]+|"built": "[^"]*"|\d+(\.\d+)? ms', "", text)


_whole: dict[tuple[str, ...], tuple[int, str]] = {}


def whole(home: Runner, words: tuple[str, ...]) -> tuple[int, str]:
    """What the home says while nothing is damaged."""
    if words not in _whole:
        _whole[words] = answer(home, words)
    return _whole[words]


def damage(file: Path, kind: str) -> None:
    body = bytearray(file.read_bytes())
    if kind in ("gone", "folder"):
        file.unlink()
    if kind == "folder":
        file.mkdir()
    if kind == "nowhere":
        file.unlink()
        file.symlink_to("/nowhere/at/all")
        return
    if kind == "unreadable":
        file.chmod(0)
        return
    if kind == "link":
        file.rename(file.with_name("moved"))
        file.symlink_to(file.with_name("moved"))
    if body:
        body[len(body) // 2] ^= 0x55
    written = {
        "empty": b"",
        "half": body[: len(body) // 2],
        "flip": body,
        "zeros": bytes(len(body)),
        "noise": random.Random(7).randbytes(len(body)),
    }
    if kind in written:
        file.write_bytes(written[kind])


def damaged(home: Runner, folder: Path, pattern: str, kind: str) -> Runner | None:
    """A copy of the home with one file damaged; None when it has no such file."""
    root = folder / "home"
    shutil.copytree(home.home.root, root, symlinks=True)
    file = next(iter(sorted(root.glob(pattern))), None)
    if file is None:
        return None
    if pattern == "archive/??/*":  # the one that is asked for
        wanted = home.json("show", home.review("Child Q"))["documents"][0]["sha256"]
        file = root / "archive" / wanted[:2] / wanted
    damage(file, kind)
    return Runner(Home(root))


def wrong_answers(home: Runner, run: Runner, pattern: str) -> list[tuple[str, int, str]]:
    """The verbs that neither answered as the whole home does nor named the damage."""
    wrong = []
    for verb, words in words_of(home).items():
        code, text = answer(run, words)
        if code == 3 or (code == 2 and pattern in NOT_ASKED and "line" in text):
            continue
        if verb not in NOT_ASKED.get(pattern, ()) and (code, text) != whole(home, words):
            wrong.append((verb, code, text[:200]))
    return wrong


@pytest.fixture(scope="module")
def site():
    """A board with one report, for the nights of the damaged homes."""
    with serving() as board:
        board.routes[LIST] = Answer(list_page([("/f/1.pdf", "Child F1 overview report")]))
        board.routes["/f/1.pdf"] = Answer(
            pdf([["Child F1 overview report"]]), media_type="application/pdf"
        )
        yield board


def with_source(run: Runner, site: Site) -> Runner:
    run.home.sources_toml.write_text(
        f"""[[source]]
id = "pear-vale"
publisher = "Pear Vale Partnership"
nation = "England"
family = "listing"
national = true
start_urls = ["{site.url}{LIST}"]
hosts = ["{site.host}"]
"""
    )
    return run


def files_of(folder: Path) -> dict[str, str]:
    (folder / "added.pdf").write_bytes(pdf([["Child Z overview report", "Added."]]))
    return {"file": str(folder / "added.pdf"), "backup": str(folder / "backup")}


@pytest.mark.slow
@pytest.mark.parametrize(("pattern", "kind"), every(17, product(FILES, DAMAGES)))
def test_a_verb_that_writes_does_so_or_says_what_is_damaged(
    home, site, tmp_path, monkeypatch, pattern, kind
):
    monkeypatch.setenv("CASEREVIEWS_CONTACT", "you@example.org")
    if damaged(home, tmp_path / "first", pattern, kind) is None:
        pytest.skip("the small home has none")
    (hit,) = home.json("search", "sofa")["hits"]
    names = {"review": hit["review_id"], "document": hit["document_id"], **files_of(tmp_path)}
    wrong = []
    for verb, words in WRITING.items():
        run = damaged(home, tmp_path / verb, pattern, kind)
        assert run is not None
        with_source(run, site)
        given = tuple(word.format(**names) for word in words)
        code, said = answer(run, given)
        if (code == 3 and verb not in ("doctor", "repair") and not REMEDY.search(said)) or (
            code not in ENDS.get(verb, (0, 3)) and not (code == 2 and pattern in NOT_ASKED)
        ):
            wrong.append((verb, code, said[-300:]))
        with without_override():
            result = run("search", "sofa", "--json")
        after, found = result.exit_code, result.stdout
        gone = verb == "withdraw" and (code == 0 or "STILL THERE" in said)
        left = 0 if gone else 1
        if after == 0 and json.loads(found)["total"] != left:
            wrong.append((verb, code, f"answers {found[:200]}"))
        if after not in (0, 1, 3) or (after == 1 and left):
            wrong.append((verb, after, result.stderr[-300:]))
        shutil.rmtree(run.home.root, ignore_errors=True)
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize(("pattern", "kind"), every(7, product(FILES, DAMAGES)))
def test_no_verb_answers_less_than_before(home, tmp_path, pattern, kind):
    run = damaged(home, tmp_path, pattern, kind)
    if run is None:
        pytest.skip("the small home has none")
    assert wrong_answers(home, run, pattern) == []
    with without_override():
        run("doctor", "--repair")
        after = run("doctor", "--json")
    told = [row for row in json.loads(after.stdout) if row["state"] == "wrong"]
    if pattern not in ("record.db", "archive/??/*", *NOT_ASKED):
        assert told == []
        assert answer(run, words_of(home)["search"]) == answer(home, words_of(home)["search"])
    assert all(row["detail"] for row in told)


@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("index/g*/*.pst", "flip"),
        pytest.param("index/g*/pages.db", "half", marks=pytest.mark.slow),
        pytest.param("derived.db", "noise", marks=pytest.mark.slow),
    ],
)
def test_doctor_mends_what_is_made_anew_and_the_home_answers_as_before(
    home, tmp_path, pattern, kind
):
    run = damaged(home, tmp_path, pattern, kind)
    words = words_of(home)["show" if pattern == "derived.db" else "search"]
    code, text = answer(run, words)
    assert (code, "run `casereviews rebuild" in text) == (3, True)
    assert run("doctor").exit_code == 3
    run.ok("doctor", "--repair")
    assert answer(run, words) == answer(home, words)
    assert run("doctor").exit_code == 0


def test_a_change_of_the_home_makes_a_damaged_index_anew_by_itself_and_says_so(home, tmp_path):
    run = damaged(home, tmp_path, "index/g*/*.trm", "half")
    done = run("correct", run.review("Child Q"), "outcome=death", "--note", "as published")
    assert (done.exit_code, "the index was damaged" in done.stderr) == (0, True)
    assert run.json("search", "sofa")["total"] == 1


@pytest.mark.parametrize("verb", ["--index", "--reading"])
def test_an_index_is_not_made_of_a_lost_derived_db(change, verb):
    damage(change.home.derived_db, "half")
    change.ok("rebuild", verb)
    assert change.json("search", "sofa")["total"] == 1


@pytest.mark.parametrize("how", ["damaged", "another home's", "none yet"])
def test_status_tells_what_it_can_beside_a_damaged_index_and_ends_with_3(change, how):
    whole = change.json("status")
    (built,) = change.home.index.glob("g*/index.json")
    if how == "damaged":
        damage(built, "half")
    elif how == "another home's":
        change.home.give_new_id()
    else:
        shutil.rmtree(change.home.index)
    result = change("status", "--json")
    said = json.loads(result.stdout)
    assert result.exit_code == (0 if how == "none yet" else 3)
    assert said["sources"] == whole["sources"]
    assert "casereviews rebuild" in said["totals"]["index"]
    assert result.stderr.count("casereviews rebuild") == 1


def test_a_lost_record_is_refused_by_every_verb_and_by_doctor_which_mends_nothing(home, tmp_path):
    run = damaged(home, tmp_path, "record.db", "gone")
    for words in (*words_of(home).values(), ("rebuild",), ("doctor", "--repair")):
        code, text = answer(run, words)
        assert (code, words[0] == "doctor" or "restore record.db from a backup" in text) == (
            3,
            True,
        )
    assert not run.home.record_db.exists()


def test_a_kept_file_whose_bytes_changed_is_not_handed_out_and_doctor_names_it(home, tmp_path):
    run = damaged(home, tmp_path, "record.db", "link")
    for file in run.home.archive.glob("??/*"):
        damage(file, "flip")
    code, text = answer(run, words_of(home)["open"])
    assert (code, "refresh --recheck" in text) == (3, True)
    assert "damaged" in run("doctor").stdout


def test_a_folder_that_others_can_read_or_change_is_told_by_doctor(change):
    change.home.root.chmod(0o775)
    said = [row["detail"] for row in change.json("doctor") if row["check"] == "rights"]
    assert [("everybody on this machine can read " in one) for one in said] == [True, False]
    assert "everybody of its group can read and change" in said[1]
    change.home.root.chmod(0o700)
    assert not [row for row in change.json("doctor") if row["check"] == "rights"]


@pytest.mark.slow
def test_a_home_whose_id_was_lost_gets_a_new_one_from_doctor(home, tmp_path):
    run = damaged(home, tmp_path, "home.json", "half")
    assert "doctor --repair" in run("search", "sofa").stderr
    run.ok("doctor", "--repair")
    assert run.json("search", "sofa")["total"] == 1


def test_a_damaged_crawl_memory_is_told_and_taken_away(change):
    change.home.crawl_memory.write_bytes(b"no memory" * 1000)
    rows = {row["check"]: row["state"] for row in json.loads(change("doctor", "--json").stdout)}
    assert rows["crawl-memory.db"] == "wrong"
    change.ok("doctor", "--repair")
    assert not change.home.crawl_memory.exists()
