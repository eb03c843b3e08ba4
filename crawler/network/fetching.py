"""A response, or its failure, as the record's `Fetch`."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.http import Response

from casereviews.repository.charsets import charset
from casereviews.repository.model import Fetch

_ENCODED_NAME = re.compile(r"filename\*\s*=\s*([\w-]*)'[^']{0,100}'([^;]+)", re.I)
_RANGE = re.compile(r"bytes\s+(\d{1,15})-(\d{1,15})/(\d{1,15})", re.I)
_PLAIN_NAME = re.compile(r"filename\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^;]+))", re.I)


def header(response: Response, name: str) -> str | None:
    """A header's text, None without it; bytes beyond ASCII are read as UTF-8, else Latin-1."""
    value = response.headers.get(name)
    if value is None:
        return None
    try:
        return str(value.decode("utf-8")).strip()
    except UnicodeDecodeError:
        return str(value.decode("latin-1")).strip()


def is_part_only(response: Response) -> bool:
    """True for an answer of 206 that is not shown to be the whole: nobody asked for a part, and a part is no file (RFC 9110, section 15.3.7)."""
    if response.status != 206:
        return False
    told = _RANGE.fullmatch(header(response, "Content-Range") or "")
    return told is None or int(told[1]) != 0 or int(told[2]) + 1 != int(told[3])


def file_name(response: Response) -> str | None:
    """The file's own name: of Content-Disposition, else the last part of the address; never a path."""
    given = header(response, "Content-Disposition") or ""
    encoded = _ENCODED_NAME.search(given)
    plain = _PLAIN_NAME.search(given)
    if encoded:
        name = unquote(
            encoded.group(2).strip().strip('"'),
            encoding=charset(encoded.group(1)) or "utf-8",
            errors="replace",
        )
    elif plain:
        name = plain.group(1) if plain.group(1) is not None else plain.group(2)
    else:
        name = unquote(urlsplit(response.url).path)
    name = name.replace("\\", "/").rpartition("/")[2].strip()
    name = "".join(ch for ch in name if ch.isprintable())
    return name[:200] or None


def fetch_of(
    source_id: str,
    request: Request,
    response: Response | None,
    *,
    at: str,
    error: str | None = None,
    media_type: str | None = None,
    with_file: bool = False,
) -> Fetch:
    """The outcome of one request; `with_file` adds the hash and the file's name."""
    redirects = tuple(str(url) for url in request.meta.get("redirect_urls", ()))
    asked = request.meta.get("asked") or (redirects[0] if redirects else request.url)
    latency = request.meta.get("download_latency")
    if response is None:
        return Fetch(
            source_id, asked, request.url, at, error=error, redirects=redirects, seconds=latency
        )
    return Fetch(
        source_id=source_id,
        url=asked,
        final_url=response.url,
        fetched_at=at,
        status=response.status,
        error=error,
        media_type=media_type,
        file_name=file_name(response) if with_file else None,
        size=len(response.body),
        sha256=hashlib.sha256(response.body).hexdigest() if with_file and response.body else None,
        seconds=latency,
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        redirects=redirects,
    )
