"""The nouns that lead a label, and the kind of a label (`label_kind` of `vocabulary.codes`)."""

from __future__ import annotations

from collections.abc import Sequence

from casereviews.repository.vocabulary.rules import load_rules

_RULES = load_rules("label_nouns")
NOUNS = {word: rule.code for rule in _RULES for word in rule.phrases}
"""The noun as a label prints it, by each of its words in small letters."""
CODE_ONLY = frozenset(_RULES.having("code_only").codes)
TOLD = frozenset(_RULES.having("told").codes)
PLURALS = frozenset(word for rule in _RULES for word in rule.more.get("plural", ()))
_SETTINGS = frozenset(_RULES.having("setting").codes)
_TITLES = frozenset(_RULES.having("title").codes)
_COUNTS, _SETTING = (load_rules("label_words")[code] for code in ("number", "setting"))


def label_kind(labels: Sequence[str]) -> str:
    """The code of `label_kind` for the labels of one title."""
    if not labels:
        return "none"
    kinds = [kind_of(label) for label in labels]
    if "real_name" in kinds:
        return "real_name"
    if sorted(kinds) == ["code", "pseudonym"]:
        return "pseudonym"  # "Ash (EN12)": one child, and the number of its case
    if len(labels) == 2 and all(kind in ("letter", "code", "pseudonym") for kind in kinds):
        return "siblings"
    if len(labels) > 2:
        return "group"
    return kinds[0]


def kind_of(label: str) -> str:
    """The kind of one label: letter, code, pseudonym, real_name, family, setting or operation."""
    words = label.split()
    lowered = label.lower()
    if words[0] in ("Family", "Teulu") or words[-1] == "Family":
        return "family"
    if words[-1] in ("Siblings", "Brothers", "Sisters", "Twins") and not _COUNTS.fits(words[0]):
        return "siblings"
    if _COUNTS.fits(words[0]):
        return "group"  # "Two Sisters"
    if words[0] in _SETTINGS or (len(words) > 1 and _SETTING.fits(words[-1])):
        return "setting"
    if words[0] == "Operation":
        return "operation"
    last = words[-1]
    if any(letter.isdigit() for letter in last):
        return "code"
    if (len(last) <= 3 and last.isupper()) or len(last) <= 2:
        return "letter"
    has_noun = any(lowered.startswith(noun + " ") for noun in NOUNS)
    if words[0] in _TITLES or (not has_noun and len(words) >= 2):
        return "real_name"
    if has_noun and len(words) - (2 if " ".join(words[:2]).lower() in NOUNS else 1) >= 2:
        return "real_name"
    return "pseudonym"
