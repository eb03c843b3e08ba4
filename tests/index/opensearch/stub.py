"""A made-up node that answers what a test says, with and without TLS, and remembers what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.crawler.certificates import Pair

Reply = tuple[int, object]


@dataclass
class Stub:
    """`url` without a user; `asked` are (method, path, user and password as sent), oldest first."""

    url: str
    asked: list[tuple[str, str, str | None]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@contextmanager
def stub(reply: Callable[[str, str], Reply | None], tls: Pair | None = None) -> Iterator[Stub]:
    """A server that answers `reply(method, path)`: a status and JSON, or None to hang up."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            said.bodies.append(self.rfile.read(int(self.headers.get("content-length", 0))))
            said.asked.append((self.command, self.path, self.headers.get("authorization")))
            given = reply(self.command, self.path)
            if given is None:
                self.close_connection = True
                return
            status, body = given
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = answer

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass  # a client that hung up, or does not trust us

    with Quiet(("127.0.0.1", 0), Handler) as server:
        scheme = "http"
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.certificate, tls.key)
            server.socket = context.wrap_socket(
                server.socket, server_side=True, do_handshake_on_connect=False
            )
            scheme = "https"
        said = Stub(f"{scheme}://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield said
        finally:
            server.shutdown()
            thread.join()
