"""A file is replaced whole or not at all; what people wrote into TOML stays when a program changes it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.errors import TomlError
from casereviews.repository.toml_files import (
    add_entry,
    put_value,
    read_toml,
    remove_entries,
    with_entry_changed,
    write_toml,
)
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
        for room in (
            "crawler",
            "repository",
            "index",
            "collection",
            "search_cli",
            "demo",
            "web",
            "notebook",
        )
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
    for body, said in (
        (b"model = \n", r"config\.toml is no valid TOML"),
        (b"model = '\xff'\n", r"config\.toml, line 1: not UTF-8 text"),
    ):
        path.write_bytes(body)
        with pytest.raises(TomlError, match=said):
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


OWN = """# my sources
[[source]]
id = "pear-vale" # ours
start_urls = ["https://old.example/"]  # since May
status = "verified"

# the other
[[source]]
id = "elm"
"""
CHANGE = {
    "start_urls": ["https://new.example/"],
    "hosts": ["old.example", "new.example"],
    "follow": [{"text": "^Reviews$", "role": "list"}],
}


def test_one_entry_is_changed_and_all_comments_stay(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(OWN, "utf-8")
    before, after = with_entry_changed(path, "source", "pear-vale", CHANGE)
    assert before == path.read_text("utf-8") == OWN
    first, second = tomllib.loads(after)["source"]
    assert first == {"id": "pear-vale", "status": "verified", **CHANGE}
    assert second == {"id": "elm"}
    for comment in ("# my sources", "# ours", "# since May", "# the other"):
        assert comment in after
    write_toml(path, after)
    assert path.read_text("utf-8") == after


@pytest.mark.parametrize("text", ["", "# my sources\n", OWN, 'source = [{ id = "elm" }]\n'])
def test_an_entry_that_is_not_there_is_added(tmp_path: Path, text: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, "utf-8")
    _, after = with_entry_changed(path, "source", "oak", CHANGE)
    *others, added = tomllib.loads(after)["source"]
    assert added == {"id": "oak", **CHANGE}
    assert others == tomllib.loads(text).get("source", [])
    assert after.startswith(text.split("[[")[0].rstrip("]} \n")[:12])


def test_without_a_file_the_change_is_a_file_of_its_own(tmp_path: Path) -> None:
    before, after = with_entry_changed(tmp_path / "none.toml", "source", "oak", {"family": "govuk"})
    assert (before, after) == ("", '[[source]]\nid = "oak"\nfamily = "govuk"\n')


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(OWN, "utf-8")
    with pytest.raises(tomllib.TOMLDecodeError):
        write_toml(path, "[[source]\n")
    assert path.read_text("utf-8") == OWN
