"""How a source's night is judged, and what is said of it."""

import json

import msgspec
import pytest

from casereviews.crawler.health import judge
from casereviews.crawler.outcome import CrawlOutcome, Tally

WELL = {"ended": "finished", "complete": True, "start_pages": 1, "pages": 1, "sighted": 3}


def outcome(**said: object) -> CrawlOutcome:
    return CrawlOutcome("made-up", **{**WELL, **said})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "result", "words"),
    [
        ({}, "ok", ""),
        ({"ended": "crashed", "detail": "ValueError at /a"}, "broken", "ValueError"),
        ({"ended": "not_started", "complete": False}, "partial", "not begun"),
        ({"ended": "budget", "complete": False}, "partial", "budget"),
        ({"ended": "stopped", "complete": False}, "partial", "stopped"),
        ({"ended": "budget", "complete": False, "pages": 0, "sighted": 0}, "partial", "not begun"),
        ({"announced": 5}, "partial", "3 of 5"),
        ({"announced": 3}, "ok", ""),
        ({"complete": False, "detail": "a detail page: http_500"}, "partial", "http_500"),
        ({"start_errors": ("tls",), "sighted": 0}, "broken", "certificate"),
        ({"start_errors": ("dns",), "sighted": 0}, "broken", "host name"),
        ({"start_errors": ("http_404",), "sighted": 0}, "broken", "404"),
        ({"start_errors": ("odd",), "sighted": 0}, "broken", "a redirect to no web address"),
        ({"start_errors": ("badly_encoded",), "sighted": 0}, "broken", "not compressed as"),
        ({"start_errors": ("robots",), "sighted": 0}, "blocked", "robots.txt asks"),
        ({"start_errors": ("robots_unreadable",), "sighted": 0}, "blocked", "cannot be read"),
        ({"start_errors": ("robots_elsewhere",), "sighted": 0}, "blocked", "stands on a host"),
        ({"start_errors": ("crawl_delay",), "sighted": 0}, "blocked", "than a night has"),
        ({"start_errors": ("bot_wall",), "sighted": 0}, "blocked", "bot wall"),
        ({"start_errors": ("http_403",), "sighted": 0}, "blocked", "refuses"),
        ({"start_errors": ("asked_to_wait",), "sighted": 0}, "blocked", "later"),
        (
            {"start_errors": ("off_site",), "moved_to": "https://b.example/", "sighted": 0},
            "moved",
            "b.example",
        ),
        ({"page_kinds": {"needs_javascript": 1}, "sighted": 0}, "needs_javascript", "JavaScript"),
        # One of two generations of the list is gone: the other one counts, and the loss is told.
        ({"start_pages": 2, "start_errors": ("http_404",), "complete": False}, "partial", ""),
    ],
)
def test_each_trouble_has_its_result_and_its_words(
    said: dict[str, object], result: str, words: str
) -> None:
    told = judge(outcome(**said))
    assert told[0] == result
    assert words in told[1]


def test_absence_means_something_only_after_a_whole_night() -> None:
    tally = Tally("made-up")
    tally.ended = "finished"
    assert tally.outcome().complete
    tally.incomplete.add("a list page: http_500")
    assert not tally.outcome().complete
    tally.incomplete.clear()
    tally.crash = "ValueError"
    assert (tally.outcome().ended, tally.outcome().complete) == ("crashed", False)


def test_an_outcome_survives_its_way_from_the_crawling_process() -> None:
    whole = outcome(errors={"tls": 1}, start_errors=("tls",), left_alone={"policy": 2})
    line = json.dumps(msgspec.to_builtins({"outcome": whole}))
    assert msgspec.convert(json.loads(line)["outcome"], CrawlOutcome) == whole
