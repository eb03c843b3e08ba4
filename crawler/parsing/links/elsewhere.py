"""Files on other sites: which of them are papers of a review that stands on this page, and which another publisher's."""

from __future__ import annotations

from urllib.parse import urlsplit

from casereviews.crawler.parsing.html.sniff import claims_document
from casereviews.crawler.parsing.links.following import Seen, may_be_file
from casereviews.crawler.parsing.links.wording import LABEL, LINK_WORDS, is_reviewish, words_of
from casereviews.crawler.sources.source import Source
from casereviews.repository.vocabulary.decoys import names_review
from casereviews.repository.vocabulary.rules import load_rules

_NATIONAL, _NATIONAL_HOST, _OTHER_BODY = (
    LINK_WORDS[code] for code in ("national", "national_host", "other_body")
)
_BODIES = load_rules("bodies").of("body")
_NEAR = 400
"""Characters of a card that count as its words."""


def is_of_review(seen: Seen, source: Source, *, title: str, is_detail: bool) -> bool:
    """True for a link to a file on a host that is none of the source's, when a review of this page names it as its own.

    The link's words name a review or a case; or those of its card do, or its headings (not the page's own `title`), and it is
    called a paper. What a link says is another body's, or a national one's, is theirs.
    """
    words = words_of(seen.text, seen.url)
    if not (claims_document(seen.url) or (may_be_file(seen) and is_reviewish(words))):
        return False
    host = urlsplit(seen.url).hostname or ""
    if _NATIONAL.search(words) or _NATIONAL_HOST.search(host) or _is_of_other_body(seen, source):
        return False
    if names_review(words) or LABEL.search(words):
        return True
    card = seen.card[:_NEAR]
    around = " ".join([*(one for one in seen.headings[-3:] if one != title), card])
    return (is_detail or bool(LABEL.search(around))) and is_reviewish(f"{words} {card}")


def _is_of_other_body(seen: Seen, source: Source) -> bool:
    named = [hit.match.group(0).lower() for hit in _BODIES.hits(seen.text)]
    return bool(_OTHER_BODY.search(seen.text)) or any(
        one not in source.publisher.lower() for one in named
    )
