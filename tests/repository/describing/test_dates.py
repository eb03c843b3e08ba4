"""UK and Welsh dates, their precision and what the words around say they are."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.repository.describing.dates import before, find_dates, read_date


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("23 June 2021", "2021-06-23"),
        ("31st January 2018", "2018-01-31"),
        ("18 March, 2024", "2024-03-18"),
        ("Tuesday, 07th Jun 2022", "2022-06-07"),
        ("Monday 14th July 2025", "2025-07-14"),
        ("3 o Fawrth 2019", "2019-03-03"),
        ("January 2021", "2021-01"),
        ("Feb 2020", "2020-02"),
        ("(Dec 2024)", "2024-12"),
        ("Nov-19", "2019-11"),
        ("Dec '20", "2020-12"),
        ("Tachwedd 2025", "2025-11"),
        ("05/12/19", "2019-12-05"),
        ("07.09.18", "2018-09-07"),
        ("28 02 2023", "2023-02-28"),
        ("12-05-2023", "2023-05-12"),
        ("2023/03/02", "2023-03-02"),
        ("2021.03.05", "2021-03-05"),
        ("5-Mar-21", "2021-03-05"),
        ("5–Mar–2021", "2021-03-05"),
        ("05\u201103\u20112021", "2021-03-05"),
        ("05\u201203\u20122021", "2021-03-05"),
        ("2021–03–05", "2021-03-05"),
        ("5\u00a0March\u00a02021", "2021-03-05"),
        ("Sept '23", "2023-09"),
        ("March ’21", "2021-03"),
        ("05/2023", "2023-05"),
        ("03-2021", "2021-03"),
        ("2021-03", "2021-03"),
        ("May/June 2023", "2023-06"),
        ("2019-04-29 02:52:49", "2019-04-29"),
        ("2024-05-12T09:13:18.000+00:00", "2024-05-12"),
        ("20190312", "2019-03-12"),
        ("12032019", "2019-03-12"),
        ("Autumn 2016", "2016"),
        ("2012", "2012"),
    ],
)
def test_every_form_of_a_date_is_read_day_first(text: str, iso: str) -> None:
    assert read_date(text) == (iso, {4: "year", 7: "month", 10: "day"}[len(iso)])


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2019",
        "03/25/2021",
        "2011-12",
        "APR 03 2022",
        "CPR 04/2019",
        "APR NORTHBY 03-2022",
        "7 minute briefing CPR 08 2020",
        "NMSCB 8/2020",
        "Ref: 8/2020",
        "1850",
        "v1.2.13",
        "26.11",
        "3 May",
        "0191 498 2019x",
        "£2019",
        "May be",
        "12345678901",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        (
            "Date of Incident: July 2015 Date of Publication: January 2017",
            ["incident", "published"],
        ),
        ("Date of Death 16/07/06", ["death"]),
        ("the death of a child in March 2016", ["death"]),
        ("SCR on the death of Child A, March 2016", [None]),
        ("agreed by the board on 3 May 2014, published 4 June 2015", ["agreed", "published"]),
        ("Uploaded on 4 June 2015", ["uploaded"]),
        ("Report date: September 2013", ["report_date"]),
        ("from 1 April 2014 to 31 March 2017", ["period", "period"]),
        ("Working Together to Safeguard Children (2018)", ["guidance"]),
        ("Children Act 2004", ["guidance"]),
        ("Annual Report 2020", ["period"]),
        ("12.10.2020 (revised for publication 05.01.2021)", [None, "published"]),
        ("4 June 2015 (published)", ["published"]),
        (
            "In 2019 Family G was published. It covers 2002 to 2011.",
            ["published", "period", "period"],
        ),
        ("In May 2019 the board published the review.", ["published"]),
        ("In 2019 Child A died and the report was published in 2020.", [None, "published"]),
        ("In 2019 the board met.", [None]),
        ("The board is today (16/01/2020) publishing the report", ["published"]),
        ("Yn 2021 cyhoeddwyd Teulu G.", ["published"]),
        ("We publish every report. The law changed on 29 June 2018.", [None]),
        ("Date published. 29 June 2018", ["published"]),
        ("Reviews published since September 2019", ["period"]),
        ("Working Together, published in July 2018", ["guidance"]),
        ("Republished 3 May 2020", ["revised"]),
        ("Diweddarwyd 3 Mai 2020", ["revised"]),
        ("Ychwanegwyd 3 Mai 2020", ["uploaded"]),
        ("Cyhoeddwyd: 4 Tachwedd 2025", ["published"]),
    ],
)
def test_words_around_a_date_say_what_it_is(text: str, meanings: list[str | None]) -> None:
    assert [date.meaning for date in find_dates(text)] == meanings


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2040, 12, 31)))
def test_one_day_written_in_many_forms_is_one_date(day: datetime.date) -> None:
    ordinal = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}.get(day.day, "th")
    forms = [
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day.day}.{day.month}.{day.year}",
        f"{day.day} {day:%B} {day.year}",
        f"{day.day}{ordinal} {day:%b} {day.year}",
        f"{day:%A} {day.day} {day:%B}, {day.year}",
    ]
    assert {read_date(form) for form in forms} == {(day.isoformat(), "day")}


@given(st.text(max_size=200))
def test_any_text_gives_only_dates_of_the_calendar(text: str) -> None:
    for date in find_dates(text):
        if date.iso:
            padded = date.iso + "-01-01"[len(date.iso) - 4 :] if len(date.iso) < 10 else date.iso
            assert 1945 <= datetime.date.fromisoformat(padded[:10]).year <= 2099
            assert text[date.start : date.end].strip() == date.raw


def test_dates_are_compared_only_as_far_as_both_are_precise() -> None:
    pairs = [
        ("2019", "2020-03"),
        ("2019-03", "2019-04-01"),
        ("2019", "2019-03"),
        ("2019-03-04", "2019-03"),
    ]
    assert [before(*pair) for pair in pairs] == [True, True, False, False]
