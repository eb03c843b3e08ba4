"""Serve the fictional sites on loopback, each under a host name of its own, and remember how it was asked.

The names end in `.test`, which never resolves (RFC 6761): a client must be told the address, as `DemoServer.resolve`
does for the crawler. The log lets tests prove manners: robots first, one request at a time, revalidation.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import Source
from casereviews.demo import registry
from casereviews.demo.site import NONCE, ORIGIN, Resource
from casereviews.demo.site_homicide import page_key
from casereviews.demo.sites import DemoSites
from casereviews.demo.truth import Truth, truth_of

LOOPBACK = "127.0.0.1"
Pause = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it. Times are seconds of a monotonic clock; `conditional` means that it carried a validator."""

    started: float
    finished: float
    host: str
    method: str
    path: str
    status: int
    user_agent: str
    conditional: bool
    sent: int


class _Http(ThreadingHTTPServer):
    """A server that says nothing of clients that went away: killed crawls are among what is tested."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class DemoServer:
    """A running server over all sites. Its `log` grows while it serves; `change_to` swaps the sites on the same port."""

    def __init__(self, sites: DemoSites, port: int, pause: Pause | None) -> None:
        self.sites = sites
        self.pause = pause
        self.log: list[Asked] = []
        self.high_water: Counter[str] = Counter()
        self._open: defaultdict[str, int] = defaultdict(int)
        self._lock = threading.Condition()
        self._served = 0
        self._http = _Http((LOOPBACK, port), _handler(self))
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """The port of all sites."""
        return int(self._http.server_address[1])

    @property
    def resolve(self) -> dict[str, str]:
        """Host name to loopback address, for `CrawlOptions.resolve`."""
        return {site.host: LOOPBACK for site in self.sites.sites}

    def url(self, site: str, path: str = "") -> str:
        """The address of a path (or of the start page) of a site."""
        return registry.url_of(self.sites.site(site), self.port, path)

    def sources(self) -> list[Source]:
        """The registry entries of the sites, in their order."""
        return registry.sources_of(self.sites.sites, self.port)

    def crawl_options(self) -> CrawlOptions:
        """How the sites are crawled: their names lead to this server."""
        return CrawlOptions(resolve=self.resolve)

    def registry_toml(self) -> str:
        """The same entries as a home's `sources.toml`."""
        return registry.toml_of(self.sites.sites, self.port)

    def truth(self) -> Truth:
        """What a perfect collection of the sites would know."""
        return truth_of(self.sites, self.port)

    def change_to(self, sites: DemoSites) -> None:
        """Serve other sites from now on, at the same addresses."""
        self.sites = sites

    def asked(self, site: str) -> list[Asked]:
        """The requests that one site had, in the order of their beginning; those still open are waited for."""
        host = self.sites.site(site).host
        with self._lock:
            self._lock.wait_for(lambda: not self._open[host], timeout=5)
        return sorted((a for a in self.log if a.host == host), key=lambda asked: asked.started)

    def start(self) -> None:
        """Begin to serve, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, host: str, target: str) -> tuple[int, Resource | str]:
        """Status and resource (or, for a redirect, the address) for a request target of a host."""
        site = next((site for site in self.sites.sites if site.host == host), None)
        parts = urlsplit(target)
        path = unquote(parts.path)
        if site is None:
            return 404, Resource(b"No such site.", "text/plain")
        if path == "/robots.txt":
            return 200, Resource(site.robots.encode(), "text/plain; charset=utf-8")
        if site.id == "homicide" and path == "/":
            path = _library_page(parts.query)
        found = site.resources.get(path)
        if found is not None:
            return 200, found
        if f"{path}/" in site.resources:
            return 301, f"{parts.path}/"
        return 404, Resource(b"<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1>")

    def dressed(self, host: str, resource: Resource) -> bytes:
        """The body as sent: in web pages the site's own address, and a value that is new each time, are filled in."""
        if not resource.media_type.startswith("text/html"):
            return resource.body
        with self._lock:
            self._served += 1
            number = self._served
        nonce = hashlib.sha256(f"{host}/{number}".encode()).hexdigest()[:16]
        origin = f"http://{host}:{self.port}"
        return resource.body.replace(ORIGIN.encode(), origin.encode()).replace(
            NONCE.encode(), nonce.encode()
        )

    @contextmanager
    def counting(self, host: str) -> Iterator[None]:
        """Count a request as open while it is answered."""
        with self._lock:
            self._open[host] += 1
            self.high_water[host] = max(self.high_water[host], self._open[host])
        try:
            if self.pause is not None:
                self.pause()
            yield
        finally:
            with self._lock:
                self._open[host] -= 1
                self._lock.notify_all()

    def note(self, asked: Asked) -> None:
        """Remember a request."""
        with self._lock:
            self.log.append(asked)


def _library_page(query: str) -> str:
    asked = parse_qs(query)
    number = asked.get("pagination[pageNumber]", ["0"])[0]
    size = asked.get("pagination[pageSize]", ["10"])[0]
    return page_key(int(number), int(size)) if (number + size).isdigit() else "/none"


@contextmanager
def serve(sites: DemoSites, *, port: int = 0, pause: Pause | None = None) -> Iterator[DemoServer]:
    """Serve the sites until the block ends.

    `port` 0 takes a free one; give the same one again to keep addresses between runs. `pause` is called
    while each request is open, so that requests at once can be seen as such.
    """
    server = DemoServer(sites, port, pause)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _handler(server: DemoServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        server_version = "DemoSites"
        sys_version = ""

        def do_GET(self) -> None:
            self._serve(body=True)

        def do_HEAD(self) -> None:
            self._serve(body=False)

        def _serve(self, *, body: bool) -> None:
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0].lower()
            started = time.monotonic()
            with server.counting(host):
                status, sent = self._send(host, body=body)
                conditional = bool(
                    self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since")
                )
                # Noted while it still counts as open: whoever waits for open requests finds it in the log.
                server.note(
                    Asked(
                        started=started,
                        finished=time.monotonic(),
                        host=host,
                        method=self.command,
                        path=self.path,
                        status=status,
                        user_agent=self.headers.get("User-Agent") or "",
                        conditional=conditional,
                        sent=sent,
                    )
                )

        def _send(self, host: str, *, body: bool) -> tuple[int, int]:
            status, found = server.answer(host, self.path)
            if isinstance(found, str):
                self._head(301, {"Location": found, "Content-Length": "0"})
                return 301, 0
            data = server.dressed(host, found)
            headers = _headers(found, data)
            if status == 200 and self._known(headers):
                kept = {k: v for k, v in headers.items() if k in ("ETag", "Last-Modified")}
                self._head(304, kept)
                return 304, 0
            if found.media_type.startswith("text/html") and "gzip" in (
                self.headers.get("Accept-Encoding") or ""
            ):
                data = gzip.compress(data, mtime=0)
                headers["Content-Encoding"] = "gzip"
            headers["Content-Length"] = str(len(data))
            self._head(status, headers)
            if body:
                self.wfile.write(data)
            return status, len(data)

        def _known(self, headers: dict[str, str]) -> bool:
            tag = self.headers.get("If-None-Match")
            if tag is not None:
                return tag == headers.get("ETag")
            since = self.headers.get("If-Modified-Since")
            return since is not None and since == headers.get("Last-Modified")

        def _head(self, status: int, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return None

    return Handler


def _headers(resource: Resource, data: bytes) -> dict[str, str]:
    headers = {"Content-Type": resource.media_type}
    if resource.disposition:
        headers["Content-Disposition"] = f'attachment; filename="{resource.disposition}"'
    if resource.etag:
        headers["ETag"] = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    if resource.modified:
        moment = datetime.fromisoformat(resource.modified).replace(hour=9, tzinfo=UTC)
        headers["Last-Modified"] = format_datetime(moment, usegmt=True)
    return headers
