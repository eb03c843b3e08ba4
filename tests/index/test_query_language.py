"""docs/QUERY-LANGUAGE.md is a contract: every example in it runs, and every field and part is named."""

import re
from pathlib import Path

import pytest
from made import document, indexed

from casereviews.index.errors import QueryError
from casereviews.index.fields import SECTIONS
from casereviews.repository.fields import SEARCHED

PAGE = (Path(__file__).parents[2] / "docs" / "QUERY-LANGUAGE.md").read_text("utf-8")
EXAMPLES = re.findall(r"^\| `(.+?)` \|", PAGE, re.M)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory):
    one = document(
        "a",
        "Neglect of an infant.",
        nation="Wales",
        review_type="lcspr",
        document_role="overview_report",
        themes=("harm_neglect",),
        age_bands=("under_1",),
        outcome="death",
        published="2019-05",
        year=2019,
    )
    return indexed(tmp_path_factory.mktemp("index"), [one])


@pytest.mark.parametrize("query", EXAMPLES)
def test_every_example_of_the_page_runs(searcher, query):
    assert searcher.search(query).understood


def test_the_page_has_examples_and_names_every_field_and_part():
    assert len(EXAMPLES) > 25
    for field in SEARCHED:
        assert f"{field.query}:" in PAGE, field.query
    for part in SECTIONS:
        assert part in PAGE, part


def test_the_error_on_the_page_is_the_error_that_is_printed(searcher):
    with pytest.raises(QueryError) as caught:
        searcher.search("natoin:wales")
    shown = "\n".join("    " + line for line in str(caught.value).splitlines())
    assert shown in PAGE
