"""Search: one box, filters beside the counts that they would leave, hits with the pages that speak of it.

All of it is `Collection.search`, asked as `casereviews search` asks it; its options stand in the address under the same names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casereviews import QueryError, Results, Vocabulary
from casereviews.collection.collection import Collection
from casereviews.collection.output.addresses import address
from casereviews.collection.output.hostile import flat, for_line
from casereviews.repository.fields import FACETS, SEARCHED, Field
from casereviews.web.marking import Marking, undecided
from casereviews.web.reading import reading
from casereviews.web.rendering import shown

A_PAGE = 10
LAST_PAGE = 100_000
FIRST_VALUES = 8
SORTS = {"relevance": "Best match", "date": "Newest first"}
SCOPES = {"": "Children", "adult": "Adults", "all": "Children and adults"}
FIELDS: Mapping[str, Field] = {field.query: field for field in SEARCHED}
TYPED = ("subject", "title")
"""Filters that are typed: what they hold is in no facet."""
ELSEWHERE = ("year", "scope", "source")
"""Facets with a field of their own, and the one that the publishers' names say better."""
OPEN_AT_FIRST = ("nation", "type", "age")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, as the address says it. `filters` are those of the command line, each with its values."""

    query: str
    filters: Mapping[str, Sequence[str]]
    sort: str = "relevance"
    exact: bool = False
    page: int = 1

    @property
    def anything(self) -> bool:
        """True when there is something to search for; the scope alone says only of whom."""
        return bool(self.query.strip()) or any(name != "scope" for name in self.filters)

    def address(self) -> str:
        """Its own address."""
        return address(
            "/",
            q=self.query,
            **self.filters,
            sort=self.sort if self.sort != "relevance" else "",
            exact="1" if self.exact else "",
            page=self.page if self.page > 1 else "",
        )

    def elsewhere(self, path: str, **more: str) -> str:
        """The address of another page about the same reviews."""
        exact = "1" if self.exact else ""
        return address(path, q=self.query, **self.filters, exact=exact, **more)

    def on_page(self, number: int) -> Asked:
        """The same on another page."""
        return replace(self, page=number)

    def sorted_by(self, sort: str) -> Asked:
        """The same in another order, from its beginning."""
        return replace(self, sort=sort, page=1)

    def worded_as(self, query: str) -> Asked:
        """The same with another query."""
        return replace(self, query=query, page=1)

    def without(self, name: str, value: str) -> Asked:
        """The same without a value of a filter."""
        values = {
            one: [kept for kept in said if (one, kept) != (name, value)]
            for one, said in self.filters.items()
        }
        return replace(self, filters={one: said for one, said in values.items() if said}, page=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many of the found reviews have it, and whether it was chosen."""

    value: str
    words: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter with its values: chosen ones and the most frequent first, `more` the others; of `unknown` reviews it is not known."""

    name: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]
    unknown: int
    open: bool


def asked_of(said: QueryParams) -> Asked:
    """What an address asks for; what it names otherwise is nothing."""
    filters = {name: _values(said, name) for name in FIELDS}
    first, last = (said.get(name, "").strip() for name in ("from", "to"))
    if first or last:
        filters["year"] = [f"{first}..{last}"]
    number = said.get("page", "")
    return Asked(
        query=said.get("q", ""),
        filters={name: values for name, values in filters.items() if values},
        sort=said.get("sort", "") if said.get("sort", "") in SORTS else "relevance",
        exact=said.get("exact", "") == "1",
        page=min(max(int(number), 1), LAST_PAGE) if _is_number(number) else 1,
    )


def _values(said: QueryParams, name: str) -> list[str]:
    return list(dict.fromkeys(value for value in map(str.strip, said.getlist(name)) if value))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def search(request: Request, collection: Collection) -> Response:
    """The hits of a query and filters; without either the box alone. A query that cannot be understood is shown with the place."""
    asked = asked_of(request.query_params)
    results: Results | None = None
    wrong: QueryError | None = None
    if asked.anything:
        try:
            results = collection.search(
                asked.query,
                filters=asked.filters,
                sort=asked.sort,
                limit=A_PAGE,
                offset=(asked.page - 1) * A_PAGE,
                exact=asked.exact,
                most=True,
            )
        except QueryError as error:
            wrong = error
    vocabulary = collection.vocabulary
    marking: Marking = request.app.state.marking
    markables = marking.markables(
        request, collection, [hit.review_id for hit in results.hits] if results else ()
    )
    return shown(
        request,
        "search.html",
        400 if wrong else 200,
        asked=asked,
        results=results,
        wrong=wrong,
        index=collection.searcher.built if results is None else results.index,
        sources=collection.source_standing(),
        facets=facets_of(results, asked, vocabulary),
        chosen=tuple(_chosen(asked, vocabulary)),
        meant=_meant(results, asked),
        last=-(-results.total // A_PAGE) if results else 0,
        years=_years(asked),
        markables=markables,
        how=marking.marked_as(request),
        next=undecided(markables),
        vocabulary=vocabulary,
        fields=FIELDS,
        SORTS=SORTS,
        SCOPES=SCOPES,
        TYPED=TYPED,
    )


def facets_of(results: Results | None, asked: Asked, vocabulary: Vocabulary) -> tuple[Facet, ...]:
    """The facets of what was found, but for those that have a field of their own; one without any value is left out."""
    of_field = results.facets if results else {}
    found = []
    for field in FACETS:
        counts = of_field.get(field.query, ())
        chosen = asked.filters.get(field.query, ())
        known = {value: count for value, count in counts if value is not None}
        if field.query in ELSEWHERE or not (known or chosen):
            continue
        choices = [
            Choice(value, _words(vocabulary, field, value), known.get(value, 0), value in chosen)
            for value in dict.fromkeys((*chosen, *known))
        ]
        first = max(FIRST_VALUES, len(chosen))
        found.append(
            Facet(
                field.query,
                field.label,
                tuple(choices[:first]),
                tuple(choices[first:]),
                sum(count for value, count in counts if value is None),
                bool(chosen) or field.query in OPEN_AT_FIRST,
            )
        )
    return tuple(sorted(found, key=lambda facet: not facet.open))


def _words(vocabulary: Vocabulary, field: Field, value: str) -> str:
    return for_line(flat(vocabulary.worded(field, value)))


def _chosen(asked: Asked, vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """Each chosen value in words, and the address without it."""
    return [
        (f"{FIELDS[name].label}: {_words(vocabulary, FIELDS[name], value)}", leaving.address())
        for name, values in asked.filters.items()
        for value in values
        for leaving in (asked.without(name, value),)
    ]


def _meant(results: Results | None, asked: Asked) -> list[tuple[str, str]]:
    """What was probably meant (`neglct → neglect`) as the words to search for instead, and their address."""
    found = []
    for one in results.did_you_mean if results else ():
        typed, _, meant = one.partition(" → ")
        if meant and typed in asked.query:
            words = asked.query.replace(typed, meant)
            found.append((words, asked.worded_as(words).address()))
    return found


def _years(asked: Asked) -> tuple[str, str]:
    """First and last year as they were typed; of one year both."""
    first, dots, last = (asked.filters.get("year", [""])[0]).partition("..")
    return first, last if dots else first


ROUTES = (Route("/", reading(search)),)
