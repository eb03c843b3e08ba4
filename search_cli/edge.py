"""The edge of the command line: what leaves it beside an answer, notes and errors, cannot act on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from casereviews.search_cli.errors import CannotRun, Interrupted, as_click_exception


def tell(text: str) -> None:
    """Say something on stderr; what others wrote in it cannot act on the terminal."""
    click.echo(_harmless(text), err=True)


def _harmless(text: str) -> str:
    from casereviews.collection.output.hostile import for_terminal

    return for_terminal(text)


def print_trouble(trouble: str) -> None:
    """Say on stderr what is wrong and stops nothing."""
    tell(trouble)


@contextmanager
def at_the_edge(damage: Callable[[Exception], str] = lambda _: "") -> Iterator[None]:
    """Turn the rooms' errors into ClickExceptions.

    `damage` says which damaged file of the home an error may come of; it is asked about errors that nobody named.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted from None
    except click.ClickException as error:
        # What was typed, or stands in a file, is often cited.
        error.message = _harmless(error.message)  # type: ignore[misc] # click calls it final
        raise
    except (click.exceptions.Exit, click.Abort):
        raise
    except Exception as error:
        known = as_click_exception(error)
        if known is None and (said := damage(error)):
            known = CannotRun(said)
        if known is None:
            raise
        known.message = _harmless(known.message)  # type: ignore[misc]
        raise known from error
