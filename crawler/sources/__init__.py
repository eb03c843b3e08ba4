"""Who publishes, and how: the registry of sources, as data with a validator."""

from crawler.sources.errors import Problem, RegistryError
from crawler.sources.loader import load_sources, read_sources
from crawler.sources.source import FollowRule, Source, Sources

__all__ = [
    "FollowRule",
    "Problem",
    "RegistryError",
    "Source",
    "Sources",
    "load_sources",
    "read_sources",
]
