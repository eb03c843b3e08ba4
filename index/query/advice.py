"""Signs of other databases in a query, answered with what is typed here."""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUOTED = re.compile(r'["“„‟«][^"”“»]*["”“»]')
_NEAR = re.compile(r"(?<!\S)(?:(?:ADJ|adj)(\d*)|[WNwn]/(\d+)|[Nn]ear/(\d+))(?!\S)")
_LOOSE_OR = re.compile(r"(?<=\S) or (?=\S)")
_ANY_LETTER = re.compile(
    r"(?<!\S)([^\W\d_]{2,})\?([^\W_]*)\?*[^\W_]+(?!\S)|(?<!\S)[^\W\d_]{3,}#(?!\S)"
)


def advice(query: str) -> tuple[str, ...]:
    """What to type instead of `?`, `ADJ3`, `W/5`, `near/5` and a lower-case `or`, a line each; they were read as words."""
    return tuple(dict.fromkeys(_advice(_QUOTED.sub(" ", query))))


def _advice(query: str) -> Iterator[str]:
    for found in _NEAR.finditer(query):
        if found[0] != "ADJ" and found[0].lower() != "adj":
            number = found[1] or found[2] or found[3]
            yield f"{found[0]} was read as a word: for words near each other type NEAR/{number}, in capitals"
    if _LOOSE_OR.search(query):
        yield "or in small letters only joins words: type OR, in capitals, for either"
    for found in _ANY_LETTER.finditer(query):
        begun = f"{found[1]}*" if found[1] else f"{found[0][:-1]}*"
        yield f"{found[0]} was read as words: no sign stands for one letter, type {begun} for all words that begin so"
