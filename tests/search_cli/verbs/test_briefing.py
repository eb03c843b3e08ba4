"""`briefing`: to the terminal, as JSON, to a file; and what it says when it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.search_cli.verbs.conftest import Runner


def test_it_is_markdown_on_the_terminal_and_a_record_as_json(read: Runner) -> None:
    text = read.ok("briefing", "--theme", "harm_sudi")
    assert text.startswith("# Briefing: ")
    record = read.json("briefing", "--theme", "harm_sudi")
    assert record["reviews"] == 1
    quoted = [one["text"] for case in record["happened"] for one in case["quotations"]]
    assert quoted
    assert all(one in text for one in quoted)


@pytest.mark.parametrize(
    ("name", "begins"), [("a.md", b"# Brief"), ("a.html", b"<!doctype"), ("a.DOCX", b"PK\x03\x04")]
)
def test_a_file_is_what_its_ending_says(
    read: Runner, tmp_path: Path, name: str, begins: bytes
) -> None:
    result = read("briefing", "sleep", "--to", str(tmp_path / name))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "quotations of 1 review" in result.stderr
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("zeppelin",), 1, "no review matches (zeppelin"),
        (("--theme", "zeppelins"), 2, "zeppelins"),
        ((), 2, "say what the briefing is about"),
        (("sleep", "--to", "a.pdf"), 2, ".md, .html, .docx"),
        (("sleep", "--to", "no-such-folder/a.docx"), 2, "no-such-folder"),
    ],
)
def test_what_cannot_be_done_says_so(
    read: Runner, words: tuple[str, ...], code: int, said: str
) -> None:
    result = read("briefing", *words)
    assert result.exit_code == code
    assert said in result.stderr
    assert result.stdout == ""
