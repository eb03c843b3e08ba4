"""A collection served as pages, for the verbs that do: the one place of the command line that knows `web/`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from casereviews.collection.collection import Collection
from casereviews.search_cli.errors import CannotRun


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
    allow_changes: bool = False,
    workers: int = 1,
) -> None:
    """Serve it, print its address to stdout, and where wanted open it. Raises CannotRun without the extra [serve]."""
    try:
        from casereviews.web.serving import Serving, serve
    except ImportError as error:
        raise CannotRun(
            f'the pages need the extra [serve] ({error.name} is missing): pip install ".[serve]"'
        ) from None
    serving = Serving(host, port, names, token_file, proxy, user_header, allow_changes, workers)
    serve(collection, serving, told=_teller(opened))


def _teller(opened: bool) -> Callable[[str], None]:
    def tell(address: str) -> None:
        click.echo(address)
        click.echo("Ctrl-C ends it.", err=True)
        if opened:
            click.launch(address)

    return tell
