"""`sources check`: what would be collected from a source tonight, what left alone, and why; nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.outcome import CrawlOutcome
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.process.preview import preview
from casereviews.crawler.sources.source import Source

NOT_CRAWLED = {
    "list_unknown": "its list is not known: find it and give start_urls in your sources.toml",
    "not_public": "its reviews are not public",
    "pointer_only": "it sends the reader to another list",
    "off": "it is switched off: set status in your sources.toml to turn it on",
}


@dataclass(frozen=True, slots=True)
class Collected:
    """One document or entry that a night would take: its address (None for a row without a link) and where it stands."""

    url: str | None
    text: str
    headings: tuple[str, ...]
    dates: tuple[str, ...]
    page: str
    kind: str


@dataclass(frozen=True, slots=True)
class PreviewedPage:
    """One page that was read: what it is, and how much it gave."""

    url: str
    kind: str
    title: str
    collected: int
    follows: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a preview of a source showed.

    `robots` is "allowed", "refused" (of some page), "unreadable" or "not asked". `left_alone` and `not_followed` hold
    (address, text, reason or role); `in_vain` holds (address, error). `verdict` says it in one sentence, with what to do.
    """

    source_id: str
    verdict: str
    robots: str = "not asked"
    pages: tuple[PreviewedPage, ...] = ()
    collected: tuple[Collected, ...] = ()
    left_alone: tuple[tuple[str, str, str], ...] = ()
    further: tuple[tuple[str, str, str], ...] = ()
    in_vain: tuple[tuple[str, str], ...] = ()
    outcome: CrawlOutcome | None = None


class _Notes:
    """What the events of one source add up to."""

    def __init__(self, source_id: str) -> None:
        self.source_id = source_id
        self.pages: dict[str, PreviewedPage] = {}
        self.collected: dict[tuple[str, ...], Collected] = {}
        self.left: dict[tuple[str, str], tuple[str, str, str]] = {}
        self.further: dict[str, tuple[str, str, str]] = {}
        self.in_vain: list[tuple[str, str]] = []

    def page(self, url: str, parsed: Parsed) -> None:
        self.pages[url] = PreviewedPage(
            url, parsed.page_kind, parsed.title, len(parsed.sightings), len(parsed.follow)
        )
        for one in parsed.sightings:
            key = (one.file_url,) if one.file_url else (url, *one.headings, one.link_text)
            self.collected.setdefault(
                tuple(map(str, key)),
                Collected(one.file_url, one.link_text, one.headings, one.dates, url, one.kind),
            )
        for address, text, reason in parsed.left_links:
            self.left.setdefault((address, reason), (address, text, reason))
        for link in parsed.follow:
            self.further.setdefault(link.url, (link.url, link.text, link.role))

    def report(self, outcome: CrawlOutcome) -> CheckReport:
        read = {*self.pages, *(url for url, _ in self.in_vain)}
        further = tuple(entry for url, entry in self.further.items() if url not in read)
        return CheckReport(
            source_id=self.source_id,
            verdict=self._verdict(outcome, further),
            robots=_robots([error for _, error in self.in_vain]),
            pages=tuple(self.pages.values()),
            collected=tuple(self.collected.values()),
            left_alone=tuple(self.left.values()),
            further=further,
            in_vain=tuple(self.in_vain),
            outcome=outcome,
        )

    def _verdict(self, outcome: CrawlOutcome, further: tuple[tuple[str, str, str], ...]) -> str:
        if outcome.ended == "crashed":
            return f"could not be read: {outcome.detail}"
        if outcome.moved_to:
            return f"moved to {outcome.moved_to}: give the new address in start_urls and its host in hosts"
        if self.collected:
            count = len(self.collected)
            what = "document or entry" if count == 1 else "documents or entries"
            return f"{count} {what} would be collected"
        kinds = {page.kind for page in self.pages.values()}
        if not self.pages:
            errors = ", ".join(sorted({error for _, error in self.in_vain})) or "no answer"
            return f"no page could be read ({errors}): look at the address in a browser"
        if "needs_javascript" in kinds:
            return "its pages are filled by JavaScript: look for an address behind them (an API, a print view)"
        if further:
            return "nothing within one level; a night would go on to further pages"
        return "nothing that looks like a review: check start_urls, or add follow rules"


def _robots(errors: list[str]) -> str:
    if "robots_unreadable" in errors:
        return "unreadable"
    return "refused" if "robots" in errors else "allowed"


def check(source: Source, options: CrawlOptions) -> CheckReport:
    """Read robots.txt, the start pages and one level of `source`; store nothing.

    Raises NoContact for a live source without the operator's contact.
    """
    return next(check_all([source], options))


def check_all(sources: Iterable[Source], options: CrawlOptions) -> Iterator[CheckReport]:
    """A report for each source, in their order; those that are never crawled say so without being asked."""
    waiting = list(sources)
    asked = [source for source in waiting if source.crawled]
    done: dict[str, CheckReport] = {}
    reports = _reports(asked, options)
    for source in waiting:
        if not source.crawled:
            why = NOT_CRAWLED.get(source.status, "it has no start page of a known family")
            yield CheckReport(source.id, f"is not crawled: {why}")
            continue
        while source.id not in done:
            report = next(reports, None)
            if report is None:
                report = CheckReport(source.id, "could not be read: the looking process ended")
            done[report.source_id] = report
        yield done.pop(source.id)


def _reports(sources: list[Source], options: CrawlOptions) -> Iterator[CheckReport]:
    notes = {source.id: _Notes(source.id) for source in sources}
    for event in preview(sources, options):
        note = notes[event["source"]]
        if event["event"] == "page":
            note.page(event["url"], msgspec.convert(event["parsed"], Parsed))
        elif event["event"] == "in_vain":
            note.in_vain.append((event["url"], event["error"]))
        elif event["event"] == "done":
            yield note.report(msgspec.convert(event["outcome"], CrawlOutcome))
