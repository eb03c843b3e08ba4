"""The archive on an S3 server (SeaweedFS): seconds from `delete` until no file of the server has the words, or the name, of what was taken out.

`python -m benchmarks.withdrawal_time.archive [--files 200] [--patience 960]` prints a table; CASEREVIEWS_WEED names the server's program (`tests/s3_server.py`).
Every file under the server's folder is read as it lies there. What is still there when the patience ends is said so. One file of many is taken
out, of 100 kB each, as a withdrawal does.
"""

from __future__ import annotations

import argparse
import os
import random
import time

from casereviews.repository.servers.s3_archive import S3Archive
from casereviews.repository.stores import ArchiveServer
from tests import s3_server
from tests.s3_server import S3Server

WORDS = b"Wrenfield Quillbrook lived aboard the Marigold"
BY_HAND = 5.0
"""Seconds between two calls of the operator's own vacuum."""

SETTINGS: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("as it comes (looks every 840 s at volumes with 30% of garbage)", (), False),
    (
        "-master.garbageThreshold=0.0001 -master.vacuumIntervalSeconds=60",
        ("-master.garbageThreshold=0.0001", "-master.vacuumIntervalSeconds=60"),
        False,
    ),
    ("as it comes, and volume.vacuum at once and every 5 s after the withdrawal", (), True),
)


def measure(options: tuple[str, ...], *, by_hand: bool, files: int, patience: float) -> list[str]:
    """Seconds until words and name are gone, as told in a row; the files that still have them when the patience ends."""
    with s3_server.serving(*options) as server:
        os.environ.update(server.environment())
        server.make_bucket("reviews")
        archive = S3Archive(ArchiveServer("reviews", "", server.endpoint), lambda: "made up")
        dice = random.Random(4)
        for _ in range(files - 1):
            archive.put(dice.randbytes(100_000))
        taken = archive.put(WORDS + dice.randbytes(100_000))
        time.sleep(2.0)
        begun = time.perf_counter()
        archive.delete(taken.sha256)
        told = [f"{time.perf_counter() - begun:.2f}"]
        if archive.sought([taken.sha256])[0].found:
            raise SystemExit("it was not deleted")
        gone: dict[bytes, float] = {}
        asked = -BY_HAND
        while len(gone) < 2 and time.perf_counter() - begun < patience:
            now = time.perf_counter() - begun
            if by_hand and now - asked >= BY_HAND:
                server.vacuum()
                asked = now
            for what in (WORDS, taken.sha256.encode()):
                if what not in gone and not server.holding(what):
                    gone[what] = time.perf_counter() - begun
            time.sleep(1.0)
        for what in (WORDS, taken.sha256.encode()):
            told.append(_said(server, what, gone.get(what), patience))
        return told


def _said(server: S3Server, what: bytes, seconds: float | None, patience: float) -> str:
    if seconds is not None:
        return f"{seconds:.1f}"
    left = sorted({one.suffix or one.name for one in server.holding(what)})
    return f"still there after {patience:.0f} ({', '.join(left)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=200)
    parser.add_argument("--patience", type=float, default=960.0)
    args = parser.parse_args()
    print(
        "| settings of the server | deleted in (s) | no file has its words (s) | nor its name, a hash (s) |"
    )
    print("|---|---|---|---|")
    for name, options, by_hand in SETTINGS:
        told = measure(options, by_hand=by_hand, files=args.files, patience=args.patience)
        print(f"| {name} | {' | '.join(told)} |", flush=True)


if __name__ == "__main__":
    main()
