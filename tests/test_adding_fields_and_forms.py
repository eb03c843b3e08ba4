"""docs/ARCHITECTURE.md, "Where to add what": a field and a form are added to a copy of the tree, and used there as users would."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casereviews.repository.home import Home
from tests.search_cli import small_home

ROOT = Path(__file__).parents[1]
ETHNICITY = """\
    Field("ethnicity", "review", "text", several=True, origins="F", described_by="finders",
          says="as told", cannot="never derived from names",
          label="Ethnicity", published="ethnicity", query="ethnicity", aliases=("heritage",), hint="as told",
          facet=19, exported=True, shown=True),
"""
FINDER = '''\
"""Ethnicity, as a sentence of the case tells it."""

import re

_TOLD = re.compile(r"was of ((?:black|white|asian) [a-z]+) heritage")


def find(given):
    """Facts `ethnicity`."""
    for sentence in given.sentences:
        for told in _TOLD.finditer(sentence.folded):
            yield sentence.fact("ethnicity", told[1].title(), told[0], 0.7, "heritage words")
'''
CHAIR = """\
    Field("chair", "review", "text", origins="P", described_by="first_pages_people", label="Chair",
          says="name of the chair", cannot="only as cover and first pages name them",
          published="chair", query="chair", room=512, weight=2.0, hint="words of the name"),
"""
CSL = '''\
"""CSL-JSON, as citation processors read it."""

import json

from casereviews.search_cli.output.citations import cited
from casereviews.search_cli.output.form import Form


def render(answer):
    """One array of references."""
    references = (cited(record, answer.accessed) for record in answer.records)
    yield json.dumps(
        [
            {"id": one.key, "type": "report", "title": one.title, "publisher": one.publisher,
             "note": "; ".join(one.pages)}
            for one in references
        ]
    )


FORM = Form("csl-json", "CSL-JSON, for citation processors", "records", "json", render, cites=True)
'''
REPORT = """<html><body><main><h1>Serious Case Review: Child Z</h1><p>Published May 2020.</p>
<p>The independent chair of the panel was Quentin Oakhurst.</p>
<p>Child Z, a girl of four, was of Black Caribbean heritage and died of neglect in this fictional report.</p>
</main></body></html>"""


class Tree:
    """A copy of the installed folders, and verbs run from it."""

    def __init__(self, folder: Path) -> None:
        self.package = folder / "src" / "casereviews"
        shutil.copytree(
            ROOT / "src" / "casereviews",
            self.package,
            ignore=shutil.ignore_patterns("__pycache__", "casereviews"),
        )
        self.home = folder / "home"

    def run(self, *words: str, home: Path | None = None) -> subprocess.CompletedProcess[str]:
        command = ["-m", "casereviews.search_cli.main", "--home", str(home or self.home), *words]
        return subprocess.run(
            [sys.executable, *command],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={
                **os.environ,
                "PYTHONPATH": str(self.package.parent),
                "CASEREVIEWS_NOW": small_home.NOW,
            },
        )

    def ok(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
        return done.stdout

    def replace_row(self, name: str, row: str) -> None:
        """Write a row of the table of fields in place of the one of this name."""
        path = self.package / "repository" / "fields.py"
        old = re.compile(rf'^    Field\("{name}".*?\),\n(?=    Field|\))', re.S | re.M)
        text, count = old.subn(lambda _: row, path.read_text("utf-8"))
        assert count == 1
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A home that the tree as it is made, with Child Z in it."""
    folder = tmp_path_factory.mktemp("made")
    tree = Tree(folder)
    small_home.make(Home(tree.home))
    (folder / "z.html").write_text(REPORT, "utf-8")
    tree.ok("add", str(folder / "z.html"), "--publisher", "northmoor", "--title", "Child Z: Serious Case Review")  # fmt: skip
    assert json.loads(tree.ok("search", "neglect", "--json"))["total"] > 1
    return tree


@pytest.fixture
def tree(made, tmp_path):
    """A copy of the tree beside a copy of that home."""
    copy = Tree(tmp_path)
    shutil.copytree(made.home, copy.home)
    return copy


def test_a_described_and_searchable_field_is_one_row_and_a_finder(tree, made):
    tree.replace_row("ethnicity", ETHNICITY)
    (tree.package / "repository" / "describing" / "finders" / "ethnicity.py").write_text(FINDER)

    refused = tree.run("search", "ethnicity:*")
    assert refused.returncode == 3
    assert "another table of fields: run `casereviews rebuild`" in refused.stderr
    tree.ok("rebuild")

    asked = json.loads(tree.ok("search", 'heritage:"black caribbean"', "--json"))
    assert asked["understood"].startswith('ethnicity:"Black Caribbean"')
    assert [hit["title"] for hit in asked["hits"]] == ["Child Z: Serious Case Review"]
    assert {"value": "Black Caribbean", "count": 1} in asked["facets"]["ethnicity"]
    assert list(asked["facets"])[-1] == "ethnicity"
    assert "ethnicity" not in asked["hits"][0]  # the contract of a hit stays as it is
    optioned = json.loads(tree.ok("search", "neglect", "--ethnicity", "Black Caribbean", "--json"))
    assert optioned["total"] == 1
    assert json.loads(tree.ok("search", "ethnicity:unknown", "--json"))["total"] > 1
    counts = json.loads(tree.ok("stats", "--by", "ethnicity", "--json"))
    assert {row["ethnicity"]: row["reviews"] for row in counts}["Black Caribbean"] == 1

    (review,) = (hit["review_id"] for hit in asked["hits"])
    (line,) = tree.ok("export", "ethnicity:'black caribbean'".replace("'", '"'), "--jsonl").splitlines()  # fmt: skip
    assert json.loads(line)["ethnicity"] == ["Black Caribbean"]
    rows = csv.DictReader(io.StringIO(tree.ok("export", "--csv").removeprefix("\ufeff")))
    assert {row["review_id"]: row["ethnicity"] for row in rows}[review] == "Black Caribbean"
    assert re.search(r"^Ethnicity +Black Caribbean$", tree.ok("show", review), re.M)
    why = json.loads(tree.ok("show", review, "--why", "--json"))
    (told,) = (row for row in why if row["field"] == "ethnicity")
    assert told["evidence"].startswith("Child Z, a girl of four, was of Black Caribbean heritage")
    assert "ethnicity" in tree.ok("search", "x", "--help-query")
    assert "--ethnicity VALUE" in tree.ok("search", "--help")

    # Nor does the tree without the row take that index for its own.
    back = made.run("search", "neglect", home=tree.home)
    assert back.returncode == 3
    assert "another table of fields" in back.stderr


def test_a_field_searched_by_its_words_is_one_row_and_the_next_writing_verb_makes_the_index_anew(
    tree,
):
    tree.replace_row("chair", CHAIR)
    assert tree.run("search", "chair:oakhurst").returncode == 3
    review = json.loads(tree.ok("export", "--jsonl").splitlines()[0])["review_id"]
    tree.ok("correct", review, "chair=Quentin Oakhurst", "--note", "the cover says so")
    for query in ("chair:oakhurst", 'chair:"quentin oakhurst"', "chair:oakh*"):
        found = json.loads(tree.ok("search", query, "--scope", "all", "--json"))
        assert review in {hit["review_id"] for hit in found["hits"]}, query
    assert tree.run("search", "title:oakhurst").returncode == 1
    assert json.loads(tree.ok("search", "--chair", "Oakhurst", "--scope", "all", "--json"))["total"]


def test_a_form_is_one_module(tree):
    (tree.package / "search_cli" / "output" / "forms" / "csl_json.py").write_text(CSL)
    for verb in ("search", "export"):
        (entry,) = json.loads(tree.ok(verb, "sofa", "--csl-json"))
        assert entry["title"] == "Serious Case Review: Child Q (March 2021)"
        assert entry["type"] == "report"
        assert entry["note"] == "p. 2"
        assert "CSL-JSON, for citation processors" in tree.ok(verb, "--help")
    both = tree.run("search", "sofa", "--csl-json", "--ris")
    assert both.returncode == 2
    assert "--csl-json and --ris exclude each other" in both.stderr
    assert tree.run("search", "nothingofthekind", "--csl-json").stdout == "[]\n"
