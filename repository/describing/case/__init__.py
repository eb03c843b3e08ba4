"""The facts of the case, from a listing's summary and the document's own words, each with page and sentence."""

from __future__ import annotations

from collections.abc import Sequence

from casereviews.repository.describing.case.age import age_facts
from casereviews.repository.describing.case.harm import class_facts, harm_facts, source_facts
from casereviews.repository.describing.case.outcome import outcome_facts
from casereviews.repository.describing.case.sentences import case_sentences, with_people
from casereviews.repository.describing.case.status import living_facts, plan_facts, school_facts
from casereviews.repository.describing.case.subject import number_facts, sex_facts
from casereviews.repository.describing.evidence import Evidence
from casereviews.repository.describing.text.running_text import running_text
from casereviews.repository.model import Fact, Reading, Section
from casereviews.repository.vocabulary import PACKAGED, Vocabulary


def find_case_facts(
    reading: Reading,
    sections: Sequence[Section],
    *,
    summary: str = "",
    labels: Sequence[str] = (),
    vocabulary: Vocabulary = PACKAGED,
    evidence: list[Evidence] | None = None,
    compared: bool = False,
) -> tuple[Fact, ...]:
    """All facts of the case that a reading and a listing's summary tell, as codes of `vocabulary.codes`.

    Fields: age_months_min, age_months_max, age_band (several joined by a bar), sex, n_subjects, outcome, harm,
    source_of_harm, fatal_class, serious_harm_class, plan_status_now, plan_status_ever, living_where,
    school_status, methodology. `labels` are those of the case: a pseudonym in a sentence stands for the child. Harms are those of the
    vocabulary. Agencies come with the themes (`ThemeFinder`), which find them in the same pass.
    What each sentence says by itself is added to `evidence`, where it is given. With `compared` only those are looked for by which described cases
    are compared: age, sex, outcome, harm, plan status.
    """
    text = running_text(reading, tuple(sections))
    sentences = with_people(case_sentences(text, summary, labels), labels)
    sexes, told = sex_facts(sentences, labels), sentences
    if sexes and sexes[0].value in ("girl", "boy"):
        sentences = with_people(case_sentences(text, summary, labels), labels, sex=sexes[0].value)
    ages = age_facts(sentences)
    harms = harm_facts(sentences, vocabulary)
    outcomes = outcome_facts(sentences, harms)
    if compared:
        return (*ages, *sexes, *outcomes, *harms, *plan_facts(sentences))
    from casereviews.repository.describing.case.each_sentence import evidence_by_sentence
    from casereviews.repository.describing.case.method import method_facts

    oldest = next((int(fact.value) for fact in ages if fact.field == "age_months_max"), None)
    if evidence is not None:
        evidence += evidence_by_sentence(sentences, told)
    return (
        *ages,
        *sexes,
        *number_facts(sentences),
        *outcomes,
        *harms,
        *source_facts(sentences),
        *class_facts(outcomes[0].value if outcomes else None, harms),
        *plan_facts(sentences),
        *living_facts(sentences),
        *school_facts(sentences, oldest),
        *method_facts(text, summary),
    )
