"""`serve`: the collection as pages in a browser, on this machine unless it is said who else may ask."""

from __future__ import annotations

from pathlib import Path

import click

from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of
from casereviews.search_cli.serving import serve_collection


@examples("serve --open", "serve --host 0.0.0.0 --name reviews.example.org --token-file token.txt")
@click.command("serve")
@click.option("--open", "opened", is_flag=True, help="Open it in the browser.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Its port [default: a free one]."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A host that people write in their browser, with :PORT where they write one.",
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Let in whoever knows the token in this file.",
)
@click.option(
    "--behind-proxy",
    "proxy",
    metavar="ADDRESS",
    help="Answer this proxy alone, which signs people in.",
)
@click.option("--user-header", metavar="NAME", help="The header in which the proxy names them.")
@click.option(
    "--allow-changes",
    is_flag=True,
    help="Let whoever is let in correct reviews and release what is held.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer, for many people at once.",
)
@click.pass_context
def command(
    ctx: click.Context,
    opened: bool,
    port: int,
    host: str,
    names: tuple[str, ...],
    token_file: Path | None,
    proxy: str | None,
    user_header: str | None,
    allow_changes: bool,
    workers: int,
) -> None:
    """Serve the collection as pages for a browser, until Ctrl-C.

    One address is printed; it is good once, in one browser of this machine. Nothing that is typed is logged, and nothing kept but marks, and
    with --allow-changes corrections. Another host needs --token-file, or --behind-proxy with --user-header; put TLS before it.
    """
    serve_collection(
        collection_of(ctx),
        opened=opened,
        port=port,
        host=host,
        names=names,
        token_file=token_file,
        proxy=proxy,
        user_header=user_header,
        allow_changes=allow_changes,
        workers=workers,
    )
