"""A page within the bounds of its parser: what libxml2 drops without a word, or reads in quadratic time, is brought into a form that it reads.

libxml2 stops at the 256th element within elements (a page whose `<b>` are never closed loses all that follows), and compares every attribute of a
tag with every other. Browsers have bounds too, and lose no text to them (Chromium: elements beyond a depth of 512 become siblings).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

MOST_TAGS = 200_000
MOST_ATTRIBUTES = 1000
DEPTH = 32
"""Elements within elements of a page that has more than libxml2 takes; what is inline there may be deeper by _INLINE_DEPTH."""

_INLINE_DEPTH = 8
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "cite",
        "code",
        "em",
        "font",
        "i",
        "img",
        "mark",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
    ]
)

_LONG_TAG = 10_000  # characters; fewer attributes than these can hold cost nothing
_TOKEN = re.compile(r"<(?:!--|(/?)([a-zA-Z][^\s/>]*+))")
_REST = re.compile(r"(?:[^>=]++|=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|))*+>?+")
_ATTRIBUTE = re.compile(
    r"[\s/]*+([^\s/>=]++|=[^\s/>=]*+)(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>]*+))?+"
)
_KEPT = frozenset(["href", "src", "data", "id", "class", "name", "value", "type", "content", "role", "title"])  # fmt: skip
_VOID = frozenset(
    "area base basefont br col embed frame hr img input link meta param source track wbr".split()  # noqa: SIM905 - readable
)
_RAW = frozenset("script style textarea title iframe noembed noframes xmp".split())  # noqa: SIM905 - readable
_ENDS = {
    "li": ("li",),
    "dt": ("dt", "dd"),
    "dd": ("dt", "dd"),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr"),
    "option": ("option",),
    "p": ("p",),
}
"""What a start tag ends that was not closed (HTML Standard, "Optional tags")."""


@dataclass(frozen=True, slots=True)
class Bounded:
    """`text` is the page as it may be parsed; `cut` says in words what of it is not there."""

    text: str
    cut: tuple[str, ...] = ()


@lru_cache(maxsize=4)
def bounded(text: str) -> Bounded:
    """The page `text` within bounds: itself, but for a page beyond them. Elements nested too deep stand side by side there, and nothing of them is cut."""
    cut: list[str] = []
    if text.count("<") > MOST_TAGS:
        text = "<".join(text.split("<", MOST_TAGS + 1)[:-1])
        cut.append(f"the page has more than {MOST_TAGS:,} tags: only so many were read")
    if len(text) > _LONG_TAG:
        text, more = _with_fewer_attributes(text)
        if more:
            cut.append(f"a tag has more than {MOST_ATTRIBUTES:,} attributes: only so many were read")  # fmt: skip
    if not _is_whole(text):
        text = _flat(text)
        if not _is_whole(text):
            cut.append("the page holds more than its parser takes: a part was not read")
    return Bounded(text, tuple(cut))


def _is_whole(text: str) -> bool:
    """False where libxml2 gives up on the rest of a page."""
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    with suppress(etree.ParserError, etree.XMLSyntaxError):
        etree.fromstring(text.encode("utf-8", "replace") or b" ", parser)
    # Until lxml 6.1 the limit has no type of its own: its message names libxml2's option that lifts it.
    return not any(
        one.type_name == "ERR_RESOURCE_LIMIT" or "XML_PARSE_HUGE" in one.message
        for one in parser.error_log
    )


def _tags(text: str) -> Iterator[tuple[int, int, str, bool]]:
    """(start, end, lower-case name, whether it opens) of every tag; what stands in comments and scripts is none."""
    at = 0
    while (found := _TOKEN.search(text, at)) is not None:
        if found[2] is None:
            at = _after(text.find("-->", found.end()), text)
            continue
        rest = _REST.match(text, found.end())
        assert rest is not None  # it takes nothing, too
        at, name, opens = rest.end(), found[2].lower(), not found[1]
        yield found.start(), at, name, opens
        if opens and name in _RAW:
            closing = re.compile(rf"</{name}", re.I).search(text, at)
            at = closing.start() if closing is not None else len(text)


def _after(found: int, text: str) -> int:
    return found + 3 if found >= 0 else len(text)


def _with_fewer_attributes(text: str) -> tuple[str, bool]:
    """The page with no more than MOST_ATTRIBUTES in a tag, beside those that lead somewhere; and whether any are gone."""
    pieces: list[str] = []
    last, more = 0, False
    for start, end, name, opens in _tags(text):
        if not opens or end - start <= _LONG_TAG:
            continue
        begins = start + 1 + len(name)
        found = list(_ATTRIBUTE.finditer(text, begins, end))
        if len(found) <= MOST_ATTRIBUTES:
            continue
        more = True
        kept = [one[0] for at, one in enumerate(found) if at < MOST_ATTRIBUTES or one[1].lower() in _KEPT]  # fmt: skip
        pieces += [text[last:begins], "".join(kept[: 2 * MOST_ATTRIBUTES]), ">"]
        last = end
    return "".join([*pieces, text[last:]]), more


def _flat(text: str) -> str:
    """The page with no element deeper than DEPTH: there the innermost ends where another begins."""
    pieces: list[str] = []
    stack: list[tuple[str, bool]] = []  # what is open, and whether it was ended early
    opened: Counter[str] = Counter()
    inner: list[int] = []  # the places in `stack` of those that are really open
    last = 0

    def pop() -> tuple[str, bool]:
        name, ended = stack.pop()
        opened[name] -= 1
        if not ended:
            inner.pop()
        return name, ended

    for start, end, name, opens in _tags(text):
        pieces.append(text[last:start])
        last = end
        if name in _VOID:
            pieces.append(text[start:end])
            continue
        if not opens:
            ended = True
            if opened[name]:
                while (popped := pop())[0] != name:
                    pass
                ended = popped[1]
            if not ended:
                pieces.append(text[start:end])
            continue
        while stack and stack[-1][0] in _ENDS.get(name, ()):
            pop()
        most = DEPTH + _INLINE_DEPTH if name in _INLINE else DEPTH
        while len(inner) >= most:
            top = inner.pop()
            pieces.append(f"</{stack[top][0]}>")
            stack[top] = (stack[top][0], True)
        inner.append(len(stack))
        stack.append((name, False))
        opened[name] += 1
        pieces.append(text[start:end])
    return "".join([*pieces, text[last:]])
