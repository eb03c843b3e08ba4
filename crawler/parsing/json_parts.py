"""Parts of an answer in JSON that may have any shape: what is not there, or is something else, is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Item = Mapping[str, Any]


def part(item: Item, *names: str) -> Item:
    """The object under a path of names, empty when there is none."""
    for name in names:
        inner = item.get(name)
        item = inner if isinstance(inner, Mapping) else {}
    return item


def parts(item: Item, name: str) -> list[Item]:
    """The objects of the list under a name."""
    inner = item.get(name)
    return [one for one in inner if isinstance(one, Mapping)] if isinstance(inner, list) else []


def texts(item: Item, name: str) -> list[str]:
    """The texts of the list under a name."""
    inner = item.get(name)
    return [one for one in inner if isinstance(one, str)] if isinstance(inner, list) else []


def text(item: Item, name: str) -> str:
    """The text under a name, empty when there is none."""
    inner = item.get(name)
    return inner if isinstance(inner, str) else ""
