"""GOV.UK publications by the Content API, found by the Search API where a start page is an organisation's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from casereviews.crawler.parsing.govuk import first_link, parse_govuk
from casereviews.crawler.parsing.page import Page
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.spiders.base import SourceSpider


class GovukSpider(SourceSpider):
    """Asks the APIs of the start pages' own host; a live host is asked far less than its ten requests a second."""

    name = "govuk"
    # What GOV.UK removed is answered with 410 and a JSON body that says why, and where to go instead.
    reads_statuses: ClassVar[frozenset[int]] = frozenset({410})

    def first_links(self) -> Iterable[Link]:
        return [first_link(url) for url in self.source.start_urls]

    def read_page(self, page: Page) -> Parsed:
        return parse_govuk(page, self.source)
