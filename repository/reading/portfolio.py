"""Files that a PDF carries: listed, and given for documents of their own where its own page only says that it is a portfolio."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from casereviews.repository.model import Attached
from casereviews.repository.reading.content import Content, Opening
from casereviews.repository.reading.errors import NothingInside, UnreadableFile
from casereviews.repository.reading.placeholders import placeholder_of
from casereviews.repository.reading.sniffing import recognise
from casereviews.repository.reading.summary import added
from casereviews.repository.temporary_folders import temporary_folder

_NAMED = 10  # attached files that a detail names


def with_attached(content: Content) -> Content:
    """The content with its attached files named; of a portfolio without its placeholder and with the files that are documents.

    A file of no format that holds text is named with the reason; a portfolio with none but such is its placeholder.
    """
    names = [each.name for each in content.attached]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    detail = added(content.detail, f"attached files: {', '.join(names[:_NAMED])}{more}")
    blank = not any(page.text or page.status == "needs_ocr" for page in content.pages)
    if not blank and placeholder_of(content.pages) != "portfolio":
        return replace(content, detail=detail)
    enclosed: list[Attached] = []
    troubles: list[str] = []
    for each in content.attached:
        try:
            enclosed.append(replace(each, media_type=_media_type(each)))
        except UnreadableFile as trouble:
            troubles.append(f"{each.name}: {trouble}")
    for told in troubles:
        detail = added(detail, told)
    if not enclosed:
        return replace(content, detail=detail)
    detail = added(
        detail, f"a portfolio: documents of its review are {len(enclosed)} of {len(names)} files"
    )
    return replace(content, pages=(), detail=detail, enclosed=tuple(_told_apart(enclosed)))


def _media_type(each: Attached) -> str:
    """What a file is by its first bytes, of any format that can be read."""
    if not each.content:
        raise NothingInside("cannot be taken out of the portfolio")
    with temporary_folder("portfolio-") as folder:
        path = folder / "attached"
        path.write_bytes(each.content)
        return recognise(Opening(path, None, each.name)).media_type


def _told_apart(enclosed: Iterable[Attached]) -> Iterator[Attached]:
    """Files of the same name have a number each."""
    taken: set[str] = set()
    for each in enclosed:
        name, number = PurePosixPath(each.name.replace("\\", "/")).name or each.name, 1
        while name in taken:
            number += 1
            name = f"{number}-{each.name}"
        taken.add(name)
        yield replace(each, name=name)
