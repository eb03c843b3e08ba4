"""Eastermere and Tolverton: years that open and close, newer ones with `details`, older ones with a button."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from casereviews.demo.cases import Case
from casereviews.demo.placing import Placed
from casereviews.demo.site import Site, add_plain_pages, link, page
from casereviews.demo.word import article_html

LIST = "/learning/reviews/"


def accordion_site(cases: Sequence[Case], placed: Sequence[Placed]) -> Site:
    """The page of years; one briefing is a web page of its own."""
    site = Site(
        id="eastermere",
        publisher="Eastermere and Tolverton Safeguarding Children Partnership",
        nation="England",
        entry={
            "family": "listing",
            "kind": "accordion-table",
            "start": LIST,
            "follow": [{"href": "/briefings/", "role": "detail"}],
        },
    )
    add_plain_pages(site, f"<h1>Home</h1><p>{link(LIST, 'Reviews')}</p>")
    for document in placed:
        site.landing[document.path] = LIST
        if document.html:
            html = page(site, document.plan.text, article_html(document.paper))
            site.add_page(document.path, html, etag=True, modified="2024-07-31")
    years = sorted({case.published[:4] for case in cases}, reverse=True)
    panels = []
    for year in years:
        entries = "\n".join(_entry(c, placed) for c in cases if c.published.startswith(year))
        panels.append(_modern(year, entries) if year >= "2020" else _older(year, entries))
    main = f"<h1>Safeguarding practice reviews</h1>\n{_intro(site)}\n" + "\n".join(panels)
    site.add_page(LIST, page(site, "Reviews", main), etag=True, modified="2024-12-19")
    return site


def _intro(site: Site) -> str:
    newsletter = site.add_decoy_page(
        "/documents/77/mere-and-tolver-bulletin-12.pdf", "Partnership bulletin 12", "newsletter"
    )
    flyer = site.add_decoy_page(
        "/documents/78/learning-event-flyer.pdf",
        "Training flyer: learning from reviews",
        "training",
    )
    return (
        "<p>Choose a year to see its reviews. A few reports are kept under a password at the request of the family. "
        f"See also the {newsletter} and the {flyer}.</p>"
    )


def _modern(year: str, entries: str) -> str:
    return f"<details>\n<summary>{year}</summary>\n<div>{entries}</div>\n</details>"


def _older(year: str, entries: str) -> str:
    return (
        f'<h2><button type="button" aria-expanded="false" aria-controls="acc-{year}">{year}</button></h2>\n'
        f'<div id="acc-{year}" hidden>{entries}</div>'
    )


def _entry(case: Case, placed: Sequence[Placed]) -> str:
    items = "".join(f"<li>{link(d.path, d.plan.text)}</li>" for d in placed if d.case.id == case.id)
    return f"<h3>{escape(case.title)} {escape(case.shown)}</h3>\n<ul>{items}</ul>"
