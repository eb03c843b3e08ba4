"""`sources`: the registry of publishers, how each stands, and how a new one is added."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.output import ROWS, Answer, Column
from casereviews.collection.output.hostile import for_line, for_terminal
from casereviews.search_cli.completing import FAMILIES, NATIONS, SOURCE_IDS
from casereviews.search_cli.edge import tell
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options

if TYPE_CHECKING:
    from rich.text import Text

    from casereviews import CheckReport, Coverage, KnownSource, Remedy

LIST_COLUMNS = (
    Column("id", "Id"),
    Column("publisher", "Publisher"),
    Column("nation", "Nation"),
    Column("family", "Family"),
    Column("status", "Status"),
    Column("result", "Last result"),
    Column("documents", "Documents", right=True),
    Column("last_success", "Last success"),
    Column("scope", "Scope", wide=True),
    Column("areas", "Areas", wide=True),
    Column("start_urls", "Start pages", wide=True),
    Column("evidence", "Evidence", wide=True),
)
COVERAGE_COLUMNS = (
    Column("area", "Authority"),
    Column("nation", "Nation"),
    Column("level", "How well"),
    Column("sources", "Sources"),
    Column("gss", "GSS", wide=True),
)


@examples("sources list --coverage", "sources check hampshire")
@click.group("sources")
def command() -> None:
    """The registry of publishers: list, show, check, fix, probe."""


@examples("sources list --nation Wales --family wordpress", "sources list --failing")
@command.command("list")
@click.option("--nation", help="Only this nation.", shell_complete=NATIONS)
@click.option("--family", help="Only this family of sites.", shell_complete=FAMILIES)
@click.option("--failing", is_flag=True, help="Only sources whose last run was not healthy.")
@click.option("--coverage", is_flag=True, help="Who covers each council area, and the gaps.")
@output_options(*ROWS)
@click.pass_context
def list_(
    ctx: click.Context, nation: str | None, family: str | None, failing: bool, coverage: bool
) -> Answer:
    """List the sources. `unverified` means that nobody has yet checked the entry against the live site."""
    registry = collection_of(ctx).registry
    if coverage:
        return coverage_answer(registry.coverage(nation))
    rows = [listed(one) for one in registry.known(nation=nation, family=family, failing=failing)]
    return Answer(payload=rows, columns=LIST_COLUMNS, rows=rows, empty="no such source")


def listed(known: KnownSource) -> dict[str, Any]:
    """A source as `sources list --json` gives it (id, publisher, family, nation, status, result and more)."""
    source, state = known.source, known.state
    return {
        "id": source.id,
        "publisher": source.publisher,
        "family": source.family,
        "nation": source.nation,
        "status": source.status,
        "result": state.result if state else None,
        "documents": state.documents if state else None,
        "last_success": state.last_success if state else None,
        "scope": source.scope,
        "areas": list(source.areas),
        "start_urls": list(source.start_urls),
        "evidence": source.evidence,
    }


def coverage_answer(found: Coverage) -> Answer:
    """Who covers every upper-tier or unitary authority, how well, and the gaps by name."""
    rows = [row.as_json() for row in found.rows]
    counts = ", ".join(f"{count} {level}" for level, count in found.counts.items() if count)
    notes = [f"{len(rows)} authorities: {counts}"]
    if found.gaps:
        notes.append("gaps: " + ", ".join(found.gaps))
    notes.append("No live site has been checked: levels say what the registry knows.")
    return Answer(
        payload={"areas": rows, "gaps": list(found.gaps), "counts": found.counts},
        columns=COVERAGE_COLUMNS,
        rows=rows,
        notes=tuple(notes),
        empty="no such nation",
    )


@examples("sources show hampshire")
@command.command("show")
@click.argument("source_id", metavar="ID", shell_complete=SOURCE_IDS)
@output_options("json")
@click.pass_context
def show(ctx: click.Context, source_id: str) -> Answer:
    """Show everything that is known of a source."""
    known = collection_of(ctx).registry.one(source_id)
    payload = {**asdict(known.source), "state": asdict(known.state) if known.state else None}
    rows = [
        {"field": key, "value": value}
        for key, value in payload.items()
        if value not in (None, "", (), [])
    ]
    return Answer(
        payload=payload, columns=(Column("field", "Field"), Column("value", "Value")), rows=rows
    )


CHECK_COLUMNS = (
    Column("what", "What"),
    Column("text", "Link"),
    Column("why", "Why or where"),
    Column("dates", "Dates"),
    Column("url", "Address"),
)


@examples("sources check hampshire")
@command.command("check")
@click.argument("source_ids", metavar="[ID]", nargs=-1, shell_complete=SOURCE_IDS)
@click.option("--all", "everything", is_flag=True, help="Every source that a refresh would ask.")
@output_options(*ROWS)
@click.pass_context
def check(ctx: click.Context, source_ids: tuple[str, ...], everything: bool) -> Answer:
    """Read robots, start pages and one level, and try a few files; show what would be collected, what left alone and why, and what mends it. Stores nothing."""
    if not source_ids and not everything:
        raise click.UsageError("name a source, or --all")
    reports = collection_of(ctx).registry.check(source_ids, everything=everything)
    rows = [row for report in reports for row in _check_rows(report)]
    notes = [note for report in reports for note in check_notes(report)]
    return Answer(
        payload=[asdict(report) for report in reports],
        columns=CHECK_COLUMNS,
        rows=rows,
        notes=(*notes, *(worklist(reports) if everything else ())),
        empty="nothing was found to collect or to leave alone",
    )


def check_notes(report: CheckReport) -> Iterable[str]:
    yield f"{report.source_id}: {report.verdict} (robots: {report.robots})"
    for one in report.looked_at:
        if one.url != one.asked or one.look.stands_for or not report.collected:
            title = f" “{one.look.title}”" if one.look.title else ""
            links = ", ".join(text for _, text in one.look.leads)
            yield f"  page: {one.url}{title}; links that speak of reviews: {links or 'none'}"
    diagnosis, remedy = report.diagnosis, report.remedy
    if diagnosis and remedy and (remedy.kind != "works" or remedy.command):
        yield f"  cause: {diagnosis.cause.replace('_', ' ')}"
        yield f"  remedy: {_remedy(remedy)}"


def _remedy(remedy: Remedy) -> str:
    if remedy.command:
        return f"{remedy.command} ({remedy.says}; then: {remedy.after})"
    return remedy.says


WORK = (
    ("works", "works"),
    ("command", "one command mends"),
    ("person", "needs a person"),
)


def worklist(reports: Iterable[CheckReport]) -> Iterable[str]:
    """What works, what one command mends, what needs a person."""
    known = [(report, report.remedy) for report in reports if report.remedy]
    for kind, title in WORK:
        found = [(report, remedy) for report, remedy in known if remedy.kind == kind]
        yield f"{title}: {len(found)}"
        if kind == "works":
            continue
        for report, remedy in found:
            cause = report.diagnosis.cause.replace("_", " ") if report.diagnosis else ""
            yield f"  {report.source_id} ({cause}): {remedy.command or remedy.says}"


@examples("sources fix hampshire", "sources fix hampshire --write")
@command.command("fix")
@click.argument("source_id", metavar="ID", shell_complete=SOURCE_IDS)
@click.option("--write", is_flag=True, help="Write the change into the home's sources.toml.")
@output_options("json")
@click.pass_context
def fix(ctx: click.Context, source_id: str, write: bool) -> Answer:
    """Check a source, try what may mend it, and show the change of the home's sources.toml; its id stays. Exit code 1 when a person is needed."""
    found = collection_of(ctx).registry.fix(source_id, write=write)
    report, remedy = found.report, found.report.remedy
    notes = list(check_notes(report))
    if found.written:
        notes.append(f"written; now: casereviews refresh --source {source_id}")
    elif found.difference:
        notes.append(f"nothing is written yet: casereviews sources fix {source_id} --write")
    if remedy and remedy.kind == "person":
        ctx.call_on_close(lambda: ctx.exit(1))
    return Answer(
        payload={
            "source_id": source_id,
            "diagnosis": asdict(report.diagnosis) if report.diagnosis else None,
            "remedy": asdict(remedy) if remedy else None,
            "difference": list(found.difference),
            "written": found.written,
        },
        table=lambda: _change_shown(found.difference),
        notes=tuple(notes),
    )


def _change_shown(difference: tuple[str, ...]) -> Text:
    from rich.text import Text

    return Text("\n".join(difference) or "no change of sources.toml")


def _check_rows(report: CheckReport) -> Iterable[dict[str, Any]]:
    for one in report.collected:
        yield {
            "what": "collect" if one.url else "entry",
            "text": one.text,
            "why": " › ".join(one.headings),
            "dates": list(one.dates),
            "url": one.url,
        }
    for url, text, reason in report.left_alone:
        yield {"what": "leave", "text": text, "why": reason.replace("_", " "), "url": url}
    for url, text, role in report.further:
        yield {"what": "go on", "text": text, "why": role, "url": url}
    for url, error in report.in_vain:
        yield {"what": "in vain", "text": "", "why": error.replace("_", " "), "url": url}


@examples("sources probe https://www.example.org/reviews/")
@command.command("probe")
@click.argument("url")
@click.pass_context
def probe(ctx: click.Context, url: str) -> None:
    """Say which family of sites URL belongs to and why, and print an entry for the home's sources.toml."""
    found = collection_of(ctx).registry.probe(url)
    tell(f"{found.family}: {found.documents} documents on this page")
    for reason in found.reasons:
        tell(f"- {for_line(reason)}")
    for todo in found.todo:
        tell(f"to do: {for_line(todo)}")
    if not found.entry:
        ctx.exit(1)
    click.echo(for_terminal(found.entry))
