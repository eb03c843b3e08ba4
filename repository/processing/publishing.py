"""What is published of each document: its resolved fields and its review's, as the index and exports take them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from casereviews.repository.describing.corrections import Corrections
from casereviews.repository.describing.resolve import Resolved, resolve, resolve_review
from casereviews.repository.fields import PUBLISHED, digest_of
from casereviews.repository.model import Document, Fact, Fields, SourceInfo
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived, PublishedDigests, PublishedFields
from casereviews.repository.record.packing import content_digest
from casereviews.repository.stopping import checkpoint
from casereviews.repository.vocabulary.authorities import area_named, authorities
from casereviews.repository.vocabulary.codes import REPORT_FIRST

Members = Mapping[str, tuple[str, str]]
# With other rows all fields are published again.
TABLE = digest_of([(one.name, one.level, one.published, one.listed) for one in PUBLISHED])


def publish_documents(
    record: Record,
    derived: Derived,
    corrections: Corrections,
    members: Members,
) -> tuple[set[str], set[str]]:
    """Bring the published fields to what the record shows; returns ids of changed and of gone documents.

    Only reviews with a document that was described or read anew since its fields were published, joined or parted, or whose record row
    or corrections changed are resolved again, all of them when the table of fields publishes others; changed is what then has other fields,
    another text or other sections than before.
    """
    shown = {one.id: one for one in record.documents(visibility="shown") if one.id in members}
    standing = derived.published_digests()
    sources = record.sources()
    statuses = derived.reading_statuses()
    texts = derived.text_hashes({one.sha256 for one in shown.values() if one.sha256})
    described = derived.described()
    shares = content_digest(derived.theme_shares())
    aliases = record.aliases()
    corrected = {
        review_id: said_by_hand
        for review_id in {review_id for review_id, _ in members.values()}
        if (said_by_hand := corrections.facts_for(review_id, *aliases.get(review_id, ())))
    }
    rows: dict[str, str] = {}
    for key, one in shown.items():
        by_hand = corrected.get(members[key][0])
        looked_at = (TABLE, shares, _row_fields(one, statuses), described.get(key))
        rows[key] = content_digest((*looked_at, by_hand) if by_hand else looked_at)
    touched = _touched(rows, standing, members)
    by_review: dict[str, list[str]] = {}
    for document_id, (review_id, _) in members.items():
        if review_id in touched and document_id in shown:
            by_review.setdefault(review_id, []).append(document_id)
    fresh: list[PublishedFields] = []
    for review_id, ids in by_review.items():
        checkpoint()
        said = {key: derived.description_of(key) for key in ids}
        facts = {
            key: (
                *said[key].facts,
                *corrected.get(review_id, ()),
                *corrections.facts_for(key),
            )
            for key in ids
        }
        whole = resolve_review([facts[key] for key in _report_first(ids, facts)])
        for key in ids:
            document = shown[key]
            source = sources[document.source_id]
            fields = fields_of(document, source, resolve(facts[key]), whole, statuses)
            parts = asdict(replace(said[key], facts=()))
            digest = content_digest([review_id, fields, texts.get(document.sha256 or ""), parts])
            if standing.get(key) != PublishedDigests(review_id, digest, rows[key]):
                fresh.append(PublishedFields(key, review_id, digest, fields, rows[key]))
    gone = set(standing) - set(shown)
    if fresh or gone:
        derived.save_published_fields(fresh, gone)
    changed = {
        row.document_id
        for row in fresh
        if row.document_id not in standing or standing[row.document_id].digest != row.digest
    }
    return changed, gone


def _touched(
    rows: Mapping[str, str],
    standing: Mapping[str, PublishedDigests],
    members: Members,
) -> set[str]:
    """Reviews that must be resolved again; `rows` are digests of the rows of what is shown, of what described it and of its corrections."""
    touched: set[str] = set()
    for key, (review_id, _) in members.items():
        before = standing.get(key)
        if (before.row_digest if before else None) != rows.get(key):
            touched.add(review_id)
        if before is not None and before.review_id != review_id:
            touched |= {review_id, before.review_id}
    return touched


def _report_first(ids: Iterable[str], facts: Mapping[str, Iterable[Fact]]) -> list[str]:
    def order(key: str) -> tuple[int, str]:
        role = resolve(facts[key]).get("document_role")
        value = role.value if role else None
        place = REPORT_FIRST.index(value) if value in REPORT_FIRST else len(REPORT_FIRST)
        return place, key

    return sorted(ids, key=order)


def _row_fields(document: Document, statuses: Mapping[str, str]) -> dict[str, str | None]:
    return {
        "availability": document.availability,
        "landing_url": document.landing_url,
        "file_url": document.file_url,
        "sha256": document.sha256,
        "media_type": document.media_type,
        "trouble": document.trouble,
        "trouble_host": document.trouble_host,
        "text_status": statuses.get(document.sha256 or ""),
    }


def fields_of(
    document: Document,
    source: SourceInfo,
    own: Mapping[str, Resolved],
    review: Mapping[str, Resolved],
    statuses: Mapping[str, str],
) -> Fields:
    """The published fields of one document; what is unknown is absent."""
    fields: dict[str, str | int | tuple[str, ...]] = {"source": document.source_id}
    for field in PUBLISHED:
        resolved = (own if field.level == "document" else review).get(field.name)
        if resolved is None or not resolved.value:
            continue
        if field.listed:
            before = fields.get(field.published, ())
            assert isinstance(before, tuple)
            fields[field.published] = tuple(dict.fromkeys((*before, *resolved.values)))
        else:
            fields[field.published] = resolved.value
    fields.setdefault("title", document.title or document.file_name or "Untitled")
    fields.setdefault("publisher", source.publisher)
    published = str(fields.get("published", ""))
    if published:
        fields["year"] = int(published[:4])
        fields["precision"] = ("year", "month", "day")[published.count("-")]
    if "anonymous" in review or "anonymous" in own:
        fields["anonymous"] = "yes"
        for field in PUBLISHED:
            if field.place:
                fields.pop(field.published, None)
    regions = _regions(fields.get("areas", ()))
    if regions:
        fields["regions"] = regions
    fields |= {name: value for name, value in _row_fields(document, statuses).items() if value}
    return fields


def _regions(areas: object) -> tuple[str, ...]:
    """The regions of named areas, in their order."""
    found: list[str] = []
    for name in areas if isinstance(areas, tuple) else ():
        area = area_named(str(name))
        for code in area.gss if area else ():
            authority = authorities().get(code)
            if authority and authority.region:
                found.append(authority.region)
    return tuple(dict.fromkeys(found))
