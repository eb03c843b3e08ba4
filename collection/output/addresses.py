"""Addresses of the pages that `serve` shows, and of publishers: for pages, and for whatever links to them."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

from casereviews.collection.output.hostile import for_line

WORDS_OF_A_SENTENCE = 12
"""So many words of a sentence are searched for as a phrase: more would break at the end of its page."""
_NO_WORD = re.compile(r"[^\w\s'’-]|_")


def address(path: str, *parts: object, **asked: object) -> str:
    """An address of ours: `/read` with parts between slashes and what is asked after a question mark; what is empty is left out."""
    where = "/".join([path.rstrip("/"), *(quote(str(part), safe="") for part in parts)]) or "/"
    said = urlencode([pair for name, value in asked.items() for pair in _pairs(name, value)])
    return f"{where}?{said}" if said else where


def _pairs(name: str, value: object) -> list[tuple[str, str]]:
    values = value if isinstance(value, (list, tuple)) else [value]
    return [(name, str(one)) for one in values if one not in ("", None)]


def sentence_address(document_id: str, page: int, sentence: str) -> str:
    """The address of a page in the reader, with the beginning of a sentence marked on it."""
    words = _NO_WORD.sub(" ", for_line(sentence)).split()
    if len(words) > 2 and words[0][:1].islower():
        words = words[1:]  # it was cut, perhaps within a word
    phrase = '"' + " ".join(words[:WORDS_OF_A_SENTENCE]) + '"' if words else ""
    return address("/read", document_id, page, q=phrase, exact="1" if phrase else "")


def web_address(text: object) -> str:
    """A publisher's address for a link; "" for what is no web address (a `javascript:` of a hostile page)."""
    line = for_line(str(text or ""))
    return line if line.startswith(("https://", "http://")) else ""
