"""Every way in which a site fails is a named result, and nothing that was collected is lost to it."""

from __future__ import annotations

import ssl
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import RefreshReport, SourceReport, refresh
from casereviews.crawler.sources import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.certificates import authority, leaf
from tests.crawler.faults import DOCUMENTS, LIST, bad_nights, healthy
from tests.crawler.server import Site

pytestmark = pytest.mark.slow

NIGHTS = ("2027-03-01T02:00:00Z", "2027-03-03T02:00:00Z")


def source_of(name: str, site: Site) -> Source:
    return Source(
        name, f"Made-up board {name}", "England", "listing", (site.url + LIST,), (site.host,)
    )


def night(home: Home, sources: list[Source], options: CrawlOptions) -> RefreshReport:
    assert options.now
    moment = options.now
    return refresh(
        home,
        sources=sources,
        options=options,
        now=lambda: moment,
        progress=lambda _: None,
        step=lambda *_: None,
    )


class Nights:
    """A healthy night of all sites, then the bad one."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home").create()
        self.other = Site(dict(healthy("other")))
        self.sites = {"other": self.other}
        self.expected: dict[str, tuple[str, str]] = {}
        changes = {}
        for name, routes, result, words in bad_nights(self.other):
            self.sites[name] = Site(dict(healthy(name)))
            self.expected[name] = (result, words)
            changes[name] = routes
        ours, certificate, key = authority(folder, "ours")
        good = leaf(folder, "good", certificate, key)
        _, stranger, stranger_key = authority(folder, "strange")
        bad = leaf(folder, "bad", stranger, stranger_key)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(good.certificate, good.key)
        self.sites["tls"] = Site(dict(healthy("tls")), tls=tls)
        self.expected["tls"] = ("broken", "certificate")
        self.sites["shrunk"] = Site(dict(healthy("shrunk", 8)))
        self.expected["shrunk"] = ("broken", "would vanish")
        del self.sites["other"]
        sources = [source_of(name, site) for name, site in self.sites.items()]
        options = CrawlOptions(
            delay=0.01,
            hosts_at_once=16,
            retries=1,
            backoff=0.05,
            longest_wait=1.0,
            page_timeout=1.2,
            file_timeout=2.0,
            slow_after=0.5,
            page_bytes=400_000,
            ca_bundle=str(ours.certificate),
            now=NIGHTS[0],
        )
        self.first = night(self.home, sources, options)
        self.before = self.documents()
        for name, routes in changes.items():
            self.sites[name].routes.update(routes)
        tls.load_cert_chain(bad.certificate, bad.key)
        self.sites["shrunk"].routes[LIST] = healthy("shrunk", 3)[LIST]
        self.other.forget()
        for site in self.sites.values():
            site.forget()
        self.second = night(self.home, sources, replace(options, now=NIGHTS[1]))
        self.after = self.documents()

    def documents(self) -> dict[str, list[tuple[str, str, str]]]:
        with Record.open(self.home) as record:
            found: dict[str, list[tuple[str, str, str]]] = {}
            for one in record.documents():
                found.setdefault(one.source_id, []).append(
                    (one.id, one.sha256 or "", one.availability)
                )
            return {source: sorted(rows) for source, rows in found.items()}

    def report(self, name: str) -> SourceReport:
        return next(one for one in self.second.sources if one.source_id == name)

    def close(self) -> None:
        self.other.close()
        for site in self.sites.values():
            site.close()


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    made = Nights(tmp_path_factory.mktemp("faults"))
    yield made
    made.close()


def test_the_night_before_everything_was_well(nights: Nights) -> None:
    assert Counter(one.result for one in nights.first.sources) == {"ok": len(nights.sites)}
    assert {name: len(rows) for name, rows in nights.before.items()} == {
        name: 8 if name == "shrunk" else DOCUMENTS for name in nights.sites
    }


def test_each_fault_has_its_result_and_its_reason(nights: Nights) -> None:
    told = {one.source_id: (one.result, one.reason) for one in nights.second.sources}
    wrong = {
        name: told[name]
        for name, (result, words) in nights.expected.items()
        if told[name][0] != result or words not in told[name][1]
    }
    assert wrong == {}


def test_no_document_is_lost_or_counted_missing(nights: Nights) -> None:
    lost = {
        name: (rows, nights.after.get(name, []))
        for name, rows in nights.before.items()
        if not set(rows) <= set(nights.after.get(name, []))
    }
    assert lost == {}


def test_what_the_healthy_part_of_a_broken_page_links_is_collected(nights: Nights) -> None:
    assert {
        name: len(nights.after[name]) for name in ("odd_links", "wrong_charset", "broken_html")
    } == {"odd_links": DOCUMENTS + 1, "wrong_charset": DOCUMENTS + 1, "broken_html": DOCUMENTS}


def test_no_redirect_reaches_a_host_that_is_not_the_sources(nights: Nights) -> None:
    assert nights.other.paths() == []


def test_where_robots_cannot_be_read_nothing_else_is_asked(nights: Nights) -> None:
    assert set(nights.sites["robots_500"].paths()) == {"/robots.txt"}
    assert set(nights.sites["robots_no"].paths()) == {"/robots.txt"}


def test_every_host_was_asked_one_request_at_a_time(nights: Nights) -> None:
    # A body that is cut off is still being sent for a moment when the next request comes.
    cut = {"drip", "silence", "endless", "reset", "wrong_length"}
    assert {
        name: site.most_at_once
        for name, site in nights.sites.items()
        if site.most_at_once > 1 and name not in cut
    } == {}


def test_a_bad_file_is_told_and_the_good_one_kept(nights: Nights) -> None:
    for name in ("html_for_pdf", "empty_file", "file_500"):
        assert nights.report(name).counts["files_failed"] == 1


def test_a_new_file_that_cannot_be_had_is_a_document_with_the_reason(nights: Nights) -> None:
    with Record.open(nights.home) as record:
        found = {
            one.source_id: (one.title, one.trouble)
            for one in record.documents()
            if one.availability == "not_had"
        }
    assert found == {
        "new_link_404": ("Child K9 overview report", "http_404"),
        "new_handler_503": ("Child K9 report", "http_503"),
        "new_link_elsewhere": ("Child K9 overview report", "off_site"),
    }
    assert nights.report("new_link_elsewhere").file_troubles == {"off_site": {nights.other.host: 1}}


def test_files_that_cannot_be_had_make_no_run_fail_but_a_strict_one(nights: Nights) -> None:
    lacking = [one for one in nights.second.sources if one.lacks_files_only]
    assert [one.newly_unhealthy for one in lacking] == [False] * 6
    only_files = replace(nights.second, sources=tuple(lacking))
    assert (only_files.is_well(), only_files.is_well(strict=True)) == (True, False)
