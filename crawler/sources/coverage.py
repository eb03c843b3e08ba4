"""Who covers which local authority, and how well: gaps by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from casereviews.crawler.sources.source import Source, Sources
from casereviews.repository.vocabulary.authorities import Authority, authorities

LEVELS: Mapping[str, str] = {
    "listed": "a page that lists reports is known",
    "not_published": "a page is known that held no report when it was seen, or reviews are not public",
    "pointer": "the publisher sends the reader to another list",
    "list_unknown": "the publisher is known, its list is not",
    "gap": "no entry of the registry covers this area",
}
"""How well an area is covered, best first."""


@dataclass(frozen=True, slots=True)
class AreaCoverage:
    """One authority: its best `level` of LEVELS, and the entries that cover it, best first."""

    area: Authority
    level: str
    sources: tuple[Source, ...] = ()

    @property
    def told(self) -> str:
        """Its level in words."""
        return LEVELS[self.level]

    def as_json(self) -> dict[str, object]:
        """The row as `sources list --coverage --json` prints it."""
        return {
            "gss": self.area.gss,
            "area": self.area.name,
            "nation": self.area.nation,
            "region": self.area.region,
            "level": self.level,
            "sources": [source.id for source in self.sources],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Every current upper-tier or unitary authority of the UK, by nation and name."""

    rows: tuple[AreaCoverage, ...]

    def of_nation(self, nation: str) -> Coverage:
        """The rows of one nation only ("Wales")."""
        return Coverage(tuple(row for row in self.rows if row.area.nation == nation))

    @property
    def gaps(self) -> tuple[str, ...]:
        """Names of the authorities that no entry covers."""
        return tuple(row.area.name for row in self.rows if row.level == "gap")

    @property
    def counts(self) -> dict[str, int]:
        """How many authorities stand at each level, best level first, zeros included."""
        found = Counter(row.level for row in self.rows)
        return {level: found[level] for level in LEVELS}


def coverage(sources: Sources) -> Coverage:
    """Who covers each authority with children's reviews of its own (national lists do not count)."""
    covering: dict[str, list[Source]] = {}
    for source in sources.values():
        if source.scope != "adult" and not source.national and level_of(source) != "gap":
            for gss in source.areas:
                covering.setdefault(gss, []).append(source)
    order = list(LEVELS)
    rows = []
    for area in authorities().values():
        if area.answers_for_children:
            found = sorted(covering.get(area.gss, ()), key=lambda s: order.index(level_of(s)))
            rows.append(AreaCoverage(area, level_of(found[0]) if found else "gap", tuple(found)))
    return Coverage(tuple(sorted(rows, key=lambda row: (row.area.nation, row.area.name))))


def level_of(source: Source) -> str:
    """How well an entry covers its areas; one that was switched off covers nothing."""
    if source.status == "not_public" or (source.crawled and source.kind == "empty-placeholder"):
        return "not_published"
    if source.crawled:
        return "listed"
    return {"pointer_only": "pointer", "list_unknown": "list_unknown"}.get(source.status, "gap")
