"""Local authorities by GSS code, as far as the registry needs them: names, nations and who is current."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Who answers for safeguarding: lower-tier districts have no children's services, their county does
# (Children Act 2004, section 16E: county councils and unitary authorities are safeguarding partners).
# Northern Ireland's eleven councils have no children's services either; its one board covers them all.
LISTED_TYPES = frozenset(
    {
        "County",
        "Unitary authority",
        "Metropolitan district",
        "London borough",
        "City corporation",
        "Welsh unitary authority",
        "Scottish unitary authority",
        "NI district",
    }
)


@dataclass(frozen=True, slots=True)
class Area:
    """One local authority. `replaced_by` are the GSS codes of its successors, empty for a current one."""

    gss: str
    name: str
    nation: str
    region: str
    type: str
    current: bool
    replaced_by: tuple[str, ...] = ()

    @property
    def answers_for_children(self) -> bool:
        """True for a current upper-tier or unitary authority."""
        return self.current and self.type in LISTED_TYPES


@cache
def areas() -> Mapping[str, Area]:
    """Every authority of the vocabulary's table by GSS code, former ones included."""
    table = files("casereviews.repository.vocabulary") / "local_authorities.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    gss_of = {row["code"]: row["gss_code"] for row in rows}
    return {
        row["gss_code"]: Area(
            gss=row["gss_code"],
            name=row["name"],
            nation=row["nation"],
            region=row["region"],
            type=row["type"],
            current=row["current"] == "True",
            replaced_by=tuple(
                gss_of[code] for code in row["replaced_by"].split(",") if code in gss_of
            ),
        )
        for row in rows
        if row["gss_code"]
    }
