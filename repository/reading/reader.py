"""Read one file in this process: recognise it, read it, repair it, tell its language, give the result a name."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from casereviews.repository.model import Page, Reading
from casereviews.repository.reading.content import Content, Opening
from casereviews.repository.reading.errors import TooLarge, UnreadableFile
from casereviews.repository.reading.formats import formats
from casereviews.repository.reading.languages import document_language, language
from casereviews.repository.reading.limits import Deadline, Limits
from casereviews.repository.reading.ocr import ocr_available, recognise_pages, waiting_pages
from casereviews.repository.reading.page_store import PageStore
from casereviews.repository.reading.placeholders import refuse_placeholder
from casereviews.repository.reading.portfolio import with_attached
from casereviews.repository.reading.sniffing import recognise
from casereviews.repository.reading.summary import added, summed_up, text_sha256

# The version of the whole reading path; a higher one makes earlier readings worth doing again: those of the formats that it
# reads otherwise than the version before, all where it is not named here.
READER = "reading/4"
CHANGED_FORMATS: dict[int, frozenset[str]] = {}


def read_file(
    path: Path | str,
    *,
    sha256: str | None = None,
    media_type: str | None = None,
    file_name: str | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    store: PageStore | None = None,
) -> Reading:
    """Read a file into pages of text, in this process; trouble becomes the reading's status, never an exception.

    `media_type` and `file_name` are what the publisher said: only told in `detail` when the content says otherwise.
    Pages without a text layer are recognised when the [ocr] extra is there and `limits.ocr` says so; `store` keeps them.
    For files from outside use `read_files`, which bounds memory and survives crashes.
    """
    path = Path(path)
    deadline = Deadline(limits.seconds)
    digest = sha256 or file_sha256(path)
    opening = Opening(path, media_type, file_name)
    known = media_type or "application/octet-stream"
    try:
        if opening.size > limits.file_mb * 1_000_000:
            raise TooLarge(f"{opening.size // 1_000_000} MB, the limit is {limits.file_mb} MB")
        kind = recognise(opening)
        known = kind.media_type
        content = kind.read(opening, limits, deadline)
        if content.attached:
            content = with_attached(content)
        refuse_placeholder(content.pages)
        reading = finished(digest, known, content, limits, deadline)
        if media_type and media_type != known and media_type in _claimable():
            reading = replace(reading, detail=added(reading.detail, f"served as {media_type}"))
        if limits.ocr and waiting_pages(reading) and ocr_available():
            reading = recognise_pages(reading, opening, limits, store)
        return reading
    except UnreadableFile as trouble:
        return failed(digest, trouble.status, known, str(trouble), deadline.elapsed)
    except MemoryError:
        detail = f"reading it needs more than {limits.memory_mb} MB of memory"
        return failed(digest, "too_large", known, detail, deadline.elapsed)
    except RecursionError:
        return failed(digest, "corrupt", known, "nested too deeply", deadline.elapsed)
    except Exception as error:  # noqa: BLE001 - the edge of one document
        told = " ".join(str(error).split())
        if "bad allocation" in told or "bad_alloc" in told or "allocate memory" in told:
            detail = f"reading it needs more memory than allowed ({type(error).__name__})"
            return failed(digest, "too_large", known, detail, deadline.elapsed)
        detail = f"{type(error).__name__} while reading: {told[-200:]}"
        return failed(digest, "corrupt", known, detail, deadline.elapsed)


def _claimable() -> frozenset[str]:
    """Media types whose claim can be wrong in a way worth telling."""
    return frozenset(each.media_type for each in formats())


def failed(sha256: str, status: str, media_type: str, detail: str, seconds: float = 0.0) -> Reading:
    """A reading without pages, and why."""
    return Reading(
        sha256, status, media_type, detail=detail, reader=READER, seconds=round(seconds, 3)
    )


def finished(
    sha256: str, media_type: str, content: Content, limits: Limits, deadline: Deadline
) -> Reading:
    """A reading from what a format found: output cut to the limit, languages told, statuses drawn together."""
    pages, cut = _within(content.pages, limits.characters)
    pages = tuple(replace(page, language=language(page.text)) for page in pages)
    status, detail = content.status, content.detail
    if cut:
        status, detail = "partial", added(detail, f"text cut at {limits.characters:,} characters")
    if not content.enclosed:
        status, detail = summed_up(pages, status, detail)
    elif status == "ok":
        status = "empty"
    return Reading(
        sha256,
        status,
        media_type,
        pages=pages,
        detail=detail,
        language=document_language([page.language for page in pages]),
        text_sha256=text_sha256(pages, status),
        reader=READER,
        title=content.title,
        seconds=round(deadline.elapsed, 3),
        enclosed=content.enclosed,
        web=None if cut else content.web,
    )


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _within(pages: tuple[Page, ...], characters: int) -> tuple[tuple[Page, ...], bool]:
    kept: list[Page] = []
    left = characters
    for page in pages:
        if len(page.text) > left:
            headings = tuple(heading for heading in page.headings if heading.start < left)
            kept.append(replace(page, text=page.text[:left], headings=headings))
            return tuple(kept), True
        kept.append(page)
        left -= len(page.text)
    return tuple(kept), False
