"""The National SAR Library: one long page of tables."""

from __future__ import annotations

from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.parsing.sar_library import parse_sar_library
from casereviews.crawler.spiders.base import SourceSpider


class SarLibrarySpider(SourceSpider):
    """Reads the library's page; its files are the base spider's work."""

    name = "sar_library"

    def read_page(self, page: Page) -> Parsed:
        return parse_sar_library(page.text, page.url, self.source)
