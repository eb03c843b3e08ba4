"""What of a description the reports of a generation have: its words, and the concepts of what happened."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from casereviews.index.analysis import kin, words
from casereviews.index.search import Searcher
from casereviews.index.similar.closeness import Shared, tells_what
from casereviews.index.similar.concepts import finder
from casereviews.index.similar.key_terms import FEW, word_places
from casereviews.index.similar.profiles import FILE, Profiles


class Heard:
    """`by_concepts` is how much each document (by id) tells of `concepts`, `by_whole` how much its pages all together speak of them, `theirs`
    which of them it mentions where it tells its case, `what` the weight of those of what happened; `unheard` the share, 0..1, of the description's words that no document has and no concept knows."""

    def __init__(self, text: str, searcher: Searcher, concepts: Mapping[str, int]) -> None:
        self.what: dict[str, float] = {}
        self.theirs: dict[str, set[str]] = {}
        self.by_concepts: dict[str, float] = {}
        self.by_whole: dict[str, float] = {}
        known = finder(searcher.vocabulary)
        if (searcher.folder / FILE).exists():
            with closing(Profiles(searcher.folder)) as profiles:
                rarity = profiles.rarity(concepts, known.weights)
                self.what = {name: weight for name, weight in rarity.items() if tells_what(name)}
                self.theirs = profiles.having(concepts)
                self.by_concepts = profiles.scores(concepts, known.weights)
                self.by_whole = profiles.scores(concepts, known.weights, whole=True)
        self._words = word_places(text, searcher)
        self._words_in_all = sum(idf for idf, _ in self._words.values())
        self._what_in_all = sum(self.what.values())
        self.unheard = 0.0
        if self._words_in_all and len(searcher.lexicon.live) >= FEW:
            spoken = {
                kin(word)
                for mention in known.mentions(text)
                for word in words(text[mention.start : mention.end])
            }
            unheard = (
                idf
                for family, (idf, having) in self._words.items()
                if not having and family not in spoken
            )
            self.unheard = sum(unheard) / self._words_in_all

    def shared(
        self,
        number: int,
        document_id: str,
        *,
        cosine: float | None = None,
        themes: int = 0,
        agreement: float = 0.0,
        rough: bool = False,
    ) -> Shared:
        """What a document has of the description."""
        theirs = self.theirs.get(document_id, set())
        weight = sum(rare for name, rare in self.what.items() if name in theirs)
        having = sum(idf for idf, places in self._words.values() if number in places)
        return Shared(
            weight,
            weight / self._what_in_all if weight else 0.0,
            having / self._words_in_all if self._words_in_all else 0.0,
            cosine,
            themes,
            agreement,
            self.unheard,
            rough,
        )
