"""The operator's contact: publishers are told whom to write to."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.sources.source import Source
    from casereviews.repository.home import Home


def contact_for(home: Home, sources: Iterable[Source], options: CrawlOptions) -> str | None:
    """The contact that is set, or asked for once on a terminal and kept in the home; None where nobody can be asked.

    Without one no live site is read (`casereviews.crawler.network.manners.require_contact` refuses and says how to set it).
    """
    from casereviews.crawler.network.manners import contact_of, keep_contact, needs_contact

    known = contact_of(home)
    if known or not needs_contact(sources, options) or not sys.stdin.isatty():
        return known
    click.echo(
        "casereviews tells every site it reads whom to write to. It is sent with each request and kept in this home only.",
        err=True,
    )
    given: str = click.prompt("Your e-mail address or web page", err=True)
    keep_contact(home.create(), given)
    return given
