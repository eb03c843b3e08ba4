"""What an export of tables costs, each form in a process of its own: seconds, peak memory, size.

    python -m benchmarks.tables HOME --kept DIR [--documents 3000 --documents 15000] [--pages 40]

HOME is described (the demo's: `casereviews --home HOME demo`). Its reviews are copied under other ids until there are so many documents, each copy
with other words of the demo's in its sentences, so that none is pressed into its neighbour; and the pages of each reading until it has so many.
What is made stays in DIR and is not made again. Copies share their readings.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from casereviews.collection.collection import Collection
from casereviews.collection.output.tables.writing import FORMS
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.model import Description
from casereviews.repository.record import Record, packing, tables
from casereviews.repository.record import derived_tables as derived
from casereviews.repository.record.derived import Derived

_WORD = re.compile(r"[a-z]{3,}")
NOTHING = "nothing"
"""Streams reviews as they may leave, with their summaries, and writes none: what all forms share."""


def made(source: Path, place: Path, documents: int, pages: int) -> Home:
    """A home with copies of the reviews of another."""
    home = Home(place)
    if place.exists():
        return home
    part = place.with_name(place.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(source, part, ignore=shutil.ignore_patterns("archive", "index"))
    with (
        writing(Home(part), "test"),
        Record.open(Home(part), write=True) as record,
        Derived.open(Home(part), write=True) as said,
    ):
        _lengthen(said, pages)
        with said.transaction() as c:
            shown = [row.document_id for row in c.execute(select(derived.published_fields))]
        copies = -(-documents // len(shown)) - 1
        with record.transaction() as c:
            for table, name in ((tables.document, "id"), (tables.version, "document_id")):
                _copy(c, table, (name,), copies)
        with said.transaction() as c:
            _copy(c, derived.description, ("document_id",), copies, _reworded(c))
            _copy(c, derived.published_fields, ("document_id", "review_id"), copies)
            _copy(c, derived.member, ("document_id", "review_id"), copies)
    part.rename(place)
    return home


Reworded = Callable[[dict[str, Any]], dict[str, Any]]


def _copy(
    c: Connection, table: Table, ids: Sequence[str], copies: int, other: Reworded = dict
) -> None:
    rows = [dict(row) for row in c.execute(select(table)).mappings()]
    for number in range(copies):
        c.execute(
            table.insert(),
            [other(row) | {name: f"{row[name]}x{number}" for name in ids} for row in rows],
        )


def _reworded(c: Connection) -> Reworded:
    """A row of descriptions with other words in the sentences of its facts and recommendations, drawn from all that stand there."""
    chance = random.Random(1)
    bodies = c.execute(select(derived.description.c.body)).scalars().all()
    told = [packing.unpack(one, Description) for one in bodies]
    words = [word for one in told for fact in one.facts for word in _WORD.findall(fact.evidence)]

    def other(text: str) -> str:
        return _WORD.sub(lambda _: chance.choice(words), text)

    def reworded(row: dict[str, Any]) -> dict[str, Any]:
        said = packing.unpack(row["body"], Description)
        facts = tuple(replace(one, evidence=other(one.evidence)) for one in said.facts)
        advice = tuple(replace(one, text=other(one.text)) for one in said.recommendations)
        return row | {"body": packing.pack(replace(said, facts=facts, recommendations=advice))}

    return reworded


def _lengthen(said: Derived, pages: int) -> None:
    with said.transaction() as c:
        hashes = list(c.execute(select(derived.reading.c.sha256)).scalars())
    for sha256 in hashes:
        reading = said.reading(sha256)
        if reading and reading.pages:
            of = reading.pages
            more = tuple(replace(of[at % len(of)], number=at + 1) for at in range(pages))
            said.save_reading(replace(reading, pages=more))


def once(home: str, form: str, to: str) -> dict[str, Any]:
    """One export in this process."""
    began, worked = time.perf_counter(), time.process_time()
    with Collection(home) as collection:
        if form == NOTHING:
            rows = sum(1 for _ in collection.exported(summaries=True))
        else:
            rows = sum(collection.write_tables(form, to).rows.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": time.perf_counter() - began,
        "processor": time.process_time() - worked,
        "peak_mb": peak,
        "rows": rows,
    }


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--kept", type=Path, required=True)
    parser.add_argument("--documents", type=int, action="append")
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--forms", nargs="*", default=[NOTHING, *FORMS])
    given = parser.parse_args()
    given.kept.mkdir(parents=True, exist_ok=True)
    print("| form | documents | rows | seconds | of processor | peak MB | size MB |")
    print("|---|---|---|---|---|---|---|")
    for documents in given.documents or [3000, 15000]:
        home = made(given.home, given.kept / f"home-{documents}", documents, given.pages)
        for form in given.forms:
            to = given.kept / f"out-{documents}-{form}"
            code = f"from benchmarks.tables import once; import json; print(json.dumps(once({str(home.root)!r}, {form!r}, {str(to)!r})))"
            told = subprocess.run(
                [sys.executable, "-c", code], check=True, capture_output=True, text=True
            )
            row = json.loads(told.stdout)
            size = sum(one.stat().st_size for one in (to, *to.rglob("*")) if one.is_file()) / 1e6
            print(
                f"| {form} | {documents:,} | {row['rows']:,} | {row['seconds']:.1f} | {row['processor']:.1f} | {row['peak_mb']:.0f} | {size:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
