"""What a writer of the demonstration has before them: the case, the banks of texts, the names and the dice."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from casereviews.demo.cases import Case, load_places, story_text
from casereviews.demo.papers import Block, Paragraph
from casereviews.demo.wording import worded


@dataclass(frozen=True, slots=True)
class Strand:
    """One thread of a report and the texts that tell it."""

    id: str
    title: str
    themes: tuple[str, ...] = ()
    situation: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    analysis: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Banks:
    """All the texts to combine from."""

    strands: Mapping[str, Strand]
    frame: Mapping[str, Any]
    welsh: Mapping[str, Any]
    places: Mapping[str, Mapping[str, Any]]


def load_banks() -> Banks:
    """Read the banks under `stories/banks`."""
    strands = {}
    for name in ("child_harms", "circumstances", "adult"):
        for entry in tomllib.loads(story_text(f"banks/{name}.toml"))["strand"]:
            fields = {key: value for key, value in entry.items() if key != "for"}
            lists = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
            strands[entry["id"]] = Strand(**{**fields, **lists})
    return Banks(
        strands=strands,
        frame=tomllib.loads(story_text("banks/frame.toml")),
        welsh=tomllib.loads(story_text("banks/welsh.toml")),
        places=load_places(),
    )


@dataclass(slots=True)
class Desk:
    """What a writer has before them: the case, the banks, the names and the dice."""

    case: Case
    banks: Banks
    chance: Random
    slots: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Block, ...] = ()
    whole: bool = False

    @property
    def kind(self) -> str:
        """Whether the frame of a child's or an adult's review is used."""
        return "child" if self.case.scope == "child" else "adult"

    @property
    def strands(self) -> list[Strand]:
        """The main strand first, then the side strands; a whole report has more than its shorter papers."""
        names = strands_of(self.case) if self.whole else (self.case.main, *self.case.side)
        return [self.banks.strands[name] for name in names]

    def word(self, text: str) -> str:
        """One reading of a text of the banks."""
        return worded(text, self.chance, self.slots)

    def paragraphs(self, texts: tuple[str, ...] | list[str]) -> Iterator[Paragraph]:
        """Each text as a paragraph."""
        return (Paragraph(self.word(text)) for text in texts)

    def frame(self, part: str, *, most: int = 9) -> list[Paragraph]:
        """Some paragraphs of a part of the frame, in their own order."""
        texts = self.banks.frame[part].get(self.kind) or self.banks.frame[part].get("both", [])
        keep = sorted(self.chance.sample(range(len(texts)), k=min(most, len(texts))))
        return [Paragraph(self.word(texts[number])) for number in keep]


_MORE = {
    "child": [
        "voice",
        "curiosity",
        "information_sharing",
        "escalation",
        "thresholds",
        "drift",
        "records",
        "supervision",
        "cp_process",
        "cross_boundary",
        "culture_language",
        "optimism",
    ],
    "adult": [
        "curiosity",
        "information_sharing",
        "escalation",
        "records",
        "supervision",
        "optimism",
        "cross_boundary",
        "housing",
        "culture_language",
    ],
}


def strands_of(case: Case) -> tuple[str, ...]:
    """The strands of a case's whole report: those that its plan names, and two to five on how agencies worked."""
    named = (case.main, *case.side)
    others = [
        name for name in _MORE["adult" if case.scope == "adult" else "child"] if name not in named
    ]
    chance = Random(f"strands/{case.site}/{case.id}")
    return (*named, *chance.sample(others, k=chance.randint(2, 5)))
