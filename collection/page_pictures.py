"""Pictures of report pages, drawn when they are asked for and kept no longer than the index in which their page was found."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from casereviews.collection.errors import NoPicture
from casereviews.repository.archives import archive_of
from casereviews.repository.errors import FileLost

if TYPE_CHECKING:
    from casereviews.collection.asking.reader_pages import ReaderPage
    from casereviews.collection.collection import Collection
    from casereviews.index.folder import Built
    from casereviews.repository.children import Standing
    from casereviews.repository.reading.page_pictures import PagePicture, PageToDraw

CHILDREN = 2
WAITS = 20.0
"""Seconds after which a reader gets the text alone, however many pages are asked for."""
KEPT_BYTES = 40_000_000
PDF = "application/pdf"
_MISSING = "its kept file is missing: run `casereviews doctor`"


class Pictures:
    """Draws pages for many readers, in `count` children. Threads share it; `close` ends the children.

    Nothing is written to a disk. Pictures in memory are those of one index: when a page is asked for and another index is searched,
    all that were kept are gone before an answer is given.
    """

    def __init__(self, count: int = CHILDREN) -> None:
        self._count = count
        self._lock = threading.Lock()
        self._standing: Standing[PageToDraw, PagePicture] | None = None
        self._index: Built | None = None
        self._kept: OrderedDict[tuple[str, int], PagePicture] = OrderedDict()

    def of(self, collection: Collection, page: ReaderPage) -> PagePicture:
        """The picture of a page with the places of what its query found. Raises NoPicture, which says why."""
        document = page.document
        if document.media_type != PDF or not document.sha256:
            raise NoPicture("its pages are parts of its text, not pages of paper")
        return self._picture(
            collection, document.sha256, page.number, page.marked.text, page.marked.matches
        )

    def png(self, collection: Collection, document_id: str, number: int) -> bytes:
        """The picture alone of a page that the index has now. Raises UnknownId when it has no such document, NoPicture."""
        sha256, media_type = collection.kept_as(document_id)
        if media_type != PDF or not sha256:
            raise NoPicture("its pages are parts of its text, not pages of paper")
        return self._picture(collection, sha256, number, "", ()).png

    def _picture(
        self,
        collection: Collection,
        sha256: str,
        number: int,
        text: str,
        spans: tuple[tuple[int, int], ...],
    ) -> PagePicture:
        from casereviews.repository.reading.page_pictures import PageToDraw

        index = collection.state()
        known = self._known(index, sha256, number)
        if known is not None and not spans:
            return known
        lines = collection.recognised_lines(sha256, number) if spans else None
        try:
            with archive_of(collection.home).file(sha256) as path:
                job = PageToDraw(path, number, text, spans, lines, picture=known is None)
                drawn = self._ask(job)
        except FileLost as error:
            raise NoPicture(_MISSING) from error
        if known is None:
            self._keep(index, sha256, number, drawn)
        return drawn

    def _ask(self, job: PageToDraw) -> PagePicture:
        from pebble import ProcessExpired

        from casereviews.repository.children import Standing
        from casereviews.repository.reading.errors import UnreadableFile
        from casereviews.repository.reading.page_pictures import pictures

        with self._lock:
            if self._standing is None:
                self._standing = Standing(pictures(self._count), waits=WAITS)
            standing = self._standing
        try:
            return standing.ask(job)
        except UnreadableFile as error:
            raise NoPicture(str(error)) from error
        except FileNotFoundError as error:  # it went between a look and the drawing
            raise NoPicture(_MISSING) from error
        except TimeoutError as error:
            raise NoPicture("drawing this page takes too long") from error
        except (ProcessExpired, MemoryError) as error:
            raise NoPicture("this page cannot be drawn within the limits") from error

    def _known(self, index: Built | None, sha256: str, number: int) -> PagePicture | None:
        with self._lock:
            if index != self._index:
                self._kept.clear()
                self._index = index
            known = self._kept.get((sha256, number))
            if known is not None:
                self._kept.move_to_end((sha256, number))
            return known

    def _keep(self, index: Built | None, sha256: str, number: int, drawn: PagePicture) -> None:
        with self._lock:
            if index is None or index != self._index:
                return
            self._kept[sha256, number] = drawn
            while sum(len(one.png) for one in self._kept.values()) > KEPT_BYTES:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        """Forget all pictures; one that is being drawn is not kept either."""
        with self._lock:
            self._kept.clear()
            self._index = None

    def close(self) -> None:
        """Forget all pictures and end the children."""
        self.forget()
        with self._lock:
            standing, self._standing = self._standing, None
        if standing is not None:
            standing.close()
