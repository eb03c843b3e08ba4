"""docs/DATA.md names every field, code list and table that there is."""

from pathlib import Path

import pytest

from index.fields import FIELDS as SEARCHED
from repository.describing.fields import FIELDS
from repository.record.derived_tables import metadata as derived
from repository.record.tables import metadata as record
from repository.vocabulary.codes import CODES

PAGE = (Path(__file__).parent.parent / "docs" / "DATA.md").read_text("utf-8")


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
def test_every_field_says_where_it_comes_from(name):
    row = next(
        line
        for line in PAGE.splitlines()
        if line.startswith(f"| `{name}` | {FIELDS[name].level} |")
    )
    assert row.split("|")[4].strip()
    assert row.split("|")[5].strip()
