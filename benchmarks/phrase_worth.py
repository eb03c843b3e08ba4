"""What each strong phrase of the themes is worth: in how many reports that have its theme it is asserted, and in how many that have not.

    python -m benchmarks.phrase_worth [FOLDER ...] [--cases FILE] [--only ID,ID] [--theme ID] [--below 0.6] [--json FILE]

A FOLDER holds `truth.json` (`documents`: path on the site -> `case_id`, `themes`) and the files below `site/`. A
file of cases has a JSON object a line: `case_id`, `facts` (a text of two lines) and the themes by group. `--only`
keeps the cases named, so that others stay unseen. A phrase is counted once a report, where it stands as its theme's
evidence could: in a sentence told of this case, by its standing. Prints the phrases whose precision is
below `--below` in two reports or more, then a row a theme: its strong phrases, how many never occurred, how many of
the reports with the theme a strong phrase finds (recall), and how many of the reports it finds have it (precision).
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from casereviews.repository.describing.standing import CASE
from casereviews.repository.describing.text.running_text import running_text
from casereviews.repository.describing.text.sections import find_sections
from casereviews.repository.describing.themes import ThemeFinder
from casereviews.repository.model import Page, Reading
from casereviews.repository.reading import Limits, read_file
from casereviews.repository.vocabulary import PACKAGED

GROUPS = ("harm_themes", "child_themes", "parent_themes", "family_themes", "practice_themes")
MEASURED = 2  # reports in which a phrase stood before its precision says anything


@dataclass(frozen=True, slots=True)
class Report:
    """A report and the themes that it has by the truth."""

    name: str
    reading: Reading
    themes: frozenset[str]


@dataclass(slots=True)
class Worth:
    """The reports in which a phrase, or any strong phrase of a theme, is asserted: those that have the theme, and the others."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        told = len(self.right) + len(self.wrong)
        return len(self.right) / told if told else 1.0


def specimens(folder: Path, only: Collection[str]) -> Iterator[Report]:
    """The reports of a folder with `truth.json` and `site/`."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))["documents"]
    for path, told in truth.items():
        if not only or told["case_id"] in only:
            reading = read_file(folder / "site" / path.lstrip("/"), limits=Limits(ocr=False))
            yield Report(told["case_id"], reading, frozenset(told["themes"]))


def cases(file: Path, only: Collection[str]) -> Iterator[Report]:
    """The facts of each line of a file of cases, as a report of one page."""
    for line in file.read_text("utf-8").splitlines():
        case = json.loads(line)
        if not only or case["case_id"] in only:
            reading = Reading("facts", "ok", "text/plain", (Page(1, case["facts"]),))
            themes = frozenset(theme for group in GROUPS for theme in case[group])
            yield Report(f"{case['case_id']} facts", reading, themes)


def asserted(finder: ThemeFinder, reading: Reading) -> set[tuple[str, str]]:
    """Theme and phrase of every strong phrase that stands in the reading as evidence."""
    text = running_text(reading, find_sections(reading))
    mentions = finder._mentions_in_text(text, short=False, silent=False)
    return {
        (finder.themes[mention.hit.theme].id, mention.hit.phrase)
        for mention in mentions
        if mention.carries and mention.standing == CASE
    }


def measure(
    reports: Iterable[Report], finder: ThemeFinder
) -> tuple[dict[tuple[str, str], Worth], dict[str, Worth], Mapping[str, int]]:
    """The worth of each phrase and of each theme, and the number of reports that have each theme."""
    phrases: dict[tuple[str, str], Worth] = defaultdict(Worth)
    themes: dict[str, Worth] = defaultdict(Worth)
    wanted: dict[str, int] = defaultdict(int)
    for report in reports:
        for theme in report.themes:
            wanted[theme] += 1
        told = asserted(finder, report.reading)
        for theme, phrase in told:
            _add(phrases[theme, phrase], report, theme)
        for theme in {theme for theme, _ in told}:
            _add(themes[theme], report, theme)
    return phrases, themes, wanted


def _add(worth: Worth, report: Report, theme: str) -> None:
    (worth.right if theme in report.themes else worth.wrong).append(report.name)


def main() -> None:
    arguments = _arguments()
    only = [name for name in arguments.only.split(",") if name]
    reports = [report for folder in arguments.folders for report in specimens(folder, only)]
    if arguments.cases:
        reports += cases(arguments.cases, only)
    finder = ThemeFinder(PACKAGED)
    phrases, themes, wanted = measure(reports, finder)
    coded = [
        theme
        for theme in finder.themes
        if theme.group != "agency" and arguments.theme in ("", theme.id)
    ]
    print(f"{len(reports)} reports")
    for theme in coded:
        for phrase in theme.strong:
            worth = phrases.get((theme.id, phrase), Worth())
            told = len(worth.right) + len(worth.wrong)
            if arguments.theme or (told >= MEASURED and worth.precision < arguments.below):
                print(
                    f"{theme.id:<30}{phrase:<44}{len(worth.right):>3} right {len(worth.wrong):>3} wrong"
                    f"{worth.precision:>7.2f}  {', '.join(worth.wrong)}"
                )
    print(f"\n{'theme':<32}{'strong':>7}{'unseen':>7}{'has':>5}{'recall':>8}{'precision':>10}")
    rows = [_row(theme.id, theme.strong, phrases, themes, wanted) for theme in coded]
    for row in rows:
        print(
            f"{row['theme']:<32}{row['strong']:>7}{row['unseen']:>7}{row['has']:>5}{row['recall']:>8.3f}{row['precision']:>10.3f}"
        )
    print(f"{'all':<32}{sum(r['strong'] for r in rows):>7}{sum(r['unseen'] for r in rows):>7}")
    if arguments.json:
        said = {
            f"{theme}: {phrase}": {"right": worth.right, "wrong": worth.wrong}
            for (theme, phrase), worth in sorted(phrases.items())
        }
        arguments.json.write_text(json.dumps({"themes": rows, "phrases": said}, indent=1), "utf-8")


def _row(
    theme: str,
    strong: Collection[str],
    phrases: Mapping[tuple[str, str], Worth],
    themes: Mapping[str, Worth],
    wanted: Mapping[str, int],
) -> dict[str, Any]:
    worth = themes.get(theme, Worth())
    has = wanted.get(theme, 0)
    return {
        "theme": theme,
        "strong": len(strong),
        "unseen": sum((theme, phrase) not in phrases for phrase in strong),
        "has": has,
        "recall": len(worth.right) / has if has else 1.0,
        "precision": worth.precision,
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The worth of the phrases of the themes.")
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--only", default="", help="comma list of case ids")
    parser.add_argument("--theme", default="", help="every phrase of this theme")
    parser.add_argument("--below", type=float, default=0.6)
    parser.add_argument("--json", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
