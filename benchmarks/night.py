"""A night over simulated sites: the first, a quiet one, one with ten new documents; a bare Scrapy spider beside it.

`python -m benchmarks.night [--sites 200] [--documents 2500] [--json FILE]` prints a table. The crawl and its record are measured, without the
politeness delay and without reading the files; the sites are served by another process. The bare spider parses with BeautifulSoup, follows
the same links and saves the files in a folder; it knows no yesterday.
"""

from __future__ import annotations

import argparse
import http.client
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.night_sites import CONTROL, shapes

NIGHTS = (
    ("first night", "2026-03-01T02:00:00Z"),
    ("quiet night", "2026-03-02T02:00:00Z"),
    ("ten new", "2026-03-03T02:00:00Z"),
)
DELAY = 0.001
AT_ONCE = 8


# ---- the two that are measured, each run in a process of its own


def crawl_ours(folder: str, port: int, now: str, sites: int, documents: int) -> dict[str, Any]:
    """One night of ours as `refresh` does it, up to reading: crawl, record, reconcile."""
    from casereviews.crawler.health import judge
    from casereviews.crawler.options import CrawlOptions
    from casereviews.crawler.process.crawl import run_crawl
    from casereviews.crawler.sources import Source
    from casereviews.repository.home import Home
    from casereviews.repository.record import Record, SourceOutcome

    home = Home(Path(folder) / "home")
    home.create()
    entries = [
        Source(
            f"site{one.number}", f"Fictional board {one.number}", "England", "listing",
            (f"http://{one.host}:{port}/reviews/",), (f"{one.host}:{port}",),
        )
        for one in shapes(sites, documents)
    ]  # fmt: skip
    resolve = {one.host: "127.0.0.1" for one in shapes(sites, documents)}
    options = CrawlOptions(delay=DELAY, hosts_at_once=AT_ONCE, resolve=resolve, now=now)
    with Record.open(home, write=True) as record:
        run_id = record.begin_run("refresh", now)
        for entry in entries:
            record.put_source(entry.info)
    told = run_crawl(home, entries, run_id=run_id, options=options, progress=lambda _: None)
    events = 0
    with Record.open(home, write=True) as record:
        for name, outcome in told.items():
            result, reason = judge(outcome)
            events += len(
                record.finish_source(
                    run_id,
                    SourceOutcome(
                        name, result, now, now, reason,
                        listing_complete=outcome.complete and result == "ok",
                    ),
                )
            )  # fmt: skip
        record.end_run(run_id, now, "done")
        kept = sum(1 for _ in record.documents())
    return {"documents": kept, "events": events}


def crawl_bare(folder: str, port: int, now: str, sites: int, documents: int) -> dict[str, Any]:
    """The bare spider, with the same number of requests at once."""
    import scrapy
    from bs4 import BeautifulSoup
    from scrapy.crawler import CrawlerProcess

    from casereviews.crawler.network import resolver
    from casereviews.crawler.network.guards import AddressPolicy

    hosts = [one.host for one in shapes(sites, documents)]
    resolver.use_policy(AddressPolicy(dict.fromkeys(hosts, "127.0.0.1")))
    files = Path(folder) / "bare"
    files.mkdir(exist_ok=True)

    class Bare(scrapy.Spider):
        name = "bare"
        start_urls = [f"http://{host}:{port}/reviews/" for host in hosts]  # noqa: RUF012

        def parse(self, response: Any) -> Iterator[Any]:
            main = BeautifulSoup(response.text, "lxml").find("main")
            for link in main.find_all("a") if main else ():
                address = str(link["href"])
                wanted = self.save if address.endswith(".pdf") else self.parse
                yield response.follow(address, wanted)

        def save(self, response: Any) -> None:
            host = response.url.split("/")[2].partition(":")[0]
            (files / f"{host}-{response.url.rpartition('/')[2]}").write_bytes(response.body)

    process = CrawlerProcess(
        {
            "ROBOTSTXT_OBEY": True,
            "CONCURRENT_REQUESTS": AT_ONCE,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "DOWNLOAD_DELAY": DELAY,
            "TWISTED_DNS_RESOLVER": "casereviews.crawler.network.resolver.GuardedResolver",
            "LOG_LEVEL": "WARNING",
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Bare)
    process.start()
    return {"documents": sum(1 for _ in files.iterdir()), "events": 0}


def measure_here(kind: str, folder: str, port: int, now: str, sites: int, documents: int) -> None:
    """Run one night in this process and print what it took."""
    begun = time.perf_counter()
    crawl = crawl_ours if kind == "ours" else crawl_bare
    told = crawl(folder, port, now, sites, documents)
    told["seconds"] = round(time.perf_counter() - begun, 2)
    peaks = [
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    told["peak_mb"] = round(max(peaks) / 1024)
    print(json.dumps(told))


# ---- the comparison


@contextmanager
def served(sites: int, documents: int) -> Iterator[int]:
    """The port of the running sites."""
    command = [sys.executable, "-m", "benchmarks.night_sites", "--sites", str(sites)]
    with subprocess.Popen(
        [*command, "--documents", str(documents)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


def ask(port: int, path: str) -> dict[str, int]:
    """What the sites were asked since the last question."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": CONTROL})
    counts: dict[str, int] = json.loads(connection.getresponse().read())
    connection.close()
    return counts


def night(kind: str, folder: str, port: int, now: str, size: tuple[int, int]) -> dict[str, Any]:
    """One measured night, with what the sites saw of it."""
    ask(port, "/counts")
    command = [sys.executable, "-m", "benchmarks.night", "--one", kind, folder, str(port), now]
    sized = ["--sites", str(size[0]), "--documents", str(size[1])]
    done = subprocess.run([*command, *sized], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {**told, "asked": ask(port, "/counts")}


def compare(size: tuple[int, int]) -> list[dict[str, Any]]:
    """All nights of both, in turn."""
    rows = []
    with served(*size) as port, tempfile.TemporaryDirectory() as folder:
        for name, now in NIGHTS:
            if name == "ten new":
                ask(port, "/grow")
            for kind in ("ours", "bare"):
                rows.append({"night": name, "spider": kind, **night(kind, folder, port, now, size)})
                print(_line(rows[-1]), flush=True)
    return rows


def _line(row: dict[str, Any]) -> str:
    asked = dict(row["asked"])
    requests, sent = asked.pop("requests"), asked.pop("bytes") / 1e6
    by_kind = ", ".join(f"{count} {name}" for name, count in sorted(asked.items()))
    return (
        f"| {row['night']} | {row['spider']} | {requests} | {sent:.1f} | {row['seconds']:.1f} | {row['peak_mb']} "
        f"| {row['documents']} | {row['events']} | {by_kind} |"
    )


def main() -> None:
    """Compare, or (`--one`) run one night in this process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--documents", type=int, default=2500)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", nargs=4, metavar=("KIND", "FOLDER", "PORT", "NOW"))
    chosen = parser.parse_args()
    if chosen.one:
        kind, folder, port, now = chosen.one
        measure_here(kind, folder, int(port), now, chosen.sites, chosen.documents)
        return
    print(
        "| night | spider | requests | MB sent | seconds | peak MB | documents | events | asked |"
    )
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    rows = compare((chosen.sites, chosen.documents))
    if chosen.json:
        chosen.json.write_text(json.dumps(rows, indent=1), "utf-8")


if __name__ == "__main__":
    main()
