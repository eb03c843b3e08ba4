"""How much is taken of one request: its address, its fields, its time."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

MOST_BYTES = 1_000_000
"""Of a form: a case in a practitioner's words, some hundred pages of them."""
MOST_FIELDS = 200
BODY_SECONDS = 20
_FORM = "application/x-www-form-urlencoded"


async def form_of(request: Request) -> dict[str, list[str]]:
    """The fields of a form, each with its values. HTTPException 413 for too much, 408 for too slow, 400 for what is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(400, "A form of these pages is wanted.")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise HTTPException(
                        413, f"At most {MOST_BYTES:,} bytes can be sent: shorten the text."
                    )
    except TimeoutError:
        raise HTTPException(408, "Send it again.") from None
    except ClientDisconnect:
        raise HTTPException(400, "It did not arrive in full.") from None
    try:
        return parse_qs(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise HTTPException(400, "A form of these pages is wanted.") from None
