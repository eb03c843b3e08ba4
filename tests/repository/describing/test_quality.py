"""Counts of filled, conflicting and corrected fields by source."""

from __future__ import annotations

from casereviews.repository.describing.quality import FieldQuality, quality
from casereviews.repository.describing.resolve import resolve
from casereviews.repository.model import Fact


def test_fields_are_counted_by_source() -> None:
    agreed = resolve([Fact("sex", "girl", "girl", "text", 0.9)])
    corrected = resolve(
        [Fact("sex", "girl", "girl", "text", 0.9), Fact("sex", "boy", "boy", "manual", 1.0)]
    )
    unknown = resolve([Fact("sex", "", "", "manual", 1.0)])
    table = quality([("north", agreed), ("north", corrected), ("east", unknown), ("north", {})])
    assert list(table) == ["east", "north"]
    assert table["north"]["sex"] == FieldQuality(documents=3, filled=2, conflicting=1, corrected=1)
    assert table["east"]["sex"] == FieldQuality(documents=1, filled=0, conflicting=0, corrected=1)
    assert table["north"]["published"] == FieldQuality(documents=3)
    assert "seen" not in table["north"]
