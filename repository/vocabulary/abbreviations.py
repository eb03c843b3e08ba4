"""Abbreviations of the field, and the terms that search must take for one another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casereviews.repository.errors import VocabularyError
from casereviews.repository.vocabulary.tables import read_table

FOLDER = Path(__file__).parent
RELATIONS = ("same", "broader", "near")

# Short forms that are words or other things when not in capitals.
CAPITALS_UP_TO = 4


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """One reading of one abbreviation; the same letters may have several, told apart by nation."""

    short: str
    expansion: str
    nations: tuple[str, ...]
    note: str = ""

    @property
    def in_capitals_only(self) -> bool:
        """True for short forms that must be written in capitals to be meant (CP, CO, SN, DNA, SEND...)."""
        return len(self.short) <= CAPITALS_UP_TO


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Terms to be searched for one another: `relation` is same, broader (the first term holds the others) or near."""

    relation: str
    terms: tuple[str, ...]
    note: str = ""


@cache
def load_abbreviations() -> tuple[Abbreviation, ...]:
    """The rows of abbreviations.csv, in file order."""
    columns = ("abbreviation", "expansion", "nation", "notes")
    return tuple(
        Abbreviation(
            row["abbreviation"],
            row["expansion"],
            tuple(nation.strip() for nation in row["nation"].split(",") if nation.strip()),
            row["notes"],
        )
        for _, row in read_table(FOLDER / "abbreviations.csv", columns)
    )


@cache
def load_equivalences() -> tuple[Equivalence, ...]:
    """The rows of equivalences.csv, words that mean the same in the field; raises VocabularyError when one is wrong."""
    found = []
    for line, row in read_table(FOLDER / "equivalences.csv", ("relation", "terms", "note")):
        terms = tuple(term.strip() for term in row["terms"].split("|") if term.strip())
        if row["relation"] not in RELATIONS or len(terms) < 2:
            raise VocabularyError(
                f"equivalences.csv, line {line}: a row needs a relation "
                f"({', '.join(RELATIONS)}) and two or more terms parted by |"
            )
        found.append(Equivalence(row["relation"], terms, row["note"]))
    return tuple(found)
