"""The passages of a document that tell its case: what is embedded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from casereviews.repository.model import PublishedDocument

TELLING = ("summary", "facts", "findings", "analysis")  # sections that tell the case, best first
WORDS = 90  # about what a sentence model reads whole (256 word pieces), with room for long words
MAXIMUM = 24  # passages a document
OPENING_PAGES = 6  # read when no section was found

# How a review was made, who was asked and when it was printed, not what happened or was learnt.
_METHOD = re.compile(
    r"terms of reference|working together 20|this review (?:was|is|has been) (?:commissioned|conducted|carried out)|methodolog|review panel|"
    r"panel (?:met|was chaired)|(?:independent|lead) (?:author|reviewer|chair)|date of publication|(?:did|do) not wish to (?:take part|contribute)|"
    r"(?:take|took|taken) part in (?:the|this) review|to be asked|asked to be heard|views of the family|met the reviewer|spoke with the reviewer|"
    r"before publication|agency reports were|anonymised|pseudonym|table of contents|learning event",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"‘'(])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one page: `start` and `end` are offsets in `Page.text`."""

    page: int
    start: int
    end: int
    text: str


def passages_of(document: PublishedDocument) -> list[Passage]:
    """At most MAXIMUM passages: of the telling sections, else of the opening pages."""
    stretches = [
        stretch
        for kind in TELLING
        for section in document.sections
        if section.kind == kind
        for stretch in _stretches(
            document, section.start_page, section.start, section.end_page, section.end
        )
    ]
    if not stretches:
        stretches = [(page.number, 0, page.text) for page in document.pages[:OPENING_PAGES]]
    found: list[Passage] = []
    for page, offset, text in stretches:
        for start, end in windows(text):
            found.append(Passage(page, offset + start, offset + end, text[start:end]))
            if len(found) == MAXIMUM:
                return found
    return found


def tells_of_method(text: str) -> bool:
    """True for a passage on how the review was made, or a title page."""
    return bool(_METHOD.search(text)) or len(text.split()) < 12


def telling_text(document: PublishedDocument) -> str:
    """The title and the telling passages as one text."""
    title = str(document.fields.get("title") or "")
    return "\n".join([title, *(passage.text for passage in passages_of(document))])


def whole_text(document: PublishedDocument) -> str:
    """The title and all pages as one text."""
    title = str(document.fields.get("title") or "")
    return "\n".join([title, *(page.text for page in document.pages)])


def digest_of(text: str) -> str:
    """A short hash that tells whether a text is as it was."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _stretches(
    document: PublishedDocument, first: int, start: int, last: int, end: int
) -> Iterator[tuple[int, int, str]]:
    for page in document.pages:
        if first <= page.number <= last:
            begin = start if page.number == first else 0
            stop = end if page.number == last else len(page.text)
            if page.text[begin:stop].strip():
                yield page.number, begin, page.text[begin:stop]


def windows(text: str, words: int = WORDS) -> Iterator[tuple[int, int]]:
    """Runs of whole sentences of about `words` words, as offsets; a longer sentence stands alone."""
    borders = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    begin, count = borders[0], 0
    for start, stop in pairwise(borders):
        length = len(text[start:stop].split())
        if count and count + length > words:
            yield begin, start
            begin, count = start, 0
        count += length
    if text[begin:].strip():
        yield begin, len(text)
