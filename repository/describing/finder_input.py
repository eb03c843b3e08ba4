"""What a finder is given of a document."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from casereviews.repository.describing.case.sentences import (
    CaseSentence,
    case_sentences,
    with_people,
)
from casereviews.repository.describing.text.running_text import running_text
from casereviews.repository.model import Reading, Section


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
        return tuple(with_people(case_sentences(text, self.summary, self.labels), self.labels))
