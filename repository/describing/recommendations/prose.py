"""Recommendations told in prose: "The Board should...", "It is recommended that..."."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from casereviews.repository.describing.recommendations.addressees import addressee, directs
from casereviews.repository.describing.recommendations.lines import (
    FOLLOW_ON,
    LEAD_IN,
    TERMINAL,
    Item,
    Line,
    full_width,
)
from casereviews.repository.describing.text.sentences import sentences
from casereviews.repository.vocabulary.rules import load_rules

_OPENING = load_rules("recommendation_lists")["prose"]


def prose_items(
    lines: Sequence[Line], *, anywhere: bool, group: str | None = None
) -> Iterator[Item]:
    """Recommendations told in prose: sentences in which a body should, must or is asked to do something."""
    for paragraph in _paragraphs(lines):
        text = Item(None, paragraph[0].page, [line.text for line in paragraph]).text
        if anywhere and "recommend" not in text.lower():
            continue
        ends, length = [], 0
        for line in paragraph:
            length += len(line.text) + 1
            ends.append((length, line.page))
        item: Item | None = None
        for start, end in sentences(text):
            sentence = text[start:end]
            explicit = _OPENING.fits(sentence)
            follows = FOLLOW_ON.fits(sentence) and not explicit
            wanted = explicit or (
                not anywhere and directs(sentence) and addressee(sentence) is not None
            )
            if wanted and not follows and not LEAD_IN.fits(sentence):
                if item:
                    yield item
                page = next(number for limit, number in ends if start < limit)
                item = Item(None, page, [sentence], group)
            elif item and follows:
                item.lines.append(sentence)
            elif item:
                yield item
                item = None
        if item:
            yield item


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    width = full_width(lines)
    open_lines: list[Line] = []
    for line in lines:
        if open_lines:
            last = open_lines[-1]
            ended = bool(TERMINAL.search(last.text) or last.text.endswith(":"))
            if (
                line.heading
                or last.heading
                or (line.after_blank and (ended or last.page == line.page))
                or (ended and len(last.text) < width)
            ):
                yield open_lines
                open_lines = []
        open_lines.append(line)
    if open_lines:
        yield open_lines
