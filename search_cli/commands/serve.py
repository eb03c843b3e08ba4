"""`serve`: the collection as pages in a browser, on this machine unless it is said who else may ask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from casereviews.collection.collection import Collection
from casereviews.search_cli.errors import CannotRun
from casereviews.search_cli.examples import examples
from casereviews.search_cli.options import collection_of


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
) -> None:
    """Serve the collection as pages for a browser, until Ctrl-C.

    One address is printed; it is good once, in one browser of this machine. Nothing that is typed is logged or kept. Another host
    needs --token-file, or --behind-proxy with --user-header; put TLS before it.
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
    )


def serve_collection(
    collection: Collection,
    *,
    opened: bool = False,
    port: int = 0,
    host: str = "127.0.0.1",
    names: tuple[str, ...] = (),
    token_file: Path | None = None,
    proxy: str | None = None,
    user_header: str | None = None,
) -> None:
    """Serve it, print its address to stdout, and where wanted open it. Raises CannotRun without the extra [serve]."""
    try:
        from casereviews.web.serving import Serving, serve
    except ImportError as error:
        raise CannotRun(
            f'the pages need the extra [serve] ({error.name} is missing): pip install ".[serve]"'
        ) from None
    serving = Serving(host, port, names, token_file, proxy, user_header)
    serve(collection, serving, told=_teller(opened))


def _teller(opened: bool) -> Callable[[str], None]:
    def tell(address: str) -> None:
        click.echo(address)
        click.echo("Ctrl-C ends it.", err=True)
        if opened:
            click.launch(address)

    return tell
