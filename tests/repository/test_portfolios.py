"""A portfolio's files are documents of its review: found each by itself, withdrawn, held and replaced with their portfolio."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from reportlab.pdfgen.canvas import Canvas

from casereviews.repository import processing, withdrawals
from casereviews.repository.canary import canary
from casereviews.repository.home import Home
from casereviews.repository.model import Page, Reading
from casereviews.repository.processing import process
from casereviews.repository.published_documents import (
    published_documents,
    published_ids,
    shown_review,
)
from casereviews.repository.reading import ReadJob
from casereviews.repository.reading.reader import READER, read_file
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from tests.repository.nights import BOARD, Nights, at, link

BOTH_STORES = True

COVER = "For the best experience, open this PDF portfolio in Acrobat X or Adobe Reader X, or later."
SECRET = "Quillfeather"


def page(title: str, sentence: str) -> bytes:
    return f"<html><body><h1>{title}</h1><p>This fictional paper of Pear Vale says that {sentence}.</p></body></html>".encode()


REPORT = page(
    "Serious Case Review: Child P", f"the {SECRET} family lived behind the mill for many years"
)
SUMMARY = page(
    "Executive summary: Child P", "everybody listened to the school of Barnmoor in the autumn"
)
FILES = {"Overview Report Child P.html": REPORT, "Executive Summary Child P.html": SUMMARY}


def portfolio(files: dict[str, bytes], stamp: str = "") -> bytes:
    drawn, made = io.BytesIO(), io.BytesIO()
    canvas = Canvas(drawn, invariant=1)
    canvas.drawString(60, 760, COVER)
    canvas.drawString(60, 700, stamp)
    canvas.save()
    with pikepdf.open(drawn) as pdf:
        for name, content in files.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        pdf.Root["/Collection"] = Dictionary(Type=Name.Collection)
        pdf.save(made, static_id=True)
    return made.getvalue()


Stores = tuple[Record, Derived]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read here: starting children takes longer than all the rest."""

    def read(jobs: Iterable[ReadJob], **_: object) -> Iterator[Reading]:
        for job in jobs:
            assert not isinstance(job.place, Path)
            with job.place.file(job.sha256) as path:
                yield read_file(path, sha256=job.sha256, file_name=job.file_name)

    monkeypatch.setattr(processing, "read_files", read)


@pytest.fixture
def stores(home: Home) -> Iterator[Stores]:
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        yield record, derived


def night(stores: Stores, day: int, names: str = "pa", **bodies: bytes) -> None:
    record, derived = stores
    Nights(record).night(day, names, bodies)
    process(record, derived, now=at(day), workers=1)


def first(stores: Stores, files: dict[str, bytes] = FILES) -> None:
    night(stores, 1, p=portfolio(files), a=page("Serious Case Review: Child A", "bees were kept"))


def by_name(record: Record) -> dict[str, str]:
    """Names of files -> ids of their documents; the portfolio is "p.pdf"."""
    return {
        one.file_name or str(one.file_url).rpartition("/")[2]: one.id for one in record.documents()
    }


def told(home: Home) -> dict[str, str]:
    """Published title -> text."""
    return {
        str(one.fields["title"]): " ".join(page.text for page in one.pages)
        for one in published_documents(home)
    }


def test_each_file_is_a_document_of_the_review_with_title_role_pages_and_provenance(
    home: Home, stores: Stores
) -> None:
    first(stores)
    ids = by_name(stores[0])
    review = shown_review(home, ids["p.pdf"])
    assert {one.document_id for one in review.documents} == {
        ids[name] for name in (*FILES, "p.pdf")
    }
    for name, role, words in (
        ("Overview Report Child P.html", "overview_report", SECRET),
        ("Executive Summary Child P.html", "executive_summary", "everybody listened"),
    ):
        one = review.document(ids[name])
        assert (one.role, one.pages, one.text_status, one.versions) == (role, 1, "ok", 1)
        assert one.url == "http://northmoor.test/p.pdf#" + name.replace(" ", "%20")
        assert one.link_reason == "a file of the same portfolio"
        assert (one.origin, one.enclosed_in) == ("enclosed", ids["p.pdf"])
        assert stores[0].archive.path(str(one.sha256)).read_bytes() == FILES[name]
        (found,) = published_documents(home, document_ids=[one.document_id])
        assert words in found.pages[0].text
    assert "Executive" in str(review.document(ids["Executive Summary Child P.html"]).title)
    outer = review.document(ids["p.pdf"])
    assert (outer.pages, outer.text_status, outer.enclosed_in) == (0, "empty", None)
    kinds = [(one.kind, one.document_id) for one in stores[0].events(kinds=("new",))]
    assert {("new", ids[name]) for name in FILES} <= set(kinds)


@pytest.mark.slow
def test_a_second_night_and_a_rebuilt_home_change_nothing(home: Home, stores: Stores) -> None:
    first(stores)
    before = (by_name(stores[0]), told(home), len(stores[0].events()))
    record, derived = stores
    night(stores, 2)
    derived.forget_readings(derived.read_hashes())
    derived.forget_documents(derived.described())
    process(record, derived, now=at(3), workers=1)
    assert (by_name(record), told(home), len(record.events())) == before


@pytest.mark.parametrize("named", ["p.pdf", "Executive Summary Child P.html"])
def test_withdrawing_the_portfolio_or_a_file_of_it_leaves_no_byte_of_any(
    home: Home, stores: Stores, named: str
) -> None:
    first(stores)
    ids = by_name(stores[0])
    done = withdrawals.withdraw(home, ids[named], reason="names a family", now=at(2))
    assert set(done.document_ids) == {ids[name] for name in (*FILES, "p.pdf")}
    assert done.canary() == []
    assert canary(home, done.sha256s, [SECRET, "everybody listened"]) == []
    assert len(published_ids(home)) == 1


def test_a_portfolio_that_comes_back_brings_none_of_its_files(home: Home, stores: Stores) -> None:
    first(stores)
    withdrawals.withdraw(home, by_name(stores[0])["p.pdf"], reason="names a family", now=at(2))
    night(stores, 3, "paqr", p=portfolio(FILES, "again"), q=portfolio(FILES, "printed anew"), r=REPORT)  # fmt: skip
    one = {"Executive Summary Child P.html": SUMMARY.replace(b"<html>", b"<html lang='en'>")}
    night(stores, 4, "paqrs", s=portfolio({**one, "minutes.html": page("Minutes", "nobody came")}))
    assert [one.file_url for one in stores[0].documents()] == ["http://northmoor.test/a.pdf"]
    assert canary(home, [], [SECRET, "everybody listened", "nobody came"]) == []


@pytest.mark.slow
def test_a_report_that_is_withdrawn_takes_the_portfolio_that_holds_it_too(
    home: Home, stores: Stores
) -> None:
    night(stores, 1, "pb", p=portfolio(FILES), b=REPORT)
    alone = next(one.id for one in stores[0].documents() if str(one.file_url).endswith("/b.pdf"))
    withdrawals.withdraw(home, alone, reason="names a family", now=at(2))
    assert stores[0].documents() == []
    assert canary(home, [], [SECRET]) == []


def test_a_new_version_replaces_adds_and_removes_files(home: Home, stores: Stores) -> None:
    first(stores)
    ids = by_name(stores[0])
    new = page("Serious Case Review: Child P", "no family is named and nobody lived at the mill")
    plan = page("Action plan: Child P", "each school names one person by the summer")
    night(stores, 2, p=portfolio({"Overview Report Child P.html": new, "plan.html": plan}))
    record = stores[0]
    overview, summary = (ids[name] for name in FILES)
    assert [one.number for one in record.versions(overview)] == [1, 2]
    assert record.document(summary).availability == "removed"
    assert record.document(summary).visibility == "held"  # sooner than the publisher's policy
    held = {(one.document_id, one.version) for one in record.held()}
    assert held == {(ids["p.pdf"], 1), (overview, 1), (summary, None)}
    shown = " ".join(told(home).values())
    said = [
        words in shown
        for words in ("no family is named", "each school names", SECRET, "everybody listened")
    ]
    assert said == [True, True, False, False]
    night(stores, 3, p=portfolio({**FILES, "plan.html": plan}, "third"))
    assert record.document(summary).visibility == "shown"
    assert [one.document_id for one in record.events(kinds=("returned",))] == [summary]


@pytest.mark.slow
def test_a_version_of_a_portfolio_goes_with_the_files_that_no_other_has(
    home: Home, stores: Stores
) -> None:
    first(stores)
    ids = by_name(stores[0])
    new = page("Serious Case Review: Child P", "no family is named and nobody lived at the mill")
    saved_anew = SUMMARY.replace(b"<html>", b"<html lang='en'>")
    two = {"Overview Report Child P.html": new, "Executive Summary Child P.html": saved_anew}
    night(stores, 2, p=portfolio(two))
    done = withdrawals.withdraw(home, ids["p.pdf"], reason="named", now=at(3), version=1)
    assert (done.document_ids, len(done.sha256s)) == ((), 2)
    assert any(SECRET in phrase for phrase in done.phrases)
    assert done.canary() == []
    assert canary(home, done.sha256s, [SECRET]) == []
    shown = " ".join(told(home).values())
    assert [words in shown for words in ("no family is named", "everybody listened")] == [
        True,
        True,
    ]


@pytest.mark.slow
def test_held_and_released_with_their_portfolio(home: Home, stores: Stores) -> None:
    first(stores)
    record, derived = stores
    for day in (2, 3, 4):
        night(stores, day, "abcd", **{n: page(n, f"{n} {day}") for n in "bcd"})
    ids = by_name(record)
    held = [one.id for one in record.documents() if one.visibility == "held"]
    assert set(held) == {ids[name] for name in (*FILES, "p.pdf")}
    assert {one.document_id for one in record.held() if one.version is None} == {ids["p.pdf"]}
    assert published_ids(home).isdisjoint(held)
    record.release(ids["p.pdf"], at=at(5))
    process(record, derived, now=at(5), workers=1)
    assert published_ids(home) >= set(held)


@pytest.mark.slow
def test_portfolios_in_portfolios_are_opened_to_a_depth_and_then_named(
    home: Home, stores: Stores
) -> None:
    body = portfolio({"deepest.html": page("Deepest", "nobody reads this")})
    for depth in range(4):
        body = portfolio({f"{depth}.html": page(f"Paper {depth}", f"depth {depth}"), "p.pdf": body})
    night(stores, 1, "p", p=body)
    record, derived = stores
    names = {one.file_name for one in record.documents() if one.origin == "enclosed"}
    assert names == {"p.pdf", "3.html", "2.html", "1.html"}
    assert any("too many portfolios" in one.detail for one in derived.readings())
    top = next(one.id for one in record.documents() if one.origin == "crawl")
    assert len(shown_review(home, top).documents) == len(record.documents())
    done = withdrawals.withdraw(home, top, reason="all of it", now=at(2))
    assert record.documents() == []
    assert done.canary() == []


@pytest.mark.slow
def test_a_portfolio_that_an_older_reader_read_as_one_becomes_documents(
    home: Home, stores: Stores
) -> None:
    record, derived = stores
    Nights(record).night(1, "p", {"p": portfolio(FILES)})
    (version,) = record.unread_versions()
    derived.save_reading(
        Reading(
            version.sha256,
            "ok",
            "application/pdf",
            (Page(1, f"a {SECRET}"),),
            text_sha256="a" * 64,
            reader="reading/2",
        )
    )
    process(record, derived, now=at(1), workers=1)
    assert [one.text_status for one in shown_review(home, record.documents()[0].id).documents] == ["ok"]  # fmt: skip
    done = process(record, derived, now=at(2), workers=1, again=True)
    assert done.read_again == 1
    assert {one.reader for one in derived.readings()} == {READER}
    assert set(by_name(record)) == {"p.pdf", *FILES}
    assert len(shown_review(home, by_name(record)["p.pdf"]).documents) == 3


@pytest.mark.slow
def test_the_same_portfolio_at_another_publisher_has_documents_of_its_own(
    home: Home, stores: Stores
) -> None:
    first(stores)
    record, derived = stores
    other = replace(BOARD, id="eastvale", publisher="Eastvale Board")
    Nights(record, other).night(2, [link("x", source="eastvale")], {"x": portfolio(FILES)})
    process(record, derived, now=at(2), workers=1)
    theirs = [one for one in record.documents(source_id="eastvale") if one.origin == "enclosed"]
    assert {one.file_name for one in theirs} == FILES.keys()
    done = withdrawals.withdraw(home, theirs[0].id, reason="names a family", now=at(3))
    assert len(done.document_ids) == 6
    assert canary(home, [], [SECRET]) == []
