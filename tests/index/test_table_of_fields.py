"""An index knows the table of fields it was made with: another table is refused, never a KeyError."""

import json

import pytest
from made import HOME, document, indexed

from casereviews.index import build as building
from casereviews.index import fields, folder
from casereviews.index.build import build, update
from casereviews.index.errors import NoIndex
from casereviews.index.folder import current
from casereviews.index.search import open_index


def said_of(index):
    return index / (index / "CURRENT").read_text("utf-8").strip() / "index.json"


def write(index, change):
    said = json.loads(said_of(index).read_text("utf-8"))
    change(said)
    said_of(index).write_text(json.dumps(said), "utf-8")


def test_the_digest_of_the_searchable_part_stands_in_index_json(tmp_path):
    indexed(tmp_path, [document("a", "neglect")]).close()
    assert json.loads(said_of(tmp_path).read_text("utf-8"))["fields"] == fields.TABLE


@pytest.mark.parametrize("change", [{"fields": "another"}, None], ids=["another", "none named"])
def test_an_index_of_another_table_is_refused_by_readers_and_writers_and_built_anew(
    tmp_path, change
):
    indexed(tmp_path, [document("a", "neglect")]).close()
    write(tmp_path, lambda said: said.update(change) if change else said.pop("fields"))
    for use in (
        lambda: open_index(tmp_path, HOME),
        lambda: update(tmp_path, HOME, [document("b", "x")], (), revision=2),
    ):
        with pytest.raises(NoIndex, match="another table of fields: run `casereviews rebuild`"):
            use()
    build(tmp_path, HOME, [document("a", "neglect")], revision=2)
    assert current(tmp_path, HOME)[1].fields == fields.TABLE


def test_an_unfinished_build_of_another_table_is_not_gone_on_with(tmp_path, monkeypatch):
    with monkeypatch.context() as other:
        other.setattr(folder, "TABLE", "another")
        unfinished = folder.new_generation(tmp_path, HOME)
        assert folder.unfinished(tmp_path, HOME) == unfinished
    assert folder.unfinished(tmp_path, HOME) is None
    assert building.build(tmp_path, HOME, [document("a", "neglect")], revision=1).documents == 1


def test_other_abbreviations_are_another_table(monkeypatch):
    assert fields.made_with() == fields.TABLE
    monkeypatch.setattr(fields, "plurals_of_abbreviations", lambda: {"kites": "kite"})
    assert fields.made_with() != fields.TABLE
