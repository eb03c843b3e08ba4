"""Twelve small fictional sites whose papers are published, changed, taken off and brought back: the truth, and what it looks like on loopback.

Nothing here knows the record. A paper is `linked` (its list names it), `there` (its file answers) and has a `page` (its own one, where
the site's shape has such). Everything is invented; words are put together from syllables so that each is found nowhere else.
"""

from __future__ import annotations

import hashlib
import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from benchmarks.fictional_cases import fictional_cases
from casereviews.crawler.parsing.wordpress.api import content_url, index_url, types_url
from casereviews.crawler.sources.source import Source

DOMAIN = "nights.test"
PDF, RTF, HTML = "application/pdf", "application/rtf", "text/html; charset=utf-8"
JSON = "application/json; charset=UTF-8"

SHAPES = (
    "list",
    "details",
    "pages",
    "table",
    "wordpress",
    "rolling",
    "govuk",
    "accordion",
    "nonce",
    "cards",
    "short_policy",
    "two_lists",
)
OWN_PAGES = ("details", "nonce", "cards", "govuk", "wordpress")
"""Shapes in which a paper stands on a page (or in an answer of the API) of its own."""

VALIDATORS = {"nonce": "none", "table": "none", "rolling": "lying", "accordion": "lying"}
"""What a site sends with its files: an honest ETag unless it is named here; `lying` is one that never changes."""

POLICY = {"short_policy": 3}
"""Months for which a site says that its reports stay, where it says so."""


class Words:
    """Invented words, none twice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(f"words {seed}")
        self.used: set[str] = set()

    def one(self) -> str:
        """A new word of four syllables, capitalised."""
        while True:
            word = "".join(
                self.dice.choice("bdfgklmnprtvz") + self.dice.choice("aeiou") for _ in range(4)
            )
            if word not in self.used:
                self.used.add(word)
                return word.capitalize()


@dataclass(frozen=True, slots=True)
class Edition:
    """What a file says once: `person` is a name that an anonymous edition lacks, `mark` a word of its own, `stamp` other bytes of the same text."""

    mark: str
    person: str
    stamp: int = 0


@dataclass
class Paper:
    """One report of one board."""

    number: int
    name: str
    title: str
    path: str
    born: int
    edition: Edition
    story: int
    modified: str
    list_number: int = 0
    linked: bool = True
    there: bool = True
    page: bool = True
    earlier: list[Edition] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def slug(self) -> str:
        """The end of the address of its own page."""
        return self.path.rpartition("/")[2].partition(".")[0]

    @property
    def own_page(self) -> str:
        """The path of its own page."""
        return f"/reviews/{self.slug}/"

    def text(self) -> list[str]:
        """The lines of its file."""
        person = self.edition.person
        lines = [self.title, f"Report {self.edition.mark} of the panel."]
        for line in story(self.story):
            lines.append(line)
            lines.append(f"The panel heard of {person} from the school.")
        return lines


def story(seed: int) -> list[str]:
    """What a report tells beside names: some 250 words of its own."""
    return [text for _, text in fictional_cases(7, seed=seed)]


def _wrapped(lines: list[str]) -> Iterator[str]:
    for line in lines:
        words = line.split()
        row = ""
        for word in words:
            if len(row) + len(word) > 88:
                yield row
                row = ""
            row = f"{row} {word}".strip()
        yield row


def pdf_of(lines: list[str], stamp: int) -> bytes:
    """A PDF of one page a 60 rows; `stamp` changes its bytes, not its words."""
    rows = list(_wrapped(lines))
    pages = [rows[at : at + 60] for at in range(0, len(rows), 60)]
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {count}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for n, page in enumerate(pages):
        shown = "".join(
            f"({row.translate(str.maketrans({'(': ' ', ')': ' ', chr(92): ' '}))}) Tj T*\n"
            for row in page
        )
        content = f"BT /F1 10 Tf 12 TL 50 790 Td\n{shown}ET"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * n} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    out = f"%PDF-1.4\n% made up {stamp:06}\n"
    places = []
    for number, said in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj{said}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1", "replace")


def rtf_of(lines: list[str], stamp: int) -> bytes:
    """An RTF file of the same words."""
    said = "".join(f"{line}\\par\n" for line in lines)
    return f"{{\\rtf1\\ansi{{\\*\\made {stamp:06}}}\n{said}}}".encode("ascii", "replace")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a path answers; status 0 closes the connection without a word."""

    body: bytes
    media_type: str = HTML
    status: int = 200


@dataclass
class Board:
    """One site. `trouble` is what is wrong with it tonight: "", list, robots, down, closed, files or page2."""

    shape: str
    port: int
    papers: list[Paper] = field(default_factory=list)
    trouble: str = ""
    asked: int = 0

    @property
    def host(self) -> str:
        return f"{self.shape.replace('_', '-')}.{DOMAIN}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def source(self) -> Source:
        """Its entry, as a registry would have it."""
        family = self.shape if self.shape in ("wordpress", "govuk") else "listing"
        starts = ["/reviews/"]
        if self.shape == "wordpress":
            starts = ["/"]
        if self.shape == "govuk":
            starts = ["/government/collections/reviews"]
        if self.shape == "two_lists":
            starts = ["/reviews/", "/older-reviews/"]
        return Source(
            self.shape.replace("_", "-"),
            f"{self.shape.replace('_', ' ').title()} Vale Safeguarding Partnership",
            "England",
            family,
            tuple(self.url + one for one in starts),
            (self.host,),
            kind="rolling-page" if self.shape == "rolling" else "",
            policy_months=POLICY.get(self.shape),
        )

    @property
    def linked(self) -> list[Paper]:
        """What its list names, newest first."""
        return sorted((one for one in self.papers if one.linked), key=lambda one: -one.born)

    def file(self, paper: Paper) -> tuple[bytes, str]:
        """A paper's bytes and media type."""
        if self.shape == "table":
            return rtf_of(paper.text(), paper.edition.stamp), RTF
        return pdf_of(paper.text(), paper.edition.stamp), PDF

    def keeps_back(self, number: int) -> bool:
        """Whether the file of a paper cannot be had tonight, though what names it can."""
        return self.trouble == "files" and bool(number % 2)

    # ------------------------------------------------------------ what it answers

    def answer(self, path: str) -> Answer:
        """What a GET of a path gives now."""
        nothing = Answer(b"nothing is here", "text/plain", 404)
        if self.trouble == "closed":
            return Answer(b"", status=0)
        if self.trouble == "down":
            return Answer(b"we are busy", status=503)
        if path == "/robots.txt":
            refused = "/" if self.trouble == "robots" else "/admin/"
            return Answer(f"User-agent: *\nDisallow: {refused}\n".encode(), "text/plain")
        for paper in self.papers:
            if path == paper.path:
                if self.keeps_back(paper.number):
                    return Answer(b"we are busy", status=503)
                return Answer(*self.file(paper)) if paper.there else nothing
        if path.endswith(".pdf") or path.endswith(".rtf"):
            return nothing
        starts = {
            "/reviews/",
            "/",
            "/government/collections/reviews",
            "/api/content/government/collections/reviews",
        }
        if self.trouble == "list" and path.partition("?")[0] in starts:
            return Answer(b"we are busy", status=500)
        if self.trouble == "page2" and path in ("/reviews/page/2/", "/older-reviews/"):
            return Answer(b"we are busy", status=500)
        if self.shape == "wordpress":
            return self._wordpress(path) or nothing
        if self.shape == "govuk":
            return self._govuk(path) or nothing
        return self._html(path) or nothing

    def _html(self, path: str) -> Answer | None:
        if self.shape in OWN_PAGES:
            for paper in self.papers:
                if path == paper.own_page:
                    if not paper.page:
                        return None
                    link = f'<p><a href="{paper.path}">{paper.title} overview report</a></p>'
                    return self._page(paper.title, link)
        rows = self._rows(path)
        return (
            None
            if rows is None
            else self._page("Serious case reviews", self._listed(rows) + self._onward(path))
        )

    def _rows(self, path: str) -> list[Paper] | None:
        """The papers of a page of the list; None when it is no page of one."""
        named = self.linked
        if self.shape == "two_lists":
            number = {"/reviews/": 0, "/older-reviews/": 1}.get(path)
            return None if number is None else [one for one in named if one.list_number == number]
        if self.shape in ("pages", "cards"):
            half = 5
            parts = {"/reviews/": named[:half], "/reviews/page/2/": named[half:]}
            return parts.get(path)
        return named if path == "/reviews/" else None

    def _onward(self, path: str) -> str:
        paged = self.shape in ("pages", "cards") and path == "/reviews/"
        return '<nav><a href="/reviews/page/2/" rel="next">2</a></nav>' if paged else ""

    def _listed(self, rows: list[Paper]) -> str:
        if self.shape in ("details", "nonce"):
            items = (
                f'<article><h2><a href="{one.own_page}">{one.title}</a></h2></article>'
                for one in rows
            )
            return "".join(items)
        if self.shape == "cards":
            items = (
                f'<div class="card"><h3><a href="{one.own_page}">{one.title}</a></h3><p>Published report</p></div>'
                for one in rows
            )
            return "".join(items)
        if self.shape == "table":
            items = (
                f'<tr><td>{one.title}</td><td><a href="{one.path}">{one.title} overview report</a></td></tr>'
                for one in rows
            )
            return f"<table><tr><th>Review</th><th>Report</th></tr>{''.join(items)}</table>"
        if self.shape == "accordion":
            items = (
                f'<h3><button aria-expanded="false">{one.title}</button></h3><div><p><a href="{one.path}">{one.title} overview report</a></p></div>'
                for one in rows
            )
            return "".join(items)
        return (
            "<ul>"
            + "".join(
                f'<li><a href="{one.path}">{one.title} overview report</a></li>' for one in rows
            )
            + "</ul>"
        )

    def _page(self, title: str, body: str) -> Answer:
        self.asked += 1
        nonce = f'<meta name="nonce" content="{self.asked}">' if self.shape == "nonce" else ""
        return Answer(
            f"<html><head><title>{title}</title>{nonce}</head><body><main><h1>{title}</h1>{body}</main></body></html>".encode()
        )

    def _wordpress(self, path: str) -> Answer | None:
        root = f"{self.url}/wp-json/"
        if path == "/":
            rel = f'<link rel="https://api.w.org/" href="{root}">'
            return self._page("Learning from reviews", rel)
        for one in self.papers:
            if path == one.own_page:
                return self._page(one.title, self._post_body(one)) if one.linked else None
        posts = [
            {
                "id": one.number,
                "link": f"{self.url}{one.own_page}",
                "date": "2024-05-01T09:00:00",
                "modified": one.modified,
                "title": {"rendered": one.title},
                "content": {"rendered": self._post_body(one), "protected": False},
            }
            for one in sorted(self.linked, key=lambda one: one.number)
        ]
        address = self.url + path
        answers: dict[str, Any] = {
            types_url(root): {},
            index_url(root, "wp/v2/posts", 1): posts,
            index_url(root, "wp/v2/pages", 1): [],
        }
        if address in answers:
            return Answer(json.dumps(answers[address]).encode(), JSON)
        if address.startswith(content_url(root, "wp/v2/posts").partition("?")[0]):
            return Answer(json.dumps(self._chosen(address, posts)).encode(), JSON)
        return None

    @staticmethod
    def _chosen(address: str, posts: list[dict[str, Any]]) -> list[dict[str, Any]]:
        from urllib.parse import parse_qs, urlsplit

        query = parse_qs(urlsplit(address).query)
        if "include" in query:
            wanted = {int(one) for one in query["include"][0].split(",")}
            return [one for one in posts if one["id"] in wanted]
        if "modified_after" in query:
            return [one for one in posts if one["modified"] > query["modified_after"][0]]
        return posts if query.get("page", ["1"])[0] == "1" else []

    @staticmethod
    def _post_body(paper: Paper) -> str:
        return f'<p><a href="{paper.path}">{paper.title} overview report</a></p>'

    def _govuk(self, path: str) -> Answer | None:
        if path == "/api/content/government/collections/reviews":
            named = [
                {"content_id": f"id-{one.number}", "title": one.title, "base_path": f"/government/publications/{one.slug}", "document_type": "independent_report"}
                for one in self.linked
            ]  # fmt: skip
            item = {
                "base_path": "/government/collections/reviews", "schema_name": "document_collection", "document_type": "document_collection",
                "title": "Made-up reviews", "details": {"collection_groups": [{"title": "All", "documents": [one["content_id"] for one in named]}]},
                "links": {"documents": named},
            }  # fmt: skip
            return Answer(json.dumps(item).encode(), JSON)
        for one in self.papers:
            if path == f"/api/content/government/publications/{one.slug}" and one.page:
                item = {
                    "base_path": f"/government/publications/{one.slug}", "schema_name": "publication", "document_type": "independent_report",
                    "title": one.title, "first_published_at": "2024-01-15T09:30:00.000+00:00", "public_updated_at": "2024-05-12T09:13:18.000+00:00",
                    "details": {"body": "", "attachments": [
                        {"attachment_type": "file", "id": "r", "title": f"{one.title} overview report", "content_type": PDF, "filename": "r.pdf", "url": self.url + one.path}
                    ]}, "links": {},
                }  # fmt: skip
                return Answer(json.dumps(item).encode(), JSON)
        return None


class _Listening(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    """Twelve boards are asked at the same moment; of those beyond the usual five the system asks again after 1, 3, 7 and 15 s."""


class Server:
    """All boards behind one loopback port, told apart by the host that is asked."""

    def __init__(self) -> None:
        self.boards: dict[str, Board] = {}
        boards = self.boards

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                board = boards[(self.headers.get("Host") or "").partition(":")[0]]
                said = board.answer(self.path)
                if said.status == 0:
                    self.close_connection = True
                    return
                tag = _tag(board, self.path, said)
                status, body = said.status, said.body
                if tag and self.headers.get("If-None-Match") == tag:
                    status, body = 304, b""
                self.send_response(status)
                self.send_header("Content-Type", said.media_type)
                if tag:
                    self.send_header("ETag", tag)
                if "/wp-json/" in self.path:
                    self.send_header("X-WP-TotalPages", "1")
                if status != 304:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command == "GET":
                    self.wfile.write(body)
                self.wfile.flush()

            do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                return None

        self.server = _Listening(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port

    def add(self, shape: str) -> Board:
        """A new board of a shape."""
        board = Board(shape, self.port)
        self.boards[board.host.partition(":")[0]] = board
        return board


def _tag(board: Board, path: str, said: Answer) -> str | None:
    """The ETag of an answer: honest, one that never changes, or none."""
    kind = VALIDATORS.get(board.shape, "honest")
    if said.status != 200 or kind == "none" or path == "/robots.txt":
        return None
    is_file = said.media_type in (PDF, RTF)
    of = path.encode() if kind == "lying" and is_file else said.body
    return f'"{hashlib.sha256(of).hexdigest()[:16]}"'


@contextmanager
def serving() -> Iterator[Server]:
    """A server for the length of a block."""
    server = Server()
    thread = threading.Thread(target=server.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.server.shutdown()
        server.server.server_close()
