"""The Home Office's library of domestic homicide reviews, or any server with its pages."""

from __future__ import annotations

from collections.abc import Iterable

from casereviews.crawler.parsing.dhr_library import first_page, parse_dhr_library
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.spiders.base import SourceSpider


class DhrLibrarySpider(SourceSpider):
    """Cards, page after page, until the announced total is reached."""

    name = "dhr_library"

    def first_links(self) -> Iterable[Link]:
        return [Link(first_page(url, self.source), "list") for url in self.source.start_urls]

    def read_page(self, page: Page) -> Parsed:
        return parse_dhr_library(page.text, page.url, self.source)
