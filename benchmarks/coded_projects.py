"""How many facts say where their evidence stands, and what a coded project costs.

    python -m benchmarks.coded_projects HOME [--documents 1000 3000 15000] [--texts] [--json FILE]

HOME is a collected home, such as a demo's. Of its facts those that were read on a page are counted by how their evidence stands there: as it is kept, but for white space, by letters and
digits (a cover's lines put together), by what was read (`raw`), not at all; sentences that run over a page's end among them. Then its reviews are written as projects of so
many documents, again and again under other ids, each in a process of its own: seconds of processor time, peak memory, size.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from casereviews import Collection
from casereviews.collection.output.coding.leaving import leaving
from casereviews.collection.output.coding.project import write_project
from casereviews.collection.output.coding.sources import Source
from casereviews.repository.model import Fact
from casereviews.repository.published_documents import Review


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("home", type=Path)
    options.add_argument("--documents", type=int, nargs="*", default=[1000, 3000])
    options.add_argument("--texts", action="store_true")
    options.add_argument("--json", type=Path)
    said = options.parse_args()
    placed = places(said.home)
    print("  ".join(f"{name} {count:,}" for name, count in placed.items()))
    rows = []
    for count in said.documents:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            rows.append(pool.apply(cost, (said.home, count, said.texts)))
        print("  ".join(f"{key} {value}" for key, value in rows[-1].items()))
    if said.json:
        said.json.write_text(json.dumps({"places": placed, "cost": rows}, indent=2) + "\n", "utf-8")


def places(home: Path) -> dict[str, int]:
    """Facts that were read on a page, by how their evidence stands there; and those of other origins."""
    found: Counter[str] = Counter()
    with Collection(home) as collection:
        for review in collection.reviews(placed=True):
            for document in review.documents:
                texts = {
                    number: collection.page(document.document_id, number).text
                    for number in {fact.page for fact in document.facts if fact.page}
                    | {getattr(fact, "end_page", None) or 1 for fact in document.facts if fact.page}
                }
                found.update(_how(fact, texts) for fact in document.facts)
    return dict(sorted(found.items()))


def _how(fact: Fact, texts: dict[int, str]) -> str:
    start, end, last = (getattr(fact, name) for name in ("start", "end", "end_page"))
    if fact.page is None:
        return "of no page"
    if start is None:
        return "not found"
    if last != fact.page:
        return "over a page's end"
    words = texts[fact.page][start:end]
    if words == fact.evidence:
        return "as it is kept"
    if words.split() == fact.evidence.split() or "".join(words.split()) == "".join(
        fact.evidence.split()
    ):
        return "but for white space"
    letters = "".join(filter(str.isalnum, words))
    by_evidence = letters == "".join(filter(str.isalnum, fact.evidence))
    return "by letters and digits" if by_evidence else "by what was read"


def cost(home: Path, count: int, texts: bool) -> dict[str, Any]:
    """What a project of so many documents costs."""
    import resource

    began = time.process_time()
    with Collection(home) as collection, tempfile.TemporaryFile() as out:
        reviews = _many(collection, count, texts)
        done = write_project(
            out, collection.vocabulary, reviews, texts=texts, at="2026-03-01T02:00:00Z"
        )
        size = out.tell()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "documents": done.sources,
        "codings": done.codings,
        "seconds": round(time.process_time() - began, 1),
        "peak MB": round(peak),
        "MB": round(size / 1e6, 1),
    }


def _many(
    collection: Collection, count: int, texts: bool
) -> Iterator[tuple[Review, Sequence[Source], str]]:
    given = turn = 0
    while given < count:
        for review, sources, state in leaving(collection.home, collection.exported(), texts=texts):
            named = [
                replace(one, document_id=f"{one.document_id}{turn}", name=f"{one.name}{turn}")
                for one in sources
            ]
            yield replace(review, review_id=f"{review.review_id}{turn}"), named, state
            given += len(named)
            if given >= count:
                return
        turn += 1


if __name__ == "__main__":
    main()
