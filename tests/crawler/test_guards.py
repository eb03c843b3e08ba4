"""Which hosts and addresses may be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casereviews.crawler.network.guards import AddressPolicy, all_local, allowed_host


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://www.board.example/a", True),
        ("http://board.example/a", True),
        ("https://board.example:8443/a", False),
        ("https://files.board.example/a", False),
        ("https://board.example.evil.example/a", False),
        ("https://board.example@evil.example/a", False),
        ("ftp://board.example/a", False),
        ("file:///etc/passwd", False),
        ("http://127.0.0.1:8080/a", True),
        ("http://127.0.0.1:8081/a", False),
        ("http://127.0.0.2:8080/a", False),
        ("http://[::1", False),
        ("http://board.example:99999/", False),
    ],
)
def test_only_the_sources_own_hosts_are_asked(url: str, allowed: bool) -> None:
    assert allowed_host(url, ("board.example", "127.0.0.1:8080")) is allowed


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.0.0.2",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
    ],
)
def test_a_public_name_never_leads_to_an_inner_address(address: str) -> None:
    policy = AddressPolicy(hosts=("board.example", "127.0.0.1:8080"))
    assert not policy.allows("board.example", address)
    assert policy.refused == {"board.example"}


def test_loopback_is_for_those_who_name_it() -> None:
    policy = AddressPolicy(
        {"*.made.test": "127.0.0.1"}, ("127.0.0.1:80", "localhost:80"), ("proxy",)
    )
    assert policy.allows("127.0.0.1", "127.0.0.1")
    assert policy.allows("localhost", "::1")
    assert policy.allows("board.example", "93.184.216.34")
    assert policy.allows("proxy", "10.1.2.3")
    assert not policy.allows("127.0.0.2", "127.0.0.2")
    assert policy.mapped("a.made.test") == ("127.0.0.1", None)
    assert policy.mapped("made.test.example") is None
    assert all_local(("a.made.test:8000", "127.0.0.1"), policy)
    assert not all_local(("a.made.test", "board.example"), policy)


def test_a_name_is_mapped_to_loopback_only() -> None:
    policy = AddressPolicy({"a.test": "10.0.0.1"})
    with pytest.raises(ValueError, match=r"a\.test is mapped to 10\.0\.0\.1"):
        policy.mapped("a.test")


@given(st.text(max_size=40))
def test_no_text_is_an_address_that_breaks_the_guard(text: str) -> None:
    assert allowed_host(text, ("board.example",)) in (True, False)
