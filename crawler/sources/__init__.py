"""Who publishes, and how: the registry of sources, as data with a validator."""

from casereviews.crawler.sources.coverage import Coverage, coverage
from casereviews.crawler.sources.errors import Problem, RegistryError
from casereviews.crawler.sources.loader import load_sources, read_sources, sources_of_home
from casereviews.crawler.sources.source import FollowRule, Source, Sources

__all__ = [
    "Coverage",
    "FollowRule",
    "Problem",
    "RegistryError",
    "Source",
    "Sources",
    "coverage",
    "load_sources",
    "read_sources",
    "sources_of_home",
]
