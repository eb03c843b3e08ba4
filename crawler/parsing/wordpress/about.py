"""What a post is about: no review, one review, or several."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from casereviews.crawler.parsing.html.dom import several, text_of
from casereviews.crawler.parsing.links.wording import (
    DATE,
    LABEL,
    LINK_WORDS,
    decoy_reason,
)
from casereviews.crawler.parsing.wordpress.api import Post
from casereviews.crawler.parsing.wordpress.shortcodes import said_by_shortcodes
from casereviews.repository.describing.titles import read_title
from casereviews.repository.model import Sighting
from casereviews.repository.vocabulary.decoys import beside_review, names_review

_LISTS = LINK_WORDS["list"]
_NONE_APART = LINK_WORDS["tells_none_apart"]
# Beside the types of review: what boards call the papers of one.
_PAPER = LINK_WORDS["paper_of_post"]
_PUBLISHED = re.compile(
    rf"\b(?:publi(?:shed|cation)|released)\b[^.\n]{{0,30}}?({DATE.pattern})", re.I
)


LONGEST_TITLE = 2000
"""Characters of a title with its tags."""


def title_of(post: Post) -> str:
    """The title of a post as it is read."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", post.title[:LONGEST_TITLE])).split())


_AS_PRINTED = ("published", "printed_date")
"""Names by which a reading may have kept a date that is the report's."""


@dataclass(frozen=True, slots=True)
class About:
    """What a post says of all its files. `of_one`: they are of one review, which its title names."""

    link: str
    title: str
    date: str
    of_one: bool
    printed_date: str = ""

    @classmethod
    def of(cls, post: Post, tree: HtmlElement, publisher: str = "") -> About:
        """What `post` is about, by its title and by what its content (`tree`) names."""
        title = title_of(post)
        printed = _PUBLISHED.search(text_of(tree))
        of_one = _names_one(title, publisher) and (
            bool(LABEL.search(title)) or not _names_several(tree)
        )
        return cls(post.link, title, post.date, of_one, printed.group(1) if printed else "")

    def is_of_review(self, *said: str) -> bool:
        """True when the post, or what stands near the link, names a review: a whole site passes through the API."""
        # "Apr 2021" names no Adult Practice Review.
        words = DATE.sub(" ", " ".join((self.title, *said)))
        if names_review(words) or _PAPER.fits(words):
            return True
        path = re.sub(r"[-_/]+", " ", urlsplit(self.link).path)
        return bool(LABEL.search(words)) and names_review(path)

    def is_of_interest(self, content: str) -> bool:
        """True when the post's own page is worth reading: its title, or a shortcode that the API left raw, names a review."""
        return decoy_reason(self.title) is None and self.is_of_review(said_by_shortcodes(content))

    def complete(self, said: Sighting) -> Sighting:
        """The sighting with the post's title and date where they are its own; a date printed in the content is told apart from the post's."""
        if not self.of_one:
            return said
        if self._is_of_another(said):
            return replace(said, detail_url=self.link)
        names = {date: name for name, date in said.extra.items()}
        dates = [one for one in said.dates if names.get(one, "published") in _AS_PRINTED]
        printed = dates[0] if dates else self.printed_date
        own = {"post_title": self.title, "post_date": self.date, "printed_date": printed}
        kept = {name: value for name, value in said.extra.items() if value != printed}
        extra = kept | {name: value for name, value in own.items() if value}
        return replace(said, detail_url=self.link, extra=extra)

    @staticmethod
    def is_told(said: Sighting) -> bool:
        """True for a sighting that has its post's title."""
        return "post_title" in said.extra

    def _is_of_another(self, said: Sighting) -> bool:
        """True for a file whose own words or heading name another case than the title does."""
        own = _labels(self.title)
        near = said.headings[-1] if said.headings else ""
        named = _labels(said.link_text) or _labels(near)
        return bool(own) and bool(named) and not own & named


def _names_one(title: str, publisher: str) -> bool:
    """True for a title that says which review its post is of: by a case, a name or a subject, and in the singular."""
    if any(match.group(0).lower().endswith("s") for match in _LISTS.find(title)):
        return False
    if LABEL.search(title) or read_title(title, publisher=publisher).subject_labels:
        return True
    # "Thematic review of neglect" is one, "Serious case review" is what a list is called.
    if not (names_review(title) or _PAPER.fits(title)) or _LISTS.fits(title):
        return False
    apart = _NONE_APART.pattern.sub(" ", beside_review(title))
    return bool(set(re.findall(r"\w{2,}|\d", apart.lower())) - set(publisher.lower().split()))


def _names_several(tree: HtmlElement) -> bool:
    """True when headings, bold words and links of a content name different cases."""
    named = ("h2", "h3", "h4", "h5", "h6", "summary", "dt", "strong", "b", "a")
    return several(label for one in tree.iter(*named) for label in sorted(_labels(text_of(one))))


def _labels(text: str) -> set[str]:
    return {" ".join(found.group(0).lower().split()) for found in LABEL.finditer(text)}
