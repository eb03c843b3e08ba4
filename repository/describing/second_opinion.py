"""A second opinion on themes: a sentence is compared by meaning with what every theme means, and one that speaks of other things counts for less.

Phrases find a theme in words that also have other meanings (a garden that "suffered from years of neglect"). A theme that rests on one sentence loses weight
when that sentence is nearer to the definitions and examples of many other themes than to its own. The line `second_opinion = true` in the
home's config.toml switches it on; it needs the extra [semantic].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from casereviews.repository.errors import ModelError
from casereviews.repository.home import Home
from casereviews.repository.sentence_encoder import Encoder, WordLlamaEncoder, has_wordllama
from casereviews.repository.toml_files import read_switch
from casereviews.repository.vocabulary import Theme, Vocabulary
from casereviews.repository.vocabulary.theme_examples import load_theme_examples

if TYPE_CHECKING:
    from casereviews.repository.sentence_encoder import Vectors

SWITCH = "second_opinion"
KEY = WordLlamaEncoder.key
"""Names what judges: another encoder would judge otherwise."""
POOR_MATCH = "second opinion: poor match"
# Chosen on reports that the rules' author did not write (benchmarks/README.md, "With and without the second opinion").
POOR_WORTH = 0.85
"""What is left of the strength of a theme whose sentence is a poor match."""
NEARER_THEMES = 0.3
"""Of all themes so large a share is nearer to the sentence of a poor match than its own theme."""
DEFINITION_WORTH = 0.25
"""What the likeness with a definition, a general sentence, counts beside the likeness with the nearest example."""


class SecondOpinion:
    """Judges sentences by the themes that have a definition, agencies aside; `load` is called when there is a first one to judge."""

    def __init__(self, themes: Iterable[Theme], load: Callable[[], Encoder]) -> None:
        self._themes = [one for one in themes if one.definition and one.group != "agency"]
        self._row = {theme.id: row for row, theme in enumerate(self._themes)}
        self._load = load

    def poor_matches(self, told: Mapping[str, str]) -> frozenset[str]:
        """Of theme ids and the sentence that each rests on those whose sentence speaks of other things.

        A theme without a definition is never one. Raises ModelError when the encoder cannot be loaded.
        """
        judged = [theme for theme in told if theme in self._row]
        if not judged:
            return frozenset()
        near = self._nearness([told[theme] for theme in judged])
        poor = []
        for theme, of_all in zip(judged, near, strict=True):
            nearer = int((of_all > of_all[self._row[theme]]).sum())
            if nearer >= NEARER_THEMES * len(self._themes):
                poor.append(theme)
        return frozenset(poor)

    @cached_property
    def encoder(self) -> Encoder:
        """What makes the vectors, loaded once. Raises ModelError when it cannot be."""
        return self._load()

    @cached_property
    def _meanings(self) -> tuple[Vectors, Vectors, list[int]]:
        """Vectors of the definitions, of all examples, and where those of each theme begin; a theme without examples has its definition."""
        known = load_theme_examples()
        examples: list[str] = []
        begin = []
        for theme in self._themes:
            begin.append(len(examples))
            examples += known.get(theme.id) or (theme.definition,)
        definitions = self.encoder.encode([theme.definition for theme in self._themes])
        return definitions, self.encoder.encode(examples), begin

    def _nearness(self, sentences: list[str]) -> Vectors:
        """How near each sentence (row) is to each theme (column): the cosine with its nearest example, and a part of that with its definition."""
        import numpy as np

        definitions, examples, begin = self._meanings
        vectors = self.encoder.encode(sentences)
        nearest = np.maximum.reduceat(vectors @ examples.T, begin, axis=1)
        result: Vectors = nearest + np.float32(DEFINITION_WORTH) * (vectors @ definitions.T)
        return result


@lru_cache(maxsize=2)
def second_opinion(vocabulary: Vocabulary) -> SecondOpinion:
    """The second opinion by the themes of a vocabulary, made once a process."""
    return SecondOpinion(vocabulary.themes, load_encoder)


def load_encoder() -> Encoder:
    """The encoder that judges. Raises ModelError when the extra [semantic] is missing or damaged."""
    if not has_wordllama():
        raise ModelError(
            f'{SWITCH} = true needs the extra [semantic]: pip install ".[semantic]", or take the line out of config.toml'
        )
    return WordLlamaEncoder()


def is_wanted(home: Home) -> bool:
    """True when the home switches the second opinion on. Raises TomlError when its config.toml is wrong."""
    return read_switch(home.config_toml, SWITCH) or False


def can_judge(vocabulary: Vocabulary) -> bool:
    """True when the encoder can be loaded; it stays loaded. What is wrong otherwise `casereviews doctor` says (`load_encoder`)."""
    try:
        return bool(second_opinion(vocabulary).encoder)
    except ModelError:
        return False
