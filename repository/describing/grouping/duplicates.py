"""Nearly the same texts: MinHash signatures and the pairs that are alike (copies on several sites, new prints of one report).

A signature is made once per text (rensa) and compared by number; texts that share a band of it are compared whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rensa import RMinHash

PERMUTATIONS = 128
# 32 bands of 4: two texts with a similarity of 0.8 share a band with a probability above 0.9999.
BAND = 4
ALIKE = 0.8
SHINGLE = 5  # words
SHORTEST = 60  # words: below, texts are too short to tell copies from standard sentences
_SEED = 20


def signature(text: str) -> tuple[int, ...]:
    """The MinHash signature of a text's five-word shingles; () for texts too short to compare."""
    words = re.findall(r"\w+", text.lower())
    if len(words) < SHORTEST:
        return ()
    shingles = {" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)}
    sketch = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    sketch.update(list(shingles))
    return tuple(sketch.digest())


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of shingles two texts have in common, 0 to 1."""
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def alike_pairs(signatures: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, str, float]]:
    """Pairs of ids whose texts are alike, with their similarity; each pair once, the smaller id first, in order."""
    bands: dict[tuple[int, tuple[int, ...]], list[str]] = {}
    for key in sorted(signatures):
        sketch = signatures[key]
        for start in range(0, len(sketch), BAND):
            bands.setdefault((start, sketch[start : start + BAND]), []).append(key)
    candidates = {
        (one, other)
        for members in bands.values()
        for place, one in enumerate(members)
        for other in members[place + 1 :]
    }
    for one, other in sorted(candidates):
        share = similarity(signatures[one], signatures[other])
        if share >= ALIKE:
            yield one, other, share
