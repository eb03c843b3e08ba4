"""The record on PostgreSQL: seconds from the start of a purge until no file of the server has the words of deleted rows.

`python -m benchmarks.withdrawal_time.postgresql [--rows 20000] [--patience 900] [--checkpoint 300]` prints a table; Debian's package postgresql
has the server. Every file under the server's folder of data is looked into, as `doctor --deep` does. What is still there when the patience
ends is said so. One row in a hundred is deleted; while the words are waited for, nobody writes.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from casereviews.repository.canary import Needles
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from casereviews.repository.record.database import scrub
from casereviews.repository.record.derived import Derived
from casereviews.repository.stores import RECORD_PASSWORD
from tests import postgresql_server
from tests.postgresql_server import PASSWORD, Server

WORDS = "Wrenfield Quillbrook lived aboard the Marigold"
AS_IT_COMES = {"min_wal_size": "80MB", "max_wal_size": "1GB", "fsync": "on"}
SETTINGS: tuple[tuple[str, Mapping[str, str], bool], ...] = (
    ("as it comes, the user owns the database only", {}, False),
    ("wal_recycle = off, the user owns the database only", {"wal_recycle": "off"}, False),
    ("as it comes, pg_monitor, pg_checkpoint, pg_switch_wal granted (recommended)", {}, True),
)


@contextmanager
def _server(settings: Mapping[str, str], granted: bool) -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        with postgresql_server.running(Path(folder) / "server", settings) as server:
            if granted:
                with server.connect() as c:
                    c.execute("GRANT pg_monitor, pg_checkpoint TO casereviews")
                    c.execute("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO casereviews")
            yield server


def _holding(server: Server) -> list[str]:
    """The folders of the server's that have the words."""
    needles = Needles.of((), [WORDS])
    found = set()
    for path in server.data.rglob("*"):
        try:
            if path.is_file() and needles.in_bytes(path.read_bytes()):
                found.add(path.relative_to(server.data).parts[0])
        except FileNotFoundError:
            continue
    return sorted(found)


def measure(server: Server, folder: Path, rows: int, patience: float) -> list[str]:
    """How long the purge took, what it told, and after how long the words were gone."""
    home = server.keep(Home(folder).create())
    os.environ[RECORD_PASSWORD] = PASSWORD
    with Record.open(home, write=True) as record, Derived.open(home, write=True) as derived:
        with record.transaction() as c:
            for number in range(rows):
                said = WORDS if number % 100 == 0 else "nothing of note"
                c.exec_driver_sql(
                    "INSERT INTO run (verb, started, report) VALUES ('refresh', 't', %s)",
                    (f"{number} {said} {'x' * 400}",),
                )
        with server.connect() as c:
            c.execute("CHECKPOINT")
        with record.transaction() as c:
            c.exec_driver_sql("DELETE FROM run WHERE report LIKE %s", (f"%{WORDS}%",))
        begun = time.perf_counter()
        left = scrub(record.engine, derived.engine)
        told = [f"{time.perf_counter() - begun:.2f}"]
    logs = [one for one in left if "write-ahead" in one.place]
    told.append(
        "nothing" if not logs else f"the log, {'until a time' if logs[0].until else 'no time'}"
    )
    while holding := _holding(server):
        if time.perf_counter() - begun > patience:
            return [*told, f"still there after {patience:.0f} ({', '.join(holding)})"]
        time.sleep(0.5)
    return [*told, f"{time.perf_counter() - begun:.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--patience", type=float, default=900.0)
    parser.add_argument("--checkpoint", type=int, default=300, help="checkpoint_timeout, seconds")
    args = parser.parse_args()
    print("| settings of the server | purged in (s) | told as left | no file has the words (s) |")
    print("|---|---|---|---|")
    for name, settings, granted in SETTINGS:
        said = {**AS_IT_COMES, **settings, "checkpoint_timeout": f"{args.checkpoint}s"}
        with _server(said, granted) as server, tempfile.TemporaryDirectory() as folder:
            told = measure(server, Path(folder) / "home", args.rows, args.patience)
        print(f"| {name} | {' | '.join(told)} |", flush=True)


if __name__ == "__main__":
    main()
