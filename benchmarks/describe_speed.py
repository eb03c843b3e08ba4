"""What describing one document costs: processor seconds of one core for a report of 40 pages and 15,000 words.

    python -m benchmarks.describe_speed [--documents 8] [--profile] [--json FILE]

The reports are fictional and dense: a third of their sentences tell a theme (`wordings.txt`), the rest fill. Title,
context, first pages, sections, recommendations, case facts, themes and the sketch for grouping are all in. One
document goes ahead to compile the patterns. `time.process_time`, so other work on the machine does not count.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import random
import statistics
import time
from pathlib import Path

from benchmarks.fictional_reports import wordings
from benchmarks.fictional_words import FILLER
from casereviews.repository.describing.describe import describe
from casereviews.repository.describing.grouping.input import GroupingInput
from casereviews.repository.model import (
    Document,
    DocumentInput,
    Page,
    Reading,
    Sighting,
    SourceInfo,
)

PAGES, WORDS = 40, 15_000
AIM = 0.1
HEADINGS = (
    "1. Introduction",
    "2. Terms of reference",
    "3. Summary of the case",
    "4. Chronology",
    "5. Analysis",
    "6. Findings",
    "7. Good practice",
    "8. Recommendations",
)
SOURCE = SourceInfo("stanmere", "Stanmere Safeguarding Children Partnership", "England")


def report(seed: int) -> DocumentInput:
    """A fictional report of 40 pages with its sighting on a listing."""
    dice = random.Random(seed)
    told = [
        sentence
        for sentences in wordings().values()
        for sentence in sentences
        if "{" not in sentence
    ]
    pages = [_page(number, dice, told) for number in range(1, PAGES + 1)]
    url = f"https://stanmere.example/files/child-{seed}.pdf"
    seen = "2024-05-01T02:00:00Z"
    document = Document(
        f"d{seed}", SOURCE.id, url, "https://stanmere.example/reviews", "file", "crawl",
        seen, seen, "available", 0, "listed", f"{seed:064x}", "application/pdf", f"child-{seed}.pdf",
    )  # fmt: skip
    sighting = Sighting(
        SOURCE.id,
        "https://stanmere.example/reviews",
        url,
        headings=("Case reviews", "Local Child Safeguarding Practice Reviews"),
        link_text=f"Child {chr(65 + seed % 26)} LCSPR overview report",
        card_text="Published 3 May 2023",
        dates=("3 May 2023",),
    )
    return DocumentInput(
        document,
        SOURCE,
        (sighting,),
        Reading(document.sha256 or "", "ok", "application/pdf", tuple(pages)),
    )


def measure(documents: int) -> list[float]:
    """Processor seconds of each document."""
    made = [report(seed) for seed in range(documents + 1)]
    seconds = []
    for document in made:
        started = time.process_time()
        GroupingInput.of(document, describe(document))
        seconds.append(time.process_time() - started)
    return seconds[1:]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=8)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if options.profile:
        measure(1)
        with cProfile.Profile() as profile:
            measure(options.documents)
        pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        return
    seconds = measure(options.documents)
    figures = {
        "documents": options.documents,
        "pages": PAGES,
        "words": WORDS,
        "median": round(statistics.median(seconds), 4),
        "worst": round(max(seconds), 4),
        "aim": AIM,
    }
    print(*(f"{name} {value}" for name, value in figures.items()), sep="  ")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def _page(number: int, dice: random.Random, told: list[str]) -> Page:
    lines = [HEADINGS[(number - 1) // 5]] if number % 5 == 1 else []
    words = 0
    while words < WORDS / PAGES:
        sentence = dice.choice(told) if dice.random() < 0.33 else dice.choice(FILLER)
        words += len(sentence.split())
        lines.append(sentence if dice.random() < 0.75 else sentence + "\n")
    return Page(number, "\n".join(lines))


if __name__ == "__main__":
    main()
