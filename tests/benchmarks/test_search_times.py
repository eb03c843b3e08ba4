"""The benchmark of searches asks others the same, and times no error."""

import sys

import pytest

from benchmarks import search_baselines as others
from benchmarks.corpus import Corpus
from benchmarks.search import measure_nights
from benchmarks.search_made import made
from benchmarks.search_times import EXACT, asked_of, command, in_words_of, main, spent
from casereviews.repository.home import Home


@pytest.mark.parametrize(
    ("ours", "whoosh", "fts5"),
    [
        ("weir heron", "weir heron", "weir heron"),
        ('"was not" weir*', '"was not" weir*', '"was not" weir*'),
        ("weir nation:Wales", "weir nation:Wales", "weir | ' ' || nation || ' ' LIKE '% Wales %'"),
        (
            "weir age:under_1 outcome:death",
            "weir age_bands:under_1 outcome:death",
            "weir | ' ' || age_bands || ' ' LIKE '% under_1 %' AND ' ' || outcome || ' ' LIKE '% death %'",
        ),
        ("weir year:2010..2014", "weir year:[2010 TO 2014]", "weir | year BETWEEN 2010 AND 2014"),
    ],
)
def test_a_query_is_translated_for_others(ours, whoosh, fts5):
    assert others.for_whoosh(ours) == whoosh
    assert others.for_fts5(ours) == fts5


@pytest.mark.parametrize(
    ("ours", "fts5"),
    [
        ("weir NEAR/5 heron", "NEAR(weir heron, 5)"),
        ('"was not" NEAR/20 weir', 'NEAR("was not" weir, 20)'),
        ("(weir OR sluice) NEAR/3 heron", "NEAR(weir heron, 3) OR NEAR(sluice heron, 3)"),
    ],
)
def test_near_words_are_near_for_others_too(ours, fts5):
    assert others.for_fts5(ours) == fts5


def test_questions_and_cases_are_asked_of_others_as_any_of_their_words():
    assert in_words_of("fts5", "plain", "A weir, a heron?") == '"a" OR "weir" OR "heron"'
    assert in_words_of("whoosh", "words", "weir heron") == "weir heron"


def test_no_nights_are_no_error(tmp_path):
    assert measure_nights(Corpus(1), Home(tmp_path), 0) == {"nights": 0}


def test_a_command_that_gives_no_answer_is_not_timed():
    with pytest.raises(RuntimeError, match="no such thing"):
        spent([sys.executable, "-c", "raise SystemError('no such thing')"])
    wall, cpu = spent([sys.executable, "-c", "raise SystemExit(1)"])
    assert wall > 0
    assert cpu > 0


@pytest.mark.slow
def test_every_kind_is_timed_warm_and_cold_beside_the_others(tmp_path, capsys):
    pytest.importorskip("wordllama")
    main(
        ["--kept", str(tmp_path), "--scale", "2:4", "--rounds", "1", "--others", "2", "--cold", "1"]
    )
    said = capsys.readouterr().out
    for kind in asked_of(Corpus(2, 4)):
        for system in ("ours", "fts5", "whoosh"):
            rows = [line for line in said.splitlines() if line.startswith(f"{kind:24}{system:8}")]
            assert len(rows) == 2, (kind, system)
    place = made(tmp_path, Corpus(2, 4))  # what is there is not made again
    assert "made in" not in capsys.readouterr().out
    assert command(place, "ours", EXACT[0], "weir")[-3:] == ["search", "--", "weir"]
