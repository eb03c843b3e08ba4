"""The field's vocabulary: data files that people edit, and their loaders. Light: standard library only."""

from casereviews.repository.vocabulary.abbreviations import (
    Abbreviation,
    Equivalence,
    load_abbreviations,
    load_equivalences,
)
from casereviews.repository.vocabulary.themes import GROUPS, Theme, load_themes
from casereviews.repository.vocabulary.vocabulary import (
    PACKAGED,
    Vocabulary,
    load_vocabulary,
    wrong_themes,
)

__all__ = [
    "GROUPS",
    "PACKAGED",
    "Abbreviation",
    "Equivalence",
    "Theme",
    "Vocabulary",
    "load_abbreviations",
    "load_equivalences",
    "load_themes",
    "load_vocabulary",
    "wrong_themes",
]
