"""How much a report is about its themes: by the evidence, and by how common a theme is."""

from __future__ import annotations

import math

import pytest

from casereviews.repository.home import Home
from casereviews.repository.model import Description, Fact
from casereviews.repository.record.derived import Derived
from casereviews.repository.theme_weights import (
    CENTRAL_FROM,
    PRESENT_FROM,
    ThemeShares,
    confidence_of,
    shares_of,
    weighed,
)


def theme(strength: float, value: str = "harm_neglect", origin: str = "text") -> Fact:
    return Fact("theme", value, "", origin, confidence_of(strength))


def fields(fact: Fact, shares: ThemeShares) -> list[str]:
    return [one.field for one in weighed([fact], shares)]


@pytest.mark.parametrize(
    ("strength", "expected"),
    [
        (0.5 * PRESENT_FROM, ["touched_theme"]),
        (1.1 * PRESENT_FROM, ["theme"]),
        (1.1 * CENTRAL_FROM, ["theme", "central_theme"]),
    ],
)
def test_evidence_decides_the_weight(strength: float, expected: list[str]) -> None:
    bar = ThemeShares().bar("harm_neglect")
    assert fields(theme(strength * bar), ThemeShares()) == expected


def test_a_common_theme_needs_more_evidence_than_a_rare_one() -> None:
    shares = ThemeShares(1000, 1000, {"harm_neglect": 900, "harm_fii": 10})
    told = [theme(PRESENT_FROM, "harm_neglect"), theme(PRESENT_FROM, "harm_fii")]
    assert [(one.field, one.value) for one in weighed(told, shares)] == [
        ("touched_theme", "harm_neglect"),
        ("theme", "harm_fii"),
    ]


def test_a_small_collection_says_little_of_how_common_a_theme_is() -> None:
    assert ThemeShares(1, 1, {"harm_fii": 1}).of("harm_fii") < 0.3
    assert ThemeShares(2000, 2000, {"harm_fii": 2000}).of("harm_fii") > 0.98


def test_what_a_person_said_is_central_and_other_facts_are_left() -> None:
    said = Fact("theme", "harm_fii", "", "manual", 1.0)
    sex = Fact("sex", "girl", "", "text", 0.5)
    assert [(one.field, one.weight) for one in weighed([said, sex], ThemeShares())] == [
        ("theme", "central"),
        ("central_theme", "central"),
        ("sex", ""),
    ]


def test_shares_count_documents_that_tell_of_a_theme_once() -> None:
    documents = [[theme(0.1), theme(3.0)], [theme(1.0, "harm_fii")], []]
    assert shares_of(documents) == ThemeShares(3, 2, {"harm_neglect": 1, "harm_fii": 1})


def test_strength_comes_back_from_the_confidence() -> None:
    assert -math.log(1 - confidence_of(2.0)) == pytest.approx(2.0, abs=0.01)
    assert confidence_of(50.0) < 1


def test_shares_are_learnt_again_when_the_collection_has_outgrown_them(home: Home) -> None:
    with Derived.open(home, write=True) as derived:
        for number in range(12):
            said = Description((theme(3.0),))
            derived.save_description(
                f"d{number}", said, sha256=None, input_digest="1", describer="1"
            )
            derived.learn_theme_shares()
        assert derived.theme_shares().described == 12
        assert derived.theme_shares().told == {"harm_neglect": 12}
        before = derived.theme_shares()
        derived.forget_documents(["d0"])
        derived.learn_theme_shares()
        assert derived.theme_shares() == before  # eleven are not so many fewer
        derived.forget_documents([f"d{number}" for number in range(1, 8)])
        derived.learn_theme_shares()
        assert derived.theme_shares().described == 4
        assert derived.description_of("d9").facts[0].weight == "present"  # all tell of it
