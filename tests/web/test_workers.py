"""Several processes at one port: a session of one holds in all, one that dies is begun again, and none outlives its parent."""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from casereviews.repository.home import Home
from tests.web.page_server import PageServer, page_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals"),
]
TOKEN = "a-token-that-several-people-know"
WATCHDOG = 60


@pytest.fixture
def server(built: Home, tmp_path: Path) -> Iterator[PageServer]:
    shutil.copytree(built.root, tmp_path / "home")
    token = tmp_path / "token.txt"
    token.touch(mode=0o600)
    token.write_text(TOKEN, "utf-8")
    with page_server(tmp_path / "home", "--workers", "2", "--token-file", str(token)) as running:
        yield running


def workers(server: PageServer) -> list[psutil.Process]:
    """The processes that answer."""
    children = psutil.Process(server.process.pid).children()
    return [one for one in children if "resource_tracker" not in " ".join(one.cmdline())]


def entered(server: PageServer) -> str:
    """The cookie of a session."""
    answer = httpx2.post(
        f"{server.base}/enter",
        data={"token": TOKEN},
        headers={"origin": server.base},
        timeout=WATCHDOG,
    )
    return answer.headers["set-cookie"].partition(";")[0]


def ask(server: PageServer, cookie: str) -> int:
    answer = httpx2.get(f"{server.base}/?q=neglect", headers={"cookie": cookie}, timeout=WATCHDOG)
    return answer.status_code


def test_a_session_holds_in_every_worker_and_after_one_died(server: PageServer) -> None:
    cookie = entered(server)
    first, second = workers(server)
    for sleeping, answering in ((first, second), (second, first)):
        sleeping.suspend()
        assert ask(server, cookie) == 200, answering
        sleeping.resume()
    first.kill()
    first.wait(WATCHDOG)
    assert [ask(server, cookie) for _ in range(8)] == [200] * 8
    (server.process).send_signal(signal.SIGTERM)
    assert server.process.wait(WATCHDOG) == 0
    assert not second.is_running()


def test_no_worker_outlives_a_parent_that_was_killed(server: PageServer) -> None:
    entered(server)
    answering = workers(server)
    assert len(answering) == 2
    server.process.kill()
    gone, alive = psutil.wait_procs(answering, timeout=WATCHDOG)
    assert (len(gone), alive) == (2, [])
