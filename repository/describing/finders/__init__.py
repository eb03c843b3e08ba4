"""One module a finder: adding one is adding a module here with `find`, and a row for its field in `repository/fields.py`.

`find` gets a `FinderInput` and gives facts of the fields whose row names the finders in `described_by`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from casereviews.repository.describing.finder_input import FinderInput
from casereviews.repository.model import Fact


@cache
def finders() -> tuple[Callable[[FinderInput], Iterable[Fact]], ...]:
    """The `find` of every module here, by name of module."""
    return tuple(
        importlib.import_module(f"{__name__}.{module.name}").find
        for module in pkgutil.iter_modules(__path__)
    )


def found(given: FinderInput) -> Iterator[Fact]:
    """What all finders find."""
    for find in finders():
        yield from find(given)
