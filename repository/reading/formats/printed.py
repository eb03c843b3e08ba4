"""Where shapes lie in front of words: only a layout tells which words they cover, so LibreOffice prints the file and the PDF is looked at.

A box drawn over a name in a Word file hangs on a paragraph, whose place is known once all lines are broken. Files without such shapes
are never printed. Without LibreOffice the words stay and the file says that some may be covered.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from casereviews.repository.model import Page
from casereviews.repository.reading.content import Content, Opening
from casereviews.repository.reading.covered import covered_detail, covered_pages
from casereviews.repository.reading.errors import UnreadableFile
from casereviews.repository.reading.formats import pdf
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.office import converted
from casereviews.repository.reading.summary import added

MAY_COVER = "shapes may cover text"
"""What a detail says of a file whose shapes in front of words nobody could look at."""


def as_printed(
    content: Content, opening: Opening, suffix: str, limits: Limits, deadline: Deadline
) -> Content:
    """A flowing document's content, or its pages as they are printed where something covers words on them.

    `suffix` is the ending that the file's content calls for (".docx").
    """

    def settled(printed: Content, covered: Collection[int]) -> Content:
        method = content.pages[0].method if content.pages else "native"
        pages = tuple(_as_read(page, method) for page in printed.pages)
        detail = added(_but_covered(content.detail), covered_detail([*covered]))
        return replace(content, pages=pages, detail=detail)

    return _looked_at(content, opening, suffix, limits, deadline, settled)


def slides_as_printed(
    content: Content,
    opening: Opening,
    suffix: str,
    limits: Limits,
    deadline: Deadline,
    shown: list[int],
    notes: dict[int, str],
) -> Content:
    """A presentation's content, with the slides on which something covers words as they are printed.

    `shown` are the numbers of the slides that are not hidden, `notes` what the speaker meant to say, which is not printed.
    """

    def settled(printed: Content, covered: Collection[int]) -> Content:
        if len(printed.pages) != len(shown):
            return replace(content, detail=added(content.detail, MAY_COVER))
        pages = {page.number: page for page in content.pages}
        for at in covered:
            number, page = shown[at - 1], printed.pages[at - 1]
            words = (page.text or page.raw, notes.get(number, ""))
            text = "\n\n".join(each for each in words if each)
            pages[number] = _as_slide(pages[number], page, text)
        known = covered_pages(content.detail) or ()
        numbers = sorted({*known, *(shown[at - 1] for at in covered)})
        detail = added(_but_covered(content.detail), covered_detail(numbers))
        return replace(content, pages=tuple(pages.values()), detail=detail)

    return _looked_at(content, opening, suffix, limits, deadline, settled)


def _as_slide(slide: Page, printed: Page, text: str) -> Page:
    status = "ok" if text else "empty"
    return replace(slide, text=text, raw="", status=status, headings=printed.headings)


def _as_read(page: Page, method: str) -> Page:
    """A printed page; one that is mostly a picture has its words too, which were no scan's."""
    if page.status == "needs_ocr":
        return replace(
            page, text=page.raw, raw="", status="ok" if page.raw else "empty", method=method
        )
    return replace(page, method=method)


def _but_covered(detail: str) -> str:
    """A detail without what it says of covered text."""
    return "; ".join(part for part in detail.split("; ") if covered_pages(part) is None)


def _looked_at(
    content: Content,
    opening: Opening,
    suffix: str,
    limits: Limits,
    deadline: Deadline,
    settled: Callable[[Content, Collection[int]], Content],
) -> Content:
    """The content settled by what the printed file covers; as it was where that is nothing."""
    if opening.data is not None:  # within another file: that one is printed
        return replace(content, detail=added(content.detail, MAY_COVER))
    seconds = max(limits.seconds - deadline.elapsed - 5.0, 1.0)
    try:
        with converted(opening.path, to="pdf", suffix=suffix, seconds=seconds) as path:
            printed = pdf.read(Opening(path), limits, deadline)
    except UnreadableFile as error:
        return replace(content, detail=added(content.detail, f"{MAY_COVER}: {error}"))
    if printed.status != "ok":
        return replace(content, detail=added(content.detail, f"{MAY_COVER}: {printed.detail}"))
    covered = covered_pages(printed.detail)
    return settled(printed, covered) if covered else content
