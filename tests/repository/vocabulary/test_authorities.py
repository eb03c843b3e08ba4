"""Areas by name and code; nations by the names of publishers."""

from __future__ import annotations

import pytest

from casereviews.repository.vocabulary.authorities import (
    area_named,
    authorities,
    find_areas,
    nation_of,
)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Hampshire", ("E10000014",)),
        ("city of york", ("E06000014",)),
        ("Hull", ("E06000010",)),
        ("Kingston upon Hull", ("E06000010",)),
        ("Brighton & Hove", ("E06000043",)),
        ("Anglesey", ("W06000001",)),
        ("Glasgow", ("S12000049",)),
        ("City & Hackney", ("E09000001", "E09000012")),
        ("Jersey", ()),
    ],
)
def test_a_name_in_any_usual_form_gives_its_codes(name: str, codes: tuple[str, ...]) -> None:
    area = area_named(name)
    assert area is not None
    assert area.gss == codes


def test_a_name_that_is_no_area_gives_none() -> None:
    assert area_named("Northmoor") is None


def test_every_code_of_a_joint_area_is_a_known_authority() -> None:
    joint = ["Pan Bedfordshire", "North Wales", "Gwent", "Tayside", "Tri-borough", "Sussex"]
    codes = [code for name in joint for code in getattr(area_named(name), "gss", ("missing",))]
    assert [code for code in codes if code not in authorities()] == []


def test_areas_are_found_longest_first_and_only_with_a_capital() -> None:
    found = find_areas(
        "North East Lincolnshire and Kent, after reading in Reading; bury the report at East Sussex-on-Sea"
    )
    assert [mention.area.name for mention in found] == [
        "North East Lincolnshire",
        "Kent",
        "Reading",
    ]


@pytest.mark.parametrize(
    ("publisher", "nation"),
    [
        ("North Wales Safeguarding Board", "Wales"),
        ("Cyngor Gwynedd", "Wales"),
        ("Falkirk Child Protection Committee", "Scotland"),
        ("Renfrewshire Council", "Scotland"),
        ("Safeguarding Board for Northern Ireland", "Northern Ireland"),
        ("Leeds Safeguarding Children Partnership", "England"),
        ("Isle of Man Safeguarding Board", "Isle of Man"),
        ("Kent and Falkirk together", None),
        (None, None),
    ],
)
def test_a_publishers_name_tells_its_nation(publisher: str | None, nation: str | None) -> None:
    assert nation_of(publisher) == nation
