"""What stands around every picture: its title, what was counted, how many and when above it, the caution below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.pictures.sheet import QUIET, Picture, Sheet, wrapped

MARGIN = 18.0
NARROWEST = 540.0
"""Points across: a caution in lines that are not short."""
NOTHING = "No review was counted: there is nothing to draw."


@dataclass(frozen=True, slots=True)
class Frame:
    """The words of a picture: `about` are lines on which reviews were counted, how many and when; `caution` is what they do not say."""

    title: str
    about: Sequence[str] = ()
    caution: str = ""


def framed(body: Sheet, frame: Frame, told: str) -> Picture:
    """A drawing with its frame; `told` is all that the drawing shows, in words. Without a drawing (no height) it says that there is none."""
    width = max(body.width, NARROWEST)
    sheet = Sheet(width + 2 * MARGIN)
    y = sheet.lines(MARGIN, MARGIN, wrapped(frame.title, 14, width, bold=True), 14, bold=True)
    for line in frame.about:
        y = sheet.lines(MARGIN, y + 2, wrapped(line, 10, width), 10, QUIET)
    y += 12
    if body.height:
        sheet.take(body, MARGIN, y)
        y += body.height
    else:
        told = NOTHING
        y = sheet.lines(MARGIN, y, wrapped(NOTHING, 11, width), 11)
    if frame.caution:
        y = sheet.lines(MARGIN, y + 14, wrapped(frame.caution, 9, width), 9, QUIET)
    sheet.height = y + MARGIN
    said = ". ".join(part.rstrip(".") for part in (told, *frame.about, frame.caution) if part)
    return Picture(for_line(frame.title), f"{for_line(said)}.", sheet)
