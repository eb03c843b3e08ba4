"""How long a report is taken to stay."""

import pytest

from casereviews.repository.model import SourceInfo
from casereviews.repository.record import Rules

BOTH_STORES = True


@pytest.mark.parametrize(("stated", "months"), [(None, 12), (0, 0), (6, 6), (60, 60)])
def test_a_stated_policy_counts_even_when_it_is_nought(stated: int | None, months: int) -> None:
    assert Rules().months_of(SourceInfo("a", "A", policy_months=stated)) == months
    assert Rules().months_of(None) == 12
