"""Who we say we are, and how patiently we ask."""

import tomllib
from pathlib import Path

import pytest

from casereviews.crawler.network.manners import (
    contact_of,
    delay_for,
    keep_contact,
    needs_contact,
    policy_for,
    user_agent,
)
from casereviews.crawler.options import LIVE_DELAY, LOOPBACK_DELAY, CrawlOptions
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home

FAR = Source("far", "Far", "England", "listing", ("https://far.example/",), ("far.example",))
NEAR = Source("near", "Near", "England", "listing", ("http://127.0.0.1:8/",), ("127.0.0.1:8",))


def test_the_environments_contact_comes_before_the_homes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    monkeypatch.delenv("CASEREVIEWS_CONTACT", raising=False)
    assert contact_of(home) is None
    home.config_toml.write_text("other = 1\n")
    keep_contact(home, 'a "quoted" name <a@b.example>')
    keep_contact(home, "who@board.example")
    assert tomllib.loads(home.config_toml.read_text()) == {
        "contact": "who@board.example",
        "other": 1,
    }
    assert contact_of(home) == "who@board.example"
    monkeypatch.setenv("CASEREVIEWS_CONTACT", "env@board.example")
    assert contact_of(home) == "env@board.example"


def test_the_user_agent_is_our_own_and_holds_no_line_breaks() -> None:
    agent = user_agent("who@board.example\r\nX-Evil: 1")
    assert agent.startswith("casereviews/")
    assert "who@board.example" in agent
    assert "\n" not in agent
    assert "Mozilla" not in agent


def test_only_a_public_host_needs_a_contact_and_patience() -> None:
    options = CrawlOptions()
    policy = policy_for([FAR, NEAR], options)
    assert needs_contact([FAR, NEAR], options)
    assert not needs_contact([NEAR], options)
    assert delay_for(FAR, options, policy) == LIVE_DELAY
    assert delay_for(NEAR, options, policy) == LOOPBACK_DELAY
    # Without any delay Scrapy starts a burst.
    assert delay_for(NEAR, CrawlOptions(delay=0.0), policy) > 0
