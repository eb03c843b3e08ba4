"""What whole homes cost, before and after in one run: opening an index, a quiet night, a withdrawal.

    python -m benchmarks.homes_cost --before FOLDER [--reports 24] [--rounds 3]

FOLDER is a checkout of an earlier commit. Both trees collect the same made-up reports (`benchmarks.withdrawing`) of a board on loopback, then
take turns. A figure is processor time of a whole command and of all its children, the least of the rounds; opening is measured within
a process that has opened the index once.
"""

from __future__ import annotations

import argparse
import http.server
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.withdrawing import pages_of

HERE = Path(__file__).parents[1]
START = "/reviews/"
ENTRY = """[[source]]
id = "board"
publisher = "Pear Vale Safeguarding Partnership"
nation = "UK-wide"
national = true
family = "listing"
status = "verified"
start_urls = ["http://127.0.0.1:{port}/reviews/"]
hosts = ["127.0.0.1:{port}"]
"""
OPENING = """
import sys, time
from pathlib import Path
from casereviews.index.search import open_index
from casereviews.repository.home import Home
home = Home(Path(sys.argv[1]))
def once():
    start = time.process_time()
    open_index(home.index, home.id).close()
    return time.process_time() - start
once()
print(min(once() for _ in range(60)))
"""


class Board(http.server.BaseHTTPRequestHandler):
    """A list and its reports."""

    reports = 0

    def do_GET(self) -> None:
        name = self.path.removeprefix(START)
        if name.isdigit():
            text = "".join(f"<p>{line}</p>" for line in pages_of(int(name)).split("\n") * 4)
            body = f"<html><body><h1>Serious Case Review: Child {name}</h1>{text}</body></html>"
        elif self.path == START:
            rows = (
                f'<li><a href="{START}{one}">Child {one} serious case review overview report</a></li>'
                for one in range(self.reports)
            )
            body = f"<html><body><main><h1>Published reviews</h1><ul>{''.join(rows)}</ul></main></body></html>"
        else:
            body = ""
        data = body.encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


def command(tree: Path, *arguments: str, now: str = "") -> tuple[float, str]:
    """Processor seconds of a Python process of a tree, with its children, and what it printed; an error ends the benchmark."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "CASEREVIEWS_NOW": now}
    if not now:
        del environment["CASEREVIEWS_NOW"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{tree}: {arguments}: {done.stderr}")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, done.stdout


def verb(
    tree: Path, home: Path, *words: str, now: str = "2026-03-01T02:00:00Z"
) -> tuple[float, str]:
    """A verb of a tree's program."""
    program = ("-m", "casereviews.search_cli.main", "--home", str(home))
    return command(tree, *program, *words, now=now)


def measured(tree: Path, home: Path, day: int) -> dict[str, float]:
    """Each step once; the withdrawal is one of a copy."""
    night = verb(tree, home, "refresh", "--source", "board", now=f"2026-03-{day:02}T02:00:00Z")[0]
    opening = float(command(tree, "-c", OPENING, str(home))[1]) * 1000
    search = verb(tree, home, "search", "child", "--json")
    document = json.loads(search[1])["hits"][0]["document_id"]
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(home, Path(place) / "home"))
        reason = ("--reason", "x", "--yes")
        withdrawal = verb(tree, copy, "withdraw", document, *reason, now="2026-03-28T02:00:00Z")[0]
    return {
        "opening an index, ms": opening,
        "search, the whole command, s": search[0],
        "a quiet night, s": night,
        "a withdrawal, s": withdrawal,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--reports", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    Board.reports = arguments.reports
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Board)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    trees = {"before": arguments.before, "after": HERE}
    rows: dict[str, dict[str, float]] = {name: {} for name in trees}
    with tempfile.TemporaryDirectory() as place:
        for name, tree in trees.items():
            home = Path(place) / name
            home.mkdir()
            (home / "sources.toml").write_text(ENTRY.format(port=server.server_port))
            rows[name]["the first night, s"] = verb(tree, home, "refresh", "--source", "board")[0]
        for turn in range(arguments.rounds):
            for name, tree in trees.items():
                for step, cost in measured(tree, Path(place) / name, turn + 2).items():
                    rows[name][step] = min(cost, rows[name].get(step, cost))
    server.shutdown()
    for step in rows["after"]:
        print(f"{step:32} before {rows['before'][step]:8.2f}   after {rows['after'][step]:8.2f}")


if __name__ == "__main__":
    main()
