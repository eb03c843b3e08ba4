"""A seeded corpus of any size: documents as the index takes them, with the shape of real ones.

Word frequencies follow Zipf and Mandelbrot (f(r) ~ 1 / (r + 2.7) ** 1.07, as measured for English prose) over 60,000 words: the commonest English function
words, the field's own words, and made-up ones. A document says its own words again and again (Church and Gale, "Poisson mixtures", 1995): each draws a
smaller vocabulary of its own first, so that a long report has about 2,900 different words, as prose has, not 5,400. Long reports have about 15,000 words on
pages of 350, short documents about 2,500. Phrases of the field are sprinkled in, so that phrases and NEAR find something. The same seed gives the same corpus.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate

from casereviews.repository.model import Page, PublishedDocument, Section
from casereviews.repository.vocabulary import PACKAGED

FUNCTION_WORDS = [
    "the", "of", "and", "to", "in", "a", "was", "that", "for", "with", "on", "by", "had", "as",
    "were", "not", "at", "be", "this", "from", "is", "it", "his", "her", "which", "he", "she",
    "they", "have", "been", "or", "an", "their", "but", "who", "has", "are", "would", "no", "when",
    "there", "more", "also", "about", "into", "so", "if", "than", "could", "may", "did", "all",
    "one", "other", "any", "some", "what", "up", "out", "do", "then", "over", "after", "before",
    "during", "only",
]  # fmt: skip
VOCABULARY = 60_000
PAGE_WORDS = 350
LONG, SHORT = 15_000, 2_500
OWN_WORDS = 0.45  # draws of a document's own vocabulary, as a share of its length
NATIONS = ("England",) * 8 + ("Wales", "Scotland")
TYPES = ("scr", "lcspr", "lcspr", "cpr", "learning_review", "thematic_review")
ROLES = ("overview_report", "executive_summary", "briefing", "response")
_SYLLABLES = [
    "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta",
    "ve", "wi", "xo", "yu", "za", "bre", "cli", "dro", "fla", "gri", "plu", "ste", "tra", "spo",
]  # fmt: skip


class Corpus:
    """Documents on demand; `words` is the expected number of words."""

    def __init__(self, long: int, short: int = 0, *, seed: int = 7) -> None:
        self.long, self.short, self.seed = long, short, seed
        self.words = long * LONG + short * SHORT
        themes = PACKAGED.themes
        self.phrases = [
            phrase
            for theme in themes
            for phrase in theme.strong
            if " " in phrase and not set("&{") & set(phrase)
        ]
        self.theme_ids = [theme.id for theme in themes if theme.group != "agency"]
        field = sorted(
            {word for phrase in self.phrases for word in phrase.split() if word.isalpha()}
        )
        made = _made_up(random.Random(seed), VOCABULARY - len(FUNCTION_WORDS) - len(field))
        mixed = field + made[: 3 * len(field)]
        random.Random(seed).shuffle(mixed)
        self.vocabulary = [*FUNCTION_WORDS, *mixed, *made[3 * len(field) :]]
        self.weights = list(
            accumulate(1 / (rank + 2.7) ** 1.07 for rank in range(len(self.vocabulary)))
        )

    def documents(self, first: int = 0, count: int | None = None) -> Iterator[PublishedDocument]:
        """Documents number `first` and on; long ones first, then short ones."""
        stop = self.long + self.short if count is None else first + count
        for number in range(first, stop):
            yield self.document(number)

    def document(self, number: int) -> PublishedDocument:
        """One document of a review of two."""
        chance = random.Random(f"{self.seed}:{number}")
        size = LONG if number < self.long or number >= self.long + self.short else SHORT
        size = max(200, int(chance.lognormvariate(0, 0.35) * size))
        own = chance.choices(self.vocabulary, cum_weights=self.weights, k=round(size * OWN_WORDS))
        pages = tuple(
            Page(n, self._page(chance, own, min(PAGE_WORDS, size - at)), str(n))
            for n, at in enumerate(range(0, size, PAGE_WORDS), 1)
        )
        fields = {
            **self._review(number // 2),
            "source": f"source{number % 180}",
            "document_role": chance.choice(ROLES),
            "published": f"{2008 + number // 2 % 19}-{chance.randint(1, 12):02d}",
        }
        return PublishedDocument(f"d{number}", f"r{number // 2}", fields, pages, _sections(pages))

    def _review(self, number: int) -> dict[str, str | int | tuple[str, ...]]:
        """What the documents of one review share, as grouping and resolving give it."""
        chance = random.Random(f"{self.seed}:review {number}")
        label = f"Child {chance.choice('ABCDEFGHJKLMNPQRST')}"
        return {
            "title": f"{label} {chance.choice(self.vocabulary[500:3000])} review",
            "subjects": (label,),
            "publisher": f"{self.vocabulary[1000 + number % 180].title()} Partnership",
            "nation": chance.choice(NATIONS),
            "review_type": chance.choice(TYPES),
            "year": 2008 + number % 19,
            "scope": "child",
            "themes": tuple(chance.sample(self.theme_ids, chance.randint(2, 9))),
            "age_bands": (chance.choice(("under_1", "1_5", "6_10", "11_15", "16_17")),),
            "outcome": chance.choice(("death", "serious_harm")),
            "availability": "available",
        }

    def _page(self, chance: random.Random, own: list[str], count: int) -> str:
        words = chance.choices(own, k=count)
        for _ in range(max(1, count // 90)):
            words[chance.randrange(len(words))] = chance.choice(self.phrases)
        sentences = []
        at = 0
        while at < len(words):
            step = chance.randint(8, 26)
            sentences.append(" ".join(words[at : at + step]).capitalize() + ".")
            at += step
        return " ".join(sentences)


def _made_up(chance: random.Random, count: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        made["".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))] = None
    return list(made)


def _sections(pages: tuple[Page, ...]) -> tuple[Section, ...]:
    """Summary first, findings in the middle, recommendations last."""
    last = len(pages)
    if last < 6:
        return ()
    cuts = (
        ("summary", 1, 2),
        ("findings", last // 2, last - 2),
        ("recommendations", last - 1, last),
    )
    return tuple(
        Section(kind, kind.title(), a, 0, b, len(pages[b - 1].text)) for kind, a, b in cuts
    )
