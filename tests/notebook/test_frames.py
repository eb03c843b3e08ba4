"""Data frames and Arrow tables: the columns and types of the schema, read by pandas and pyarrow."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from casereviews import NeedsData, Notebook
from casereviews.collection.output.tables.schema import table_named

EVERY = {"scope": ["all"]}


@pytest.mark.parametrize("missing", ["pyarrow", "pandas"])
def test_without_the_libraries_it_is_said_what_to_install(
    cases: Notebook, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(NeedsData, match=r'pip install "\.\[data\]"'):
        cases.reviews().to_pandas()
    if missing == "pyarrow":
        with pytest.raises(NeedsData, match="this needs pyarrow"):
            cases.facts().to_arrow()


@pytest.mark.parametrize("name", ["reviews", "documents", "facts", "recommendations"])
def test_tables_have_the_columns_of_the_schema(cases: Notebook, name: str) -> None:
    pa = pytest.importorskip("pyarrow", reason="the [data] extra is not installed")
    pytest.importorskip("pandas", reason="the [data] extra is not installed")
    records = getattr(cases, name)()
    table = records.to_arrow()
    types = {
        "text": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "list": pa.list_(pa.string()),
    }
    assert {one.name: one.type for one in table.schema} == {
        one.name: types[one.type] for one in table_named(name).columns
    }
    assert table.num_rows == len(list(records)) > 1
    frame = records.to_pandas()
    assert list(frame.columns) == table.schema.names
    assert len(frame) == table.num_rows


def test_a_frame_of_reviews_is_ready_to_compute_with(cases: Notebook) -> None:
    pytest.importorskip("pandas", reason="the [data] extra is not installed")
    pytest.importorskip("pyarrow", reason="the [data] extra is not installed")
    frame = cases.reviews().to_pandas().set_index("title")
    assert frame["year"].dtype == "Int64"
    assert frame["age_months_max"].dtype == "Int64"
    assert frame["subjects_withheld"].dtype == "boolean"
    assert str(frame["published_first"].dtype).startswith("datetime64")
    baby = frame.loc["Serious Case Review: Child Q (March 2021)"]
    assert (baby["year"], baby["age_months_max"], baby["document_count"]) == (2021, 4, 2)
    assert baby["published_first"].date() == date(2021, 3, 1)
    assert baby["published_last"].date() == date(2021, 3, 31)
    assert isinstance(baby["themes"], list)
    assert "harm_sudi" in baby["themes"]
    assert len(frame.explode("themes")) > len(frame)
    adult = next(one for one in frame.index if "Ms T" in one)
    assert frame["age_months_max"].isna()[adult]


def test_frames_of_hits_pages_and_marks(cases: Notebook) -> None:
    pytest.importorskip("pandas", reason="the [data] extra is not installed")
    pytest.importorskip("pyarrow", reason="the [data] extra is not installed")
    found = cases.search("neglect", filters=EVERY)
    frame = found.to_pandas()
    assert list(frame["rank"]) == list(range(1, len(found) + 1))
    assert list(frame["review_id"]) == [hit.review_id for hit in found]
    assert frame["score"].dtype == "float64"
    assert frame["page"][0] == found[0].pages[0].page
    assert frame["snippet"][0] == found[0].pages[0].snippet
    alike = cases.similar("a baby of four months died after unsafe sleep on a sofa")
    frame = alike.to_pandas()
    assert frame["strength"][0] == alike[0].why.strength
    assert tuple(frame["same"][0]) == alike[0].why.same
    pages = cases.pages(found[0])
    frame = pages.to_pandas()
    assert list(frame["text"]) == [page.text for page in pages]
    assert list(cases.marks().to_pandas().columns) == [
        *("review_id", "decision", "reason", "note", "at", "stage", "reader"),
    ]


def test_of_nothing_there_is_a_frame_with_all_columns(cases: Notebook) -> None:
    pytest.importorskip("pandas", reason="the [data] extra is not installed")
    pytest.importorskip("pyarrow", reason="the [data] extra is not installed")
    frame = cases.facts([]).to_pandas()
    assert list(frame.columns) == [one.name for one in table_named("facts").columns]
    assert len(frame) == 0
