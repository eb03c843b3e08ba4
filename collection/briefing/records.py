"""What a briefing says: counts, and sentences that are a report's own."""

from __future__ import annotations

from dataclasses import dataclass

from casereviews.repository.json_record import JsonRecord


@dataclass(frozen=True, slots=True)
class Quotation(JsonRecord):
    """Whole sentences of one page, as they stand there but for white space.

    `page` counts the file's pages from 1, `label` is the printed number; `url` is the publisher's address, of a PDF that of the page,
    None where there is none that may be given. `year` is that of publication, None when it is unknown.
    """

    text: str
    review_id: str
    document_id: str
    title: str
    publisher: str
    year: int | None
    page: int
    label: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Tally(JsonRecord):
    """Reviews by the values of a field, as `Collection.counts` gives them: `values` are codes with their labels and counts, `left_out` values beyond them."""

    by: str
    label: str
    values: tuple[tuple[str, str, int], ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Happened(JsonRecord):
    """What happened in one case: one or two of its report's sentences, each with its page."""

    review_id: str
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Wanting(JsonRecord):
    """A practice theme: `reviews` of those found carry it, `central` are about it, and what some say was wanting."""

    theme: str
    label: str
    reviews: int
    central: int
    quotations: tuple[Quotation, ...]


@dataclass(frozen=True, slots=True)
class Recommended(JsonRecord):
    """Recommendations that say nearly the same: one as it stands, whom it addresses as printed, how many `reviews` make it, and by year of publication."""

    quotation: Quotation
    addressee: str | None
    reviews: int
    by_year: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Addressed(JsonRecord):
    """What was recommended to one kind of body: `recommendations` are different ones, of `reviews`; `shown` are some of them."""

    code: str
    label: str
    recommendations: int
    reviews: int
    shown: tuple[Recommended, ...]


@dataclass(frozen=True, slots=True)
class Briefing(JsonRecord):
    """A draft: `cautions` stand on top; `reviews` were found, `read` of them for sentences, `recommending` have recommendations.

    `understood` says what was asked, `accessed` is the day (ISO). `recommendations` were made, `different` where near-identical ones are one.
    """

    title: str
    understood: str
    accessed: str
    cautions: tuple[str, ...]
    reviews: int
    read: int
    tallies: tuple[Tally, ...]
    happened: tuple[Happened, ...]
    wanting: tuple[Wanting, ...]
    recommending: int
    recommendations: int
    different: int
    addressed: tuple[Addressed, ...]
    good_practice: tuple[Quotation, ...]

    @property
    def quotations(self) -> tuple[Quotation, ...]:
        """All that is quoted, in the order in which it stands."""
        return (
            *(one for case in self.happened for one in case.quotations),
            *(one for theme in self.wanting for one in theme.quotations),
            *(one.quotation for body in self.addressed for one in body.shown),
            *self.good_practice,
        )
