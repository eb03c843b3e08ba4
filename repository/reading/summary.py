"""What is said of a whole file, from what its pages are: status, detail, hash of its text."""

from __future__ import annotations

import hashlib

from casereviews.repository.model import Page
from casereviews.repository.reading.repair import fold

WAIT_FOR_OCR = "pages need OCR"
"""What a detail says of a file some of whose pages are scans that were not recognised."""


def summed_up(pages: tuple[Page, ...], status: str, detail: str) -> tuple[str, str]:
    """The status of a document from those of its pages."""
    readable = sum(page.status == "ok" for page in pages)
    waiting = sum(page.status == "needs_ocr" for page in pages)
    if waiting:
        told = f"{waiting} of {len(pages)} {WAIT_FOR_OCR}"
        detail = added(detail, told)
        if status in ("ok", "partial"):
            status = "partial" if readable else "needs_ocr"
    elif not readable and status in ("ok", "partial"):
        return "empty", added(detail, "no text on any page")
    return status, detail


def text_sha256(pages: tuple[Page, ...], status: str) -> str | None:
    """Hash of the natively read text, folded; None unless every page with content was read natively and whole."""
    if status != "ok" or any(page.method == "ocr" or page.status == "needs_ocr" for page in pages):
        return None
    text = fold(" ".join(page.text for page in pages))
    return hashlib.sha256(text.encode("utf-8")).hexdigest() if text else None


def added(detail: str, more: str) -> str:
    """A detail with one more part."""
    return f"{detail}; {more}" if detail else more
