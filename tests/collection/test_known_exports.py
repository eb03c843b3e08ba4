"""The exports that a home knows of: which, by date, and that a withdrawal names those that held what it took out."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from casereviews.collection.keeping.exports import UNNAMED, Exports, KnownExport
from casereviews.repository.home import Home
from casereviews.search_cli.main import cli

TITLE = "Serious Case Review into the death of Robin Brackenfield"


@pytest.fixture
def exports(tmp_path):
    return Exports(Home(tmp_path / "home").create())


def export(place, day="2026-01-01", form="jsonl", reviews=2):
    return KnownExport(f"{day}T08:00:00Z", form, place, reviews)


def test_it_is_known_which_exports_held_a_document(exports):
    later, earlier = export("/b", "2026-01-02"), export("/a")
    exports.note(later, ["d1", "d2"])
    exports.note(earlier, ["d2", "d3"])
    assert exports.holding(["d2"]) == (earlier, later)
    assert exports.holding(["d1", "d9"]) == (later,)
    assert exports.holding(["d9"]) == ()
    assert exports.all() == (later, earlier)


def test_nothing_of_a_document_is_written_but_a_keyed_digest(exports, tmp_path):
    exports.note(export("/a"), ["northmoor-7k3f9q"])
    text = exports.home.exports_jsonl.read_text("utf-8")
    assert "7k3f9q" not in text
    assert set(json.loads(text)) == {"made", "form", "place", "reviews", "texts", "held"}
    other = Exports(Home(tmp_path / "other").create())
    other.home.exports_jsonl.write_text(text, "utf-8")
    assert other.holding(["northmoor-7k3f9q"]) == ()


def test_the_same_export_again_takes_the_place_of_the_earlier_one(exports):
    exports.note(export("/a"), ["d1"])
    exports.note(export("/a", "2026-01-02"), ["d1"])
    exports.note(export("/a", "2026-01-03"), ["d1", "d2"])
    assert [one.made[:10] for one in exports.all()] == ["2026-01-02", "2026-01-03"]


def test_a_damaged_line_is_counted_and_kept(exports):
    exports.home.exports_jsonl.write_text('{"made": "2026-0', "utf-8")
    exports.note(export("/a"), ["d1"])
    assert exports.unread() == 1
    assert exports.holding(["d1"]) == (export("/a"),)
    exports.forget(["nothing"])
    assert exports.unread() == 1


def test_a_place_that_names_the_case_is_taken_out(exports):
    exports.note(export("/tmp/Robin-BRACKENFIELD.qdpx"), ["d1"])
    exports.note(export("/tmp/all.jsonl"), ["d1"])
    exports.forget({"brackenfield"})
    assert [one.place for one in exports.holding(["d1"])] == [UNNAMED, "/tmp/all.jsonl"]
    assert "brackenfield" not in exports.home.exports_jsonl.read_text("utf-8").lower()


# ---------------------------------------------------------------- what leaves is noted


@pytest.fixture
def change(change):
    """A home that knows of no export, whatever other tests took from the one that it is a copy of."""
    for path in change.home.root.glob("exports.*"):
        path.unlink()
    return change


def run_into(home, file, *words):
    """A verb whose standard output goes to a file, as the shell's `>` sends it."""
    with (
        file.open("w", encoding="utf-8") as out,
        contextlib.redirect_stdout(out),
        contextlib.suppress(SystemExit),
    ):
        cli.main(["--home", str(home.root), *words], standalone_mode=False)


def test_what_goes_to_a_file_is_written_down(change, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    home = change.home
    run_into(home, out / "all.jsonl", "export", "--jsonl")
    run_into(home, out / "all.csv", "export", "--csv")
    run_into(home, out / "found.json", "search", "neglect", "--json")
    run_into(home, out / "years.txt", "stats", "--by", "year")
    for words in (
        ("export", "--nation", "Wales", "--qdpx", str(out / "p.qdpx"), "--texts"),
        ("export", "--qdc", str(out / "c.qdc")),
        ("briefing", "--theme", "neglect", "--to", str(out / "b.md")),
        ("export", "--sqlite", str(out / "t.db")),
        ("export", "sofa", "--package", str(out / "p")),
        ("sample", "--n", "2", "--to", str(out / "s")),
        ("export", "--jsonl"),
    ):
        assert CliRunner().invoke(cli, ["--home", str(home.root), *words]).exit_code == 0
    known = {Path(one.place).name: (one.form, one.reviews, one.texts) for one in change.exports}
    assert known == {
        "all.jsonl": ("jsonl", 6, False),
        "all.csv": ("csv", 6, False),
        "found.json": ("json", 1, False),
        "p.qdpx": ("qdpx", 1, True),
        "b.md": ("briefing", 1, False),
        "t.db": ("sqlite", 6, False),
        "p": ("package", 1, False),
        "s": ("sample", 2, False),
    }


def evidence_of(review):
    """A correction that came back from a coded project, with the passage that says so."""
    return f"""[[correction]]
id = "{review.documents[0].document_id}"
field = "theme+"
value = "harm_neglect"
evidence = "This fictional review looks at physical abuse at home."
page = "1"
by = "Ash"
"""


def test_a_withdrawal_names_the_exports_that_held_it(change, tmp_path):
    home = change.home
    review = next(one for one in change.reviews() if one.title == TITLE)
    wales = next(one for one in change.reviews() if one.nation == "Wales")
    named = tmp_path / "Robin Brackenfield.qdpx"
    with named.open("wb") as out:
        written = change.write_project(out)
    assert change.note_export("qdpx", named, written.held) == ""
    assert change.note_export("jsonl", tmp_path / "wales.jsonl", [(wales.review_id, [])]) == ""
    assert change.note_export("jsonl", tmp_path / "none.jsonl", []) == ""
    home.corrections_toml.write_text(evidence_of(review), "utf-8")
    done = CliRunner().invoke(
        cli,
        ["--home", str(home.root), "withdraw", review.review_id, "--reason", "x", "--yes", "--json"],
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert [(one["form"], one["reviews"]) for one in said["exports"]] == [("qdpx", 6)]
    assert said["remains"] == []
    assert said["documents"]
    assert "looks at" not in home.corrections_toml.read_text("utf-8")
    assert "Brackenfield" not in home.exports_jsonl.read_text("utf-8")
    assert change.exports[0].place == UNNAMED
    later = CliRunner().invoke(cli, ["--home", str(home.root), "export", "--jsonl"])
    assert review.review_id not in later.stdout
    done = change.withdraw(wales.review_id, reason="x")
    assert done.exported() == [
        f"was exported, and is out of reach there: 2026-03-01 qdpx, 6 reviews: {UNNAMED}",
        f"was exported, and is out of reach there: 2026-03-01 jsonl, 1 review: {tmp_path / 'wales.jsonl'}",
    ]


def test_an_export_from_a_home_that_cannot_be_written_says_so(change, tmp_path):
    change.home.exports_jsonl.with_suffix(".lock").mkdir()
    project = tmp_path / "p.qdpx"
    done = CliRunner().invoke(
        cli, ["--home", str(change.home.root), "export", "--qdpx", str(project)]
    )
    assert done.exit_code == 0
    assert project.stat().st_size
    assert "this export is not written down, and no withdrawal will name it" in done.stderr
    assert change.exports == ()


def test_backups_carry_what_is_known_of_exports(exports):
    exports.note(export("/a"), ["d1"])
    assert exports.home.exports_jsonl in exports.home.edited
