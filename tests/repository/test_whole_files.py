"""A file is replaced whole or not at all; what people wrote into TOML stays when a program changes it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.errors import TomlError
from casereviews.repository.toml_files import add_entry, put_value, read_toml, remove_entries
from casereviews.repository.whole_files import replacing, write_whole

ROOT = Path(__file__).parent.parent.parent
CONFIG = """# our proxy needs this
contact = "a@b.org"
contact_note = "the key begins with contact"
model = "/x"
[notes]
who = "Ann"
"""


def test_a_file_whose_writing_fails_is_the_old_one_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_whole(path, "old\n")
    with pytest.raises(TypeError), replacing(path) as out:
        out.writelines([b"half", "no bytes"])  # type: ignore[list-item]
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("a.json", "old\n")]


def test_text_is_written_as_it_is_given(tmp_path: Path) -> None:
    write_whole(tmp_path / "a", "ŵ\r\n")
    assert (tmp_path / "a").read_bytes() == "ŵ\r\n".encode()


def test_one_helper_renames_what_was_written() -> None:
    found = {
        str(path.relative_to(ROOT))
        for room in ("crawler", "repository", "index", "collection", "search_cli", "demo")
        for path in (ROOT / room).rglob("*.py")
        if any(word in path.read_text("utf-8") for word in ('.tmp")', '.part")', "os.replace("))
    }
    assert found == {"repository/whole_files.py"}


def test_setting_a_value_keeps_comments_and_tables_and_keys_that_begin_alike(
    tmp_path: Path,
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(CONFIG, "utf-8")
    put_value(path, "model", None)
    assert path.read_text("utf-8") == CONFIG.replace('model = "/x"\n', "")
    put_value(path, "model", "/y")
    put_value(path, "contact", 'a "quoted" name\n')
    said = read_toml(path)
    assert said == {
        "contact": 'a "quoted" name\n',
        "contact_note": "the key begins with contact",
        "model": "/y",
        "notes": {"who": "Ann"},
    }
    assert "# our proxy needs this" in path.read_text("utf-8")


def test_a_file_that_cannot_be_read_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for body in (b"model = \n", b"model = '\xff'\n"):
        path.write_bytes(body)
        with pytest.raises(TomlError, match=r"config\.toml is no valid TOML"):
            put_value(path, "model", "/x")
        assert path.read_bytes() == body


def test_entries_are_added_and_removed_beside_what_people_wrote(tmp_path: Path) -> None:
    path = tmp_path / "saved.toml"
    path.write_text(
        '# mine\n[[search]]\nname = "a" # first\n[search.filters]\nx = ["y"]\n', "utf-8"
    )
    add_entry(path, "search", {"name": "b", "filters": {"nation": ["Wales"]}})
    assert path.read_text("utf-8").startswith('# mine\n[[search]]\nname = "a" # first\n')
    remove_entries(path, "search", lambda entry: entry["name"] == "a")
    assert read_toml(path) == {"search": [{"name": "b", "filters": {"nation": ["Wales"]}}]}
    remove_entries(path, "search", lambda entry: True)
    assert read_toml(path) == {}
    assert path.read_text("utf-8").startswith("# mine")
    path.write_text('search = [{ name = "a" }]\n', "utf-8")
    add_entry(path, "search", {"name": "b"})
    assert [one["name"] for one in read_toml(path)["search"]] == ["a", "b"]
    path.write_text("search = []\n[other]\nx = 1\n", "utf-8")
    add_entry(path, "search", {"name": "b"})
    assert read_toml(path) == {"search": [{"name": "b"}], "other": {"x": 1}}


TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(values=st.lists(st.tuples(TEXT, TEXT), max_size=4), gone=TEXT)
def test_whatever_is_said_comes_back(
    values: list[tuple[str, str]], gone: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("said") / "a.toml"
    for one, other in values:
        add_entry(path, "said", {"one": one, "other": other}, opening="# opening\n")
    remove_entries(path, "said", lambda entry: entry["one"] == gone)
    text = path.read_text("utf-8") if path.exists() else ""
    left = [{"one": one, "other": other} for one, other in values if one != gone]
    assert tomllib.loads(text).get("said", []) == left
