"""Builds and searches the full-text index; disposable, made again from the repository at any time."""

import sys
from types import ModuleType


def _import_whoosh_without_urllib() -> None:
    """Whoosh imports `urllib.request` for a function that nothing here calls; its http, ssl and email cost a cold search a sixth of its time."""
    if "urllib.request" in sys.modules or "whoosh.compat" in sys.modules:
        return
    import urllib.parse  # noqa: F401  (the package, which the import below looks into)

    stand_in = ModuleType("urllib.request")
    stand_in.__dict__["urlretrieve"] = None
    sys.modules["urllib.request"] = stand_in
    try:
        import whoosh.compat  # noqa: F401
    finally:
        del sys.modules["urllib.request"]


_import_whoosh_without_urllib()
