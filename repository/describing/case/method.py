"""How the review was done: the method that a report or an abstract's "Model" names."""

from __future__ import annotations

from casereviews.repository.describing.text.running_text import RunningText, fold
from casereviews.repository.model import Fact
from casereviews.repository.vocabulary.rules import load_rules

METHODS = load_rules("methods")
_USED = load_rules("method_circumstances")["used"]
_RULE = "method words"
_SCANNED = 60_000  # characters; methods are told in the first half


def method_facts(text: RunningText, summary: str = "") -> tuple[Fact, ...]:
    """Fact `methodology`: the most telling name of a method; () when none is said."""
    best: tuple[int, Fact] | None = None
    for phrase in METHODS.phrases(text.folded[:_SCANNED]):
        if best is not None and phrase.order >= best[0]:
            continue
        at = text.original(phrase.start)
        bounds = text.sentences[text.sentence(at)]
        printed = text.quote(*bounds)
        if text.kind(at) in ("glossary", "appendix") or not _USED.fits(fold(printed)):
            continue
        raw, code = text.folded[phrase.start : phrase.end], phrase.rule.code
        fact = Fact("methodology", code, raw, "text", 0.7, text.page(at), printed, _RULE)
        best = (phrase.order, fact)
    if best is not None:
        return (best[1],)
    named = list(METHODS.phrases(fold(summary)))
    if not named:
        return ()
    code = min(named).rule.code
    return (Fact("methodology", code, "", "listing", 0.7, None, summary[:300], _RULE),)
