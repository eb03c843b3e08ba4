"""The job that the parent hands to the crawling process, as a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.sources.source import FollowRule, Source


@dataclass(frozen=True, slots=True)
class Job:
    """What to crawl, how, and where to record it."""

    home: str
    run_id: int
    sources: tuple[Source, ...]
    options: CrawlOptions


def write_job(path: Path, job: Job) -> None:
    """Write `job` to `path`."""
    data = {
        "home": job.home,
        "run_id": job.run_id,
        "sources": [asdict(source) for source in job.sources],
        "options": job.options.as_json(),
    }
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def read_job(path: Path) -> Job:
    """The job that `write_job` wrote."""
    data = json.loads(path.read_text("utf-8"))
    return Job(
        home=data["home"],
        run_id=data["run_id"],
        sources=tuple(_source(item) for item in data["sources"]),
        options=CrawlOptions.from_json(data["options"]),
    )


def _source(data: Mapping[str, Any]) -> Source:
    known = dict(data)
    for name in ("start_urls", "hosts", "areas", "skip"):
        known[name] = tuple(known[name])
    known["follow"] = tuple(FollowRule(**rule) for rule in known["follow"])
    for name in ("same_as", "options"):
        known[name] = tuple((first, second) for first, second in known[name])
    return Source(**known)
