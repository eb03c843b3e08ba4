"""`sources check`: what would be collected from a source tonight, what left alone, and why; nothing is stored."""

from __future__ import annotations

from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import msgspec

from casereviews.crawler.check_report import (
    CheckReport,
    Collected,
    Failure,
    LookedAt,
    PreviewedPage,
    TriedFile,
)
from casereviews.crawler.diagnosis import diagnose
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.looked import Look
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.process.preview import preview
from casereviews.crawler.sources.source import Source


class _Notes:
    """What the events of one source add up to."""

    def __init__(self, source: Source, others: Several[str]) -> None:
        self.source = source
        self.others = others
        self.pages: dict[str, PreviewedPage] = {}
        self.collected: dict[tuple[str, ...], Collected] = {}
        self.left: dict[tuple[str, str], tuple[str, str, str]] = {}
        self.further: dict[str, tuple[str, str, str]] = {}
        self.in_vain: list[tuple[str, str]] = []
        self.maybe_files: dict[str, tuple[str, Link]] = {}
        self.looked: dict[str, LookedAt] = {}
        self.files: dict[str, TriedFile] = {}
        self.failures: list[Failure] = []

    def page(self, url: str, parsed: Parsed) -> None:
        self.pages[url] = PreviewedPage(
            url, parsed.page_kind, parsed.title, len(parsed.sighted), len(parsed.follow)
        )
        for one in parsed.sighted:
            key = (one.file_url,) if one.file_url else (url, *one.headings, one.link_text)
            self.collected.setdefault(
                tuple(map(str, key)),
                Collected(one.file_url, one.link_text, one.headings, one.dates, url, one.kind),
            )
        told = {one.file_url for one in parsed.elsewhere}
        for address, text, reason in parsed.left_links:
            if address not in told:
                self.left.setdefault((address, reason), (address, text, reason))
        for link in parsed.follow:
            if link.role == "file":
                self.maybe_files[link.url] = (url, link)
            self.further.setdefault(link.url, (link.url, link.text, link.role))

    def look(self, event: Mapping[str, Any]) -> None:
        look = msgspec.convert(event["look"], Look)
        self.looked[event["asked"]] = LookedAt(event["asked"], event["url"], event["start"], look)

    def failed(self, event: Mapping[str, Any]) -> None:
        self.failures.append(msgspec.convert(event, Failure))

    def tried(self, event: Mapping[str, Any]) -> None:
        self.files[event["url"]] = msgspec.convert(event, TriedFile)

    def report(self, outcome: CrawlOutcome) -> CheckReport:
        read = {*self.pages, *(url for url, _ in self.in_vain)}
        for url, (page, link) in self.maybe_files.items():
            if url in self.files and self.files[url].had:  # its headers say that it is a document
                read.add(url)
                said = link.sighting
                headings, dates = (said.headings, said.dates) if said else ((), ())
                made = Collected(url, link.text, headings, dates, page, "file")
                self.collected.setdefault((url,), made)
        errors = [error for _, error in self.in_vain]
        errors += [one.error for one in self.files.values() if one.error]
        report = CheckReport(
            source_id=self.source.id,
            verdict="",
            robots=_robots(errors),
            pages=tuple(self.pages.values()),
            collected=tuple(self.collected.values()),
            left_alone=tuple(self.left.values()),
            further=tuple(entry for url, entry in self.further.items() if url not in read),
            in_vain=tuple(self.in_vain),
            outcome=outcome,
            looked_at=tuple(self.looked.values()),
            files=tuple(self.files.values()),
            failures=tuple(self.failures),
        )
        return _diagnosed(self.source, report, self.others)


def _robots(errors: list[str]) -> str:
    if "robots_unreadable" in errors:
        return "unreadable"
    return "refused" if "robots" in errors else "allowed"


def _diagnosed(source: Source, report: CheckReport, others: Several[str]) -> CheckReport:
    found = diagnose(source, report, others)
    return replace(report, verdict=found.says, diagnosis=found)


def hosts_of_lists(sources: Iterable[Source]) -> dict[str, str]:
    """Hosts that belong to an entry, with its id: where it has a list, and for a national collection where its files stand.

    A host of files alone may serve many publishers.
    """
    found = {}
    for source in sources:
        collects = source.family not in ("listing", "wordpress")
        hosts = source.hosts if collects else [urlsplit(url).netloc for url in source.start_urls]
        found.update({host.lower(): source.id for host in hosts})
    return found


def check_all(
    sources: Iterable[Source], options: CrawlOptions, others: Mapping[str, str] | None = None
) -> Iterator[CheckReport]:
    """A report for each source, in their order; those that are never crawled say so without being asked.

    `others` are the hosts that belong to entries (`hosts_of_lists`). Raises NoContact for a live source without the
    operator's contact.
    """
    waiting = list(sources)
    asked = [source for source in waiting if source.crawled]
    starts = others or {}
    done: dict[str, CheckReport] = {}
    notes = {
        source.id: _Notes(source, {host for host, of in starts.items() if of != source.id})
        for source in asked
    }
    reports = _reports(notes, asked, options)
    for source in waiting:
        if not source.crawled:
            yield _diagnosed(source, CheckReport(source.id, ""), ())
            continue
        while source.id not in done:
            report = next(reports, None)
            if report is None:
                report = _diagnosed(source, CheckReport(source.id, ""), ())
            done[report.source_id] = report
        yield done.pop(source.id)


def _reports(
    notes: Mapping[str, _Notes], sources: list[Source], options: CrawlOptions
) -> Iterator[CheckReport]:
    for event in preview(sources, options):
        note = notes[event["source"]]
        match event["event"]:
            case "page":
                note.page(event["url"], msgspec.convert(event["parsed"], Parsed))
            case "in_vain":
                note.in_vain.append((event["url"], event["error"]))
            case "look":
                note.look(event)
            case "failed":
                note.failed(event)
            case "tried":
                note.tried(event)
            case "done":
                yield note.report(msgspec.convert(event["outcome"], CrawlOutcome))
