"""A briefing drafted: which reviews tell of a matter, which of their sentences say what happened, what was wanting, recommended and done well.

Nothing is written but counts and headings. The same home and question give the same briefing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Collection as Several
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from casereviews.collection.asking.counts import CAUTION, COUNTED, counts_of
from casereviews.collection.briefing.recommended import (
    Addressees,
    Joined,
    Made,
    joined,
    made_by,
)
from casereviews.collection.briefing.records import (
    Addressed,
    Briefing,
    Happened,
    Quotation,
    Recommended,
    Tally,
    Wanting,
)
from casereviews.collection.briefing.sentences import (
    Sentence,
    as_recommended,
    quotable,
    stands_on,
)
from casereviews.collection.output.hostile import flat
from casereviews.collection.output.withholding import REAL_NAME, address_without, without
from casereviews.repository.describing.evidence import Evidence
from casereviews.repository.describing.text.phrases import PhraseFinder
from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.describing.themes import theme_finder
from casereviews.repository.model import Reading
from casereviews.repository.record.derived import Derived
from casereviews.repository.vocabulary.rules import load_rules

if TYPE_CHECKING:
    from casereviews.index.results import Hit, Results
    from casereviews.repository.home import Home
    from casereviews.repository.published_documents import Review, ReviewDocument
    from casereviews.repository.vocabulary import Vocabulary

MOST_READ = 24
"""Reviews that are read for sentences: the most telling ones. Counts and recommendations are of all."""
MOST_CASES, MOST_THEMES, MOST_OF_THEME, MOST_RECOMMENDED, MOST_OF_BODY, MOST_GOOD = (
    8,
    7,
    3,
    18,
    4,
    6,
)
FEWEST_RECOMMENDED = 6
"""Recommendations that name the topic, or that several reviews make, are quoted; where there are fewer than this, the newest too."""
MOST_OF_REVIEW, MOST_OF_PUBLISHER = 3, 8
"""Quotations of one review and of one publisher in one part of the briefing."""
LONGEST_RECOMMENDATION = 420
"""Characters of a recommendation that is quoted: of a longer one its first whole sentences."""
TALLIED = ("year", "age", "harm", "outcome", "type", "nation")
MOST_VALUES = 12
DRAWN_FROM = (
    "Every sentence in quotation marks is a report's own, chosen by rule and not read by anybody: read it on its page before you rely on it."
    " Nothing here was written by a model. What a sentence says of one case is not said of the others."
)
ALIKE_QUOTES = 0.5
"""Two quotations with this share of their words are one to a reader: boards repeat their own turns of phrase."""
_CASE_GROUPS = frozenset({"harm_type", "child_factor", "parent_factor", "family_environment"})
_PLACES_OF_CASE = {"summary": 2.0, "facts": 1.5, "opening": 1.0, "body": 0.0}
_PLACES_OF_FINDINGS = {
    "findings": 3.0,
    "analysis": 2.0,
    "summary": 1.0,
    "body": 1.0,
    "opening": 0.3,
    "facts": 0.5,
}
_CASE_FACTS = {"outcome": 3.0, "harm": 2.5, "age_band": 1.0, "source_of_harm": 1.0}
_PRAISE = "practice_good"
_PDF = "application/pdf"
_PEOPLE = load_rules("people")
_REPORTS = ("overview_report", "executive_summary", "learning_summary")


@dataclass(frozen=True, slots=True)
class _Topic:
    """What the briefing is about: themes by id, and words that were asked for, as the pages have them."""

    themes: frozenset[str]
    words: frozenset[str]
    finder: PhraseFinder

    def is_named(self, folded: str) -> bool:
        """Whether a folded text speaks of it."""
        text = RunningText.of_words(folded)
        return bool(self.words & set(re.findall(r"\w+", folded))) or any(
            not hit.weak for hit in self.finder.find(text.folded, text.text, text.original)
        )


@dataclass(frozen=True, slots=True)
class _Read:
    """A review that was read for sentences, with the document that they stand in."""

    review: Review
    document: ReviewDocument
    reading: Reading
    sentences: tuple[Sentence, ...]

    def names(self, topic: _Topic) -> bool:
        """Whether a sentence that is told of its case names the topic."""
        return any(topic.is_named(one.folded) for one in self.sentences)

    @property
    def central(self) -> frozenset[str]:
        return frozenset(_values(self.review, "central_themes"))


@dataclass(slots=True)
class _Room:
    """How much one review, one publisher may still say in a part of the briefing; and that nothing is said twice in any."""

    said: list[frozenset[str]]
    alike: float = ALIKE_QUOTES
    of_review: Counter[str] = field(default_factory=Counter)
    of_publisher: Counter[str] = field(default_factory=Counter)

    def takes(self, review: Review, folded: str) -> bool:
        """Whether a sentence of a review has room; then it is counted."""
        words = frozenset(re.findall(r"\w+", folded))
        publisher = review.publisher or ""
        if (
            self.of_review[review.review_id] >= MOST_OF_REVIEW
            or self.of_publisher[publisher] >= MOST_OF_PUBLISHER
            or any(len(words & one) >= self.alike * len(words | one) for one in self.said)
        ):
            return False
        self.said.append(words)
        self.of_review[review.review_id] += 1
        self.of_publisher[publisher] += 1
        return True


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
    topic = _topic(vocabulary, found, best)
    ranked = sorted(found.hits, key=lambda hit: _telling(hit, found, topic))
    order = [hit.review_id for hit in ranked]
    about = [hit.review_id for hit in ranked if topic.themes & _themes(hit)]
    telling = set((about or order)[:MOST_READ])
    kept: dict[str, Review] = {}
    made: list[Made] = []
    for review in reviews(order):
        own = replace(review, documents=_own_documents(review, abstracts))
        made += made_by(own)
        if review.review_id in telling:
            kept[review.review_id] = own
    with Derived.open(home) as derived:
        read = [
            one
            for key in order
            if key in kept and (one := _read(derived, vocabulary, kept[key])) is not None
        ]
        if not topic.themes:  # what was asked for may stand in a glossary alone
            read = [one for one in read if one.names(topic)] or read
        said: list[frozenset[str]] = []
        happened = tuple(_happened(read, topic, vocabulary, said))
        wanting = tuple(_wanting(read, topic, vocabulary, found, said))
        good = tuple(_good(read, topic, said))
        groups = joined(made)
        addressed = tuple(_addressed(derived, groups, topic, frozenset(about), vocabulary))
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


def _topic(vocabulary: Vocabulary, found: Results, best: Results) -> _Topic:
    """The themes that were filtered by or named in the query; where it names none, the words that pages matched."""
    known = {one.id: one for one in vocabulary.themes if one.group != "agency"}
    ids = set(re.findall(r"\w+", re.sub(r"(?:NOT |-)\S+", "", found.understood))) & set(known)
    pieces: list[Evidence] = []
    nothing = Reading("", "ok", "text/plain")
    theme_finder(vocabulary).find(nothing, (), title=found.query, evidence=pieces)
    ids |= {one.value for one in pieces} & set(known)
    words = {
        word
        for hit in best.hits
        for page in hit.pages
        for start, end in page.matches
        for word in fold(page.snippet[start:end]).split()
        if not ids
    }
    telling = {word for word in words if not _PEOPLE["of_a_child"].fits(word)}
    themes = tuple(known[one] for one in sorted(ids))
    return _Topic(frozenset(ids), frozenset(telling or words), PhraseFinder(themes, vocabulary))


def _telling(hit: Hit, found: Results, topic: _Topic) -> tuple[object, ...]:
    """The most telling first: about the theme, a report, well ranked by a query, new."""
    central = topic.themes & set(_of(hit, "central_themes"))
    carried = topic.themes & _themes(hit)
    report = hit.document_role in (*_REPORTS, None)
    newest = tuple(-ord(sign) for sign in hit.published or "")
    ranked = hit.rank if found.query.strip() else 0
    return (not central, not carried, not report, ranked, newest, hit.review_id)


def _themes(hit: Hit) -> set[str]:
    """The themes that a review is about, tells of, or touches."""
    named = ("central_themes", "themes", "touched_themes")
    return {theme for name in named for theme in _of(hit, name)}


def _of(hit: Hit, name: str) -> tuple[str, ...]:
    value = hit.fields.get(name)
    return value if isinstance(value, tuple) else (str(value),) if value else ()


def _values(review: Review, name: str) -> tuple[str, ...]:
    value = review.field(name)
    return value if isinstance(value, tuple) else (str(value),) if value else ()


def _own_documents(review: Review, abstracts: Several[str]) -> tuple[ReviewDocument, ...]:
    """The documents of a review that have pages; of a library with abstracts only files, because a page of it is the library's own text."""
    return tuple(
        one
        for one in review.documents
        if one.sha256 and one.pages and (review.source not in abstracts or one.media_type == _PDF)
    )


def _read(derived: Derived, vocabulary: Vocabulary, review: Review) -> _Read | None:
    """A review with the sentences of its best document that has text, in English where there is one; None without."""
    documents = review.documents
    for document in sorted(documents, key=lambda one: one.language == "cy"):
        reading = derived.reading(document.sha256 or "")
        if reading is None or not any(page.text.strip() for page in reading.pages):
            continue
        pieces: list[Evidence] = []
        theme_finder(vocabulary).find(reading, document.sections, evidence=pieces)
        hidden = _hidden(review)
        told = tuple(quotable(reading, document.sections, pieces, document.facts, hidden))
        return _Read(review, document, reading, told)
    return None


def _hidden(review: Review) -> frozenset[str]:
    """The labels that are a real person's names."""
    return frozenset(review.subjects) if review.field("label_kind") == REAL_NAME else frozenset()


def _tallies(found: Results, vocabulary: Vocabulary) -> Iterator[Tally]:
    for by in TALLIED:
        counts = counts_of(found, by, MOST_VALUES)
        values = tuple(
            (code, flat(vocabulary.worded(COUNTED[by], code)), number)
            for code, number in counts.values
        )
        yield Tally(by, COUNTED[by].label, values, counts.left_out)


def _quotation(
    review: Review, document: ReviewDocument, text: str, number: int, label: str | None
) -> Quotation:
    hidden = _hidden(review)
    address = address_without(document.url, hidden)
    if address is None or not address.startswith(("http://", "https://")):
        address = address_without(document.landing_url, hidden)
    elif document.media_type == _PDF:
        address = f"{address}#page={number}"
    year = (review.published or "")[:4]
    title = without(document.title or review.title or "Untitled", hidden)
    return Quotation(
        text,
        review.review_id,
        document.document_id,
        title,
        review.publisher or "",
        int(year) if year else None,
        number,
        label,
        address,
    )


def _quoted(read: _Read, sentence: Sentence) -> Quotation | None:
    """A sentence with its page, once more compared with what stands there."""
    page = next((one for one in read.reading.pages if one.number == sentence.page), None)
    if page is None or not stands_on(sentence.text, page.text):
        return None
    return _quotation(read.review, read.document, sentence.text, page.number, page.label)


# ---------------------------------------------------------------- what happened


def _happened(
    read: Sequence[_Read], topic: _Topic, vocabulary: Vocabulary, said: list[frozenset[str]]
) -> Iterator[Happened]:
    """One or two sentences of each of the most telling cases, in the order of the report."""
    of_case = {one.id for one in vocabulary.themes if one.group in _CASE_GROUPS}
    of_practice = {one.id for one in vocabulary.themes if one.group == "practice_issue"}
    room = _Room(said, alike=1.0)  # two cases may be told alike
    told = 0
    for one in read:
        if told == MOST_CASES:
            return
        scored = [
            (score, sentence)
            for sentence in one.sentences
            if not (sentence.themes & of_practice and sentence.is_wanting)
            and (score := _worth_of_case(sentence, topic, of_case)) > 0
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1].number))
        chosen = _case_of(scored, topic)
        if not (
            topic.themes & set(_values(one.review, "themes"))
            or any(topic.themes & each.themes or topic.is_named(each.folded) for each in chosen)
        ):
            continue
        quoted = [
            quotation
            for sentence in chosen
            if (quotation := _quoted(one, sentence)) and room.takes(one.review, sentence.folded)
        ]
        if quoted:
            told += 1
            yield Happened(one.review.review_id, tuple(quoted))


def _worth_of_case(sentence: Sentence, topic: _Topic, of_case: Several[str]) -> float:
    """How well a sentence says what happened; 0 for one that does not."""
    if sentence.place not in _PLACES_OF_CASE or sentence.hangs:
        return 0.0
    facts = sum(_CASE_FACTS.get(name, 0.0) for name in {name for name, _ in sentence.facts})
    about = 3.0 * bool(sentence.themes & topic.themes)
    named = 2.0 * topic.is_named(sentence.folded)
    if not facts and (not (about or named) or sentence.place == "body"):
        return 0.0
    if sentence.is_wanting and not about and facts < _CASE_FACTS["harm"]:
        return 0.0
    if not sentence.is_past:
        return 0.0
    others = min(1.0, 0.5 * len((sentence.themes & frozenset(of_case)) - topic.themes))
    return facts + about + named + others + _PLACES_OF_CASE[sentence.place]


def _case_of(scored: Sequence[tuple[float, Sentence]], topic: _Topic) -> list[Sentence]:
    """The best sentence that says of whom it is told, and another that adds to it; as the report has them."""
    first = next((one for _, one in scored if not one.begins_with_pronoun), None)
    if first is None:
        return []
    known = _says(first, topic)
    for _, other in scored:
        if other is not first and _says(other, topic) - known and other.number != first.number:
            if other.begins_with_pronoun and not 0 < other.number - first.number <= 3:
                continue
            return sorted((first, other), key=lambda one: one.number)
    return [first]


def _says(sentence: Sentence, topic: _Topic) -> frozenset[str]:
    facts = {name for name, _ in sentence.facts if name in _CASE_FACTS}
    return frozenset(facts | (sentence.themes & topic.themes))


# ---------------------------------------------------------------- what was found wanting


def _wanting(
    read: Sequence[_Read],
    topic: _Topic,
    vocabulary: Vocabulary,
    found: Results,
    said: list[frozenset[str]],
) -> Iterator[Wanting]:
    """What was wanting by practice theme: first those that most of the reviews found are about."""
    practice = {
        one.id: one.label
        for one in vocabulary.themes
        if one.group == "practice_issue" and one.id != _PRAISE
    }
    carried = Counter(theme for hit in found.hits for theme in set(_of(hit, "themes")))
    central = Counter(theme for hit in found.hits for theme in set(_of(hit, "central_themes")))
    room = _Room(said)
    themes = 0
    for theme in sorted(practice, key=lambda one: (-central[one], -carried[one], one)):
        if themes == MOST_THEMES:
            return
        candidates = sorted(
            (
                (-worth, at, sentence.number, one, sentence)
                for at, one in enumerate(read)
                for sentence in one.sentences
                if (worth := _worth_of_finding(sentence, theme, one, topic)) > 0
            ),
            key=lambda row: row[:3],
        )
        quoted: list[Quotation] = []
        of: set[str] = set()
        for _, _, _, one, sentence in candidates:
            if len(quoted) == MOST_OF_THEME or one.review.review_id in of:
                continue
            quotation = _quoted(one, sentence)
            if quotation and room.takes(one.review, sentence.folded):
                quoted.append(quotation)
                of.add(one.review.review_id)
        if quoted:
            themes += 1
            yield Wanting(theme, practice[theme], carried[theme], central[theme], tuple(quoted))


def _worth_of_finding(sentence: Sentence, theme: str, read: _Read, topic: _Topic) -> float:
    if theme not in sentence.themes or sentence.place not in _PLACES_OF_FINDINGS:
        return 0.0
    if sentence.hangs or not sentence.is_wanting:
        return 0.0
    if sentence.place != "findings" and not sentence.is_past:  # only findings are put as what is so
        return 0.0
    return (
        _PLACES_OF_FINDINGS[sentence.place]
        + 1.0 * (theme in read.central)
        + 1.0 * sentence.is_past
        + 1.0 * topic.is_named(sentence.folded)
        - 1.0 * sentence.begins_with_pronoun
    )


# ---------------------------------------------------------------- good practice


def _good(read: Sequence[_Read], topic: _Topic, said: list[frozenset[str]]) -> Iterator[Quotation]:
    """What was done well: praise of what somebody did, one sentence a review."""
    room = _Room(said)
    given = 0
    for one in read:
        if given == MOST_GOOD:
            return
        scored = sorted(
            (-worth, sentence.number, sentence)
            for sentence in one.sentences
            if (worth := _worth_of_praise(sentence, topic)) > 0
        )
        for _, _, sentence in scored:
            quotation = _quoted(one, sentence)
            if quotation and room.takes(one.review, sentence.folded):
                given += 1
                yield quotation
                break


def _worth_of_praise(sentence: Sentence, topic: _Topic) -> float:
    section = sentence.place == "good_practice"
    if sentence.place == "recommendations":
        return 0.0
    praised = sentence.is_praise and (section or _PRAISE in sentence.themes | sentence.supports)
    if sentence.is_vague or sentence.hangs or not sentence.is_past:
        return 0.0
    if not section and (not praised or sentence.tells_of_want):
        return 0.0
    if not praised and sentence.is_wanting:
        return 0.0
    return (
        2.0 * section
        + 2.0 * praised
        + 1.0 * topic.is_named(sentence.folded)
        - 1.0 * sentence.begins_with_pronoun
    )


# ---------------------------------------------------------------- what was recommended


def _addressed(
    derived: Derived,
    groups: Sequence[Joined],
    topic: _Topic,
    about: Several[str],
    vocabulary: Vocabulary,
) -> list[Addressed]:
    """Recommendations by whom they address; those that name the topic or that several reviews make are shown."""
    addressees = Addressees(vocabulary)
    by_body: dict[str, list[Joined]] = {}
    for group in groups:
        by_body.setdefault(addressees.code(group.addressee), []).append(group)
    worth = {id(one): _worth_of_group(one, topic, about) for one in groups}
    ranked = sorted(groups, key=lambda one: (-worth[id(one)], -(one.made[0].year or 0)))
    telling = [one for one in ranked if worth[id(one)] > 0]
    if len(telling) < FEWEST_RECOMMENDED:
        telling = ranked[:FEWEST_RECOMMENDED]
    room = _Room([])
    readings: dict[str, Reading | None] = {}
    shown: dict[str, list[Recommended]] = {}
    for group in telling:
        code = addressees.code(group.addressee)
        if sum(map(len, shown.values())) == MOST_RECOMMENDED:
            break
        if len(shown.get(code, ())) == MOST_OF_BODY:
            continue
        quotation = _of_group(derived, group, readings)
        if quotation and room.takes(group.made[0].review, fold(quotation.text)):
            one = Recommended(quotation, group.addressee, group.reviews, group.by_year)
            shown.setdefault(code, []).append(one)
    bodies = [
        Addressed(
            code,
            addressees.labels[code],
            len(of_body),
            len({one.review.review_id for group in of_body for one in group.made}),
            tuple(shown.get(code, ())),
        )
        for code, of_body in by_body.items()
    ]
    bodies.sort(key=lambda one: (-one.recommendations, one.code))
    return bodies


def _worth_of_group(group: Joined, topic: _Topic, about: Several[str]) -> float:
    """More for what names the topic, less for what a review about it makes, least for what many reviews make of anything."""
    named = topic.is_named(fold(group.made[0].recommendation.text))
    of_topic = any(one.review.review_id in about for one in group.made)
    return 3.0 * named + 1.5 * of_topic + min(1.5, 0.5 * (group.reviews - 1))


def _of_group(
    derived: Derived, group: Joined, readings: dict[str, Reading | None]
) -> Quotation | None:
    """The newest of a group that stands whole on its page."""
    for one in group.made:
        sha256 = one.document.sha256
        if not sha256:
            continue
        text = as_recommended(one.recommendation.text, LONGEST_RECOMMENDATION)
        if text is None or any(
            part.lower() in text.lower() for label in _hidden(one.review) for part in label.split()
        ):
            continue
        if sha256 not in readings:
            readings[sha256] = derived.reading(sha256)
        reading = readings[sha256]
        pages = reading.pages if reading else ()
        page = next((page for page in pages if page.number == one.recommendation.page), None)
        if page and stands_on(text, page.text):
            return _quotation(one.review, one.document, text, page.number, page.label)
    return None
