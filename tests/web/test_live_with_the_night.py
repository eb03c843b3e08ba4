"""The page while the collection changes: nothing of what was taken out comes again, no answer is a defect, no old file stays open."""

from __future__ import annotations

import itertools
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home
from tests.crawler.faults import LIST, list_page
from tests.crawler.server import Answer, Site
from tests.search_cli import small_home
from tests.web.page_server import PageServer, page_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="open files are told by /proc"),
]
READERS = 20
WATCHDOG = 120
CANARY = "Quillfeather"
NAMES = ("Ash", "Birch", "Cedar", "Elder", CANARY)


def report(name: str, *more: str) -> Answer:
    body = small_home.pdf((
        (f"Serious Case Review: Child {name}", "Published March 2021", "This is fictional."),
        ("1. The case", f"{name} was a baby of four months who died after unsafe sleep on a sofa.",
         "Neglect was known to services in Pear Vale.", *more),
    ))  # fmt: skip
    return Answer(body, media_type="application/pdf")


@dataclass
class Board:
    """A board on loopback, and the home that its nights fill."""

    site: Site
    home: Home

    def put(self, *reports: tuple[str, Answer]) -> None:
        for name, answer in reports:
            self.site.routes[f"/f/{name.lower()}.pdf"] = answer
        names = [one[3:-4] for one in self.site.routes if one.startswith("/f/")]
        links = [(f"/f/{name}.pdf", f"Child {name.title()} (March 2021)") for name in names]
        self.site.routes[LIST] = Answer(list_page(links))

    def night(self, at: str) -> None:
        source = Source("board", "Pear Vale Partnership", "England", "listing", (self.site.url + LIST,), (self.site.host,))  # fmt: skip
        options = CrawlOptions(delay=0.001, now=at)
        with Collection(self.home, warn=lambda _: None) as collection:
            done = collection.refresh_from([source], options)
        assert done.why_stopped is None


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Board]:
    site = Site()
    board = Board(site, Home(tmp_path / "home"))
    board.put(*((name, report(name)) for name in NAMES))
    board.night("2027-03-01T02:00:00Z")
    yield board
    site.close()


@dataclass
class Readers:
    """Twenty browsers that go from page to page, and what came: status by kind, and words of the canary that came too late."""

    server: PageServer
    cookie: str
    kinds: dict[str, str]
    gone: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    late: list[str] = field(default_factory=list)

    def client(self) -> httpx2.Client:
        return httpx2.Client(
            base_url=self.server.base, headers={"cookie": self.cookie}, timeout=WATCHDOG
        )

    def ask(self, client: httpx2.Client, kind: str) -> None:
        too_late = self.gone.is_set()
        if kind == "similar":
            sent = {"text": "a baby was found on a sofa, neglect was known"}
            answer = client.post("/similar", data=sent, headers={"origin": self.server.base})
        else:
            answer = client.get(self.kinds[kind])
        self.answers[kind, answer.status_code] += 1
        told = answer.text if "text" in answer.headers["content-type"] else ""
        if too_late and (CANARY in told or (kind.startswith("gone") and answer.status_code == 200)):
            self.late.append(kind)

    def read(self, first: int) -> None:
        kinds = itertools.cycle(self.kinds)
        with self.client() as client:
            for kind in itertools.islice(kinds, first, None):
                if self.over.is_set():
                    return
                self.ask(client, kind)


def readers_of(server: PageServer, home: Home) -> Readers:
    cookie = httpx2.get(server.address).headers["set-cookie"].partition(";")[0]
    with Collection(home, warn=lambda _: None) as collection:
        gone = collection.search(CANARY).hits[0]
        kept = collection.search("Birch").hits[0]
    kinds = {
        "search": "/?q=sofa",
        "everything": "/?q=*&scope=all&sort=date",
        "similar": "",
        "new": "/new",
        "feed": "/feeds/new.atom",
        "saved": "/saved",
        "coverage": "/coverage",
        "status": "/status",
    }
    for name, hit in (("gone", gone), ("kept", kept)):
        page = f"/read/{hit.document_id}/2"
        kinds |= {
            f"{name} page": f"{page}?q=baby",
            f"{name} picture": f"{page}/picture.png",
            f"{name} reference": f"{page}/ris",
            f"{name} review": f"/review/{hit.review_id}",
            f"{name} file": f"/original/{hit.document_id}",
        }
    return Readers(server, cookie, kinds)


def deleted_files(server: PageServer, home: Home) -> list[str]:
    """Files of a home that the server holds open although they are gone."""
    links = []
    for link in Path(f"/proc/{server.process.pid}/fd").iterdir():
        try:
            links.append(str(link.readlink()))
        except FileNotFoundError:
            continue
    return [one for one in links if one.endswith(" (deleted)") and str(home.root) in one]


def test_twenty_readers_of_all_pages_while_a_night_and_all_that_changes_a_home_go_on(
    board: Board, capfd: pytest.CaptureFixture[str]
) -> None:
    with page_server(board.home.root) as server:
        readers = readers_of(server, board.home)
        with readers.client() as client:
            for kind in readers.kinds:
                readers.ask(client, kind)
        assert {status for _, status in readers.answers} == {200}
        threads = [threading.Thread(target=readers.read, args=(n,)) for n in range(READERS)]
        for thread in threads:
            thread.start()
        with Collection(board.home, warn=lambda _: None) as collection:
            try:
                collection.withdraw(collection.search(CANARY).hits[0].review_id, reason="in a test")
                readers.gone.set()
                other = collection.search("Cedar").hits[0]
                collection.correct(other.review_id, "outcome", "other", note="in a test")
                collection.rebuild(index=True)
                board.put(("Birch", report("Birch", "A changed line.")), ("Rowan", report("Rowan")))
                board.night("2027-03-02T02:00:00Z")
                collection.rebuild(index=True)  # every reader has the last one open
            finally:
                readers.over.set()
                for thread in threads:
                    thread.join(WATCHDOG)
            collection.rebuild(index=True)  # and now none asks
        with readers.client() as client:
            last = client.get("/", params={"q": "sofa"})
            assert last.status_code == 200
            assert deleted_files(server, board.home) == []
            assert "Rowan" in last.text
            for kind in readers.kinds:
                readers.ask(client, kind)
    said = capfd.readouterr().err
    assert "damaged" not in said
    assert "defect" not in said
    assert readers.late == []
    statuses = {status for _, status in readers.answers}
    assert statuses <= {200, 404, 503}, readers.answers
    assert {kind for kind, status in readers.answers if status == 404} <= {
        *(kind for kind in readers.kinds if kind.startswith("gone")),
        "feed",  # it may tell of what was withdrawn: it goes, until the next refresh writes it
    }
    assert all(readers.answers[kind, 200] for kind in readers.kinds), readers.answers
