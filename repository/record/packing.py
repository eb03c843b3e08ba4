"""Model records as compressed JSON and back: how derived.db keeps pages, descriptions and fields."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any, TypeVar

import msgspec

from casereviews.repository.errors import HomeDamaged
from casereviews.repository.model import Page
from casereviews.repository.sealed_databases import MAKE_ANEW

Kind = TypeVar("Kind")


def pack(value: object) -> bytes:
    """A record, or anything that JSON can hold, compressed; halves of characters survive."""
    return _compressed(msgspec.to_builtins(value))


def content_digest(value: Any) -> str:
    """A hash of a record, or of anything that JSON can hold: equal content, equal hash."""
    text = json.dumps(msgspec.to_builtins(value), ensure_ascii=False, sort_keys=True)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def unpack(blob: bytes, kind: type[Kind]) -> Kind:
    """What `pack` wrote, as this kind of record."""
    return msgspec.convert(_content(blob), kind)


def pack_page(page: Page) -> bytes:
    """One page of text, without what is empty."""
    values = msgspec.to_builtins(page)
    return _compressed({name: one for name, one in values.items() if one not in (None, "", ())})


def unpack_page(blob: bytes) -> Page:
    """The page that `pack_page` wrote."""
    return msgspec.convert({"text": "", **_content(blob)}, Page)


def _compressed(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def _content(blob: bytes) -> Any:
    try:
        return json.loads(zlib.decompress(blob).decode("utf-8", "surrogatepass"))
    except (zlib.error, ValueError, TypeError) as error:
        raise HomeDamaged(f"derived.db is damaged ({error}): {MAKE_ANEW}") from error
