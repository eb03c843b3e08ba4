"""Marlsea: a table for each year, with words in place of links where a report is not there any more."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from casereviews.demo.cases import Case
from casereviews.demo.placing import Placed
from casereviews.demo.site import Site, add_plain_pages, link, page

LIST = "/p/learning/published-reviews"


def table_site(cases: Sequence[Case], placed: Sequence[Placed]) -> Site:
    """The page with its tables, and its `/print` twin."""
    site = Site(
        id="marlsea",
        publisher="Marlsea Safeguarding Children Partnership",
        nation="England",
        entry={
            "family": "listing",
            "kind": "accordion-table",
            "start": LIST,
            "same_as": [[r"/print$", ""]],
        },
        robots="User-agent: *\nDisallow: /search\nDisallow: /*/basket$\n",
    )
    add_plain_pages(site, f"<h1>Home</h1><p>{link(LIST, 'Published reviews')}</p>")
    site.landing.update({document.path: LIST for document in placed})
    main = f"<h1>Published reviews</h1>\n{_intro(site)}\n{_tables(cases, placed)}\n<p>{link(LIST + '/print', 'Print this page')}</p>"
    html = page(site, "Published reviews", main)
    for path in (LIST, f"{LIST}/print"):
        site.add_page(path, html, etag=True, modified="2024-03-26")
    return site


def _intro(site: Site) -> str:
    procedures = site.add_decoy_page(
        "/p/procedures/child-practice-review-procedures", "Multi-agency procedures", "procedure"
    )
    toolkit = site.add_decoy_page(
        "/assets/clients/7/audit-toolkit.pdf", "Audit toolkit for managers", "toolkit"
    )
    return (
        "<p>Overview reports are published for twelve months. After that the learning brief remains and the report "
        f"can be asked for. How reviews are chosen is set out in the {procedures}. Managers may use the {toolkit}.</p>"
    )


def _tables(cases: Sequence[Case], placed: Sequence[Placed]) -> str:
    years = sorted({case.published[:4] for case in cases}, reverse=True)
    return "\n".join(
        f"<h2>{year}</h2>\n<table>\n<thead><tr><th>Case</th><th>Type</th><th>Overview report</th>"
        "<th>Learning brief</th><th>Date published</th></tr></thead>\n<tbody>\n"
        + "\n".join(_row(case, placed) for case in cases if case.published.startswith(year))
        + "\n</tbody></table>"
        for year in years
    )


def _row(case: Case, placed: Sequence[Placed]) -> str:
    kind = "LCSPR" if case.type == "lcspr" else "Serious Case Review"
    report, brief = (_cell(case, placed, role) for role in ("overview_report", "briefing"))
    return (
        f"<tr><td>{escape(case.title)}</td><td>{kind}</td><td>{report}</td><td>{brief}</td>"
        f"<td>{escape(case.shown)}</td></tr>"
    )


def _cell(case: Case, placed: Sequence[Placed], role: str) -> str:
    for document in placed:
        if document.case.id == case.id and document.plan.role == role:
            return link(document.path, document.plan.text)
    return escape(dict(case.entries).get(role, ""))
