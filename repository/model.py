"""What flows between the rooms of the house: frozen records, no database and no network.

    Sighting + Fetch  --record-->  Document, Version  --reading-->  Reading (pages of text)
    --describing-->  Fact  --resolving, grouping-->  PublishedDocument  --index-->  hits

Times are ISO 8601 strings in UTC ("2026-03-01T02:00:00Z"). Published dates are ISO strings as long as
their precision: "2021", "2021-03", "2021-03-17". Codes are those of `repository/vocabulary`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

FieldValue = str | int | tuple[str, ...]
Fields = Mapping[str, FieldValue]
"""The published name of a field (`casereviews.repository.fields`) -> its value; an unknown field is absent."""

# ---------------------------------------------------------------- who publishes


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """What the repository must know of a registry entry to describe what came from it.

    `areas` are GSS codes; `scope` is child, adult or both; `policy_months` is how long the publisher
    says a report stays (None where nothing is stated: 12 is then assumed); `national` marks lists
    that carry other bodies' reviews (NSPCC, GOV.UK, the Home Office and SAR libraries); `rolling` marks
    lists whose content is replaced, so that what leaves them is not taken off.
    """

    id: str
    publisher: str
    nation: str | None = None
    areas: tuple[str, ...] = ()
    scope: str = "child"
    family: str = "listing"
    policy_months: int | None = None
    national: bool = False
    rolling: bool = False
    start_urls: tuple[str, ...] = ()


# ---------------------------------------------------------------- what a page said


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one page said of one document (or of one review without a file) on one run; raw, never cleaned.

    `kind` is "file" (a link to a document), "page" (a page that is itself the document) or "entry" (a row
    without any link, such as "No longer published"); only then is `file_url` None. `headings` run from
    the outermost to the nearest. `group` is a key equal for files of one card or detail page, None when the
    page does not say. `anonymous` marks entries whose publisher is withheld on purpose. `extra` holds
    fields that a structured source states by name (DHR cards, GOV.UK, NSPCC blocks), values as printed.
    """

    source_id: str
    listing_url: str
    file_url: str | None
    kind: str = "file"
    detail_url: str | None = None
    link_text: str = ""
    headings: tuple[str, ...] = ()
    card_text: str = ""
    dates: tuple[str, ...] = ()
    status_words: tuple[str, ...] = ()
    group: str | None = None
    edition: str | None = None
    anonymous: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fetch:
    """The outcome of one request. `error` is a short class name ("timeout", "tls", "bot_wall"...), None when fine."""

    source_id: str
    url: str
    final_url: str
    fetched_at: str
    status: int | None = None
    error: str | None = None
    media_type: str | None = None
    file_name: str | None = None
    size: int | None = None
    sha256: str | None = None
    seconds: float | None = None
    etag: str | None = None
    last_modified: str | None = None
    redirects: tuple[str, ...] = ()


# ---------------------------------------------------------------- what is held

AVAILABILITY = (
    "available",
    "missing",
    "removed",
    "unlisted",
    "no_longer_published",
    "unpublished",
    "delayed",
    "on_request",
    "not_had",
)
"""What a list says of a document, and what the nights made of it; `not_had`: listed, and its file was never had (`Document.trouble`)."""


NOTHING = hashlib.sha256(b"").hexdigest()
"""The hash of a file without a byte. It is evidence of nothing: two such files are not the same file."""


@dataclass(frozen=True, slots=True)
class Document:
    """One publication by one source; its bytes over time are versions. `visibility` is shown, held or withdrawn.

    `trouble` names why its file could not be had when it was last asked for, at `trouble_host` (`repository/file_trouble.py` has
    the names); None when it came. `sha256` is then that of the last version that was had, None when none ever was.
    """

    id: str
    source_id: str
    file_url: str | None
    landing_url: str | None
    kind: str
    origin: str
    first_seen: str
    last_seen: str
    availability: str
    missing_nights: int
    visibility: str
    sha256: str | None
    media_type: str | None
    file_name: str | None
    title: str | None = None
    trouble: str | None = None
    trouble_host: str | None = None


# ---------------------------------------------------------------- pages of text

READING_STATUS = (
    "ok",
    "partial",
    "needs_ocr",
    "encrypted",
    "empty",
    "corrupt",
    "too_large",
    "timed_out",
    "not_a_document",
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a page's text: `start` is its character offset in `Page.text`, `level` 1 (largest) to 6."""

    start: int
    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Page:
    """One page of text. `number` counts the file's pages from 1; `label` is the printed number.

    `method` is native, ocr, html, docx... `status` is ok, empty or needs_ocr. `raw` is the text before running heads and
    page numbers were taken off (empty when the same). `confidence` is 0..1, OCR only.
    """

    number: int
    text: str
    label: str | None = None
    raw: str = ""
    method: str = "native"
    status: str = "ok"
    confidence: float | None = None
    language: str | None = None
    headings: tuple[Heading, ...] = ()


@dataclass(frozen=True, slots=True)
class WebBlock:
    """One block of a web page: `kind` is heading, paragraph, item or row, `boxes` are the elements around it, outermost first, as places in
    `WebText.makes`; `linked` when most of it is a link."""

    kind: str
    text: str
    level: int = 2
    boxes: tuple[int, ...] = ()
    linked: bool = False


@dataclass(frozen=True, slots=True)
class WebText:
    """A web page as it was read, before it is compared with the other pages of its site; `makes` has tag and classes of each element."""

    blocks: tuple[WebBlock, ...] = ()
    makes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that a document carries within it; `content` is b"" where it cannot be taken out, `media_type` what it was recognised as."""

    name: str
    content: bytes
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read into pages. `status` is one of READING_STATUS; `detail` says in words why, and what to do.

    `text_sha256` is the hash of the natively read, whitespace-folded text (None without a usable text layer):
    new bytes with the same text are the same version. `enclosed` are the files of a portfolio, while it goes from its reader to the record; `web`
    is a web page's text in blocks, likewise.
    """

    sha256: str
    status: str
    media_type: str
    pages: tuple[Page, ...] = ()
    detail: str = ""
    language: str | None = None
    text_sha256: str | None = None
    reader: str = ""
    title: str | None = None
    seconds: float = 0.0
    enclosed: tuple[Attached, ...] = ()
    web: WebText | None = None


# ---------------------------------------------------------------- what is said of it

ORIGINS = ("manual", "title", "listing", "page", "text", "derived")


@dataclass(frozen=True, slots=True)
class Fact:
    """One candidate value of one field, with its evidence.

    `value` is normalised (a code, an ISO date, a label), `raw` the string it was read from, `origin` one of
    ORIGINS, `page` the file page (1-based) where origin is page or text, `evidence` the sentence or cell, `confidence` 0..1,
    `rule` the short name of the rule that found it. `standing` says whose matter the evidence is (`describing.standing.STANDINGS`; empty where
    no sentence was judged), `weight` how much a theme is what the review is about (`theme_weights.WEIGHTS`).
    """

    field: str
    value: str
    raw: str
    origin: str
    confidence: float
    page: int | None = None
    evidence: str = ""
    rule: str = ""
    standing: str = ""
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document: `kind` is summary, facts, analysis, findings, good_practice, recommendations, known_at_large (what is known
    elsewhere), ruled_out (looked for and not found), changes (done since), terms_of_reference, glossary or appendix. Runs from (start_page, start) to (end_page, end), offsets in
    `Page.text`, end exclusive."""

    kind: str
    title: str
    start_page: int
    start: int
    end_page: int
    end: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    """One recommendation as printed: `number` ("1", "3.2", None), whom it addresses (None when unsaid), its page."""

    number: str | None
    text: str
    addressee: str | None
    page: int


@dataclass(frozen=True, slots=True)
class Description:
    """Everything said of one document: all candidate facts, its sections and its recommendations."""

    facts: tuple[Fact, ...] = ()
    sections: tuple[Section, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentInput:
    """What describing is given: a document, where it was seen, and its pages (None when there is no readable file)."""

    document: Document
    source: SourceInfo
    sightings: tuple[Sighting, ...]
    reading: Reading | None = None


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """One shown document with its resolved fields and its review's: the unit of the index and of exports.

    `fields` are those of the document, and of its review.
    """

    document_id: str
    review_id: str
    fields: Fields
    pages: tuple[Page, ...] = ()
    sections: tuple[Section, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
