"""How the review was done: the method that a report or an abstract's "Model" names."""

from __future__ import annotations

import re

from ahocorasick_rs import AhoCorasick

from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.model import Fact

# Words that name a method, the named models before chronologies and management reviews.
_METHODS = (
    ("scie_learning_together", ("learning together", "scie model", "scie methodology", "scie approach", "scie systems", "social care institute for excellence")),
    ("silp", ("silp", "significant incident learning process")),
    ("welsh_model", ("welsh model", "welsh child practice review", "welsh methodology", "welsh approach", "extended child practice review", "concise child practice review", "adolygiad ymarfer plant")),
    ("root_cause_analysis", ("root cause analysis",)),
    ("appreciative_inquiry", ("appreciative inquiry", "appreciative enquiry")),
    ("hybrid_systems", ("hybrid model", "hybrid methodology", "hybrid approach", "hybrid systems", "systems model", "systems methodology", "systems approach", "systems based", "systemic methodology", "systemic approach")),
    ("imr_chronology", ("individual management review", "imrs", "individual agency review", "individual agency report", "combined chronolog", "integrated chronolog", "multi agency chronolog")),
    ("part8", ("part 8 review", "part eight review")),
)  # fmt: skip
_CODES = [code for code, words in _METHODS for _ in words]
_FINDER = AhoCorasick([word for _, words in _METHODS for word in words])
_USED = re.compile(
    r"\b(?:us(?:ed|es|ing)|follow\w*|methodology|method|model|approach|conducted|carried out|undertaken|based on|adopted|requested|provided|submitted|completed|prepared|produced|commissioned|informed|review|process)\b"
)
_RULE = "method words"
_SCANNED = 60_000  # characters; methods are told in the first half


def method_facts(text: RunningText, summary: str = "") -> tuple[Fact, ...]:
    """Fact `methodology`: the most telling name of a method; () when none is said."""
    best: tuple[int, Fact] | None = None
    for number, start, end in _FINDER.find_matches_as_indexes(text.folded[:_SCANNED]):
        if best is not None and number >= best[0]:
            continue
        at = text.original(start)
        bounds = text.sentences[text.sentence(at)]
        printed = text.quote(*bounds)
        if text.kind(at) in ("glossary", "appendix") or not _USED.search(fold(printed)):
            continue
        raw = text.folded[start:end]
        fact = Fact("methodology", _CODES[number], raw, "text", 0.7, text.page(at), printed, _RULE)
        best = (number, fact)
    if best is not None:
        return (best[1],)
    named = _FINDER.find_matches_as_indexes(fold(summary))
    if not named:
        return ()
    code = _CODES[min(number for number, _, _ in named)]
    return (Fact("methodology", code, "", "listing", 0.7, None, summary[:300], _RULE),)
