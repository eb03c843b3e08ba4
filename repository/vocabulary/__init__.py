"""The field's vocabulary: data files that people edit, and their loaders. Light: standard library only."""

from casereviews.repository.vocabulary.abbreviations import (
    Abbreviation,
    Equivalence,
    abbreviations_of,
    expansions,
    load_abbreviations,
    load_equivalences,
)
from casereviews.repository.vocabulary.themes import GROUPS, Theme, load_themes

__all__ = [
    "GROUPS",
    "Abbreviation",
    "Equivalence",
    "Theme",
    "abbreviations_of",
    "expansions",
    "load_abbreviations",
    "load_equivalences",
    "load_themes",
]
