"""How well the fictional demo is described: precision and recall per field, grouping by pairs, against the demo's truth.

    casereviews --home HOME demo
    python -m benchmarks.describe_demo HOME [--json FILE] [--errors 12]

HOME is the home of a demo that has been collected (the sites are built again to know what is true of them; nothing is
fetched). The truth names the themes a story is written about, its main and side subjects; a theme that is told in
passing counts as wrong here, so theme precision is a lower bound.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from benchmarks.tally import Tally
from casereviews.demo.sites import build
from casereviews.demo.truth import TrueReview, Truth, truth_of
from casereviews.repository.home import Home
from casereviews.repository.published_documents import shown_reviews

# How the demo's stories say what our code lists call otherwise.
SEX = {"man": "man", "woman": "woman", "girls": "girl", "boys": "boy"}
PLANS = {
    "child protection plan": "child_protection_plan",
    "child protection register": "child_protection_plan",
    "child in need": "child_in_need",
    "looked after": "looked_after",
}
BANDS = ((12, "under_1"), (72, "1_5"), (132, "6_10"), (192, "11_15"), (216, "16_17"))


def gold(case: TrueReview) -> dict[str, set[str] | None]:
    """What is true of a review, by field; None where the truth does not say it."""
    child = case.scope == "child"
    themed = not case.outcome
    return {
        "review_type": set(case.review_type.split("|")) - {""},
        "subject_labels": set(case.labels),
        "published": {case.published} - {""},
        "scope": {case.scope},
        "outcome": {case.outcome} - {""} or None,
        "sex": {SEX.get(case.sex, case.sex)} if case.sex and child else None,
        "age_band": _band(case.months) if child and not themed else None,
        "plan": ({PLANS[case.plan]} if case.plan in PLANS else set()) if case.plan else None,
        "theme": set(case.themes),
    }


def told(record: Mapping[str, Any]) -> dict[str, set[str]]:
    """What a published record says, by field; of plan statuses only those that the truth is about count."""
    plans = set(record.get("plan_status") or ())
    return {
        "review_type": set(str(record.get("review_type") or "").split("|")) - {""},
        "subject_labels": set(record.get("subjects") or ()),
        "published": {str(record.get("published") or "")} - {""},
        "scope": {str(record.get("scope") or "")} - {""},
        "outcome": {str(record.get("outcome") or "")} - {""},
        "sex": {str(record.get("sex") or "")} - {"", "not_stated"},
        "age_band": set(record.get("age_bands") or ()),
        "plan": plans & set(PLANS.values()),
        "theme": set(record.get("themes") or ()),
    }


def score(
    records: Iterable[Mapping[str, Any]], truth: Truth
) -> tuple[dict[str, Tally], dict[str, float], list[str]]:
    """A tally per field, the pairwise figures of grouping, and the reviews in which files of several cases lie."""
    by_url = {file["url"]: record for record in records for file in record["documents"]}
    tallies: dict[str, Tally] = {}
    for case in truth.reviews:
        record = next((by_url[one.url] for one in case.documents if one.url in by_url), None)
        if record is None:
            continue
        wanted = gold(case)
        said = told(record)
        for name, values in wanted.items():
            if values is not None:
                tallies.setdefault(name, Tally()).add(said[name], values, case.id)
    case_of = {url: case for url, case in truth.review_of_url.items() if url in by_url}
    review_of = {url: str(by_url[url]["review_id"]) for url in case_of}
    same, joined = _pairs(case_of), _pairs(review_of)
    wrong = sorted({f"{case_of[a]} with {case_of[b]}" for a, b in joined - same})
    pairs = Tally()
    pairs.add(joined, same, "pairs")
    figures = {
        **pairs.row(digits=4),
        "f1": round(2 * pairs.right / (len(same) + len(joined)), 4) if same or joined else 1.0,
        "documents": len(case_of),
        "wrong_pairs": len(joined - same),
    }
    return tallies, figures, wrong


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", type=int, default=12, help="errors to list per field")
    options = parser.parse_args()
    home = Home(options.home)
    port = int((home.root / "demo-port").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        truth = truth_of(build(Path(folder)), port)
    tallies, grouping, wrong = score([one.to_json() for one in shown_reviews(home)], truth)
    for name, tally in tallies.items():
        row = tally.row()
        print(
            f"{name:<16} precision {row['precision']:.3f}  recall {row['recall']:.3f}  n {row['n']}"
        )
    print("grouping        ", *(f"{name} {value}" for name, value in grouping.items()))
    for line in wrong:
        print("  merged:", line)
    for name, tally in tallies.items():
        if options.errors and tally.errors:
            print(f"{name}:", *tally.errors[: options.errors], sep="\n  ")
    if options.json:
        figures = {name: tally.row() for name, tally in tallies.items()}
        text = json.dumps({"fields": figures, "grouping": grouping}, indent=1)
        options.json.write_text(text + "\n", "utf-8")


def _pairs(groups: Mapping[str, str]) -> set[tuple[str, str]]:
    members: dict[str, list[str]] = {}
    for url, group in groups.items():
        members.setdefault(group, []).append(url)
    return {pair for urls in members.values() for pair in combinations(sorted(urls), 2)}


def _band(months: int) -> set[str]:
    return {next((name for limit, name in BANDS if 0 <= months < limit), "")} - {""}


if __name__ == "__main__":
    main()
