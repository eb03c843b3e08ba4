"""The page on a real socket: what is too long, too slow or too much gets its answer, and the next one is answered as ever."""

import contextlib
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn

from casereviews import Collection
from casereviews.index.errors import IndexDamaged
from casereviews.repository.errors import HomeError
from casereviews.repository.home import Home
from casereviews.web import connections, serving
from casereviews.web.errors import CannotServe
from casereviews.web.serving import Serving, serve
from tests.web.page_server import page_server

WATCHDOG = 60


@pytest.fixture
def address(built: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The printed address of a server that has little patience and room for few."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    monkeypatch.setattr(serving, "CONNECTIONS", 8)
    servers: list[uvicorn.Server] = []

    class Kept(uvicorn.Server):
        def __init__(self, config: uvicorn.Config) -> None:
            super().__init__(config)
            servers.append(self)

    monkeypatch.setattr(uvicorn, "Server", Kept)
    told: list[str] = []
    printed = threading.Event()

    def tell(address: str) -> None:
        told.append(address)
        printed.set()

    running = threading.Thread(
        target=serve, args=(Collection(built), Serving()), kwargs={"told": tell}
    )
    running.start()
    assert printed.wait(WATCHDOG)
    yield told[0]
    servers[0].should_exit = True
    running.join(WATCHDOG)
    assert not running.is_alive()


def opened(address: str) -> socket.socket:
    where = urlsplit(address)
    return socket.create_connection((where.hostname, where.port), WATCHDOG)


def all_of(connection: socket.socket) -> bytes:
    """What comes until the server ends it."""
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def answer(address: str, path: str, *headers: str) -> bytes:
    with opened(address) as connection:
        lines = [f"GET {path} HTTP/1.1", f"Host: {urlsplit(address).netloc}", *headers]
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode())
        return all_of(connection)


def test_the_printed_address_opens_it_and_limits_hold(
    address: str, capfd: pytest.CaptureFixture[str]
) -> None:
    where = urlsplit(address)
    assert where.hostname == "127.0.0.1"
    entered = answer(address, f"{where.path}?{where.query}")
    assert entered.startswith(b"HTTP/1.1 200")
    cookie = entered.partition(b"set-cookie: ")[2].partition(b";")[0].decode()
    assert answer(address, "/?q=neglect", f"Cookie: {cookie}").startswith(b"HTTP/1.1 200")
    assert answer(address, f"{where.path}?{where.query}").startswith(b"HTTP/1.1 403")
    # a megabyte in the address
    with opened(address) as long:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            long.sendall(b"GET /?q=" + b"quillfeather" * 90_000 + b" HTTP/1.1\r\n\r\n")
        assert all_of(long)[:12] in (b"HTTP/1.1 400", b"")
    # a head that does not end, and one that never begins
    with opened(address) as slow, opened(address) as silent:
        slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        assert all_of(slow) == all_of(silent) == b""
    # more than there is room for: those that are in keep their place, the next ones are told
    held = [opened(address) for _ in range(serving.CONNECTIONS)]
    assert answer(address, "/")[:12] == b"HTTP/1.1 503"
    for one in held:
        one.close()
    assert answer(address, "/?q=neglect", f"Cookie: {cookie}").startswith(b"HTTP/1.1 200")
    said = capfd.readouterr()
    assert "quillfeather" not in said.out + said.err
    assert "neglect" not in said.out + said.err


@pytest.mark.slow
def test_five_hundred_connections_each_get_an_answer_and_the_next_one_is_served(
    built: Home,
) -> None:
    with page_server(built.root) as server, contextlib.ExitStack() as ends:
        entered = answer(server.base, server.address.removeprefix(server.base))
        cookie = entered.partition(b"set-cookie: ")[2].partition(b";")[0].decode()
        every = [ends.enter_context(opened(server.base)) for _ in range(500)]
        ask = f"GET /?q=neglect HTTP/1.1\r\nHost: {urlsplit(server.base).netloc}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        for one in every:
            one.sendall(ask.encode())
        told = {all_of(one)[:12] for one in every}
        assert told <= {b"HTTP/1.1 200", b"HTTP/1.1 503"}
        assert b"HTTP/1.1 503" in told
        again = answer(server.base, "/?q=neglect", f"Cookie: {cookie}")
        assert again.startswith(b"HTTP/1.1 200")


def test_a_port_that_is_taken_is_told_with_what_to_do(built: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match="take another --port"):
            serve(Collection(built), Serving(port=port))


@pytest.mark.parametrize("file", ["index/g*/pages.db", "record.db", "index/CURRENT", "home.json"])
def test_a_damaged_home_is_told_before_an_address_is(
    built: Home, tmp_path: Path, file: str
) -> None:
    root = Path(shutil.copytree(built.root, tmp_path / "home"))
    (damaged,) = root.glob(file)
    damaged.write_bytes(b"")
    told: list[str] = []
    with pytest.raises((IndexDamaged, HomeError)) as raised:
        serve(Collection(root), Serving(), told=told.append)
    assert (told, raised.value.exit_code) == ([], 3)
    assert damaged.name in str(raised.value)


NOT_YET = {
    *("casereviews.repository.reading", "casereviews.repository.processing", "ftfy", "onnxruntime"),
    *("casereviews.repository.published_documents", "casereviews.repository.describing"),
}
"""What pages of reviews need, or nothing that is served."""


def test_before_the_first_question_nothing_is_loaded_that_only_some_pages_need() -> None:
    code = (
        "import sys, casereviews.web.serving\nfrom casereviews.web.pages import all_routes\n"
        f"all_routes(changes=False)\nprint(sorted({NOT_YET!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
