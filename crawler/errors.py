"""The tree of the crawler's errors.

CrawlerError                    base: what, where, and what to do next
├── UnknownSource               no registry entry has this id
├── NoContact                   a live crawl without the operator's contact in its user agent
└── ChildDied                   the crawling process ended before its work was done

`casereviews.crawler.sources.errors.RegistryError` tells what is wrong with the registry.

What goes wrong with one request or one site is no exception: it is a named result (`Fetch.error`, `CrawlOutcome`).

`exit_code` is what a program ends with that such an error ends: 2 for what was asked or written wrongly, 3 for what cannot run.
"""

from __future__ import annotations


class CrawlerError(Exception):
    """Base of all errors of the crawler; its message says what to do next."""

    exit_code = 3


class UnknownSource(CrawlerError):
    """No registry entry has this id."""

    exit_code = 2


class NoContact(CrawlerError):
    """Publishers are not asked anonymously: the user agent must say whom to write to."""


class ChildDied(CrawlerError):
    """The crawling process ended before its work was done."""
