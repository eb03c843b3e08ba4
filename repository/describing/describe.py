"""One document described: what its title, listing, first pages and full text say, every candidate kept."""

from __future__ import annotations

from collections.abc import Iterator

from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.context import (
    context_facts,
    derived_facts,
    is_anonymous,
    without_places,
)
from casereviews.repository.describing.first_pages import first_page_facts
from casereviews.repository.describing.named_fields import Named
from casereviews.repository.describing.recommendations import find_recommendations
from casereviews.repository.describing.resolve import resolve
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.model import Description, DocumentInput, Fact, Reading
from casereviews.repository.vocabulary import PACKAGED, Vocabulary
from casereviews.repository.vocabulary.rules import load_rules


def describe(document: DocumentInput, *, vocabulary: Vocabulary = PACKAGED) -> Description:
    """All facts, sections and recommendations of a document; themes, harms and agencies are those of the vocabulary."""
    facts = [*context_facts(document)]
    anonymous = is_anonymous(document)
    reading = document.reading
    if reading is not None and reading.pages:
        facts += first_page_facts(document)
    review_type = resolve(facts).get("review_type")
    facts += derived_facts(review_type.value if review_type else None, document.source)
    told = resolve(facts)
    summary = " ".join(_named(document, "summary", "learning", "recommendations", "model"))
    if reading is None or not reading.pages:
        reading = Reading(document.document.sha256 or "", "empty", "text/plain")
    sections = find_sections(reading)
    labels = told["subject_labels"].values if "subject_labels" in told else ()
    of_adults = told["scope"].value == "adult"
    facts += [
        fact
        for fact in find_case_facts(
            reading, sections, summary=summary, labels=labels, vocabulary=vocabulary
        )
        if not (of_adults and fact.field in _OF_CHILDREN)
    ]
    titles = [fact.value for fact in facts if fact.field == "title" and fact.confidence >= 0.5]
    facts += theme_finder(vocabulary).find(
        reading,
        sections,
        title=" ".join(dict.fromkeys(titles)),
        keywords=", ".join(_named(document, "keywords")),
        summary=summary,
    )
    facts += _label_sex(labels)
    if anonymous:
        facts = [*without_places(facts)]
    return Description(
        facts=tuple(dict.fromkeys(facts)),
        sections=sections,
        recommendations=find_recommendations(reading, sections),
    )


def _label_sex(labels: tuple[str, ...]) -> Iterator[Fact]:
    """The sex that a label tells: "Two Sisters", "Baby Boy K"."""
    for label in labels:
        for sex in ("girl", "boy"):
            if load_rules("case_labels")[sex].fits(label):
                yield Fact("sex", sex, label, "derived", 0.85, rule="from the label")


# Facts whose codes are those of children: the review of an adult tells none of them.
_OF_CHILDREN = frozenset(
    {
        "age_months_min",
        "age_months_max",
        "age_band",
        "sex",
        "plan_status_now",
        "plan_status_ever",
        "school_status",
    }
)


def _named(document: DocumentInput, *names: str) -> list[str]:
    values: list[str] = []
    for sighting in document.sightings:
        named = Named.of(sighting)
        values += [named.get(name) for name in names if named.get(name)]
    return list(dict.fromkeys(values))
