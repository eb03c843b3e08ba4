"""Tables read by what nobody here wrote: Datasette, frictionless, pandas.

R is not asked: Debian has no r-cran-arrow and no r-cran-duckdb. DuckDB and pyarrow are asked in tests/collection/test_tables.py.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.repository.home import Home
from tests.search_cli import small_home

pytestmark = pytest.mark.live

PROGRAM = os.environ.get("CASEREVIEWS_READERS_PYTHON")
needs_readers = pytest.mark.skipif(
    not PROGRAM, reason="CASEREVIEWS_READERS_PYTHON names no Python with Datasette and frictionless"
)


@pytest.fixture
def collection(built: Home, monkeypatch: pytest.MonkeyPatch) -> Collection:
    monkeypatch.setenv("CASEREVIEWS_NOW", small_home.NOW)
    return Collection(built)


ASKED = """
import asyncio, json, sys
from datasette.app import Datasette
async def ask():
    served = Datasette([sys.argv[1]], metadata=json.load(open(sys.argv[2])))
    await served.invoke_startup()
    for path in sys.argv[3:]:
        answer = await served.client.get(path)
        print(json.dumps([answer.status_code, answer.text]))
asyncio.run(ask())
"""


@needs_readers
def test_datasette_shows_titles_facets_and_full_text(
    collection: Collection, tmp_path: Path
) -> None:
    collection.write_tables("sqlite", tmp_path / "x.db")
    paths = (
        "/x/reviews.json?_shape=objects",
        "/x/reviews.json?_shape=objects&_search=visitors",
        "/x/reviews.json?_shape=objects&themes__arraycontains=harm_neglect",
        "/x/recommendations.json?_shape=objects&_search=officers",
        "/x/reviews",
    )
    done = subprocess.run(
        [str(PROGRAM), "-c", ASKED, str(tmp_path / "x.db"), str(tmp_path / "x.metadata.json"), *paths],
        check=True,
        capture_output=True,
        text=True,
    )  # fmt: skip
    answers: list[tuple[int, str]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert [code for code, _ in answers] == [200] * len(paths)
    every, found, neglect, advised = (json.loads(text) for _, text in answers[:4])
    facets = {name: {one["value"]: one["count"] for one in said["results"]} for name, said in every["facet_results"].items()}  # fmt: skip
    assert facets["nation"] == {"England": 4, "Wales": 1}
    assert facets["themes"]["harm_neglect"] == neglect["filtered_table_rows_count"] > 0
    assert every["units"] == {"age_months_min": "month", "age_months_max": "month"}
    assert [one["title"] for one in found["rows"]] == ["Serious Case Review: Child Q (March 2021)"]
    assert [one["addressee"] for one in advised["rows"]] == ["Northmoor Council"]
    page = answers[4][1]
    assert "No open licence" in page
    assert "youngest age in months that fits" in page
    assert "brackenfield" not in page.lower()


@needs_readers
def test_frictionless_finds_nothing_wrong_with_a_package_and_something_with_a_changed_one(
    collection: Collection, tmp_path: Path
) -> None:
    collection.write_tables("package", tmp_path / "x")

    def validated() -> Any:
        command = [str(PROGRAM), "-m", "frictionless", "validate", "--json", "datapackage.json"]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=tmp_path / "x"
        )
        return json.loads(done.stdout)

    told = validated()
    assert (told["valid"], told["stats"]["errors"]) == (True, 0)
    assert len(told["tasks"]) == 5
    reviews = tmp_path / "x" / "reviews.csv"
    reviews.write_text(
        reviews.read_text("utf-8").replace(",Wales,", ",Narnia,"), "utf-8", newline=""
    )
    types = {error["type"] for task in validated()["tasks"] for error in task["errors"]}
    assert "constraint-error" in types


def test_pandas_reads_numbers_dates_and_lists(collection: Collection, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas", reason="the extra [data] is not installed")
    collection.write_tables("parquet", tmp_path / "x")
    reviews = pandas.read_parquet(tmp_path / "x" / "reviews.parquet").set_index("published")
    q = reviews.loc["2021-03"]
    assert str(reviews["age_months_min"].dtype) == "float64"  # some are unknown
    assert (q["age_months_min"], q["published_first"].isoformat()) == (4, "2021-03-01")
    assert list(q["subjects"]) == ["Child Q"]
    assert reviews["subjects_withheld"].sum() == 1
    by_theme = reviews.explode("themes").groupby("themes").size()
    assert by_theme["harm_neglect"] >= 1
    facts = pandas.read_parquet(tmp_path / "x" / "facts.parquet")
    assert str(facts["confidence"].dtype) == "float64"
    assert str(facts["position"].dtype) == "int64"
