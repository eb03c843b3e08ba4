"""The role of a document by the words of its title (VOCABULARY section 2.2), and titles that are no review at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casereviews.repository.describing.titles.labels import MASK
from casereviews.repository.describing.titles.types import TypeMention


@dataclass(frozen=True, slots=True)
class RoleMention:
    """Words that tell a role, or `role` None for words that only belong to one ("PDF", "final")."""

    start: int
    end: int
    role: str


# In order of precedence: "Overview Report Executive Summary" is the summary, "Appendices to the Overview
# Report" are appendices.
_ROLES: tuple[tuple[str, str], ...] = (
    ("easy_read", r"easy[\s-]?read|easy\s+to\s+read|hawdd\s+ei\s+ddeall|young\s+people's\s+version"),
    ("appendix", r"append(?:ix|ices)(?:\s+(?:\d{1,2}|[A-H]))?\b|annex(?:es)?\b|atodiad(?:au)?"),
    ("poster", r"posters?|infographics?|poster(?:i|au)"),
    ("action_plan", r"(?:multi[\s-]agency\s+)?(?:action|improvement|implementation|delivery)\s+plan(?:ning|s)?|cynllun(?:iau)?\s+gweithredu"),
    ("statement", r"(?:(?:press|media|public|news|joint)\s+)+(?:statement|release|briefing)s?|statement(?:\s+(?:from|by|on))?(?=\s|$)|datganiad(?:\s+i'r\s+wasg)?"),
    ("other", r"podcast|video|webinar\s+recording|vlog|letters?\s+(?:from|to)\b"),
    ("response", r"(?:board|partnership|agency|joint|multi[\s-]agency|government|council|lscb|scp)?['’]?s?\s*responses?(?:\s+to)?|progress\s+(?:update|report|review)|update\s+(?:report\s+)?on\s+(?:progress|actions?|recommendations?)|(?<!learning\s)(?:action|improvement)s?\s+(?:update|report|progress)|actions?\s+taken|one\s+year\s+on|ymateb(?:\s+i)?"),
    ("briefing", r"(?:[1-9]|10|one|two|three|four|five|six|seven|eight|nine|ten)[\s-]*(?:minutes?|mins?|points?)(?:\s+(?:\w+\s+)?(?:briefings?(?:\s+(?:note|paper|sheet))?|learning|guides?|reads?|summary|brief))?|7\s?MB|(?:(?:practice|practitioners?'?|learning|staff|case|lessons|multi[\s-]agency)\s+)*(?:briefings?)(?:\s+(?:note|paper|sheet|document)s?)?|(?:learning|practice|case|practitioner)\s+briefs?|briefs?(?=\s*(?:$|[:–(,]|for\b|on\b))|one[\s-]+page(?:r)?(?:\s+(?:\w+\s+)?(?:summary|briefing|guide))?|(?:single|1)[\s-]page\s+summary|(?:(?:learning|lessons)\s+)?on\s+a\s+page|(?:learning\s+|information\s+)?leaflets?|bite[\s-]?size(?:d)?(?:\s+\w+)?|at\s+a\s+glance|fact\s?sheets?|flyers?|spotlight(?:\s+on)?|practice\s+(?:note|point|alert)s?|(?:learning\s+)?bulletins?|learning\s+(?:sheet|note|flyer|card)s?|(?:papur|nodyn|dogfen)?\s*br[iî]ff?(?:io)?(?:\s+\d+\s+munud)?\b|briff"),
    ("executive_summary", r"exec(?:utive)?\.?\s*summar(?:y|ies)|summary\s+(?:overview\s+)?report|report\s+summary|crynodeb(?:\s+gweithredol)?"),
    ("learning_summary", r"learning\s+summar(?:y|ies)|summar(?:y|ies)\s+of\s+(?:the\s+)?(?:learning|lessons|findings|key|themes)\w*|(?:summary|practitioner)\s+(?:of\s+)?learning|practitioners?'?\s+summary|(?:key|main)\s+(?:learning|lessons|messages|findings|themes|points)(?:\s+(?:points|messages|themes))?|learning\s+(?:points|pack|resources?|themes|slides|package|document|materials?|messages)|lessons?\s+(?:to\s+be\s+)?(?:learn(?:ed|t|ing)?|from)|learning\s+(?:the\s+)?lessons|learning\s+from(?!\s+(?:practice|experience|experiences)\s*$)|learning\s+for\s+(?:the\s+future|practi\w+|professionals)|what\s+(?:we|can\s+we|have\s+we)\s+learn\w*|(?:power\s?point|slides?(?:\s+pack|\s+deck)?|slide\s+set|presentation|ppt)(?:\s+presentation|\s+slides)?|(?:triennial|biennial)\s+(?:analysis|review)|(?:thematic\s+|final\s+|national\s+)?analysis\s+of|messages\s+from|overview\s+of\s+(?:the\s+)?(?:learning|lessons|findings|themes)|themes\s+from|findings\s+from|dysgu\s+(?:o|oddi)|gwersi\b|report\s+on\s+good\s+practice|data\s+report|evaluation\s+of"),
    ("overview_report", r"(?:independent\s+)?overview(?:\s+(?:report|document))?(?!\s+of)|(?:full|main|final)\s+(?:\w+\s+)?report|adroddiad(?:\s+(?:trosolwg|terfynol|llawn))?"),
)  # fmt: skip
_PATTERNS = [
    (role, re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)) for role, words in _ROLES
]
_SUMMARY = re.compile(r"(?<!\w)(?:case\s+)?summar(?:y|ies)(?:\s+of)?(?!\w)", re.IGNORECASE)
_REPORT = re.compile(r"(?<!\w)reports?(?!\w)", re.IGNORECASE)
_FINAL = re.compile(r"(?<!\w)final(?:m)?(?:\s+(?:version|copy))?(?!\w)", re.IGNORECASE)
_NOT_THE_REPORT = re.compile(
    r"(?:says?|new|critical|damning|annual|\d+[\s-]page|progress|data|court|news|inspection|triennial|research|government|statistical|press)\s*$",
    re.IGNORECASE,
)
_NEWS_AFTER = re.compile(
    r"^\s*(?:says|finds|found|reveals?|into\s+(?:\w+\s+)?case\s+critical|critical|warns|shows|highlights|calls|concludes|was|is|has|on\s+(?:the\s+)?(?:work|progress))\b",
    re.IGNORECASE,
)
# A board answers a review; what it says "regarding" a person is a statement to the press.
_STATEMENT = re.compile(
    r"\b(?:response|statement|reaction)\s+(?:regarding|about|concerning|on\s+the\s+death)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:says?|finds?|found|reveals?|fail(?:ed|s)?|critici[sz]e[sd]?|warn(?:s|ed)?|calls|called|shows|highlights|exposes|blames?|missed|slams?|"
    r"could|should|must|was|were|has|have|had|died|killed|published|publishes|released|launched|apologi[sz]es?)\b",
    re.IGNORECASE,
)
_OVER_MANY = re.compile(
    r"(?:annual|national|regional|final)\s+(?:review|report|overview)|report\s+on|reviewing|themes|audit\s+of|overview(?!\s+reports?)",
    re.IGNORECASE,
)
# The national collection's thematic briefings (VOCABULARY section 7).
_CASE_REVIEWS_BRIEFING = re.compile(
    r"[:–|]\s*(?:learning|lessons)\s+from\s+(?:recent\s+)?case\s+reviews\b|^(?:learning|lessons)\s+from\s+case\s+reviews\s*[:–]",
    re.IGNORECASE,
)

# Papers about how reviews are done, and everyday papers of boards (VOCABULARY section 8, point 12).
_NOT_A_REVIEW = re.compile(
    r"(?<!\w)(?:tool\s?-?kits?|polic(?:y|ies)|procedures?|protocols?|guidance|guidelines|templates?|newsletters?|annual\s+reports?|"
    r"business\s+plans?|strateg(?:y|ies)|terms\s+of\s+reference|flow\s?charts?|(?:referral|notification|request|consideration|nomination|application|decision)\s+forms?|"
    r"check\s?lists?|frameworks?|handbooks?|manuals?|minutes|agendas?|training(?:\s+(?:course|programme|pathway))?|"
    r"e-?learning|courses?|"
    r"job\s+descriptions?|vacanc(?:y|ies)|tenders?|expressions?\s+of\s+interest|consultations?|faqs?|frequently\s+asked|audit(?:\s+tool|s)?|"
    r"process(?:es)?(?!\s+reviews?)|criteria|threshold(?:s)?(?:\s+document)?|(?:sub[\s-]?)?(?:group|committee)\s+(?:members|papers)|privacy\s+notice|repositor(?:y|ies)|databases?|librar(?:y|ies)|bibliograph(?:y|ies)|regulations|trackers?|"
    r"information\s+for\s+(?:families|parents|practitioners|professionals)|how\s+(?:to|we|do)\b|what\s+(?:is|are)\b|about\s+(?:case|serious|child)|book(?:ing)?\s+form|"
    r"polis[iï]|canllawiau|gweithdrefn(?:au)?|cylchlythyr|adroddiad\s+blynyddol|templed|pecyn\s+cymorth|hyfforddiant)(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
_EVENT = re.compile(
    r"(?<!\w)(?:conferences?|webinars?|workshops?|seminars?|(?:learning|dissemination|practitioner|launch)\s+(?:events?|sessions?|days?))(?!\w)",
    re.IGNORECASE,
)
_RESCUES = re.compile(
    r"^\W*(?:learning|lessons|findings|messages|slides?|presentation)\s+(?:from|of)\b|^annual\s+review\s+of",
    re.IGNORECASE,
)


def not_a_review(text: str, *, labels: Sequence[str]) -> bool:
    """True for toolkits, procedures, events, newsletters...: then neither type nor role is given.

    A title that names its case ("Child Q: policy into practice") stays a review's paper, an opening "Learning from
    the ... event" its summary.
    """
    if labels:
        return False
    return bool(_NOT_A_REVIEW.search(text) or (_EVENT.search(text) and not _RESCUES.search(text)))


def find_roles(text: str, *, taken: Sequence[tuple[int, int]] = ()) -> list[RoleMention]:
    """All words that tell a role, in order of precedence, without those inside `taken` spans."""
    found: list[RoleMention] = []
    letters = list(text)
    for start, end in taken:
        letters[start:end] = MASK * (end - start)
    clear = "".join(letters)
    for role, pattern in _PATTERNS:
        for match in pattern.finditer(clear):
            if not _overlaps(match, [(m.start, m.end) for m in found]):
                found.append(RoleMention(match.start(), match.end(), role))
    return found


def read_role(
    text: str,
    *,
    types: Sequence[TypeMention],
    labels: Sequence[str],
    taken: Sequence[tuple[int, int]] = (),
    case_ref: bool = False,
) -> tuple[str | None, list[RoleMention]]:
    """The role a title tells, None when it tells none, and the words that any role took.

    A bare "Report" of a case is the overview report (VOCABULARY 2.2), a bare "Summary" of a statutory review its executive
    summary, of a learning review its learning summary; FINAL beside a type and a label marks the report itself.
    """
    mentions = find_roles(text, taken=taken)
    bare = _bare_words(text, [*taken, *((m.start, m.end) for m in mentions)])
    words = mentions + bare
    if _CASE_REVIEWS_BRIEFING.search(text):
        return "briefing", words
    if not types and _STATEMENT.search(text):
        return "statement", words
    if _is_headline(text):
        bare = [
            mention
            for mention in bare
            if mention.role == "summary"
            or (re.search(r"[:–]\s*$", text[: mention.start]) and mention.end == len(text))
        ]
    told = {mention.role for mention in mentions}
    for pair in (
        ("overview_report", "action_plan"),
        ("executive_summary", "action_plan"),
        ("response", "action_plan"),
        ("executive_summary", "response"),
        ("overview_report", "response"),
    ):
        if told >= set(pair) and _first(mentions, pair[0]) < _first(mentions, pair[1]):
            told.discard(pair[1])
    first_summary = next((m.start for m in bare if m.role == "summary"), None)
    if (
        "response" in told
        and first_summary is not None
        and first_summary < _first(mentions, "response")
    ):
        told.discard("response")
    many = bool(types) and all(mention.plural for mention in types) and not labels
    for role, _ in _PATTERNS:
        if role not in told:
            continue
        if role == "overview_report" and many and _OVER_MANY.search(text):
            return "learning_summary", words
        if role == "learning_summary" and "overview_report" in told and labels and not many:
            return "overview_report", words
        return role, words
    if any(mention.role == "summary" for mention in bare):
        return _summary_role(types), words
    if many and _OVER_MANY.search(text):
        return "learning_summary", words
    of_a_case = bool(types or labels or case_ref) or len(text.split()) <= 3
    if of_a_case and any(mention.role == "overview_report" for mention in bare):
        return "overview_report", words
    if labels and types and any(mention.role == "final" for mention in bare):
        return "overview_report", words
    return None, words


def _is_headline(text: str) -> bool:
    """True for a sentence of a newspaper or a news page: a verb that tells, and mostly small letters."""
    words = re.findall(r"[A-Za-z]+", text)
    small = sum(word[0].islower() for word in words)
    return bool(_TELLS.search(text)) and len(words) >= 6 and small >= 0.55 * len(words)


def _bare_words(text: str, taken: list[tuple[int, int]]) -> list[RoleMention]:
    found: list[RoleMention] = []
    for role, pattern in (("summary", _SUMMARY), ("overview_report", _REPORT), ("final", _FINAL)):
        for match in pattern.finditer(text):
            if _overlaps(match, taken):
                continue
            if role == "overview_report" and (
                _NOT_THE_REPORT.search(text[: match.start()])
                or _NEWS_AFTER.match(text[match.end() :])
            ):
                continue
            found.append(RoleMention(match.start(), match.end(), role))
    return found


def _summary_role(types: Sequence[TypeMention]) -> str:
    if any(
        mention.code in ("learning_review", "learning_review_scotland", "rapid_review")
        for mention in types
    ):
        return "learning_summary"
    return "executive_summary"


def _first(mentions: Sequence[RoleMention], role: str) -> int:
    return min(mention.start for mention in mentions if mention.role == role)


def _overlaps(match: re.Match[str], spans: Sequence[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in spans)
