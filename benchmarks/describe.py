"""How well titles are read, and documents grouped: precision, recall and exact rate per field, with the errors listed.

    python benchmarks/describe.py --titles FILE [--third held|seen|all] [--json FILE] [--quiet]
    python benchmarks/describe.py --grouping [--json FILE]

FILE has the columns raw_title, publisher, nation, review_type, subject_labels, document_role, published and precision;
an empty cell means that the title does not say it, and giving a value there is an error. `--third` keeps only the rows
of a deterministic third (held) or the other two (seen), drawn by a hash of title and publisher, so that rules can be
written on one part and tried on the other. `--grouping` groups made cases (`grouping_made.py`) and compares pairs.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.grouping_made import as_table, make, pairwise
from benchmarks.tally import Tally
from casereviews.repository.describing.grouping import group
from casereviews.repository.describing.titles import NOT_PRINTED_ROLES, TitleFacts, read_title

FIELDS = ("review_type", "subject_labels", "document_role", "published")


def is_held(row: dict[str, str]) -> bool:
    """True for the third of the rows that is kept aside while rules are written."""
    digest = hashlib.sha256((row["raw_title"] + row["publisher"]).encode()).hexdigest()
    return int(digest, 16) % 3 == 0


def gold(row: dict[str, str]) -> dict[str, frozenset[str]]:
    """The values a row's readings hold, as sets: a bar joins several."""
    return {
        "review_type": _set(row["review_type"]),
        "subject_labels": _set(row["subject_labels"]),
        "document_role": _set(row["document_role"]),
        "published": _set(row["published"] and f"{row['published']} ({row['precision']})"),
    }


def read(row: dict[str, str]) -> dict[str, frozenset[str]]:
    """What `read_title` gives for a row, in the form of `gold`."""
    facts: TitleFacts = read_title(
        row["raw_title"], publisher=row["publisher"] or None, nation=row["nation"] or None
    )
    return {
        "review_type": _set(facts.review_type),
        "subject_labels": frozenset(facts.subject_labels),
        "document_role": _set(facts.document_role or _other_role(row, facts)),
        "published": _set(facts.published and f"{facts.published} ({facts.precision})"),
    }


def _other_role(row: dict[str, str], facts: TitleFacts) -> str | None:
    """Statements and podcasts have no printed role; where a file of titles names theirs, what was read is compared with it."""
    return facts.other_role if row["document_role"] in NOT_PRINTED_ROLES else None


def score(rows: Sequence[dict[str, str]]) -> tuple[dict[str, object], list[str]]:
    """Precision, recall and exact rate per field over `rows`, the rate of rows wholly right, and the errors in words."""
    tallies = {field: Tally() for field in FIELDS}
    whole = 0
    started = time.perf_counter()
    readings = [read(row) for row in rows]
    seconds = time.perf_counter() - started
    for row, reading in zip(rows, readings, strict=True):
        wanted = gold(row)
        whole += reading == wanted
        for field in FIELDS:
            where = f"{field} of {row['raw_title']!r} ({row['publisher']})"
            tallies[field].add(reading[field], wanted[field], where)
    errors = [error for tally in tallies.values() for error in tally.errors]
    table: dict[str, object] = {
        field: {
            **tally.row(digits=4),
            "exact": _ratio(len(rows) - len(tally.errors), len(rows)),
            "wanted": tally.wanted,
        }
        for field, tally in tallies.items()
    }
    table["rows"] = len(rows)
    table["wholly_right"] = _ratio(whole, len(rows))
    table["ms_a_title"] = round(1000 * seconds / max(1, len(rows)), 3)
    return table, errors


def _set(value: str | None) -> frozenset[str]:
    return frozenset(value.split("|")) if value else frozenset()


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 1.0


def grouping_figures() -> dict[str, dict[str, float | int]]:
    """Pairwise figures of grouping on made cases of several seeds and sizes."""
    figures = {}
    for boards, cases, seed in ((12, 8, 1), (12, 8, 2), (12, 8, 3), (60, 10, 4), (200, 10, 5)):
        made = make(boards, cases, seed=seed)
        name = f"{boards} boards, {len(made.documents)} documents"
        figures[f"{name}, seed {seed}"] = pairwise(group(made.documents), made.case_of)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--titles", type=Path)
    parser.add_argument("--grouping", action="store_true")
    parser.add_argument("--third", choices=("held", "seen", "all"), default="all")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--quiet", action="store_true", help="no list of errors")
    options = parser.parse_args()
    if options.grouping or not options.titles:
        figures = grouping_figures()
        print(as_table(list(figures.items())))
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
        return
    with options.titles.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if options.third != "all":
        rows = [row for row in rows if is_held(row) == (options.third == "held")]
    table, errors = score(rows)
    print(f"{'field':<16}{'precision':>10}{'recall':>10}{'exact':>10}{'wanted':>8}")
    for field in FIELDS:
        line = table[field]
        assert isinstance(line, dict)
        print(
            f"{field:<16}{line['precision']:>10.4f}{line['recall']:>10.4f}{line['exact']:>10.4f}{line['wanted']:>8}"
        )
    print(
        f"{table['rows']} rows, wholly right {table['wholly_right']:.4f}, {table['ms_a_title']} ms a title"
    )
    if not options.quiet:
        print(*errors, sep="\n")
    if options.json:
        options.json.write_text(json.dumps(table, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
