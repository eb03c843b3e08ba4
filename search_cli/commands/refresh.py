"""`refresh`: ask the publishers what is new, read it, describe it, index it. The nightly job."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from casereviews.search_cli.commands.sources import known_source
from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.options import home_of, now, output_options
from casereviews.search_cli.output import Answer, Column
from casereviews.search_cli.output.wording import counted
from casereviews.search_cli.progress import telling

if TYPE_CHECKING:
    from casereviews.crawler.refresh import RefreshReport
    from casereviews.crawler.sources.source import Source
    from casereviews.repository.home import Home

COLUMNS = (
    Column("id", "Source"),
    Column("result", "Result"),
    Column("events", "What happened"),
    Column("left_alone", "Left alone"),
    Column("reason", "Why"),
)


@click.command("refresh")
@click.option("--source", "source_ids", multiple=True, metavar="ID", help="Only this source.")
@click.option("--nation", help="Only sources of this nation.")
@click.option("--due", is_flag=True, help="Only sources whose last run is more than 20 hours ago.")
@click.option("--budget", metavar="TIME", help="Stop after this time: 45m, 4h.")
@click.option(
    "--recheck", is_flag=True, help="Ask for every page and file again, whatever its age."
)
@click.option("--strict", is_flag=True, help="Exit with 1 when any source is unhealthy.")
@click.option(
    "--accept-shrink",
    is_flag=True,
    help="A list that lost most of its documents has truly shrunk (look first: sources check ID).",
)
@click.option("--delay", type=float, hidden=True)
@output_options("json")
@click.pass_context
def command(
    ctx: click.Context,
    source_ids: tuple[str, ...],
    nation: str | None,
    due: bool,
    budget: str | None,
    recheck: bool,
    strict: bool,
    accept_shrink: bool,
    delay: float | None,
) -> Answer:
    """Ask every source (or some) what is new; read, describe and index it; run the saved searches.

    Exit codes: 0 done; 1 a source is newly unhealthy or more than a quarter are (--strict: any); 3 could not run.
    """
    from casereviews.crawler.options import CrawlOptions
    from casereviews.search_cli.contact import contact_for
    from casereviews.search_cli.refreshing import run_refresh

    home = home_of(ctx)
    options = CrawlOptions(
        seconds=seconds_of(budget), recheck_all=recheck, delay=delay, now=_fixed()
    )
    sources = chosen_sources(home, source_ids, nation, due)
    if not sources:
        raise BadRequest("no source to ask: `casereviews sources list` shows them")
    options = replace(options, contact=contact_for(home, sources, options))
    with telling() as teller:
        done = run_refresh(home, sources, options, teller, accept_shrink=accept_shrink)
    report = done.report
    if not report.is_well(strict=strict):
        ctx.call_on_close(lambda: ctx.exit(1))
    notes = [
        f"{counted(done.built.documents, 'document')} of {counted(done.built.reviews, 'review')} indexed"
    ]
    notes += [f"saved search {name}: {count} new" for name, count in done.saved.items() if count]
    notes.append(f"report: {home.reports / 'latest.txt'}")
    return Answer(
        payload={**report.to_json(), "saved": done.saved},
        columns=COLUMNS,
        rows=rows_of(report),
        notes=tuple(notes),
    )


def _fixed() -> str | None:
    import os

    return now() if os.environ.get("CASEREVIEWS_NOW") else None


def chosen_sources(
    home: Home, source_ids: tuple[str, ...], nation: str | None, due: bool
) -> list[Source]:
    """The sources that a run is to ask, in the registry's order or, when due, longest waiting first."""
    from casereviews.crawler.refresh import due_sources
    from casereviews.crawler.sources import load_sources
    from casereviews.search_cli.commands.sources import states_of

    if source_ids:
        sources = [known_source(home, one) for one in source_ids]
        off = [one.id for one in sources if not one.crawled]
        if off:
            raise BadRequest(
                f"{', '.join(off)}: the list is not known, not public or switched off;"
                f" `casereviews sources show {off[0]}` says why"
            )
    else:
        sources = [one for one in load_sources(home.sources_toml).values() if one.crawled]
    if nation:
        sources = [one for one in sources if (one.nation or "").lower() == nation.lower()]
    return due_sources(sources, states_of(home), now()) if due else sources


def seconds_of(text: str | None) -> float | None:
    """A time such as 45m, 4h, 90s or 1h30m in seconds."""
    if text is None:
        return None
    found = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text.strip().lower())
    if not found or not any(found.groups()):
        raise click.UsageError(f"--budget takes a time such as 45m or 4h, not '{text}'")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return float(hours * 3600 + minutes * 60 + seconds)


def rows_of(report: RefreshReport) -> list[dict[str, Any]]:
    """The sources of a report as rows for people."""
    return [
        {
            "id": one.source_id,
            "result": one.result,
            "events": listed(one.events) or "nothing new",
            "left_alone": listed(one.left_alone),
            "reason": one.reason,
        }
        for one in report.sources
    ]


def listed(counts: Mapping[str, int]) -> str:
    """ "3 new, 1 missing" from counts."""
    return ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in sorted(counts.items()) if count
    )
