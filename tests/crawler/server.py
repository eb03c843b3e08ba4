"""A site on loopback for crawl tests: answers that tests write, a log of requests, and a count of requests at once."""

from __future__ import annotations

import hashlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PDF = b"%PDF-1.4\n% fictional\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def pdf(words: str) -> bytes:
    """Bytes that begin like a PDF and differ by `words`; for crawling, not for reading."""
    return PDF.replace(b"fictional", b"fictional " + words.encode())


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers. `validators` sends an ETag of the body and honours If-None-Match."""

    body: bytes | str = b""
    status: int = 200
    media_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    validators: bool = True


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it; `at` and `done` are monotonic seconds."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    at: float
    done: float


Route = Answer | Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A running site: change `routes` between runs; read `asked` and `most_at_once` after."""

    def __init__(
        self,
        routes: dict[str, Route] | None = None,
        *,
        pause: float = 0.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.routes: dict[str, Route] = routes or {}
        self.pause = pause
        self._asked: list[Asked] = []
        self.now = 0
        self.most_at_once = 0
        self.lock = threading.Condition()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.serve(self)

            do_HEAD = do_GET

            def log_message(self, *_: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if tls is not None:
            self.server.socket = tls.wrap_socket(
                self.server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self.server.server_port
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http{'s' if tls else ''}://{self.host}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def asked(self) -> list[Asked]:
        """What was asked; an answer reaches its asker before it is noted, so what is under way is waited for."""
        with self.lock:
            self.lock.wait_for(lambda: self.now == 0, timeout=1)
        return self._asked

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        at = time.monotonic()
        with self.lock:
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
        status = 0
        try:
            if self.pause:
                time.sleep(self.pause)
            status = self.answer(handler)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            pass
        finally:
            with self.lock:
                self.now -= 1
                self.lock.notify_all()
                self._asked.append(
                    Asked(
                        handler.command,
                        handler.path,
                        status,
                        dict(handler.headers),
                        at,
                        time.monotonic(),
                    )
                )

    def answer(self, handler: BaseHTTPRequestHandler) -> int:
        route = self.routes.get(handler.path)
        if callable(route):
            route(handler)
            return 0
        if route is None:
            route = (
                Answer("not found", 404)
                if handler.path != "/robots.txt"
                else Answer("", media_type="text/plain")
            )
        body = route.body.encode() if isinstance(route.body, str) else route.body
        etag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
        if (
            route.validators
            and route.status == 200
            and handler.headers.get("If-None-Match") == etag
        ):
            handler.send_response(304)
            handler.send_header("ETag", etag)
            handler.end_headers()
            return 304
        handler.send_response(route.status)
        handler.send_header("Content-Type", route.media_type)
        if route.validators and route.status == 200:
            handler.send_header("ETag", etag)
        for name, value in route.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(body)
        return route.status

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [one.path for one in self.asked]

    def forget(self) -> None:
        """Start a new log."""
        self.asked.clear()
        self.most_at_once = 0

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def serving(routes: dict[str, Route] | None = None, *, pause: float = 0.0) -> Iterator[Site]:
    """A site for the length of a block."""
    site = Site(routes, pause=pause)
    try:
        yield site
    finally:
        site.close()
