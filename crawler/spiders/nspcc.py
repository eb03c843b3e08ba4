"""NSPCC's lists of case reviews: yearly lists, the monthly page, themed briefings, and the library where it is switched on."""

from __future__ import annotations

from casereviews.crawler.parsing.nspcc import parse_nspcc
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.spiders.base import SourceSpider


class NspccSpider(SourceSpider):
    """Reads each page of NSPCC; what it does not give away as a file is an entry known by its heading."""

    name = "nspcc"

    def read_page(self, page: Page) -> Parsed:
        return parse_nspcc(page.text, page.url, self.source)
