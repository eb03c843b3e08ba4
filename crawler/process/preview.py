"""Looks at sources without storing anything: `sources check` and `sources probe` ask through it, with every guard of a crawl.

Scrapy's reactor runs once in a process, so the looking is done in a child (`casereviews.crawler.process.preview_child`), which tells
what it read as JSON lines.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from casereviews.crawler.errors import ChildDied
from casereviews.crawler.network.manners import require_contact
from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.job import Job, write_job
from casereviews.crawler.sources.source import Source
from casereviews.crawler.sources.validate import is_private

ONE_LEVEL = 1
"""How many links deep a look goes: start pages and what they lead to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answered; `error` is a name of `casereviews.crawler.network.trouble`, None when the page could be read."""

    url: str
    text: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None


def look(sources: Iterable[Source], options: CrawlOptions) -> Iterator[dict[str, Any]]:
    """What the start pages of `sources` and one level of links say, as events; files are not fetched.

    Events: "page" (source, url, parsed as `casereviews.crawler.parsing.remembered` says it, left), "in_vain" (source, url, error), "done"
    (source, outcome). Raises NoContact for a live source without a contact,
    ChildDied when the looking process ends before its time.
    """
    wanted = tuple(source for source in sources if source.start_urls)
    require_contact(wanted, options)
    if wanted:
        yield from _in_child(wanted, replace(options, store=False, max_depth=ONE_LEVEL))


def ask(url: str, options: CrawlOptions) -> Answer:
    """One page, asked for with the guards and manners of a crawl. Loopback is asked when `url` names it."""
    source = Source("probe", "probe", None, "one_page", (url,), site_hosts(url))
    require_contact([source], options)
    found = Answer(url, error="odd")
    for event in _in_child((source,), replace(options, store=False, max_depth=0)):
        if event["event"] == "text":
            found = Answer(event["url"], event["text"], event["status"], event["headers"])
        elif event["event"] == "in_vain":
            found = Answer(event["url"], error=event["error"])
    return found


def site_hosts(url: str) -> tuple[str, ...]:
    """The host of `url` and its twin with or without www., which sites use as one."""
    host = urlsplit(url).netloc.lower()
    if ":" in host or is_private(host):
        return (host,)
    return (host, host.removeprefix("www.") if host.startswith("www.") else f"www.{host}")


def _in_child(sources: tuple[Source, ...], options: CrawlOptions) -> Iterator[dict[str, Any]]:
    environment = {**os.environ, "SCRAPY_SETTINGS_MODULE": "casereviews.crawler.settings"}
    with tempfile.TemporaryDirectory(prefix="casereviews-") as folder:
        job, errors = Path(folder) / "job.json", Path(folder) / "log"
        write_job(job, Job(folder, 0, sources, options))
        command = [
            sys.executable,
            "-P",
            "-m",
            "casereviews.crawler.process.preview_child",
            str(job),
        ]
        with (
            errors.open("w", encoding="utf-8") as log,
            subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                env=environment,
            ) as child,
        ):
            assert child.stdout is not None
            try:
                for line in child.stdout:
                    yield json.loads(line)
                if child.wait():
                    last = errors.read_text("utf-8", "replace").strip().rpartition("\n")[2]
                    raise ChildDied(f"the looking process ended (exit {child.returncode}): {last}")
            finally:
                child.terminate()
