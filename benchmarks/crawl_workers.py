"""The first night over simulated sites by one, two and four crawling processes, each with a home of its own.

`python -m benchmarks.crawl_workers [--sites 48] [--documents 480] [--delay 0.3] [--json FILE]` prints a table: seconds, requests, documents, and how many were had. The sites
are those of `benchmarks.night`; every host is asked one request at a time with the delay between, eight hosts at once a process. Beside several
processes stands one that asks as many hosts at once as they do together.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.night import ask, served
from benchmarks.night_sites import shapes

NOW = "2026-03-01T02:00:00Z"
WAYS = ((1, 8), (2, 8), (4, 8), (1, 16), (1, 32))
"""Processes, and hosts at once in each."""


def measure_here(args: argparse.Namespace) -> None:
    """One night in this process, and what it took."""
    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.process.crawl import run_crawl
    from casereviews.crawler.sources import Source
    from casereviews.repository.home import Home
    from casereviews.repository.record import Record

    sites = shapes(args.sites, args.documents)
    entries = [
        Source(
            f"site{one.number}", f"Fictional board {one.number}", "England", "listing",
            (f"http://{one.host}:{args.port}/reviews/",), (f"{one.host}:{args.port}",),
        )
        for one in sites
    ]  # fmt: skip
    options = CrawlOptions(
        delay=args.delay,
        workers=args.workers,
        hosts_at_once=args.hosts,
        resolve={one.host: "127.0.0.1" for one in sites},
        now=NOW,
    )
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").create()
        with Record.open(home, write=True) as record:
            run_id = record.begin_run("refresh", NOW)
            for entry in entries:
                record.put_source(entry.info)
        begun = time.perf_counter()
        told = run_crawl(home, entries, run_id=run_id, options=options, progress=lambda _: None)
        seconds = time.perf_counter() - begun
        with Record.open(home) as record:
            kept = sum(1 for _ in record.documents())
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "seconds": round(seconds, 1),
                "processor": round(used.ru_utime + used.ru_stime, 1),
                "peak_mb": round(used.ru_maxrss / 1024),
                "documents": kept,
                "finished": sum(one.ended == "finished" for one in told.values()),
            }
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=48)
    parser.add_argument("--documents", type=int, default=480)
    parser.add_argument("--delay", type=float, default=0.3)
    parser.add_argument("--json", type=Path)
    for name in ("--port", "--workers", "--hosts"):
        parser.add_argument(name, type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.port:
        measure_here(args)
        return
    rows: list[dict[str, Any]] = []
    size = ["--sites", str(args.sites), "--documents", str(args.documents)]
    print("| processes | hosts at once | seconds | of the processor | peak MB of one | requests | documents | sources finished |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    with served(args.sites, args.documents) as port:
        for workers, hosts in WAYS:
            ask(port, "/counts")
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.crawl_workers", *size, "--delay", str(args.delay), "--port", str(port),
                 "--workers", str(workers), "--hosts", str(hosts)],
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            told = json.loads(done.stdout.splitlines()[-1])
            row = {"processes": workers, "hosts": workers * hosts, **told, "requests": ask(port, "/counts")["requests"]}  # fmt: skip
            rows.append(row)
            print(
                f"| {workers} | {workers * hosts} | {row['seconds']} | {row['processor']} | {row['peak_mb']} | {row['requests']} "
                f"| {row['documents']} | {row['finished']} |",
                flush=True,
            )
    if args.json:
        args.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
