"""What a link's words say of the document, without what they say of the file: its form, its size, how it opens, how often it was fetched."""

from __future__ import annotations

import re

from casereviews.repository.vocabulary.rules import load_rules

_LINKS = load_rules("links")
_EMPTY = re.compile(rf"^(?:{_LINKS['empty'].words}[\s.,:>»(\[\])-]*)+$", re.IGNORECASE)
_NO_WORDS = re.compile(r"[\W\d_]*")
_NOTE = load_rules("title_words")["download_note"].pattern
_COUNTER = load_rules("link_words")["counter"].pattern
_DASHES_LEFT = re.compile(r"( [-–—|,])(?: [-–—|,])+(?= )")
_QUOTED = re.compile(r"\s*[\"'“‘«]([^\"“”«»]+)[\"'”’»]\s*")


LONGEST = 2000
"""Characters of a link's words that are looked at."""


def without_file_notes(words: str) -> str:
    """The words of a link without notes on its file: "Child Q review" of "Child Q review (PDF, 1.2 MB)"; "" when they say nothing else.

    Words that a plugin puts into quotation marks are taken out of them ("Download “Child Q review” child-q.pdf – 2 KB").
    """
    words = " ".join(words[:LONGEST].split())
    text = _COUNTER.sub(" ", words)
    for _ in range(2):  # "PDF, 12 pages, 1 MB": what stands before one note may be another
        text = _NOTE.sub(" ", text).rstrip()
    if text.strip() == words.strip():
        return words
    text = _DASHES_LEFT.sub(r"\1", " ".join(text.split())).strip(" -–—|,;:·•([")
    quoted = _QUOTED.fullmatch(text)
    return quoted[1].strip() if quoted else text


def is_informative(words: str) -> bool:
    """False for link texts that say nothing: "Download", "Read the full report", "PDF 842 KB", "68"."""
    bare = without_file_notes(words)
    if len(bare) <= 2 or _NO_WORDS.fullmatch(bare):
        return False
    return not _LINKS["library_number"].fits(bare) and not _EMPTY.match(bare)
