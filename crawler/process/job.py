"""The job that the parent hands to the crawling process, as a JSON file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import Source


@dataclass(frozen=True, slots=True)
class Job:
    """What to crawl, how, and in which home to record it; `home` None is a preview: pages are told whole, nothing is recorded.

    `host_locks` is the folder by which several crawling processes leave each other's hosts alone; None where there is but one.
    """

    home: str | None
    run_id: int
    sources: tuple[Source, ...]
    options: CrawlOptions
    host_locks: str | None = None


def write_job(path: Path, job: Job) -> None:
    """Write `job` to `path`."""
    path.write_bytes(msgspec.json.encode(job))


def read_job(path: Path) -> Job:
    """The job that `write_job` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Job)
