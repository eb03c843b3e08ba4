"""Reader: a page of a report as its picture beside its text, with what was searched for marked in both; its file, and it as a reference."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from casereviews import QueryError
from casereviews.collection.asking.reader_pages import CITED
from casereviews.collection.collection import Collection
from casereviews.collection.errors import NoPicture, RequestError
from casereviews.collection.output.forms import FORMS
from casereviews.collection.output.kept_files import ACTIVE, ending_of
from casereviews.collection.page_pictures import PDF, Pictures
from casereviews.web.marking import Marking
from casereviews.web.reading import reading
from casereviews.web.rendering import marked, shown

# A browser shows a PDF in a page of its own, which is styled within itself; a PDF runs nothing of ours.
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
_TYPES = {"ris": "application/x-research-info-systems", "bibtex": "application/x-bibtex"}
_ROOM = 2  # pixels of a picture around a marked place


def page(request: Request, collection: Collection) -> Response:
    """A page of a document, by its number in the file; without one the first."""
    identifier, query = request.path_params["document"], request.query_params.get("q", "")
    number = _number(request)
    exact = request.query_params.get("exact") == "1"
    wrong = ""
    try:
        found = collection.reader_page(identifier, number, query, exact=exact)
    except QueryError as error:
        wrong = str(error)
        found = collection.reader_page(identifier, number)
    picture, why_none = None, ""
    pictures: Pictures = request.app.state.pictures
    try:
        picture = pictures.of(collection, found)
    except NoPicture as error:
        why_none = str(error)
    places = picture.places if picture else ()
    marking: Marking = request.app.state.marking
    return shown(
        request,
        "reader.html",
        page=found,
        query=query,
        exact="1" if exact else "",
        wrong=wrong,
        paragraphs=list(paragraphs(found.marked.text, found.marked.matches)),
        picture=picture,
        why_none=why_none,
        boxes=[_roomy(box) for boxes in places for box in boxes],
        unplaced=sum(not boxes for boxes in places),
        kept=bool(found.document.sha256) and found.document.media_type not in ACTIVE,
        anchor=f"#page={found.number}" if found.document.media_type == PDF else "",
        citation=collection.citation(found),
        forms=[(name, FORMS[name].help) for name in CITED],
        markable=marking.markable(request, collection, found.review.review_id),
        how=marking.marked_as(request),
        vocabulary=collection.vocabulary,
    )


def _number(request: Request) -> int:
    """The page of the path, or of the field in which one is typed."""
    said = request.path_params.get("page") or request.query_params.get("page", "").strip() or "1"
    if not (str(said).isascii() and str(said).isdigit() and len(str(said)) < 7):
        raise RequestError("type the number of a page, such as 12")
    return int(said)


def paragraphs(text: str, matches: Sequence[tuple[int, int]]) -> Iterator[Markup]:
    """The paragraphs of a page's text with the spans of its matches marked; lines within one stay lines."""
    start = 0
    for paragraph in text.split("\n\n"):
        lines = []
        for line in paragraph.split("\n"):
            end = start + len(line)
            inside = [
                (max(a, start) - start, min(b, end) - start)
                for a, b in matches
                if a < end and b > start
            ]
            lines.append(marked(line, inside))
            start = end + 1
        start += 1
        if paragraph.strip():
            yield Markup("\n").join(lines)


def _roomy(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Left, top, width and height of a mark: a place with a little room around it."""
    left, top, right, bottom = box
    return (
        math.floor(left) - _ROOM,
        math.floor(top) - _ROOM,
        math.ceil(right) - math.floor(left) + 2 * _ROOM,
        math.ceil(bottom) - math.floor(top) + 2 * _ROOM,
    )


def picture(request: Request, collection: Collection) -> Response:
    """The picture of a page, of what the index has now."""
    pictures: Pictures = request.app.state.pictures
    try:
        png = pictures.png(collection, request.path_params["document"], request.path_params["page"])
    except NoPicture as error:
        raise HTTPException(404, str(error)) from error
    return Response(png, media_type="image/png")


class _KeptFile(FileResponse):
    """A kept file, `held` until it was sent; 404 where it was taken out after it was looked for."""

    def __init__(self, path: Path, held: ExitStack, **said: Any) -> None:
        super().__init__(path, **said)
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._held:
            try:
                await super().__call__(scope, receive, send)
            except (OSError, RuntimeError) as error:
                if Path(self.path).exists():
                    raise
                raise HTTPException(404, "This file is no longer kept.") from error


def original(request: Request, collection: Collection) -> Response:
    """The kept file: a PDF to be read in the browser, any other to be saved. A web page is not handed out: it would run as one of ours."""
    document = collection.document(request.path_params["document"])
    media_type = document.media_type or "application/octet-stream"
    if media_type in ACTIVE:
        raise RequestError("a web page is shown as its text only: open the publisher's own")
    is_pdf = media_type == PDF
    held = ExitStack()
    return _KeptFile(
        held.enter_context(collection.kept_file(document)),
        held,
        media_type=PDF if is_pdf else "application/octet-stream",
        filename=document.document_id + ending_of(media_type),
        content_disposition_type="inline" if is_pdf else "attachment",
        headers={"content-security-policy": _PDF_POLICY} if is_pdf else None,
    )


def reference(request: Request, collection: Collection) -> Response:
    """A page as a reference, to be saved."""
    form = request.path_params["form"]
    if form not in CITED:
        raise HTTPException(404)
    found = collection.reader_page(request.path_params["document"], _number(request))
    name = f"{found.document.document_id}-{found.number}.{FORMS[form].extension}"
    return Response(
        collection.citation(found, form),
        media_type=_TYPES[form],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


ROUTES = (
    Route("/read/{document}", reading(page)),
    Route("/read/{document}/{page:int}", reading(page)),
    Route("/read/{document}/{page:int}/picture.png", reading(picture)),
    Route("/read/{document}/{page:int}/{form}", reading(reference)),
    Route("/original/{document}", reading(original)),
)
