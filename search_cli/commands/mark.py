"""`mark`: include or exclude reviews, with the reason, for a systematic review; its flow diagram and its searches as tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.clock import today
from casereviews.collection.keeping.marks import CLEAR, DECISIONS, FIELDS, STAGES, TITLE, Mark
from casereviews.collection.output import ROWS, Answer, Column
from casereviews.collection.output.flow_diagram import WORDS
from casereviews.collection.output.wording import counted
from casereviews.search_cli.completing import SHOWN_IDS
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of, output_options
from casereviews.search_cli.user_files import name_of, text_of

if TYPE_CHECKING:
    from casereviews import Collection, Decision, Imported, LoggedSearch, MarkedAtOnce

SHOWN = 5
"""So many unknown ids a note names."""
MOST_NAMED = 20
"""So many records that were left out are named on stderr, each with its reason."""


class WithImport(click.Command):
    """`mark`, and `mark import FILE`: "import" is no review's id, and a group of commands would take every id for one of them."""

    @property
    def beside(self) -> dict[str, click.Command]:
        """The commands of their own among what may stand after the verb."""
        return {"import": import_command}

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        if args and (own := self.beside.get(args[0])):
            return own.make_context(f"{info_name} {args[0]}", args[1:], parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@examples(
    "mark hampshire-7k3f9q exclude --reason 'no infant'",
    "mark include --matching '\"unsafe sleep\" year:2018..' --stage title_abstract --reader Ash",
    "mark --from - --reader Ash",
    "mark import articles.csv --dry-run",
    "mark --conflicts",
    "mark --csv > marks-to-share.csv",
    "mark --flow --log searches.jsonl --svg flow.svg",
    "mark --log searches.jsonl --markdown > appendix.txt",
)
@click.command("mark", cls=WithImport)
@click.argument("identifier", metavar="[ID]", required=False, shell_complete=SHOWN_IDS)
@click.argument("decision", type=click.Choice([*DECISIONS, CLEAR]), required=False)
@click.option("--reason", default="", help="Why, in the words of your protocol.")
@click.option("--note", default="", help="Anything else.")
@click.option(
    "--stage",
    type=click.Choice(STAGES),
    default=None,
    help="Where screening has two stages; without, the mark is of both.",
)
@click.option(
    "--reader", default="", help="Who decides, where two do; without, it is what was agreed."
)
@click.option(
    "--from",
    "file",
    type=click.File("rb"),
    help="Mark every review of a file: CSV, JSON, RIS, or ids, one a line.",
)
@click.option("--matching", metavar="QUERY", help="Mark every review that a query finds.")
@click.option("--history", is_flag=True, help="Every mark ever made, of an ID or of all.")
@click.option("--conflicts", is_flag=True, help="The reviews on which readers differ.")
@click.option("--flow", is_flag=True, help="The boxes of the PRISMA 2020 flow diagram.")
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The searches of `search --log` as a table, or with --flow as its first boxes.",
)
@click.option(
    "--svg", type=click.Path(path_type=Path, dir_okay=False), help="Draw the flow to this file."
)
@output_options(*ROWS)
@click.pass_context
def command(
    ctx: click.Context,
    identifier: str | None,
    decision: str | None,
    file: Any,
    matching: str | None,
    history: bool,
    conflicts: bool,
    flow: bool,
    log: Path | None,
    svg: Path | None,
    reason: str,
    note: str,
    stage: str | None,
    reader: str,
) -> Answer | None:
    """Mark a review ID include, exclude or maybe, or many at once; without an ID, list the marks that stand.

    The marks stand in `marks.csv` in the home with their history; it may be edited and shared. An exclusion needs a reason (PRISMA 2020,
    item 16b), on title and abstract none. `search`, `export` and `saved` take them as a filter: mark:include.
    """
    collection = collection_of(ctx)
    at_once = file is not None or matching is not None
    if at_once and decision is None and identifier in DECISIONS:
        identifier, decision = None, identifier
    _refuse_mixed(
        {
            "--history": history,
            "--conflicts": conflicts,
            "--flow": flow or svg,
            "--from": file,
            "--matching": matching is not None,
        }
    )
    if flow or svg or (log and not (identifier or at_once or history or conflicts)):
        if identifier is not None:
            raise click.UsageError("--flow counts all marks: give it without an ID")
        searches = collection.logged_searches(log) if log else ()
        if not (flow or svg):
            return _searches(searches)
        return _flow(collection, searches, svg)
    if log:
        raise click.UsageError("--log goes with --flow, or alone")
    like = Mark(
        identifier or "",
        decision or "",
        reason.strip(),
        note.strip(),
        "",
        stage or "",
        reader.strip(),
    )
    if at_once:
        return _marked_at_once(ctx, collection, like, file, matching)
    if history:
        return _listed(collection.marks.history(identifier))
    if conflicts:
        return _differing(collection.marks.conflicts())
    if identifier is None:
        differing = len(collection.marks.conflicts())
        told = f"readers differ on {counted(differing, 'review')}: `casereviews mark --conflicts`"
        return _listed(collection.marks.standing(), (told,) if differing else ())
    if decision is None:
        raise click.UsageError(f"say what to mark it: {', '.join(DECISIONS)} or {CLEAR}")
    return _marked(ctx, collection, like)


@examples(
    "mark import articles.csv --dry-run",
    "mark import asreview.ris --reader Ash",
    "mark import review_1_excluded_csv_20260301.csv exclude --stage full_text",
)
@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.argument("decision", type=click.Choice(DECISIONS), required=False)
@click.option(
    "--stage", type=click.Choice(STAGES), help=f"Where it was decided [default: {TITLE}]."
)
@click.option("--reader", default="", help="Who decided, where the file names nobody.")
@click.option("--reason", default="", help="Why it was excluded, where the file says none.")
@click.option("--dry-run", is_flag=True, help="Show what would be marked, and mark nothing.")
@output_options(*ROWS)
@click.pass_context
def import_command(
    ctx: click.Context,
    file: Any,
    decision: str | None,
    stage: str | None,
    reader: str,
    reason: str,
    dry_run: bool,
) -> Answer:
    """Mark what FILE of a screening tool decides: Rayyan's CSV or RIS, ASReview's CSV or RIS, or a list of Covidence's with its DECISION.

    A record is matched by its review's id, else by an address that one review has; one of the same title is only proposed. What does not
    match, contradicts itself or cannot be read is named, and nothing of it is marked. Each reader's decisions stay apart; what stands so already is not
    marked again.
    """
    like = Mark("", decision or "", reason.strip(), "", "", stage or "", reader.strip())
    done = collection_of(ctx).import_marks(
        text_of(file), like, where=name_of(file), dry_run=dry_run
    )
    listed = _listed(done.marks, _of_import(done), empty="nothing to mark")
    return replace(listed, payload=done.to_json(), empty_is_done=bool(done.standing))


def _of_import(done: Imported) -> tuple[str, ...]:
    """What became of the records, line by line."""
    made = "would mark" if done.dry_run else "marked"
    reviews = {one.review_id for one in done.marks}
    notes = [
        f"{done.tool or 'file'}: {counted(done.records, 'record')}; {made}: {counted(len(done.marks), 'decision')} on {counted(len(reviews), 'review')}"
    ]
    if done.standing:
        notes.append(f"stood so already: {counted(done.standing, 'decision')}")
    if done.by_address:
        notes.append(f"matched by their address alone: {counted(done.by_address, 'record')}")
    if done.undecided:
        notes.append(f"without a decision: {counted(done.undecided, 'record')}")
    if len(done.left_out) > MOST_NAMED:
        notes.append(f"left out: {counted(len(done.left_out), 'record')}; --json names all")
    for one in done.left_out[:MOST_NAMED]:
        told = f"row {one.row} left out: {one.why} ({one.title or 'no title'})"
        if one.proposed:
            told += f"; {one.proposed} has this title: look, then casereviews mark {one.proposed} DECISION"
        notes.append(told)
    if done.conflicts:
        named = ", ".join(one.review_id for one in done.conflicts[:SHOWN])
        more = ", ..." if len(done.conflicts) > SHOWN else ""
        notes.append(
            f"readers differ on {counted(len(done.conflicts), 'review')} of it ({named}{more}): casereviews mark --conflicts"
        )
    return tuple(notes)


def _refuse_mixed(asked: dict[str, object]) -> None:
    given = [name for name, value in asked.items() if value]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} exclude each other")


def _marked(ctx: click.Context, collection: Collection, like: Mark) -> Answer | None:
    marks = collection.marks
    if like.decision == CLEAR:
        mark = marks.clear(like.review_id, stage=like.stage, reader=like.reader)
    else:
        mark = marks.put(
            like.review_id,
            like.decision,
            reason=like.reason,
            note=like.note,
            stage=like.stage,
            reader=like.reader,
        )
    said = "no mark" if like.decision == CLEAR else like.decision
    click.echo(f"{mark.review_id}: {said}", err=True)
    return None if ctx.meta.get("casereviews.form") == "table" else _listed([mark])


def _marked_at_once(
    ctx: click.Context, collection: Collection, like: Mark, file: Any, matching: str | None
) -> Answer | None:
    if like.review_id or like.decision == CLEAR:
        raise click.UsageError("many are marked include, exclude or maybe, without an ID")
    undecided = 0
    if matching is not None:
        if not like.decision:
            raise click.UsageError(f"say what to mark them: {', '.join(DECISIONS)}")
        done = collection.mark_matching(matching, like)
    else:
        done, undecided = collection.mark_file(text_of(file), like, where=name_of(file))
    click.echo(f"marked {counted(len(done.marks), 'review')}", err=True)
    if undecided:
        click.echo(f"{counted(undecided, 'row')} without a decision left out", err=True)
    _tell_unknown(done)
    if done.marks and ctx.meta.get("casereviews.form") == "table":
        return None
    return _listed(done.marks, empty="nothing marked")


def _tell_unknown(done: MarkedAtOnce) -> None:
    if done.unknown:
        named = ", ".join(done.unknown[:SHOWN]) + (", ..." if len(done.unknown) > SHOWN else "")
        click.echo(
            f"left out, for nothing of this id is shown here: {named} ({len(done.unknown):,} in all)",
            err=True,
        )


def _listed(
    marks: Iterable[Mark],
    notes: tuple[str, ...] = (),
    empty: str = "nothing marked: casereviews mark ID include",
) -> Answer:
    rows = [mark.to_json() for mark in marks]
    headings = ("Review", "Decision", "Reason", "Note", "When", "Stage", "Reader")
    columns = tuple(Column(key, text) for key, text in zip(FIELDS, headings, strict=True))
    return Answer(payload=rows, columns=columns, rows=rows, empty=empty, notes=notes)


def _differing(decisions: Sequence[Decision]) -> Answer:
    rows = [
        {"review_id": one.review_id, "stage": one.stage, **mark.to_json()}
        for one in decisions
        for mark in one.marks
    ]
    payload = [
        {
            "review_id": one.review_id,
            "stage": one.stage,
            "marks": [mark.to_json() for mark in one.marks],
        }
        for one in decisions
    ]
    columns = (
        Column("review_id", "Review"),
        Column("stage", "Stage"),
        Column("reader", "Reader"),
        Column("decision", "Decision"),
        Column("reason", "Reason"),
        Column("at", "When"),
    )
    return Answer(
        payload=payload,
        columns=columns,
        rows=rows,
        empty="readers differ on nothing",
        empty_is_done=True,
    )


def _flow(collection: Collection, searches: Sequence[LoggedSearch], svg: Path | None) -> Answer:
    boxes = collection.marks.flow([one.identified() for one in searches])
    if svg:
        from casereviews.collection.output.flow_diagram import flow_svg
        from casereviews.collection.output.places import refuse_in_home
        from casereviews.search_cli.user_files import replace as replace_file

        refuse_in_home(svg, collection.home.root)
        replace_file(svg, flow_svg(boxes, said=_said(searches)))
        click.echo(f"drawn to {svg}", err=True)
    older = [str(one.line) for one in searches if one.review_ids is None]
    notes: tuple[str, ...] = ()
    if older:
        notes = (
            f"line {', '.join(older)} of the log does not say which reviews it found: what was found twice cannot be counted; search again with --log",
        )
    rows = [asdict(box) for box in boxes]
    columns = (
        Column("box", "Box", words=lambda row, _: WORDS[str(row["box"])]),
        Column("reason", "Reason"),
        Column("count", "Reviews", right=True),
    )
    return Answer(payload=rows, columns=columns, rows=rows, notes=notes)


def _said(searches: Sequence[LoggedSearch]) -> str:
    """Of when the diagram is, and of how many searches."""
    if not searches:
        return f"Decisions up to {today()}"
    days = sorted(one.searched_at[:10] for one in searches)
    span = days[0] if days[0] == days[-1] else f"{days[0]} to {days[-1]}"
    return f"Logged searches: {len(searches):,}, {span}; decisions up to {today()}"


def _searches(searches: Sequence[LoggedSearch]) -> Answer:
    rows = [one.to_json() for one in searches]
    columns = (
        Column("line", "Search", right=True),
        Column("searched_at", "When"),
        Column("query", "Query"),
        Column("limits", "Limits"),
        Column("reviews_found", "Reviews", right=True),
        Column("documents_found", "Documents", right=True),
        Column("understood", "Understood as", wide=True),
        Column("index_documents", "Documents searched", right=True, wide=True),
        Column("index_built", "Index of", wide=True),
        Column("program", "Program", wide=True),
        Column("not_read_whole", "Publishers not read whole", wide=True),
    )
    return Answer(
        payload=rows, columns=columns, rows=rows, empty="the log holds no search: search --log"
    )
