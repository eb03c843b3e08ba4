"""Papers that name no case, under no heading that does: they are of the report that the page lists before them.

"SAR Adult K", "Board response", "Action plan", "SAR Mr D": the response and the plan are Adult K's. A heading, a line that begins
something else, a link to anything else ends a report's papers; where papers stand first, the order tells nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import text_of
from casereviews.crawler.parsing.links.cards import name_of_row
from casereviews.crawler.parsing.links.document_links import Reading
from casereviews.crawler.parsing.links.lines import Line
from casereviews.crawler.parsing.links.said_dates import LINK
from casereviews.crawler.parsing.links.whose import (
    cases_named,
    is_nameless_paper,
    names_same,
    says_paper,
)
from casereviews.crawler.parsing.links.wording import LINK_WORDS, only_dates, says_nothing
from casereviews.repository.model import Sighting

SHORT_LINE = 80
"""Characters. A line without links that is longer is prose, and ends nothing."""
_NAME = re.compile(r"(?<=[^.!?:–-] )[A-Z][\w'’-]+")


@dataclass(frozen=True, slots=True)
class _Report:
    """What the papers behind it belong to: its address, its group, the words that name it."""

    url: str
    group: str
    words: str


def join_papers_to_reports(now: Reading) -> None:
    """Give the papers of `now` that name no case the group of the report before them, in the order of the page's lines."""
    if now.is_detail:
        return
    report: _Report | None = None
    named = may_follow = True
    headings: tuple[str, ...] = ()
    row: HtmlElement | None = None
    for line in now.lines.all:
        before, row = row, _row_of(line)
        name = line.text if line.heading is not None or not line.links else ""
        if row is not None:
            name = name_of_row(row) if row is not before else ""
        if name and (line.heading is not None or _begins_other(name)):
            report, may_follow = None, True
            named = row is not None or bool(cases_named(name))
        if line.links and (above := now.paths.of(line.links[0])) != headings:
            report, headings, may_follow = None, above, True  # another panel or card
            named = row is not None or any(map(cases_named, above))
        for url, paper, beside in _papers(line, now):
            if paper is None:
                report = None
                continue
            words = line.text if says_nothing(paper.link_text) else paper.link_text
            nameless = is_nameless_paper(words) and not _names(beside)
            if report is not None and names_same(words, report.words):
                continue  # its label says whose it is
            if report is not None and nameless:
                if paper.kind != "page":
                    _join(url, report, now)
            elif nameless and not named:
                may_follow = False  # papers stand before their reports
            elif may_follow and not LINK_WORDS["names_many"].search(words):
                report = _Report(url, paper.group or f"{now.url} {url}", words)
            else:
                report = None


def _row_of(line: Line) -> HtmlElement | None:
    item = line.item
    while item is not None and item.element.tag != "tr":
        item = item.above
    return item.element if item is not None else None


def _begins_other(text: str) -> bool:
    """True for a line without links, or the name of a row, that parts what follows from what stands before."""
    if len(text) > SHORT_LINE or only_dates(text) or says_nothing(text) or is_nameless_paper(text):
        return False
    if LINK_WORDS["of_dates"].search(text):
        return False
    return bool(cases_named(text)) or not text.endswith((".", "!", "?"))


def _papers(line: Line, now: Reading) -> Iterator[tuple[str, Sighting | None, str]]:
    """What the links of a line lead to, with the words beside each; None for a link that is none of a review, and says something."""
    pieces = line.beside.split(LINK)
    for at, anchor in enumerate(line.links):
        url = now.addresses.get(anchor)
        if url is None:
            continue
        onward = now.follow.get(url)
        paper = now.sightings.get(url) or (onward.sighting if onward is not None else None)
        if paper is not None or not says_nothing(text_of(anchor)):
            yield url, paper, " ".join(pieces[at : at + 2])


def _names(beside: str) -> bool:
    """True when there is a name beside a link: "statement of the family of Thomas"."""
    return bool(cases_named(beside)) or not all(map(says_paper, _NAME.findall(beside)))


def _join(url: str, report: _Report, now: Reading) -> None:
    """Give the paper at `url` the group of its report; and the report, where it has none yet."""
    for at in (report.url, url):
        if at in now.sightings:
            now.sightings[at] = replace(now.sightings[at], group=report.group)
        elif (onward := now.follow.get(at)) is not None and onward.sighting is not None:
            told = replace(onward.sighting, group=report.group)
            now.follow[at] = replace(onward, sighting=told)
