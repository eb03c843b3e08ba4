"""Hallowshire, in the shape of Hampshire: guidance, a link to a paginated library, detail pages, files.

Beside it stand themed briefings (web pages that are documents themselves), a link to another publisher's national
repository, and the `?contrast=1` twin of every page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from casereviews.demo.cases import MONTHS, Case, ThemedPage
from casereviews.demo.naming import ordinal
from casereviews.demo.papers import Paper
from casereviews.demo.placing import Placed, slug
from casereviews.demo.site import DOMAIN, NONCE, Site, add_plain_pages, link, page
from casereviews.demo.word import article_html

LIST = "/resource-library/"
PER_PAGE = 5
GUIDANCE = "/learning-and-reviews/"
BRIEFINGS = "/learning-and-reviews/themed-briefings/"
REPOSITORY = f"http://lantern.{DOMAIN}/case-reviews/national-case-review-repository/"


def library_site(
    cases: Sequence[Case], placed: Sequence[Placed], themed: Sequence[tuple[ThemedPage, Paper]]
) -> Site:
    """The pages of the site; files are added by the caller."""
    site = Site(
        id="hallowshire",
        publisher="Hallowshire Safeguarding Children Partnership",
        nation="England",
        entry={
            "family": "listing",
            "kind": "resource-library",
            "start": GUIDANCE,
            "follow": [
                {"text": r"\bpublished reviews?\b", "role": "list"},
                {"href": r"/resource-library/page/\d+", "role": "list"},
                {"text": r"\bthemed briefings\b", "role": "list"},
                {"href": r"/resources/", "on": "/resource-library/", "role": "detail"},
                {"href": r"/themed-briefings/[a-z-]+/?$", "role": "detail"},
            ],
            "same_as": [[r"[?&]contrast=\w+$", ""]],
        },
    )
    add_plain_pages(site)
    site.add_page(
        "/",
        _dressed(site, "Home", f"<h1>Welcome</h1><p>{link(GUIDANCE, 'Learning and reviews')}</p>"),
    )
    site.add_page(GUIDANCE, _dressed(site, "Learning and reviews", _guidance(site)))
    site.add_page(BRIEFINGS, _dressed(site, "Themed briefings", _briefings(themed)))
    for page_, paper in themed:
        path = f"/themed-briefings/{page_.slug}/"
        site.add_page(path, _dressed(site, page_.title, article_html(paper)))
        site.landing[path] = BRIEFINGS
    _add_library(site, cases)
    for case in cases:
        files = [document for document in placed if document.case.id == case.id]
        path = detail_path(case)
        site.add_page(path, _dressed(site, case.title, _detail(case, files)))
        site.landing.update({document.path: path for document in files})
    return site


def detail_path(case: Case) -> str:
    """The address of a review's own page."""
    return f"/resources/{slug(case.title)}/"


def _dressed(site: Site, title: str, main: str) -> str:
    twin = link("?contrast=1", "Toggle Contrast", ' class="contrast"')
    head = f'<meta name="csrf-token" content="{NONCE}">'
    return page(site, title, f"<p>{twin}</p>\n{main}", head=head)


def _guidance(site: Site) -> str:
    decoys = [
        ("/policies/lcspr-procedure/", "LCSPR and Rapid Review Procedure", "procedure"),
        ("/wp-content/uploads/2023/01/Serious-Incident-Referral-Template.docx", "Serious incident referral form template", "template"),
        ("/wp-content/uploads/2023/02/Neglect-Toolkit.pdf", "Neglect Toolkit", "toolkit"),
        ("/wp-content/uploads/2023/10/HSCP-Annual-Report-2022-23.pdf", "Annual Report 2022-23", "annual_report"),
        ("/training/learning-from-reviews-webinar/", "Learning from reviews: lunchtime webinar", "training"),
    ]  # fmt: skip
    items = "".join(
        f"<li>{site.add_decoy_page(path, text, reason)}</li>" for path, text, reason in decoys
    )
    return f"""<h1>Learning and reviews</h1>
<p>When a child dies or is seriously harmed and abuse or neglect is known or suspected, the partnership meets within
fifteen working days. This meeting is called a rapid review. It decides whether a local child safeguarding practice
review should be carried out.</p>
<h2>What is a local child safeguarding practice review?</h2>
<p>It is a way for all agencies to learn from what happened. It does not ask who is to blame. Before 2019 such reviews were
called serious case reviews. The partnership may also carry out a learning review where the criteria are not met.</p>
<h2>Where reviews are published</h2>
<p>Reviews stay on this site for at least two years. Read our {link(LIST, "Published Reviews")} in the resource library.
What many of them have in common is told in our {link(BRIEFINGS, "Themed Briefings")}.</p>
<p>Reviews from other areas are held in the {link(REPOSITORY, "National Case Review Repository")} of The Lantern Trust.</p>
<h2>For professionals</h2>
<ul>{items}</ul>"""


def _briefings(themed: Sequence[tuple[ThemedPage, Paper]]) -> str:
    items = "".join(
        f"<li>{link(f'/themed-briefings/{page_.slug}/', page_.title)} "
        f"<span>({MONTHS[int(page_.published[5:]) - 1]} {page_.published[:4]})</span></li>"
        for page_, _ in themed
    )
    other = link(
        f"http://lantern.{DOMAIN}/case-reviews/learning/", "National briefings of The Lantern Trust"
    )
    return f"<h1>Themed briefings</h1>\n<p>Each briefing draws on several reviews.</p>\n<ul>{items}</ul>\n<p>{other}</p>"


def _add_library(site: Site, cases: Sequence[Case]) -> None:
    pages = [cases[start : start + PER_PAGE] for start in range(0, len(cases), PER_PAGE)]
    for number, shown in enumerate(pages, 1):
        cards = "\n".join(_card(case) for case in shown)
        numbers = " ".join(
            f'<span class="current">{n}</span>' if n == number else link(_page_path(n), str(n))
            for n in range(1, len(pages) + 1)
        )
        onward = (
            link(_page_path(number + 1), "Next »", ' rel="next"') if number < len(pages) else ""
        )
        main = (
            f'<h1>Resource library</h1>\n<p>{len(cases)} resources in "Published Reviews"</p>\n{cards}\n'
            f'<nav class="pagination">{numbers} {onward}</nav>'
        )
        site.add_page(_page_path(number), _dressed(site, "Resource library", main))


def _page_path(number: int) -> str:
    return LIST if number == 1 else f"{LIST}page/{number}/"


def _card(case: Case) -> str:
    return (
        f'<article class="resource-card">\n<h3>{link(detail_path(case), case.title)}</h3>\n'
        f'<p class="post-meta">Date: {escape(shown_date(case))} | Category: Published Reviews</p>\n'
        f"<p>{escape(_blurb(case))}</p>\n{link(detail_path(case), 'Read more')}\n</article>"
    )


def _blurb(case: Case) -> str:
    about = "a group of children" if case.plural else "a child"
    return f"Learning from a review about {about}, published by the partnership."


def shown_date(case: Case) -> str:
    """A date in the manner of the site: "Wednesday, 17th May 2023", or as the case says."""
    if case.shown or len(case.published) < 10:
        return case.shown
    day = date.fromisoformat(case.published)
    return f"{day:%A}, {day.day:02d}{ordinal(day.day)} {day:%B} {day.year}"


def _detail(case: Case, files: Sequence[Placed]) -> str:
    items = "\n".join(f"<li>{link(document.path, document.plan.text)}</li>" for document in files)
    return f"""<h1>{escape(case.title)}</h1>
<p class="post-meta">Date: {escape(shown_date(case))} | Category: Published Reviews</p>
<p>{escape(_blurb(case))} Practitioners are asked to read the documents below and to talk about them in supervision.</p>
<h2>Downloads</h2>
<ul class="downloads">
{items}
</ul>
<p>{link(LIST, "Back to the resource library")}</p>"""
