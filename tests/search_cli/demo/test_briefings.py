"""Briefings over the demo: every sentence stands on its page and every count is the search's, for two matters of the field."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.search_cli.main import cli
from tests.collection.test_briefing import check

pytestmark = pytest.mark.slow  # collects the whole demo


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    home: Path = tmp_path_factory.mktemp("home")
    done = CliRunner().invoke(cli, ["--home", str(home), "demo"])
    assert done.exit_code == 0, done.output
    with Collection(home) as collection:
        yield collection


@pytest.mark.parametrize("theme", ["harm_infant_bruising", "harm_cce"])
def test_a_briefing_of_a_theme(collection: Collection, theme: str) -> None:
    briefing = collection.briefing(filters={"theme": [theme]})
    check(collection, briefing)
    assert all((briefing.happened, briefing.wanting, briefing.addressed, briefing.good_practice))
    assert any(one.reviews > 1 for body in briefing.addressed for one in body.shown)


@pytest.mark.parametrize("query", ["bruis* (baby OR infant)", '"criminal exploitation"'])
def test_a_briefing_of_a_query(collection: Collection, query: str) -> None:
    briefing = collection.briefing(query)
    check(collection, briefing)
    assert briefing.happened
    assert briefing.wanting
