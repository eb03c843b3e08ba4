"""The demo's server and truth, end to end over loopback: what a crawler meets."""

from __future__ import annotations

import http.client
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from threading import Barrier, Thread
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from casereviews.crawler.parsing.dhr_library import parse_dhr_library
from casereviews.crawler.sources.loader import read_sources
from casereviews.demo.registry import url_of
from casereviews.demo.server import DemoServer, serve
from casereviews.demo.site import quoted
from casereviews.demo.sites import Changes, DemoSites, build


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> DemoSites:
    return build(tmp_path_factory.mktemp("sites"))


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> DemoSites:
    return build(tmp_path_factory.mktemp("changed"), changes=Changes.every())


@pytest.fixture
def server(sites: DemoSites) -> Iterator[DemoServer]:
    with serve(sites) as running:
        yield running


def ask(
    server: DemoServer, url: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """One request to the host that the address names, sent to loopback."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers={"Host": parts.netloc, **named})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def links(html: bytes, url: str) -> list[str]:
    """Every link of a page as an absolute address."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"', html.decode())
    return [quoted_url(urldefrag(urljoin(url, unescape(href)))[0]) for href in found]


def quoted_url(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{quoted(parts.path.replace('%20', ' '))}" + (
        f"?{parts.query}" if parts.query else ""
    )


def pages_of(server: DemoServer, site: str) -> dict[str, bytes]:
    """Every web page of a site that its links reach from the start page, by address."""
    start = server.url(site)
    host = urlsplit(start).netloc
    pages: dict[str, bytes] = {}
    waiting = [start]
    while waiting:
        url = waiting.pop()
        if url in pages or urlsplit(url).netloc != host or "contrast=" in url:
            continue
        status, headers, body = ask(server, url)
        assert status == 200, f"{url} gives {status}"
        if headers["Content-Type"].startswith("text/html"):
            pages[url] = body
            waiting += links(body, url)
        else:
            pages[url] = b""
    return pages


def test_every_document_of_the_truth_is_linked_and_served_as_it_says(server: DemoServer) -> None:
    wrong: list[str] = []
    for site in server.sites.sites:
        reached = pages_of(server, site.id)
        for document in server.truth().documents:
            if document.site != site.id:
                continue
            _, headers, _ = ask(server, document.url)
            kind = headers["Content-Type"].split(";")[0]
            if kind != document.media_type or document.url not in reached:
                wrong.append(document.url)
    assert wrong == []


def test_landing_pages_of_the_truth_hold_a_link_to_the_document(server: DemoServer) -> None:
    without = []
    for document in server.truth().documents:
        pages = [document.landing_url]
        if document.site == "homicide":
            pages = [f"{document.landing_url}?pagination[pageSize]=100"]
        _, _, html = ask(server, pages[0])
        if document.url not in links(html, document.landing_url):
            without.append(document.url)
    assert without == []


def test_each_site_has_a_host_of_its_own_on_loopback_and_other_names_get_nothing(
    server: DemoServer,
) -> None:
    assert set(server.resolve.values()) == {"127.0.0.1"}
    assert len(server.resolve) == len(server.sites.sites) == 7
    assert ask(server, f"http://elsewhere.test:{server.port}/")[0] == 404


def test_the_registry_text_gives_the_sources(server: DemoServer) -> None:
    text = server.registry_toml()
    assert list(read_sources([("demo.toml", text)]).values()) == server.sources()
    assert len(tomllib.loads(text)["source"]) == 7


def test_files_with_validators_are_not_sent_twice(server: DemoServer) -> None:
    url = next(d.url for d in server.truth().documents if d.site == "marlsea")
    _, headers, body = ask(server, url)
    again = ask(server, url, If_None_Match=headers["ETag"])
    dated = ask(server, url, If_Modified_Since=headers["Last-Modified"])
    other = ask(server, url, If_None_Match='"other"')
    assert (again[0], again[2], dated[0], other[2]) == (304, b"", 304, body)
    assert [(a.status, a.conditional) for a in server.asked("marlsea")] == [
        (200, False),
        (304, True),
        (304, True),
        (200, True),
    ]


def test_half_the_sites_send_no_validators_with_their_files(server: DemoServer) -> None:
    with_any = {
        document.site
        for document in server.truth().documents
        if {"ETag", "Last-Modified"} & set(ask(server, document.url, "HEAD")[1])
    }
    assert with_any == {"hallowshire", "marlsea", "eastermere", "lantern"}


def test_pages_with_a_nonce_differ_each_time_in_nothing_else(server: DemoServer) -> None:
    url = server.url("hallowshire")
    first, second = ask(server, url)[2], ask(server, url)[2]
    nonce = re.compile(rb'content="[0-9a-f]{16}"')
    assert first != second
    assert nonce.sub(b"", first) == nonce.sub(b"", second)


def test_the_contrast_twin_is_the_same_page(server: DemoServer) -> None:
    url = server.url("hallowshire", "/resources/child-q-local-child-safeguarding-practice-review/")
    nonce = re.compile(rb'content="[0-9a-f]{16}"')
    plain, twin = ask(server, url)[2], ask(server, f"{url}?contrast=1")[2]
    assert nonce.sub(b"", plain) == nonce.sub(b"", twin)
    assert b'href="?contrast=1"' in plain


def test_a_download_without_extension_says_its_name_in_the_headers(server: DemoServer) -> None:
    url = server.url("brackenford", "/downloads/file/1432/child_q_lcspr_report")
    status, headers, body = ask(server, url)
    assert (status, headers["Content-Type"], body[:5]) == (200, "application/pdf", b"%PDF-")
    assert headers["Content-Disposition"] == 'attachment; filename="child-q-lcspr-report.pdf"'


def test_a_file_name_with_spaces_and_an_ampersand_is_served(server: DemoServer) -> None:
    url = server.url("brackenford", "/media/1187/Child F & Child G SCR report final.pdf")
    assert url.endswith("/Child%20F%20&%20Child%20G%20SCR%20report%20final.pdf")
    assert ask(server, url)[2][:5] == b"%PDF-"


def test_one_file_is_linked_twice_on_the_council_page(server: DemoServer) -> None:
    url = server.url("brackenford")
    found = Counter(link for link in links(ask(server, url)[2], url) if "/media/" in link)
    assert [link.rsplit("/", 1)[1] for link, times in found.items() if times == 2] == [
        "family-t-full-report-word.docx"
    ]


def test_the_library_announces_its_total_and_three_pages_hold_all(server: DemoServer) -> None:
    source = {source.id: source for source in server.sources()}["homicide"]
    seen = []
    for number in range(3):
        url = f"{server.url('homicide')}?pagination[pageNumber]={number}&pagination[pageSize]=10"
        parsed = parse_dhr_library(ask(server, url)[2].decode(), url, source)
        assert parsed.announced == 25
        seen += [
            (s.headings[0], s.extra["CSP"], s.extra["Date of death"]) for s in parsed.sightings
        ]
    true = [
        (" and ".join(case.labels), case.partnership, case.death)
        for case in server.sites.cases
        if case.site == "homicide"
    ]
    assert seen == true


def test_the_table_shows_words_where_reports_are_gone(server: DemoServer) -> None:
    html = ask(server, server.url("marlsea"))[2].decode()
    cells = Counter(re.findall(r"<td>(No longer published|Unpublished|Delayed[^<]*)</td>", html))
    entries = Counter(words for review in server.truth().reviews for _, words in review.entries)
    assert (
        cells
        == entries
        == Counter(
            {"No longer published": 3, "Unpublished": 1, "Delayed – criminal proceedings": 1}
        )
    )


def test_decoys_are_served_and_belong_to_no_review(server: DemoServer) -> None:
    truth = server.truth()
    answers = {decoy.url: ask(server, decoy.url) for decoy in truth.decoys}
    statuses = {status for status, _, _ in answers.values()}
    starts = {body[:4] for url, (_, _, body) in answers.items() if url.endswith(".pdf")}
    reasons = {decoy.reason for decoy in truth.decoys}
    assert (statuses, starts) == ({200}, {b"%PDF"})
    assert {"policy", "procedure", "newsletter", "annual_report", "template", "toolkit", "training", "guidance"} == reasons  # fmt: skip
    assert {decoy.url for decoy in truth.decoys} & set(truth.review_of_url) == set()


def test_requests_at_once_are_counted_per_host(sites: DemoSites) -> None:
    with serve(sites, pause=Barrier(3, timeout=10).wait) as server:
        urls = [server.url("marlsea"), server.url("marlsea"), server.url("wennol")]
        threads = [Thread(target=ask, args=(server, url)) for url in urls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        host = server.sites.site
        assert server.high_water[host("marlsea").host] == 2
        assert server.high_water[host("wennol").host] == 1


def test_every_change_is_one_and_nothing_else_differs(sites: DemoSites, changed: DemoSites) -> None:
    before = {(d.case.site, d.path): d for d in sites.placed}
    after = {(d.case.site, d.path): d for d in changed.placed}
    kinds = {(change.kind, change.site, change.case) for change in changed.changes}
    assert kinds == {
        ("new_review", "hallowshire", "child-v-new"),
        ("changed_text", "hallowshire", "family-w"),
        ("changed_bytes", "brackenford", "b-arun"),
        ("moved_file", "eastermere", "e-two-sisters"),
        ("missing_file", "marlsea", "m-child-h"),
    }
    paths = {kind: {c.path for c in changed.changes if c.kind == kind} for kind, _, _ in kinds}
    old = {c.kind: (c.site, c.old_path) for c in changed.changes if c.old_path}
    assert set(after) - set(before) == {("hallowshire", path) for path in paths["new_review"]} | {
        ("eastermere", path) for path in paths["moved_file"]
    }
    assert set(before) - set(after) == {old["moved_file"], old["missing_file"]}
    differing = {key for key in set(before) & set(after) if before[key].body != after[key].body}
    assert differing == {old["changed_text"], old["changed_bytes"]}
    same_words = {key for key in differing if before[key].paper.text == after[key].paper.text}
    assert same_words == {old["changed_bytes"]}


def test_changed_sites_take_over_at_the_same_addresses(
    sites: DemoSites, changed: DemoSites
) -> None:
    with serve(sites) as server:
        gone = next(change for change in changed.changes if change.kind == "missing_file")
        url = url_of(sites.site(gone.site), server.port, gone.old_path)
        first = ask(server, url)[0]
        server.change_to(changed)
        listing = ask(server, server.url(gone.site))[2]
        assert (first, ask(server, url)[0], gone.old_path.encode() in listing) == (200, 404, False)


def test_documents_lie_in_a_folder_for_each_site(sites: DemoSites) -> None:
    written = Counter(path.parent.name for path in Path(sites.folder).glob("*/*"))
    assert written == Counter(document.case.site for document in sites.placed)
