"""Three nights of a list whose files fail in every way: each is a record with its reason, and is told so by every verb."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from click.testing import CliRunner

from casereviews import Collection
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.refresh import RefreshReport, report_text
from casereviews.crawler.sources.source import Source
from casereviews.repository.record import Record
from casereviews.search_cli.main import cli
from tests.crawler.faults import CHALLENGE, LOGIN
from tests.crawler.server import Answer, Route, Site, pdf

pytestmark = pytest.mark.slow

NIGHTS = ("2027-03-01T02:00:00Z", "2027-03-02T02:00:00Z", "2027-03-03T02:00:00Z")
PAGE = Answer("<html><body><p>Page not found</p></body></html>")
KIND = "application/pdf"


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True
    handler.wfile.write(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 999\r\n\r\n%PDF-1.4"
    )


def report(name: str) -> Answer:
    return Answer(pdf(name), media_type=KIND)


def failing(other: Site) -> dict[str, tuple[Route, str]]:
    """Child's name -> how its file answers on the first night, and the name of that trouble."""
    return {
        "Ash": (Answer("", 404), "http_404"),
        "Birch": (Answer("", 403), "http_403"),
        "Cedar": (Answer("", 500), "http_500"),
        "Dogwood": (PAGE, "html_for_file"),
        "Elder": (cut_off, "incomplete"),
        "Fir": (Answer(LOGIN), "login"),
        "Gorse": (Answer(CHALLENGE, 403), "bot_wall"),
        "Hazel": (Answer("x" * 90_000, media_type=KIND), "too_large"),
        "Ivy": (report("Ivy"), "robots"),
        "Juniper": (Answer("", 302, headers={"Location": other.url + "/f.pdf"}), "off_site"),
        "Quince": (Answer(pdf("Quince"), 206, media_type=KIND), "incomplete"),
        "Larch": (Answer(b"nothing", media_type="application/octet-stream"), "not_a_document"),
    }


@dataclass
class Nights:
    collection: Collection
    reports: list[RefreshReport]
    documents: list[dict[str, tuple[str, str, str | None]]]
    troubles: dict[str, str]
    other: Site
    host: str
    run: Callable[..., Any]
    asked_elsewhere: list[str]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nights]:
    home = tmp_path_factory.mktemp("not-had") / "home"
    other, site = Site({"/f.pdf": report("elsewhere")}), Site()
    bad = failing(other)
    names = [*bad, "Maple", "Nettle"]
    links = {name: f"/f/{name.lower()}.pdf" for name in names} | {"Oak": other.url + "/oak.pdf"}
    links["Ivy"] = "/closed/ivy.pdf"
    items = "".join(
        f'<li><a href="{at}">Child {name} overview report</a> (March 2021)</li>'
        for name, at in links.items()
    )
    maybe = '<h2>Child Poplar</h2><p><a href="/download/7">Overview report (PDF, 1 MB)</a></p>'
    site.routes = {
        "/reviews/": Answer(f"<html><body><main><h1>Serious case reviews</h1><ul>{items}</ul>{maybe}</main></body></html>"),
        "/robots.txt": Answer("User-agent: *\nDisallow: /closed/", media_type="text/plain"),
        "/download/7": Answer("", 503),
        **{links[name]: route for name, (route, _) in bad.items()},
        **{links[name]: report(name) for name in ("Maple", "Nettle")},
    }  # fmt: skip
    hosts = (site.host,)
    runner = CliRunner()
    with Collection(home) as collection, pytest.MonkeyPatch.context() as patched:

        def night(number: int, hosts: tuple[str, ...]) -> None:
            patched.setenv("CASEREVIEWS_NOW", NIGHTS[number])
            source = Source("pear-vale", "Pear Vale Partnership", "England", "listing", (site.url + "/reviews/",), hosts)  # fmt: skip
            options = CrawlOptions(delay=0.001, retries=0, file_bytes=60_000, now=NIGHTS[number])
            made.reports.append(collection.refresh_from([source], options).report)
            with Record.open(collection.home) as record:
                made.documents.append(
                    {
                        (one.title or "").split()[1]: (one.id, one.availability, one.trouble)
                        for one in record.documents()
                        if (one.title or "").startswith("Child")
                    }
                )

        def run(*words: str) -> Any:
            return runner.invoke(cli, ["--home", str(home), *words])

        told = {name: trouble for name, (_, trouble) in bad.items()} | {"Oak": "off_site"}
        made = Nights(collection, [], [], told, other, site.host, run, [])
        night(0, hosts)
        for name in ("Cedar", "Dogwood", "Elder"):
            site.routes[links[name]] = report(name)
        site.routes[links["Nettle"]] = Answer("", 500)
        night(1, hosts)
        made.asked_elsewhere += other.paths()
        other.routes["/oak.pdf"] = report("Oak")
        site.routes["/robots.txt"] = Answer("", media_type="text/plain")
        night(2, (*hosts, other.host))
        yield made
    site.close()
    other.close()


def test_every_listed_file_is_a_record_from_the_first_night(nights: Nights) -> None:
    first = nights.documents[0]
    had = {name: trouble for name, (_, _, trouble) in first.items() if name in nights.troubles}
    assert had == nights.troubles
    assert {first[name][1] for name in nights.troubles} == {"not_had"}
    assert {first[name][1:] for name in ("Maple", "Nettle")} == {("available", None)}


def test_a_link_that_may_be_a_file_and_fails_is_a_record_too(nights: Nights) -> None:
    with Record.open(nights.collection.home) as record:
        found = record.document_at("pear-vale", f"http://{nights.host}/download/7")
    assert found is not None
    assert (found.availability, found.trouble) == ("not_had", "http_503")


def test_the_run_is_partial_with_counts_by_reason_and_host(nights: Nights) -> None:
    first = nights.reports[0]
    counts = first.file_troubles
    assert counts["http_404"] == {nights.host: 1}
    assert counts["off_site"] == {nights.other.host: 2}
    assert sum(sum(hosts.values()) for hosts in counts.values()) == len(nights.troubles) + 1
    (source,) = first.sources
    assert (source.result, source.list_read) == ("partial", True)
    assert (
        first.to_json()["sources"][0]["file_troubles"] == first.to_json()["file_troubles"] == counts
    )
    assert f"Files that could not be had: 14 (1 bot_wall at {nights.host}" in report_text(first)
    assert (first.is_well(), first.is_well(strict=True)) == (True, False)
    assert dict(source.events) == {"new": 16}


def test_the_host_that_is_not_allowed_was_never_asked(nights: Nights) -> None:
    assert nights.asked_elsewhere == []


def test_on_a_later_night_the_same_documents_get_their_files_and_it_is_told_once(
    nights: Nights,
) -> None:
    first, second, third = nights.documents
    assert {name: one[0] for name, one in first.items()} == {
        name: one[0] for name, one in third.items()
    }
    assert {second[name][1:] for name in ("Cedar", "Dogwood", "Elder")} == {("available", None)}
    events = [dict(one.sources[0].events) for one in nights.reports]
    assert events[1:] == [{"file_arrived": 3}, {"file_arrived": 3}]  # Juniper, Oak, Ivy
    assert {third[name][1:] for name in ("Juniper", "Oak", "Ivy")} == {("available", None)}


def test_what_was_had_before_is_kept_with_the_trouble_named(nights: Nights) -> None:
    assert nights.documents[1]["Nettle"][1:] == ("available", "http_500")
    shown = nights.run("show", nights.documents[1]["Nettle"][0]).output
    assert "its file could not be had on the last visit, the last copy is kept" in shown


def test_search_show_export_and_new_say_so(nights: Nights) -> None:
    found = json.loads(nights.run("search", "ash", "--json").stdout)["hits"][0]
    assert (found["availability"], found["trouble"], found["published"]) == ("not_had", "http_404", "2021-03")  # fmt: skip
    assert found["landing_url"].endswith("/reviews/")
    table = nights.run("search", "ash").output
    assert "[not had]" in table
    assert "answers with status 404" in table
    rows = list(
        csv.DictReader(
            io.StringIO(nights.run("search", "*", "--trouble", "bot_wall", "--csv").stdout)
        )
    )
    assert [(one["availability"], one["trouble"]) for one in rows] == [("not_had", "bot_wall")]
    review = found["review_id"]
    shown = nights.run("show", review).output
    assert shown.startswith("The publisher lists this; its file could not be had.")
    assert (
        json.loads(nights.run("show", review, "--json").stdout)["documents"][0]["trouble"]
        == "http_404"
    )
    page = nights.run("show", review, "--page", "1")
    assert (page.exit_code, "answers with status 404" in page.output) == (2, True)
    ris = nights.run("export", "ash", "--ris").stdout
    assert f"N1  - Its file could not be had: {nights.host} answers with status 404." in ris
    line = next(csv.DictReader(io.StringIO(nights.run("export", "ash", "--csv").stdout)))
    assert (line["availability"], line["trouble"], line["trouble_host"]) == ("not_had", "http_404", nights.host)  # fmt: skip
    new = json.loads(nights.run("new", "--since", NIGHTS[0][:10], "--json").stdout)
    told = [one["what"] for one in new if one["title"].startswith("Child Ash")]
    assert told == [f"new, its file could not be had: {nights.host} answers with status 404"]
    arrived = nights.run("new", "--kind", "file_arrived", "--since", NIGHTS[1][:10], "--csv").stdout
    assert arrived.count("its file arrived") == 6


def test_status_counts_them_and_advises_on_what_keeps_them_away(nights: Nights) -> None:
    (source,) = json.loads(nights.run("status", "--json").stdout)["sources"]
    assert source["file_troubles"]["http_404"] == {nights.host: 1}
    assert source["reason"].startswith("9 of 16 files could not be had: ")
    assert "--availability not_had" in source["advice"]
