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
    r"\boverview report|\bexecutive summar|\b(?:full|final|main|published|review|independent) report\b|\bsummary report\b"
    r"|\b(?:7|seven|5|five|6|six)[ -]?(?:minute|point|min)\b|\blearning (?:briefing|brief|summar|leaflet|pack|points|lessons|poster|digest|note)"
    r"|\bpractitioner (?:briefing|summar|learning)|\bbriefing(?: note| paper)?s?\b|\bone[- ]page (?:summary|briefing)|\bkey (?:learning|messages)\b"
    r"|\b(?:board|partnership|agency|multi[- ]agency|lscb|scp)['’]?s? response\b|\bresponse to\b|\baction plan\b"
    r"|\b(?:press|media|board|partnership|public) (?:statement|release)|\beasy[- ]read\b|\binfographic|\bappendi(?:x|ces)\b"
    r"|\blearning from (?:child|family|baby|the case|case)\b|\bcrynodeb|\badroddiad",
    _FLAGS,
)
LABEL = re.compile(
    r"\b(?:Child(?:ren)?|Baby|Babies|Family|Young Person|Adult|Siblings?|Case|Subject|Infant|Brothers|Sisters|Plentyn|Teulu)\s+"
    r"[\"'“‘(]?(?:[A-Z]{1,4}\d{0,4}|\d{1,3}|[A-Z][a-z]+)\b"
    r"|\b[A-Z]{1,3}\d{2,3}\b|\b(?:Mr|Mrs|Ms|Miss)\s+[A-Z]\b"
)

# Reason -> words of things that are not reviews, though they stand on the same pages.
DECOYS: dict[str, re.Pattern[str]] = {
    "annual_report": re.compile(
        r"\bannual (?:report|review|conversation|plan)|\bbusiness plan|\byear(?:ly)? (?:end )?report",
        _FLAGS,
    ),
    "newsletter": re.compile(r"\bnews ?letters?\b|\bbulletins?\b|\be-?zine|\bnews ?flash", _FLAGS),
    "policy": re.compile(
        r"\bpolic(?:y|ies)\b|\bstrateg(?:y|ies)\b|\bcharter\b|\bconstitution\b|\bmemorandum of understanding",
        _FLAGS,
    ),
    "procedure": re.compile(
        r"\bprocedures?\b|\bprotocols?\b|\bpathways?\b|\bprocess(?:es)? (?:map|chart|guide)|\bflow ?charts?\b|\bescalation\b",
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


def decoy_reason(text: str) -> str | None:
    """Why a thing of this name is no review, None when nothing says so.

    What a name ends with is what the thing is: a "Serious Case Review Toolkit" is a toolkit, "Training needs: learning review" is a review. A
    role or a label ("Learning briefing: thresholds", "Child A and the escalation policy") makes it a document of a review, unless
    the decoy's word comes last.
    """
    last: tuple[int, str] | None = None
    for reason, pattern in DECOYS.items():
        for found in pattern.finditer(text):
            if last is None or found.start() > last[0]:
                last = (found.start(), reason)
    if last is None:
        return None
    for pattern in (REVIEW, ROLE, LABEL):
        if any(found.start() > last[0] for found in pattern.finditer(text)):
            return None
    said = any(pattern.search(text) for pattern in (ROLE, LABEL))
    ends = len(text.split()) and text[last[0] :].split()
    return None if said and len(ends or []) > 3 else last[1]


def is_reviewish(text: str) -> bool:
    """True when a text speaks of a review, one of its documents or a case."""
    return any(pattern.search(text) for pattern in (REVIEW, ROLE, LABEL))


def dates_in(text: str) -> list[str]:
    """Dates as printed, in order, each once."""
    return list(dict.fromkeys(found.group(0).strip() for found in DATE.finditer(text)))


def status_words_in(text: str) -> list[str]:
    """Status words as printed, in order, each once."""
    return list(dict.fromkeys(found.group(0) for found in STATUS.finditer(text)))
