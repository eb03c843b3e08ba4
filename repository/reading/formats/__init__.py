"""One module a format. Adding a format is adding a module here with a `FORMAT`; nothing else needs to know.

A format says by which media type it is known, how its files begin (`looks_like`, asked in the order of `rank`) and how
they become pages (`read`). `read` gets the file's opening and the limits, and returns a `Content`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from casereviews.repository.reading.content import Format


@cache
def formats() -> tuple[Format, ...]:
    """All formats of this package, the most certain to recognise first."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").FORMAT
        for module in pkgutil.iter_modules(__path__)
        if module.name != "printed"  # what several formats share
    ]
    return tuple(sorted(found, key=lambda each: (each.rank, each.name)))
