"""Copies of kept files for programs that open them: the archive itself is never handed out."""

from __future__ import annotations

import mimetypes
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repository.home import Home
from search_cli.errors import BadRequest

ENDINGS = {
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/msword": ".doc",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/html": ".html",
    "text/plain": ".txt",
}


def readable_copy(home: Home, document: Mapping[str, Any]) -> Path:
    """A copy of a document's file in the temporary folder, named by its id and with the ending of its type."""
    from repository.archive import Archive

    sha256 = document.get("sha256")
    if not sha256:
        raise BadRequest(f"no file is kept of {document['document_id']}: try --web")
    kept = Archive(home.archive).path(str(sha256))
    if not kept.is_file():
        raise BadRequest(
            f"the file of {document['document_id']} is missing: run `casereviews doctor`"
        )
    kind = str(document.get("media_type") or "")
    ending = ENDINGS.get(kind) or mimetypes.guess_extension(kind) or ""
    folder = Path(tempfile.gettempdir()) / "casereviews-open"
    folder.mkdir(mode=0o700, exist_ok=True)
    target = folder / f"{document['document_id']}{ending}"
    shutil.copyfile(kept, target)
    return target
