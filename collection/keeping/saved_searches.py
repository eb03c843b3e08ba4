"""Saved searches: a file that people may edit, and what each found when it last ran.

`saved.toml` in the home holds `[[search]]` entries: name, query, filters, exact, grammar. `grammar` is the version of the query
language that the query was written in, so that a later one can still read it. What was found stands in
`feeds/saved/<name>.json`: ids only, never a snippet. `reviews` is what the last refresh found, so that a feed misses nothing;
`tonight` is what was new in the refreshes of the last night, and when; `shown` is what its user was last shown by `saved run`.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from casereviews.collection.clock import now
from casereviews.collection.errors import FileBusy, RequestError
from casereviews.collection.keeping.sharing import changing_alone
from casereviews.collection.output.feeds import write_saved
from casereviews.collection.output.withholding import without_name
from casereviews.repository.errors import HomeError, TomlError
from casereviews.repository.home import Home
from casereviews.repository.nights import same_night
from casereviews.repository.stopping import checkpoint
from casereviews.repository.toml_files import add_entry, read_entries, remove_entries
from casereviews.repository.vocabulary import load_vocabulary
from casereviews.repository.whole_files import write_whole

if TYPE_CHECKING:
    from casereviews.index.results import Hit, Results
    from casereviews.index.search import Searcher

GRAMMAR = 2
# Before version 2 every word typed was looked for as it stood.
PLAIN_SINCE = 2
MOST = 100_000
REFRESHED, SHOWN, TONIGHT = "reviews", "shown", "tonight"
OPENING = "# Saved searches of casereviews; edit freely.\n"
# Not a device of Windows, which no file can be called there, whatever its ending:
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9][a-z0-9-]{0,59}")


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A named search. `filters` maps filter names to values, as the options of `search` do."""

    name: str
    query: str
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exact: bool = False
    grammar: int = GRAMMAR


@dataclass(frozen=True, slots=True)
class SavedRun:
    """A saved search that was run: all it found, and the hits that were new; `known` says that it had found any before."""

    search: SavedSearch
    results: Results
    new: tuple[Hit, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SavedNews:
    """What a saved search found that the last refresh had not: hits without real persons' names.

    `trouble` says why it, or with an empty `name` every one, was not run.
    """

    name: str
    at: str
    new: tuple[Hit, ...] = ()
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class CountedQuery:
    """A query of a file of queries: its line (from 1), how many it found and its best review, or why it was not understood."""

    line: int
    query: str
    understood: str = ""
    reviews: int = 0
    documents: int = 0
    best: str = ""
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """The row as the contract of `saved batch --json` has it."""
        said = asdict(self)
        if self.error:
            return {name: said[name] for name in ("line", "query", "error")}
        del said["error"]
        return said


def _asked_once(search: Callable[[], Results]) -> Results:
    return search()


@dataclass(frozen=True, slots=True)
class SavedSearches:
    """The saved searches of a home; `open_searcher` opens its index, and `of_one_index` asks again where that was changed meanwhile."""

    home: Home
    open_searcher: Callable[[], Searcher]
    of_one_index: Callable[[Callable[[], Results]], Results] = _asked_once

    def all(self) -> dict[str, SavedSearch]:
        """The saved searches by name; raises TomlError or RequestError naming file and entry when one cannot be read."""
        found: dict[str, SavedSearch] = {}
        for number, item in enumerate(read_entries(self.home.saved_toml, "search"), 1):
            search = _read(item, f"{self.home.saved_toml}: search {number}")
            if search.name in found:
                raise RequestError(
                    f"{self.home.saved_toml}: search {number}: there are two searches '{search.name}': rename one"
                )
            found[search.name] = search
        return found

    def add(
        self,
        name: str,
        query: str,
        *,
        filters: Mapping[str, Sequence[str]] | None = None,
        exact: bool = False,
    ) -> str | None:
        """Save a search and return how the index understands it (None before there is an index).

        Raises RequestError for a bad or taken name, QueryError for a query that is not understood, VocabularyError, as every
        change of a home does, when its own `themes.csv` is wrong.
        """
        checked_name(name)
        load_vocabulary(self.home.create())
        kept = {key: tuple(values) for key, values in (filters or {}).items()}
        search = SavedSearch(name, query, kept, exact)
        understood = self._understood(search)
        said = {"name": name, "query": query, "exact": exact, "grammar": search.grammar}
        listed = {key: list(values) for key, values in kept.items()}
        with changing_alone(self.home.saved_toml):
            if name in self.all():
                raise RequestError(
                    f"there is a saved search '{name}': remove it first or take another name"
                )
            add_entry(self.home.saved_toml, "search", {**said, "filters": listed}, opening=OPENING)
        return understood

    def remove(self, name: str) -> None:
        """Forget a saved search and what it found; raises as `add` does."""
        load_vocabulary(self.home)
        with changing_alone(self.home.saved_toml):
            self._named(name)
            remove_entries(self.home.saved_toml, "search", lambda entry: entry.get("name") == name)
        for file in (self.home.feeds / "saved").glob(f"{name}.*"):
            file.unlink()

    def run(self, name: str, *, only_new: bool = False) -> SavedRun:
        """Run a saved search now, newest reviews first, and remember what its user was shown.

        `only_new` leaves out what the last run or the last refresh found.
        """
        search = self._named(name)
        results = self.of_one_index(lambda: self._results(self.open_searcher(), search))
        known = self._seen(name, REFRESHED) | self._seen(name, SHOWN) if only_new else set()
        new = tuple(hit for hit in results.hits if hit.review_id not in known)
        trouble = ""
        try:
            self._remember(name, results, now(), SHOWN)
        except (OSError, HomeError, FileBusy) as error:
            why = error.strerror if isinstance(error, OSError) else error
            trouble = f"this run cannot be remembered ({why}): --new will show it again"
        return SavedRun(search, results, new, trouble)

    def run_all(self, at: str) -> tuple[SavedNews, ...]:
        """Run every saved search, as a refresh does; one that cannot be run stops no other.

        What is new stands in the search's feed before it is remembered, so that a feed misses nothing. Raises Stopped between two of them.
        """
        try:
            searches = self.all()
        except (RequestError, TomlError) as error:
            return (SavedNews("", at, trouble=f"no saved search was run: {error}"),)
        if not searches:
            return ()
        searcher = self.open_searcher()
        news = []
        for search in searches.values():
            checkpoint()
            news.append(self._news(searcher, search, at))
        return tuple(news)

    def counts(self, lines: Iterable[str]) -> Iterator[CountedQuery]:
        """How many reviews each line of a file of queries finds; empty lines and those that begin with # are left out."""
        from casereviews.index.errors import QueryError

        searcher = self.open_searcher()
        for number, line in enumerate(lines, 1):
            text = line.strip().removeprefix("\ufeff")
            if not text or text.startswith("#"):
                continue
            try:
                found = searcher.search(text, limit=1, facets=False, pages=False)
            except QueryError as error:
                yield CountedQuery(number, text, error=str(error).partition("\n")[0])
                continue
            best = found.hits[0].review_id if found.hits else ""
            yield CountedQuery(number, text, found.understood, found.total, found.documents, best)

    def refreshed_at(self, name: str) -> str | None:
        """When a refresh last ran the search."""
        at = self._kept(name).get("at")
        return str(at) if at else None

    def _news(self, searcher: Searcher, search: SavedSearch, at: str) -> SavedNews:
        from casereviews.index.errors import QueryError

        try:
            results = self._results(searcher, search)
        except (QueryError, RequestError) as error:  # RequestError: by marks that cannot be read
            trouble = f"saved search '{search.name}' was not run: {error}"
            return SavedNews(search.name, at, trouble=trouble)
        known = self._seen(search.name, REFRESHED)
        new = tuple(without_name(hit) for hit in results.hits if hit.review_id not in known)
        night = {**self._found_tonight(search.name, at), **{hit.review_id: at for hit in new}}
        of_night = {
            hit.review_id: (without_name(hit), night[hit.review_id])
            for hit in results.hits
            if hit.review_id in night
        }
        write_saved(self.home.feeds, search.name, at, new, of_night, searcher.vocabulary)
        self._remember(search.name, results, at, REFRESHED, night)
        return SavedNews(search.name, at, new)

    def _found_tonight(self, name: str, at: str) -> dict[str, str]:
        """What earlier refreshes of this night found that was new, and when: a second one must not empty the feed of the first."""
        kept = self._kept(name)
        found, before = kept.get(TONIGHT), kept.get("at")
        try:
            here = isinstance(found, dict) and bool(before) and same_night(str(before), at)
        except ValueError:
            return {}
        return {str(key): str(when) for key, when in found.items()} if here and found else {}

    def _results(self, searcher: Searcher, search: SavedSearch) -> Results:
        return searcher.search(
            search.query,
            filters=search.filters,
            exact=search.exact,
            all_words=search.grammar < PLAIN_SINCE,
            sort="date",
            limit=MOST,
        )

    def _understood(self, search: SavedSearch) -> str | None:
        """How the index understands a search; before there is an index its grammar alone is checked. Raises QueryError."""
        from casereviews.index.errors import NoIndex
        from casereviews.index.query.grammar import parse

        try:
            searcher = self.open_searcher()
        except NoIndex:
            parse(search.query)
            return None
        found = searcher.search(
            search.query,
            filters=search.filters,
            exact=search.exact,
            limit=1,
            facets=False,
            pages=False,
        )
        return found.understood

    def _named(self, name: str) -> SavedSearch:
        searches = self.all()
        if name in searches:
            return searches[name]
        near = difflib.get_close_matches(name, searches, n=1)
        hint = f"did you mean '{near[0]}'?" if near else "`casereviews saved list` shows them"
        raise RequestError(f"there is no saved search '{name}': {hint}")

    def _found_file(self, name: str) -> Path:
        return self.home.feeds / "saved" / f"{name}.json"

    def _seen(self, name: str, by: str) -> set[str]:
        """Review ids that the search had found when a refresh last ran it or its user did."""
        found = self._kept(name).get(by, [])
        return set(map(str, found)) if isinstance(found, list) else set()

    def _remember(
        self,
        name: str,
        results: Results,
        at: str,
        by: str,
        night: Mapping[str, str] | None = None,
    ) -> None:
        file = self._found_file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        found = sorted({hit.review_id for hit in results.hits})
        with changing_alone(self.home.saved_toml):
            kept = {**self._kept(name), "at" if by == REFRESHED else f"{by}_at": at, by: found}
            if night is not None:
                kept[TONIGHT] = dict(night)
            write_whole(file, json.dumps(kept, indent=1))

    def _kept(self, name: str) -> dict[str, Any]:
        try:
            kept = json.loads(self._found_file(name).read_text("utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        return kept if isinstance(kept, dict) else {}


def _read(item: Mapping[str, Any], where: str) -> SavedSearch:
    try:
        search = SavedSearch(
            name=checked_name(str(item["name"])),
            query=str(item["query"]),
            filters={k: _values(v) for k, v in dict(item.get("filters", {})).items()},
            exact=bool(item.get("exact", False)),
            grammar=int(item.get("grammar", GRAMMAR)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RequestError(f"{where} needs a name and a query ({error})") from error
    if search.grammar > GRAMMAR:
        raise RequestError(
            f"{where} is written in query language {search.grammar}, this casereviews knows {GRAMMAR}: upgrade it"
        )
    return search


def _values(value: Any) -> tuple[str, ...]:
    """A list of values; one that was written without its brackets is one value."""
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def checked_name(name: str) -> str:
    """A name that can be a file's name: small letters, digits and hyphens."""
    if not _NAME.fullmatch(name):
        raise RequestError(
            f"'{name}' is no name for a search: use small letters, digits and hyphens (and none of Windows' devices, as con)"
        )
    return name
