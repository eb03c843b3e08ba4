"""The tree of the crawler's errors.

CrawlerError                    base: what, where, and what to do next
├── UnknownSource               no registry entry has this id
├── NoContact                   a live crawl without the operator's contact in its user agent
└── ChildDied                   the crawling process ended before its work was done

`casereviews.crawler.sources.errors.RegistryError` tells what is wrong with the registry.

What goes wrong with one request or one site is no exception: it is a named result (`Fetch.error`, `CrawlOutcome`).
"""

from __future__ import annotations


class CrawlerError(Exception):
    """Base of all errors of the crawler; its message says what to do next."""


class UnknownSource(CrawlerError):
    """No registry entry has this id."""


class NoContact(CrawlerError):
    """Publishers are not asked anonymously: the user agent must say whom to write to."""


class ChildDied(CrawlerError):
    """The crawling process ended before its work was done."""
