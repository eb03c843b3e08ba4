"""What the looks for hidden text and for lost letters cost: their share of the time of reading PDFs.

`python -m benchmarks.reading_checks` measures made pages of every layout; with folders or files, the PDFs in them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.reading_made import LAYOUTS, make_pdf
from casereviews.repository.reading import Limits, read_file
from casereviews.repository.reading.pdf import ligatures, visible

CHECKS: dict[str, tuple[ModuleType, str]] = {
    "is anything unseen": (visible, "may_hide"),
    "which letters are unseen": (visible, "hidden_letters"),
    "words in place of print": (visible, "other_words"),
    "annotations": (visible, "drawn_and_redacted"),
    "layers": (visible, "has_layers"),
    "ligatures": (ligatures, "mender_of"),
    "letters that no word has": (ligatures, "unproven"),
}
_NATIVE = Limits(ocr=False)


def shares(paths: list[Path], rounds: int = 3) -> list[dict[str, object]]:
    """Share of reading's time (wall seconds of one process) that each check takes; the lowest of some rounds."""
    read_file(paths[0], limits=_NATIVE)
    measured: list[dict[str, float]] = []
    for _ in range(rounds):
        spent: Counter[str] = Counter()
        with _timed(spent):
            started = time.perf_counter()
            for path in paths:
                read_file(path, limits=_NATIVE)
            whole = time.perf_counter() - started
        measured.append({name: spent[name] / whole for name in CHECKS})
    lowest = {name: min(one[name] for one in measured) for name in CHECKS}
    lowest["together"] = min(sum(one.values()) for one in measured)
    return [{"check": name, "share": round(share, 4)} for name, share in lowest.items()]


@contextmanager
def _timed(spent: Counter[str]) -> Iterator[None]:
    """The checks with a stopwatch around each."""
    plain = {name: getattr(module, called) for name, (module, called) in CHECKS.items()}
    for name, (module, called) in CHECKS.items():
        setattr(module, called, _watched(plain[name], name, spent))
    try:
        yield
    finally:
        for name, (module, called) in CHECKS.items():
            setattr(module, called, plain[name])


def _watched(check: Callable[..., Any], name: str, spent: Counter[str]) -> Callable[..., Any]:
    def watched(*args: Any, **how: Any) -> Any:
        started = time.perf_counter()
        try:
            return check(*args, **how)
        finally:
            spent[name] += time.perf_counter() - started  # type: ignore[assignment]

    return watched


def made(folder: Path, pages: int) -> list[Path]:
    """A plain PDF of every layout."""
    return [
        make_pdf(folder / f"{number}.pdf", name, pages).path for number, name in enumerate(LAYOUTS)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pdfs", nargs="*", type=Path)
    parser.add_argument("--pages", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        given = [
            file
            for one in options.pdfs
            for file in (sorted(one.rglob("*")) if one.is_dir() else [one])
            if file.is_file() and file.open("rb").read(5) == b"%PDF-"
        ]
        paths = given or made(Path(name), options.pages)
        print(f"{len(paths)} PDFs")
        for row in shares(paths):
            print(f"{row['check']:<28}{row['share']:.2%}")


if __name__ == "__main__":
    main()
