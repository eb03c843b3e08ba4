"""Verbs that take away: references whose names stay withheld, counts that say what they include, marks many at once, the flow."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner

REFERENCES = ("--ris", "--bibtex", "--csl-json", "--endnote-xml")


@pytest.mark.parametrize("form", REFERENCES)
@pytest.mark.parametrize("verb", [("export",), ("search", "scope:all", "--all")])
def test_references_have_the_reports_own_abstract_and_no_real_name_or_librarys_sentence(
    read: Runner, verb: tuple[str, ...], form: str
) -> None:
    told = read.ok(*verb, form)
    assert "Child Q was a baby of four months" in told
    assert "(p. 2)" in told
    assert "brackenfield" not in told.lower()
    assert "robin" not in told.lower().replace(
        "/robin.html", ""
    )  # an address with a first name alone
    assert small_home.ABSTRACT not in told


def test_names_that_are_asked_for_are_given(read: Runner) -> None:
    assert "Robin Brackenfield" in read.ok("export", "--ris", "--names")


def test_an_export_says_how_many_and_whether_adult_reviews_are_among_them(read: Runner) -> None:
    whole = read("export", "--jsonl")
    count = len(whole.stdout.splitlines())
    assert f"{count} reviews: " in whole.stderr
    assert "1 adult" in whole.stderr
    some = read("export", "sofa", "--csv")
    assert "1 review: 1 child" in some.stderr


def test_a_concordance_cites_the_printed_page_as_the_others_do(
    read: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casereviews.collection.collection import Collection
    from casereviews.index.concordance import Occurrence

    line = Occurrence("pear-1", "d", "T", 12, "11", "before ", "unsafe sleep", " after", None)
    monkeypatch.setattr(Collection, "concordance", lambda *_a, **_k: iter([line]))
    assert "p. 11 (file page 12)" in read.ok("kwic", "unsafe", "sleep")
    assert "p. 11 (file page 12)" in read.ok("kwic", "unsafe", "sleep", "--markdown")
    (row,) = read.json("kwic", "unsafe", "sleep")
    assert (row["page"], row["label"], "cited" in row) == (12, "11", False)


def test_many_are_marked_from_a_result_found_again_and_drawn(
    change: Runner, tmp_path: Path
) -> None:
    log, svg = tmp_path / "log.jsonl", tmp_path / "flow.svg"
    found = change.ok("search", "scope:all", "--limit", "2", "--log", str(log), "--csv")
    told = change("mark", "maybe", "--from", "-", "--stage", "title_abstract", stdin=found)
    assert (told.exit_code, told.stderr) == (0, "marked 2 reviews\n")
    assert len(change.ok("export", "mark:maybe", "--jsonl").splitlines()) == 2
    assert change.json("search", "--mark", "title_abstract_maybe")["total"] == 2
    unknown = change("mark", "include", "--from", "-", stdin="gone-1\n")
    assert unknown.exit_code == 1
    assert "gone-1 (1 in all)" in unknown.stderr
    boxes = {
        row["box"]: row["count"]
        for row in change.json("mark", "--flow", "--log", str(log), "--svg", str(svg))
        if not row["reason"]
    }
    total = json.loads(log.read_text("utf-8"))["reviews_found"]
    assert (boxes["identified"], boxes["duplicates"], boxes["unscreened"]) == (total, 0, total - 2)
    assert (boxes["screened"], boxes["identified_otherwise"]) == (2, 0)
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")
    appendix = change.ok("mark", "--log", str(log), "--markdown")
    assert "scope:all" in appendix
    assert f"| {total} |" in appendix


def test_readers_who_differ_are_listed_and_said_beside_the_marks(change: Runner) -> None:
    q = change.review("Child Q (March 2021)")
    assert "differ on nothing" in change("mark", "--conflicts").stderr
    change.ok("mark", q, "include", "--reader", "Ash")
    change.ok("mark", q, "exclude", "--reader", "Ben", "--reason", "adult")
    assert "readers differ on 1 review" in change("mark").stderr
    (conflict,) = change.json("mark", "--conflicts")
    assert [one["reader"] for one in conflict["marks"]] == ["Ash", "Ben"]
    assert change.json("search", "mark:conflict")["total"] == 1
    assert len(change.json("mark", q, "--history")) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mark", "--from", "-"), "says no decision"),
        (("mark", "--matching", "sofa"), "say what to mark them"),
        (("mark", "--log", "nowhere.jsonl"), "there is no nowhere.jsonl"),
        (("mark", "--flow", "--history"), "exclude each other"),
        (("mark", "clear", "--matching", "sofa"), "include, exclude or maybe"),
    ],
)
def test_what_cannot_be_marked_says_what_to_type(
    change: Runner, words: tuple[str, ...], said: str
) -> None:
    told = change(*words, stdin="some-1\n")
    assert told.exit_code == 2
    assert said in told.stderr
