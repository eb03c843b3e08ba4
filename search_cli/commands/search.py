"""`search`: words, phrases and fields over the full text; hits are reviews with their best pages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from casereviews.collection.clock import today
from casereviews.collection.collection import AT_A_TIME
from casereviews.collection.output import RECORDS, Answer
from casereviews.collection.output.hits import COLUMNS, row_of
from casereviews.collection.output.hostile import for_json, for_line
from casereviews.collection.output.withholding import without_name
from casereviews.collection.output.wording import counted
from casereviews.search_cli.examples import examples
from casereviews.search_cli.hits import drawn_hits
from casereviews.search_cli.options import collection_of, filter_options, output_options
from casereviews.search_cli.output import FORMS
from casereviews.search_cli.user_files import append_line

if TYPE_CHECKING:
    from casereviews import Hit, Results, Vocabulary


TELLING = ("table", "json", "jsonl")  # forms in which a hit says what it lacks


class SearchCommand(click.Command):
    """`search neglect -police` without quotes: click takes `-police` for an option, and the message says so."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        typed = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            left_out = next((word for word in typed if re.fullmatch(r"-[^\W_][\w*~]+", word)), None)
            if left_out is None:
                raise
            words = " ".join(word for word in typed if not word.startswith("--"))
            raise click.UsageError(
                f"{error.format_message()} To leave a word out, quote the whole query: '{words}'",
                ctx,
            ) from error


@examples(
    "search '\"unsafe sleep\" age:under_1' --nation England",
    "search 'infant NEAR/8 bruis*' --year 2018..2024",
    "search bruising --log searches.jsonl",
)
@click.command("search", cls=SearchCommand)
@click.argument("query", nargs=-1)
@filter_options
@click.option("--exact", is_flag=True, help="Exact words: no stems, synonyms or spelling variants.")
@click.option(
    "--all-words", is_flag=True, help="Every word as typed; nothing with only most of them."
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "date"]),
    default="relevance",
    show_default=True,
    help="What comes first.",
)
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=10, show_default=True, help="Most reviews."
)
@click.option("--offset", type=click.IntRange(0), default=0, help="Leave out so many first.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Every hit after --offset, streamed, whatever --limit says.",
)
@click.option("--facets", is_flag=True, help="Show the counts beside the table.")
@click.option("--help-query", is_flag=True, help="Explain the query language and stop.")
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append a reproducible record of this search (PRISMA-S).",
)
@output_options(*RECORDS)
@click.pass_context
def command(
    ctx: click.Context,
    query: tuple[str, ...],
    filters: Mapping[str, Sequence[str]],
    exact: bool,
    all_words: bool,
    sort: str,
    limit: int,
    offset: int,
    everything: bool,
    facets: bool,
    help_query: bool,
    log: Path | None,
) -> Answer | None:
    """Search the full text of every collected review.

    QUERY is words (reviews with all of them come first), "exact phrases", AND OR NOT, field:value, ranges (year:2015..2021), prefix*, fuzzy~ and
    NEAR/5. Quote the whole query for your shell.
    """
    if help_query:
        from casereviews.index.query.help import HELP

        click.echo(HELP)
        return None
    text = " ".join(query).encode("utf-8", "replace").decode("utf-8")  # what is no text is a ?
    if not text.strip() and not filters:
        raise click.UsageError(
            'say what to search for, such as: casereviews search "unsafe sleep" --nation Wales'
        )
    collection = collection_of(ctx)
    asked: Mapping[str, Any] = {
        "filters": filters,
        "sort": sort,
        "exact": exact,
        "all_words": all_words,
    }
    streamed = everything and FORMS[ctx.meta["casereviews.form"]].streamed
    most: int | None = limit
    if everything:
        most = AT_A_TIME if streamed else None
    # A form without a place for what a review lacks has those that lack nothing.
    told_apart = ctx.meta["casereviews.form"] in TELLING and not everything
    results = collection.search(text, **asked, limit=most, offset=offset, most=told_apart)
    if log:
        record = collection.record_of_search(results, **asked)
        append_line(log, for_json(json.dumps(record.to_json(), ensure_ascii=False)))
    answer = answer_for(results, collection.vocabulary, show_facets=facets)
    if not (streamed and results.hits):
        return answer
    every = partial(collection.every_hit, results, **asked, offset=offset)
    return replace(answer, rows=map(row_of, _taken(every())), records=_taken(every()))


def _taken(hits: Iterable[Hit]) -> Iterator[dict[str, Any]]:
    """Hits as they may be taken away, in the JSON contract."""
    return (without_name(hit).to_json() for hit in hits)


def most_worded(results: Results) -> str:
    """How many reviews have all of the words, and that others which have most, or read alike, follow."""
    if results.alike:
        return f"no review has any of these words; {counted(results.alike, 'review')} {'reads' if results.alike == 1 else 'read'} alike (counted apart; the table and JSON show them)"
    having = f"no review has all of these{', and nothing here is close' if results.far else ''}"
    if results.total:
        having = f"{counted(results.total, 'review')} {'has' if results.total == 1 else 'have'} all of these"
    more = f"{results.most:,} more" if results.total else counted(results.most, "review")
    one = results.most == 1
    follow = f"{'has' if one else 'have'} {'some' if results.far else 'most'}"
    if results.in_other_words:
        follow += f", or {'tells' if one else 'tell'} of it in other words"
    if results.only_in_other_words:
        follow = f"{'tells' if one else 'tell'} of it in other words"
    return f"{having}; {more} {follow} (counted apart; the table and JSON show them)"


def answer_for(results: Results, vocabulary: Vocabulary, *, show_facets: bool = False) -> Answer:
    """The answer to a search in all forms; real names stay out of what is taken away."""
    taken = list(_taken(results.hits))
    notes = [f"understood: {for_line(results.understood)}"]
    notes += [f"did you mean: {for_line(word)}" for word in results.did_you_mean]
    notes += [f"note: {for_line(line)}" for line in results.advice]
    if results.most or results.alike:
        notes.append(most_worded(results))
    nothing = "nothing found: try fewer words, another spelling, or `--scope all`"
    if results.total:
        nothing = f"there are only {counted(results.total, 'review')}: try a smaller --offset"
    return Answer(
        payload=results.to_json(),
        columns=COLUMNS,
        rows=[row_of(hit) for hit in taken],
        records=taken,
        empty=nothing,
        accessed=today(),
        table=(lambda: drawn_hits(results, show_facets, vocabulary)) if taken else None,
        notes=tuple(notes),
    )
