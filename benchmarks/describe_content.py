"""How well describing reads content: sections, recommendations, themes and facts of the case.

    python -m benchmarks.describe_content --cases cases.jsonl [--held ID,ID --half dev|held|all] [--seeds 3] [--json out.json]

Scores fictional reports grown from the codes of the cases (see `fictional_reports.py`) and, apart, the two lines of
facts of each case, which are real language. Prints precision and recall a field, themes a group, recommendations
that are exact (number, whole text, page), and what a 40-page document costs. `--held` names the
cases that nobody looked at while the rules were written, `--half` says which part to score.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.fictional_reports import (
    GROUPS,
    FictionalReport,
    listed_phrases,
    make_report,
)
from benchmarks.tally import Tally
from casereviews.repository.describing.case import find_case_facts
from casereviews.repository.describing.recommendations import find_recommendations
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.describing.themes import ThemeFinder
from casereviews.repository.model import Fact, Page, Reading
from casereviews.repository.vocabulary import PACKAGED

THEMES_CSV = Path(__file__).parent.parent / "repository" / "vocabulary" / "themes.csv"
PAGES_OF_COST = 40


def main() -> None:
    arguments = _arguments()
    cases = [json.loads(line) for line in arguments.cases.read_text("utf-8").splitlines() if line]
    cases = [
        case
        for case in cases
        if arguments.half == "all" or _half(case, arguments.held) == arguments.half
    ]
    finder = ThemeFinder(PACKAGED)
    phrases = listed_phrases(THEMES_CSV)
    reports = [
        make_report(case, phrases, seed) for seed in range(arguments.seeds) for case in cases
    ]
    result = {
        "cases": len(cases),
        "reports": len(reports),
        "fictional reports": _score_reports(reports, finder, arguments.errors),
        "facts text": _score_facts(cases, finder, arguments.errors),
        "seconds of a 40-page document": _cost(reports, finder),
    }
    for name in ("fictional reports", "facts text"):
        print(f"\n{name}")
        for key, row in result[name].items():
            print(f"  {key:<34}" + "  ".join(f"{column} {value}" for column, value in row.items()))
    print(f"\n40 pages: {result['seconds of a 40-page document']}")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score the describing of content.")
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument("--half", choices=("dev", "held", "all"), default="dev")
    parser.add_argument("--held", default="", help="comma list of case ids that are held out")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--errors", action="store_true")
    return parser.parse_args()


def _half(case: dict[str, object], held: str) -> str:
    return "held" if case["case_id"] in held.split(",") else "dev"


def _score_reports(
    reports: Sequence[FictionalReport], finder: ThemeFinder, errors: bool
) -> dict[str, dict[str, float]]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    exact: dict[str, Tally] = defaultdict(Tally)
    told_unlisted = all_unlisted = 0
    for number, report in enumerate(reports):
        where = f"{report.case_id}/{number} {report.style}"
        sections = find_sections(report.reading)
        facts = find_case_facts(report.reading, sections)
        _tally_case(tallies, report.codes, facts, where)
        themes = _values(finder.find(report.reading, sections), "theme")
        _tally_themes(tallies, report.codes, themes, where)
        told_unlisted += len(report.unlisted & themes)
        all_unlisted += len(report.unlisted)
        told = {
            f"{item.number}|{item.text}|{item.page}"
            for item in find_recommendations(report.reading, sections)
        }
        gold = {f"{item.number}|{item.text}|{item.page}" for item in report.recommendations}
        exact["recommendations exact"].add(told, gold, where)
        exact[f"recommendations {report.style}"].add(told, gold, where)
    rows = _rows({**tallies, **exact}, errors)
    rows["themes in words outside themes.csv"] = {
        "recall": round(told_unlisted / all_unlisted, 3),
        "n": all_unlisted,
    }
    return rows


def _score_facts(
    cases: Iterable[dict[str, object]], finder: ThemeFinder, errors: bool
) -> dict[str, dict[str, float]]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for case in cases:
        reading = Reading("facts", "ok", "text/plain", (Page(1, str(case["facts"])),))
        where = str(case["case_id"])
        _tally_case(tallies, case, find_case_facts(reading, ()), where)
        _tally_themes(tallies, case, _values(finder.find(reading, ()), "theme"), where)
    return _rows(tallies, errors)


def _tally_case(
    tallies: dict[str, Tally], codes: dict[str, object], facts: Sequence[Fact], where: str
) -> None:
    gold = {
        "age_band": set(str(codes["age_band"]).split("|")) - {""},
        "outcome": {str(codes["outcome"])} - {""},
    }
    gold["sex"] = {str(codes["sex"])} - {"not_stated"}
    gold["harm"] = {str(theme) for theme in codes["harm_themes"]}
    for name, wanted in gold.items():
        told = _values(facts, name) - {"not_stated"}
        if name == "age_band":
            told = {band for value in told for band in value.split("|")}
        tallies[name].add(told, wanted, where)


def _tally_themes(
    tallies: dict[str, Tally], codes: dict[str, object], told: set[str], where: str
) -> None:
    gold = {str(theme) for group in GROUPS for theme in codes[group]}
    tallies["themes"].add(told, gold, where)
    for group in GROUPS:
        prefix = group.split("_")[0] + "_"
        tallies[f"themes {prefix}"].add(_starting(told, prefix), _starting(gold, prefix), where)


def _starting(ids: Iterable[str], prefix: str) -> set[str]:
    return {one for one in ids if one.startswith(prefix)}


def _values(facts: Iterable[Fact], name: str) -> set[str]:
    return {fact.value for fact in facts if fact.field == name}


def _rows(tallies: dict[str, Tally], errors: bool) -> dict[str, dict[str, float]]:
    if errors:
        for name in ("age_band", "outcome", "sex", "harm", "themes", "recommendations exact"):
            for error in tallies[name].errors if name in tallies else ():
                print(name, error)
    return {name: tally.row() for name, tally in tallies.items()}


def _cost(reports: Sequence[FictionalReport], finder: ThemeFinder) -> dict[str, float]:
    """Median and worst seconds of sections, recommendations, themes and facts of 40 pages joined from reports."""
    pages = [page for report in reports for page in report.reading.pages]
    spent = []
    for start in range(0, min(len(pages) - PAGES_OF_COST, 10 * PAGES_OF_COST), PAGES_OF_COST):
        joined = tuple(
            Page(number, page.text, headings=page.headings)
            for number, page in enumerate(pages[start : start + PAGES_OF_COST], 1)
        )
        reading = Reading("cost", "ok", "application/pdf", joined)
        before = time.process_time()
        sections = find_sections(reading)
        find_recommendations(reading, sections)
        finder.find(reading, sections)
        find_case_facts(reading, sections)
        spent.append(time.process_time() - before)
    if not spent:
        return {}
    return {
        "median": round(statistics.median(spent), 4),
        "worst": round(max(spent), 4),
        "documents": len(spent),
    }


if __name__ == "__main__":
    main()
