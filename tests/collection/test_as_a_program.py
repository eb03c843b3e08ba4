"""A notebook's or a web page's way in: threads, two at once, wrong input, and a plain script."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.repository.fields import PUBLISHED
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.typed_fields import Text, Texts, TypedFields
from tests.search_cli import small_home

BASE = (
    "casereviews.collection",
    "casereviews.crawler",
    "casereviews.index",
    "casereviews.repository",
)


def test_what_programs_ask_for_most_has_its_type(read: Collection) -> None:
    (hit,) = read.search('"unsafe sleep"', filters={"nation": ["England"]}).hits
    review = read.review(hit.review_id)
    for one in (hit, review):
        assert (one.nation, one.outcome, one.age_bands) == ("England", "death", ("under_1",))
        assert one.title == one.fields["title"]
        assert isinstance(one.themes, tuple)
    assert hit.fields["age_bands"] == ("under_1",)


def test_the_typed_fields_are_those_of_the_table() -> None:
    rows = {row.published: row for row in PUBLISHED}
    for name, kind in vars(TypedFields).items():
        if isinstance(kind, Text | Texts):
            assert rows[name].listed == isinstance(kind, Texts), name


def test_threads_share_a_collection_while_it_is_changed(change: Collection) -> None:
    review_id = change.search('"unsafe sleep"', filters={"nation": ["England"]}).hits[0].review_id
    errors: list[Exception] = []
    begun = threading.Barrier(4)

    def ask() -> None:
        try:
            change.search("sofa")
            begun.wait()
            for _ in range(5):
                assert change.search("sofa").total
                assert change.page(review_id, 1).text
            change.close()
        except Exception as error:  # noqa: BLE001 - whatever it is
            errors.append(error)
            begun.abort()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    begun.wait()
    change.correct(review_id, "outcome", "other", note="x")
    for thread in threads:
        thread.join()
    assert errors == []
    assert change.search("outcome:other").hits[0].review_id == review_id


def wrong(c: Collection) -> dict[str, Callable[[], object]]:
    some = next(c.reviews()).review_id
    return {
        "query": lambda: c.search('"sofa'),
        "filter": lambda: c.search("sofa", filters={"natoin": ["Wales"]}),
        "limit": lambda: c.search("sofa", limit=-1),
        "offset": lambda: c.search("sofa", offset=-1),
        "review": lambda: c.review("nothing"),
        "page": lambda: c.page(some, 0),
        "similar": lambda: c.similar(review_id="nothing"),
        "counts": lambda: c.counts("colour"),
        "cross table": lambda: c.cross_table(("year", "colour")),
        "day": lambda: c.news("yesterday"),
        "kind": lambda: c.news(kinds=["eaten"]),
        "source": lambda: c.refresh(["nothing"]),
        "file": lambda: c.add(["/nothing"], publisher="northmoor"),
        "field": lambda: c.correct(some, "outcom", "death", note="x"),
        "held": lambda: c.release("nothing"),
        "withdrawn": lambda: c.withdraw("nothing", reason="x"),
        "saved": lambda: c.saved.run("nothing"),
        "marked": lambda: c.marks.put("nothing", "include"),
        "decision": lambda: c.marks.put(some, "perhaps"),
        "model": lambda: c.sentence_model.use(Path("/nothing")),
    }


def told(ask: Callable[[], object]) -> int:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - whatever it is, it must be one of ours
        ask()
    assert raised.type.__module__.startswith(BASE), repr(raised.value)
    assert str(raised.value)
    code = raised.value.exit_code  # type: ignore[attr-defined]
    assert isinstance(code, int)
    return code


def test_wrong_input_is_told_by_an_error_of_ours_and_nothing_is_printed(
    change: Collection, capfd: pytest.CaptureFixture[str]
) -> None:
    codes = {name: told(ask) for name, ask in wrong(change).items()}
    assert codes == {**dict.fromkeys(codes, 2), "model": 3}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("there", ["nothing", "a file"])
def test_a_home_that_is_not_there_stays_so(
    tmp_path: Path, there: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CASEREVIEWS_CONTACT", raising=False)
    c = Collection(tmp_path / "home")
    if there == "a file":
        c.home.root.write_text("x")
    asked: dict[str, Callable[[], object]] = {
        "search": lambda: c.search("sofa"),
        "similar": lambda: c.similar("a baby"),
        "review": lambda: c.review("x"),
        "page": lambda: c.page("x", 1),
        "correct": lambda: c.correct("x", "outcome", "death", note="x"),
        "release": lambda: c.release("x"),
        "withdraw": lambda: c.withdraw("x", reason="x"),
        "refresh": lambda: c.refresh(["hampshire"]),
        "held": c.held,
        "news": c.news,
        "status": c.status,
        "rebuild": c.rebuild,
        "doctor": c.doctor,
    }
    assert {name: told(ask) for name, ask in asked.items() if told(ask) not in (2, 3)} == {}
    assert [one.name for one in tmp_path.iterdir()] == ["home"] * (there == "a file")


def test_a_locked_home_is_read_on(change: Collection) -> None:
    with writing(change.home, "refresh"):
        with Collection(change.home) as other:
            assert other.search("sofa").total
        assert told(lambda: change.rebuild()) == 3


SCRIPT = """
import sys
from pathlib import Path
from casereviews import Collection

with Path(sys.argv[2]).open("a") as ran:
    ran.write("ran\\n")
with Collection(sys.argv[1]) as collection:
    collection.add([sys.argv[3]], publisher="Fictional Board", title="Learning Review: Child Z (2020)")
    print(collection.search('"kite string"').total)
"""


@pytest.mark.slow
def test_a_plain_script_is_not_run_once_more_by_the_children_that_read(
    built: Home, tmp_path: Path
) -> None:
    shutil.copytree(built.root, tmp_path / "home")
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    (tmp_path / "sent.pdf").write_bytes(
        small_home.pdf([("Learning Review: Child Z", "A fictional kite string.")])
    )
    done = subprocess.run(
        [sys.executable, "script.py", "home", "ran.txt", "sent.pdf"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("1\n", "")
    assert (tmp_path / "ran.txt").read_text() == "ran\n"


@pytest.mark.slow
def test_what_a_program_chose_to_log_stays(built: Home) -> None:
    pytest.importorskip("wordllama")
    code = (
        "import logging, sys\n"
        "from casereviews import Collection\n"
        "with Collection(sys.argv[1]) as collection:\n"
        "    collection.similar('a baby')\n"
        "print(logging.getLogger().handlers, logging.getLogger().level == logging.WARNING)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(built.root)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("[] True\n", "")
