"""The style sheet and the icon."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews.web.style_files import FILES, STAMP, TYPES


async def file(request: Request) -> Response:
    """One of them; no path is ever made of what was asked."""
    name = request.path_params["name"]
    if request.path_params["stamp"] != STAMP or name not in FILES:
        raise HTTPException(404)
    return Response(
        FILES[name],
        media_type=TYPES[Path(name).suffix],
        headers={"cache-control": "public, max-age=31536000, immutable"},
    )


ROUTES = (Route("/static/{stamp}/{name}", file),)
