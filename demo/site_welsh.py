"""Dyffryn Wennol: a Welsh regional board, cards in two languages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from casereviews.demo.cases import Case
from casereviews.demo.placing import Placed
from casereviews.demo.site import NONCE, Site, add_plain_pages, link, page

LIST = "/en/practice-reviews/"
TWIN = "/cy/adolygiadau-ymarfer/"
_KINDS = {
    "cpr_concise": ("Concise Child Practice Review", "Adolygiad Ymarfer Plant Cryno"),
    "cpr_extended": ("Extended Child Practice Review", "Adolygiad Ymarfer Plant Estynedig"),
    "apr": ("Adult Practice Review", "Adolygiad Ymarfer Oedolion"),
}


def welsh_site(cases: Sequence[Case], placed: Sequence[Placed]) -> Site:
    """The English list, its Welsh twin, and an empty page of another year."""
    site = Site(
        id="wennol",
        publisher="Dyffryn Wennol Safeguarding Board",
        nation="Wales",
        entry={
            "family": "listing",
            "kind": "resource-library",
            "start": LIST,
            "scope": "both",
            "follow": [{"href": "/cy/adolygiadau-ymarfer/$", "role": "list"}],
        },
    )
    add_plain_pages(site, f"<h1>Croeso – Welcome</h1><p>{link(LIST, 'Practice reviews')}</p>")
    site.landing.update({d.path: TWIN if d.plan.language == "cy" else LIST for d in placed})
    events = site.add_decoy_page(
        "/en/events/cpr-apr-learning-events/", "CPR and APR learning events", "training"
    )
    template = site.add_decoy_page(
        "/media/00aa/cpr-referral-template.docx", "CPR referral form template", "template"
    )
    head = f'<meta name="request-id" content="{NONCE}">'
    cards = "\n".join(_card(case, placed, "en") for case in cases)
    main = (
        f"<h1>Practice reviews</h1>\n<p>{link(TWIN, 'Cymraeg')}</p>\n<p>Reviews are published here for at least twelve "
        f"months. See the {events} and the {template}.</p>\n{cards}"
    )
    site.add_page(LIST, page(site, "Practice reviews", main, head=head))
    twins = "\n".join(_card(case, placed, "cy") for case in cases)
    welsh = (
        f"<h1>Adolygiadau ymarfer</h1>\n<p>{link(LIST, 'English')}</p>\n<p>Cyhoeddir adolygiadau yma am o leiaf "
        f"ddeuddeg mis.</p>\n{twins}"
    )
    site.add_page(TWIN, page(site, "Adolygiadau ymarfer", welsh, language="cy", head=head))
    return site


def _card(case: Case, placed: Sequence[Placed], language: str) -> str:
    files = [d for d in placed if d.case.id == case.id and d.plan.language == language]
    if not files:
        return ""
    welsh = language == "cy"
    kind = _KINDS[case.type][welsh]
    items = "".join(f"<li>{link(d.path, d.plan.text)}</li>" for d in files)
    title = f"{kind} – {case.reference}" if welsh else case.title
    added = case.shown.replace("Date added", "Dyddiad ychwanegu") if welsh else case.shown
    audience = "Cynulleidfa: Gweithwyr proffesiynol" if welsh else "Audience: Professionals"
    return (
        f'<div class="card">\n<h2>{escape(title)}</h2>\n<p>{escape(audience)}</p>\n<p>{escape(added)}</p>\n'
        f"<ul>{items}</ul>\n</div>"
    )
