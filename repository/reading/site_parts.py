"""What a site repeats on its pages: call-outs, sign-up boxes, lists of related pages, written like any other part of a page.

A block that stands on PAGES different pages of a site is repeated. That alone takes nothing off: reviews share sentences of law and method.
What goes is a part of the page (an element) all of which is repeated, where it stands at the page's edge, or speaks to visitors; a repeated
paragraph among the page's own goes only at the edge and when it speaks to visitors. Copies and versions of one text count as one page.
The order of the pages makes no difference.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from casereviews.repository.identity import fold
from casereviews.repository.model import Page, WebBlock, WebText
from casereviews.repository.reading.flow import Block, sections
from casereviews.repository.reading.languages import language
from casereviews.repository.vocabulary.rules import load_rules

PAGES = 3
"""On so many different pages a block must stand: two may be a report and its summary."""
_COPIES = 0.5
"""Pages of one heading that share more than this part of their letters are copies, those of several that share _SAME."""
_SAME = 0.9
_OWN = 60  # letters of a paragraph from which on it is prose
_LINKED = 0.6
_RULES = load_rules("visitors")
_VISITORS, _OF_A_REVIEW = _RULES.of("visitor"), _RULES.of("of a review")
_HINT = re.compile(
    r"(?:^|[\s_-])(?:aside|footer|header|form|nav|menu|sidebar|share|sharing|social|related|newsletter|subscribe|sign-?up|feedback|"
    r"call-?out|alert|notice|promo|cta|quick-?links|breadcrumbs?|pager|toolbar|tools|banner|cookies?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LISTS = ("item", "row")


def repeated_parts(pages: Mapping[str, WebText]) -> dict[str, frozenset[int]]:
    """The places of the blocks of each page of one site that are the site's and not the page's; a page keeps at least its own words."""
    standing: dict[str, set[str]] = defaultdict(set)
    for key, page in pages.items():
        for block in page.blocks:
            standing[_folded(block)].add(key)
    one_of = _copies(pages, standing)
    counts = {text: len({one_of[key] for key in keys}) for text, keys in standing.items()}
    titles = Counter(title for page in pages.values() if (title := _title(page)))
    return {
        key: _SitePage(page, counts, titles).left_out() if counts else frozenset()
        for key, page in pages.items()
    }


def without(page: WebText, left_out: Collection[int], *, limit: int) -> tuple[Page, ...]:
    """The page's sections (at most `limit`) without the blocks at these places."""
    blocks = (
        Block(one.kind, one.text, one.level)
        for at, one in enumerate(page.blocks)
        if at not in left_out
    )
    return tuple(
        replace(made, language=language(made.text))
        for made in sections(blocks, "html", limit=limit)
    )


def share_of(page: WebText, left_out: Collection[int]) -> float:
    """The share of a page's letters in the blocks at these places."""
    letters = [len(one.text) for one in page.blocks]
    return sum(letters[at] for at in left_out) / max(sum(letters), 1)


def _folded(block: WebBlock) -> str:
    return fold(block.text.lstrip("• "))


def _title(page: WebText) -> str:
    return next((_folded(one) for one in page.blocks if one.kind == "heading"), "")


def _copies(
    pages: Mapping[str, WebText], standing: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Page -> the first of the pages that it is a copy or a version of: blocks that stand on exactly the same pages say so."""
    shared: Counter[frozenset[str]] = Counter()
    for text, keys in standing.items():
        if len(keys) > 1:
            shared[frozenset(keys)] += len(text)
    letters = {key: sum(len(one.text) for one in page.blocks) for key, page in pages.items()}
    first = {key: key for key in pages}

    def root(key: str) -> str:
        while first[key] != key:
            key = first[key]
        return key

    for keys, common in sorted(shared.items(), key=lambda one: sorted(one[0])):
        least = _COPIES if len({_title(pages[key]) for key in keys}) == 1 else _SAME
        alike = sorted(key for key in keys if common > least * letters[key])
        for key in alike[1:]:
            one, other = sorted((root(alike[0]), root(key)))
            first[other] = one
    return {key: root(key) for key in pages}


@dataclass(frozen=True)
class _Part:
    """An element that holds the blocks from `start` to `stop` (exclusive); `make` is its tag and classes, `inner` the parts in it."""

    start: int
    stop: int
    make: str
    inner: tuple[_Part, ...]

    @property
    def places(self) -> range:
        return range(self.start, self.stop)


class _SitePage:
    """One page beside the others of its site; `counts` says on how many different pages a text stands."""

    def __init__(self, page: WebText, counts: Mapping[str, int], titles: Mapping[str, int]) -> None:
        self._page = page
        self._blocks = page.blocks
        texts = [_folded(one) for one in page.blocks]
        self._repeated = [counts[text] >= PAGES for text in texts]
        mine = _title(page)
        self._goes = [
            again or (one.linked and (counts[text] > 1 or (text != mine and text in titles)))
            for one, text, again in zip(page.blocks, texts, self._repeated, strict=True)
        ]

    def left_out(self) -> frozenset[int]:
        if not any(self._repeated) or all(self._goes):
            return frozenset()
        whole = _part(self._blocks, self._page.makes, 0, len(self._blocks), 0, "")
        found = set(self._of(whole, (), alone=True))
        for at in range(len(self._blocks) - 1, -1, -1):
            if self._heads_nothing(at, found):
                found.add(at)
        return frozenset(found)

    @cached_property
    def _head(self) -> int:
        """The first block that is the page's own."""
        own = (at for at, one in enumerate(self._blocks) if not self._goes[at] and not one.linked)
        return next(own, 0)

    @cached_property
    def _tail(self) -> int:
        """The last block that is the page's own text: a date of its last change is none."""
        return max((at for at in range(len(self._blocks)) if self._is_own(at)), default=0)

    def _is_own(self, at: int) -> bool:
        block = self._blocks[at]
        if self._goes[at] or block.linked:
            return False
        return len(block.text) >= _OWN or block.kind in ("heading", *_LISTS)

    def _is_own_prose(self, at: int) -> bool:
        return self._is_own(at) and self._blocks[at].kind != "heading"

    def _of(self, part: _Part, beside: tuple[_Part, ...], *, alone: bool) -> Iterable[int]:
        """The places in a part that go: all of it, or what of it does. `alone`: it is the page itself."""
        if not alone and all(self._goes[at] for at in part.places):
            if self._part_goes(part, beside):
                return part.places
            if not part.inner:
                return [at for at in part.places if self._paragraph_goes(at)]
        inside = {at for each in part.inner for at in each.places}
        bare = [at for at in part.places if at not in inside and self._paragraph_goes(at)]
        return [
            *bare,
            *(at for each in part.inner for at in self._of(each, part.inner, alone=False)),
        ]

    def _part_goes(self, part: _Part, beside: tuple[_Part, ...]) -> bool:
        if not any(self._repeated[at] for at in part.places) and not (
            part.start and self._repeated[part.start - 1]
        ):
            return False
        signal = self._speaks_to_visitors(part)
        stands_out = not any(self._is_alike(part, each) for each in beside)
        if self._is_at_edge(part.start, part.stop):
            return signal or (stands_out and not self._speaks_of_a_review(part))
        return signal and stands_out

    def _is_alike(self, part: _Part, other: _Part) -> bool:
        """True when an element beside it of the same make holds the page's own prose: then it is a paragraph like others."""
        if other is part or other.make != part.make:
            return False
        if not any(self._is_own_prose(at) for at in other.places):
            return False
        return other.make != "div" or len(other.places) <= 2

    def _is_at_edge(self, start: int, stop: int) -> bool:
        return stop <= self._head or start > self._tail

    def _speaks_to_visitors(self, part: _Part) -> bool:
        letters = sum(len(self._blocks[at].text) for at in part.places)
        linked = sum(len(self._blocks[at].text) for at in part.places if self._blocks[at].linked)
        text = " ".join(self._blocks[at].text for at in part.places)
        return bool(linked > _LINKED * letters or _HINT.search(part.make) or _VISITORS.first(text))

    def _speaks_of_a_review(self, part: _Part) -> bool:
        return any(_OF_A_REVIEW.first(self._blocks[at].text) for at in part.places)

    def _paragraph_goes(self, at: int) -> bool:
        block = self._blocks[at]
        if not self._repeated[at] or block.kind == "heading" or not self._is_at_edge(at, at + 1):
            return False
        return block.linked or bool(_VISITORS.first(block.text))

    def _heads_nothing(self, at: int, found: Collection[int]) -> bool:
        """True for a repeated heading all of whose blocks go."""
        block = self._blocks[at]
        if block.kind != "heading" or not self._repeated[at] or at + 1 not in found:
            return False
        for after in range(at + 1, len(self._blocks)):
            if self._blocks[after].kind == "heading" and self._blocks[after].level <= block.level:
                return True
            if after not in found:
                return False
        return True


def _part(
    blocks: tuple[WebBlock, ...],
    makes: tuple[str, ...],
    start: int,
    stop: int,
    depth: int,
    make: str,
) -> _Part:
    """The part of the blocks from start to stop, whose elements from `depth` on are looked at; elements that hold the same are one."""
    while True:
        next_ids = [
            one.boxes[depth] if len(one.boxes) > depth else None for one in blocks[start:stop]
        ]
        if len(set(next_ids)) != 1 or next_ids[0] is None:
            break
        make = make or makes[next_ids[0]]
        depth += 1
    inner: list[_Part] = []
    at = start
    while at < stop:
        mine = next_ids[at - start]
        end = at + 1
        while end < stop and next_ids[end - start] == mine:
            end += 1
        if mine is not None:
            inner.append(_part(blocks, makes, at, end, depth + 1, makes[mine]))
        at = end
    return _Part(start, stop, make, tuple(inner))
