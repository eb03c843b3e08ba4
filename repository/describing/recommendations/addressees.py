"""Whom a recommendation addresses, as printed."""

from __future__ import annotations

import re

BODY = (
    r"(?:board|partnership|partners?|committee|panel|police|constabulary|trust|council|authority|authorities"
    r"|agenc(?:y|ies)|organi[sz]ations?|social (?:care|services|work)|services?|schools?|colleges?|academ(?:y|ies)|nursery|nurseries"
    r"|health|hospitals?|gps?|general practices?|general practitioners?|practices|surger(?:y|ies)|midwifery|camhs|icbs?|ccgs?|boards|nhs|cafcass"
    r"|government|department|ministers?|home office|ministry|probation|housing|providers?|commissioners?|team|education"
    r"|inspectorate|ofsted|safeguarding leads?|directors?|chairs?|chief (?:officers?|executives?|constable)|association|charity"
    r"|group|sub group|court|hub|mash|marac|lscb|lscp|scp|scb|college of policing|executive|managers|practitioners|professionals"
    r"|leads?|nurses?|visitors|visiting|workers|bwrdd|heddlu|cyngor|ysgolion|gwasanaethau?)"
)
MODAL = (
    r"(?:should|must|shall|will|needs? to|ought to|(?:is|are) (?:asked|required|requested|recommended|encouraged|urged|advised|invited)(?: to)?"
    r"|(?:is|are) to|to (?!the\b|a\b|an\b|its\b|their\b|all\b|that\b|this\b)(?=[a-z]+)|dylai|rhaid)"
)
_BEFORE_MODAL = re.compile(
    rf"^(?:(?:in addition|furthermore|moreover|finally|additionally|also|lastly|therefore),?\s+)?(?:it is (?:therefore )?recommended (?:that|to)\s+|(?:the )?(?:review|panel|reviewers?|authors?)(?: \w+)? recommends? (?:that|to)\s+|that\s+)?"
    rf"(?P<who>[^.;:?!]{{2,110}}?),?\s+(?:(?:which|in|with|through|via|together)\b[^.;:?!]{{0,60}}?,?\s+)??(?:therefore\s+|also\s+|now\s+|jointly\s+)?{MODAL}",
    re.IGNORECASE,
)
_SUBJUNCTIVE = re.compile(
    r"^(?:it is (?:therefore )?recommended\s+|(?:the )?(?:review|panel|reviewers?|authors?)(?: \w+)? recommends?\s+)?that\s+(?P<who>[^.;:?!,]{2,80}?)\s+"
    r"(?:ensures?|reviews?|develops?|considers?|provides?|seeks?|promotes?|strengthens?|improves?|establish(?:es)?|implements?|audits?|agrees?|updates?"
    r"|revises?|amends?|works?|shares?|explores?|introduces?|commissions?|produces?|creates?|undertakes?|carry|carries|reminds?|issues?|makes?)\b",
    re.IGNORECASE,
)
_WELSH = re.compile(r"^Dylai(?:['’]r|\s+yr?|)\s+(?P<who>[A-ZŴŶ]\w+(?:\s+[A-ZŴŶ]\w+)*)")
_LABELLED = re.compile(
    r"^(?:recommendations? )?(?:for|to)\s+(?P<who>[^.:;?!]{2,80}?)\s*[:–—]\s*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)
_NAMED = re.compile(r"^(?P<who>[A-Z][^.:;?!]{2,70}?)\s*[:–—]\s+(?P<rest>[A-Z].*)$", re.DOTALL)
_TRAILING = re.compile(
    r"[.\s]*[(\[](?:(?:action|owner|lead|for|responsible|addressee)s?:?\s+)?(?P<who>[^()\[\]]{2,80})[)\]]\s*\.?$",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"^(?:\d+(?:\.\d+)*[.)]?\s+)?(?:(?:single agency |multi[- ]agency )?(?:recommendations?|actions?|learning)\s+)?(?:for|to|addressed to)\s+(?P<who>.+?)\s*:?$",
    re.IGNORECASE,
)
_BODY = re.compile(rf"\b{BODY}\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|that the|that|y|yr)\s+", re.IGNORECASE)
_NOT_A_BODY = re.compile(
    r"\b(?:this|these|it|they|there|which|who|child(?:ren)? who|review of|training|guidance|policy|protocol|when|where|if)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 14


def addressee(text: str) -> str | None:
    """The body that a recommendation's own words address ("The Board should..." is Board), None when unsaid."""
    flat = " ".join(text.split())
    for pattern in (_LABELLED, _BEFORE_MODAL, _SUBJUNCTIVE, _WELSH, _NAMED):
        match = pattern.match(flat)
        if match and (who := named_body(match["who"])):
            return who
    trailing = _TRAILING.search(flat)
    return named_body(trailing["who"]) if trailing else None


def heading_addressee(heading: str) -> str | None:
    """The body that a heading over recommendations names ("Recommendations for the Police" is Police)."""
    match = _HEADING.match(heading)
    if match:
        return named_body(match["who"])
    plain = re.sub(r"^\d+(?:\.\d+)*[.)]?\s+", "", heading).rstrip(": ")
    return named_body(plain) if len(plain.split()) <= 8 else None


def named_body(words: str) -> str | None:
    """Words without their article when they name a body, else None."""
    who = _ARTICLE.sub("", words.strip(" ,"))
    if not who or len(who.split()) > _MOST_WORDS or _NOT_A_BODY.search(who):
        return None
    return who if _BODY.search(who) else None


def directs(text: str) -> bool:
    """True when a sentence tells somebody to do something: "The Board should", "is asked to", "Review the..."."""
    return bool(_DIRECTS.search(text) or _IMPERATIVE.match(text.strip()))


_DIRECTS = re.compile(
    r"\b(?:should|must|shall|needs? to|ought to|(?:is|are) (?:asked|required|requested|recommended|encouraged|urged|advised|invited)"
    r"|recommend(?:s|ed)?|(?:is|are) to|dylai|rhaid|argymhell\w*)\b"
    rf"|\b{BODY} (?:to|will) [a-z]+",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(
    r"(?:to )?(?:ensure|review|develop|consider|provide|seek|promote|strengthen|improve|establish|implement|audit|agree|update|revise|amend"
    r"|work|share|raise|explore|introduce|embed|request|commission|produce|create|undertake|carry out|monitor|support|disseminate|remind"
    r"|evaluate|assess|clarify|deliver|include|make|extend|reinforce|write|publish|test|require|ask|put|set|train|equip|refresh|adopt|build"
    r"|conduct|encourage|identify|maintain|prepare|assure|gain|receive|launch|lead|map|add|use|hold|bring|design|check|arrange|that)\b",
    re.IGNORECASE,
)
