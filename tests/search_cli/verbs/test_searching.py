"""`search`, `kwic`, `stats` and `similar` over the small home."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.cells import cell_len
from rich.console import Console

from casereviews.collection.asking.counts import COUNTED
from casereviews.collection.collection import Collection
from casereviews.collection.output.wording import said_of_what_follows
from casereviews.index.folder import Built
from casereviews.index.results import Hit, Results
from casereviews.repository.lock import writing
from casereviews.repository.record import Record, SourceOutcome
from casereviews.repository.vocabulary import PACKAGED
from casereviews.search_cli.commands.search import most_worded
from casereviews.search_cli.hits import drawn_hits
from tests.search_cli.small_home import NIGHTS, NOW
from tests.search_cli.verbs.conftest import Runner

CANARY = "zyxquintessa"  # in no document: it must land in no file


def test_a_hit_is_a_review_with_its_page_and_what_was_understood(read: Runner) -> None:
    found = read("search", '"unsafe sleep"')
    lines = found.stdout.splitlines()
    review = read.review("Child Q (March 2021)")
    assert lines[0].startswith("  1. ")
    told = " ".join(line.strip() for line in lines[1:3])
    assert told.endswith(f"· Serious Case Review · Executive summary · {review} · 1 more document")
    assert lines[3].startswith("     p. ")
    assert "unsafe sleep" in lines[3]
    assert lines[-1].startswith("1 review, 2 documents · ")
    assert found.stderr.startswith('understood: "unsafe sleep"')


def test_the_json_contract_has_every_key(read: Runner) -> None:
    payload = read.json("search", "sofa")
    assert set(payload) >= {
        "query",
        "understood",
        "total",
        "documents",
        "took_ms",
        "index",
        "facets",
        "hits",
    }
    assert (payload["query"], payload["total"], payload["documents"]) == ("sofa", 1, 1)
    (hit,) = payload["hits"]
    expected = {
        "rank": 1,
        "review_id": read.review("Child Q (March 2021)"),
        "title": "Serious Case Review: Child Q (March 2021)",
        "subjects": ["Child Q"],
        "review_type": "scr",
        "publisher": "Northmoor Safeguarding Partnership",
        "source": "northmoor",
        "nation": "England",
        "published": "2021-03",
        "precision": "month",
        "outcome": "death",
        "scope": "child",
        "language": "en",
        "availability": "available",
        "landing_url": "http://northmoor.test/reviews",
        "file_url": "http://northmoor.test/child-q.pdf",
        "other_documents": 1,
    }
    assert {key: hit[key] for key in expected} == expected
    (page,) = hit["pages"]
    start, end = page["matches"][0]
    assert (page["page"], page["snippet"][start:end]) == (2, "sofa")


@pytest.mark.parametrize(
    ("form", "opening"),
    [
        ("--csv", "\ufeffrank,review_id,title"),
        ("--ris", "TY  - RPRT\r\nID  - northmoor-"),
        ("--bibtex", "@techreport{northmoor-"),
        ("--markdown", "| # | Review | Title |"),
        ("--jsonl", '{"rank": 1'),
    ],
)
def test_every_form_begins_as_its_readers_expect(read: Runner, form: str, opening: str) -> None:
    assert read("search", "sofa", form).stdout_bytes.decode().startswith(opening)


def test_filters_and_all_narrow_and_widen(read: Runner) -> None:
    assert [hit["source"] for hit in read.json("search", "--nation", "Wales")["hits"]] == [
        "westvale"
    ]
    everything = read.json("search", "fictional", "--scope", "all", "--all", "--sort", "date")
    assert [hit["published"] for hit in everything["hits"]] == [
        "2023-07",
        "2022-06",
        "2021-03",
        "2020",
        "2019",
        "2018-05",
    ]
    second = read.json("search", "fictional", "--limit", "1", "--offset", "1", "--sort", "date")
    assert [hit["published"] for hit in second["hits"]] == ["2021-03"]


def test_an_unknown_field_is_pointed_at_and_exits_2(read: Runner) -> None:
    result = read("search", "neglect natoin:Wales")
    assert result.exit_code == 2
    assert "did you mean nation?" in result.stderr
    assert "  neglect natoin:Wales\n          ^" in result.stderr


def test_nothing_found_exits_1_and_programs_still_get_a_document(read: Runner) -> None:
    assert read("search", "zeppelin").exit_code == 1
    result = read("search", "zeppelin", "--json")
    assert (result.exit_code, json.loads(result.stdout)["hits"]) == (1, [])


def test_the_query_language_is_explained(read: Runner) -> None:
    assert "NEAR" in read.ok("search", "--help-query")


def test_a_logged_search_can_be_reported(read: Runner, tmp_path: Path) -> None:
    log = tmp_path / "searches.jsonl"
    for query in ("neglect", "sofa"):
        read.ok("search", query, "--nation", "England", "--log", str(log))
    first, second = (json.loads(line) for line in log.read_text("utf-8").splitlines())
    assert (first["query"], second["query"]) == ("neglect", "sofa")
    assert first["filters"] == {"nation": ["England"]}
    assert first["searched_at"] == "2026-03-01T08:00:00Z"
    assert first["reviews_found"] == 1
    assert first["sources_by_result"]["unchanged"] == 3
    assert (first["query_language"], first["reviews_listed"]) == (2, 1)
    assert first["coverage_gaps"] == []
    assert "hampshire" in first["sources_never_asked"]


def test_a_log_names_the_sources_that_were_not_read_whole(change: Runner, tmp_path: Path) -> None:
    with writing(change.home, "test"), Record.open(change.home, write=True) as record:
        run_id = record.begin_run("refresh", NOW)
        record.finish_source(
            run_id, SourceOutcome("westvale", "blocked", NOW, NOW, listing_complete=False)
        )
        record.end_run(run_id, NOW, "done", {})
    log = tmp_path / "searches.jsonl"
    change.ok("search", "sofa", "--log", str(log))
    (gap,) = json.loads(log.read_text("utf-8"))["coverage_gaps"]
    assert gap == {
        "source": "westvale",
        "publisher": "Westvale Safeguarding Children Board",
        "result": "blocked",
        "last_success": NIGHTS[-1],
    }


def test_a_log_that_cannot_be_written_is_told_and_a_torn_one_is_mended(
    read: Runner, tmp_path: Path
) -> None:
    wrong = read("search", "sofa", "--log", str(tmp_path / "nowhere" / "a.jsonl"))
    assert (wrong.exit_code, "there is no folder" in wrong.stderr, wrong.stdout) == (2, True, "")
    (tmp_path / "file").write_text("x", "utf-8")
    wrong = read("search", "sofa", "--log", str(tmp_path / "file" / "a.jsonl"))
    assert (wrong.exit_code, "cannot be written" in wrong.stderr) == (3, True)
    torn = tmp_path / "torn.jsonl"
    torn.write_text('{"query": "kil', "utf-8")
    read.ok("search", "sofa", "--log", str(torn))
    half, whole = torn.read_text("utf-8").splitlines()
    assert (half, json.loads(whole)["query"]) == ('{"query": "kil', "sofa")


def test_held_and_adult_reviews_are_in_no_plain_search(read: Runner) -> None:
    assert read("search", "quillfeather").exit_code == 1
    assert read("search", "hoarding").exit_code == 1
    assert read.json("search", "hoarding", "--scope", "adult")["total"] == 1


def test_kwic_lines_the_phrase_up_and_never_cuts_an_id(read: Runner) -> None:
    lines = read.ok("kwic", "unsafe", "sleep").splitlines()
    review = read.review("Child Q (March 2021)")
    assert len(lines) == 2
    assert {line.index("unsafe sleep") for line in lines} == {lines[0].index("unsafe sleep")}
    assert all(line.startswith(f"{review}    p. ") for line in lines)
    rows = read.json("kwic", "unsafe sleep")
    assert sorted(row["page"] for row in rows) == [1, 2]
    assert read("kwic", "sleep unsafe").exit_code == 1
    (row, _) = sorted(rows, key=lambda one: -one["page"])
    assert row["before"].endswith("who died after ")
    assert row["after"].startswith(" on a sofa")


def test_kwic_says_that_there_is_more_only_when_there_is(read: Runner) -> None:
    assert "--limit gives more" in read("kwic", "unsafe sleep", "--limit", "1").stderr
    assert "--limit gives more" not in read("kwic", "unsafe sleep", "--limit", "2").stderr
    assert len(read.ok("kwic", "unsafe sleep", "--limit", "1").splitlines()) == 1


def test_kwic_counts_columns_and_not_letters() -> None:
    from rich.console import Console

    from casereviews.search_cli.commands.kwic import _drawn

    wide = {"review_id": "a-1", "page": 1, "before": "Bwrdd 児童 ", "match": "môr", "after": ", a"}
    plain = {"review_id": "a-1", "page": 2, "before": "the ", "match": "môr", "after": " b"}
    console = Console(width=80, color_system=None)
    with console.capture() as captured:
        console.print(_drawn([wide, plain], 24), crop=False)
    first, second = captured.get().splitlines()
    assert cell_len(first.partition("môr")[0]) == cell_len(second.partition("môr")[0])
    assert first.endswith("môr, a")


def test_counts_by_year_are_bars_with_a_caution(read: Runner) -> None:
    result = read("stats", "--by", "year")
    assert [line.split()[:2] for line in result.stdout.splitlines()[1:]] == [
        ["2018", "1"],
        ["2019", "1"],
        ["2020", "1"],
        ["2021", "1"],
        ["2022", "1"],
    ]
    assert "Sites delete reports after about a year" in result.stderr


CAUTION_OPENS = "Counts are of what was collected"


@pytest.mark.parametrize("by", [("year",), ("nation",), ("theme", "year"), ("age", "publisher")])
def test_every_count_carries_its_caution(read: Runner, by: tuple[str, ...]) -> None:
    words = ["stats", *(word for one in by for word in ("--by", one))]
    for form in ((), ("--json",), ("--csv",), ("--markdown",)):
        assert CAUTION_OPENS in read(*words, *form).stderr
    assert all(row["caution"].startswith(CAUTION_OPENS) for row in read.json(*words))
    rows = list(csv.DictReader(io.StringIO(read.ok(*words, "--csv").lstrip("\ufeff"))))
    assert rows
    assert all(row["caution"].startswith(CAUTION_OPENS) for row in rows)
    assert read.ok(*words, "--markdown").splitlines()[-1].startswith(CAUTION_OPENS)


def test_a_shortened_count_keeps_the_latest_years_and_the_unknown(read: Runner) -> None:
    rows = read.json("stats", "--by", "year", "--top", "2")
    assert [row["year"] for row in rows] == ["2021", "2022"]
    nations = read.json("stats", "--by", "nation", "--top", "1")
    assert [row["nation"] for row in nations] == ["England", "unknown"]
    told = read("stats", "--by", "nation", "--top", "1").stderr
    assert "1 value left out: a larger --top shows more" in told
    assert "counted: 5 reviews (everything; adult reviews hidden" in told
    assert read("stats", "--by", "year", "--by", "year").exit_code == 2


def test_bars_fit_a_narrow_terminal(read: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casereviews.search_cli.output.terminal.columns", lambda: 40)
    for by, longest in (("publisher", 8), ("nation", 28)):
        lines = read.ok("stats", "--by", by).splitlines()
        assert max(line.count("█") for line in lines) == longest
        assert max(map(len, lines)) <= 40


def test_a_cross_table_counts_type_by_year(read: Runner) -> None:
    rows = read.json("stats", "--by", "type", "--by", "year")
    scr = next(row for row in rows if row["type"] == "scr")
    assert (scr["2018"], scr["2021"], scr["2022"]) == (1, 1, 0)
    assert read("stats", "--by", "type", "--by", "year", "--by", "age").exit_code == 2


@pytest.mark.parametrize("by", [("year",), ("theme", "year")])
def test_counts_are_drawn_as_a_picture_whose_text_is_text(
    read: Runner, tmp_path: Path, by: tuple[str, ...]
) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "counts.svg"
    read.ok("stats", *(word for one in by for word in ("--by", one)), "--svg", str(picture))
    drawn = picture.read_text("utf-8")
    assert "<svg" in drawn
    assert ">2021<" in drawn
    root = ElementTree.fromstring(drawn)
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title desc"
    assert (root.findtext(f"{space}title") or "").startswith("Reviews")
    described = root.findtext(f"{space}desc") or ""
    assert "2021: 1" in described or "2021: " in described.replace(", 2021", "2021")
    assert CAUTION_OPENS in described
    gone = read("stats", "--by", "year", "--svg", str(tmp_path / "nowhere" / "a.svg"))
    assert (gone.exit_code, "there is no folder" in gone.stderr) == (2, True)


def test_a_picture_is_svg_or_png_by_the_ending_of_its_file(read: Runner, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for name, opening in (("a.png", b"\x89PNG"), ("b.PNG", b"\x89PNG"), ("c.svg", b"<?xml")):
        read.ok("stats", "--by", "nation", "--picture", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(opening)
    for name in ("d.jpg", "e"):
        refused = read("stats", "--picture", str(tmp_path / name))
        assert (refused.exit_code, "ends in .svg or .png" in refused.stderr) == (2, True)
        assert not (tmp_path / name).exists()
    refused = read("stats", "--quality", "--picture", str(tmp_path / "f.svg"))
    assert (refused.exit_code, "a table alone" in refused.stderr) == (2, True)


def test_a_picture_of_nothing_replaces_an_older_one_and_says_so(
    read: Runner, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "a.svg"
    for more in (("--by", "year"), ("--by", "theme", "--by", "year"), ("--timeline",), ("--map",)):
        picture.write_text("older", "utf-8")
        answer = read("stats", *more, "--within", "quillfeatherless", "--svg", str(picture))
        assert answer.exit_code == 1
        assert "No review was counted" in picture.read_text("utf-8")
        assert "quillfeatherless" in picture.read_text("utf-8")


@pytest.mark.parametrize("by", COUNTED)
def test_every_facet_is_counted_and_drawn_with_the_same_numbers(read: Runner, by: str) -> None:
    pytest.importorskip("matplotlib")
    rows = read.json("stats", "--by", by, "--scope", "all")
    with Collection(read.home) as collection:
        drawn = collection.picture(collection.counts(by, within="scope:all")).sheet
    bars = [int(box.told.rpartition(": ")[2]) for box in drawn.boxes if box.told]
    assert bars == [row["reviews"] for row in rows if row["reviews"]] != []


def test_a_timeline_and_a_map_are_tables_with_their_cautions(read: Runner, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    for kind, word in (("--timeline", "happened"), ("--map", "gss")):
        picture = tmp_path / "a.svg"
        rows = read.json("stats", kind, "--scope", "all", "--picture", str(picture))
        assert word in rows[0]
        assert rows[0]["caution"].startswith(CAUTION_OPENS)
        assert rows[0]["caution"] in picture.read_text("utf-8")
    years = [row["year"] for row in read.json("stats", "--timeline")]
    assert years[:5] == ["2018", "2019", "2020", "2021", "2022"]
    refused = read("stats", "--timeline", "--by", "year")
    assert (refused.exit_code, "exclude each other" in refused.stderr) == (2, True)


def test_a_picture_writes_codes_as_people_read_them(read: Runner, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "ages.svg"
    read.ok("stats", "--by", "age", "--scope", "all", "--svg", str(picture))
    drawn = picture.read_text("utf-8")
    assert ">6–10<" in drawn
    assert ">under 1<" in drawn


def test_a_picture_holds_nothing_that_nobody_sees() -> None:
    pytest.importorskip("matplotlib")
    from casereviews.collection.output.pictures import Frame, bars, grid

    name = "Pear\x9b31m \u202eVale\u2066 \x85$a$"
    frame = Frame("Reviews", caution="Few.")
    for picture in (bars([(name, 2)], frame), grid([name], [name], [[1]], frame)):
        drawn = picture.svg()
        assert not set("\x9b\u202e\u2066\x85") & set(drawn)
        assert "Pear31m Vale $a$" in drawn


def test_quality_is_a_number_per_source_and_field(read: Runner) -> None:
    rows = list(
        csv.DictReader(io.StringIO(read.ok("stats", "--quality", "--csv").lstrip("\ufeff")))
    )
    row = next(row for row in rows if (row["source"], row["field"]) == ("northmoor", "published"))
    assert row == {
        "source": "northmoor",
        "field": "published",
        "documents": "4",
        "filled": "4",
        "share": "1.0",
        "conflicting": "0",
        "corrected": "0",
    }


def test_similar_reads_stdin_and_says_why(read: Runner) -> None:
    payload = read.json("similar", stdin="A baby died asleep on a sofa beside a parent.")
    best = payload["hits"][0]
    assert best["review_id"] == read.review("Child Q (March 2021)")
    assert best["why"]["facts"]["age_bands"] == ["under_1"]
    assert best["pages"][0]["page"] == 2
    again = read("similar", stdin="A baby died asleep on a sofa beside a parent.")
    assert "does not assess risk" in again.stderr
    assert "same: under 1, death" in again.stdout


def test_similar_to_a_review_never_finds_itself(read: Runner) -> None:
    review = read.review("Robin Brackenfield")
    found = [hit["review_id"] for hit in read.json("similar", review)["hits"]]
    assert found == [read.review("Child R (2019)")]
    assert read("similar", "nowhere-000000").exit_code == 2


@pytest.mark.parametrize(
    ("total", "most", "said"),
    [
        (0, 1, "no review has all of these; 1 review has most"),
        (1, 9, "1 review has all of these; 9 more have most"),
        (2, 1, "2 reviews have all of these; 1 more has most"),
    ],
)
def test_what_has_all_and_what_has_most_is_said_in_words(total: int, most: int, said: str) -> None:
    built = Built("g1", "h", 1, 3, 3, 100, 1, "2026-01-01T00:00:00Z")
    results = Results("q", "q", total, total, 1.0, built, (), most=most)
    assert most_worded(results).startswith(said)


@pytest.mark.parametrize(
    ("lacking", "above", "counted"),
    [
        ((("was not brought",),), "these tell of it in other words, best first", "1 more tells of it in other words"),
        ((("was not brought",), ()), "these have most, or tell of it in other words, best first", "2 more have most, or tell of it in other words"),
    ],
)  # fmt: skip
def test_what_tells_of_it_in_other_words_is_not_said_to_have_most(
    lacking: tuple[tuple[str, ...], ...], above: str, counted: str
) -> None:
    built = Built("g1", "h", 1, 3, 3, 100, 1, "2026-01-01T00:00:00Z")
    hits = tuple(
        Hit(at, 1.0, f"r{at}", f"d{at}", {}, 0, lacks=("x",), other_words=other)
        for at, other in enumerate(lacking)
    )
    results = Results("q", "q", 1, 1, 1.0, built, hits, most=len(hits))
    assert said_of_what_follows(results) == above
    assert counted in most_worded(results)


def drawn(results: Results) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(drawn_hits(results, False, PACKAGED))
    return console.file.getvalue()


def test_what_follows_far_apart_or_far_off_is_said_above_it() -> None:
    built = Built("g1", "h", 1, 3, 3, 100, 1, "2026-01-01T00:00:00Z")
    lacking = Hit(1, 1.0, "r1", "d1", {}, 0, lacks=("yacht",))
    apart = Hit(2, 1.0, "r2", "d2", {}, 0, apart=True)
    far = Results("q", "q", 0, 0, 1.0, built, (lacking,), most=1, far=True)
    assert most_worded(far).startswith("no review has all of these, and nothing here is close; 1")
    assert "no review has all of these, and nothing here is close; these have some" in drawn(far)
    both = drawn(replace(far, total=1, hits=(lacking, apart), far=False))
    assert "these have most, or all of them far apart, best first" in both
    assert "has all of these, far apart" in both


def test_where_no_review_is_close_to_another_that_is_the_answer(read: Runner) -> None:
    alone = read("similar", read.review("Child Q (March 2021)"), "--json")
    assert (alone.exit_code, json.loads(alone.stdout)["hits"]) == (1, [])


def test_what_is_typed_is_written_nowhere(
    change: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    told = tmp_path / "told.txt"
    text = f"A baby called {CANARY} died asleep on a sofa."
    told.write_text(text, "utf-8")
    change.ok("similar", stdin=text)
    change.ok("similar", "--text", text, "--json")
    change.ok("similar", "--file", str(told))
    told.unlink()
    holding = [
        path
        for path in tmp_path.rglob("*")
        if path.is_file() and CANARY.encode() in path.read_bytes().lower()
    ]
    assert holding == []


def test_similar_needs_one_description(read: Runner) -> None:
    assert read("similar", stdin="  ").exit_code == 2
    assert read("similar", "some-id", "--text", "a baby").exit_code == 2


def test_what_has_most_is_told_apart_in_the_table_and_json_and_left_out_of_other_forms(
    read: Runner,
) -> None:
    typed = ("search", "what do reviews say about sofa zeppelins")
    shown = read(*typed)
    assert shown.exit_code == 0
    assert "no review has all of these; these have most, best first" in shown.stdout
    assert "without: zeppelins" in shown.stdout
    assert "no review has all of these; 1 review has most" in shown.stderr
    told = json.loads(read.ok(*typed, "--json"))
    assert (told["total"], told["most"]) == (0, 1)
    assert [hit["lacks"] for hit in told["hits"]] == [["zeppelins"]]
    for said in (("--csv",), ("--ris",), ("--all", "--json"), ("--all-words", "--json")):
        assert "zeppelins" not in json.dumps(read(*typed, *said).stdout.partition('"hits"')[2])
        assert read(*typed, *said).exit_code == 1
