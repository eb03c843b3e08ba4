"""Knowing again what was withdrawn without keeping a word of it: keyed digests of its runs of words, and of the names of its case.

A sketch is the SKETCH smallest keyed digests of a text's runs of five words, but for runs that the publisher's other texts have too
(headings, statutory sentences): a bottom-k sample (Broder 1997). Another text is a near-copy when it has most of them; pages that
surround it, or other reports in the same file, take nothing away; and so is a part of it that says little else. A second sketch is of
what a text says beside names and the words that stand for them (`nameless_runs_of`): it knows a part with the names taken out. Names are digests too, made slow on purpose (PBKDF2). The key is the
home's own and stands beside them: who has the whole home can test a guess, a digest alone tells nothing, and no two homes' are alike.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

RUN, RUN_NAMELESS = 5, 4  # words
SKETCH = 96
SHORTEST = 24
"""Digests: a text with fewer runs of its own is only known by all of its words."""

ALIKE = 0.6
"""The share of a sketch that a near-copy has at least."""
ALIKE_ALONE, ALIKE_BOTH_WAYS = 0.85, 0.8
"""Where the home held nothing else by the publisher, so that nobody knows what all its reports say: that share, or the mean of it and of the
share of the other text that is the sketched one's. A part of a text has little of it, and nothing else; another report has a story of
its own. Chosen on pairs that were made for it, tried on others (benchmarks/README.md)."""

PART, PART_ALONE = 0.8, 0.95
"""The share of what a part of a text says of its own (`is_part`), as far as the sketch can tell, that is the sketched text's."""
NAMELESS, NAMELESS_ALONE = 0.7, 0.8
"""The same of a text's runs without names: other words for a person or a place leave few of them different. Chosen on made-up reports of
which names were taken out in seven ways, tried on others (benchmarks/README.md)."""
PART_AT_LEAST = 12
"""Digests of a sketch that a part has at least: fewer are a quotation."""

COVER, SIDE_BY_SIDE = 300, 12
"""Words: how far a text is read for the names of a case, and how near to each other they stand there."""

_ALONE = "alone"

_SLOW = 200  # rounds
_WORD = re.compile(r"[^\W_]+")
_NAME_AT_LEAST = 3  # letters
_LETTERS = re.compile(r"[^\W\d_]+")
_TELLING_AT_LEAST = 4  # letters


def new_key() -> str:
    """A key for one home."""
    return secrets.token_hex(16)


def words_of(text: str) -> list[str]:
    """The words of a text, folded: no case, no accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def runs_of(text: str, key: str) -> set[str]:
    """The keyed digests of a text's runs of words."""
    return set(_runs(words_of(text), RUN, key))


# What anonymised reports say in place of names of people and places.
_FOR_NAMES = frozenset(
    words_of(
        "adult area baby born brother child children city client daughter family father grandfather grandmother individual infant mother name "
        "named parent parents patient people person place pupil redacted removed sibling siblings sister street student subject teenager "
        "that their these this those toddler town village withheld young"
    )
)


def _runs(words: Sequence[str], length: int, key: str) -> Iterator[str]:
    secret = bytes.fromhex(key)
    for at in range(len(words) - length + 1):
        run = " ".join(words[at : at + length]).encode()
        yield hashlib.blake2b(run, key=secret, digest_size=6).hexdigest()


def nameless_runs_of(text: str, key: str) -> set[str]:
    """The keyed digests of a text's runs of words that are neither names nor stand for them; numbers and short words are none either."""
    told = (
        word
        for word in _LETTERS.findall(unicodedata.normalize("NFKC", text))
        if len(word) >= _TELLING_AT_LEAST and word.islower() and word not in _FOR_NAMES
    )
    return set(_runs([word for each in told for word in words_of(each)], RUN_NAMELESS, key))


def sketch_of(runs: Collection[str], common: Collection[str] = ()) -> str:
    """What a tombstone keeps of a text's runs, `common` ones left out; "" when too few are its own."""
    own = sorted(set(runs) - set(common))[:SKETCH]
    return " ".join([*own, *([] if common else [_ALONE])]) if len(own) >= SHORTEST else ""


def share(sketch: str, runs: Collection[str]) -> float:
    """The share of a sketch that another text's runs have, 0 to 1."""
    kept = _kept(sketch)
    return sum(one in runs for one in kept) / len(kept)


def share_of_other(sketch: str, runs: Collection[str]) -> float:
    """The share of another text's runs, 0 to 1, that the sketched text has: of those that its sketch would have kept."""
    near = told_by(sketch, runs)
    return len(near & {*_kept(sketch)}) / len(near) if near else 0.0


def told_by(sketch: str, runs: Collection[str]) -> set[str]:
    """Of a text's runs those that a sketch would have kept, were they the sketched text's: of the others it tells nothing."""
    kept = _kept(sketch)
    return {one for one in runs if len(kept) < SKETCH or one <= kept[-1]}


def is_near_copy(sketch: str, runs: Collection[str]) -> bool:
    """True when a text with these runs is nearly the one that was sketched."""
    had = share(sketch, runs)
    if not sketch.endswith(_ALONE):
        return had >= ALIKE
    return had >= ALIKE_ALONE or (had + share_of_other(sketch, runs)) / 2 >= ALIKE_BOTH_WAYS


def may_be_part(sketch: str, runs: Collection[str]) -> bool:
    """True when it is worth knowing what else the publishers say (`is_part`)."""
    return sum(one in runs for one in _kept(sketch)) >= PART_AT_LEAST


def is_part(sketch: str, own: Collection[str], *, nameless: bool = False) -> bool:
    """True when a text is little more than a piece of the sketched one: a report that comes in two files, or with another one that is known.

    `own` are its runs (`told_by` the sketch, at least) but for those that other texts of its publisher, and of the sketched one's, have too;
    `nameless`: both are without names.
    """
    among, alone = (NAMELESS, NAMELESS_ALONE) if nameless else (PART, PART_ALONE)
    wanted = alone if sketch.endswith(_ALONE) else among
    return may_be_part(sketch, own) and share_of_other(sketch, own) >= wanted


def _kept(sketch: str) -> list[str]:
    return sketch.removesuffix(f" {_ALONE}").split(" ")


@lru_cache(maxsize=65_536)
def _name_digest(word: str, key: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", word.encode(), bytes.fromhex(key), _SLOW, 6).hex()


def case_names(names: Iterable[str], key: str) -> str:
    """What a tombstone keeps of the names of a case; "" when there are none."""
    words = {word for name in names for word in words_of(name) if len(word) >= _NAME_AT_LEAST}
    return " ".join(sorted(_name_digest(word, key) for word in words))


def case_labels(labels: Collection[str], years: Collection[str], key: str) -> str:
    """What a tombstone keeps of the labels of a case ("child q"), and of each with each year that was said of it; "" when it has none."""
    said = {*labels, *(f"{label} {year}" for label in labels for year in years)}
    return " ".join(sorted(_name_digest(one, key) for one in said))


def is_case(labels: Collection[str], years: Collection[str], case: str, key: str) -> bool:
    """True when all these labels (one at least) are a case's (`case_labels`), and one of these years, where there are any, was said of it."""
    kept = set(case.split(" "))
    dated = {_name_digest(f"{label} {year}", key) for label in labels for year in years}
    return (
        bool(labels)
        and all(_name_digest(label, key) in kept for label in labels)
        and (not years or not kept.isdisjoint(dated))
    )


def names_case(text: str, cases: Collection[str], key: str) -> bool:
    """True when a text has all names of one of the cases (`case_names`)."""
    if not cases:
        return False
    said = {_name_digest(w, key) for w in set(words_of(text)) if len(w) >= _NAME_AT_LEAST}
    return any(said.issuperset(case.split(" ")) for case in cases)


def is_titled(text: str, cases: Collection[str], key: str) -> bool:
    """True when a text begins with all names of one of the cases near each other, as a title has; a single name is another child's."""
    told = [set(case.split(" ")) for case in cases if " " in case]
    words = [w for w in words_of(text)[:COVER] if len(w) >= _NAME_AT_LEAST] if told else []
    said = [_name_digest(word, key) for word in words]
    near = [{*said[at : at + SIDE_BY_SIDE]} for at in range(len(said))]
    return any(case <= some for case in told for some in near)
