"""An index that is changed while something is asked of it: the answer is of one state, the one before or the one after."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.collection import collection as door
from casereviews.index import folder as index_folder
from casereviews.index.errors import IndexChanged, IndexDamaged
from casereviews.index.search import Searcher
from casereviews.index.storage.store import Store
from casereviews.repository.home import Home

CASE = "a baby died on a sofa beside a parent, and neglect was known"


@pytest.fixture
def collection(built: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collection]:
    monkeypatch.setattr(door, "CHANGE_SECONDS", 0)
    with Collection(built, warn=lambda _: None) as opened:
        yield opened


def first_time(original: Callable[..., Any], happens: Callable[[], Any]) -> Callable[..., Any]:
    """`original`, but the first time `happens` is what comes of it."""
    calls = iter([happens])

    def asked(*given: Any, **named: Any) -> Any:
        return next(calls, lambda: original(*given, **named))()

    return asked


def test_a_row_that_went_between_two_looks_is_asked_for_again(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = collection.search("sofa").hits[0].document_id
    as_ever = collection.reader_page(report, 2, "sofa")
    alike = [hit.review_id for hit in collection.similar(CASE).results.hits]
    for answer, expected in (
        (lambda: collection.reader_page(report, 2, "sofa"), as_ever),
        (lambda: [hit.review_id for hit in collection.similar(CASE).results.hits], alike),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(Store, "document", first_time(Store.document, lambda: None))
            assert answer() == expected


def changed() -> Any:
    raise IndexChanged("the index was changed while it was read: ask again")


@pytest.mark.parametrize(
    ("method", "asked"),
    [
        ("search", lambda at, _: [hit.review_id for hit in at.saved.run("kept").results.hits]),
        ("page", lambda at, report: at.page(report, 2).text),
        ("fields_of", lambda at, report: at.kept_as(report)),
    ],
)
def test_saved_searches_and_pages_wait_for_a_writer(
    method: str,
    asked: Callable[[Collection, str], Any],
    collection: Collection,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    shutil.copytree(collection.home.root, tmp_path / "home")
    with Collection(tmp_path / "home", warn=lambda _: None) as own:
        own.saved.add("kept", "sofa")
        report = own.search("sofa").hits[0].document_id
        expected = asked(own, report)
        monkeypatch.setattr(Searcher, method, first_time(getattr(Searcher, method), changed))
        assert asked(own, report) == expected


def test_a_document_that_is_newer_than_the_words_is_not_marked_by_them(
    collection: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = collection.search("sofa").hits[0].document_id
    number = collection.searcher.store.number_of(report)
    collection.searcher.lexicon.live -= {number}  # as a searcher has it that was opened before
    with pytest.raises(IndexChanged):
        collection.searcher.marked_page(report, 2, "sofa")
    monkeypatch.setattr(door, "CHANGES_AWAITED", 2)
    with pytest.raises(IndexChanged, match="again in a minute"):
        collection.reader_page(report, 2, "sofa")


def test_files_of_an_index_that_is_no_longer_the_one_are_no_damage(
    built: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(built.root, home.root)
    with Collection(home, warn=lambda _: None) as collection:

        def rebuilt() -> Any:
            with Collection(home) as another:
                another.rebuild(index=True)
            raise IndexDamaged(home.index, "went")

        before = collection.search("sofa").total
        monkeypatch.setattr(Searcher, "search", first_time(Searcher.search, rebuilt))
        assert collection.search("sofa").total == before
        read = index_folder._index_json
        monkeypatch.setattr(index_folder, "_index_json", first_time(read, rebuilt))
        assert collection.search("sofa").total == before
        monkeypatch.setattr(index_folder, "_index_json", read)
        (file,) = home.index.glob("g*/pages.db")
        file.unlink()
        with pytest.raises(IndexDamaged):
            collection.search("sofa")


def test_a_generation_that_went_between_two_looks_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "g002").mkdir()
    (tmp_path / "CURRENT").write_text("g002", "utf-8")
    monkeypatch.setattr(Path, "read_text", first_time(Path.read_text, lambda: "g001"))
    assert index_folder._named(tmp_path) == tmp_path / "g002"
    (tmp_path / "g002").rmdir()
    with pytest.raises(IndexDamaged, match="names g002"):
        index_folder._named(tmp_path)
