"""The packaged Hampshire entry, pointed at a made-up site of its shape: guidance, library, pages of it, reviews, files."""

from dataclasses import replace
from pathlib import Path

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.process.crawl import run_crawl
from casereviews.crawler.sources import load_sources
from casereviews.repository.home import Home
from casereviews.repository.record import Record
from tests.crawler.server import Answer, pdf, serving

GUIDANCE = """<header><a href="/?contrast=1">Toggle Contrast</a></header><main><h1>Serious case reviews</h1>
<p>Made-up guidance about made-up reviews.</p>
<p><a href="/resources/?type=reviews">Published Reviews</a></p>
<p><a href="https://learning.nspcc.example/case-reviews/national-case-review-repository">National case review repository</a></p>
<p><a href="/resources/themed-briefings/">Themed briefings</a></p>
<p><a href="/training/">Training courses</a> <a href="/u/referral-form.docx">Referral form</a></p></main>"""
CARD = '<article><h3><a href="/resource/{slug}/">{title}</a></h3><p>{date}</p></article>'
LIBRARY = "<main><h1>Published reviews</h1>{cards}<nav class='pagination'>{pages}</nav></main>"
DETAIL = """<main><h1>{title}</h1><p>Made-up summary.</p>
<ul><li><a href="/u/{slug}-report.pdf">Overview report</a></li><li><a href="/u/{slug}-briefing.pdf">Learning briefing</a></li></ul>
<p><a href="/resource/{slug}/?contrast=1">High contrast</a></p></main>"""
BRIEFINGS = '<main><h1>Themed briefings</h1><ul><li><a href="/u/neglect.pdf">Learning from case reviews: neglect</a></li></ul></main>'
REVIEWS = {"heron": "Child Heron", "wren": "Child Wren", "tern": "Family Tern", "gull": "Baby Gull"}


def routes() -> dict[str, Answer]:
    found = {
        "/learning-and-reviews/serious-case-reviews/": Answer(GUIDANCE),
        "/resources/themed-briefings/": Answer(BRIEFINGS),
        "/u/neglect.pdf": Answer(pdf("neglect")),
    }
    slugs = list(REVIEWS)
    for number, chunk in enumerate((slugs[:2], slugs[2:]), start=1):
        cards = "".join(
            CARD.format(slug=slug, title=f"{REVIEWS[slug]}: serious case review", date="March 2021")
            for slug in chunk
        )
        pages = "".join(f'<a href="/resources/page/{n}/?type=reviews">{n}</a>' for n in (1, 2))
        path = "/resources/?type=reviews" if number == 1 else "/resources/page/2/?type=reviews"
        found[path] = Answer(LIBRARY.format(cards=cards, pages=pages))
    found["/resources/page/1/?type=reviews"] = found["/resources/?type=reviews"]
    for slug, title in REVIEWS.items():
        found[f"/resource/{slug}/"] = Answer(
            DETAIL.format(slug=slug, title=f"{title}: serious case review")
        )
        for paper in ("report", "briefing"):
            found[f"/u/{slug}-{paper}.pdf"] = Answer(pdf(f"{slug} {paper}"))
    return found


def test_the_entry_finds_every_review_behind_the_guidance_page(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    with serving(dict(routes())) as site:
        source = replace(
            load_sources()["hampshire"],
            start_urls=(site.url + "/learning-and-reviews/serious-case-reviews/",),
            hosts=(site.host,),
        )
        now = "2027-03-01T02:00:00Z"
        with Record.open(home, write=True) as record:
            record.put_source(source.info)
            run = record.begin_run("refresh", now)
        told = run_crawl(
            home, [source], run_id=run, options=CrawlOptions(now=now), progress=lambda _: None
        )
        with Record.open(home) as record:
            names = sorted(
                (one.file_url or "").removeprefix(site.url) for one in record.documents()
            )
        asked = site.paths()

    papers = [f"/u/{slug}-{paper}.pdf" for slug in REVIEWS for paper in ("report", "briefing")]
    assert names == sorted([*papers, "/u/neglect.pdf"])
    outcome = told["hampshire"]
    assert (outcome.ended, outcome.complete) == ("finished", True)
    assert [
        path for path in asked if "contrast" in path or "training" in path or "form" in path
    ] == []
