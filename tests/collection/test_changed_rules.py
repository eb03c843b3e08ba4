"""A changed packaged rule: the next night describes by it, and only what it matters for is published and indexed again."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from casereviews import Collection
from casereviews.repository.home import Home
from casereviews.repository.record.derived import Derived
from tests.search_cli import small_home

pytestmark = pytest.mark.slow

PACKAGE = Path(__file__).parents[2] / "src" / "casereviews"
NIGHT = """
import json, sys
from casereviews import Collection
from casereviews.crawler.options import CrawlOptions

if __name__ == "__main__":
    done = Collection(sys.argv[1]).refresh_from([], CrawlOptions())
    said = done.report.processed
    print(json.dumps([said.described, sorted(said.changed), said.revision, done.built.revision]))
"""


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """A copy of the package whose rules may be changed, and a home."""

    folder: Path
    home: Home

    def change(self, rules: str, old: str, new: str) -> None:
        file = self.folder / "casereviews" / "repository" / "vocabulary" / "rules" / rules
        said = file.read_text("utf-8")
        assert said.count(old) == 1
        file.write_text(said.replace(old, new), "utf-8")

    def night(self) -> Any:
        """What a refresh by the copy's rules did: documents described, ids published anew, revisions of record and index."""
        script = self.folder / "night.py"
        script.write_text(NIGHT, "utf-8")
        done = subprocess.run(
            [sys.executable, str(script), str(self.home.root)],
            env={**os.environ, "PYTHONPATH": str(self.folder), "CASEREVIEWS_NOW": small_home.NOW},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def rows(self) -> dict[str, int]:
        """Document -> the number of its row in the index: one that is indexed again gets a new one."""
        with Collection(self.home) as collection:
            generation = self.home.index / collection.searcher.built.generation
        with closing(sqlite3.connect(generation / "pages.db")) as store:
            return dict(store.execute("SELECT document_id, n FROM documents"))

    def facts(self) -> dict[str, set[tuple[str, str]]]:
        """Document -> (field, value) of its facts."""
        with Derived.open(self.home) as derived:
            described = {key: derived.described_document(key) for key in derived.described()}
        return {
            key: {(fact.field, fact.value) for fact in one.description.facts}
            for key, one in described.items()
            if one is not None
        }

    def titled(self, title: str) -> str:
        with Derived.open(self.home) as derived:
            (found,) = (
                row.document_id
                for row in derived.published_fields()
                if title in str(row.fields["title"])
            )
        return found


@pytest.fixture
def own(built: Home, tmp_path: Path) -> OwnCopy:
    shutil.copytree(built.root, tmp_path / "home")
    shutil.copytree(PACKAGE, tmp_path / "own" / "casereviews")
    return OwnCopy(tmp_path / "own", Home(tmp_path / "home"))


def test_only_the_documents_that_a_changed_rule_says_something_else_of_are_indexed_again(
    own: OwnCopy,
) -> None:
    facts, rows = own.facts(), own.rows()
    described, changed, revision, indexed = own.night()
    assert (described, changed, indexed) == (0, [], revision)
    assert (own.facts(), own.rows()) == (facts, rows)

    toddler = own.titled("Child R")
    assert ("age_band", "1_5") in facts[toddler]
    own.change("ages_named.toml", "words = ['toddlers?']", "words = ['weanlings?']")
    described, changed, now, indexed = own.night()
    assert (described, changed) == (len(facts), [toddler])
    assert (now, indexed) == (revision + 1, revision + 1)
    after = own.facts()
    assert facts[toddler] - after[toddler] == {
        ("age_months_min", "12"),
        ("age_months_max", "35"),
        ("age_band", "1_5"),
        ("school_status", "below_school_age"),
    }
    assert {**after, toddler: ()} == {**facts, toddler: ()}
    anew = own.rows()
    assert {key for key in rows if anew[key] != rows[key]} == {toddler}
    with Collection(own.home) as collection:
        assert collection.review(toddler).fields.get("age_band") is None
