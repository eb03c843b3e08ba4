"""Which rules describe: a digest of words and code, so that a description made by others is due again by itself."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from casereviews.repository.describing import second_opinion
from casereviews.repository.home import Home
from casereviews.repository.vocabulary import Vocabulary
from casereviews.repository.vocabulary.rules import rules_digest

# What says of a document what it is, and what of that is published: rules as code, loaders of rules as data, tables of fields.
ROOM = "casereviews.repository"
CODE = ("describing", "vocabulary", "processing", "model.py", "fields.py")


def describer_of(vocabulary: Vocabulary, *, with_second_opinion: bool = False) -> str:
    """The name of what describes with this vocabulary: a hash of the vocabulary, the packaged rule files, describing's code and who gives the second opinion.

    Every part counts as a whole: whichever rule is changed, every document is described again (0.1 s for a report of 40 pages),
    because which documents a rule touches is only known by trying it. What comes out of it is compared where documents are
    published (`casereviews.repository.processing.publishing`), so that only a document that is now said to be something else is indexed again.
    """
    opinion = second_opinion.KEY if with_second_opinion else ""
    said = "\0".join((vocabulary.digest, rules_digest(), _code_digest(), opinion))
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def describer_now(home: Home, vocabulary: Vocabulary) -> str:
    """The name of what would describe a home's documents now."""
    wanted = second_opinion.is_wanted(home) and second_opinion.can_judge(vocabulary)
    return describer_of(vocabulary, with_second_opinion=wanted)


@cache
def _code_digest() -> str:
    said = hashlib.blake2b(digest_size=8)
    for path, file in _modules(files(ROOM), ROOM, CODE):
        said.update(path.encode() + b"\0" + file.read_bytes())
    return said.hexdigest()


def _modules(
    folder: Traversable, path: str, only: Collection[str] = ()
) -> Iterator[tuple[str, Traversable]]:
    """Every module under a folder with its dotted path, in one order on every machine; of the folder itself `only` these."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if only and one.name not in only:
            continue
        if one.name.endswith(".py"):
            yield f"{path}.{one.name}", one
        elif one.is_dir() and one.name != "__pycache__":
            yield from _modules(one, f"{path}.{one.name}")
