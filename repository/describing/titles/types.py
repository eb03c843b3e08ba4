"""The type of review a title names, by the words and acronyms of each nation (VOCABULARY sections 2.1 and 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from casereviews.repository.describing.titles.form import Plain


@dataclass(frozen=True, slots=True)
class TypeMention:
    """A review type named in a text: `code` is None where the words name one that has no code or not here."""

    start: int
    end: int
    code: str | None
    plural: bool = False


_GAP = r"[\s,:/()–-]*"
_CHILD = r"child(?:ren)?(?:['’]?s['’]?)?"
_PRACTICE = r"pra(?:c|ct|t)i[cs]e?"
_NOT_BODY = r"(?!s?\s+(?:panel|sub|group|committee))"

# Longest and most particular first: what one pattern has taken, a later one does not see.
_WORDS: tuple[tuple[str, str], ...] = (
    ("cpr_extended", rf"extended\s+{_CHILD}\s+practice\s+reviews?|extended\s+cprs?|{_CHILD}\s+practice\s+reviews?{_GAP}extended|cpr{_GAP}extended|h?adolygiad(?:au)?\s+ymarfer\s+plant\s+estynedig|ymarfer\s+plant\s+estynedig"),
    ("cpr_concise", rf"concise\s+{_CHILD}\s+practice\s+reviews?|concise\s+cprs?|{_CHILD}\s+practice\s+reviews?{_GAP}concise|cpr{_GAP}concise|h?adolygiad(?:au)?\s+ymarfer\s+plant\s+(?:cryno|gryno)|ymarfer\s+plant\s+(?:cryno|gryno)"),
    ("national_review", rf"national\s+(?:{_CHILD}\s+safeguarding\s+)?(?:{_PRACTICE}\s+)?(?:thematic\s+)?reviews?(?!\s+panel)"),
    ("lcspr", rf"(?:local\s+)?(?:{_CHILD}\s+)?safeguarding\s+(?:{_CHILD}\s+)?{_PRACTICE}\s+(?:learning\s+)?reviews?{_NOT_BODY}"),
    ("lcspr", rf"local\s+(?:{_CHILD}\s+safeguarding|safeguarding\s+{_CHILD})\s+{_PRACTICE}\b"),
    ("lcspr", rf"safeguarding\s+{_CHILD}\s+{_PRACTICE}\b(?!\s+(?:guid|learn|develop|forum|group))"),
    ("lcspr", rf"(?:local\s+)?{_CHILD}\s+safeguarding\s+reviews?\b"),
    ("@extended", r"extended\s+(?:practice\s+)?reviews?"),
    ("@concise", r"concise\s+(?:practice\s+)?reviews?"),
    ("@child_practice", rf"(?:local\s+)?{_CHILD}\s+practice\s+reviews?"),
    ("cpr", r"h?adolygiad(?:au)?\s+ymarfer\s+plant"),
    ("apr", r"adult\s+practice\s+reviews?|h?adolygiad(?:au)?\s+ymarfer\s+oedolion"),
    ("susr", r"(?:single\s+)?unified\s+safeguarding\s+reviews?|h?adolygiad(?:au)?\s+diogelu\s+unedig(?:\s+sengl)?"),
    ("cmr", r"(?:serious\s+)?case\s+management\s+reviews?"),
    ("icr", r"initial\s+case\s+reviews?"),
    ("scr_scotland", r"significant\s+case\s+reviews?"),
    ("@serious", r"serious\s+cases?\s+reviews?|h?adolygiad(?:au)?\s+achos(?:ion)?\s+difrifol"),
    ("rapid_review", r"rapid\s+reviews?"),
    ("part8", r"(?:part|chapter)\s+(?:8|viii|eight)\s+(?:case\s+)?reviews?"),
    ("dhr", r"domestic\s+(?:abuse\s+|violence\s+)?(?:homicide|(?:abuse\s+)?(?:related\s+)?deaths?)(?:\s+(?:overview|case))?\s+reviews?|adolygiad\s+(?:o\s+)?(?:dd?ynladdiad|laddiad)\s+domestig"),
    ("sar", r"safeguarding\s+adults?['’]?s?\s+reviews?|adults?\s+safeguarding\s+reviews?"),
    ("learning_review", r"appreciative\s+inquir(?:y|ies)|significant\s+incident\s+learning\s+process(?:\s+reviews?)?"),
    ("thematic_review", r"thematic\s+(?:(?:learning|partnership|multi[\s-]?agency|safeguarding)\s+)*reviews?|(?<=violence\s)thematic\b"),
    ("@thematic", r"thematic(?=\s+(?:local\s+|serious\s+|child|scr|l?cspr|rapid|safeguarding\s+(?:child|pra|adult)|adult|sar\b|dhr\b|cpr\b|icr\b|domestic|significant))"),
    ("@learning", rf"(?:(?:multi[\s-]?agency|partnership|practice|joint|local|single[\s-]agency|independent|safeguarding|individual|case)\s+)*learning\s+(?:lessons\s+|together\s+)?reviews?\b{_NOT_BODY}"),
    ("learning_review", r"(?:local\s+|joint\s+|learning\s+)?partnership\s+(?:case\s+|learning\s+)?reviews?|practice\s+learning\s+reviews?|multi[\s-]?agency\s+(?:case\s+|practice\s+|partnership\s+)?reviews?|local\s+(?:case\s+|practice\s+)reviews?|critical\s+(?:incident|case)\s+reviews?|serious\s+incident\s+(?:learning\s+)?reviews?|learning\s+lessons\s+exercise|lessons?\s+learn(?:ed|t)\s+reviews?|(?:silp|malr)\s+reviews?"),
    ("inquiry", r"(?:independent|public|judicial|ministerial|historic(?:al)?|statutory|non[\s-]statutory)\s+(?:\w+\s+)?(?:inquir(?:y|ies)|enquir(?:y|ies)|investigations?)|\binquir(?:y|ies)\b|(?:independent|ministerial)\s+(?:case\s+)?(?:review|report)(?=\s+(?:(?:into|concerning|following|surrounding|regarding)\b|(?:of|on)\s+(?:the\s+)?(?:circumstances|case|deaths?|murders?|events|care\s+of)\b))"),
)  # fmt: skip

# Acronyms count in capitals only (a plural s may be small), in slugs of small letters only the unmistakable ones.
_ACRONYMS: tuple[tuple[str, str, bool], ...] = (
    ("lcspr", r"L[\s-]?CSPR|LSCPR|LCPSR|LCSRP|LCSPR|CSPR|CPSR|SCPR", True),
    ("lcspr", r"SPR", False),
    ("@serious", r"SCR", True),
    ("@cpr_extended", r"ECPR", True),
    ("@cpr_concise", r"CCPR", True),
    ("@cpr", r"CPR", False),
    ("cpr", r"AYP", False),
    ("susr", r"SUSR|ADUS", True),
    ("icr", r"ICR", False),
    ("cmr", r"S?CMR", False),
    ("dhr", r"DHR|DVHR|DARDR|DADR", True),
    ("sar", r"SAR", True),
    ("apr", r"APR", False),
    ("@learning", r"MALR|LLR|PLR", True),
    ("@learning", r"LR", False),
    ("learning_review", r"SILP", True),
    ("rapid_review", r"RR", False),
)
_LABEL_NOUN_BEFORE = re.compile(
    r"(?:child|children|baby|person|family|adult|yp|sibling|case|and|&|,)\s*“?$", re.IGNORECASE
)
_BOARD_AFTER = re.compile(
    r"^s?\s*(?:panel|sub[\s-]?(?:group|committee)|(?:scrutiny\s+)?(?:group|committee)|(?:SAB|LSCB|SCP)\b(?!\s*:))",
    re.IGNORECASE,
)


def find_types(
    plain: Plain, *, nation: str | None, taken: Iterable[tuple[int, int]] = ()
) -> list[TypeMention]:
    """The review types named, in order of place; `taken` spans (dates, bodies) hold no type."""
    spans = list(taken)
    found: list[TypeMention] = []
    for name, pattern in _compiled_words():
        for match in pattern.finditer(plain.text):
            _add(found, spans, match, name, nation, plain.text)
    for name, pattern, slug_pattern in _compiled_acronyms():
        for match in (slug_pattern if plain.slug else pattern).finditer(plain.text):
            if _is_label_code(plain.text, match, name):
                continue
            _add(found, spans, match, name, nation, plain.text)
    found.sort(key=lambda mention: mention.start)
    return [_kind_of_cpr(mention, plain.text, nation) for mention in _subjects(found, plain.text)]


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
    for code, words in (
        ("cpr_concise", r"\b(?:concise|g?cryno)\b"),
        ("cpr_extended", r"\b(?:extended|estynedig)\b"),
    ):
        if re.search(words, text, re.IGNORECASE):
            return replace(mention, code=code)
    return mention


def joined(mentions: Iterable[TypeMention]) -> str | None:
    """Codes of the mentions joined by a bar: each once, in order of place, thematic_review last."""
    coded = [mention for mention in mentions if mention.code]
    codes = list(dict.fromkeys(str(mention.code) for mention in coded))
    listed = {mention.code for mention in coded if mention.plural}  # "SCRs and Learning Reviews"
    codes = [code for code in codes if code in listed - {"cpr"} or not _is_broader(code, codes)]
    codes.sort(key=lambda code: code == "thematic_review")
    return "|".join(codes) or None


def _is_broader(code: str, codes: list[str]) -> bool:
    """True for "cpr" beside "cpr_concise": the same review named shorter the second time."""
    if code == "learning_review" and len(codes) > 1:
        return True
    return any(other != code and other.startswith(f"{code}_") for other in codes if code == "cpr")


def _compiled_words() -> list[tuple[str, re.Pattern[str]]]:
    return _WORD_PATTERNS


def _compiled_acronyms() -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
    return _ACRONYM_PATTERNS


_WORD_PATTERNS = [
    (code, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)) for code, words in _WORDS
]
_NEVER = re.compile(r"(?!)")
_ACRONYM_PATTERNS = [
    (
        code,
        re.compile(rf"(?<![A-Za-z])(?:{words})(?:'?[sS])?(?![A-Za-z])"),
        re.compile(rf"(?<![a-z])(?:{words})s?(?![a-z])", re.IGNORECASE) if sure else _NEVER,
    )
    for code, words, sure in _ACRONYMS
]


def _add(
    found: list[TypeMention],
    spans: list[tuple[int, int]],
    match: re.Match[str],
    name: str,
    nation: str | None,
    text: str,
) -> None:
    if any(match.start() < end and start < match.end() for start, end in spans):
        return
    if _BOARD_AFTER.match(text[match.end() :]):
        return
    plural = (
        bool(re.search(r"s\b", match.group(0)[-2:], re.IGNORECASE))
        or "adolygiadau" in match.group(0).lower()
    )
    code = _code(name, nation, match.group(0))
    if code is None and name.startswith(("@cpr", "@extended", "@concise")):
        return
    spans.append(match.span())
    found.append(TypeMention(match.start(), match.end(), code, plural))


def _code(name: str, nation: str | None, words: str) -> str | None:
    """The code of a name whose meaning depends on the nation (VOCABULARY section 5)."""
    scotland = nation == "Scotland"
    if name == "@serious":
        return "scr_scotland" if scotland else "scr"
    if name == "@child_practice":
        return "lcspr" if nation == "England" else "cpr"
    if name in ("@extended", "@concise"):
        return f"cpr_{name[1:]}" if nation == "Wales" and "adult" not in words.lower() else None
    if name.startswith("@cpr"):
        # elsewhere than in Wales CPR is the child protection register (abbreviations.csv)
        return name[1:] if nation in ("Wales", None) else None
    if name == "@learning":
        return "learning_review_scotland" if scotland else "learning_review"
    if name == "@thematic":
        return "thematic_review"
    return name


def _is_label_code(text: str, match: re.Match[str], name: str) -> bool:
    """True for the "RR" of "Child RR" and the "APR" of "7 APR 2021"."""
    if len(match.group(0)) <= 3 and name not in ("@serious", "sar", "dhr"):
        if _LABEL_NOUN_BEFORE.search(text[: match.start()]):
            return True
        if name == "apr" and re.match(r"\s*'?(?:\d\d){1,2}\b(?!\s*/)", text[match.end() :]):
            return True
    return False
