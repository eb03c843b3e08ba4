"""A listed file that could not be had, as every verb tells of it."""

from __future__ import annotations

import csv
import io

import pytest

from casereviews.collection.asking import status
from casereviews.collection.changing.indexing import bring_up_to_date
from casereviews.repository.file_trouble import trouble_worded
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.processing import process
from casereviews.repository.record import Record, SourceOutcome
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.outcome import SourceState
from tests.repository.nights import Nights, at, fetched, link
from tests.search_cli.small_home import PDF, pdf
from tests.search_cli.verbs.conftest import Runner

WHY = "northmoor.test answers with status 404"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A home with a report whose file never came, and one whose file came once and does not any more."""
    home = Home(tmp_path_factory.mktemp("not-had") / "home").create()
    lost = link("lost", link_text="Child Lapwing: Serious Case Review (March 2021)")
    kept = link("kept", link_text="Child Dunlin: Serious Case Review (May 2022)")
    text = [["Serious Case Review: Child Dunlin", "This fictional review speaks of neglect."]]
    with pytest.MonkeyPatch.context() as patched, writing(home, "test"):
        patched.setenv("CASEREVIEWS_NOW", at(2))
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            nights = Nights(record, media_type=PDF)
            for day, bodies in ((1, {"kept": pdf(text)}), (2, {})):
                night = nights.night(day, [lost, kept], bodies, finish=False)
                for one in (lost, *(() if bodies else (kept,))):
                    missed = fetched(one, day, status=404, error="http_404")
                    record.record_fetch(
                        night.run_id, missed if one is lost else fetched(one, day, error="timeout")
                    )
                outcome = SourceOutcome("northmoor", "ok", at(day), at(day), listing_complete=True)
                record.finish_source(night.run_id, outcome)
                record.end_run(night.run_id, at(day), "done")
            process(record, derived, now=at(2), workers=1)
        bring_up_to_date(home)
    return Runner(home)


def test_search_gives_it_with_title_date_place_and_reason(run: Runner) -> None:
    (hit,) = run.json("search", "lapwing")["hits"]
    assert (hit["title"], hit["published"], hit["landing_url"]) == (
        "Child Lapwing: Serious Case Review (March 2021)", "2021-03", "http://northmoor.test/reviews",
    )  # fmt: skip
    assert (hit["availability"], hit["trouble"], hit["trouble_host"]) == (
        "not_had", "http_404", "northmoor.test",
    )  # fmt: skip
    assert f"[not had] [{WHY}]" in " ".join(run.ok("search", "lapwing").split())


def test_it_is_found_by_its_trouble_and_by_its_availability(run: Runner) -> None:
    for words in (("--trouble", "http_404"), ("--availability", "not_had")):
        rows = csv.DictReader(io.StringIO(run.ok("search", "*", *words, "--csv")))
        assert [(one["availability"], one["trouble"]) for one in rows] == [("not_had", "http_404")]
    (kept,) = run.json("search", "trouble:timeout")["hits"]
    assert (kept["title"][:12], kept["availability"]) == ("Child Dunlin", "available")


def test_show_says_why_and_whether_a_copy_is_kept(run: Runner) -> None:
    review = run.review("Child Lapwing: Serious Case Review (March 2021)")
    shown = " ".join(run.ok("show", review).split())
    assert shown.startswith("The publisher lists this; its file could not be had.")
    assert f"its file could not be had: {WHY}" in shown
    (document,) = run.json("show", review)["documents"]
    assert (document["sha256"], document["trouble"], document["trouble_host"]) == (
        None, "http_404", "northmoor.test",
    )  # fmt: skip
    page = run("show", review, "--page", "1")
    assert (page.exit_code, WHY in page.output) == (2, True)
    kept = " ".join(
        run.ok("show", run.review("Child Dunlin: Serious Case Review (May 2022)")).split()
    )
    assert (
        "on the last visit, the last copy is kept: northmoor.test does not answer in time" in kept
    )


def test_export_gives_the_reason_in_every_form(run: Runner) -> None:
    ris = run.ok("export", "lapwing", "--ris")
    assert f"N1  - Its file could not be had: {WHY}." in ris
    assert "Its file could not be had on the last visit" in run.ok("export", "dunlin", "--bibtex")
    (row,) = csv.DictReader(io.StringIO(run.ok("export", "lapwing", "--csv")))
    assert (row["availability"], row["trouble"], row["trouble_host"]) == ("not_had", "http_404", "northmoor.test")  # fmt: skip
    assert '"trouble": "http_404"' in run.ok("export", "lapwing", "--jsonl")


def test_new_says_that_its_file_could_not_be_had(run: Runner) -> None:
    told = {one["title"][:13]: one["what"] for one in run.json("new", "--since", "2026-01-01")}
    assert told == {
        "Child Lapwing": f"new, its file could not be had: {WHY}",
        "Child Dunlin:": "new",
    }


def test_status_counts_files_by_reason_and_host_and_says_what_to_do(run: Runner) -> None:
    (source,) = run.json("status")["sources"]
    assert (source["result"], source["file_troubles"]) == (
        "partial", {"http_404": {"northmoor.test": 1}, "timeout": {"northmoor.test": 1}},
    )  # fmt: skip
    assert source["reason"] == (
        "2 of 2 files could not be had: 1 http_404 at northmoor.test, 1 timeout at northmoor.test"
    )
    assert "--source northmoor --availability not_had" in source["advice"]
    totals = run.json("status")["totals"]
    assert totals["files_not_had"].startswith("2 (1 http_404 at northmoor.test, ")


@pytest.mark.parametrize(
    ("troubles", "words"),
    [
        ({"http_404": {"a.test": 1}}, "search '*' --source barnmoor --availability not_had"),
        ({"robots": {"a.test": 2}, "http_403": {"a.test": 1}}, "ask the board for them"),
        ({"off_site": {"b.test": 1}, "http_404": {"a.test": 1}}, "sources fix barnmoor"),
    ],
)
def test_the_advice_fits_what_keeps_the_files_away(
    troubles: dict[str, dict[str, int]], words: str
) -> None:
    state = SourceState(
        "barnmoor", "partial", "", 1, at(1), at(1), None, None, 3, 3, None, {}, {}, troubles, True
    )
    assert words in status._source(state, "", (), None).advice


def test_status_names_a_remedy_for_each_reason() -> None:
    troubles = {
        "off_site": {"b.test": 1, "docs": 1},
        "robots": {"a.test": 2},
        "http_404": {"a.test": 1},
    }
    state = SourceState(
        "barnmoor", "partial", "", 1, at(1), at(1), None, None, 3, 3, None, {}, {}, troubles, False, 2, at(1)
    )  # fmt: skip
    advice = status._source(state, "", (), None).advice
    for words in (
        "not all of the list was read",
        "sources fix barnmoor",
        "name no host that can be on the web",
        "ask the board for them, then add them",
        "--availability not_had",
        "2 of its documents not checked for absence since 2026-03-01",
    ):
        assert words in advice


def test_only_hosts_without_a_dot_are_nothing_to_fix() -> None:
    troubles = {"off_site": {"docs": 1}}
    state = SourceState(
        "barnmoor", "partial", "", 1, at(1), at(1), None, None, 3, 3, None, {}, {}, troubles, True
    )
    assert "sources fix" not in status._source(state, "", (), None).advice
    assert "sources fix" not in trouble_worded("off_site", "docs", "barnmoor")
