"""What was seen of a shown document's facts, asked for by who reads: its kept reading is described once more, and the finders tell what they saw.

Nothing of it is stored: it costs who asks (about 0.2 s for a report of 40 pages), and no night.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from casereviews.repository.describing.describer import describer_of
from casereviews.repository.describing.evidence import Evidence
from casereviews.repository.describing.second_opinion import can_judge, is_wanted
from casereviews.repository.home import Home
from casereviews.repository.processing.describing_children import DescribeJob, described
from casereviews.repository.processing.describing_due import given_of
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Seen:
    """The pieces of evidence of a document. `caution` says in words why they may not be those that its stored facts rest on, "" where they are."""

    pieces: tuple[Evidence, ...] = ()
    caution: str = ""


def evidence_of(home: Home, vocabulary: Vocabulary, document_ids: Iterable[str]) -> dict[str, Seen]:
    """What was seen of documents that are shown, by id. Raises UnknownId, VocabularyError or TomlError."""
    with_second_opinion = is_wanted(home) and can_judge(vocabulary)
    describer = describer_of(vocabulary, with_second_opinion=with_second_opinion)
    found = {}
    with Record.open(home) as record, Derived.open(home) as derived:
        by = derived.described()
        for one in document_ids:
            pieces: list[Evidence] = []
            job = DescribeJob(given_of(record, derived, one), (), "")
            now = described(job, vocabulary, with_second_opinion, pieces)
            caution = ""
            if now.error:
                caution = f"what was seen of {one} cannot be told: {now.error}"
            elif by.get(one, ("", ""))[1] != describer:
                caution = f"{one} was described by other rules than today's: `casereviews rebuild` describes it anew"
            found[one] = Seen(() if now.error else tuple(pieces), caution)
    return found
