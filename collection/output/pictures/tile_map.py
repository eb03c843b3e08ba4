"""A map of tiles, one an authority. No boundary is drawn: each region is a block near its place in the United Kingdom, and in it stand
the authorities that answer for children, in rows from north to south and in each row from west to east. The places of the blocks
are this project's own; an authority's place in its block follows its middle (`repository/vocabulary/authorities.py`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache

from casereviews.collection.output.pictures.framing import Frame, framed
from casereviews.collection.output.pictures.sheet import (
    INK,
    LINE,
    QUIET,
    Box,
    Picture,
    Sheet,
    Words,
    legible_on,
    shade,
    wide,
    wrapped,
)
from casereviews.repository.vocabulary.authorities import Authority, authorities

TILE, HIGH = 33.0, 30.0
HEAD = 34.0
"""Above a block: its name, in two lines at most."""
EDGE = "#9aa5aa"
# A region's block: the column and row of its corner, in tiles, and how many tiles it is across.
BLOCKS: Mapping[str, tuple[float, float, int]] = {
    "Scotland": (4.5, 0, 8),
    "Northern Ireland": (0, 5.4, 4),
    "North West": (4.5, 5.4, 4),
    "North East": (9, 5.4, 4),
    "Yorkshire and The Humber": (9, 9.6, 5),
    "Wales": (0, 12.9, 4),
    "West Midlands": (4.5, 12.9, 4),
    "East Midlands": (9, 15, 4),
    "East of England": (13.5, 15, 4),
    "South West": (1, 20.2, 5),
    "South East": (6.5, 20.2, 5),
    "London": (12, 20.2, 6),
}
KEYS, BETWEEN = 3, 16.0
"""Columns of the key, and points between two of them."""


def tile_map(
    areas: Sequence[tuple[str, int]],
    elsewhere: Sequence[tuple[str, int]],
    regions: Mapping[str, int],
    frame: Frame,
) -> Picture:
    """The reviews of each authority (GSS code, count) in its tile, the darker the more; below it a key to the tiles that have some.

    `elsewhere` are reviews without a tile (a name, a count), `regions` how many reviews each region has.
    """
    sheet = Sheet()
    if not areas and not elsewhere:
        return framed(sheet, frame, "")
    counts = dict(areas)
    largest = max(counts.values(), default=0)
    for region, (column, row, across) in BLOCKS.items():
        x, y = column * TILE, row * HIGH
        said = wrapped(f"{region} {regions.get(region, 0):,}", 10, across * TILE - 4, bold=True)
        first = y + HEAD - 6 - 10 * LINE * (len(said) - 1) - 10
        sheet.lines(x, first, said, 10, bold=True)
        for at, authority in enumerate(block(region)):
            _tile(
                sheet,
                x + at % across * TILE,
                y + HEAD + at // across * HIGH,
                authority,
                counts.get(authority.gss, 0),
                largest,
            )
    sheet.width = max(box.x + box.width for box in sheet.boxes)
    sheet.height = max(box.y + box.height for box in sheet.boxes)
    about = (
        "Tiles, no boundaries: an authority each, in its region from north to south and from west to east."
        " Darker: more reviews. White: none collected. Beside a region's name its reviews, each once."
    )
    sheet.height = sheet.lines(0, sheet.height + 12, wrapped(about, 9, sheet.width), 9, QUIET)
    _key(sheet, [(_named(code), n) for code, n in areas], elsewhere)
    told = [f"{authorities()[code].name}: {n}" for code, n in areas]
    told += [f"{name}: {n}" for name, n in elsewhere]
    return framed(sheet, frame, f"Map of tiles, one an authority. {'; '.join(told)}")


@cache
def block(region: str) -> tuple[Authority, ...]:
    """The authorities of a region as its tiles have them: rows from north to south, each from west to east."""
    across = BLOCKS[region][2]
    own = [
        one for one in authorities().values() if one.answers_for_children and one.region == region
    ]
    own.sort(key=lambda one: (-one.north, one.gss))
    rows = [own[at * across : (at + 1) * across] for at in range(math.ceil(len(own) / across))]
    return tuple(one for row in rows for one in sorted(row, key=lambda one: (one.east, one.gss)))


def _tile(sheet: Sheet, x: float, y: float, authority: Authority, n: int, largest: int) -> None:
    fill = shade(n, largest)
    ink = legible_on(fill) if n else QUIET
    told = f"{authority.name} ({authority.gss}): {n}"
    sheet.boxes.append(Box(x, y, TILE - 2, HIGH - 2, fill, EDGE, told))
    middle = x + (TILE - 2) / 2
    sheet.words.append(
        Words(middle, y + (11 if n else 17), authority.letters, size=8, colour=ink, align="center")
    )
    if n:
        fits = wide(f"{n:,}", 10, bold=True) < TILE - 4
        sheet.words.append(
            Words(middle, y + 24, f"{n:,}", 10 if fits else 8, ink, bold=fits, align="center")
        )


def _named(code: str) -> str:
    authority = authorities()[code]
    return f"{authority.letters} {authority.name}"


def _key(
    sheet: Sheet, areas: Sequence[tuple[str, int]], elsewhere: Sequence[tuple[str, int]]
) -> None:
    """Names and counts in columns below the map, those without a tile last."""
    entries = [(*one, INK) for one in areas] + [(*one, QUIET) for one in elsewhere]
    each = math.ceil(len(entries) / KEYS)
    across = (sheet.width - BETWEEN * (KEYS - 1)) / KEYS
    top = sheet.height + 12
    for column in range(KEYS):
        y, x = top, column * (across + BETWEEN)
        for name, n, colour in entries[column * each : (column + 1) * each]:
            room = across - wide(f"{n:,}", 9) - 8
            sheet.words.append(Words(x + across, y + 9, f"{n:,}", 9, colour, align="right"))
            y = sheet.lines(x, y, wrapped(name, 9, room), 9, colour)
        sheet.height = max(sheet.height, y)
