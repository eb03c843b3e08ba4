"""`cli`, the click group: verbs are modules of `casereviews.search_cli.commands`, loaded only when asked for."""

from __future__ import annotations

if __name__ == "__main__":  # before all that takes time to load
    from casereviews.search_cli.early_stop import loading

    loading()

import gc
import importlib
import os
from pathlib import Path
from typing import Any

import click

from casereviews.search_cli.early_stop import loaded
from casereviews.search_cli.edge import at_the_edge, print_trouble

# Python looks for circles after every 700 new objects: while modules load there are none, and a search is mostly that.
gc.set_threshold(50_000, 20, 20)

VERBS = {
    "demo": "Collect, read and search bundled fictional reviews: the whole job in a minute.",
    "refresh": "Ask the publishers what is new, read it, describe it, index it.",
    "add": "Add a file, folder or address by hand.",
    "search": "Search the full text; hits are reviews with their best pages.",
    "serve": "The collection as pages in a browser.",
    "similar": "Find cases like the one you describe; nothing is stored.",
    "show": "Show a review, a document or one of its pages.",
    "open": "Open a document as the publisher published it.",
    "new": "What is new, changed, moved, missing or removed.",
    "export": "Take records away.",
    "briefing": "Draft a briefing from the reports' own sentences.",
    "stats": "Counts by year, nation, type, theme; quality of the records.",
    "themes": "The themes that reviews are described by, and what each means.",
    "saved": "Searches that every refresh runs.",
    "mark": "Include or exclude a review, with the reason.",
    "sample": "Draw reviews to be coded by hand, with the sheet for it.",
    "agree": "Compare a sheet that was coded by hand with what the program says.",
    "methods": "The text of a methods section: what was collected, when, how, and what is missing.",
    "kwic": "A concordance: a phrase with its context, line by line.",
    "sources": "The registry of publishers.",
    "correct": "Correct a field of a review or a document.",
    "corrections": "All corrections; what comes back from a coded project.",
    "held": "Documents that are held back until a person decides.",
    "withdraw": "Take a review or document out everywhere.",
    "rebuild": "Make readings, descriptions or the index again.",
    "migrate": "Bring a home to servers, and back into its folder.",
    "backup": "Copy what cannot be made again to a folder of backups.",
    "restore": "Bring a backup back into an empty or damaged home.",
    "status": "How every source is doing, and what to do about it.",
    "doctor": "Compare record, archive and index; repair what can be.",
    "model": "Sentence models for `similar`.",
    "completion": "Let the shell complete verbs, options and values.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run: searching must start fast."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = importlib.import_module(f"casereviews.search_cli.commands.{cmd_name}")
        loaded()
        command = getattr(module, "command")  # noqa: B009 - every verb's module names it so
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(VERBS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], VERBS, n=1)
            if near and not ctx.resilient_parsing:
                raise click.UsageError(
                    f"there is no verb '{args[0]}'; did you mean '{near[0]}'?", ctx
                ) from error
            raise

    def invoke(self, ctx: click.Context) -> Any:
        with at_the_edge(lambda error: ctx.obj.damage_behind(error) if ctx.obj is not None else ""):
            return super().invoke(ctx)


def default_home() -> Path:
    """`CASEREVIEWS_HOME`, else the platform's folder for data."""
    named = os.environ.get("CASEREVIEWS_HOME")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir("casereviews", appauthor=False))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the collection [default: CASEREVIEWS_HOME, else the platform's data folder].",
)
@click.version_option(package_name="casereviews", prog_name="casereviews")
@click.pass_context
def cli(ctx: click.Context, home: Path | None) -> None:
    """Collect, keep and search the case reviews that UK safeguarding bodies publish."""
    from casereviews.collection.collection import Collection
    from casereviews.search_cli.contact import contact_asker

    ctx.obj = ctx.with_resource(
        Collection(home or default_home(), ask_contact=contact_asker(), warn=print_trouble)
    )
    ctx.meta["casereviews.home_given"] = home is not None or bool(
        os.environ.get("CASEREVIEWS_HOME")
    )


if __name__ == "__main__":
    cli()
