"""What the pages around a document say of it: link text, file name, headings, card, dates, status words, named fields.

Named fields of structured sources are read in `named_fields`. A publisher is withheld so that nobody can be
traced: such an entry gets no place fact of any origin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from casereviews.repository.describing.dates import find_dates
from casereviews.repository.describing.named_fields import Named, area_facts, named_facts
from casereviews.repository.describing.stated import (
    CARD,
    FAR_HEADING,
    FILE_NAME,
    HEADING_YEAR,
    LINK,
    LISTING_DATE,
    LOOSE_DATE,
    NEAR_HEADING,
    TITLE_DATE,
    UPLOAD_PATH,
    date_facts,
    title_facts_as_facts,
)
from casereviews.repository.describing.titles import TitleFacts, read_title
from casereviews.repository.describing.titles.shown import shown_title
from casereviews.repository.fields import PLACE_FIELDS
from casereviews.repository.model import AVAILABILITY, DocumentInput, Fact, Sighting, SourceInfo
from casereviews.repository.vocabulary.authorities import authorities, find_areas, nation_of
from casereviews.repository.vocabulary.codes import ADULT_TYPES, STATUTORY_TYPES
from casereviews.repository.vocabulary.link_titles import is_informative, without_file_notes
from casereviews.repository.vocabulary.rules import load_rules

_AVAILABILITY = load_rules("status_words").of(*AVAILABILITY)
_LINKS = load_rules("links")
_WITHHELD = load_rules("title_words")["withheld"]
_KINDS = load_rules("kind_headings")
_UPLOAD_PATH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?=[/-])")


def is_anonymous(document: DocumentInput) -> bool:
    """True when any page that lists the document withholds its publisher on purpose."""
    return any(
        sighting.anonymous or _WITHHELD.fits(Named.of(sighting).get("area"))
        for sighting in document.sightings
    ) or any(facts.anonymous for facts in _heading_readings(document))


def context_facts(document: DocumentInput) -> tuple[Fact, ...]:
    """All candidate facts that the listing pages, the source and the address tell of a document."""
    facts: list[Fact] = []
    for sighting in document.sightings:
        facts += _sighting_facts(document.source, sighting)
    facts += _file_name_facts(document)
    facts += _source_facts(document.source)
    if document.document.last_seen:
        seen = document.document.last_seen
        facts.append(Fact("seen", seen[:10], seen, "derived", 1.0, rule="last seen"))
    if is_anonymous(document):
        facts.append(Fact("anonymous", "yes", "", "listing", 1.0, rule="publisher withheld"))
    return tuple(dict.fromkeys(facts))


def without_places(facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts of an anonymous entry: no place of any origin, no name of a board, and no evidence that names one."""
    for fact in facts:
        if fact.field in PLACE_FIELDS or (fact.field == "publisher" and fact.rule != "source"):
            continue
        if fact.rule in ("file name", "cover", "upload path") and fact.field == "title":
            continue
        if fact.origin != "manual" and (find_areas(fact.raw) or find_areas(fact.evidence)):
            if find_areas(fact.value):
                continue
            fact = replace(fact, raw=fact.value, evidence="")
        yield fact


def _sighting_facts(source: SourceInfo, sighting: Sighting) -> list[Fact]:
    named = Named.of(sighting)
    facts = list(named_facts(named, source))
    publisher, nation = _whose(source, named, sighting)
    link = _LINKS["leading_verb"].pattern.sub("", without_file_notes(sighting.link_text))
    if is_informative(link):
        reading = read_title(link, publisher=publisher, nation=nation)
        reading = _with_operation(reading, sighting.headings)
        facts.append(_link_title(link, reading, sighting, publisher))
        facts += title_facts_as_facts(reading, link, "title", LINK, "link text", dates=TITLE_DATE)
        facts += area_facts(reading, source)
    elif link:
        reading = read_title(link, publisher=publisher, nation=nation)
        if reading.document_role:
            facts.append(
                Fact(
                    "document_role",
                    reading.document_role,
                    link,
                    "title",
                    CARD,
                    evidence=link,
                    rule="bare link text",
                )
            )
    facts += _heading_facts(sighting, publisher, nation)
    facts += _card_facts(sighting, publisher, nation)
    for printed in sighting.dates:
        if printed in sighting.extra.values():
            continue  # a named field: it has said what the date is
        facts += date_facts(
            find_dates(printed), "listing", printed, plain=LISTING_DATE, rule=LOOSE_DATE
        )
    for words in sighting.status_words:
        if found := _AVAILABILITY.first(words):
            facts.append(
                Fact(
                    "availability",
                    found.code,
                    words,
                    "listing",
                    0.9,
                    evidence=words,
                    rule="status word",
                )
            )
    return facts


def _with_operation(reading: TitleFacts, headings: Iterable[str]) -> TitleFacts:
    """The label as the headings above print it, where they name an operation that a link only calls "Lapwing"."""
    if len(reading.subject_labels) != 1 or reading.label_kind != "pseudonym":
        return reading
    whole = f"Operation {reading.subject_labels[0]}"
    if not any(whole in heading for heading in headings):
        return reading
    return replace(reading, subject_labels=(whole,), label_kind="operation")


def _link_title(link: str, reading: TitleFacts, sighting: Sighting, publisher: str | None) -> Fact:
    """The link's words as a title, led by the nearest heading where they name no case ("Executive summary")."""
    printed = sighting.link_text.strip()
    title = shown_title(printed, publisher, reading.subject_labels)
    if reading.subject_labels or reading.review_type or reading.case_ref or not sighting.headings:
        return Fact("title", title, printed, "title", LINK, rule="link text")
    heading = shown_title(sighting.headings[-1], publisher)
    if not is_informative(heading) or heading.casefold() in (link.casefold(), title.casefold()):
        return Fact("title", title, printed, "title", LINK - 0.05, rule="link text")
    title = f"{heading}: {title}"
    return Fact("title", title, printed, "listing", LINK - 0.05, rule="heading and link text")


def _whose(source: SourceInfo, named: Named, sighting: Sighting) -> tuple[str | None, str | None]:
    """Publisher and nation by which a title is read: a national list carries other bodies' reviews."""
    if not source.national:
        return source.publisher, source.nation
    owner = named.get("area", "csp", "community_safety_partnership", "organisation", "publisher")
    return (
        owner or source.publisher,
        nation_of(owner) or (source.nation if source.nation != "UK-wide" else None),
    )


def _heading_facts(sighting: Sighting, publisher: str | None, nation: str | None) -> Iterator[Fact]:
    for distance, heading in enumerate(reversed(sighting.headings)):
        confidence = (
            NEAR_HEADING if distance == 0 else max(0.5, FAR_HEADING - 0.05 * (distance - 1))
        )
        reading = read_title(heading, publisher=publisher, nation=nation)
        if nation == "Wales" and (kind := _KINDS.first(heading.strip())):
            yield Fact(
                "review_type",
                kind.code,
                heading,
                "listing",
                confidence,
                evidence=heading,
                rule="heading",
            )
        dates = TITLE_DATE - 0.1 if distance == 0 else HEADING_YEAR
        if (
            distance == 0
            and is_informative(heading)
            and (reading.subject_labels or reading.review_type)
        ):
            title = shown_title(heading, publisher, reading.subject_labels)
            yield Fact("title", title, heading, "listing", 0.7, rule="nearest heading")
        for fact in title_facts_as_facts(
            reading, heading, "listing", confidence, "heading", dates=dates
        ):
            if fact.field != "scope" and not (
                fact.field in ("subject_labels", "label_kind") and distance > 1
            ):
                yield fact


def _card_facts(sighting: Sighting, publisher: str | None, nation: str | None) -> Iterator[Fact]:
    """Type and label of a card or table row, and its dates; not its role, for it may list several documents."""
    card = sighting.card_text.strip()
    if not card or card == sighting.link_text.strip():
        return
    reading = read_title(card[:300], publisher=publisher, nation=nation)
    for fact in title_facts_as_facts(reading, card[:300], "listing", CARD, "card", dates=None):
        if fact.field in ("review_type", "subject_labels", "label_kind", "case_ref"):
            yield fact
    yield from date_facts(find_dates(card), "listing", card, plain=None, rule="card")


def _source_facts(source: SourceInfo) -> Iterator[Fact]:
    yield Fact(
        "publisher",
        source.publisher,
        source.publisher,
        "derived",
        0.6 if source.national else 0.9,
        rule="source",
    )
    if source.national:
        if source.nation and source.nation != "UK-wide":
            yield Fact("nation", source.nation, source.nation, "derived", 0.5, rule="source")
        return
    if source.nation:
        yield Fact("nation", source.nation, source.nation, "derived", 0.9, rule="source")
    names = [authorities()[code].name for code in source.areas if code in authorities()]
    if names:
        yield Fact("areas", "|".join(names), "|".join(source.areas), "derived", 0.9, rule="source")


def _file_name_facts(document: DocumentInput) -> Iterator[Fact]:
    url = document.document.file_url or ""
    name = document.document.file_name or unquote(urlsplit(url).path.rsplit("/", 1)[-1])
    source = document.source
    if re.search(r"[A-Za-z]{3}", name) or (name and document.document.origin == "manual"):
        publisher = None if source.national else source.publisher
        reading = read_title(name, publisher=publisher, nation=source.nation)
        headings = [heading for sighting in document.sightings for heading in sighting.headings]
        reading = _with_operation(reading, headings)
        title = shown_title(name, publisher, reading.subject_labels)
        yield Fact("title", title, name, "title", 0.3, rule="file name")
        for fact in title_facts_as_facts(
            reading, name, "title", FILE_NAME, "file name", dates=0.55
        ):
            if fact.field != "scope":
                yield fact
    path = _UPLOAD_PATH.search(urlsplit(url).path)
    if path:
        month = f"{path.group(1)}-{path.group(2)}"
        yield Fact(
            "uploaded", month, path.group(0), "derived", 0.6, evidence=url, rule="upload path"
        )
        yield Fact(
            "published",
            month,
            path.group(0),
            "derived",
            UPLOAD_PATH,
            evidence=url,
            rule="upload path",
        )


def _heading_readings(document: DocumentInput) -> Iterator[TitleFacts]:
    """Readings that may show an anonymous area slot, on national lists only."""
    if not document.source.national:
        return
    for sighting in document.sightings:
        for text in (
            sighting.link_text,
            *sighting.headings[-1:],
            Named.of(sighting).get("heading"),
        ):
            if text:
                yield read_title(text)


def derived_facts(resolved_type: str | None, source: SourceInfo) -> Iterator[Fact]:
    """What follows from the type: scope and whether a law requires the review."""
    codes = set(resolved_type.split("|")) if resolved_type else set()
    if codes & ADULT_TYPES:
        scope = "adult" if codes <= ADULT_TYPES else "both"
    else:
        scope = (
            source.scope
            if (not codes and source.scope != "both") or source.scope == "adult"
            else "child"
        )
    yield Fact(
        "scope", scope, resolved_type or source.scope, "derived", 0.6, rule="type and source"
    )
    if codes:
        statutory = (
            "yes" if codes & STATUTORY_TYPES else "unknown" if "thematic_review" in codes else "no"
        )
        yield Fact("statutory", statutory, resolved_type or "", "derived", 0.8, rule="type")
