"""A briefing in its parts, in words: what every form of it shows, in one order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casereviews.collection.briefing.records import Briefing, Quotation, Recommended
from casereviews.collection.output.citations import cited_page
from casereviews.collection.output.hostile import for_line
from casereviews.collection.output.wording import counted


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is the title."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that the program writes: counts, cautions."""

    text: str
    caution: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Counts: a heading a column, a row a value; the last column is a number."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A report's own words, where they stand (linked to `url`, where there is one), and what is said of them in `note`.

    `document_id` and `page` are their place here.
    """

    text: str
    cited: str
    url: str | None
    note: str = ""
    document_id: str = ""
    page: int = 0


Block = Heading | Paragraph | Table | Quote


def blocks(briefing: Briefing) -> Iterator[Block]:
    """The parts of a briefing in order; every text is harmless and on one line."""
    yield Heading(for_line(f"Briefing: {briefing.title or briefing.understood}"), 1)
    for caution in briefing.cautions:
        yield Paragraph(caution, caution=True)
    yield from _reviews(briefing)
    yield Heading("What happened", 2)
    yield from _or_nothing(_cases(briefing), "No report has a sentence that tells it by itself.")
    yield Heading("What practice was found wanting", 2)
    yield from _or_nothing(_wanting(briefing), "No sentence of the reports that were read says it.")
    yield Heading("What was recommended, and to whom", 2)
    yield from _recommended(briefing)
    yield Heading("Good practice", 2)
    good = (_quote(one) for one in briefing.good_practice)
    yield from _or_nothing(good, "No sentence of the reports that were read says it.")


def _or_nothing(parts: Iterator[Block], nothing: str) -> Iterator[Block]:
    first = next(parts, None)
    yield first or Paragraph(nothing)
    yield from parts


def _reviews(briefing: Briefing) -> Iterator[Block]:
    yield Heading("How many reviews", 2)
    yield Paragraph(
        for_line(
            f"{counted(briefing.reviews, 'review')} ({briefing.understood}), on {briefing.accessed}."
            f" The sentences below are of {counted(briefing.read, 'report')}, those that tell most of it;"
            " the counts and the recommendations are of all."
        )
    )
    rows = tuple(
        (tally.label, for_line(label), f"{number:,}")
        for tally in briefing.tallies
        for _, label, number in tally.values
    )
    yield Table(("Counted by", "Value", "Reviews"), rows)
    more = [
        f"{counted(tally.left_out, 'value')} of {tally.label.lower()}"
        for tally in briefing.tallies
        if tally.left_out
    ]
    if more:
        yield Paragraph(f"Not shown: {', '.join(more)}.")
    yield Paragraph("A review that has several values of a field is counted under each.")


def _cases(briefing: Briefing) -> Iterator[Block]:
    for case in briefing.happened:
        yield from (_quote(one) for one in case.quotations)


def _wanting(briefing: Briefing) -> Iterator[Block]:
    for theme in briefing.wanting:
        yield Heading(for_line(theme.label), 3)
        yield Paragraph(
            f"A theme of {theme.reviews:,} of the {counted(briefing.reviews, 'review')}; {theme.central:,} of them"
            f" {'is' if theme.central == 1 else 'are'} about it."
        )
        yield from (_quote(one) for one in theme.quotations)


def _recommended(briefing: Briefing) -> Iterator[Block]:
    if not briefing.recommendations:
        yield Paragraph("No recommendations were found in the reports.")
        return
    yield Paragraph(
        f"{counted(briefing.recommendations, 'recommendation')} in {counted(briefing.recommending, 'review')};"
        f" {briefing.different:,} where near-identical ones count once."
    )
    rows = tuple(
        (for_line(body.label), f"{body.recommendations:,}", f"{body.reviews:,}")
        for body in briefing.addressed
    )
    yield Table(("To", "Recommendations", "Reviews"), rows)
    for body in briefing.addressed:
        if body.shown:
            yield Heading(for_line(body.label), 3)
            yield from (_quote(one.quotation, _made(one)) for one in body.shown)


def _made(one: Recommended) -> str:
    to = f"to: {for_line(one.addressee)}" if one.addressee else ""
    years = [str(year) for year, _ in one.by_year]
    span = "" if not years else f", {years[0]}" + (f" to {years[-1]}" if years[1:] else "")
    made = f"made by {counted(one.reviews, 'review')}{span}" if one.reviews > 1 else ""
    return "; ".join(filter(None, (to, made)))


def _quote(one: Quotation, note: str = "") -> Quote:
    year = str(one.year) if one.year else "undated"
    cited = ", ".join(
        filter(
            None,
            (for_line(one.title), for_line(one.publisher), year, cited_page(one.page, one.label)),
        )
    )
    return Quote(for_line(one.text), cited, one.url, note, one.document_id, one.page)
