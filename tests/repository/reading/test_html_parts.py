"""What of a web page is its own text: builders' blocks, forms around pages, tabs and call-outs; and what is hidden for good."""

from __future__ import annotations

import pytest

from casereviews.repository.model import Reading
from casereviews.repository.reading.covered import covered_pages
from casereviews.repository.reading.reader import read_file
from casereviews.repository.this_system import time_limit

ONE = "The partnership asked for this review after a baby was taken to hospital with a bruise that nobody could explain."
TWO = "Nobody asked who else lived in the home, and the nursery worker did not tell the health visitor what she had seen."
SECRET = "Quillfeather was the mother of the baby and lived in the lane behind the old school."


def read(tmp_path, body: str, head: str = "") -> Reading:
    page = f"<!doctype html><html lang=en><head><title>Briefing</title>{head}</head><body>{body}</body></html>"
    (tmp_path / "a.html").write_text(page, "utf-8")
    return read_file(tmp_path / "a.html")


def text(reading: Reading) -> str:
    return " ".join(" ".join(page.text.split()) for page in reading.pages)


@pytest.mark.parametrize(
    "opening",
    [
        '<div class="elementor-widget elementor-widget-text-editor">',
        '<div class="et_pb_section"><div class="et_pb_row"><div class="et_pb_text et_pb_widget">',
        '<div class="so-panel widget widget_sow-editor">',
        '<div class="vc_row wpb_row"><div class="wpb_wrapper">',
        '<div id="social-care">',
        '<section class="feedback-from-families">',
        '<div class="alcohol-related harm">',
        '<div class="share-information">',
        '<div class="menu-of-support">',
        '<form id="aspnetForm" method="post"><div>',
        '<form action="./page.aspx"><table><tr><td>',
        '<aside class="call-out">',
        '<div role="alert">',
        '<div role="status" class="banner">',
        '<div role="tabpanel" aria-hidden="true" hidden>',
        '<button aria-expanded="false">Findings</button><div hidden>',
        '<h3><button aria-controls="p1" aria-expanded="false">Findings</button></h3><div id="p1" style="display:none">',
        '<a href="#more">Read on</a><div id="more" style="display: none">',
        '<div class="collapse" style="display:none">',
        "<details><summary>Findings</summary><div>",
        '<div hidden="until-found">',
        '<div class="panel" aria-hidden="true">',
        '<div class="elementor-element elementor-widget-toggle"><div class="elementor-tab-content" hidden>',
        '<div class="fl-module fl-module-rich-text widget"><div class="fl-module-content">',
        '<div class="brxe-text sidebar-layout-content">',
        '<form method="post" runat="server"><input type=hidden name=__VIEWSTATE><div class="content">',
        '<aside role="complementary"><div class="govuk-inset-text">',
        '<div class="social-worker-perspective">',
        '<div class="popular-belief">',
        '<header class="entry-header"><div>',
        '<div role="tabpanel" class="tab-pane" style="display: none">',
        '<div class="accordion"><div class="accordion__panel" hidden>',
    ],
)
def test_a_block_of_the_pages_own_words_is_text_whatever_it_is_called(tmp_path, opening):
    reading = read(tmp_path, f"<main><h1>Child Fern</h1><p>{ONE}</p>{opening}<p>{TWO}</p></main>")
    assert ONE in text(reading)
    assert TWO in text(reading)
    assert reading.detail == ""


@pytest.mark.parametrize(
    "block",
    [
        "<nav><a href=/>Home</a> <a href=/about>About us</a></nav>",
        '<ul class="menu"><li><a href=/>Home</a><li><a href=/learn>Learning zone</a><li><a href=/report>Report a concern</a></ul>',
        '<div class="breadcrumbs"><a href=/>Home</a> &gt; <a href=/r>Reviews</a></div>',
        '<div id="cookie-banner"><p>We use cookies to make this website work as well as it can for you. Cookies stay on your device.</p><button>Accept</button></div>',
        '<div class="share"><a href=x>Share this page</a><a href=y>Tweet</a></div>',
        '<form role="search"><label>Search</label><input name=q><button>Go</button></form>',
        '<form class="newsletter"><label>Your e-mail</label><input type=email><button>Subscribe</button></form>',
        '<section id="comments"><p>A visitor wrote: this is a sad story and I hope that all learn from it, thank you.</p></section>',
        '<div class="related"><a href=1>Another review of ours</a><a href=2>One more review of ours</a></div>',
        '<div class="widget widget_recent_entries"><ul><li><a href=1>News of spring</a><li><a href=2>News of autumn</a></ul></div>',
        '<nav aria-label="pagination"><a href=?p=2>Next</a></nav>',
        '<aside class="sidebar"><h2>In this section</h2><a href=/a>Training</a> <a href=/b>Policies</a></aside>',
        '<div role="dialog" class="consent"><p>Cookies help this website remember you. We use cookies to count visits too.</p><button>OK</button></div>',
        '<section id="CookieConsent"><p>This website stores cookies on your computer to make itself better for you.</p><button>OK</button></section>',
        "<footer><p>© Board</p><a href=/privacy>Privacy</a></footer>",
    ],
)
def test_what_surrounds_the_text_is_left_out_by_what_it_is(tmp_path, block):
    reading = read(tmp_path, f"<main><h1>Child Fern</h1><p>{ONE}</p>{block}<p>{TWO}</p></main>")
    assert text(reading) == f"Child Fern {ONE} {TWO}"


@pytest.mark.parametrize(
    ("block", "head"),
    [
        (f'<p style="display:none">{SECRET}</p>', ""),
        (f"<div style='color:red; visibility: hidden'>{SECRET}</div>", ""),
        (f"<p hidden>{SECRET}</p>", ""),
        (f'<p style="position:absolute;left:-9999px">{SECRET}</p>', ""),
        (f'<div style="DISPLAY : NONE;">{SECRET}</div>', ""),
        (f'<p style="text-indent:-5000px">{SECRET}</p>', ""),
        (f'<div hidden=""><div><p>{SECRET}</p></div></div>', ""),
        (f'<p class="note draft">{SECRET}</p>', "<style>.draft{visibility:hidden}</style>"),
        (f'<span style="font-size:0">{SECRET}</span>', ""),
        (
            f'<p class="gone">{SECRET}</p>',
            "<style>h1{color:red} .gone, p.old { display: none }</style>",
        ),
        (f'<p id="old">{SECRET}</p>', "<style>/* draft */ #old{display:none!important}</style>"),
        (f'<div id="z"><p class="k">{SECRET}</p></div>', "<style>#z .k{visibility:hidden}</style>"),
        (f'<p class="m">{SECRET}</p>', "<style>@media screen{.m{display:none}}</style>"),
        (f'<p class="m">{SECRET}</p>', "<style>.m{display:block} .m{display:none}</style>"),
        (f'<div style="height:0;overflow:hidden">{SECRET}</div>', ""),
        (f'<p style="color:#fff">{SECRET}</p>', ""),
        (f'<p><font color="white">{SECRET}</font></p>', ""),
        (f'<p style="color:white"><b style="color: #FFFFFF">{SECRET}</b></p>', ""),
        (f'<p><span style="background:#000;color:rgb(0,0,0)">{SECRET}</span></p>', ""),
        (
            f'<p><span style="background:black;color:black">{SECRET}</span></p>',
            '<link rel="stylesheet" href="/site.css">',
        ),
        (f'<p class="ink">{SECRET}</p>', "<style>.ink{color:transparent}</style>"),
        (f'<p style="opacity:0">{SECRET}</p>', ""),
        (f'<p style="color:hsl(0, 0%, 100%)">{SECRET}</p>', ""),
        (f'<p style="transform: scale(0)">{SECRET}</p>', ""),
        (f'<p style="clip-path:inset(100%)">{SECRET}</p>', ""),
        (f'<p style="font-size:1px">{SECRET}</p>', ""),
        (f'<p class="dust">{SECRET}</p>', "<style>.dust{font-size:0.0em}</style>"),
        (f"<p><span style='mso-hide:all'>{SECRET}</span></p>", ""),
        (f"<h2><span hidden>{SECRET}</span></h2>", ""),
        (f"<table><tr hidden><td>{SECRET}</td><td>x</td></tr></table>", ""),
        (f"<!-- {SECRET} --><template><p>{SECRET}</p></template><noscript>{SECRET}</noscript>", ""),
    ],
)
def test_what_is_hidden_for_good_is_nowhere_and_told(tmp_path, block, head):
    reading = read(
        tmp_path, f"<main><h1>Child Fern</h1><p>{ONE}</p>{block}<p>{TWO}</p></main>", head
    )
    assert "Quillfeather" not in str(reading)
    assert text(reading) == f"Child Fern {ONE} {TWO}"
    assert covered_pages(reading.detail) == (None if block.startswith("<!--") else ())


@pytest.mark.parametrize(
    "head",
    [
        "<style>@media print { .note { display: none } }</style>",
        "<style>.js .note { display: none }</style>",
        "<style>.note{display:none}.open .note{display:block}</style>",
        "<style>.note{display:none}.note{display:block}</style>",
        "<style>@media (max-width:600px){.note{display:none}}</style>",
        "<style>.other .note{display:none}</style>",
        "<style>.note{display:none}</style><script>document.querySelector('.note').style.display='block'</script>",
    ],
)
def test_what_is_hidden_sometimes_is_text(tmp_path, head):
    assert TWO in text(read(tmp_path, f'<main><p>{ONE}</p><p class="note">{TWO}</p></main>', head))


@pytest.mark.parametrize(
    ("block", "head"),
    [
        ('<div style="background:#123"><p style="color:#fff">{}</p></div>', ""),
        ('<div style="background-image:url(x.jpg)"><p style="color:#fff">{}</p></div>', ""),
        (
            '<div class="hero"><p style="color:#fff">{}</p></div>',
            "<style>.hero{background:#004}</style>",
        ),
        (
            '<div class="hero"><p style="color:#fff">{}</p></div>',
            "<link rel=stylesheet href=/s.css>",
        ),
        ('<p style="color:#fff"><b style="color:#000">{}</b></p>', ""),
        ('<p style="color:#fff"><a href="/x">{}</a></p>', ""),
        (
            '<p style="color:transparent;background:linear-gradient(red,blue);background-clip:text">{}</p>',
            "",
        ),
        ('<table bgcolor="#003366"><tr><td style="color:white">{}</td><td>x</td></tr></table>', ""),
        ('<div style="font-size:0"><div style="font-size:16px">{}</div></div>', ""),
        (
            '<div class="row"><div class="col">{}</div></div>',
            "<style>.row{font-size:0}.col{font-size:1rem}</style>",
        ),
        ('<div style="opacity:0">{}</div>', "<script src=/fade.js></script>"),
        ('<div class="wow fadeInUp" style="visibility:hidden"><p>{}</p></div>', ""),
        (
            '<div class="elementor-element elementor-invisible"><div class="elementor-widget-container">{}</div></div>',
            "<style>.elementor-invisible{visibility:hidden}</style>",
        ),
        (
            "<a href='#' onclick=\"toggle('more')\">Read on</a><i>.</i><p id='more' style='display:none'>{}</p>",
            "",
        ),
    ],
)
def test_what_readers_come_to_see_is_text(tmp_path, block, head):
    assert TWO in text(read(tmp_path, f"<main><p>{ONE}</p>{block.format(TWO)}</main>", head))


def test_cells_and_headings_say_what_is_seen_of_them(tmp_path):
    reading = read(
        tmp_path,
        f"<main><p>{ONE}</p><h2>What <i hidden>Quillfeather</i>happened</h2><table><caption>Who <b hidden>Quillfeather</b></caption>"
        "<tr><td>Mother<span style='display:none'>Quillfeather</span></td><td>seen<script>Quillfeather</script></td></tr></table></main>",
    )
    assert text(reading) == f"{ONE} What happened Who Mother seen"
    assert "Quillfeather" not in str(reading)


@pytest.mark.parametrize(
    "block",
    [
        "<aside class='pull-quote'><p>{}</p></aside>",
        "<div class='alert alert-warning' role='alert'>{}</div>",
        "<div class='so-panel widget widget_text'><div class='textwidget'>{}</div></div>",
        "<h3 aria-expanded='false'>Findings</h3><div aria-hidden='true' style='display:none'>{}</div>",
    ],
)
def test_a_call_out_of_a_few_words_is_text(tmp_path, block):
    said = text(
        read(
            tmp_path,
            f"<main><p>{ONE}</p>{block.format('Ring the paediatrician early')}<p>{TWO}</p></main>",
        )
    )
    assert "Ring the paediatrician early" in said


def test_a_page_that_loses_many_of_its_words_says_so(tmp_path):
    links = "".join(
        f'<a href="/{n}">One of the many pages of this website, number {n}</a>' for n in range(30)
    )
    reading = read(tmp_path, f'<div class="menu">{links}</div><h1>Child Fern</h1><p>{ONE}</p>')
    assert text(reading) == f"Child Fern {ONE}"
    assert "of the page's letters were left out" in reading.detail


@pytest.mark.slow
def test_finding_a_pages_own_text_costs_what_its_elements_are_many(tmp_path):
    """A library does it, so that no calls can be counted: at the square of so many items it took minutes."""
    items = "".join(f"<li>Child A{n} <a href='/{n}.pdf'>report</a></li>" for n in range(60_000))
    with time_limit(60):
        found = read(tmp_path, f"<main><ul>{items}</ul></main>")
    assert "Child A9 report" in text(found)
