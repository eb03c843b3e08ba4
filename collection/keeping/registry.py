"""The registry of publishers as a home has it: how each stands, what a night would take, and how a new one is added."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from casereviews.collection.clock import now
from casereviews.collection.errors import RequestError
from casereviews.collection.keeping.demo_sites import demo_options
from casereviews.crawler.check import check_all, hosts_of_lists
from casereviews.crawler.check_report import CheckReport
from casereviews.crawler.mending import check_and_mend
from casereviews.crawler.network.manners import (
    contact_of,
    keep_contact,
    needs_contact,
    require_contact,
)
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.probe import Probe, probe
from casereviews.crawler.process.preview import ask
from casereviews.crawler.refresh import due_sources, longest_waiting_first, next_due
from casereviews.crawler.sources import Sources, read_sources, sources_of_home
from casereviews.crawler.sources.coverage import Coverage, coverage
from casereviews.crawler.sources.loader import packaged_files
from casereviews.crawler.sources.source import Source
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import SourceState
from casereviews.repository.sealed_databases import has_record, refuse_lost_record
from casereviews.repository.toml_files import with_entry_changed, write_toml

LONGEST_WAIT = 30.0
"""Seconds: somebody sits before a check, so a site that asks for more (Retry-After, Crawl-delay) is named instead of waited for."""

UNHEALTHY = {"partial", "never_yielded", "needs_javascript", "blocked", "moved", "broken"}


@dataclass(frozen=True, slots=True)
class KnownSource:
    """An entry of the registry, and how it stood after its last run (None before the first)."""

    source: Source
    state: SourceState | None = None

    @property
    def failing(self) -> bool:
        """True when its last run was not healthy."""
        return self.state is not None and self.state.result in UNHEALTHY


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a source: the report whose `remedy` was tried, and the home's `sources.toml` before and after it (the same when nothing
    is to be changed). `written` is True when it was written."""

    report: CheckReport
    before: str = ""
    after: str = ""
    written: bool = False

    @property
    def difference(self) -> tuple[str, ...]:
        """The lines that change, in the form of `diff -u`."""
        name = "sources.toml"
        lines = self.before.splitlines(), self.after.splitlines()
        return tuple(difflib.unified_diff(*lines, name, name, lineterm=""))


@dataclass(frozen=True, slots=True)
class Registry:
    """The packaged registry with the home's `sources.toml` over it (of a demo's home, that file alone). `ask_contact` asks the operator whom publishers can write to."""

    home: Home
    ask_contact: Callable[[], str] | None = None

    @property
    def entries(self) -> Sources:
        """All entries by id."""
        return sources_of_home(self.home)

    def known(
        self, *, nation: str | None = None, family: str | None = None, failing: bool = False
    ) -> tuple[KnownSource, ...]:
        """The entries (all, or of a nation or family of sites, or whose last run was not healthy) with how they stand."""
        states = self._states()
        found = (KnownSource(one, states.get(one.id)) for one in self.entries.values())
        return tuple(
            one
            for one in found
            if (nation is None or same_nation(one.source.nation, nation))
            and (family is None or one.source.family == family)
            and (one.failing or not failing)
        )

    def one(self, source_id: str) -> KnownSource:
        """The entry of an id; raises RequestError with the nearest id."""
        source = self._entry(source_id)
        return KnownSource(source, self._states().get(source.id))

    def coverage(self, nation: str | None = None) -> Coverage:
        """Who covers every upper-tier or unitary authority, how well, and the gaps by name."""
        found = coverage(self.entries)
        return found.of_nation(spaced(nation).title()) if nation else found

    def to_ask(
        self,
        source_ids: Sequence[str] = (),
        *,
        nation: str | None = None,
        due: bool = False,
        bounded: bool = False,
    ) -> list[Source]:
        """The sources that a run is to ask, in the registry's order or, where it is `bounded` or only those that are `due`, longest waiting first.

        None may be due. Raises RequestError when one is unknown or is not asked, or when none is of that nation.
        """
        if source_ids:
            sources = [self._entry(one) for one in source_ids]
            off = [one.id for one in sources if not one.crawled]
            if off:
                raise RequestError(
                    f"{', '.join(off)}: the list is not known, not public or switched off;"
                    f" `casereviews sources show {off[0]}` says why"
                )
        else:
            sources = self._crawled()
        if nation:
            sources = self._of_nation(sources, nation)
        if not sources:
            raise RequestError("no source to ask: `casereviews sources list` shows them")
        if due:
            return due_sources(sources, self._states(), now())
        return longest_waiting_first(sources, self._states(), now()) if bounded else sources

    def next_due(self, source_ids: Sequence[str] = (), *, nation: str | None = None) -> str | None:
        """When the first of the sources that `to_ask` would give is due again; None when none was asked yet."""
        return next_due(self.to_ask(source_ids, nation=nation), self._states())

    def check(
        self, source_ids: Sequence[str] = (), *, everything: bool = False
    ) -> tuple[CheckReport, ...]:
        """What would be collected from some sources, or all, tonight, what left alone, why, and what mends it; nothing is stored.

        What a diagnosis proposes is tried before it is offered as a remedy.
        """
        sources = self._crawled() if everything else [self._entry(one) for one in source_ids]
        options = CrawlOptions(longest_wait=LONGEST_WAIT)
        options = self.options_for(sources, options)
        options = replace(options, contact=self.contact(sources, options))
        look = functools.partial(check_all, others=hosts_of_lists(self._crawled()))
        return check_and_mend(sources, options, look)

    def fix(self, source_id: str, *, write: bool = False) -> Fix:
        """Check a source and show the change of the home's `sources.toml` that mends it; with `write` make it.

        An entry of the packaged registry gets an entry of the same id in the home's file, with the changed fields alone: the others go
        on coming from the registry. Raises RegistryError when the changed file would not be valid.
        """
        path = self.home.sources_toml
        (report,) = self.check([source_id])
        if report.remedy is None or not report.remedy.change:
            return Fix(report)
        before, after = with_entry_changed(path, "source", source_id, report.remedy.change)
        read_sources([] if self.home.is_demo else packaged_files(), [(str(path), after)])
        if write:
            self.home.create()
            write_toml(path, after)
        return Fix(report, before, after, write)

    def probe(self, url: str) -> Probe:
        """Which family of sites an address belongs to and why, with an entry for `sources.toml`."""
        host = urlsplit(url).netloc.lower()
        asked = Source("probe", "probe", None, "listing", (url,), (host,))
        options = self.options_for([asked], CrawlOptions())
        options = replace(options, contact=self.contact([asked], options))
        return probe(url, functools.partial(ask, options=options), self.entries)

    def options_for(self, sources: Iterable[Source], options: CrawlOptions) -> CrawlOptions:
        """The options of a crawl of this home; raises, for a demo's home, as `demo_options` does."""
        return demo_options(self.home, sources, options)

    def contact(self, sources: Iterable[Source], options: CrawlOptions | None = None) -> str | None:
        """The operator's contact: the one that is set, or the one that `ask_contact` gives, which the home then keeps.

        None where nobody can be asked; without one no live site is read (NoContact says how to set it).
        """
        known = contact_of(self.home)
        if known or self.ask_contact is None:
            return known
        if not needs_contact(sources, options or CrawlOptions()):
            return None
        given = self.ask_contact()
        keep_contact(self.home.create(), given)
        return given

    def with_contact(self, sources: Iterable[Source], options: CrawlOptions) -> CrawlOptions:
        """The options of a crawl with the operator's contact in them; raises NoContact before anything is made or asked."""
        sources = list(sources)
        given = replace(options, contact=self.contact(sources, options))
        require_contact([one for one in sources if one.start_urls], given)
        return given

    def _crawled(self) -> list[Source]:
        return [one for one in self.entries.values() if one.crawled]

    def _of_nation(self, sources: Sequence[Source], nation: str) -> list[Source]:
        found = [one for one in sources if same_nation(one.nation, nation)]
        if not found:
            there = sorted({one.nation for one in sources if one.nation})
            near = difflib.get_close_matches(spaced(nation).title(), there, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(there)}"
            raise RequestError(f"no source to ask is of '{nation}': {hint}")
        return found

    def _entry(self, source_id: str) -> Source:
        entries = self.entries
        if source_id in entries:
            return entries[source_id]
        near = difflib.get_close_matches(source_id, entries, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "`casereviews sources list` shows them"
        raise RequestError(f"there is no source '{source_id}': {hint}")

    def _states(self) -> Mapping[str, SourceState]:
        """How each source stood after its last run; empty before the first."""
        refuse_lost_record(self.home)
        if not has_record(self.home):
            return {}
        with Record.open(self.home) as record:
            return record.source_states()


def spaced(nation: str) -> str:
    """A nation's name as it was typed, with spaces: completion offers Northern_Ireland, which is one word to a shell."""
    return " ".join(nation.replace("_", " ").split())


def same_nation(nation: str | None, typed: str) -> bool:
    """Whether this is the nation that was typed, in any case, with spaces or underscores."""
    return (nation or "").lower() == spaced(typed).lower()
