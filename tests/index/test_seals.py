"""Every file of an index is sealed: what is not as it was written is named, and nothing is answered from it."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
from pathlib import Path

import pytest
from made import HOME, document, indexed, opened

from casereviews.index.build import build, update
from casereviews.index.errors import IndexDamaged, NoIndex
from casereviews.index.folder import changing, current, read_through
from casereviews.index.similar.vectors import VectorStore
from casereviews.index.storage import segments
from casereviews.index.storage.codec import MappedStorage

DOCUMENTS = [document(f"d{n}", f"unsafe sleep and neglect {n}") for n in range(4)]
FILES = ("CURRENT", "index.json", "pages.db", "*.trm", "*.pst", "*.toc", "*.ordinal.col")
DAMAGES = ("gone", "empty", "half", "flip", "noise", "folder", "other")


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound") / "index"
    indexed(folder, DOCUMENTS)
    return folder


def file_of(index: Path, name: str) -> Path:
    return next(iter([*index.glob(name), *index.glob(f"g*/{name}")]))


def damage(file: Path, kind: str) -> None:
    body = bytearray(file.read_bytes())
    if kind in ("gone", "folder"):
        file.unlink()
    if kind == "folder":
        file.mkdir()
    if kind == "flip":
        body[len(body) // 2] ^= 0x10
    written = {
        "empty": b"",
        "half": body[: len(body) // 2],
        "flip": body,
        "noise": random.Random(3).randbytes(len(body)),
        "other": b'{"of": "another file"}\n',
    }
    if kind in written:
        file.write_bytes(written[kind])


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(kind, marks=[pytest.mark.slow] * (kind not in ("gone", "flip")))
        for kind in DAMAGES
    ],
)
@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_of_an_index_is_named_and_the_index_can_be_built_anew(
    sound, tmp_path, name, kind
):
    index = tmp_path / "index"
    shutil.copytree(sound, index)
    damage(file_of(index, name), kind)
    with pytest.raises(IndexDamaged, match=r"damaged: .*: run `casereviews rebuild --index`"):
        opened(index)
    build(index, HOME, DOCUMENTS, revision=2)
    assert opened(index).search("sleep").total == len(DOCUMENTS)


def test_damage_that_hides_behind_old_times_is_found_when_every_byte_is_read(sound, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(sound, index)
    file = file_of(index, "*.pst")
    before = file.stat()
    damage(file, "flip")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert read_through(index, HOME) == [(file, "is not as it was written")]


def test_a_copy_with_new_times_is_read_through_once_and_what_kept_its_times_never(
    sound, tmp_path, monkeypatch
):
    from casereviews.repository import seals

    read = []
    digest = seals.digest_of
    monkeypatch.setattr(seals, "digest_of", lambda path: read.append(path.name) or digest(path))
    current(sound, HOME)
    shutil.copytree(sound, tmp_path / "kept times")
    current(tmp_path / "kept times", HOME)
    assert read == []
    shutil.copytree(sound, tmp_path / "new times", copy_function=shutil.copyfile)
    current(tmp_path / "new times", HOME)
    once = len(read)
    current(tmp_path / "new times", HOME)
    assert (once > 3, len(read)) == (True, once)


def test_files_are_not_held_to_their_seals_while_a_writer_changes_them(sound, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(sound, index)
    folder, _ = current(index, HOME)
    with changing(folder):
        (folder / "extra").write_text("x", "utf-8")
        assert opened(index).search("sleep").total == len(DOCUMENTS)
    assert current(index, HOME)[0] == folder
    assert "extra" in json.loads((folder / "index.json").read_text("utf-8"))["files"]
    assert read_through(index, HOME) == []


def test_an_update_seals_what_it_wrote(sound, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(sound, index)
    update(index, HOME, [document("new", "a sofa")], ["d0"], revision=2)
    assert read_through(index, HOME) == []
    damage(file_of(index, "pages.db"), "flip")
    with pytest.raises(IndexDamaged):
        opened(index)


def test_an_index_with_fewer_documents_than_it_says_answers_nothing(sound, tmp_path):
    index = tmp_path / "index"
    shutil.copytree(sound, index)
    path = file_of(index, "index.json")
    said = json.loads(path.read_text("utf-8"))
    for name in ("files", "digest"):  # as earlier versions wrote it
        del said[name]
    path.write_text(json.dumps({**said, "documents": 5}), "utf-8")
    with pytest.raises(IndexDamaged, match="holds 4 documents instead of 5"):
        opened(index)


@pytest.mark.parametrize("name", ["../g001", "/etc", "g001/../../other", "g1", "g001\nx", "..", ""])
def test_current_names_generations_of_this_index_and_nothing_else(sound, tmp_path, name):
    index = tmp_path / "index"
    shutil.copytree(sound, index)
    (index / "CURRENT").write_text(name, "utf-8")
    with pytest.raises(IndexDamaged, match="names"):
        opened(index)


def test_an_empty_folder_holds_no_index_and_is_not_called_damaged(tmp_path):
    with pytest.raises(NoIndex) as error:
        opened(tmp_path)
    assert not isinstance(error.value, IndexDamaged)


@pytest.mark.parametrize(
    ("segment_id", "count"), [("../../../etc/pass", 4), ("a" * 16, -1), (b"x", 4), ("a" * 16, True)]
)
def test_a_table_of_contents_names_no_file_that_is_no_segment(
    tmp_path, monkeypatch, segment_id, count
):
    indexed(tmp_path, DOCUMENTS)
    folder, _ = current(tmp_path, HOME)

    class Said:
        segid, _doccount = segment_id, count

    monkeypatch.setattr(
        segments.TOC, "read", lambda *a, **k: type("Toc", (), {"segments": [Said()]})
    )
    with pytest.raises(ValueError, match="is no"):
        segments.read_contents(MappedStorage(str(folder)))


def test_a_pickle_of_an_index_changes_no_class_of_ours(tmp_path):
    from whoosh.codec.whoosh3 import W3Segment

    from casereviews.index.storage.codec import MappedFile

    file = tmp_path / "toc"
    # The class itself, with a state for its attributes: setattr(W3Segment, "codec", 1).
    file.write_bytes(
        pickle.PROTO + b"\x02cwhoosh.codec.whoosh3\nW3Segment\nN}X\x05\x00\x00\x00codecK\x01s\x86b."
    )
    before = W3Segment.codec
    MappedFile(file, "toc").read_pickle()
    assert W3Segment.codec is before


def test_vectors_name_no_file_outside_their_folder(tmp_path):
    store = VectorStore(tmp_path, "sea")
    store.folder.mkdir(parents=True)
    other = tmp_path / "precious.npy"
    other.write_bytes(b"x")
    said = {"last": 1, "segments": [{"file": "../../precious.npy", "rows": [["a", 1, 0, 1]]}]}
    (store.folder / "vectors.json").write_text(json.dumps({**said, "documents": {"a": "x"}}))
    assert not store.sound()
    with pytest.raises(ValueError, match="no segment's name"):
        store.remove(["a"])
    assert other.exists()
