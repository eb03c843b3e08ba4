"""Where a person reads, a code is a label; programs get codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from casereviews.collection.collection import Collection
from casereviews.repository.fields import FACETS, FIELDS
from casereviews.repository.vocabulary import PACKAGED
from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner

COUNTED = [field.query for field in FACETS]
CODES = {
    code: label
    for field in FIELDS
    for code, label in PACKAGED.labels_of(field).items()
    if code != label and re.fullmatch(r"[a-z]+[a-z0-9]*(_[a-z0-9]+)*|\d_\d+|\d\d_\d\d", code)
    if "_" in code or code in ("scr", "lcspr", "cpr", "sar", "dhr", "en", "cy")
}
READ = {
    "search": ("search", "child", "--scope", "all"),
    "search with facets": ("search", "--scope", "all", "child", "--facets"),
    "search as Markdown": ("search", "child", "--scope", "all", "--markdown"),
    "search as RIS": ("search", "child", "--scope", "all", "--ris"),
    "search as BibTeX": ("search", "child", "--scope", "all", "--bibtex"),
    "similar": ("similar", "--text", "a baby died asleep on a sofa, mother took drugs"),
    "similar as Markdown": ("similar", "--text", "a baby died asleep on a sofa", "--markdown"),
    "show": ("show", "REVIEW"),
    "export": ("export",),
    "export as Markdown": ("export", "--markdown"),
    "quality": ("stats", "--quality"),
    "new": ("new", "--since", "2020-01-01"),
    "new as Markdown": ("new", "--since", "2020-01-01", "--markdown"),
    **{f"counts by {by}": ("stats", "--scope", "all", "--by", by) for by in COUNTED},
    **{
        f"counts by {by} and type": ("stats", "--scope", "all", "--by", by, "--by", "type")
        for by in COUNTED
        if by != "type"
    },
    "counts as Markdown": ("stats", "--by", "theme", "--by", "age", "--markdown"),
}


def codes_in(text: str) -> set[str]:
    """Codes that stand in a text as words of their own, but for addresses and the language of a reference."""
    read = re.sub(r"https?://\S+|^LA  - \S+$|\\", "", text, flags=re.MULTILINE)
    return {code for code in CODES if re.search(rf"(?<![\w-]){code}(?![\w-])", read)}


@pytest.mark.parametrize("place", READ)
def test_no_code_stands_where_a_person_reads(read: Runner, place: str) -> None:
    words = [read.review("Child Q (March 2021)") if one == "REVIEW" else one for one in READ[place]]
    told = read(*words)
    assert told.exit_code == 0, told.output
    understood = [line for line in told.stderr.splitlines() if not line.startswith("understood")]
    assert codes_in(told.stdout + "\n".join(understood)) == set()


def test_a_code_that_stands_where_a_person_reads_would_be_seen(read: Runner) -> None:
    found = codes_in(read.ok("export", "--csv"))
    assert found >= {"scr", "under_1", "harm_sudi", "en", "not_stated"}
    assert codes_in(read.ok("stats", "--by", "age", "--by", "type", "--json")) >= {"under_1", "scr"}
    assert codes_in(read.ok("export", "--jsonl")) >= {"executive_summary", "harm_sudi"}


def test_why_names_a_field_as_correct_takes_it_and_its_value_in_words(read: Runner) -> None:
    review = read.review("Child Q (March 2021)")
    lines = [re.split(r" {2,}", line) for line in read.ok("show", review, "--why").splitlines()]
    assert ["age_band", "under 1"] in [line[:2] for line in lines]
    assert ["review_type", "Serious Case Review"] in [line[:2] for line in lines]
    told = [(one["field"], one["value"]) for one in read.json("show", review, "--why")]
    assert ("age_band", "under_1") in told


def test_what_a_night_writes_for_readers_has_labels_and_its_json_codes(change: Runner) -> None:
    change.ok("saved", "add", "sleep", '"unsafe sleep"')
    with Collection(change.home) as collection:
        list(collection.saved.run_all(small_home.NOW))
    folder = change.home.feeds / "saved"
    assert "| Serious Case Review |" in (folder / "sleep.md").read_text("utf-8")
    for name in ("sleep.md", "sleep.atom"):
        assert codes_in((folder / name).read_text("utf-8")) == set()
    assert codes_in((folder / "sleep.new.json").read_text("utf-8")) >= {"scr", "under_1"}


@pytest.mark.parametrize("by", [("theme",), ("harm", "type")])
def test_a_picture_has_labels(read: Runner, tmp_path: Path, by: tuple[str, ...]) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "counts.svg"
    read.ok("stats", *(word for one in by for word in ("--by", one)), "--svg", str(picture))
    drawn = picture.read_text("utf-8")
    assert ">Sudden unexpected death in infancy and unsafe sleep<" in drawn
    assert codes_in(drawn) == set()


@pytest.mark.parametrize(
    ("field", "label", "code"),
    [
        ("theme", "Sudden unexpected death in infancy and unsafe sleep", "harm_sudi"),
        ("type", "Serious Case Review", "scr"),
        ("age", "under 1", "under_1"),
        ("role", "Executive summary", "executive_summary"),
        ("language", "English", "en"),
    ],
)
def test_what_is_read_can_be_asked_for(read: Runner, field: str, label: str, code: str) -> None:
    asked = (("--" + field, label), (f'{field}:"{label}"',), ("--" + field, code))
    told = [[hit["review_id"] for hit in read.json("search", *one)["hits"]] for one in asked]
    assert told[0] == told[1] == told[2] != []
