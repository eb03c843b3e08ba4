"""What a title says: type of review, labels, role of the document, date; and nothing that it does not say.

The order of reading keeps one word from being read twice: case references, then dates, boards, types, roles, labels.
What has been read is masked, so that "CTMSB 8/2020" is no date, a board is no review and a month is no child.
Rules say what many titles have in common; none is made for a single title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from casereviews.repository.describing.dates import DateMention, find_dates
from casereviews.repository.describing.titles import label_codes
from casereviews.repository.describing.titles import label_names as labels_names
from casereviews.repository.describing.titles import labels as noun_labels
from casereviews.repository.describing.titles.form import Plain, plain
from casereviews.repository.describing.titles.label_nouns import label_kind
from casereviews.repository.describing.titles.labels import MASK, LabelMention
from casereviews.repository.describing.titles.parts import (
    Slots,
    case_references,
    find_bodies,
    nation_of_slot,
    national_list,
    running_number,
)
from casereviews.repository.describing.titles.roles import is_event, not_a_review, read_role
from casereviews.repository.describing.titles.types import TypeMention, find_types, joined
from casereviews.repository.vocabulary.authorities import nation_of
from casereviews.repository.vocabulary.rules import load_rules

NOT_PRINTED_ROLES = frozenset(
    {"statement", "other"}
)  # real lists hold them too, but they are no paper of the review
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """What a title says; None or () where it says nothing.

    `review_type` is a code, or two joined by a bar. `published` is an ISO date as long as its `precision`. Beyond the
    contract: `other_role` (statement, other), `case_ref` as printed, `area` (the area slot of a national list's heading; None when withheld),
    `anonymous` (that slot says so), `label_kind`, `dates` (every date with its meaning), `not_a_review`, `language` ("cy" for Welsh titles).
    """

    review_type: str | None = None
    subject_labels: tuple[str, ...] = ()
    document_role: str | None = None
    published: str | None = None
    precision: str | None = None
    label_kind: str = "none"
    other_role: str | None = None
    case_ref: str | None = None
    area: str | None = None
    anonymous: bool = False
    not_a_review: bool = False
    language: str | None = None
    dates: tuple[DateMention, ...] = ()


def read_title(
    raw_title: str,
    *,
    publisher: str | None = None,
    nation: str | None = None,
    heading: str | None = None,
) -> TitleFacts:
    """Read a title, link text, file name or slug.

    `publisher` and `nation` settle what "SCR", "CPR" and "Learning Review" mean; without a nation it is taken from the
    publisher's name, then from an area in the title. `heading` (the heading the title stands under) gives a type, role
    or date where the title itself has none. Never raises; the same input gives the same facts.
    """
    title = plain(raw_title[:_LONGEST])
    if not title.text:
        return TitleFacts()
    slots = national_list(title.text, by_nspcc="NSPCC" in (publisher or ""))
    nation = (
        nation
        or nation_of(publisher)
        or (nation_of(title.text) if slots is None else nation_of_slot(slots))
    )
    facts = _read(title, slots, publisher or "", nation)
    if heading and not facts.not_a_review:
        facts = _with_heading(facts, heading, publisher, nation)
    return facts


def _read(title: Plain, slots: Slots | None, publisher: str, nation: str | None) -> TitleFacts:
    references = case_references(title.text, nation)
    spans = [span for span, _ in references]
    dates = find_dates(title.text, masked=spans)
    bodies = find_bodies(title.text, publisher)
    date_spans = [(_from_lead(title.text, date.start), date.end) for date in dates]
    numbers = [_number_of(title.text, span) for span in spans]
    types = find_types(title, nation=nation, taken=[*numbers, *date_spans, *bodies])
    type_spans = [(mention.start, mention.end) for mention in types]
    slot_span = [(0, slots.title_start)] if slots else []
    clear = _masked(title.text, [*spans, *date_spans, *type_spans, *slot_span])
    told = labels_names.mask_titled_authors(_without_quotations(clear))
    found = noun_labels.find_noun_labels(title, told, bodies)
    names = tuple(dict.fromkeys(mention.label for mention in found))
    label_spans = [(mention.start, mention.end) for mention in found]
    role, words = read_role(
        title.text,
        types=types,
        labels=names,
        taken=[*type_spans, *label_spans, *bodies],
        case_ref=bool(references),
    )
    role_spans = [(word.start, word.end) for word in words]
    clear = labels_names.mask_titled_authors(_masked(clear, [*role_spans, *bodies]))
    paper = None if not_a_review(_masked(title.text, bodies), labels=names) else role
    found = _other_labels(title, found, clear, bool(types), slots, paper)
    names = tuple(dict.fromkeys(mention.label for mention in found))
    if (
        names and not label_spans
    ):  # a label without a noun may settle the role ("Rosie Report Final")
        role, _ = read_role(title.text, types=types, labels=names, taken=[*type_spans, *bodies])
    if not types and names:
        types = _split_types(title, found, nation, [*numbers, *date_spans, *bodies])
        role = (
            role
            or read_role(title.text, types=types, labels=names, taken=[*label_spans, *bodies])[0]
        )
    published = _published(dates, slots)
    turned_away = not_a_review(_masked(title.text, bodies), labels=names)
    booked = turned_away and is_event(_masked(title.text, bodies))
    if booked and published and published.meaning != "published":
        published = None  # the day of a course is nobody's date of publication
    return TitleFacts(
        review_type=None if turned_away else joined(types),
        subject_labels=names,
        document_role=None if turned_away or role in NOT_PRINTED_ROLES else role,
        published=published.iso if published else None,
        precision=published.precision if published else None,
        label_kind=label_kind(names),
        other_role=role if role in NOT_PRINTED_ROLES and not turned_away else None,
        case_ref=references[0][1]
        if references
        else _running_number(title.text, types, _masked(clear, label_spans)),
        area=slots.area if slots and not slots.anonymous else None,
        anonymous=bool(slots and slots.anonymous),
        not_a_review=turned_away,
        language="cy" if _WELSH.fits(title.text) else None,
        dates=tuple(date for date in dates if date.iso),
    )


def _running_number(text: str, types: Sequence[TypeMention], clear: str) -> str | None:
    if len(types) != 1 or types[0].plural:
        return None
    number = running_number(clear, types[0].end)
    return text[number[0] : number[1]] if number and not _COUNTED.match(text, number[1]) else None


def _with_heading(
    facts: TitleFacts, heading: str, publisher: str | None, nation: str | None
) -> TitleFacts:
    above = read_title(heading, publisher=publisher, nation=nation)
    if facts.review_type is None:
        facts = replace(facts, review_type=above.review_type)
    if facts.document_role is None and facts.other_role is None:
        facts = replace(facts, document_role=above.document_role)
    if facts.published is None:
        facts = replace(facts, published=above.published, precision=above.precision)
    return facts


_DATE_LEAD = re.compile(
    rf"(?<!\w)(?:who\s+)?(?:{'|'.join(rule.words for rule in load_rules('date_labels').of('birth', 'death', 'incident', 'published', 'report_date'))})"
    r"[\s:;,.–(]*(?:\b(?:on|in)\s+)?$",
    re.IGNORECASE,
)
_WELSH = load_rules("title_words")["welsh"]
_COUNTED = re.compile(rf"\s+{load_rules('title_words')['counted_learning'].words}\b", re.IGNORECASE)


def _from_lead(text: str, start: int) -> int:
    """Where a date begins with the words that say what it is: "D.O.B. 3/3/2003", "published May 2019"."""
    lead = _DATE_LEAD.search(text[:start])
    return lead.start() if lead else start


def _number_of(text: str, reference: tuple[int, int]) -> tuple[int, int]:
    """A case reference from its first digit on: the letters before may name the type ("HSCB SCR 08-2013")."""
    digit = re.compile(r"\d").search(text, reference[0])
    return (digit.start() if digit else reference[0], reference[1])


def _masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = MASK * (end - start)
    return "".join(letters)


def _without_quotations(text: str) -> str:
    """Quotations of more than three words masked: "Where were you when I was six?" holds no label, "Child T and Child M" does."""

    def kept(quotation: re.Match[str]) -> str:
        words = quotation.group(0)
        if len(words.split()) <= 3 or noun_labels.begins_list(words[1:]):
            return words
        return MASK * len(words)

    return re.sub(r"“[^“”]*”", kept, text)


def _other_labels(
    title: Plain,
    found: list[LabelMention],
    clear: str,
    typed: bool,
    slots: Slots | None,
    role: str | None,
) -> list[LabelMention]:
    """Labels without a noun: beside a noun label only a second name in quotation marks or brackets counts."""
    clear = labels_names.mask_authors(clear)
    if found:
        last = max(mention.end for mention in found)
        taken = _masked(clear, [(mention.start, mention.end) for mention in found])
        quoted = [m for m in labels_names.find_quoted(taken) if m.start - last <= 12]
        first = min(found, key=lambda mention: mention.start)
        before = label_codes.find_codes_before(taken, first) or labels_names.find_names_before(
            title, taken, first
        )
        families = labels_names.find_families(title, taken)
        second = quoted or labels_names.find_second_names(title, taken, found)
        others = {mention.start: mention for mention in (*second, *before, *families)}
        return sorted([*found, *others.values()], key=lambda mention: mention.start)
    bare = _without_quotations(clear)
    typed = typed or slots is not None
    codes = label_codes.find_codes(bare)
    named = labels_names.find_names_of_codes(title, bare, codes, typed=typed) if codes else []
    for mentions in (
        labels_names.find_families(title, bare),
        labels_names.find_quoted(clear),
        sorted([*named, *codes], key=lambda mention: mention.start),
        label_codes.find_short_code(bare),
        label_codes.find_codes_of_reviews(bare),
        labels_names.find_led(title, bare),
        labels_names.find_possessive(title, bare),
        labels_names.find_residual(title, bare, typed=typed, role=role),
    ):
        if mentions:
            return mentions
    return []


def _split_types(
    title: Plain, found: Sequence[LabelMention], nation: str | None, taken: list[tuple[int, int]]
) -> list[TypeMention]:
    """The type whose words a label splits ("Serious Child A Case Review"): read again without the labels."""
    text = title.text
    for mention in sorted(found, key=lambda mention: -mention.start):
        text = text[: mention.start].rstrip() + " " + text[mention.end :].lstrip()
    return find_types(Plain(text, title.slug, title.capitals), nation=nation)


def _published(dates: Sequence[DateMention], slots: Slots | None) -> DateMention | None:
    """The date of publication a title gives: one with the word, else the list's, else a plain one."""
    dated = [date for date in dates if date.iso]
    said = [date for date in dated if date.meaning == "published"]
    if said:
        return max(said, key=lambda date: (len(date.iso), date.start))
    if (
        slots is not None
        and dated
        and dated[0].start < slots.title_start
        and dated[0].meaning != "period"
    ):
        return dated[0]
    unsaid = [date for date in dated if date.meaning in (None, "report_date", "uploaded")] or [
        date for date in dated if date.meaning == "revised"
    ]
    return max(unsaid, key=lambda date: (len(date.iso), date.start), default=None)
