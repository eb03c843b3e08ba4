"""Nodes are asked in turn, signed on to, and never believed in part; no secret is told."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from casereviews.index.errors import (
    IndexChanged,
    IndexRefused,
    IndexUnavailable,
    NeedsOpenSearch,
    SearchError,
)
from casereviews.repository.stores import INDEX_PASSWORD, IndexServer
from tests.crawler.certificates import authority, leaf
from tests.index.opensearch.stub import Reply, stub

pytest.importorskip("opensearchpy", reason="the extra [opensearch] is not installed")

from casereviews.index.opensearch.connection import connect

PRIVATE = "a-very-private-word"
SECRET = "quokka-Ünder-the-bridge"
WHOLE = {"timed_out": False, "_shards": {"total": 2, "successful": 2, "failed": 0}, "hits": {}}


def always(status: int, body: object) -> Callable[[str, str], Reply]:
    return lambda method, path: (status, body)


def asked(server: IndexServer) -> dict[str, object]:
    with closing(connect(server)) as servers:
        return servers.search("a", {"query": {"match_all": {}}})


def error_of(kind: str, reason: str = "") -> dict[str, object]:
    said = {"type": kind, "reason": reason}
    return {"error": {"root_cause": [said], **said}, "status": 400}


def test_a_search_that_is_whole_is_answered_and_asked_for_whole() -> None:
    with stub(always(200, WHOLE)) as node:
        assert asked(IndexServer((node.url,))) == WHOLE
    assert node.asked == [("POST", "/a/_search?allow_partial_search_results=false", None)]
    assert b'"timeout":"9000ms"' in node.bodies[0]


@pytest.mark.parametrize(
    "said",
    [
        {**WHOLE, "timed_out": True},
        {**WHOLE, "_shards": {"total": 2, "successful": 2, "failed": 1}},
        {**WHOLE, "_shards": {"total": 2, "successful": 1, "failed": 0}},
        {"responses": [WHOLE, {**WHOLE, "timed_out": True}]},
        {"responses": [WHOLE, error_of("search_phase_execution_exception")]},
    ],
)
def test_an_answer_in_part_is_none(said: object) -> None:
    with stub(always(200, said)) as node, pytest.raises(IndexUnavailable, match="again"):
        asked(IndexServer((node.url,)))


@pytest.mark.parametrize(
    ("status", "body", "error", "told"),
    [
        (401, {}, IndexRefused, INDEX_PASSWORD),
        (403, error_of("security_exception"), IndexRefused, "all rights on the indexes casereviews-"),
        (404, error_of("index_not_found_exception"), IndexChanged, "search again"),
        (400, error_of("parsing_exception"), IndexRefused, "parsing_exception"),
        (429, error_of("rejected_execution_exception"), IndexUnavailable, "try again"),
        (503, error_of("cluster_manager_not_discovered_exception"), IndexUnavailable, "try again"),
        (
            429,
            error_of("cluster_block_exception", "disk usage exceeded flood-stage watermark"),
            IndexUnavailable,
            "free space",
        ),
        (200, b"<html>", IndexUnavailable, "something else at this address"),
    ],
)  # fmt: skip
def test_what_a_server_refuses_is_told_with_what_to_do(
    status: int, body: object, error: type[SearchError], told: str
) -> None:
    with stub(always(status, body)) as node, pytest.raises(error, match=told) as raised:
        asked(IndexServer((node.url,)))
    assert raised.value.exit_code == 3


def test_the_next_node_answers_for_one_that_is_down() -> None:
    with (
        stub(lambda method, path: None) as down,
        stub(always(502, {})) as behind_a_proxy,
        stub(always(200, WHOLE)) as up,
        closing(connect(IndexServer((down.url, behind_a_proxy.url, up.url)))) as servers,
    ):
        for _ in range(5):
            assert servers.search("a", {}) == WHOLE
    # Who was down is not asked first any more.
    assert (len(down.asked), len(behind_a_proxy.asked), len(up.asked)) <= (1, 1, 5)


def test_no_node_at_all_is_told() -> None:
    with stub(lambda method, path: None) as down, pytest.raises(IndexUnavailable) as raised:
        asked(IndexServer((down.url,)))
    assert down.url in str(raised.value)
    assert "cannot be reached" in str(raised.value)


def test_a_node_that_is_too_slow_is_told() -> None:
    import threading

    wait = threading.Event()

    def slow(method: str, path: str) -> Reply:
        wait.wait(20)
        return 200, WHOLE

    with stub(slow) as node:
        try:
            with pytest.raises(IndexUnavailable, match=r"did not answer within 0\.2 s"):
                asked(IndexServer((node.url,), timeout=0.2))
        finally:
            wait.set()


def test_what_is_not_there_may_be_asked_for() -> None:
    with stub(always(404, {"found": False})) as node, closing(connect(IndexServer((node.url,)))) as servers:  # fmt: skip
        assert servers.ask("GET", "/_alias/x", absent=True) == {}
        assert servers.ask("HEAD", "/x") == {"there": False}


def test_half_a_pair_of_letters_breaks_no_request() -> None:
    with stub(always(200, {})) as node, closing(connect(IndexServer((node.url,)))) as servers:
        servers.ask("POST", "/_bulk", [{"index": {}}, {"text": "caf\u00e9 \ud83d"}])
    assert node.bodies == [b'{"index":{}}\n{"text":"caf\\u00e9 \\ud83d"}\n']


# ---------------------------------------------------------------- users and certificates


def test_users_sign_on_over_tls_with_the_authority_of_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(INDEX_PASSWORD, SECRET)
    ours, certificate, key = authority(tmp_path, "ours")
    with stub(always(200, WHOLE), leaf(tmp_path, "node", certificate, key)) as node:
        assert asked(IndexServer((node.url,), user="reader", ca=ours.certificate)) == WHOLE
    sent = node.asked[0][2]
    assert sent is not None
    assert base64.b64decode(sent.removeprefix("Basic ")) == f"reader:{SECRET}".encode()


def test_a_certificate_of_another_authority_is_refused_before_the_password_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(INDEX_PASSWORD, SECRET)
    _, certificate, key = authority(tmp_path, "ours")
    others, _, _ = authority(tmp_path, "others")
    with stub(always(200, WHOLE), leaf(tmp_path, "node", certificate, key)) as node:
        for ca in (others.certificate, None):
            with pytest.raises(IndexRefused, match="index_ca"):
                asked(IndexServer((node.url,), user="reader", ca=ca))
    assert node.asked == []


def test_an_authority_that_is_none_is_told(tmp_path: Path) -> None:
    wrong = tmp_path / "ca.pem"
    wrong.write_text("no certificate", "utf-8")
    with pytest.raises(IndexRefused, match="index_ca"):
        connect(IndexServer(("https://127.0.0.1:1",), ca=wrong))


def test_a_user_without_a_password_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(INDEX_PASSWORD, raising=False)
    with pytest.raises(IndexRefused, match=INDEX_PASSWORD):
        connect(IndexServer(("http://127.0.0.1:1",), user="reader"))


@pytest.mark.parametrize("reply", [None, (401, {"error": SECRET}), (500, {"error": SECRET}), (403, error_of("x", SECRET))])  # fmt: skip
def test_no_message_and_no_log_has_the_secret(
    reply: Reply | None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(INDEX_PASSWORD, SECRET)
    coded = base64.b64encode(f"reader:{SECRET}".encode()).decode()
    with stub(lambda method, path: reply) as node, caplog.at_level(logging.DEBUG):
        server = IndexServer((node.url,), user="reader")
        with closing(connect(server)) as servers, pytest.raises(SearchError) as raised:
            servers.search("a", {"query": {"term": {"all": PRIVATE}}})
    told = "".join(traceback.format_exception(raised.value, chain=False)) + repr(server)
    told += repr(servers) + caplog.text + "".join(capfd.readouterr())
    for one in (SECRET, coded, PRIVATE):
        assert one not in told


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "opensearchpy", None)
    with pytest.raises(NeedsOpenSearch, match=r'pip install "\.\[opensearch\]"'):
        connect(IndexServer(("http://127.0.0.1:1",)))
