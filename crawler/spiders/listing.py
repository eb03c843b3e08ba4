"""Lists of every shape: one page, list and detail pages, tables, accordions, cards, libraries behind a guidance page."""

from __future__ import annotations

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Parsed
from casereviews.crawler.spiders.base import SourceSpider


class ListingSpider(SourceSpider):
    """Reads any page of links; the entry's `follow` rules and the field's vocabulary say where to go on."""

    name = "listing"

    def read_page(self, page: Page) -> Parsed:
        return parse_listing(page.text, page.url, self.source, link=page.link)
