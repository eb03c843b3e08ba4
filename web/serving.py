"""The page on a socket: whom it answers, what it prints, how it ends."""

from __future__ import annotations

import logging
import secrets
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address, ip_network
from pathlib import Path

import uvicorn

from casereviews.collection.collection import Collection
from casereviews.collection.errors import RequestError
from casereviews.repository.this_system import missing
from casereviews.web.agreed import AgreedLines
from casereviews.web.application import Access, application
from casereviews.web.connections import TimedConnection
from casereviews.web.errors import CannotServe
from casereviews.web.guard.proxy import Proxy
from casereviews.web.guard.sessions import ENTER, Sessions
from casereviews.web.workers import serve_with

LOOPBACK = "127.0.0.1"
CONNECTIONS = 400
"""So many are open or waiting for an answer at once; the next ones are told to come back (503)."""
HEAD_BYTES = 65_536
"""Of a request's line and headers; a longer one is refused (400) before anything of it is used."""
BACKLOG = 2048
SHORTEST_TOKEN = 24
KEY_BYTES = 32
STOP_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Serving:
    """Where and to whom the page is served.

    `port` 0 takes a free one. `names` are hosts that people write in their browser (`reviews.example.org`, with `:port` where one is
    written), beside the host itself. `token_file` holds the access token; `proxy` and `user_header` name the proxy that signs people in, by its
    address or network, and the header in which it names them. Another host than loopback needs one of the two, and so do several
    `workers`, processes that answer at the one port. With `allow_changes` everybody who is let in may correct reviews and release what is held.
    """

    host: str = LOOPBACK
    port: int = 0
    names: Sequence[str] = ()
    token_file: Path | None = None
    proxy: str | None = None
    user_header: str | None = None
    allow_changes: bool = False
    workers: int = 1

    def check(self) -> None:
        """Raise RequestError for what may not be, or would let anybody in."""
        if (self.proxy is None) != (self.user_header is None):
            raise RequestError("--behind-proxy and --user-header belong together: give both")
        if self.proxy is not None and self.token_file is not None:
            raise RequestError("--token-file and --behind-proxy exclude each other: choose one")
        if self.proxy is not None:
            try:
                ip_network(self.proxy)
            except ValueError:
                raise RequestError(
                    f"--behind-proxy {self.proxy}: give the proxy's address (10.0.0.5) or network (10.0.0.0/24)"
                ) from None
        if not _is_loopback(self.host) and self.proxy is None and self.token_file is None:
            raise RequestError(
                f"--host {self.host}: others may reach it there: say who may, with --token-file or with --behind-proxy and --user-header"
            )

        if self.workers > 1 and self.proxy is None and self.token_file is None:
            raise RequestError(
                "--workers are for several people: say who may, with --token-file or with --behind-proxy and --user-header"
            )

    def people(self, port: int, key: bytes) -> tuple[Sessions | Proxy, str]:
        """How people prove that they may ask, and the token to print ("" where none is). `key` seals the sessions of a run."""
        if self.proxy is not None and self.user_header is not None:
            return Proxy(self.proxy, self.user_header), ""
        name = f"casereviews-{port}"
        if self.token_file is not None:
            return Sessions(_token_in(self.token_file), once=False, name=name, key=key), ""
        token = secrets.token_urlsafe(32)
        return Sessions(token, once=True, name=name, key=key), token

    def hosts(self, port: int) -> tuple[str, ...]:
        """The hosts under which a browser may ask."""
        own = f"[{self.host}]" if ":" in self.host else self.host
        return (f"{own}:{port}", *((own,) if port == 80 else ()), *self.names)


def serve(
    collection: Collection, serving: Serving, *, told: Callable[[str], None] = lambda _: None
) -> None:
    """Serve the page until Ctrl-C or SIGTERM. `told` gets its address once, when it can be opened.

    Raises RequestError for what would let anybody in, CannotServe when the port is taken or the host is not of this machine, and
    what `Collection.refuse_damage` does before an address is told.
    """
    serving.check()
    collection.refuse_damage()
    with closing(_bound(serving)) as bound:
        port = bound.getsockname()[1]
        key = secrets.token_bytes(KEY_BYTES)
        people, token = serving.people(port, key)
        bound.listen(BACKLOG)  # a browser that is quicker than the server waits
        where = serving.names[0] if serving.names else serving.hosts(port)[0]
        told(f"http://{where}{f'{ENTER}?token={token}' if token else '/'}")
        if serving.workers > 1:
            with _agreed() as agreed:
                pages = _Pages(collection.home.root, serving, port, key, agreed)
                serve_with(serving.workers, pages, bound)
        else:
            _run(
                _server(collection, Access(serving.hosts(port), people, serving.allow_changes)),
                bound,
            )


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages in a worker: what it needs to answer as its neighbours do."""

    home: Path
    serving: Serving
    port: int
    key: bytes
    agreed: AgreedLines | None

    def __call__(self, bound: socket.socket, on_end: Callable[[Callable[[], None]], None]) -> None:
        people, _ = self.serving.people(self.port, self.key)
        collection = Collection(self.home, warn=partial(print, file=sys.stderr))
        access = Access(self.serving.hosts(self.port), people, self.serving.allow_changes)
        server = _server(collection, access, self.agreed)

        def stop() -> None:
            server.should_exit = True

        on_end(stop)
        _run(server, bound)


def _agreed() -> AbstractContextManager[AgreedLines | None]:
    return nullcontext() if "pread" in missing() else closing(AgreedLines())


def _server(
    collection: Collection, access: Access, agreed: AgreedLines | None = None
) -> uvicorn.Server:
    _say_nothing()
    config = uvicorn.Config(
        application(collection, access, agreed=agreed),
        http=TimedConnection,
        loop="asyncio",
        ws="none",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # the peer is the proxy itself: its address is checked
        server_header=False,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=HEAD_BYTES,
        timeout_graceful_shutdown=STOP_SECONDS,
        backlog=BACKLOG,
    )
    return uvicorn.Server(config)


def _run(server: uvicorn.Server, bound: socket.socket) -> None:
    with suppress(KeyboardInterrupt):  # uvicorn ends in good order, and then raises it again
        server.run(sockets=[bound])


def _bound(serving: Serving) -> socket.socket:
    family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((serving.host, serving.port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise CannotServe(
            f"{serving.host}:{serving.port} cannot be served ({error}): take another --port or --host"
        ) from error
    return bound


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _token_in(path: Path) -> str:
    """The token of a file: its one line, long enough not to be guessed, for its owner's eyes alone."""
    try:
        token = path.read_text("utf-8").strip()
        shared = path.stat().st_mode & 0o077
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(f"--token-file {path}: it cannot be read ({error})") from error
    if len(token) < SHORTEST_TOKEN or len(token.split()) != 1:
        raise RequestError(
            f"--token-file {path}: write one word of {SHORTEST_TOKEN} characters or more into it, such as `openssl rand -hex 32` gives"
        )
    if shared:
        raise RequestError(f"--token-file {path}: others may read it: chmod 600 {path}")
    return token


def _say_nothing() -> None:
    """uvicorn's own words hold addresses and, of a defect, values; what went wrong is told by `web.failures`."""
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
