"""Reads many small documents, is killed twice on the way, and goes on each time where it was.

`python benchmarks/reading_resume.py --documents 15000`. What is done is one line a document in a file, written as each reading comes: the
place that the record has in the real job.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reading_hostile import docx, text_pdf
from benchmarks.reading_made import prose
from casereviews.repository.reading import Limits, ReadJob, read_files


def document(number: int) -> bytes:
    """A small PDF, DOCX or HTML page of its own words."""
    chance = random.Random(number)
    words = prose(chance, 12 if number % 3 == 0 else 300)
    if number % 3 == 0:
        return text_pdf(f"Document {number}: {words}")
    if number % 3 == 1:
        return docx(f"<w:p><w:r><w:t>Document {number}: {words}</w:t></w:r></w:p>")
    return f"<html><body><h1>Document {number}</h1><p>{words}</p></body></html>".encode()


def jobs(folder: Path, count: int, done: set[str]) -> Iterator[ReadJob]:
    for number in range(count):
        path = folder / str(number)
        if not path.exists():
            path.write_bytes(document(number))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest not in done:
            yield ReadJob(digest, path)


def work(folder: Path, count: int, workers: int) -> None:
    """One run: reads what is not done yet."""
    record = folder / "done"
    done = (
        {line.split()[0] for line in record.read_text().splitlines()} if record.exists() else set()
    )
    with record.open("a", buffering=1) as out:
        for reading in read_files(
            jobs(folder, count, done), workers=workers, limits=Limits(ocr=False)
        ):
            out.write(f"{reading.sha256} {reading.status} {reading.text_sha256}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, default=15_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--work", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        work(options.work, options.documents, options.workers)
        return
    with tempfile.TemporaryDirectory() as name:
        report = run(Path(name), options.documents, options.workers)
    print(json.dumps(report, indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    if report["lost"]:
        raise SystemExit(f"{report['lost']} documents were lost")


def run(folder: Path, count: int, workers: int) -> dict[str, object]:
    """Start, kill at a third and at two thirds, finish; count what was lost or done twice."""
    command = [
        sys.executable,
        __file__,
        "--documents",
        str(count),
        "--workers",
        str(workers),
        "--work",
        str(folder),
    ]
    record = folder / "done"
    started = time.perf_counter()
    for share in (1 / 3, 2 / 3, None):
        child = subprocess.Popen(command, start_new_session=True)
        while child.poll() is None:
            if share and record.exists() and record.read_bytes().count(b"\n") > share * count:
                os.killpg(child.pid, signal.SIGKILL)
            time.sleep(0.05)
        child.wait()
    lines = [line.split() for line in record.read_text().splitlines()]
    times = Counter(line[0] for line in lines if len(line) == 3)
    return {
        "documents": count,
        "kills": 2,
        "seconds": round(time.perf_counter() - started, 1),
        "lost": count - len(times),
        "done_twice": sum(number > 1 for number in times.values()),
        "statuses": dict(Counter(line[1] for line in lines if len(line) == 3)),
    }


if __name__ == "__main__":
    main()
