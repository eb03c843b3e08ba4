"""Withdrawals: whether near-copies are known and other reports let be, and what a withdrawal and the look at an index cost.

    python -m benchmarks.withdrawing [--reports 40] [--json FILE]

Reports are made up (`pages_of`): those of a board share cover, statutory text, terms of reference and recommendations, and tell different
stories. Pairs of the seeds of HELD_OUT were made once the thresholds of `likeness` were chosen on those of CHOSEN_ON.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.fictional_cases import fictional_cases
from casereviews.collection.changing.indexing import bring_up_to_date, purge_from_index
from casereviews.index.folder import current
from casereviews.repository import likeness, withdrawals
from casereviews.repository.home import Home
from casereviews.repository.model import Fetch, Sighting, SourceInfo
from casereviews.repository.processing import process
from casereviews.repository.record import Record, tombstones
from casereviews.repository.record.derived import Derived
from casereviews.repository.vocabulary import load_vocabulary
from casereviews.repository.withdrawal_journal import end, refuse_unfinished

KEY = "00" * 16
CHOSEN_ON, HELD_OUT = range(0, 60), range(5000, 5120)
BOARDS = 6
AT = "2026-03-01T02:00:00Z"


def pages_of(seed: int) -> str:
    """One report: its board's own text (a third to two thirds of it) around its story."""
    dice = random.Random(seed)
    board = random.Random(f"board {seed % BOARDS}")
    own = [text for _, text in fictional_cases(4 + dice.randrange(14), seed=seed + 7)]
    shared = [text for _, text in fictional_cases(8, seed=board.randrange(10**6))]
    return "\n".join([*shared[:4], *own, *shared[4:]])


def one_line(text: str, dice: random.Random) -> str:
    lines = text.split("\n")
    lines[dice.randrange(4, len(lines) - 4)] = "This line was taken out at the family's wish."
    return "\n".join(lines)


def as_page(text: str, dice: random.Random) -> str:
    around = " ".join(f"menu{dice.randrange(999)}" for _ in range(120))
    return f"{around} {text} {around}"


def other_names(text: str, dice: random.Random) -> str:
    words = text.split(" ")
    return " ".join("X" if dice.random() < 0.03 else word for word in words)


def breaks(text: str, dice: random.Random) -> str:
    return "".join("-\n" + c if dice.random() < 0.002 else c for c in text)


def begun(text: str, dice: random.Random) -> str:
    lines = text.split("\n")
    return "\n".join(lines[: len(lines) * 3 // 4])


def later(text: str, dice: random.Random) -> str:
    lines = text.split("\n")
    return "\n".join(lines[len(lines) * 2 // 5 :])


def piece(begin: float, end: float) -> Callable[[str, random.Random], str]:
    def cut(text: str, dice: random.Random) -> str:
        lines = text.split("\n")
        return "\n".join(lines[int(len(lines) * begin) : int(len(lines) * end)])

    return cut


def page_without_names(text: str, dice: random.Random) -> str:
    return as_page(other_names(text, dice), dice)


STRANGE_COVER = (
    "A paper of the partnership. Contents: 1 Introduction 2 What was learned 3 What comes next. This edition was laid out anew for the web in "
    "2024; it takes the place of all that were before, and questions go to the business unit."
)
IN_PLACE_OF_NAMES = (
    "the child",
    "X",
    "Maurice",
    "this young person",
    "Child A",
    "the individual",
    "her client",
)


NAME, NAMES_IN_100 = "Rosalind", 0.08


def named(text: str, dice: random.Random) -> str:
    """A report that calls its child by name, about twice a sentence."""
    return " ".join(
        f"{NAME} {word}" if dice.random() < NAMES_IN_100 else word for word in text.split(" ")
    )


def nameless_piece(
    begin: float, end: float, cover: str = ""
) -> Callable[[str, random.Random], str]:
    cut = piece(begin, end)

    def change(text: str, dice: random.Random) -> str:
        return cover + cut(text, dice).replace(NAME, dice.choice(IN_PLACE_OF_NAMES))

    return change


COPIES: dict[str, Callable[[str, random.Random], str]] = {
    "one line changed": one_line,
    "as a page of a site": as_page,
    "names taken out (3 words of 100)": other_names,
    "broken words (OCR, line ends)": breaks,
    "the first three quarters": begun,
    "the last three fifths": later,
    "names taken out, as a page": page_without_names,
    "the first half": piece(0, 1 / 2),
    "the second half": piece(1 / 2, 1),
    "the middle third": piece(1 / 3, 2 / 3),
    "the second quarter": piece(1 / 4, 1 / 2),
}
NAMELESS: dict[str, Callable[[str, random.Random], str]] = {
    "the first half, its name taken out": nameless_piece(0, 1 / 2),
    "the second half, its name taken out": nameless_piece(1 / 2, 1),
    "the second half, its name taken out, under a strange cover": nameless_piece(
        1 / 2, 1, STRANGE_COVER
    ),
    "the middle third, its name taken out": nameless_piece(1 / 3, 2 / 3),
}
"""Copies of reports that were `named`."""


Runs = dict[str, set[str]]


def runs_of(text: str) -> Runs:
    """The runs of a text by the kind of sketch that is made of them."""
    return {kind: each(text, KEY) for kind, each in tombstones.RUNS.items()}


def pairs(seeds: range) -> dict[str, list[tuple[float, bool]]]:
    """Shares of sketches and whether they are held, by kind of pair: copies, other reports by the same board (which still holds one other, or none), other boards'."""
    found: dict[str, list[tuple[float, bool]]] = {}
    nothing: Runs = {kind: set() for kind in tombstones.RUNS}
    for seed in seeds:
        text = pages_of(seed)
        others = [one for one in range(seed + 1, seed + 40) if one % BOARDS == seed % BOARDS]
        foreign = runs_of(pages_of(seed + 1))
        by_others = [runs_of(pages_of(other)) for other in others]
        for name, kept in (
            ("", by_others[0]),
            (", nothing else is held of the board", nothing),
        ):
            for sketched, copies in ((text, COPIES), (named(text, random.Random(seed)), NAMELESS)):
                sketches = sketched_by(sketched, kept)
                for kind, change in copies.items() if sketches["sketch"] else ():
                    runs = runs_of(change(sketched, random.Random(seed)))
                    found.setdefault(f"copy: {kind}{name}", []).append(judged(sketches, runs, kept))
            sketches = sketched_by(text, kept)
            if not sketches["sketch"]:
                continue
            for runs in by_others[1:]:
                row = judged(sketches, runs, kept)
                found.setdefault(f"other: same board{name}", []).append(row)
            row = judged(sketches, foreign, kept)
            found.setdefault(f"other: another board{name}", []).append(row)
        older = sketched_by(text, foreign)
        for runs in by_others:
            found.setdefault(
                "other: same board, its new standard text was in no other report", []
            ).append(judged(older, runs, foreign))
    return found


def sketched_by(text: str, common: Runs) -> dict[str, str]:
    return {kind: likeness.sketch_of(runs, common[kind]) for kind, runs in runs_of(text).items()}


def judged(sketches: dict[str, str], runs: Runs, common: Runs) -> tuple[float, bool]:
    """`common` is what else the publisher's texts say."""
    held = any(
        likeness.is_near_copy(sketch, runs[kind])
        or likeness.is_part(sketch, runs[kind] - common[kind], nameless=kind == "nameless")
        for kind, sketch in sketches.items()
        if sketch
    )
    return likeness.share(sketches["sketch"], runs["sketch"]), held


def told(found: dict[str, list[tuple[float, bool]]]) -> dict[str, dict[str, float]]:
    return {
        kind: {
            "pairs": len(shares),
            "held": sum(held for _, held in shares),
            "least": round(min(shares)[0], 2),
            "most": round(max(shares)[0], 2),
        }
        for kind, shares in found.items()
    }


def filled(folder: Path, reports: int) -> Home:
    home = Home(folder / "home").create()
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        run_id = record.begin_run("refresh", AT)
        for board in range(BOARDS):
            record.put_source(
                SourceInfo(f"board{board}", f"Board {board} Safeguarding Partnership")
            )
        for seed in range(reports):
            url = f"http://board{seed % BOARDS}.test/{seed}.html"
            text = "".join(f"<p>{line}</p>" for line in pages_of(seed).split("\n") * 4)
            body = f"<html><body><h1>Serious Case Review: Child {seed}</h1>{text}</body></html>"
            seen = Sighting(
                f"board{seed % BOARDS}", f"http://board{seed % BOARDS}.test/", url, link_text=f"Child {seed}: report"
            )  # fmt: skip
            record.record_sightings(run_id, seen.source_id, [seen])
            fetch = Fetch(seen.source_id, url, url, AT, 200, media_type="text/html")
            record.store_file(run_id, seen, fetch, body.encode())
        process(record, derived, now=AT)
    bring_up_to_date(home)
    return home


def clocked(steps: dict[str, float], name: str, work: Callable[[], object]) -> object:
    start = time.process_time()
    result = work()
    steps[name] = round(time.process_time() - start, 3)
    return result


def costs(home: Home) -> Iterator[tuple[str, float]]:
    """Seconds of processor time: the parts of one withdrawal (those marked * are new), and of opening an index with the look and without."""
    steps: dict[str, float] = {}
    vocabulary = load_vocabulary(home)
    with Record.open(home) as record:
        one = record.documents()[0].id
    journal = clocked(
        steps,
        "* working out what goes, sketch and names (with the words for the canary)",
        lambda: withdrawals.begin(home, one, reason="x", now=AT, vocabulary=vocabulary),
    )
    done = clocked(
        steps, "record, archive, derived", lambda: withdrawals.carry_out(home, journal, vocabulary)
    )
    clocked(steps, "index, vectors", lambda: purge_from_index(home, done, vocabulary))
    clocked(steps, "canary: bytes, phrases, names, words", done.canary)
    end(home)
    yield from steps.items()
    for name, look in (("without", False), ("* with", True)):
        start = time.process_time()
        for _ in range(300):
            _, built = current(home.index, home.id)
            if look:
                refuse_unfinished(home, built.withdrawals, "index")
        yield (
            f"{name} the look at tombstones: index.json read, milliseconds",
            round((time.process_time() - start) / 300 * 1000, 3),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=40)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    result = {"chosen on": told(pairs(CHOSEN_ON)), "held out": told(pairs(HELD_OUT))}
    for name, kinds in result.items():
        print(name)
        for kind, row in kinds.items():
            print(
                f"  {kind}: held {row['held']} of {row['pairs']}; {row['least']} to {row['most']}"
            )
    with tempfile.TemporaryDirectory() as folder:
        seconds = dict(costs(filled(Path(folder), arguments.reports)))
    for name, value in seconds.items():
        print(f"  {value:8.3f}  {name}")
    if arguments.json:
        arguments.json.write_text(json.dumps({**result, "seconds": seconds}, indent=1))


if __name__ == "__main__":
    main()
