"""Files that a PDF carries: listed, and read in its place where its own page only says that it is a portfolio.

A portfolio stays one document, so that holding or withdrawing it reaches all that it carries; its pages are those of its files, each
file under its name.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from casereviews.repository.model import Heading, Page
from casereviews.repository.reading.content import Attached, Content, Opening
from casereviews.repository.reading.errors import NothingInside, UnreadableFile
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.placeholders import placeholder_of
from casereviews.repository.reading.sniffing import recognise
from casereviews.repository.reading.summary import added

_NAMED = 10  # attached files that a detail names


def with_attached(content: Content, limits: Limits, deadline: Deadline) -> Content:
    """The content with its attached files named, and with their pages instead of its own where those are a placeholder."""
    names = [each.name for each in content.attached]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    detail = added(content.detail, f"attached files: {', '.join(names[:_NAMED])}{more}")
    blank = not any(page.text or page.status == "needs_ocr" for page in content.pages)
    if not blank and placeholder_of(content.pages) != "portfolio":
        return replace(content, detail=detail)
    pages: list[Page] = []
    status = content.status
    for each in content.attached:
        try:
            read = _read(each, limits, deadline)
        except UnreadableFile as trouble:
            status, detail = "partial", added(detail, f"{each.name}: {trouble}")
            continue
        if waiting := sum(page.status == "needs_ocr" for page in read.pages):
            told = f"{each.name}: {waiting} scanned pages, `casereviews add` the file by itself"
            status, detail = "partial", added(detail, told)
        pages += _under_its_name(each.name, read.pages, len(pages))
    return replace(content, pages=tuple(pages) or content.pages, status=status, detail=detail)


def _read(each: Attached, limits: Limits, deadline: Deadline) -> Content:
    if not each.content:
        raise NothingInside("cannot be taken out of the portfolio")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "attached"
        path.write_bytes(each.content)
        opening = Opening(path, None, each.name)
        return recognise(opening).read(opening, limits, deadline)


def _under_its_name(name: str, pages: tuple[Page, ...], before: int) -> Iterator[Page]:
    for at, page in enumerate(pages):
        status = "empty" if page.status == "needs_ocr" else page.status
        text, headings = page.text, page.headings
        if at == 0:
            lead = f"{name}\n\n"
            moved = (replace(one, start=one.start + len(lead)) for one in headings)
            text, headings = lead + text, (Heading(0, name, 1), *moved)
            status = "ok"
        yield replace(
            page, number=before + at + 1, text=text, raw="", status=status, headings=headings
        )
