"""The date of publication that words say: with words of publication, alone, in brackets, or at the end of a title.

Any other date near a link is another's: of a law, a death, a birth, a meeting, a period, the page. It is no document's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from casereviews.crawler.parsing.links.wording import is_reviewish
from casereviews.repository.describing.dates import DateMention, find_dates
from casereviews.repository.vocabulary.rules import load_rules

LINK = "¦"
"""Stands for a link in the words beside it."""

LONGEST_TITLE = 150
MOST_DATES = 40
"""So many dates of a line are looked at one by one, each with all that stands around it: a line of more is a table or a chronology."""
_AROUND = load_rules("date_circumstances")
_LABELS = load_rules("date_labels")
_NAMES = {"published": "published", "uploaded": "uploaded_on"}
_BETWEEN_PARTS = re.compile(rf"{LINK}|[|•·()\[\]–—]|\s-(?=\s)|\s-$")
_BETWEEN_FIELDS = re.compile(rf"{LINK}|[|•·]")
_SENTENCE_END = re.compile(r"(?<=[a-z)¦][.!?])\s+(?=[A-Z“\"'‘¦])")
_DIGITS = re.compile(r"\d\d")
_TIME = re.compile(r"[T ]\d\d:\d\d.*$")


@dataclass(frozen=True, slots=True)
class Said:
    """A date as printed; `name` is "published" or "uploaded_on" where words of publication name it, "date" where a column or the
    page's own mark-up does, "" where nothing does.

    `states` is True when its line says nothing else first, so that it may speak for its neighbours.
    """

    date: str
    name: str = ""
    states: bool = True

    @property
    def published(self) -> bool:
        """True when words of publication name it."""
        return self.name in _NAMES.values()


def said_in(text: str, *, lead: str = "", marked: tuple[str, ...] = ()) -> Said | None:
    """The date of publication that a line says, None without one.

    `LINK` stands in `text` where a link was; `lead` is a label on the line before ("Published:"); `marked` are words that the page
    marks up as a date (`<time>`).
    """
    if not _DIGITS.search(text):
        return None
    mentions = _dated(text)
    return (
        _published(text, mentions)
        or _labelled(text, lead, mentions)
        or _alone(text, lead, mentions, marked)
        or _ending_a_title(text, lead, mentions)
    )


def said_beside(text: str, number: int, *, marked: tuple[str, ...] = ()) -> Said | None:
    """The date of the link that is `LINK` number `number` (from 0) of a line: its own sentence's, else one of a sentence without links."""
    sentences = _SENTENCE_END.split(text)
    at = 0
    while number >= sentences[at].count(LINK) and at + 1 < len(sentences):
        number -= sentences[at].count(LINK)
        at += 1
    own = said_in(_part_of_link(sentences[at], number), marked=marked)
    if own is not None:
        return own
    title = sentences[at].split(LINK)[number].strip(" –—-:|")
    if _DIGITS.search(title) and (named := _ending_a_title(title, "", _dated(title))):
        return named
    others = [*reversed(sentences[:at]), *sentences[at + 1 :]]
    told = [said_in(one) for one in others if LINK not in one]
    return next((one for one in told if one is not None and one.published), None)


def said_in_title(text: str) -> Said | None:
    """The date that a title holds: with words of publication, else to the month or day and no other's."""
    if not _DIGITS.search(text):
        return None
    mentions = _dated(text)
    published = _published(text, mentions)
    if published is not None:
        return published
    plain = (
        one
        for one in mentions
        if one.precision != "year" and one.meaning in (None, "report_date") and not _of_another(text[: one.start])
    )  # fmt: skip
    return next((Said(_printed(one)) for one in plain), None)


def said_in_cell(heading: str, text: str) -> Said | None:
    """The date that a cell says under its column's heading; None where the heading says that it is another's."""
    said = said_in(text, lead=heading)
    return replace(said, name="date") if said is not None and heading and not said.name else said


def is_date_label(text: str) -> bool:
    """True for words that only say what the next line's date is: "Published", "Date of death:", "Last updated"."""
    if len(text) > 40 or is_reviewish(text):
        return False
    rest = text
    for kind in ("of_another", "beside", "stating"):
        rest = _AROUND[kind].pattern.sub(" ", rest)
    for label in _LABELS:
        rest = label.pattern.sub(" ", rest)
    return not re.search(r"[^\W_]", rest)


def _dated(text: str) -> list[DateMention]:
    return [one for one in find_dates(text) if one.iso]


def _published(text: str, mentions: list[DateMention]) -> Said | None:
    for meaning, name in _NAMES.items():
        one = next((one for one in mentions if one.meaning == meaning), None)
        if one is not None and not _AROUND["not_yet"].fits(text):
            sentence = _SENTENCE_END.split(text[: one.start])[-1]
            rest = _AROUND["beside"].pattern.sub(" ", sentence)
            for label in _LABELS:
                if label.code == meaning:
                    rest = label.pattern.sub(" ", rest)
            return Said(_printed(one), name, states=_only(rest, "stating"))
    return None


def _labelled(text: str, lead: str, mentions: list[DateMention]) -> Said | None:
    """The date of a line that is nothing else, under a label of publication."""
    if not lead or len(mentions) != 1 or not _only(_without(text, mentions[0]), "beside"):
        return None
    (one, *_) = find_dates(f"{lead.rstrip(' :')}: {text}") or (None,)
    if one is None or one.meaning not in _NAMES or _AROUND["not_yet"].fits(lead):
        return None
    return Said(_printed(mentions[0]), _NAMES[one.meaning])


def _alone(
    text: str, lead: str, mentions: list[DateMention], marked: tuple[str, ...]
) -> Said | None:
    """A date with no words beside it: on its line, in brackets, or between a link and a sign that parts it from the rest."""
    if lead and (_of_another(lead) or _is_labelled_otherwise(lead)):
        return None
    linked = LINK in text
    for one in mentions[:MOST_DATES]:
        if one.meaning not in (None, "report_date"):
            continue
        before, after = text[: one.start], text[one.end :]
        if any(_printed(one) in words for words in marked) and not _of_another(before[-40:]):
            return Said(_printed(one), "date")
        parts = _BETWEEN_PARTS if linked else _BETWEEN_FIELDS
        beside = parts.split(before)[-1] + " " + parts.split(after)[0]
        if _only(beside, "beside"):
            rest = before + " " + after
            if _only(rest.replace(LINK, " "), "beside") or not _of_another(rest):
                return Said(_printed(one))
        told = not linked and text.rstrip().endswith(".")
        if (
            _in_brackets(before, after)
            and not told
            and len(text) <= LONGEST_TITLE
            and not _of_another(text)
        ):
            return Said(_printed(one), states=is_reviewish(text) or len(text.split()) <= 8)
    return None


def _ending_a_title(text: str, lead: str, mentions: list[DateMention]) -> Said | None:
    """The date at the end of a line that names a review or its paper, as a title does."""
    if not mentions or LINK in text or len(text) > LONGEST_TITLE or text.rstrip().endswith("."):
        return None
    last = mentions[-1]
    if last.meaning is not None or last.precision == "year" or re.search(r"\w", text[last.end :]):
        return None
    if not is_reviewish(text) or _of_another(f"{lead} {text}"):
        return None
    return Said(_printed(last))


def _part_of_link(sentence: str, number: int) -> str:
    """Of a sentence with several links and several dates the part that is the link's: up to the next link, or from the one before."""
    pieces = sentence.split(LINK)
    dated = [bool(find_dates(piece)) if _DIGITS.search(piece) else False for piece in pieces]
    if len(pieces) <= 2 or sum(dated) <= 1:
        return sentence
    if dated[0] and not dated[-1]:
        return pieces[number] + LINK
    return LINK + pieces[number + 1]


def _is_labelled_otherwise(lead: str) -> bool:
    meant = [one.meaning for one in find_dates(f"{lead.rstrip(' :')}: 1 May 2001")]
    return any(meaning not in (None, "report_date", *_NAMES) for meaning in meant)


def _in_brackets(before: str, after: str) -> bool:
    opened = re.search(r"[(\[]([^()\[\]]*)$", before)
    closed = re.match(r"([^()\[\]]*)[)\]]", after)
    return bool(opened and closed and _only(opened[1] + " " + closed[1], "beside"))


def _without(text: str, one: DateMention) -> str:
    return text[: one.start] + " " + text[one.end :]


def _only(text: str, kind: str) -> bool:
    """True when nothing but words of this kind is left of `text`."""
    return not re.search(r"[^\W_]", _AROUND[kind].pattern.sub(" ", text))


def _of_another(text: str) -> bool:
    return _AROUND["of_another"].fits(text) or _AROUND["bound"].fits(text)


def _printed(one: DateMention) -> str:
    return _TIME.sub("", one.raw)
