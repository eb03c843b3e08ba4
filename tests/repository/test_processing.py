"""From stored files to published documents: what changed is told, what failed stops nothing, a kill loses nothing."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from casereviews.repository import processing
from casereviews.repository.describing import second_opinion
from casereviews.repository.errors import (
    CorrectionError,
    HomeError,
    ModelError,
    TomlError,
    VocabularyError,
)
from casereviews.repository.home import Home
from casereviews.repository.model import Reading
from casereviews.repository.processing import Processed, process, publishing
from casereviews.repository.processing import describing_children as describing_processes
from casereviews.repository.published_documents import published_documents, published_ids
from casereviews.repository.reading import ReadJob
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from tests.repository.nights import BOARD, Nights, at, link

ROOT = Path(__file__).parents[2]
STEPS = "abcdef"


def report(name: str, more: str = "", nonce: int = 0) -> bytes:
    """A fictional report as a page: Child A of 2021, Child B of 2022..."""
    year = 2021 + STEPS.index(name)
    return (
        f"<html><!--{nonce}--><body><h1>Serious Case Review: Child {name.upper()}</h1><p>Published March {year}</p>"
        f"<p>This fictional review of Child {name.upper()} looks at neglect and at how the fictional Brackenfield school "
        f"was heard. It was written for tests by reader {name * 7}.</p><h2>Recommendations</h2>"
        f"<p>1. The partnership should ask what daily life is like for number {year}.</p><p>{more}</p></body></html>"
    ).encode()


def fill(record: Record, names: str = STEPS, day: int = 1, **bodies: bytes) -> Nights:
    nights = Nights(record, media_type="text/html")
    nights.night(day, names, {name: bodies.get(name) or report(name) for name in names})
    return nights


def run(record: Record, derived: Derived, day: int = 1, **options: Any) -> Processed:
    return process(record, derived, now=at(day), workers=2, **options)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with six reviews, processed; tests take a copy."""
    home = Home(tmp_path_factory.mktemp("filled") / "home").create()
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        fill(record)
        done = run(record, derived)
        assert (done.read, done.described, done.failed, done.reviews) == (6, 6, {}, 6)
        assert done.changed == {one.id for one in record.documents()}
        assert (done.gone, done.revision) == (frozenset(), 1)
    return home


@pytest.fixture
def copied(filled: Home, tmp_path: Path) -> Home:
    return Home(Path(shutil.copytree(filled.root, tmp_path / "copy")))


@pytest.fixture
def opened(copied: Home) -> Iterator[tuple[Record, Derived]]:
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        yield record, derived


def all_of(home: Home) -> dict[str, Any]:
    """Ids, versions, texts, facts, groups and published fields of a home; no times and no run numbers."""
    with Record.open(home) as record, Derived.open(home) as derived:
        found: dict[str, Any] = {"members": derived.memberships(), "reviews": record.review_ids()}
        for one in published_documents(home):
            described = derived.described_document(one.document_id)
            assert described is not None
            found[one.document_id] = (
                one.review_id,
                dict(one.fields),
                [page.text for page in one.pages],
                [asdict(fact) for fact in described.description.facts if fact.field != "seen"],
                [(v.number, v.sequence, v.sha256, v.text_sha256, v.state) for v in record.versions(one.document_id)],
            )  # fmt: skip
        return found


def test_files_of_a_source_with_many_do_not_keep_out_those_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home").create()
    small = replace(BOARD, id="southmoor")
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        for board, names in ((BOARD, "klmnopqr"), (small, "yz")):
            nights = Nights(record, board, media_type="text/html")
            nights.night(1, names, {name: report("a", name) for name in names})
        asked: list[str] = []

        def read(jobs: Iterable[ReadJob], **_: Any) -> Iterator[Reading]:
            asked.extend(job.sha256 for job in jobs)
            return iter(())

        monkeypatch.setattr(processing, "read_files", read)
        run(record, derived)
        source_of = {one.sha256: one.source_id for one in record.documents()}
    assert len(asked) == 10
    assert Counter(source_of[sha256] for sha256 in asked[:4]) == {"northmoor": 2, "southmoor": 2}


def test_a_stored_file_is_published_with_its_pages_and_fields(filled: Home) -> None:
    documents = {str(one.fields["title"]): one for one in published_documents(filled)}
    assert len(documents) == 6
    one = documents["Child C: Serious Case Review"]
    fields = {name: one.fields.get(name) for name in (
        "title", "subjects", "review_type", "publisher", "source", "nation", "published", "precision", "year",
        "availability", "landing_url", "file_url", "media_type", "text_status", "anonymous",
    )}  # fmt: skip
    assert fields == {
        "title": "Child C: Serious Case Review",
        "subjects": ("Child C",),
        "review_type": "scr",
        "publisher": "Northmoor Safeguarding Partnership",
        "source": "northmoor",
        "nation": "England",
        "published": "2023-03",
        "precision": "month",
        "year": 2023,
        "availability": "available",
        "landing_url": "http://northmoor.test/reviews",
        "file_url": "http://northmoor.test/c.pdf",
        "media_type": "text/html",
        "text_status": "ok",
        "anonymous": None,
    }
    assert "Brackenfield" in "".join(page.text for page in one.pages)
    assert [each.text for each in one.recommendations] == [
        "The partnership should ask what daily life is like for number 2023."
    ]


def test_processing_again_finds_nothing_to_do(opened: tuple[Record, Derived]) -> None:
    done = run(*opened, day=2)
    assert (done.read, done.described, done.changed, done.gone, done.revision) == (
        0, 0, frozenset(), frozenset(), 1,
    )  # fmt: skip


def test_only_the_documents_that_changed_are_told(opened: tuple[Record, Derived]) -> None:
    record, derived = opened
    by_url = {one.file_url: one.id for one in record.documents()}
    ids = {name: by_url[f"http://northmoor.test/{name}.pdf"] for name in STEPS}
    night = Nights(record, media_type="text/html").night(
        2, STEPS, {"a": report("a", "A sentence more."), "b": report("b", nonce=7)}
    )
    assert [night.stored[name].result for name in "ab"] == ["changed", "changed"]
    done = run(record, derived, day=2)
    assert (done.read, done.changed, done.gone, done.revision) == (
        2, frozenset({ids["a"]}), frozenset(), 2,
    )  # fmt: skip
    assert [(one.kind, one.document_id) for one in record.events(since=at(2))] == [
        ("changed_text", ids["a"]), ("held", ids["a"]),
    ]  # fmt: skip
    assert len(derived.read_hashes()) == 7
    (page,) = next(iter(published_documents(record.home, document_ids=[ids["a"]]))).pages
    assert "A sentence more." in page.text


def test_what_is_held_leaves_the_published_ones_and_comes_back_on_release(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    for day in (2, 3, 4):
        Nights(record).night(day, STEPS[1:])
    (held,) = record.held()
    done = run(record, derived, day=4)
    assert (done.changed, done.gone) == (frozenset(), frozenset({held.document_id}))
    assert held.document_id not in published_ids(record.home)
    assert held.review_id is not None
    record.release(held.document_id, at=at(5))
    done = run(record, derived, day=5)
    assert (done.changed, done.gone) == (frozenset({held.document_id}), frozenset())
    (back,) = published_documents(record.home, document_ids=[held.document_id])
    assert (back.review_id, back.fields["availability"]) == (held.review_id, "removed")


def test_a_published_document_that_turns_out_to_be_another_at_a_new_address_is_told_as_gone(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    fill(record, "abcdefx", 2, x=report("b"))
    (came,) = run(record, derived, 2).changed - {
        one.id for one in record.documents() if one.file_url == link("b").file_url
    }
    fill(record, "acdefx", 3, x=report("b"))
    assert came in record.merged_documents()
    assert run(record, derived, 3).gone == {came}
    assert came not in published_ids(record.home)


def test_a_document_without_a_readable_file_is_published_with_what_its_page_said(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    row = link("z", file_url=None, kind="entry", status_words=("Delayed",), dates=("May 2025",))
    broken = link("y", link_text="Child Y: Serious Case Review")
    seen = [*(link(name) for name in STEPS), row, broken]
    Nights(record).night(2, seen, {"y": b"%PDF-1.7 cut short"})
    done = run(record, derived, day=2)
    assert (done.failed, len(done.changed)) == ({}, 2)
    found = {
        one.fields["subjects"]: one
        for one in published_documents(record.home, document_ids=done.changed)
    }
    z, y = found[("Child Z",)], found[("Child Y",)]
    assert (z.pages, z.fields["availability"], z.fields["published"]) == ((), "delayed", "2025-05")
    assert (y.pages, y.fields["text_status"], y.fields["review_type"]) == ((), "corrupt", "scr")


def test_one_document_that_cannot_be_described_is_named_and_stops_no_other(
    opened: tuple[Record, Derived], monkeypatch: pytest.MonkeyPatch
) -> None:
    record, derived = opened
    describe = describing_processes.describe_document

    def fails_on_child_c(given: Any, **options: Any) -> Any:
        if "c.pdf" in (given.document.file_url or ""):
            raise ZeroDivisionError("a rule divided by nothing")
        return describe(given, **options)

    monkeypatch.setattr(describing_processes, "describe_document", fails_on_child_c)
    (record.home.themes_csv).write_text(
        (ROOT / "repository/vocabulary/themes.csv").read_text("utf-8")
    )
    done = run(record, derived, day=2)
    (failed,) = done.failed.items()
    assert failed[1] == "ZeroDivisionError: a rule divided by nothing"
    assert done.described == 6
    assert len(published_ids(record.home)) == 6


OWN_THEMES = """theme_id,group,label,phrases
harm_wasps,harm_type,Wasp stings,wasp sting
child_kites,child_factor,Kites,kite flying
"""


def test_a_homes_own_theme_reaches_the_documents_that_tell_of_it_and_no_other(
    copied: Home,
) -> None:
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        stung = report("b", "</p><h2>The case</h2><p>Child B died of a wasp sting.", 1)
        Nights(record, media_type="text/html").night(2, STEPS, {"b": stung})
        run(record, derived, day=2)
        before, revision = all_of(copied), record.revision()
        copied.themes_csv.write_text(OWN_THEMES, "utf-8")
        done = run(record, derived, day=3)
        (changed,) = done.changed
        assert (done.described, done.revision) == (6, revision + 1)
        after = all_of(copied)
        assert {key for key in after if after[key] != before[key]} == {changed}
        fields = after[changed][1]
        assert fields["subjects"] == ("Child B",)
        assert "harm_wasps" in fields["themes"]
        assert "harm_wasps" in fields["harms"]
        done = run(record, derived, day=4)
        assert (done.described, done.changed, done.revision) == (0, frozenset(), revision + 1)


def test_a_wrong_themes_file_is_told_before_anything_is_changed(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    before = all_of(record.home)
    record.home.themes_csv.write_text(OWN_THEMES.replace("harm_type", "harms"), "utf-8")
    with pytest.raises(VocabularyError, match="line 2: no group 'harms'; it is one of harm_type"):
        run(record, derived, day=2)
    assert (all_of(record.home), derived.failures()) == (before, {})


def test_a_wrong_packaged_rule_stops_describing_and_is_no_documents_fault(
    opened: tuple[Record, Derived], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(given: Any, **options: Any) -> Any:
        raise VocabularyError("types.toml: rule 3 has no words")

    record, derived = opened
    before = all_of(record.home)
    monkeypatch.setattr(describing_processes, "describe_document", broken)
    record.home.themes_csv.write_text(OWN_THEMES, "utf-8")
    with pytest.raises(VocabularyError, match="rule 3"):
        run(record, derived, day=2)
    assert (all_of(record.home), derived.failures()) == (before, {})


def test_a_kill_between_describing_and_publishing_loses_no_changed_fact(
    opened: tuple[Record, Derived], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*given: Any) -> Any:
        raise KeyboardInterrupt

    record, derived = opened
    record.home.themes_csv.write_text(OWN_THEMES.replace("wasp sting", "reader bbbbbbb"), "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(processing, "publish_documents", killed)
        with pytest.raises(KeyboardInterrupt):
            run(record, derived, day=2)
    done = run(record, derived, day=3)
    (changed,) = published_documents(record.home, document_ids=done.changed)
    assert (done.described, changed.fields["subjects"]) == (0, ("Child B",))


CHANGED_PACKAGE = """
import sys
from pathlib import Path
from casereviews.repository.home import Home
from casereviews.repository.processing import process
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived

home = Home(Path(sys.argv[1]))
with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
    done = process(record, derived, now="2026-03-09T02:00:00Z", workers=1)
    print(done.described, *sorted(done.changed))
"""


@pytest.mark.slow
def test_a_changed_packaged_rule_reaches_described_documents_and_only_where_it_matters(
    copied: Home, tmp_path: Path
) -> None:
    package = tmp_path / "other" / "casereviews"
    shutil.copytree(
        ROOT / "repository", package / "repository", ignore=shutil.ignore_patterns("__pycache__")
    )
    (package / "__init__.py").touch()
    phrases = package / "repository" / "vocabulary" / "more_phrases.csv"
    text = phrases.read_text("utf-8")
    phrases.write_text(text.replace("+suspicious injury|", "+reader ddddddd|"), "utf-8")
    before = all_of(copied)

    def night() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-c", CHANGED_PACKAGE, str(copied.root)],
            env={"PYTHONPATH": str(package.parent), "PATH": ""},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    described, *changed = night()
    after = all_of(copied)
    assert (described, len(changed)) == ("6", 1)
    assert {key for key in after if after[key] != before[key]} == set(changed)
    fields = after[changed[0]][1]
    assert (fields["subjects"], "harm_physical_abuse" in fields["themes"]) == (("Child D",), True)
    assert night() == ["0"]


def test_derived_data_is_made_again_without_the_web(copied: Home) -> None:
    before = all_of(copied)
    copied.derived_db.unlink()
    with pytest.raises(HomeError, match="run `casereviews rebuild`"):
        Derived.open(copied)
    with Record.open(copied, write=True) as record, Derived.open(copied, write=True) as derived:
        assert run(record, derived, day=9).read == 6
    assert all_of(copied) == before


def test_derived_data_of_another_schema_is_thrown_away(copied: Home) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(copied.derived_db)) as connection:
        connection.execute("PRAGMA user_version=999")
    with Derived.open(copied, write=True) as derived:
        assert derived.read_hashes() == set()


def test_wrong_corrections_are_named_before_anything_is_changed(
    opened: tuple[Record, Derived],
) -> None:
    record, derived = opened
    record.home.corrections_toml.write_text(
        '[[correction]]\nid = "x"\nfield = "colour"\nvalue = "red"\n'
    )
    with pytest.raises(CorrectionError, match="colour"):
        run(record, derived, day=2)


KILLED = """
import os, signal, sys
from pathlib import Path
from casereviews.repository.home import Home
from casereviews.repository.processing import process
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from tests.repository.nights import Nights, at
from tests.repository.test_processing import STEPS, report, run

def kill(what, done, total):
    if (what, done) == (sys.argv[2], int(sys.argv[3])):
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    home = Home(Path(sys.argv[1])).create()
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        nights = Nights(record, media_type="text/html")
        for number, name in enumerate(STEPS, 1):
            nights.night(1, STEPS, {name: report(name)}, finish=name == STEPS[-1])
            kill("stored", number, None)
        run(record, derived, progress=kill)
"""


@pytest.mark.slow
def test_kills_at_any_step_leave_what_an_undisturbed_run_leaves(
    filled: Home, tmp_path: Path
) -> None:
    home = Home(tmp_path / "killed")
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    for what, number in (("stored", 3), ("read", 2), ("described", 2), ("described", 3)):
        child = subprocess.run(
            [sys.executable, str(script), str(home.root), what, str(number)],
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": ""},
            timeout=60,
        )
        assert child.returncode == -signal.SIGKILL, (what, number)
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        done = run(record, derived, day=2)
        assert (done.read, done.described) == (0, 1)
    assert all_of(home) == all_of(filled)


def test_another_table_of_fields_publishes_every_review_again_and_tells_only_what_changed(
    opened: tuple[Record, Derived], monkeypatch: pytest.MonkeyPatch
) -> None:
    record, derived = opened
    before = {key: view.row_digest for key, view in derived.published_digests().items()}
    monkeypatch.setattr(publishing, "TABLE", "another")
    assert run(record, derived).changed == frozenset()
    after = {key: view.row_digest for key, view in derived.published_digests().items()}
    assert not set(before.values()) & set(after.values())
    assert run(record, derived).changed == frozenset()
    named = tuple(
        replace(field, published="kind") if field.name == "label_kind" else field
        for field in publishing.PUBLISHED
    )
    monkeypatch.setattr(publishing, "PUBLISHED", named)
    monkeypatch.setattr(publishing, "TABLE", "a third")
    assert run(record, derived).changed == set(before)
    assert {view.fields["kind"] for view in derived.published_fields()} == {"letter"}


def test_documents_are_described_anew_when_the_second_opinion_goes_on_or_off_and_without_it_while_it_cannot_be_had(
    opened: tuple[Record, Derived], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Encoder:
        key, dimension = "nothing", 1

    def broken() -> None:
        raise ModelError("no weights")

    asked: list[bool] = []

    def describing(*given: Any, with_second_opinion: bool, **more: Any) -> Any:
        asked.append(with_second_opinion)
        return describe_document(*given, **more)

    describe_document = describing_processes.describe_document
    monkeypatch.setattr(describing_processes, "describe_document", describing)
    config = opened[0].home.config_toml
    config.write_text("second_opinion = true\n", "utf-8")
    second_opinion.second_opinion.cache_clear()
    monkeypatch.setattr(second_opinion, "load_encoder", broken)
    assert run(*opened).described == 0  # they stand as they were described without it
    monkeypatch.setattr(second_opinion, "load_encoder", Encoder)
    second_opinion.second_opinion.cache_clear()
    assert [run(*opened).described for _ in range(2)] == [6, 0]
    config.write_text("second_opinion = false\n", "utf-8")
    assert [run(*opened).described for _ in range(2)] == [6, 0]
    assert asked == [True] * 6 + [False] * 6
    second_opinion.second_opinion.cache_clear()


def test_a_wrong_switch_is_told_before_anything_is_changed(opened: tuple[Record, Derived]) -> None:
    opened[0].home.config_toml.write_text("second_opinion = 1\n", "utf-8")
    with pytest.raises(TomlError, match="write second_opinion = true"):
        run(*opened)
