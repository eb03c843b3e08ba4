"""Simulated sites for the benchmark of a night: many hosts behind one loopback server, in a process of its own.

`python -m benchmarks.night_sites --sites 200 --documents 2500` prints its port and serves until its input closes. Every second site sends
no validators and prints a new nonce on each page, as half of the real ones do; every second pair of sites has a page for each review.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DOMAIN = "night.test"
CONTROL = "control.night.test"
PAGE_BYTES = 40_000
"""Menus, scripts and styles around a list: what a page of a content management system weighs."""

FILE_BYTES = (30_000, 130_000)
NEW = 10
_WORDS = [
    "river",
    "meadow",
    "lantern",
    "harbour",
    "orchard",
    "willow",
    "copper",
    "marsh",
    "heron",
    "bridge",
]


@dataclass(frozen=True, slots=True)
class Shape:
    """One site: how many documents, whether it sends validators, whether each review has a page of its own."""

    number: int
    documents: int
    validators: bool
    details: bool

    @property
    def host(self) -> str:
        """The site's name."""
        return f"site{self.number}.{DOMAIN}"


def shapes(sites: int, documents: int, *, grown: bool = False) -> list[Shape]:
    """The sites; `documents` are spread over them, and once `grown` the first ten have one more each."""
    share, rest = divmod(documents, sites)
    return [
        Shape(
            number,
            share + (number < rest) + (grown and number < NEW),
            number % 2 == 0,
            number % 4 < 2,
        )
        for number in range(sites)
    ]


def _filler(seed: int, size: int) -> str:
    chance = random.Random(seed)
    items = []
    length = 0
    while length < size:
        word = " ".join(chance.choices(_WORDS, k=3))
        items.append(
            f'<li class="menu-item"><a href="/about/{chance.random():.8f}/">{word}</a></li>'
        )
        length += len(items[-1])
    return "".join(items)


def _file(site: int, number: int) -> bytes:
    chance = random.Random(site * 10_007 + number)
    body = chance.randbytes(chance.randint(*FILE_BYTES)).hex().encode()
    return b"%PDF-1.4\n% fictional\n" + body[: len(body) // 2] + b"\n%%EOF\n"


class Sites:
    """What the sites answer now, and what they were asked since the last count."""

    def __init__(self, sites: int, documents: int) -> None:
        self.size = (sites, documents)
        self.by_host = {one.host: one for one in shapes(sites, documents)}
        self.menu = _filler(1, PAGE_BYTES - 4_000)
        self.counts: Counter[str] = Counter()
        self.served = 0
        self.lock = threading.Lock()

    def control(self, path: str) -> bytes:
        """`/grow` adds the ten new documents; `/counts` tells and forgets what was asked."""
        with self.lock:
            if path == "/grow":
                self.by_host = {one.host: one for one in shapes(*self.size, grown=True)}
            told = dict(self.counts)
            self.counts.clear()
        return json.dumps(told).encode()

    def page(self, site: Shape, body: str) -> bytes:
        """A whole page; sites without validators print a nonce that differs each time."""
        nonce = ""
        if not site.validators:
            with self.lock:
                self.served += 1
                nonce = hashlib.sha256(str(self.served).encode()).hexdigest()
        return (
            f'<!DOCTYPE html><html><head><title>Practice reviews</title><meta name="nonce" content="{nonce}"></head>'
            f"<body><header><nav><ul>{self.menu}</ul></nav></header><main><h1>Practice reviews</h1>{body}</main></body></html>"
        ).encode()

    def answer(self, site: Shape, path: str) -> tuple[str, bytes] | None:
        """(media type, body) of a path, None where nothing is."""
        if path == "/robots.txt":
            return "text/plain", b"User-agent: *\nDisallow: /admin/\n"
        if path == "/reviews/":
            return "text/html", self.page(site, self._list(site))
        kind, _, rest = path.strip("/").partition("/")
        number = rest.removesuffix(".pdf").removeprefix("child-").strip("/")
        if not number.isdigit() or int(number) >= site.documents:
            return None
        if kind == "reviews" and site.details:
            return "text/html", self.page(site, _link(int(number)))
        return ("application/pdf", _file(site.number, int(number))) if kind == "files" else None

    def _list(self, site: Shape) -> str:
        if not site.details:
            return "<ul>" + "".join(f"<li>{_link(n)}</li>" for n in range(site.documents)) + "</ul>"
        return "".join(
            f'<article><h2><a href="/reviews/child-{n}/">Child {_label(n)}: case review</a></h2><p>March {2010 + n % 15}</p></article>'
            for n in range(site.documents)
        )


def _label(number: int) -> str:
    return f"{chr(65 + number % 26)}{number}"


def _link(number: int) -> str:
    return f'<a href="/files/{number}.pdf">Child {_label(number)} overview report</a> (March {2010 + number % 15})'


def _kind_of(path: str) -> str:
    if path == "/robots.txt":
        return "robots"
    if path == "/reviews/":
        return "lists"
    return "files" if path.startswith("/files/") else "details"


def _handler(sites: Sites) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Headers and body leave in one piece: a delayed acknowledgement would be measured otherwise.
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            host = (self.headers.get("Host") or "").partition(":")[0]
            if host == CONTROL:
                self._send(200, "application/json", sites.control(self.path), None)
                return
            site = sites.by_host[host]
            found = sites.answer(site, self.path)
            status, kind, body = (200, *found) if found else (404, "text/plain", b"nothing here")
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if site.validators else None
            if tag and self.headers.get("If-None-Match") == tag:
                status, body = 304, b""
            sent = len(body) if self.command == "GET" else 0
            with sites.lock:
                sites.counts["requests"] += 1
                sites.counts[f"{_kind_of(self.path)} {self.command} {status}"] += 1
                sites.counts["bytes"] += sent
            self._send(status, kind, body, tag)

        do_HEAD = do_GET

        def _send(self, status: int, kind: str, body: bytes, tag: str | None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if tag:
                self.send_header("ETag", tag)
            if status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            return None

    return Handler


def main() -> None:
    """Serve until the input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--documents", type=int, default=2500)
    chosen = parser.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(Sites(chosen.sites, chosen.documents)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    main()
