"""The parts of `docs/DATA.md`, `docs/QUERY-LANGUAGE.md` and `docs/RESEARCH.md` that list fields: made from the one table of fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from casereviews.collection.output.tables.schema import CHANGES, TABLES, Column
from casereviews.repository.fields import FIELDS, HIT, PUBLISHED, SEARCHED, Field

DOCS = Path(__file__).parents[1] / "docs"
LEVELS = ("document", "review", "record", "file")


def described() -> Iterator[str]:
    """The table of all fields, by level."""
    yield "| field | level | form | from | what it says | what it cannot tell |"
    yield "|---|---|---|---|---|---|"
    for field in sorted(FIELDS, key=lambda one: LEVELS.index(one.level)):
        origins = field.origins or ("corrections only" if field.described else "")
        cells = (field.level, _form(field), origins, field.says, field.cannot)
        yield f"| `{field.name}` | {' | '.join(cells)} |"


def _form(field: Field) -> str:
    several = " (several)" if field.several else ""
    return field.form + several + (", codes below" if field.codes else "")


def searched() -> Iterator[str]:
    """The table of what may stand before a colon."""
    yield "| before the colon | also | kind | facet | of the field | option's help |"
    yield "|---|---|---|---|---|---|"
    for field in SEARCHED:
        aliases = ", ".join(f"`{alias}`" for alias in field.aliases)
        facet = "yes" if field.facet else ""
        cells = (f"`{field.query}`", aliases, field.kind, facet, f"`{field.name}`", field.hint)
        yield f"| {' | '.join(cells)} |"


def hit() -> Iterator[str]:
    """The keys of a hit that are fields."""
    keys = [f"`{field.hit[1]}`" for field in HIT if field.hit]
    yield f"Its fields, in this order: {', '.join(keys)}."


def exported() -> Iterator[str]:
    """What `export --jsonl` and `show --json` call the fields, and the columns of the flat forms."""
    published = dict.fromkeys(one.published for one in PUBLISHED if one.level != "file")
    columns = [one.published for one in PUBLISHED if one.exported]
    yield f"Fields of a review: {', '.join(f'`{name}`' for name in published)}."
    yield ""
    yield f"Columns of the flat forms: {', '.join(f'`{name}`' for name in ('review_id', *columns))}."


def queries() -> Iterator[str]:
    """All fields by what follows their colon."""
    for says, kinds in (
        ("Words", ("text",)),
        ("A whole value", ("code",)),
        ("A value or a range", ("number", "date")),
    ):
        names = [f"`{field.query}:`" for field in SEARCHED if field.kind in kinds]
        yield f"- {says}: {', '.join(names)}."


def tables() -> Iterator[str]:
    """Every table that is taken away, with its columns; then how they changed."""
    for table in TABLES:
        yield f"### `{table.name}`"
        yield ""
        yield f"{table.about}. Key: {', '.join(f'`{name}`' for name in table.key)}."
        yield ""
        yield "| column | type | what it says |"
        yield "|---|---|---|"
        for column in table.columns:
            yield f"| `{column.name}` | {_type(column)} | {column.about} |"
        yield ""
    yield "### Versions of the schema"
    yield ""
    yield "| version | day | what is new |"
    yield "|---|---|---|"
    for change in CHANGES:
        yield f"| {change.version} | {change.day} | {change.what} |"


def _type(column: Column) -> str:
    """Its type in words: what a list is of, codes, a unit, and whether it is always there."""
    words = [f"{column.type} of {column.unit}s" if column.unit else column.type]
    if column.codes:
        words.append(f"codes `{column.codes}`")
    if column.required:
        words.append("never empty")
    return ", ".join(words)


PAGES = {
    "DATA.md": {"fields": described, "search": searched, "hit": hit, "export": exported},
    "QUERY-LANGUAGE.md": {"fields": queries},
    "RESEARCH.md": {"tables": tables},
}


def page(name: str) -> str:
    """A page with its made parts made again."""
    text = (DOCS / name).read_text("utf-8")
    for part, made in PAGES[name].items():
        start, end = f"<!-- made: {part} -->\n", f"<!-- end: {part} -->"
        assert start in text, part
        assert end in text, part
        body = "\n".join(made())
        text = re.sub(
            re.escape(start) + r".*?" + re.escape(end),
            lambda _, new=start + body + "\n" + end: new,
            text,
            flags=re.DOTALL,
        )
    return text
