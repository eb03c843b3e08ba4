"""The Lantern Trust: a national charity whose briefings over many reviews are web pages."""

from __future__ import annotations

from collections.abc import Sequence

from casereviews.demo.cases import MONTHS, ThemedPage
from casereviews.demo.papers import Paper
from casereviews.demo.site import Site, add_plain_pages, link, page
from casereviews.demo.word import article_html

LIST = "/case-reviews/learning/"


def briefings_site(themed: Sequence[tuple[ThemedPage, Paper]]) -> Site:
    """The list of briefings and each briefing."""
    site = Site(
        id="lantern",
        publisher="The Lantern Trust",
        nation="UK-wide",
        entry={
            "family": "listing",
            "kind": "list-detail",
            "start": LIST,
            "national": True,
            "follow": [{"href": r"/case-reviews/learning/[a-z-]+", "role": "detail"}],
        },
    )
    add_plain_pages(
        site, f"<h1>The Lantern Trust</h1><p>{link(LIST, 'Learning from case reviews')}</p>"
    )
    items = ""
    for page_, paper in themed:
        path = f"{LIST}{page_.slug}"
        site.landing[path] = LIST
        site.add_page(
            path, page(site, page_.title, article_html(paper)), etag=True, modified="2023-08-30"
        )
        when = f"{MONTHS[int(page_.published[5:]) - 1]} {page_.published[:4]}"
        items += f'<li class="briefing">{link(path, page_.title)}<p>Published: {when}</p></li>'
    helpline = site.add_decoy_page("/helpline/", "Contact our helpline", "guidance")
    main = f"<h1>Learning from case reviews</h1>\n<ul>{items}</ul>\n<p>{helpline}</p>"
    site.add_page(LIST, page(site, "Learning from case reviews", main), etag=True)
    return site
