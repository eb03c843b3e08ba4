"""The fields that structured sources state by name (`Sighting.extra`), read by these keys in any case, spaces as underscores.

| source    | keys |
|-----------|------|
| DHR cards | title, csp (community_safety_partnership), csp_region, uploaded_on, date_of_death |
| GOV.UK    | title, first_published_at, public_updated_at, organisation, document_type, withdrawn_at |
| NSPCC     | heading, date, area, title, summary, learning, recommendations, keywords, model, copy_number |
| WordPress | post_title, post_date, printed_date |
| any       | publisher, published, siblings_say |
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from casereviews.repository.describing.dates import find_dates
from casereviews.repository.describing.stated import (
    CARD,
    LISTING_DATE,
    NAMED,
    NAMED_UPLOAD,
    POST_DATE,
    PUBLISHED_WORD,
    TITLE_DATE,
    place_facts,
    title_facts_as_facts,
)
from casereviews.repository.describing.titles import TitleFacts, read_title
from casereviews.repository.describing.titles.shown import shown_title
from casereviews.repository.model import Fact, Sighting, SourceInfo
from casereviews.repository.vocabulary.authorities import nation_of
from casereviews.repository.vocabulary.rules import load_rules


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


def named_facts(named: Named, source: SourceInfo) -> Iterator[Fact]:
    for key in ("title", "post_title", "heading"):
        text = named.get(key)
        if not text:
            continue
        publisher, nation = (
            named.get("csp", "area", "organisation") or source.publisher,
            source.nation,
        )
        reading = read_title(text, publisher=publisher, nation=nation_of(publisher) or nation)
        title = shown_title(text, publisher, reading.subject_labels)
        yield Fact("title", title, text, "listing", NAMED, rule=key)
        yield from title_facts_as_facts(reading, text, "title", NAMED, key, dates=TITLE_DATE)
        if source.national:
            yield from area_facts(reading, source)
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
        yield from place_facts(place, "listing", 0.95, "named publisher")
    if role := load_rules("document_roles").first(said := named.get("siblings_say")):
        yield Fact(
            "document_role",
            role.code,
            said,
            "listing",
            CARD,
            evidence=said,
            rule="siblings on its page",
        )
    if named.get("copy_number"):
        copy = named.get("copy_number")
        yield Fact("nspcc_copy_no", copy, copy, "listing", 0.95, rule="copy number")
    for keyword in re.split(r"\s*[,;|]\s*", named.get("keywords")):
        if keyword:
            yield Fact("keywords", keyword, keyword, "listing", 0.9, rule="keywords")


def area_facts(reading: TitleFacts, source: SourceInfo) -> Iterator[Fact]:
    """The area slot of a national list's heading; on a local page an area in the title may be a neighbour's."""
    if reading.area and source.national:
        yield Fact("publisher", reading.area, reading.area, "title", 0.8, rule="area slot")
        yield from place_facts(reading.area, "title", 0.9, "area slot")
