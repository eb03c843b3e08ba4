"""docs/DATA.md names every field, code list and table that there is."""

import re
from pathlib import Path

import pytest

from casereviews.index.fields import FIELDS as SEARCHED
from casereviews.index.folder import Built
from casereviews.index.results import Hit, PageHit, Results
from casereviews.repository.describing.fields import FIELDS
from casereviews.repository.home import Home
from casereviews.repository.processing.publishing import LISTS, TEXTS
from casereviews.repository.record.derived_tables import metadata as derived
from casereviews.repository.record.tables import metadata as record
from casereviews.repository.vocabulary.codes import CODES
from casereviews.repository.vocabulary.rules import load_rules

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "DATA.md").read_text("utf-8")
RULES = "".join(
    file.read_text("utf-8")
    for file in (ROOT / "repository" / "describing").rglob("*.py")
    if file.name != "fields.py"
)


def cells(name):
    """The row of a described field: name, level, form, from, what it says, what it cannot tell."""
    start = f"| `{name}` | {FIELDS[name].level} | {FIELDS[name].form}"
    row = next(line for line in PAGE.splitlines() if line.startswith(start))
    return [cell.strip() for cell in row.split("|")[1:-1]]


@pytest.mark.parametrize(
    "name", [*FIELDS, *CODES, *(field.name for field in SEARCHED), *record.tables, *derived.tables]
)
def test_every_field_code_list_and_table_is_named(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize(("field", "codes"), CODES.items())
def test_every_code_is_listed_with_its_field(field, codes):
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{field}` | `"))
    assert [code for code in codes if f"`{code}`" not in line] == []


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_says_where_it_comes_from_and_what_it_cannot_tell(name):
    _, _, _, origins, says, cannot = cells(name)
    assert re.fullmatch(r"[TLPFD](?: [TLPFD])*|corrections only", origins)
    assert says
    assert cannot


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_that_no_rule_fills_is_said_to_be_for_corrections(name):
    assert (cells(name)[3] == "corrections only") == (f'"{name}"' not in RULES)


def test_the_fields_of_an_export_are_the_published_ones():
    row = next(line for line in PAGE.splitlines() if line.startswith("| a review | "))
    told = set(re.findall(r"`(\w+)`", row))
    of_its_own = {"review_id", "documents", "subjects_withheld", "source", "regions", "anonymous"}
    of_the_record = {"availability", "landing_url", "file_url", "year", "precision"}
    assert told == {*TEXTS, *LISTS} | of_its_own | of_the_record


@pytest.mark.parametrize(
    ("field", "rules", "beside"),
    [
        ("plan_status_now", "plans", {"none"}),
        ("living_where", "living", set()),
        ("school_status", "school", {"below_school_age"}),
        ("source_of_harm", "harm_sources", {"self", "animal", "unknown"}),
        ("methodology", "methods", set()),
    ],
)
def test_the_words_of_a_text_field_are_those_of_its_rules(field, rules, beside):
    row = next(line for line in PAGE.splitlines() if re.match(rf"\| `{field}`[^|]*\| `", line))
    told = set(load_rules(rules).codes)
    assert set(re.findall(r"`(\w+)`", row.split("|")[2])) == beside | told


def test_every_field_of_a_hit_and_every_edited_file_is_named():
    hit = Hit(1, 1.0, "a-1", "b", {}, 0, (PageHit(1, None, ""),), {}).to_json()
    named = [
        *hit,
        *hit["pages"][0],
        *Results("", "", 0, 0, 0.0, Built("g001", "h", 1, 0, 0, 0, 0, ""), ()).to_json(),
    ]
    home = Home(Path("home"))
    named += [home.sources_toml.name, home.themes_csv.name, home.corrections_toml.name]
    named += [home.saved_toml.name, home.marks_csv.name, home.config_toml.name]
    assert [name for name in named if f"`{name}`" not in PAGE] == []
