"""`status`: how every source is doing, what was kept and read, and what to do about what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from casereviews.search_cli.errors import CannotRun
from casereviews.search_cli.options import home_of, output_options
from casereviews.search_cli.output import ROWS, Answer, Column

if TYPE_CHECKING:
    from casereviews.repository.home import Home
    from casereviews.repository.record.outcome import SourceState

COLUMNS = (
    Column("source", "Source"),
    Column("result", "Result"),
    Column("documents", "Documents", right=True),
    Column("usual", "Usual", right=True),
    Column("newest", "Newest"),
    Column("last_success", "Last success"),
    Column("failing_since", "Failing since", wide=True),
    Column("reason", "Why", wide=True),
    Column("advice", "What to do"),
)
ADVICE = {
    "ok": "",
    "unchanged": "",
    "empty": "the list is there and empty; nothing to do unless the board publishes elsewhere",
    "partial": "not all of the list was read; the next refresh goes on. If it stays so: sources check {id}",
    "never_yielded": "nothing was ever found: sources check {id}, then mend the entry in sources.toml",
    "needs_javascript": "the list is filled by JavaScript: add its reports by hand (add FILE --publisher ...)",
    "blocked": "the site asks not to be read (robots or a bot wall): ask the board for its reports, then add them",
    "moved": "the list has moved: sources probe its new address, then override the entry in sources.toml",
    "broken": "something was there and is not: sources check {id}",
}


@click.command("status")
@click.option("--failing", is_flag=True, help="Only sources that need a look.")
@output_options(*ROWS)
@click.pass_context
def command(ctx: click.Context, failing: bool) -> Answer:
    """Show how every source ended its last run, against its own history."""
    from casereviews.repository.published_documents import newest_by_source
    from casereviews.repository.record import Record

    home = home_of(ctx)
    if not home.record_db.exists():
        raise CannotRun(
            "nothing was collected yet: run `casereviews refresh` or `casereviews demo`"
        )
    newest = newest_by_source(home)
    with Record.open(home) as record:
        rows = [
            row_of(state, usual(record.yields(state.source_id)), newest.get(state.source_id))
            for state in record.source_states().values()
        ]
        runs = record.runs(limit=1)
    if failing:
        rows = [row for row in rows if row["advice"] and row["result"] != "empty"]
    totals = totals_of(home)
    payload = {"home": str(home.root), "totals": totals, "sources": rows}
    notes = [f"{name.replace('_', ' ')}: {count}" for name, count in totals.items()]
    if runs and runs[0].status is None:
        notes.append(
            "the last run did not end: it goes on, or it was killed; the next refresh completes it"
        )
    return Answer(
        payload=payload,
        columns=COLUMNS,
        rows=rows,
        notes=tuple(notes),
        empty="no source needs a look",
    )


def row_of(state: SourceState, usually: int | None, newest: str | None) -> dict[str, Any]:
    """A source's state as a row, with what to do about it; `newest` is the date of its newest document."""
    return {
        "source": state.source_id,
        "result": state.result,
        "documents": state.documents,
        "usual": usually,
        "newest": newest or state.newest,
        "last_success": state.last_success,
        "failing_since": state.failing_since,
        "reason": state.reason,
        "advice": ADVICE.get(state.result, "").format(id=state.source_id),
        "left_alone": dict(state.left_alone),
    }


def usual(yields: Sequence[tuple[str, str, int]]) -> int | None:
    """The median yield of a source's earlier runs, None before there were any."""
    import statistics

    counts = [count for _, _, count in yields[1:]]
    return int(statistics.median(counts)) if counts else None


def totals_of(home: Home) -> Mapping[str, Any]:
    """What is held: documents by visibility and by how their file was read, and the index."""
    from collections import Counter

    from casereviews.index.errors import SearchError
    from casereviews.index.folder import current
    from casereviews.repository.record import Record
    from casereviews.repository.record.derived import Derived

    with Record.open(home) as record:
        documents = record.documents()
    totals: dict[str, Any] = {"documents": len(documents)}
    for visibility, count in sorted(Counter(d.visibility for d in documents).items()):
        if visibility != "shown":
            totals[visibility] = count
    if home.derived_db.exists():
        with Derived.open(home) as derived:
            statuses = Counter(reading.status for reading in derived.readings())
            totals.update({f"read_{status}": count for status, count in sorted(statuses.items())})
            totals["not_described"] = len(derived.failures())
    try:
        _, built = current(home.index, home.id)
        totals["indexed"] = built.documents
        totals["index_built"] = built.built
    except SearchError as error:
        totals["index"] = str(error)
    return totals
