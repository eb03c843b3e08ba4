"""The vocabulary of a home as one object: what is packaged, and the themes that people changed.

It is made and checked once, by whoever writes to a home (`casereviews.repository.lock.writing`) before anything is changed, or by
the verb that reads; then it is handed on: to child processes, to the index, to the forms of output. Nobody reads the home's
`themes.csv` a second time. Packaged parts are read when they are first asked for, so that a search loads no theme it needs not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from casereviews.repository.errors import VocabularyError
from casereviews.repository.home import Home
from casereviews.repository.vocabulary.abbreviations import (
    Abbreviation,
    Equivalence,
    load_abbreviations,
    load_equivalences,
)
from casereviews.repository.vocabulary.themes import (
    FOLDER,
    Theme,
    load_themes,
    load_word_groups,
)

if TYPE_CHECKING:
    from casereviews.repository.fields import Field
    from casereviews.repository.vocabulary.plain_words import PlainConcept

_GROUP_OF = {"harm": "harm_type", "agency": "agency"}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of the field. `own_themes` are all themes of a home that changed any, None for the packaged ones.

    Two are equal when their themes are; so finders that are costly to make are kept by the vocabulary they were made of.
    """

    own_themes: tuple[Theme, ...] | None = None

    @property
    def themes(self) -> tuple[Theme, ...]:
        """Themes and agencies, the home's own last."""
        return load_themes() if self.own_themes is None else self.own_themes

    @property
    def abbreviations(self) -> tuple[Abbreviation, ...]:
        return load_abbreviations()

    @property
    def equivalences(self) -> tuple[Equivalence, ...]:
        return load_equivalences()

    @property
    def plain_words(self) -> tuple[PlainConcept, ...]:
        from casereviews.repository.vocabulary.plain_words import load_plain_words

        return load_plain_words()

    @property
    def word_groups(self) -> Mapping[str, tuple[str, ...]]:
        """The words behind `{parent}`, `{child}`... in phrases."""
        return load_word_groups()

    def within(self, folded: str) -> Vocabulary:
        """This vocabulary with no phrases of themes but those that may stand in one folded text.

        Finders made of it find there what those of the whole find, and are made in a tenth of the time: for a process that reads one
        short text.
        """
        return Vocabulary(tuple(theme.within(folded) for theme in self.themes))

    def labels(self, codes: str) -> Mapping[str, str]:
        """The codes of a list and what people call them: `theme` (harms among them), `harm` and `agency` are the themes',
        the others those of `codes.CODES`. Raises KeyError for another name."""
        if codes in ("theme", *_GROUP_OF):
            group = _GROUP_OF.get(codes)
            return {
                theme.id: theme.label
                for theme in self.themes
                if theme.group == group or (group is None and theme.group != "agency")
            }
        from casereviews.repository.vocabulary.codes import labels_of

        return labels_of(codes)

    def labels_of(self, field: Field) -> Mapping[str, str]:
        """The codes of a field and what people call them; none for a field of free text."""
        from casereviews.repository.vocabulary.codes import TEXT_LABELS

        if field.codes:
            return self.labels(field.codes)
        return TEXT_LABELS.get(field.published or field.name, {})

    def worded(self, field: Field, value: object) -> object:
        """A value of a field as people read it: labels instead of codes, one by one in a list.

        Where a bar joins codes it is "Serious Case Review, Thematic review"; what is no code stands as it is.
        """
        labels = self.labels_of(field)
        if isinstance(value, (list, tuple)):
            return [_label(labels, one) for one in value]
        return _label(labels, value)

    @property
    def digest(self) -> str:
        """A hash of every word of it, council areas and names of persons too: another digest, another vocabulary."""
        own = "" if self.own_themes is None else repr(self.own_themes)
        return hashlib.blake2b(f"{_packaged_digest()}{own}".encode(), digest_size=8).hexdigest()


def _label(labels: Mapping[str, str], value: object) -> object:
    if not isinstance(value, str) or not labels:
        return value
    return labels.get(value) or ", ".join(labels.get(one, one) for one in value.split("|"))


PACKAGED = Vocabulary()


def load_vocabulary(home: Home) -> Vocabulary:
    """The vocabulary of a home, its `themes.csv` checked.

    Raises VocabularyError naming file, line and what to write when that file is wrong.
    """
    if not home.themes_csv.exists():
        return PACKAGED
    themes = load_themes(home.themes_csv)
    return PACKAGED if themes == load_themes() else Vocabulary(themes)


def wrong_themes(home: Home) -> str:
    """What is wrong with the home's own `themes.csv` (file, line and what to write); "" when nothing is, or it has none."""
    try:
        load_vocabulary(home)
    except VocabularyError as error:
        return str(error)
    return ""


@cache
def _packaged_digest() -> str:
    said = hashlib.blake2b(digest_size=8)
    for table in sorted(FOLDER.iterdir()):
        if table.suffix in (".csv", ".txt"):
            said.update(table.name.encode() + b"\0" + table.read_bytes())
    return said.hexdigest()
