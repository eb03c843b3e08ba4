"""Files that people edit: any encoding that editors write, and what else stands in them named with file and line."""

from __future__ import annotations

import pytest

from casereviews.crawler.errors import CrawlerError
from casereviews.crawler.network.manners import contact_of
from casereviews.crawler.sources import load_sources
from casereviews.repository.edited_text import edited_text
from casereviews.repository.errors import TomlError
from casereviews.repository.home import Home
from casereviews.repository.toml_files import put_value, read_entries, read_toml, read_word

SAID = '# Bärnmoor\ncontact = "a@b.example"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_that_editors_write_is_read_and_changed(tmp_path, encoding):
    path = tmp_path / "config.toml"
    path.write_bytes(SAID.encode(encoding))
    assert read_word(path, "contact") == "a@b.example"
    put_value(path, "model", "/models/sea")
    assert read_toml(path) == {"contact": "a@b.example", "model": "/models/sea"}
    assert "# Bärnmoor" in edited_text(path)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (SAID.encode("latin-1"), "line 1: not UTF-8 text"),
        (b"a = 1\nb = \xff\xfe\n", "line 2: not UTF-8 text"),
        (b"\xff\xfe\x00", "line 1: not UTF-8 text"),
        (b"a = 1\n\x00", "line 2"),
        (b"a = " + b"[" * 20_000, "no valid TOML"),
    ],
)
def test_what_is_no_text_or_no_toml_is_told_with_file_and_line(tmp_path, said, told):
    path = tmp_path / "config.toml"
    path.write_bytes(said)
    with pytest.raises(TomlError, match=told) as error:
        read_toml(path)
    assert str(path) in str(error.value)
    path.rename(tmp_path / "sources.toml")
    with pytest.raises(CrawlerError, match=r"sources\.toml"):
        load_sources(tmp_path / "sources.toml")


def test_a_folder_in_place_of_a_file_is_told(tmp_path):
    with pytest.raises(TomlError, match="cannot be read"):
        read_toml(tmp_path)


@pytest.mark.parametrize("value", ["3", '["a"]', "true", '"a\\r\\nX-Evil: 1"', "{a = 1}"])
def test_a_contact_that_is_no_text_in_one_line_is_told_with_its_line(tmp_path, monkeypatch, value):
    monkeypatch.delenv("CASEREVIEWS_CONTACT", raising=False)
    home = Home(tmp_path)
    home.config_toml.write_text(f"# ours\ncontact = {value}\n", "utf-8")
    with pytest.raises(TomlError, match=r'config.toml, line 2: write contact = "..."'):
        contact_of(home)


@pytest.mark.parametrize("said", ["search = 3\n", "search = [1]\n", "[search]\nname = 'q'\n"])
def test_entries_of_another_form_are_told_with_their_line(tmp_path, said):
    path = tmp_path / "saved.toml"
    path.write_text(said, "utf-8")
    with pytest.raises(TomlError, match="line 1: write each search under a line"):
        read_entries(path, "search")
