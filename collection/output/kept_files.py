"""Copies of kept files for programs that open them: the archive itself is never handed out."""

from __future__ import annotations

import getpass
import mimetypes
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from casereviews.collection.errors import RequestError
from casereviews.collection.output.hostile import for_terminal
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import HomeDamaged
from casereviews.repository.home import Home
from casereviews.repository.this_system import is_anothers

if TYPE_CHECKING:
    from casereviews.repository.published_documents import ReviewDocument

ENDINGS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/msword": ".doc",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.presentation": ".odp",
    "application/rtf": ".rtf",
    "text/plain": ".txt",
}

ACTIVE = frozenset(["text/html", "application/xhtml+xml", "multipart/related"])
"""Types whose programs run scripts and ask for pictures: of these the text is handed out."""

_BEGINNINGS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")
"""What files of documents begin with, PDF, zip, OLE and RTF: one that bears such a name and has none may be a web page."""

KEPT_FOR = 24 * 3600.0
"""Seconds. An older copy is removed when the next one is made: whoever opened it has closed it, or saved what they need."""


@contextmanager
def kept_file(home: Home, document: ReviewDocument) -> Iterator[Path]:
    """A document's file, whole, as a file of this machine while the block runs. Raises RequestError when none is kept, HomeDamaged, ArchiveError."""
    if not document.sha256:
        raise RequestError(f"no file is kept of {document.document_id}: try --web")
    archive = archive_of(home)
    if document.sha256 not in archive:
        raise HomeDamaged(
            f"the file of {document.document_id} is missing: run `casereviews doctor`"
        )
    with archive.file(document.sha256, checked=True) as path:
        yield path


def ending_of(media_type: str) -> str:
    """The ending of a type of file, ".pdf"; "" when it is unknown."""
    known = ENDINGS.get(media_type)
    if known is None and media_type.startswith("application/vnd."):
        known = mimetypes.guess_extension(media_type)
    return known or ""


def readable_copy(home: Home, document: ReviewDocument, texts: Iterable[str]) -> Path:
    """A copy of a document's file in the temporary folder, named by its id and with the ending of its type; its user alone can read it.

    Of a web page, under whatever name, and of a type without a known ending, it is the text, `texts` of its pages: a browser would run its scripts, as a
    file of this machine. Copies of yesterday are removed. Raises RequestError when nothing is kept or read.
    """
    with kept_file(home, document) as kept:
        return _copied(kept, document, texts)


def _copied(kept: Path, document: ReviewDocument, texts: Iterable[str]) -> Path:
    kind = document.media_type or ""
    ending = "" if kind in ACTIVE else ending_of(kind)
    if ending != ".txt" and not _is_document(kept):
        ending = ""
    folder = _own_folder()
    target = folder / f"{document.document_id}{ending or '.txt'}"
    text = "" if ending else "\n\n".join(map(for_terminal, texts))
    if not ending and not text.strip():
        raise RequestError(
            f"no text was read of {document.document_id}, and its file could act on this machine: try --web"
        )
    # Its user alone can read it; a withdrawal finds what a killed run left of it by the name.
    handle, part = tempfile.mkstemp(prefix=f"{document.document_id}.", dir=folder)
    with os.fdopen(handle, "wb") as copy:
        if ending:
            with kept.open("rb") as file:
                shutil.copyfileobj(file, copy)
        else:
            copy.write(text.encode("utf-8"))
    Path(part).replace(target)
    return target


def _is_document(file: Path) -> bool:
    with file.open("rb") as opened:
        head = opened.read(1024)
    return any(one in head for one in _BEGINNINGS)


def forget_copies(document_ids: Iterable[str]) -> None:
    """Remove the copies of withdrawn documents that this user's `open` made."""
    for document_id in document_ids:
        for copy in _folder().glob(f"{document_id}.*"):
            copy.unlink()


def _own_folder() -> Path:
    """The folder of this user's copies, which nobody else can read, without the copies that are older than KEPT_FOR."""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    if is_anothers(folder):
        raise RequestError(f"{folder} belongs to somebody else: remove it, or set TMPDIR")
    folder.chmod(0o700)
    for copy in folder.iterdir():
        with suppress(OSError):  # Windows keeps what a program has open
            if time.time() - copy.lstat().st_mtime > KEPT_FOR:
                copy.unlink()
    return folder


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"casereviews-open-{getpass.getuser()}"
