"""Sites that fail in every way that sites fail: how each of them answers on its bad night."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

from tests.crawler.server import Answer, Route, Site, pdf

Handler = Callable[[BaseHTTPRequestHandler], None]
LIST = "/reviews/"
DOCUMENTS = 3
CHALLENGE = (
    "<html><head><title>Just a moment...</title></head><body><script src='/cdn-cgi/challenge-platform/h/b'></script>"
    "<p>Enable JavaScript and cookies to continue</p></body></html>"
)
LOGIN = "<html><body><main><h1>Log in</h1><form><input type='text' name='u'><input type='password' name='p'></form></main></body></html>"


def list_page(links: list[tuple[str, str]], words: str = "") -> str:
    """A list in the plainest form."""
    items = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
    return f"<html><head><meta charset='utf-8'></head><body><main><h1>Serious case reviews</h1><p>Made up. {words}</p><ul>{items}</ul></main></body></html>"


def links(number: int = DOCUMENTS) -> list[tuple[str, str]]:
    """Links of a healthy list."""
    return [(f"/f/{n}.pdf", f"Child H{n} overview report") for n in range(1, number + 1)]


def healthy(name: str, number: int = DOCUMENTS) -> dict[str, Route]:
    """A healthy site: a list and its files."""
    routes: dict[str, Route] = {LIST: Answer(list_page(links(number)))}
    for n in range(1, number + 1):
        routes[f"/f/{n}.pdf"] = Answer(pdf(f"{name} {n}"), media_type="application/pdf")
    return routes


def _raw(*pieces: bytes, pause: float = 0.0, times: int = 1) -> Handler:
    """Bytes on the wire as they are, then the connection is closed."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        for _ in range(times):
            for piece in pieces:
                handler.wfile.write(piece)
                handler.wfile.flush()
                if pause:
                    time.sleep(pause)

    return send


def _head(
    length: int | None = None, extra: str = "", kind: str = "text/html; charset=utf-8"
) -> bytes:
    size = f"Content-Length: {length}\r\n" if length is not None else ""
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{size}{extra}Connection: close\r\n\r\n".encode()


def _to(location: str, status: int = 302) -> Answer:
    return Answer("", status, headers={"Location": location})


def bad_nights(other: Site) -> Iterator[tuple[str, dict[str, Route], str, str]]:
    """(name, routes that change, result, words of the reason) of each fault; `other` is somebody else's site."""
    page = list_page(links()).encode()
    bomb = gzip.compress(b"<p>made up</p>" * 300_000)
    private = f"http://127.0.0.2:{other.port}/reviews/"
    yield "status_500", {LIST: Answer("", 500)}, "broken", "status 500"
    yield "reset", {LIST: _raw(_head(len(page)), page[:200])}, "broken", "break off"
    yield "wrong_length", {LIST: _raw(_head(len(page) + 500), page)}, "broken", "break off"
    yield "drip", {LIST: _raw(_head(len(page)), *([b"<"] * 60), pause=0.05)}, "broken", "slowly"
    yield "silence", {LIST: _raw(_head(len(page)), b"<p>", pause=1.5)}, "broken", "in time"
    yield "loop", {LIST: _to("/a"), "/a": _to("/b"), "/b": _to("/a")}, "broken", "circle"
    yield "other_host", {LIST: _to(other.url + "/reviews/")}, "moved", other.host
    yield "private", {LIST: _to(private)}, "moved", "127.0.0.2"
    yield (
        "robots_no",
        {"/robots.txt": Answer("User-agent: *\nDisallow: /reviews", media_type="text/plain")},
        "blocked",
        "robots.txt asks",
    )
    yield "robots_500", {"/robots.txt": Answer("", 500)}, "blocked", "cannot be read"
    yield "gone_404", {LIST: Answer("not here", 404)}, "broken", "status 404"
    yield "emptied", {LIST: Answer(list_page([]))}, "broken", "list is empty"
    yield "login", {LIST: Answer(LOGIN)}, "blocked", "login"
    yield "login_redirect", {LIST: _to("/login/"), "/login/": Answer(LOGIN)}, "blocked", "login"
    yield "bot_wall", {LIST: Answer(CHALLENGE, 403)}, "blocked", "bot wall"
    yield (
        "bot_wall_200",
        {LIST: Answer(CHALLENGE.replace("Just a moment", "x"), 200)},
        "blocked",
        "bot wall",
    )
    yield "wait", {LIST: Answer("", 503, headers={"Retry-After": "3600"})}, "blocked", "later"
    yield "bomb", {LIST: Answer(bomb, headers={"Content-Encoding": "gzip"})}, "broken", "unpacks"
    yield "endless", {LIST: _endless}, "broken", "larger"
    yield "no_bytes", {LIST: Answer("")}, "broken", "empty page"
    yield (
        "script_shell",
        {LIST: Answer("<html><body><div id='root'></div><script></script></body></html>")},
        "needs_javascript",
        "JavaScript",
    )
    yield (
        "in_part",
        {
            LIST: Answer(list_page([*links(), ("/reviews/more/", "Serious case reviews 2012")])),
            "/reviews/more/": Answer("", 500),
        },
        "partial",
        "http_500",
    )
    yield (
        "html_for_pdf",
        {"/f/1.pdf": Answer("<html><body>Page not found</body></html>")},
        "partial",
        "1 of 3 files could not be had: 1 html_for_file at 127.0.0.1:",
    )
    empty = Answer(b"", media_type="application/pdf")
    yield "empty_file", {"/f/1.pdf": empty}, "partial", "1 empty_file at 127.0.0.1:"
    yield "file_500", {"/f/1.pdf": Answer(b"", 500)}, "partial", "1 http_500 at 127.0.0.1:"
    yield (
        "new_link_404",
        {LIST: Answer(list_page([*links(), ("/f/9.pdf", "Child K9 overview report")]))},
        "partial",
        "1 of 4 files could not be had: 1 http_404 at 127.0.0.1:",
    )
    yield (
        "new_handler_503",
        {
            LIST: Answer(list_page([*links(), ("/download/9", "Child K9 report (PDF, 1 MB)")])),
            "/download/9": Answer("", 503),
        },
        "partial",
        "1 of 4 files could not be had: 1 http_503 at 127.0.0.1:",
    )
    yield (
        "new_link_elsewhere",
        {LIST: Answer(list_page([*links(), (other.url + "/f/1.pdf", "Child K9 overview report")]))},
        "partial",
        f"1 of 4 files could not be had: 1 off_site at {other.host}",
    )
    yield (
        "moved_list",
        {LIST: _to("/new/", 301), "/new/": Answer(list_page(links()))},
        "unchanged",
        "",
    )
    yield (
        "broken_html",
        {LIST: Answer(list_page(links()).replace("</a></li>", "").replace("</p>", "</i>"))},
        "unchanged",
        "",
    )
    yield (
        "odd_links",
        {
            LIST: Answer(
                list_page([*links(), ("/f/a & b report.pdf?x=1&copy=2", "Child K report")])
            ),
            "/f/a%20&%20b%20report.pdf?x=1&copy=2": Answer(
                pdf("odd"), media_type="application/pdf"
            ),
        },
        "ok",
        "",
    )
    yield (
        "wrong_charset",
        {
            LIST: Answer(
                list_page([*links(), ("/f/5.pdf", "Ynys Môn: Child Ŵ review")]).encode("utf-8"),
                media_type="text/html; charset=iso-8859-1",
            ),
            "/f/5.pdf": Answer(pdf("charset"), media_type="application/pdf"),
        },
        "ok",
        "",
    )


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.wfile.write(_head())
    for _ in range(2000):
        handler.wfile.write(b"<p>made up</p>" * 500)
