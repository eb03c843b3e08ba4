"""What is true of the fictional sites: which file belongs to which review, and what is no document of a review."""

from __future__ import annotations

from dataclasses import dataclass

from casereviews.demo.cases import Case
from casereviews.demo.desk import Banks, load_banks, strands_of
from casereviews.demo.placing import Placed
from casereviews.demo.registry import url_of
from casereviews.demo.sites import DemoSites

STATUS_OF_FORM = {"scan": "needs_ocr", "locked": "encrypted", "empty": "empty"}


@dataclass(frozen=True, slots=True)
class TrueDocument:
    """One document as a perfect collection would hold it.

    `status` is a code of `READING_STATUS`, as read without the extra for scans ("needs_ocr" is "ok" with it).
    """

    url: str
    site: str
    review: str
    title: str
    role: str
    language: str
    media_type: str
    status: str
    landing_url: str
    words: int


@dataclass(frozen=True, slots=True)
class TrueReview:
    """One review with what its documents say; ids are `site/case`. `published` is as exact as its listing prints it."""

    id: str
    site: str
    published: str
    scope: str
    themes: tuple[str, ...]
    documents: tuple[TrueDocument, ...]
    labels: tuple[str, ...] = ()
    review_type: str = ""
    outcome: str = ""
    sex: str = ""
    months: int = 0
    plan: str = ""
    entries: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class TrueDecoy:
    """A link that is to be left alone, with the reason."""

    url: str
    site: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Everything that is true of the sites at one port."""

    reviews: tuple[TrueReview, ...]
    decoys: tuple[TrueDecoy, ...]

    @property
    def documents(self) -> tuple[TrueDocument, ...]:
        """All documents of all reviews."""
        return tuple(document for review in self.reviews for document in review.documents)

    @property
    def review_of_url(self) -> dict[str, str]:
        """Which review the document at an address belongs to: what grouping is measured against."""
        return {document.url: document.review for document in self.documents}


def truth_of(sites: DemoSites, port: int) -> Truth:
    """The truth of the sites as served at `port`."""
    banks = load_banks()
    reviews = [_review(sites, case, banks, port) for case in sites.cases]
    reviews += [_themed(sites, number, banks, port) for number in range(len(sites.themed))]
    decoys = tuple(
        TrueDecoy(url_of(site, port, decoy.path), site.id, decoy.text, decoy.reason)
        for site in sites.sites
        for decoy in site.decoys
    )
    return Truth(tuple(reviews), decoys)


def _review(sites: DemoSites, case: Case, banks: Banks, port: int) -> TrueReview:
    names = (case.main, *case.side) if case.told else strands_of(case)
    themes = {theme for name in names for theme in banks.strands[name].themes} | set(case.themes)
    return TrueReview(
        id=f"{case.site}/{case.id}",
        site=case.site,
        labels=case.labels,
        review_type=case.type,
        published=case.published,
        scope=case.scope,
        outcome=case.outcome,
        sex=case.sex,
        months=case.months,
        plan=case.plan,
        themes=tuple(sorted(themes)),
        documents=tuple(
            _document(sites, placed, port)
            for placed in sites.placed
            if (placed.case.site, placed.case.id) == (case.site, case.id)
        ),
        entries=case.entries,
    )


def _document(sites: DemoSites, placed: Placed, port: int) -> TrueDocument:
    site = sites.site(placed.case.site)
    return TrueDocument(
        url=url_of(site, port, placed.path),
        site=site.id,
        review=f"{site.id}/{placed.case.id}",
        title=placed.plan.text,
        role=placed.plan.role,
        language=placed.plan.language,
        media_type=placed.media_type.split(";")[0],
        status=STATUS_OF_FORM.get(placed.plan.form, "ok"),
        landing_url=url_of(site, port, site.landing[placed.path]),
        words=len(placed.paper.text.split()),
    )


def _themed(sites: DemoSites, number: int, banks: Banks, port: int) -> TrueReview:
    page, paper = sites.themed[number]
    site = sites.site(page.site)
    path = next(path for path in site.landing if path.rstrip("/").endswith(f"/{page.slug}"))
    themes = {theme for name in page.strands for theme in banks.strands[name].themes}
    document = TrueDocument(
        url=url_of(site, port, path),
        site=site.id,
        review=f"{site.id}/{page.slug}",
        title=page.title,
        role="learning_summary" if site.id == "lantern" else "briefing",
        language="en",
        media_type="text/html",
        status="ok",
        landing_url=url_of(site, port, site.landing[path]),
        words=len(paper.text.split()),
    )
    return TrueReview(
        id=document.review,
        site=site.id,
        published=page.published,
        scope="child",
        themes=tuple(sorted(themes)),
        documents=(document,),
    )
