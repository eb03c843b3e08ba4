"""The tables that a collection is taken away as: their columns, made from the one table of fields, and how they changed.

Every form of tables (Parquet, DuckDB, SQLite, a data package, data frames) has these, with these names and types. Names and types stay;
where they change, `SCHEMA_VERSION` does, and `CHANGES` says how (a test compares the digest of the columns).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from casereviews.repository.describing.standing import STANDINGS
from casereviews.repository.fields import (
    DESCRIBED,
    FIELDS,
    PUBLISHED,
    PUBLISHED_AS,
    Field,
    digest_of,
)
from casereviews.repository.model import ORIGINS, READING_STATUS
from casereviews.repository.theme_weights import WEIGHTS
from casereviews.repository.vocabulary import GROUPS, Vocabulary

TEXT, INTEGER, NUMBER, BOOLEAN, DATE, LIST = "text", "integer", "number", "boolean", "date", "list"
TYPES = (TEXT, INTEGER, NUMBER, BOOLEAN, DATE, LIST)
"""What a column may hold: `integer` is of 64 bits, `number` a double, `date` a day, `list` a list of texts, empty where there are none."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds (one of TYPES), what it tells and cannot tell.

    `codes` names a list of codes of the vocabulary (`Vocabulary.labels`), `values` are those of a list that is fixed. `unit` is that
    of a number. Of a `required` column no row is empty.
    """

    name: str
    type: str
    about: str
    codes: str = ""
    values: tuple[str, ...] = ()
    unit: str = ""
    required: bool = False

    def codes_in(self, vocabulary: Vocabulary) -> tuple[str, ...]:
        """The values that it may have, in the order of their list; none where it may have any."""
        return tuple(vocabulary.labels(self.codes)) if self.codes else self.values


@dataclass(frozen=True, slots=True)
class Table:
    """A table: `key` names the columns that tell its rows apart, `refers` says which column has the key of which other table."""

    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: tuple[tuple[str, str], ...] = ()

    def column(self, name: str) -> Column:
        """A column by its name; KeyError for none."""
        return {one.name: one for one in self.columns}[name]


@dataclass(frozen=True, slots=True)
class Change:
    """A version of the schema: the day on which it came (ISO), what is new for who reads the tables, and the digest of its columns."""

    version: str
    day: str
    what: str
    digest: str


_UNITS = {"age_months_min": "month", "age_months_max": "month"}
_FIELDS = {field.name: field for field in FIELDS}
FIRST, LAST = "_first", "_last"
"""Endings of the days that go with a date as told: "2021-03" is from 2021-03-01 to 2021-03-31."""

COUNTED = frozenset(one.name for one in FIELDS if one.form == "number") | {"n_subjects"}
"""Fields whose facts are numbers. `n_subjects` is of form text, because a correction may say it in words."""

_RULES = Column(
    "rules_version",
    TEXT,
    "which rules described it: a hash of vocabulary, rules and code; the same hash, the same rules. Of a review whose documents were described by different ones each, joined by a bar",
    required=True,
)
_REVIEW = Column("review_id", TEXT, "id of the review: it stays, whatever is learnt", required=True)
_DOCUMENT = Column("document_id", TEXT, "id of the document: it stays", required=True)


def _of_field(field: Field, name: str) -> Iterator[Column]:
    """The columns of a field under a name: one, or with a date the days that it may mean."""
    limits = f"; cannot tell: {field.cannot}" if field.cannot else ""
    # A list has no bar between its values.
    about = field.says.removesuffix("; a bar joins two") + limits
    if field.listed or field.form == "list":
        yield Column(name, LIST, about, field.codes)
    elif field.form == "number":
        yield Column(name, INTEGER, about, unit=_UNITS.get(name, ""))
    elif field.form == "date":
        yield Column(
            name, TEXT, f"{about}. ISO, as long as its precision: 2021, 2021-03 or 2021-03-17"
        )
        yield from _days(name)
    else:
        values = READING_STATUS if field.name == "text_status" else ()
        yield Column(name, TEXT, about, field.codes, values)


def _days(name: str) -> Iterator[Column]:
    yield Column(name + FIRST, DATE, f"the first day that `{name}` may mean")
    yield Column(name + LAST, DATE, f"the last day that `{name}` may mean")


def _reviews() -> tuple[Column, ...]:
    published = (
        column
        for name in dict.fromkeys(one.published for one in PUBLISHED)
        if PUBLISHED_AS[name].level != "file"
        for column in _of_field(_as_published(name), name)
    )
    return (
        _REVIEW,
        *published,
        Column(
            "subjects_withheld",
            BOOLEAN,
            "true where the labels are a real person's names and were left out",
            required=True,
        ),
        Column(
            "summary",
            TEXT,
            "the first sentences of the report's own summary, and the page that they begin on; none of a library's entry; cannot tell: whether the rest of the report says otherwise",
        ),
        Column("document_count", INTEGER, "documents of the review", required=True),
        Column("recommendation_count", INTEGER, "recommendations found in them", required=True),
        _RULES,
    )


def _as_published(name: str) -> Field:
    """The field of a published name; of two that share it what both say."""
    says = "; ".join(one.says for one in PUBLISHED if one.published == name)
    return replace(PUBLISHED_AS[name], says=says)


_OF_DOCUMENTS = {
    "title": "title",
    "document_role": "role",
    "source": "source",
    "published": "published",
    "language": "language",
    "availability": "availability",
    "landing_url": "landing_url",
    "file_url": "url",
    "trouble": "trouble",
    "trouble_host": "trouble_host",
    "sha256": "sha256",
    "media_type": "media_type",
    "text_status": "text_status",
}
"""Field -> its column in the table of documents, as `export --jsonl` calls it."""


def _documents() -> tuple[Column, ...]:
    described = (
        column for name, to in _OF_DOCUMENTS.items() for column in _of_field(_FIELDS[name], to)
    )
    return (
        _DOCUMENT,
        _REVIEW,
        *described,
        Column("pages", INTEGER, "pages of the file; 0 where it was not read", required=True),
        Column("versions", INTEGER, "states of its text that were kept", required=True),
        Column(
            "origin",
            TEXT,
            "how it came: crawl, manual, or enclosed in a portfolio",
            required=True,
        ),
        Column("enclosed_in", TEXT, "document_id of the portfolio that holds it"),
        Column("recommendation_count", INTEGER, "recommendations found in it", required=True),
        _RULES,
    )


_POSITION = (
    "place among those of its document, from 1; another version of the rules may count otherwise"
)

_FACTS = (
    _DOCUMENT,
    _REVIEW,
    Column("position", INTEGER, _POSITION, required=True),
    Column("field", TEXT, "which field it is of", values=tuple(DESCRIBED), required=True),
    Column(
        "value", TEXT, "a code, an ISO date, a label; a bar joins several values", required=True
    ),
    Column("value_list", LIST, "the values one by one"),
    Column("value_number", INTEGER, "the value of a field of numbers"),
    *_days("value"),
    Column("raw", TEXT, "what it was read from, as printed"),
    Column(
        "origin",
        TEXT,
        "where it was found; manual: a person said so",
        values=ORIGINS,
        required=True,
    ),
    Column("page", INTEGER, "page of the file, from 1, that it stands on"),
    Column(
        "start",
        INTEGER,
        "where the evidence begins in the text of `page`, in code points (docs/DATA.md); empty where it was not read in the words of a page",
    ),
    Column("end", INTEGER, "where it ends (exclusive) in the text of `end_page`"),
    Column("end_page", INTEGER, "the page on which it ends: the next where a sentence runs over"),
    Column("evidence", TEXT, "the sentence or cell that says so; none of a library's abstract"),
    Column("confidence", NUMBER, "0 to 1, by the rule that found it", required=True),
    Column("rule", TEXT, "short name of the rule that found it"),
    Column(
        "standing", TEXT, "whose matter the evidence is, where it was judged", values=(*STANDINGS,)
    ),
    Column("weight", TEXT, "how much a theme is what the review is about", values=WEIGHTS),
    _RULES,
)

_RECOMMENDATIONS = (
    _DOCUMENT,
    _REVIEW,
    Column("position", INTEGER, _POSITION, required=True),
    Column("number", TEXT, "its number as printed, such as 3.2"),
    Column("text", TEXT, "the recommendation as printed", required=True),
    Column("addressee", TEXT, "whom it addresses; empty where that is unsaid"),
    Column("page", INTEGER, "page of the file, from 1, that it begins on", required=True),
    _RULES,
)

_CODES = (
    Column("code_list", TEXT, "which list of codes it is of", required=True),
    Column("code", TEXT, "the code", required=True),
    Column("label", TEXT, "what people read for it", required=True),
    Column("theme_group", TEXT, "the group of a theme", values=GROUPS),
    Column("definition", TEXT, "what is the case where a theme is"),
    replace(
        _RULES,
        about="the rules of the home when this was made: what stands by older ones says so itself",
    ),
)

_OF_DOCUMENT = (("document_id", "documents"), ("review_id", "reviews"))
TABLES: tuple[Table, ...] = (
    Table(
        "reviews",
        "A row a review, with the fields of its best document and what all of them say",
        _reviews(),
        ("review_id",),
    ),
    Table(
        "documents",
        "A row a document of a review: the report, its summary, a briefing, a response",
        _documents(),
        ("document_id",),
        (("review_id", "reviews"),),
    ),
    Table(
        "facts",
        "A row a candidate for a value, with its evidence; the value that stands is in `reviews` or `documents`",
        _FACTS,
        ("document_id", "position"),
        _OF_DOCUMENT,
    ),
    Table(
        "recommendations",
        "A row a recommendation, as printed",
        _RECOMMENDATIONS,
        ("document_id", "position"),
        _OF_DOCUMENT,
    ),
    Table(
        "codes",
        "A row a code: themes, agencies, and all other lists",
        _CODES,
        ("code_list", "code"),
    ),
)


TYPES_OF = {table.name: {column.name: column.type for column in table.columns} for table in TABLES}
"""Table -> column -> type."""


def table_named(name: str) -> Table:
    """A table by its name; KeyError for none."""
    return {one.name: one for one in TABLES}[name]


def columns_digest(tables: tuple[Table, ...] = TABLES) -> str:
    """A hash of names and types of all columns, in their order, and of the keys."""
    return digest_of(
        [(one.name, one.key, [(it.name, it.type) for it in one.columns]) for one in tables]
    )


CHANGES: tuple[Change, ...] = (
    Change(
        "1", "2026-11-28", "reviews, documents, facts, recommendations, codes", "5ed5a3c070200018"
    ),
)
"""All versions of the schema, the newest first."""

SCHEMA_VERSION = CHANGES[0].version
