"""The chosen part that runs where names are missing: `python trial.py FOLDER` prints what it found, as JSON."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

import casereviews
from casereviews import Collection
from casereviews.repository.errors import HomeLocked
from casereviews.repository.home import Home
from casereviews.repository.lock import writing
from casereviews.repository.reading.limits import Limits
from casereviews.repository.reading.processes import ReadJob, read_files
from casereviews.repository.record import Record
from casereviews.repository.this_system import FALLBACKS, missing
from tests.crawler.server import Site
from tests.test_stop_moments import indexed, night, routes, wrong


def import_all() -> int:
    """Every module of the package but Alembic's, which runs as it is imported; how many."""
    found = pkgutil.walk_packages(casereviews.__path__, "casereviews.")
    names = [one.name for one in found if ".migrations." not in one.name]
    for name in names:
        importlib.import_module(name)
    return len(names)


def in_use(folder: Path) -> list[str]:
    """What the regime refuses while a file is open."""
    held, other = folder / "held", folder / "other"
    other.write_bytes(b"")
    refused = []
    with held.open("wb"):
        for name, act in (("unlink", held.unlink), ("replace", lambda: other.replace(held))):
            try:
                act()
            except PermissionError:
                refused.append(name)
    return refused


def stopped_then_whole(folder: Path) -> dict[str, Any]:
    """A small site, collected by a night that is stopped and a whole one; then a lock, a backup and a withdrawal."""
    site = Site(routes())
    home = Home(folder / "home")
    try:
        _, switch = night(home, site, 3)
        done, _ = night(home, site)
    finally:
        site.close()
    said: dict[str, Any] = {
        "stopped": switch.why,
        "results": [one.result for one in done.report.sources],
    }
    said["indexed"] = len(indexed(home))
    with writing(home, "add"):
        try:
            with writing(home, "refresh"):
                pass
        except HomeLocked as error:
            said["locked"] = "is held by `add`" in str(error)
    with Collection(home) as collection:
        said["backup"] = collection.backup(folder / "copies").archived
        with Record.open(home) as record:
            gone = record.documents()[0].id
        said["left"] = len(collection.withdraw(gone, reason="a trial").remains)
    said["after"] = len(indexed(home))
    said["wrong"] = wrong(home)
    return said


def read_in_children(folder: Path) -> dict[str, str]:
    """A page, a text that is none, and an empty file, read by one child; status by name."""
    bodies = {
        "page": b"<main><p>Child K was two years old.</p></main>",
        "noise": bytes(range(256)),
        "empty": b"",
    }
    jobs = []
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
        jobs.append(ReadJob(name, folder / name, "text/html" if name == "page" else None, name))
    return {one.sha256: one.status for one in read_files(jobs, workers=1, limits=Limits(ocr=False))}


def main() -> None:
    folder = Path(sys.argv[1])
    said = {
        "lacking": sorted(set(FALLBACKS) - set(missing())),
        "modules": import_all(),
        "in_use": in_use(folder),
        "statuses": read_in_children(folder),
        **(stopped_then_whole(folder) if sys.argv[2:] == ["night"] else {}),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
