"""Where the phrases of the themes stand in a folded text: one pass of an Aho-Corasick automaton."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.vocabulary import Theme, Vocabulary

# The two halves of `a & b` may stand this many characters apart in one sentence.
NEAR = 70
_PLAIN = re.compile(
    r"[A-Za-z]+(?:[ '][A-Za-z]+)*"
)  # small letters are all that folding makes of it


@dataclass(frozen=True, slots=True)
class Hit:
    """One phrase of one theme at folded[start:end]; `weak` ones support only, but in titles and keywords, `faint` ones (weak too)
    there as well. `second` is where the latter half of a pair begins (`last`: else `start`)."""

    theme: int
    phrase: str
    start: int
    end: int
    weak: bool
    faint: bool = False
    second: int = -1

    @property
    def last(self) -> int:
        return self.start if self.second < 0 else self.second


class _Use(NamedTuple):
    """What a pattern stands for: a phrase of a theme (half 0), or one half (1, 2) of a pair."""

    theme: int
    phrase: str
    weak: bool
    half: int = 0
    written: str = ""


class PhraseFinder:
    """All phrases of some themes in one automaton; abbreviations and word groups are the vocabulary's."""

    def __init__(self, themes: Sequence[Theme], vocabulary: Vocabulary) -> None:
        uses: dict[str, list[_Use]] = {}
        groups = vocabulary.word_groups
        capitals = {row.short.lower() for row in vocabulary.abbreviations if row.in_capitals_only}
        for index, theme in enumerate(themes):
            own = set(theme.weak + theme.faint)
            for phrase in theme.strong:
                _add(uses, index, phrase, False, capitals, groups, except_for=own)
            for phrase in (*theme.weak, *theme.faint):
                _add(uses, index, phrase, True, capitals, groups)
        self._faint = {
            (index, phrase) for index, theme in enumerate(themes) for phrase in theme.faint
        }
        self._uses = list(uses.values())
        self._automaton = AhoCorasick(list(uses))

    def find(self, folded: str, original: str, offset_of: Callable[[int], int]) -> list[Hit]:
        """The hits in a folded text, in order; `offset_of` leads from folded to original offsets (for capitals)."""
        hits: list[Hit] = []
        halves: dict[tuple[int, str, bool, int], list[tuple[int, int]]] = {}
        for number, places in self._places(folded).items():
            for use in self._uses[number]:
                if use.half:
                    key = (use.theme, use.phrase, use.weak, use.half)
                    halves.setdefault(key, []).extend(places)
                    continue
                for start, end in places:
                    if use.written and not _is_written(original, offset_of(start), use.written):
                        continue
                    hits.append(Hit(use.theme, use.phrase, start, end, use.weak))
        hits.extend(_pairs(halves, folded))
        faint = self._faint
        return [
            replace(hit, faint=True) if hit.weak and (hit.theme, hit.phrase) in faint else hit
            for hit in _longest(hits)
        ]

    def _places(self, folded: str) -> dict[int, list[tuple[int, int]]]:
        """Where each pattern stands as whole words, by its number."""
        found: dict[int, list[tuple[int, int]]] = {}
        size = len(folded)
        for number, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True):
            if (start and folded[start - 1].isalnum()) or (end < size and folded[end].isalnum()):
                continue
            if number in found:
                found[number].append((start, end))
            else:
                found[number] = [(start, end)]
        return found


def _add(
    uses: dict[str, list[_Use]],
    theme: int,
    phrase: str,
    weak: bool,
    capitals: set[str],
    groups: Mapping[str, tuple[str, ...]],
    *,
    except_for: Collection[str] = (),
) -> None:
    """Enter a phrase, its singular and plural (unless that is a weak phrase of its own), or the halves of a pair."""
    left, ampersand, right = phrase.partition(" & ")
    if not ampersand:
        written = "" if phrase == phrase.lower() else phrase
        if phrase in capitals:
            written = phrase.upper()
        for form in _forms(phrase, groups):
            if form in except_for and form != phrase:
                continue
            uses.setdefault(form, []).append(_Use(theme, phrase, weak, written=written))
        return
    for half, words in ((1, left), (2, right)):
        for form in _forms(words, groups):
            uses.setdefault(form, []).append(_Use(theme, phrase, weak, half))


def _forms(phrase: str, groups: Mapping[str, tuple[str, ...]]) -> set[str]:
    """A phrase with its word groups written out, in singular and plural."""
    if "{" not in phrase:
        return set(_both_numbers(phrase))
    forms: set[str] = set()
    for plain in _written_out(phrase, groups):
        forms.update(_both_numbers(plain))
    return forms


@lru_cache(maxsize=1 << 15)
def _both_numbers(phrase: str) -> tuple[str, str]:
    """A phrase, folded, in singular and plural."""
    folded = phrase.lower() if _PLAIN.fullmatch(phrase) else fold(phrase).strip()
    return folded, _other_number(folded)


def _written_out(phrase: str, groups: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    parts = re.split(r"\{(\w+)\}", phrase)
    choices = [groups[part] if place % 2 else (part,) for place, part in enumerate(parts)]
    for choice in product(*choices):
        yield "".join(choice)


def _other_number(phrase: str) -> str:
    """The plural of a phrase in the singular, and the other way; of its last word."""
    head, space, word = phrase.rpartition(" ")
    if not word.isalpha() or len(word) < 3:
        return phrase
    if word in ("child", "children"):
        other = "children" if word == "child" else "child"
    elif word.endswith("man") or word.endswith("men"):
        other = f"{word[:-2]}{'e' if word[-2] == 'a' else 'a'}n"
    elif word.endswith(("ss", "us", "is")):
        other = f"{word}es" if word.endswith("ss") else word
    elif word.endswith("ies"):
        other = f"{word[:-3]}y"
    elif word.endswith(("sses", "ches", "shes", "xes")):
        other = word[:-2]
    elif word.endswith("s"):
        other = word[:-1]
    elif word.endswith("y") and word[-2] not in "aeiou":
        other = f"{word[:-1]}ies"
    elif word.endswith(("x", "ch", "sh")):
        other = f"{word}es"
    else:
        other = f"{word}s"
    return f"{head}{space}{other}"


def _is_written(original: str, start: int, written: str) -> bool:
    """True when the original has the phrase in its own capitals (LAC, ICON, Prevent), not at a sentence's start."""
    if original[start : start + len(written)] != written:
        return False
    if written.isupper():
        return True
    before = original[:start].rstrip()[-1:]
    return before.isalnum() or before in ",;("


def _pairs(
    halves: Mapping[tuple[int, str, bool, int], list[tuple[int, int]]], folded: str
) -> Iterator[Hit]:
    """A hit for each second half that has its first half near it in the same sentence."""
    for (theme, phrase, weak, half), seconds in halves.items():
        firsts = halves.get((theme, phrase, weak, 1)) if half == 2 else None
        if not firsts:
            continue
        firsts.sort()
        starts = [start for start, _ in firsts]
        for start, end in seconds:
            place = bisect_left(starts, start)
            for first in firsts[max(0, place - 1) : place + 1]:
                low, high = min(first[0], start), max(first[1], end)
                between = folded[min(first[1], end) : max(first[0], start)]
                if len(between) <= NEAR and not _STOP.search(between):
                    yield Hit(theme, phrase, low, high, weak, second=max(first[0], start))
                    break


_STOP = re.compile(r"[.!?;\n]")


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits without those that lie inside another of their theme; a weak pair, which spans other words, hides none."""
    kept: list[Hit] = []
    reach: dict[int, int] = {}
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.weak)):
        if hit.end > reach.get(hit.theme, -1):
            kept.append(hit)
            if not hit.weak or " & " not in hit.phrase:
                reach[hit.theme] = hit.end
    return kept
