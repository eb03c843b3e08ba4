"""Described cases and what each tells: the halves are whole, and a reading is scored by all that it says."""

from __future__ import annotations

import json
import random

from benchmarks.descriptions import FOLDER, HALVES, scored
from casereviews.repository.vocabulary import PACKAGED
from casereviews.repository.vocabulary.codes import AGE_BANDS


def rows(half: str) -> list[dict]:
    return [json.loads(line) for line in (FOLDER / f"{half}.jsonl").read_text("utf-8").splitlines()]


def test_the_halves_are_those_of_the_lot_and_every_code_is_one() -> None:
    dev, kept = rows("dev"), rows("kept")
    drawn = sorted([*dev, *kept], key=lambda row: row["id"])
    random.Random(17).shuffle(drawn)
    assert {row["id"] for row in drawn[:30]} == {row["id"] for row in dev}
    known = {theme.id for theme in PACKAGED.themes}
    for half in HALVES:
        for row in rows(half):
            assert {*row["main"], *row["matters"], *row["also"]} <= known, row["id"]
            assert set(row["ages"]) <= AGE_BANDS.keys()
            assert row["sex"] in ("", "girl", "boy", "mixed")


def test_a_reading_is_right_where_it_says_neither_less_nor_more(tmp_path, monkeypatch) -> None:
    lines = [
        {"text": "Girl of 12 cutting herself.", "ages": ["11_15"], "sex": "girl", "main": ["harm_suicide_self_harm"]},
        {"text": "Girl of 12 cutting herself.", "ages": ["11_15"], "sex": "boy", "main": []},
    ]  # fmt: skip
    told = [{"id": str(at), "matters": {}, "also": [], **line} for at, line in enumerate(lines)]
    (tmp_path / "dev.jsonl").write_text("\n".join(map(json.dumps, told)), "utf-8")
    monkeypatch.setattr("benchmarks.descriptions.FOLDER", tmp_path)
    score = scored("dev")
    assert (score["age"], score["sex"], score["harm"], score["all three"]) == (2, 1, 1, 1)
    assert (score["harms precision"], score["harms recall"]) == (0.5, 1.0)
