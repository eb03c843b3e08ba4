"""Which parser reads pages: a digest of the code and the words that do, so that what another one understood is not taken for what a page says."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from casereviews.repository.vocabulary.rules import rules_digest

ROOM = "casereviews.crawler.parsing"


@cache
def parser_digest() -> str:
    """A short digest of all parsing code and of the rules of the field's words."""
    said = hashlib.blake2b(rules_digest().encode(), digest_size=8)
    _add(files(ROOM), ROOM, said)
    return said.hexdigest()


def _add(folder: Traversable, path: str, said: hashlib.blake2b) -> None:
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir() and one.name != "__pycache__":
            _add(one, f"{path}.{one.name}", said)
        elif one.name.endswith(".py"):
            said.update(f"{path}.{one.name}\0".encode() + one.read_bytes())
