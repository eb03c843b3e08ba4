"""Where tables come from: what was asked, of which sources, by which rules, and what was left out, counted while rows are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection as Several
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from casereviews.collection.clock import now
from casereviews.collection.output.tables.rows import Row
from casereviews.collection.output.tables.schema import LIST, SCHEMA_VERSION, TABLES
from casereviews.collection.output.withholding import (
    PDF,
    ExportedReview,
    name_words_withheld,
)
from casereviews.collection.output.wording import counted
from casereviews.repository.home import Home
from casereviews.repository.json_record import JsonRecord
from casereviews.repository.vocabulary import Vocabulary

if TYPE_CHECKING:
    from casereviews.index.results import Results

TITLE = "Safeguarding case reviews published in the UK"
DESCRIPTION = (
    "What casereviews collected and describes: reviews, their documents, every fact with its evidence, recommendations as printed."
    " Facts are read by rules and may be wrong: look at the evidence on its page before you rely on one. Unknown stays empty, and"
    " the absence of a theme proves nothing. In CSV a text that begins with a sign of a formula has an apostrophe before it."
)
LICENCE = "No open licence: titles, recommendations and sentences are quoted from reports that stay the copyright of their boards"


@dataclass(frozen=True, slots=True)
class TakenSource(JsonRecord):
    """A source that was asked: its registry id, its publisher and first address, how its last run ended, and when one last succeeded (ISO)."""

    source: str
    title: str
    path: str
    nation: str | None
    result: str
    last_success: str | None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known before rows are. `made` is an instant (ISO, UTC), `program` name and version; `query`, `understood` and `filters`
    are empty where all was taken. `libraries` are ids of sources whose pages are their own text, `held` counts documents that are held."""

    made: str
    program: str
    vocabulary: Vocabulary
    rules_version: str
    sources: tuple[TakenSource, ...]
    libraries: frozenset[str]
    held: int = 0
    names: bool = False
    query: str = ""
    understood: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)


def circumstances(
    home: Home,
    vocabulary: Vocabulary,
    found: Results | None,
    filters: Mapping[str, Sequence[str]],
    names: bool,
    hidden: Several[str] = (),
) -> Circumstances:
    """What is known of a home, and of what is taken of it, before rows are. `hidden` are labels that are withheld from what was asked too."""
    from casereviews.repository.describing.describer import describer_now
    from casereviews.repository.record import Record

    with Record.open(home) as record:
        known = record.sources()
        states = record.source_states()
        held = len(record.documents(visibility="held"))
    sources = []
    for key, info in sorted(known.items()):
        state = states.get(key)
        sources.append(
            TakenSource(
                key,
                info.publisher,
                info.start_urls[0] if info.start_urls else "",
                info.nation,
                state.result if state else "never asked",
                state.last_success if state else None,
            )
        )
    return Circumstances(
        made=now(),
        program=f"casereviews {version('casereviews')}",
        vocabulary=vocabulary,
        rules_version=describer_now(home, vocabulary),
        sources=tuple(sources),
        libraries=frozenset(key for key, info in known.items() if info.family == "nspcc"),
        held=0 if found else held,
        names=names,
        query=name_words_withheld(found.query, hidden) if found else "",
        understood=name_words_withheld(found.understood, hidden) if found else "",
        filters={
            name: [name_words_withheld(one, hidden) for one in values]
            for name, values in filters.items()
        },
    )


class Tally:
    """Counts what is written; its memory does not grow with the collection, but for the ids of reviews."""

    def __init__(self, given: Circumstances) -> None:
        self.given = given
        self.rows: Counter[str] = Counter({one.name: 0 for one in TABLES})
        self.review_ids: list[str] = []
        self.scopes: Counter[str] = Counter()
        self.nations: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()
        self.days: list[str] = []
        self.withheld = self.theirs = self.undescribed = 0
        self.unlisted: dict[tuple[str, str], set[str]] = {}
        self._codes = {
            (table.name, column.name): frozenset(codes)
            for table in TABLES
            for column in table.columns
            if (codes := column.codes_in(given.vocabulary))
        }
        self._coded = {
            table.name: [
                (one.name, one.type == LIST)
                for one in table.columns
                if (table.name, one.name) in self._codes
            ]
            for table in TABLES
        }

    def review(self, taken: ExportedReview) -> None:
        """A review whose rows are written."""
        review = taken.review
        self.review_ids.append(review.review_id)
        self.scopes[str(review.scope or "scope unknown")] += 1
        self.nations[str(review.nation or "unknown")] += 1
        self.withheld += taken.subjects_withheld
        if published := review.published:
            self.days = [min([*self.days[:1], published]), max([*self.days[1:], published])]
        for one in review.documents:
            self.sources[one.source or ""] += 1
            self.rules[one.rules_version or ""] += 1
            self.undescribed += one.error is not None
            self.theirs += one.source in self.given.libraries and one.media_type != PDF

    def row(self, table: str, row: Row) -> None:
        """A row that is written."""
        self.rows[table] += 1
        for name, listed in self._coded[table]:
            value = row[name]
            for code in value if listed else (value,):  # type: ignore[union-attr]
                if code is not None and code not in self._codes[table, name]:
                    self.unlisted.setdefault((table, name), set()).add(str(code))

    def left_out(self) -> tuple[str, ...]:
        """What the tables do not have, in words."""
        said = ["the texts of reports, which are their boards'"]
        if self.withheld:
            said.append(
                f"the labels of {counted(self.withheld, 'review')}, which are real persons' names (--names keeps them)"
            )
        if self.theirs:
            said.append(
                f"the sentences of {counted(self.theirs, 'page')} of libraries, which are their own text"
            )
        if self.undescribed:
            said.append(
                f"the facts of {counted(self.undescribed, 'document')} that could not be described (`casereviews doctor`)"
            )
        if self.given.held:
            said.append(f"{counted(self.given.held, 'held document')} (`casereviews held`)")
        return tuple(said)

    def about(self) -> dict[str, object]:
        """What `datapackage.json` has beside its resources; keys beyond the standard's are `coverage`, `rules`, `asked` and `left_out`."""
        given = self.given
        sources = [
            {**one.to_json(), "documents": self.sources[one.source]} for one in given.sources
        ]
        return {
            "name": "casereviews",
            "title": TITLE,
            "description": DESCRIPTION,
            "version": SCHEMA_VERSION,
            "created": given.made,
            "licenses": [{"name": "other-closed", "title": LICENCE}],
            "provenance": f"collected from {counted(len(sources), 'publisher')} by {given.program}, which asks their sites and describes what they publish by rules",
            "sources": sources,
            "coverage": {
                "nations": dict(self.nations.most_common()),
                "scopes": dict(self.scopes.most_common()),
                "published": self.days,
            },
            "rules": {"now": given.rules_version, "documents": dict(self.rules.most_common())},
            "asked": {
                "query": given.query,
                "understood": given.understood,
                "filters": {name: list(values) for name, values in given.filters.items()},
                "names": given.names,
            },
            "rows": dict(self.rows),
            "left_out": list(self.left_out()),
        }
