"""The heading of a case review on NSPCC's list pages: date, separator, publisher, separator, case."""

from __future__ import annotations

import re
from dataclasses import dataclass

from casereviews.crawler.parsing.links.wording import MONTH

_DATE = re.compile(
    rf"((?:\d{{1,2}}(?:st|nd|rd|th)?\s+)?(?:(?:{MONTH})\.?,?\s+)?(?:19|20)\d\d)(?!\d)", re.I
)
_LEAD = re.compile(r"\s*[-–—:]\s*")
# A hyphen inside a name ("Stoke-on-Trent") has no space on either side; a dash never stands inside one.
_SEPARATOR = re.compile(r"\s+[-–—]\s*|[-–—]\s+|[–—]")
_WITHHELD = re.compile(
    r"(anonymous\b|(?:NSPCC on behalf of )?(?:an )?unnamed [\w ]*?(?:LSCB|board|partnership|SCP)\b)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class EntryHeading:
    """The parts of one heading as printed. `anonymous` is True where the publisher is withheld."""

    text: str
    date: str
    area: str
    title: str
    anonymous: bool


def read_entry_heading(text: str) -> EntryHeading | None:
    """The heading's parts, None when it is no entry's heading (a year or a month alone heads a group).

    Separators drift (hyphen, en dash, one of them lost): "2012Kestrel Vale – Child V", "2019 - Anonymous-Katie",
    "December 2014NSPCC on behalf of unnamed LSCB - Child C".
    """
    line = " ".join(text.split())
    dated = _DATE.match(line)
    if dated is None:
        return None
    rest = line[dated.end() :]
    lead = _LEAD.match(rest)
    rest = rest[lead.end() :] if lead else rest.strip()
    withheld = _WITHHELD.match(rest)
    if withheld:
        title = _LEAD.sub("", rest[withheld.end() :], count=1).strip()
        return EntryHeading(line, dated.group(1), withheld.group(1), title, True)
    area, *title_parts = _SEPARATOR.split(rest, maxsplit=1)
    # A publisher's name begins with a capital: "2016 to 2018 - what changed" heads no entry.
    if not area[:1].isupper() or not title_parts or not title_parts[0]:
        return None
    return EntryHeading(line, dated.group(1), area.strip(), title_parts[0].strip(), False)
