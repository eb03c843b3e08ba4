"""docs/DATA.md names every field, code list and table that there is."""

import re
from pathlib import Path

import pytest

from casereviews.index.folder import Built
from casereviews.index.results import Hit, Likeness, PageHit, Results
from casereviews.repository.fields import DESCRIBED, FIELDS, SEARCHED
from casereviews.repository.home import Home
from casereviews.repository.record.derived_tables import metadata as derived
from casereviews.repository.record.tables import metadata as record
from casereviews.repository.vocabulary.codes import CODES
from casereviews.repository.vocabulary.rules import load_rules
from tests import field_pages, made_pages

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "DATA.md").read_text("utf-8")
DESCRIBING = ROOT / "repository" / "describing"


def words_of(module):
    """The text of a module of describing, or of all modules of a folder of it; the weights of themes are given beside it."""
    folder = (DESCRIBING.parent if module == "theme_weights" else DESCRIBING) / module
    files = folder.rglob("*.py") if folder.is_dir() else [folder.with_suffix(".py")]
    return "".join(file.read_text("utf-8") for file in files)


@pytest.mark.parametrize(
    "name",
    [
        *(field.name for field in FIELDS),
        *CODES,
        *(field.query for field in SEARCHED),
        *record.tables,
        *derived.tables,
    ],
)
def test_every_field_code_list_and_table_is_named(name):
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize(("field", "codes"), CODES.items())
def test_every_code_is_listed_with_its_field(field, codes):
    line = next(line for line in PAGE.splitlines() if line.startswith(f"| `{field}` | `"))
    assert [code for code in codes if f"`{code}`" not in line] == []


@pytest.mark.parametrize("name", field_pages.PAGES)
def test_the_parts_that_list_fields_are_made_from_the_table(name):
    assert field_pages.page(name) == (ROOT / "docs" / name).read_text("utf-8"), made_pages.STALE


@pytest.mark.parametrize("field", DESCRIBED.values(), ids=lambda field: field.name)
def test_every_field_says_where_it_comes_from_and_what_it_cannot_tell(field):
    assert re.fullmatch(r"([TLPFD](?: [TLPFD])*)?", field.origins)
    assert field.says
    assert field.cannot


@pytest.mark.parametrize("field", DESCRIBED.values(), ids=lambda field: field.name)
def test_a_field_is_found_by_the_modules_that_its_row_names_or_is_for_corrections(field):
    assert bool(field.origins) == bool(field.described_by)
    for module in field.described_by.split():
        assert f'"{field.name}"' in words_of(module), module
    if not field.described_by:
        assert f'"{field.name}"' not in "".join(
            file.read_text("utf-8") for file in DESCRIBING.rglob("*.py")
        )


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
    hit = Hit(1, 1.0, "a-1", "b", {}, 0, (PageHit(1, None, ""),), Likeness({}, (), ())).to_json()
    named = [
        *hit,
        *hit["pages"][0],
        *Results("", "", 0, 0, 0.0, Built("g001", "h", 1, 0, 0, 0, 0, ""), ()).to_json(),
    ]
    home = Home(Path("home"))
    named += [home.sources_toml.name, home.themes_csv.name, home.corrections_toml.name]
    named += [home.saved_toml.name, home.marks_csv.name, home.config_toml.name]
    assert [name for name in named if f"`{name}`" not in PAGE] == []
