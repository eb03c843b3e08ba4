"""The recommendations of a document as a list: number, whole text, addressee, page.

They come as labels ("Recommendation 3:"), numbered lists, bullets, tables and prose ("The Board should");
one style rules a section and the others are parts of its items. An item that runs over a page break is one
item, and a list that the action plan or the summary repeats is taken once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from casereviews.repository.describing.recommendations.addressees import heading_addressee
from casereviews.repository.describing.recommendations.lines import Item, Line, lines_of, within
from casereviews.repository.describing.recommendations.lists import list_items, ruling_style
from casereviews.repository.describing.recommendations.prose import prose_items
from casereviews.repository.describing.recommendations.tables import is_row, rows_to_items
from casereviews.repository.describing.text.running_text import fold
from casereviews.repository.model import Reading, Recommendation, Section


def find_recommendations(
    reading: Reading, sections: Sequence[Section]
) -> tuple[Recommendation, ...]:
    """The recommendations that a document prints, in order; () when it prints none.

    `sections` are those of `find_sections`. Looks in recommendation sections first, then at labelled ones
    elsewhere ("Recommendation 3:" after a finding), and only where both are missing at prose.
    """
    marked = {(page.number, heading.start) for page in reading.pages for heading in page.headings}
    lines = list(lines_of(reading, marked))
    items: list[Item] = []
    for number, section in enumerate(sections):
        if section.kind == "recommendations":
            listed = _section_items(_of_section(lines, section), section)
            items += [replace(item, list_number=number) for item in listed]
    quiet = [part for part in sections if part.kind in ("recommendations", "appendix", "glossary")]
    elsewhere = [line for line in lines if not within(line, quiet)]
    items += list_items(elsewhere, "label", None)
    if not items:
        items = list(prose_items(elsewhere, anywhere=True))
    items.sort(key=lambda item: item.page)
    return _without_repeats(items)


def _of_section(lines: Sequence[Line], section: Section) -> list[Line]:
    """The lines of a section without its own heading."""
    return [line for line in lines if within(line, (section,))][1:]


def _section_items(lines: list[Line], section: Section) -> list[Item]:
    """The items of a recommendations section, read in the style that rules it."""
    rows = [line for line in lines if is_row(line.text)]
    if len(rows) >= 2:
        return [
            Item(row.number, row.page, [row.text], row.addressee)
            for row in rows_to_items([(row.page, row.text) for row in rows])
        ]
    style = ruling_style(lines)
    group = heading_addressee(section.title)
    if style is None:
        return list(prose_items(lines, anywhere=False, group=group))
    return list_items(lines, style, group)


def _without_repeats(items: Iterable[Item]) -> tuple[Recommendation, ...]:
    """Items as recommendations, those that a summary or an action plan repeats taken once."""
    found: list[Recommendation] = []
    seen: list[tuple[int, set[str]]] = []
    for item in items:
        words = set(re.findall(r"\w+", fold(item.text)))
        if not words or any(
            words == others if item.list_number == number else _alike(words, others)
            for number, others in seen
        ):
            continue
        seen.append((item.list_number, words))
        found.append(Recommendation(item.number, item.text, item.whom, item.page))
    return tuple(found)


def _alike(words: set[str], others: set[str]) -> bool:
    """True when two texts of different lists share nearly all their words."""
    return len(words & others) >= 0.92 * len(words | others)
