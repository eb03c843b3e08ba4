"""The sentences of a document that tell of its case, each with its weight and where it can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casereviews.repository.describing.standing import SILENT_SECTIONS, general_places
from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import load_rules

# How far a sentence may be trusted to speak of the child of the review, by where it stands.
WEIGHTS = {
    "abstract": 5.0,
    "summary": 3.0,
    "facts": 3.0,
    "opening": 2.5,
    "analysis": 1.0,
    "findings": 1.0,
    "good_practice": 0.5,
    "recommendations": 0.0,
    "body": 1.0,
}
OPENING_PAGES = 3  # the first pages of a report say whom it is about
MOST_SENTENCES = 260
# Harm to oneself is the child's only when no adult stands nearest before it ("killed by Father, who took his own life").
SELF_DIRECTED = frozenset({"harm_suicide_self_harm"})
_HEADING = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+")

_PEOPLE = load_rules("people")
_LABELS = load_rules("case_labels")
# Words for the child of the review, and for anybody else: groups for the patterns of others.
SUBJECT, OTHER = _PEOPLE["subject"].words, _PEOPLE["other"].words


@dataclass(frozen=True, slots=True)
class CaseSentence:
    """One sentence: folded for rules, as printed for evidence; `page` is None when a listing said it.

    A `general` one quotes the law and yet names the child or an age ("under Working Together, after the death of
    Child Q aged 3"): it tells age, sex and outcome, but none of its words is a harm of the case.
    """

    folded: str
    printed: str
    page: int | None
    weight: float
    place: str
    general: bool = False

    def fact(self, field: str, value: str, raw: str, confidence: float, rule: str) -> Fact:
        """A fact with this sentence as its evidence."""
        origin = "listing" if self.page is None else "text"
        return Fact(
            field,
            value,
            raw,
            origin,
            round(min(confidence, 0.99), 2),
            self.page,
            self.printed,
            rule,
        )


def case_sentences(text: RunningText, summary: str = "") -> list[CaseSentence]:
    """The sentences of a listing's summary and of the document, without law, method, glossary and advice."""
    found = []
    if summary:
        listing = RunningText.of_words(summary)
        found = [_sentence(listing, bounds, None, "abstract", 0) for bounds in listing.sentences]
    general = {text.sentence(text.original(at)) for at in general_places(text.folded)}
    first = text.numbers[0] if text.numbers else 1
    counted = 0
    for number, bounds in enumerate(text.sentences):
        if bounds[1] - bounds[0] < 12 or bounds[0] in text.headings:
            continue
        if number in general and not _LABELS["of_the_case"].pattern.search(text.text, *bounds):
            continue
        place = text.kind(bounds[0])
        if place in SILENT_SECTIONS:
            continue
        page = text.page(bounds[0])
        if place is None:
            place = "opening" if page < first + OPENING_PAGES else "body"
        if WEIGHTS[place] == 0.0:
            continue
        sentence = _sentence(text, bounds, page, place, counted)
        if number in general:
            sentence = replace(sentence, weight=sentence.weight * 0.6, general=True)
        found.append(sentence)
        counted += 1
        if counted >= MOST_SENTENCES:
            break
    return found


def with_names_known(
    sentences: Sequence[CaseSentence], labels: Sequence[str]
) -> list[CaseSentence]:
    """The sentences with the pseudonyms of the case folded to "the child" ("Niamh was fifteen"), printed as before."""
    names = {label.split()[-1].lower() for label in labels if not _LABELS["no_child"].fits(label)}
    names = {name for name in names if len(name) > 2 and name.isalpha()}
    if not names:
        return list(sentences)
    words = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    pattern = re.compile(rf"\b(?:{_PEOPLE['before_name'].words} )?(?:{words})\b")
    return [
        replace(sentence, folded=pattern.sub("the child", sentence.folded))
        for sentence in sentences
    ]


def _sentence(
    text: RunningText, bounds: tuple[int, int], page: int | None, place: str, order: int
) -> CaseSentence:
    printed = text.quote(*bounds)
    weight = WEIGHTS[place] / (1 + 0.01 * order)
    return CaseSentence(_HEADING.sub("", fold(printed)), printed, page, weight, place)


def owner(sentence: str, start: int) -> str:
    """Of whom words at sentence[start:] are said: "subject", "other" or "unknown" (the nearest person before)."""
    before = sentence[max(0, start - 90) : start]
    people = list(_PERSON.finditer(before))
    if not people:
        return "unknown"
    return "other" if people[-1]["other"] else "subject"


_PERSON = re.compile(
    rf"\b(?:(?P<other>{OTHER})|(?P<subject>{SUBJECT}))\b(?!'s {_PEOPLE['relation'].words})"
)
