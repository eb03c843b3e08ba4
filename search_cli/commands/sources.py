"""`sources`: the registry of publishers, how each stands, and how a new one is added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from casereviews.search_cli.errors import BadRequest
from casereviews.search_cli.options import home_of, output_options
from casereviews.search_cli.output import ROWS, Answer, Column

if TYPE_CHECKING:
    from casereviews.crawler.check import CheckReport
    from casereviews.crawler.sources import Source, Sources
    from casereviews.repository.home import Home
    from casereviews.repository.record.outcome import SourceState

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
UNHEALTHY = {"partial", "never_yielded", "needs_javascript", "blocked", "moved", "broken"}


@click.group("sources")
def command() -> None:
    """The registry of publishers: list, show, check, probe."""


@command.command("list")
@click.option("--nation", help="Only this nation.")
@click.option("--family", help="Only this family of sites.")
@click.option("--failing", is_flag=True, help="Only sources whose last run was not healthy.")
@click.option("--coverage", is_flag=True, help="Who covers each council area, and the gaps.")
@output_options(*ROWS)
@click.pass_context
def list_(
    ctx: click.Context, nation: str | None, family: str | None, failing: bool, coverage: bool
) -> Answer:
    """List the sources. `unverified` means that nobody has yet checked the entry against the live site."""
    from casereviews.crawler.sources import load_sources

    home = home_of(ctx)
    sources = load_sources(home.sources_toml)
    if coverage:
        return coverage_answer(sources, nation)
    states = states_of(home)
    rows = [
        row
        for row in (listed(source, states.get(source.id)) for source in sources.values())
        if (nation is None or str(row["nation"]).lower() == nation.lower())
        and (family is None or row["family"] == family)
        and (not failing or row["result"] in UNHEALTHY)
    ]
    return Answer(payload=rows, columns=LIST_COLUMNS, rows=rows, empty="no such source")


def listed(source: Source, state: SourceState | None) -> dict[str, Any]:
    """A source as `sources list --json` gives it (id, publisher, family, nation, status, result and more)."""
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


def states_of(home: Home) -> Mapping[str, SourceState]:
    """How each source stood after its last run; empty before the first."""
    if not home.record_db.exists():
        return {}
    from casereviews.repository.record import Record

    with Record.open(home) as record:
        return record.source_states()


def coverage_answer(sources: Sources, nation: str | None) -> Answer:
    """Who covers every upper-tier or unitary authority, how well, and the gaps by name."""
    from casereviews.crawler.sources.coverage import coverage

    found = coverage(sources)
    if nation:
        found = found.of_nation(nation.title())
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


@command.command("show")
@click.argument("source_id", metavar="ID")
@output_options("json")
@click.pass_context
def show(ctx: click.Context, source_id: str) -> Answer:
    """Show everything that is known of a source."""
    from dataclasses import asdict

    home = home_of(ctx)
    source = known_source(home, source_id)
    state = states_of(home).get(source.id)
    payload = {**asdict(source), "state": asdict(state) if state else None}
    rows = [
        {"field": key, "value": value}
        for key, value in payload.items()
        if value not in (None, "", (), [])
    ]
    return Answer(
        payload=payload, columns=(Column("field", "Field"), Column("value", "Value")), rows=rows
    )


def known_source(home: Home, source_id: str) -> Source:
    """The entry of an id; raises BadRequest with the nearest id."""
    from casereviews.crawler.sources import load_sources

    sources = load_sources(home.sources_toml)
    if source_id in sources:
        return sources[source_id]
    raise BadRequest(f"there is no source '{source_id}': {hint(source_id, sources)}")


def hint(source_id: str, known: Iterable[str]) -> str:
    """What to try instead of an unknown id."""
    import difflib

    near = difflib.get_close_matches(source_id, list(known), n=1)
    return f"did you mean '{near[0]}'?" if near else "`casereviews sources list` shows them"


CHECK_COLUMNS = (
    Column("what", "What"),
    Column("text", "Link"),
    Column("why", "Why or where"),
    Column("dates", "Dates"),
    Column("url", "Address"),
)


@command.command("check")
@click.argument("source_ids", metavar="[ID]", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every source that a refresh would ask.")
@output_options(*ROWS)
@click.pass_context
def check(ctx: click.Context, source_ids: tuple[str, ...], everything: bool) -> Answer:
    """Read robots, start pages and one level; show what would be collected, what left alone and why. Stores nothing."""
    from dataclasses import asdict, replace

    from casereviews.crawler.check import check_all
    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.sources import load_sources
    from casereviews.search_cli.contact import contact_for

    home = home_of(ctx)
    if everything:
        sources = [one for one in load_sources(home.sources_toml).values() if one.crawled]
    else:
        sources = [known_source(home, one) for one in source_ids]
    if not sources:
        raise click.UsageError("name a source, or --all")
    options = CrawlOptions()
    options = replace(options, contact=contact_for(home, sources, options))
    reports = list(check_all(sources, options))
    rows = [row for report in reports for row in _check_rows(report)]
    return Answer(
        payload=[asdict(report) for report in reports],
        columns=CHECK_COLUMNS,
        rows=rows,
        notes=tuple(
            f"{report.source_id}: {report.verdict} (robots: {report.robots})" for report in reports
        ),
        empty="nothing was found to collect or to leave alone",
    )


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


@command.command("probe")
@click.argument("url")
@click.pass_context
def probe(ctx: click.Context, url: str) -> None:
    """Say which family of sites URL belongs to and why, and print an entry for the home's sources.toml."""
    import functools
    from dataclasses import replace
    from urllib.parse import urlsplit

    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.probe import probe as look_at
    from casereviews.crawler.process.preview import ask
    from casereviews.crawler.sources import load_sources
    from casereviews.crawler.sources.source import Source
    from casereviews.search_cli.contact import contact_for

    home = home_of(ctx)
    options = CrawlOptions()
    asked = Source("probe", "probe", None, "listing", (url,), (urlsplit(url).netloc.lower(),))
    options = replace(options, contact=contact_for(home, [asked], options))
    found = look_at(url, functools.partial(ask, options=options), load_sources(home.sources_toml))
    click.echo(f"{found.family}: {found.documents} documents on this page", err=True)
    for reason in found.reasons:
        click.echo(f"- {reason}", err=True)
    for todo in found.todo:
        click.echo(f"to do: {todo}", err=True)
    if not found.entry:
        ctx.exit(1)
    click.echo(found.entry)
