"""Seeded queries of every kind over the benchmark's corpus: from the commonest words to the rarest, phrases that are there and some that are not."""

from __future__ import annotations

import random
from collections.abc import Callable

from benchmarks.corpus import FUNCTION_WORDS, NATIONS, TYPES, Corpus
from casereviews.index.fields import SECTIONS

EACH = 30
KINDS = ("words", "filters", "prefix", "phrases", "near", "sections")
_BANDS = ((66, 300), (66, 300), (300, 2_000), (300, 2_000), (2_000, 20_000))
_COMMON_PHRASES = ('"of the"', '"was not"', '"in the child"', '"it was that"')


def queries(corpus: Corpus, *, seed: int = 1) -> dict[str, list[str]]:
    """EACH queries of each kind."""
    chance = random.Random(seed)
    phrases = [phrase for phrase in corpus.phrases if len(phrase.split()) <= 4]

    def word() -> str:
        low, high = chance.choice(_BANDS)
        return corpus.vocabulary[chance.randrange(low, high)]

    def phrase() -> str:
        return f'"{chance.choice(phrases)}"'

    def words() -> str:
        return " ".join(word() for _ in range(chance.choice((1, 2, 2, 3))))

    def filtered() -> str:
        year = chance.randint(2009, 2018)
        filters = (
            f"nation:{chance.choice(NATIONS)}",
            f"type:{chance.choice(TYPES)}",
            f"year:{year}..{year + chance.randint(1, 8)}",
            f"theme:{chance.choice(corpus.theme_ids)}",
            "age:under_1 outcome:death",
        )
        return f"{words()} {chance.choice(filters)}"

    def prefix() -> str:
        other = f" {word()}" if chance.random() < 0.3 else ""
        return word()[: chance.choice((3, 4, 5))] + "*" + other

    def exact() -> str:
        if chance.random() < 0.12:
            return chance.choice(_COMMON_PHRASES)
        if chance.random() < 0.2:
            return f'"{chance.choice(FUNCTION_WORDS)} {word()}"'
        return phrase() + (f" {word()}" if chance.random() < 0.3 else "")

    def near() -> str:
        one, other = chance.choice(
            ((word(), word()), (phrase(), word()), (f"({word()} OR {word()})", word()))
        )
        return f"{one} NEAR/{chance.choice((3, 5, 10, 20))} {other}"

    def section() -> str:
        inner = chance.choice((word(), phrase(), f"({word()} OR {word()})", f"({word()} {word()})"))
        return f"in:{chance.choice((SECTIONS[0], SECTIONS[3], SECTIONS[5]))} {inner}"

    makers: tuple[Callable[[], str], ...] = (words, filtered, prefix, exact, near, section)
    return {kind: [make() for _ in range(EACH)] for kind, make in zip(KINDS, makers, strict=True)}
