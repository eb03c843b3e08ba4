"""Fictional reports grown from the codes of cases: no sentence, name or area of a real case goes in.

A report has a cover, contents, introduction, a legal framework and terms of reference that name every harm,
facts, analysis, findings, recommendations in one of the forms of the field, an agency list and a glossary.
Each coded theme is told either with a phrase of themes.csv or with a sentence of `wordings.txt`, which was
written apart from the phrase lists. Everything follows from the seed.
"""

from __future__ import annotations

import csv
import random
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.fictional_words import (
    ACTS,
    AREAS,
    BODIES,
    DENIALS,
    FILLER,
    FRAMES,
    GLOSSARY,
    LABELS,
    LEGAL,
    MODALS,
    TERMS,
    WORDS,
)
from casereviews.repository.model import Heading, Page, Reading, Recommendation

HERE = Path(__file__).parent
LINES_A_PAGE, COLUMNS = 42, 92
GROUPS = ("harm_themes", "child_themes", "parent_themes", "family_themes", "practice_themes")

_STYLES = ("label", "plain", "dotted", "bullet", "table", "prose", "label_in_findings", "letter")


@dataclass(frozen=True, slots=True)
class FictionalReport:
    """A report with what it was made from: codes as coded, the themes told in words outside themes.csv, the list."""

    case_id: str
    reading: Reading
    codes: Mapping[str, object]
    themes: frozenset[str]
    unlisted: frozenset[str]
    recommendations: tuple[Recommendation, ...]
    style: str


def make_report(
    case: Mapping[str, object], phrases: Mapping[str, Sequence[str]], seed: int
) -> FictionalReport:
    """One report from the codes of one case; `phrases` are the strong phrases of themes.csv by theme id."""
    return _Writer(case, phrases, random.Random(f"{case['case_id']}-{seed}")).report()


def listed_phrases(themes_csv: Path) -> dict[str, list[str]]:
    """The strong phrases of a themes.csv by theme id."""
    with themes_csv.open(encoding="utf-8", newline="") as lines:
        return {
            row["theme_id"]: [phrase for phrase in row["phrases"].split("|") if phrase[0] != "~"]
            for row in csv.DictReader(lines)
        }


def wordings() -> dict[str, list[str]]:
    """The sentences of wordings.txt by theme id."""
    found: dict[str, list[str]] = {}
    for block in (HERE / "wordings.txt").read_text("utf-8").split("\n\n"):
        lines = [line for line in block.strip().splitlines() if not line.startswith("#")]
        if lines:
            found[lines[0]] = lines[1:]
    return found


class _Writer:
    def __init__(
        self, case: Mapping[str, object], phrases: Mapping[str, Sequence[str]], dice: random.Random
    ) -> None:
        self.case, self.phrases, self.dice = case, phrases, dice
        self.area = dice.choice(AREAS)
        labels = (
            LABELS
            if case["age_band"] == "under_1"
            else [name for name in LABELS if "Baby" not in name]
        )
        self.label = dice.choice(labels)
        self.typographic = dice.random() < 0.5
        self.style = dice.choice(_STYLES)
        self.lines: list[tuple[str, bool]] = []
        self.recommended: list[tuple[str | None, str, str, int]] = []
        self.themes = [theme for group in GROUPS for theme in _list(case[group])]
        known = wordings()
        order = list(self.themes)
        dice.shuffle(order)
        self.unlisted = frozenset(theme for theme in order[: len(order) // 2] if theme in known)
        self.known = known

    def report(self) -> FictionalReport:
        self._front()
        self._facts()
        self._findings()
        self._recommendations()
        self._back()
        pages, places = self._paginate()
        recommendations = tuple(
            Recommendation(number, text, body, places[line])
            for number, text, body, line in self.recommended
        )
        reading = Reading(str(self.case["case_id"]), "ok", "application/pdf", pages)
        return FictionalReport(
            str(self.case["case_id"]),
            reading,
            self.case,
            frozenset(self.themes),
            self.unlisted,
            recommendations,
            self.style,
        )

    def _say(self, text: str) -> None:
        for line in textwrap.wrap(text, COLUMNS, break_on_hyphens=True):
            self.lines.append((line, False))
        self.lines.append(("", False))

    def _head(self, text: str) -> None:
        self.lines.append((text, True))
        if self.dice.random() < 0.5:
            self.lines.append(("", False))

    def _filler(self, least: int, most: int) -> str:
        return " ".join(self.dice.sample(FILLER, self.dice.randint(least, most)))

    def _front(self) -> None:
        self._say(f"{self.area} Safeguarding Children Partnership")
        self._say(f"Review of the case of {self.label}")
        self.lines.append(("\f", False))
        self._head("Contents")
        for number, name in enumerate(
            (
                "Introduction",
                "Legal framework",
                "Terms of reference",
                "The facts",
                "Findings",
                "Recommendations",
            ),
            1,
        ):
            self.lines.append((f"{number}. {name} {'.' * 30} {number + 2}", False))
        self.lines.append(("\f", False))
        self._head("1. Introduction")
        self._say(f"{self._opening()} {self._filler(1, 2)}")
        self._head("2. Legal framework")
        harms = ", ".join(
            words[0] for theme, words in self.phrases.items() if theme.startswith("harm_")
        )
        self._say(" ".join(LEGAL).format(harms=harms))
        self._head("3. Terms of reference")
        for line in TERMS:
            self._say(f"• {line}")

    def _opening(self) -> str:
        who, age = _person(str(self.case["sex"]), self.dice), self._age()
        outcome = str(self.case["outcome"])
        what = {
            "death": (
                "This review was held after the death of {a}.",
                "{A} died in the summer and this review followed.",
                "This report is about {a} who died.",
            ),
            "serious_harm": (
                "This review was held because {a} came to serious harm.",
                "This report is about {a} who was seriously harmed.",
                "This review looks at what happened to {a}, who was badly hurt and survived.",
            ),
            "other": (
                "This review is about {a} who was convicted of serious offences.",
                "This review followed the conviction of {a} for serious sexual offences.",
            ),
            "good_practice": ("This is a good practice review about {a}.",),
            "": ("This review is about {a}.",),
        }[outcome]
        person = (
            self._siblings(who)
            if "|" in str(self.case["age_band"])
            else _with_age(who, age, self.dice)
        )
        sentence = self.dice.choice(what).format(a=person, A=person[0].upper() + person[1:])
        return f"{sentence} In this report the name {self.label} is used."

    def _siblings(self, who: str) -> str:
        """Two children with the lowest and the highest age of the codes, in full years."""
        low, high = (
            int(str(self.case["age_months_min"])) // 12,
            int(str(self.case["age_months_max"])) // 12,
        )
        many = {"boy": "brothers", "girl": "sisters"}.get(who, "children")
        return self.dice.choice(
            (f"two {many} aged {low} and {high}", f"two {many} of {WORDS[high]} and {WORDS[low]}")
        )

    def _age(self) -> tuple[int, int] | None:
        low, high = self.case["age_months_min"], self.case["age_months_max"]
        return (
            (int(str(low)), int(str(high))) if low is not None and self.case["age_band"] else None
        )

    def _facts(self) -> None:
        self._head("4. The facts of the case")
        relatives = self.dice.sample(
            (
                "Mother was aged 24.",
                "Father was 31 years old.",
                "An older half-sister, aged seven, lived in the house.",
                "A brother aged 12 stayed with an aunt.",
            ),
            2,
        )
        self._say(f"4.1 {' '.join(relatives)} {self._filler(2, 3)}")
        told = [self._tell(theme) for theme in self.themes if not theme.startswith("practice_")]
        denied = [text for theme, text in DENIALS if theme not in self.themes]
        told += self.dice.sample(denied, 2)
        self.dice.shuffle(told)
        for number, sentence in enumerate(told, 2):
            self._say(f"4.{number} {self._filler(1, 4)} {sentence} {self._filler(2, 5)}")
        for number in range(len(told) + 2, len(told) + 2 + self.dice.randint(2, 14)):
            self._say(f"4.{number} {self._filler(3, 9)}")

    def _findings(self) -> None:
        self._head("5. Findings")
        practice = [theme for theme in self.themes if theme.startswith("practice_")]
        again = [
            theme
            for theme in self.themes
            if not theme.startswith("practice_") and self.dice.random() < 0.6
        ]
        texts = [f"{self._tell(theme)} {self._filler(1, 3)}" for theme in practice + again]
        for number, text in enumerate(texts, 1):
            self._say(f"5.{number} {text}")
            if self.style == "label_in_findings" and number <= 5:
                self._recommend(str(len(self.recommended) + 1), "Recommendation {n}: ")

    def _tell(self, theme: str) -> str:
        if theme in self.unlisted:
            return self.dice.choice(self.known[theme]).replace("{C}", self.label)
        frame = self.dice.choice(FRAMES[theme.split("_")[0]])
        sentence = frame.format(C=self.label, p=self.dice.choice(self.phrases[theme]))
        return sentence[0].upper() + sentence[1:]

    def _recommendations(self) -> None:
        if self.style == "label_in_findings":
            for _ in range(2 if not self.recommended else 0):
                self._recommend(str(len(self.recommended) + 1), "Recommendation {n}: ")
            return
        self._head("6. Recommendations")
        self._say("The review makes the following recommendations:")
        if self.style == "table":
            self.lines.append(("No. | Recommendation | Lead | By when", False))
        for number in range(1, self.dice.randint(3, 9)):
            if self.style == "letter":
                self._recommend("abcdefghi"[number - 1], "{n}) ")
            elif self.style == "table":
                self._recommend_row(str(number))
            elif self.style in ("bullet", "prose"):
                self._recommend(None, "• " if self.style == "bullet" else "")
            else:
                shown = f"6.{number}" if self.style == "dotted" else str(number)
                self._recommend(
                    shown,
                    {"label": "Recommendation {n}: ", "plain": "{n}. ", "dotted": "{n} "}[
                        self.style
                    ],
                )

    def _text(self) -> tuple[str, str]:
        body = self.dice.choice(BODIES).format(area=self.area)
        used = {text for _, text, _, _ in self.recommended}
        while True:
            act = self.dice.choice(ACTS)
            text = f"{body} {self.dice.choice(MODALS)} {act}."
            if self.dice.random() < 0.25:
                text += " This should be done within six months."
            if text not in used:
                return text, body.removeprefix("The ")

    def _recommend(self, number: str | None, mark: str) -> None:
        text, body = self._text()
        self.recommended.append((number, text, body, len(self.lines)))
        self._say(mark.format(n=number) + text)

    def _recommend_row(self, number: str) -> None:
        text, body = self._text()
        self.recommended.append((number, text, body, len(self.lines)))
        self.lines.append((f"{number} | {text} | {body} | March", False))

    def _back(self) -> None:
        self._head("7. Agencies that took part")
        self._say(
            "Police, schools, midwifery, health visiting, the youth offending team, a domestic abuse service, CAMHS and housing."
        )
        self._head("Glossary")
        for line in GLOSSARY:
            self.lines.append((line, False))

    def _paginate(self) -> tuple[tuple[Page, ...], dict[int, int]]:
        pages: list[list[tuple[str, bool]]] = [[]]
        places: dict[int, int] = {}
        for index, (line, heading) in enumerate(self.lines):
            if line == "\f" or len(pages[-1]) >= LINES_A_PAGE:
                pages.append([])
            if line == "\f":
                continue
            places[index] = len(pages)
            pages[-1].append((line, heading))
        return tuple(self._page(number, lines) for number, lines in enumerate(pages, 1)), places

    def _page(self, number: int, lines: Sequence[tuple[str, bool]]) -> Page:
        headings, start = [], 0
        for line, heading in lines:
            if heading and self.typographic:
                headings.append(Heading(start, line, 1))
            start += len(line) + 1
        return Page(number, "\n".join(line for line, _ in lines), headings=tuple(headings))


def _list(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _person(sex: str, dice: random.Random) -> str:
    return {"girl": "girl", "boy": "boy", "mixed": "brother and sister"}.get(
        sex, dice.choice(("child", "young person"))
    )


def _with_age(who: str, age: tuple[int, int] | None, dice: random.Random) -> str:
    """A person with an age in one of the forms of the field."""
    if age is None:
        return f"a {who}"
    low, high = age
    if high == low and low < 24:
        amount, unit = low, "month"
        if low == 0:
            amount, unit = dice.randint(5, 27), "day"
        elif low <= 4 and dice.random() < 0.5:
            amount, unit = round((low + 0.5) * 4.348), "week"
    else:
        amount, unit = dice.randint(low, high) // 12, "year"
        if amount == 0:
            amount, unit = dice.randint(max(low, 1), high), "month"
    plural = unit if amount == 1 else f"{unit}s"
    number = WORDS[amount] if amount < len(WORDS) and dice.random() < 0.4 else str(amount)
    article = "an" if number[0] in "8e" or number in ("11", "18") else "a"
    forms = [
        f"{article} {number}-{unit}-old {who}",
        f"a {who} aged {number} {plural}",
        f"a {who} of {number} {plural}",
    ]
    if unit == "year":
        forms += [f"a {who} aged {number}", f"a {who} of {number}"]
    return dice.choice(forms)
