"""What other rooms see: shown documents in their newest version, and reviews as records."""

from __future__ import annotations

from pathlib import Path

import pytest

from casereviews.repository.describing.resolve import resolve
from casereviews.repository.errors import UnknownId
from casereviews.repository.home import Home
from casereviews.repository.processing import process
from casereviews.repository.published_documents import (
    Review,
    published_documents,
    published_ids,
    shown_review,
    shown_reviews,
)
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from tests.repository.nights import Nights, at, link

BOTH_STORES = True

CARD = {
    "group": "http://northmoor.test/reviews Child D",
    "headings": ("Serious Case Reviews", "Child D"),
}
OVERVIEW = link("d", link_text="Child D: Overview Report", dates=("March 2024",), **CARD)
BRIEFING = link("d-briefing", link_text="Child D: Learning briefing", **CARD)
UNNAMED = link("e", link_text="2024 - Anonymous - Emlyn", anonymous=True)


def page(words: str) -> bytes:
    return f"<html><body><h1>Serious Case Review</h1><p>{words}</p></body></html>".encode()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("published") / "home").create()
    bodies = {
        "d": page("This fictional overview report on Child D was replaced the next night."),
        "d-briefing": page("This fictional briefing on Child D says what practitioners can do."),
        "e": page(
            "A fictional child of Hampshire, whose board asked not to be named, was neglected."
        ),
    }
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        nights = Nights(record, media_type="text/html")
        nights.night(1, [OVERVIEW, BRIEFING, UNNAMED], bodies)
        process(record, derived, now=at(1), workers=1)
        second = {"d": page("This fictional overview report on Child D has a second edition.")}
        nights.night(2, [OVERVIEW, BRIEFING, UNNAMED], second)
        process(record, derived, now=at(2), workers=1)
    return home


def of_child_d(home: Home) -> Review:
    return next(one for one in shown_reviews(home) if one.field("subjects") == ("Child D",))


def test_only_the_newest_version_is_published(home: Home) -> None:
    texts = ["".join(page.text for page in one.pages) for one in published_documents(home)]
    assert len(texts) == 3
    assert sum("second edition" in text for text in texts) == 1
    assert not any("replaced the next night" in text for text in texts)


def test_some_documents_are_published_by_id(home: Home) -> None:
    some = sorted(published_ids(home))[:2]
    assert [one.document_id for one in published_documents(home, document_ids=some)] == some
    assert list(published_documents(home, document_ids=["unknown"])) == []


def test_a_review_is_a_record_with_its_documents_and_facts(home: Home) -> None:
    review = of_child_d(home)
    assert review == shown_review(home, review.review_id)
    found = review.to_json()
    overview, briefing = found["documents"]
    assert {name: overview[name] for name in (
        "url", "landing_url", "role", "media_type", "text_status", "availability", "versions", "origin", "error", "pages",
    )} == {
        "url": "http://northmoor.test/d.pdf",
        "landing_url": "http://northmoor.test/reviews",
        "role": "overview_report",
        "media_type": "text/html",
        "text_status": "ok",
        "availability": "available",
        "versions": 2,
        "origin": "crawl",
        "error": None,
        "pages": 1,
    }  # fmt: skip
    assert briefing["role"] == "briefing"
    assert len(overview["sha256"]) == 64
    assert {"field", "value", "raw", "origin", "evidence", "confidence"} <= set(
        overview["facts"][0]
    )
    assert (found["review_type"], found["published"], found["publisher"]) == (
        "scr", "2024-03", "Northmoor Safeguarding Partnership",
    )  # fmt: skip


def test_a_review_is_found_by_the_id_of_its_document(home: Home) -> None:
    found = next(shown_reviews(home))
    assert shown_review(home, found.documents[0].document_id) == found
    with pytest.raises(UnknownId, match="no review or document"):
        shown_review(home, "unknown")


def test_an_anonymous_entry_has_no_place_of_any_origin(home: Home) -> None:
    found = next(one for one in shown_reviews(home) if one.field("anonymous"))
    assert not {"areas", "nation", "regions"} & set(found.to_json())
    (document,) = found.documents
    assert {fact.field for fact in document.facts} & {"areas", "nation", "host_site"} == set()


def test_facts_come_back_as_they_were_found(home: Home) -> None:
    title = resolve(of_child_d(home).documents[0].facts)["title"]
    assert (title.value, title.fact.origin) == ("Child D: Overview Report", "title")


def test_a_held_document_is_in_no_review(home: Home, tmp_path: Path) -> None:
    import shutil

    copy = Home(Path(shutil.copytree(home.root, tmp_path / "copy")))
    with Record.open(copy, write=True) as record, Derived.open(copy, write=True) as derived:
        for day in (3, 4, 5):
            Nights(record).night(day, [OVERVIEW, BRIEFING])
        (held,) = [one for one in record.held() if one.version is None]
        process(record, derived, now=at(5), workers=1)
    assert held.document_id not in published_ids(copy)
    assert len(list(shown_reviews(copy))) == 1
    with pytest.raises(UnknownId, match="`casereviews held` lists what waits for a decision"):
        shown_review(copy, held.document_id)


def test_a_home_where_nothing_was_described_publishes_nothing(tmp_path: Path) -> None:
    empty = Home(tmp_path / "empty").create()
    assert (list(published_documents(empty)), list(shown_reviews(empty)), published_ids(empty)) == (
        [],
        [],
        set(),
    )
