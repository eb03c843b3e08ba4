"""What was counted as a picture: labels for codes, and in the picture which reviews were counted, how many and when."""

from __future__ import annotations

import re
from datetime import date

from casereviews.collection.asking.areas import AREAS_CAUTION, AreaCounts
from casereviews.collection.asking.counts import CAUTION, COUNTED, Counts, CrossTable, labelled
from casereviews.collection.asking.timeline import TIMELINE_CAUTION, Timeline
from casereviews.collection.output.pictures import Frame, Picture, bars, grid, tile_map, timeline
from casereviews.collection.output.wording import counted
from casereviews.repository.fields import SEARCHED
from casereviews.repository.vocabulary import Vocabulary

Counted = Counts | CrossTable | Timeline | AreaCounts
_ASKED = re.compile(r'(?<![\w"])(\w+):(\w+)(?![\w:])')
_FIELDS = {name: field for field in SEARCHED for name in (field.query, *field.aliases)}


def picture_of(of: Counted, vocabulary: Vocabulary) -> Picture:
    """A picture of counts: bars, a heat map of two fields, a timeline, a map. Its numbers are those of the table."""
    if isinstance(of, AreaCounts):
        return tile_map(
            [(area.gss, area.reviews) for area in of.areas if area.gss],
            [(area.area, area.reviews) for area in of.areas if not area.gss],
            dict(of.regions),
            Frame("Reviews by area", _about(of, vocabulary), AREAS_CAUTION),
        )
    if isinstance(of, Timeline):
        title = "Reviews over time: published, and what they tell of"
        years = [(one.year, one.published, one.happened) for one in of.years]
        return timeline(years, Frame(title, _about(of, vocabulary), TIMELINE_CAUTION))
    if isinstance(of, CrossTable):
        down, across = of.by
        frame = Frame(f"Reviews by {down} and {across}", _about(of, vocabulary), CAUTION)
        lines = [labelled(down, code, vocabulary) for code in of.lines]
        heads = [labelled(across, code, vocabulary) for code in of.heads]
        return grid(lines, heads, of.numbers, frame)
    frame = Frame(f"Reviews by {of.by}", _about(of, vocabulary), CAUTION)
    return bars([(labelled(of.by, code, vocabulary), n) for code, n in of.values], frame)


def asked_in_words(understood: str, vocabulary: Vocabulary) -> str:
    """A query as it was understood, with labels for codes: `theme:harm_neglect` is `theme:"Neglect"`, which may be typed as well."""

    def said(match: re.Match[str]) -> str:
        field = _FIELDS.get(match[1])
        label = vocabulary.labels_of(field).get(match[2]) if field else None
        return f'{match[1]}:"{label}"' if label and label != match[2] else match[0]

    return _ASKED.sub(said, understood)


def _about(of: Counted, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Which reviews, how many, what of them is not drawn, and when."""
    number = f"N = {counted(of.reviews, 'review')}"
    left_out = getattr(of, "left_out", 0)
    if left_out:
        number += f"; {counted(left_out, 'value')} not drawn"
    if isinstance(of, (Counts, CrossTable)) and any(
        COUNTED[by].listed or COUNTED[by].bar for by in _by(of)
    ):
        number += "; one with several values counts under each of them"
    days = [f"counted on {_day(of.counted_on)}"] if of.counted_on else []
    days += [f"in the index of {_day(of.collected)}"] if of.collected else []
    asked = asked_in_words(of.understood, vocabulary)
    return (f"Counted: {asked}", "; ".join([number, " ".join(days)] if days else [number]))


def _by(of: Counts | CrossTable) -> tuple[str, ...]:
    return of.by if isinstance(of, CrossTable) else (of.by,)


def _day(written: str) -> str:
    """ "1 March 2026"."""
    day = date.fromisoformat(written)
    return f"{day.day} {day:%B} {day.year}"
