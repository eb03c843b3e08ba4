"""Council areas and joint boards by name and GSS code.

`local_authorities.csv` is mySociety's list of UK local authorities (CC BY 4.0); `joint_areas.csv` adds regional boards,
islands and everyday names that stand for one or several of them (or for a nation, without codes).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casereviews.repository.vocabulary.rules import load_rules

FOLDER = Path(__file__).parent

# Districts below a county: real places, but boards are named by upper-tier councils, and many district
# names are everyday words or surnames (Eden, Hart, Craven, Lancaster).
_UPPER_TIERS = frozenset(
    {
        "Unitary authority",
        "Metropolitan district",
        "London borough",
        "County",
        "City corporation",
        "Scottish unitary authority",
        "Welsh unitary authority",
    }
)
_AFFIX = re.compile(
    r"^(?:City of|County of|The|Royal Borough of|London Borough of)\s+|"
    r"\s+(?:City|County|Council|Islands|UA|upon Thames|of Yorkshire)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Authority:
    """One council: `gss` is its nine-character GSS code; `current` is False for abolished ones, `replaced_by` are their heirs' codes.

    `letters` are mySociety's three for it, `county` is the GSS code of a district's county, `north` and `east` its middle in degrees.
    """

    gss: str
    name: str
    nation: str
    region: str
    kind: str
    current: bool
    replaced_by: tuple[str, ...] = ()
    letters: str = ""
    county: str = ""
    north: float = 0.0
    east: float = 0.0

    @property
    def answers_for_children(self) -> bool:
        """True for a current authority with children's services: districts have none, their county does (Children Act 2004, section 16E).

        Northern Ireland's councils have none either; its one board covers them all.
        """
        return self.current and bool(self.gss) and self.kind in (*_UPPER_TIERS, "NI district")


@dataclass(frozen=True, slots=True)
class Area:
    """A place a name stands for: its nation and the GSS codes it covers (none where only the nation is known)."""

    name: str
    nation: str
    gss: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaMention:
    """An area named in a text, from `start` to `end` (end exclusive)."""

    start: int
    end: int
    area: Area


@cache
def authorities() -> dict[str, Authority]:
    """All local authorities by GSS code; a code that stands twice keeps its current row.

    The region and the middle of a county are those of its districts: the list has several counties in the middle of another, and
    Derbyshire and Lincolnshire in regions that none of their districts is in.
    """
    found: dict[str, Authority] = {}
    rows = _rows("local_authorities.csv")
    gss_of = {row["code"]: row["gss_code"] for row in rows}
    districts: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        if row["county"] and row["current"] == "True":
            districts.setdefault(row["county"], []).append(row)
    for row in rows:
        parts = districts.get(row["code"], [row])
        authority = Authority(
            row["gss_code"],
            row["name"],
            row["nation"],
            parts[0]["region"],
            row["type"],
            row["current"] == "True",
            tuple(gss_of[code] for code in row["replaced_by"].split(",") if code in gss_of),
            row["code"],
            gss_of.get(row["county"], ""),
            sum(float(part["lat"] or 0) for part in parts) / len(parts),
            sum(float(part["long"] or 0) for part in parts) / len(parts),
        )
        if authority.gss not in found or authority.current:
            found[authority.gss] = authority
    return found


@cache
def areas_by_name() -> dict[str, Area]:
    """Every known spelling of an area, lower case, to the area; joint boards win over councils."""
    names: dict[str, Area] = {}
    rows = sorted(_rows("local_authorities.csv"), key=lambda row: row["current"] == "True")
    for upper in (False, True):  # upper-tier councils are written last and so win a shared name
        for row in rows:
            if (row["type"] in _UPPER_TIERS) != upper:
                continue
            area = Area(row["name"], row["nation"], (row["gss_code"],))
            for spelling in _spellings(row["name"]):
                names[spelling.lower()] = area
            for spelling in row["alt_names"].split(","):
                if _usable(spelling):
                    names.setdefault(spelling.strip().lower(), area)
    for row in _rows("joint_areas.csv"):
        codes = tuple(code for code in row["gss_codes"].split("|") if code)
        names[row["name"].lower()] = Area(row["name"], row["nation"], codes)
    return names


def area_named(name: str) -> Area | None:
    """The area that the whole of `name` stands for, None when it is no area we know."""
    folded = " ".join(name.replace("’", "'").split()).strip(" .,-–").lower()
    names = areas_by_name()
    return names.get(folded) or names.get(_AFFIX.sub("", folded.title()).lower())


def find_areas(text: str) -> list[AreaMention]:
    """The areas named in `text`, longest names first, not overlapping, in order of place.

    Names count with a capital letter or in capitals, so that "reading" or "bury" are no places; all-capital texts
    cannot tell these apart.
    """
    known = areas_by_name()
    found: list[AreaMention] = []
    for match in _pattern().finditer(text):
        words = match.group(0)
        if not words[0].isupper():
            continue
        area = known[re.sub(r"\s+", " ", words.lower())]
        found.append(AreaMention(match.start(), match.end(), area))
    return found


def nation_of(text: str | None) -> str | None:
    """The nation that a publisher's name tells of ("North Wales Safeguarding Board" is Wales), None when it does not."""
    if not text:
        return None
    said = load_rules("nations").first(text)
    if said:
        return said.code
    nations = {mention.area.nation for mention in find_areas(text)}
    return nations.pop() if len(nations) == 1 else None


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(areas_by_name(), key=lambda name: (-len(name), name))
    body = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
    return re.compile(rf"(?<![\w'-])(?:{body})(?![\w]|-\w)", re.IGNORECASE)


def _spellings(name: str) -> Iterator[str]:
    yield name
    bare = _AFFIX.sub("", name)
    if bare:
        yield bare
    for spelling in {name, bare}:
        if " and " in spelling:
            yield spelling.replace(" and ", " & ")
    if " upon Hull" in name:
        yield "Hull"


def _usable(spelling: str) -> bool:
    spelling = spelling.strip()
    return len(spelling) > 3 and "�" not in spelling and "ï" not in spelling


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
