"""A briefing drafted: which reviews tell of a matter, which of their sentences say what happened, what was wanting, recommended and done well.

Nothing is written but counts and headings. The same home and question give the same briefing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Collection as Several
from dataclasses import replace
from typing import TYPE_CHECKING

from casereviews.collection.asking.counts import CAUTION, COUNTED, counts_of
from casereviews.collection.briefing.advice import by_addressee
from casereviews.collection.briefing.cases import cases_told
from casereviews.collection.briefing.practice import found_wanting, good_practice
from casereviews.collection.briefing.recommended import Made, joined, made_by
from casereviews.collection.briefing.records import Briefing, Tally
from casereviews.collection.briefing.reports import own_documents, read_report
from casereviews.collection.briefing.topic import telling, themes_of, topic_of
from casereviews.collection.output.hostile import flat
from casereviews.repository.record.derived import Derived

if TYPE_CHECKING:
    from casereviews.index.results import Results
    from casereviews.repository.home import Home
    from casereviews.repository.published_documents import Review
    from casereviews.repository.vocabulary import Vocabulary

MOST_READ = 24
"""Reviews that are read for sentences: the most telling ones. Counts and recommendations are of all."""
TALLIED = ("year", "age", "harm", "outcome", "type", "nation")
MOST_VALUES = 12
DRAWN_FROM = (
    "Every sentence in quotation marks is a report's own, chosen by rule and not read by anybody: read it on its page before you rely on it."
    " Nothing here was written by a model. What a sentence says of one case is not said of the others."
)


def draft(
    home: Home,
    vocabulary: Vocabulary,
    found: Results,
    best: Results,
    reviews: Callable[[Several[str]], Iterator[Review]],
    abstracts: Several[str],
    *,
    accessed: str,
) -> Briefing:
    """The briefing of all that a search `found`; `best` are its first hits with their pages.

    `reviews` gives reviews by id; `abstracts` are the sources whose pages are a library's own text, not a report's.
    """
    topic = topic_of(vocabulary, found, best)
    ranked = sorted(found.hits, key=lambda hit: telling(hit, found, topic))
    order = [hit.review_id for hit in ranked]
    about = [hit.review_id for hit in ranked if topic.themes & themes_of(hit)]
    most_telling = set((about or order)[:MOST_READ])
    kept: dict[str, Review] = {}
    made: list[Made] = []
    for review in reviews(order):
        own = replace(review, documents=own_documents(review, abstracts))
        made += made_by(own)
        if review.review_id in most_telling:
            kept[review.review_id] = own
    with Derived.open(home) as derived:
        read = [
            one
            for key in order
            if key in kept and (one := read_report(derived, vocabulary, kept[key])) is not None
        ]
        if not topic.themes:  # what was asked for may stand in a glossary alone
            read = [one for one in read if one.names(topic)] or read
        said: list[frozenset[str]] = []
        happened = tuple(cases_told(read, topic, vocabulary, said))
        wanting = tuple(found_wanting(read, topic, vocabulary, found, said))
        good = tuple(good_practice(read, topic, said))
        groups = joined(made)
        addressed = tuple(by_addressee(derived, groups, topic, frozenset(about), vocabulary))
    return Briefing(
        title=found.query.strip()
        or ", ".join(vocabulary.labels("theme").get(one, one) for one in sorted(topic.themes)),
        understood=found.understood,
        accessed=accessed,
        cautions=(CAUTION, DRAWN_FROM),
        reviews=found.total,
        read=len(read),
        tallies=tuple(_tallies(found, vocabulary)),
        happened=happened,
        wanting=wanting,
        recommending=len({one.review.review_id for one in made}),
        recommendations=len(made),
        different=len(groups),
        addressed=addressed,
        good_practice=good,
    )


def _tallies(found: Results, vocabulary: Vocabulary) -> Iterator[Tally]:
    for by in TALLIED:
        counts = counts_of(found, by, MOST_VALUES)
        values = tuple(
            (code, flat(vocabulary.worded(COUNTED[by], code)), number)
            for code, number in counts.values
        )
        yield Tally(by, COUNTED[by].label, values, counts.left_out)
