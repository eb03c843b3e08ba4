"""`sources check` ends in a worklist; `sources fix` shows the change of sources.toml, and writes it when told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from casereviews.collection.keeping.registry import Fix, Registry
from casereviews.crawler.check_report import CheckReport, Diagnosis, LookedAt, Remedy
from casereviews.crawler.parsing.looked import Look
from casereviews.repository.home import Home
from casereviews.search_cli.commands.sources import check_notes, worklist
from tests.crawler.server import Answer, pdf, serving
from tests.search_cli.verbs.conftest import Runner


def report(name: str, cause: str, remedy: Remedy, **more: Any) -> CheckReport:
    return CheckReport(
        name, f"{cause} it is", diagnosis=Diagnosis(cause, ""), remedy=remedy, **more
    )


REPORTS = (
    report("ash", "works", Remedy("works", "nothing")),
    report(
        "birch", "moved_home", Remedy("command", "start anew", "casereviews sources fix birch --write", after="2 come")
    ),
    report("cedar", "parked", Remedy("person", "search for its new site")),
    report(
        "damson", "moved_path", Remedy("works", "nothing must be done", "casereviews sources fix damson --write")
    ),
)  # fmt: skip


def test_a_check_of_all_ends_in_a_worklist() -> None:
    assert list(worklist(REPORTS)) == [
        "works: 2",
        "one command mends: 1",
        "  birch (moved home): casereviews sources fix birch --write",
        "needs a person: 1",
        "  cedar (parked): search for its new site",
    ]


def test_a_source_is_told_with_its_page_cause_and_remedy() -> None:
    look = Look(
        "Pear Vale", leads=(("https://p.example/l", "Learning"), ("https://p.example/r", "Reviews"))
    )
    page = LookedAt("https://p.example/reviews", "https://p.example/", True, look)
    assert list(check_notes(replace(REPORTS[1], looked_at=(page,)))) == [
        "birch: moved_home it is (robots: not asked)",
        "  page: https://p.example/ “Pear Vale”; links that speak of reviews: Learning, Reviews",
        "  cause: moved home",
        "  remedy: casereviews sources fix birch --write (start anew; then: 2 come)",
    ]
    assert list(check_notes(REPORTS[0])) == ["ash: works it is (robots: not asked)"]


def test_a_fix_shows_the_lines_that_change() -> None:
    made = Fix(REPORTS[1], 'id = "a"\nfamily = "listing"\n', 'id = "a"\nfamily = "govuk"\n')
    assert made.difference[2:] == (
        "@@ -1,2 +1,2 @@", ' id = "a"', '-family = "listing"', '+family = "govuk"',
    )  # fmt: skip


LIST = '<main><h1>Published reviews</h1><h2>Child Ash</h2><a href="/f/ash.pdf">Overview report</a></main>'


@pytest.mark.slow
def test_a_moved_list_is_mended_by_one_command_and_its_documents_come(tmp_path: Path) -> None:
    with serving() as old, serving() as new:
        old.routes["/reviews/"] = Answer("", 301, headers={"Location": new.url + "/learning/"})
        new.routes["/learning/"] = Answer(LIST)
        new.routes["/f/ash.pdf"] = Answer(pdf("ash"), media_type="application/pdf")
        home = Home(tmp_path / "home").create()
        text = (
            f'# mine\n[[source]]\nid = "pear-vale"\npublisher = "Pear Vale"\nnation = "England"\nnational = true\n'
            f'family = "listing"\nstart_urls = ["{old.url}/reviews/"]\nhosts = ["{old.host}"]\n'
        )
        home.sources_toml.write_text(text, "utf-8")
        run = Runner(home)
        shown = run("sources", "fix", "pear-vale")
        assert (shown.exit_code, home.sources_toml.read_text("utf-8")) == (0, text)
        assert f'+start_urls = ["{new.url}/learning/"]' in shown.stdout
        assert "nothing is written yet" in shown.stderr
        told = json.loads(run("sources", "fix", "pear-vale", "--write", "--json").stdout)
        assert (told["diagnosis"]["cause"], told["written"]) == ("moved_host", True)
        assert home.sources_toml.read_text("utf-8").startswith("# mine\n")
        assert "1 new" in run("refresh", "--source", "pear-vale", "--delay", "0.01").stdout
        after = Registry(home).fix("pear-vale", write=True)
        assert (after.report.diagnosis.cause, after.written) == ("works", False)  # type: ignore[union-attr]


@pytest.mark.slow
def test_a_packaged_entry_is_changed_in_the_homes_own_file_and_a_person_is_told_of(
    tmp_path: Path,
) -> None:
    with serving() as site:
        home = Home(tmp_path / "home").create()
        text = f'[[source]]\nid = "hampshire"\nstart_urls = ["{site.url}/reviews/"]\nhosts = ["{site.host}"]\n'
        home.sources_toml.write_text(text, "utf-8")
        found = Runner(home)("sources", "fix", "hampshire", "--write")
        assert found.exit_code == 1
        assert "cause: gone" in found.stderr
        assert home.sources_toml.read_text("utf-8") == text
        site.routes["/"] = Answer('<h1>Home</h1><a href="/r/">Published reviews</a>')
        site.routes["/r/"] = Answer(LIST)
        site.routes["/f/ash.pdf"] = Answer(pdf("ash"), media_type="application/pdf")
        Registry(home).fix("hampshire", write=True)
        source = Registry(home).one("hampshire").source
        assert source.start_urls == (site.url + "/r/",)
        assert source.publisher == "Hampshire Safeguarding Children Partnership"
