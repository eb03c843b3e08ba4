"""The sentences of a document that tell of its case, each with its weight and where it can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from casereviews.repository.describing.case import cast as whom
from casereviews.repository.describing.case.cast import Cast, Mention
from casereviews.repository.describing.standing import (
    CASE,
    SILENT_SECTIONS,
    general_places,
    standing_of,
)
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
_PART = 10  # sentences that the next part of a report is away
_SHORTEST = 8  # characters of a sentence that may tell of a case: "He died."
OPENING_PAGES = 3  # the first pages of a report say whom it is about
MOST_SENTENCES = 260
# Harm to oneself is the child's only when no adult stands nearest before it ("killed by Father, who took his own life").
SELF_DIRECTED = frozenset({"harm_suicide_self_harm"})
# Places whose sentences may say who the child is ("The death of a baby boy").
_TELLING = ("abstract", "summary", "facts")
_HEADING = re.compile(r"^\d+(?:\.\d+)*[.)]?\s+")

_LABELS = load_rules("case_labels")


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
    number: int = 0
    standing: str = CASE
    people: tuple[Mention, ...] = ()

    @property
    def of_the_case(self) -> bool:
        """True when it tells of this case: what is asked, wished, said of others or of people at large tells no fact of the child."""
        return self.standing == CASE

    def owner(self, start: int) -> str:
        """Of whom words at folded[start:] are said: the nearest person before them, else the next one after."""
        before = [one for one in self.people if one.end <= start and not one.possessor]
        after = [one for one in self.people if one.start >= start]
        nearest = before[-1:] or after[:1]
        return nearest[0].whose if nearest else whom.UNCLEAR

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
            standing=self.standing,
        )


def case_sentences(
    text: RunningText, summary: str = "", labels: Sequence[str] = ()
) -> list[CaseSentence]:
    """The sentences of a listing's summary and of the document, without law, method, glossary and advice.

    A sentence of those that names the child by a label of the case, or an age, tells of the case all the same.
    """
    named = _naming(labels)
    found = []
    if summary:
        listing = RunningText.of_words(summary)
        found = [
            replace(_sentence(listing, bounds, None, "abstract", 0), number=at)
            for at, bounds in enumerate(listing.sentences)
        ]
    general = {text.sentence(text.original(at)) for at in general_places(text.folded)}
    first = text.numbers[0] if text.numbers else 1
    counted = 0
    for number, bounds in enumerate(text.sentences):
        if bounds[1] - bounds[0] < _SHORTEST or bounds[0] in text.headings:
            continue
        place = text.kind(bounds[0])
        silent = place in SILENT_SECTIONS
        if silent and place != "terms_of_reference":
            continue
        if (number in general or silent) and not (
            _LABELS["of_the_case"].pattern.search(text.text, *bounds)
            or (named and named.search(text.text, *bounds))
        ):
            continue
        if silent:
            place = None
        page = text.page(bounds[0])
        if place is None:
            place = "opening" if page < first + OPENING_PAGES else "body"
        if WEIGHTS[place] == 0.0:
            continue
        sentence = replace(_sentence(text, bounds, page, place, counted), number=1000 + number)
        if number in general or silent:
            sentence = replace(sentence, weight=sentence.weight * 0.6, general=True)
        found.append(sentence)
        counted += 1
        if counted >= MOST_SENTENCES:
            break
    return found


def _naming(labels: Sequence[str]) -> re.Pattern[str] | None:
    """What finds the pseudonyms of the labels ("Poppy") as they are printed; None without any."""
    names = {word for label in labels for word in re.findall(r"[A-Z][a-z]{2,}|[A-Z]\d+", label)}
    names -= {
        "Child",
        "Baby",
        "Young",
        "Person",
        "Family",
        "Sibling",
        "Siblings",
        "Children",
        "Infant",
    }
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b") if names else None


def with_people(
    sentences: Sequence[CaseSentence], labels: Sequence[str], *, sex: str = ""
) -> list[CaseSentence]:
    """The sentences with everybody whom they mention (`people`), the child's names folded to "the child"; printed as before.

    `labels` are those of the case; `sex` is that of its one child where it is known, so that a pronoun of the other sex is another's.
    """
    cast = replace(Cast.of(labels, (one.printed for one in sentences)), sex=sex)
    spoken = [cast.spoken(one.folded) for one in sentences]
    telling = [
        (
            2
            if one.place in _TELLING or whom.OF_THIS_REVIEW.fits(one.folded)
            else one.place == "opening"
        )
        if one.of_the_case
        else -1
        for one in sentences
    ]
    people = whom.mentions(spoken, _places(sentences), cast, telling)
    return [
        replace(sentence, folded=folded, people=found)
        for sentence, folded, found in zip(sentences, spoken, people, strict=True)
    ]


def _places(sentences: Sequence[CaseSentence]) -> list[int]:
    """The numbers of the sentences, those of another part of the report far from the last: a pronoun looks back within its part."""
    places, parts = [], 0
    for at, one in enumerate(sentences):
        parts += bool(at) and one.place != sentences[at - 1].place
        places.append(one.number + _PART * parts)
    return places


def _sentence(
    text: RunningText, bounds: tuple[int, int], page: int | None, place: str, order: int
) -> CaseSentence:
    printed = text.quote(*bounds)
    weight = WEIGHTS[place] / (1 + 0.01 * order)
    folded = _HEADING.sub("", fold(printed))
    return CaseSentence(folded, printed, page, weight, place, standing=standing_of(folded))
