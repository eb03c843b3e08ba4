"""One module a finder: adding one is adding a module here with `find`, and a row for its field in `repository/fields.py`.

`find` gets a `FinderInput` and gives facts of the fields whose row names the finders in `described_by`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from casereviews.repository.describing.case.sentences import (
    CaseSentence,
    case_sentences,
    with_names_known,
)
from casereviews.repository.describing.text.running_text import running_text
from casereviews.repository.model import Fact, Reading, Section


@dataclass(frozen=True)
class FinderInput:
    """A document as finders get it: pages, sections, the summary of its listing ("" for none), the labels of its case."""

    reading: Reading
    sections: tuple[Section, ...]
    summary: str
    labels: tuple[str, ...]

    @cached_property
    def sentences(self) -> tuple[CaseSentence, ...]:
        """The sentences that tell of the case, those of the summary first; each makes a `fact` with its page and evidence."""
        text = running_text(self.reading, self.sections)
        return tuple(with_names_known(case_sentences(text, self.summary), self.labels))


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
