"""What grouping knows of one document, and a link between two."""

from __future__ import annotations

from dataclasses import dataclass, field

from casereviews.repository.describing.grouping.duplicates import signature
from casereviews.repository.describing.joint_boards import JOINT
from casereviews.repository.describing.resolve import Resolved, resolve
from casereviews.repository.model import NOTHING, Description, DocumentInput

_SAYS_NOTHING = ("ok", "empty", "corrupt", "not_a_document")
"""Statuses of readings: bytes of such a file are evidence of nothing while its text is too short to be compared."""
SIGNED_LETTERS = 200_000  # the longest reviews; what follows changes no copy into something else


@dataclass(frozen=True, slots=True)
class GroupingInput:
    """What grouping knows of one document.

    `keys` are the cards and detail pages it stands on (`GroupingInput.of` makes them), `published` is ISO and may be a year only,
    `areas` are names, `sha256` is of the bytes, `text_sha256` of the text (None where they tell nothing), `sketch` the MinHash signature. `first_seen`
    orders the members of a group. An anonymous entry is joined with nothing but its own card on its own list.
    """

    document_id: str
    source_id: str
    publisher: str = ""
    anonymous: bool = False
    first_seen: str = ""
    keys: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    review_type: str | None = None
    case_ref: str | None = None
    role: str | None = None
    published: str | None = None
    death_date: str | None = None
    areas: tuple[str, ...] = ()
    language: str | None = None
    not_a_review: bool = False
    sha256: str | None = None
    text_sha256: str | None = None
    sketch: tuple[int, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, document: DocumentInput, description: Description) -> GroupingInput:
        """The grouping input of a described document."""
        resolved = resolve(description.facts)
        anonymous = "anonymous" in resolved
        reading = document.reading
        publisher, areas = _owner(document, description, resolved)
        sketch = (
            signature("\n".join(page.text for page in reading.pages)[:SIGNED_LETTERS])
            if reading
            else ()
        )
        return cls(
            document_id=document.document.id,
            source_id=document.source.id,
            publisher=publisher,
            anonymous=anonymous,
            first_seen=document.document.first_seen,
            keys=_keys(document),
            labels=resolved["subject_labels"].values if "subject_labels" in resolved else (),
            review_type=_value(resolved, "review_type"),
            case_ref=_value(resolved, "case_ref"),
            role=_value(resolved, "document_role"),
            published=_value(resolved, "published"),
            death_date=_value(resolved, "death_date"),
            areas=() if anonymous else areas,
            language=_value(resolved, "language"),
            not_a_review=_value(resolved, "scope") == "not_a_review",
            sha256=document.document.sha256 if _tells(document, sketch) else None,
            text_sha256=reading.text_sha256 if reading and sketch else None,
            sketch=sketch,
        )


@dataclass(frozen=True, slots=True)
class GroupLink:
    """Why two documents are of one case: `reason` in words, `confidence` 0..1."""

    a: str
    b: str
    reason: str
    confidence: float


def _tells(document: DocumentInput, sketch: tuple[int, ...]) -> bool:
    """True when the same bytes would be the same report: never of an empty file, of one that is damaged or no document, or of a page of
    a few standard words ("This page is left blank", "Coming soon"); a scan without text may be one."""
    if document.document.sha256 == NOTHING:
        return False
    reading = document.reading
    return reading is None or bool(sketch) or reading.status not in _SAYS_NOTHING


def _owner(
    document: DocumentInput, description: Description, resolved: dict[str, Resolved]
) -> tuple[str, tuple[str, ...]]:
    """The publisher whose labels a document uses, and its areas: the board on its cover where that is of another area than its host."""
    host = _value(resolved, "publisher") or document.source.publisher
    if "publisher" in resolved and resolved["publisher"].fact.rule == JOINT:
        host = document.source.publisher  # a briefing that names no board is of the same site
    areas = resolved["areas"].values if "areas" in resolved else ()
    for fact in description.facts:
        from_cover = fact.rule in ("board on the cover", "national cover sheet")
        if from_cover and fact.field == "areas" and areas:
            covers = tuple(fact.value.split("|"))
            return (fact.raw, covers) if set(areas).isdisjoint(covers) else (host, areas)
    return host, areas


def _keys(document: DocumentInput) -> tuple[str, ...]:
    """Cards and detail pages of a document's sightings, each with its source; a listing page is no such key."""
    listings = {sighting.listing_url for sighting in document.sightings}
    keys: list[str] = []
    for sighting in document.sightings:
        if sighting.group:
            keys.append(f"{sighting.source_id} card {sighting.group}")
        if sighting.detail_url and sighting.detail_url not in listings:
            keys.append(f"{sighting.source_id} page {sighting.detail_url}")
    return tuple(dict.fromkeys(keys))


def _value(resolved: dict[str, Resolved], name: str) -> str | None:
    return resolved[name].value if name in resolved else None
