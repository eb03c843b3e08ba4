"""`add` says of each file what became of it, and ends as the work ended."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from casereviews import Collection
from casereviews.collection.changing import adding
from casereviews.collection.changing.adding import ENDINGS, Added
from tests.crawler.server import Answer, serving
from tests.repository.reading import covered_pdfs
from tests.search_cli import small_home
from tests.search_cli.verbs.conftest import Runner

BROKEN = b"%PDF-1.4\nthis was a report once\n%%EOF\n"
TEXT = "The nursery worker wrote to the health visitor in the autumn, and a month went by."


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder


def test_a_folder_gives_every_file_of_a_format_that_is_read() -> None:
    read = {
        ".pdf",
        ".doc",
        ".docx",
        ".docm",
        ".odt",
        ".fodt",
        ".odp",
        ".fodp",
        ".rtf",
        ".pptx",
        ".ppsm",
        ".potm",
        ".mht",
        ".html",
    }
    assert read - ENDINGS == set()


def test_a_folder_tells_of_each_file_by_its_name(change: Runner, sent: Path) -> None:
    (sent / "untold.html").write_bytes(small_home.html("Learning from Barnmoor", TEXT))
    (sent / "damaged.pdf").write_bytes(BROKEN)
    (sent / "covering.pdf").write_bytes(covered_pdfs.made(covered_pdfs.HIDDEN["black box"]))
    (sent / "nothing.pdf").write_bytes(b"")
    (sent / "empty too.pdf").write_bytes(b"")
    (sent / "list.xlsx").write_bytes(b"x")
    (sent / "photo.jpg").write_bytes(b"x")
    result = change("add", str(sent), "--publisher", "Pear Vale Trust")
    assert result.exit_code == 0
    lines = {Path(line.split(" - ")[0]).name: line for line in result.stdout.splitlines()}
    assert lines.keys() == {
        "untold.html",
        "damaged.pdf",
        "covering.pdf",
        "nothing.pdf",
        "empty too.pdf",
    }
    assert lines["untold.html"].endswith(f"new {sent / 'untold.html'}")
    assert "corrupt: a damaged PDF" in lines["damaged.pdf"]
    assert "fetch it again" not in lines["damaged.pdf"]
    for name in ("nothing.pdf", "empty too.pdf"):
        assert lines[name] == (
            f"(not kept) empty {sent / name} - the file has no bytes: ask for it again"
        )
    assert "skipped 2 files of other endings: list.xlsx, photo.jpg" in result.stderr
    record = change.json("show", lines["untold.html"].split()[0])
    assert record["title"] == "Learning from Barnmoor"
    # What a file covers is named to the keeper, never its words.
    assert lines["covering.pdf"].endswith("covering.pdf - covered text on page 1")
    covering = lines["covering.pdf"].split()[0]
    doctor, status = change("doctor").stdout, change("status").output
    assert f"{covering} (manual-pear-vale-trust): covered text on page 1: the publisher may" in doctor  # fmt: skip
    assert "1 file (`casereviews doctor` names them)" in status
    assert covered_pdfs.SECRET not in doctor + status + change.ok("show", covering, "--page", "1")


def test_it_ends_with_1_when_nothing_could_be_read(change: Runner, sent: Path) -> None:
    broken, empty, good = sent / "broken.pdf", sent / "empty.pdf", sent / "12.txt"
    broken.write_bytes(BROKEN)
    empty.write_bytes(b"")
    good.write_text(TEXT, "utf-8")
    by = ("--publisher", "Pear Vale Trust")
    assert change("add", str(broken), str(empty), *by).exit_code == 1
    assert change("add", str(broken), str(good), *by).exit_code == 0
    # Page 1 begins with running text: only the name is left.
    identifier = change.ok("add", str(good), *by).split()[0]
    assert change.json("show", identifier)["title"] == "12.txt"


@pytest.mark.slow
def test_an_address_without_a_document_is_named_and_the_others_are_kept(
    change: Runner, sent: Path
) -> None:
    good = sent / "kept.html"
    good.write_bytes(small_home.html("Practice Review: Child W", TEXT))
    with serving({"/gone.pdf": Answer(b"", status=404)}) as site, Collection(change.home) as home:
        gone = f"{site.url}/gone.pdf"
        failed, kept = home.add([gone, str(good)], publisher="Pear Vale Trust")
    assert isinstance(kept, Added)
    assert (failed.name, failed.result, failed.document_id) == (gone, "failed", None)
    assert "no document" in failed.detail
    assert (failed.has_failed, kept.has_failed) == (True, False)
    assert (kept.name, kept.title, kept.status) == (str(good), "Practice Review: Child W", "ok")


def test_what_cannot_be_added_is_named_with_its_reason_and_the_rest_goes_on(
    change: Runner, sent: Path
) -> None:
    good, pipe, large = sent / "kept.html", sent / "pipe.pdf", sent / "large.pdf"
    good.write_bytes(small_home.html("Practice Review: Child W", TEXT))
    os.mkfifo(pipe)
    (sent / "nowhere.pdf").symlink_to(sent / "nothing.pdf")
    with large.open("wb") as file:
        file.truncate(adding.MOST_MB * 1_000_000 + 1)
    odd = os.fsdecode(os.fsencode(sent) + b"/odd\xff.html")
    Path(odd).write_bytes(good.read_bytes())
    told = change("add", "", str(sent), "--publisher", "Trust", "--heading", "Child W")
    lines = {line.split(" - ")[0].rpartition("/")[2]: line for line in told.stdout.splitlines()}
    assert told.exit_code == 0
    assert " new " in lines["kept.html"]
    assert "odd\ufffd.html" in lines
    assert "is a device or a pipe" in lines["pipe.pdf"]
    assert "is neither a file nor a folder" in lines["nowhere.pdf"]
    assert "the limit is 250 MB" in lines["large.pdf"]
    assert "an empty name" in told.stdout


def test_an_address_with_a_password_is_neither_asked_nor_shown(change: Runner) -> None:
    told = change("add", "http://anna:wagtail@127.0.0.1:9/a.pdf", "--publisher", "Trust")
    assert told.exit_code == 2
    assert "'http://127.0.0.1:9' was given with a name or a password" in told.stderr
    assert "wagtail" not in told.output


def test_nothing_is_kept_when_every_name_is_wrong(change: Runner, sent: Path) -> None:
    before = [*change.home.archive.rglob("*")]
    for name in (
        "",
        " ",
        str(sent / "nowhere.pdf"),
        "/dev/null",
        "file:///x",
        "x" * 5000,
        "http://",
        "http://[",
        "HTTP://x:y/",
    ):
        wrong = change("add", name, "--publisher", "Trust")
        assert (wrong.exit_code, wrong.stdout) == (2, "")
        assert name[:20] in wrong.stderr
    assert [*change.home.archive.rglob("*")] == before
    (sent / "only").mkdir()
    (sent / "only" / "list.xlsx").write_bytes(b"x")
    none = change("add", str(sent / "only"), "--publisher", "Trust")
    assert (none.exit_code, "no file that could be a report (1 other" in none.stderr) == (2, True)
