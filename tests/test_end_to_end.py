"""The whole job over the demo's sites: real HTTP, real Scrapy, real files; a fixed clock, loopback only."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.demo import sites as demo_sites
from casereviews.demo.server import serve
from casereviews.index.search import open_index
from casereviews.repository.home import Home
from casereviews.repository.published_documents import shown_reviews
from casereviews.repository.record import Record
from casereviews.search_cli.main import cli
from tests.sampling import every

FIRST = "2026-03-01T02:00:00Z"
SECOND = "2026-03-02T02:00:00Z"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serve(demo_sites.build(tmp_path_factory.mktemp("sites"))) as running:
        yield running


def records_of(home):
    return [review.to_json() for review in shown_reviews(home)]


def refresh(home, server, now):
    """One night at a fixed time."""
    before = os.environ.get("CASEREVIEWS_NOW")
    os.environ["CASEREVIEWS_NOW"] = now
    try:
        options = CrawlOptions(resolve=server.resolve, delay=0.01, now=now)
        collection = Collection(home)
        return collection.refresh_from(server.sources(), options)
    finally:
        if before is None:
            del os.environ["CASEREVIEWS_NOW"]
        else:
            os.environ["CASEREVIEWS_NOW"] = before


@pytest.fixture(scope="module")
def first(server, tmp_path_factory):
    """A home after the first night; tests work on copies."""
    home = Home(tmp_path_factory.mktemp("first") / "home")
    server.log.clear()
    done = refresh(home, server, FIRST)
    return home, done


@pytest.fixture
def home(first, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(first[0].root, copy)
    return Home(copy)


HTML = "text/html"  # pages carry a nonce: their bytes differ each time, their texts must not


def state(home):
    """Ids, versions, facts, groups and texts: what must not depend on how a night went."""
    with Record.open(home) as record:
        documents = {
            one.id: (one.source_id, one.file_url, one.availability, one.visibility)
            for one in record.documents()
        }
        versions = {
            key: [
                (v.number, None if v.media_type == HTML else v.sha256, v.text_sha256, v.state)
                for v in record.versions(key)
            ]
            for key in documents
        }
    described = {one["review_id"]: one for one in records_of(home)}
    for review in described.values():
        for document in review["documents"]:
            if document["media_type"] == HTML:
                document["sha256"] = None
    searcher = open_index(home.index, home.id)
    pages = {
        key: [page.text for page in searcher.store.pages(searcher.store.number_of(key))]
        for key in sorted(searcher.all_ids())
    }
    searcher.close()
    return documents, versions, described, pages


def test_the_first_night_collects_what_is_true_and_leaves_the_rest(first, server):
    home, done = first
    truth = server.truth()
    with Record.open(home) as record:
        got = {one.file_url for one in record.documents() if one.file_url}
    assert got == {document.url for document in truth.documents}
    assert got.isdisjoint(decoy.url for decoy in truth.decoys)
    assert {one.source_id: one.result for one in done.report.sources} == dict.fromkeys(
        (site.id for site in server.sites.sites), "ok"
    )


def test_a_night_from_a_program_writes_the_feeds(first):
    home, done = first
    feed = feedparser.parse((home.feeds / "new.atom").read_text("utf-8"))
    assert len(feed.entries) == len(done.report.events) > 10
    assert "| When | What | Title |" in (home.feeds / "new.md").read_text("utf-8")


def test_files_that_cannot_be_read_are_named_and_stop_nothing(first, server):
    home, _ = first
    statuses = {
        document["url"]: document["text_status"]
        for review in records_of(home)
        for document in review["documents"]
        if document["url"]
    }
    for document in server.truth().documents:
        expected = {document.status} | (
            {"ok", "partial"} if document.status == "needs_ocr" else set()
        )
        assert statuses[document.url] in expected, document.url


def test_files_of_one_case_are_one_review_and_no_two_cases_are_merged(first, server):
    home, _ = first
    true = server.truth().review_of_url
    found = {
        document["url"]: review["review_id"]
        for review in records_of(home)
        for document in review["documents"]
        if document["url"] in true
    }
    urls = sorted(found)
    pairs = [(a, b) for at, a in enumerate(urls) for b in urls[at + 1 :]]
    together = {pair for pair in pairs if found[pair[0]] == found[pair[1]]}
    truly = {pair for pair in pairs if true[pair[0]] == true[pair[1]]}
    assert together - truly == set()
    precision, recall = 1.0, len(together & truly) / len(truly)
    assert 2 * precision * recall / (precision + recall) >= 0.98


def test_robots_is_read_first_and_no_host_is_asked_twice_at_once(first, server):
    assert set(server.high_water.values()) == {1}
    asked_first = {}
    for asked in server.log:
        asked_first.setdefault(asked.host, asked.path)
    assert set(asked_first.values()) == {"/robots.txt"}


def test_a_second_night_finds_nothing_new_and_fetches_nothing_without_reason(home, server):
    before = state(home)
    server.log.clear()
    done = refresh(home, server, SECOND)
    assert done.report.events == ()
    assert {one.result for one in done.report.sources} == {"unchanged"}
    assert not done.report.processed.changed
    assert state(home) == before
    files = [
        a
        for a in server.log
        if a.method == "GET" and a.status == 200 and a.sent and a.path.endswith((".pdf", ".docx"))
    ]
    assert files == []
    assert not [
        host
        for host, count in Counter((a.host, a.path, a.method) for a in server.log).items()
        if count > 1
    ]


def test_after_a_change_of_the_sites_exactly_those_changes_are_told(home, server, tmp_path):
    with Record.open(home) as record:
        ids_before = {one.file_url: one.id for one in record.documents() if one.file_url}
    changed = demo_sites.build(tmp_path / "sites", changes=demo_sites.Changes.every())
    original = server.sites
    server.change_to(changed)
    try:
        done = refresh(home, server, SECOND)
    finally:
        server.change_to(original)
    told = Counter((event.kind, event.count) for event in done.report.events)
    new = [change for change in changed.changes if change.kind == "new_review"]
    assert told == Counter(
        {
            ("new", None): len(new),
            ("changed_text", None): 1,
            ("changed_bytes", None): 1,
            ("moved", None): 1,
            ("missing", 1): 1,
            **({("held", None): told["held", None]} if told["held", None] else {}),
        }
    )
    with Record.open(home) as record:
        ids_after = {one.file_url: one.id for one in record.documents() if one.file_url}
    (moved,) = [change for change in changed.changes if change.kind == "moved_file"]
    was, became = server.url(moved.site, moved.old_path), server.url(moved.site, moved.path)
    assert ids_after[became] == ids_before[was]
    assert {url: ids_after[url] for url in ids_before if url in ids_after} == {
        url: key for url, key in ids_before.items() if url in ids_after
    }


@pytest.mark.slow
def test_a_replaced_text_is_held_and_only_the_newest_is_found(home, server, tmp_path):
    changed = demo_sites.build(tmp_path / "sites", changes=demo_sites.Changes(changed_text=True))
    original = server.sites
    server.change_to(changed)
    try:
        refresh(home, server, SECOND)
    finally:
        server.change_to(original)
    with Record.open(home) as record:
        held = record.held()
    assert [(one.version is not None) for one in held] == [True]


@pytest.mark.slow
def test_the_log_of_requests_does_not_grow_for_ever(home, server):
    refresh(home, server, "2027-06-01T02:00:00Z")
    with closing(sqlite3.connect(home.record_db)) as database:
        (oldest,) = database.execute("SELECT MIN(fetched_at) FROM fetch").fetchone()
    assert oldest.startswith("2027-06-01")


def test_a_search_on_the_command_line_gives_pages(home):
    result = CliRunner().invoke(
        cli, ["--home", str(home.root), "search", '"was not brought"', "--json"]
    )
    said = json.loads(result.stdout)
    assert result.exit_code == 0
    assert said["total"] >= 3
    assert all(hit["pages"] for hit in said["hits"])


def night_process(home, server, *extra):
    """A whole refresh in a process group of its own, so that it can be killed with its children."""
    registry = home.root / "sources.toml"
    home.create()
    registry.write_text(server.registry_toml(), "utf-8")
    code = (
        "import sys, json, os\n"
        "from pathlib import Path\n"
        "from casereviews import Collection\n"
        "from casereviews.crawler.options import CrawlOptions\n"
        "from casereviews.crawler.sources import load_sources\n"
        "from casereviews.repository.home import Home\n"
        "home = Home(Path(sys.argv[1]))\n"
        "wanted = json.loads(sys.argv[3])\n"
        "sources = [s for s in load_sources(home.sources_toml).values() if s.id in wanted]\n"
        "options = CrawlOptions(resolve=json.loads(sys.argv[2]), delay=0.01, now=os.environ['CASEREVIEWS_NOW'])\n"
        "Collection(home).refresh_from(sources, options)\n"
    )
    wanted = json.dumps([site.id for site in server.sites.sites])
    return subprocess.Popen(
        [sys.executable, "-c", code, str(home.root), json.dumps(server.resolve), wanted, *extra],
        env={**os.environ, "CASEREVIEWS_NOW": FIRST},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def killed_after(process, seconds):
    """Kill the whole group after a while; waits for the process, never for the clock alone."""
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("seconds", every(2, (1.5, 4.0, *(0.5 + 1.7 * n for n in range(6)))))
def test_a_killed_night_is_completed_by_the_next_as_if_undisturbed(
    first, server, tmp_path, seconds
):
    home = Home(tmp_path / "home")
    killed_after(night_process(home, server), seconds)
    refresh(home, server, FIRST)
    assert state(home) == state(first[0])


def test_two_refreshes_at_once_the_second_says_who_holds_the_lock(home, server):
    from casereviews.repository.lock import writing

    (home.root / "sources.toml").write_text(server.registry_toml(), "utf-8")
    code = (
        "import sys\nfrom pathlib import Path\nfrom casereviews.repository.home import Home\nfrom casereviews.repository.lock import writing\n"
        "with writing(Home(Path(sys.argv[1])), 'refresh'):\n    print('held', flush=True)\n    sys.stdin.read()\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(home.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        source = server.sites.sites[0].id
        result = CliRunner().invoke(cli, ["--home", str(home.root), "refresh", "--source", source])
        assert result.exit_code == 3
        assert str(holder.pid) in result.stderr
    finally:
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()
    with writing(home, "refresh"):
        pass


@pytest.mark.slow
def test_a_stopped_night_ends_cleanly_and_the_next_completes_it(first, server, tmp_path):
    home = Home(tmp_path / "home")
    process = night_process(home, server)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not any((home.archive).rglob("*/*")):
        process.poll()
        if process.returncode is not None:
            break
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)
    refresh(home, server, FIRST)
    # A stopped night publishes what it has, so a review may be named after another of its documents; all else is equal.
    stopped, whole = state(home), state(first[0])
    assert (stopped[0], stopped[1], stopped[3]) == (whole[0], whole[1], whole[3])
    assert grouped(stopped) == grouped(whole)


def grouped(told):
    """Which documents are of one review, whatever it is called."""
    return {
        frozenset(one["document_id"] for one in review["documents"]) for review in told[2].values()
    }


@pytest.mark.slow
def test_a_retracted_report_is_held_then_withdrawn_and_leaves_no_trace(home, server, tmp_path):
    truth = server.truth()
    gone = demo_sites.build(tmp_path / "sites", changes=demo_sites.Changes(missing_file=True))
    (change,) = gone.changes
    url = server.url(change.site, change.old_path or change.path)
    assert url in {document.url for document in truth.documents}
    with Record.open(home) as record:
        (target,) = [one for one in record.documents() if one.file_url == url]
    original = server.sites
    server.change_to(gone)
    try:
        for night in range(21, 24):
            refresh(home, server, f"2026-03-{night}T02:00:00Z")
    finally:
        server.change_to(original)
    root = str(home.root)
    with Record.open(home) as record:
        assert record.document(target.id).visibility == "held"
    assert target.id in CliRunner().invoke(cli, ["--home", root, "held", "--json"]).stdout
    for verb in (
        ["search", "*", "--scope", "all", "--all", "--json"],
        ["export", "--jsonl"],
        ["new", "--since", "2026-01-01", "--json"],
    ):
        shown = CliRunner().invoke(cli, ["--home", root, *verb]).stdout
        assert url not in shown, verb
    result = CliRunner().invoke(
        cli, ["--home", root, "withdraw", target.id, "--reason", "it identifies a child", "--yes"]
    )
    assert result.exit_code == 0, result.stderr
    assert "STILL THERE" not in result.stderr
    kept = Path(root) / "archive" / str(target.sha256)[:2] / str(target.sha256)
    assert not kept.exists()
    # The board lists it again: it does not come back, and nothing of it is remembered or asked for.
    server.log.clear()
    refresh(home, server, "2026-03-25T02:00:00Z")
    with Record.open(home) as record:
        assert url not in {one.file_url for one in record.documents()}
    assert url.encode() not in home.crawl_memory.read_bytes()
    assert not [asked for asked in server.log if url.endswith(asked.path)]
