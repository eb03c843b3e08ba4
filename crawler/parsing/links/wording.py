"""The words by which links are told apart: reviews, their documents, labels of cases, and everything that only looks alike.

Names of types and roles are those of the field's vocabulary; slips and plurals are accepted as real pages have them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_FLAGS = re.I

REVIEW = re.compile(
    r"\b(?:serious|significant|initial|critical|local|child|children['’]?s?|national)?\s*case(?: management)? reviews?\b"
    r"|\b(?:child(?:ren)?|safeguarding|adults?)\s+(?:safeguarding\s+)?practice reviews?\b|\bpractice (?:learning )?reviews?\b"
    r"|\blearning (?:and improvement )?reviews?\b|\blearning from (?:local |case |practice |serious )?(?:case |practice )?reviews?\b"
    r"|\b(?:thematic|partnership|rapid|reflective|multi[- ]agency(?: learning)?|appreciative|independent(?: management| domestic abuse)?"
    r"|domestic homicide|domestic abuse related death|safeguarding adults?|single unified safeguarding|extended|concise|joint|historic)"
    r"\s+(?:learning |case |practice |child practice )?reviews?\b"
    r"|\bpublished (?:case |learning |practice |local |child )*reviews?\b|\breviews? (?:archive|library|repository)\b"
    r"|\b(?:SCRs?|L?CSPRs?|LSCPRs?|LCSPRs?|SPRs?|SARs?|DHRs?|DARDRs?|CPRs?|APRs?|SUSRs?|CMRs?|ICRs?|MALRs?|PLRs?|LLRs?|AYP|SILP)\b"
    r"|\badolygiad(?:au)?\b",
    _FLAGS,
)
ROLE = re.compile(
    r"\bslides\b|\bpresentation\b|\bpodcast\b|"
    r"\boverview report|\bexecutive summar|\b(?:full|final|main|published|review|independent) report\b|\bsummary report\b"
    r"|\b(?:7|seven|5|five|6|six)[ -]?(?:minute|point|min)\b|\blearning (?:briefing|brief|summar|leaflet|pack|points|lessons|poster|digest|note)"
    r"|\bpractitioner (?:briefing|summar|learning)|\bbriefing(?: note| paper)?s?\b|\bone[- ]page (?:summary|briefing)|\bkey (?:learning|messages)\b"
    r"|\b(?:board|partnership|agency|multi[- ]agency|lscb|scp)['’]?s? response\b|\bresponse to\b|\baction plan\b"
    r"|\b(?:press|media|board|partnership|public) (?:statement|release)|\beasy[- ]read\b|\binfographic|\bappendi(?:x|ces)\b"
    r"|\blearning from (?:child|family|baby|the case|case)\b|\bcrynodeb|\badroddiad",
    _FLAGS,
)
# What follows "Child", "Family" or "Adult" in ordinary speech: "Child Protection" is nobody's label, "Child Heron" is.
_NO_NAME = (
    "Protection|Safeguarding|Deaths?|Sexual|Criminal|Exploitation|Abuse|Practice|Reviews?|Services?|Support|Development|Health|Care|Carers?"
    "|Neglect|Poverty|Welfare|Custody|Social|And|In|On|To|With|Of|The|Who|First|Mental|Looked|Safety|Trafficking|Line|Friendly"
    "|Arrangements?|Assessments?|Plans?|Conferences?|Centred|Focused|Hubs?|Groups?|Courts?|Justice|Proceedings|Violence|Matters|Time"
    "|Nurses?|Partnerships?|Learning|Education|Information|Rights|Law|Therapy|Benefit|Employment|Performance|Homes?|At|Act|Boards?"
    "|Networks?|Wellbeing|Outcomes|Needs?|Mortality|Injur(?:y|ies)|Cruelty|Homicides?|Suicides?|Voice|Impact|Sex|Online|Missing|Schools?"
    "|Meetings?|Living|Trusts?|Drug|Alcohol|Contact|Perpetrators?|Victims?|Behaviour|Visiting|Trees?|History|Intervention|Approach|Based"
    "|Minding|Minders?|Maintenance|Tax|Stud(?:y|ies)|Law|Work|Workers?|Management|Holders?|Loads?|Notes?|Files?|Conference|Responsib\\w+"
    "|Serious|Significant|Published|Overview|Executive|Local|National|Independent|Thematic|Summary|Report|Or|For|Is|Was|A(?=\\s+[a-z])"
)
LABEL = re.compile(
    r"\b(?:Child(?:ren)?|Baby|Babies|Family|Young (?:Person|People)|Adults?|Siblings?|Infant|Brothers|Sisters|Plentyn|Teulu|Nursery)\s+"
    rf"[\"'“‘(]?(?:[A-Z]{{1,2}}\d{{0,4}}\b(?!['’][a-z])|\d{{1,3}}\b|(?!(?:{_NO_NAME})\b)[A-Z][a-z]+\b)"
    r"|\b(?:Case|Subject)\s+(?:No\.?\s*|Number\s+)?(?:[A-Z]{1,4}\d{0,4}\b(?![a-z])|\d{1,3}\b)"
    r"|\b(?:CHILD|BABY|FAMILY|YOUNG PERSON|ADULT)\s+[\"'“‘(]?[A-Z]{1,2}\d{0,3}\b"
    r"|\b(?!S(?:11|17|20|31|47|157|175)\b)[A-Z]{1,3}\d{2,3}\b|\b(?:Mr|Mrs|Ms|Miss)\s+[A-Z]"
)

# Reason -> words of things that are not reviews, though they stand on the same pages.
DECOYS: dict[str, re.Pattern[str]] = {
    "annual_report": re.compile(
        r"\bannual (?:report|review(?! of )|conversation|plan)|\bbusiness plan|\byear(?:ly)? (?:end )?report",
        _FLAGS,
    ),
    "newsletter": re.compile(r"\bnews ?letters?\b|\bbulletins?\b|\be-?zine|\bnews ?flash", _FLAGS),
    "policy": re.compile(
        r"\bpolic(?:y|ies)\b|\bstrateg(?:y|ies)\b|\bcharter\b|\bconstitution\b|\bmemorandum of understanding",
        _FLAGS,
    ),
    "procedure": re.compile(
        r"\bprocedures?\b|\bprotocols?\b|\bpathway\b|\b(?:care|referral|clinical|assessment) pathways\b|\bprocess(?:es)? (?:map|chart|guide)|\bflow ?charts?\b|\bescalation\b",
        _FLAGS,
    ),
    "template": re.compile(
        r"\btemplates?\b|\bforms?\b|\bpro ?formas?\b|\bchecklists?\b|\breferral (?:form|to)|\bnotification form",
        _FLAGS,
    ),
    "toolkit": re.compile(
        r"\btool ?kits?\b|\btools?\b(?! shed)|\bresource packs?\b|\bhandbooks?\b|\bmanuals?\b|\bassessment framework",
        _FLAGS,
    ),
    "training": re.compile(
        r"\btraining\b|\bcourses?\b|\bworkshops?\b|\be-?learning\b|\bwebinars?\b|\bconference\b|\bflyers?\b|\blearning events?\b|\bbook(?:ing)? (?:form|now)|\bprospectus",
        _FLAGS,
    ),
    "guidance": re.compile(
        r"\bguidance\b|\bguides?\b(?! to the review)|\bworking together (?:to safeguard|20\d\d)|\bthresholds?\b|\bcontinuum of need|\bstandards\b|\bhow to\b|\bwhat to do\b|\breport a concern",
        _FLAGS,
    ),
    "committee": re.compile(
        r"\bminutes\b|\bagendas?\b|\bterms of reference\b(?! (?:and|of the) review)|\bmembership\b|\bstructure chart",
        _FLAGS,
    ),
    "leaflet": re.compile(
        r"\bleaflets? for (?:parents|children|families|carers)|\bcampaign\b|\binformation for (?:parents|families)",
        _FLAGS,
    ),
    "website": re.compile(
        r"\bprivacy\b|\bcookies?\b|\baccessibility\b|\bcontact us\b|\bsite ?map\b|\bcomplaints?\b|\bterms and conditions|\bfreedom of information",
        _FLAGS,
    ),
    "audit": re.compile(
        r"\baudits?\b|\bscorecards?\b|\bdata ?sets?\b|\bsurveys?\b|\bconsultations?\b|\bevaluation report",
        _FLAGS,
    ),
}
NATIONAL = re.compile(
    r"\bnational (?:child safeguarding practice )?(?:review|panel)|\bchild safeguarding practice review panel|\btriennial|\bnspcc\b"
    r"|\bnational (?:case review )?repository|\bnational analysis",
    _FLAGS,
)
STATUS = re.compile(
    r"\bno longer (?:published|available|online|on (?:the|this|our) (?:web)?site)\b|\bunpublished\b|\bnot (?:been |yet )?published\b"
    r"|\bwill not be published\b|\bpublication (?:has been |is )?delayed\b|\bdelayed\b|\b(?:available )?(?:up)?on request\b|\barchived\b"
    r"|\bpending\b|\bpublished anonymously\b|\bwithdrawn\b|\bremoved from (?:the|this|our) (?:web)?site\b|\bsummary only\b",
    _FLAGS,
)
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec"
    r"|Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr)"
)
_WEEKDAY = r"(?:(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun)(?:day)?,?\s+)?"
DATE = re.compile(
    rf"\b{_WEEKDAY}\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b\.?,?\s+(?:19|20)\d\d\b"
    rf"|\b{_MONTH}\b\.?,?\s+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:19|20)\d\d\b"
    r"|\b(?:19|20)\d\d-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./](?:(?:19|20)\d\d|\d\d)\b",
    _FLAGS,
)
YEAR = re.compile(
    r"^\W*(?:reviews? (?:published (?:in )?)?)?((?:19|20)\d\d)(?:\s*[-–/]\s*(?:(?:19|20)?\d\d))?(?: reviews?)?\W*$",
    _FLAGS,
)


def words_of(text: str, url: str | None = None) -> str:
    """A link's text with the words of its file's name: hyphens, underscores and %20 become spaces."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2]) if url else ""
    stem = re.sub(r"\.[A-Za-z]{2,5}$", "", name)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[-_+]+", " ", stem))
    return f"{text} {spaced}".strip()


_SEGMENTS = re.compile(r"\s*[:–—|]\s*|\s+-\s+|\s*\(|\)")
_PREPOSITION = re.compile(
    r"\b(?:for|about|on|of|into|regarding|concerning|following|from|with|in|after|to|by)\b", _FLAGS
)
_BARE = re.compile(
    r"(?:(?:practice|local|staff|our|the|new|updated|multi[- ]agency)\s+)*(?:guidance|guide|tool ?kit|training|procedures?|protocol|policy|"
    r"process(?: map)?|template|forms?|checklist|flow ?chart|pathway)",
    _FLAGS,
)
_LEARNING_FROM = re.compile(r"^\W*(?:learning|lessons)(?: learn(?:ed|t))? from\b", _FLAGS)
_ALWAYS = ("annual_report", "newsletter", "website")
_PANEL = re.compile(r"\breview (?:panel|group|sub-?group|committee|team)s?\b", _FLAGS)


def decoy_reason(text: str) -> str | None:
    """Why a thing of this name is no review, None when nothing says so.

    A name is what its head is: a "Serious Case Review Toolkit" is a toolkit and a "Protocol for serious case reviews" a protocol, but
    a "Thematic review of training" is a review and "Slides for team training" are slides. A label ("Child A and the escalation
    policy") makes it a document of a review, unless it is an annual report, a newsletter or the website's own.
    """
    found = {reason for reason, pattern in DECOYS.items() if pattern.search(text)}
    if not found:
        return None
    for reason in _ALWAYS:
        if reason in found and not (reason == "website" and LABEL.search(text)):
            return reason
    if LABEL.search(text):
        return None
    parts = [(part, kind) for part in _SEGMENTS.split(text) if (kind := _kind_of(part))]
    if not parts:
        return min(found)
    decoys = [(part, kind) for part, kind in parts if kind in DECOYS]
    first, last = parts[0][1], parts[-1][1]
    if not decoys or last == "review" or first == "role":
        return None
    tells = first == "review" or (first == "reviews" and bool(_LEARNING_FROM.match(text)))
    if tells and not any(_BARE.fullmatch(_head(part).strip()) for part, _ in decoys):
        return None  # "Learning review: police training" is about training, "Learning review: guidance" is none
    return decoys[0][1]


def _kind_of(part: str) -> str | None:
    """What one part of a name is by its head: a reason of DECOYS, "review", "reviews" (several: a list or a subject), "role"."""
    head = _head(part)
    best: tuple[int, int, str] | None = None
    candidates = [*DECOYS.items(), ("review", REVIEW), ("role", ROLE)]
    for reason, pattern in candidates:
        for hit in pattern.finditer(head):
            # The last word of a head says what it is; of two that end together, the longer.
            key = (hit.end(), -hit.start(), _plural(reason, hit.group(0)))
            best = key if best is None or key[:2] > best[:2] else best
    if best is None:
        return None
    if best[2] in DECOYS and _LEARNING_FROM.match(part):
        # "Lessons from our audit" is an audit's; "Learning from the training ship" is what a review is called.
        at_the_end = not head[best[0] :].strip(" .")
        return best[2] if at_the_end and len(head.split()) < 5 else "role"
    return best[2]


def _head(part: str) -> str:
    """A name up to its first preposition: what the thing is, without what it is about."""
    part = _PANEL.sub(" ", part)
    for found in _PREPOSITION.finditer(part):
        if re.match(r"of reference\b", part[found.start() :], _FLAGS):
            continue  # "terms of reference" is one name
        if part[: found.start()].strip() and not _begins_learning(part, found.start()):
            return part[: found.start()]
    return part


def _begins_learning(part: str, at: int) -> bool:
    """True for the "from" of "learning from..." and the "to" of "how to", which no head ends at."""
    return bool(re.search(r"\b(?:learning|lessons|how|what|response)\s*$", part[:at], _FLAGS))


def _plural(reason: str, said: str) -> str:
    if reason != "review":
        return reason
    return "reviews" if re.search(r"reviews$|s$", said) and not said.isupper() else "review"


def is_reviewish(text: str) -> bool:
    """True when a text speaks of a review, one of its documents or a case."""
    return any(pattern.search(text) for pattern in (REVIEW, ROLE, LABEL))


def dates_in(text: str) -> list[str]:
    """Dates as printed, in order, each once."""
    return list(dict.fromkeys(found.group(0).strip() for found in DATE.finditer(text)))


def status_words_in(text: str) -> list[str]:
    """Status words as printed, in order, each once."""
    return list(dict.fromkeys(found.group(0) for found in STATUS.finditer(text)))
