"""What stands in the head of every page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A page by its name and address."""

    name: str
    path: str


CHANGES = (
    Item("Corrections", "/corrections"),
    Item("Held", "/held"),
)
"""Only where the operator allows changes (`serve --allow-changes`)."""
MENU = (
    Item("Search", "/"),
    Item("Similar cases", "/similar"),
    Item("Briefing", "/briefing"),
    Item("Counts", "/counts"),
    Item("What is new", "/new"),
    Item("Saved searches", "/saved"),
    Item("Marks", "/marks"),
    Item("Coverage", "/coverage"),
)
