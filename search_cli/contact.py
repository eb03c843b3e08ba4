"""Asking the operator for a contact: publishers are told whom to write to."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click


def contact_asker() -> Callable[[], str] | None:
    """What asks for the contact on a terminal; None where nobody can be asked."""
    return ask_contact if sys.stdin.isatty() else None


def ask_contact() -> str:
    """The contact as it is typed."""
    click.echo(
        "casereviews tells every site it reads whom to write to. It is sent with each request and kept in this home only.",
        err=True,
    )
    given: str = click.prompt("Your e-mail address or web page", err=True)
    return given
