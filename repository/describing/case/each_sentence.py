"""What each sentence of a document would say of the case by itself: the evidence that the finders of the case weigh against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from casereviews.repository.describing.case.age import age_facts
from casereviews.repository.describing.case.outcome import outcome_facts
from casereviews.repository.describing.case.sentences import CaseSentence
from casereviews.repository.describing.case.status import living_facts, plan_facts, school_facts
from casereviews.repository.describing.case.subject import number_facts, sex_facts
from casereviews.repository.describing.evidence import CARRIES, NOT_COUNTED, Evidence
from casereviews.repository.describing.standing import CASE
from casereviews.repository.model import Fact

Finder = Callable[[Sequence[CaseSentence]], Iterable[Fact]]


def _school(sentences: Sequence[CaseSentence]) -> Iterable[Fact]:
    return school_facts(sentences, None)


_FINDERS: tuple[Finder, ...] = (
    age_facts,
    outcome_facts,
    plan_facts,
    living_facts,
    _school,
    number_facts,
)


def evidence_by_sentence(
    sentences: Sequence[CaseSentence], before_sex: Sequence[CaseSentence]
) -> Iterator[Evidence]:
    """The facts that the finders of the case find in each sentence alone, by the very rules that read all of them together.

    A sentence that does not tell of this case finds none; what it would say if it did is a piece that does not count.
    `before_sex` are the sentences as the finder of the sex reads them, before any is known.
    """
    yield from _pieces(sentences, _FINDERS)
    yield from _pieces(before_sex, (sex_facts,))


def _pieces(sentences: Iterable[CaseSentence], finders: Sequence[Finder]) -> Iterator[Evidence]:
    for sentence in sentences:
        for finder in finders:
            told = {_key(fact): fact for fact in finder((sentence,)) if fact.evidence}
            would: dict[tuple[str, str], Fact] = {}
            if not sentence.of_the_case:
                as_told = replace(sentence, standing=CASE)
                would = {_key(fact): fact for fact in finder((as_told,)) if fact.evidence}
            for key, fact in (would | told).items():
                yield Evidence(
                    fact.field,
                    fact.value,
                    fact.raw,
                    sentence.printed,
                    sentence.page,
                    sentence.place,
                    sentence.standing,
                    CARRIES if key in told else NOT_COUNTED,
                    sentence.weight,
                )


def _key(fact: Fact) -> tuple[str, str]:
    return fact.field, fact.value
