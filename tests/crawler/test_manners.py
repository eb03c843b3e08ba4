"""Who we say we are, and how patiently we ask."""

import os
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


@pytest.mark.parametrize("spelling", ["NO_PROXY", "no_proxy"])
@pytest.mark.parametrize("asked", ["localhost", "localhost,127.0.0.1", "*", "evil.example"])
def test_a_name_that_no_proxy_is_asked_for_may_not_lead_to_this_machine(
    monkeypatch: pytest.MonkeyPatch, spelling: str, asked: str
) -> None:
    _without_proxies(monkeypatch)
    monkeypatch.setenv(spelling, asked)
    policy = policy_for([FAR], CrawlOptions())
    for name in ("localhost", "evil.example", "*", asked):
        assert not policy.allows(name, "127.0.0.1")
        assert not policy.allows(name, "10.0.0.1")


@pytest.mark.parametrize("spelling", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize("url", ["http://user:secret@proxy.example:3128/", "proxy.example:3128"])
def test_the_operators_own_proxy_may_stand_in_a_private_network(
    monkeypatch: pytest.MonkeyPatch, spelling: str, url: str
) -> None:
    _without_proxies(monkeypatch)
    monkeypatch.setenv(spelling, url)
    policy = policy_for([FAR], CrawlOptions())
    assert policy.allows("proxy.example", "10.1.2.3")
    assert not policy.allows("other.example", "10.1.2.3")


def test_a_proxy_of_another_protocol_is_never_asked_and_not_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _without_proxies(monkeypatch)
    monkeypatch.setenv("ALL_PROXY", "socks5://all.example:1080")
    monkeypatch.setenv("FTP_PROXY", "http://ftp.example")
    policy = policy_for([FAR], CrawlOptions())
    assert not policy.allows("all.example", "10.1.2.3")
    assert not policy.allows("ftp.example", "10.1.2.3")


def _without_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
