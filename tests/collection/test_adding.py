"""What `add` tells of a portfolio: each file in it follows it, under both names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from casereviews.collection.changing.adding import NotGiven, enclosed_in
from casereviews.repository.record import Record
from casereviews.repository.record.outcome import Stored


@dataclass
class Kept:
    """As much of a document as is told."""

    file_name: str
    sha256: str


class Names:
    """A record that knows names."""

    def document(self, key: str) -> Kept:
        return Kept(f"{key}.pdf", key * 64)


WITHIN = {"b": "a", "c": "a", "d": "c", "x": "y"}


def test_the_files_of_a_portfolio_follow_it_those_within_them_too() -> None:
    record = cast(Record, Names())
    found = list(enclosed_in(record, WITHIN, "sent/a.pdf", Stored("new", "a", "a" * 64)))
    assert found == [
        ("sent/a.pdf: b.pdf", Stored("new", "b", "b" * 64)),
        ("sent/a.pdf: c.pdf", Stored("new", "c", "c" * 64)),
        ("sent/a.pdf: c.pdf: d.pdf", Stored("new", "d", "d" * 64)),
    ]
    assert list(enclosed_in(record, WITHIN, "a.pdf", NotGiven("a.pdf", "empty"))) == []
