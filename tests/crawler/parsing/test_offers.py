"""Every way to offer a file, each under its own child's heading; what only looks like an offer is none."""

import time
from urllib.parse import quote

import pytest

from casereviews.crawler.parsing.html.offers import read_offers
from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link, Parsed
from casereviews.crawler.sources import Source
from casereviews.repository.model import Sighting

SITE = "https://www.pearvale.test"
URL = SITE + "/learning/reviews/"
FILE = "/f/wren.pdf"
WHOLE = quote(SITE + FILE, safe="")
SOURCE = Source("vale", "Pear Vale", "England", "listing", (URL,), ("www.pearvale.test",))


def page(body: str, head: str = "") -> str:
    return f"<html><head><title>Vale</title>{head}</head><body><main><h1>Published reviews</h1>{body}</main></body></html>"


def read(body: str, head: str = "") -> Parsed:
    return parse_listing(page(body, head), URL, SOURCE)


def files(parsed: Parsed) -> list[tuple[str, str, str]]:
    """(path, words, nearest heading) of each file."""
    return [
        ((one.file_url or "").removeprefix(SITE), one.link_text, one.headings[-1])
        for one in parsed.sightings
    ]


AMONG = (
    '<h2>Child Heron</h2><p><a href="/f/heron.pdf">Overview report</a></p><h2>Child Wren</h2><div>{}</div>'
    '<h2>Child Swift</h2><p><a href="/f/swift.pdf">Overview report</a></p>'
)

WORDLESS = {
    "iframe": '<iframe src="/f/wren.pdf" title="PDF viewer"></iframe>',
    "iframe that waits": '<iframe src="about:blank" data-lazy-src="/f/wren.pdf"></iframe>',
    "iframe of its type": '<embed src="/f/wren.pdf" type="application/pdf">',
    "object": '<object data="/f/wren.pdf" type="application/pdf"><p>Your browser shows no PDFs.</p></object>',
    "object by parameter": '<object><param name="src" value="/f/wren.pdf"></object>',
    "embed in an object": '<object classid="x"><embed src="/f/wren.pdf"></object>',
    "what stands in for an object": '<object data="/viewer.swf"><a href="/f/wren.pdf">Download</a></object>',
    "pdf.js": '<iframe src="/assets/pdfjs/web/viewer.html?file=/f/wren.pdf#page=2"></iframe>',
    "pdf.js from its folder": '<iframe src="/pdfjs/web/viewer.html?file=..%2F..%2Ff%2Fwren.pdf"></iframe>',
    "a plugin's viewer": f'<iframe src="/wp-content/plugins/pdf-viewer/viewer.php?zoom=auto&file={WHOLE}&attachment_id=7"></iframe>',
    "Google": f'<iframe src="https://docs.google.com/gview?embedded=true&url={WHOLE}"></iframe>',
    "Office": f'<iframe src="https://view.officeapps.live.com/op/embed.aspx?src={WHOLE}"></iframe>',
    "another's viewer": f'<iframe src="https://flip.example/read#doc={WHOLE}"></iframe>',
    "a flip book": '<div class="book" data-source="/f/wren.pdf"></div>',
    "an element of its own": '<pdf-view source="/f/wren.pdf"></pdf-view>',
    "settings in JSON": """<div data-settings='{"height":600,"file":{"url":"https:\\/\\/www.pearvale.test\\/f\\/wren.pdf"}}'></div>""",
    "a page within the page": '<iframe srcdoc="&lt;a href=/f/wren.pdf&gt;Read&lt;/a&gt;"></iframe>',
    "beside the heading of a tab": '<button role="tab" aria-controls="p" data-href="/f/wren.pdf">Child Wren</button>',
    "a shortcode that nothing replaced": '<p>[pdf-embedder url="https://www.pearvale.test/f/wren.pdf" width="600"]</p>',
    "an address in the text": "<p>To be had at https://www.pearvale.test/f/wren.pdf.</p>",
    "a script that fills a place": """<div id="df_7"></div><script>window.option_df_7 = {"source":"https:\\/\\/www.pearvale.test\\/f\\/wren.pdf"};</script>""",
    "a script that names its place": """<div id="shown"></div><script>PDFObject.embed("/f/wren.pdf", "#shown");</script>""",
    "for readers without scripts": '<noscript><iframe src="/f/wren.pdf"></iframe></noscript><div class="viewer"></div>',
}
WORDED = {
    "area": '<img usemap="#m"><map name="m"><area href="/f/wren.pdf" alt="Overview report"></map>',
    "option": '<form class="f"><select onchange="location=this.value"><option value="">Choose</option><option value="/f/wren.pdf">Overview report</option></select></form>',
    "viewer link": f'<a href="https://docs.google.com/viewer?url={WHOLE}">Overview report</a>',
    "pdf.js link": '<a href="/pdfjs/web/viewer.html?file=/f/wren.pdf">Overview report</a>',
    "window.open": """<a href="#" onclick="window.open('/f/wren.pdf','_blank'); return false">Overview report</a>""",
    "location.href": """<button type="button" onclick="location.href = &quot;/f/wren.pdf&quot;">Overview report</button>""",
    "location.assign": """<span onclick="document.location.assign('/f/wren.pdf')">Overview report</span>""",
    "a script's own call": """<a href="javascript:openPdf('/f/wren.pdf', 3)">Overview report</a>""",
    "input": """<input type="button" value="Overview report" onclick="window.open('/f/wren.pdf')">""",
    "data-downloadurl": '<a class="go" href="#" data-downloadurl="/f/wren.pdf">Overview report</a>',
    "data-href": '<button data-href="/f/wren.pdf">Overview report</button>',
    "data beside a void": '<a href="javascript:void(0)" data-file-url="/f/wren.pdf">Overview report</a>',
    "data of a bare name": '<a data-href="../../f/wren.pdf">Overview report</a>',
    "formaction": '<form><button formaction="/f/wren.pdf">Overview report</button></form>',
    "form": '<form action="/f/wren.pdf" method="get"><input type="submit" value="Overview report"></form>',
    "a drawing": '<svg><a xlink:href="/f/wren.pdf"><text>Overview report</text></a></svg>',
    "a card by script": """<div class="c" onclick="location='/f/wren.pdf'"><h3>Overview report</h3></div>""",
    "a row by data": '<table><tr data-href="/f/wren.pdf"><td>Overview report</td></tr></table>',
    "figure": '<figure><iframe src="/f/wren.pdf"></iframe><figcaption>Overview report</figcaption></figure>',
    "title of a frame": '<iframe src="/f/wren.pdf" title="Embed of Overview report"></iframe>',
    "a plain link beside its preview": '<object data="/f/wren.pdf" aria-label="Embed of wren"></object><a href="/f/wren.pdf">Overview report</a>',
    "own host without www": '<a href="https://pearvale.test/f/wren.pdf">Overview report</a>',
    "own host with its port": '<a href="https://www.pearvale.test:443/f/wren.pdf">Overview report</a>',
    "own host without TLS": '<a href="http://WWW.pearvale.test/f/wren.pdf">Overview report</a>',
}


@pytest.mark.parametrize("offer", WORDLESS.values(), ids=WORDLESS)
def test_a_file_that_is_shown_without_words_is_its_headings(offer: str) -> None:
    assert files(read(AMONG.format(offer))) == [
        ("/f/heron.pdf", "Overview report", "Child Heron"),
        (FILE, "", "Child Wren"),
        ("/f/swift.pdf", "Overview report", "Child Swift"),
    ]


@pytest.mark.parametrize("offer", WORDED.values(), ids=WORDED)
def test_a_file_that_is_offered_in_words_has_these(offer: str) -> None:
    found = files(read(AMONG.format(offer)))
    assert [one[0] for one in found if one[0] in ("/f/heron.pdf", "/f/swift.pdf")] != []
    (mine,) = (one for one in found if one[0] not in ("/f/heron.pdf", "/f/swift.pdf"))
    assert mine[0].endswith(FILE)
    assert mine[1] == "Overview report"
    assert mine[2] in ("Child Wren", "Overview report")


def test_an_address_is_told_from_the_base_of_the_page() -> None:
    body = '<a href="child-a.pdf">Child A review</a> <a href="#top">Top</a> <iframe src="child-b.pdf"></iframe>'
    found = read(f"<h2>Child B</h2>{body}", '<base href="/files/library/"><base href="/other/">')
    assert [one[0] for one in files(found)] == [
        "/files/library/child-a.pdf",
        "/files/library/child-b.pdf",
    ]
    other = parse_listing(
        page('<a href="a.pdf">Child A review</a>', f'<base href="{SITE}/new/">'), URL, SOURCE
    )
    assert [one[0] for one in files(other)] == ["/new/a.pdf"]


def test_files_in_one_attribute_keep_their_titles_and_their_order() -> None:
    held = '[{"title":"Overview report","url":"/f/1.pdf"},{"title":"Learning briefing","url":"/f/2.pdf"}]'
    found = read(f"<h2>Child Wren</h2><file-list files='{held}'></file-list>")
    assert files(found) == [
        ("/f/1.pdf", "Overview report", "Child Wren"),
        ("/f/2.pdf", "Learning briefing", "Child Wren"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        '<a href="https://social.example/share?u=' + WHOLE + '">Share</a>',
        '<iframe src="https://video.example/embed/1"></iframe>',
        '<select name="order"><option value="date">Date</option><option value="3">Three</option></select>',
        '<a href="/learning/child-wren/" data-filename="wren.pdf" data-track="wren.pdf">Child Wren</a>',
        '<script>var list = ["/f/wren.pdf"];</script>',
        '<div id="all"></div><script>fill("#all", ["/f/wren.pdf", "/f/swift.pdf"]);</script>',
        '<img src="/f/wren.jpg" data-pdf="/f/wren.pdf">',
        """<button aria-controls="p" data-url="/tab/1" onclick="show('p')">Child Wren</button>""",
    ],
)
def test_what_only_tells_of_a_file_offers_none(body: str) -> None:
    assert files(read(f"<p>{body}</p>")) == []


def test_a_link_whose_address_only_a_script_knows_is_counted() -> None:
    left = read(
        '<a href="javascript:fetchReport(12)">Child Wren overview report</a>'
        '<button onclick="fetchReport(13)">Child Swift overview report</button>'
        '<form method="post" action="/download/14"><button>Child Crane overview report</button></form>'
        '<a href="javascript:void(0)" aria-expanded="false">Child Heron overview report</a>'
    )
    assert left.left_alone == {"no_address": 3}


@pytest.mark.parametrize(
    "shown",
    ["https://issuu.com/vale/docs/wren", "https://drive.google.com/file/d/1A/preview", "https://cdn.example/wren.pdf"],
)  # fmt: skip
def test_what_is_shown_from_a_store_of_somebody_elses_is_counted(shown: str) -> None:
    left = read(AMONG.format(f'<iframe src="{shown}"></iframe>'))
    assert left.left_alone == {"other_publisher": 1}
    assert len(left.sightings) == 2


def test_a_form_without_questions_asks_for_one_file() -> None:
    form = '<form action="/download.php"><input type="hidden" name="id" value="12"><button>Overview report</button></form>'
    asks = (
        '<form action="/download.php"><input name="email"><button>Executive summary</button></form>'
    )
    found = read(AMONG.format(form + asks))
    assert [(one.url, one.role) for one in found.follow] == [(SITE + "/download.php?id=12", "file")]


def test_counts_of_visitors_change_nothing_of_what_a_page_says() -> None:
    body = '<p><a href="/f/wren.pdf">Child Wren review ({} downloads)</a><br>Downloaded {} times – 2 KB</p>'
    one, other = (read(body.format(n, n)) for n in ("0", "3,123"))
    assert one.sightings == other.sightings
    assert one.sightings[0].link_text == "Child Wren review"


def test_a_long_page_of_offers_is_read_in_its_length() -> None:
    def seconds(rows: int) -> float:
        row = """<div data-file="/f/{0}.pdf"><h3>Child A{0}</h3></div><iframe src="/v/viewer.html?file=/g/{0}.pdf"></iframe>"""
        text = page("".join(row.format(n) for n in range(rows)))
        begun = time.process_time()
        assert len(list(read_offers(text, URL).iter("a"))) == 2 * rows
        return time.process_time() - begun

    seconds(100)
    assert seconds(2000) < 12 * max(seconds(500), 0.01)


SAYING_NOTHING = [
    "/media/1234",
    "/get.php?id=12",
    "/c/9f31",
    "/item.cfm?k=9&m=1",
    "/en/blob/77/raw",
    "/?a=345",
    "/articles/431",
]
OF_STORES = [
    "/EasySite/GatewayLink.aspx?alId=2",
    "/_layouts/15/DocIdRedir.aspx?ID=AB-1-2",
    "/:w:/s/EaBc",
    "/reviews/wren/at_download/file",
    "/reviews/wren/@@download/file",
    "/reviews/wren.docx/view",
    "/resources/12-wren/file",
    "/component/store/send/3-reviews/12-wren",
    "/-/media/reviews/wren",
    "/?sdm_process_download=1&download_id=9",
    "/getattachment/1f2e/wren.aspx",
]


@pytest.mark.parametrize("words", ["Overview report", "Executive summary", "Read the full report"])
@pytest.mark.parametrize("address", [*SAYING_NOTHING, *OF_STORES])
def test_what_a_paper_of_a_review_leads_to_is_asked_whatever_its_address_says(
    address: str, words: str
) -> None:
    found = read(AMONG.format(f'<p><a href="{address}">{words}</a></p>'))
    (link,) = found.follow
    assert (link.url, link.role) == (SITE + address, "file")
    assert link.sighting is not None
    assert (link.sighting.file_url, link.sighting.headings[-1]) == (SITE + address, "Child Wren")


@pytest.mark.parametrize("address", OF_STORES)
def test_the_address_of_a_store_of_files_tells_it_without_words(address: str) -> None:
    found = read(f'<h2>Child Wren</h2><p><a href="{address}">Wren</a></p>')
    assert [(one.url, one.role) for one in found.follow] == [(SITE + address, "file")]


def test_what_stands_under_a_case_and_says_nothing_is_counted() -> None:
    found = read(AMONG.format('<a href="/c/1">Our response in pictures</a>'))
    assert dict(found.left_alone) == {"not_followed": 1}


def _page_of(words: str, body: str) -> Parsed:
    at = SITE + "/downloads/download/11"
    told = Sighting("vale", URL, at, link_text=words)
    return parse_listing(page(body), at, SOURCE, link=Link(at, "file", words, told))


def test_a_link_to_our_published_reviews_that_leads_to_a_page_leads_to_a_list() -> None:
    body = '<ul><li><a href="/d/1">Child Wren: serious case review</a></li><li><a href="/d/2">Child Swift: serious case review</a></li></ul>'
    listed = _page_of("Download our published reviews", body)
    assert [(one.role, one.sighting and one.sighting.link_text) for one in listed.follow] == [
        ("detail", "Child Wren: serious case review"),
        ("detail", "Child Swift: serious case review"),
    ]
    assert _page_of("Download the review of Child Wren", body).page_kind == "empty"


def test_a_reviews_own_page_offers_its_papers_under_any_address_and_no_other_reviews() -> None:
    body = '<p><a href="/c/1">Child Wren overview report</a> <a href="/c/2">Child Swift overview report</a> <a href="/c/3">Read more</a></p>'
    link = Link(URL + "wren", "detail", "Child Wren")
    found = parse_listing(
        page(body).replace("Published reviews", "Child Wren"), link.url, SOURCE, link=link
    )
    assert [(one.url, one.role) for one in found.follow] == [(SITE + "/c/1", "file")]


@pytest.mark.parametrize(
    "link",
    [
        '<a href="mailto:office@pearvale.test">Overview report</a>',
        '<a href="ftp://files.test/wren.pdf">Overview report</a>',
        '<a href="file:///C:/reviews/wren.pdf">Overview report</a>',
        '<a href="#wren-report">Overview report</a>',
        '<a href="javascript:void(0)" onclick="openDocument(55)">Overview report</a>',
    ],
)
def test_a_review_s_paper_whose_link_leads_nowhere_is_counted_for_each_child(link: str) -> None:
    left = read(f"<h2>Child Wren</h2>{link}<h2>Child Swift</h2>{link}")
    assert left.left_alone == {"no_address": 2}


def test_a_link_to_a_place_of_the_page_and_an_opener_are_no_papers() -> None:
    page = '<a href="#wren">Child Wren overview report</a><h2 id="wren">Child Wren</h2><a href="#" data-toggle="collapse">Overview report</a>'
    assert read(page).left_alone == {}
