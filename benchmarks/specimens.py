"""How well the facts of reports are read that the authors of the rules did not write.

    python -m benchmarks.specimens FOLDER [--fold all|dev|held] [--errors] [--json FILE]

FOLDER holds `site/` (a list at /case-reviews/ and the files it links) and `truth.json` (`documents`: path on the site -> `case_id`,
`age_band`, `outcome`, `sex`, `review_type`, `published`, `themes`, and `mentioned_not_fact`: themes that the report denies or tells of
another case). The site is served on loopback and collected by a whole `refresh` into a home of its own, and what `export --jsonl` says is
scored. `--fold` divides the cases in halves, the same each time: rules are written by looking at `dev` alone.

Prints for the fields how many are right (an empty truth is right when nothing is told), for the themes precision and recall by group, how
many of `mentioned_not_fact` were told as facts, and how many central themes a report has.
"""

from __future__ import annotations

import argparse
import functools
import json
import random
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from benchmarks.tally import Tally

FIELDS = ("age_band", "outcome", "sex", "review_type", "published")
EMPTY = {"", "not_stated", "unknown"}
FOLD_SEED = 14
LIST = "/case-reviews/"
SOURCE = """[[source]]
id = "specimens"
publisher = "Specimens"
nation = "UK-wide"
national = true
scope = "child"
family = "listing"
start_urls = ["http://127.0.0.1:{port}{path}"]
hosts = ["127.0.0.1:{port}"]
"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing of what is asked is printed."""


@contextmanager
def served(site: Path) -> Iterator[int]:
    """The port on loopback at which a folder is served."""
    handler = functools.partial(_Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def collected(folder: Path) -> list[dict[str, Any]]:
    """The reviews of the specimens as a whole refresh reads them and `export --jsonl` says them."""
    with tempfile.TemporaryDirectory() as home, served(folder / "site") as port:
        Path(home, "sources.toml").write_text(SOURCE.format(port=port, path=LIST), "utf-8")
        _run(home, "refresh", "--source", "specimens")
        exported = _run(home, "export", "--jsonl")
    return [json.loads(line) for line in exported.splitlines() if line.strip()]


def _run(home: str, *words: str) -> str:
    program = (sys.executable, "-m", "casereviews.search_cli.main", "--home", home)
    done = subprocess.run([*program, *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def fold_of(documents: Mapping[str, Mapping[str, Any]], fold: str) -> dict[str, Mapping[str, Any]]:
    """The documents of one half of the cases, or of all."""
    cases = sorted({str(one["case_id"]) for one in documents.values()})
    held = set(random.Random(FOLD_SEED).sample(cases, len(cases) // 2))
    return {
        path: one
        for path, one in documents.items()
        if fold == "all" or (one["case_id"] in held) == (fold == "held")
    }


def values_of(review: Mapping[str, Any], field: str) -> set[str]:
    """What a review says of a field, or of its bands."""
    said = review.get(field) or review.get(f"{field}s") or ()
    values = [said] if isinstance(said, str) else said
    return {str(value) for value in values} - EMPTY


def agrees(field: str, told: set[str], true: str) -> bool:
    """Whether what is told is right: one of several true values is enough, a date as far as both go and the month at least."""
    wanted = set(true.split("|")) - EMPTY
    if not told or not wanted:
        return not told and not wanted
    if field == "published":
        mine, right = next(iter(told)), next(iter(wanted))
        common = min(len(mine), len(right))
        return mine[:common] == right[:common] and common >= min(7, len(right))
    return told <= wanted


def score(
    reviews: list[dict[str, Any]], documents: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, Any], list[str]]:
    """Figures by field and group, and the errors as lines."""
    by_path = {
        unquote(urlsplit(one["url"]).path): review
        for review in reviews
        for one in review["documents"]
        if one.get("url")
    }
    right: Counter[str] = Counter()
    groups: dict[str, Tally] = {}
    mentioned = taken = central = 0
    errors: list[str] = []
    for path, true in documents.items():
        review = by_path.get(path, {})
        for field in FIELDS:
            told = values_of(review, field)
            ok = agrees(field, told, str(true[field] or ""))
            right[field] += ok
            if not ok:
                errors.append(f"{true['case_id']} {field}: {sorted(told)}, not {true[field]!r}")
        themes, wanted = set(review.get("themes") or ()), set(true["themes"])
        for theme in themes | wanted:
            for group in ("all", theme.partition("_")[0]):
                tally = groups.setdefault(group, Tally())
                tally.add({theme} & themes, {theme} & wanted, str(true["case_id"]))
        for theme in sorted(themes ^ wanted):
            errors.append(f"{true['case_id']} {'wrong' if theme in themes else 'missed'} {theme}")
        mentioned += len(true["mentioned_not_fact"])
        taken += len(themes & set(true["mentioned_not_fact"]))
        central += len(review.get("central_themes") or ())
    number = len(documents)
    return {
        "reports": number,
        "right": {field: round(right[field] / number, 3) for field in FIELDS},
        "themes": {group: tally.row() for group, tally in sorted(groups.items())},
        "false mention": round(taken / mentioned, 3) if mentioned else 0.0,
        "central themes a report": round(central / number, 2),
    }, errors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", choices=("all", "dev", "held"), default="all")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    truth = json.loads((options.folder / "truth.json").read_text("utf-8"))["documents"]
    figures, errors = score(collected(options.folder), fold_of(truth, options.fold))
    for name, said in figures.items():
        if not isinstance(said, dict):
            print(f"{name:<24}{said}")
            continue
        for key, one in said.items():
            print(f"{name:<8}{key:<16}{one}")
    if options.errors:
        print(*errors, sep="\n")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
