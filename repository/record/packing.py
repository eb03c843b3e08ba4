"""Model records as compressed JSON and back: how derived.db keeps pages and descriptions."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from casereviews.repository.model import (
    Description,
    Fact,
    Heading,
    Page,
    Recommendation,
    Section,
)


def pack(value: Any) -> bytes:
    """Anything that JSON can hold, compressed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 6)


def unpack(blob: bytes) -> Any:
    """What `pack` wrote."""
    return json.loads(zlib.decompress(blob).decode("utf-8", "surrogatepass"))


def pack_page(page: Page) -> bytes:
    """One page of text."""
    values = asdict(page)
    return pack({name: value for name, value in values.items() if value not in (None, "", ())})


def unpack_page(blob: bytes) -> Page:
    """The page that `pack_page` wrote."""
    values = unpack(blob)
    values["headings"] = tuple(Heading(**one) for one in values.get("headings", ()))
    values.setdefault("text", "")
    return Page(**values)


def pack_description(description: Description) -> bytes:
    """All that is said of one document."""
    return pack(asdict(description))


def unpack_description(blob: bytes) -> Description:
    """The description that `pack_description` wrote."""
    values = unpack(blob)
    return Description(
        facts=tuple(Fact(**one) for one in values["facts"]),
        sections=tuple(Section(**one) for one in values["sections"]),
        recommendations=tuple(Recommendation(**one) for one in values["recommendations"]),
    )


def pack_fields(fields: Mapping[str, str | int | tuple[str, ...]]) -> bytes:
    """The resolved fields of a published document."""
    return pack({name: list(v) if isinstance(v, tuple) else v for name, v in fields.items()})


def unpack_fields(blob: bytes) -> dict[str, str | int | tuple[str, ...]]:
    """The fields that `pack_fields` wrote."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in unpack(blob).items()}
