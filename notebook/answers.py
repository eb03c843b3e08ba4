"""What a notebook is answered: records that are read when they are asked for, iterated, drawn as a table, made a data frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from casereviews.collection.output.wording import counted
from casereviews.index.results import Hit, Results
from casereviews.notebook.drawing import Drawing, table

if TYPE_CHECKING:
    import pandas
    import pyarrow

    from casereviews.collection.output.tables.rows import Row
    from casereviews.collection.output.tables.schema import Table

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
ROWS = 10
"""So many rows a notebook is shown of a table."""


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of records: `of` gives those of one thing that is read (a review as it may leave, a hit), `rows` its rows in the `table`,
    `cells` a record's cells under `headings`. `one` is what a record is called."""

    one: str
    table: Table
    of: Callable[[Any], Iterable[T]]
    rows: Callable[[Any], Iterable[Row]]
    headings: tuple[str, ...]
    cells: Callable[[Drawing, T], Iterable[str]]


class Records(Generic[T_co]):
    """Records as they come: read anew whenever they are iterated, one review at a time, so that memory does not grow with the collection.

    They have no `len`: how many there are is known when all were read. Raises, when they are read, what the collection does.
    """

    def __init__(
        self, kind: Kind[T_co], read: Callable[[], Iterator[Any]], drawing: Drawing, told: str = ""
    ) -> None:
        self._kind = kind
        self._read = read
        self._drawing = drawing
        self._told = told

    def __iter__(self) -> Iterator[T_co]:
        """Each record, in the order of the ids of reviews."""
        for one in self._read():
            yield from self._kind.of(one)

    def __repr__(self) -> str:
        return f"<{self._counted()}{self._said()}>"

    def _repr_html_(self) -> str:
        """The first rows as a table with links to the served pages, for Jupyter."""
        first = list(islice(self, ROWS + 1))
        above = f"{self._shown(len(first))}{self._said()}"
        rows = (self._kind.cells(self._drawing, one) for one in first[:ROWS])
        return table(self._kind.headings, rows, above=above, below=self._caution())

    def to_arrow(self) -> pyarrow.Table:
        """A `pyarrow.Table`, with the columns of docs/RESEARCH.md; read some thousand rows at a time. Raises NeedsData without the extra [data]."""
        from casereviews.notebook.frames import arrow_table

        return arrow_table(self._kind.table, self._rows())

    def to_pandas(self) -> pandas.DataFrame:
        """A `pandas.DataFrame` with the columns of docs/RESEARCH.md: whole numbers are Int64, days datetime64, lists Python lists, what is
        unknown is missing. Raises NeedsData without the extra [data]."""
        from casereviews.notebook.frames import data_frame

        return data_frame(self._kind.table, self._rows())

    def _rows(self) -> Iterator[Row]:
        for one in self._read():
            yield from self._kind.rows(one)

    def _counted(self) -> str:
        return f"{self._kind.one}s, read as they come"

    def _shown(self, first: int) -> str:
        """How many rows are shown, and whether more follow."""
        if first > ROWS:
            return f"The first {ROWS} {self._kind.one}s; more follow"
        return counted(first, self._kind.one)

    def _said(self) -> str:
        return f": {self._told}" if self._told else ""

    def _caution(self) -> str:
        return ""


class CountedRecords(Records[T_co]):
    """Records of which is known how many there are before they are read: `len` and a place (`found[0]`) may be asked for.

    Both are of when they were asked for. A place is looked for from the beginning: for many of them make a list.
    """

    def __init__(
        self,
        kind: Kind[T_co],
        read: Callable[[], Iterator[Any]],
        drawing: Drawing,
        told: str = "",
        *,
        count: int,
    ) -> None:
        super().__init__(kind, read, drawing, told)
        self._count = count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> T_co: ...
    @overload
    def __getitem__(self, place: slice) -> list[T_co]: ...
    def __getitem__(self, place: int | slice) -> T_co | list[T_co]:
        """The record at a place, from 0, or from the end with a minus; a list of those of a slice. Raises IndexError where there is none."""
        if isinstance(place, slice):
            wanted = range(len(self))[place]
            first = list(islice(self, max(wanted, default=-1) + 1))
            return [first[one] for one in wanted if one < len(first)]
        from_start = place + len(self) if place < 0 else place
        if 0 <= from_start < len(self):
            for one in islice(self, from_start, None):
                return one
        raise IndexError(f"there is no place {place} of {self._counted()}")

    def _counted(self) -> str:
        return counted(len(self), self._kind.one)

    def _shown(self, first: int) -> str:
        return f"{ROWS} of {self._counted()}" if first > ROWS else self._counted()


class Hits(CountedRecords[Hit]):
    """What a search found, best first: `casereviews.Hit` records, looked up some at a time while they are iterated.

    `results` is the collection's own answer with the first of them: `understood`, `facets` (field -> values with counts of reviews),
    `did_you_mean`. `caution`, of similar cases, must be read beside them, and `left_out` says what of a description was not read.
    """

    def __init__(
        self,
        kind: Kind[Hit],
        read: Callable[[], Iterator[Hit]],
        drawing: Drawing,
        results: Results,
        *,
        count: int,
        told: str = "",
        caution: str = "",
        left_out: str = "",
    ) -> None:
        super().__init__(kind, read, drawing, told, count=count)
        self.results = results
        self.caution = caution
        self.left_out = left_out

    @property
    def understood(self) -> str:
        """How the query was read, with the filters that apply by themselves."""
        return self.results.understood

    @property
    def facets(self) -> Mapping[str, Sequence[tuple[str | None, int]]]:
        """Field -> its values with how many of the reviews that were found have each, most first; None stands for unknown."""
        return self.results.facets

    def _caution(self) -> str:
        return " ".join(filter(None, (self.left_out, self.caution)))
