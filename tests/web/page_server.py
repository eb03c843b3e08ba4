"""`casereviews serve` as people run it: a process of its own, known by the address that it prints."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

STOPS_WITHIN = 30


@dataclass(frozen=True, slots=True)
class PageServer:
    """A running server: the address that it printed, and its process."""

    address: str
    process: subprocess.Popen[str]

    @property
    def base(self) -> str:
        """The address without a path."""
        where = urlsplit(self.address)
        return f"{where.scheme}://{where.netloc}"


@contextmanager
def page_server(home: Path, *options: str) -> Iterator[PageServer]:
    """Serve a home until the block ends; what the server says on standard error is given as it comes."""
    program = [sys.executable, "-m", "casereviews.search_cli.main", "--home", str(home)]
    with subprocess.Popen(
        [*program, "serve", *options], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().strip()
            assert address.startswith("http://"), address
            yield PageServer(address, process)
        finally:
            process.terminate()
            process.wait(STOPS_WITHIN)
