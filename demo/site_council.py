"""Brackenford: a council's single page, long guidance first, then many links in lists and in prose."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from casereviews.demo.cases import Case
from casereviews.demo.placing import Placed
from casereviews.demo.site import Site, add_plain_pages, link, page

LIST = "/children-and-families/safeguarding/case-reviews"


def council_site(cases: Sequence[Case], placed: Sequence[Placed]) -> Site:
    """The one page, and what surrounds it."""
    site = Site(
        id="brackenford",
        publisher="Brackenford Safeguarding Children Partnership",
        nation="England",
        entry={"family": "listing", "kind": "single-page", "start": LIST, "scope": "both"},
    )
    add_plain_pages(site, f"<h1>Home</h1><p>{link(LIST, 'Case reviews')}</p>")
    files = {
        case.id: [document for document in placed if document.case.id == case.id] for case in cases
    }
    for documents in files.values():
        site.landing.update({document.path: LIST for document in documents})
    body = "\n".join([_guidance(), _reviews(cases, files), _related(site)])
    head = f'<link rel="canonical" href="%%ORIGIN%%{LIST}">'
    site.add_page(LIST, page(site, "Case reviews", f"<h1>Case reviews</h1>\n{body}", head=head))
    return site


def _guidance() -> str:
    return """<p>This page is for people who work with children in the borough and for anyone who wishes to know what has been
learned from serious cases.</p>
<h2>Why we review cases</h2>
<p>The law asks the safeguarding partners to find out, after a child has died or been seriously harmed, how agencies worked
together. The partners are the council, the integrated care board and the police. They are joined by schools, housing and
voluntary organisations. A review is led by a person who does not work for any of them.</p>
<p>Not every serious incident leads to a review. A rapid review within fifteen days looks at the facts and decides. Its
report is sent to the national panel and is not published.</p>
<h2>What happens after a review</h2>
<p>The partnership answers each recommendation and follows it up until it is complete. Learning is spread by briefings of
one or two pages, by talks in teams and by training. If you would like someone to come to your team, contact the business
unit. Reviews remain on this page for at least twelve months. Older reports can be asked for by e-mail.</p>
<h2>How families take part</h2>
<p>Parents, carers and children are asked whether they would like to take part and how. Names are changed.</p>"""


def _reviews(cases: Sequence[Case], files: dict[str, list[Placed]]) -> str:
    groups = {
        "Local child safeguarding practice reviews": ("lcspr", "learning_review"),
        "Serious case reviews (archive)": ("scr",),
        "Safeguarding adults reviews": ("sar",),
    }
    parts = []
    for heading, types in groups.items():
        parts.append(f"<h2>{heading}</h2>")
        for number, case in enumerate(case for case in cases if case.type in types):
            documents = files[case.id]
            parts.append(_prose(case, documents) if number % 2 else _list(case, documents))
    return "\n".join(parts)


def _list(case: Case, files: Sequence[Placed]) -> str:
    items = "".join(f"<li>{link(d.path, d.plan.text)}</li>" for d in files)
    return (
        f"<h3>{escape(case.title)}</h3>\n<p>Published: {escape(case.shown)}</p>\n<ul>{items}</ul>"
    )


def _prose(case: Case, files: Sequence[Placed]) -> str:
    """The review in one paragraph: date and links inside sentences. One file is linked twice, as sites do."""
    links = [link(document.path, document.plan.text) for document in files]
    rest = f" It is accompanied by {' and by '.join(links[1:])}." if links[1:] else ""
    again = f" {link(files[0].path, 'Read the report')}." if case.id == "b-family-t" else ""
    return (
        f"<h3>{escape(case.title)}</h3>\n<p>In {escape(case.shown)} the partnership published a review: "
        f"{links[0]}.{rest}{again}</p>"
    )


def _related(site: Site) -> str:
    decoys = [
        ("/downloads/file/901/escalation_policy", "Escalation policy", "policy"),
        ("/media/2201/Safeguarding newsletter Spring 2024.pdf", "Safeguarding newsletter – Spring 2024", "newsletter"),
        ("/media/2202/training-calendar-2024.pdf", "Training calendar 2024", "training"),
        ("/media/2203/threshold-guidance.pdf", "Threshold guidance document", "guidance"),
        ("/media/2204/bkscp-annual-report-2023.pdf", "Partnership annual report 2023", "annual_report"),
        ("/media/2205/chronology-template.docx", "Chronology template", "template"),
    ]  # fmt: skip
    items = "".join(
        f"<li>{site.add_decoy_page(path, text, reason)}</li>" for path, text, reason in decoys
    )
    return f"<h2>Related documents</h2>\n<ul>{items}</ul>"
