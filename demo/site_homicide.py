"""A library of domestic homicide reviews in the markup of the Home Office's: cards, a stated total, pages from 0.

The structure of the markup follows the page as served in 2026 (Open Government Licence v3.0); the cards are invented.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from casereviews.demo.cases import Case
from casereviews.demo.papers import MARK_LONG
from casereviews.demo.placing import Placed
from casereviews.demo.site import NONCE, Site

SIZES = (10, 50, 100)


def page_key(number: int, size: int) -> str:
    """The key under which a page of the library is served, whatever the order of its parameters."""
    return f"/?pageNumber={number}&pageSize={size}"


def homicide_site(cases: Sequence[Case], placed: Sequence[Placed]) -> Site:
    """All pages of the library in each size that it offers; ten a page unless asked otherwise."""
    site = Site(
        id="homicide",
        publisher="Fictional Homicide Review Library",
        nation="England",
        entry={
            "family": "dhr_library",
            "kind": "resource-library",
            "start": "/",
            "scope": "adult",
            "national": True,
            "options": {"page_size": "10"},
        },
        robots="User-agent: *\nDisallow: /admin\n",
    )
    path_of = {document.case.id: document.path for document in placed}
    for size in SIZES:
        for number in range(max(1, math.ceil(len(cases) / size))):
            shown = cases[number * size : (number + 1) * size]
            cards = "".join(_card(case, path_of[case.id]) for case in shown)
            html = _page(cards, number, size, len(shown), len(cases))
            site.add_page(page_key(number, size), html)
    site.landing.update(dict.fromkeys(path_of.values(), "/"))
    return site


def _value(caption: str, value: str) -> str:
    return f"""            <div class="govuk-grid-column-one-quarter">

    <span class="govuk-caption-m">
      {caption}
    </span>



  <span class="govuk-label dhrr-results-card--detail-value">
      {escape(value)}
  </span>


            </div>
"""


def _card(case: Case, path: str) -> str:
    name = " and ".join(case.labels)
    title = escape(case.title, quote=True)
    values = "".join(
        [
            _value("CSP", case.partnership),
            _value("CSP Region", case.region),
            _value("Uploaded on", case.shown),
            _value("Date of death", case.death),
        ]
    )
    return f"""
    <section aria-label="DHR result {title}">
        <div class="govuk-!-padding-top-3">
            <h3 class="govuk-heading-s">

    <span class="govuk-caption-m">
      DHR Title
    </span>

                {escape(name)}
            </h3>
        </div>
        <div class="govuk-grid-row govuk-!-padding-top-2">
{values}        </div>
        <div class="govuk-grid-row govuk-!-padding-top-2">
            <div class="govuk-grid-column-full">

      <div class="govuk-button-group govuk-!-margin-0">
          <a href="{path}"
             aria-label="View {title} in a new tab"
             class="govuk-button govuk-button--secondary govuk-!-margin-bottom-1"
             data-module="govuk-button" target="_blank">
              View
          </a>
          <a href="{path}"
             download="{title}"
             aria-label="Download {title}"
             class="govuk-button govuk-button--secondary govuk-!-margin-bottom-1"
             data-module="govuk-button">
              Download
          </a>

    </div>

                <hr class="govuk-section-break--visible"/>
            </div>
        </div>
    </section>
"""


def _pager(number: int, size: int, total: int) -> str:
    def item(target: int, text: str, extra: str = "") -> str:
        return (
            f'        <li class="hods-pagination__item"{extra}>\n            <a class="hods-pagination__link" '
            f'href="/?pagination%5BpageNumber%5D={target}&amp;pagination%5BpageSize%5D={size}">\n'
            f"                    {text}\n            </a>\n        </li>\n"
        )

    pages = math.ceil(total / size)
    items = "".join(
        item(n, f'<span class="govuk-visually-hidden">Page</span> {n + 1}') for n in range(pages)
    )
    if number + 1 < pages:
        items += item(
            number + 1, 'Next <span class="govuk-visually-hidden">Page</span>', ' id="nextButton"'
        )
    return f'<div class="hods-pagination">\n            <ul class="hods-pagination__list-items">\n{items}            </ul>\n        </div>'


def _page(cards: str, number: int, size: int, shown: int, total: int) -> str:
    sizes = "".join(
        f'  <a class="hods-pagination__link" href="/?pagination%5BpageNumber%5D=0&amp;pagination%5BpageSize%5D={n}">'
        f'{n}<span class="govuk-visually-hidden">&nbsp;DHRs per page</span></a>\n'
        for n in SIZES
    )
    first = number * size + 1
    return f"""<!DOCTYPE html>
<html lang="en" class="govuk-template app-html-class">
  <head>
    <meta charset="utf-8">
    <title>Search DHRs: a fictional library of domestic homicide reviews</title>
    <meta name="csrf-token" content="{NONCE}">
  </head>
  <body class="govuk-template__body app-body-class">
        <main class="govuk-main-wrapper" id="main-content" role="main">
    <h1 class="govuk-heading-l">List of Domestic Homicide Reviews (DHRs)</h1>
    <div class="govuk-grid-row">
        <div class="govuk-grid-column-two-thirds">
            <h2 class="govuk-heading-m">DHRs</h2>
        <p class="govuk-caption-m">Showing all DHRs</p>
            <span class="govuk-caption-m">
              DHRs per page:
{sizes}            </span>
            <span class="govuk-caption-m">Showing results {first}
                    to {first + shown - 1}
                    of {total}</span>
{cards}
        {_pager(number, size, total)}
        </div>
    </div>
        </main>
        <footer class="govuk-footer" role="contentinfo">
          {escape(MARK_LONG)}
        </footer>
  </body>
</html>
"""
