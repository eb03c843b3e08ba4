"""A program does the whole job through `casereviews.Collection` alone."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import casereviews
from casereviews import Collection
from casereviews.collection.errors import NothingCollected, RequestError
from casereviews.crawler.errors import NoContact
from casereviews.index.errors import NoIndex, QueryError
from casereviews.repository.errors import CorrectionError, HomeError, UnknownId
from casereviews.repository.home import Home
from tests.search_cli import small_home

REPORT = "Serious Case Review: Child Q (March 2021)"


def report_id(collection: Collection) -> str:
    (hit,) = collection.search('"unsafe sleep"', filters={"nation": ["England"]}).hits
    return hit.review_id


def test_a_notebook_searches_reads_counts_and_compares(read: Collection) -> None:
    found = read.search('"unsafe sleep"')
    (hit,) = found.hits
    assert (hit.other_documents, [page.page for page in hit.pages]) == (1, [1])
    review = read.review(hit.review_id)
    assert (review.field("outcome"), review.field("age_bands")) == ("death", ("under_1",))
    document = read.document(review.review_id)
    assert (document.title, document.pages, document.role) == (REPORT, 3, None)
    page = read.page(review.review_id, 2)
    assert "died after unsafe sleep on a sofa" in page.text
    assert page.url == "http://northmoor.test/child-q.pdf#page=2"
    assert {one.review_id for one in read.reviews()} >= {review.review_id}
    best = read.similar("A baby died asleep on a sofa beside a parent.", limit=1)
    assert [hit.review_id for hit in best.results.hits] == [review.review_id]
    assert "does not assess risk" in best.caution
    like_it = read.similar(review_id=review.review_id)
    assert review.review_id not in [hit.review_id for hit in like_it.results.hits]
    assert dict(read.counts("nation", within="scope:all").values)["Wales"] == 1
    table = read.cross_table(("nation", "year"))
    assert table.numbers[table.lines.index("Wales")][table.heads.index("2022")] == 1
    assert [(one.page, one.match) for one in read.concordance("unsafe sleep")] == [
        (2, "unsafe sleep"),
        (1, "unsafe sleep"),
    ]
    assert any(one.state == "wins" and one.fact.field == "outcome" for one in read.reasons(review.review_id))  # fmt: skip


def test_a_notebook_sees_what_happened_and_what_waits(read: Collection) -> None:
    assert [one.kind for one in read.news()] == ["removed", "removed", "held"]
    (held,) = read.held()
    assert held.title == "Serious Case Review: Child S (January 2026)"
    status = read.status()
    assert {one.source for one in status.sources} == {"northmoor", "westvale", "eastmere", "library"}  # fmt: skip
    assert status.totals["documents"] == 8
    assert {one.source for one in read.quality()} >= {"northmoor", "westvale"}
    assert [one.state for one in read.doctor() if one.check == "index"] == ["well"]
    names = [one.review.field("title") for one in read.exported()]
    assert "Serious Case Review into the death of [name withheld]" in names


def test_a_notebook_corrects_releases_and_withdraws(change: Collection) -> None:
    review_id = report_id(change)
    made = change.correct(review_id, "outcome", "serious_harm", note="page 4 says so")
    assert (made.id, made.value) == (review_id, "serious_harm")
    assert change.review(review_id).field("outcome") == "serious_harm"
    found = change.search("outcome:serious_harm", limit=100)
    assert review_id in [hit.review_id for hit in found.hits]
    (held,) = change.held()
    change.release(held.document_id)
    assert change.held() == ()
    assert change.search("quillfeather").total == 1
    done = change.withdraw(held.document_id, reason="the board asked")
    assert done.remains == ()
    assert change.search("quillfeather").total == 0
    with pytest.raises(UnknownId):
        change.review(held.document_id)


def test_a_notebook_adds_a_file_and_rebuilds(change: Collection, tmp_path: Path) -> None:
    file = tmp_path / "sent.pdf"
    file.write_bytes(small_home.pdf([("Learning Review: Child Z", "A fictional kite string.")]))
    (stored,) = change.add(
        [str(file)], publisher="Fictional Board", title="Learning Review: Child Z (2020)"
    )
    (hit,) = change.search('"kite string"').hits
    assert hit.document_id == stored.document_id
    before = dict(fields_of(change))
    rebuilt = change.rebuild(everything=True)
    assert (rebuilt.built.reviews, rebuilt.read_again) == (len(before), 0)
    assert dict(fields_of(change)) == before


def fields_of(collection: Collection) -> list[tuple[str, object]]:
    return [(one.review_id, one.fields) for one in collection.reviews()]


def test_a_new_index_closes_the_old_one_and_what_is_being_read_is_read_to_its_end(
    change: Collection,
) -> None:
    first = change.search("scope:all", limit=1)
    hits = change.every_hit(first)
    seen = [next(hits), next(hits)]
    before = change.searcher
    change.rebuild(index=True)
    assert change.search("scope:all").total == first.total
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        list(before.all_ids())
    assert len({one.review_id for one in (*seen, *hits)}) == first.total


def test_a_search_sees_what_another_process_changed(change: Collection) -> None:
    review_id = report_id(change)
    Collection(change.home).correct(review_id, "outcome", "other", note="said elsewhere")
    assert change.search("outcome:other").hits[0].review_id == review_id


def test_a_notebook_keeps_searches_and_marks(change: Collection) -> None:
    assert change.saved.add("sleep", '"unsafe sleep"', filters={"nation": ["England"]})
    assert [hit.review_id for hit in change.saved.run("sleep", only_new=True).new] == [report_id(change)]  # fmt: skip
    assert change.saved.run("sleep", only_new=True).new == ()
    mark = change.marks.put(report_id(change), "exclude", reason="not an infant")
    assert change.marks.all() == {mark.review_id: mark}
    assert [(box.box, box.count) for box in change.marks.flow()] == [
        ("screened", 1),
        ("screened_out", 0),
        ("sought", 1),
        ("not_retrieved", 0),
        ("assessed", 1),
        ("excluded", 1),
        ("undecided", 0),
        ("included", 0),
    ]
    with pytest.raises(RequestError, match="needs a reason"):
        change.marks.put(report_id(change), "exclude")


def test_saved_searches_keep_what_people_wrote_into_their_file(change: Collection) -> None:
    change.saved.add("sleep", '"unsafe sleep"')
    file = change.home.saved_toml
    file.write_text(f"{file.read_text('utf-8')}# mine\n", "utf-8")
    change.saved.add("gang", "gang", filters={"nation": ["Wales", "England"]}, exact=True)
    assert "# mine" in file.read_text("utf-8")
    assert change.saved.all()["gang"].filters == {"nation": ("Wales", "England")}
    change.saved.remove("sleep")
    assert list(change.saved.all()) == ["gang"]


def test_what_a_saved_search_found_stands_in_its_feed_once(change: Collection) -> None:
    change.saved.add("sleep", '"unsafe sleep"')
    review_id = report_id(change)
    first, second = (change.saved.run_all(small_home.NOW)[0] for _ in range(2))
    assert [hit.review_id for hit in first.new] == [review_id]
    assert second.new == ()
    feed = change.home.feeds / "saved" / "sleep.new.json"
    assert json.loads(feed.read_text("utf-8"))["new"] == []


def test_results_are_frozen_records(read: Collection) -> None:
    review = read.review(report_id(read))
    given = [
        read.search("sofa"),
        read.similar("a baby"),
        review,
        review.documents[0],
        read.page(review.review_id, 1),
        read.held()[0],
        read.news()[0],
        read.status(),
        read.quality()[0],
        read.counts("year"),
        read.cross_table(("theme", "year")),
        read.timeline(),
        read.areas(),
        read.reasons(review.review_id)[0],
        next(read.exported()),
        next(read.concordance("child")),
        read.doctor()[0],
        read.registry.known(nation="Wales")[0],
        read.record_of_search(read.search("sofa")),
    ]
    for one in given:
        with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):
            setattr(one, dataclasses.fields(one)[0].name, None)  # type: ignore[arg-type]


def test_what_cannot_be_done_is_told_with_what_to_do(tmp_path: Path, read: Collection) -> None:
    empty = Collection(tmp_path / "empty")
    with pytest.raises(HomeError, match="casereviews refresh"):
        empty.search("sofa")
    empty.home.create()
    with pytest.raises(NoIndex, match="casereviews refresh"):
        empty.search("sofa")
    for ask in (empty.held, empty.status, empty.news, empty.quality, empty.rebuild, empty.reviews):
        with pytest.raises(NothingCollected, match="casereviews refresh"):
            ask()
    with pytest.raises(UnknownId):
        empty.review("nothing-1")
    with pytest.raises(QueryError):
        read.search("natoin:Wales")
    with pytest.raises(RequestError, match="no page 9"):
        read.page(report_id(read), 9)
    with pytest.raises(RequestError, match="did you mean 'northmoor'"):
        read.news(sources=["northmor"])
    with pytest.raises(RequestError, match="no description"):
        read.similar("  ")


def test_publishers_are_not_asked_without_a_contact_and_one_that_is_given_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CASEREVIEWS_CONTACT", raising=False)
    with pytest.raises(NoContact):
        Collection(tmp_path / "a").refresh(["hampshire"])
    asked: list[str] = []

    def ask() -> str:
        asked.append("asked")
        return "who@board.example"

    collection = Collection(tmp_path / "b", ask_contact=ask)
    source = collection.registry.to_ask(["hampshire"])
    assert collection.registry.contact(source) == "who@board.example"
    assert collection.registry.contact(source) == "who@board.example"
    assert asked == ["asked"]


def test_every_name_that_is_offered_is_there() -> None:
    for name in dir(casereviews):
        assert getattr(casereviews, name) is not None, name
    with pytest.raises(AttributeError):
        _ = casereviews.nothing_of_the_kind


def test_a_correction_that_is_wrong_changes_nothing(change: Collection) -> None:
    before = fields_of(change)
    with pytest.raises(CorrectionError):
        change.correct(report_id(change), "outcome", "dead", note="x")
    assert fields_of(change) == before


HEAVY = {
    *("scrapy", "twisted", "sqlalchemy", "numpy", "alembic", "lxml", "click", "rich"),
    *("filelock", "multiprocessing", "msgspec", "statistics", "opensearchpy", "psycopg", "boto3"),
    *("casereviews.index.similar.finding", "casereviews.repository.describing"),
}
LIGHT = f"""
import sys
import casereviews
assert not [name for name in sys.modules if name.startswith("casereviews.")], sys.modules
from casereviews import Collection
with Collection(sys.argv[1]) as collection:
    found = collection.search('"unsafe sleep"', filters={{"nation": ["England"]}})
    assert found.total == 1
    assert collection.counts("year").reviews
    assert list(collection.concordance("unsafe sleep"))
    assert collection.saved.all() == {{}}
print(sorted({HEAVY!r} & set(sys.modules)))
"""


def test_importing_and_searching_load_none_of_the_heavy_libraries(built: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, str(built.root)], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
