"""What the seals cost when an index is opened: python -m benchmarks.opening HOME

Opens the index of a home many times, in turn without looking at its seals and with them; then a copy of it whose times are not
those of the seals: a process reads every byte of it once.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from casereviews.index import folder as folders
from casereviews.index.search import open_index
from casereviews.repository.home import Home

TIMES = 30


def milliseconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def main(root: Path) -> None:
    home = Home(root)

    def opened(index: Path = home.index) -> None:
        open_index(index, home.id).close()

    opened()
    without, with_seals = [], []
    for _ in range(TIMES):
        with mock.patch.object(folders, "broken", return_value=()):
            without.append(milliseconds(opened))
        with_seals.append(milliseconds(opened))
    size = sum(file.stat().st_size for file in home.index.rglob("*") if file.is_file())
    files = len(folders.read_seals(folders._index_json(folders._named(home.index))["files"]))
    print(f"index of {size / 1e6:.1f} MB in {files} sealed files; medians of {TIMES}, in ms")
    print(f"opened without seals {statistics.median(without):.2f}")
    print(f"opened with seals    {statistics.median(with_seals):.2f}")
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "index"
        shutil.copytree(home.index, copy, copy_function=shutil.copyfile)
        print(f"a copy, first time   {milliseconds(lambda: opened(copy)):.2f}")
        print(f"a copy, second time  {milliseconds(lambda: opened(copy)):.2f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
