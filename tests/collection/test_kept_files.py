"""Copies of kept files for programs that open them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from casereviews.collection.errors import RequestError
from casereviews.collection.output.kept_files import KEPT_FOR, forget_copies, readable_copy
from casereviews.repository.archive import FolderArchive
from casereviews.repository.home import Home
from casereviews.repository.published_documents import ReviewDocument

BODY = b"%PDF-1.7 <script>alert(1)</script> as it was published"
PAGE = b"<html><script>alert(1)</script><p>A page under another name"
TEXT = "What was read\x9b31m of it."
OFFICE = "application/vnd.openxmlformats-officedocument."
needs_rights = pytest.mark.skipif(os.name != "posix", reason="Windows gives each user their own")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return Home(tmp_path / "home").create()


def kept(home: Home, media_type: str | None, body: bytes = BODY) -> ReviewDocument:
    document = ReviewDocument(
        document_id="1ag1x9etwj0bd",
        title=None,
        url=None,
        landing_url=None,
        role=None,
        published=None,
        language=None,
        sha256=FolderArchive(home.archive).put(body).sha256,
        media_type=media_type,
        pages=1,
        text_status="ok",
        availability="available",
        origin="crawl",
        link_reason="",
        versions=1,
    )
    return document


@pytest.mark.parametrize(
    ("media_type", "ending"),
    [
        ("application/pdf", ".pdf"),
        ("application/msword", ".doc"),
        (f"{OFFICE}wordprocessingml.document", ".docx"),
        (f"{OFFICE}presentationml.presentation", ".pptx"),
        ("application/vnd.oasis.opendocument.text", ".odt"),
        ("application/rtf", ".rtf"),
        ("text/plain", ".txt"),
    ],
)
def test_a_document_is_copied_as_it_was_published(home: Home, media_type: str, ending: str) -> None:
    copy = readable_copy(home, kept(home, media_type), [TEXT])
    assert (copy.name, copy.read_bytes()) == (f"1ag1x9etwj0bd{ending}", BODY)
    assert list(copy.parent.iterdir()) == [copy]


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "application/xhtml+xml",
        "multipart/related",
        "image/svg+xml",
        "text/xml",
        "application/octet-stream",
        "message/rfc822",
        "text/x-sh",
        "application/x-msdownload",
        None,
    ],
)
def test_of_what_could_act_on_this_machine_the_text_is_handed_out(
    home: Home, media_type: str | None
) -> None:
    copy = readable_copy(home, kept(home, media_type), [TEXT, "p. 2"])
    assert copy.name == "1ag1x9etwj0bd.txt"
    assert copy.read_text("utf-8") == "What was read31m of it.\n\np. 2"
    with pytest.raises(RequestError, match="try --web"):
        readable_copy(home, kept(home, media_type), [" "])


@pytest.mark.parametrize("media_type", ["application/pdf", "application/msword", "text/plain"])
def test_a_web_page_under_another_name_is_handed_out_as_its_text(
    home: Home, media_type: str
) -> None:
    copy = readable_copy(home, kept(home, media_type, PAGE), [TEXT])
    assert copy.suffix == ".txt"


@pytest.mark.parametrize(
    "begins", [b"%PDF-1.4", b"\n\n%PDF-1.4", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf1"]
)
def test_a_document_under_the_name_of_another_kind_is_as_it_was_published(
    home: Home, begins: bytes
) -> None:
    document = kept(home, "application/msword", begins + PAGE)
    assert readable_copy(home, document, [TEXT]).read_bytes() == begins + PAGE


@needs_rights
def test_its_user_alone_can_read_a_copy(home: Home) -> None:
    folder = readable_copy(home, kept(home, "application/pdf"), []).parent
    folder.chmod(0o755)
    for media_type in ("application/pdf", "text/html"):
        copy = readable_copy(home, kept(home, media_type), [TEXT])
        assert (copy.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_copy_replaces_what_stands_under_its_name_and_follows_no_link(
    home: Home, tmp_path: Path
) -> None:
    copy = readable_copy(home, kept(home, "application/pdf"), [])
    theirs = tmp_path / "theirs.pdf"
    theirs.write_bytes(b"theirs")
    copy.unlink()
    copy.symlink_to(theirs)
    readable_copy(home, kept(home, "application/pdf"), [])
    assert (theirs.read_bytes(), copy.is_symlink(), copy.read_bytes()) == (b"theirs", False, BODY)


def test_copies_of_yesterday_go_with_the_next_and_those_of_today_stay(home: Home) -> None:
    folder = readable_copy(home, kept(home, "application/pdf"), []).parent
    for name, age in (("old.pdf", KEPT_FOR + 60), ("part.x1", KEPT_FOR + 60), ("new.pdf", 60)):
        (folder / name).write_bytes(b"x")
        at = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (at, at))
    readable_copy(home, kept(home, "application/pdf"), [])
    assert sorted(one.name for one in folder.iterdir()) == ["1ag1x9etwj0bd.pdf", "new.pdf"]


def test_a_withdrawal_takes_copies_and_what_a_killed_run_left_of_them(home: Home) -> None:
    copy = readable_copy(home, kept(home, "application/pdf"), [])
    copy.with_name("1ag1x9etwj0bd.k3f9q").write_bytes(BODY[:9])
    copy.with_name("other.pdf").write_bytes(b"x")
    forget_copies(["1ag1x9etwj0bd"])
    assert [one.name for one in copy.parent.iterdir()] == ["other.pdf"]


def test_a_copy_that_breaks_off_leaves_a_part_that_a_withdrawal_finds(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        readable_copy(home, kept(home, "application/pdf"), [])
    forget_copies(["1ag1x9etwj0bd"])
    (folder,) = Path(tempfile.gettempdir()).iterdir()
    assert list(folder.iterdir()) == []
