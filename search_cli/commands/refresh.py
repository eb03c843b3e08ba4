"""`refresh`: ask the publishers what is new, read it, describe it, index it. The nightly job."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.output import Answer, Column
from casereviews.collection.output.wording import counted, counts_listed
from casereviews.search_cli.completing import NATIONS, SOURCE_IDS
from casereviews.search_cli.errors import EXIT_INTERRUPTED
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options
from casereviews.search_cli.progress import progress_shown

if TYPE_CHECKING:
    from casereviews import Refreshed, RefreshReport

COLUMNS = (
    Column("id", "Source"),
    Column("result", "Result"),
    Column("events", "What happened"),
    Column("left_alone", "Left alone"),
    Column("reason", "Why"),
)
STOPPED_BY = {"stopped": "SIGTERM", "interrupted": "Ctrl-C", "hung_up": "a closed terminal"}


@examples("refresh --due --budget 4h", "refresh --source hampshire")
@click.command("refresh")
@click.option(
    "--source",
    "source_ids",
    multiple=True,
    metavar="ID",
    help="Only this source.",
    shell_complete=SOURCE_IDS,
)
@click.option("--nation", help="Only sources of this nation.", shell_complete=NATIONS)
@click.option("--due", is_flag=True, help="Only sources whose last run is more than 20 hours ago.")
@click.option("--budget", metavar="TIME", help="Stop after this time: 45m, 4h.")
@click.option(
    "--recheck", is_flag=True, help="Ask for every page and file again, whatever its age."
)
@click.option(
    "--strict", is_flag=True, help="Exit with 1 when any source is unhealthy or lacks files."
)
@click.option(
    "--accept-shrink",
    is_flag=True,
    help="A list that lost most of its documents has truly shrunk (look first: sources check ID).",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 16),
    default=1,
    metavar="N",
    help="Crawl in N processes, each with hosts of its own.",
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
    workers: int,
    delay: float | None,
) -> Answer:
    """Ask every source (or some) what is new; read, describe and index it; run the saved searches.

    A listed file that cannot be had makes its source partial. Exit codes: 0 done, or nothing was due; 1 a source is newly unhealthy or more than a quarter are
    (--strict: any, files that could not be had too); 3 could not run; 130 stopped by Ctrl-C. A stop ends within seconds, and the next run goes on.
    """
    collection = collection_of(ctx)
    with progress_shown() as progress:
        done = collection.refresh(
            source_ids,
            nation=nation,
            due=due,
            seconds=seconds_of(budget),
            recheck=recheck,
            delay=delay,
            accept_shrink=accept_shrink,
            workers=workers,
            progress=progress,
        )
    report = done.report
    if not report.sources and done.built is None and done.why_stopped is None:
        return Answer(
            payload=report_json(done),
            empty=nobody_asked(done, seconds_of(budget)),
            empty_is_done=True,
        )
    if done.why_stopped == "interrupted":
        ctx.call_on_close(lambda: ctx.exit(EXIT_INTERRUPTED))
    elif not report.is_well(strict=strict):
        ctx.call_on_close(lambda: ctx.exit(1))
    notes = [one.trouble for one in done.saved if one.trouble]
    if report.files_not_had:
        notes.append(f"listed files that could not be had: {report.files_not_had}")
    notes += [
        f"not checked for absence: {one.unchecked} of {one.source_id} since {(one.unchecked_since or '')[:10]}"
        for one in report.sources
        if one.unchecked
    ]
    if done.built is not None:
        built = done.built
        notes.append(
            f"{counted(built.documents, 'document')} of {counted(built.reviews, 'review')} indexed"
        )
        if done.model_trouble:
            notes.append(f"`similar` compares no passages of what is new: {done.model_trouble}")
    if done.why_stopped:
        left = "saved searches are left" if done.built else "the index is as it was"
        notes.append(
            f"it was stopped by {STOPPED_BY[done.why_stopped]}: {left}; the next refresh goes on where this one ended"
        )
    notes += [
        f"saved search {name}: {count} new" for name, count in done.saved_counts.items() if count
    ]
    notes += [f"{one.source_id}: {one.look}" for one in report.sources if one.newly_unhealthy]
    notes.append(f"report: {collection.home.reports / 'latest.txt'}")
    return Answer(
        payload=report_json(done),
        columns=COLUMNS,
        rows=rows_of(report),
        empty="no source was due; what an earlier run left undone is done",
        empty_is_done=True,
        notes=tuple(notes),
    )


def nobody_asked(done: Refreshed, seconds: float | None) -> str:
    """Why there was no run."""
    if seconds == 0:
        return "a budget of 0 leaves no time to ask anybody: nothing was done"
    soon = f"; the next is due at {done.next_due}" if done.next_due else ""
    return f"no source is due{soon}"


def report_json(done: Refreshed) -> dict[str, Any]:
    """What `refresh --json` prints: the report, and how many reviews each saved search found that are new."""
    return {**done.report.to_json(), "saved": done.saved_counts}


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
            "events": counts_listed(one.events) or "nothing new",
            "left_alone": counts_listed(one.left_alone),
            "reason": one.reason,
        }
        for one in report.sources
    ]
