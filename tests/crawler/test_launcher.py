"""The one launcher: a preview that is left takes its child along, and what a child writes comes through whole."""

from __future__ import annotations

import os

import psutil
import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process import child
from casereviews.crawler.process.preview import preview
from casereviews.crawler.sources import Source
from tests.crawler.faults import LIST, healthy
from tests.crawler.server import serving


def children() -> list[psutil.Process]:
    return [
        one
        for one in psutil.Process(os.getpid()).children()
        if "casereviews.crawler.process.child" in one.cmdline()
    ]


def test_a_preview_that_is_left_half_way_stops_its_child() -> None:
    with serving(dict(healthy("a")), pause=0.1) as site:
        source = Source("a", "a", "England", "listing", (site.url + LIST,), (site.host,))
        events = preview([source], CrawlOptions())
        assert next(events) == {"event": "started", "source": "a"}
        assert len(children()) == 1
        events.close()
        assert children() == []


def test_an_event_is_one_line_that_any_terminal_can_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    child.write_event({"event": "page", "url": "http://a.example/\ud800\n", "source": "Môn"})
    written = capsys.readouterr().out
    assert written == (
        '{"event": "page", "url": "http://a.example/\\ud800\\n", "source": "M\\u00f4n"}\n'
    )


def test_a_child_writes_its_log_in_utf_8_whatever_the_system_s_encoding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A withdrawal looks in it for names."""
    monkeypatch.setenv("PYTHONUTF8", "0")
    with serving(dict(healthy("a")), pause=0.1) as site:
        source = Source("a", "a", "England", "listing", (site.url + LIST,), (site.host,))
        events = preview([source], CrawlOptions())
        next(events)
        assert [one.environ()["PYTHONUTF8"] for one in children()] == ["1"]
        events.close()
