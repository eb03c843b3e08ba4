"""`casereviews.open`: what it gives is what the collection and the verbs give, read when it is asked for."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

import casereviews
from casereviews import (
    Collection,
    Fact,
    Hit,
    NoIndex,
    Notebook,
    QueryError,
    Recommendation,
    Review,
    ReviewDocument,
    UnknownId,
)
from casereviews.collection import collection as the_collection
from casereviews.collection.errors import NothingCollected, RequestError
from casereviews.collection.output import withholding
from casereviews.notebook import opened
from casereviews.repository.errors import HomeError
from casereviews.repository.home import Home
from casereviews.search_cli.main import cli

EVERY = {"scope": ["all"]}


def test_a_search_finds_what_the_verb_finds(cases: Notebook, built: Home) -> None:
    done = CliRunner().invoke(
        cli, ["--home", str(built.root), "search", "neglect", "--scope", "all", "--json"]
    )
    told = json.loads(done.stdout)
    found = cases.search("neglect", filters=EVERY)
    assert len(found) == told["total"] > 1
    assert [one.to_json() for one in found] == told["hits"]
    assert found.understood == told["understood"]
    assert [{"value": value, "count": count} for value, count in found.facets["nation"]] == told[
        "facets"
    ]["nation"]


def test_hits_are_looked_up_when_they_are_read_and_again_each_time(
    cases: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [hit.review_id for hit in cases.search(filters=EVERY)]
    monkeypatch.setattr(opened, "AT_ONCE", 1)
    monkeypatch.setattr(the_collection, "AT_A_TIME", 1)
    found = cases.search(filters=EVERY)
    assert len(found.results.hits) == 1
    assert len(found) == len(every) > 3
    for _ in range(2):
        assert [hit.review_id for hit in found] == every
    assert [found[2].review_id, found[-1].review_id] == [every[2], every[-1]]
    for part in (slice(2), slice(1, 3), slice(-2, None), slice(None, None, -1), slice(9, 12)):
        assert [hit.review_id for hit in found[part]] == every[part]
    assert [hit.review_id for hit in cases.search(filters=EVERY, limit=3)] == every[:3]
    assert len(cases.search(filters=EVERY, limit=3)) == 3
    for place in (len(every), -len(every) - 1):
        with pytest.raises(IndexError, match=f"there is no place {place} of"):
            found[place]


def test_similar_cases_say_why_and_with_what_caution(cases: Notebook) -> None:
    text = "a baby of four months died after unsafe sleep on a sofa"
    found = cases.similar(text)
    alike = cases.collection.similar(text)
    assert [hit.to_json() for hit in found] == [hit.to_json() for hit in alike.results.hits]
    assert found.caution == alike.caution
    assert alike.caution in found._repr_html_()
    assert text not in repr(found) + found._repr_html_()
    like = cases.collection.similar(review_id=found[0].review_id, filters=EVERY)
    assert list(cases.similar(review_id=found[0].review_id, filters=EVERY)) == list(
        like.results.hits
    )


def test_records_are_those_of_the_collection(cases: Notebook) -> None:
    exported = [one.review for one in cases.collection.exported()]
    reviews = list(cases.reviews())
    assert reviews == exported
    assert all(isinstance(one, Review) for one in reviews)
    documents = [(one.review_id, one.document_id, one.title) for one in cases.documents()]
    assert documents == [
        (review.review_id, one.document_id, one.title)
        for review in exported
        for one in review.documents
    ]
    facts = [
        (one.review_id, one.document_id, one.field, one.value, one.page) for one in cases.facts()
    ]
    assert facts == [
        (review.review_id, document.document_id, one.field, one.value, one.page)
        for review in exported
        for document in review.documents
        for one in document.facts
    ]
    told = [(one.review_id, one.text, one.addressee, one.page) for one in cases.recommendations()]
    assert told == [
        (review.review_id, one.text, one.addressee, one.page)
        for review in exported
        for document in review.documents
        for one in document.recommendations
    ]
    assert len(told) == 2
    for kind, records in (
        (ReviewDocument, cases.documents()),
        (Fact, cases.facts()),
        (Recommendation, cases.recommendations()),
    ):
        assert all(isinstance(one, kind) for one in records)


def test_some_are_asked_for_by_hits_records_and_ids(cases: Notebook) -> None:
    found = cases.search('"unsafe sleep"')
    (hit,) = found
    review = next(iter(cases.reviews(found)))
    whole = [fact for fact in cases.facts() if fact.review_id == hit.review_id]
    for of in (found, hit, review.review_id, [review, hit.document_id]):
        assert list(cases.facts(of)) == whole
    assert [one.review_id for one in cases.reviews(found)] == [hit.review_id]
    assert list(cases.documents([])) == []
    with pytest.raises(UnknownId, match="nobody-000000 names nothing"):
        cases.recommendations([hit, "nobody-000000"])


def test_pages_are_those_of_what_is_named(cases: Notebook) -> None:
    (hit,) = cases.search('"unsafe sleep"')
    review = cases.collection.review(hit.review_id)
    best, other = review.documents
    assert {best.document_id, other.document_id} >= {hit.document_id}
    for of, document in (
        (hit, review.document(hit.document_id)),
        (review, best),
        (review.review_id, best),
        (other, other),
        (other.document_id, other),
    ):
        pages = cases.pages(of)
        assert len(pages) == document.pages
        assert [one.text for one in pages] == [
            cases.collection.page(document.document_id, number).text
            for number in range(1, document.pages + 1)
        ]
        assert [one.page for one in pages] == list(range(1, document.pages + 1))


def test_why_there_is_no_page_is_told(cases: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = next(one for one in cases.reviews() if one.source == "library")
    pages = cases.pages(entry)
    assert len(pages) == 0
    assert "no file of it is kept" in repr(pages)
    assert "no file of it is kept" in pages._repr_html_()
    monkeypatch.setattr(Collection, "libraries", lambda _: frozenset({"westvale"}))
    welsh = next(one for one in cases.reviews() if one.source == "westvale")
    assert "a library's own text is not handed on" in repr(cases.pages(welsh))


def test_marks_are_those_that_stand(built: Home, tmp_path: Path) -> None:
    shutil.copytree(built.root, tmp_path / "home")
    with casereviews.open(tmp_path / "home") as cases:
        assert list(cases.marks()) == []
        review_id = cases.search('"unsafe sleep"')[0].review_id
        marks = cases.collection.marks
        marks.put(review_id, "maybe", reader="Ash")
        marks.put(review_id, "exclude", reason="no <infant>", reader="Ash")
        marks.put(review_id, "include", stage="title_abstract", reader="Bo")
        assert [(one.decision, one.reader) for one in cases.marks()] == [
            ("exclude", "Ash"),
            ("include", "Bo"),
        ]
        assert len(cases.marks()) == 2
        assert "no &lt;infant&gt;" in cases.marks()._repr_html_()


def test_one_review_is_read_at_a_time(cases: Notebook, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    real = withholding.exported

    def counting(review: Review, **options: object) -> withholding.ExportedReview:
        read.append(review.review_id)
        return real(review, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(withholding, "exported", counting)
    facts = cases.facts()
    assert read == []
    next(iter(facts))
    assert len(read) == 1
    with pytest.raises(TypeError):
        len(facts)  # type: ignore[arg-type]


def test_errors_are_the_collections(cases: Notebook, tmp_path: Path) -> None:
    with pytest.raises(QueryError):
        cases.search("(neglect")
    with pytest.raises(RequestError, match="no description"):
        cases.similar(" ")
    with pytest.raises(UnknownId):
        cases.pages("nobody-000000")
    with casereviews.open(tmp_path / "nothing") as nothing:
        assert repr(nothing) == "<case reviews: no index yet>"
        for text in ("neglect", "a baby who was bruised"):
            with pytest.raises(HomeError, match="run `casereviews refresh`"):
                nothing.search(text)
            with pytest.raises(HomeError, match="run `casereviews refresh`"):
                nothing.similar(text)
        for ask in (nothing.reviews, nothing.documents, nothing.facts, nothing.recommendations):
            with pytest.raises(NothingCollected):
                ask()
        with pytest.raises(NothingCollected):
            nothing.pages("nobody-000000")
        assert list(nothing.marks()) == []
    assert not (tmp_path / "nothing").exists()
    home = Home(tmp_path / "new").create()
    with casereviews.open(home) as unread, pytest.raises(NoIndex, match="rebuild"):
        unread.search("neglect")


def test_in_a_plain_terminal_it_says_shortly_what_it_is(cases: Notebook) -> None:
    built = cases.collection.state()
    assert built is not None
    assert repr(cases) == f"<case reviews: 6 reviews, 7 documents, indexed {built.built[:10]}>"
    assert repr(cases.search('"unsafe sleep"')) == (
        '<1 review: "unsafe sleep"; adult reviews hidden (scope:all shows them)>'
    )
    assert repr(cases.facts()) == "<facts, read as they come>"
    assert repr(cases.marks()) == "<0 marks>"
    assert repr(cases.pages(cases.search('"unsafe sleep"')[0])).startswith("<1 page: Child Q")


def test_threads_share_it_and_each_reads_its_own(cases: Notebook) -> None:
    asked = cases.search(filters=EVERY)
    alone = [hit.review_id for hit in asked]
    told: list[list[str]] = []

    def ask() -> None:
        told.append([hit.review_id for hit in asked])
        told.append([one.review_id for one in cases.reviews()])
        cases.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(sorted, told)) == [sorted(alone)] * 6


def test_what_is_closed_opens_again_when_it_is_asked(built: Home) -> None:
    with casereviews.open(built) as cases:
        found = cases.search("neglect")
    assert [hit.rank for hit in found] == list(range(1, len(found) + 1))
    cases.close()


HEAVY = ("pandas", "pyarrow", "click", "rich", "scrapy", "jinja2", "starlette", "lxml")
LIGHT = f"""
import sys
import casereviews
with casereviews.open(sys.argv[1]) as cases:
    assert len(cases.search('"unsafe sleep"')) == 1
    assert list(cases.recommendations())
    cases.facts()._repr_html_()
print(sorted({set(HEAVY)!r} & set(sys.modules)))
"""


def test_nothing_heavy_is_loaded_before_a_data_frame_is_asked_for(built: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, str(built.root)], capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_hits_are_hits(cases: Notebook) -> None:
    assert all(isinstance(one, Hit) for one in cases.search("neglect"))
