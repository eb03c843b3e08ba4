"""Signs of other databases in a query, answered with what is typed here."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_QUOTED = re.compile(r'["“„‟«][^"”“»]*["”“»]')
_NEAR = re.compile(r"(?<!\S)(?:(?:ADJ|adj)(\d*)|[WNwn]/(\d+)|[Nn]ear/(\d+))(?!\S)")
_LOOSE_OR = re.compile(r"(?<=\S) or (?=\S)")
_ANY_LETTER = re.compile(
    r"(?<!\S)([^\W\d_]{2,})\?([^\W_]*)\?*[^\W_]+(?!\S)|(?<!\S)[^\W\d_]{3,}#(?!\S)"
)
_LAST_LETTER = re.compile(r"(?<!\S)([^\W\d_]{3,})\?+(?!\S)")


def advice(query: str, missing: Collection[str] = ()) -> tuple[str, ...]:
    """What to type instead of `?`, `ADJ3`, `W/5`, `near/5` and a lower-case `or`, a line each; they were read as words.

    A `?` at the end of a word asks, but for a word that is `missing` from the index.
    """
    return tuple(dict.fromkeys(_advice(_QUOTED.sub(" ", query), missing)))


def _advice(query: str, missing: Collection[str]) -> Iterator[str]:
    for found in _NEAR.finditer(query):
        if found[0] != "ADJ" and found[0].lower() != "adj":
            number = found[1] or found[2] or found[3]
            yield f"{found[0]} was read as a word: for words near each other type NEAR/{number}, in capitals"
    if _LOOSE_OR.search(query):
        yield "or in small letters only joins words: type OR, in capitals, for either"
    for found in _LAST_LETTER.finditer(query):
        if found[1].casefold() in missing:
            yield _no_sign(found[0], f"{found[1]}*")
    for found in _ANY_LETTER.finditer(query):
        begun = f"{found[1]}*" if found[1] else f"{found[0][:-1]}*"
        yield _no_sign(found[0], begun)


def _no_sign(typed: str, begun: str) -> str:
    return f"{typed} was read as words: no sign stands for one letter, type {begun} for all words that begin so"
