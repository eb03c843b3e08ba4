"""Which dates of a page are a document's. Children, boards and dates are made up."""

import pytest

from casereviews.crawler.parsing.listing import parse_listing
from casereviews.crawler.parsing.parsed import Link
from casereviews.crawler.sources import Source
from casereviews.repository.model import Sighting

URL = "https://site.test/reviews/"
SOURCE = Source("made-up", "Made up", "England", "listing", (URL,), ("site.test",))


def sighted(body: str, role: str = "list", title: str = "Serious case reviews") -> dict[str, Sighting]:  # fmt: skip
    """What a page of `body` sights, by file name."""
    html = f"<html><body><main><h1>{title}</h1>{body}</main></body></html>"
    parsed = parse_listing(html, URL, SOURCE, link=Link(URL, role))
    return {(one.file_url or "").rpartition("/")[2]: one for one in parsed.sightings}


def dates(body: str, role: str = "list", title: str = "Serious case reviews") -> list[str | None]:
    """The date of each file, in order; None where it has none."""
    return [one.dates[0] if one.dates else None for one in sighted(body, role, title).values()]


def a(letter: str, words: str = "serious case review") -> str:
    return f'<a href="/f/{letter}.pdf">Child {letter} {words}</a>'


@pytest.mark.parametrize(
    "printed",
    [
        "12-05-2023", "2023/03/02", "05/2023", "03-2021", "Sept '23", "Sept ’23", "March '21", "2021.03.05", "5-Mar-21", "5–Mar–2021", "05‑03‑2021",
        "12–05–2023", "5\u00a0March\u00a02021", "2021-03", "May/June 2023", "Spring 2023", "12 Sept. 2023", "5 Mawrth 2021", "1st of March 2023", "2019",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "card", ["{} – {}", "{} ({})", "{}<br>{}", "{} <small>{}</small>", "{}, PDF, 1.2 MB, {}", "{}</p><p>Published: {}", "{} | {} | Reviews"]
)  # fmt: skip
def test_a_date_beside_a_link_is_the_documents_in_every_form(card: str, printed: str) -> None:
    item = "<li><p>" + card.format(a("A"), printed) + "</p></li>"
    assert dates(f"<ul>{item}<li>{a('B')}</li></ul>") == [printed.replace("\u00a0", " "), None]


@pytest.mark.parametrize(
    ("words", "date", "named"),
    [
        ("Published: 5 March 2021", "5 March 2021", "published"),
        ("Date of publication 05/03/2021", "05/03/2021", "published"),
        ("This report was published on 5 March 2021.", "5 March 2021", "published"),
        ("This review covers 3 March 2018 to 5 May 2019. Published June 2020", "June 2020", "published"),
        ("Published by the Board on the anniversary of his death 3 May 2019", "3 May 2019", "published"),
        ("Child A died on 4 May 2016. Published 5 March 2021, last updated 6 April 2022", "5 March 2021", "published"),
        ("Cyhoeddwyd: 5 Mawrth 2021", "5 Mawrth 2021", "published"),
        ("Dyddiad cyhoeddi: Mawrth 2021", "Mawrth 2021", "published"),
        ("Date added: 05/03/2021", "05/03/2021", "uploaded_on"),
        ("Uploaded 5 March 2021", "5 March 2021", "uploaded_on"),
        ("Ychwanegwyd 5 Mawrth 2021", "5 Mawrth 2021", "uploaded_on"),
        ('By the editor on <time datetime="2021-03-05">5 March 2021</time> in Reviews', "5 March 2021", "date"),
        ('<time datetime="2021-03-05T10:00">3 years ago</time>', "2021-03-05", "date"),
        ('<span class="entry-date">5 March 2021</span> <span>by the editor</span>', "5 March 2021", "date"),
        ("5 March 2021", "5 March 2021", None),
        ("Date: 5 March 2021", "5 March 2021", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "card",
    [
        '<div class="card"><h3>{}</h3><p>{}</p></div>',
        '<article><p>{1}</p><p>{0}</p></article>',
        "<li>{}<br>{}</li>",
        "<dl><dt>{}</dt><dd>{}</dd></dl>",
    ],
)  # fmt: skip
def test_words_of_publication_name_the_date_of_a_card(
    card: str, words: str, date: str, named: str | None
) -> None:
    first = card.format(a("A"), words)
    second = card.format(a("B"), "Summary of the case")
    both = sighted(first + second)
    assert (both["A.pdf"].dates, dict(both["A.pdf"].extra)) == ((date,), {named: date} if named else {})  # fmt: skip
    assert both["B.pdf"].dates == ()


@pytest.mark.parametrize(
    "words",
    [
        "Date of death: 4 May 2018", "Child A died on 4 May 2018", "Died 4 May 2018", "Born 4 May 2018", "DOB 04/05/2018", "(died May 2018)",
        "The review looks at the time between 2015 and 2017", "Period of review: April 2016 to March 2017", "(April 2016 – March 2017)", "Last updated: 4 May 2018",
        "Last reviewed 4 May 2018", "Review due: 4 May 2028", "Next review date 4 May 2028", "Diweddarwyd 4 Mai 2018", "Next meeting - 4 May 2018",
        "The Act came into force on 4 May 2018.", "Prior to September 2019 these were called serious case reviews.", "Working Together, published in July 2018, applies.",
        "To be published in May 2031", "Updated <time datetime='2018-05-04'>4 May 2018</time>", "Republished 4 May 2018", "03/25/2021", "Ref 08/2018", "The board met in May 2018",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "card",
    ['<div class="card"><h3>{}</h3><p>{}</p></div>', "<li>{} {}</li>", "<p>{}</p><p>{}</p>", "<tr><td>{}</td><td>{}</td></tr>"],
)  # fmt: skip
def test_another_date_of_a_card_is_never_the_documents(card: str, words: str) -> None:
    body = card.format(a("A"), words) + card.format(a("B"), "4 May 2021")
    body = f"<table>{body}</table>" if "<tr>" in card else body
    assert dates(body)[0] is None


@pytest.mark.parametrize(
    ("body", "found"),
    [
        # the page's own day
        (f"<p>Page last updated: 3 January 2024</p><ul><li>{a('A')}</li><li>{a('B')}</li></ul>", [None, None]),
        (f"<p>Published: 3 January 2024</p><ul><li>{a('A')}</li><li>{a('B')}</li></ul>", [None, None]),
        (f"<p>{a('A')}</p><p>{a('B')}</p><p>Posted on Thursday 16th May 2024</p>", [None, None]),
        (f"<p>Published 3 January 2024</p><div class=c>{a('A')}<p>5 May 2021</p></div><div class=c>{a('B')}</div>", ["5 May 2021", None]),
        # an introduction
        (f"<p>The law changed on 29 June 2018.</p><p>The framework was published on 3 May 2019.</p><p>{a('A')}</p><p>{a('B')}</p>", [None, None]),
        # the item before, the item after
        (f"<li><p>{a('A')}</p><p>5 March 2021</p></li><li><p>{a('B')}</p></li><li><p>{a('C')}</p><p>6 May 2022</p></li>", ["5 March 2021", None, "6 May 2022"]),
        (f"<div class=c><p>5 March 2021</p>{a('A')}</div><div class=c>{a('B')}</div><div class=c><p>6 May 2022</p>{a('C')}</div>", ["5 March 2021", None, "6 May 2022"]),
        (f"<p>{a('A')}</p><p>5 March 2021</p><p>{a('B')}</p><p>{a('C')}</p><p>6 May 2022</p>", ["5 March 2021", None, "6 May 2022"]),
        (f"<p>Child J was seen in hospital.</p><p>5 March 2021</p><p>{a('A')}</p><p>6 May 2022</p><p>{a('B')}</p><p>{a('C')}</p>", ["5 March 2021", "6 May 2022", "6 May 2022"]),
        # several in one line
        (f"<p>{a('A')} (March 2015), {a('B')} (May 2016), {a('C')}</p>", ["March 2015", "May 2016", None]),
        (f"<p>March 2011: {a('A')}, June 2012: {a('B')}</p>", ["March 2011", "June 2012"]),
        # over a list, under a case's heading
        (f"<p>{a('A')}</p><p>Date of publication: 5 May 2021</p><ul><li>{a('B')}</li><li>{a('C')}</li></ul>", [None, "5 May 2021", "5 May 2021"]),
        ("<h2>Child A</h2><p>Child A died on 4 May 2011.</p><p><a href=/f/1.pdf>Report</a></p><p><a href=/f/2.pdf>Briefing</a></p><p>Published March 2013</p><h2>Child B</h2><p><a href=/f/3.pdf>Report</a></p>", ["March 2013", "March 2013", None]),
        # the review of one child, and the name of another kind
        (f"<p>{a('A', 'overview report March 2019')}</p><p>{a('B', 'died 3 May 2016')}</p>", ["March 2019", None]),
        ("<div><p>Child A serious case review, March 2019</p><p><a href=/f/1.pdf>Download</a></p></div><div><p>Child B died in March 2019</p><p><a href=/f/2.pdf>Download</a></p></div>", ["March 2019", None]),
        (f"<ul><li>Partnership Review Report January 2022 – {a('A', 'report')}</li><li>Child B died in March 2019 – {a('B', 'report')}</li></ul>", ["January 2022", None]),
        ("<h3>Child A</h3><p>The board is today (16/01/2020) publishing the report on the death of a baby.</p><p>The report:</p><p><a href=/f/1.pdf>SCR report</a></p>", ["16/01/2020"]),
        (
            "<p><strong>Review - Child A</strong></p><p>The board is today (16/01/2020) publishing the report.</p><p>It is here:</p><p><a href=/f/1.pdf>Final report</a></p>"
            "<p><strong>Review - Child B</strong></p><p>The board is today (27th November 2019) publishing the report.</p><p>It is here:</p><p><a href=/f/2.pdf>Final report</a></p>",
            ["16/01/2020", "27th November 2019"],
        ),
        # labels on a line of their own
        (f"<article><h2>{a('A')}</h2><dl><dt>Published:</dt><dd>5 March 2021</dd><dt>Last updated:</dt><dd>6 May 2022</dd></dl></article><article><h2>{a('B')}</h2><dl><dt>Date of death</dt><dd>5 March 2016</dd></dl></article>", ["5 March 2021", None]),
        # a card that is one link
        ("<a href=/f/1.pdf><h3>Child A serious case review</h3><p>5 March 2021</p></a><a href=/f/2.pdf><h3>Child B serious case review</h3><p>PDF</p></a>", ["5 March 2021", None]),
        # the panel of an accordion, a table of names and values
        ("<h3>Ash</h3><div class=p><ul><li><a href=/f/1.pdf>Report of the review</a></li><li><a href=/f/2.pdf>Briefing</a></li></ul><p>Published: 3 March 2021</p></div><h3>Birch</h3><div class=p><ul><li><a href=/f/3.pdf>Report of the review</a></li></ul></div>", ["3 March 2021", "3 March 2021", None]),
        (f"<table><tr><th>Date of death</th><td>4 May 2016</td></tr><tr><th>Published</th><td>5 March 2021</td></tr><tr><th>Report</th><td>{a('A')}</td></tr></table>", ["5 March 2021"]),
        (f"<table><tr><th>Date of death</th><td>4 May 2016</td></tr><tr><th>Report</th><td>{a('A')}</td></tr></table>", [None]),
        # day first, always
        (f"<p>{a('A')} 03/04/2021</p><p>{a('B')} – March 25, 2021</p><p>{a('C')} 03/25/2021</p>", ["03/04/2021", "March 25, 2021", None]),
        # a sentence
        (f"<p>In 2019 {a('A')} was published. It looks at the care of children between 2002 and 2011.</p><p>In May 2020 the board published {a('B')}.</p><p>Yn 2021 cyhoeddwyd {a('C')}.</p>", ["2019", "May 2020", "2021"]),
        (f"<p>In 2019 Child A died and {a('A')} was commissioned.</p>", [None]),
    ],
)  # fmt: skip
def test_a_date_is_of_the_item_that_says_it(body: str, found: list[str | None]) -> None:
    assert dates(body) == found


def test_a_heading_that_is_a_date_or_a_year_dates_what_stands_under_it() -> None:
    prose = "This {} took place between April 2014 and February 2015."
    body = (
        f"<h2>August 2015</h2><p>{prose.format(a('A'))}</p><h2>2014</h2><p>{a('B')}</p><h2>Awst 2013</h2><p>{a('C')}</p>"
        f"<h2>Reviews published since September 2019</h2><p>{a('D')}</p><h2>Reviews (April 2016 - March 2017)</h2><p>{a('E')}</p>"
    )  # fmt: skip
    assert dates(body) == ["August 2015", "2014", "Awst 2013", None, None]


@pytest.mark.parametrize(
    ("head", "cells", "found"),
    [
        ("Date of death|Date published|Review due", "3 May 2016|4 June 2018|5 July 2030", ("4 June 2018", "published")),
        ("Date of death|Date published|Review due", "3 May 2016||5 July 2030", None),
        ("Last updated|Year", "3 May 2016|2015", ("2015", "date")),
        ("Dyddiad cyhoeddi|Marwolaeth", "4 Mehefin 2018|3 Mai 2016", ("4 Mehefin 2018", "published")),
        ("Uploaded|Size", "04/06/2018|1.2 MB", ("04/06/2018", "uploaded_on")),
        ("Summary|Date", "Born on 3 May 2016 and died in 2017|June 2018", ("June 2018", "date")),
        ("Period covered|Notes", "March 2017|Child A", None),
        ("", "June 2018|PDF", ("June 2018", "")),
    ],
)  # fmt: skip
def test_the_columns_of_a_table_say_what_a_date_is(
    head: str, cells: str, found: tuple[str, str] | None
) -> None:
    top = "".join(f"<th>{one}</th>" for one in ["Report", *head.split("|")]) if head else ""
    row = "".join(f"<td>{one}</td>" for one in cells.split("|"))
    other = "".join("<td></td>" for _ in cells.split("|"))
    table = f"<table><tr>{top}</tr><tr><td>{a('A')}</td>{row}</tr><tr><td>{a('B')}</td>{other}</tr></table>"  # fmt: skip
    both = sighted(table)
    wanted = () if found is None else (found[0],)
    assert both["A.pdf"].dates == wanted
    assert dict(both["A.pdf"].extra) == ({found[1]: found[0]} if found and found[1] else {})
    assert both["B.pdf"].dates == ()


@pytest.mark.parametrize("code", ["APR 03 2022", "CPR 04/2019", "APR NORTHBY 03-2022", "CPR 08 2020 7 minute briefing", "SUSR 2/2023"])  # fmt: skip
def test_the_number_of_a_welsh_review_is_no_date(code: str) -> None:
    assert dates(f'<ul><li><a href="/f/1.pdf">{code}</a></li><li>{a("B")} {code}</li></ul>') == [None, None]  # fmt: skip


def test_a_page_of_one_review_is_dated_by_its_line_of_publication_only() -> None:
    report = '<p><a href="/f/1.pdf">Overview report</a></p>'
    told = f"<p>Last updated 3 May 2022</p><p>Published: 3 May 2019</p><p>He died on 3 March 2017.</p>{report}"  # fmt: skip
    assert dates(told, "detail", "Child A") == ["3 May 2019"]
    silent = f"<p>Last updated 3 May 2022</p><p>He died on 3 March 2017.</p>{report}"
    assert dates(silent, "detail", "Child A") == [None]


def test_eight_thousand_dated_rows_are_read_in_one_walk() -> None:
    from casereviews.crawler.parsing.html.dom import read_html
    from casereviews.crawler.parsing.links.lines import Lines

    body = "".join(f"<p>{a('A')}</p><p>5 May 2021</p>" for _ in range(8000))
    lines = Lines(read_html(f"<main>{body}</main>"), lambda element: False)
    assert len(lines.all) == 16000
