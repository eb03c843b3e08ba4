"""Leaving out of web pages what their site repeats: all its pages are looked at together, so that the order of reading makes no difference."""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import urlsplit

from casereviews.repository.model import Document
from casereviews.repository.reading.limits import Limits
from casereviews.repository.reading.site_parts import repeated_parts, share_of, without
from casereviews.repository.reading.summary import added
from casereviews.repository.record import Record
from casereviews.repository.record.derived import Derived
from casereviews.repository.record.packing import content_digest
from casereviews.repository.stopping import checkpoint

_TOLD = re.compile(
    r"(?:; )?\d+% of the page's letters were left out as repeated on other pages of its site"
)


def leave_out_repeated(record: Record, derived: Derived, limits: Limits) -> None:
    """Bring the readings of web pages to what is their own, beside the other kept pages of their site; documents that then say something else are forgotten.

    A site is a host, or for files without an address their publisher. Nothing is done while the pages are those of the last time.
    """
    read = derived.web_pages()
    sites: dict[str, set[str]] = defaultdict(set)
    documents = record.documents()
    for document in documents:
        if document.sha256 in read:
            sites[_site_of(document)].add(str(document.sha256))
    digest = content_digest({site: sorted(pages) for site, pages in sites.items()})
    if digest == derived.compared_from():
        return
    goes: dict[str, frozenset[int]] = {}
    for _site, pages in sorted(sites.items()):
        checkpoint()
        for sha256, places in repeated_parts(
            {key: derived.web_text(key)[0] for key in sorted(pages)}
        ).items():
            goes[sha256] = goes.get(sha256, places) & places  # one file at two sites
    for sha256, places in sorted(goes.items()):
        checkpoint()
        page, before = derived.web_text(sha256)
        reading = derived.reading(sha256)
        if places == before or reading is None:
            continue
        # Forgotten first: a kill in between is made good by the next comparison, which finds the same difference.
        derived.forget_documents({one.id for one in documents if one.sha256 == sha256})
        detail = _TOLD.sub("", reading.detail)
        if places:
            share = share_of(page, places)
            detail = added(
                detail,
                f"{share:.0%} of the page's letters were left out as repeated on other pages of its site",
            )
        derived.leave_out(sha256, places, without(page, places, limit=limits.pages), detail)
    derived.save_compared(digest)


def _site_of(document: Document) -> str:
    host = (urlsplit(document.file_url or document.landing_url or "").hostname or "").removeprefix(
        "www."
    )
    return host or f"source {document.source_id}"
