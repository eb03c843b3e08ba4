"""What serving costs: a page's time, requests a second by one worker and by two, memory, the first start.

    python -m benchmarks.serving HOME [--reports DEMO] [--seconds 20] [--people 8]

HOME has an index of made-up words, as `benchmarks.search` makes it (no record and no file: searches alone are asked of it); DEMO is a home with PDFs, such
as the demo's, for reader pages. Both are only read. The servers run here in turn; queries are those of `benchmarks.search_queries`. The asking process takes a processor of its own, so that on two processors two workers are short of one.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx2
import psutil

from benchmarks.corpus import Corpus
from benchmarks.search_queries import KINDS, queries
from casereviews import Collection
from casereviews.collection.page_pictures import PDF

TOKEN = "a-token-for-the-benchmark-alone"
ONE_BY_ONE = 100
A_KIND = 15
WORDS = "child"


class Server:
    """`serve --workers N` as people run it, and a session of it."""

    def __init__(self, home: Path, workers: int, token: Path) -> None:
        started = time.perf_counter()
        options = ["--workers", str(workers), "--token-file", str(token)]
        program = [
            sys.executable,
            "-m",
            "casereviews.search_cli.main",
            "--home",
            str(home),
            "serve",
        ]
        self.process = subprocess.Popen(
            [*program, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self.process.stdout is not None
        self.base = self.process.stdout.readline().strip().rstrip("/")
        answer = httpx2.post(
            f"{self.base}/enter", data={"token": TOKEN}, headers={"origin": self.base}, timeout=60
        )
        self.started = time.perf_counter() - started
        times = psutil.Process(self.process.pid).cpu_times()
        self.start_cost = times.user + times.system
        self.cookie = answer.headers["set-cookie"].partition(";")[0]

    def client(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.base, headers={"cookie": self.cookie}, timeout=120)

    def processor(self) -> float:
        """Seconds of processor time of the server and all its children so far."""
        process = psutil.Process(self.process.pid)
        times = [one.cpu_times() for one in (process, *process.children(recursive=True))]
        return sum(one.user + one.system for one in times)

    def memory(self) -> float:
        """Megabytes of the server and all its children that no other process has (USS)."""
        process = psutil.Process(self.process.pid)
        every = [process, *process.children(recursive=True)]
        return sum(one.memory_full_info().uss for one in every) / 1e6


@contextmanager
def serving(home: Path, workers: int) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        token = Path(folder, "token.txt")
        token.touch(mode=0o600)
        token.write_text(TOKEN, "utf-8")
        server = Server(home, workers, token)
        try:
            yield server
        finally:
            server.process.terminate()
            server.process.wait(60)


def timed(client: httpx2.Client, paths: list[str]) -> list[float]:
    """Milliseconds of each, asked one after the other."""
    found = []
    for path in paths:
        began = time.perf_counter()
        answer = client.get(path)
        found.append((time.perf_counter() - began) * 1000)
        answer.raise_for_status()
    return found


def a_second(server: Server, paths: list[str], people: int, seconds: float) -> float:
    """Requests a second that so many people get who ask without a pause."""
    answered = itertools.count()
    end = time.perf_counter() + seconds

    def ask(first: int) -> None:
        with server.client() as client:
            for path in itertools.islice(itertools.cycle(paths), first, None):
                if time.perf_counter() > end:
                    return
                client.get(path).raise_for_status()
                next(answered)

    threads = [threading.Thread(target=ask, args=(n * 7,)) for n in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return next(answered) / seconds


def searches() -> list[str]:
    """Search pages of every kind of query."""
    of_kind = queries(Corpus(3_000, 0))
    return [f"/?q={quote(query)}" for kind in KINDS for query in of_kind[kind][:A_KIND]]


def readers(home: Path) -> list[str]:
    """Reader pages, each followed by its picture as a browser asks for it; each page once."""
    with Collection(home, warn=lambda _: None) as collection:
        hits = [
            hit
            for hit in collection.search(WORDS, limit=ONE_BY_ONE, facets=False).hits
            if collection.document(hit.document_id).media_type == PDF
        ]
    return [f"/read/{hit.document_id}/{one.page}" for hit in hits for one in hit.pages]


def told(name: str, server: Server, client: httpx2.Client, paths: list[str]) -> None:
    """Ask for each, and say how long they took and what the server's processes used."""
    before = server.processor()
    times = timed(client, paths)
    used = (server.processor() - before) * 1000 / len(paths)
    p95 = statistics.quantiles(times, n=20)[-1]
    print(
        f"{name}: median {statistics.median(times):.0f} ms, p95 {p95:.0f} ms, {used:.0f} ms of processor on average"
        f" ({len(times)} asked)",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--people", type=int, default=8)
    said = parser.parse_args()
    asked = searches()
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for workers in (1, 2):
        with serving(said.home, workers) as server:
            print(
                f"{workers} worker(s): first answer {server.started:.2f} s after the start, {server.start_cost:.2f} s of the first process"
            )
            with server.client() as client:
                timed(client, asked[:5])
                told("  search page", server, client, asked)
            rate = a_second(server, asked, said.people, said.seconds)
            print(f"  {rate:.0f} searches a second, {server.memory():.0f} MB")
    if said.reports:
        pages = readers(said.reports)
        with serving(said.reports, 1) as server, server.client() as client:
            timed(client, [f"{pages[0]}?q={WORDS}"])  # the children that draw begin
            asked = [f"{one}?q={WORDS}" for one in pages[1:]]
            told("reader page, its picture drawn", server, client, asked)
            told("its picture", server, client, [f"{one}/picture.png" for one in pages[1:]])
            print(f"  {server.memory():.0f} MB")


if __name__ == "__main__":
    main()
