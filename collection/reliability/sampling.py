"""A sample of reviews that anybody can draw again: by a seed, stratified, in proportion."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from casereviews.collection.asking.counts import values_counted
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.withholding import labels_of_hit_withheld, name_words_withheld
from casereviews.collection.reliability.coded_fields import CodedField

if TYPE_CHECKING:
    from casereviews.collection.output.withholding import ExportedReview
    from casereviews.index.results import Results

SEEDS = 1_000_000
"""A seed that nobody gave is below this: short enough to be typed again."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """The reviews that have the same values of the fields that were stratified by: how many there are, how many were drawn."""

    values: tuple[str, ...]
    reviews: int
    drawn: int


@dataclass(frozen=True, slots=True)
class SampledReview:
    """A review as its coder is shown it: without anything that the rules say of its case. `documents` are (id, title, pages), `links` their addresses."""

    review_id: str
    title: str
    documents: tuple[tuple[str, str, int], ...]
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was drawn. `frame` counts the reviews that it was drawn from (`understood` says which), `without_file` names those that
    match too and of which no file is kept, so that nobody can code them; `collected` is the instant of the index (ISO 8601, UTC)."""

    reviews: tuple[SampledReview, ...]
    fields: tuple[CodedField, ...]
    asked: int
    seed: int
    by: tuple[str, ...]
    strata: tuple[Stratum, ...]
    frame: int
    understood: str
    without_file: tuple[str, ...]
    collected: str

    def to_json(self) -> dict[str, Any]:
        """The sample as the contract of `sample --json` has it."""
        return {
            "seed": self.seed,
            "asked": self.asked,
            "drawn": len(self.reviews),
            "frame": self.frame,
            "understood": self.understood,
            "index_built": self.collected,
            "by": list(self.by),
            "strata": [
                {"values": list(one.values), "reviews": one.reviews, "drawn": one.drawn}
                for one in self.strata
            ],
            "without_file": list(self.without_file),
            "fields": [field.key for field in self.fields],
            "reviews": [
                {
                    "review_id": one.review_id,
                    "title": one.title,
                    "documents": [
                        {"document_id": key, "title": title, "pages": pages}
                        for key, title, pages in one.documents
                    ],
                    "links": list(one.links),
                }
                for one in self.reviews
            ],
        }


def sample_of(
    found: Results,
    exported: Callable[[Results], Iterable[ExportedReview]],
    fields: tuple[CodedField, ...],
    without_file: Collection[str],
    *,
    n: int,
    by: tuple[str, ...],
    seed: int | None,
) -> Sample:
    """`n` of the reviews that were `found`, but for those `without_file`, in strata of the facet fields `by`; of a field of several values all of them together
    make one. `exported` gives hits as they may leave; without a seed a new one is drawn."""
    frame = {
        hit.review_id: tuple(" + ".join(sorted(values_counted(hit, one))) for one in by)
        for hit in found.hits
        if hit.review_id not in without_file
    }
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    drawn, strata = draw(frame, n, seed)
    wanted = frozenset(drawn)
    chosen = tuple(hit for hit in found.hits if hit.review_id in wanted)
    hidden = {label for hit in found.hits for label in labels_of_hit_withheld(hit)}
    given = {one.review.review_id: one for one in exported(replace(found, hits=chosen))}
    return Sample(
        # What was held or withdrawn since it was found is not among what is given.
        reviews=tuple(_as_shown(given[one]) for one in drawn if one in given),
        fields=fields,
        asked=n,
        seed=seed,
        by=by,
        strata=strata,
        frame=len(frame),
        understood=name_words_withheld(found.understood, hidden),
        without_file=tuple(
            sorted(hit.review_id for hit in found.hits if hit.review_id in without_file)
        ),
        collected=found.index.built,
    )


def _as_shown(given: ExportedReview) -> SampledReview:
    """A review as its coder is shown it; withheld names are in none of it."""
    review = given.review
    documents = tuple(
        (one.document_id, for_line(one.title or "Untitled"), one.pages)
        for one in review.documents
        if one.sha256
    )
    links = dict.fromkeys(one.url or one.landing_url or "" for one in review.documents)
    return SampledReview(
        review.review_id,
        for_line(review.title or "Untitled"),
        documents,
        tuple(for_line(one) for one in links if one),
    )


def draw(
    frame: Mapping[str, tuple[str, ...]], n: int, seed: int
) -> tuple[tuple[str, ...], tuple[Stratum, ...]]:
    """`n` of the reviews of `frame` (id -> the values that make its stratum), in an order that tells nothing, and the strata.

    Each stratum gives its share of `n`, rounded by largest remainders (Hamilton's method: whole parts first, what is left goes to the largest
    fractions, of equal ones to the larger stratum, then by name). Within a stratum those come first whose BLAKE2b hash of seed and id is the
    least: a simple random sample, the same on every machine and by every version of Python, whatever else the home holds.
    """
    strata: dict[tuple[str, ...], list[str]] = {}
    for review_id, values in frame.items():
        strata.setdefault(values, []).append(review_id)
    n = min(n, len(frame))
    shares = allotted({values: len(ids) for values, ids in strata.items()}, n)
    drawn = [
        review_id
        for values, ids in strata.items()
        for review_id in sorted(ids, key=lambda one: _place(seed, one))[: shares[values]]
    ]
    told = tuple(Stratum(values, len(strata[values]), shares[values]) for values in sorted(strata))
    return tuple(sorted(drawn, key=lambda one: _place(seed, one))), told


def allotted(sizes: Mapping[tuple[str, ...], int], n: int) -> dict[tuple[str, ...], int]:
    """`n` parted among strata in proportion to their sizes, by largest remainders; `n` is at most their sum."""
    total = sum(sizes.values())
    if not total:
        return {}
    quotas = {values: Fraction(n * size, total) for values, size in sizes.items()}
    shares = {values: int(quota) for values, quota in quotas.items()}
    by_remainder: Sequence[tuple[str, ...]] = sorted(
        sizes, key=lambda one: (shares[one] - quotas[one], -sizes[one], one)
    )
    for values in by_remainder[: n - sum(shares.values())]:
        shares[values] += 1
    return shares


def _place(seed: int, review_id: str) -> bytes:
    return hashlib.blake2b(f"{seed}\n{review_id}".encode(), digest_size=16).digest()
