"""The type of review a title names, by the names and acronyms of `vocabulary/rules/review_*.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from casereviews.repository.describing.titles.form import Plain
from casereviews.repository.describing.titles.label_nouns import NOUNS
from casereviews.repository.vocabulary.rules import Rule, load_rules


@dataclass(frozen=True, slots=True)
class TypeMention:
    """A review type named in a text."""

    start: int
    end: int
    code: str
    plural: bool = False


_NAMES = load_rules("review_types").lacking("beside")
_KINDS = load_rules("review_types").having("beside")
_ACRONYMS = load_rules("review_acronyms")
_IN_SLUGS = _ACRONYMS.having("in_slugs")
_IN_SMALL = _IN_SLUGS.lacking("slugs_only")
_CAPITALS = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}
_PLURAL = re.compile(r"s$|adolygiadau", re.IGNORECASE)
_LABEL_NOUN_BEFORE = re.compile(rf"(?<!\w)(?:{'|'.join(NOUNS)}|and|&|,)\s*“?$", re.IGNORECASE)


def find_types(
    plain: Plain, *, nation: str | None, taken: Iterable[tuple[int, int]] = ()
) -> list[TypeMention]:
    """The review types named, in order of place; `taken` spans (dates, bodies) hold no type."""
    text = plain.text
    spans = list(taken)
    found: list[TypeMention] = []
    printed = () if plain.slug else _ACRONYMS.hits(text)
    small = _IN_SLUGS if plain.slug else _IN_SMALL
    for hits in (_NAMES.hits(text), printed, small.hits(text.translate(_CAPITALS))):
        for hit in hits:
            start, end = hit.match.span()
            code = _code(hit.rule, nation)
            if (
                code is None
                or any(start < span[1] and span[0] < end for span in spans)
                or _is_label_code(text, start, end, hit.rule)
            ):
                continue
            spans.append((start, end))
            several = bool(hit.rule.more.get("plural") or _PLURAL.search(text[start:end]))
            found.append(TypeMention(start, end, code, several))
    found.sort(key=lambda mention: mention.start)
    return [_kind_of_cpr(mention, text, nation) for mention in _subjects(found, text)]


def _subjects(found: list[TypeMention], text: str) -> list[TypeMention]:
    """Without the reviews that a thematic review looks over ("Thematic review of SCRs")."""
    for place, mention in enumerate(found):
        over = re.match(r"\s+of\b", text[mention.end :])
        if mention.code == "thematic_review" and over:
            return [m for at, m in enumerate(found) if at <= place or not m.plural]
    return found


def _kind_of_cpr(mention: TypeMention, text: str, nation: str | None) -> TypeMention:
    """The kind of a Child Practice Review may stand away from its name ("CPR 3/2019: concise report", "Adroddiad Cryno ... AYP")."""
    if mention.code != "cpr" or nation not in ("Wales", None):
        return mention
    kind = _KINDS.first(text)
    return replace(mention, code=kind.code) if kind else mention


def joined(mentions: Iterable[TypeMention]) -> str | None:
    """Codes of the mentions joined by a bar: each once, in order of place, thematic_review last."""
    named = list(mentions)
    codes = list(dict.fromkeys(mention.code for mention in named))
    listed = {mention.code for mention in named if mention.plural}  # "SCRs and Learning Reviews"
    codes = [code for code in codes if code in listed - {"cpr"} or not _is_broader(code, codes)]
    codes.sort(key=lambda code: code == "thematic_review")
    return "|".join(codes) or None


def _is_broader(code: str, codes: list[str]) -> bool:
    """True for "cpr" beside "cpr_concise": the same review named shorter the second time."""
    if code == "learning_review" and len(codes) > 1:
        return True
    return any(other != code and other.startswith(f"{code}_") for other in codes if code == "cpr")


def _code(rule: Rule, nation: str | None) -> str | None:
    """The code of a name whose meaning depends on the nation (a Learning Review is statutory in Scotland alone); None where it means no type."""
    if (nation or "") not in rule.more.get("nations", (nation or "",)):
        return None
    code: str = rule.more.get("in_nation", {}).get(nation, rule.code)
    return code


def _is_label_code(text: str, start: int, end: int, rule: Rule) -> bool:
    """True for the "RR" of "Child RR"."""
    return (
        end - start <= 3
        and bool(rule.more.get("may_be_label"))
        and bool(_LABEL_NOUN_BEFORE.search(text[:start]))
    )
