"""Nights of twelve small sites, crawled for real over loopback with a moved clock: is what is shown what stands there, and each thing told once?

    python -m benchmarks.nights400 [--nights 400] [--sites 12] [--seed 1] [--json FILE]

A script, drawn by the seed, publishes, retitles, moves, replaces (also in the same size), makes anonymous, takes off, brings back; sites fail;
an operator releases and withdraws; one night has a full disk; every tenth ends with a backup, and two homes are lost and restored. What
must follow is written here from the words of docs/OPERATIONS.md and knows nothing of the record: each happening says which events it
must be told by, once, and until when. What is not as it must be is printed with its night, the nights go on, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.nights400.years import simulate


def main() -> int:
    """Simulate, print what happened and what was wrong; 1 when anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=400)
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        years = simulate(Path(folder), nights=chosen.nights, sites=chosen.sites, seed=chosen.seed)
    truth = years.truth
    for name, count in sorted(truth.counts.items()):
        print(f"  {count:6} {name}")
    used = sum(
        one.ru_utime + one.ru_stime
        for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    print(
        f"{chosen.nights} nights, {len(years.seconds)} runs: {time.monotonic() - start:.0f} s, {used:.0f} s of processor time"
    )
    print(f"{len(truth.wrong)} things are not as they must be (seed {chosen.seed})")
    for one in truth.wrong:
        print(f"  night {one.night}: {one.what}")
    if chosen.json:
        said = {"counts": truth.counts, "wrong": [asdict(one) for one in truth.wrong]}
        chosen.json.write_text(json.dumps(said, indent=1), "utf-8")
    return 1 if truth.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
