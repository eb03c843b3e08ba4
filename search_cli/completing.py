"""What the shell offers after a tab: values of filters, sources, ids, saved searches. It is silent where a home is missing or damaged.

Nothing that is held or withdrawn is offered where only what is shown may be named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from casereviews.search_cli.edge import at_the_edge

if TYPE_CHECKING:
    from casereviews.collection.collection import Collection

MOST = 200
"""So many proposals at most: a shell asks before it shows more."""
Offered = Callable[[click.Context, click.Parameter, str], list[str]]
_WORD = re.compile(r"[\w.-]+")


def completed(values: Callable[[Collection], Iterable[str]]) -> Offered:
    """For `shell_complete`: the values that begin as what was typed, whatever its case; none when they cannot be had."""

    def offer(ctx: click.Context, _param: click.Parameter, typed: str) -> list[str]:
        from casereviews.collection.collection import Collection
        from casereviews.search_cli.main import default_home

        try:
            with (
                at_the_edge(),
                Collection(
                    ctx.find_root().params.get("home") or default_home(), warn=lambda _: None
                ) as one,
            ):
                found = sorted({value.replace(" ", "_") for value in values(one)})
        except (
            click.ClickException
        ):  # what is wrong with a home is told by verbs, not into what is being typed
            return []
        low = typed.lower()
        return [one for one in found if one.lower().startswith(low) and _WORD.fullmatch(one)][:MOST]

    return offer


def of_filter(name: str) -> Offered:
    """The values of a filter: the field's codes, and what the index has."""
    return completed(lambda collection: collection.values_of(name))


def _source_ids(collection: Collection) -> Iterable[str]:
    return collection.registry.entries


def _shown_ids(collection: Collection) -> Iterable[str]:
    return collection.shown_ids()


def _held_ids(collection: Collection) -> Iterable[str]:
    return (one.document_id for one in collection.held())


def _saved_names(collection: Collection) -> Iterable[str]:
    return collection.saved.all()


def _nations(collection: Collection) -> Iterable[str]:
    return (one.nation for one in collection.registry.entries.values() if one.nation)


def _families(collection: Collection) -> Iterable[str]:
    return (one.family for one in collection.registry.entries.values())


def _any_ids(collection: Collection) -> Iterable[str]:
    return (*_shown_ids(collection), *_held_ids(collection))


SOURCE_IDS = completed(_source_ids)
SHOWN_IDS = completed(_shown_ids)
HELD_IDS = completed(_held_ids)
ANY_IDS = completed(_any_ids)
SAVED_NAMES = completed(_saved_names)
NATIONS = completed(_nations)
FAMILIES = completed(_families)
