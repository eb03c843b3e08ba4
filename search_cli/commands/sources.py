"""`sources`: the registry of publishers, how each stands, and how a new one is added."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from search_cli.errors import BadRequest
from search_cli.options import home_of, output_options
from search_cli.output import ROWS, Answer, Column

if TYPE_CHECKING:
    from crawler.sources import Source
    from repository.home import Home
    from repository.record.outcome import SourceState

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
    from crawler.sources import load_sources

    home = home_of(ctx)
    sources = load_sources(home.sources_toml)
    if coverage:
        return _coverage(nation)(sources)
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
    from repository.record import Record

    with Record.open(home) as record:
        return record.source_states()


def _coverage(nation: str | None) -> Any:
    def answer(sources: Any) -> Answer:
        from crawler.sources.coverage import coverage

        found = coverage(sources)
        if nation:
            found = found.of_nation(nation)
        rows = [_area_row(item.as_json()) for item in found.areas]
        gaps = found.gaps
        counts = ", ".join(f"{count} {level}" for level, count in found.counts.items())
        notes = [f"{len(rows)} authorities: {counts}"]
        if gaps:
            notes.append("gaps: " + ", ".join(gaps))
        notes.append("No live site has been checked: levels say what the registry knows.")
        payload = {"areas": rows, "gaps": list(gaps), "counts": dict(found.counts)}
        return Answer(
            payload=payload,
            columns=COVERAGE_COLUMNS,
            rows=rows,
            notes=tuple(notes),
            empty="no such nation",
        )

    return answer


def _area_row(item: Mapping[str, Any]) -> dict[str, Any]:
    return dict(item)


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
    from crawler.sources import load_sources

    sources = load_sources(home.sources_toml)
    if source_id in sources:
        return sources[source_id]
    raise BadRequest(f"there is no source '{source_id}': {hint(source_id, sources)}")


def hint(source_id: str, known: Iterable[str]) -> str:
    """What to try instead of an unknown id."""
    import difflib

    near = difflib.get_close_matches(source_id, list(known), n=1)
    return f"did you mean '{near[0]}'?" if near else "`casereviews sources list` shows them"
