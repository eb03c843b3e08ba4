"""One document described: what its title, listing, first pages and full text say, every candidate kept."""

from __future__ import annotations

from casereviews.repository.describing.agreement import without_themes_of_infants
from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.case.cast import names_beside_labels
from casereviews.repository.describing.context import (
    context_facts,
    derived_facts,
    is_anonymous,
    without_places,
)
from casereviews.repository.describing.evidence import Evidence
from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.describing.finders import found
from casereviews.repository.describing.first_pages import first_page_facts
from casereviews.repository.describing.joint_boards import joint_publisher
from casereviews.repository.describing.named_fields import Named
from casereviews.repository.describing.recommendations import find_recommendations
from casereviews.repository.describing.resolve import resolve
from casereviews.repository.describing.second_opinion import second_opinion
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.fields import OF_CHILDREN
from casereviews.repository.model import Description, DocumentInput, Reading
from casereviews.repository.vocabulary import PACKAGED, Vocabulary


def describe(
    document: DocumentInput,
    *,
    vocabulary: Vocabulary = PACKAGED,
    with_second_opinion: bool = False,
    evidence: list[Evidence] | None = None,
) -> Description:
    """All facts, sections and recommendations of a document; themes, harms and agencies are those of the vocabulary.

    All that the finders of themes and of the case saw, counted or not, is added to `evidence` where it is given.
    """
    facts = [*context_facts(document)]
    anonymous = is_anonymous(document)
    reading = document.reading
    if reading is not None and reading.pages:
        facts += first_page_facts(document)
    review_type = resolve(facts).get("review_type")
    facts += derived_facts(review_type.value if review_type else None, document.source)
    told = resolve(facts)
    scope = told["scope"].value if review_type else None
    facts += joint_publisher(document, facts, scope)
    summary = " ".join(_named(document, "summary", "learning", "recommendations", "model"))
    if reading is None or not reading.pages:
        reading = Reading(document.document.sha256 or "", "empty", "text/plain")
    sections = find_sections(reading)
    labels = told["subject_labels"].values if "subject_labels" in told else ()
    titles = [fact.value for fact in facts if fact.field == "title" and fact.confidence >= 0.5]
    labels = (*labels, *names_beside_labels(dict.fromkeys(titles)))
    of_adults = told["scope"].value == "adult"
    facts += find_case_facts(
        reading, sections, summary=summary, labels=labels, vocabulary=vocabulary, evidence=evidence
    )
    facts += theme_finder(vocabulary).find(
        reading,
        sections,
        title=" ".join(dict.fromkeys(titles)),
        keywords=", ".join(_named(document, "keywords")),
        summary=summary,
        opinion=second_opinion(vocabulary) if with_second_opinion else None,
        evidence=evidence,
    )
    facts = without_themes_of_infants(facts)
    facts += found(FinderInput(reading, sections, summary, labels))
    if of_adults:
        facts = [fact for fact in facts if fact.field not in OF_CHILDREN]
        if evidence is not None:
            evidence[:] = [piece for piece in evidence if piece.field not in OF_CHILDREN]
    if anonymous:
        facts = [*without_places(facts)]
    return Description(
        facts=tuple(dict.fromkeys(facts)),
        sections=sections,
        recommendations=find_recommendations(reading, sections),
    )


def _named(document: DocumentInput, *names: str) -> list[str]:
    values: list[str] = []
    for sighting in document.sightings:
        named = Named.of(sighting)
        values += [named.get(name) for name in names if named.get(name)]
    return list(dict.fromkeys(values))
