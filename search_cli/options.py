"""Options that verbs share: output forms, filters, the home."""

from __future__ import annotations

import functools
import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from casereviews.collection.output import Answer
from casereviews.repository.fields import SEARCHED
from casereviews.search_cli.completing import of_filter
from casereviews.search_cli.edge import tell
from casereviews.search_cli.errors import EXIT_NOTHING
from casereviews.search_cli.output import FORMS, terminal
from casereviews.search_cli.written_down import Taken, file_of_stdout, write_down

if TYPE_CHECKING:
    from casereviews.collection.collection import Collection

P = ParamSpec("P")
R = TypeVar("R")
Decorated = Callable[..., Any]

FILTERS = {field.query: field.hint for field in SEARCHED}


def output_options(*formats: str) -> Callable[[Callable[P, Answer | None]], Decorated]:
    """Add `--json` and the like to a verb that returns an `Answer`, and print it in the form that was asked for.

    Exactly one form at a time. A verb that finds nothing (no rows and no records) exits with 1 after printing an empty
    document in the asked form, so that programs always get what they can parse.
    """

    def decorate(verb: Callable[P, Answer | None]) -> Decorated:
        @functools.wraps(verb)
        def run(*args: P.args, **kwargs: P.kwargs) -> None:
            chosen = [name for name in formats if kwargs.pop(FORMS[name].parameter, False)]
            if len(chosen) > 1:
                flags = " and ".join(f"--{name}" for name in chosen)
                raise click.UsageError(f"{flags} exclude each other: choose one form")
            form = chosen[0] if chosen else "table"
            context = click.get_current_context(silent=True)
            if context is not None:
                context.meta["casereviews.form"] = form
            answer = verb(*args, **kwargs)
            if answer is not None:
                coded = form == "table" and any(column.words for column in answer.columns)
                if context is not None and (coded or FORMS[form].cites):
                    answer = replace(answer, vocabulary=collection_of(context).vocabulary)
                if context is not None and FORMS[form].abstracts:
                    records = collection_of(context).with_abstracts(answer.records)
                    answer = replace(answer, records=records)
                place, taken = file_of_stdout(), Taken()
                emit(taken.watching(answer) if place else answer, form)
                if context is not None and taken.held:
                    write_down(collection_of(context), form, place, taken.held.items())

        decorated: Decorated = run
        for name in reversed(formats):
            decorated = click.option(
                f"--{name}", FORMS[name].parameter, is_flag=True, help=f"Print {FORMS[name].help}."
            )(decorated)
        return decorated

    return decorate


def filter_options(verb: Decorated) -> Decorated:
    """Add the repeatable filters; the verb gets them as `filters`, a mapping of field to values."""

    @functools.wraps(verb)
    def run(*args: Any, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(f"filter_{name}") for name in FILTERS}
        return verb(*args, filters={name: v for name, v in given.items() if v}, **kwargs)

    decorated: Decorated = run
    for name, hint in reversed(FILTERS.items()):
        decorated = click.option(
            f"--{name}",
            f"filter_{name}",
            multiple=True,
            metavar="VALUE",
            help=f"Only: {hint}.",
            shell_complete=of_filter(name),
        )(decorated)
    return decorated


def parted(given: tuple[str, ...]) -> tuple[str, ...]:
    """The names that a repeatable option was given, one or several in each, parted by commas; each once."""
    said = (part.strip() for one in given for part in one.split(","))
    return tuple(dict.fromkeys(part for part in said if part))


def emit(answer: Answer, form: str) -> None:
    """Print an answer to stdout in a form; notes go to stderr; exit 1 when nothing was found, unless that is a verb's good end."""
    for note in answer.notes:
        tell(terminal.note(note))
    speaks_for(form)
    answer, nothing = with_emptiness(answer)
    if nothing and form == "table":
        click.echo(answer.empty, err=True)
    else:
        write(FORMS[form].render(answer), newline=not FORMS[form].ends_lines)
    if nothing and not answer.empty_is_done:
        sys.exit(EXIT_NOTHING)


def speaks_for(form: str) -> None:
    """Set the standard output to UTF-8 with the form's own line ends; on a terminal that lacks a letter, show a "?"."""
    stream: Any = sys.stdout
    if not hasattr(stream, "reconfigure"):
        return
    if form == "table":
        stream.reconfigure(errors="replace")
    else:
        stream.reconfigure(encoding="utf-8", errors="replace", newline="")


def with_emptiness(answer: Answer) -> tuple[Answer, bool]:
    """The answer, and whether it has a list to show and nothing in it; of a stream the first record is taken and put back."""
    if answer.table is not None:
        return answer, False
    rows, records = answer.rows, answer.records
    if isinstance(rows, (list, tuple)) and isinstance(records, (list, tuple)):
        return answer, not rows and not records
    if isinstance(records, (list, tuple)):
        return answer, False
    stream = iter(records)
    first = list(itertools.islice(stream, 1))
    return replace(answer, records=itertools.chain(first, stream)), not first


def write(chunks: Iterator[str], *, newline: bool = True) -> None:
    """Write text to stdout; a reader that has gone away (`| head`) is no error."""
    try:
        for chunk in chunks:
            click.echo(chunk, nl=newline)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def collection_of(ctx: click.Context) -> Collection:
    """The collection in the home that the group was given."""
    from casereviews.collection.collection import Collection

    assert isinstance(ctx.obj, Collection)
    return ctx.obj
