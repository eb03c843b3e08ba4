"""What the pages around a document say of it: link text, file name, headings, card, dates, status words, named fields.

Named fields of structured sources (`Sighting.extra`) are read by these keys, written in any case, spaces as underscores:

| source    | keys |
|-----------|------|
| DHR cards | title, csp (community_safety_partnership), csp_region, uploaded_on, date_of_death |
| GOV.UK    | title, first_published_at, public_updated_at, organisation, document_type, withdrawn_at |
| NSPCC     | heading, date, area, title, summary, learning, recommendations, keywords, model, copy_number |
| WordPress | post_title, post_date, printed_date |
| any       | publisher, review_type, document_role, label, published |

An entry whose publisher is withheld gets no place fact of any origin (DESIGN section 4).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from repository.describing.dates import DateMention, find_dates
from repository.describing.fields import PLACE_FIELDS
from repository.describing.titles import TitleFacts, read_title
from repository.model import DocumentInput, Fact, Sighting, SourceInfo
from repository.vocabulary.authorities import authorities, find_areas, nation_of
from repository.vocabulary.codes import ADULT_TYPES, STATUTORY_TYPES

# How far each place is believed. A link's own words before its file name, a near heading before a far one;
# for dates see VOCABULARY section 8, point 5.
LINK, NAMED, FILE_NAME, NEAR_HEADING, FAR_HEADING, CARD = 0.95, 0.93, 0.75, 0.85, 0.65, 0.6
PUBLISHED_WORD, TITLE_DATE, LISTING_DATE, HEADING_YEAR, NAMED_UPLOAD, POST_DATE, UPLOAD_PATH = (
    0.95,
    0.85,
    0.8,
    0.62,
    0.6,
    0.4,
    0.3,
)

_EMPTY_WORDS = re.compile(
    r"^(?:(?:click|read|view|download|see|open|access|more|here|the|this|full|pdf|word|document|file|link|report|now|please|to|in|a|new|window|tab|doc|docx|details|find out|"
    r"available|attached|attachment|lawrlwytho|darllen|gweld|yma|mwy)[\s.,:>»(\[\])-]*)+$",
    re.IGNORECASE,
)
_LEADING_VERB = re.compile(
    r"^(?:(?:click here to\s+)?(?:read|view|download|see|open)(?:\s+(?:here|or download))?\s*(?:the\s+|:\s*)+)",
    re.IGNORECASE,
)
_STATUS = (
    ("no_longer_published", re.compile(r"no longer (?:published|available)|archived|expired|publication period (?:has )?ended", re.I)),
    ("unpublished", re.compile(r"\bun-?published\b|not (?:being |to be )?published|will not be published", re.I)),
    ("delayed", re.compile(r"\bdelay|pending|awaiting|criminal proceedings|in due course", re.I)),
    ("on_request", re.compile(r"on request|by request|please (?:contact|e-?mail)", re.I)),
)  # fmt: skip
_MEANING_FIELD = {
    "report_date": "report_date",
    "agreed": "agreed_date",
    "revised": "revised",
    "uploaded": "uploaded",
    "presented": "presented",
    "death": "death_date",
    "incident": "incident_from",
}
_UPLOAD_PATH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?=[/-])")


@dataclass(frozen=True, slots=True)
class Named:
    """The fields a structured source states by name, keys folded."""

    fields: Mapping[str, str]

    @classmethod
    def of(cls, sighting: Sighting) -> Named:
        folded = {
            re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_"): value.strip()
            for key, value in sighting.extra.items()
        }
        return cls({key: value for key, value in folded.items() if value})

    def get(self, *names: str) -> str:
        return next((self.fields[name] for name in names if name in self.fields), "")


def is_anonymous(document: DocumentInput) -> bool:
    """True when any page that lists the document withholds its publisher on purpose."""
    return any(
        sighting.anonymous
        or re.search(r"\banonymous\b|\bunnamed\b", Named.of(sighting).get("area"), re.IGNORECASE)
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


def is_informative(words: str) -> bool:
    """False for link texts that say nothing: "Download", "Read the full report", "PDF"."""
    if re.fullmatch(r"(?:DHR|DARDR|SAR)[\s-]?\d+", words.strip()):
        return False  # the number of a library
    return len(words.strip()) > 2 and not _EMPTY_WORDS.match(words.strip())


def title_facts_as_facts(
    reading: TitleFacts, raw: str, origin: str, confidence: float, rule: str, *, dates: float | None
) -> Iterator[Fact]:
    """The facts of one title reading; `dates` is the belief in a plain date as published, None for none at all."""
    if reading.review_type:
        yield Fact(
            "review_type", reading.review_type, raw, origin, confidence, evidence=raw, rule=rule
        )
    if reading.subject_labels:
        value = "|".join(reading.subject_labels)
        yield Fact("subject_labels", value, raw, origin, confidence, evidence=raw, rule=rule)
        yield Fact(
            "label_kind", reading.label_kind, raw, origin, confidence, evidence=raw, rule=rule
        )
    role = reading.document_role or reading.other_role
    if role:
        yield Fact("document_role", role, raw, origin, confidence, evidence=raw, rule=rule)
    if reading.case_ref:
        yield Fact("case_ref", reading.case_ref, raw, origin, confidence, evidence=raw, rule=rule)
    if reading.not_a_review:
        yield Fact("scope", "not_a_review", raw, origin, confidence, evidence=raw, rule=rule)
    if dates is not None:
        yield from _date_facts(reading.dates, origin, raw, plain=dates, rule=rule)


def _sighting_facts(source: SourceInfo, sighting: Sighting) -> list[Fact]:
    named = Named.of(sighting)
    facts = list(_named_facts(named, source))
    publisher, nation = _whose(source, named, sighting)
    link = _LEADING_VERB.sub("", sighting.link_text.strip())
    if is_informative(link):
        reading = read_title(link, publisher=publisher, nation=nation)
        facts.append(_link_title(link, reading, sighting))
        facts += title_facts_as_facts(reading, link, "title", LINK, "link text", dates=TITLE_DATE)
        facts += _area_facts(reading, source)
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
        facts += _date_facts(
            find_dates(printed), "listing", printed, plain=LISTING_DATE, rule="date near the link"
        )
    for words in sighting.status_words:
        for code, pattern in _STATUS:
            if pattern.search(words):
                facts.append(
                    Fact(
                        "availability",
                        code,
                        words,
                        "listing",
                        0.9,
                        evidence=words,
                        rule="status word",
                    )
                )
                break
    return facts


def _link_title(link: str, reading: TitleFacts, sighting: Sighting) -> Fact:
    """The link's words as a title, led by the nearest heading where they name no case ("Executive summary")."""
    if reading.subject_labels or reading.review_type or reading.case_ref or not sighting.headings:
        return Fact("title", link, link, "title", LINK, rule="link text")
    heading = sighting.headings[-1].strip()
    if not is_informative(heading) or heading.casefold() == link.casefold():
        return Fact("title", link, link, "title", LINK - 0.05, rule="link text")
    title = f"{heading}: {link}"
    return Fact("title", title, link, "listing", LINK - 0.05, rule="heading and link text")


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
        dates = TITLE_DATE - 0.1 if distance == 0 else HEADING_YEAR
        if (
            distance == 0
            and is_informative(heading)
            and (reading.subject_labels or reading.review_type)
        ):
            yield Fact("title", heading, heading, "listing", 0.7, rule="nearest heading")
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
    yield from _date_facts(find_dates(card), "listing", card, plain=None, rule="card")


def _date_facts(
    dates: Iterable[DateMention], origin: str, raw: str, *, plain: float | None, rule: str
) -> Iterator[Fact]:
    """Every date as a fact with its meaning; `plain` is the belief in an unlabelled date as published."""
    for date in dates:
        if not date.iso:
            continue
        evidence = _around(raw, date)
        if date.meaning == "published":
            yield Fact(
                "published",
                date.iso,
                date.raw,
                origin,
                PUBLISHED_WORD,
                evidence=evidence,
                rule=f"{rule}, published",
            )
        elif date.meaning is None and plain is not None:
            yield Fact("published", date.iso, date.raw, origin, plain, evidence=evidence, rule=rule)
        elif date.meaning in _MEANING_FIELD:
            field = _MEANING_FIELD[date.meaning]
            yield Fact(
                field,
                date.iso,
                date.raw,
                origin,
                0.85,
                evidence=evidence,
                rule=f"{rule}, {date.meaning}",
            )
            stand_in = {
                "report_date": 0.55,
                "agreed": 0.5,
                "revised": 0.5,
                "uploaded": NAMED_UPLOAD - 0.05,
            }.get(date.meaning)
            if stand_in and plain is not None:
                yield Fact(
                    "published",
                    date.iso,
                    date.raw,
                    origin,
                    stand_in,
                    evidence=evidence,
                    rule=f"{rule}, {date.meaning}",
                )


def _around(raw: str, date: DateMention) -> str:
    """The words that a date stands among; the mention's offsets may belong to a cleaned form of `raw`."""
    place = raw.find(date.raw)
    if place < 0 or len(raw) <= 160:
        return raw[:160]
    return raw[max(0, place - 60) : place + len(date.raw) + 40].strip()


def _named_facts(named: Named, source: SourceInfo) -> Iterator[Fact]:
    for key in ("title", "post_title", "heading"):
        text = named.get(key)
        if not text:
            continue
        publisher, nation = (
            named.get("csp", "area", "organisation") or source.publisher,
            source.nation,
        )
        yield Fact("title", text, text, "listing", NAMED, rule=key)
        reading = read_title(text, publisher=publisher, nation=nation_of(publisher) or nation)
        yield from title_facts_as_facts(reading, text, "title", NAMED, key, dates=TITLE_DATE)
        if source.national:
            yield from _area_facts(reading, source)
    for key, field, belief in (
        ("published", "published", PUBLISHED_WORD),
        ("first_published_at", "published", PUBLISHED_WORD),
        ("date", "published", TITLE_DATE),
        ("printed_date", "published", LISTING_DATE),
        ("uploaded_on", "uploaded", 0.95),
        ("post_date", "uploaded", 0.9),
        ("public_updated_at", "revised", 0.9),
        ("withdrawn_at", "withdrawn_at", 0.95),
        ("date_of_death", "death_date", 0.95),
    ):
        printed = named.get(key)
        for date in find_dates(printed)[:1]:
            if date.iso:
                yield Fact(
                    field,
                    date.iso,
                    printed,
                    "listing",
                    belief,
                    evidence=f"{key}: {printed}",
                    rule=key,
                )
                if field == "uploaded":
                    stand_in = NAMED_UPLOAD if key == "uploaded_on" else POST_DATE
                    yield Fact(
                        "published",
                        date.iso,
                        printed,
                        "listing",
                        stand_in,
                        evidence=f"{key}: {printed}",
                        rule=key,
                    )
    place = named.get("csp", "community_safety_partnership", "area", "publisher")
    if place and source.national:
        yield Fact("publisher", place, place, "listing", 0.95, rule="named publisher")
        yield from _places(place, "listing", 0.95, "named publisher")
    if named.get("copy_number"):
        copy = named.get("copy_number")
        yield Fact("nspcc_copy_no", copy, copy, "listing", 0.95, rule="copy number")
    for keyword in re.split(r"\s*[,;|]\s*", named.get("keywords")):
        if keyword:
            yield Fact("keywords", keyword, keyword, "listing", 0.9, rule="keywords")


def _area_facts(reading: TitleFacts, source: SourceInfo) -> Iterator[Fact]:
    """The area slot of a national list's heading; on a local page an area in the title may be a neighbour's."""
    if reading.area and source.national:
        yield Fact("publisher", reading.area, reading.area, "title", 0.8, rule="area slot")
        yield from _places(reading.area, "title", 0.9, "area slot")


def _places(words: str, origin: str, confidence: float, rule: str) -> Iterator[Fact]:
    mentions = find_areas(words)
    names = list(
        dict.fromkeys(
            authorities()[code].name
            for mention in mentions
            for code in mention.area.gss
            if code in authorities()
        )
    )
    if names:
        yield Fact("areas", "|".join(names), words, origin, confidence, evidence=words, rule=rule)
    nation = nation_of(words)
    if nation:
        yield Fact("nation", nation, words, origin, confidence, evidence=words, rule=rule)


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
    if re.search(r"[A-Za-z]{3}", name):
        publisher = None if source.national else source.publisher
        reading = read_title(name, publisher=publisher, nation=source.nation)
        yield Fact("title", name, name, "title", 0.3, rule="file name")
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
