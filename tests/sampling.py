"""Long lists of cases: some run with the slow tests, the rest when somebody asks for them (`-m long`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def every(step: int, cases: Iterable[Any]) -> list[Any]:
    """The cases as parameters, of which every `step`-th is not marked long; a tuple is several parameters."""
    return [
        pytest.param(
            *(case if isinstance(case, tuple) else (case,)),
            marks=[] if number % step == 0 else [pytest.mark.long],
        )
        for number, case in enumerate(cases)
    ]
