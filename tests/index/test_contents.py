"""The table of contents of an index: read by class names alone, and nothing else in it is run."""

import json
import pickle

import pytest
from made import document, indexed, opened

from casereviews.index.storage.codec import MappedFile


def contents_of(home):
    (table,) = home.rglob("_MAIN_*.toc")
    return table


def without_seals(generation):
    """An index.json as earlier versions wrote it: it says nothing of the files and of withdrawals."""
    said = json.loads((generation / "index.json").read_text("utf-8"))
    del said["files"], said["digest"], said["withdrawals"]
    (generation / "index.json").write_text(json.dumps(said), "utf-8")


def test_an_index_whose_contents_name_our_classes_where_they_once_were_is_searched(tmp_path):
    indexed(tmp_path, [document("a", "unsafe sleep")])
    table = contents_of(tmp_path)
    written = table.read_bytes()
    module = b"casereviews.index.storage.codec"
    former = b"index.codec".ljust(len(module), b"_")  # of the same length, as pickles count letters
    assert module in written
    table.write_bytes(written.replace(module, former))
    without_seals(table.parent)
    assert opened(tmp_path).search("sleep").total == 1


class Trap:
    def __reduce__(self):
        return print, ("run by an index",)


def test_nothing_that_contents_name_besides_is_run(tmp_path, capsys):
    file = tmp_path / "trap"
    file.write_bytes(pickle.dumps(Trap(), 2))
    with pytest.raises(pickle.UnpicklingError, match="an index holds no"):
        MappedFile(file, "trap").read_pickle()
    assert capsys.readouterr().out == ""
