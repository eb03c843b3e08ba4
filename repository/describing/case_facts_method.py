"""How the review was done: the method that a report or an abstract's "Model" names."""

from __future__ import annotations

import re

from repository.describing.running_text import RunningText, fold
from repository.model import Fact

_METHODS = (
    ("scie_learning_together", r"learning together|scie (?:systems )?(?:model|methodology|approach)|social care institute for excellence"),
    ("silp", r"\bsilp\b|significant incident learning process"),
    ("welsh_model", r"welsh (?:child practice review )?(?:model|methodology|approach)|(?:extended|concise) child practice review|adolygiad ymarfer plant"),
    ("root_cause_analysis", r"root cause analysis"),
    ("appreciative_inquiry", r"appreciative (?:inquiry|enquiry)"),
    ("hybrid_systems", r"hybrid (?:systems )?(?:model|methodology|approach)|systems (?:model|methodology|approach|based)|systemic (?:methodology|approach)|systems methodology"),
    ("imr_chronology", r"individual management reviews?|\bimrs?\b|individual agency re(?:views?|ports?)|(?:combined|integrated|multi agency) chronolog(?:y|ies)"),
    ("part8", r"part (?:8|eight) review"),
)  # fmt: skip
_PATTERNS = tuple((code, re.compile(rf"\b(?:{words})")) for code, words in _METHODS)
_USED = re.compile(
    r"\b(?:us(?:ed|es|ing)|follow\w*|methodology|method|model|approach|conducted|carried out|undertaken|based on|adopted|requested|provided|submitted|completed|prepared|produced|commissioned|informed|review|process)\b"
)
_SCANNED = 60_000  # characters; methods are told in the first half


def method_facts(text: RunningText, summary: str = "") -> tuple[Fact, ...]:
    """Facts `methodology` in the order of how telling they are; a named model before chronologies and IMRs."""
    folded = text.folded[:_SCANNED]
    for code, pattern in _PATTERNS:
        for match in pattern.finditer(folded):
            start = text.original(match.start())
            bounds = text.sentences[text.sentence(start)]
            printed = text.quote(*bounds)
            if text.kind(start) in ("glossary", "appendix") or not _USED.search(fold(printed)):
                continue
            return (
                Fact(
                    "methodology",
                    code,
                    match[0],
                    "text",
                    0.7,
                    text.page(bounds[0]),
                    printed,
                    "method words",
                ),
            )
    for code, pattern in _PATTERNS:
        if named := pattern.search(fold(summary)):
            return (
                Fact(
                    "methodology",
                    code,
                    named[0],
                    "listing",
                    0.7,
                    None,
                    summary[:300],
                    "method words",
                ),
            )
    return ()
