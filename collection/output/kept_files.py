"""Copies of kept files for programs that open them: the archive itself is never handed out."""

from __future__ import annotations

import getpass
import mimetypes
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from casereviews.collection.errors import RequestError
from casereviews.collection.output.hostile import for_terminal
from casereviews.repository.archive import Archive
from casereviews.repository.errors import HomeDamaged
from casereviews.repository.home import Home
from casereviews.repository.published_documents import ReviewDocument
from casereviews.repository.this_system import is_anothers

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


def readable_copy(home: Home, document: ReviewDocument, texts: Iterable[str]) -> Path:
    """A copy of a document's file in the temporary folder, named by its id and with the ending of its type.

    Of a web page it is the text, `texts` of its pages: a browser would run its scripts, as a file of this machine. Raises RequestError when nothing is kept or read.
    """
    if not document.sha256:
        raise RequestError(f"no file is kept of {document.document_id}: try --web")
    kept = Archive(home.archive).path(document.sha256)
    if not kept.is_file():
        raise HomeDamaged(
            f"the file of {document.document_id} is missing: run `casereviews doctor`"
        )
    Archive(home.archive).check(document.sha256)
    kind = document.media_type or ""
    active = kind in ACTIVE
    known = ENDINGS.get(kind) or (
        mimetypes.guess_extension(kind) if kind.startswith("application/vnd.") else None
    )
    ending = ".txt" if active else known or ""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    if is_anothers(folder):
        raise RequestError(f"{folder} belongs to somebody else: remove it, or set TMPDIR")
    target = folder / f"{document.document_id}{ending}"
    if active:
        text = "\n\n".join(map(for_terminal, texts))
        if not text.strip():
            raise RequestError(f"no text was read of {document.document_id}, a web page: try --web")
        target.write_text(text, encoding="utf-8")
    else:
        shutil.copyfile(kept, target)
    return target


def forget_copies(document_ids: Iterable[str]) -> None:
    """Remove the copies of withdrawn documents that this user's `open` made."""
    for document_id in document_ids:
        for copy in _folder().glob(f"{document_id}.*"):
            copy.unlink()


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"casereviews-open-{getpass.getuser()}"
