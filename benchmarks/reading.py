"""How fast and how right files are read: PDF layouts beside pdftotext, every format, scans.

`python benchmarks/reading.py` prints tables and writes JSON. What the look for hidden text costs: `reading_checks.py`; hostile files: `reading_hostile.py`; killed and resumed: `reading_resume.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import reading_checks, reading_scans
from benchmarks.reading_made import LAYOUTS, Made, agreement, make_mixed, make_pdf, tokens
from benchmarks.reading_office import make_all
from casereviews.repository.reading import Limits, ReadJob, read_file, read_files
from casereviews.repository.reading.content import Opening
from casereviews.repository.reading.formats import pdf
from casereviews.repository.reading.limits import Deadline
from casereviews.repository.reading.office import find_office

NATIVE = Limits(ocr=False)


def seconds_of(action: Callable[[], object], rounds: int) -> float:
    """Median processor seconds of this process and its ended children, after one round to warm up."""
    action()
    times = []
    for _ in range(rounds):
        before = os.times()
        action()
        after = os.times()
        times.append(sum(after[:4]) - sum(before[:4]))
    return statistics.median(times)


def poppler(path: Path) -> list[str]:
    command = ["pdftotext", str(path), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\f")


def right(made: Made, found: list[str]) -> tuple[float, float]:
    """Share of the known words found in order on their page, and of words found besides."""
    scores = [
        agreement(truth, tokens(text)) for truth, text in zip(made.pages, found, strict=False)
    ]
    total = sum(map(len, made.pages))
    return round(sum(s[0] for s in scores) / total, 4), round(sum(s[1] for s in scores) / total, 4)


def layout_share(path: Path) -> float:
    """Share of a file's pages that took the path for columns and tables."""
    content = pdf.read(Opening(path), NATIVE, Deadline(1e6))
    return content.layout_pages / len(content.pages)


def layouts(folder: Path, pages: int, rounds: int) -> list[dict[str, object]]:
    rows = []
    have_poppler = shutil.which("pdftotext") is not None
    for name in LAYOUTS:
        made = make_pdf(folder / "layout.pdf", name, pages)
        rows.append(_row(name, made, pages, rounds, have_poppler))
    for share in (0.1, 0.3):
        made = make_mixed(folder / "mixed.pdf", pages, 5, share)
        rows.append(
            _row(f"mixed, {share:.0%} columns or tables", made, pages, rounds, have_poppler)
        )
    return rows


def _row(name: str, made: Made, pages: int, rounds: int, have_poppler: bool) -> dict[str, object]:
    ours = [page.text for page in read_file(made.path, limits=NATIVE).pages]
    row: dict[str, object] = {
        "layout": name,
        "layout_path_share": round(layout_share(made.path), 3),
        "pages_a_second": round(
            pages / seconds_of(lambda: read_file(made.path, limits=NATIVE), rounds)
        ),
        "words_right": right(made, ours)[0],
        "words_besides": right(made, ours)[1],
    }
    if have_poppler:
        theirs = right(made, poppler(made.path))
        row["pdftotext_pages_a_second"] = round(
            pages / seconds_of(lambda: poppler(made.path), rounds)
        )
        row["pdftotext_words_right"], row["pdftotext_words_besides"] = theirs
    return row


def whole_path(folder: Path, files: int, pages: int) -> dict[str, object]:
    """Wall time through read_files with one child: what the night job sees, pickling and pool included."""
    jobs = []
    for number in range(files):
        path = folder / f"whole{number}.pdf"
        make_mixed(path, pages, number, 0.1)
        jobs.append(ReadJob(f"{number:064x}", path))
    list(read_files(jobs[:1], workers=1, limits=NATIVE))
    started = time.perf_counter()
    readings = list(read_files(jobs, workers=1, limits=NATIVE))
    seconds = time.perf_counter() - started
    read = sum(len(reading.pages) for reading in readings)
    return {
        "files": files,
        "pages": read,
        "seconds": round(seconds, 2),
        "pages_a_second": round(read / seconds),
    }


def formats(folder: Path) -> list[dict[str, object]]:
    """Words right of one report made by LibreOffice in every format."""
    if find_office() is None:
        return []
    rows = []
    for name, made in make_all(folder, rounds=3).items():
        reading = read_file(made.path, limits=NATIVE)
        share, besides = right(made, [page.text for page in reading.pages])
        rows.append(
            {
                "format": name,
                "words_right": share,
                "words_besides": besides,
                "seconds": reading.seconds,
            }
        )
        if name == "pdf" and shutil.which("pdftotext"):
            share, besides = right(made, poppler(made.path))
            rows.append(
                {
                    "format": "pdf, by pdftotext",
                    "words_right": share,
                    "words_besides": besides,
                    "seconds": None,
                }
            )
    return rows


def printed(rows: list[dict[str, object]]) -> None:
    """A table of rows with the same keys."""
    if not rows:
        print("not measured: a program or extra is missing\n")
        return
    keys = list(rows[0])
    widths = [max(len(key), *(len(str(row.get(key, ""))) for row in rows)) for key in keys]
    print("  ".join(key.ljust(width) for key, width in zip(keys, widths, strict=True)))
    for row in rows:
        print(
            "  ".join(
                str(row.get(key, "")).ljust(width) for key, width in zip(keys, widths, strict=True)
            )
        )
    print()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--scan-pages", type=int, default=1)
    parser.add_argument("--json", type=Path, default=Path(__file__).parent / "reading.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = {
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "layouts": layouts(folder, options.pages, options.rounds),
            "whole_path": whole_path(folder, 20, 40),
            "formats": formats(folder),
            "checks": reading_checks.shares(reading_checks.made(folder, options.pages)),
            "scans": reading_scans.measure(options.scan_pages),
        }
    for part in ("layouts", "formats", "checks", "scans"):
        print(part)
        printed(report[part])  # type: ignore[arg-type]
    print("through child processes, one worker:", report["whole_path"])
    options.json.write_text(json.dumps(report, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
