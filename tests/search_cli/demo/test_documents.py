"""The documents of the demo: enough, varied, marked, the same each time, and about nobody."""

from __future__ import annotations

import csv
import io
import itertools
import re
from importlib import resources
from pathlib import Path

import docx
import pypdfium2
import pytest

from casereviews.demo.cases import load_cases, load_places
from casereviews.demo.papers import MARK
from casereviews.demo.placing import PASSWORD, Placed
from casereviews.demo.sites import DemoSites, build

CLOSEST = 0.25
"""Largest share of five-word sequences that two reviews' documents may have in common (Jaccard).

Near-copies of one report by two publishers share more than 0.8, two editions of one report more than 0.5; different
reports that use the same legal and procedural phrases stay under 0.1. A quarter keeps the demo's reports on the side of
different reports that share phrases.
"""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _words(text)
    return {tuple(words[start : start + 5]) for start in range(len(words) - 4)}


def _first_page(document: Placed) -> str:
    if document.media_type.endswith("document"):
        return "\n".join(p.text for p in docx.Document(io.BytesIO(document.body)).paragraphs[:8])
    if document.html:
        return document.body.decode()
    return _pages(document.body, PASSWORD if document.plan.form == "locked" else None)[0]


def _pages(body: bytes, password: str | None = None) -> list[str]:
    pdf = pypdfium2.PdfDocument(body, password=password)
    try:
        return [pdf[n].get_textpage().get_text_bounded() for n in range(len(pdf))]
    finally:
        pdf.close()


def test_there_are_at_least_forty_reviews_eighty_documents_and_a_dozen_told_by_hand(
    sites: DemoSites,
) -> None:
    told = [case.id for case in load_cases() if case.told]
    assert (len(sites.cases) >= 40, len(sites.placed) >= 80, len(told)) == (True, True, 12)


def test_no_two_reviews_read_alike(sites: DemoSites) -> None:
    texts = [
        (f"{d.case.site}/{d.case.id}", d.plan.role, _shingles(d.paper.text))
        for d in sites.placed
        if d.plan.language == "en"
    ]
    texts += [(f"{p.site}/{p.slug}", "themed", _shingles(q.text)) for p, q in sites.themed]
    close = [
        (first[:2], second[:2])
        for first, second in itertools.combinations(texts, 2)
        if first[0] != second[0] and len(first[2] & second[2]) > CLOSEST * len(first[2] | second[2])
    ]
    assert close == []


def test_every_document_says_on_its_first_page_that_it_is_fictional(sites: DemoSites) -> None:
    unmarked = [
        document.path
        for document in sites.placed
        if document.plan.form not in ("scan", "empty") and MARK not in _first_page(document)
    ]
    assert unmarked == []


def test_every_whole_report_says_on_its_first_page_what_kind_of_review_it_is(
    sites: DemoSites,
) -> None:
    silent = [
        document.path
        for document in sites.placed
        if document.plan.role == "overview_report"
        and document.plan.language == "en"
        and "review" not in document.paper.title.lower()
    ]
    assert silent == []


@pytest.mark.slow
def test_building_tells_its_progress_document_by_document(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    placed = build(tmp_path, progress=lambda made, total: told.append((made, total))).placed
    assert told == [(n, len(placed)) for n in range(1, len(placed) + 1)]


@pytest.mark.slow
def test_a_second_build_gives_the_same_bytes(sites: DemoSites, tmp_path: Path) -> None:
    again = build(tmp_path)
    assert [d.path for d in again.placed if d.body != _body(sites, d)] == []
    first = {site.id: site.resources for site in sites.sites}
    assert {site.id: site.resources for site in again.sites} == first


def _body(sites: DemoSites, document: Placed) -> bytes:
    key = (document.case.site, document.path)
    return next(d.body for d in sites.placed if (d.case.site, d.path) == key)


@pytest.mark.slow
def test_another_seed_gives_other_combined_texts_and_the_same_told_ones(
    sites: DemoSites, tmp_path: Path
) -> None:
    other = {(d.case.site, d.path): d for d in build(tmp_path, seed=7).placed}
    overviews = [d for d in sites.placed if d.plan.role == "overview_report"]
    same = {
        d.case.id
        for d in overviews
        if d.paper.blocks == other[(d.case.site, d.path)].paper.blocks and d.plan.language == "en"
    }
    assert same == {case.id for case in load_cases() if case.told}


def test_whole_reports_in_pdf_have_four_pages_or_more(sites: DemoSites) -> None:
    short = [
        document.path
        for document in sites.placed
        if document.plan.role == "overview_report"
        and (document.plan.form, document.plan.language) == ("pdf", "en")
        and len(_pages(document.body)) < 4
    ]
    assert short == []


@pytest.mark.parametrize(
    ("phrase", "review"),
    [
        ("unsafe sleep", "hallowshire/baby-robin"),
        ("adultification bias", "brackenford/b-child-q"),
        ("perplexing presentations", "hallowshire/child-m-skye"),
        ("voice of the child", "hallowshire/child-q"),
        ("coercive control", "homicide/maureen-thornmere-october-2019"),
    ],
)
def test_phrases_that_people_search_for_stand_on_a_page_after_the_cover(
    sites: DemoSites, phrase: str, review: str
) -> None:
    report = next(d for d in sites.placed if f"{d.case.site}/{d.case.id}" == review)
    found = [
        number
        for number, text in enumerate(_pages(report.body), 1)
        if phrase in " ".join(text.lower().split())
    ]
    assert found
    assert found[0] > 1


def test_the_scan_has_no_text_the_locked_file_needs_its_password_and_the_empty_one_is_empty(
    sites: DemoSites,
) -> None:
    special = {
        d.plan.form: d.body for d in sites.placed if d.plan.form in ("scan", "locked", "empty")
    }
    assert special["empty"] == b""
    assert "".join(_pages(special["scan"])).strip() == ""
    with pytest.raises(pypdfium2.PdfiumError, match=r"[Pp]assword"):
        pypdfium2.PdfDocument(special["locked"])
    assert "Child Z" in _pages(special["locked"], PASSWORD)[0]


def test_no_invented_area_is_a_real_authority() -> None:
    table = resources.files("casereviews.repository.vocabulary") / "local_authorities.csv"
    rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    real = {cell.casefold() for row in rows for cell in row if cell}
    places = load_places()
    invented = {
        name.split(" Council")[0].casefold()
        for place in places.values()
        for name in [place.get("council", ""), *place.get("towns", [])]
        if name
    }
    invented |= {case.partnership.casefold() for case in load_cases() if case.partnership}
    invented |= {name.casefold() for name in places}
    assert invented & real == set()


def test_two_areas_each_have_a_child_q_and_they_are_different_cases(sites: DemoSites) -> None:
    first, second = (
        _shingles(d.paper.text)
        for d in sites.placed
        if d.case.labels == ("Child Q",) and d.plan.role == "overview_report"
    )
    assert len(first & second) < 0.02 * len(first | second)
