"""`sources probe`: which family fits a page and why, and an entry that loads."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from casereviews.crawler.options import CrawlOptions
from casereviews.crawler.probe import Probe, probe
from casereviews.crawler.process.preview import Answer, ask
from casereviews.crawler.sources import Source, load_sources, read_sources
from tests.crawler.server import Answer as Served
from tests.crawler.server import serving

PAGES = Path(__file__).parent / "pages"
URL = "https://www.kestrelvale.example/learning/"
WORDPRESS = (
    "<html><head><title>Published reviews - Hampshire Safeguarding Children Partnership</title>"
    '<link rel="https://api.w.org/" href="https://www.kestrelvale.example/wp-json/"></head>'
    '<body><a href="/learning/?contrast=1">Toggle contrast</a></body></html>'
)
TYPES = "https://www.kestrelvale.example/wp-json/wp/v2/types"
DHR = (
    '<h1>Reviews</h1><section aria-label="DHR result Made-up"><h3>Made up</h3>'
    '<a href="/download/1">Download</a></section>'
)


def fetching(pages: Mapping[str, str | Answer]) -> Callable[[str], Answer]:
    def fetch(url: str) -> Answer:
        page = pages.get(url, Answer(url, error="http_404"))
        return page if isinstance(page, Answer) else Answer(url, page, 200)

    return fetch


def test_an_open_api_makes_a_wordpress_entry_that_loads() -> None:
    found = probe(URL, fetching({URL: WORDPRESS, TYPES: '{"post": {"rest_base": "posts"}}'}))
    assert found == Probe(
        url=URL,
        family="wordpress",
        reasons=(
            "WordPress with an open API at https://www.kestrelvale.example/wp-json/",
            "?contrast= makes a twin of every page: see same_as",
        ),
        entry=(
            "[[source]]\n"
            'id = "hampshire"\n'
            'publisher = "Hampshire Safeguarding Children Partnership"\n'
            'nation = "England"\n'
            'areas = ["E10000014"]\n'
            'family = "wordpress"\n'
            'start_urls = ["https://www.kestrelvale.example/learning/"]\n'
            'hosts = ["www.kestrelvale.example", "kestrelvale.example"]\n'
            "same_as = [['[?&]contrast=\\w+$', \"\"]]\n"
            'status = "unverified"\n'
            'evidence = "https://www.kestrelvale.example/learning/"\n'
        ),
        todo=(
            "no document was seen on the page itself: `sources check` shows whether its links lead to some",
            'set status = "verified" when you have looked at what `sources check` shows',
        ),
    )
    source = read_sources([("sources.toml", found.entry)])["hampshire"]
    assert (source.family, source.crawled) == ("wordpress", True)


@pytest.mark.parametrize(
    ("pages", "family", "reason"),
    [
        (
            {URL: WORDPRESS, TYPES: Answer(TYPES, error="http_401")},
            "listing",
            "WordPress, but its API is closed (http_401)",
        ),
        (
            {URL: WORDPRESS, TYPES: "<html>Sign in</html>"},
            "listing",
            "WordPress, but its API is closed (it answers with a page)",
        ),
        (
            {
                URL: '<meta name="govuk:format" content="publication"><h1>Made up</h1>',
                "https://www.kestrelvale.example/api/content/learning/": json.dumps(
                    {"schema_name": "publication", "details": {"attachments": [{}, {}]}}
                ),
            },
            "govuk",
            "GOV.UK's Content API knows it as a publication",
        ),
        (
            {URL: (PAGES / "nspcc" / "monthly.html").read_text("utf-8")},
            "nspcc",
            "headings of date, publisher and case, as NSPCC writes them",
        ),
        (
            {URL: (PAGES / "nspcc" / "briefing.html").read_text("utf-8")},
            "nspcc",
            "a themed briefing, as NSPCC writes them",
        ),
        (
            {
                URL: (PAGES / "sar_library" / "search.html")
                .read_text("utf-8")
                .replace('"./', f'"{URL}')
            },
            "sar_library",
            "collapsible tables with 4 files",
        ),
        (
            {
                URL: "<main><h1>Learning from reviews</h1><ul>"
                '<li><a href="/u/a.pdf">Child Heron overview report</a></li>'
                '<li><a href="/u/b.pdf">Child Wren overview report</a></li></ul></main>'
            },
            "listing",
            "a page of links, 2 of them to documents of reviews",
        ),
        (
            {
                URL: '<div id="root"></div><script></script><noscript>Please enable JavaScript</noscript>'
            },
            "listing",
            "a page that only JavaScript fills: nothing can be read from it",
        ),
        ({URL: DHR}, "dhr_library", "1 result cards of a review library"),
    ],
)
def test_the_family_is_told_with_its_reason(
    pages: Mapping[str, str | Answer], family: str, reason: str
) -> None:
    found = probe(URL, fetching(pages))
    assert (found.family, found.reasons[0]) == (family, reason)


def test_a_page_that_cannot_be_read_has_no_entry() -> None:
    assert probe(URL, fetching({})) == Probe(
        URL,
        "none",
        ("the page could not be read: http_404",),
        "",
        todo=("look at the address in a browser",),
    )


def test_an_entry_of_the_same_site_is_named() -> None:
    known = {
        "kestrel": Source(
            "kestrel", "Kestrel Vale", "England", "listing", (URL,), ("www.kestrelvale.example",)
        )
    }
    reasons = probe(URL, fetching({URL: DHR}), known).reasons
    assert (
        reasons[-1]
        == "entry 'kestrel' (Kestrel Vale) is of the same site: to change it, use its id"
    )


def test_a_new_entry_never_takes_the_id_of_a_known_one() -> None:
    pages = {URL: WORDPRESS, TYPES: '{"post": {"rest_base": "posts"}}'}
    entry = probe(URL, fetching(pages), load_sources()).entry
    assert entry.splitlines()[1] == 'id = "www-kestrelvale-example"'


def test_a_title_of_quotes_and_line_breaks_still_gives_toml_that_loads(tmp_path: Path) -> None:
    html = '<title>A "quoted" \\ Board\n[[source]]\x07 of Wokingham</title>' + DHR
    found = probe(URL, fetching({URL: html}))
    own = tmp_path / "sources.toml"
    own.write_text(found.entry.replace('id = "wokingham"', 'id = "made-up"'), encoding="utf-8")
    assert load_sources(own)["made-up"].publisher == 'A "quoted" \\ Board [[source]] of Wokingham'


def test_a_page_is_asked_for_with_the_guards_of_a_crawl() -> None:
    with serving(
        {
            "/page": Served("<h1>Made up</h1>"),
            "/robots.txt": Served("User-agent: *\nDisallow: /no\n"),
        }
    ) as site:
        fetch = partial(ask, options=CrawlOptions())
        page, refused = fetch(site.url + "/page"), fetch(site.url + "/no")
        assert (page.text, page.status, page.error) == ("<h1>Made up</h1>", 200, None)
        assert refused == Answer(site.url + "/no", error="robots")
        assert site.paths() == ["/robots.txt", "/page", "/robots.txt"]
