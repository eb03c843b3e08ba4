"""Which segments become one: few enough to search fast, and each document rewritten seldom."""

from __future__ import annotations

import math
from collections.abc import Sequence

SEGMENTS_AT_MOST = 18
TIER_FIRST = 40  # segments of fewer documents are of tier 0; each next tier is four times larger
TIER_WIDTH = 4
TIERS = 3  # beyond, at 640 documents, are the large segments of a full build: they are left alone


def to_merge(sizes: Sequence[int]) -> set[int]:
    """Which segments to merge into one, by their numbers of documents.

    Four of one tier become one of the next, so that ten documents a night are rewritten three times in all; beyond SEGMENTS_AT_MOST the smallest go together.
    """
    tiers: dict[int, set[int]] = {}
    for at, size in enumerate(sizes):
        tier = 0 if size < TIER_FIRST else 1 + int(math.log(size / TIER_FIRST, TIER_WIDTH))
        if tier < TIERS:
            tiers.setdefault(tier, set()).add(at)
    for tier in sorted(tiers):
        if len(tiers[tier]) >= TIER_WIDTH:
            return tiers[tier]
    if len(sizes) > SEGMENTS_AT_MOST:
        smallest = sorted(range(len(sizes)), key=sizes.__getitem__)
        return set(smallest[: len(sizes) - SEGMENTS_AT_MOST + 1])
    return set()
