"""Which links of a page are gone on to: by the entry's rules first, then by the words of the field."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from casereviews.crawler.parsing.html.addresses import is_handler
from casereviews.crawler.parsing.links.wording import (
    LABEL,
    LINK_WORDS,
    dates_in,
    decoy_reason,
    is_reviewish,
    words_of,
    year_of,
)
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources.source import Source
from casereviews.repository.vocabulary.decoys import names_paper, names_review

_LISTS, _MORE, _BRIEFINGS, _FILE, _NATIONAL, _EMPTY, _MANY, _THE_REPORT = (
    LINK_WORDS[code]
    for code in (
        *("list", "more", "briefings", "file"),
        *("national", "empty", "names_many", "the_report"),
    )
)
_NEWS = re.compile(r"/(?:news|latest-news|blog|events?)/", re.I)


@dataclass(frozen=True, slots=True)
class Seen:
    """A link as it stands on a page: its address, its own words, the headings above it, the words of its card."""

    url: str
    text: str
    headings: tuple[str, ...] = ()
    card: str = ""


def may_be_file(seen: Seen) -> bool:
    """True for a link without a file's ending that may be a document: its response headers will tell."""
    return is_handler(seen.url) or bool(_FILE.search(seen.text + " "))


def names_list(text: str) -> bool:
    """True for words that name several reviews and no case: "Download our published reviews"."""
    several = bool(_LISTS.search(text) and _MANY.search(text))
    return several and not LABEL.search(text) and not names_paper(text)


def names_paper_here(seen: Seen, *, of_one_review: bool) -> bool:
    """True for a link whose words are those of a review's paper ("Overview report") where reviews are told of.

    Its address may say nothing ("/media/1234", "get.php?id=12"): what comes tells whether it is a file or a page. "Read the report" and
    "Click here" are of what their card names. `of_one_review` says that the whole page is one review's.
    """
    if _NEWS.search(seen.url):
        return False
    if names_paper(seen.text):
        near = " ".join([*seen.headings[-2:], seen.card])
        return of_one_review or bool(LABEL.search(near)) or bool(names_review(near))
    if seen.headings and LABEL.search(seen.headings[-1]) and _THE_REPORT.search(seen.text):
        return True
    opens = bool(_MORE.search(seen.text) or (seen.text and _EMPTY.search(seen.text)))
    return opens and not of_one_review and is_reviewish(seen.card)


def is_page_of_a_case(link: Link) -> bool:
    """True for a link to one review's page that names its case, by its own words or the heading above it."""
    said = link.sighting
    if link.role != "detail" or said is None:
        return False
    return any(LABEL.search(one) for one in (said.link_text, *said.headings[-1:]))


def _stem(path: str) -> str:
    return re.sub(r"/page/\d+/?$", "", path).rstrip("/")


def ruled(seen: Seen, page_url: str, source: Source) -> str | None:
    """The role that the entry's rules give a link, None when no rule speaks of it."""
    for rule in source.follow:
        if rule.on and not re.search(rule.on, page_url, re.I):
            continue
        if rule.text and not re.search(rule.text, seen.text, re.I):
            continue
        if rule.href and not re.search(rule.href, seen.url, re.I):
            continue
        if rule.text or rule.href:
            return rule.role
    return None


def skipped(url: str, source: Source) -> bool:
    """True for an address that the entry says is never followed."""
    return any(re.search(pattern, url, re.I) for pattern in source.skip)


def judged(seen: Seen, page_url: str, source: Source) -> tuple[str | None, str | None]:
    """(role, reason): the role to follow a link with, or the reason why it is left alone; (None, None) for what is nothing to us."""
    role = ruled(seen, page_url, source)
    if role is not None:
        return role, None
    words = words_of(seen.text, seen.url)
    reason = decoy_reason(seen.text, place=True) or (
        None if names_review(seen.text) else decoy_reason(words, place=True)
    )
    if reason is not None:
        return None, reason
    if _NATIONAL.search(words):
        return None, "national"
    return _by_words(seen, words) or _by_place(seen, page_url), None


def _by_words(seen: Seen, words: str) -> str | None:
    """The role by vocabulary: lists in the plural, single reviews by label, "Read more" by its card."""
    singled = bool(LABEL.search(seen.text)) or bool(LABEL.search(words))
    if names_review(seen.text) and _LISTS.search(seen.text) and not LABEL.search(seen.text):
        return None if _NEWS.search(seen.url) else "list"
    if _LISTS.search(seen.text) and not LABEL.search(seen.text) and not _NEWS.search(seen.url):
        return "list"
    if (
        singled and (names_review(words) or names_paper(words) or _of_reviews(seen))
    ) or names_review(seen.text):
        return "detail"
    if singled and _MORE.search(seen.text):
        return "detail"
    if _MORE.search(seen.text) and (names_review(seen.card) or LABEL.search(seen.card)):
        return "detail"
    if _BRIEFINGS.search(seen.text) or (_of_reviews(seen) and _is_item(seen)):
        return "detail"
    return None


def _by_place(seen: Seen, page_url: str) -> str | None:
    """The role of a link whose words say nothing: "2021" under reviews is a list, "Anya" under "Published reviews" a review."""
    if not seen.text or _NEWS.search(seen.url) or not _of_reviews(seen):
        return None
    beneath = urlsplit(seen.url).path.startswith(_stem(urlsplit(page_url).path) + "/")
    listed = bool(seen.headings) and bool(_LISTS.search(seen.headings[-1]))
    if not beneath and not listed:
        return None
    if year_of(seen.text) or _is_month(seen.text):
        return "list"
    if len(seen.text.split()) <= 12 and seen.card.strip().startswith(seen.text):
        return "detail"
    return None


def _is_month(text: str) -> bool:
    dates = dates_in(text)
    return len(dates) == 1 and dates[0] == text.strip() and not dates[0][0].isdigit()


def _of_reviews(seen: Seen) -> bool:
    """True when the headings above a link speak of reviews or briefings."""
    near = " ".join(seen.headings[-3:])
    return bool(
        names_review(near) or _LISTS.search(near) or _BRIEFINGS.search(near)
    ) and not decoy_reason(seen.headings[-1] if seen.headings else "", place=True)


def _is_item(seen: Seen) -> bool:
    """True for a link that is an item of a list: its card begins with its own words and says more."""
    card = seen.card.strip()
    return (
        bool(seen.text)
        and len(seen.text.split()) <= 12
        and card.startswith(seen.text)
        and card != seen.text
    )
