"""A whole refresh as `refresh` and `demo` run it: the night job, then index, saved searches and feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from casereviews.repository.home import Home
from casereviews.search_cli.indexing import bring_up_to_date
from casereviews.search_cli.options import now
from casereviews.search_cli.progress import Teller

if TYPE_CHECKING:
    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.refresh import RefreshReport
    from casereviews.crawler.sources.source import Source
    from casereviews.index.folder import Built


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: the night job's report, the index now, new reviews by saved search."""

    report: RefreshReport
    built: Built
    saved: dict[str, int]


def run_refresh(
    home: Home,
    sources: Iterable[Source],
    options: CrawlOptions,
    teller: Teller,
    *,
    accept_shrink: bool = False,
) -> Refreshed:
    """Refresh under the home's lock; raises HomeLocked when another run holds it."""
    from casereviews.crawler.refresh import refresh
    from casereviews.repository.lock import writing
    from casereviews.search_cli.commands.saved import run_all

    home.create()
    with writing(home, "refresh"):
        report = refresh(
            home,
            sources=sources,
            options=options,
            now=now,
            progress=teller.crawl,
            step=teller.step,
            accept_shrink=accept_shrink,
        )
        built = bring_up_to_date(
            home,
            changed=report.processed.changed,
            gone=report.processed.gone,
            since_revision=report.revision_before,
            progress=lambda what, done: teller.step(what, done),
        )
        write_news(home, report)
        saved = run_all(home)
    return Refreshed(report, built, saved)


def write_news(home: Home, report: RefreshReport) -> None:
    """`feeds/new.atom` and `feeds/new.md`: what the last refresh found."""
    from casereviews.repository.record import Record
    from casereviews.search_cli.commands.new import (
        COLUMNS,
        reviews_by_document,
        told,
        without_names,
    )
    from casereviews.search_cli.output import FORMS, Answer

    with Record.open(home) as record:
        rows = list(told(record, report.events, reviews_by_document(home)))
    rows = without_names(home, rows)
    answer = Answer(
        payload=rows,
        columns=COLUMNS,
        rows=rows,
        records=rows,
        title="casereviews: what is new",
        accessed=report.ended[:10],
    )
    for form in (FORMS["atom"], FORMS["markdown"]):
        name = f"new.{form.extension}"
        temporary = home.feeds / f"{name}.part"
        temporary.write_text(form.text(answer), "utf-8")
        temporary.replace(home.feeds / name)
