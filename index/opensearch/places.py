"""Where a document's words stand, packed: words of one family lie together, so that a few words are read without the others.

A bucket is compressed; unpacked it is a line of JSON (the terms, and how many places each has), and the places one after the other, each
as its distance from the one before: two bytes each, four where a distance needs them.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain
from operator import sub

from casereviews.index.analysis import CASED, fold, kin
from casereviews.index.opensearch.mapping import BUCKETS

_TWO_BYTES = 0xFFFF


@lru_cache(maxsize=500_000)
def bucket_of(term: str) -> int:
    """The bucket of a word, or of a short word in capitals: that of its family."""
    word = fold(term[len(CASED) :]) if term.startswith(CASED) else term
    return zlib.crc32(kin(word).encode("utf-8", "surrogatepass")) % BUCKETS


def packed(terms: Mapping[str, Sequence[int]]) -> dict[int, bytes]:
    """The buckets of a document, from the rising places of its words."""
    parted: dict[int, dict[str, Sequence[int]]] = {}
    for term in sorted(terms):
        parted.setdefault(bucket_of(term), {})[term] = terms[term]
    return {at: zlib.compress(_flat(some), 6) for at, some in sorted(parted.items())}


def _flat(terms: Mapping[str, Sequence[int]]) -> bytes:
    steps = array("I")
    for places in terms.values():
        steps.extend(map(sub, places, chain((0,), places)))
    wide = max(steps, default=0) > _TWO_BYTES
    data = steps if wide else array("H", steps)
    if sys.byteorder == "big":
        data.byteswap()
    said = [wide, list(terms), list(map(len, terms.values()))]
    return json.dumps(said, separators=(",", ":")).encode("ascii") + b"\n" + data.tobytes()


class Bucket:
    """A bucket, opened for reading."""

    __slots__ = ("_at", "_steps")

    def __init__(self, data: bytes) -> None:
        said, _, rest = zlib.decompress(data).partition(b"\n")
        wide, terms, counts = json.loads(said)
        self._steps = array("I" if wide else "H")
        self._steps.frombytes(rest)
        if sys.byteorder == "big":
            self._steps.byteswap()
        ends = accumulate(counts, initial=0)
        self._at = {
            term: (end, count) for term, end, count in zip(terms, ends, counts, strict=False)
        }

    def places(self, terms: Iterable[str]) -> list[Sequence[int]]:
        """The rising places of each of these words that stands in the document."""
        found: list[Sequence[int]] = []
        for term in terms:
            if term in self._at:
                start, count = self._at[term]
                found.append(list(accumulate(self._steps[start : start + count])))
        return found
