"""`search` as a person types it: what is refused, what is cut where, what is shown beside the hits."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from casereviews.collection.collection import Collection
from casereviews.index.folder import Built
from casereviews.index.results import Results
from casereviews.index.search import Searcher
from casereviews.repository.vocabulary import PACKAGED
from casereviews.search_cli.commands import search
from casereviews.search_cli.hits import FACET_ROWS, drawn_hits
from tests.search_cli.verbs.conftest import Runner


def ids(payload: dict[str, list[dict[str, str]]]) -> list[str]:
    return [hit["review_id"] for hit in payload["hits"]]


@pytest.mark.parametrize("query", ["", "   ", "\t\n"])
def test_nothing_to_search_for_is_a_usage_error(read: Runner, query: str) -> None:
    result = read("search", query)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "say what to search for" in result.stderr


@pytest.mark.parametrize(
    ("query", "mark"),
    [("???", "^"), ("NOT", "^"), ("natoin:wales", "^"), ("日本 natoin:x", "     ^")],
)
def test_a_bad_query_ends_with_2_and_a_mark_under_the_character(
    read: Runner, query: str, mark: str
) -> None:
    result = read("search", query, "--json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-2:] == [f"  {query}", f"  {mark}"]


@pytest.mark.parametrize("query", ["NOT " * 2000 + "a", "title:" * 1500 + "a", "age:" + "9" * 5000])
def test_no_query_breaks_the_program(read: Runner, query: str) -> None:
    result = read("search", query)
    assert result.exit_code == 2
    assert len(result.stderr) < 500


def test_a_word_left_out_without_quotes_is_told_to_be_quoted(read: Runner) -> None:
    result = read("search", "sofa", "-police")
    assert result.exit_code == 2
    assert "quote the whole query: 'sofa -police'" in result.stderr
    assert "quote" not in read("search", "sofa", "--natoin", "Wales").stderr


def test_control_characters_of_a_query_reach_no_terminal(read: Runner) -> None:
    for query in ("so\x1b[31mfa", "natoin\x1b[2J:x", 'title:"\x1b[2J"', "nation:\x1b[2Jx"):
        assert "\x1b" not in read("search", query).output


def test_a_query_that_is_no_text_can_be_logged(read: Runner, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    assert read("search", "sofa \udcff", "--log", str(log)).exit_code == 0
    assert json.loads(log.read_text("utf-8"))["query"] == "sofa ?"


def test_a_line_of_the_log_holds_nothing_that_a_terminal_obeys(
    read: Runner, tmp_path: Path
) -> None:
    log = tmp_path / "log.jsonl"
    read("search", "sofa OR \x9b31m\u202efoo", "--log", str(log))
    line = log.read_text("utf-8")
    assert ("\x9b" in line, "\u202e" in line) == (False, False)
    assert json.loads(line)["query"] == "sofa OR \x9b31m\u202efoo"


def test_pages_of_hits_have_no_gaps_and_no_doubles(read: Runner) -> None:
    for sort in ("relevance", "date"):
        asked = ("search", "scope:all", "--sort", sort)
        whole = read.json(*asked, "--all")
        assert len(ids(whole)) == len(set(ids(whole))) == whole["total"] > 2
        assert [hit["rank"] for hit in whole["hits"]] == list(range(1, whole["total"] + 1))
        one_by_one = [
            review
            for offset in range(whole["total"])
            for review in ids(read.json(*asked, "--limit", "1", "--offset", str(offset)))
        ]
        assert one_by_one == ids(whole)
        assert ids(read.json(*asked, "--all", "--offset", "1", "--limit", "1")) == ids(whole)[1:]


@pytest.mark.parametrize("form", ["jsonl", "csv", "ris", "bibtex", "markdown"])
def test_all_hits_are_streamed_and_the_same_as_at_once(
    read: Runner, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("search", "scope:all", f"--{form}")
    at_once = read.ok(*asked, "--limit", "1000")
    monkeypatch.setattr(search, "AT_A_TIME", 1)
    monkeypatch.setattr("casereviews.collection.collection.AT_A_TIME", 1)
    assert read.ok(*asked, "--all") == at_once
    assert read("search", "zebra", "--all", f"--{form}").exit_code == 1


def test_streaming_asks_for_no_more_than_is_read(
    read: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Collection(read.home) as collection:
        found = collection.search("scope:all", limit=1)
    ask = Searcher.search
    asked: list[int] = []

    def counting(searcher: Searcher, text: str, **options: Any) -> Results:
        asked.append(options["offset"])
        return ask(searcher, text, **options)

    monkeypatch.setattr(Searcher, "search", counting)
    hits = collection.every_hit(found)
    first = next(hits)
    assert asked == []
    assert next(hits).review_id != first.review_id
    assert asked == [1]


def test_an_offset_beyond_the_last_says_how_many_there_are(read: Runner) -> None:
    result = read("search", "sofa", "--offset", "500")
    total = read.json("search", "sofa")["total"]
    assert result.exit_code == 1
    assert f"there are only {total} review" in result.stderr
    assert json.loads(read("search", "sofa", "--offset", "500", "--json").stdout)["total"] == total


def test_every_field_is_an_option(read: Runner) -> None:
    hit = read.json("search", "sofa")["hits"][0]
    for option, value in (
        ("--title", hit["title"]),
        ("--published", hit["published"]),
        ("--nation", hit["nation"]),
        ("--subject", hit["subjects"][0]),
    ):
        assert hit["review_id"] in ids(read.json("search", "sofa", option, value)), option
    assert read("search", "sofa", "--title", "zebra").exit_code == 1
    assert read("search", "sofa", "--sex", "grl").exit_code == 2
    assert read("search", "sofa", "--plan", "unknown").exit_code in (0, 1)


def test_facets_of_fields_with_one_value_sum_to_the_total(read: Runner) -> None:
    payload = read.json("search", "scope:all", "--all")
    for name in ("nation", "source", "year", "scope"):
        assert sum(each["count"] for each in payload["facets"][name]) == payload["total"], name


def test_the_drawn_counts_tell_what_they_leave_out_and_the_unknown() -> None:
    from rich.console import Console

    values = [(f"v{n}", 20 - n) for n in range(11)]
    built = Built("g001", "home", 1, 200, 200, 200, 1, "2026-01-01")
    facets = {"year": [*values, (None, 35)]}
    results = Results("", "", 200, 200, 1.0, built, (), facets)
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(drawn_hits(results, True, PACKAGED))
    lines = console.export_text().splitlines()
    shown = [line.split() for line in lines if line.strip()][-FACET_ROWS - 2 :]
    assert shown[:FACET_ROWS] == [[f"v{n}", str(20 - n)] for n in range(FACET_ROWS)]
    assert shown[FACET_ROWS:] == [["and", "3", "more:", "--json"], ["unknown", "35"]]


def test_where_no_review_has_a_word_of_it_those_that_read_alike_are_given_and_not_counted(
    read: Runner,
) -> None:
    query = "overlaying whilst bedsharing"
    found = read.json("search", query)
    assert (found["total"], found.get("most"), found["alike"]) == (0, None, len(found["hits"]))
    assert all(hit["lacks"] == ["overlaying", "whilst", "bedsharing"] for hit in found["hits"])
    assert [hit["review_id"] for hit in found["hits"]] == [
        hit["review_id"] for hit in read.json("similar", stdin=query)["hits"]
    ]
    shown = read.ok("search", query)
    assert "no review has any of these words; these read alike" in shown
    assert "no review with all of the words" in shown
    assert "0 reviews" not in shown
    for nothing in ([query, "--all-words"], ["zzxq qqzx"]):
        assert read("search", *nothing, "--json").exit_code == 1
