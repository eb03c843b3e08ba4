"""What listings and first pages say: facts with origin and belief, dates with their meaning, no place for the anonymous."""

from __future__ import annotations

from dataclasses import replace

import pytest

from casereviews.repository.describing import describe_document
from casereviews.repository.describing.context import context_facts, is_informative
from casereviews.repository.describing.resolve import Resolved, resolve
from casereviews.repository.fields import PLACE_FIELDS
from casereviews.repository.model import (
    Document,
    DocumentInput,
    Fact,
    Page,
    Reading,
    Sighting,
    SourceInfo,
)
from casereviews.repository.record.availability import availability_of
from casereviews.repository.vocabulary.authorities import find_areas
from casereviews.repository.vocabulary.rules import load_rules

BOARD = SourceInfo(
    "northmoor", "Northmoor Safeguarding Children Partnership", "England", ("E10000014",)
)
NATIONAL = SourceInfo("national", "National list", "UK-wide", national=True)
LIBRARY = SourceInfo("library", "Homicide library", "England", scope="adult", national=True)
FILE = "https://reviews.test/files/a1.pdf"


def given(
    source: SourceInfo,
    *sightings: Sighting,
    pages: tuple[str, ...] = (),
    url: str = FILE,
    file_name: str | None = None,
    last_seen: str = "2026-05-05T02:00:00Z",
) -> DocumentInput:
    document = Document(
        "d1", source.id, url, None, "file", "listing", "2026-01-01T02:00:00Z", last_seen, "available", 0, "shown", "ab", "application/pdf", file_name
    )  # fmt: skip
    reading = None
    if pages:
        numbered = tuple(Page(number, text) for number, text in enumerate(pages, 1))
        reading = Reading("ab", "ok", "application/pdf", numbered, language="en")
    return DocumentInput(document, source, sightings, reading)


def seen(source: SourceInfo, link_text: str = "", **more: object) -> Sighting:
    return replace(
        Sighting(source.id, "https://reviews.test/list", FILE, link_text=link_text), **more
    )  # type: ignore[arg-type]


def resolved(document: DocumentInput) -> dict[str, Resolved]:
    return resolve(describe_document(document).facts)


def values(document: DocumentInput, *names: str) -> list[str | None]:
    fields = resolved(document)
    return [fields[name].value if name in fields else None for name in names]


def test_headings_give_what_a_bare_link_does_not_say() -> None:
    sighting = seen(BOARD, "Report", headings=("Serious Case Reviews", "2015", "Child V"))
    document = given(BOARD, sighting)
    assert values(
        document, "title", "review_type", "subject_labels", "document_role", "published"
    ) == [
        "Child V",
        "scr",
        "Child V",
        "overview_report",
        "2015",
    ]


def test_a_role_is_led_by_its_heading_to_make_a_title() -> None:
    sighting = seen(BOARD, "Executive Summary", headings=("Serious Case Reviews", "Child V"))
    assert values(given(BOARD, sighting), "title", "document_role") == [
        "Child V: Executive Summary",
        "executive_summary",
    ]


def test_the_nearest_heading_is_believed_before_a_far_one() -> None:
    sighting = seen(
        BOARD,
        "Child V",
        headings=("Serious Case Reviews", "Local Child Safeguarding Practice Reviews"),
    )
    fields = resolved(given(BOARD, sighting))
    assert fields["review_type"].value == "lcspr"
    assert [fact.value for fact in fields["review_type"].conflicting] == ["scr"]


def test_a_date_with_the_word_published_wins_over_a_listing_date_and_an_upload_path() -> None:
    sighting = seen(
        BOARD,
        "Child V SCR",
        card_text="Child V SCR, published 4 June 2018, added 1 July 2018",
        dates=("1 July 2018",),
    )
    document = given(BOARD, sighting, url="https://reviews.test/wp-content/uploads/2019/05/a.pdf")
    fields = resolved(document)
    assert fields["published"].value == "2018-06-04"
    assert fields["uploaded"].value in ("2018-07-01", "2019-05")
    assert [fact.value for fact in fields["published"].conflicting] == ["2018-07-01"]


@pytest.mark.parametrize(
    ("sighting", "pages", "published"),
    [
        (seen(BOARD, "Child V SCR", dates=("1 July 2018",), extra={"published": "1 July 2018"}), ("Child V\nSerious Case Review\nMarch 2017",), "2018-07-01"),
        (seen(BOARD, "Child V SCR", dates=("1 July 2018",), extra={"date": "1 July 2018"}), ("Child V\nSerious Case Review\nMarch 2017",), "2018-07-01"),
        (seen(BOARD, "Child V SCR", dates=("1 July 2018",)), ("Child V\nSerious Case Review\nMarch 2017",), "2017-03"),
        (seen(BOARD, "Child V SCR", dates=("1 July 2018",)), ("Child V\nSerious Case Review\n2017",), "2018-07-01"),
        (seen(BOARD, "Child V SCR", dates=("1 July 2018",)), ("Child V\nSerious Case Review\nJuly 2018",), "2018-07-01"),
        (seen(BOARD, "Child V SCR", headings=("July 2018",), dates=("July 2018",)), ("Child V\nSerious Case Review\nMarch 2017",), "2018-07"),
        (seen(BOARD, "Child V SCR"), ("Child V\nSerious Case Review\nMarch 2017",), "2017-03"),
        (seen(BOARD, "Child V SCR"), ("Child V\nSerious Case Review", "Date of publication: 3 May 2019. Report date: March 2017."), "2019-05-03"),
    ],
)  # fmt: skip
def test_published_falls_back_from_word_and_named_date_to_cover_to_a_loose_date_of_the_list(
    sighting: Sighting, pages: tuple[str, ...], published: str
) -> None:
    assert values(given(BOARD, sighting, pages=pages), "published") == [published]


@pytest.mark.parametrize("printed", ["3 April 2031", "12 May 1931"])
def test_an_impossible_date_is_a_marked_conflict_and_no_value(printed: str) -> None:
    fields = resolved(
        given(
            BOARD,
            seen(BOARD, f"Child V SCR – published {printed.replace('1931', '1946')}"),
            last_seen="2026-05-05",
        )
    )
    if "2031" in printed:
        assert fields["published"].value is None
        assert {fact.value for fact in fields["published"].conflicting} == {"2031-04-03"}
    else:
        assert fields["published"].value == "1946-05-12"


def test_a_date_of_publication_before_the_death_is_a_marked_conflict() -> None:
    sighting = seen(BOARD, "Child V SCR – published 4 May 2016", card_text="Report date: June 2019")
    document = given(
        BOARD,
        sighting,
        pages=("Serious Case Review\nChild V\nDate of death of the child: 4 May 2018",),
    )
    fields = resolved(document)
    assert (fields["death_date"].value, fields["published"].value) == ("2018-05-04", None)
    assert [fact.value for fact in fields["published"].conflicting] == ["2016-05-04"]


def test_a_homicide_card_is_read_by_its_named_fields() -> None:
    sighting = seen(
        LIBRARY,
        "DHR-112",
        headings=("Domestic Homicide Review - Maple",),
        dates=("12 March 2024",),
        extra={"Title": "Domestic Homicide Review - Maple", "CSP": "Safer Leeds", "Uploaded on": "12 March 2024", "Date of death": "3 May 2020"},
    )  # fmt: skip
    names = (
        "title",
        "review_type",
        "scope",
        "publisher",
        "areas",
        "uploaded",
        "death_date",
        "published",
    )
    assert values(given(LIBRARY, sighting), *names) == [
        "Domestic Homicide Review - Maple", "dhr", "adult", "Safer Leeds", "Leeds", "2024-03-12", "2020-05-03", "2024-03-12",
    ]  # fmt: skip


def test_a_government_page_gives_first_publication_and_its_later_change() -> None:
    source = replace(NATIONAL, id="gov", nation="England")
    extra = {
        "title": "National review: sleep",
        "first_published_at": "2020-07-16T09:30:00Z",
        "public_updated_at": "2021-02-01T09:30:00Z",
        "organisation": "The Panel",
    }
    sighting = seen(source, "National review: sleep", dates=("2020-07-16T09:30:00Z",), extra=extra)
    assert values(given(source, sighting), "published", "revised", "review_type") == [
        "2020-07-16",
        "2021-02-01",
        "national_review",
    ]


def test_a_national_entry_names_its_board_and_area() -> None:
    extra = {
        "heading": "2019 – Kent – Child U",
        "date": "2019",
        "area": "Kent",
        "title": "Child U",
        "keywords": "infants, neglect",
    }
    sighting = seen(
        NATIONAL,
        "Read the overview report",
        headings=("2019 – Kent – Child U",),
        dates=("2019",),
        extra=extra,
    )
    names = (
        "title",
        "subject_labels",
        "document_role",
        "published",
        "areas",
        "nation",
        "publisher",
        "keywords",
    )
    assert values(given(NATIONAL, sighting), *names) == [
        "2019 – Kent – Child U", "Child U", "overview_report", "2019", "Kent", "England", "Kent", "infants|neglect",
    ]  # fmt: skip


def test_an_anonymous_entry_has_no_place_of_any_origin() -> None:
    extra = {
        "heading": "2022 – Anonymous – Child T",
        "date": "2022",
        "area": "Anonymous",
        "title": "Child T",
    }
    sighting = seen(
        NATIONAL, "Child T", headings=("2022 – Anonymous – Child T",), extra=extra, anonymous=True
    )
    cover = "Kent Safeguarding Children Partnership\nSerious Case Review\nChild T\nOverview Report"
    body = "The Kent partnership agreed this report on 3 May 2021. A boy aged 3 months died in Kent in March 2020."
    description = describe_document(
        given(
            NATIONAL,
            sighting,
            pages=(cover, body),
            url="https://reviews.test/Kent-Child-T.pdf",
            file_name="Kent-Child-T.pdf",
        )
    )
    assert not {fact.field for fact in description.facts} & PLACE_FIELDS
    for fact in description.facts:
        assert not find_areas(f"{fact.value} {fact.raw} {fact.evidence}"), fact
    fields = resolve(description.facts)
    assert [fields[name].value for name in ("anonymous", "publisher", "subject_labels", "review_type", "outcome")] == [
        "yes", "National list", "Child T", "scr", "death",
    ]  # fmt: skip


def test_status_words_are_availability_and_no_date() -> None:
    sighting = seen(BOARD, "Child V SCR", status_words=("No longer published",))
    assert values(given(BOARD, sighting), "availability", "published") == [
        "no_longer_published",
        None,
    ]


@pytest.mark.parametrize(
    "words", [one for rule in load_rules("status_words") for one in rule.examples]
)
def test_describing_and_the_record_read_the_same_status_words(words: str) -> None:
    facts = context_facts(given(BOARD, seen(BOARD, "Child V SCR", status_words=(words,))))
    told = [fact.value for fact in facts if fact.field == "availability"]
    assert told == [code for code in (availability_of([words]),) if code]


def test_a_toolkit_among_reviews_is_marked_as_no_review() -> None:
    sighting = seen(BOARD, "Serious Case Review Toolkit", headings=("Serious Case Reviews",))
    assert values(given(BOARD, sighting), "scope") == ["not_a_review"]


def test_words_of_a_link_that_say_nothing_are_no_title() -> None:
    assert [is_informative(words) for words in ("Download", "Read the full report", "PDF", "here »", "DHR-112", "Child V", "Briefing")] == [
        False, False, False, False, False, True, True,
    ]  # fmt: skip


def test_the_order_of_sightings_changes_nothing() -> None:
    one = seen(BOARD, "Child V SCR", dates=("1 July 2018",))
    other = seen(BOARD, "Executive summary", headings=("Child V",))
    first, second = given(BOARD, one, other), given(BOARD, other, one)
    assert {name: field.value for name, field in resolve(context_facts(first)).items()} == {
        name: field.value for name, field in resolve(context_facts(second)).items()
    }


def test_facts_carry_their_evidence() -> None:
    found = [
        fact
        for fact in context_facts(given(BOARD, seen(BOARD, "SCR Child V – published 4 May 2016")))
        if fact.field == "published"
    ]
    assert found == [
        Fact(
            "published", "2016-05-04", "4 May 2016", "title", 0.95,
            evidence="SCR Child V – published 4 May 2016", rule="link text, published",
        )
    ]  # fmt: skip


def test_a_heading_that_gives_the_kind_of_a_welsh_review_makes_its_type_exact() -> None:
    board = SourceInfo("wennol", "Wennol Safeguarding Board", "Wales")
    link = seen(board, "CPR WSB 1-2018 Report", headings=("Practice reviews", "Concise"))
    assert resolved(given(board, link))["review_type"].value == "cpr_concise"


def test_the_review_of_an_adult_tells_no_age_or_sex_of_a_child() -> None:
    page = "Safeguarding Adults Review\nGlyn\nGlyn was found dead. A boy of nine saw it."
    board = SourceInfo("sab", "Northmoor Safeguarding Adults Board", "England", scope="adult")
    told = resolved(given(board, seen(board, "SAR Glyn report"), pages=(page,)))
    assert not {"sex", "age_band", "age_months_min"} & set(told)


def test_nor_does_the_label_of_an_adult() -> None:
    board = SourceInfo("sab", "Northmoor Safeguarding Adults Board", "England", scope="adult")
    told = resolved(given(board, seen(board, "SAR Two Sisters report"), pages=("A report.",)))
    assert told["subject_labels"].value == "Two Sisters"
    assert "sex" not in told


def test_a_label_of_sisters_tells_their_sex() -> None:
    told = resolved(given(BOARD, seen(BOARD, "Two Sisters SCR Report"), pages=("A report.",)))
    assert (told["subject_labels"].value, told["sex"].value) == ("Two Sisters", "girl")


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("SCR Child Z Overview Report (password protected)", "SCR Child Z Overview Report"),
        ("Lapwing-SCR-report", "Lapwing SCR report"),
        ("Child Z SCR (PDF 1.2MB)", "Child Z SCR"),
    ],
)
def test_a_title_is_shown_without_clutter_and_keeps_what_was_printed(link: str, shown: str) -> None:
    title = resolved(given(BOARD, seen(BOARD, link)))["title"]
    assert (title.value, title.fact.raw) == (shown, link)


def test_a_files_name_is_shown_in_words_where_nothing_else_is_a_title() -> None:
    document = given(BOARD, seen(BOARD, "Download"), file_name="child-z-scr-report.pdf")
    title = resolved(document)["title"]
    assert (title.value, title.fact.raw) == ("Child Z SCR report", "child-z-scr-report.pdf")


def test_a_link_that_calls_an_operation_by_its_name_alone_is_of_the_heading_s_operation() -> None:
    heading = "The Operation Lapwing Serious Case Review"
    document = given(BOARD, seen(BOARD, "Lapwing-SCR-report", headings=(heading,)))
    assert values(document, "subject_labels", "label_kind") == ["Operation Lapwing", "operation"]
