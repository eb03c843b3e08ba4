"""The text of a page whose header, meta tag and bytes may disagree about the charset."""

from __future__ import annotations

import codecs
import re

from casereviews.repository.charsets import charset

_META = re.compile(rb"<meta[^>]{1,2000}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`.

    Bytes that are valid UTF-8 are UTF-8, whatever is claimed: Windows-1252 text with accents is never valid UTF-8 by accident.
    Otherwise the header's charset, then the meta tag's, then Windows-1252, which is what unlabelled British pages are.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    claimed = [match.group(1) for match in (_HEADER.search(content_type),) if match]
    claimed += [match.group(1).decode("ascii") for match in (_META.search(body[:4096]),) if match]
    sets = [known for name in claimed if (known := charset(name)) is not None]
    for known in sets:
        if known != "utf-8":
            try:
                return body.decode(known)
            except UnicodeError:
                continue
    if "utf-8" in sets:
        return body.decode("utf-8", errors="replace")
    return body.decode("cp1252", errors="replace")
