"""Counts as bars, as a heat map, and as two rows of years. The unknown stands apart, in grey, and darkens nothing."""

from __future__ import annotations

from collections.abc import Sequence

from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.pictures.framing import Frame, framed
from casereviews.collection.output.pictures.sheet import (
    BAR,
    INK,
    LINE,
    QUIET,
    UNKNOWN_FILL,
    Box,
    Picture,
    Sheet,
    Words,
    legible_on,
    shade,
    wide,
    wrapped,
)

LABEL = 330.0
"""Points a label may take across before it goes on below."""
BARS = 260.0
APART = 8.0
"""Between what is known and the unknown."""
PALE = "#d3dadd"
UNSURE = "#eceff0"
ACROSS = 860.0
"""Points for heads in lines across; where they need more they stand upright."""
UPRIGHT = 190.0
COLUMN = 26.0
HALF = 120.0
HAPPENED = "#8a4b08"
KEY = "Darker: more reviews. Empty: none. Grey: not known."


def bars(pairs: Sequence[tuple[str, int]], frame: Frame, *, unknown: str = "unknown") -> Picture:
    """A bar to the right for each value, the count at its end."""
    sheet = Sheet()
    labels = [wrapped(value, 10, LABEL) for value, _ in pairs]
    left = max((wide(line, 10) for label in labels for line in label), default=0) + 8
    largest = max((count for _, count in pairs), default=0)
    room = max(BARS, 540 - left - wide(f"{largest:,}", 10) - 8)
    y = 0.0
    for at, ((value, count), label) in enumerate(zip(pairs, labels, strict=True)):
        quiet = value == unknown
        if quiet and at:
            y += APART
        high = max(19.0, 10 * LINE * len(label) + 5)
        top = y + (high - 10 * LINE * len(label)) / 2 + 1
        for number, line in enumerate(label):
            base = top + 10 * (1 + LINE * number) - 1
            sheet.words.append(Words(left - 8, base, line, align="right"))
        length = room * count / largest if count else 0.0
        if count:
            told = f"{for_line(value)}: {count:,}"
            fill = UNKNOWN_FILL if quiet else BAR
            sheet.boxes.append(Box(left, y + high / 2 - 7, length, 14, fill, told=told))
        sheet.words.append(Words(left + length + 5, y + high / 2 + 3.5, f"{count:,}"))
        y += high
    if pairs:
        sheet.boxes.append(Box(left - 0.8, 0, 0.8, y, INK))
    sheet.width, sheet.height = left + room + wide(f"{largest:,}", 10) + 8, y
    known = [pair for pair in pairs if pair[0] != unknown]
    most = max(known, key=lambda pair: pair[1], default=("", 0))
    told = "; ".join(f"{for_line(value)}: {count}" for value, count in pairs)
    opening = (
        f"Bars, the longest of them {for_line(most[0])} with {most[1]}. " if len(known) > 1 else ""
    )
    return framed(sheet, frame, opening + told)


def grid(
    lines: Sequence[str],
    heads: Sequence[str],
    numbers: Sequence[Sequence[int]],
    frame: Frame,
    *,
    unknown: str = "unknown",
) -> Picture:
    """A heat map: a cell for each pair of values, its count in it, the darker the more; an empty cell is nought."""
    sheet = Sheet()
    labels = [wrapped(line, 10, LABEL) for line in lines]
    left = max((wide(line, 10) for label in labels for line in label), default=0) + 8
    known = [
        (n, line, head)
        for line, row in zip(lines, numbers, strict=True)
        for head, n in zip(heads, row, strict=True)
        if unknown not in (line, head)
    ]
    most = max(known, key=lambda cell: cell[0], default=(0, "", ""))
    widest = max((n for row in numbers for n in row), default=0)
    column, top = _heads(sheet, left, heads, wide(f"{widest:,}", 10), unknown)
    y = top
    for at, (line, label, row) in enumerate(zip(lines, labels, numbers, strict=True)):
        y += APART if line == unknown and at else 0
        high = max(22.0, 10 * LINE * len(label) + 5)
        base = y + (high - 10 * LINE * len(label)) / 2 + 10
        for number, words in enumerate(label):
            sheet.words.append(Words(left - 8, base + 10 * LINE * number, words, align="right"))
        for x, (head, n) in enumerate(zip(heads, row, strict=True)):
            right = left + x * column + (APART if head == unknown and x else 0)
            fill = UNSURE if unknown in (line, head) else shade(n, most[0])
            told = f"{for_line(line)}, {for_line(head)}: {n}"
            sheet.boxes.append(Box(right, y, column, high, fill, PALE, told))
            if n:
                middle = right + column / 2
                ink = legible_on(fill)
                sheet.words.append(
                    Words(middle, y + high / 2 + 3.5, f"{n:,}", colour=ink, align="center")
                )
        y += high
    sheet.width = left + column * len(heads) + (APART if unknown in heads else 0)
    if lines and heads:
        sheet.width = max(sheet.width, wide(KEY, 9))
        begins = min(left, sheet.width - wide(KEY, 9))
        sheet.height = sheet.lines(begins, y + 8, [KEY], 9, QUIET)
    cells = "; ".join(
        f"{for_line(line)}, {for_line(head)}: {n}"
        for line, row in zip(lines, numbers, strict=True)
        for head, n in zip(heads, row, strict=True)
        if n
    )
    opening = f"Heat map of {len(lines)} rows and {len(heads)} columns"
    if most[0]:
        opening += f", the most at {for_line(most[1])}, {for_line(most[2])} with {most[0]}"
    return framed(sheet, frame, f"{opening}. {cells}")


def timeline(
    years: Sequence[tuple[str, int, int]], frame: Frame, *, unknown: str = "unknown"
) -> Picture:
    """Years from left to right: above the line what was published in each, below it what happened in each, to one scale.

    Of the unknown only the number is there: a bar among years would be read as one.
    """
    sheet = Sheet()
    known = [year for year in years if year[0] != unknown]
    largest = max((n for _, *both in known for n in both), default=0)
    scale = HALF / max(largest, 1)
    high = scale * max((published for _, published, _ in known), default=0)
    low = scale * max((happened for _, _, happened in known), default=0)
    said = [wide(word, 10) for year, *both in known for word in (year, *(f"{n:,}" for n in both))]
    column = max([COLUMN, *(width + 6 for width in said)])
    last = max(column, wide(unknown, 10) + 6)
    rows = (("Published in the year", BAR), ("Happened in the year", HAPPENED))
    axis = 16 + 18 + high
    below = axis + 20
    end = below + low + 14
    for (words, colour), base in zip(rows, (11.0, end + 16), strict=True):
        sheet.words.append(Words(0, base, words, colour=colour, bold=True))
    for at, (year, *both) in enumerate(years):
        x = at * column + (APART if year == unknown and at else 0)
        middle = x + (last if year == unknown else column) / 2
        sheet.words.append(Words(middle, axis + 14, year, align="center"))
        for number, (n, (words, colour)) in enumerate(zip(both, rows, strict=True)):
            long = scale * n if year != unknown else 0.0
            if long:
                told = f"{words}, {year}: {n}"
                y = below if number else axis - long
                sheet.boxes.append(Box(x + 4, y, column - 8, long, colour, told=told))
            base = below + long + 12 if number else axis - long - 4
            ink = QUIET if year == unknown else INK
            sheet.words.append(Words(middle, base, f"{n:,}", colour=ink, align="center"))
    if known:
        across = column * len(known)
        sheet.boxes += [Box(0, line, across, 0.8, INK) for line in (axis - 0.4, below - 0.4)]
    apart = APART if 0 < len(known) < len(years) else 0
    sheet.width = max(
        column * len(years) + apart, *(wide(words, 10, bold=True) for words, _ in rows)
    )
    sheet.height = end + 22 if years else 0.0
    told = "; ".join(f"{year}: {one} published, {other} happened" for year, one, other in years)
    return framed(sheet, frame, f"Two rows of bars by year. {told}")


def _heads(
    sheet: Sheet, left: float, heads: Sequence[str], least: float, unknown: str
) -> tuple[float, float]:
    """Write the heads of columns: in lines across where there is room, else upright. Gives a column's width and where cells begin."""
    longest_word = max(
        (wide(word, 10) for head in heads for word in for_line(head).split()), default=0
    )
    column = max(COLUMN, least + 8, longest_word + 8)
    across = min(110.0, max((wide(for_line(head), 10) + 8 for head in heads), default=0))
    column_across = max(column, across)
    upright = column_across * len(heads) > ACROSS
    column = max(COLUMN, least + 8) if upright else column_across
    told = [wrapped(head, 10, UPRIGHT if upright else column - 6) for head in heads]
    most = max((len(lines) for lines in told), default=0)
    if upright:
        column = max(column, 10 * LINE * most + 6)
        top = max((wide(line, 10) for lines in told for line in lines), default=0) + 8
    else:
        top = 10 * LINE * most + 4
    for at, (head, lines) in enumerate(zip(heads, told, strict=True)):
        middle = left + at * column + column / 2 + (APART if head == unknown and at else 0)
        for number, line in enumerate(lines):
            if upright:
                x = middle + 10 * LINE * (number - len(lines) / 2) + 10
                sheet.words.append(Words(x, top - 5, line, upright=True))
            else:
                y = top - 6 - 10 * LINE * (len(lines) - 1 - number)
                sheet.words.append(Words(middle, y, line, align="center"))
    return column, top
