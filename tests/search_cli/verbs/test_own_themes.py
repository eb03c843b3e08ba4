"""A home's own themes: a wrong file stops every verb that writes and none that reads; a right one works everywhere."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from casereviews.repository.record.derived import Derived
from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner

HEADER = "theme_id,group,label,phrases\n"
ROW = "child_sofas,child_factor,Sleeping on sofas,sofa beside\n"
OWN = HEADER + ROW + "harm_gangs,harm_type,Gangs & drugs,exploited by a gang|carried drugs\n"
WRONG = {
    "semicolons": (OWN.replace(",", ";"), "line 1: no column theme_id, group, label, phrases (its cells are parted by semicolons)"),
    "tabs": (OWN.replace(",", "\t"), "line 1: no column theme_id, group, label, phrases (its cells are parted by tabs)"),
    "phrases parted by semicolons": (HEADER + ROW.replace("sofa beside", "sofa; couch"), "line 2: 'sofa; couch' is no phrase"),
    "a missing column": (OWN.replace(",phrases", ""), "line 1: no column phrases"),
    "no UTF-8": (OWN.encode() + b"child_cafes,child_factor,Caf\xe9s,tea room\n", "line 4: not UTF-8 text"),
    "a NUL": (OWN.replace("Gangs", "Ga\0ngs"), "line 3: the character U+0000 stands here"),
    "an unknown group": (OWN.replace("harm_type", "harm_typ"), "line 3: no group 'harm_typ'; did you mean harm_type?"),
    "an id of another group": (OWN.replace("harm_gangs", "child_gangs"), "line 3: 'child_gangs' is no id for the group harm_type; write harm_"),
    "an id twice": (OWN + ROW, "line 4: child_sofas stands in line 2 already"),
}  # fmt: skip
WRITING = {
    "refresh": ("refresh",),
    "add": ("add", "REPORT", "--publisher", "Fictional Trust"),
    "correct": ("correct", "REVIEW", "outcome=death", "--note", "the fictional cover"),
    "rebuild": ("rebuild",),
    "rebuild --everything": ("rebuild", "--everything"),
    "withdraw": ("withdraw", "REVIEW", "--reason", "asked", "--yes"),
    "held release": ("held", "release", "HELD"),
    "doctor --repair": ("doctor", "--repair"),
    "saved add": ("saved", "add", "sofas", "neglect"),
    "saved remove": ("saved", "remove", "kept"),
    "mark": ("mark", "REVIEW", "include"),
    "mark clear": ("mark", "REVIEW", "clear"),
    "model forget": ("model", "forget"),
    "model fetch": ("model", "fetch", "--host", "http://127.0.0.1:1"),
}
READING = {
    "search": ("search", "neglect", "--csv"),
    "similar": ("similar", "--text", "a baby died asleep on a sofa"),
    "show": ("show", "REVIEW"),
    "stats": ("stats", "--by", "theme"),
    "export": ("export", "neglect"),
    "kwic": ("kwic", "unsafe sleep"),
}


def write(home: Home, content: str | bytes) -> None:
    home.themes_csv.write_bytes(content if isinstance(content, bytes) else content.encode())


def everything(home: Home) -> dict[str, str]:
    """Every file of a home with a hash of its bytes."""
    return {
        str(file.relative_to(home.root)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in home.root.rglob("*")
        if file.is_file()
    }


def facts(home: Home) -> int:
    with Derived.open(home) as derived:
        told = [derived.described_document(key) for key in derived.described()]
    return sum(len(one.description.facts) for one in told if one is not None)


def filled_in(change: Runner, words: tuple[str, ...], folder: Path) -> list[str]:
    """The words of a command line with a file to add and ids of this home."""
    report = folder / "sent.html"
    report.write_bytes(small_home.html("Review of Child Y", "A fictional review of a girl."))
    stands_for = {
        "REPORT": lambda: str(report),
        "REVIEW": lambda: change.review("Child Q (March 2021)"),
        "HELD": lambda: change.json("held")[0]["document_id"],
    }
    return [stands_for[word]() if word in stands_for else word for word in words]


@pytest.mark.parametrize("verb", WRITING)
def test_every_verb_that_writes_names_a_wrong_file_and_changes_nothing(
    change: Runner, tmp_path: Path, verb: str
) -> None:
    words = filled_in(change, WRITING[verb], tmp_path)
    change.ok("saved", "add", "kept", "neglect")
    write(change.home, WRONG["semicolons"][0])
    before, counted = everything(change.home), facts(change.home)
    done = change(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{change.home.themes_csv}, {WRONG['semicolons'][1]}" in done.stderr
    assert (everything(change.home), facts(change.home)) == (before, counted)
    assert counted > 0


CYCLES = (
    "refresh",
    "add",
    "correct",
    "held release",
    "withdraw",
    "rebuild",
    "rebuild --everything",
    "rebuild --reading",
)


@pytest.mark.parametrize("verb", [verb for verb in WRITING if verb in CYCLES])
def test_a_wrong_file_of_corrections_stops_every_change_before_it_begins(
    change: Runner, tmp_path: Path, verb: str
) -> None:
    words = filled_in(change, WRITING[verb], tmp_path)
    change.home.corrections_toml.write_text("[[correction\n", "utf-8")
    before, counted = everything(change.home), facts(change.home)
    done = change(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert str(change.home.corrections_toml) in done.stderr
    assert (everything(change.home), facts(change.home)) == (before, counted)


@pytest.mark.parametrize("name", ["corrections.toml", "saved.toml", "config.toml", "sources.toml"])
def test_doctor_names_a_file_that_people_edit_and_that_cannot_be_read(
    change: Runner, name: str
) -> None:
    (change.home.root / name).write_text("[[[\n", "utf-8")
    done = change("doctor", "--json")
    (finding,) = (one for one in json.loads(done.stdout) if one["check"] == name)
    assert (finding["state"], done.exit_code) == ("wrong", 3)
    assert name in finding["detail"]


def test_the_demo_names_a_wrong_file_in_its_home_before_it_builds_or_serves_anything(
    tmp_path: Path,
) -> None:
    demo = Runner(Home(tmp_path / "demo").create(demo=True))
    write(demo.home, WRONG["semicolons"][0])
    before = everything(demo.home)
    done = demo("demo")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {demo.home.themes_csv}, line 1: no column theme_id")
    assert everything(demo.home) == before


def test_the_state_of_a_home_names_what_is_wrong_with_the_file(change: Runner) -> None:
    write(change.home, OWN)
    told = {row["check"]: row["state"] for row in change.json("doctor")}
    assert (told["themes.csv"], "themes" in change.json("status")["totals"]) == ("well", False)
    write(change.home, WRONG["phrases parted by semicolons"][0])
    examined = change("doctor", "--json")
    (found,) = (row for row in json.loads(examined.stdout) if row["check"] == "themes.csv")
    assert (examined.exit_code, found["state"]) == (3, "wrong")
    named = f"{change.home.themes_csv}, line 2: 'sofa; couch' is no phrase (; stands in it); write words, parted by |"
    assert found["detail"].startswith(named)
    assert change.json("status")["totals"]["themes"].startswith(named)


@pytest.mark.parametrize("slip", WRONG)
def test_every_slip_is_named_with_its_line_and_costs_no_fact(change: Runner, slip: str) -> None:
    content, message = WRONG[slip]
    write(change.home, content)
    before, counted = everything(change.home), facts(change.home)
    done = change("rebuild")
    assert (done.exit_code, f"{change.home.themes_csv}, {message}" in done.stderr) == (2, True)
    assert (everything(change.home), facts(change.home)) == (before, counted)


@pytest.mark.parametrize("verb", READING)
def test_verbs_that_read_go_on_without_a_wrong_file(
    change: Runner, tmp_path: Path, verb: str
) -> None:
    words = filled_in(change, READING[verb], tmp_path)
    told = change.ok(*words)
    write(change.home, WRONG["semicolons"][0])
    done = change(*words)
    assert (done.exit_code, done.stdout) == (0, told)
    note = f"the home's own themes are left out: {change.home.themes_csv}, line 1"
    assert done.stderr.count(note) == 1


def test_a_code_that_the_index_knows_is_found_though_the_file_is_wrong_now(change: Runner) -> None:
    write(change.home, OWN)
    change.ok("rebuild")
    write(change.home, WRONG["tabs"][0])
    done = change("search", "theme:child_sofas", "--ris")
    assert (done.exit_code, "KW  - child_sofas" in done.stdout) == (0, True)
    assert done.stderr.count("left out") == 1


@pytest.fixture
def own(change: Runner) -> Runner:
    """The home described and indexed with two themes of its own, saved by a spreadsheet."""
    write(change.home, b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    change.ok("rebuild")
    return change


@pytest.mark.parametrize(
    "query",
    ["theme:child_sofas", "theme:sofas", 'theme:"sleeping on sofas"', "topic:Sofas"],
)
def test_it_is_found_by_its_id_its_short_name_and_its_label(own: Runner, query: str) -> None:
    (hit,) = own.json("search", query)["hits"]
    assert hit["review_id"] == own.review("Child Q (March 2021)")
    (_, _, value) = query.partition(":")
    assert own.json("search", "--theme", value.strip('"'))["total"] == 1
    assert own.json("export", "--theme", value.strip('"'))[0]["themes"].count("child_sofas") == 1


def test_as_a_harm_it_is_one_of_the_case_and_found_as_harm_and_theme(own: Runner) -> None:
    (hit,) = own.json("search", "--harm", "gangs & drugs")["hits"]
    assert own.json("search", "theme:harm_gangs")["hits"][0]["review_id"] == hit["review_id"]
    record = own.json("show", hit["review_id"])
    assert "harm_gangs" in record["harms"]
    assert "harm_gangs" in record["themes"]
    told = {"field": "harm", "value": "harm_gangs", "raw": "exploited by a gang"}
    assert (
        told.items()
        <= next(
            fact
            for fact in record["documents"][0]["facts"]
            if (fact["field"], fact["value"]) == ("harm", "harm_gangs")
        ).items()
    )


def test_messages_counts_and_facets_know_it(own: Runner) -> None:
    assert "did you mean child_sofas?" in own("search", "--theme", "sleepin on sofas").stderr
    assert "did you mean harm_gangs?" in own("search", "harm:gangz").stderr
    searched = own.json("search", "theme:sofas")
    assert {"value": "child_sofas", "count": 1} in searched["facets"]["theme"]
    counts = {row["theme"]: row["reviews"] for row in own.json("stats", "--by", "theme")}
    assert (counts["child_sofas"], counts["harm_gangs"]) == (1, 1)
    own.ok("saved", "add", "sofas", "theme:sofas")
    assert own.json("saved", "run", "sofas")["total"] == 1
    shown = own.ok("show", own.review("Child Q (March 2021)"))
    assert ("Sleeping on sofas" in shown, "child_sofas" in shown) == (True, False)


@pytest.mark.parametrize("form", ["ris", "bibtex"])
@pytest.mark.parametrize(
    "words",
    [
        ("search", "theme:sofas"),
        ("export", "theme:sofas"),
        ("similar", "--text", "asleep on a sofa", "--theme", "sofas"),
    ],
)
def test_references_have_its_label_as_keyword(
    own: Runner, words: tuple[str, ...], form: str
) -> None:
    given = own.ok(*words, f"--{form}")
    assert "Sleeping on sofas" in given
    assert "child_sofas" not in given


def test_similar_reads_it_in_a_description_and_in_the_reports(own: Runner) -> None:
    found = own.json("similar", "--text", "The infant slept on a sofa beside an adult.")
    assert "Sleeping on sofas" in found["understood"]
    best = found["hits"][0]
    assert best["title"].startswith("Serious Case Review: Child Q")
    assert "Sleeping on sofas" in best["why"]["speaks_of"]
    found = own.json("similar", "--text", "He was fifteen and was exploited by a gang.")
    assert "harm_gangs" in found["hits"][0]["why"]["facts"]["harms"]


def test_similar_follows_a_changed_file_with_the_next_verb_that_writes(change: Runner) -> None:
    write(change.home, OWN)
    change.ok("correct", change.review("Child R"), "sex=boy", "--note", "the fictional cover")
    found = change.json("similar", "--text", "The infant slept on a sofa beside an adult.")
    assert "Sleeping on sofas" in found["hits"][0]["why"]["speaks_of"]


def test_a_theme_may_be_corrected_by_its_id(own: Runner) -> None:
    review = own.review("Child R")
    own.ok("correct", review, "theme=child_sofas", "--note", "the fictional sofa")
    assert own.json("show", review)["themes"] == ["child_sofas"]
    said = own("correct", review, "theme=sofas", "--note", "x")
    assert (said.exit_code, "did you mean 'child_sofas'?" in said.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("theme=Sleeping on SOFAS", "child_sofas"),
        ("theme=gangs & drugs|CHILD_SOFAS", "harm_gangs|child_sofas"),
        ("harm=Gangs and drugs", None),
        ("harm=Gangs & Drugs", "harm_gangs"),
        ("harm=neglect", "harm_neglect"),
        ("harm=sleeping on sofas", None),
        ("agency=police", "agency_police"),
    ],
)
def test_a_theme_harm_or_agency_is_corrected_by_its_label_in_any_case(
    own: Runner, words: str, code: str | None
) -> None:
    field = words.partition("=")[0]
    said = own("correct", own.review("Child R"), words, "--note", "the fictional cover")
    if code is None:
        assert (said.exit_code, f"is no {field}" in said.stderr) == (2, True)
    else:
        assert (said.exit_code, f"{field} is {code}\n" in said.stderr) == (0, True)
        assert set(code.split("|")) <= {
            hit["value"]
            for hit in own.json("search", f"{field}:{code.split('|')[0]}")["facets"][field]
        }


def test_a_label_written_into_the_file_of_corrections_is_read_by_every_verb(own: Runner) -> None:
    review = own.review("Child R")
    own.home.corrections_toml.write_text(
        f'[[correction]]\nid = "{review}"\nfield = "theme"\nvalue = "sleeping on sofas"\n', "utf-8"
    )
    own.ok("rebuild")
    assert own.json("show", review)["themes"] == ["child_sofas"]
    told = [row["value"] for row in own.json("show", review, "--why") if row["origin"] == "manual"]
    assert told == ["child_sofas"]


def test_its_label_is_taken_in_any_case_wherever_a_search_is_asked_for(own: Runner) -> None:
    label = "SLEEPING on sofas"
    own.ok("saved", "add", "sofas", f'theme:"{label}"')
    own.ok("saved", "add", "more-sofas", "--theme", label)
    assert own.json("saved", "run", "sofas")["total"] == 1
    assert own.json("saved", "run", "more-sofas")["total"] == 1
    assert own.ok("kwic", "sofa", "--theme", label) == own.ok(
        "kwic", "sofa", "--theme", "child_sofas"
    )
    counts = own.json("stats", "--by", "scope", "--within", f'theme:"{label}"')
    assert sum(row["reviews"] for row in counts) == 1


def test_taking_the_file_away_takes_its_themes_out_everywhere(own: Runner) -> None:
    own.home.themes_csv.unlink()
    own.ok("rebuild")
    assert own("search", "theme:child_sofas").exit_code == 2
    records = [json.loads(line) for line in own.ok("export", "--jsonl").splitlines()]
    assert not any("child_sofas" in record.get("themes", ()) for record in records)
    found = own.json("similar", "--text", "The infant slept on a sofa beside an adult.")
    assert "Sleeping on sofas" not in json.dumps(found)
