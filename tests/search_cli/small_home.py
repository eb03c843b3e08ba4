"""A small home for the verbs: eight fictional documents of four fictional publishers over five nights, no crawl.

Child Q of Northmoor    a report of three pages and its summary, both PDF: one review
Child Q of Westvale     another child, a briefing in HTML
Child R of Northmoor    removed from its list long after it was published
Child S of Northmoor    gone three weeks after it was published: held
Robin Brackenfield      a label that is a real person's name
Ms T of Eastmere        an adult: out of the default scope
Child W in the NSPCC's style of list: an entry with an abstract and no file
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass

from casereviews.collection.changing.indexing import bring_up_to_date
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.model import Fetch, Sighting, SourceInfo
from casereviews.repository.processing import process
from casereviews.repository.record import Record, SourceOutcome
from casereviews.repository.record.derived import Derived

NOW = "2026-03-01T08:00:00Z"
NIGHTS = (
    "2024-01-10T02:00:00Z",
    "2026-01-20T02:00:00Z",
    "2026-02-10T02:00:00Z",
    "2026-02-11T02:00:00Z",
    "2026-02-12T02:00:00Z",
)
ABSTRACT = "A fictional abstract sentence that belongs to the library that wrote it."
RETRACTED = "Quillfeather lane was the fictional home that nobody should have named in print."

SOURCES = (
    SourceInfo("northmoor", "Northmoor Safeguarding Partnership", "England"),
    SourceInfo("westvale", "Westvale Safeguarding Children Board", "Wales"),
    SourceInfo("eastmere", "Eastmere Safeguarding Adults Board", "England", scope="adult"),
    SourceInfo("library", "Fictional National Library", None, family="nspcc", national=True),
)


@dataclass(frozen=True, slots=True)
class Given:
    """A document of the small home: where and when it was sighted, and its file."""

    source: str
    slug: str
    title: str
    body: bytes | None
    media_type: str
    nights: range
    group: str | None = None
    heading: str = ""
    abstract: str = ""

    def seen(self) -> Sighting:
        page = f"http://{self.source}.test/reviews"
        suffix = "pdf" if self.media_type == "application/pdf" else "html"
        return Sighting(
            self.source,
            page,
            f"http://{self.source}.test/{self.slug}.{suffix}" if self.body else None,
            kind=("file" if suffix == "pdf" else "page") if self.body else "entry",
            link_text=self.title,
            headings=(self.heading,) if self.heading else (),
            group=self.group,
            extra={"summary": self.abstract} if self.abstract else {},
        )


def pdf(pages: Iterable[Iterable[str]]) -> bytes:
    """A PDF with these lines on its pages."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for page in pages:
        for number, line in enumerate(page):
            canvas.setFont(
                "Helvetica-Bold" if number == 0 else "Helvetica", 13 if number == 0 else 10
            )
            canvas.drawString(60, 780 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def html(title: str, *paragraphs: str) -> bytes:
    """A page with a title and paragraphs."""
    inner = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><body><main><h1>{title}</h1>{inner}</main></body></html>".encode()


PDF, HTML = "application/pdf", "text/html"
REPORT_Q = (
    (
        "Serious Case Review: Child Q",
        "Northmoor Safeguarding Partnership",
        "Published March 2021",
        "This document is fictional and was written for tests.",
    ),
    (
        "1. The case",
        "Child Q was a baby of four months who died after unsafe sleep on a sofa beside a parent.",
        "The health visitor had recorded neglect in the home and domestic abuse between the adults.",
        "Professionals showed little professional curiosity about who lived in the household.",
    ),
    (
        "2. Recommendations",
        "1. The partnership should audit how safer sleep advice is given to every new parent.",
        "2. Northmoor Council should make sure that housing officers know whom to ring about a baby.",
    ),
)

DOCUMENTS = (
    Given("northmoor", "child-q", "Serious Case Review: Child Q (March 2021)", pdf(REPORT_Q), PDF,
          range(5), "q", "Child Q"),
    Given("northmoor", "child-q-summary", "Child Q: Executive Summary (March 2021)",
          pdf([("Executive Summary: Child Q", "Published March 2021",
                "A fictional summary: a baby died after unsafe sleep, and neglect was known to services.")]),
          PDF, range(5), "q", "Child Q"),
    Given("westvale", "child-q", "Child Practice Review: Child Q",
          html("Child Practice Review: Child Q", "Published June 2022.",
               "This fictional briefing is about a teenager of 15 who was exploited by a gang and carried drugs.",
               "School exclusion was the critical moment that nobody named. The fictional Ysgol Môr was heard."),
          HTML, range(5)),
    Given("northmoor", "child-r", "Serious Case Review: Child R (2019)",
          html("Serious Case Review: Child R", "Published in 2019.",
               "This fictional review tells of a toddler with bruising that was explained away as clumsiness."),
          HTML, range(2)),
    Given("northmoor", "child-s", "Serious Case Review: Child S (January 2026)",
          html("Serious Case Review: Child S", "Published January 2026.", RETRACTED),
          HTML, range(1, 2)),
    Given("northmoor", "robin", "Serious Case Review into the death of Robin Brackenfield",
          html("Serious Case Review into the death of Robin Brackenfield", "Published May 2018.",
               "This fictional review of Robin Brackenfield, a boy of seven, looks at physical abuse at home."),
          HTML, range(5)),
    Given("eastmere", "ms-t", "Safeguarding Adults Review: Ms T (2023)",
          html("Safeguarding Adults Review: Ms T", "Published July 2023.",
               "This fictional review of Ms T, a woman of 81, looks at self-neglect and hoarding."),
          HTML, range(5)),
    Given("library", "", "2020 - Anonymous - Child W", None, HTML, range(5), abstract=ABSTRACT),
)  # fmt: skip


def collect(record: Record) -> None:
    """Five nights: what each list named, stored and reconciled; the file of what it names no more is gone."""
    for number, at in enumerate(NIGHTS):
        run_id = record.begin_run("refresh", at)
        for source in SOURCES:
            record.put_source(source)
            for given in DOCUMENTS:
                if given.source == source.id and number in given.nights:
                    _sight(record, run_id, given, at)
            for gone in record.unlisted(run_id, source.id, at):
                answer = Fetch(source.id, gone.url, gone.url, at, 404, "http_404")
                record.record_fetch(run_id, answer)
            record.finish_source(
                run_id, SourceOutcome(source.id, "ok", at, at, listing_complete=True)
            )
        record.end_run(run_id, at, "done", {})


def _sight(record: Record, run_id: int, given: Given, at: str) -> None:
    seen = given.seen()
    record.record_sightings(run_id, given.source, [seen])
    if given.body is not None:
        url = seen.file_url or ""
        name = url.rpartition("/")[2]
        done = Fetch(given.source, url, url, at, 200, media_type=given.media_type, file_name=name)
        record.store_file(run_id, seen, done, given.body)


def make(home: Home) -> Home:
    """Collect, process and index the documents above."""
    home.create()
    with writing(home, "test"):
        with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
            collect(record)
            process(record, derived, now=NOW, workers=1)
        bring_up_to_date(home)
    return home
