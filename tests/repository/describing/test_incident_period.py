"""The end of harm that lasted."""

from __future__ import annotations

import pytest

from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.describing.finders.incident_period import find
from casereviews.repository.model import Page, Reading


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Child Wren was sexually exploited between March 2017 and June 2019.", ["2019-06"]),
        ("The abuse took place from 2012 to 2015.", ["2015"]),
        ("Child Wren was neglected from 3 May 2018 until 4 June 2018.", ["2018-06-04"]),
        ("This review looks at the time between March 2017 and June 2019.", []),
        ("Child Wren was harmed in May 2018 and was seen in June 2019.", []),
        ("Child Wren lived in Barnmoor between 2012 and 2015, and was abused.", []),
        ("There was no evidence that Child Wren was abused between 2012 and 2015.", []),
        ("In an earlier review a boy had been exploited between 2012 and 2015.", []),
        ("Child Wren was exploited between June 2019 and March 2017.", []),
    ],
)
def test_the_end_of_harm_that_lasted_is_told_where_the_case_says_it(
    text: str, ended: list[str]
) -> None:
    reading = Reading("0", "ok", "text/plain", (Page(1, text),))
    facts = list(find(FinderInput(reading, (), "", ("Child Wren",))))
    assert [(fact.field, fact.value) for fact in facts] == [("incident_to", one) for one in ended]
