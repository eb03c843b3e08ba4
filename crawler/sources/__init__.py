"""Who publishes, and how: the registry of sources, as data with a validator."""

from crawler.sources.coverage import Coverage, coverage
from crawler.sources.errors import Problem, RegistryError
from crawler.sources.loader import load_sources, read_sources
from crawler.sources.source import FollowRule, Source, Sources

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
]
