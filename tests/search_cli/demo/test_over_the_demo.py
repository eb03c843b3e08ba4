"""Over the whole demo, collected once: briefings whose every sentence stands on its page and whose every count is the search's, and
the notebook of docs/, whose answers are those of the verbs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.collection.output.tables.rows import days_of
from casereviews.search_cli.main import cli
from tests.collection.test_briefing import check
from tests.test_research_page import run

pytestmark = pytest.mark.slow  # collects the whole demo


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    home: Path = tmp_path_factory.mktemp("home")
    done = CliRunner().invoke(cli, ["--home", str(home), "demo"])
    assert done.exit_code == 0, done.output
    with Collection(home) as collection:
        yield collection


@pytest.mark.parametrize("theme", ["harm_infant_bruising", "harm_cce"])
def test_a_briefing_of_a_theme(collection: Collection, theme: str) -> None:
    briefing = collection.briefing(filters={"theme": [theme]})
    check(collection, briefing)
    assert all((briefing.happened, briefing.wanting, briefing.addressed, briefing.good_practice))
    assert any(one.reviews > 1 for body in briefing.addressed for one in body.shown)


@pytest.mark.parametrize("query", ["bruis* (baby OR infant)", '"criminal exploitation"'])
def test_a_briefing_of_a_query(collection: Collection, query: str) -> None:
    briefing = collection.briefing(query)
    check(collection, briefing)
    assert briefing.happened
    assert briefing.wanting


@pytest.mark.parametrize("page", ["docs/RESEARCH.md", "README.md"])
def test_pages_for_notebooks_have_what_the_demo_prints(
    collection: Collection, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    pytest.importorskip("pandas", reason="the [data] extra is not installed")
    pytest.importorskip("pyarrow", reason="the [data] extra is not installed")
    compared = run(page, collection.home.root, monkeypatch)
    assert compared
    for printed, said in compared:
        assert printed == said


NOTEBOOK = Path(__file__).parents[3] / "docs" / "three-questions.ipynb"
ANSWERS = """
import json
print("ANSWERS", json.dumps({
    "found": len(found),
    "by_year": {str(year): int(count) for year, count in by_year.items()},
    "every_year": {str(year): int(count) for year, count in every_year.items()},
    "babies": len(babies),
    "themes": {code: int(count) for code, count in themes.items()},
    "evidence": len(said),
    "dated": len(years),
    "years": years.median(),
}))
"""


def asked(collection: Collection, *words: str) -> Any:
    """What a verb says as JSON, or as JSON lines."""
    done = CliRunner().invoke(cli, ["--home", str(collection.home.root), *words])
    assert done.exit_code == 0, done.output
    if words[-1] == "--jsonl":
        return [json.loads(line) for line in done.stdout.splitlines()]
    return json.loads(done.stdout)


def test_the_notebook_of_the_docs_answers_as_the_verbs_do(
    collection: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed here")
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed here")
    config = pytest.importorskip("traitlets.config", reason="traitlets is not installed here")
    for library in ("ipykernel", "matplotlib", "pandas", "pyarrow"):
        pytest.importorskip(library, reason=f"{library} is not installed here")
    monkeypatch.setenv("CASEREVIEWS_HOME", str(collection.home.root))
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    notebook = nbformat.read(NOTEBOOK, 4)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    notebook.cells.append(nbformat.v4.new_code_cell(ANSWERS))
    # Over files of this machine, so that no port is opened.
    wires = config.Config({"KernelManager": {"transport": "ipc", "ip": str(tmp_path / "kernel")}})
    nbclient.NotebookClient(notebook, config=wires, timeout=300).execute()

    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 3
    assert any(
        "<mark>professional curiosity</mark>" in output.get("data", {}).get("text/html", "")
        for output in outputs
    )
    assert str(collection.home.root) not in json.dumps(outputs)
    told = next(o["text"] for o in outputs if o.get("text", "").startswith("ANSWERS"))
    answers = json.loads(told.removeprefix("ANSWERS"))

    phrase = '"professional curiosity"'
    assert answers["found"] == asked(collection, "search", phrase, "--json")["total"] > 1
    counted = asked(collection, "stats", "--by", "year", "--within", phrase, "--json")
    assert {year: n for year, n in answers["by_year"].items() if n} == {
        one["year"]: one["reviews"] for one in counted if one["reviews"]
    }
    counted = asked(collection, "stats", "--by", "year", "--json")
    assert answers["every_year"] == {one["year"]: one["reviews"] for one in counted if one["year"]}

    babies = asked(collection, "search", "*", "--age", "under_1", "--json")
    assert answers["babies"] == babies["total"] > 5
    counted = asked(
        collection, "stats", "--by", "theme", "--age", "under_1", "--top", "1000", "--json"
    )
    assert answers["themes"] == {one["theme"]: one["reviews"] for one in counted if one["theme"]}
    assert answers["evidence"] >= max(answers["themes"].values())

    ranges = []
    for review in asked(collection, "export", "--jsonl"):
        died, published = (
            days_of(str(review.get(name) or "")) for name in ("death_date", "published")
        )
        if died[0] and published[0]:
            ranges.append(((published[0] - died[1]).days, (published[1] - died[0]).days))
    assert answers["dated"] == len(ranges) > 5
    years = median((least + most) / 2 / 365.25 for least, most in ranges)
    assert answers["years"] == pytest.approx(years)
