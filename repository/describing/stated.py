"""Facts from words that state something: a title's reading, its dates, a place's name; and how far each place of a listing is believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casereviews.repository.describing.dates import DateMention
from casereviews.repository.describing.titles import TitleFacts
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.authorities import authorities, find_areas, nation_of

# How far each place is believed. A link's own words before its file name, a near heading before a far one;
# of dates one with the word published first, then the title's, the list's, the upload's.
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

COVER_DATE, LOOSE_DATE = "date on the cover", "date near the link"
"""Rules of dates that `resolve` tells apart: a list's date without words of publication gives way to the cover's."""

_MEANING_FIELD = {
    "report_date": "report_date",
    "agreed": "agreed_date",
    "revised": "revised",
    "uploaded": "uploaded",
    "presented": "presented",
    "death": "death_date",
    "incident": "incident_from",
}


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
        yield from date_facts(reading.dates, origin, raw, plain=dates, rule=rule)


def date_facts(
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


def place_facts(words: str, origin: str, confidence: float, rule: str) -> Iterator[Fact]:
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
