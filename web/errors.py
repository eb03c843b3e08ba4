"""The tree of the page's errors; what the collection raises becomes a page (`failures.py`).

CollectionError                 (casereviews.collection.errors)
└── CannotServe                 the page cannot be served at this host and port
"""

from __future__ import annotations

from casereviews.collection.errors import CollectionError


class CannotServe(CollectionError):
    """The page cannot be served here; its message says what to take instead."""
