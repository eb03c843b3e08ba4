"""How well the description of a case is read, as people type it: ages, sex, harms, and matters of the child and of the family.

    python -m benchmarks.descriptions [--half dev|kept|all] [--errors] [--json FILE]

`descriptions_made/` has 60 fictional descriptions, written before the rules were read by who mended them, and halved by lot: `dev.jsonl`
for work, `kept.jsonl` to score. Each has `ages` (bands; an unborn child's is `under_1`), `sex` (empty where none is told), `main` (harms
that must be read), `matters` (codes of the child and the family that must be read -> whose), and `also` (codes that may be read).

Age and sex are right when they are read exactly, harms when all of `main` and none but `main` and `also` are read; of matters recall,
and precision of all codes of the child, the parents and the family. Whose a matter is stands for readers of reasons and is not scored.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.tally import Tally
from casereviews.collection.asking.described_case import described
from casereviews.repository.vocabulary import PACKAGED

FOLDER = Path(__file__).parent / "descriptions_made"
MATTERS = ("child_", "parent_", "family_")
HALVES = ("dev", "kept", "more", "more_again")
WHOLE = ("age", "sex", "harm")


def main() -> None:
    """Score and print one half or both."""
    parser = argparse.ArgumentParser(description="How well described cases are read.")
    parser.add_argument("--half", choices=(*HALVES, "all"), default="all")
    parser.add_argument("--errors", action="store_true", help="say what was read wrongly")
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    halves = HALVES if arguments.half == "all" else (arguments.half,)
    result = {half: scored(half, errors=arguments.errors) for half in halves}
    for half, told in result.items():
        print(f"{half}: {', '.join(f'{name} {value}' for name, value in told.items())}")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1), "utf-8")


def scored(half: str, *, errors: bool = False) -> dict[str, float]:
    """How many of a half are read rightly, by field, and all three together; precision and recall of matters."""
    rows = [json.loads(line) for line in (FOLDER / f"{half}.jsonl").read_text("utf-8").splitlines()]
    right = dict.fromkeys((*WHOLE, "all three"), 0)
    matters, harms = Tally(), Tally()
    for row in rows:
        facts = described(row["text"], PACKAGED).facts
        as_told = _judged(row, facts)
        wrong = [name for name in WHOLE if not as_told[name]]
        for name in WHOLE:
            right[name] += as_told[name]
        right["all three"] += not wrong
        themes = {one for one in facts.get("themes", ()) if one.startswith(MATTERS)}
        before = len(matters.errors)
        wanted = [one for one in row["matters"] if one.startswith(MATTERS)]
        matters.add(themes - (set(row["also"]) - set(wanted)), wanted, row["id"])
        harms.add(set(_of(facts, "harm")) - set(row["also"]) - set(row["matters"]), row["main"], "")
        if errors and (wrong or len(matters.errors) > before):
            print(f"{row['id']} {row['text']}")
            for name in wrong:
                print(f"    {name}: told {_of(facts, name)}, {_wanted(row, name)}")
            for line in matters.errors[before:]:
                print(f"    matters {line}")
    found = {"harms": harms.row(), "matters": matters.row()}
    shares = {
        f"{name} {share}": row[share]
        for name, row in found.items()
        for share in ("precision", "recall")
    }
    return {"of": len(rows), **right, **shares}


def _of(facts: Any, name: str) -> list[str]:
    if name == "age":
        return sorted(facts.get("age_bands", ()))
    if name == "sex":
        return [one for one in facts.get("sex", ()) if one != "not_stated"]
    harms = {*facts.get("harms", ()), *facts.get("themes", ())}
    return sorted(one for one in harms if one.startswith("harm_"))


def _wanted(row: dict[str, Any], name: str) -> str:
    if name == "harm":
        return f"wanted {row['main']}, allowed {[one for one in row['also'] if one.startswith('harm_')]}"
    return f"wanted {row['ages'] if name == 'age' else row['sex'] or 'none'}"


def _judged(row: dict[str, Any], facts: Any) -> dict[str, bool]:
    harms = set(_of(facts, "harm"))
    allowed = {*row["main"], *row["also"], *row["matters"]}
    return {
        "age": _of(facts, "age") == sorted(row["ages"]),
        "sex": _of(facts, "sex") == [one for one in [row["sex"]] if one],
        "harm": set(row["main"]) <= harms <= allowed,
    }


if __name__ == "__main__":
    main()
